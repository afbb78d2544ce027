//! A list of paths to the paths in it: as `find` writes it, one a line, or parted by NUL where there is one; or a
//! sitemap. Each may be packed.
//!
//! White space and `#` belong to the paths, since files can be called so; empty lines are passed over. Of an index of
//! sitemaps, those that it names are read; one that an index in it names is not, as in the protocol.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::STDIN;
#[cfg(feature = "formats")]
use super::sitemap::{self, Sitemap};
use super::unpack::Unpacked;
use crate::error::Error;

/// Reads a list of paths from a file, or from standard input if it is `-`.
///
/// # Errors
///
/// [`Error::Read`] if it cannot be read, or is a sitemap that is broken.
pub fn read_list(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let bytes = content(path)?;
    #[cfg(feature = "formats")]
    if sitemap::looks_like_sitemap(&bytes) {
        let found = parsed(path, &bytes)?;
        if !found.is_index {
            return Ok(found.paths());
        }
        let mut all = Vec::new();
        for inner in found.paths() {
            all.extend(parsed(&inner, &content(&inner)?)?.paths());
        }
        return Ok(all);
    }
    Ok(paths(&bytes))
}

/// The bytes of a file or of standard input, unpacked.
fn content(path: &Path) -> Result<Vec<u8>, Error> {
    let opened = if path == Path::new(STDIN) {
        Ok(Box::new(io::stdin()) as Box<dyn Read + Send>)
    } else {
        File::open(path).map(|file| Box::new(file) as _)
    };
    let mut input = Unpacked::new(opened.map_err(|error| Error::open(path, error))?);
    let mut bytes = Vec::new();
    let read = input.read_to_end(&mut bytes);
    read.map_err(|source| Error::Read { path: path.to_owned(), offset: Some(input.offset()), source })?;
    Ok(bytes)
}

#[cfg(feature = "formats")]
fn parsed(path: &Path, bytes: &[u8]) -> Result<Sitemap, Error> {
    sitemap::parse(bytes).map_err(|(at, source)| Error::Read {
        path: path.to_owned(),
        offset: Some(at),
        source,
    })
}

#[cfg(feature = "formats")]
impl Sitemap {
    fn paths(&self) -> Vec<PathBuf> {
        self.places.iter().map(|place| os_string(place).into()).collect()
    }
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
