//! The other schemes, and the hash functions under all of them.

use korewebhook::hash::{Compact, Sha2, Sha256Backend};
use korewebhook::scheme::standard_webhooks::{self, StandardKeyRing};
use korewebhook::scheme::{Scheme as _, bearer};
use korewebhook::{Error, HmacSha256};
use korewebhook_tests::Ring;
use korewebhook_tests::oracle::{hex, unhex};
use korewebhook_tests::vectors::load;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    now: u64,
    #[serde(default)]
    tolerance: u64,
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
    expect: String,
    reason: String,
}

fn check(list: &str, verify: impl Fn(&Case) -> Result<(), Error>) -> (usize, usize) {
    let (mut accepted, mut rejected) = (0, 0);
    for case in load::<Case>(list) {
        match verify(&case) {
            Ok(()) => {
                accepted += 1;
                assert_eq!(case.expect, "accept", "{}: {}", case.name, case.reason);
            }
            Err(error) => {
                rejected += 1;
                assert_eq!(
                    (case.expect.as_str(), case.reason.as_str()),
                    ("reject", error.code()),
                    "{}",
                    case.name
                );
            }
        }
    }
    (accepted, rejected)
}

#[test]
fn bearer_tokens() {
    let counts = check("bearer", |case| {
        let ring = Ring::from_secrets([&case.token])?;
        bearer::verify(case.headers.iter().map(|(n, v)| (n, v)), &ring).map(|index| assert_eq!(index, 0))
    });
    assert_eq!(counts, (3, 16));
}

#[test]
fn bearer_configuration() {
    let headers = [("authorization", "Bearer abc")];
    let verify = |tokens: &[&str]| bearer::verify(headers, &Ring::from_secrets(tokens)?);
    assert_eq!(verify(&[]).map_err(|e| e.code()), Err("secret-empty"));
    assert_eq!(verify(&["a b"]).map_err(|e| e.code()), Err("secret-format"));
    assert_eq!(verify(&["other", "abc"]), Ok(1));
}

#[test]
fn standard_webhooks_cases() {
    let counts = check("standard_webhooks", |case| {
        let mut ring: StandardKeyRing = StandardKeyRing::new();
        ring.push(&case.secret)?;
        let headers = case.headers.iter().map(|(n, v)| (n, v));
        standard_webhooks::verify(headers, &unhex(&case.body), &ring, case.now * 1000, case.tolerance * 1000)
            .map(drop)
    });
    assert_eq!(counts, (4, 24));
}

