//! Nothing is lost: not by `kill -9`, not by a store that fails, not by a stop.

use crate::{CALLBACK, Folder, PLAIN, SECRET, outcomes};
use korewebhook_tests::command::{Answer, Delivery, Receiver};
use std::io::Write as _;
use std::sync::Mutex;

#[test]
fn what_was_answered_with_2xx_survives_kill_9() {
    let folder = Folder::new();
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
        let answered = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for sender in 0..4 {
                let (receiver, answered) = (&receiver, &answered);
                scope.spawn(move || {
                    for number in 0.. {
                        let body = format!("round={round}&sender={sender}&number={number}").into_bytes();
                        let Ok(mut stream) = receiver.try_connect() else { return };
                        let _ = stream.write_all(&Delivery::new(SECRET, &body, "RQ1").request());
                        if Answer::read(&mut stream).status != 204 {
                            return;
                        }
                        answered.lock().expect("the list").push(body);
                    }
                });
            }
            // In the middle of it, after some were answered.
            while answered.lock().expect("the list").len() < 25 {
                std::thread::yield_now();
            }
            receiver.signal("KILL");
        });
        let (status, _) = receiver.wait();
        assert!(!status.success());
        acknowledged.extend(answered.into_inner().expect("the list"));
        let kept = folder.bodies();
        assert!(acknowledged.iter().all(|body| kept.contains(body)), "round {round}");
    }
    assert!(acknowledged.len() >= 75);
    // The retry of something that was acknowledged is recognised by the next process.
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let kept = folder.bodies().len();
    for body in acknowledged.iter().take(3) {
        assert_eq!(receiver.deliver(&Delivery::new(SECRET, body, "RQ1")).status, 204);
    }
    assert_eq!(outcomes(&receiver.stop().1), ["204 duplicate -"; 3]);
    assert_eq!(folder.bodies().len(), kept);
    let integrity = folder.database().query_row("PRAGMA integrity_check", (), |row| row.get::<_, String>(0));
    assert_eq!(integrity.as_deref(), Ok("ok"));
}

#[test]
fn store_trouble_is_503_until_it_is_over() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let delivery = Delivery::new(SECRET, CALLBACK, "RQ1");
    let locked = folder.database();
    locked.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    assert_eq!(receiver.deliver(&delivery).status, 503);
    locked.execute_batch("ROLLBACK; ALTER TABLE item RENAME TO elsewhere").expect("a table goes");
    assert_eq!(receiver.deliver(&delivery).status, 503);
    locked.execute_batch("ALTER TABLE elsewhere RENAME TO item").expect("it comes back");
    assert_eq!(folder.bodies().len(), 0, "nothing is kept by halves");
    // A refusal needs no store.
    assert_eq!(receiver.deliver(&Delivery::new("another-secret-01", CALLBACK, "RQ1")).status, 401);
    assert_eq!(receiver.deliver(&delivery).status, 204);
    let (status, log) = receiver.stop();
    assert!(status.success());
    let trouble = "503 store-error -";
    assert_eq!(outcomes(&log), [trouble, trouble, "401 refused signature-mismatch", "204 new -"]);
    assert_eq!(folder.bodies(), [CALLBACK]);
}

#[test]
fn a_stop_finishes_what_is_under_way() {
    for signal in ["TERM", "INT"] {
        let folder = Folder::new();
        let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
        let request = Delivery::new(SECRET, CALLBACK, "RQ1").request();
        let (head, rest) = request.split_at(request.len() - 10);
        let mut stream = receiver.connect();
        stream.write_all(head).expect("it is sent");
        // Another delivery, sent later, has been answered: so this one has been read as far as it goes.
        assert_eq!(receiver.deliver(&Delivery::new(SECRET, b"a=1", "RQ2")).status, 204);
        receiver.signal(signal);
        stream.write_all(rest).expect("it is sent");
        assert_eq!(Answer::read(&mut stream).status, 204, "{signal}");
        let (status, log) = receiver.wait();
        assert_eq!(status.code(), Some(0), "{signal}: {log:?}");
        assert_eq!(folder.bodies(), [b"a=1", CALLBACK], "{signal}");
    }
}

/// Deliveries that wait for a store that doesn't answer get their 503 while the sender still listens.
#[test]
fn nobody_waits_for_ever() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let locked = folder.database();
    locked.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    std::thread::scope(|scope| {
        for number in 0..8 {
            let receiver = &receiver;
            scope.spawn(move || {
                let body = format!("a={number}");
                assert_eq!(receiver.deliver(&Delivery::new(SECRET, body.as_bytes(), "RQ1")).status, 503);
            });
        }
    });
    let (status, log) = receiver.stop();
    assert_eq!(status.code(), Some(0), "a locked store doesn't keep it from stopping");
    assert_eq!(outcomes(&log), ["503 store-error -"; 8]);
    assert!(log.iter().any(|line| line.contains("too many deliveries are waiting")), "{log:?}");
    assert!(log.iter().any(|line| line.contains("locked")), "{log:?}");
}

/// A file that is gone is trouble, not a reason to write where nobody looks.
#[test]
fn an_inbox_that_is_gone_is_503() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    assert_eq!(receiver.deliver(&Delivery::new(SECRET, b"a=1", "RQ1")).status, 204);
    let elsewhere = folder.inbox().with_extension("moved");
    let parts = ["", "-wal", "-shm"];
    let rename = |from: &std::path::Path, to: &std::path::Path| {
        for part in parts {
            let name = |path: &std::path::Path| format!("{}{part}", path.display());
            let _ = std::fs::rename(name(from), name(to));
        }
    };
    rename(&folder.inbox(), &elsewhere);
    assert_eq!(receiver.deliver(&Delivery::new(SECRET, b"a=2", "RQ2")).status, 503);
    assert!(!folder.inbox().exists(), "it isn't made anew");
    rename(&elsewhere, &folder.inbox());
    assert_eq!(receiver.deliver(&Delivery::new(SECRET, b"a=2", "RQ2")).status, 204);
    drop(receiver);
    assert_eq!(folder.bodies(), [b"a=1", b"a=2"]);
}
