//! Verification in little code and memory, for firmware: a request that is there as a whole, one hash state however
//! many secrets there are, and of what is wrong only the reason.
//!
//! The reasons come in the order of [`CHECK_ORDER`](crate::CHECK_ORDER) because the checks are made in that order. Inside,
//! a reason is its number.

mod body;
mod grammar;
mod head;
mod machine;
mod table;
mod work;

use crate::content::Format;
use crate::error::Reason;
use crate::header::{Field, Head, MAX_VALUE, is_control};
use crate::json::compact;
use crate::scheme::Scheme;
use crate::secret::Secrets;
use crate::signature;
use crate::verify::Verifier;
use machine::Machine;
use work::Work;

// The numbers of formats, below those of reasons; 0 is that of a GET's.
const JSON: u32 = Format::Json as u32;
const FORM: u32 = Format::Form as u32;
// The numbers of methods.
const GET: u32 = 0;
const POST: u32 = 1;

/// What [`Verifier::judge_once`] knows of a request that it accepts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Once {
    /// Which secret of the ring matched, from 0.
    pub secret_index: usize,
    /// The length of the canonical body, in bytes: that is what was signed.
    pub canonical_len: usize,
    /// In a whole word, which is less code.
    format: u32,
}

impl Once {
    /// What was known in another form. Whoever makes one vouches for it.
    #[must_use]
    pub const fn new(format: Option<Format>, secret_index: usize, canonical_len: usize) -> Self {
        let format = match format {
            Some(format) => format as u32,
            None => 0,
        };
        Self { secret_index, canonical_len, format }
    }

    /// The number of what the body is: 1 for JSON, 2 for a form, 0 for a GET.
    #[must_use]
    pub const fn format_number(&self) -> u32 {
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
    pub fn compact(&self, body: &mut [u8]) {
        if self.format == JSON {
            compact(body);
        }
    }
}

/// A request that is there as a whole. It is laid out as an array of its texts.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Request<'r> {
    /// As it stands in the request line.
    pub method: &'r [u8],
    /// What follows the request line, as [`Head::from_field_lines`] takes it.
    pub field_lines: &'r [u8],
    /// The body.
    pub body: &'r [u8],
}

impl<S: Scheme, K: Secrets + ?Sized> Verifier<'_, S, K> {
    /// As [`Self::judge`], by this scheme. The body is read and hashed once for each secret, one after the other.
    ///
    /// # Errors
    /// As [`Self::judge`], as the number of the [`Reason`].
    #[inline(always)]
    pub fn judge_once<T: Scheme>(&self, scheme: T, request: &Request<'_>) -> Result<Once, u32> {
        let fields = [Field::Absent, Field::Absent, Field::Absent];
        let mut machine = Machine { request, options: &self.options, work: Work::new(scheme), fields };
        match machine.read(request.field_lines, table::FIELDS) {
            0 => self.judge_fields(&mut machine),
            number => Err(number),
        }
    }

    /// As [`Self::judge_once`], with this head in the place of method and field lines.
    ///
    /// # Errors
    /// As there.
    pub fn judge_head_once<T: Scheme>(&self, scheme: T, head: &Head<'_>, body: &[u8]) -> Result<Once, u32> {
        // What was no field line may have what no value has.
        let content_type = match head.content_type() {
            Field::One(value) if value.iter().any(|&byte| is_control(byte)) => Field::Many,
            field => field,
        };
        let fields = [head.signature(), content_type, head.content_encoding()];
        let request = &Request { method: head.method, field_lines: &[], body };
        self.judge_fields(&mut Machine { request, options: &self.options, work: Work::new(scheme), fields })
    }

    #[inline(always)]
    fn judge_fields<T: Scheme>(&self, machine: &mut Machine<'_, T>) -> Result<Once, u32> {
        match self.verdict(machine) {
            0 => Ok(machine.work.once),
            number => Err(number),
        }
    }

    #[inline(never)]
    fn verdict<T: Scheme>(&self, machine: &mut Machine<'_, T>) -> u32 {
        let number = machine.admit();
        if number > FORM {
            return number;
        }
        let mut found = 0_u32;
        // From the last one on, so that of several the first one stays.
        for index in (0..self.secrets.count()).rev() {
            // Anybody could sign without one.
            let Some(secret @ [_, ..]) = self.secrets.secret(index) else {
                return Reason::SecretEmpty as u32;
            };
            if !machine.work.begin(secret) {
                return Reason::HashBackend as u32;
            }
            let mut number = machine.hash(self.url.text());
            if number == 0 {
                let [signature, ..] = &machine.fields;
                match machine.work.end(signature) {
                    Some(mask) => {
                        found ^= (found ^ (index as u32).wrapping_add(1)) & mask;
                        continue;
                    }
                    None => number = Reason::HashBackend as u32,
                }
            }
            machine.work.abort();
            return number;
        }
        let Some(secret_index) = (found as usize).checked_sub(1) else {
            return Reason::SignatureMismatch as u32;
        };
        machine.work.once.secret_index = secret_index;
        if machine.work.once.format == FORM { machine.read_form() } else { 0 }
    }
}

