//! `Transfer-Encoding: chunked` (RFC 9112, section 7.1), undone in a captured body. As in the head, a bare LF
//! ends a line too.

/// Decodes a body and returns what the chunks hold and what follows the last one. Extensions and trailers are
/// dropped: nothing signs them. `None` where the chunks don't add up or the last one is missing.
pub(crate) fn decode(coded: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut body = Vec::new();
    let mut rest = coded;
    loop {
        let (head, end, after) = line(rest)?;
        let size = size(head)?;
        if size == 0 {
            return Some((body, after_trailers(after)?));
        }
        let (chunk, after) = after.split_at_checked(size)?;
        body.extend_from_slice(chunk);
        // The line break of the size line, so that a CR is never taken for data.
        rest = after.strip_prefix(end)?;
    }
}

/// `chunk-size [ chunk-ext ]`, with the blanks that some senders pad it with.
fn size(head: &[u8]) -> Option<usize> {
    let digits = head.split(|&byte| byte == b';').next()?.trim_ascii_end();
    let text = str::from_utf8(digits).ok().filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()))?;
    usize::from_str_radix(text, 16).ok()
}

fn after_trailers(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let (field, _, after) = line(rest)?;
        if field.is_empty() {
            return Some(after);
        }
        rest = after;
    }
}

/// A line, its line break and what follows.
fn line(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let end = text.iter().position(|&byte| byte == b'\n')?;
    let (line, rest) = text.split_at_checked(end.checked_add(1)?)?;
    let content = line.strip_suffix(b"\n")?;
    let content = content.strip_suffix(b"\r").unwrap_or(content);
    Some((content, line.get(content.len()..)?, rest))
}

#[cfg(test)]
mod tests {
    use super::decode;

    fn decoded(coded: &str) -> Option<(String, &str)> {
        let (body, rest) = decode(coded.as_bytes())?;
        Some((String::from_utf8(body).ok()?, str::from_utf8(rest).ok()?))
    }

    #[test]
    fn chunks_are_joined() {
        for (coded, body, rest) in [
            ("0\r\n\r\n", "", ""),
            ("3\r\na=1\r\n4\r\n&b=2\r\n0\r\n\r\n", "a=1&b=2", ""),
            ("3\na=1\n0\n\n", "a=1", ""),
            ("00A;name=\"v\"\r\n0123456789\r\n0\r\n\r\n", "0123456789", ""),
            ("3  \r\n\r\n\n\r\n0\r\nTrailer: x\r\n\r\nmore", "\r\n\n", "more"),
        ] {
            assert_eq!(decoded(coded), Some((body.to_owned(), rest)), "{coded:?}");
        }
    }

    #[test]
    fn what_does_not_add_up_is_refused() {
        for coded in [
            "",
            "\r\n",
            "3",
            "3\r\na=1",
            "3\r\na=1\r\n",
            "3\r\na=1\r\n0\r\n",
            "3\r\na=12\r\n0\r\n\r\n",
            "4\r\na=1\r\n0\r\n\r\n",
            "-3\r\na=1\r\n0\r\n\r\n",
            "+3\r\na=1\r\n0\r\n\r\n",
            "0x3\r\na=1\r\n0\r\n\r\n",
            "g\r\n",
            "ffffffffffffffff\r\na",
            "10000000000000000\r\na",
            "a=1&b=2",
        ] {
            assert_eq!(decoded(coded), None, "{coded:?}");
        }
    }
}
