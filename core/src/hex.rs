//! Hexadecimal digits for hosts, whose compilers make vectors of these loops.

/// Decodes 64 lower-case digits, and says whether they are such. If they aren't, what is decoded means nothing.
pub(crate) fn decode(digits: &[u8; 64], bytes: &mut [u8; 32]) -> bool {
    let known = digits.iter().fold(true, |known, digit| {
        // Without a branch.
        known & (digit.is_ascii_digit() | matches!(digit, b'a'..=b'f'))
    });
    for (byte, pair) in bytes.iter_mut().zip(digits.as_chunks::<2>().0) {
        // Nine more for a letter, which has this bit and no number has.
        let [high, low] = pair.map(|digit| (digit & 0x0F).wrapping_add((digit >> 6).wrapping_mul(9)));
        *byte = high << 4 | low;
    }
    known
}
