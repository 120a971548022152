//! One callback URL with its secrets and bounds: what every command is about.

use crate::args::{EndpointArgs, Limits, SchemeName};
use crate::failure::Failure;
use crate::{output, secrets};
use korewebhook::{
    CHECK_ORDER, Delivery, Error, Format, Head, HmacSha256, KeyRing, Keys, KoreSha256, Options, Reason,
    Scheme, Signature, SignedUrl, Signer, Verdict, Verifier, hash::Sha2,
};

const KORE: KoreSha256 = KoreSha256(Sha2);

#[derive(Debug)]
pub(crate) struct Endpoint {
    scheme: SchemeName,
    // On the heap, so that no copy of a secret stays behind when the endpoint is moved.
    secrets: Box<KeyRing>,
    url: SignedUrl<String>,
    options: Options,
}

impl Endpoint {
    pub(crate) fn new(args: &EndpointArgs, limits: &Limits) -> Result<Self, Failure> {
        let mut options = Options::default();
        options.max_body = limits.max_body;
        options.max_depth = limits.max_depth;
        options.allow_empty_body = limits.allow_empty_body;
        let secrets = secrets::load(&args.secret_file)?;
        let url = SignedUrl::new(args.url.clone()).map_err(Failure::configuration)?;
        let endpoint = Self { scheme: args.scheme, secrets, url, options };
        // All that can be wrong with the configuration shows here, before any message.
        endpoint.verifier(KORE).map_err(Failure::configuration)?;
        Ok(endpoint)
    }

    pub(crate) const fn allow_get(mut self, allow: bool) -> Self {
        self.options.allow_get = allow;
        self
    }

    pub(crate) const fn format(mut self, format: Option<Format>) -> Self {
        self.options.format = format;
        self
    }

    pub(crate) const fn max_body(&self) -> usize {
        self.options.max_body
    }

    /// The URL as it is signed.
    pub(crate) fn url(&self) -> &str {
        self.url.as_str()
    }

    pub(crate) const fn scheme(&self) -> &'static str {
        match self.scheme {
            SchemeName::KoreSha256 => KoreSha256::<Sha2>::NAME,
            SchemeName::HmacSha256 => HmacSha256::NAME,
        }
    }

    /// Says what works but helps an attacker.
    pub(crate) fn warn(&self) {
        if let Ok(verifier) = self.verifier(KORE) {
            verifier.warnings().for_each(|warning| output::note(format_args!("warning: {}", warning.name())));
        }
    }

    pub(crate) fn judge<'b>(&self, head: &Head<'_>, body: &'b [u8]) -> Result<Verdict<'b>, Error> {
        match self.scheme {
            SchemeName::KoreSha256 => self.verifier(KORE)?.judge(head, body),
            SchemeName::HmacSha256 => self.verifier(HmacSha256)?.judge(head, body),
        }
    }

    /// Verifies a POST; its body is canonical afterwards.
    pub(crate) fn receive<'b>(&self, head: &Head<'_>, body: &'b mut [u8]) -> Result<Delivery<'b>, Error> {
        match self.scheme {
            SchemeName::KoreSha256 => self.verifier(KORE)?.verify_in_place(head, body),
            SchemeName::HmacSha256 => self.verifier(HmacSha256)?.verify_in_place(head, body),
        }
    }

    /// The verdict on a body that is over the bound and was not read: `body-too-large`, or what outranks it.
    pub(crate) fn judge_unread(&self, head: &Head<'_>) -> Error {
        let rank = |reason| CHECK_ORDER.iter().position(|&known| known == reason);
        let too_large = Reason::BodyTooLarge;
        let checked = self.verifier(KORE).and_then(|verifier| verifier.check_head(head));
        let earlier = checked.err().filter(|error| rank(error.reason()) < rank(too_large));
        earlier.unwrap_or(too_large.into())
    }

    /// The keys by which deliveries are told apart: the same under every scheme.
    pub(crate) fn keys(&self) -> Result<Keys<'_, Sha2>, Error> {
        Ok(self.verifier(KORE)?.keys())
    }

    /// Signs with the first secret; without a format it is a GET.
    pub(crate) fn sign(&self, format: Option<Format>, body: &[u8]) -> Result<Signature, Error> {
        match self.scheme {
            SchemeName::KoreSha256 => self.sign_with(KORE, format, body),
            SchemeName::HmacSha256 => self.sign_with(HmacSha256, format, body),
        }
    }

    fn sign_with(
        &self,
        scheme: impl Scheme,
        format: Option<Format>,
        body: &[u8],
    ) -> Result<Signature, Error> {
        let secret = self.secrets.get(0).ok_or(Reason::SecretEmpty)?;
        let signer = Signer::with(scheme, secret, &self.url, self.options)?;
        match format {
            Some(format) => signer.sign(format, body),
            None => signer.sign_get(),
        }
    }

    fn verifier<S: Scheme>(&self, scheme: S) -> Result<Verifier<'_, S>, Error> {
        Verifier::with(scheme, &self.secrets, &self.url, self.options)
    }
}
