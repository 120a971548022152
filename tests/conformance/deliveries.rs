//! Whole requests: the three ways in have one verdict, and it is the one of the vectors.

use korewebhook::{
    Accepted, Endpoint, Error, Head, HmacSha256, KoreSha256, Options, Reason, Request, Scheme, SchemeName,
    SignedUrl, Storage, Verdict, Verifier,
};
use korewebhook_tests::Ring;
use korewebhook_tests::once::{general, lines, of_head, of_lines};
use korewebhook_tests::oracle::{hmac_sha256, kore_sha256, strip_json, unhex};
use korewebhook_tests::vectors::{Case, load};
use serde::Deserialize;

/// Cases whose secret only the raw constructor takes, with the reason that the usual one gives.
const RAW_SECRETS: &[(&str, &str)] = &[("hmac_key_zero_padded_equivalent", "secret-nul")];

/// What a way in says: the secret's index and the canonical body, or the error.
type Said = Result<(usize, Option<Vec<u8>>), Error>;

fn run<S: Scheme + Default>(scheme: S, case: &Case) -> Said {
    let ring = ring(case)?;
    let url = SignedUrl::new(case.url.as_str())?;
    let mut options = Options::DEFAULT;
    options.allow_get = case.options.allow_get;
    options.max_body = case.options.max_body.unwrap_or(options.max_body);
    options.max_depth = case.options.max_depth.unwrap_or(options.max_depth);
    let verifier = Verifier::with(scheme, &ring, &url, options)?;
    let head = Head::new(&case.method, case.headers());
    let body = unhex(&case.body);

    let borrowed = verifier.judge(&head, &body).map(|verdict| match verdict {
        Verdict::EndpointOnly(endpoint) => (endpoint.secret_index, None),
        Verdict::Delivery(delivery) => {
            let mut out = vec![0; body.len()];
            let canonical = delivery.write_body(&mut out).expect("it fits").to_vec();
            (delivery.secret_index(), Some(canonical))
        }
    });

    let mut in_place = body.clone();
    match verifier.verify_in_place(&head, &mut in_place) {
        Ok(delivery) => assert_eq!(
            Ok((delivery.secret_index(), delivery.body().map(<[u8]>::to_vec))),
            borrowed,
            "{}",
            case.name
        ),
        Err(error) => {
            if !case.options.allow_get {
                assert_eq!(Err(error), borrowed, "{}", case.name);
            }
            assert_eq!(in_place, body, "{}: a refused buffer is unchanged", case.name);
        }
    }

    // The path for firmware, of the head and of field lines, where it can stand in them.
    let expected = borrowed.clone().map_err(|error| error.number());
    assert_eq!(of_head(&verifier, &head, &body), expected, "{}: once", case.name);
    let field_lines = lines(case.headers().map(|(name, value)| (name.as_bytes(), value.as_bytes())));
    let parsed = Head::from_field_lines(case.method.as_bytes(), &field_lines);
    let request = Request { method: case.method.as_bytes(), field_lines: &field_lines, body: &body };
    assert_eq!(of_lines(&verifier, &request), general(&verifier, parsed, &body), "{}: of lines", case.name);

    for size in [1, 7, 64, usize::MAX] {
        let mut storage: Storage<S> = Storage::new();
        let mut stream = verifier.start(&head, &mut storage);
        let mut canonical = Vec::new();
        for chunk in body.chunks(size) {
            if stream.update_with(chunk, |run| canonical.extend_from_slice(run)).is_err() {
                break;
            }
        }
        let streamed = stream.finish().map(|accepted| match accepted {
            Accepted::EndpointOnly(endpoint) => (endpoint.secret_index, None),
            Accepted::Delivery(receipt) => (receipt.secret_index, Some(canonical)),
        });
        assert_eq!(streamed, borrowed, "{}: in pieces of {size}", case.name);
    }
    borrowed
}

/// The same verdict from an endpoint, whose scheme is chosen at run time.
fn endpoint(scheme: SchemeName, case: &Case) -> Result<usize, Error> {
    let mut options = Options::DEFAULT;
    options.allow_get = case.options.allow_get;
    options.max_body = case.options.max_body.unwrap_or(options.max_body);
    options.max_depth = case.options.max_depth.unwrap_or(options.max_depth);
    let endpoint = Endpoint::new(scheme, Box::new(ring(case)?), SignedUrl::new(case.url.as_str())?, options)?;
    let head = Head::new(&case.method, case.headers());
    match endpoint.judge(&head, &unhex(&case.body))? {
        Verdict::EndpointOnly(verdict) => Ok(verdict.secret_index),
        Verdict::Delivery(delivery) => {
            let mut in_place = unhex(&case.body);
            let again = endpoint.verify_in_place(&head, &mut in_place)?;
            assert_eq!(again.receipt(), delivery.receipt(), "{}", case.name);
            if case.secrets().len() == 1 {
                let signature = endpoint.sign(delivery.format(), &unhex(&case.body))?.to_string();
                assert!(case.headers().any(|(_, value)| value == signature), "{}", case.name);
            }
            Ok(delivery.secret_index())
        }
    }
}

