//! A list of paths, as `find` writes it, to the paths in it: one a line, or parted by NUL where there is one.
//!
//! White space and `#` belong to the paths, since files can be called so; empty lines are passed over.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::STDIN;
use crate::error::Error;

/// Reads a list of paths from a file, or from standard input if it is `-`.
///
/// # Errors
///
/// [`Error::Read`] if it cannot be read.
pub fn read_list(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut bytes = Vec::new();
    let read = if path == Path::new(STDIN) {
        io::stdin().read_to_end(&mut bytes).map(|_| ())
    } else {
        fs::read(path).map(|content| bytes = content)
    };
    read.map_err(|error| Error::open(path, error))?;
    Ok(paths(&bytes))
}

fn paths(bytes: &[u8]) -> Vec<PathBuf> {
    let is_nul = bytes.contains(&0);
    let parts = bytes.split(|byte| *byte == if is_nul { 0 } else { b'\n' });
    let bare = |part| if is_nul { part } else { <[u8]>::strip_suffix(part, b"\r").unwrap_or(part) };
    parts.map(bare).filter(|part| !part.is_empty()).map(|part| PathBuf::from(os_string(part))).collect()
}

#[cfg(unix)]
fn os_string(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).to_owned()
}

#[cfg(not(unix))]
fn os_string(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_nuls_part_paths() {
        let of = |bytes: &[u8]| -> Vec<String> {
            paths(bytes).iter().map(|path| path.display().to_string()).collect()
        };
        assert_eq!(of(b"a b\n\n#c\r\n/d"), ["a b", "#c", "/d"]);
        assert_eq!(of(b"a\nb\0c\0"), ["a\nb", "c"]);
        assert_eq!(of(b""), [""; 0]);
    }
}
