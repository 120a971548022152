//! The sequences of the vectors, run against the guard.

use korewebhook::replay::{LeaseError, Outcome, Place, ReplayGuard, ReplayKey, Retention};
use korewebhook::{Head, SignedUrl, Token, Verifier};
use korewebhook_tests::Ring;
use korewebhook_tests::oracle::{kore_sha256, unhex};
use korewebhook_tests::vectors::load;
use serde::Deserialize;

#[derive(Deserialize)]
struct Sequence {
    name: String,
    lease: Option<u64>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    op: Option<String>,
    owner_of_step: Option<u8>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    token: String,
    url: Option<String>,
    t: u64,
    handler: Option<String>,
    outcome: String,
}

const SECRET: &[u8] = b"a35974bdf1c769b8bb";
const URL: &str = "https://hooks.example.com/kore/";
const EPOCH_MS: u64 = 1_727_291_388_000;

/// The keys of a body that was signed and verified.
fn keys(url: &str, body: &[u8]) -> Vec<ReplayKey> {
    let ring = Ring::from_secrets([SECRET]).expect("a secret");
    let signed_url = SignedUrl::new(url).expect("a URL");
    let verifier = Verifier::new(&ring, &signed_url).expect("a verifier");
    let json = matches!(body.first(), Some(b'{' | b'['));
    let content_type = if json { "application/json" } else { "application/x-www-form-urlencoded" };
    let signature = kore_sha256(SECRET, "POST", url, body);
    let head = Head::new("POST", [("kore-signature", signature.as_str()), ("content-type", content_type)]);
    let delivery = verifier.verify(&head, body).expect("it verifies");
    let mut places = [ReplayKey::EMPTY; 8];
    verifier.keys().replay(&delivery, &mut places).expect("keys").to_vec()
}

fn owner(step: u8) -> [u8; 16] {
    [step; 16]
}

fn named(result: Result<(), LeaseError>) -> &'static str {
    result.map_or_else(LeaseError::name, |()| "ok")
}

#[test]
fn replay_sequences() {
    let sequences: Vec<Sequence> = load("replay_sequences");
    assert_eq!(sequences.len(), 11);
    let mut steps = 0;
    for sequence in sequences {
        let mut retention = Retention::DEFAULT;
        retention.max_age_ms = None;
        retention.lease_ms = sequence.lease.unwrap_or(12) * 1000;
        let mut guard = ReplayGuard::<16>::new(retention);
        let mut claimed: Vec<Vec<ReplayKey>> = Vec::new();
        for (at, step) in (0_u8..).zip(&sequence.steps) {
            let (now_ms, at_step) = (EPOCH_MS + step.t * 1000, format!("{}, step {at}", sequence.name));
            steps += 1;
            if let Some(op) = &step.op {
                let of = step.owner_of_step.expect("an operation has an owner");
                let keys = claimed.get(usize::from(of)).expect("an earlier step");
                let result = match op.as_str() {
                    "release" => guard.release(keys, &owner(of)),
                    "commit" => guard.commit(keys, &owner(of), now_ms),
                    other => panic!("{at_step}: {other}"),
                };
                assert_eq!(named(result), step.outcome, "{at_step}");
                claimed.push(Vec::new());
                continue;
            }
            let mut keys = keys(step.url.as_deref().unwrap_or(URL), &unhex(&step.body));
            guard.claim(&mut keys, Token::new(step.token.as_bytes()), &owner(at), now_ms);
            let outcomes: Vec<_> = keys.iter().filter_map(ReplayKey::outcome).map(Outcome::name).collect();
            assert_eq!(outcomes, [step.outcome.as_str()], "{at_step}");
            match step.handler.as_deref() {
                Some("ok") => assert_eq!(guard.commit(&keys, &owner(at), now_ms), Ok(()), "{at_step}"),
                Some("error") => assert_eq!(guard.release(&keys, &owner(at)), Ok(()), "{at_step}"),
                // A crash settles nothing; a slow handler is settled by a later step, if at all.
                _ => {}
            }
            claimed.push(keys);
        }
    }
    assert_eq!(steps, 27);
}

const EVENT: &[u8] = br#"{"source":"kore-events","id":"e1","time":"2024-09-25T19:09:48.5842087+00:00"}"#;

