//! What a verifier allows, and what may be wrong with how it is set up.

use crate::content::Format;
use crate::error::{Detail, Error, Reason};
use crate::guard::Bounds;
use crate::json;
use crate::registers::Registers;

/// The bound on a body, in bytes, unless set otherwise: 1 MiB.
pub const DEFAULT_MAX_BODY: usize = 1 << 20;

/// What a verifier allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Accept a GET, whose signature covers no data, as an [`EndpointOnly`](crate::EndpointOnly). Off by
    /// default.
    pub allow_get: bool,
    /// Accept a POST without a body, whose signature is a constant of the endpoint. Off by default.
    pub allow_empty_body: bool,
    /// The longest body, in bytes: from 1 to 2^52, by default [`DEFAULT_MAX_BODY`].
    pub max_body: usize,
    /// The deepest JSON: from 1 to 64, by default 64.
    pub max_depth: u8,
    /// The format of a body that comes without a content type. By default such a body is refused.
    pub format: Option<Format>,
}

impl Options {
    /// The defaults.
    pub const DEFAULT: Self = Self {
        allow_get: false,
        allow_empty_body: false,
        max_body: DEFAULT_MAX_BODY,
        max_depth: json::MAX_DEPTH,
        format: None,
    };

    pub(crate) fn check(&self) -> Result<(), Error> {
        // Far below 2^53 bytes, where a length-extension glue without a NUL byte begins to exist.
        let max_body_fits = self.max_body >= 1 && u64::try_from(self.max_body).is_ok_and(|n| n <= 1 << 52);
        let detail = if !max_body_fits {
            Detail::MaxBody
        } else if !(1..=json::MAX_DEPTH).contains(&self.max_depth) {
            Detail::MaxDepth
        } else {
            return Ok(());
        };
        Err(Error::with_detail(Reason::InvalidArgument, detail))
    }

    pub(crate) const fn bounds(&self, registers: Registers) -> Bounds {
        let &Self { max_body, max_depth, allow_empty_body: allow_empty, .. } = self;
        Bounds { max_body, max_depth, allow_empty, registers }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Something about a configuration that works but that an attacker may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// `url-http`: KORE documents https only, and what is captured on the way can be replayed.
    UrlHttp,
    /// `url-bare-host`: the URL has no path, so URLs of other hosts begin with it.
    UrlBareHost,
    /// `secret-short`: a secret is under 16 bytes, so one captured delivery may be enough to guess it.
    SecretShort,
}

impl Warning {
    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UrlHttp => "url-http",
            Self::UrlBareHost => "url-bare-host",
            Self::SecretShort => "secret-short",
        }
    }
}
