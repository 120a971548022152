//! Why a command ends without success, and with which exit code.

use korewebhook::Error;
use std::fmt;

/// The exit code of a command that makes no sense as given.
pub(crate) const USAGE: u8 = 2;

/// The exit code of a "no": refused, not delivered, could not run.
pub(crate) const NO: u8 = 1;

#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments, the secrets or the URL are wrong.
    Usage(String),
    /// The message was judged and refused.
    Refused(Error),
    /// The arguments are fine, but the network or the machine is not.
    Failed(String),
}

impl Failure {
    /// An error of the core about the configuration.
    pub(crate) fn configuration(error: impl Into<Error>) -> Self {
        Self::Usage(error.into().to_string())
    }

    pub(crate) const fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => USAGE,
            Self::Refused(_) | Self::Failed(_) => NO,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) | Self::Failed(message) => write!(f, "korewebhook: {message}"),
            Self::Refused(error) => write!(f, "refused: {error}"),
        }
    }
}
