//! Sets of ASCII bytes, a bit each.

/// A set of ASCII bytes.
pub(crate) struct AsciiSet([u32; 4]);

impl AsciiSet {
    /// Letters, digits, and these.
    pub(crate) const fn alphanumeric_and(mut others: &[u8]) -> Self {
        let mut low = [0_u64; 2];
        let mut byte = 0_u8;
        while byte < 0x80 {
            if byte.is_ascii_alphanumeric() {
                low = Self::with(low, byte);
            }
            byte = byte.saturating_add(1);
        }
        while let Some((&first, rest)) = others.split_first() {
            low = Self::with(low, first);
            others = rest;
        }
        let [a, b] = low;
        Self([a as u32, a.wrapping_shr(32) as u32, b as u32, b.wrapping_shr(32) as u32])
    }

    const fn with([a, b]: [u64; 2], byte: u8) -> [u64; 2] {
        let bit = 1_u64.wrapping_shl(byte as u32);
        if byte < 64 { [a | bit, b] } else { [a, b | bit] }
    }

    /// Whether the byte is one of them.
    pub(crate) fn has(&self, byte: u8) -> bool {
        let word = self.0.get(usize::from(byte.wrapping_shr(5))).copied().unwrap_or(0);
        word.wrapping_shr(u32::from(byte)) & 1 == 1
    }
}
