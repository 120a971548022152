//! The parts of a message by themselves: JSON, URL, date, token.

use korewebhook::json::{self, Canonicalizer, TopLevel};
use korewebhook::{SignedUrl, Token, date, url};
use korewebhook_tests::oracle::unhex;
use korewebhook_tests::vectors::load;
use serde::Deserialize;

#[derive(Deserialize)]
struct Text {
    name: String,
    input: String,
    input_hex: Option<String>,
    expect: serde_json::Value,
    code: Option<String>,
    top_level: Option<String>,
}

impl Text {
    fn expected(&self) -> &str {
        self.expect.as_str().unwrap_or_default()
    }

    fn bytes(&self) -> Vec<u8> {
        unhex(self.input_hex.as_deref().unwrap_or(&self.input))
    }
}

#[test]
fn json_canonicalization() {
    let (mut accepted, mut rejected) = (0, 0);
    for case in load::<Text>("json_canonicalization") {
        let text = case.bytes();
        let mut out = vec![0xAA; text.len()];
        let mut in_place = text.clone();
        let len = json::canonical_len(&text);
        if case.expected() == "malformed" {
            rejected += 1;
            let error = len.expect_err(&case.name);
            let code = case.code.as_deref().expect("a reject has a code");
            assert_eq!(
                error.code(),
                if code == "too-deep" { "json-too-deep" } else { "json-malformed" },
                "{}",
                case.name
            );
            assert_eq!(error.detail().map(korewebhook::Detail::name), Some(code), "{}", case.name);
            assert!(error.offset().is_some_and(|at| at <= text.len()), "{}", case.name);
            assert_eq!(json::canonicalize_into(&text, &mut out).map(|_| ()), Err(error), "{}", case.name);
            assert!(out.iter().all(|&b| b == 0xAA), "{}: no partial output", case.name);
            assert_eq!(json::canonicalize_in_place(&mut in_place).map(|_| ()), Err(error), "{}", case.name);
            assert_eq!(in_place, text, "{}: no partial output", case.name);
        } else {
            accepted += 1;
            let expected = unhex(case.expected());
            assert_eq!(len, Ok(expected.len()), "{}", case.name);
            assert_eq!(
                json::canonicalize_into(&text, &mut out).map(|o| o.to_vec()),
                Ok(expected.clone()),
                "{}",
                case.name
            );
            assert_eq!(
                json::canonicalize_in_place(&mut in_place).map(|o| o.to_vec()),
                Ok(expected),
                "{}",
                case.name
            );
            let mut canonicalizer = Canonicalizer::new(json::MAX_DEPTH);
            for byte in &text {
                canonicalizer.update(&[*byte], |_| {}).expect(&case.name);
            }
            let top = match case.top_level.as_deref() {
                Some("container") => TopLevel::Container,
                _ => TopLevel::Scalar,
            };
            assert_eq!(canonicalizer.finish(), Ok(top), "{}", case.name);
        }
    }
    assert_eq!((accepted, rejected), (61, 138));
}

#[test]
fn url_canonicalization() {
    let (mut accepted, mut rejected) = (0, 0);
    for case in load::<Text>("url_canonicalization") {
        match (SignedUrl::new(case.bytes()), case.code.as_deref()) {
            (Ok(url), None) => {
                accepted += 1;
                assert_eq!(url.as_str(), case.expected(), "{}", case.name);
            }
            (Err(error), Some(code)) => {
                rejected += 1;
                assert_eq!(error.code(), "url-invalid", "{}", case.name);
                assert_eq!(error.detail().map(korewebhook::Detail::name), Some(code), "{}", case.name);
            }
            (said, code) => panic!("{}: expected {code:?}, got {said:?}", case.name),
        }
    }
    assert_eq!((accepted, rejected), (32, 32));
}

#[test]
fn url_sets() {
    #[derive(Deserialize)]
    struct Set {
        name: String,
        urls: Vec<String>,
        conflicts: Vec<(String, String)>,
        expect: String,
    }
    let sets: Vec<Set> = load("url_sets");
    assert_eq!(sets.len(), 10);
    for set in sets {
        let urls: Vec<_> = set.urls.iter().map(|url| SignedUrl::new(url).expect(url)).collect();
        let conflict = url::prefix_conflict(&urls);
        let signed = |at: usize| urls.get(at).map(SignedUrl::as_str).unwrap_or_default().to_owned();
        let named: Vec<_> = conflict.into_iter().map(|(a, b)| (signed(a), signed(b))).collect();
        assert_eq!(named, set.conflicts, "{}", set.name);
        let expected = if set.expect == "ok" { Ok(()) } else { Err("url-prefix-conflict") };
        assert_eq!(url::check_prefix_free(&urls).map_err(|e| e.code()), expected, "{}", set.name);
    }
}

#[test]
fn dates() {
    let (mut accepted, mut rejected) = (0, 0);
    for case in load::<Text>("dates") {
        match (date::parse(&case.bytes()), case.expect.as_u64()) {
            (Ok(seconds), Some(expected)) => {
                accepted += 1;
                assert_eq!(seconds, expected, "{}", case.name);
                let mut out = [0; date::DATE_LEN];
                assert_eq!(date::format(expected, &mut out), Ok(case.input.as_str()), "{}", case.name);
            }
            (Err(error), None) => {
                rejected += 1;
                assert_eq!(Some(error.code()), case.code.as_deref(), "{}", case.name);
            }
            (said, expected) => panic!("{}: expected {expected:?}, got {said:?}", case.name),
        }
    }
    assert_eq!((accepted, rejected), (7, 39));
}

#[test]
fn tokens() {
    let (mut accepted, mut rejected) = (0, 0);
    for case in load::<Text>("tokens") {
        let bytes = case.bytes();
        match Token::new(&bytes) {
            Some(token) => {
                accepted += 1;
                assert_eq!((case.expected(), token.as_str()), ("ok", case.input.as_str()), "{}", case.name);
            }
            None => {
                rejected += 1;
                assert_eq!(case.expected(), "malformed", "{}", case.name);
            }
        }
    }
    assert_eq!((accepted, rejected), (3, 8));
}
