//! Verification of what JSON by POST has, in the least code, for firmware that knows what it is sent.
//!
//! Method, content type and content encoding aren't looked at. Of these only the method is signed, and it is hashed as POST.

use super::grammar::{ACCEPTED, Grammar, Line, number};
use super::machine::Machine;
use super::table::{CLASSES_LEN, Grammars, tables};
use super::{fields, values};
use crate::error::Reason;
use crate::hashing::Hashing;
use crate::scheme::Scheme;
use crate::secret::Secrets;
use crate::verify::Verifier;

const HEAD: Grammar =
    Grammar { parts: &[fields::REFUSING, &[Line::At(fields::LINE)], fields::FIELDS], from: 0, unit: 1 };
const BODY: Grammar = Grammar {
    parts: &[values::REFUSING, values::VALUES, &[Line::At(values::AGAIN)], values::PARTS],
    from: HEAD.end(),
    unit: 1,
};
// Wherever a step may be, it is within.
const _: () = assert!(TABLES.len() > Json::BITS + 1);
static TABLES: [u8; BODY.end().wrapping_add(CLASSES_LEN)] = tables(&HEAD, &BODY);

/// The grammars of JSON alone.
#[derive(Default)]
struct Json;

impl Grammars for Json {
    const WHOLE: bool = false;
    const HEAD: u32 = HEAD.start();
    const BODY: u32 = BODY.start();
    const BITS: usize = 0xFF;

    #[inline(always)]
    fn tables() -> &'static [u8] {
        &TABLES
    }

    #[inline(always)]
    fn is_head(at: u32) -> bool {
        at < Self::BODY
    }

    #[inline(always)]
    fn place(_at: u32, place: u32) -> u32 {
        place
    }
}

impl<S: Scheme, K: Secrets + ?Sized> Verifier<'_, S, K> {
    /// As [`Self::judge`], by this scheme, for JSON that was sent by POST, in the least code. Content type and content
    /// encoding aren't looked at, nor is [`Options::allow_empty_body`](crate::Options): an empty body is refused.
    /// The body is read and hashed once for each secret, one after the other.
    ///
    /// # Errors
    /// As [`Self::judge`], but for those of method, content type, content encoding and forms, as the number of the
    /// [`Reason`]; `head-malformed` for the field lines. A backend that can't begin says so before the body is looked at.
    #[inline(always)]
    pub fn judge_json<T: Scheme>(&self, scheme: T, field_lines: &[u8], body: &[u8]) -> Result<(), u32> {
        match self.say_json(scheme, field_lines, body) {
            0 => Ok(()),
            number => Err(number),
        }
    }

    #[inline(always)]
    fn say_json<T: Scheme>(&self, scheme: T, field_lines: &[u8], body: &[u8]) -> u32 {
        let mut machine =
            Machine::<_, Json>::new(Hashing::new(scheme), self.options.max_depth, body.len() as u32);
        if machine.read(field_lines, Json::HEAD) != u32::from(ACCEPTED) {
            return Reason::HeadMalformed as u32;
        }
        if body.len() > self.options.max_body {
            return Reason::BodyTooLarge as u32;
        }
        let refused = machine.signature_refused();
        if refused != 0 {
            return refused;
        }
        let Some(digits) = machine.signature else { return Reason::SignatureMissing as u32 };
        // 1 where a secret has signed. All are tried, and no branch tells which.
        let mut signed = 0_u32;
        let mut index = 0_usize;
        loop {
            if index >= self.secrets.count() {
                return Reason::SignatureMismatch as u32 & signed.wrapping_sub(1);
            }
            // Anybody could sign without one.
            let Some(secret @ [_, ..]) = self.secrets.secret(index) else {
                return Reason::SecretEmpty as u32;
            };
            index = index.wrapping_add(1);
            if !machine.hashing.begin(secret) {
                return Reason::HashBackend as u32;
            }
            machine.hashing.absorb(b"POST");
            machine.hashing.absorb(self.url.text());
            let mut said = machine.read(body, Json::BODY);
            if said == u32::from(ACCEPTED) {
                machine.flush(body, body.len());
                if let Some(differs) = machine.hashing.end(digits) {
                    signed |= differs.wrapping_sub(1) >> 31;
                    continue;
                }
                said = Reason::HashBackend as u32;
            } else {
                said = number(said);
            }
            machine.hashing.abort();
            return said;
        }
    }
}
