//! Canonical bytes on their way to the hash, put together to whole blocks.

use crate::lanes::{compresses, shuffles};
use fearless_simd::prelude::*;
use fearless_simd::{mask8x16, mask8x64, u8x16, u8x64};

/// A block of SHA-256, in bytes.
pub(crate) const BLOCK: usize = 64;

/// How many blocks are handed out at once: some, so that it is asked for seldom and foretold well.
const AT_ONCE: usize = 6;

/// How much is put together: more than twice that, so that little has to be moved.
const SIZE: usize = (2 * AT_ONCE + 4) * BLOCK;

/// Collects bytes and hands them out as whole blocks, each at least a block after it was written: so a CPU may go on
/// collecting while it hashes.
pub(crate) struct Blocks<F> {
    bytes: [u8; SIZE],
    /// What is there and not handed out: from here
    start: usize,
    /// to here.
    end: usize,
    /// How much goes out next.
    next: usize,
    sink: F,
}

impl<F: FnMut(&[u8])> Blocks<F> {
    /// Collects what follows `hashed` bytes, such that what is handed out ends where a block of the hash does.
    pub(crate) const fn after(hashed: usize, sink: F) -> Self {
        Self { bytes: [0; SIZE], start: 0, end: 0, next: BLOCK.wrapping_sub(hashed & 63), sink }
    }

    /// Takes the first `len` of these bytes. All are copied, which costs less than to look how many.
    pub(crate) fn push(&mut self, bytes: &[u8; BLOCK], len: usize) {
        if let Some(place) = self.bytes.get_mut(self.end..).and_then(<[u8]>::first_chunk_mut) {
            *place = *bytes;
        }
        self.end = self.end.wrapping_add(len);
        if self.end.wrapping_sub(self.start) >= (AT_ONCE + 1) * BLOCK {
            self.hand_out();
        }
    }

    /// Takes those of these bytes whose bits are set.
    #[inline(always)]
    pub(crate) fn push_kept<S: Simd>(&mut self, simd: S, bytes: &[u8; BLOCK], kept: u64) {
        if kept == u64::MAX {
            return self.push(bytes, BLOCK);
        }
        if !shuffles(simd) {
            return self.push_runs(bytes, kept);
        }
        if compresses(simd) {
            let packed = u8x64::simd_from(simd, *bytes).compress(mask8x64::from_bitmask(simd, kept));
            self.place::<BLOCK>(packed.into(), kept);
        } else {
            let mut left = kept;
            for quarter in bytes.as_chunks::<16>().0 {
                let bits = left & 0xFFFF;
                let packed = u8x16::simd_from(simd, *quarter).compress(mask8x16::from_bitmask(simd, bits));
                self.place::<16>(packed.into(), bits);
                left >>= 16;
            }
        }
        if self.end.wrapping_sub(self.start) >= (AT_ONCE + 1) * BLOCK {
            self.hand_out();
        }
    }

    /// Puts as many bytes at the end as bits are set.
    #[inline(always)]
    fn place<const N: usize>(&mut self, bytes: [u8; N], bits: u64) {
        if let Some(place) = self.bytes.get_mut(self.end..).and_then(<[u8]>::first_chunk_mut) {
            *place = bytes;
        }
        self.end = self.end.wrapping_add(bits.count_ones() as usize);
    }

    /// The same, a run after the other.
    fn push_runs(&mut self, bytes: &[u8; BLOCK], kept: u64) {
        // As much can be read behind the last byte.
        let mut readable = [0; 2 * BLOCK];
        readable.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
        let mut left = kept;
        while left != 0 {
            let from = left.trailing_zeros();
            let len = left.wrapping_shr(from).trailing_ones();
            if let Some(source) = readable.get(from as usize..).and_then(<[u8]>::first_chunk) {
                self.push(source, len as usize);
            }
            // The lowest run becomes one bit above it, or none.
            left &= left.wrapping_add(1_u64.wrapping_shl(from));
        }
    }

    #[inline(never)]
    fn hand_out(&mut self) {
        let end = self.start.wrapping_add(self.next).wrapping_add((AT_ONCE - 1) * BLOCK);
        (self.sink)(self.bytes.get(self.start..end).unwrap_or_default());
        self.start = end;
        self.next = BLOCK;
        // Else a block still fits behind those that are awaited.
        if self.end > SIZE - (AT_ONCE + 1) * BLOCK {
            // Less than three blocks are left, and at least one. The comparison always holds; it shows the compiler that nothing
            // panics.
            if self.start <= self.end && self.end <= SIZE {
                self.bytes.copy_within(self.start..self.end, 0);
            }
            self.end = self.end.wrapping_sub(self.start);
            self.start = 0;
        }
    }

    /// Hands out the rest.
    pub(crate) fn finish(mut self) {
        (self.sink)(self.bytes.get(self.start..self.end).unwrap_or_default());
    }
}
