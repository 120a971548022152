//! Verification of all that a request has.

use super::grammar::{ACCEPTED, Grammar, number};
use super::machine::{Cell, GOOD, Machine};
use super::table::{CLASSES_LEN, Grammars, tables};
use super::{FORM, JSON, Once, Request, content, fields, forms, values};
use crate::error::Reason;
use crate::hashing::Hashing;
use crate::header::{Field, Head, MAX_VALUE, is_control, same};
use crate::options::Options;
use crate::scheme::Scheme;
use crate::secret::Secrets;
use crate::signature;
use crate::verify::Verifier;

const BODY: Grammar = Grammar {
    parts: &[values::REFUSING, values::VALUES, forms::IS_FORM, values::PARTS, forms::FORMS],
    from: 0,
    unit: 1,
};
/// Too long for a place to be any byte of it.
const HEAD: Grammar = Grammar {
    parts: &[fields::REFUSING, content::IS_CONTENT, fields::FIELDS, content::CONTENTS],
    from: BODY.end(),
    unit: 2,
};
// Wherever a step may be, it is within.
const _: () = assert!(TABLES.len() > Whole::BITS + 1);
static TABLES: [u8; HEAD.end().wrapping_add(CLASSES_LEN)] = tables(&BODY, &HEAD);

// Where a content type and a form begin.
const TYPE_AT: u32 = HEAD.position(content::TYPE) as u32;
const FORM_AT: u32 = BODY.position(forms::FORM) as u32;

/// The grammars, and what is known of a request that is read by them.
#[derive(Default)]
struct Whole {
    once: Once,
}

impl Grammars for Whole {
    const WHOLE: bool = true;
    const HEAD: u32 = HEAD.start();
    const BODY: u32 = BODY.start();
    const BITS: usize = 0x1FF;

    #[inline(always)]
    fn tables() -> &'static [u8] {
        &TABLES
    }

    #[inline(always)]
    fn is_head(at: u32) -> bool {
        at >= HEAD.from as u32
    }

    #[inline(always)]
    fn place(at: u32, place: u32) -> u32 {
        if Self::is_head(at) { (place << 1).wrapping_add(HEAD.from as u32) } else { place }
    }

    #[inline(always)]
    fn count(&mut self, len: usize) {
        self.once.canonical_len = self.once.canonical_len.wrapping_add(len);
    }
}

