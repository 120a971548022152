//! The paths for firmware are the general one: the same reason, receipt and bytes for every request.

use crate::text;
use korewebhook::hash::Compact;
use korewebhook::{
    Format, Head, HmacSha256, KeyRing, KoreSha256, Options, Request, Scheme, SignedUrl, Verifier,
};
use korewebhook_tests::Ring;
use korewebhook_tests::once::{Said, general, lines, of_head, of_json, of_lines, options};
use korewebhook_tests::oracle::{hmac_sha256, is_json, kore_sha256, strip_json};
use proptest::collection::vec;
use proptest::prelude::*;

const SECRETS: [&str; 3] = ["first secret 0123", "second secret 456", "third"];
const URL: &str = "https://hooks.example.com/kore/";
const JSON: &[u8] = b"application/json";
const FORM: &[u8] = b"application/x-www-form-urlencoded";

type Sign = fn(&[u8], &str, &str, &[u8]) -> String;
type Bytes = Vec<u8>;

fn verifier<'a, S: Scheme>(
    scheme: S,
    ring: &'a KeyRing<8, 1024>,
    url: &'a SignedUrl<&'a str>,
    options: Options,
) -> Verifier<'a, S, KeyRing<8, 1024>> {
    Verifier::with(scheme, ring, url, options).expect("a verifier")
}

/// All paths over field lines, under these options; what the general one says.
fn agree(options: Options, method: &[u8], field_lines: &[u8], body: &[u8]) -> Said {
    let ring = Ring::from_secrets(SECRETS).expect("secrets");
    let url = SignedUrl::new(URL).expect("a URL");
    // Each with a SHA-256 of its own too.
    let expected = general(
        &verifier(KoreSha256::new(), &ring, &url, options),
        Head::from_field_lines(method, field_lines),
        body,
    );
    let request = Request { method, field_lines, body };
    assert_eq!(
        of_lines(&verifier(KoreSha256(Compact), &ring, &url, options), &request),
        expected,
        "{request:?}"
    );
    let [said, of_json] = of_json::<KoreSha256<Compact>, _>(&ring, &url, options, field_lines, body);
    assert_eq!(said, of_json, "{request:?}");
    if let Ok(head) = Head::from_field_lines(method, field_lines) {
        assert_eq!(of_head(&verifier(KoreSha256(Compact), &ring, &url, options), &head, body), expected);
    }
    expected
}

/// Signed as a naive sender would.
fn signature(sign: Sign, signer: usize, method: &str, body: &[u8], json: bool) -> String {
    let signed = if json && is_json(body) { strip_json(body) } else { body.to_vec() };
    sign(SECRETS[signer].as_bytes(), method, URL, &signed)
}

fn some_options() -> impl Strategy<Value = Options> {
    let max_body = prop_oneof![3 => Just(1 << 20), 1 => 1..60_usize];
    let format = prop_oneof![2 => Just(None), 1 => Just(Some(Format::Json)), 1 => Just(Some(Format::Form))];
    (any::<bool>(), any::<bool>(), max_body, prop_oneof![Just(64), 1..=64_u8], format).prop_map(
        |(get, empty, max_body, max_depth, format)| {
            let mut options = options(get, empty, max_body, max_depth);
            options.format = format;
            options
        },
    )
}

fn method() -> impl Strategy<Value = &'static str> {
    prop_oneof![8 => Just("POST"), 2 => Just("GET"), 1 => prop::sample::select(vec!["", "P", "post", "PUT", "POSTS", "GETS", "GE"])]
}

