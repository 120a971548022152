//! One line a request for the log, and the status that goes out. Never a body, a secret or a signature.

use super::inbox::Tally;
use crate::output;
use axum::http::StatusCode;
use korewebhook::{Delivery, Error, Key};
use std::fmt;

#[derive(Debug)]
pub(crate) struct Report {
    status: StatusCode,
    outcome: &'static str,
    bytes: usize,
    error: Option<Error>,
    accepted: Option<(Key, usize, Tally)>,
    /// What the log gets to know of trouble in the store.
    trouble: Option<String>,
}

impl Report {
    const fn new(status: StatusCode, outcome: &'static str, bytes: usize) -> Self {
        Self { status, outcome, bytes, error: None, accepted: None, trouble: None }
    }

    pub(crate) fn stored(delivery: &Delivery<'_>, key: Key, tally: Tally) -> Self {
        let accepted = Some((key, delivery.secret_index(), tally));
        let report = Self::new(StatusCode::NO_CONTENT, tally.outcome(), delivery.receipt().received_len);
        Self { accepted, ..report }
    }

    /// One opaque answer for every reason but the size of the body.
    pub(crate) fn refused(error: Error, bytes: usize) -> Self {
        let status = StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::UNAUTHORIZED);
        Self { error: Some(error), ..Self::new(status, "refused", bytes) }
    }

    /// KORE repeats what is answered with 503, so nothing is lost.
    pub(crate) fn store_error(trouble: impl fmt::Display, bytes: usize) -> Self {
        let report = Self::new(StatusCode::SERVICE_UNAVAILABLE, "store-error", bytes);
        Self { trouble: Some(trouble.to_string()), ..report }
    }

    /// The body broke off or took too long.
    pub(crate) const fn incomplete(bytes: usize) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "incomplete", bytes)
    }

    /// A connection too many.
    pub(crate) const fn busy() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", 0)
    }

    /// Writes the line and gives the status to answer with.
    pub(crate) fn log(&self) -> StatusCode {
        output::note(self);
        self.status
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.error.map_or("-", |error| error.code());
        write!(f, "status={} outcome={} code={code}", self.status.as_u16(), self.outcome)?;
        match &self.accepted {
            Some((key, secret, tally)) => {
                write!(f, " key={key} secret={secret} bytes={} {tally}", self.bytes)?;
            }
            None => write!(f, " key=- secret=- bytes={}", self.bytes)?,
        }
        if let Some(detail) = self.error.and_then(|error| error.detail()) {
            write!(f, " detail={}", detail.name())?;
        }
        if let Some(offset) = self.error.and_then(|error| error.offset()) {
            write!(f, " offset={offset}")?;
        }
        match &self.trouble {
            Some(trouble) => write!(f, " trouble={trouble:?}"),
            None => Ok(()),
        }
    }
}
