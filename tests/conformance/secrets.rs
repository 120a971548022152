//! Secrets that somebody else keeps, and loses: nothing is signed without one.

use korewebhook::{Accepted, Error, Head, Prefix, Reason, Secrets, SignedUrl, Storage, Verifier};
use korewebhook_tests::once;
use sha2::{Digest as _, Sha256};

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

#[test]
fn a_secret_that_is_counted_but_not_there() {
    let url = SignedUrl::new(URL).expect("a URL");
    let empty: Error = Reason::SecretEmpty.into();
    let real: Option<&[u8]> = Some(b"a secret of some length");
    // What anybody can compute: of nothing before the body, and of an empty secret.
    let forgeries = [
        BODY.to_vec(),
        [b"POST", URL.as_bytes(), b"/", BODY].concat(),
        [b"POST", URL.as_bytes(), BODY].concat(),
    ];
    for lost in [Lost([real, None]), Lost([None, real]), Lost([real, Some(b"")]), Lost([Some(b""), real])] {
        let verifier =
            Verifier::with(korewebhook::KoreSha256::new(), &lost, &url, Default::default()).expect("counted");
        assert_eq!(verifier.prepare(&mut Prefix::<_, 2>::new()).err(), Some(empty));
        for forgery in &forgeries {
            let signature: String =
                Sha256::digest(forgery).iter().map(|byte| format!("{byte:02x}")).collect();
            let headers = [("content-type", "application/json"), ("kore-signature", signature.as_str())];
            let head = Head::new("POST", headers);
            assert_eq!(verifier.verify(&head, BODY).err(), Some(empty));
            let mut storage: Storage = Storage::new();
            let mut stream = verifier.start(&head, &mut storage);
            stream.update(BODY).expect("within the bound");
            assert!(matches!(stream.finish(), Err::<Accepted, _>(error) if error == empty));
            assert_eq!(once::of_head(&verifier, &head, BODY), Err(empty.number()));
        }
    }
}
