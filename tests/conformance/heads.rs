//! Raw HTTP/1.1 heads, content types and form fields.

use korewebhook::header::{Field, MAX_FIELDS, NAMES, delivery_headers};
use korewebhook::{Format, Head, Http1Head, Token, Unsigned};

const SAMPLE: &str = "POST /path?foo=bar HTTP/1.1\r
Host: 0956-2003-cf-5743-1000-651f-7e56-33f7-c3b3.ngrok-free.app\r
User-Agent: KoreProxy/1.1\r
Content-Length: 161\r
Accept: */*\r
Content-Type: application/x-www-form-urlencoded; charset=utf-8\r
Date: 2024-07-03T14:40:58Z\r
Kore-Idempotency-Token: RQa48ec9b6ef475034c35566c02b654243\r
Kore-Signature: 2fdbc0ab1394cc8d37b8dabb74634aa9a951021a9b161f9c7a2186dc490b18b9\r
X-Forwarded-For: 98.80.223.69\r
\r
ApiVersion=v1";

/// The sample delivery of KORE's documentation.
#[test]
fn the_head_of_a_captured_request() {
    for request in [SAMPLE.to_owned(), SAMPLE.replace('\r', "")] {
        let http = Http1Head::parse(request.as_bytes()).expect("a head");
        assert_eq!((http.method(), http.target()), ("POST", "/path?foo=bar"));
        assert_eq!(request.get(http.len()..), Some("ApiVersion=v1"));
        assert_eq!(http.field("content-length"), Field::One(b"161"));
        assert_eq!(http.field("x-absent"), Field::Absent);
        assert_eq!(http.fields().count(), 9);
        let head = http.head();
        assert_eq!(head.method(), b"POST");
        assert_eq!(head.date(), Unsigned::Value(1_720_017_658));
        assert_eq!(head.token().value().map(Token::as_str), Some("RQa48ec9b6ef475034c35566c02b654243"));
    }
}

/// Fields that were looked up give what the pairs give from which they were taken.
#[test]
fn fields_that_were_looked_up() {
    assert_eq!(
        NAMES,
        ["kore-signature", "content-type", "content-encoding", "kore-idempotency-token", "date"]
    );
    let values: [Field<'_>; 5] =
        [Field::One(b"s"), Field::One(b"t"), Field::Absent, Field::Many, Field::One(b"2024-07-03T14:40:58Z")];
    let pairs = [
        ("date", "2024-07-03T14:40:58Z"),
        ("Kore-Idempotency-Token", "a"),
        ("Content-Type", "t"),
        ("kore-idempotency-token", "b"),
        ("KORE-SIGNATURE", "s"),
    ];
    let head = Head::from_fields(b"POST", values);
    assert_eq!(format!("{head:?}"), format!("{:?}", Head::new("POST", pairs)));
    assert_eq!(
        (head.method(), head.token(), head.date()),
        (&b"POST"[..], Unsigned::Duplicate, Unsigned::Value(1_720_017_658))
    );
}

#[test]
fn what_is_no_complete_head_is_refused() {
    let fields = |count: usize| ["POST / HTTP/1.1\r\n", &"a: b\r\n".repeat(count), "\r\n"].concat();
    assert!(Http1Head::parse(fields(MAX_FIELDS).as_bytes()).is_ok());
    let malformed = [
        "",
        "POST",
        "POST / HTTP/1.1\r\n",
        "POST / HTTP/1.1\r\nno colon\r\n\r\n",
        "POST / HTTP/1.1\r\nspace : x\r\n\r\n",
        "POST / SPDY/3\r\n\r\n",
        &fields(MAX_FIELDS + 1),
    ];
    for request in malformed {
        assert_eq!(
            Http1Head::parse(request.as_bytes()).map(drop).map_err(|e| e.code()),
            Err("head-malformed"),
            "{request:?}"
        );
    }
}

#[test]
fn content_types() {
    use Format::{Form, Json};
    let cases: &[(&str, Result<Format, &str>)] = &[
        ("application/json", Ok(Json)),
        ("APPLICATION/JSON ; Charset=UTF-8", Ok(Json)),
        ("application/json;", Ok(Json)),
        ("application/json;;charset=utf-8;", Ok(Json)),
        ("application/json; a=\"x;charset=utf-7\"", Ok(Json)),
        ("application/vnd.kore.v1+json", Ok(Json)),
        ("application/json; charset=utf-8", Ok(Json)),
        ("application/x-www-form-urlencoded", Ok(Form)),
        ("application/x-www-form-urlencoded; charset=utf-8", Ok(Form)),
        ("application/x-www-form-urlencoded; charset=utf-8;", Ok(Form)),
        ("application/jsonx", Err("content-type")),
        ("application/x-www-form-urlencode", Err("content-type")),
        ("application/json; charset=utf-8x", Err("charset")),
        ("application/+json", Err("content-type")),
        ("application/a b+json", Err("content-type")),
        ("application/json charset=utf-8", Err("content-type")),
        ("application/json; charset", Err("content-type")),
        ("application/json; charset=", Err("content-type")),
        ("application/json; charset =utf-8", Err("content-type")),
        ("application/json; a=b c=d", Err("content-type")),
        ("application/json; a=\"b", Err("content-type")),
        ("application/json; charset=utf-8; charset=utf-8; bad bad", Err("content-type")),
        ("application/json; a=\"\\\u{1}\"", Err("content-type")),
        ("application/json; a=\"\u{7f}\"", Err("content-type")),
        ("application/json; a=\"\\\"\t\u{e9}\"", Ok(Json)),
        (" application/json", Err("content-type")),
        ("text/json", Err("content-type")),
        ("application", Err("content-type")),
        ("application/json; charset=utf-8; charset=utf-8", Err("charset")),
        ("application/json; charset=utf-8; charset=utf-16", Err("charset")),
        ("application/json; charset=\"utf\\-8\"", Err("charset")),
        ("application/json; charset=utf8", Err("charset")),
        ("application/json; charset=us-ascii", Err("charset")),
    ];
    for (value, expected) in cases {
        assert_eq!(Format::from_content_type(value.as_bytes()).map_err(|e| e.code()), *expected, "{value}");
    }
    let long = format!("application/json; a={}", "x".repeat(8192));
    assert_eq!(Format::from_content_type(long.as_bytes()).map_err(|e| e.code()), Err("content-type"));
}

/// The names and values of the sample delivery of KORE's documentation.
#[test]
fn the_headers_of_a_delivery() {
    let token = Token::new(b"RQa48ec9b6ef475034c35566c02b654243").expect("a token");
    let headers = delivery_headers(Format::Form, "2024-07-03T14:40:58Z", token, "2fdb");
    let sample = SAMPLE.to_lowercase();
    for (name, value) in headers {
        assert!(sample.contains(&format!("{name}: {}", value.to_lowercase())), "{name}: {value}");
    }
    assert_eq!(
        delivery_headers(Format::Json, "", token, "").first(),
        Some(&("content-type", "application/json"))
    );
}
