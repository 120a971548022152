use crate::{URL, published, with_secret};
use korewebhook_tests::oracle::{hmac_sha256, kore_sha256};

#[test]
fn signs_what_kore_signs() {
    for (secret, head, body) in published() {
        let signature = head.split("Kore-Signature: ").nth(1).expect("signed").trim_end().to_owned();
        let said = with_secret(&secret, &["sign", "--url", URL], body.as_bytes());
        assert_eq!(said, (format!("{signature}\n"), String::new(), Some(0)));
    }
}

#[test]
fn the_first_secret_signs() {
    let signature = kore_sha256(b"first", "POST", URL, b"a=1");
    assert_eq!(with_secret("first,second", &["sign", "--url", URL], b"a=1").0, format!("{signature}\n"));
}

#[test]
fn signs_with_hmac_for_senders_of_one_s_own() {
    let signature = hmac_sha256(b"secret", "POST", URL, b"{\"a\":1}");
    let (out, _, code) =
        with_secret("secret", &["sign", "--scheme", "hmac-sha256", "--url", URL], b"{ \"a\": 1 }");
    assert_eq!((out, code), (format!("{signature}\n"), Some(0)));
}

#[test]
fn prints_the_headers_that_kore_sends() {
    let args = ["sign", "--url", URL, "--headers", "--token", "RQ1", "--date", "2024-07-03T14:40:58Z"];
    let signature = kore_sha256(b"secret", "POST", URL, b"a=1");
    let expected = format!(
        "content-type: application/x-www-form-urlencoded; charset=utf-8\ndate: 2024-07-03T14:40:58Z\n\
         kore-idempotency-token: RQ1\nkore-signature: {signature}\nuser-agent: KoreProxy/1.1\n"
    );
    assert_eq!(with_secret("secret", &args, b"a=1"), (expected, String::new(), Some(0)));
}

#[test]
fn as_json() {
    let (out, _, code) = with_secret("secret", &["sign", "--url", URL, "--json", "--headers"], b"a=1");
    let object: serde_json::Value = serde_json::from_str(&out).expect("one object");
    let text = |name: &str| object.pointer(name).and_then(|value| value.as_str()).unwrap_or_default();
    let signature = kore_sha256(b"secret", "POST", URL, b"a=1");
    assert_eq!((text("/signature"), text("/scheme"), code), (signature.as_str(), "kore-sha256", Some(0)));
    assert_eq!((text("/method"), text("/url")), ("POST", URL));
    assert_eq!(text("/headers/kore-signature"), signature);
    let token = text("/headers/kore-idempotency-token");
    assert!(token.len() == 34 && token.starts_with("RQ"), "{token}");
}

#[test]
fn a_get_has_a_signature_of_its_own() {
    let signature = kore_sha256(b"secret", "GET", URL, b"");
    let (out, _, code) = with_secret("secret", &["sign", "--url", URL, "--method", "GET"], b"");
    assert_eq!((out, code), (format!("{signature}\n"), Some(0)));
}

#[test]
fn what_would_not_verify_is_not_signed() {
    for (body, reason) in [
        (&b""[..], "empty-body"),
        (b"{\"a\":1 2}", "json-malformed"),
        (b"a=\0", "nul-in-body"),
        (b"a/b=1", "form-first-key"),
    ] {
        let (out, err, code) = with_secret("secret", &["sign", "--url", URL], body);
        assert_eq!((out.as_str(), code), ("", Some(1)));
        assert!(err.starts_with(&format!("refused: {reason}: ")), "{err}");
    }
}