/// Pieces of content types in any order: most are wrong somewhere, and many are right.
fn content_type() -> impl Strategy<Value = Bytes> {
    let known = prop::sample::select(vec![
        "application/json",
        "Application/JSON",
        "application/vnd.kore+json",
        "application/x-www-form-urlencoded",
        "application/+json",
        "application/++json",
        "application/jsonx",
        "application/json+json",
        "application/x+jsonp",
        "application/a+json+b",
        "text/json",
        "application",
        "application/",
        "application/x-www-form-urlencoded+json",
    ]);
    let piece = prop::sample::select(
        [
            ";",
            "; ",
            " ;\t",
            "charset=utf-8",
            "CharSet=UTF-8",
            "charset=\"utf-8\"",
            "charset=\"utf\\-8\"",
            "charset=latin1",
            "charset=",
            "charset",
            "charset=\"",
            "charset=\"utf-8",
            "charset=utf-8x",
            "a=b",
            "a=\"b\\\"c;\"",
            "a=\"\\",
            "a",
            "=",
            "\"",
            "\\",
            "/",
            "+json",
            ",",
            "\u{e9}",
            "\t",
            "\u{7f}",
            "\u{1}",
            "q=\"\u{e9}\t\"",
            "charset=\"utf-8 \"",
            "charsets=x",
        ]
        .map(str::as_bytes)
        .to_vec(),
    );
    let whole = prop::sample::select(
        [
            "charset=utf-8",
            "CHARSET=\"Utf-8\"",
            "charset=latin1",
            "charset=utf\r8",
            "charset=utf-\u{18}",
            "charset=\"utf-8\\\"",
            "a=b",
            "a=\"\\\";b\"",
            "",
        ]
        .to_vec(),
    );
    let whole = whole.prop_map(|parameter| [b"; ", parameter.as_bytes()].concat());
    let parameter = prop_oneof![3 => whole, 1 => piece.prop_map(<[u8]>::to_vec)];
    let parameters = vec(parameter, 0..5);
    (known, parameters).prop_map(|(known, parameters)| [known.as_bytes(), &parameters.concat()].concat())
}

/// A value for each kind of field, right or wrong.
fn field() -> impl Strategy<Value = (Bytes, Bytes)> {
    let name = prop::sample::select(
        [
            "kore-signature",
            "content-type",
            "Content-Encoding",
            "content-encoding",
            "kore_signature",
            "kore\rsignature",
            "kore-signature ",
            "",
            "kore-signaturex",
            "content",
            "x",
            "CONTENT-TYPE",
            "b\u{e9}",
            "a b",
            "date",
            "kore-idempotency-token",
        ]
        .map(|name| name.as_bytes().to_vec())
        .to_vec(),
    );
    let value = prop_oneof![
        2 => Just(b"identity".to_vec()),
        1 => Just(b"Identity".to_vec()),
        1 => Just(b"gzip".to_vec()),
        1 => Just(b"identity, gzip".to_vec()),
        1 => Just(Vec::new()),
        1 => "[0-9a-f]{62,66}|[0-9a-fA-F]{64}|[0-9a-g]{64}".prop_map(String::into_bytes),
        2 => content_type(),
        1 => vec(any::<u8>(), 0..12),
    ];
    (name, value)
}

