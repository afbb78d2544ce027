//! Reads a file that is one page, unpacked, up to the limit on bytes.
//!
//! Whether it is packed is seen from its first bytes, not from its name. A gzip bomb costs no more than the limit:
//! unpacking stops there.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::unpack::Unpacked;
use super::{PageFile, Record};
use crate::error::Error;

/// The first bytes of any gzip member: two of magic, one for the only method there is.
const GZIP: [u8; 3] = [0x1F, 0x8B, 8];

/// How much of a file of unknown kind is looked at.
const HEAD: u64 = 1024;

/// Reads a page. `None` if the file was doubtful and does not look like a page.
pub(crate) fn read(file: &PageFile, max_bytes: usize) -> Result<Option<Record>, Error> {
    read_into(Vec::new(), file, max_bytes)
}

/// Reads a page like [`read`], into a buffer that held an earlier one.
pub(crate) fn read_into(
    mut bytes: Vec<u8>,
    file: &PageFile,
    max_bytes: usize,
) -> Result<Option<Record>, Error> {
    let path = &file.path;
    let opened = File::open(path).map_err(|source| Error::open(path, source))?;
    // Read in one go: a buffer that grows is copied over and over.
    let size = opened.metadata().map_or(0, |about| about.len());
    bytes.clear();
    bytes.reserve_exact(size.min(max_bytes as u64) as usize + 1);
    let Some(bytes) = content(opened, path, file.doubtful, max_bytes, bytes)? else { return Ok(None) };
    let source = path.to_string_lossy().into_owned();
    Ok(Some(unwrapped(Record { source, name: file.name.clone(), bytes, ..Record::default() })))
}

/// Reads all of a stream as one page.
pub(super) fn read_stream(mut input: Unpacked, file: &PageFile, max_bytes: usize) -> Result<Record, Error> {
    let mut bytes = Vec::new();
    let read = input.by_ref().take((max_bytes as u64).saturating_add(1)).read_to_end(&mut bytes);
    let offset = Some(input.offset());
    read.map_err(|source| Error::Read { path: file.path.clone(), offset, source })?;
    let source = file.path.to_string_lossy().into_owned();
    Ok(unwrapped(Record { source, name: file.name.clone(), bytes, ..Record::default() }))
}

/// A page that was saved with everything in it, without the rest.
fn unwrapped(record: Record) -> Record {
    #[cfg(feature = "formats")]
    let record = {
        let mut record = record;
        super::mhtml::unwrap(&mut record);
        record
    };
    record
}

/// Reads a page into an empty buffer.
pub(super) fn content(
    input: impl Read,
    path: &Path,
    doubtful: bool,
    max_bytes: usize,
    mut bytes: Vec<u8>,
) -> Result<Option<Vec<u8>>, Error> {
    let read = take(input, path, doubtful, max_bytes, &mut bytes);
    let offset = Some(bytes.len() as u64);
    match read {
        Ok(true) => Ok(Some(bytes)),
        Ok(false) => Ok(None),
        Err(source) => Err(Error::Read { path: path.to_owned(), offset, source }),
    }
}

/// Fills `bytes` up to one more than the limit; tells whether they are wanted.
fn take(
    mut input: impl Read,
    path: &Path,
    doubtful: bool,
    max_bytes: usize,
    bytes: &mut Vec<u8>,
) -> io::Result<bool> {
    let mut magic = Vec::with_capacity(GZIP.len());
    input.by_ref().take(GZIP.len() as u64).read_to_end(&mut magic)?;
    let packed = magic == GZIP;
    let named_packed = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    if named_packed && !packed && GZIP.starts_with(&magic) {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the gzip data ends within its header"));
    }
    let input = io::Cursor::new(magic).chain(input);
    let mut unpacked: Box<dyn Read> =
        if packed { Box::new(MultiGzDecoder::new(input)) } else { Box::new(input) };
    if doubtful {
        unpacked.by_ref().take(HEAD).read_to_end(bytes).map_err(|error| told(error, packed))?;
        if !looks_like_text(bytes) {
            return Ok(false);
        }
    }
    let rest = (max_bytes as u64).saturating_add(1).saturating_sub(bytes.len() as u64);
    unpacked.take(rest).read_to_end(bytes).map_err(|error| told(error, packed))?;
    Ok(true)
}

/// Says that it is the packing that is broken: the decoder's own words are no more than "corrupt deflate stream".
fn told(error: io::Error, packed: bool) -> io::Error {
    let reason = match error.kind() {
        _ if !packed || error.raw_os_error().is_some() => return error,
        io::ErrorKind::UnexpectedEof => "the gzip data is cut short".to_owned(),
        _ => format!("the gzip data is broken: {error}"),
    };
    io::Error::new(error.kind(), reason)
}

/// Whether bytes can be markup or text: not empty, no NUL except in UTF-16, hardly any control characters.
pub(super) fn looks_like_text(head: &[u8]) -> bool {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return true;
    }
    let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0C' | b'\x1B');
    let controls = head.iter().filter(|byte| is_control(byte)).count();
    !head.is_empty() && !head.contains(&0) && controls * 32 <= head.len()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).expect("memory takes all");
        encoder.finish().expect("memory takes all")
    }

    fn read_as(name: &str, content: &[u8], doubtful: bool) -> Result<Option<Vec<u8>>, Error> {
        super::content(content, Path::new(name), doubtful, 100, Vec::new())
    }

    #[test]
    fn packing_is_seen_by_content() {
        let packed = gzip(b"one");
        for name in ["a.html.gz", "a.html", "a"] {
            assert_eq!(
                read_as(name, &packed, false).expect("readable").as_deref(),
                Some(&b"one"[..]),
                "{name}"
            );
        }
        assert_eq!(read_as("a.gz", b"plain", false).expect("readable").as_deref(), Some(&b"plain"[..]));
        let members = [gzip(b"one "), gzip(b"two")].concat();
        assert_eq!(read_as("a.gz", &members, false).expect("readable").as_deref(), Some(&b"one two"[..]));
    }

    #[test]
    fn broken_packing_is_an_error_that_says_where() {
        let noise: Vec<u8> = (0..90_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let packed = gzip(&noise);
        let cut = read_as("a.gz", &packed[..packed.len() - 9], false).expect_err("cut short");
        let message = cut.to_string();
        assert!(message.starts_with("cannot read a.gz at byte "), "{message}");
        assert!(message.ends_with("the gzip data is cut short"), "{message}");
        let mut broken = packed.clone();
        let crc = broken.len() - 6;
        broken[crc] ^= 0xFF;
        assert!(read_as("a.gz", &broken, false).is_err());
        assert!(read_as("a.gz", b"", false).is_err());
        assert!(read_as("a.gz", &packed[..2], false).is_err());
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = gzip(&vec![b' '; 1 << 20]);
        assert_eq!(read_as("a.gz", &bomb, false).expect("readable").map(|bytes| bytes.len()), Some(101));
    }

    #[test]
    fn doubtful_files_must_look_like_text() {
        assert_eq!(read_as("a", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", true).expect("readable"), None);
        assert_eq!(read_as("a", b"", true).expect("readable"), None);
        assert!(read_as("a", "Zeile für Zeile".as_bytes(), true).expect("readable").is_some());
        assert!(read_as("a", b"\xFF\xFEh\0i\0", true).expect("readable").is_some());
        assert!(read_as("a", b"\0\0", false).expect("readable").is_some());
    }
}
