//! The canonicalizer against independent parsers and against itself.

use crate::text;
use korewebhook::json;
use korewebhook_tests::oracle::{is_json, json_depth, strip_json};
use proptest::prelude::*;

fn canonical(text: &[u8]) -> Result<Vec<u8>, korewebhook::Error> {
    let mut out = vec![0; text.len()];
    json::canonicalize_into(text, &mut out).map(|canonical| canonical.to_vec())
}

/// Accept or reject as an independent strict parser does, and nothing but the white space goes.
fn agrees(text: &[u8]) -> Result<(), TestCaseError> {
    match canonical(text) {
        Ok(canonical) => {
            prop_assert!(is_json(text));
            prop_assert!(json_depth(text) <= 64);
            prop_assert_eq!(canonical, strip_json(text));
        }
        Err(error) if error.code() == "json-too-deep" => prop_assert!(json_depth(text) > 64),
        Err(error) => {
            prop_assert_eq!(error.code(), "json-malformed");
            prop_assert!(!is_json(text));
            prop_assert!(error.offset().is_some_and(|at| at <= text.len()));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_json_is_accepted(text in text::json()) {
        prop_assert!(is_json(text.as_bytes()), "the generator makes JSON");
        agrees(text.as_bytes())?;
    }

    #[test]
    fn our_verdict_on_grammar_is_a_strict_parser_s(text in text::mutated()) {
        agrees(&text)?;
    }

    #[test]
    fn nothing_else_is_json(text in prop::collection::vec(any::<u8>(), 0..40)) {
        agrees(&text)?;
    }

    #[test]
    fn canonicalizing_twice_is_canonicalizing_once(text in text::mutated()) {
        if let Ok(once) = canonical(&text) {
            prop_assert_eq!(canonical(&once), Ok(once));
        }
    }

    #[test]
    fn the_canonical_form_is_the_same_value(text in text::json()) {
        let once = canonical(text.as_bytes());
        // Lone surrogates are JSON but no value of this parser's.
        if let (Ok(once), Ok(value)) = (once, serde_json::from_str::<serde_json::Value>(&text)) {
            prop_assert_eq!(serde_json::from_slice::<serde_json::Value>(&once).ok(), Some(value));
        }
    }

    #[test]
    fn in_place_is_borrowed(text in text::mutated()) {
        let mut in_place = text.clone();
        let result = json::canonicalize_in_place(&mut in_place).map(|canonical| canonical.to_vec());
        prop_assert_eq!(&result, &canonical(&text));
        if result.is_err() {
            prop_assert_eq!(in_place, text);
        }
    }
}

#[test]
fn depth_against_a_strict_parser() {
    for depth in 1..=70 {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let inner = if open == "[" { "" } else { "0" };
            let text = [&open.repeat(depth), inner, &close.repeat(depth)].concat();
            assert!(is_json(text.as_bytes()), "depth {depth}");
            let said =
                canonical(text.as_bytes()).map(|canonical| canonical.len()).map_err(|error| error.code());
            assert_eq!(
                said,
                if depth <= 64 { Ok(text.len()) } else { Err("json-too-deep") },
                "depth {depth}"
            );
        }
    }
}

/// Every text of up to four bytes from the bytes that matter.
#[test]
fn every_short_text() {
    let bytes = b"\0\x1f \n\"\\,:[]{}-+.019eEtu\x80\xC2\xEF";
    let (mut texts, mut accepted) = (0_u32, 0_u32);
    for length in 0..=4_u32 {
        for number in 0..bytes.len().pow(length) {
            let mut left = number;
            let text: Vec<u8> = (0..length)
                .map(|_| {
                    let byte = bytes[left % bytes.len()];
                    left /= bytes.len();
                    byte
                })
                .collect();
            let ours = json::canonical_len(&text).is_ok();
            assert_eq!(ours, is_json(&text), "{}", text.escape_ascii());
            texts += 1;
            accepted += u32::from(ours);
        }
    }
    let all: u32 = (0..=4).map(|length| 25_u32.pow(length)).sum();
    assert_eq!(texts, all);
    assert!(accepted > 1000, "{accepted}");
}

/// Every byte at every place of a string, which is read eight bytes at a time.
#[test]
fn every_byte_at_every_place_of_a_string() {
    let (mut accepted, mut rejected) = (0, 0);
    for len in 1..=20 {
        for at in 0..len {
            for byte in 0..=255_u8 {
                let mut text = [&b"[\""[..], &vec![b'x'; len], b"\"]"].concat();
                text[2 + at] = byte;
                let error = json::canonical_len(&text);
                assert_eq!(error.is_ok(), is_json(&text), "{}", text.escape_ascii());
                accepted += u32::from(error.is_ok());
                rejected += u32::from(error.is_err());
            }
        }
    }
    assert_eq!(accepted + rejected, 210 * 256);
    // ASCII from a space on, but a quote and a backslash; the backslash also where no escape follows.
    assert!(accepted >= 210 * 94, "{accepted}");
}
