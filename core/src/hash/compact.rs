//! SHA-256 in little code, for firmware: rounds and schedule are loops. On a host [`Sha2`](super::Sha2) is
//! many times as fast.

use super::{BackendError, Digest, Sha256Backend};
use core::cell::Cell;
use core::fmt;
use core::sync::atomic::{Ordering::SeqCst, compiler_fence};
use zeroize::Zeroize;

/// A SHA-256 (FIPS 180-4) of about a KiB and a quarter of code.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compact;

/// One computation of [`Compact`]. It wipes itself when dropped.
#[derive(Clone, Default)]
pub struct CompactState {
    hash: [u32; 8],
    /// The block under way, most significant byte first.
    block: [u32; 16],
    /// The length of the message, in bytes.
    len: u64,
}

impl Drop for CompactState {
    fn drop(&mut self) {
        self.hash.zeroize();
        self.block.zeroize();
    }
}

impl fmt::Debug for CompactState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CompactState(redacted)")
    }
}

impl Sha256Backend for Compact {
    type State = CompactState;

    fn init(&self, state: &mut CompactState) -> Result<(), BackendError> {
        for (word, initial) in state.hash.iter_mut().zip(&INITIAL) {
            *word = *initial;
            // Or the compiler would call a function for it that is as large as all of this.
            compiler_fence(SeqCst);
        }
        state.len = 0;
        Ok(())
    }

    fn update(&self, state: &mut CompactState, bytes: &[u8]) -> Result<(), BackendError> {
        state.absorb(bytes);
        Ok(())
    }

    fn finish(&self, state: &mut CompactState, digest: &mut Digest) -> Result<(), BackendError> {
        state.end(digest);
        self.abort(state);
        Ok(())
    }

    fn abort(&self, state: &mut CompactState) {
        state.hash.zeroize();
        state.block.zeroize();
    }

    fn try_clone(&self, from: &CompactState, to: &mut CompactState) -> Result<bool, BackendError> {
        to.clone_from(from);
        Ok(true)
    }
}

impl CompactState {
    fn absorb(&mut self, bytes: &[u8]) {
        let mut at = self.place();
        let mut bits = (self.len as u32 & 3).wrapping_mul(8);
        self.len = self.len.wrapping_add(bytes.len() as u64);
        // What there is of the word under way is in its low bits.
        let mut word = self.block.get(at).copied().unwrap_or(0);
        let mut rest = bytes;
        while let Some((four, more)) = rest.split_first_chunk::<4>() {
            let next = u32::from_be_bytes(*four);
            // In two steps, since a word can't be shifted by all of its bits.
            let begun = word.wrapping_shl(24 ^ bits).wrapping_shl(8);
            at = self.set_word(at, begun | next.wrapping_shr(bits));
            (word, rest) = (next, more);
        }
        for &byte in rest {
            word = word.wrapping_shl(8) | u32::from(byte);
            bits = bits.wrapping_add(8) & 31;
            if bits == 0 {
                at = self.set_word(at, word);
            }
        }
        if let Some(place) = self.block.get_mut(at) {
            *place = word;
        }
    }

    /// The place in the block of the word under way.
    fn place(&self) -> usize {
        self.len as usize >> 2 & 15
    }

    /// Sets a word of the block, hashes the block where it was the last one, and returns the place of the next.
    #[inline(always)]
    fn set_word(&mut self, at: usize, word: u32) -> usize {
        if let Some(place) = self.block.get_mut(at) {
            *place = word;
        }
        let next = at.wrapping_add(1);
        if next < 16 {
            return next;
        }
        self.compress();
        0
    }

