//! A verifier at work in the caller's storage, under any scheme.

use crate::args::{INVALID, apart};
use crate::cpu;
use crate::storage::{Laid, Room, lay, size, view};
use crate::types::{korewebhook_bytes, korewebhook_receipt};
use crate::verify::write;
use core::ffi::c_void;
use korewebhook::{Accepted, Error, Format, Head, Once, Reason, Request, Secrets, Signature, Verifier};

/// Secrets that the caller keeps, checked when the verifier was initialised.
#[repr(transparent)]
pub(crate) struct Ring([korewebhook_bytes]);

impl Ring {
    /// # Safety
    /// The secrets can be read as long as the ring is used.
    pub(crate) unsafe fn new(secrets: &'static [korewebhook_bytes]) -> &'static Self {
        // SAFETY: the layout is that of the slice.
        unsafe { &*(core::ptr::from_ref(secrets) as *const Self) }
    }
}

impl Secrets for Ring {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn secret(&self, index: usize) -> Option<&[u8]> {
        let secret = self.0.get(index)?;
        // SAFETY: a secret isn't empty, so it isn't null.
        unsafe { core::hint::assert_unchecked(!secret.data.is_null()) };
        // SAFETY: checked by `korewebhook_verifier_init`, and the caller's promise since.
        Some(unsafe { core::slice::from_raw_parts(secret.data, secret.len) })
    }
}

/// A verifier with its scheme.
pub(crate) struct Engine<S: Laid> {
    pub(crate) core: Verifier<'static, S, Ring>,
    pub(crate) scheme: S,
    pub(crate) secrets: usize,
}

impl<S: Laid> Engine<S> {
    /// The same configuration under another scheme.
    pub(crate) const fn under<T: Laid>(&self, scheme: T) -> Engine<T> {
        Engine { core: self.core.under(scheme), scheme, secrets: self.secrets }
    }

    pub(crate) fn size(&self, states: usize) -> usize {
        size(self.scheme, states)
    }

    /// # Safety
    /// As for [`lay`].
    pub(crate) unsafe fn judge(&self, head: &Head<'_>, body: &[u8], room: Room) -> Result<Once, Reason> {
        apart(body.as_ptr(), body.len(), room.data, room.len)?;
        if cfg!(target_os = "none") {
            room.holds(self.scheme.context_size())?;
            // SAFETY: the caller's promise.
            let scheme = unsafe { self.scheme.once(room.data) };
            let said = self.core.judge_head_once(scheme, head, body);
            return said.map_err(|number| Reason::from_number(number as i32).unwrap_or(INVALID));
        }
        // SAFETY: the caller's promise.
        let storage = unsafe { lay(self.scheme, room, self.secrets) }?;
        let mut stream = self.core.start(head, storage);
        // An error comes again from `finish`.
        let _ = stream.update(body);
        Ok(once(&stream.finish().map_err(|error| error.reason())?))
    }

    /// # Safety
    /// As for [`lay`].
    pub(crate) unsafe fn judge_in_place(
        &self,
        head: &Head<'_>,
        body: &mut [u8],
        room: Room,
    ) -> Result<Once, Reason> {
        // SAFETY: the caller's promise.
        let once = unsafe { self.judge(head, body, room) }?;
        once.compact(cpu::registers(), body);
        Ok(once)
    }

    /// Writes the receipt of a request that is accepted. 0, or the number of the reason.
    ///
    /// # Safety
    /// As for [`lay`]; the receipt can be written to.
    pub(crate) unsafe fn judge_request(
        &self,
        request: &Request<'_>,
        room: &Room,
        receipt: *mut korewebhook_receipt,
    ) -> u32 {
        let number = room.fits(request.body, self.scheme.context_size());
        if number != 0 {
            return number;
        }
        // SAFETY: the caller's promise.
        match self.core.judge_once(unsafe { self.scheme.once(room.data) }, request) {
            Ok(once) => {
                // SAFETY: the caller's promise.
                unsafe { write(receipt, request.body.len(), &once) };
                0
            }
            Err(number) => number,
        }
    }

    /// Begins a stream and says how many states it has.
    ///
    /// # Safety
    /// As for [`lay`].
    pub(crate) unsafe fn start(&self, head: &Head<'_>, key: bool, room: Room) -> Result<usize, Error> {
        let states = self.secrets.wrapping_add(usize::from(key));
        // SAFETY: the caller's promise.
        let storage = unsafe { lay(self.scheme, room, states) }?;
        if key {
            self.core.start_with_key(head, storage);
        } else {
            self.core.start(head, storage);
        }
        Ok(states)
    }

    /// # Safety
    /// As for [`view`].
    pub(crate) unsafe fn update(&self, room: *mut c_void, states: usize, chunk: &[u8]) -> Result<(), Error> {
        // SAFETY: the caller's promise.
        self.core.resume(unsafe { view(room, states) })?.update(chunk)
    }

    /// Takes a piece, writes what is canonical to `out` and says how much that was.
    ///
    /// # Safety
    /// As for [`view`]; `out` has room for the whole piece.
    pub(crate) unsafe fn update_into(
        &self,
        room: *mut c_void,
        states: usize,
        chunk: &[u8],
        out: *mut u8,
    ) -> (usize, Result<(), Error>) {
        let mut used = 0_usize;
        // SAFETY: the caller's promise.
        let result = self.core.resume(unsafe { view(room, states) }).and_then(|mut stream| {
            stream.update_with(chunk, |run| {
                // SAFETY: the runs are parts of the piece, so there is room.
                let place = unsafe { out.add(used) };
                // SAFETY: as above, and the caller has seen to it that both lie apart.
                unsafe { place.copy_from_nonoverlapping(run.as_ptr(), run.len()) };
                used = used.wrapping_add(run.len());
            })
        });
        (used, result)
    }

    /// # Safety
    /// As for [`view`].
    pub(crate) unsafe fn finish(&self, room: *mut c_void, states: usize) -> Result<Accepted, Error> {
        // SAFETY: the caller's promise.
        self.core.resume(unsafe { view(room, states) })?.finish()
    }

    /// # Safety
    /// As for [`view`].
    pub(crate) unsafe fn abort(&self, room: *mut c_void, states: usize) {
        // SAFETY: the caller's promise.
        if let Ok(stream) = self.core.resume(unsafe { view(room, states) }) {
            stream.abort();
        }
    }

    /// Signs a POST in this format, or a GET where there is none.
    ///
    /// # Safety
    /// As for [`lay`].
    pub(crate) unsafe fn sign(
        &self,
        format: Option<Format>,
        body: &[u8],
        room: Room,
    ) -> Result<Signature, Error> {
        apart(body.as_ptr(), body.len(), room.data, room.len)?;
        // SAFETY: the caller's promise.
        unsafe { lay(self.scheme, room, 1) }?;
        // SAFETY: the state stands where the room's states begin.
        let state = unsafe { &mut *crate::storage::states::<S>(room.data) };
        let signer = self.core.signer()?;
        match format {
            Some(format) => signer.sign_in(state, format, body),
            None => signer.sign_get_in(state),
        }
    }
}

/// What a receipt without a key is made of.
pub(crate) fn once(accepted: &Accepted) -> Once {
    match accepted {
        Accepted::Delivery(receipt) => {
            Once::new(Some(receipt.format), receipt.secret_index, receipt.canonical_len)
        }
        Accepted::EndpointOnly(endpoint) => Once::new(None, endpoint.secret_index, 0),
    }
}
