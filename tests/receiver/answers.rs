//! 204, one opaque 401, 413: and why, in the log only.

use crate::{CALLBACK, Folder, PLAIN, SECRET, outcomes};
use korewebhook_tests::command::{Answer, Delivery, Receiver, URL};
use korewebhook_tests::oracle::kore_sha256;
use korewebhook_tests::vectors::{Case, load};

#[test]
fn a_refusal_is_one_opaque_401() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let good = Delivery::new(SECRET, CALLBACK, "RQ1");
    let request = String::from_utf8(good.request()).expect("text");
    let wrong = |from: &str, to: &str| {
        assert!(request.contains(from), "{from}");
        receiver.send(request.replace(from, to).as_bytes())
    };
    let answers = [
        wrong("SimStatus=active", "SimStatus=ACTIVE"),
        wrong("Kore-Signature", "Kore_Signature"),
        wrong("Kore-Signature: ", "Kore-Signature: 0"),
        wrong("Kore-Signature", "Kore-Signature: \r\nKore-Signature"),
        wrong("application/x-www-form-urlencoded", "text/plain"),
        wrong("utf-8", "utf-7"),
        wrong("Accept: */*", "Content-Encoding: gzip"),
        wrong("POST", "PUT"),
        wrong("ApiVersion=v1&", "ApiVersion\0=1&"),
        receiver.deliver(&Delivery::new("another-secret-01", CALLBACK, "RQ1")),
        receiver.deliver(&Delivery::new(SECRET, b"", "RQ1")),
        receiver.deliver(&Delivery::new(SECRET, b"{\"a\":1 2}", "RQ1")),
    ];
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [401; 12]);
    let first = answers.first().map(|answer| &answer.text);
    assert!(
        answers.iter().all(|answer| Some(&answer.text) == first),
        "every refusal looks the same: {answers:?}"
    );
    assert!(!first.expect("an answer").contains("signature"));
    let (status, log) = receiver.stop();
    assert!(status.success());
    let reasons = [
        "signature-mismatch",
        "signature-missing",
        "signature-format",
        "signature-duplicate",
        "content-type",
        "charset",
        "content-encoding",
        "method-unsupported",
        "nul-in-body",
        "signature-mismatch",
        "empty-body",
        "json-malformed",
    ];
    assert_eq!(outcomes(&log), reasons.map(|reason| format!("401 refused {reason}")));
    assert_eq!(folder.bodies(), Vec::<Vec<u8>>::new());
    assert!(log.iter().all(|line| !line.contains(SECRET)));
    let signature = kore_sha256(SECRET.as_bytes(), "POST", URL, CALLBACK);
    assert!(log.iter().all(|line| !line.contains(&signature)));
}

/// The vectors for this URL, each over HTTP: accepted ones get 204, refused ones 401 with the reason of the
/// vector in the log.
#[test]
fn the_vectors_over_http() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    // What an HTTP client can't write, and the client here, which says Content-Length, can't leave out.
    let sendable = |case: &Case| {
        let text = |bytes: &str| bytes.bytes().all(|b| (0x20..0x7F).contains(&b));
        let name = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        case.url.split(['?', '#']).next() == Some(URL)
            && case.secrets() == [SECRET.as_bytes()]
            && case.method.bytes().all(|b| b.is_ascii_alphabetic())
            && case.headers().all(|(n, v)| name(n) && text(v) && v.len() < 8000)
            && case.headers().all(|(_, v)| v == v.trim())
            && case.method != "CONNECT"
    };
    let cases: Vec<Case> = load::<Case>("cases").into_iter().filter(sendable).collect();
    let mut expected = Vec::new();
    for case in &cases {
        let body = korewebhook_tests::oracle::unhex(&case.body);
        let headers: String = case.headers().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!(
            "{} /any/path HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
            case.method,
            body.len()
        );
        let answer = receiver.send(&[head.as_bytes(), &body].concat());
        assert_eq!(
            answer.status,
            if case.expect == "accept" { 204 } else { 401 },
            "{}: {answer:?}",
            case.name
        );
        expected.push(if case.expect == "accept" { "-" } else { &case.reason });
    }
    let (status, log) = receiver.stop();
    assert!(status.success());
    let reasons: Vec<_> =
        outcomes(&log).iter().map(|line| line.split(' ').nth(2).unwrap_or_default().to_owned()).collect();
    assert_eq!(reasons, expected);
    assert_eq!(cases.len(), 218);
}

