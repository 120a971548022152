//! Clients that break off, lie or never stop. Others are served all the while.

use crate::{CALLBACK, Folder, PLAIN, SECRET};
use korewebhook_tests::command::{Answer, Delivery, Receiver};
use std::io::{Read as _, Write as _};
use std::net::Shutdown;

fn still_serves(receiver: &Receiver, folder: &Folder, token: &str) {
    let before = folder.bodies().len();
    assert_eq!(receiver.deliver(&Delivery::new(SECRET, CALLBACK, token)).status, 204);
    assert_eq!(folder.bodies().len(), before + 1);
}

#[test]
fn half_a_body() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let request = Delivery::new(SECRET, CALLBACK, "RQ1").request();
    for len in [10, request.len() - CALLBACK.len(), request.len() - 1] {
        let mut stream = receiver.connect();
        stream.write_all(&request[..len]).expect("it is sent");
        stream.shutdown(Shutdown::Write).expect("half closed");
        let answer = Answer::read(&mut stream);
        assert!(!(200..300).contains(&answer.status), "{answer:?}");
        // And one that is simply gone.
        let mut stream = receiver.connect();
        stream.write_all(&request[..len]).expect("it is sent");
    }
    assert_eq!(folder.bodies().len(), 0);
    still_serves(&receiver, &folder, "RQ2");
}

#[test]
fn a_lying_content_length() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let delivery = Delivery::new(SECRET, CALLBACK, "RQ1");
    let head = delivery.head();
    let with = |length: &str| {
        let head = head.replace("Content-Length: 145", &format!("Content-Length: {length}"));
        [head.as_bytes(), b"\r\n", CALLBACK].concat()
    };
    assert_eq!(
        receiver.send(&with("144")).status,
        401,
        "the body that was announced isn't the one that was signed"
    );
    let mut stream = receiver.connect();
    stream.write_all(&with("146")).expect("it is sent");
    stream.shutdown(Shutdown::Write).expect("half closed");
    let status = Answer::read(&mut stream).status;
    assert!(!(200..300).contains(&status), "{status}");
    for nonsense in ["-1", "145, 146", "145\r\nContent-Length: 146", "1e2", "99999999999999999999999"] {
        let status = receiver.send(&with(nonsense)).status;
        assert!(matches!(status, 400 | 413 | 431), "{nonsense}: {status}");
    }
    let both = receiver.send(&with("145\r\nTransfer-Encoding: chunked")).status;
    assert!(!(200..300).contains(&both), "{both}");
    assert_eq!(folder.bodies().len(), 0);
    still_serves(&receiver, &folder, "RQ2");
}

#[test]
fn a_hundred_mebibytes() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let head = Delivery::new(SECRET, CALLBACK, "RQ1").head();
    let announced = head.replace("Content-Length: 145", "Content-Length: 104857600");
    let chunked = head.replace("Content-Length: 145", "Transfer-Encoding: chunked");
    for head in [announced, chunked] {
        let mut stream = receiver.connect();
        stream.write_all(format!("{head}\r\n").as_bytes()).expect("it is sent");
        let piece = [&b"100000\r\n"[..], &vec![b'x'; 1 << 20], b"\r\n"].concat();
        // The receiver may close at any time; what was answered can still be read.
        let sent = (0..100).take_while(|_| stream.write_all(&piece).is_ok()).count();
        let answer = Answer::read(&mut stream);
        assert!(answer.status == 413 || sent < 100, "{answer:?} after {sent} MiB");
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", receiver.id())).expect("Linux");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    assert!(peak.is_some_and(|peak| peak < 64 << 10), "peak memory: {peak:?} KiB");
    assert_eq!(folder.bodies().len(), 0);
    still_serves(&receiver, &folder, "RQ2");
}

#[test]
fn nothing_at_all() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let mut silent = receiver.connect();
    let mut slow = receiver.connect();
    slow.write_all(b"POST / HTTP/1.1\r\nHost:").expect("it is sent");
    still_serves(&receiver, &folder, "RQ1");
    // Both are closed by the receiver before the read here gives up.
    let mut rest = Vec::new();
    assert!(silent.read_to_end(&mut rest).is_ok(), "closed");
    let status = Answer::read(&mut slow).status;
    assert!(matches!(status, 0 | 408), "{status}");
    still_serves(&receiver, &folder, "RQ2");
}

#[test]
fn a_body_that_never_ends() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let mut slow = receiver.connect();
    let request = Delivery::new(SECRET, CALLBACK, "RQ1").request();
    slow.write_all(&request[..request.len() - 1]).expect("it is sent");
    still_serves(&receiver, &folder, "RQ2");
    assert_eq!(Answer::read(&mut slow).status, 503, "so that the sender comes again");
    still_serves(&receiver, &folder, "RQ3");
}

#[test]
fn garbage() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let long = "x".repeat(100_000);
    let many = "a: b\r\n".repeat(1000);
    let requests = [
        "\0\0\0\0\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\x7c\x03\x03",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST / HTTP/9.9\r\n\r\n",
        "POST /\r\n\r\n",
        &format!("POST / HTTP/1.1\r\nHost: x\r\nA: {long}\r\n\r\n"),
        &format!("POST / HTTP/1.1\r\nHost: x\r\n{many}\r\n"),
        &format!("POST /{long} HTTP/1.1\r\nHost: x\r\n\r\n"),
    ];
    for request in requests {
        let mut stream = receiver.connect();
        let _ = stream.write_all(request.as_bytes());
        let _ = stream.shutdown(Shutdown::Write);
        let status = Answer::read(&mut stream).status;
        assert!(!(200..300).contains(&status), "{status}");
    }
    still_serves(&receiver, &folder, "RQ1");
}

/// More connections than allowed: the next one is told to come again, and is served once there is room.
#[test]
fn too_many_connections() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &["--max-connections", "2"]);
    let request = Delivery::new(SECRET, CALLBACK, "RQ1").request();
    let mut held: Vec<_> = (0..2).map(|_| receiver.connect()).collect();
    for stream in &mut held {
        stream.write_all(&request[..request.len() - 1]).expect("it is sent");
    }
    assert_eq!(receiver.deliver(&Delivery::new(SECRET, CALLBACK, "RQ2")).status, 503);
    for mut stream in held {
        stream.write_all(&request[request.len() - 1..]).expect("it is sent");
        assert_eq!(Answer::read(&mut stream).status, 204);
    }
    still_serves(&receiver, &folder, "RQ3");
}
