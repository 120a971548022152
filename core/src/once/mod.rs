//! Verification in little code and memory, for firmware: a request that is there as a whole, one hash state however
//! many secrets there are, and of what is wrong only the reason.
//!
//! The reasons come in the order of [`CHECK_ORDER`](crate::CHECK_ORDER) because the checks are made in that order. Inside,
//! a reason is its number.

mod body;
mod grammar;
mod head;
mod machine;

use crate::content::Format;
use crate::error::Reason;
use crate::hash::{BackendError, Digest};
use crate::header::{Field, Head};
use crate::json::{compact, strip};
use crate::options::Options;
use crate::registers::Registers;
use crate::scan::has_nul;
use crate::scheme::Scheme;
use crate::secret::Secrets;
use crate::signature;
use crate::verify::Verifier;
use core::fmt;
use machine::{Fields, Machine};

// The numbers of formats, below those of reasons; 0 is that of a GET's.
const JSON: u8 = 1;
const FORM: u8 = 2;
// The numbers of methods.
const POST: u8 = 0;
const GET: u8 = 1;

/// What [`Verifier::judge_once`] knows of a request that it accepts; unspecified where it doesn't.
#[derive(Clone, Copy, Debug, Default)]
pub struct Once {
    /// Which secret of the ring matched, from 0.
    pub secret_index: usize,
    /// The length of the canonical body, in bytes: that is what was signed.
    pub canonical_len: usize,
    format: u8,
}

impl Once {
    /// What was known in another form. Whoever makes one vouches for it.
    #[must_use]
    pub const fn new(format: Option<Format>, secret_index: usize, canonical_len: usize) -> Self {
        let format = match format {
            Some(Format::Json) => JSON,
            Some(Format::Form) => FORM,
            None => 0,
        };
        Self { secret_index, canonical_len, format }
    }

    /// The number of what the body is: 1 for JSON, 2 for a form, 0 for a GET.
    #[must_use]
    pub const fn format_number(&self) -> u8 {
        self.format
    }

    /// What the body is; `None` for a GET, of which nothing is authentic.
    #[must_use]
    pub const fn format(&self) -> Option<Format> {
        match self.format {
            JSON => Some(Format::Json),
            FORM => Some(Format::Form),
            _ => None,
        }
    }

    /// Compacts the body, which was accepted, to its canonical form where it stands.
    pub fn compact(&self, registers: Registers, body: &mut [u8]) {
        if self.format == JSON {
            compact(registers, body);
        }
    }
}

/// A request that is there as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Request<'r> {
    /// As it stands in the request line.
    pub method: &'r [u8],
    /// What follows the request line, as [`Head::from_field_lines`] takes it.
    pub field_lines: &'r [u8],
    /// The body.
    pub body: &'r [u8],
}

/// Working memory of [`Verifier::judge_once`]. The digest stays in it, so nobody can look into it.
#[derive(Default)]
pub struct Work<T> {
    state: T,
    digest: Digest,
}

impl<T> Work<T> {
    /// With this hash state, and room for a digest whatever is in it.
    pub const fn new(state: T, digest: Digest) -> Self {
        Self { state, digest }
    }
}

impl<T> fmt::Debug for Work<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Work(redacted)")
    }
}

