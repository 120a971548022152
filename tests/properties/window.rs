//! A body at 64 bytes a time, and at a word a time, against the same at a byte a time: canonical bytes, verdict,
//! detail and offset.

use crate::text;
use korewebhook::json::{Canonicalizer, TopLevel};
use korewebhook::{Error, Head, Reason, SignedUrl, Storage, Verifier};
use korewebhook_tests::Ring;
use proptest::prelude::*;
use proptest::sample::Index;

/// By the canonicalizer alone: what stays up to the end or the error. Of pieces of one byte it takes a byte at a time.
fn slowly<'b>(pieces: impl IntoIterator<Item = &'b [u8]>) -> (Vec<u8>, Result<(), Error>) {
    let mut canonicalizer = Canonicalizer::new(64);
    let mut canonical = Vec::new();
    for piece in pieces {
        if let Err(error) = canonicalizer.update(piece, |run| canonical.extend_from_slice(run)) {
            return (canonical, Err(error));
        }
    }
    let verdict = match canonicalizer.finish() {
        Ok(TopLevel::Container) => Err(Reason::SignatureMismatch.into()),
        Ok(TopLevel::Scalar) => Err(Reason::JsonTopLevel.into()),
        Err(error) => Err(error),
    };
    (canonical, verdict)
}

/// In pieces, through a verifier that knows none of the signatures.
fn quickly<'b>(body: impl IntoIterator<Item = &'b [u8]>) -> (Vec<u8>, Result<(), Error>) {
    let ring = Ring::from_secrets(["a secret of some length"]).expect("a secret");
    let url = SignedUrl::new("https://h.example/k/").expect("a URL");
    let verifier = Verifier::new(&ring, &url).expect("a verifier");
    let signature = "0".repeat(64);
    let headers = [("kore-signature", signature.as_str()), ("content-type", "application/json")];
    let mut storage: Storage = Storage::new();
    let mut stream = verifier.start(&Head::new("POST", headers), &mut storage);
    let mut canonical = Vec::new();
    for piece in body {
        stream.update_with(piece, |run| canonical.extend_from_slice(run)).expect("within the bound");
    }
    (canonical, stream.finish().map(drop))
}

fn agree(body: &[u8], cuts: &[usize]) -> Result<(), TestCaseError> {
    let (expected, verdict) = slowly(body.chunks(1));
    let mut rest = body;
    let mut pieces: Vec<&[u8]> = cuts
        .iter()
        .map(|&cut| {
            let (piece, left) = rest.split_at(cut.min(rest.len()));
            rest = left;
            piece
        })
        .collect();
    pieces.push(rest);
    prop_assert_eq!(slowly(pieces.iter().copied()), (expected.clone(), verdict), "{}", body.escape_ascii());
    let (canonical, said) = quickly(pieces);
    // A NUL outranks what is wrong with the JSON.
    let verdict = if body.contains(&0) { Err(Reason::NulInBody.into()) } else { verdict };
    prop_assert_eq!(said, verdict, "{}", body.escape_ascii());
    prop_assert_eq!(canonical, expected, "{}", body.escape_ascii());
    Ok(())
}

