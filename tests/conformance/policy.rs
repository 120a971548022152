//! The choices of `policy.json`: each is shown to be the recommended one.

use korewebhook::replay::{ReplayGuard, ReplayKey, Retention};
use korewebhook::scheme::standard_webhooks;
use korewebhook::{
    Error, Format, Head, KeyRing, MAX_SECRETS, Options, Reason, SignedUrl, Token, Unsigned, Verifier, url,
};
use korewebhook_tests::oracle::kore_sha256;
use korewebhook_tests::vectors::parse;
use serde::Deserialize;

const SECRET: &str = "a35974bdf1c769b8bb";
const URL: &str = "https://hooks.example.com/kore/";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// A correctly signed POST, and what a case changes about it.
struct Post<'a> {
    body: &'a [u8],
    content_type: Option<&'a str>,
    signature: String,
    more: Vec<(&'a str, &'a str)>,
    options: Options,
}

impl<'a> Post<'a> {
    fn new(content_type: &'a str, body: &'a [u8]) -> Self {
        let signature = kore_sha256(SECRET.as_bytes(), "POST", URL, body);
        Self {
            body,
            content_type: Some(content_type),
            signature,
            more: Vec::new(),
            options: Options::DEFAULT,
        }
    }

    fn with(mut self, name: &'a str, value: &'a str) -> Self {
        self.more.push((name, value));
        self
    }

    fn verdict(&self) -> Result<Vec<u8>, &'static str> {
        let ring: KeyRing = KeyRing::from_secrets([SECRET]).map_err(|e| e.code())?;
        let url = SignedUrl::new(URL).map_err(|e| e.code())?;
        let verifier = Verifier::with(korewebhook::KoreSha256::new(), &ring, &url, self.options)
            .map_err(|e| e.code())?;
        let mut headers = self.more.clone();
        headers.extend(self.content_type.map(|value| ("content-type", value)));
        headers.push(("kore-signature", self.signature.as_str()));
        let mut body = self.body.to_vec();
        let delivery =
            verifier.verify_in_place(&Head::new("POST", headers), &mut body).map_err(|e| e.code())?;
        Ok(delivery.body().expect("in place").to_vec())
    }

    fn accepted(&self) -> bool {
        self.verdict().is_ok()
    }

    fn refused(&self, reason: &str) -> bool {
        self.verdict() == Err(reason)
    }
}

fn form(body: &str) -> Post<'_> {
    Post::new(FORM, body.as_bytes())
}

fn json(body: &str) -> Post<'_> {
    Post::new(JSON, body.as_bytes())
}

fn secret(bytes: &[u8]) -> Result<(), &'static str> {
    <KeyRing>::new().push(bytes).map_err(|e| e.code())
}

fn warnings(secret: &str, url: &str) -> Vec<&'static str> {
    let ring: KeyRing = KeyRing::from_secrets([secret]).expect("a secret");
    let url = SignedUrl::new(url).expect("a URL");
    Verifier::new(&ring, &url).expect("a verifier").warnings().map(korewebhook::Warning::name).collect()
}

fn url_detail(url: &str) -> Option<&'static str> {
    SignedUrl::new(url).err().and_then(|error| error.detail()).map(korewebhook::Detail::name)
}

fn get(allow_get: bool) -> Result<Option<usize>, Error> {
    let ring: KeyRing = KeyRing::from_secrets([SECRET])?;
    let url = SignedUrl::new(URL)?;
    let mut options = Options::DEFAULT;
    options.allow_get = allow_get;
    let verifier = Verifier::with(korewebhook::KoreSha256::new(), &ring, &url, options)?;
    let signature = kore_sha256(SECRET.as_bytes(), "GET", URL, b"");
    let head = Head::new("GET", [("kore-signature", signature.as_str())]);
    let plain = verifier.verify(&head, b"");
    assert_eq!(plain.map(drop).map_err(|e| e.code()), Err("get-disabled"), "a GET never gives a delivery");
    match verifier.judge(&head, b"")? {
        korewebhook::Verdict::EndpointOnly(endpoint) => Ok(Some(endpoint.secret_index)),
        korewebhook::Verdict::Delivery(_) => Ok(None),
    }
}

