//! Vector registers of every width that the machine has, against a byte at a time.

use super::Canonicalizer;
use crate::blocks::Blocks;
use crate::error::Error;
use fearless_simd::{Level, dispatch};
use std::vec::Vec;

extern crate std;

/// What goes into a text: first values with a comma, which are right, then whatever comes.
const PARTS: [&str; 24] = [
    "{\"k\":[1,2,{\"x\":\"y\"}]},",
    "[[\"a\",\"b\"],[]],",
    "{\"n\": 12345678901, \"f\" : -0.5e+7},",
    "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",",
    "\"\\\"\\\\\\u00e9 é漢😀\",",
    "true, false ,null,",
    "0.25,",
    "\"\",",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\"a\"",
    "\"b\":",
    "1",
    "-",
    "truefalse",
    "\\",
    "\u{1}",
    "\0",
    "é",
];
const RIGHT: usize = 8;

type Said = (Vec<u8>, Result<(), Error>);

fn said(max_depth: u8, take: impl FnOnce(&mut Canonicalizer, &mut Vec<u8>) -> Result<(), Error>) -> Said {
    let (mut canonicalizer, mut kept) = (Canonicalizer::new(max_depth), Vec::new());
    let result = take(&mut canonicalizer, &mut kept);
    (kept, result.and_then(|()| canonicalizer.finish().map(drop)))
}

fn slowly(max_depth: u8, text: &[u8]) -> Said {
    said(max_depth, |canonicalizer, kept| {
        text.chunks(1).try_for_each(|byte| canonicalizer.update(byte, |run| kept.extend_from_slice(run)))
    })
}

fn quickly(level: Level, max_depth: u8, pieces: &[&[u8]]) -> Said {
    said(max_depth, |canonicalizer, kept| {
        pieces.iter().try_for_each(|piece| {
            let mut out = Blocks::after(kept.len(), |run: &[u8]| kept.extend_from_slice(run));
            let result = dispatch!(level, simd => canonicalizer.update_blocks_by(simd, piece, &mut out));
            out.finish();
            result
        })
    })
}

fn levels() -> Vec<Level> {
    let level = Level::new();
    let mut levels = std::vec![level, Level::baseline()];
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    {
        levels.extend(level.as_avx2().map(Level::Avx2));
        levels.extend(level.as_sse4_2().map(Level::Sse4_2));
    }
    levels
}

#[test]
fn every_width_says_the_same() {
    let mut seed = 1_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.checked_rem(below as u64).unwrap_or(0) as usize
    };
    let mut verdicts = Vec::new();
    for _ in 0..6000 {
        let mut text = std::vec![b' '; random(3) * random(60)];
        text.extend_from_slice(PARTS.get(random(20)).filter(|_| random(8) == 0).unwrap_or(&"[").as_bytes());
        for _ in 0..random(12) {
            text.extend_from_slice(PARTS.get(random(RIGHT)).unwrap_or(&"").as_bytes());
            text.extend(core::iter::repeat_n(b' ', random(40)));
        }
        if random(3) == 0 {
            text.extend_from_slice(PARTS.get(random(PARTS.len())).unwrap_or(&"").as_bytes());
        }
        text.extend_from_slice(b"1]");
        if random(3) == 0 {
            let at = random(text.len());
            text.get_mut(at).into_iter().for_each(|byte| *byte = random(256) as u8);
        }
        let max_depth = if random(4) == 0 { 1 + random(4) as u8 } else { 8 };
        let expected = slowly(max_depth, &text);
        let (first, rest) = text.split_at(random(2) * random(text.len()));
        let (second, third) = rest.split_at(random(2) * random(rest.len().max(1)));
        for level in levels() {
            let said = quickly(level, max_depth, &[first, second, third]);
            assert_eq!(said, expected, "{level:?}: {}", text.escape_ascii());
        }
        verdicts.push(expected.1.is_ok());
    }
    for verdict in [true, false] {
        assert!(verdicts.iter().filter(|&&said| said == verdict).count() > 1000, "both kinds of text");
    }
}
