use crate::{URL, published, with_secret};
use korewebhook_tests::oracle::{kore_sha256, unhex};
use korewebhook_tests::vectors::{Case, load};

#[test]
fn a_captured_request() {
    for (secret, head, body) in published() {
        for request in [format!("{head}\r\n{body}"), format!("{head}\r\n{body}").replace("\r\n", "\n")] {
            let (out, err, code) = with_secret(&secret, &["verify", "--url", URL], request.as_bytes());
            assert_eq!(code, Some(0), "{err}");
            assert!(out.starts_with("verified: secret 0, key "), "{out}");
            assert!(err.contains("warning: url-bare-host") && !err.contains("content-length"), "{err}");
        }
    }
}

#[test]
fn as_json() {
    let (secret, head, body) = published().pop().expect("a request");
    let request = format!("{head}\r\n{body}");
    let args = ["verify", "--url", URL, "--json"];
    let parse = |out: &str| serde_json::from_str::<serde_json::Value>(out).expect("one object");
    let (out, _, code) = with_secret(&format!("other-secret-0123,{secret}"), &args, request.as_bytes());
    let signed = body.replace(' ', "");
    let part = |bytes: &[u8]| [&(bytes.len() as u64).to_be_bytes()[..], bytes].concat();
    let key =
        [&b"korewebhook/replay/1"[..], &part(b"POST"), &part(URL.as_bytes()), signed.as_bytes()].concat();
    let key = kore_sha256(&key, "", "", b"");
    let expected =
        serde_json::json!({"verdict": "verified", "code": null, "number": 0, "secret_index": 1, "key": key});
    assert_eq!((parse(&out), code), (expected, Some(0)));

    let (out, err, code) = with_secret("other-secret-0123", &args, request.as_bytes());
    let expected = serde_json::json!(
        {"verdict": "refused", "code": "signature-mismatch", "number": 71, "secret_index": null, "key": null}
    );
    assert_eq!((parse(&out), code), (expected, Some(1)));
    assert!(err.contains("refused: signature-mismatch: "), "{err}");
    assert_eq!(out.lines().count(), 1);
}

/// Every vector that an argument list can carry: the reason and the exit code.
#[test]
fn the_vectors_in_parts() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut accepted, mut refused, mut usage) = (0, 0, 0);
    for case in load::<Case>("cases") {
        let Ok(secret) = String::from_utf8(case.secrets().concat()) else { continue };
        let carried = |text: &str| !text.contains('\0') && text.trim_matches([' ', '\t']) == text;
        let name = |name: &str| !name.is_empty() && !name.contains([':', '\0']);
        if !case.headers().all(|(n, v)| name(n) && carried(v))
            || case.url.contains('\0')
            || case.body.len() > 40_000
        {
            continue;
        }
        let body = folder.path().join("body");
        std::fs::write(&body, unhex(&case.body)).expect("a file");
        let headers: Vec<_> = case.headers().map(|(name, value)| format!("{name}: {value}")).collect();
        let path = body.to_str().expect("text");
        let mut args = vec!["verify", "--body", path, "--method", &case.method, "--url", &case.url];
        args.extend(headers.iter().flat_map(|header| ["--header", header]));
        let (out, err, code) = with_secret(&secret, &args, b"");
        match (case.expect.as_str(), case.reason.as_str()) {
            ("accept", _) => {
                accepted += 1;
                assert_eq!(code, Some(0), "{}: {err}", case.name);
                assert!(out.starts_with("verified: "), "{}", case.name);
            }
            (_, reason @ ("secret-empty" | "url-invalid")) => {
                usage += 1;
                assert_eq!(code, Some(2), "{}", case.name);
                assert!(err.contains(&format!("korewebhook: {reason}: ")), "{}: {err}", case.name);
            }
            (_, reason) => {
                refused += 1;
                assert_eq!(code, Some(1), "{}: {err}", case.name);
                assert!(err.contains(&format!("refused: {reason}: ")), "{}: {err}", case.name);
                assert!(out.is_empty(), "{}", case.name);
            }
        }
    }
    assert_eq!((accepted, refused, usage), (68, 211, 18));
}

