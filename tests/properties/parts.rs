//! Dates, forms, events and headers against other people's parsers.

use crate::text;
use korewebhook::{Events, Head, Http1Head, Signature, SignedUrl, Verifier, date};
use korewebhook_tests::Ring;
use korewebhook_tests::oracle::kore_sha256;
use proptest::prelude::*;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn dates_are_the_calendar_s(seconds in 0..=253_402_300_799_u64) {
        let moment = OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).expect("it fits")).expect("in range");
        let expected = moment.format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z")).expect("text");
        let mut out = [0; date::DATE_LEN];
        prop_assert_eq!(date::format(seconds, &mut out), Ok(expected.as_str()));
        prop_assert_eq!(date::parse(expected.as_bytes()), Ok(seconds));
    }

    #[test]
    fn rfc3339_is_another_parser_s(
        seconds in 86_400..253_402_200_000_i64,
        nanos in 0..1_000_000_000_u32,
        minutes in -1439..=1439_i32,
    ) {
        let offset = time::UtcOffset::from_whole_seconds(minutes * 60).expect("in range");
        let moment = OffsetDateTime::from_unix_timestamp(seconds).expect("in range").replace_nanosecond(nanos).expect("in range");
        let text = moment.to_offset(offset).format(&Rfc3339).expect("text");
        let millis = u64::try_from(moment.unix_timestamp_nanos() / 1_000_000).expect("after 1970");
        prop_assert_eq!(date::parse_rfc3339(text.as_bytes()), Ok(millis), "{}", text);
    }

    #[test]
    fn digits_that_are_no_date_are_refused(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z") {
        let theirs = OffsetDateTime::parse(&text, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp);
        let expected = theirs.and_then(|seconds| u64::try_from(seconds).ok());
        // The other parser reads a leap second as the one before it.
        let expected = expected.filter(|_| !text.ends_with(":60Z"));
        prop_assert_eq!(date::parse(text.as_bytes()).ok(), expected, "{}", text);
    }

    #[test]
    fn form_fields_are_the_whatwg_s(body in text::form()) {
        let ring = Ring::from_secrets(["secret"]).expect("a secret");
        let url = SignedUrl::new("https://h.example/k/").expect("a URL");
        let verifier = Verifier::new(&ring, &url).expect("a verifier");
        let signature = kore_sha256(b"secret", "POST", url.as_str(), &body);
        let headers = [("kore-signature", signature.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        if let Ok(delivery) = verifier.verify(&Head::new("POST", headers), &body) {
            let text = |text: korewebhook::FormText<'_>| String::from_utf8_lossy(&text.decode().collect::<Vec<_>>()).into_owned();
            let ours: Vec<_> = delivery.fields().map(|(name, value)| (text(name), text(value))).collect();
            prop_assert_eq!(ours, form_urlencoded::parse(&body).into_owned().collect::<Vec<_>>());
        }
    }

    /// The members that are found are those of another parser, in order, repetitions included.
    #[test]
    fn events_are_another_parser_s(text in text::json()) {
        let Ok(events) = Events::from_verified(text.as_bytes()) else { return Ok(()) };
        let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) else { return Ok(()) };
        let items = match value {
            serde_json::Value::Array(items) => items,
            other => vec![other],
        };
        let spans: Vec<serde_json::Value> = events
            .clone()
            .map(|event| serde_json::from_slice(event.span()).expect("a span is JSON"))
            .collect();
        prop_assert_eq!(&spans, &items);
        for (event, item) in events.zip(&items) {
            let mut members = serde_json::Map::new();
            for (name, value) in event.members() {
                let name: String = name.chars().flatten().collect();
                members.insert(name, serde_json::from_slice(value).expect("a value is JSON"));
            }
            if item.is_object() {
                prop_assert_eq!(serde_json::Value::Object(members), item.clone());
            } else {
                prop_assert!(members.is_empty());
            }
        }
    }

    /// Heads that are put together field by field come apart the same way.
    #[test]
    fn raw_heads(fields in prop::collection::vec(("[a-zA-Z-]{1,12}", "[!-~]([ -~]{0,20}[!-~])?"), 0..20), lf in any::<bool>()) {
        let line = if lf { "\n" } else { "\r\n" };
        let lines: String = fields.iter().map(|(name, value)| format!("{name}: {value}{line}")).collect();
        let request = format!("POST /x HTTP/1.1{line}{lines}{line}body");
        let http = Http1Head::parse(request.as_bytes()).expect("a head");
        let found: Vec<_> = http.fields().map(|(name, value)| (name.to_owned(), String::from_utf8_lossy(value).into_owned())).collect();
        prop_assert_eq!(found, fields);
        prop_assert_eq!(request.get(http.len()..), Some("body"));
        let (_, body) = Head::from_request(request.as_bytes()).expect("a head");
        prop_assert_eq!(request.get(body..), Some("body"));
        let head = request.strip_suffix("body").and_then(|head| head.strip_suffix(line)).expect("an empty line");
        prop_assert!(Head::from_request(head.as_bytes()).is_err(), "not complete");
    }

    /// Field lines that are read here give what another parser gives; what it refuses is refused here.
    #[test]
    fn field_lines(
        fields in prop::collection::vec((
            prop_oneof!["[kK]ore-[sS]ignature", "CONTENT-[tT]YPE", "date", "content-encoding", "kore-idempotency-token", "[a-z-]{1,9}"],
            "[ \t]{0,2}([!-~]([ -~\t]{0,20}[!-~])?)?[ \t]{0,2}",
        ), 0..8),
        damage in prop::option::of((any::<prop::sample::Index>(), prop_oneof![Just(b'\n'), Just(b'\r'), Just(b' '), Just(b':'), any::<u8>()])),
        lf in any::<bool>(),
    ) {
        let line = if lf { "\n" } else { "\r\n" };
        let mut lines: Vec<u8> = fields.iter().flat_map(|(name, value)| format!("{name}:{value}{line}").into_bytes()).collect();
        lines.extend(line.bytes());
        if let Some((at, byte)) = &damage {
            *at.get_mut(&mut lines) = *byte;
        }
        let ours = Head::from_field_lines("POST", &lines);
        let request = [b"POST /x HTTP/1.1\r\n", lines.as_slice(), b"\r\n"].concat();
        let whole = Head::from_request(&request);
        prop_assert_eq!(whole.is_ok(), ours.is_ok());
        match (&ours, Http1Head::parse(&request)) {
            (Ok(head), Ok(http)) => {
                prop_assert_eq!(format!("{head:?}"), format!("{:?}", http.head()));
                let (whole, body) = whole.expect("a head");
                prop_assert_eq!((format!("{whole:?}"), body), (format!("{head:?}"), http.len()));
            }
            (Ok(_), Err(_)) => prop_assert!(false, "accepted here alone: {}", lines.escape_ascii()),
            (Err(error), _) => {
                prop_assert_eq!(error.code(), "head-malformed");
                prop_assert!(damage.is_some(), "{}", lines.escape_ascii());
            }
        }
    }
}