fn outcome<const N: usize>(
    guard: &mut ReplayGuard<N>,
    keys: &mut [ReplayKey],
    token: &str,
    by: u8,
    now_ms: u64,
) -> Vec<Outcome> {
    guard.claim(keys, Token::new(token.as_bytes()), &owner(by), now_ms);
    keys.iter().filter_map(ReplayKey::outcome).collect()
}

#[test]
fn stale_events_are_not_claimed() {
    let mut guard = ReplayGuard::<4>::new(Retention::DEFAULT);
    let mut keys = keys(URL, EVENT);
    let time_ms = 1_727_291_388_584;
    let (day, hour) = (24 * 3_600_000, 3_600_000);
    assert_eq!(outcome(&mut guard, &mut keys, "t", 1, time_ms + day + 1), [Outcome::Stale]);
    assert_eq!(outcome(&mut guard, &mut keys, "t", 1, time_ms - hour - 1), [Outcome::Stale]);
    assert!(guard.is_empty());
    assert_eq!(outcome(&mut guard, &mut keys, "t", 1, time_ms + day), [Outcome::New]);
    assert_eq!(guard.commit(&keys, &owner(1), time_ms + day), Ok(()));
    // Kept for as long as it can come again without being stale.
    assert_eq!(outcome(&mut guard, &mut keys, "t", 2, time_ms + day), [Outcome::Duplicate]);
}

#[test]
fn an_event_is_kept_until_it_is_stale() {
    let mut guard = ReplayGuard::<4>::new(Retention::DEFAULT);
    let mut keys = keys(URL, EVENT);
    let time_ms = 1_727_291_388_584;
    let (day, hour) = (24 * 3_600_000, 3_600_000);
    let earliest = time_ms - hour;
    assert_eq!(outcome(&mut guard, &mut keys, "t", 1, earliest), [Outcome::New]);
    assert_eq!(guard.commit(&keys, &owner(1), earliest), Ok(()));
    assert_eq!(outcome(&mut guard, &mut keys, "t", 2, time_ms + day), [Outcome::Duplicate]);
    assert_eq!(outcome(&mut guard, &mut keys, "t", 2, time_ms + day + 1), [Outcome::Stale]);
}

