//! Whole requests: borrowed, in place and streaming are one; hostile values get a verdict.

use crate::text;
use korewebhook::{
    Accepted, Error, Format, Head, HmacSha256, Http1Head, KeyRing, KoreSha256, Options, Reason, Scheme,
    SignedUrl, Signer, Storage, Token, Verdict, Verifier, date,
};
use korewebhook_tests::Ring;
use korewebhook_tests::oracle::{hmac_sha256, is_json, kore_sha256, strip_json};
use proptest::collection::vec;
use proptest::prelude::*;

const SECRETS: [&str; 3] = ["first secret 0123", "second secret 456", "third"];
const URL: &str = "https://hooks.example.com/kore/";

/// Everything a way in can say.
type Said = Result<(usize, usize, usize, Option<Vec<u8>>), Error>;

fn one_shot<S: Scheme>(verifier: &Verifier<'_, S, KeyRing<8, 1024>>, head: &Head<'_>, body: &[u8]) -> Said {
    verifier.judge(head, body).map(|verdict| match verdict {
        Verdict::EndpointOnly(endpoint) => (endpoint.secret_index, 0, 0, None),
        Verdict::Delivery(delivery) => {
            let mut out = vec![0; body.len()];
            let canonical = delivery.write_body(&mut out).map(|out| out.to_vec()).ok();
            let receipt = delivery.receipt();
            (receipt.secret_index, receipt.received_len, receipt.canonical_len, canonical)
        }
    })
}

fn streamed<'b, S: Scheme>(
    verifier: &Verifier<'_, S, KeyRing<8, 1024>>,
    head: &Head<'_>,
    pieces: impl IntoIterator<Item = &'b [u8]>,
) -> Said {
    let mut storage: Storage<S> = Storage::new();
    let mut stream = verifier.start(head, &mut storage);
    let mut canonical = Vec::new();
    for piece in pieces {
        if stream.update_with(piece, |run| canonical.extend_from_slice(run)).is_err() {
            break;
        }
    }
    stream.finish().map(|accepted| match accepted {
        Accepted::EndpointOnly(endpoint) => (endpoint.secret_index, 0, 0, None),
        Accepted::Delivery(receipt) => {
            (receipt.secret_index, receipt.received_len, receipt.canonical_len, Some(canonical))
        }
    })
}

#[derive(Clone, Debug)]
struct Request {
    method: &'static str,
    content_type: Option<&'static str>,
    body: Vec<u8>,
    signer: usize,
    honest: bool,
    max_body: usize,
    max_depth: u8,
    allow_empty_body: bool,
}

fn request() -> impl Strategy<Value = Request> {
    let content_type = prop_oneof![
        4 => Just(Some("application/json")),
        3 => Just(Some("application/x-www-form-urlencoded")),
        1 => Just(Some("text/plain")),
        1 => Just(None),
    ];
    let method = prop_oneof![8 => Just("POST"), 1 => Just("GET"), 1 => Just("PUT")];
    (
        method,
        content_type,
        text::any_body(),
        0..3_usize,
        any::<bool>(),
        prop_oneof![Just(1 << 20), 1..60_usize],
        1..=64_u8,
        any::<bool>(),
    )
        .prop_map(
            |(method, content_type, body, signer, honest, max_body, max_depth, allow_empty_body)| Request {
                method,
                content_type,
                body,
                signer,
                honest,
                max_body,
                max_depth,
                allow_empty_body,
            },
        )
}

impl Request {
    /// Signed as a naive sender would: JSON stripped of white space, anything else as it is.
    fn signature(&self, sign: fn(&[u8], &str, &str, &[u8]) -> String) -> String {
        let json = self.content_type == Some("application/json") && is_json(&self.body);
        let signed = if json { strip_json(&self.body) } else { self.body.clone() };
        if self.honest {
            sign(SECRETS[self.signer].as_bytes(), self.method, URL, &signed)
        } else {
            "0".repeat(64)
        }
    }

    fn headers<'h>(&self, signature: &'h str) -> Vec<(&'h str, &'h str)> {
        let content_type = self.content_type.map(|value| ("content-type", value));
        content_type.into_iter().chain([("kore-signature", signature)]).collect()
    }

    fn options(&self) -> Options {
        let mut options = Options::DEFAULT;
        options.max_body = self.max_body;
        options.max_depth = self.max_depth;
        options.allow_empty_body = self.allow_empty_body;
        options.allow_get = self.signer == 1;
        options
    }
}