/// Every byte at every place of a form, which is read eight bytes at a time: what is wrong, and where, by a slow look at each.
#[test]
fn every_byte_at_every_place_of_a_form() {
    let ring = Ring::from_secrets(["secret"]).expect("a secret");
    let url = SignedUrl::new("https://h.example/k/").expect("a URL");
    let verifier = Verifier::new(&ring, &url).expect("a verifier");
    let mut seen = std::collections::BTreeMap::new();
    for len in 1..=18 {
        for at in 0..len {
            for byte in 0..=255_u8 {
                let mut body = [&b"k="[..], &vec![b'x'; len]].concat();
                body[2 + at] = byte;
                let signature = kore_sha256(b"secret", "POST", url.as_str(), &body);
                let headers = [
                    ("kore-signature", signature.as_str()),
                    ("content-type", "application/x-www-form-urlencoded"),
                ];
                let said = verifier.verify(&Head::new("POST", headers), &body);
                let expected = match byte {
                    0 => Err(("nul-in-body", None)),
                    0x01..=0x1F | 0x7F => Err(("form-control-character", Some(2 + at))),
                    // The byte that is no lead, or the one that doesn't go on with the sequence: an x or the end.
                    0x80..=0xC1 | 0xF5..=0xFF => Err(("form-not-utf8", Some(2 + at))),
                    0xC2..=0xF4 => Err(("form-not-utf8", Some(3 + at))),
                    _ => Ok(()),
                };
                let said = said.map(drop).map_err(|error| (error.code(), error.offset()));
                assert_eq!(said, expected, "{}", body.escape_ascii());
                *seen.entry(said.map_or_else(|(code, _)| code, |()| "ok")).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(
        seen.into_iter().map(|(code, count)| (code, count / 171)).collect::<Vec<_>>(),
        [("form-control-character", 32), ("form-not-utf8", 128), ("nul-in-body", 1), ("ok", 95),]
    );
}

/// Every byte at every place of a signature, which is read eight digits at a time: only the one that belongs there verifies.
#[test]
fn every_byte_at_every_place_of_a_signature() {
    let ring = Ring::from_secrets(["secret"]).expect("a secret");
    let url = SignedUrl::new("https://h.example/k/").expect("a URL");
    let verifier = Verifier::new(&ring, &url).expect("a verifier");
    for body in [&b"k=1"[..], b"k=2"] {
        let right = kore_sha256(b"secret", "POST", url.as_str(), body);
        for at in 0..64 {
            for byte in 0..=255_u8 {
                let mut signature = right.clone().into_bytes();
                let expected = match byte {
                    _ if byte == signature[at] => "ok",
                    b'0'..=b'9' | b'a'..=b'f' => "signature-mismatch",
                    _ => "signature-format",
                };
                signature[at] = byte;
                let content_type = &b"application/x-www-form-urlencoded"[..];
                let headers = [("kore-signature", signature.as_slice()), ("content-type", content_type)];
                let said = verifier.verify(&Head::new("POST", headers), body);
                assert_eq!(said.map_or_else(|error| error.code(), |_| "ok"), expected, "{at}: {byte:#x}");
                let read = Signature::from_hex(&signature).map(|read| read.to_string().into_bytes());
                assert_eq!(read.ok(), (expected != "signature-format").then_some(signature));
            }
        }
    }
}