#[test]
fn standard_webhooks_time() {
    let mut ring: StandardKeyRing = StandardKeyRing::new();
    ring.push("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("the published secret");
    let verify = |now_ms| {
        let headers = [
            ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ];
        standard_webhooks::verify(
            headers,
            br#"{"test": 2432232314}"#,
            &ring,
            now_ms,
            standard_webhooks::TOLERANCE_MS,
        )
        .map(|delivery| delivery.secret_index)
        .map_err(|error| error.code())
    };
    assert_eq!(verify(1_614_265_330_000), Ok(0));
    assert_eq!(verify(1_614_265_630_000), Ok(0));
    assert_eq!(verify(1_614_265_630_001), Err("timestamp-too-old"));
    assert_eq!(verify(1_614_265_030_000), Ok(0));
    assert_eq!(verify(1_614_265_029_999), Err("timestamp-too-new"));
    assert_eq!(verify(0), Err("timestamp-too-new"));
    assert_eq!(verify(u64::MAX), Err("timestamp-too-old"));
}

/// Any one of several signatures is enough, wherever it stands and whichever secret it is of.
#[test]
fn standard_webhooks_lists_of_signatures() {
    let right = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    let wrong = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let mut ring: StandardKeyRing = StandardKeyRing::new();
    ring.push_key(&[1; 32]).expect("a key");
    ring.push("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("the published secret");
    let verify = |list: &[&str]| {
        let list = list.join(" ");
        let id = ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek");
        let headers = [id, ("webhook-timestamp", "1614265330"), ("webhook-signature", list.as_str())];
        let verified =
            standard_webhooks::verify(headers, br#"{"test": 2432232314}"#, &ring, 1_614_265_330_000, 0);
        verified.map(|delivery| delivery.secret_index).map_err(|error| error.code())
    };
    for list in [&[right][..], &[right, wrong], &[wrong, right], &[wrong, right, wrong], &["v2,x", "", right]]
    {
        assert_eq!(verify(list), Ok(1), "{list:?}");
    }
    assert_eq!(verify(&[wrong, wrong]), Err("signature-mismatch"));
}

/// Seconds that overflow as milliseconds are far in the future, not some time near now.
#[test]
fn standard_webhooks_times_saturate() {
    let mut ring: StandardKeyRing = StandardKeyRing::new();
    ring.push_key(&[1; 32]).expect("a key");
    let now_ms = 1_614_265_330_000;
    let wraps_to_now = (u128::from(u64::MAX) + 1 + u128::from(now_ms)).div_ceil(1000);
    for seconds in [wraps_to_now, u128::from(u64::MAX)] {
        let seconds = seconds.to_string();
        let headers =
            [("webhook-id", "a"), ("webhook-timestamp", seconds.as_str()), ("webhook-signature", "v1,x")];
        let verified = standard_webhooks::verify(headers, b"", &ring, now_ms, 300_000);
        assert_eq!(verified.map(drop).map_err(|error| error.code()), Err("timestamp-too-new"), "{seconds}");
    }
}

#[test]
fn standard_webhooks_limits() {
    let key = [7; 64];
    let mut ring: StandardKeyRing<1> = StandardKeyRing::new();
    assert_eq!(ring.push("").map_err(|e| e.code()), Err("secret-empty"));
    assert_eq!(ring.push("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").map_err(|e| e.code()), Err("secret-format"));
    assert_eq!(ring.push_key(&[7; 23]).map_err(|e| e.code()), Err("secret-too-short"));
    assert_eq!(ring.push_key(&[7; 65]).map_err(|e| e.code()), Err("secret-too-long"));
    assert_eq!(ring.push_key(&key), Ok(()));
    assert_eq!(ring.push_key(&key).map_err(|e| e.code()), Err("too-many-secrets"));

    let verify = |signatures: &str| {
        let headers = [("webhook-id", "a"), ("webhook-timestamp", "1"), ("webhook-signature", signatures)];
        standard_webhooks::verify(headers, b"", &ring, 1000, 0).map(drop).map_err(|error| error.code())
    };
    assert_eq!(verify("v1,x ".repeat(16).trim_end()), Err("signature-mismatch"));
    assert_eq!(verify("v1,x ".repeat(17).trim_end()), Err("signature-too-many"));
    assert_eq!(verify(&"x".repeat(8193)), Err("signature-too-many"));
    let sign = |id: &str| {
        let mut out = [0; standard_webhooks::SIGNATURE_LEN];
        standard_webhooks::sign(&ring, id, 1, b"", &mut out).map(str::to_owned).map_err(|error| error.code())
    };
    assert_eq!(sign("a.b"), Err("id-format"));
    assert_eq!(sign(&"a".repeat(257)), Err("id-format"));
    assert_eq!(verify(&sign("a").expect("a signature")), Ok(()));
}

#[test]
fn standard_webhooks_published() {
    #[derive(Deserialize)]
    struct Published {
        secret: String,
        id: String,
        timestamp: u64,
        body: String,
        signature: String,
    }
    let cases: Vec<Published> = load("standard_webhooks_published");
    assert_eq!(cases.len(), 1);
    for case in cases {
        let mut ring: StandardKeyRing = StandardKeyRing::new();
        ring.push(&case.secret).expect("a secret");
        let mut out = [0; standard_webhooks::SIGNATURE_LEN];
        let signed = standard_webhooks::sign(&ring, &case.id, case.timestamp, case.body.as_bytes(), &mut out);
        assert_eq!(signed, Ok(case.signature.as_str()));
    }
}

#[test]
fn sha256_of_nist() {
    #[derive(Deserialize)]
    struct Hash {
        message: String,
        times: usize,
        digest: String,
    }
    let cases: Vec<Hash> = load("nist_sha256");
    assert_eq!(cases.len(), 7);
    for case in cases {
        let message = vec![unhex(&case.message); case.times];
        assert_eq!(hex(&sha256(&Sha2, &message)), case.digest);
        assert_eq!(hex(&sha256(&Compact, &message)), case.digest);
    }
}

/// The backend for firmware is held to the other one: every length up to a few blocks, cut in every place.
#[test]
fn the_compact_sha256_is_the_same() {
    let message: Vec<u8> = (0..200_u32).map(|n| (n * 167 + 13).to_le_bytes()[0]).collect();
    for len in 0..=message.len() {
        let (message, _) = message.split_at(len);
        let expected = sha256(&Sha2, &[message]);
        for cut in 0..=len {
            let (one, two) = message.split_at(cut);
            assert_eq!(sha256(&Compact, &[one, two]), expected, "{len} bytes cut at {cut}");
        }
    }
}

/// Hashes with one state, twice and over a copy, so that a state is idle again afterwards.
fn sha256<B: Sha256Backend, M: AsRef<[u8]>>(backend: &B, pieces: &[M]) -> [u8; 32] {
    let mut state = B::State::default();
    let mut copy = B::State::default();
    let mut digests = [[0; 32]; 3];
    for digest in &mut digests[..2] {
        backend.init(&mut state).expect("no failure");
        for piece in pieces {
            backend.update(&mut state, piece.as_ref()).expect("no failure");
        }
        assert_eq!(backend.try_clone(&state, &mut copy), Ok(true));
        backend.finish(&mut state, digest).expect("no failure");
    }
    backend.finish(&mut copy, &mut digests[2]).expect("no failure");
    assert!(digests.iter().all(|digest| *digest == digests[0]));
    digests[0]
}

#[test]
fn hmac_of_rfc4231() {
    #[derive(Deserialize)]
    struct Mac {
        test: u32,
        key: String,
        data: String,
        tag: String,
    }
    let cases: Vec<Mac> = load("rfc4231");
    assert_eq!(cases.len(), 7);
    for case in cases {
        let mut state = Default::default();
        let mut tag = [0; 32];
        HmacSha256.begin(&mut state, &unhex(&case.key)).expect("no failure");
        HmacSha256.absorb(&mut state, &unhex(&case.data)).expect("no failure");
        HmacSha256.finish(&mut state, &mut tag).expect("no failure");
        assert!(hex(&tag).starts_with(&case.tag), "test {}", case.test);
    }
}
