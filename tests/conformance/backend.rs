//! A SHA-256 of the caller's: one that can't copy a state, and one that fails.

use korewebhook::hash::{BackendError, Digest, Sha2, Sha256Backend};
use korewebhook::{
    Accepted, Format, Head, HmacSha256, KoreSha256, Options, Prefix, Reason, Request, Scheme, SignedUrl,
    Signer, Storage, Verifier,
};
use korewebhook_tests::Ring;
use korewebhook_tests::oracle::{hmac_sha256, kore_sha256};
use std::cell::Cell;

/// Like a peripheral: no copy of a state, and it may fail at one of its operations.
#[derive(Clone, Copy)]
struct Hardware {
    fails_at: Option<Operation>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    Init,
    Update,
    Finish,
}

impl Hardware {
    fn run(self, operation: Operation) -> Result<(), BackendError> {
        if self.fails_at == Some(operation) { Err(BackendError) } else { Ok(()) }
    }
}

impl Sha256Backend for Hardware {
    type State = <Sha2 as Sha256Backend>::State;

    fn init(&self, state: &mut Self::State) -> Result<(), BackendError> {
        self.run(Operation::Init)?;
        Sha2.init(state)
    }

    fn update(&self, state: &mut Self::State, bytes: &[u8]) -> Result<(), BackendError> {
        self.run(Operation::Update)?;
        Sha2.update(state, bytes)
    }

    fn finish(&self, state: &mut Self::State, digest: &mut Digest) -> Result<(), BackendError> {
        self.run(Operation::Finish)?;
        Sha2.finish(state, digest)
    }
}

const URL: &str = "https://hooks.example.com/a/path/that/fills/more/than/one/hash/block/";
const BODY: &[u8] = b"SimSid=HS01&SimStatus=active";
const FORM: &str = "application/x-www-form-urlencoded";

/// Plain, prepared and streamed with a key: the matching secret of two.
fn verify<S: Scheme>(scheme: S, signature: &str) -> [Result<usize, Reason>; 3] {
    let ring = Ring::from_secrets(["another secret 1", "the secret that signed"]).expect("secrets");
    let url = SignedUrl::new(URL).expect("a URL");
    let verifier = Verifier::with(scheme, &ring, &url, Options::DEFAULT).expect("a verifier");
    let head = Head::new("POST", [("kore-signature", signature), ("content-type", FORM)]);
    let plain = verifier.verify(&head, BODY).map(|delivery| delivery.secret_index());
    let mut prefix: Prefix<S> = Prefix::new();
    let prepared = verifier.prepare(&mut prefix).and_then(|prepared| {
        // Twice, since the first use must not consume what was prepared.
        prepared.verify(&head, BODY)?;
        prepared.verify(&head, BODY).map(|delivery| delivery.secret_index())
    });
    let mut storage: Storage<S> = Storage::new();
    let mut stream = verifier.start_with_key(&head, &mut storage);
    stream.update(BODY).expect("within the bound");
    let streamed = stream.finish().map(|accepted| match accepted {
        Accepted::Delivery(receipt) if receipt.key.is_some() => receipt.secret_index,
        _ => usize::MAX,
    });
    [plain, prepared, streamed].map(|result| result.map_err(|error| error.reason()))
}

#[test]
fn a_backend_that_cannot_copy_gives_the_same_verdict() {
    let signature = kore_sha256(b"the secret that signed", "POST", URL, BODY);
    assert_eq!(verify(KoreSha256(Hardware { fails_at: None }), &signature), [Ok(1); 3]);
    assert_eq!(verify(KoreSha256::new(), &signature), [Ok(1); 3]);
    let signature = hmac_sha256(b"the secret that signed", "POST", URL, BODY);
    assert_eq!(verify(HmacSha256, &signature), [Ok(1); 3]);
}

#[test]
fn a_failing_backend_never_gives_a_verdict() {
    let right = kore_sha256(b"the secret that signed", "POST", URL, BODY);
    for operation in [Operation::Init, Operation::Update, Operation::Finish] {
        let scheme = KoreSha256(Hardware { fails_at: Some(operation) });
        for signature in [&right, &"0".repeat(64)] {
            assert_eq!(verify(scheme, signature), [Err(Reason::HashBackend); 3], "{operation:?}");
        }
        // What is wrong without any hashing is still said.
        let [plain, _, streamed] = verify(scheme, "not hex");
        assert_eq!([plain, streamed], [Err(Reason::SignatureFormat); 2], "{operation:?}");
        let secret = korewebhook::Secret::<128>::new(b"secret").expect("a secret");
        let url = SignedUrl::new(URL).expect("a URL");
        let signer = Signer::with(scheme, &secret, &url, Options::DEFAULT).expect("a signer");
        assert_eq!(
            signer.sign(Format::Form, BODY).map_err(|error| error.reason()),
            Err(Reason::HashBackend),
            "{operation:?}"
        );
    }
}

