//! How far a run is: bytes of the files that hold many pages, as they are read, against the bytes that there are.
//!
//! How many pages such a file holds is known only at its end; how long it is, at the beginning. Bytes are counted as
//! they lie on disk, before they are unpacked.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A count that readers add to, shared by all clones.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Bytes that were read of files with many pages, and of pipes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The same reader, counted.
    pub(super) fn count(&self, input: impl Read + Send + 'static) -> Box<dyn Read + Send> {
        Box::new(Counted { input, progress: self.clone() })
    }
}

struct Counted<R> {
    input: R,
    progress: Progress,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(out)?;
        self.progress.add(count as u64);
        Ok(count)
    }
}

/// What there is to be done, as far as it can be seen without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Files that are pages, and others that are passed over.
    pub files: u64,
    /// Bytes of the files that hold many pages.
    pub bytes: u64,
    /// Whether something comes through a pipe, so that nobody knows the end.
    pub is_endless: bool,
}
