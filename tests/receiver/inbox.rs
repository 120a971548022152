//! What is kept, and what is recognised.

use crate::{CALLBACK, Folder, PLAIN, SECRET, outcomes};
use korewebhook_tests::command::{Delivery, Receiver};
use korewebhook_tests::vectors::load;
use serde::Deserialize as _;

#[test]
fn a_delivery_is_kept_once() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let delivery = Delivery::new(SECRET, CALLBACK, "RQa48ec9b6ef475034c35566c02b654243");
    for _ in 0..3 {
        assert_eq!(receiver.deliver(&delivery).status, 204);
    }
    let (_, log) = receiver.stop();
    assert_eq!(outcomes(&log), ["204 new -", "204 duplicate -", "204 duplicate -"]);
    assert_eq!(folder.bodies(), [CALLBACK]);
    let row = folder.database().query_row(
        "SELECT url, format, token, date, secret_index FROM delivery",
        (),
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
    );
    let expected: (String, String, String, i64, i64) = (
        "https://hooks.example.com/kore/".to_owned(),
        "form".to_owned(),
        "RQa48ec9b6ef475034c35566c02b654243".to_owned(),
        1_720_017_658,
        0,
    );
    assert_eq!(row, Ok(expected));
    assert_eq!(CALLBACK.len(), 145);
}

#[test]
fn events_are_recognised_one_by_one() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let event = |id: u32, data: u32| format!("{{ \"source\": \"s\", \"id\": \"{id}\", \"data\": {data} }}");
    let bodies = [
        format!("[{},\n {}]", event(1, 0), event(2, 0)),
        format!("[{}, {}]", event(2, 0), event(3, 0)),
        format!("[{}]", event(3, 7)),
        format!("[{}]", event(3, 7)),
        "[{}, {}]".to_owned(),
    ];
    for (body, token) in bodies.iter().zip(["RQ1", "RQ2", "RQ3", "RQ4", "RQ5"]) {
        assert_eq!(receiver.deliver(&Delivery::new(SECRET, body.as_bytes(), token)).status, 204);
    }
    let (_, log) = receiver.stop();
    assert_eq!(outcomes(&log), ["204 new -", "204 new -", "204 conflict -", "204 duplicate -", "204 new -"]);
    assert_eq!(folder.outcomes(), ["new", "new", "new", "conflict", "new"]);
    let stripped = |body: &String| body.replace([' ', '\n'], "").into_bytes();
    let kept: Vec<_> = bodies.iter().take(3).chain(bodies.last()).map(stripped).collect();
    assert_eq!(folder.bodies(), kept);
}

/// The sequences that need no clock and no second endpoint, as an inbox sees them: to store is to commit.
#[test]
fn the_sequences_of_the_vectors() {
    let names = [
        "retry_same_token_json",
        "replay_fresh_token_json",
        "same_id_other_content_json",
        "form_retry",
        "token_swap_suppression",
        "duplicate_top_level_id",
    ];
    let sequences: Vec<serde_json::Value> = load("replay_sequences");
    let sequences: Vec<_> = sequences
        .iter()
        .filter(|s| s.get("name").and_then(|n| n.as_str()).is_some_and(|n| names.contains(&n)))
        .collect();
    assert_eq!(sequences.len(), names.len());
    for sequence in sequences {
        #[derive(serde::Deserialize)]
        struct Step {
            body: String,
            token: String,
            outcome: String,
        }
        let folder = Folder::new();
        let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
        let steps = sequence.get("steps").cloned().expect("steps");
        let steps = Vec::<Step>::deserialize(steps).expect("steps");
        for step in &steps {
            let body = korewebhook_tests::oracle::unhex(&step.body);
            assert_eq!(receiver.deliver(&Delivery::new(SECRET, &body, &step.token)).status, 204);
        }
        let (_, log) = receiver.stop();
        let expected: Vec<_> = steps.iter().map(|step| format!("204 {} -", step.outcome)).collect();
        assert_eq!(outcomes(&log), expected, "{sequence}");
    }
}

#[test]
fn without_a_token_nothing_is_dropped() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let delivery = Delivery { secret: SECRET, body: b"SimStatus=active", token: None };
    for _ in 0..2 {
        assert_eq!(receiver.deliver(&delivery).status, 204);
    }
    let (_, log) = receiver.stop();
    assert_eq!(outcomes(&log), ["204 new -", "204 repeat-body -"]);
    assert_eq!(folder.bodies().len(), 2);
}

/// Many connections at once: each delivery is kept once, however often it comes.
#[test]
fn a_race_keeps_each_delivery_once() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for number in 0..20 {
                    let body = format!("[{{\"source\":\"s\",\"id\":\"{number}\"}}]");
                    let answer = receiver.deliver(&Delivery::new(SECRET, body.as_bytes(), "RQ1"));
                    assert_eq!(answer.status, 204);
                }
            });
        }
    });
    let (_, log) = receiver.stop();
    let counted = |outcome: &str| outcomes(&log).iter().filter(|line| *line == outcome).count();
    assert_eq!((counted("204 new -"), counted("204 duplicate -")), (20, 140));
    let mut bodies = folder.bodies();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), 20);
}

/// A signed body of many items that are all the same costs no more than one of as many that differ.
#[test]
fn many_equal_items() {
    let folder = Folder::new();
    let receiver = Receiver::start(SECRET, &folder.inbox(), &PLAIN);
    let body = format!("[{{\"source\":\"s\",\"id\":\"1\"}}{}]", ",0".repeat(300_000));
    for _ in 0..2 {
        assert_eq!(receiver.deliver(&Delivery::new(SECRET, body.as_bytes(), "RQ1")).status, 204);
    }
    let (status, log) = receiver.stop();
    assert!(status.success());
    let counted: Vec<_> =
        log.iter().filter_map(|line| line.split_once("items=")).map(|(_, counts)| counts).collect();
    assert_eq!(counted, ["300001 new=2 repeat-body=299999", "300001 duplicate=300001"]);
    assert_eq!(folder.outcomes(), ["new", "new"]);
}
