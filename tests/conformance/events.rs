//! Events and form fields of a verified body.

use korewebhook::{Event, Events, Fields, FormText, Head, JsonText, SignedUrl, Verifier};
use korewebhook_tests::Ring;
use korewebhook_tests::oracle::{kore_sha256, strip_json};

const SECRET: &str = "a35974bdf1c769b8bb";
const URL: &str = "https://hooks.example.com/kore/";

fn verified<T>(
    content_type: &str,
    body: &[u8],
    signed: &[u8],
    then: impl FnOnce(Events<'_>, Fields<'_>) -> T,
) -> T {
    let ring = Ring::from_secrets([SECRET]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    let verifier = Verifier::new(&ring, &url).expect("a verifier");
    let signature = kore_sha256(SECRET.as_bytes(), "POST", URL, signed);
    let head = Head::new("POST", [("kore-signature", signature.as_str()), ("content-type", content_type)]);
    let delivery = verifier.verify(&head, body).expect("it verifies");
    then(delivery.events(), delivery.fields())
}

fn events<T>(body: &str, then: impl FnOnce(&[Event<'_>]) -> T) -> T {
    let body = body.as_bytes();
    verified("application/json", body, &strip_json(body), |events, fields| {
        assert_eq!(fields.count(), 0, "JSON has no fields");
        then(&events.collect::<Vec<_>>())
    })
}

fn raw(text: Option<JsonText<'_>>) -> Option<&str> {
    text.and_then(|text| std::str::from_utf8(text.raw()).ok())
}

#[test]
fn an_array_of_events() {
    let body = r#" [ {
        "specversion" : "1.0", "id":"e1", "source":"kore-events", "type":"com.kore.eventstreams.test.event",
        "time" : "2024-09-25T19:09:48.5842087+00:00", "dataschema":"/schemas/test/1", "datacontenttype":"application/json",
        "data" : { "a" : [ 1 , "}" ] , "b\"]" : {} }, "unknown" : -1.5e3
      } , {"id":"e2"} , 7 , "x]" , [ {"id":"e3"} ] , null ] "#;
    events(body, |events| {
        let spans: Vec<_> = events.iter().map(|event| event.span().len()).collect();
        assert_eq!(events.len(), 6);
        assert_eq!(
            events.iter().map(Event::is_object).collect::<Vec<_>>(),
            [true, true, false, false, false, false]
        );
        let [first, second, ..] = events else { panic!("{spans:?}") };
        assert_eq!(raw(first.id()), Some("e1"));
        assert_eq!(raw(first.source()), Some("kore-events"));
        assert_eq!(raw(first.type_()), Some("com.kore.eventstreams.test.event"));
        assert_eq!(raw(first.dataschema()), Some("/schemas/test/1"));
        assert_eq!(first.time_ms(), Some(1_727_291_388_584));
        assert_eq!(first.data(), Some(&br#"{ "a" : [ 1 , "}" ] , "b\"]" : {} }"#[..]));
        assert_eq!(first.member("unknown"), Some(&b"-1.5e3"[..]));
        assert_eq!(first.members().count(), 9);
        assert_eq!((raw(second.id()), second.source(), second.data()), (Some("e2"), None, None));
        assert_eq!(events.iter().skip(2).map(|event| event.members().count()).collect::<Vec<_>>(), [0; 4]);
        assert_eq!(spans.get(2..), Some(&[1, 4, 15, 4][..]));
    });
}

#[test]
fn one_event() {
    events("\n{\"id\":\"e1\"}\n", |events| {
        assert_eq!(events.iter().map(|event| raw(event.id())).collect::<Vec<_>>(), [Some("e1")]);
    });
    events("[]", |events| assert!(events.is_empty()));
    events("{ }", |events| {
        assert_eq!(events.iter().map(|event| event.members().count()).collect::<Vec<_>>(), [0]);
    });
}

#[test]
fn names_are_compared_after_unescaping() {
    events(r#"{"\u0069\u0064":"e1","sourc\u0065":"s"}"#, |events| {
        assert_eq!(
            events.iter().map(|e| (raw(e.id()), raw(e.source()))).collect::<Vec<_>>(),
            [(Some("e1"), Some("s"))]
        );
    });
    for ambiguous in [
        r#"{"id":"e1","\u0069d":"e2"}"#,
        r#"{"id":"e1","id":"e1"}"#,
        r#"{"id":1}"#,
        r#"{"id":null}"#,
        r#"{"id":["e1"]}"#,
        r#"{"id":""}"#,
        r#"{"ID":"e1"}"#,
        r#"{"id ":"e1"}"#,
        r#"{"x":{"id":"e1"}}"#,
        r#"{"\\u0069d":"e1"}"#,
    ] {
        events(ambiguous, |events| assert!(events.iter().all(|event| event.id().is_none()), "{ambiguous}"));
    }
}

#[test]
fn escapes() {
    events(
        r#"{"id":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é😀","source":"\ud800x","type":"\ud800\u0041"}"#,
        |events| {
            let [event] = events else { panic!("one event") };
            let id = event.id().expect("an id");
            let mut out = [0; 64];
            assert_eq!(id.decode_into(&mut out), Ok("\"\\/\u{8}\u{c}\n\r\té😀é😀"));
            assert!(id.is("\"\\/\u{8}\u{c}\n\r\té😀é😀"));
            let mut small = [7; 3];
            assert_eq!(id.decode_into(&mut small).map_err(|e| e.code()), Err("buffer-too-small"));
            assert_eq!(small, [7; 3]);
            for lone in [event.source(), event.type_()] {
                assert_eq!(
                    lone.expect("text").decode_into(&mut out).map_err(|e| e.code()),
                    Err("json-malformed")
                );
            }
            assert_eq!(event.source().expect("text").chars().collect::<Vec<_>>(), [None, Some('x')]);
            assert_eq!(event.type_().expect("text").chars().collect::<Vec<_>>(), [None, Some('A')]);
        },
    );
}

#[test]
fn times() {
    let cases = [
        ("2024-09-25T19:09:48Z", Some(1_727_291_388_000)),
        ("2024-09-25t19:09:48.5z", Some(1_727_291_388_500)),
        ("2024-09-25T21:09:48.999999999+02:00", Some(1_727_291_388_999)),
        ("2024-09-25T13:39:48-05:30", Some(1_727_291_388_000)),
        ("1970-01-01T00:00:00Z", Some(0)),
        ("1970-01-01T00:00:00+00:01", None),
        ("1969-12-31T23:59:59-00:01", Some(59_000)),
        ("2024-09-25T19:09:48", None),
        ("2024-09-25T19:09:48.Z", None),
        ("2024-09-25T19:09:48+24:00", None),
        ("2024-09-25T19:09:48+0000", None),
        ("2024-02-30T19:09:48Z", None),
        ("2024-09-25T19:09:48Z ", None),
    ];
    for (time, expected) in cases {
        events(&format!(r#"{{"time":"{time}"}}"#), |events| {
            assert_eq!(events.iter().map(Event::time_ms).collect::<Vec<_>>(), [expected], "{time}");
        });
    }
}

#[test]
fn a_stored_body_is_checked_again() {
    assert_eq!(Events::from_verified(b"[{},{}]").map(Iterator::count), Ok(2));
    assert_eq!(Events::from_verified(b"[{}").map(|_| ()).map_err(|e| e.code()), Err("json-malformed"));
    assert_eq!(Events::from_verified(b"7").map(|_| ()).map_err(|e| e.code()), Err("json-top-level"));
}

#[test]
fn form_fields() {
    let body = b"SimSid=HS01&Name=caf%C3%A9+%26%2Bmore&bad=%zz%4&&empty=&bare&x=1&x=2&=anon";
    verified("application/x-www-form-urlencoded", body, body, |events, fields| {
        assert_eq!(events.count(), 0, "a form has no events");
        let decode = |text: FormText<'_>| String::from_utf8(text.decode().collect()).expect("UTF-8");
        let all: Vec<_> = fields.clone().map(|(name, value)| (decode(name), decode(value))).collect();
        let expected = [
            ("SimSid", "HS01"),
            ("Name", "café &+more"),
            ("bad", "%zz%4"),
            ("empty", ""),
            ("bare", ""),
            ("x", "1"),
            ("x", "2"),
            ("", "anon"),
        ];
        assert_eq!(all, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(fields.clone().only(b"SimSid").map(decode), Some("HS01".to_owned()));
        assert_eq!(fields.clone().only(b"x"), None, "which of the two?");
        assert_eq!(fields.clone().only(b"absent"), None);
        let name = fields.only(b"Name").expect("a field");
        let (mut out, mut small) = ([0; 32], [7; 11]);
        assert_eq!(name.decode_into(&mut out).map(|o| o.to_vec()), Ok("café &+more".as_bytes().to_vec()));
        assert_eq!(name.decode_into(&mut small).map(|_| ()).map_err(|e| e.code()), Err("buffer-too-small"));
        assert_eq!(small, [7; 11]);
    });
}
