//! 64 bytes of JSON as bit masks, one bit a byte, the first byte lowest.

use wide::u8x16;

/// Which of 64 bytes are what.
pub(crate) struct Lanes {
    pub(crate) quote: u64,
    pub(crate) space: u64,
    /// `{ } [ ] : ,`
    pub(crate) structural: u64,
    /// Below 0x20, white space included.
    pub(crate) control: u64,
    pub(crate) any_backslash: bool,
    /// Over 0x7F.
    pub(crate) any_high: bool,
}

impl Lanes {
    #[inline]
    pub(crate) fn of(bytes: &[u8; 64]) -> Self {
        let (mut quote, mut space, mut structural, mut control) = (0, 0, 0, 0);
        let (mut backslash, mut high) = (u8x16::ZERO, u8x16::ZERO);
        for (at, quarter) in bytes.as_chunks::<16>().0.iter().enumerate() {
            let shift = (at as u32) << 4;
            let v = u8x16::new(*quarter);
            let is = |byte: u8| v.simd_eq(u8x16::splat(byte));
            let put = |mask: u8x16| u64::from(mask.to_bitmask()).wrapping_shl(shift);
            let folded = v | u8x16::splat(0x20);
            let brace = folded.simd_eq(u8x16::splat(b'{')) | folded.simd_eq(u8x16::splat(b'}'));
            quote |= put(is(b'"'));
            space |= put(is(b' ') | is(b'\n') | is(b'\r') | is(b'\t'));
            structural |= put(brace | is(b':') | is(b','));
            control |= put(v.min(u8x16::splat(0x1F)).simd_eq(v));
            backslash |= is(b'\\');
            high |= v;
        }
        let (any_backslash, any_high) = (backslash.to_bitmask() != 0, high.to_bitmask() != 0);
        Self { quote, space, structural, control, any_backslash, any_high }
    }

    /// Which are backslashes.
    #[inline]
    pub(crate) fn backslashes(bytes: &[u8; 64]) -> u64 {
        mask(bytes, |v| v.simd_eq(u8x16::splat(b'\\')))
    }

    /// Which are over 0x7F.
    #[inline]
    pub(crate) fn high(bytes: &[u8; 64]) -> u64 {
        mask(bytes, |v| v)
    }
}

#[inline]
fn mask(bytes: &[u8; 64], of: impl Fn(u8x16) -> u8x16) -> u64 {
    bytes
        .as_chunks::<16>()
        .0
        .iter()
        .rev()
        .fold(0, |mask, quarter| mask.wrapping_shl(16) | u64::from(of(u8x16::new(*quarter)).to_bitmask()))
}
