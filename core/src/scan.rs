//! Runs of bytes that need no look one by one.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
const SPACES: u64 = u64::from_ne_bytes([0x20; 8]);

/// How many bytes at the front are ASCII that stands for itself inside a string: %x20-21 / %x23-5B / %x5D-7F. Eight at a time, as far as
/// that goes.
pub(crate) fn plain_len(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        if !all_plain(u64::from_le_bytes(*word)) {
            break;
        }
        rest = after;
    }
    let plain = rest.iter().take_while(|&&b| matches!(b, 0x20 | 0x21 | 0x23..=0x5B | 0x5D..=0x7F)).count();
    bytes.len().saturating_sub(rest.len()).saturating_add(plain)
}

/// In each of the eight bytes the high bit tells: not ASCII, below 0x20, a quote, or a backslash. A borrow may spoil the bytes above one that
/// is told, which doesn't matter here.
const fn all_plain(word: u64) -> bool {
    const QUOTES: u64 = u64::from_ne_bytes([b'"'; 8]);
    const BACKSLASHES: u64 = u64::from_ne_bytes([b'\\'; 8]);
    let control = word.wrapping_sub(SPACES) & !word;
    let quote = (word ^ QUOTES).wrapping_sub(ONES) & !(word ^ QUOTES);
    let backslash = (word ^ BACKSLASHES).wrapping_sub(ONES) & !(word ^ BACKSLASHES);
    (word | control | quote | backslash) & HIGH == 0
}

/// How many bytes at the front are printable ASCII, 0x20 to 0x7E. Eight at a time, as far as that goes.
pub(crate) fn printable_len(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        if !all_printable(u64::from_le_bytes(*word)) {
            break;
        }
        rest = after;
    }
    let printable = rest.iter().take_while(|&&b| matches!(b, 0x20..=0x7E)).count();
    bytes.len().saturating_sub(rest.len()).saturating_add(printable)
}

/// As [`all_plain`]: not ASCII, below 0x20, or 0x7F.
const fn all_printable(word: u64) -> bool {
    let control = word.wrapping_sub(SPACES) & !word;
    (word | control | word.wrapping_add(ONES)) & HIGH == 0
}

/// `ws` of RFC 8259, section 2.
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
