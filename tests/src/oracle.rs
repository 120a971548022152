//! Slow and readable answers that owe nothing to the code under test.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// SHA-256(secret ‖ method ‖ URL ‖ body), as KORE's documentation has it.
pub fn kore_sha256(secret: &[u8], method: &str, url: &str, body: &[u8]) -> String {
    hex(&Sha256::digest([secret, method.as_bytes(), signed_part(url).as_bytes(), body].concat()))
}

/// HMAC-SHA256(secret, method ‖ URL ‖ body).
pub fn hmac_sha256(secret: &[u8], method: &str, url: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&[method.as_bytes(), signed_part(url).as_bytes(), body].concat());
    hex(&mac.finalize().into_bytes())
}

/// A URL without its query and fragment.
pub fn signed_part(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// JSON without the white space outside of its strings. The text must be JSON.
pub fn strip_json(text: &[u8]) -> Vec<u8> {
    let (mut quoted, mut escaped) = (false, false);
    let keep = |&&byte: &&u8| {
        let space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        let stays = quoted || !space;
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
        stays
    };
    text.iter().filter(keep).copied().collect()
}

/// Whether a text is JSON by RFC 8259, by `serde_json`, which is strict but for what it does not look at
/// here: it skips values without converting numbers or escapes, so numbers of any size and lone surrogates
/// pass, as the grammar lets them.
pub fn is_json(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok())
}

/// How deep the containers of a text nest, strings left out. The text must be JSON.
pub fn json_depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for &byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Bytes from hexadecimal.
pub fn unhex(text: &str) -> Vec<u8> {
    base16ct::mixed::decode_vec(text).expect("the vectors hold hexadecimal")
}
