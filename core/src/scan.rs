//! Runs of bytes that need no look one by one.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
const SPACES: u64 = u64::from_ne_bytes([0x20; 8]);

/// How many bytes at the front are ASCII that stands for itself inside a string: %x20-21 / %x23-5B / %x5D-7F.
pub(crate) fn plain_len(bytes: &[u8]) -> usize {
    run_len(bytes, all_plain, |b| matches!(b, 0x20 | 0x21 | 0x23..=0x5B | 0x5D..=0x7F))
}

/// How many bytes at the front are printable ASCII, 0x20 to 0x7E.
pub(crate) fn printable_len(bytes: &[u8]) -> usize {
    run_len(bytes, all_printable, |b| matches!(b, 0x20..=0x7E))
}

/// How many bytes at the front are so, eight at a time as far as that goes: where a word has eight bytes.
fn run_len(bytes: &[u8], all: impl Fn(u64) -> bool, one: impl Fn(u8) -> bool) -> usize {
    let mut rest = bytes;
    if cfg!(target_pointer_width = "64") {
        while let Some((word, after)) = rest.split_first_chunk::<8>() {
            if !all(u64::from_le_bytes(*word)) {
                break;
            }
            rest = after;
        }
    }
    while let Some((&byte, after)) = rest.split_first() {
        if !one(byte) {
            break;
        }
        rest = after;
    }
    bytes.len().wrapping_sub(rest.len())
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

/// As [`all_plain`]: not ASCII, below 0x20, or 0x7F.
const fn all_printable(word: u64) -> bool {
    let control = word.wrapping_sub(SPACES) & !word;
    (word | control | word.wrapping_add(ONES)) & HIGH == 0
}

/// Whether there is a NUL byte: by a search made for long texts on a host, by a loop where code is dear.
pub(crate) fn has_nul(bytes: &[u8]) -> bool {
    if cfg!(target_pointer_width = "64") {
        bytes.contains(&0)
    } else {
        run_len(bytes, |_| false, |b| b != 0) < bytes.len()
    }
}

/// `ws` of RFC 8259, section 2.
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
