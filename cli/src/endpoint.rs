//! One callback URL with its secrets and bounds: what every command is about.

use crate::args::{EndpointArgs, Limits, SchemeName};
use crate::failure::Failure;
use crate::{output, secrets};
use korewebhook::{Options, SignedUrl};

/// The longest secret, in bytes. There is room for more here than on a microcontroller.
pub(crate) const MAX_SECRET: usize = 1024;

pub(crate) type KeyRing = korewebhook::KeyRing<8, MAX_SECRET>;

// The ring is on the heap, so that no copy of a secret stays behind when the endpoint is moved.
pub(crate) type Endpoint = korewebhook::Endpoint<Box<KeyRing>, String, 8, MAX_SECRET>;

/// Makes the endpoint of the arguments; `more` sets what only some commands let one choose. All that can be
/// wrong with the configuration shows here, before any message.
pub(crate) fn open(
    args: &EndpointArgs,
    limits: &Limits,
    more: impl FnOnce(&mut Options),
) -> Result<Endpoint, Failure> {
    let mut options = Options::default();
    options.max_body = limits.max_body;
    options.max_depth = limits.max_depth;
    options.allow_empty_body = limits.allow_empty_body;
    more(&mut options);
    let secrets = secrets::load(&args.secret_file)?;
    let url = SignedUrl::new(args.url.clone()).map_err(Failure::configuration)?;
    Endpoint::new(args.scheme.into(), secrets, url, options).map_err(Failure::configuration)
}

/// Says what works but helps an attacker.
pub(crate) fn warn(endpoint: &Endpoint) {
    endpoint.warnings().for_each(|warning| output::note(format_args!("warning: {}", warning.name())));
}

impl From<SchemeName> for korewebhook::SchemeName {
    fn from(name: SchemeName) -> Self {
        match name {
            SchemeName::KoreSha256 => Self::KoreSha256,
            SchemeName::HmacSha256 => Self::HmacSha256,
        }
    }
}
