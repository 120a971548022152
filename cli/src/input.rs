//! What comes in: files, and standard input under the name `-`.

use crate::failure::Failure;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

pub(crate) const STDIN: &str = "-";

/// Opens a file, or standard input without a buffer of the process in between, in which a secret would stay.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    if path == Path::new(STDIN) { stdin() } else { File::open(path) }
}

#[cfg(unix)]
fn stdin() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn stdin() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    Ok(io::stdin().as_handle().try_clone_to_owned()?.into())
}

/// Reads a file up to `limit` bytes. One byte more is a sign that there is more.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::Usage(format!("can't read {}: {error}", path.display()))
}

/// Standard input can be read once only.
pub(crate) fn check_stdin<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Result<(), Failure> {
    if paths.into_iter().filter(|path| *path == Path::new(STDIN)).count() > 1 {
        return Err(Failure::Usage(
            "standard input can be only one of: a secret, the body, the request".into(),
        ));
    }
    Ok(())
}