fn the_ways_agree<S: Scheme>(
    scheme: S,
    request: &Request,
    sign: fn(&[u8], &str, &str, &[u8]) -> String,
    cuts: &[prop::sample::Index],
) -> Result<(), TestCaseError> {
    let ring = Ring::from_secrets(SECRETS).expect("secrets");
    let url = SignedUrl::new(URL).expect("a URL");
    let verifier = Verifier::with(scheme, &ring, &url, request.options()).expect("a verifier");
    let signature = request.signature(sign);
    let head = Head::new(request.method, request.headers(&signature));
    let said = one_shot(&verifier, &head, &request.body);

    if let Ok((index, received, len, canonical)) = &said {
        prop_assert!(request.honest);
        prop_assert_eq!(*index, request.signer);
        if let Some(canonical) = canonical {
            prop_assert_eq!((*received, *len), (request.body.len(), canonical.len()));
        }
    }
    let mut beside = Vec::new();
    let verdict = verifier.judge_with(&head, &request.body, |run| beside.extend_from_slice(run));
    prop_assert_eq!(verdict.map(drop), said.clone().map(drop));
    if let Ok((_, _, _, Some(canonical))) = &said {
        prop_assert_eq!(&beside, canonical);
    }
    let mut out = vec![b'?'; request.body.len()];
    let written = verifier.judge_into(&head, &request.body, &mut out);
    prop_assert_eq!(written.as_ref().map(drop).map_err(|error| *error), said.clone().map(drop));
    if let (Ok(Verdict::Delivery(delivery)), Ok((_, _, len, Some(canonical)))) = (written, &said) {
        prop_assert_eq!(delivery.body(), Some(&canonical[..]));
        if *len < request.body.len() {
            let mut short = vec![0; len - 1];
            let refused = verifier.judge_into(&head, &request.body, &mut short).map(drop);
            prop_assert_eq!(refused, Err(Reason::BufferTooSmall.into()));
        }
    }
    for at in 0..=request.body.len() {
        let (a, b) = request.body.split_at(at);
        prop_assert_eq!(&streamed(&verifier, &head, [a, b]), &said, "split at {}", at);
    }
    prop_assert_eq!(&streamed(&verifier, &head, request.body.chunks(1)), &said);
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(request.body.len() + 1)).collect();
    cuts.sort_unstable();
    let edges: Vec<_> = [0].into_iter().chain(cuts).chain([request.body.len()]).collect();
    prop_assert_eq!(
        &streamed(&verifier, &head, edges.windows(2).map(|pair| &request.body[pair[0]..pair[1]])),
        &said
    );

    let mut in_place = request.body.clone();
    match (verifier.verify_in_place(&head, &mut in_place), &said) {
        (Ok(delivery), Ok((index, _, _, canonical))) => {
            prop_assert_eq!(delivery.secret_index(), *index);
            prop_assert_eq!(delivery.body().map(<[u8]>::to_vec), canonical.clone());
        }
        (Err(error), Ok((_, _, _, None))) => prop_assert_eq!(error.code(), "get-disabled"),
        (Err(error), said) => {
            prop_assert_eq!(Err(error), said.clone());
            prop_assert_eq!(&in_place, &request.body);
        }
        (Ok(_), Err(error)) => prop_assert!(false, "in place accepted what borrowed refused: {error}"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn borrowed_in_place_and_streamed_agree(request in request(), cuts in vec(any::<prop::sample::Index>(), 0..6)) {
        the_ways_agree(KoreSha256::new(), &request, kore_sha256, &cuts)?;
    }

    #[test]
    fn the_same_with_hmac(request in request(), cuts in vec(any::<prop::sample::Index>(), 0..6)) {
        the_ways_agree(HmacSha256, &request, hmac_sha256, &cuts)?;
    }

    /// What is signed here is what the documentation's formula gives, and it verifies.
    #[test]
    fn what_we_sign_verifies(body in text::any_body(), json in any::<bool>()) {
        let secret = korewebhook::Secret::<128>::new(SECRETS[0].as_bytes()).expect("a secret");
        let ring = Ring::from_secrets(SECRETS).expect("secrets");
        let url = SignedUrl::new(URL).expect("a URL");
        let format = if json { Format::Json } else { Format::Form };
        let signed = Signer::new(&secret, &url).sign(format, &body);
        let canonical = if json && is_json(&body) { strip_json(&body) } else { body.clone() };
        let signature = kore_sha256(SECRETS[0].as_bytes(), "POST", URL, &canonical);
        let headers = [("kore-signature", signature.as_str()), ("content-type", format.content_type())];
        let verifier = Verifier::new(&ring, &url).expect("a verifier");
        let verified = verifier.verify(&Head::new("POST", headers), &body).map(drop);
        prop_assert_eq!(signed.map(drop), verified);
        if let Ok(signed) = signed {
            prop_assert_eq!(signed.to_string(), signature);
        }
    }

    /// No genuine body, whatever is put behind it, verifies with its own signature.
    #[test]
    fn a_changed_body_is_refused(text in text::json(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let ring = Ring::from_secrets(SECRETS).expect("secrets");
        let url = SignedUrl::new(URL).expect("a URL");
        let signature = kore_sha256(SECRETS[0].as_bytes(), "POST", URL, &strip_json(text.as_bytes()));
        let head = Head::new("POST", [("kore-signature", signature.as_str()), ("content-type", "application/json")]);
        let verifier = Verifier::new(&ring, &url).expect("a verifier");
        let mut changed = text.clone().into_bytes();
        changed.insert(at.index(text.len() + 1), byte);
        if let Ok(delivery) = verifier.verify(&head, &changed) {
            let mut out = vec![0; changed.len()];
            let canonical = delivery.write_body(&mut out).expect("it fits").to_vec();
            prop_assert_eq!(canonical, strip_json(text.as_bytes()), "only white space may differ");
        }
    }

    /// Hostile values of every argument get a verdict, never a panic.
    #[test]
    fn anything_gets_a_verdict(
        secret in vec(any::<u8>(), 0..200),
        method in vec(any::<u8>(), 0..8),
        url in prop_oneof![vec(any::<u8>(), 0..60), "https://[ -~]{0,40}".prop_map(String::into_bytes)],
        names in vec(prop_oneof![
            Just("kore-signature".to_owned()), Just("Content-Type".to_owned()), Just("date".to_owned()),
            Just("kore-idempotency-token".to_owned()), Just("content-encoding".to_owned()), "\\PC{0,8}"
        ], 0..6),
        values in vec(vec(any::<u8>(), 0..70), 6),
        body in text::any_body(),
    ) {
        let pairs = || names.iter().zip(&values).map(|(name, value)| (name.as_str(), value.as_slice()));
        let head = Head::new(&method, pairs());
        let _ = (head.token(), head.date());
        let mut ring = Ring::new();
        let strict = ring.push(&secret);
        let raw = ring.push_raw(&secret);
        prop_assert!(raw.is_ok() || strict.is_err());
        if let (Ok(url), false) = (SignedUrl::new(&url), ring.is_empty()) {
            prop_assert!(url.as_bytes().is_ascii() && !url.as_bytes().contains(&0));
            let verifier = Verifier::new(&ring, &url).expect("a verifier");
            let _ = verifier.verify(&head, &body);
            prop_assert!(verifier.verify(&head, &body).is_err());
        }
        let _ = (date::parse(&body), date::parse_rfc3339(&body), Token::new(&body), Format::from_content_type(&body));
        let _ = Http1Head::parse(&body).map(|http| http.head().method().len());
        for event in korewebhook::Events::from_verified(&body).into_iter().flatten() {
            let _ = (event.members().count(), event.time_ms(), event.id(), event.data());
        }
        let now_ms = u64::try_from(body.len()).expect("it fits");
        let mut standard: korewebhook::scheme::standard_webhooks::StandardKeyRing = Default::default();
        let _ = standard.push(&String::from_utf8_lossy(&secret));
        let _ = korewebhook::scheme::standard_webhooks::verify(pairs(), &body, &standard, now_ms, 5);
        let _ = korewebhook::scheme::bearer::verify(pairs(), &ring);
    }
}
