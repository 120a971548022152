//! Runs of bytes that need no look one by one: eight at a time where a word has eight bytes.

const HIGH: u64 = splat(0x80);

/// Whether to look at eight bytes at a time: where that pays, and code is cheap.
pub(crate) const BY_WORDS: bool = cfg!(target_pointer_width = "64");

/// How many bytes at the front are ASCII that stands for itself inside a string: %x20-21 / %x23-5B / %x5D-7F.
pub(crate) fn plain_len(bytes: &[u8]) -> usize {
    run_len(bytes, special, |b| matches!(b, 0x20 | 0x21 | 0x23..=0x5B | 0x5D..=0x7F))
}

/// The high bit of the first byte that isn't so, if there is one; of those above, it may be set or not.
const fn special(word: u64) -> u64 {
    (word | below(word, 0x20) | equal(word, b'"') | equal(word, b'\\')) & HIGH
}

/// How many bytes at the front are printable ASCII, 0x20 to 0x7E.
pub(crate) fn printable_len(bytes: &[u8]) -> usize {
    let special = |word| word | below(word, 0x20) | equal(word, 0x7F);
    let one = |b| matches!(b, 0x20..=0x7E);
    // Without a branch in the inner loop, of which compilers make vectors.
    let all = |bytes: &&[u8; 32]| bytes.iter().fold(true, |all, &b| all & one(b));
    let wide = if BY_WORDS { bytes.as_chunks().0.iter().take_while(all).count().wrapping_mul(32) } else { 0 };
    wide.wrapping_add(run_len(bytes.get(wide..).unwrap_or_default(), special, one))
}

/// How many bytes at the front are white space.
pub(crate) fn space_len(bytes: &[u8]) -> usize {
    let other = |word| !(is(word, b' ') | is(word, b'\n') | is(word, b'\t') | is(word, b'\r'));
    run_len(bytes, other, is_space)
}

/// How many bytes at the front are so: `one` says whether a byte is, `special` sets the high bit of each of eight
/// bytes that isn't. It is only asked for the first such byte, so what it says of those above doesn't matter.
fn run_len(bytes: &[u8], special: impl Fn(u64) -> u64, one: impl Fn(u8) -> bool) -> usize {
    let mut rest = bytes;
    if BY_WORDS {
        while let Some((word, after)) = rest.split_first_chunk::<8>() {
            let told = special(u64::from_le_bytes(*word)) & HIGH;
            if told != 0 {
                let before = bytes.len().wrapping_sub(rest.len());
                return before.wrapping_add(told.trailing_zeros() as usize >> 3);
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

const fn splat(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The high bit of each byte that is this one; of the bytes above the first, a borrow may set more.
const fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ splat(byte), 1)
}

/// The high bit of each byte that is lower than this one, which is at most 0x80; of the bytes above the first, a
/// borrow may set more.
const fn below(word: u64, byte: u8) -> u64 {
    word.wrapping_sub(splat(byte)) & !word & HIGH
}

/// The high bit of each byte that is this one, and of no other.
const fn is(word: u64, byte: u8) -> u64 {
    const LOW: u64 = splat(0x7F);
    let difference = word ^ splat(byte);
    !((difference & LOW).wrapping_add(LOW) | difference) & HIGH
}

/// Whether there is a NUL byte: by a search made for long texts on a host, by a loop where code is dear.
pub(crate) fn has_nul(bytes: &[u8]) -> bool {
    if BY_WORDS { bytes.contains(&0) } else { run_len(bytes, |_| 0, |b| b != 0) < bytes.len() }
}

/// `ws` of RFC 8259, section 2.
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