#[test]
fn chunked_requests() {
    let signature = kore_sha256(b"secret", "POST", URL, b"{\"a\":1}");
    let head = format!(
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\nKore-Signature: {signature}\r\n\r\n"
    );
    let verify =
        |body: &str| with_secret("secret", &["verify", "--url", URL], format!("{head}{body}").as_bytes());
    assert_eq!(verify("3\r\n{\"a\r\n6;x=y\r\n\": 1 }\r\n0\r\nTrailer: x\r\n\r\n").2, Some(0));
    for broken in
        ["3\r\n{\"a", "x\r\n", "3\r\n{\"a\r\n6\r\n\": 1 }\r\n", "-1\r\n\r\n", "fffffffffffffffff\r\n"]
    {
        let (_, err, code) = verify(broken);
        assert_eq!(code, Some(1));
        assert!(err.contains("refused: content-encoding: "), "{err}");
    }
}

/// The sample delivery of KORE's documentation says 161 bytes where its body has 145.
#[test]
fn a_wrong_content_length_is_a_warning() {
    let signature = kore_sha256(b"secret", "POST", URL, b"a=1");
    let request = format!(
        "POST / HTTP/1.1\nContent-Length: 161\nContent-Type: application/x-www-form-urlencoded\nKore-Signature: {signature}\n\na=1"
    );
    let (_, err, code) = with_secret("secret", &["verify", "--url", URL], request.as_bytes());
    assert_eq!(code, Some(0));
    assert!(err.contains("warning: content-length says 161 bytes, the body has 3"), "{err}");
}

#[test]
fn options() {
    let signature = |method: &str, body: &str| kore_sha256(b"secret", method, URL, body.as_bytes());
    let verify = |head: &str, more: &[&str], signature: String, body: &str| {
        let request = format!("{head}Kore-Signature: {signature}\r\n\r\n{body}");
        let (out, err, code) =
            with_secret("secret", &[&["verify", "--url", URL], more].concat(), request.as_bytes());
        let refused = err.split("refused: ").nth(1).and_then(|rest| rest.split(':').next());
        (
            out.split(':').next().unwrap_or_default().trim_end().to_owned(),
            refused.unwrap_or_default().to_owned(),
            code,
        )
    };
    let verified = ("verified".to_owned(), String::new(), Some(0));
    let refused = |reason: &str| (String::new(), reason.to_owned(), Some(1));
    let get = "GET /?a=1 HTTP/1.1\r\n";
    assert_eq!(verify(get, &[], signature("GET", ""), ""), refused("get-disabled"));
    let endpoint_only = ("endpoint-only".to_owned(), String::new(), Some(0));
    assert_eq!(verify(get, &["--allow-get"], signature("GET", ""), ""), endpoint_only);
    assert_eq!(verify(get, &["--allow-get"], signature("GET", ""), "x"), refused("body-on-get"));
    let bare = "POST / HTTP/1.1\r\n";
    assert_eq!(verify(bare, &[], signature("POST", "a=1"), "a=1"), refused("content-type"));
    assert_eq!(verify(bare, &["--format", "form"], signature("POST", "a=1"), "a=1"), verified);
    assert_eq!(verify(bare, &["--format", "form"], signature("POST", ""), ""), refused("empty-body"));
    assert_eq!(
        verify(bare, &["--format", "form", "--allow-empty-body"], signature("POST", ""), ""),
        verified
    );
    let json = "POST / HTTP/1.1\r\nContent-Type: application/json\r\n";
    assert_eq!(
        verify(json, &["--max-body", "3"], signature("POST", "[[]]"), "[[]]"),
        refused("body-too-large")
    );
    assert_eq!(
        verify(json, &["--max-depth", "1"], signature("POST", "[[]]"), "[[]]"),
        refused("json-too-deep")
    );
    assert_eq!(verify("no head", &[], String::new(), ""), refused("head-malformed"));
}