/// Field lines that are right, and now and then not.
fn line((name, value): (Bytes, Bytes), how: u8) -> Bytes {
    let (colon, end): (&[u8], &[u8]) = match how {
        0..=9 => (b": ", b"\r\n"),
        10 => (b":", b"\n"),
        11 => (b":\t ", b" \t\r\n"),
        12 => (b" : ", b"\r\n"),
        13 => (b"", b"\r\n"),
        14 => (b": ", b"\r"),
        15 => (b": ", b"\r\r\n"),
        16 => (b": \0", b"\r\n"),
        17 => (b":", b"\r\n folded\r\n"),
        _ => (b": ", b""),
    };
    [&name, colon, &value, end].concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_head(
        options in some_options(),
        method in method(),
        given in content_type(),
        more in vec((field(), 0..19_u8), 0..3),
        place in any::<prop::sample::Index>(),
        bodies in text::any_body(),
        signer in 0..3_usize,
        end in prop::sample::select(vec!["", "\r\n", "\n", "\r", "\r\nx"]),
        around in prop::sample::select(vec!["", " ", "\t", " \t"]),
    ) {
        let json = given.to_ascii_lowercase().windows(4).any(|part| part == b"json");
        let body = if method == "GET" { Vec::new() } else { bodies };
        let signature = signature(kore_sha256, signer, method, &body, json).into_bytes();
        let mut all = vec![
            line((b"Kore-Signature".to_vec(), [around.as_bytes(), &signature, around.as_bytes()].concat()), 0),
            line((b"Content-Type".to_vec(), given), 0),
        ];
        for (field, how) in more {
            all.insert(place.index(all.len() + 1), line(field, how));
        }
        let field_lines = [all.concat(), end.as_bytes().to_vec()].concat();
        let _ = agree(options, method.as_bytes(), &field_lines, &body);
    }

    #[test]
    fn any_field_lines(field_lines in vec(prop::sample::select(b"\r\n: \tkK-cC\x7f\0a\xE9;".to_vec()), 0..12)) {
        let _ = agree(Options::DEFAULT, b"POST", &field_lines, b"{}");
    }

    /// As a head whose values were never field lines.
    #[test]
    fn any_values(method in method(), fields in vec(field(), 0..5), body in text::any_body(), options in some_options()) {
        let ring = Ring::from_secrets(SECRETS).expect("secrets");
        let url = SignedUrl::new(URL).expect("a URL");
        let verifier = verifier(KoreSha256::new(), &ring, &url, options);
        let signature = signature(kore_sha256, 1, method, &body, true).into_bytes();
        let mut fields = fields;
        fields.push((b"kore-signature".to_vec(), signature));
        let head = Head::new(method, fields.iter().map(|(name, value)| (name.as_slice(), value.as_slice())));
        prop_assert_eq!(of_head(&verifier, &head, &body), general(&verifier, Ok(head), &body));
    }

    #[test]
    fn any_body(options in some_options(), body in text::any_body(), json in any::<bool>(), signer in 0..4_usize) {
        let given = if json { JSON } else { FORM };
        let signature = match signer {
            3 => "0".repeat(64),
            _ => signature(kore_sha256, signer, "POST", &body, json),
        };
        let field_lines = lines([(&b"content-type"[..], given), (b"kore-signature", signature.as_bytes())]);
        if let Ok((index, _)) = agree(options, b"POST", &field_lines, &body) {
            prop_assert_eq!(index, signer);
        }
    }

    #[test]
    fn any_body_under_hmac(options in some_options(), body in text::any_body(), json in any::<bool>(), signer in 0..3_usize) {
        let ring = Ring::from_secrets(SECRETS).expect("secrets");
        let url = SignedUrl::new(URL).expect("a URL");
        let verifier = verifier(HmacSha256, &ring, &url, options);
        let signature = signature(hmac_sha256, signer, "POST", &body, json);
        let given = if json { JSON } else { FORM };
        let field_lines = lines([(&b"content-type"[..], given), (b"kore-signature", signature.as_bytes())]);
        let head = Head::from_field_lines("POST", &field_lines);
        let request = Request { method: b"POST", field_lines: &field_lines, body: &body };
        prop_assert_eq!(of_lines(&verifier, &request), general(&verifier, head, &body));
        let [said, expected] = of_json::<HmacSha256, _>(&ring, &url, options, &field_lines, &body);
        prop_assert_eq!(said, expected);
    }
}

/// Every byte in every place of a signature, and every length of it.
#[test]
fn signatures_broken_at_every_place() {
    let right = signature(kore_sha256, 1, "POST", b"{}", true);
    let said = |signature: &[u8]| {
        let field_lines = lines([(&b"content-type"[..], JSON), (b"kore-signature", signature)]);
        agree(Options::DEFAULT, b"POST", &field_lines, b"{}")
    };
    for at in 0..right.len() {
        let (before, after) = right.as_bytes().split_at(at);
        for byte in 0..=255 {
            let given = [before, &[byte], &after[1..]].concat();
            assert_eq!(said(&given).is_ok(), byte == after[0], "{byte} at {at}");
        }
        assert!(said(before).is_err() && said(&[right.as_bytes(), before].concat()).is_err() == (at > 0));
    }
}