#[test]
fn a_full_guard_refuses_the_whole_delivery() {
    let mut guard = ReplayGuard::<4>::new(Retention::DEFAULT);
    let now = 1_727_291_388_584;
    let event = |id: u32| format!(r#"{{"source":"s","id":"{id}"}}"#);
    let mut three = keys(URL, format!("[{},{},{}]", event(1), event(2), event(3)).as_bytes());
    assert_eq!(outcome(&mut guard, &mut three, "a", 1, now), [Outcome::New; 3]);
    assert_eq!(guard.commit(&three, &owner(1), now), Ok(()));
    let mut more = keys(URL, format!("[{},{},{}]", event(3), event(4), event(5)).as_bytes());
    let refused = [Outcome::Duplicate, Outcome::StoreError, Outcome::StoreError];
    assert_eq!(outcome(&mut guard, &mut more, "b", 2, now), refused);
    assert_eq!(guard.len(), 3, "nothing was claimed and nothing evicted");
    let mut one = keys(URL, event(4).as_bytes());
    assert_eq!(outcome(&mut guard, &mut one, "c", 3, now), [Outcome::New]);
    assert_eq!(outcome(&mut guard, &mut three, "d", 4, now), [Outcome::Duplicate; 3]);
    // A claim that has run out makes room, a committed key only after its retention.
    let mut other = keys(URL, event(6).as_bytes());
    assert_eq!(outcome(&mut guard, &mut other, "e", 5, now + 11_999), [Outcome::StoreError]);
    assert_eq!(outcome(&mut guard, &mut other, "e", 5, now + 12_000), [Outcome::New]);
    assert_eq!(guard.commit(&one, &owner(3), now + 12_000), Err(LeaseError::LostLease));
}

#[test]
fn one_delivery_may_hold_the_same_thing_twice() {
    let mut guard = ReplayGuard::<4>::new(Retention::DEFAULT);
    let now = 1_727_291_388_584;
    let body = br#"[{"source":"s","id":"1"},{"source":"s","id":"1"},{"source":"s","id":"1","x":0},{},{}]"#;
    let mut twice = keys(URL, body);
    use Outcome::{Conflict, Duplicate, New, RepeatBody};
    assert_eq!(outcome(&mut guard, &mut twice, "a", 1, now), [New, Duplicate, Conflict, New, RepeatBody]);
    assert_eq!(guard.renew(&twice, &owner(1), now), Ok(()));
    assert_eq!(guard.commit(&twice, &owner(1), now), Ok(()));
    assert_eq!(guard.commit(&twice, &owner(1), now), Err(LeaseError::AlreadyCommitted));
    assert_eq!(guard.renew(&twice, &owner(1), now), Err(LeaseError::AlreadyCommitted));
    assert_eq!(
        outcome(&mut guard, &mut twice, "a", 2, now),
        [Duplicate, Duplicate, Conflict, Duplicate, Duplicate]
    );
    assert_eq!(
        outcome(&mut guard, &mut twice, "b", 3, now),
        [Duplicate, Duplicate, Conflict, RepeatBody, RepeatBody]
    );
}

#[test]
fn without_a_token_nothing_is_a_duplicate() {
    let mut guard = ReplayGuard::<4>::new(Retention::DEFAULT);
    let mut form = keys(URL, b"SimStatus=active");
    assert_eq!(outcome(&mut guard, &mut form, "", 1, 0), [Outcome::New]);
    assert_eq!(guard.commit(&form, &owner(1), 0), Ok(()));
    assert_eq!(outcome(&mut guard, &mut form, "", 2, 0), [Outcome::RepeatBody]);
    assert_eq!(guard.release(&form, &owner(2)), Ok(()));
    assert_eq!(outcome(&mut guard, &mut form, "", 3, 0), [Outcome::RepeatBody]);
}

#[test]
fn a_renewed_lease_begins_anew() {
    let mut guard = ReplayGuard::<4>::new(Retention::DEFAULT);
    let mut form = keys(URL, b"SimStatus=active");
    let mut again = form.clone();
    assert_eq!(outcome(&mut guard, &mut form, "t", 1, 0), [Outcome::New]);
    assert_eq!(guard.renew(&form, &owner(1), 10_000), Ok(()));
    assert_eq!(
        outcome(&mut guard, &mut again, "t", 2, 12_000),
        [Outcome::InProgress { retry_after_ms: 10_000 }]
    );
    assert_eq!(outcome(&mut guard, &mut again, "t", 2, 22_000), [Outcome::New]);
    assert_eq!(guard.renew(&form, &owner(1), 22_000), Err(LeaseError::LostLease));
    assert_eq!(guard.commit(&form, &owner(1), 22_000), Err(LeaseError::LostLease));
    assert_eq!(guard.commit(&again, &owner(2), 30_000), Ok(()));
}

#[test]
fn a_late_commit_counts_while_nobody_took_over() {
    let mut guard = ReplayGuard::<4>::new(Retention::DEFAULT);
    let mut form = keys(URL, b"SimStatus=active");
    assert_eq!(outcome(&mut guard, &mut form, "t", 1, 0), [Outcome::New]);
    assert_eq!(guard.commit(&form, &owner(1), 60_000), Ok(()));
    assert_eq!(outcome(&mut guard, &mut form, "t", 2, 60_000), [Outcome::Duplicate]);
}

/// Places of the caller's, as many as it likes.
#[test]
fn a_guard_in_places_on_a_heap() {
    let none = ReplayGuard::in_places(Retention::DEFAULT, Vec::<Place>::new());
    assert_eq!(none.map(drop).map_err(|error| error.code()), Err("invalid-argument"));
    let mut guard = ReplayGuard::in_places(Retention::DEFAULT, vec![Place::FREE; 2]).expect("places");
    assert_eq!((guard.capacity(), guard.len()), (2, 0));
    let outcomes = ["a=1", "a=2", "a=3"].map(|body| {
        let mut keys = keys(URL, body.as_bytes());
        guard.claim(&mut keys, Token::new(b"RQ1"), &owner(1), 0);
        keys.first().and_then(ReplayKey::outcome)
    });
    assert_eq!(outcomes, [Outcome::New, Outcome::New, Outcome::StoreError].map(Some));
}

/// A part of a delivery that was taken over is lost; the rest is settled as asked.
#[test]
fn a_partial_loss_settles_the_rest() {
    let event = |id: u32| format!(r#"{{"source":"s","id":"{id}"}}"#);
    let both = format!("[{},{}]", event(1), event(2));
    for (commit, second) in [(true, Outcome::Duplicate), (false, Outcome::New)] {
        let mut guard = ReplayGuard::<4>::new(Retention::DEFAULT);
        let mut keys_of_both = keys(URL, both.as_bytes());
        assert_eq!(outcome(&mut guard, &mut keys_of_both, "a", 1, 0), [Outcome::New; 2]);
        let mut first = keys(URL, event(1).as_bytes());
        assert_eq!(outcome(&mut guard, &mut first, "b", 2, 12_000), [Outcome::New]);
        let settled = if commit {
            guard.commit(&keys_of_both, &owner(1), 13_000)
        } else {
            guard.release(&keys_of_both, &owner(1))
        };
        assert_eq!(settled, Err(LeaseError::LostLease));
        let in_progress = Outcome::InProgress { retry_after_ms: 10_999 };
        assert_eq!(outcome(&mut guard, &mut keys_of_both, "c", 3, 13_001), [in_progress, second]);
    }
}

/// Whoever replays one body under ever new tokens takes the room of a few.
#[test]
fn tokens_of_one_body_are_bounded() {
    let mut guard = ReplayGuard::<16>::new(Retention::DEFAULT);
    let mut form = keys(URL, b"SimStatus=active");
    for number in 0..100_u8 {
        let said = outcome(&mut guard, &mut form, &format!("RQ{number}"), number, 0);
        assert_eq!(said, [if number == 0 { Outcome::New } else { Outcome::RepeatBody }]);
        assert_eq!(guard.commit(&form, &owner(number), u64::from(number)), Ok(()));
        assert!(guard.len() <= 8);
    }
    // The latest ones are known, the first ones were given up for them.
    assert_eq!(outcome(&mut guard, &mut form, "RQ92", 200, 100), [Outcome::Duplicate]);
    assert_eq!(outcome(&mut guard, &mut form, "RQ91", 201, 100), [Outcome::RepeatBody]);
    // What is in progress is never given up.
    let mut guard = ReplayGuard::<16>::new(Retention::DEFAULT);
    for number in 0..8_u8 {
        outcome(&mut guard, &mut form, &format!("RQ{number}"), number, 0);
    }
    assert_eq!(
        outcome(&mut guard, &mut form, "RQ8", 8, 2_000),
        [Outcome::InProgress { retry_after_ms: 10_000 }]
    );
    assert_eq!(outcome(&mut guard, &mut form, "RQ8", 8, 12_000), [Outcome::New]);
    assert_eq!(guard.len(), 8);
}

/// What is past its retention makes room by and by, and a full guard finds every place that has run out.
#[test]
fn room_comes_back() {
    let mut retention = Retention::DEFAULT;
    (retention.lease_ms, retention.keep_ms) = (10, 100);
    let event = |id: usize| keys(URL, format!("a={id}").as_bytes());
    let mut guard = ReplayGuard::<16>::new(retention);
    for id in 0..12 {
        let mut keys = event(id);
        guard.claim(&mut keys, Token::new(b"t"), &owner(1), 0);
        assert_eq!(guard.commit(&keys, &owner(1), 0), Ok(()));
    }
    assert_eq!(guard.len(), 12);
    for _ in 0..8 {
        guard.claim(&mut [], None, &owner(2), 100);
    }
    assert_eq!(guard.len(), 0, "swept");

    for round in 0..4_u64 {
        let mut claimed = Vec::new();
        for id in 0..16 {
            let mut keys = event(id + 100 * usize::try_from(round).expect("small"));
            guard.claim(&mut keys, Token::new(b"t"), &owner(3), round * 10);
            claimed.push(keys.first().and_then(ReplayKey::outcome));
        }
        assert_eq!(claimed, [Some(Outcome::New); 16], "round {round}: all of the claims before have run out");
        assert_eq!(guard.len(), 16);
    }
}