impl<S: Scheme, K: Secrets + ?Sized> Verifier<'_, S, K> {
    /// As [`Self::judge`], by this scheme. The body is read and hashed once for each secret, one after the other.
    ///
    /// # Errors
    /// As [`Self::judge`], as the number of the [`Reason`].
    #[inline(always)]
    pub fn judge_once<T: Scheme>(&self, scheme: T, request: &Request<'_>) -> Result<Once, u32> {
        let mut machine = self.machine(scheme, request.body);
        if machine.read(request.field_lines, Whole::HEAD) != u32::from(ACCEPTED) {
            return Err(Reason::HeadMalformed as u32);
        }
        self.judge_fields(&mut machine, request)
    }

    /// As [`Self::judge_once`], with this head in the place of method and field lines.
    ///
    /// # Errors
    /// As there.
    pub fn judge_head_once<T: Scheme>(&self, scheme: T, head: &Head<'_>, body: &[u8]) -> Result<Once, u32> {
        let mut machine = self.machine(scheme, body);
        match head.content_type() {
            Field::Absent => {}
            // What was no field line may have what no value has.
            Field::One(value) if value.len() <= MAX_VALUE && !value.iter().any(|&byte| is_control(byte)) => {
                machine.read(value, TYPE_AT);
            }
            _ => machine.say(Cell::TYPE, Reason::ContentType as u32),
        }
        match head.content_encoding() {
            Field::Absent => {}
            Field::One(value) if same(value, b"identity") => {}
            _ => machine.say(Cell::ENCODING, Reason::ContentEncoding as u32),
        }
        let signature = head.signature();
        machine.say(Cell::Signature, signature::check(&signature));
        if let Field::One(digits) = signature {
            machine.signature = digits.first_chunk();
        }
        self.judge_fields(&mut machine, &Request { method: head.method, field_lines: &[], body })
    }

    #[inline(always)]
    fn machine<'r, T: Scheme>(&self, scheme: T, body: &'r [u8]) -> Machine<'r, T, Whole> {
        Machine::new(Hashing::new(scheme), self.options.max_depth, body.len() as u32)
    }

    #[inline(always)]
    fn judge_fields<'r, T: Scheme>(
        &self,
        machine: &mut Machine<'r, T, Whole>,
        request: &Request<'r>,
    ) -> Result<Once, u32> {
        match self.verdict(machine, request) {
            0 => Ok(machine.grammars.once),
            number => Err(number),
        }
    }

    #[inline(never)]
    fn verdict<'r, T: Scheme>(&self, machine: &mut Machine<'r, T, Whole>, request: &Request<'r>) -> u32 {
        let body = request.body;
        let format = admit(machine, request, &self.options);
        if format > FORM {
            return format;
        }
        let Some(digits) = machine.signature else { return Reason::SignatureMissing as u32 };
        machine.begin_body(format == FORM);
        let mut found = 0_u32;
        // From the last one on, so that of several the first one stays.
        for index in (0..self.secrets.count()).rev() {
            // Anybody could sign without one.
            let Some(secret @ [_, ..]) = self.secrets.secret(index) else {
                return Reason::SecretEmpty as u32;
            };
            if !machine.hashing.begin(secret) {
                return Reason::HashBackend as u32;
            }
            machine.hashing.absorb(request.method);
            machine.hashing.absorb(self.url.text());
            machine.grammars.once.canonical_len = 0;
            let mut said = u32::from(ACCEPTED);
            // Where there is no body, there is nothing to read.
            if format == JSON && !body.is_empty() {
                said = machine.read(body, Whole::BODY);
                if said == u32::from(ACCEPTED) {
                    machine.flush(body, body.len());
                }
            } else {
                machine.flush_all(body);
            }
            let mut refused = Reason::HashBackend as u32;
            if said != u32::from(ACCEPTED) {
                refused = number(said);
            } else if let Some(differs) = machine.hashing.end(digits) {
                // In whole words, and hidden from the compiler, which would branch on it.
                let mask = core::hint::black_box(0_u32.wrapping_sub(differs.wrapping_sub(1) >> 31));
                found ^= (found ^ (index as u32).wrapping_add(1)) & mask;
                continue;
            }
            machine.hashing.abort();
            return refused;
        }
        let Some(secret_index) = (found as usize).checked_sub(1) else {
            return Reason::SignatureMismatch as u32;
        };
        machine.grammars.once.secret_index = secret_index;
        machine.grammars.once.format = format;
        if format != FORM {
            return 0;
        }
        if has(body, 0x20, 0x7F) {
            return Reason::FormControlCharacter as u32;
        }
        match machine.read(body, FORM_AT) {
            said if said == u32::from(ACCEPTED) => 0,
            said => number(said),
        }
    }
}

/// All that is checked before anything is hashed. The number of the format, 0 for that of a GET, or of the reason.
#[inline(never)]
fn admit<T: Scheme>(machine: &Machine<'_, T, Whole>, request: &Request<'_>, options: &Options) -> u32 {
    let get = match request.method {
        b"POST" => false,
        b"GET" if options.allow_get => true,
        b"GET" => return Reason::GetDisabled as u32,
        _ => return Reason::MethodUnsupported as u32,
    };
    if request.body.len() > options.max_body {
        return Reason::BodyTooLarge as u32;
    }
    let refused = machine.signature_refused();
    if refused != 0 {
        return refused;
    }
    if machine.signature.is_none() {
        return Reason::SignatureMissing as u32;
    }
    if get {
        return if request.body.is_empty() { 0 } else { Reason::BodyOnGet as u32 };
    }
    let [mut number, encoding] = machine.content();
    if number == 0 {
        number = options.format.map_or(Reason::ContentType as u32, |format| format as u32);
    }
    if number <= FORM && encoding > u32::from(GOOD) {
        number = encoding;
    }
    number = match request.body {
        [] if !options.allow_empty_body => Reason::EmptyBody as u32,
        [b'{' | b'[', ..] if number == FORM => Reason::ContentTypeConfusion as u32,
        _ => number,
    };
    // What is read as JSON is looked through then.
    if number != JSON && has(request.body, 1, 0) { Reason::NulInBody as u32 } else { number }
}

/// Whether there is a byte in a body that is below a limit, or this one. In whole words, which is less code.
#[inline(never)]
fn has(body: &[u8], limit: u32, other: u32) -> bool {
    body.iter().any(|&byte| u32::from(byte) < limit || u32::from(byte) == other)
}
