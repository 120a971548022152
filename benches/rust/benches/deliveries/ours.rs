//! What this project offers: whole public calls, from header fields to a delivery.

use crate::{Column, each};
use korewebhook::{Head, KeyRing, Prefix, SignedUrl, Storage, Verifier};
use korewebhook_benches::{URL, Workload};
use std::hint::black_box;

/// What is measured in pieces, and the pieces: a small packet, a TCP segment, a read.
const PIECES: [(&str, usize); 3] =
    [("korewebhook, 64 B", 64), ("korewebhook, 1,460 B", 1460), ("korewebhook, 16 KiB", 16 << 10)];

pub fn columns(workload: &Workload) -> Vec<Column<'_>> {
    let secrets = || -> KeyRing { KeyRing::from_secrets(&workload.secrets).expect("secrets") };
    let url = || SignedUrl::new(URL).expect("a URL");
    let mut columns: Vec<Column<'_>> = vec![];

    let (ring, signed) = (secrets(), url());
    columns.push((
        "korewebhook",
        Box::new(move |bencher| {
            let verifier = Verifier::new(&ring, &signed).expect("a verifier");
            each(bencher, workload, |delivery| {
                let head = Head::new("POST", delivery.headers(&workload.content_type));
                let verdict = black_box(verifier.verify(&head, black_box(&delivery.body)));
                assert_eq!(verdict.is_ok(), delivery.accepted);
            });
        }),
    ));

    let (ring, signed) = (secrets(), url());
    columns.push((
        "korewebhook, prepared",
        Box::new(move |bencher| {
            let verifier = Verifier::new(&ring, &signed).expect("a verifier");
            let mut prefix: Prefix = Prefix::new();
            let verifier = verifier.prepare(&mut prefix).expect("a prefix");
            each(bencher, workload, |delivery| {
                let head = Head::new("POST", delivery.headers(&workload.content_type));
                let verdict = black_box(verifier.verify(&head, black_box(&delivery.body)));
                assert_eq!(verdict.is_ok(), delivery.accepted);
            });
        }),
    ));

    let (ring, signed) = (secrets(), url());
    let mut buffer: Vec<u8> = vec![];
    columns.push((
        "korewebhook, copied and in place",
        Box::new(move |bencher| {
            let verifier = Verifier::new(&ring, &signed).expect("a verifier");
            each(bencher, workload, |delivery| {
                buffer.clear();
                buffer.extend_from_slice(black_box(&delivery.body));
                let head = Head::new("POST", delivery.headers(&workload.content_type));
                let verdict = black_box(verifier.verify_in_place(&head, &mut buffer));
                assert_eq!(verdict.is_ok(), delivery.accepted);
            });
        }),
    ));

    for (name, size) in PIECES {
        if !matches!(workload.name.as_str(), "form" | "100k-pretty" | "1m-pretty" | "1m-minified") {
            continue;
        }
        let (ring, signed) = (secrets(), url());
        columns.push((
            name,
            Box::new(move |bencher| {
                let verifier = Verifier::new(&ring, &signed).expect("a verifier");
                each(bencher, workload, |delivery| {
                    let head = Head::new("POST", delivery.headers(&workload.content_type));
                    let mut storage: Storage = Storage::new();
                    let mut stream = verifier.start(&head, &mut storage);
                    for piece in black_box(&delivery.body).chunks(size) {
                        stream.update(piece).expect("within the bound");
                    }
                    assert_eq!(black_box(stream.finish()).is_ok(), delivery.accepted);
                });
            }),
        ));
    }
    columns
}