impl<S: Scheme, K: Secrets + ?Sized> Verifier<'_, S, K> {
    /// As [`Self::judge`], in working memory of the caller's, whose hash state is idle afterwards. The body is hashed once for
    /// each secret, one after the other. 0, or the number of the [`Reason`]; `once` is unspecified then.
    #[must_use]
    pub fn judge_once(&self, request: &Request<'_>, work: &mut Work<S::State>, once: &mut Once) -> u8 {
        let fields =
            Fields { signature: Field::Absent, content_type: Field::Absent, content_encoding: Field::Absent };
        let mut machine = Machine::new(fields, self.options.max_depth);
        match head::read_lines(&mut machine, request.field_lines) {
            0 => self.judge_fields(&mut machine, request, work, once),
            number => number,
        }
    }

    /// As [`Self::judge_once`], with this head in the place of method and field lines.
    #[must_use]
    pub fn judge_head_once(
        &self,
        head: &Head<'_>,
        body: &[u8],
        work: &mut Work<S::State>,
        once: &mut Once,
    ) -> u8 {
        let fields = Fields {
            signature: head.signature(),
            content_type: head.content_type(),
            content_encoding: head.content_encoding(),
        };
        let request = Request { method: head.method, field_lines: &[], body };
        self.judge_fields(&mut Machine::new(fields, self.options.max_depth), &request, work, once)
    }

    fn judge_fields<'t>(
        &self,
        machine: &mut Machine<'t>,
        request: &Request<'t>,
        work: &mut Work<S::State>,
        once: &mut Once,
    ) -> u8 {
        let format = admit(machine, request, &self.options);
        if format > FORM {
            return format;
        }
        let mut found = 0_u32;
        // From the last one on, so that of several the first one stays.
        for index in (0..self.secrets.count()).rev() {
            // Anybody could sign without one.
            let Some(secret @ [_, ..]) = self.secrets.secret(index) else { return Reason::SecretEmpty as u8 };
            let hashed = self.hash(&mut work.state, secret, request, format, &mut work.digest);
            self.scheme.abort(&mut work.state);
            let Ok(len) = hashed else { return Reason::HashBackend as u8 };
            once.canonical_len = len;
            let number = (index as u32).wrapping_add(1);
            found ^= (found ^ number) & signature::mask_if_same(machine.fields.signature, &work.digest);
        }
        let Some(secret_index) = (found as usize).checked_sub(1) else {
            return Reason::SignatureMismatch as u8;
        };
        once.secret_index = secret_index;
        once.format = format;
        if format == FORM { body::read_form(machine, request.body) } else { 0 }
    }

    /// Hashes what is signed, and says how much of it is the body.
    fn hash(
        &self,
        state: &mut S::State,
        secret: &[u8],
        request: &Request<'_>,
        format: u8,
        digest: &mut Digest,
    ) -> Result<usize, BackendError> {
        let scheme = self.scheme;
        scheme.begin(state, secret)?;
        let (mut rest, mut len, mut piece) = (request.body, 0_usize, request.method);
        let mut next = self.url.bytes();
        // One place for all of it: method, URL, and the parts of the body.
        loop {
            scheme.absorb(state, piece)?;
            if !next.is_empty() {
                piece = core::mem::take(&mut next);
                continue;
            }
            if rest.is_empty() {
                break;
            }
            piece = if format == JSON { strip::take_kept(&mut rest) } else { core::mem::take(&mut rest) };
            len = len.wrapping_add(piece.len());
        }
        scheme.finish(state, digest)?;
        Ok(len)
    }
}

/// All that is checked before anything is hashed. The number of the format or of the reason.
fn admit<'t>(machine: &mut Machine<'t>, request: &Request<'t>, options: &Options) -> u8 {
    let body = request.body;
    let method = head::read_method(machine, request.method);
    if method > GET {
        return method;
    }
    if method == GET && !options.allow_get {
        return Reason::GetDisabled as u8;
    }
    if body.len() > options.max_body {
        return Reason::BodyTooLarge as u8;
    }
    let number = signature::check_digits(machine.fields.signature);
    if number != 0 {
        return number;
    }
    if method == GET {
        return if body.is_empty() { 0 } else { Reason::BodyOnGet as u8 };
    }
    let format = admit_body(machine, body, options);
    // What was read as JSON has none.
    if format != JSON && has_nul(body) { Reason::NulInBody as u8 } else { format }
}

/// As [`admit`], but for NUL bytes.
fn admit_body<'t>(machine: &mut Machine<'t>, body: &'t [u8], options: &Options) -> u8 {
    let format = head::read_format(machine, options.format);
    let Some(first) = body.first() else {
        return if options.allow_empty_body { format } else { Reason::EmptyBody as u8 };
    };
    match format {
        JSON => match body::read_json(machine, body) {
            0 => JSON,
            number => number,
        },
        FORM if matches!(first, b'{' | b'[') => Reason::ContentTypeConfusion as u8,
        _ => format,
    }
}
