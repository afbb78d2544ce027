//! Bytes packed on their way to a file, as its name asks for: `.gz`, `.zst`, or as they are.
//!
//! [`Packer`] can close the packed stream at any point and go on with a new one behind it (a gzip member, a zstd
//! frame). Readers take such a chain for one stream; a writer that died can cut the file at the last closed point
//! and go on there. Equal bytes and equal points give equal files.

use std::io::{self, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

/// How an output is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Packing {
    #[default]
    Plain,
    Gzip,
    #[cfg(feature = "formats")]
    Zstd,
}

/// All packings with the extension of each.
const PACKINGS: &[(&str, Packing)] = &[
    ("gz", Packing::Gzip),
    #[cfg(feature = "formats")]
    ("zst", Packing::Zstd),
];

/// The level for zstd: its own default, written out so that an update of the library does not change files.
#[cfg(feature = "formats")]
const ZSTD_LEVEL: i32 = 3;

impl Packing {
    /// The packing that a name's last extension asks for, and the name without that extension.
    pub(crate) fn of(path: &Path) -> (Self, &Path) {
        let Some(name) = path.to_str() else { return (Self::Plain, path) };
        let named = PACKINGS.iter().find_map(|&(extension, packing)| {
            let (stem, last) = name.rsplit_once('.')?;
            last.eq_ignore_ascii_case(extension).then_some((packing, Path::new(stem)))
        });
        named.unwrap_or((Self::Plain, path))
    }
}

/// A writer that packs.
pub(super) struct Packer<W: Write> {
    packing: Packing,
    state: State<W>,
}

enum State<W: Write> {
    /// Between two packed streams.
    Closed(W),
    Gzip(GzEncoder<W>),
    #[cfg(feature = "formats")]
    Zstd(zstd::Encoder<'static, W>),
    /// After an error that lost the writer.
    Lost,
}

impl<W: Write> Packer<W> {
    pub(super) fn new(packing: Packing, out: W) -> Self {
        Self { packing, state: State::Closed(out) }
    }

    /// Opens a packed stream if none is open. An output without rows gets one too: an empty file is no gzip file.
    pub(super) fn open(&mut self) -> io::Result<()> {
        self.state = match (std::mem::replace(&mut self.state, State::Lost), self.packing) {
            (State::Closed(out), Packing::Gzip) => State::Gzip(GzEncoder::new(out, Compression::default())),
            #[cfg(feature = "formats")]
            (State::Closed(out), Packing::Zstd) => {
                let mut encoder = zstd::Encoder::new(out, ZSTD_LEVEL)?;
                encoder.include_checksum(true)?;
                State::Zstd(encoder)
            }
            (state, _) => state,
        };
        Ok(())
    }

    /// Closes the packed stream, if one is open, and gives the writer below.
    pub(super) fn close(&mut self) -> io::Result<&mut W> {
        self.state = match std::mem::replace(&mut self.state, State::Lost) {
            State::Gzip(encoder) => State::Closed(encoder.finish()?),
            #[cfg(feature = "formats")]
            State::Zstd(encoder) => State::Closed(encoder.finish()?),
            state => state,
        };
        match &mut self.state {
            State::Closed(out) => Ok(out),
            _ => Err(io::Error::other("an earlier write failed")),
        }
    }

    /// Closes the packed stream and gives the writer away.
    pub(super) fn into_inner(mut self) -> io::Result<W> {
        self.close()?;
        match self.state {
            State::Closed(out) => Ok(out),
            _ => Err(io::Error::other("an earlier write failed")),
        }
    }
}

impl<W: Write> Write for Packer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.open()?;
        match &mut self.state {
            State::Closed(out) => out.write(bytes),
            State::Gzip(out) => out.write(bytes),
            #[cfg(feature = "formats")]
            State::Zstd(out) => out.write(bytes),
            State::Lost => Err(io::Error::other("an earlier write failed")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.state {
            State::Closed(out) => out.flush(),
            State::Gzip(out) => out.flush(),
            #[cfg(feature = "formats")]
            State::Zstd(out) => out.flush(),
            State::Lost => Err(io::Error::other("an earlier write failed")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_last_extension_tells() {
        assert_eq!(Packing::of(Path::new("a/b.jsonl.GZ")), (Packing::Gzip, Path::new("a/b.jsonl")));
        assert_eq!(Packing::of(Path::new("a.gz/b.jsonl")), (Packing::Plain, Path::new("a.gz/b.jsonl")));
        assert_eq!(Packing::of(Path::new("gz")), (Packing::Plain, Path::new("gz")));
    }

    #[test]
    fn a_chain_of_streams_is_one() {
        let mut packer = Packer::new(Packing::Gzip, Vec::new());
        for part in ["one ", "two"] {
            packer.write_all(part.as_bytes()).expect("memory takes all");
            packer.close().expect("memory takes all");
        }
        packer.close().expect("nothing is open");
        let chain = packer.into_inner().expect("memory takes all");
        assert_eq!(chain.windows(3).filter(|bytes| *bytes == [0x1F, 0x8B, 8]).count(), 2);
        let mut unpacked = String::new();
        flate2::read::MultiGzDecoder::new(&chain[..]).read_to_string(&mut unpacked).expect("valid");
        assert_eq!(unpacked, "one two");
    }
}