/// Where a request is judged in little code, a failure is never forgotten either, by a state that doesn't remember it.
#[test]
fn a_failing_backend_never_gives_a_verdict_in_little_code() {
    let body = b"{ \"a\": 1 }";
    let signature = kore_sha256(b"a secret of some length", "POST", URL, b"{\"a\":1}");
    let field_lines = format!("content-type: application/json\r\nkore-signature: {signature}\r\n");
    let request = Request { method: b"POST", field_lines: field_lines.as_bytes(), body };
    let ring = Ring::from_secrets(["a secret of some length"]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    let judged = |fails_at| {
        let scheme = KoreSha256(Hardware { fails_at });
        let verifier = Verifier::with(scheme, &ring, &url, Options::DEFAULT).expect("a verifier");
        let json = verifier.judge_json(scheme, request.field_lines, body);
        [verifier.judge_once(scheme, &request).map(|_| ()), json]
    };
    assert_eq!(judged(None), [Ok(()); 2]);
    for operation in [Operation::Init, Operation::Update, Operation::Finish] {
        assert_eq!(judged(Some(operation)), [Err(Reason::HashBackend as u32); 2], "{operation:?}");
    }
}

/// Only the first piece of a message fails.
#[derive(Clone, Copy)]
struct Hiccup<'a>(&'a Cell<usize>);

impl Sha256Backend for Hiccup<'_> {
    type State = <Sha2 as Sha256Backend>::State;

    fn init(&self, state: &mut Self::State) -> Result<(), BackendError> {
        Sha2.init(state)
    }

    fn update(&self, state: &mut Self::State, bytes: &[u8]) -> Result<(), BackendError> {
        let left = self.0.get();
        self.0.set(left.wrapping_sub(1));
        if left == 0 { Err(BackendError) } else { Sha2.update(state, bytes) }
    }

    fn finish(&self, state: &mut Self::State, digest: &mut Digest) -> Result<(), BackendError> {
        Sha2.finish(state, digest)
    }
}

/// One call that fails among many is enough, and the next message begins anew.
#[test]
fn one_failing_call_is_enough_in_little_code() {
    let body = b"[1, 2]";
    let ring = Ring::from_secrets(["a secret of some length"]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    // What is hashed where one piece is left out is signed: nothing of it may be accepted.
    let pieces: [&[u8]; 5] = [b"a secret of some length", b"POST", URL.as_bytes(), b"[1,", b"2]"];
    for failing in 0..pieces.len() {
        let signed: Vec<&[u8]> =
            pieces.iter().enumerate().filter(|(at, _)| *at != failing).map(|(_, piece)| *piece).collect();
        let signature = kore_sha256(&signed.concat(), "", "", b"");
        let field_lines = format!("content-type: application/json\r\nkore-signature: {signature}\r\n");
        let request = Request { method: b"POST", field_lines: field_lines.as_bytes(), body };
        let left = Cell::new(failing);
        let scheme = KoreSha256(Hiccup(&left));
        let verifier = Verifier::with(scheme, &ring, &url, Options::DEFAULT).expect("a verifier");
        let said = verifier.judge_json(scheme, request.field_lines, body);
        assert_eq!(said, Err(Reason::HashBackend as u32), "{failing}");
        left.set(failing);
        let said = verifier.judge_once(scheme, &request).map(|_| ());
        assert_eq!(said, Err(Reason::HashBackend as u32), "{failing}");
    }
}

/// Counts what is asked of it.
#[derive(Clone, Copy)]
struct Counting<'a> {
    finished: &'a Cell<usize>,
    aborted: &'a Cell<usize>,
}