/// Every byte in a name, alone and behind another one, and what follows it.
#[test]
fn every_byte_of_a_name() {
    let signature = signature(kore_sha256, 1, "POST", b"{}", true);
    let right = lines([(&b"content-type"[..], JSON), (b"kore-signature", signature.as_bytes())]);
    let mut accepted = 0;
    for byte in 0..=255 {
        for name in [&[byte][..], &[b'x', byte], &[b'k', byte], &[b'c', byte]] {
            let field_lines = [name, b": 1\r\n", &right].concat();
            accepted += usize::from(agree(Options::DEFAULT, b"POST", &field_lines, b"{}").is_ok());
        }
    }
    // `tchar` (RFC 9110, section 5.6.2); a colon behind a letter ends the name.
    assert_eq!(accepted, 4 * 77 + 3);
}

/// Content types about as long as one may be.
#[test]
fn long_content_types() {
    let mut accepted = 0;
    for len in 8180..=8200 {
        let given = format!("application/json; a={}", "x".repeat(len - 20));
        assert_eq!(given.len(), len);
        let signature = signature(kore_sha256, 0, "POST", b"{}", true);
        let field_lines =
            lines([(&b"content-type"[..], given.as_bytes()), (b"kore-signature", signature.as_bytes())]);
        accepted += usize::from(agree(Options::DEFAULT, b"POST", &field_lines, b"{}").is_ok());
    }
    assert_eq!(accepted, 13);
}

/// Content types that end in each way at about the longest length, and white space around them, which doesn't count.
#[test]
fn ends_of_long_content_types() {
    let mut said = std::collections::BTreeMap::new();
    for end in [
        "",
        ";",
        "; ;",
        ";b=c",
        ";\t",
        "; charset=utf-8",
        ";charset=x",
        ";charset=\"utf-8\"",
        ";b=\"c \"",
        "; b",
    ] {
        for (before, after) in [("", ""), (" \t", " "), ("", "\t \t"), ("", " ; "), ("", ";")] {
            for len in 8185..=8195 {
                let begin = "application/vnd.";
                let subtype = "x".repeat(len - begin.len() - "+json".len() - end.len());
                let given = format!("{before}{begin}{subtype}+json{end}{after}");
                let signature = signature(kore_sha256, 0, "POST", b"{}", true);
                let field_lines = lines([
                    (&b"content-type"[..], given.as_bytes()),
                    (b"kore-signature", signature.as_bytes()),
                ]);
                let reason = agree(Options::DEFAULT, b"POST", &field_lines, b"{}").err();
                *said.entry(reason).or_insert(0) += 1;
            }
        }
    }
    assert!([None, Some(34), Some(35)].iter().all(|reason| said.contains_key(reason)), "{said:?}");
}

/// Every byte in every place of a body that has all there is in the grammars, and every end of it.
#[test]
fn bodies_broken_at_every_place() {
    let json = "{\"a\\u00e9\" : [-0.1e+2, 10E-3,true ,false,null],\"\\n\u{e9}\u{20ac}\u{1F600}\":{ },\"b\":[[],\"\"]}\n";
    let form = "a-b.%20*~=\u{e9}\u{20ac}\u{1F600}+\"\\&c=d{";
    let mut reasons = std::collections::BTreeSet::new();
    for (text, given) in [(json, JSON), (form, FORM)] {
        for at in 0..=text.len() {
            let (before, after) = text.as_bytes().split_at(at);
            for byte in 0..=255 {
                let replaced = [before, &[byte], after.get(1..).unwrap_or_default()].concat();
                let put_in = [before, &[byte], after].concat();
                for body in [replaced, put_in, before.to_vec()] {
                    let signature = signature(kore_sha256, 2, "POST", &body, given == JSON);
                    let field_lines =
                        lines([(&b"content-type"[..], given), (b"kore-signature", signature.as_bytes())]);
                    reasons.insert(agree(options(false, false, 200, 3), b"POST", &field_lines, &body).err());
                }
            }
        }
    }
    // Accepted, and empty, NUL, malformed, too deep, confused and the three of forms.
    let expected = [None, Some(52), Some(54), Some(55), Some(56), Some(58), Some(59), Some(60), Some(61)];
    assert!(expected.iter().all(|reason| reasons.contains(reason)), "{reasons:?}");
}

