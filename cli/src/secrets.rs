//! The secrets: from files or from the environment, never from the command line, where every user of the
//! machine can read them.

use crate::endpoint::{KeyRing, MAX_SECRET};
use crate::failure::Failure;
use crate::input;
use korewebhook::Reason;
use std::env;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The secrets of the environment, separated by commas.
pub(crate) const VARIABLE: &str = "KOREWEBHOOK_SECRET";

/// More than a secret may have. The buffer is made once: one that grows leaves copies behind.
const ROOM: usize = 2 * MAX_SECRET;

/// Reads the secrets, from the files if there are any, else from the environment, to where they stay.
pub(crate) fn load(files: &[PathBuf]) -> Result<Box<KeyRing>, Failure> {
    let mut ring = Box::<KeyRing>::default();
    for path in files {
        let text = input::open(path).and_then(read).map_err(|error| input::unreadable(path, &error))?;
        ring.push(without_line_break(&text)).map_err(Failure::configuration)?;
    }
    if files.is_empty() {
        let value = Zeroizing::new(env::var_os(VARIABLE).unwrap_or_default().into_encoded_bytes());
        if value.is_empty() {
            let error = korewebhook::Error::new(Reason::SecretEmpty);
            return Err(Failure::Usage(format!("{error} (neither {VARIABLE} nor --secret-file is set)")));
        }
        for secret in value.split(|&byte| byte == b',') {
            ring.push(secret).map_err(Failure::configuration)?;
        }
    }
    Ok(ring)
}

/// The paths that are read.
pub(crate) fn paths(files: &[PathBuf]) -> impl Iterator<Item = &Path> {
    files.iter().map(PathBuf::as_path)
}

fn read(mut file: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(vec![0; ROOM]);
    let mut len = 0_usize;
    while let Some(rest) = buffer.get_mut(len..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(count) => len = len.saturating_add(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    buffer.truncate(len);
    Ok(buffer)
}

/// Editors and `echo` end a file with a line break. Only one is cut: anything else is a mistake to be told.
fn without_line_break(text: &[u8]) -> &[u8] {
    match text {
        [text @ .., b'\r', b'\n'] | [text @ .., b'\n'] => text,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_break_is_cut() {
        for (text, secret) in [
            ("abc", "abc"),
            ("abc\n", "abc"),
            ("abc\r\n", "abc"),
            ("abc\n\n", "abc\n"),
            ("abc\r", "abc\r"),
            ("a\nb\n", "a\nb"),
            ("\n", ""),
            ("", ""),
        ] {
            assert_eq!(without_line_break(text.as_bytes()), secret.as_bytes(), "{text:?}");
        }
    }

    #[test]
    fn a_long_file_is_cut_not_grown() {
        let text = read(&[b'x'; 2 * ROOM][..]).unwrap_or_default();
        assert_eq!(text.len(), ROOM);
        assert_eq!(text.capacity(), ROOM);
    }
}