impl Sha256Backend for Counting<'_> {
    type State = <Sha2 as Sha256Backend>::State;

    fn init(&self, state: &mut Self::State) -> Result<(), BackendError> {
        Sha2.init(state)
    }

    fn update(&self, state: &mut Self::State, bytes: &[u8]) -> Result<(), BackendError> {
        Sha2.update(state, bytes)
    }

    fn finish(&self, state: &mut Self::State, digest: &mut Digest) -> Result<(), BackendError> {
        self.finished.set(self.finished.get() + 1);
        Sha2.finish(state, digest)
    }

    fn abort(&self, state: &mut Self::State) {
        self.aborted.set(self.aborted.get() + 1);
        *state = Self::State::default();
    }
}

#[test]
fn all_secrets_are_tried_whichever_matches_and_all_states_given_up() {
    let (finished, aborted) = (Cell::new(0), Cell::new(0));
    let scheme = KoreSha256(Counting { finished: &finished, aborted: &aborted });
    let ring = Ring::from_secrets(["a secret 1", "a secret 2", "a secret 3"]).expect("secrets");
    let url = SignedUrl::new(URL).expect("a URL");
    let verifier = Verifier::with(scheme, &ring, &url, Options::DEFAULT).expect("a verifier");
    for (signer, body, expected) in [
        ("a secret 1", BODY, Ok(0)),
        ("a secret 3", BODY, Ok(2)),
        ("a secret 4", BODY, Err(Reason::SignatureMismatch)),
    ] {
        finished.set(0);
        let signature = kore_sha256(signer.as_bytes(), "POST", URL, body);
        let head = Head::new("POST", [("kore-signature", signature.as_str()), ("content-type", FORM)]);
        let verdict = verifier.verify(&head, body).map(|delivery| delivery.secret_index());
        assert_eq!(verdict.map_err(|error| error.reason()), expected);
        assert_eq!(finished.get(), 3, "{signer}");
    }
    // The same in little code, and what is refused there is given up too.
    for (signer, body, expected) in [
        ("a secret 1", &b"[]"[..], Ok(())),
        ("a secret 3", b"[]", Ok(())),
        ("a secret 4", b"[]", Err(Reason::SignatureMismatch as u32)),
        ("a secret 1", b"[", Err(Reason::JsonMalformed as u32)),
    ] {
        finished.set(0);
        aborted.set(0);
        let signature = kore_sha256(signer.as_bytes(), "POST", URL, body);
        let field_lines = format!("content-type: application/json\r\nkore-signature: {signature}\r\n");
        let request = Request { method: b"POST", field_lines: field_lines.as_bytes(), body };
        assert_eq!(verifier.judge_json(scheme, request.field_lines, body), expected);
        assert_eq!(verifier.judge_once(scheme, &request).map(|_| ()), expected);
        let counted = if body == b"[" { (0, 2) } else { (6, 0) };
        assert_eq!((finished.get(), aborted.get()), counted, "{signer}");
    }
    // Refused in the middle: nothing is finished, everything is given up.
    finished.set(0);
    aborted.set(0);
    let zero = "0".repeat(64);
    let head = Head::new("POST", [("kore-signature", zero.as_str()), ("content-type", "application/json")]);
    assert!(verifier.verify(&head, b"[1 2]").is_err());
    assert_eq!(finished.get(), 0);
    assert!(aborted.get() >= 3);
}

/// What is prepared is a POST; a GET that is allowed is hashed from its beginning.
#[test]
fn a_prepared_verifier_takes_a_get_too() {
    let ring = Ring::from_secrets(["a secret 1"]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    let mut options = Options::DEFAULT;
    options.allow_get = true;
    let verifier = Verifier::with(KoreSha256::new(), &ring, &url, options).expect("a verifier");
    let mut prefix: Prefix = Prefix::new();
    let prepared = verifier.prepare(&mut prefix).expect("no failure");
    for (method, body, expected) in [("GET", &b""[..], true), ("POST", BODY, true), ("POST", b"", false)] {
        let signature = kore_sha256(b"a secret 1", method, URL, body);
        let head = Head::new(method, [("kore-signature", signature.as_str()), ("content-type", FORM)]);
        assert_eq!(prepared.judge(&head, body).is_ok(), expected, "{method}");
    }
    let signature = kore_sha256(b"a secret 1", "POST", URL, b"");
    let head = Head::new("GET", [("kore-signature", signature.as_str())]);
    assert_eq!(prepared.judge(&head, b"").map(drop).map_err(|e| e.reason()), Err(Reason::SignatureMismatch));
}