    /// Ends the message and writes its digest, as [`Compact`] does, but leaves what was computed in the state: whoever
    /// owns its memory wipes it.
    pub fn end(&mut self, digest: &mut Digest) {
        // Section 5.1.1: a one, zeros until eight bytes are left of a block, and the length in bits.
        let bits = self.len.wrapping_mul(8);
        let mut at = self.place();
        let word = self.block.get(at).copied().unwrap_or(0);
        let left = 3_u32.wrapping_sub(self.len as u32 & 3);
        let word = (word.wrapping_shl(8) | 0x80).wrapping_shl(left.wrapping_mul(8));
        at = self.set_word(at, word);
        if at == 15 {
            at = self.set_word(at, 0);
        }
        for place in self.block.get_mut(at..14).unwrap_or_default() {
            *place = 0;
            // As in `init`.
            compiler_fence(SeqCst);
        }
        self.set_word(14, bits.wrapping_shr(32) as u32);
        self.set_word(15, bits as u32);
        for (bytes, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(&self.hash) {
            *bytes = word.to_be_bytes();
        }
    }

    /// The next sixteen words of the schedule, in the place of the last: four at a time, each from words at hand.
    #[inline(never)]
    fn next_words(&mut self) {
        let [mut w0, .., mut late, mut last] = self.block;
        // Cells, so that four references can take turns.
        let block = Cell::from_mut(self.block.as_mut_slice()).as_slice_of_cells();
        let [now, next, half, end] = block.as_chunks::<4>().0 else { return };
        let (mut now, mut next, mut half, mut end) = (now, next, half, end);
        for _ in 0..4 {
            let [n0, n1, n2, n3] = now;
            let (w1, w2, w3, w4) = (n1.get(), n2.get(), n3.get(), next[0].get());
            let first = next_word(w0, w1, half[1].get(), late);
            n0.set(first);
            let second = next_word(w1, w2, half[2].get(), last);
            n1.set(second);
            late = next_word(w2, w3, half[3].get(), first);
            n2.set(late);
            last = next_word(w3, w4, end[0].get(), second);
            n3.set(last);
            w0 = w4;
            (now, next, half, end) = (next, half, end, now);
        }
    }

    /// Section 6.2.2, four rounds at a time, after which each variable can be where it was.
    #[inline(never)]
    fn compress(&mut self) {
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = self.hash;
        let mut keys = K.as_flattened().as_chunks::<4>().0.iter();
        loop {
            for [w0, w1, w2, w3] in self.block.as_chunks().0 {
                let Some([k0, k1, k2, k3]) = keys.next() else { break };
                let mut bc = b ^ c;
                round(a, b, &mut bc, &mut d, e, f, g, &mut h, k0.wrapping_add(*w0));
                round(h, a, &mut bc, &mut c, d, e, f, &mut g, k1.wrapping_add(*w1));
                round(g, h, &mut bc, &mut b, c, d, e, &mut f, k2.wrapping_add(*w2));
                // Or the last words would be loaded before there are registers for them.
                compiler_fence(SeqCst);
                round(f, g, &mut bc, &mut a, b, c, d, &mut e, k3.wrapping_add(*w3));
                (a, b, c, d, e, f, g, h) = (e, f, g, h, a, b, c, d);
            }
            if keys.as_slice().is_empty() {
                break;
            }
            self.next_words();
        }
        let [h0, h1, h2, h3, h4, h5, h6, h7] = &mut self.hash;
        *h0 = h0.wrapping_add(a);
        *h1 = h1.wrapping_add(b);
        *h2 = h2.wrapping_add(c);
        *h3 = h3.wrapping_add(d);
        *h4 = h4.wrapping_add(e);
        *h5 = h5.wrapping_add(f);
        *h6 = h6.wrapping_add(g);
        *h7 = h7.wrapping_add(h);
    }
}

#[inline(always)]
fn next_word(word: u32, early: u32, middle: u32, late: u32) -> u32 {
    let s0 = early.rotate_right(7) ^ early.rotate_right(18) ^ early.wrapping_shr(3);
    let s1 = late.rotate_right(17) ^ late.rotate_right(19) ^ late.wrapping_shr(10);
    word.wrapping_add(s0).wrapping_add(middle).wrapping_add(s1)
}

/// Leaves the new `a` in `h`, and what is `b ^ c` in the next round.
#[expect(clippy::too_many_arguments, reason = "the names of FIPS 180-4")]
#[inline(always)]
fn round(a: u32, b: u32, bc: &mut u32, d: &mut u32, e: u32, f: u32, g: u32, h: &mut u32, kw: u32) {
    // One rotation in the other, each of which is a part of an instruction.
    let s1 = (e ^ (e ^ e.rotate_right(14)).rotate_right(5)).rotate_right(6);
    let ch = (e & f).wrapping_add(g & !e);
    let t1 = h.wrapping_add(s1).wrapping_add(ch).wrapping_add(kw);
    let s0 = (a ^ (a ^ a.rotate_right(9)).rotate_right(11)).rotate_right(2);
    let ab = a ^ b;
    let maj = b ^ (ab & *bc);
    *bc = ab;
    *d = d.wrapping_add(t1);
    *h = t1.wrapping_add(s0).wrapping_add(maj);
}

const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

#[rustfmt::skip]
const K: [[u32; 16]; 4] = [
    [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5,
        0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3,
        0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    ],
    [
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc,
        0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
        0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    ],
    [
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13,
        0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3,
        0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    ],
    [
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5,
        0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208,
        0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ],
];