fn ring(case: &Case) -> Result<Ring, Error> {
    let mut ring = Ring::new();
    for secret in case.secrets() {
        match RAW_SECRETS.iter().find(|(name, _)| *name == case.name) {
            None => ring.push(&secret)?,
            Some((_, reason)) => {
                assert_eq!(ring.push(&secret).map_err(|e| e.code()), Err(*reason), "{}", case.name);
                ring.push_raw(&secret)?;
            }
        }
    }
    Ok(ring)
}

fn check<S: Scheme + Default>(
    scheme: S,
    cases: &[Case],
    sign: fn(&[u8], &str, &str, &[u8]) -> String,
) -> (usize, usize) {
    let (mut accepted, mut rejected) = (0, 0);
    for case in cases {
        let said = run(scheme, case);
        let name = SchemeName::from_name(S::NAME).expect("a known scheme");
        let index = said.as_ref().map(|(index, _)| *index).map_err(|error| *error);
        assert_eq!(endpoint(name, case), index, "{}", case.name);
        match (case.expect.as_str(), said) {
            ("accept", Ok((index, canonical))) => {
                accepted += 1;
                let body = unhex(&case.body);
                let json = case.headers().any(|(n, v)| {
                    n.eq_ignore_ascii_case("content-type") && v.to_lowercase().contains("json")
                });
                let signed = if json { strip_json(&body) } else { body };
                assert_eq!(canonical.unwrap_or_default(), signed, "{}", case.name);
                let (_, signature) =
                    case.headers().find(|(n, _)| n.eq_ignore_ascii_case("kore-signature")).expect("signed");
                let by = |secret: &Vec<u8>| sign(secret, &case.method, &case.url, &signed) == signature;
                assert_eq!(
                    case.secrets().iter().position(by),
                    Some(index),
                    "{}: the secret that matched",
                    case.name
                );
            }
            ("reject", Err(error)) => {
                rejected += 1;
                assert_eq!(error.code(), case.reason, "{}", case.name);
            }
            (expected, said) => panic!("{}: expected {expected} ({}), got {said:?}", case.name, case.reason),
        }
    }
    (accepted, rejected)
}

#[test]
fn cases() {
    assert_eq!(check(KoreSha256::new(), &load("cases"), kore_sha256), (70, 235));
}

#[test]
fn opt_in() {
    assert_eq!(check(KoreSha256::new(), &load("opt_in"), kore_sha256), (3, 3));
}

#[test]
fn rotation() {
    assert_eq!(check(KoreSha256::new(), &load("rotation"), kore_sha256), (2, 4));
}

#[test]
fn hmac() {
    assert_eq!(check(HmacSha256, &load("hmac"), hmac_sha256), (5, 4));
}

#[test]
fn hmac_is_not_what_kore_sends() {
    let signed_by_kore: Vec<Case> =
        load::<Case>("cases").into_iter().filter(|case| case.expect == "accept").collect();
    assert_eq!(signed_by_kore.len(), 70);
    for case in signed_by_kore {
        assert_eq!(
            run(HmacSha256, &case).map_err(|e| e.reason()),
            Err(Reason::SignatureMismatch),
            "{}",
            case.name
        );
    }
}

#[test]
fn a_body_that_was_not_read_is_too_large_unless_the_method_is_wrong() {
    let url = SignedUrl::new("https://hooks.example.com/kore/").expect("a URL");
    let ring = Box::new(Ring::from_secrets(["secret"]).expect("a secret"));
    let endpoint = Endpoint::new(SchemeName::default(), ring, url, Options::DEFAULT).expect("an endpoint");
    let refuse = |method: &str| endpoint.refuse_unread(&Head::new(method, [] as [(&str, &str); 0])).code();
    assert_eq!(["POST", "GET", "PUT"].map(refuse), ["body-too-large", "get-disabled", "method-unsupported"]);
}

#[test]
fn long_secrets_need_a_larger_ring() {
    let case = load::<Case>("cases")
        .into_iter()
        .find(|case| case.name == "secret_1000_bytes")
        .expect("the case is there");
    let mut ring: korewebhook::KeyRing = korewebhook::KeyRing::new();
    for secret in case.secrets() {
        assert_eq!(ring.push(&secret).map_err(|e| e.code()), Err("secret-too-long"));
    }
    assert!(ring.is_empty(), "a refused secret leaves nothing behind");
}

#[test]
fn published_by_kore() {
    #[derive(Deserialize)]
    struct Published {
        secret: String,
        method: String,
        url: String,
        content_type: String,
        body: String,
        signature: String,
    }
    let cases: Vec<Published> = load("kore_published");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let ring = Ring::from_secrets([&case.secret]).expect("a secret");
        let url = SignedUrl::new(&case.url).expect("a URL");
        let headers =
            [("Kore-Signature", case.signature.as_str()), ("Content-Type", case.content_type.as_str())];
        let verifier = Verifier::new(&ring, &url).expect("a verifier");
        verifier
            .verify(&Head::new(&case.method, headers), case.body.as_bytes())
            .expect("KORE's own example verifies");

        let signer = korewebhook::Signer::new(ring.get(0).expect("a secret"), &url);
        let format =
            korewebhook::Format::from_content_type(case.content_type.as_bytes()).expect("a known format");
        let signature = signer.sign(format, case.body.as_bytes()).expect("a signature");
        assert_eq!(signature.to_string(), case.signature, "signing gives KORE's own signature");
    }
}
