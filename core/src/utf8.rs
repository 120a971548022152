//! UTF-8, one byte at a time: the well-formed sequences of RFC 3629, section 4.

/// Inside of a multi-byte sequence: how many bytes are still to come, and the range of the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sequence {
    left: u8,
    low: u8,
    high: u8,
}

impl Sequence {
    /// Between characters.
    pub(crate) const NONE: Self = Self { left: 0, low: 0x80, high: 0xBF };

    /// Whether a sequence is under way.
    pub(crate) const fn is_open(self) -> bool {
        self.left > 0
    }

    /// Takes the next byte, which is not ASCII where no sequence is under way; `None` where it doesn't belong.
    pub(crate) const fn next(self, byte: u8) -> Option<Self> {
        if self.left > 0 {
            let belongs = self.low <= byte && byte <= self.high;
            return if belongs {
                Some(Self { left: self.left.saturating_sub(1), ..Self::NONE })
            } else {
                None
            };
        }
        let left = match byte {
            0xC2..=0xDF => 1,
            0xE0..=0xEF => 2,
            0xF0..=0xF4 => 3,
            _ => return None,
        };
        // No overlong form, no surrogate, nothing over U+10FFFF.
        let low = match byte {
            0xE0 => 0xA0,
            0xF0 => 0x90,
            _ => 0x80,
        };
        let high = match byte {
            0xED => 0x9F,
            0xF4 => 0x8F,
            _ => 0xBF,
        };
        Some(Self { left, low, high })
    }
}