/// Every pair of bytes that may begin a character, and what may follow it.
#[test]
fn every_edge_of_utf8() {
    for first in 0x80..=0xFF_u8 {
        for second in 1..=0xFF_u8 {
            // As many bytes follow as belong there, and others.
            for (third, fourth) in [
                (0x80, 0x80),
                (0xBF, 0xBF),
                (0x7F, 0x80),
                (0x80, 0xC0),
                (0x41, 0x41),
                (0x80, 0x41),
                (0xBF, 0x41),
            ] {
                let text = [first, second, third, fourth];
                let body = [b"[\"", &text[..], b"\"]"].concat();
                let signature = "0".repeat(64);
                let field_lines =
                    lines([(&b"content-type"[..], JSON), (b"kore-signature", signature.as_bytes())]);
                let expected = if is_json(&body) { 71 } else { 55 };
                assert_eq!(of_lines_alone(&field_lines, &body), Err(expected), "{text:x?}");
                assert_eq!(of_json_alone(&field_lines, &body), Err(expected), "{text:x?}");
            }
        }
    }
}

/// As deep as may be and deeper, in turns of objects and arrays, with each level closed wrongly too.
#[test]
fn every_level() {
    let open = |depth: usize| "{\"\":[".repeat(depth.div_ceil(2));
    let close = |depth: usize| "]}".repeat(depth.div_ceil(2));
    let said = |body: &str| {
        let signature = signature(kore_sha256, 0, "POST", body.as_bytes(), true);
        let field_lines = lines([(&b"content-type"[..], JSON), (b"kore-signature", signature.as_bytes())]);
        agree(Options::DEFAULT, b"POST", &field_lines, body.as_bytes()).err()
    };
    for depth in (2..=64).step_by(2) {
        assert_eq!(said(&format!("{}{}", open(depth), close(depth))), None);
        for at in 0..depth {
            let mut closing = close(depth).into_bytes();
            closing[at] ^= 0x20;
            let closing = String::from_utf8(closing).expect("ASCII");
            assert_eq!(said(&format!("{}{closing}", open(depth))), Some(55), "{depth}, {at}");
        }
    }
    assert_eq!(said(&format!("{}{}", open(66), close(66))), Some(56));
}

/// Content types with each control character, of a head that somebody else has read.
#[test]
fn control_characters_of_a_head() {
    let ring = Ring::from_secrets(SECRETS).expect("secrets");
    let url = SignedUrl::new(URL).expect("a URL");
    let verifier = verifier(KoreSha256::new(), &ring, &url, Options::DEFAULT);
    let signature = signature(kore_sha256, 0, "POST", b"{}", true);
    let mut accepted = 0;
    for byte in 0..=0x7F_u8 {
        let content_type = [b"application/json; a=\"", &[byte][..], b"\""].concat();
        let headers = [(&b"content-type"[..], &content_type[..]), (b"kore-signature", signature.as_bytes())];
        let head = Head::new("POST", headers);
        let expected = general(&verifier, Ok(head), b"{}");
        assert_eq!(of_head(&verifier, &head, b"{}"), expected, "{byte}");
        accepted += usize::from(expected.is_ok());
    }
    // All but 32 control characters, DEL, a quote and a backslash; a tab is none.
    assert_eq!(accepted, 128 - 33 - 2 + 1);
}

fn of_lines_alone(field_lines: &[u8], body: &[u8]) -> Said {
    let ring = Ring::from_secrets(["one"]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    let request = Request { method: b"POST", field_lines, body };
    of_lines(&verifier(KoreSha256::new(), &ring, &url, Options::DEFAULT), &request)
}

fn of_json_alone(field_lines: &[u8], body: &[u8]) -> Result<(), i32> {
    let ring = Ring::from_secrets(["one"]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    of_json::<KoreSha256, _>(&ring, &url, Options::DEFAULT, field_lines, body)[0]
}
