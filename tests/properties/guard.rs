//! The replay guard against a model that keeps everything in a list and never runs out of room.

use korewebhook::replay::{LeaseError, Outcome, Owner, ReplayGuard, ReplayKey, Retention};
use korewebhook::{Head, SignedUrl, Token, Verifier};
use korewebhook_tests::Ring;
use korewebhook_tests::oracle::kore_sha256;
use proptest::collection::vec;
use proptest::prelude::*;

const LEASE: u64 = 10;
const KEEP: u64 = 50;

/// One thing the model remembers: what it is, which one, whose, whether for good, until when.
struct Known {
    what: u8,
    tag: (bool, u8),
    owner: Owner,
    committed: bool,
    until: u64,
}

#[derive(Default)]
struct Model {
    known: Vec<Known>,
}

impl Model {
    fn claim(&mut self, item: Item, token: u8, owner: Owner, now: u64) -> Outcome {
        let tag = if item.has_id { (true, item.content) } else { (false, token) };
        let live = |k: &&Known| k.what == item.what && now < k.until;
        let same = self.known.iter().filter(live).find(|k| k.tag == tag);
        let other = self.known.iter().filter(live).any(|k| k.tag != tag);
        let outcome = match same {
            Some(k) if k.committed => Outcome::Duplicate,
            Some(k) => Outcome::InProgress { retry_after_ms: k.until - now },
            None if other && item.has_id => Outcome::Conflict,
            None if other => Outcome::RepeatBody,
            None => Outcome::New,
        };
        if outcome.is_claimed() {
            self.known.retain(|k| (k.what, k.tag) != (item.what, tag));
            self.known.push(Known { what: item.what, tag, owner, committed: false, until: now + LEASE });
        }
        outcome
    }

    fn held(&mut self, item: Item, owner: Owner) -> Result<usize, LeaseError> {
        let at = self
            .known
            .iter()
            .position(|k| k.what == item.what && k.owner == owner)
            .ok_or(LeaseError::LostLease)?;
        if self.known[at].committed { Err(LeaseError::AlreadyCommitted) } else { Ok(at) }
    }
}

/// A body: an event with an id and one of a few contents, or a form.
#[derive(Clone, Copy, Debug)]
struct Item {
    what: u8,
    content: u8,
    has_id: bool,
}

impl Item {
    fn key(self) -> ReplayKey {
        let body = if self.has_id {
            format!(r#"{{"source":"s","id":"{}","data":{}}}"#, self.what, self.content)
        } else {
            format!("a={}", self.what)
        };
        let content_type = if self.has_id { "application/json" } else { "application/x-www-form-urlencoded" };
        let ring = Ring::from_secrets(["secret"]).expect("a secret");
        let url = SignedUrl::new("https://h.example/k/").expect("a URL");
        let verifier = Verifier::new(&ring, &url).expect("a verifier");
        let signature = kore_sha256(b"secret", "POST", url.as_str(), body.as_bytes());
        let head =
            Head::new("POST", [("kore-signature", signature.as_str()), ("content-type", content_type)]);
        let delivery = verifier.verify(&head, body.as_bytes()).expect("it verifies");
        let mut places = [ReplayKey::EMPTY];
        verifier.keys().replay(&delivery, &mut places).expect("one key");
        let [key] = places;
        key
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Claim(Item, u8),
    Commit(prop::sample::Index),
    Release(prop::sample::Index),
    Renew(prop::sample::Index),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let item = (0..5_u8, 0..2_u8, any::<bool>()).prop_map(|(what, content, has_id)| Item {
        what: what * 2 + u8::from(has_id),
        content,
        has_id,
    });
    prop_oneof![
        6 => (item, 0..3_u8).prop_map(|(item, token)| Step::Claim(item, token)),
        3 => any::<prop::sample::Index>().prop_map(Step::Commit),
        1 => any::<prop::sample::Index>().prop_map(Step::Release),
        1 => any::<prop::sample::Index>().prop_map(Step::Renew),
        2 => (0..30_u64).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_guard_is_the_model(steps in vec(step(), 1..80)) {
        let mut retention = Retention::DEFAULT;
        (retention.lease_ms, retention.keep_ms, retention.max_age_ms) = (LEASE, KEEP, None);
        // A prime that is small enough for keys to collide and large enough never to be full: at most 10
        // things with 3 tags or 2 contents each.
        let mut guard = ReplayGuard::<37>::new(retention);
        let mut model = Model::default();
        let mut claims: Vec<(Item, ReplayKey, Owner)> = Vec::new();
        let mut now = 1000;
        for (at, step) in (0_u8..).zip(steps) {
            let owner = [at; 16];
            match step {
                Step::Wait(ms) => now += ms,
                Step::Claim(item, token) => {
                    let mut keys = [item.key()];
                    guard.claim(&mut keys, Token::new(&[b'a' + token]), &owner, now);
                    let [key] = keys;
                    let expected = model.claim(item, token, owner, now);
                    prop_assert_eq!(key.outcome(), Some(expected), "step {}", at);
                    if expected.is_claimed() {
                        claims.push((item, key, owner));
                    }
                }
                Step::Commit(of) | Step::Release(of) | Step::Renew(of) if !claims.is_empty() => {
                    let (item, key, owner) = claims[of.index(claims.len())];
                    let held = model.held(item, owner);
                    let said = match step {
                        Step::Commit(_) => guard.commit(&[key], &owner, now),
                        Step::Release(_) => guard.release(&[key], &owner),
                        _ => guard.renew(&[key], &owner, now),
                    };
                    // What is past its retention may be forgotten at any time.
                    let forgotten = model.known.iter().any(|k| k.owner == owner && k.committed && now >= k.until);
                    if !forgotten {
                        prop_assert_eq!(said, held.map(drop), "step {}", at);
                    }
                    if let Ok(at) = held {
                        match step {
                            Step::Commit(_) => (model.known[at].committed, model.known[at].until) = (true, now + KEEP),
                            Step::Release(_) => drop(model.known.remove(at)),
                            _ => model.known[at].until = now + LEASE,
                        }
                    }
                }
                _ => {}
            }
        }
    }
}
