//! A delivery with its headers and the configuration that takes it.

use crate::bodies::{Body, event};
use korewebhook::{Head, KeyRing, KoreSha256, Options, SignedUrl, Verifier, hash::Sha256Backend};

/// The secrets, of which a request takes as many as it is told.
pub const SECRETS: [&str; 8] = [
    "a35974bdf1c769b8bb",
    "b35974bdf1c769b8bb",
    "c35974bdf1c769b8bb",
    "d35974bdf1c769b8bb",
    "e35974bdf1c769b8bb",
    "f35974bdf1c769b8bb",
    "035974bdf1c769b8bb",
    "135974bdf1c769b8bb",
];
/// The callback URL.
pub const URL: &str = "https://testendpoint.com/";

/// A delivery, and what it is verified with.
#[derive(Debug)]
pub struct Request {
    pub content_type: &'static str,
    pub signature: String,
    pub body: Vec<u8>,
    secrets: KeyRing,
    url: SignedUrl<String>,
    options: Options,
}

impl Request {
    /// A delivery that [`Null`](crate::Null) accepts, of a body of `size` bytes.
    #[must_use]
    pub fn new(body: Body, size: usize) -> Self {
        Self::with_body(body.content_type(), body.of_size(size))
    }

    /// A delivery of one event.
    #[must_use]
    pub fn of_event(pretty: bool) -> Self {
        let body = if pretty { format!("{:#}", event()) } else { event().to_string() };
        Self::with_body("application/json", body.into_bytes())
    }

    fn with_body(content_type: &'static str, body: Vec<u8>) -> Self {
        let mut options = Options::DEFAULT;
        options.max_body = 1 << 31;
        let signature = hex(&[0; 32]);
        let secrets = KeyRing::from_secrets([SECRETS[0]]).expect("a secret");
        let url = SignedUrl::new(URL.to_owned()).expect("a URL");
        Self { content_type, signature, body, secrets, url, options }
    }

    /// The same with this many secrets.
    #[must_use]
    pub fn secrets(self, count: usize) -> Self {
        let secrets = KeyRing::from_secrets(SECRETS.into_iter().take(count)).expect("secrets");
        Self { secrets, ..self }
    }

    /// The same, signed by `sha256` over `canonical`.
    #[must_use]
    pub fn signed(self, sha256: impl FnOnce(&[u8]) -> [u8; 32], canonical: &[u8]) -> Self {
        let message = [SECRETS[0].as_bytes(), b"POST", URL.as_bytes(), canonical].concat();
        Self { signature: hex(&sha256(&message)), ..self }
    }

    /// The same with another last byte.
    #[must_use]
    pub fn ending_in(mut self, byte: u8) -> Self {
        *self.body.last_mut().expect("a body") = byte;
        self
    }

    /// The header fields, as a server has them.
    #[must_use]
    pub fn fields(&self) -> [(&str, &str); 7] {
        [
            ("Host", "testendpoint.com"),
            ("User-Agent", "KoreProxy/1.1"),
            ("Date", "2024-09-25T19:09:48Z"),
            ("Content-Type", self.content_type),
            ("Content-Length", "1024"),
            ("Kore-Idempotency-Token", "0123456789abcdef-0123"),
            ("Kore-Signature", &self.signature),
        ]
    }

    /// What a verifier needs of it.
    #[must_use]
    pub fn head(&self) -> Head<'_> {
        Head::new("POST", self.fields())
    }

    /// What verifies it.
    #[must_use]
    pub fn verifier<B: Sha256Backend + Copy>(&self, backend: B) -> Verifier<'_, KoreSha256<B>> {
        Verifier::with(KoreSha256(backend), &self.secrets, &self.url, self.options).expect("a configuration")
    }
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
