//! UTF-8, one byte at a time: the well-formed sequences of RFC 3629, section 4.

/// Inside of a multi-byte sequence: how many bytes are still to come, and the range of the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sequence {
    left: u8,
    low: u8,
    high: u8,
}

impl Sequence {
    /// Begins with a byte over 0x7F; `None` where no sequence begins so.
    pub(crate) const fn begin(lead: u8) -> Option<Self> {
        let (left, low, high) = match lead {
            0xC2..=0xDF => (1, 0x80, 0xBF),
            0xE0 => (2, 0xA0, 0xBF),
            0xE1..=0xEC | 0xEE..=0xEF => (2, 0x80, 0xBF),
            0xED => (2, 0x80, 0x9F),
            0xF0 => (3, 0x90, 0xBF),
            0xF1..=0xF3 => (3, 0x80, 0xBF),
            0xF4 => (3, 0x80, 0x8F),
            _ => return None,
        };
        Some(Self { left, low, high })
    }

    /// Takes the next byte; `Ok(None)` when the sequence is complete, `Err` where the byte doesn't belong.
    pub(crate) const fn next(self, byte: u8) -> Result<Option<Self>, ()> {
        if byte < self.low || byte > self.high {
            return Err(());
        }
        match self.left.saturating_sub(1) {
            0 => Ok(None),
            left => Ok(Some(Self { left, low: 0x80, high: 0xBF })),
        }
    }
}