fn date_of<'h>(values: &'h [(&'h str, &'h str)]) -> Unsigned<u64> {
    Head::new("POST", values.iter().copied()).date()
}

fn holds(policy: &str) -> bool {
    let f = "SimSid=HS01&SimStatus=active";
    match policy {
        "signature-upper-hex" => {
            let mut post = form(f);
            post.signature.make_ascii_uppercase();
            post.refused("signature-format")
        }
        "signature-outer-whitespace" => ["{} ", " {}", "{}\t", "{}\u{A0}"].iter().all(|shape| {
            let mut post = form(f);
            post.signature = shape.replace("{}", &post.signature);
            post.refused("signature-format")
        }),
        "signature-duplicate-identical" => {
            let signature = form(f).signature;
            form(f).with("Kore-Signature", &signature).refused("signature-duplicate")
        }
        "raw-json" => {
            // Signed over the bytes as sent, white space and all.
            json("{ \"a\": 1 }").refused("signature-mismatch")
        }
        "json-duplicate-keys" => json(r#"{"a":1,"a":2}"#).accepted(),
        "json-lone-surrogate-escape" => json(r#"{"a":"\ud800"}"#).accepted(),
        "json-escaped-nul" => json(r#"{"a":"\u0000"}"#).accepted(),
        "json-big-numbers" => json(r#"{"a":1e400,"b":89883070000000001234567890}"#).accepted(),
        "json-top-level-scalar" => json("42").refused("json-top-level"),
        "form-non-ascii" => {
            Post::new(FORM, "a=é".as_bytes()).accepted()
                && Post::new(FORM, b"a=\xE9").refused("form-not-utf8")
        }
        "form-control-characters" => {
            form("a=b c").accepted()
                && (1..=0x1F)
                    .chain([0x7F])
                    .all(|b| Post::new(FORM, &[b'a', b'=', b]).refused("form-control-character"))
        }
        "form-bad-percent" => form("a=%zz&b=%").accepted(),
        "form-first-key-charset" => {
            ["a/b=1", "a:b=1", "a@b=1", "a?b=1", "a#b=1", "a/b"]
                .iter()
                .all(|body| form(body).refused("form-first-key"))
                && ["a=/:@?#", "a=1&b/c=2", "a%2Fb=1"].iter().all(|body| form(body).accepted())
        }
        "url-prefix-set" => {
            let urls =
                ["https://h.example/a", "https://h.example/ab"].map(|u| SignedUrl::new(u).expect("a URL"));
            url::check_prefix_free(&urls) == Err(Reason::UrlPrefixConflict.into())
        }
        "url-bare-host" => {
            warnings(SECRET, "https://h.example") == ["url-bare-host"] && warnings(SECRET, URL).is_empty()
        }
        "url-userinfo" => url_detail("https://u:p@h.example/") == Some("url-userinfo"),
        "url-non-ascii" => url_detail("https://bücher.example/") == Some("url-non-ascii"),
        "url-http" => warnings(SECRET, "http://h.example/") == ["url-http"],
        "get-callbacks" => {
            get(false).is_err_and(|e| e.reason() == Reason::GetDisabled) && get(true) == Ok(Some(0))
        }
        "post-empty-body" => {
            let mut post = form("");
            post.options.allow_empty_body = true;
            form("").refused("empty-body") && json("").refused("empty-body") && post.accepted()
        }
        "content-type-missing" => {
            let mut post = form(f);
            post.content_type = None;
            let refused = post.refused("content-type");
            post.options.format = Some(Format::Form);
            refused && post.accepted()
        }
        "content-type-plus-json" => Post::new("application/cloudevents+json", b"{}").accepted(),
        "content-encoding" => {
            ["identity", "Identity"].iter().all(|v| form(f).with("content-encoding", v).accepted())
                && ["gzip", "br", "", "identity, gzip"]
                    .iter()
                    .all(|v| form(f).with("content-encoding", v).refused("content-encoding"))
        }
        "nul-vs-mismatch-order" => {
            let mut post = Post::new(FORM, b"a=1\0");
            post.signature = "0".repeat(64);
            post.refused("nul-in-body")
        }
        "method-case" => {
            let ring: KeyRing = KeyRing::from_secrets([SECRET]).expect("a secret");
            let url = SignedUrl::new(URL).expect("a URL");
            let verifier = Verifier::new(&ring, &url).expect("a verifier");
            let signature = kore_sha256(SECRET.as_bytes(), "post", URL, b"a=1");
            let headers = [("kore-signature", signature.as_str()), ("content-type", FORM)];
            verifier.verify(&Head::new("post", headers), b"a=1").map(drop)
                == Err(Reason::MethodUnsupported.into())
        }
        "secret-min-length" => {
            secret(b"") == Err("secret-empty")
                && warnings("fifteen-bytes-x", URL) == ["secret-short"]
                && warnings("sixteen-bytes-xx", URL).is_empty()
        }
        "secret-whitespace" => {
            let edges = [&b" s"[..], b"s ", b"s\n", b"s\r\n", b"\ts"];
            edges.iter().all(|bytes| {
                secret(bytes) == Err("secret-whitespace") && <KeyRing>::new().push_raw(bytes).is_ok()
            }) && secret(b"a b").is_ok()
        }
        "secret-nul" => secret(b"a\0b") == Err("secret-nul"),
        "max-secrets" => {
            let mut ring: KeyRing = KeyRing::new();
            let fits = (0..8).all(|_| ring.push(b"secret").is_ok());
            fits && MAX_SECRETS == 8
                && ring.push(b"ninth") == Err(Reason::TooManySecrets.into())
                && ring.len() == 8
        }
        "max-body" => {
            let body = |len: usize| [b"a=".to_vec(), vec![b'x'; len - 2]].concat();
            Post::new(FORM, &body(1 << 20)).accepted()
                && Post::new(FORM, &body((1 << 20) + 1)).refused("body-too-large")
        }
        "max-depth" => {
            let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
            json(&nested(64)).accepted() && json(&nested(65)).refused("json-too-deep")
        }
        "token-malformed" => {
            let head = Head::new("POST", [("kore-idempotency-token", "a b")]);
            head.token() == Unsigned::Malformed && form(f).with("kore-idempotency-token", "a b").accepted()
        }
        "token-duplicate" => {
            let twice = [("kore-idempotency-token", "a"), ("kore-idempotency-token", "a")];
            Head::new("POST", twice).token() == Unsigned::Duplicate
        }
        "date-malformed" => {
            date_of(&[]) == Unsigned::Absent
                && date_of(&[("date", "Wed, 25 Sep 2024 19:09:48 GMT")]) == Unsigned::Malformed
                && date_of(&[("Date", "2024-09-25T19:09:48Z")]) == Unsigned::Value(1_727_291_388)
                && form(f).with("date", "yesterday").accepted()
        }
        "date-freshness" => form(f).with("date", "1970-01-01T00:00:00Z").accepted(),
        "leap-second" => date_of(&[("date", "2016-12-31T23:59:60Z")]) == Unsigned::Malformed,
        "replay-form-repeat" => {
            let mut guard = ReplayGuard::<4>::new(Retention::DEFAULT);
            let mut keys = form_keys(f);
            guard.claim(&mut keys, Token::new(b"RQ1"), &[1; 16], 0);
            guard.commit(&keys, &[1; 16], 0).expect("claimed");
            guard.claim(&mut keys, Token::new(b"RQ2"), &[2; 16], 0);
            keys.iter().all(|key| key.outcome().is_some_and(|outcome| outcome.name() == "repeat-body"))
        }
        "replay-retention" => {
            let (hour, day) = (3_600_000, 24 * 3_600_000);
            let Retention { keep_ms, max_age_ms, skew_ms, .. } = Retention::DEFAULT;
            keep_ms == 30 * day && max_age_ms.map(|age| age + skew_ms) == Some(25 * hour)
        }
        "replay-signed-time" => Retention::DEFAULT.max_age_ms == Some(24 * 3_600_000),
        // Room that is missing is store trouble, and then nothing is claimed: the receiver answers 503.
        "replay-store-down" => {
            let mut guard = ReplayGuard::<1>::new(Retention::DEFAULT);
            let (mut first, mut second) = (form_keys(f), form_keys("a=1"));
            guard.claim(&mut first, None, &[1; 16], 0);
            guard.claim(&mut second, None, &[2; 16], 0);
            second.iter().all(|key| key.outcome().is_some_and(|outcome| outcome.name() == "store-error"))
        }
        // Escapes and number spellings are never rewritten on the way to the hash.
        "reserialized-json" => {
            let mut post = json(r#"{"a":"\u00e9","b":1.0}"#);
            post.signature = kore_sha256(SECRET.as_bytes(), "POST", URL, "{\"a\":\"é\",\"b\":1}".as_bytes());
            post.refused("signature-mismatch")
        }
        "returned-body" => {
            let mut post = json("{ \"a\" : \"b c\" }");
            post.signature = kore_sha256(SECRET.as_bytes(), "POST", URL, br#"{"a":"b c"}"#);
            post.verdict() == Ok(br#"{"a":"b c"}"#.to_vec())
        }
        // The answer of the receiver is tested with a real one; what is logged never holds what the sender
        // could use.
        "public-error-detail" => {
            let mut post = form(f);
            let right = std::mem::replace(&mut post.signature, "0".repeat(64));
            let hint = Reason::SignatureMismatch.hint();
            post.refused("signature-mismatch") && !hint.contains(&right) && !hint.contains(SECRET)
        }
        "user-agent" => form(f).with("user-agent", "curl/8").accepted(),
        unknown => panic!("{unknown}: a new policy needs a proof"),
    }
}

fn form_keys(body: &str) -> Vec<ReplayKey> {
    let ring: KeyRing = KeyRing::from_secrets([SECRET]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    let verifier = Verifier::new(&ring, &url).expect("a verifier");
    let signature = kore_sha256(SECRET.as_bytes(), "POST", URL, body.as_bytes());
    let head = Head::new("POST", [("kore-signature", signature.as_str()), ("content-type", FORM)]);
    let delivery = verifier.verify(&head, body.as_bytes()).expect("it verifies");
    verifier.keys().replay(&delivery, &mut [ReplayKey::EMPTY]).expect("one key").to_vec()
}

#[test]
fn every_recommendation_is_taken() {
    #[derive(Deserialize)]
    struct Policy {
        name: String,
        recommend: String,
    }
    let policies: Vec<Policy> = parse("policy");
    assert_eq!(policies.len(), 44);
    for policy in policies {
        assert!(holds(&policy.name), "{}: {}", policy.name, policy.recommend);
    }
}

#[test]
fn options_have_bounds() {
    let ring: KeyRing = KeyRing::from_secrets([SECRET]).expect("a secret");
    let url = SignedUrl::new(URL).expect("a URL");
    let build = |change: fn(&mut Options)| {
        let mut options = Options::DEFAULT;
        change(&mut options);
        Verifier::with(korewebhook::KoreSha256::new(), &ring, &url, options)
            .map(|_| ())
            .map_err(|error| (error.code(), error.detail().map(korewebhook::Detail::name)))
    };
    assert_eq!(build(|options| options.max_body = 1 << 52), Ok(()));
    assert_eq!(
        build(|options| options.max_body = (1 << 52) + 1),
        Err(("invalid-argument", Some("max-body")))
    );
    assert_eq!(build(|options| options.max_body = 0), Err(("invalid-argument", Some("max-body"))));
    assert_eq!(build(|options| options.max_depth = 65), Err(("invalid-argument", Some("max-depth"))));
    assert_eq!(build(|options| options.max_depth = 0), Err(("invalid-argument", Some("max-depth"))));
    let empty: KeyRing = KeyRing::new();
    assert_eq!(Verifier::new(&empty, &url).map(|_| ()).map_err(|e| e.code()), Err("secret-empty"));
    assert_eq!(standard_webhooks::TOLERANCE_MS, 300_000);
}
