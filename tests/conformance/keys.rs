//! Delivery, event and item keys against values from their formulas.

use korewebhook::replay::ReplayKey;
use korewebhook::{Accepted, Delivery, Head, Receipt, SignedUrl, Storage, Token, Verifier};
use korewebhook_tests::Ring;
use korewebhook_tests::oracle::{hex, kore_sha256, strip_json};
use korewebhook_tests::vectors::load;
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    format: String,
    body: String,
    delivery: String,
    replay: Vec<Remembered>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Remembered {
    key: String,
    content: Option<String>,
    time_ms: Option<u64>,
}

/// FIPS 180-4's example, and the tag of a key without id under that token.
const SHA256_OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn remember(keys: &[ReplayKey]) -> Vec<Remembered> {
    let remember = |key: &ReplayKey| Remembered {
        key: key.key().to_string(),
        content: key.has_id().then(|| hex(&key.tag(None, &[0; 16]))),
        time_ms: key.time_ms(),
    };
    keys.iter().map(remember).collect()
}

#[test]
fn keys() {
    const URL: &str = "https://hooks.example.com/kore/";
    let ring = Ring::from_secrets(["first-secret-0123", "second-secret-012"]).expect("secrets");
    let url = SignedUrl::new(URL).expect("a URL");
    let verifier = Verifier::new(&ring, &url).expect("a verifier");
    let cases: Vec<Case> = load("keys");
    assert_eq!(cases.len(), 5);
    for case in cases {
        let (content_type, canonical) = match case.format.as_str() {
            "json" => ("application/json", strip_json(case.body.as_bytes())),
            _ => ("application/x-www-form-urlencoded", case.body.clone().into_bytes()),
        };
        for secret in [b"first-secret-0123", b"second-secret-012"] {
            let signature = kore_sha256(secret, "POST", URL, &canonical);
            let head =
                Head::new("POST", [("kore-signature", signature.as_str()), ("content-type", content_type)]);
            let delivery = verifier.verify(&head, case.body.as_bytes()).expect(&case.name);
            assert_eq!(
                verifier.keys().delivery(&delivery).map(|k| k.to_string()),
                Ok(case.delivery.clone()),
                "{}",
                case.name
            );

            let mut storage: Storage = Storage::new();
            let mut stream = verifier.start_with_key(&head, &mut storage);
            case.body.as_bytes().chunks(5).for_each(|chunk| stream.update(chunk).expect(&case.name));
            let Ok(Accepted::Delivery(receipt)) = stream.finish() else { panic!("{}", case.name) };
            assert_eq!(
                receipt.key.map(|k| k.to_string()),
                Some(case.delivery.clone()),
                "{}: streamed",
                case.name
            );

            let mut places = [ReplayKey::EMPTY; 8];
            let keys = verifier.keys().replay(&delivery, &mut places).expect(&case.name);
            assert_eq!(remember(keys), case.replay, "{}", case.name);

            // The same from what a wrapper keeps: numbers and bytes.
            let kept =
                Receipt::new(delivery.format(), delivery.secret_index(), case.body.len(), canonical.len());
            assert_eq!(&kept, delivery.receipt(), "{}", case.name);
            let again = Delivery::from_receipt(&kept, &canonical).expect(&case.name);
            let mut places = [ReplayKey::EMPTY; 8];
            let keys = verifier.keys().replay(&again, &mut places).expect(&case.name);
            let parts = |key: &ReplayKey| {
                let content = key.has_id().then(|| key.tag(None, &[0; 16]));
                ReplayKey::from_parts(key.key(), content, key.time_ms())
            };
            let keys: Vec<_> = keys.iter().map(parts).collect();
            assert_eq!(remember(&keys), case.replay, "{}: from its parts", case.name);
            for key in keys.iter().filter(|key| !key.has_id()) {
                assert_eq!(hex(&key.tag(Token::new(b"abc"), &[0; 16])), SHA256_OF_ABC, "{}", case.name);
            }
            let too_few =
                verifier.keys().replay(&delivery, places.get_mut(..case.replay.len() - 1).expect("places"));
            assert_eq!(too_few.map(|_| ()).map_err(|e| e.code()), Err("buffer-too-small"), "{}", case.name);
        }
    }
}
