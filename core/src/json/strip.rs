//! The bytes that stay of a text that was found to be JSON before: between its tokens there is nothing but white space.

#[cfg(not(feature = "simd"))]
use crate::registers::Registers;

/// How many bytes stay before white space between tokens.
#[cfg(not(feature = "simd"))]
fn kept_len(text: &[u8]) -> usize {
    // What is below it ends the run: nothing inside of a string.
    const OUTSIDE: u8 = b' ' + 1;
    let (mut len, mut limit) = (0_usize, OUTSIDE);
    while let Some(&byte) = text.get(len) {
        if byte == b'\\' {
            // What is escaped stays too.
            len = len.wrapping_add(1);
        } else if byte > b'"' {
            // Most of all.
        } else if byte == b'"' {
            limit ^= OUTSIDE;
        } else if byte < limit {
            break;
        }
        len = len.wrapping_add(1);
    }
    len
}

/// Moves the bytes that stay to the front.
#[cfg(not(feature = "simd"))]
pub(crate) fn compact(_: Registers, text: &mut [u8]) {
    let (mut from, mut used) = (0_usize, 0_usize);
    while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
        for _ in 0..kept_len(rest) {
            let byte = text.get(from).copied().unwrap_or(0);
            if let Some(place) = text.get_mut(used) {
                *place = byte;
            }
            from = from.wrapping_add(1);
            used = used.wrapping_add(1);
        }
        from = from.wrapping_add(1);
    }
}
