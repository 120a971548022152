//! A stream's states: what ends it early, what it remembers, what it refuses afterwards.

use korewebhook::{Accepted, Error, Head, Options, Reason, SignedUrl, Storage, Verifier};
use korewebhook_tests::Ring;
use korewebhook_tests::oracle::kore_sha256;

const SECRET: &str = "a35974bdf1c769b8bb";
const URL: &str = "https://hooks.example.com/kore/";

fn stream(
    content_type: &str,
    signature: &str,
    max_body: usize,
    chunks: &[&[u8]],
) -> (Vec<bool>, Result<usize, Reason>) {
    let ring = Ring::from_secrets([SECRET]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    let mut options = Options::DEFAULT;
    options.max_body = max_body;
    let verifier = Verifier::with(korewebhook::KoreSha256::new(), &ring, &url, options).expect("a verifier");
    let mut storage: Storage = Storage::new();
    let head = Head::new("POST", [("kore-signature", signature), ("content-type", content_type)]);
    let mut stream = verifier.start(&head, &mut storage);
    let updates = chunks.iter().map(|chunk| stream.update(chunk).is_ok()).collect();
    let end = stream.finish().map_err(|error| error.reason());
    let len = end.map(|accepted| match accepted {
        Accepted::Delivery(receipt) => receipt.canonical_len,
        Accepted::EndpointOnly(_) => usize::MAX,
    });
    (updates, len)
}

#[test]
fn the_earliest_ranked_error_wins_however_late_it_shows() {
    let zero = "0".repeat(64);
    // Malformed at once, a NUL only at the end.
    let (updates, end) = stream("application/json", &zero, 100, &[b"}", b"{}", b"\0"]);
    assert_eq!((updates, end), (vec![true; 3], Err(Reason::NulInBody)));
    // A signature that can't be right outranks the NUL, the bound outranks both.
    assert_eq!(stream("application/json", "short", 100, &[b"\0"]).1, Err(Reason::SignatureFormat));
    assert_eq!(stream("application/json", "short", 3, &[b"\0", b"{}", b"x"]).1, Err(Reason::BodyTooLarge));
    assert_eq!(stream("text/plain", &zero, 100, &[]).1, Err(Reason::EmptyBody));
    assert_eq!(stream("text/plain", &zero, 100, &[b"a=1"]).1, Err(Reason::ContentType));
    assert_eq!(
        stream("application/x-www-form-urlencoded", &zero, 100, &[b"[a/b\x01"]).1,
        Err(Reason::ContentTypeConfusion)
    );
    assert_eq!(
        stream("application/x-www-form-urlencoded", &zero, 100, &[b"a/b\x01"]).1,
        Err(Reason::SignatureMismatch)
    );
}

#[test]
fn only_the_bound_ends_a_stream_early() {
    let signature = kore_sha256(SECRET.as_bytes(), "POST", URL, b"a=1234");
    let form = "application/x-www-form-urlencoded";
    assert_eq!(stream(form, &signature, 6, &[b"a=1", b"", b"234"]), (vec![true; 3], Ok(6)));
    let (updates, end) = stream(form, &signature, 5, &[b"a=1", b"234", b""]);
    assert_eq!((updates, end), (vec![true, false, false], Err(Reason::BodyTooLarge)));
    let (updates, end) = stream(form, "", 5, &[b"{", b"\0", b"}"]);
    assert_eq!((updates, end), (vec![true; 3], Err(Reason::SignatureEmpty)));
}

#[test]
fn a_stream_can_be_resumed_until_it_is_finished() {
    let ring = Ring::from_secrets([SECRET]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    let verifier = Verifier::new(&ring, &url).expect("a verifier");
    let signature = kore_sha256(SECRET.as_bytes(), "POST", URL, b"[]");
    let head =
        Head::new("POST", [("kore-signature", signature.as_str()), ("content-type", "application/json")]);
    let mut storage: Storage = Storage::new();
    let finished = || Err(Error::from(Reason::Finished));
    assert_eq!(verifier.resume(&mut storage).map(drop), finished());
    for _ in 0..2 {
        verifier.start(&head, &mut storage).update(b" [").expect("within the bound");
        let mut stream = verifier.resume(&mut storage).expect("it is under way");
        stream.update(b"] ").expect("within the bound");
        assert!(matches!(stream.finish(), Ok(Accepted::Delivery(receipt)) if receipt.canonical_len == 2));
        assert_eq!(verifier.resume(&mut storage).map(drop), finished());
    }
}

#[test]
fn the_head_can_be_judged_before_the_body_is_there() {
    let ring = Ring::from_secrets([SECRET]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    let verifier = Verifier::new(&ring, &url).expect("a verifier");
    let zero = "0".repeat(64);
    let check = |method: &str, headers: &[(&str, &str)]| {
        verifier.check_head(&Head::new(method, headers.iter().copied())).map_err(|error| error.code())
    };
    let (signature, json) = (("kore-signature", zero.as_str()), ("content-type", "application/json"));
    assert_eq!(check("POST", &[signature, json]), Ok(()));
    assert_eq!(check("PUT", &[signature, json]), Err("method-unsupported"));
    assert_eq!(check("GET", &[signature]), Err("get-disabled"));
    assert_eq!(check("POST", &[json]), Err("signature-missing"));
    assert_eq!(check("POST", &[signature]), Err("content-type"));
    assert_eq!(check("POST", &[signature, json, ("content-encoding", "gzip")]), Err("content-encoding"));
}