impl<S: Scheme> Machine<'_, S> {
    /// All that is checked before anything is hashed. The number of the format, or of the reason.
    #[inline(never)]
    fn admit(&mut self) -> u32 {
        let options = self.options;
        self.work.once.format = self.read(self.request.method, table::METHOD);
        if self.work.once.format > POST {
            return self.work.once.format;
        }
        if self.work.once.format == GET && !options.allow_get {
            return Reason::GetDisabled as u32;
        }
        if self.request.body.len() > options.max_body {
            return Reason::BodyTooLarge as u32;
        }
        let [signature, ..] = &self.fields;
        let number = signature::check(signature);
        if number != 0 {
            return number;
        }
        if self.work.once.format == GET {
            return if self.request.body.is_empty() { 0 } else { Reason::BodyOnGet as u32 };
        }
        self.work.once.format = self.admit_body();
        // What is read as JSON is looked through then.
        let number = self.work.once.format;
        if number != JSON && self.has(1, 0) { Reason::NulInBody as u32 } else { number }
    }

    /// The number of the format, or of the reason.
    fn admit_body(&mut self) -> u32 {
        let options = self.options;
        let configured = match options.format {
            Some(format) => format as u32,
            None => Reason::ContentType as u32,
        };
        let mut number = self.read_field(1, configured, Reason::ContentType, table::TYPE);
        if number <= FORM {
            let encoded = self.read_field(2, 0, Reason::ContentEncoding, table::ENCODING);
            if encoded != 0 {
                number = encoded;
            }
        }
        match self.request.body {
            [] if !options.allow_empty_body => Reason::EmptyBody as u32,
            [b'{' | b'[', ..] if number == FORM => Reason::ContentTypeConfusion as u32,
            _ => number,
        }
    }

    /// What a grammar says of the value of a field, or what is so where there is none. More than one, or too long a value, are
    /// refused.
    fn read_field(&mut self, index: usize, absent: u32, refused: Reason, grammar: usize) -> u32 {
        match self.fields.get(index) {
            Some(Field::Absent) => absent,
            Some(&Field::One(value)) if value.len() <= MAX_VALUE => self.read(value, grammar),
            _ => refused as u32,
        }
    }

    /// Hashes what is signed, JSON while it is read. 0, or the number of the reason.
    fn hash(&mut self, url: &[u8]) -> u32 {
        self.work.absorb(self.request.method);
        self.work.absorb(url);
        self.work.once.canonical_len = 0;
        // Where there is no body, there is nothing to read.
        if self.work.once.format != JSON || self.request.body.is_empty() {
            self.work.absorb(self.request.body);
            return 0;
        }
        match self.read(self.request.body, table::JSON) {
            number if number != 0 && self.has(1, 0) => Reason::NulInBody as u32,
            number => number,
        }
    }

    /// Whether there is a byte in the body that is below a limit, or this one. In whole words, which is less code.
    #[inline(never)]
    fn has(&self, limit: u32, other: u32) -> bool {
        self.request.body.iter().any(|&byte| u32::from(byte) < limit || u32::from(byte) == other)
    }

    fn read_form(&mut self) -> u32 {
        if self.has(0x20, 0x7F) {
            return Reason::FormControlCharacter as u32;
        }
        self.read(self.request.body, table::FORM)
    }
}
