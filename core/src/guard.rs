//! The guard between a body and the hash: bound, NUL, grammar. What passes it is canonical.

use crate::content::Format;
use crate::error::{Error, Reason};
use crate::form::FormCheck;
use crate::json::{Canonicalizer, TopLevel};
use crate::registers::Registers;
use crate::scan::has_nul;

/// The order in which reasons are reported where several apply: the earlier one wins.
///
/// A reason that is not listed ranks first. The last three concern forms that a holder of the secret may have
/// signed, so a wrong signature is reported before them.
pub const CHECK_ORDER: &[Reason] = &[
    Reason::SecretEmpty,
    Reason::MethodUnsupported,
    Reason::UrlInvalid,
    Reason::GetDisabled,
    Reason::BodyTooLarge,
    Reason::SignatureMissing,
    Reason::SignatureDuplicate,
    Reason::SignatureEmpty,
    Reason::SignatureFormat,
    Reason::BodyOnGet,
    Reason::NulInBody,
    Reason::EmptyBody,
    Reason::ContentType,
    Reason::Charset,
    Reason::ContentEncoding,
    // One rank: whichever comes first by position is the one that is found.
    Reason::JsonMalformed,
    Reason::JsonTooDeep,
    Reason::JsonTopLevel,
    Reason::ContentTypeConfusion,
    Reason::SignatureMismatch,
    Reason::FormControlCharacter,
    Reason::FormNotUtf8,
    Reason::FormFirstKey,
];

fn rank(reason: Reason) -> usize {
    CHECK_ORDER.iter().position(|&r| r == reason).unwrap_or(0)
}

#[derive(Clone, Debug)]
enum Check {
    /// No format: that of a GET, which has no body, or of a request that is refused.
    None,
    Json(Canonicalizer),
    Form(FormCheck),
}

/// Takes a body in pieces of any size, hands out its canonical bytes and keeps the earliest-ranked error.
#[derive(Clone, Debug)]
pub(crate) struct BodyGuard {
    check: Check,
    get: bool,
    error: Option<Error>,
    bounds: Bounds,
    received: usize,
    canonical: usize,
    /// How much is hashed before the body, where that is known: blocks are cut by it.
    pub(crate) before: usize,
}

/// The bounds of a [`BodyGuard`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) max_body: usize,
    pub(crate) max_depth: u8,
    pub(crate) allow_empty: bool,
    pub(crate) registers: Registers,
}

impl BodyGuard {
    pub(crate) const IDLE: Self = Self {
        check: Check::None,
        get: false,
        error: None,
        bounds: Bounds { max_body: 0, max_depth: 0, allow_empty: false, registers: Registers::BASELINE },
        received: 0,
        canonical: 0,
        before: 0,
    };

    /// Begins to guard the body of a POST in this format, or, without a format, that of a GET, which must be
    /// empty.
    pub(crate) fn begin(&mut self, format: Result<Option<Format>, Error>, bounds: Bounds) {
        self.error = None;
        self.get = false;
        self.check = Check::None;
        match format {
            Ok(Some(Format::Json)) => self.check = Check::Json(Canonicalizer::new(bounds.max_depth)),
            Ok(Some(Format::Form)) => self.check = Check::Form(FormCheck::new()),
            Ok(None) => self.get = true,
            Err(error) => self.error = Some(error),
        }
        self.bounds = bounds;
        self.received = 0;
        self.canonical = 0;
    }

    /// Keeps the earlier-ranked of this error and the one already found.
    pub(crate) fn note(&mut self, error: Error) {
        let earlier = |known: Error| rank(known.reason()) <= rank(error.reason());
        if !self.error.is_some_and(earlier) {
            self.error = Some(error);
        }
    }

    /// Whether the verdict no longer depends on the signature.
    pub(crate) const fn is_refused(&self) -> bool {
        self.error.is_some()
    }

    /// Takes the next piece and gives its canonical bytes to `sink`, nothing more once the body is refused.
    ///
    /// # Errors
    /// `body-too-large`, which alone may end a body early, or the error that outranks it.
    pub(crate) fn update(&mut self, chunk: &[u8], mut sink: impl FnMut(&[u8])) -> Result<(), Error> {
        self.received = self.received.saturating_add(chunk.len());
        if self.received > self.bounds.max_body {
            self.note(Reason::BodyTooLarge.into());
            return self.error.map_or(Ok(()), Err);
        }
        if self.error.is_none() {
            let hashed = self.before.wrapping_add(self.canonical);
            let canonical = &mut self.canonical;
            let mut keep = |run: &[u8]| {
                *canonical = canonical.wrapping_add(run.len());
                sink(run);
            };
            let result = match &mut self.check {
                Check::Json(canonicalizer) => {
                    canonicalizer.update_after(self.bounds.registers, hashed, chunk, keep)
                }
                Check::Form(check) => match check.update(chunk) {
                    Ok(()) => {
                        keep(chunk);
                        Ok(())
                    }
                    Err(reason) => Err(reason.into()),
                },
                Check::None if chunk.is_empty() => Ok(()),
                Check::None => Err(Reason::BodyOnGet.into()),
            };
            match result {
                Ok(()) => return Ok(()),
                Err(error) => self.note(error),
            }
        }
        if has_nul(chunk) {
            self.note(Reason::NulInBody.into());
        }
        Ok(())
    }

    /// Ends the body: its length as received and in canonical form.
    ///
    /// # Errors
    /// The earliest-ranked one before the signature.
    pub(crate) fn finish(&mut self) -> Result<(usize, usize), Error> {
        let empty = self.received == 0;
        if empty && !self.bounds.allow_empty && !self.get {
            self.note(Reason::EmptyBody.into());
        }
        if let (Check::Json(canonicalizer), false, None) = (&mut self.check, empty, self.error) {
            match canonicalizer.finish() {
                Ok(TopLevel::Container) => {}
                Ok(TopLevel::Scalar) => self.note(Reason::JsonTopLevel.into()),
                Err(error) => self.note(error),
            }
        }
        self.error.map_or(Ok((self.received, self.canonical)), Err)
    }

    /// What is wrong with a body whose signature is right.
    pub(crate) fn finish_signed(&mut self) -> Result<(), Error> {
        match &mut self.check {
            Check::Form(check) => check.finish(),
            _ => Ok(()),
        }
    }
}
