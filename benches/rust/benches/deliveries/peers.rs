//! What it is compared with: code written by hand, other libraries on the same bodies, the hash alone.

use crate::{Column, each};
use http::HeaderMap;
use korewebhook_benches::{Workload, form_by_hand, json_by_hand};
use sha2::{Digest, Sha256};
use std::hint::black_box;
use std::time::{SystemTime, UNIX_EPOCH};

/// A secret as the peers take them, in Base64.
const PEER_SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";

pub fn columns(workload: &Workload) -> Vec<Column<'_>> {
    let mut columns: Vec<Column<'_>> = vec![];
    let worst = workload.name.starts_with("worst");
    let by_hand = if workload.is_json() { json_by_hand } else { form_by_hand };
    columns.push((
        "by hand: serde_json + sha2",
        Box::new(move |bencher| {
            each(bencher, workload, |delivery| {
                let equal = by_hand(&workload.secrets, &delivery.signature, black_box(&delivery.body));
                // What is written by hand refuses some genuine bodies: it doesn't keep escapes as they came.
                assert!(black_box(equal) == delivery.accepted || worst);
            });
        }),
    ));
    columns.push(("hash alone: sha2", hash(workload, |bytes| Sha256::digest(bytes).into())));
    if worst || workload.secrets.len() > 1 {
        return columns;
    }
    columns.push(("hash alone: openssl", hash(workload, openssl::sha::sha256)));
    columns.push((
        "hash alone: ring",
        hash(workload, |bytes| {
            ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().try_into().expect("32 bytes")
        }),
    ));
    columns.push((
        "hash alone: aws-lc-rs",
        hash(workload, |bytes| {
            aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes)
                .as_ref()
                .try_into()
                .expect("32 bytes")
        }),
    ));

    let standard = standardwebhooks::Webhook::new(PEER_SECRET).expect("a secret");
    columns.push((
        "standardwebhooks",
        peer(workload, move |time, body| standard.sign(ID, time, body).expect("a signature"), {
            let standard = standardwebhooks::Webhook::new(PEER_SECRET).expect("a secret");
            move |body, headers| standard.verify(body, headers).is_ok()
        }),
    ));
    let svix = svix::webhooks::Webhook::new(PEER_SECRET).expect("a secret");
    columns.push((
        "svix",
        peer(workload, move |time, body| svix.sign(ID, time, body).expect("a signature"), {
            let svix = svix::webhooks::Webhook::new(PEER_SECRET).expect("a secret");
            move |body, headers| svix.verify(body, headers).is_ok()
        }),
    ));
    columns
}

/// The hash over as many bytes as are signed.
fn hash<'w>(
    workload: &'w Workload,
    hash: impl Fn(&[u8]) -> [u8; 32] + 'w,
) -> Box<dyn FnMut(&mut criterion::Bencher<'_>) + 'w> {
    let longest = workload.deliveries.iter().map(|delivery| delivery.signed_len).max().unwrap_or(0);
    let bytes: Vec<u8> = workload.deliveries[0].body.iter().copied().cycle().take(longest).collect();
    Box::new(move |bencher| {
        each(bencher, workload, |delivery| {
            black_box(hash(black_box(&bytes[..delivery.signed_len])));
        });
    })
}

fn peer<'w>(
    workload: &'w Workload,
    sign: impl Fn(i64, &[u8]) -> String + 'w,
    verify: impl Fn(&[u8], &HeaderMap) -> bool + 'w,
) -> Box<dyn FnMut(&mut criterion::Bencher<'_>) + 'w> {
    Box::new(move |bencher| {
        // Within the peers' five minutes.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64;
        let requests: Vec<(&[u8], HeaderMap)> = workload
            .deliveries
            .iter()
            .map(|delivery| {
                let mut headers = HeaderMap::new();
                for (name, value) in delivery.headers(&workload.content_type) {
                    let name: http::HeaderName = name.parse().expect("a name");
                    headers.insert(name, value.parse().expect("a value"));
                }
                headers.insert("webhook-id", ID.parse().expect("a value"));
                headers.insert("webhook-timestamp", now.into());
                headers.insert("webhook-signature", sign(now, &delivery.body).parse().expect("a value"));
                (&delivery.body[..], headers)
            })
            .collect();
        let mut turn = requests.iter().cycle();
        bencher.iter(|| {
            let (body, headers) = turn.next().expect("a request");
            assert!(black_box(verify(black_box(body), headers)));
        });
    })
}
