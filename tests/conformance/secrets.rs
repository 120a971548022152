//! Secrets that somebody else keeps, and loses: nothing is signed without one.

use korewebhook::{
    Accepted, Error, Head, HmacSha256, KoreSha256, Prefix, Reason, Scheme, Secrets, SignedUrl, Storage,
    Verifier,
};
use korewebhook_tests::once;
use korewebhook_tests::oracle::{hmac_sha256, kore_sha256};

const URL: &str = "https://h.example/k";
const BODY: &[u8] = br#"{"forged":true}"#;

/// Two are counted, whatever is there.
struct Lost([Option<&'static [u8]>; 2]);

impl Secrets for Lost {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn secret(&self, index: usize) -> Option<&[u8]> {
        *self.0.get(index)?
    }
}

fn refused<S: Scheme + Default>(signature: &str) {
    let url = SignedUrl::new(URL).expect("a URL");
    let empty: Error = Reason::SecretEmpty.into();
    let real: Option<&[u8]> = Some(b"a secret of some length");
    for lost in [Lost([real, None]), Lost([None, real]), Lost([real, Some(b"")]), Lost([Some(b""), real])] {
        let verifier = Verifier::with(S::default(), &lost, &url, Default::default()).expect("counted");
        assert_eq!(verifier.prepare(&mut Prefix::<_, 2>::new()).err(), Some(empty));
        let headers = [("content-type", "application/json"), ("kore-signature", signature)];
        let head = Head::new("POST", headers);
        assert_eq!(verifier.verify(&head, BODY).err(), Some(empty));
        let mut storage: Storage<S> = Storage::new();
        let mut stream = verifier.start(&head, &mut storage);
        stream.update(BODY).expect("within the bound");
        assert!(matches!(stream.finish(), Err::<Accepted, _>(error) if error == empty));
        assert_eq!(once::of_head(&verifier, &head, BODY), Err(empty.number()));
        let field_lines = format!("kore-signature: {signature}\r\n");
        let said = verifier.judge_json(S::default(), field_lines.as_bytes(), BODY);
        assert_eq!(said, Err(empty.number() as u32));
    }
}

/// Has more than it counts.
struct Revoked([&'static [u8]; 2]);

impl Secrets for Revoked {
    fn count(&self) -> usize {
        1
    }

    fn secret(&self, index: usize) -> Option<&[u8]> {
        self.0.get(index).copied()
    }
}

/// What isn't counted isn't tried.
#[test]
fn a_secret_that_is_there_but_not_counted() {
    let ring = Revoked([b"a secret of some length", b"one that was revoked"]);
    let url = SignedUrl::new(URL).expect("a URL");
    let verifier = Verifier::with(KoreSha256::new(), &ring, &url, Default::default()).expect("a verifier");
    for (secret, expected) in [(ring.0[0], Ok(())), (ring.0[1], Err(Reason::SignatureMismatch.number()))] {
        let signature = kore_sha256(secret, "POST", URL, BODY);
        let headers = [("content-type", "application/json"), ("kore-signature", signature.as_str())];
        let head = Head::new("POST", headers);
        assert_eq!(verifier.verify(&head, BODY).map(|_| ()).map_err(|error| error.number()), expected);
        assert_eq!(once::of_head(&verifier, &head, BODY).map(|_| ()), expected);
        let field_lines = format!("kore-signature: {signature}\r\n");
        let said = verifier.judge_json(KoreSha256::new(), field_lines.as_bytes(), BODY);
        assert_eq!(said.map_err(|number| number as i32), expected);
    }
}

/// What anybody can compute, of an empty secret and of less.
#[test]
fn a_secret_that_is_counted_but_not_there() {
    for (method, url) in [("POST", URL), ("", ""), ("POST", "https://h.example/k/")] {
        refused::<KoreSha256>(&kore_sha256(b"", method, url, BODY));
        refused::<HmacSha256>(&hmac_sha256(b"", method, url, BODY));
    }
}