#[test]
fn a_rotation_loses_nothing() {
    let folder = Folder::new();
    let receiver = Receiver::start(&format!("{SECRET},pending-secret-01"), &folder.inbox(), &PLAIN);
    assert_eq!(receiver.deliver(&Delivery::new(SECRET, b"a=1", "RQ1")).status, 204);
    assert_eq!(receiver.deliver(&Delivery::new("pending-secret-01", b"a=2", "RQ2")).status, 204);
    // The retry of a delivery is signed anew after the rotation.
    assert_eq!(receiver.deliver(&Delivery::new("pending-secret-01", b"a=1", "RQ1")).status, 204);
    let (_, log) = receiver.stop();
    assert_eq!(outcomes(&log), ["204 new -", "204 new -", "204 duplicate -"]);
    let secrets: Vec<_> =
        log.iter().filter_map(|line| line.split(" secret=").nth(1)?.split(' ').next()).collect();
    assert_eq!(secrets, ["0", "1", "1"]);
    assert_eq!(folder.bodies(), [b"a=1", b"a=2"]);
}

#[test]
fn the_bound_is_413() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &["--max-body", "100"]);
    let exact = [&b"a="[..], &[b'x'; 98]].concat();
    assert_eq!(receiver.deliver(&Delivery::new(SECRET, &exact, "RQ1")).status, 204);
    let over = [&exact[..], b"x"].concat();
    let over = Delivery::new(SECRET, &over, "RQ2");
    assert_eq!(receiver.deliver(&over).status, 413);
    // From the head alone: no byte of the body is sent.
    assert_eq!(receiver.send([over.head().as_bytes(), b"\r\n"].concat().as_slice()).status, 413);
    // Without a length in the head.
    let chunked = over.head().replace("Content-Length: 101", "Transfer-Encoding: chunked");
    let body = [&b"\r\n65\r\n"[..], over.body, b"\r\n0\r\n\r\n"].concat();
    assert_eq!(receiver.send(&[chunked.as_bytes(), &body].concat()).status, 413);
    let (_, log) = receiver.stop();
    let too_large = "413 refused body-too-large";
    assert_eq!(outcomes(&log), ["204 new -", too_large, too_large, too_large]);
}

#[test]
fn chunked_bodies_and_trailers() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let delivery = Delivery::new(SECRET, b"{ \"a\": [1, 2] }", "RQ1");
    let head = delivery.head().replace("Content-Length: 15", "Transfer-Encoding: chunked");
    let body = "\r\n7\r\n{ \"a\": \r\n8\r\n[1, 2] }\r\n0\r\nKore-Signature: 00\r\n\r\n";
    assert_eq!(receiver.send(format!("{head}{body}").as_bytes()).status, 204);
    assert_eq!(folder.bodies(), [b"{\"a\":[1,2]}"]);
}

/// A connection is used again, as a proxy in front does.
#[test]
fn keep_alive() {
    use std::io::Write as _;
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let first = String::from_utf8(Delivery::new(SECRET, b"a=1", "RQ1").request()).expect("text");
    let first = first.replace("Connection: close\r\n", "");
    let last = Delivery::new(SECRET, b"a=2", "RQ2").request();
    let mut stream = receiver.connect();
    stream.write_all(&[first.as_bytes(), &last].concat()).expect("it is sent");
    let answer = Answer::read(&mut stream);
    assert_eq!(answer.text.matches("HTTP/1.1 204").count(), 2, "{answer:?}");
    assert_eq!(folder.bodies(), [b"a=1", b"a=2"]);
}
