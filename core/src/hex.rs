//! Hexadecimal digits eight at a time, for hosts: without a branch or a look-up on what they are.

const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);

/// Decodes 64 lower-case digits, and says whether they are such. If they aren't, what is decoded means nothing.
pub(crate) fn decode(digits: &[u8; 64], bytes: &mut [u8; 32]) -> bool {
    let mut known = HIGH;
    for (four, eight) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(digits.as_chunks::<8>().0) {
        let word = u64::from_le_bytes(*eight);
        known &= are_digits(word);
        // Nine more for a letter, which has this bit and no number has.
        let letter = word >> 6 & u64::from_ne_bytes([1; 8]);
        let values = (word & u64::from_ne_bytes([0x0F; 8])).wrapping_add(letter << 3 | letter);
        // The first digit of two is the higher half of a byte.
        let pairs = (values << 4 | values >> 8) & u64::from_le_bytes([0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0]);
        let [a, _, b, _, c, _, d, _] = pairs.to_le_bytes();
        *four = [a, b, c, d];
    }
    known == HIGH
}

/// The high bit of each byte that is `0` to `9` or `a` to `f`.
const fn are_digits(word: u64) -> u64 {
    let low = word & !HIGH;
    let number = at_least(low, b'0') & !at_least(low, b'9' + 1);
    let letter = at_least(low, b'a') & !at_least(low, b'f' + 1);
    (number | letter) & !word
}

/// The high bit of each byte that is this or more. All are below 0x80, so none carries into the next.
const fn at_least(low: u64, byte: u8) -> u64 {
    low.wrapping_add(u64::from_ne_bytes([0x80_u8.wrapping_sub(byte); 8])) & HIGH
}
