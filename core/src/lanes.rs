//! 64 bytes as bit masks, one bit a byte, the first byte lowest.

use fearless_simd::prelude::*;
use fearless_simd::u8x64;

/// Whether bytes can be moved about within a register.
#[inline(always)]
pub(crate) fn shuffles<S: Simd>(simd: S) -> bool {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    let can = !matches!(simd.level(), fearless_simd::Level::Sse2(_));
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
    let can = !simd.level().is_fallback();
    can
}

/// Whether an instruction brings bytes together within a register.
#[inline(always)]
pub(crate) fn compresses<S: Simd>(simd: S) -> bool {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    let can = matches!(simd.level(), fearless_simd::Level::Avx512(_));
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
    let can = {
        let _ = simd;
        false
    };
    can
}

/// Which of 64 bytes of JSON are what.
pub(crate) struct Lanes {
    pub(crate) quote: u64,
    pub(crate) backslash: u64,
    pub(crate) space: u64,
    pub(crate) comma: u64,
    pub(crate) colon: u64,
    /// `{` and `[`.
    pub(crate) open: u64,
    /// `}` and `]`.
    pub(crate) close: u64,
    /// Below 0x20, white space included.
    pub(crate) control: u64,
    /// Over 0x7F.
    pub(crate) high: u64,
}

impl Lanes {
    #[inline(always)]
    pub(crate) fn of<S: Simd>(simd: S, bytes: &[u8; 64]) -> Self {
        let v = u8x64::simd_from(simd, *bytes);
        // Brackets and braces differ in this bit.
        let folded = v | 0x20;
        Self {
            quote: v.simd_eq(b'"').to_bitmask(),
            backslash: v.simd_eq(b'\\').to_bitmask(),
            space: (v.simd_eq(b' ') | v.simd_eq(b'\n') | v.simd_eq(b'\r') | v.simd_eq(b'\t')).to_bitmask(),
            comma: v.simd_eq(b',').to_bitmask(),
            colon: v.simd_eq(b':').to_bitmask(),
            open: folded.simd_eq(b'{').to_bitmask(),
            close: folded.simd_eq(b'}').to_bitmask(),
            control: v.simd_lt(0x20).to_bitmask(),
            high: v.simd_gt(0x7F).to_bitmask(),
        }
    }

    /// Without the first so many bytes, fewer than 64.
    #[inline(always)]
    pub(crate) const fn behind(self, passed: usize) -> Self {
        let passed = passed as u32;
        Self {
            quote: self.quote.wrapping_shr(passed),
            backslash: self.backslash.wrapping_shr(passed),
            space: self.space.wrapping_shr(passed),
            comma: self.comma.wrapping_shr(passed),
            colon: self.colon.wrapping_shr(passed),
            open: self.open.wrapping_shr(passed),
            close: self.close.wrapping_shr(passed),
            control: self.control.wrapping_shr(passed),
            high: self.high.wrapping_shr(passed),
        }
    }
}

/// The place of the lowest bit, 64 where there is none.
pub(crate) const fn first(bits: u64) -> usize {
    bits.trailing_zeros() as usize
}

/// Whether the bit of this place is set.
pub(crate) const fn bit(bits: u64, at: usize) -> bool {
    bits.wrapping_shr(at as u32) & 1 == 1
}

/// The bits of the first so many bytes.
pub(crate) const fn below(end: usize) -> u64 {
    if end < 64 { 1_u64.wrapping_shl(end as u32).wrapping_sub(1) } else { u64::MAX }
}

/// Each bit the parity of those up to it.
pub(crate) const fn prefix_xor(bits: u64) -> u64 {
    let bits = bits ^ (bits << 1);
    let bits = bits ^ (bits << 2);
    let bits = bits ^ (bits << 4);
    let bits = bits ^ (bits << 8);
    let bits = bits ^ (bits << 16);
    bits ^ (bits << 32)
}