/// Values one after the other, so that tokens of every kind lie across the 64th byte.
fn long_text() -> impl Strategy<Value = Vec<u8>> {
    let value = prop_oneof![
        3 => text::json(),
        1 => "\"([a-zé漢😀 ]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-fA-F]{4}){0,60}\"",
        1 => "-?[0-9]{1,30}(\\.[0-9]{1,30})?",
        1 => "-?[0-9]{60,150}(\\.[0-9]{1,150})?([eE][-+]?[0-9]{1,150})?",
    ];
    (prop::collection::vec((value, "[ \\n\\t\\r]{0,70}"), 0..12), "[ \\n]{0,70}").prop_map(
        |(values, lead)| {
            let items: Vec<String> =
                values.into_iter().map(|(value, space)| format!("{space}{value}")).collect();
            format!("{lead}[{}]", items.join(",")).into_bytes()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn texts_of_many_windows(body in long_text(), cuts in prop::collection::vec(0..200_usize, 0..6)) {
        agree(&body, &cuts)?;
    }

    #[test]
    fn damaged_texts(
        body in long_text(),
        damage in prop::collection::vec((any::<Index>(), prop_oneof![any::<u8>(), Just(b'"'), Just(b'\\'), Just(0xC3), Just(b',')]), 1..3),
        cuts in prop::collection::vec(0..200_usize, 0..4),
    ) {
        let mut body = body;
        for (at, byte) in damage {
            *at.get_mut(&mut body) = byte;
        }
        agree(&body, &cuts)?;
    }

    #[test]
    fn cut_texts(body in long_text(), at in any::<Index>(), cuts in prop::collection::vec(0..200_usize, 0..4)) {
        let (body, _) = body.split_at(at.index(body.len()));
        if !body.is_empty() {
            agree(body, &cuts)?;
        }
    }
}

/// Every token at every distance from the end of a window, followed by every kind of byte.
#[test]
fn every_token_across_every_edge() {
    let tokens = [
        "true",
        "false",
        "null",
        "0",
        "-1",
        "12.5",
        "1e9",
        "-0.5E+10",
        "\"\"",
        "\"ab\"",
        r#""\"""#,
        r#""\\""#,
        r#""\u00e9""#,
        "\"é\"",
        "\"漢\"",
        "\"😀\"",
        "{}",
        "[]",
        "{\"a\":1}",
        "[[{}],2]",
        "\"\u{7f}\"",
    ];
    let mut seen = 0;
    for token in tokens {
        for pad in 0..150 {
            for after in ["]", " ]", ",1]", ",\"x\"]", "x]", "", "\"]", "\u{1}]", "}", ":1]"] {
                for space in [" ", "\"\","] {
                    let lead =
                        if space == " " { " ".repeat(pad) } else { format!("\"{}\",", "p".repeat(pad)) };
                    let body = format!("[{lead}{token}{after}");
                    agree(body.as_bytes(), &[]).unwrap_or_else(|error| panic!("{body}: {error}"));
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, tokens.len() * 150 * 20);
}

/// Every byte put into every number and literal, and in the place of each of their bytes.
#[test]
fn every_byte_in_every_scalar() {
    let scalars = [
        "true",
        "false",
        "null",
        "0",
        "-0",
        "10",
        "0.5",
        "12.25",
        "12345678",
        "1234567.8",
        "123456789",
        "-122.419416",
        "-1.5e+3",
    ];
    let mut seen = 0;
    for scalar in scalars {
        for at in 0..=scalar.len() {
            for byte in 0..=u8::MAX {
                let (before, after) = scalar.as_bytes().split_at(at);
                for after in [after, after.get(1..).unwrap_or_default()] {
                    let text = [b"[1,", before, &[byte], after, b",\"", &[b'a'; 100], b"\"]"].concat();
                    agree(&text, &[]).unwrap_or_else(|error| panic!("{}: {error}", text.escape_ascii()));
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, 2 * 256 * scalars.map(|scalar| scalar.len() + 1).iter().sum::<usize>());
}

/// Numbers and strings of every length up to three windows, at the top and inside, with every kind of byte at the end.
#[test]
fn long_scalars() {
    let scalars: [(&str, &str); 6] =
        [("", "7"), ("-", "7"), ("0.", "7"), ("1e", "7"), ("\"", "a"), ("\"", "é")];
    let mut seen = 0;
    for (begin, unit) in scalars {
        for count in 0..200 {
            for end in ["", "\"", "x", ".", "\u{1}", "\0", "\\", " "] {
                let scalar = format!("{begin}{}{end}", unit.repeat(count));
                for text in
                    [scalar.clone(), format!("[{scalar}]"), format!("[{scalar},\"{}\"]", "p".repeat(70))]
                {
                    if !text.is_empty() {
                        agree(text.as_bytes(), &[]).unwrap_or_else(|error| panic!("{text}: {error}"));
                        seen += 1;
                    }
                }
            }
        }
    }
    // Of the first kind, the empty text is left out.
    assert_eq!(seen, scalars.len() * 200 * 8 * 3 - 1);
}

/// What is handed out ends where a block of the hash does, so that none is put together again.
#[test]
fn hashed_by_whole_blocks() {
    let url = SignedUrl::new("https://h.example/k/").expect("a URL");
    let body = format!("[{}\"end\"]", "{\"name\": \"value\", \"list\": [1, 2, 3]},\n  ".repeat(500));
    let headers = [("kore-signature", "0".repeat(64)), ("content-type", "application/json".into())];
    let head = Head::new("POST", headers.iter().map(|(name, value)| (*name, value.as_str())));
    for secret in [
        "a secret of some length",
        "one that is longer than a block of the hash, which has sixty-four bytes, is",
    ] {
        let ring = Ring::from_secrets([secret]).expect("a secret");
        let verifier = Verifier::new(&ring, &url).expect("a verifier");
        let mut ends = vec![secret.len() + "POST".len() + "https://h.example/k/".len()];
        let verdict = verifier.judge_with(&head, body.as_bytes(), |run| {
            ends.push(ends.last().expect("a length") + run.len());
        });
        assert_eq!(verdict.map(drop), Err(Reason::SignatureMismatch.into()));
        let [_, whole @ .., _] = &ends[..] else { panic!("no runs") };
        assert!(whole.len() > 40 && whole.iter().all(|end| end % 64 == 0), "{ends:?}");
    }
}
