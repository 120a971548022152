//! `hmac-sha256` behind a table of functions: what never initialises such a verifier doesn't link it.

use crate::engine::Engine;
use crate::storage::Room;
use crate::types::korewebhook_receipt;
use crate::verifier::Held;
use core::ffi::c_void;
use korewebhook::{Accepted, Error, Format, Head, HmacSha256, Once, Reason, Request, Signature};

pub(crate) use korewebhook::HmacState;

type Judged = Result<Accepted, Error>;
type Signed = Result<Signature, Error>;
type Written = (usize, Result<(), Error>);

/// As [`Engine`], where the scheme isn't known when the library is compiled.
pub(crate) struct Table {
    pub(crate) size: fn(&Held, usize) -> usize,
    pub(crate) judge: unsafe fn(&Held, &Head<'_>, &[u8], Room) -> Result<Once, Reason>,
    pub(crate) judge_in_place: unsafe fn(&Held, &Head<'_>, &mut [u8], Room) -> Result<Once, Reason>,
    pub(crate) judge_request: unsafe fn(&Held, &Request<'_>, &Room, *mut korewebhook_receipt) -> u32,
    pub(crate) start: unsafe fn(&Held, &Head<'_>, bool, Room) -> Result<usize, Error>,
    pub(crate) update: unsafe fn(&Held, *mut c_void, usize, &[u8]) -> Result<(), Error>,
    pub(crate) update_into: unsafe fn(&Held, *mut c_void, usize, &[u8], *mut u8) -> Written,
    pub(crate) finish: unsafe fn(&Held, *mut c_void, usize) -> Judged,
    pub(crate) abort: unsafe fn(&Held, *mut c_void, usize),
    pub(crate) sign: unsafe fn(&Held, Option<Format>, &[u8], Room) -> Signed,
}

const fn engine(held: &Held) -> Engine<HmacSha256> {
    held.engine.under(HmacSha256)
}

pub(crate) static TABLE: Table = Table {
    size: |held, states| engine(held).size(states),
    // SAFETY: here and below, what the engine asks for is passed on to whoever calls.
    judge: |held, head, body, room| unsafe { engine(held).judge(head, body, room) },
    // SAFETY: as above.
    judge_in_place: |held, head, body, room| unsafe { engine(held).judge_in_place(head, body, room) },
    // SAFETY: as above.
    judge_request: |held, request, room, receipt| unsafe {
        engine(held).judge_request(request, room, receipt)
    },
    // SAFETY: as above.
    start: |held, head, key, room| unsafe { engine(held).start(head, key, room) },
    // SAFETY: as above.
    update: |held, room, states, chunk| unsafe { engine(held).update(room, states, chunk) },
    // SAFETY: as above.
    update_into: |held, room, states, chunk, out| unsafe {
        engine(held).update_into(room, states, chunk, out)
    },
    // SAFETY: as above.
    finish: |held, room, states| unsafe { engine(held).finish(room, states) },
    // SAFETY: as above.
    abort: |held, room, states| unsafe { engine(held).abort(room, states) },
    // SAFETY: as above.
    sign: |held, format, body, room| unsafe { engine(held).sign(format, body, room) },
};
