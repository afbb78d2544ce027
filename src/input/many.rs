//! What readers of formats with many pages share: where the records come from, and a thread that reads ahead.

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{IntoIter, sync_channel};

use super::{Entry, Progress, Reading, Record};
use crate::error::Error;

/// Records that wait to be cleaned. Enough that cleaning never waits for unpacking, few enough that huge pages do
/// not fill the memory.
const AHEAD: usize = 16;

/// A file, or standard input, that holds many pages.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// As the caller would write it.
    pub(super) path: PathBuf,
    /// Its path in an output tree.
    pub(super) name: PathBuf,
    /// The limit on the bytes of a page.
    pub(super) max_bytes: usize,
    pub(super) reading: Reading,
    /// Counts what is read, by readers that open the file themselves.
    #[cfg_attr(not(feature = "formats"), allow(dead_code, reason = "only Parquet does"))]
    pub(super) progress: Progress,
}

/// Takes what was read; tells whether more is wanted.
pub(super) type Emit<'a> = dyn FnMut(Result<Entry, Error>) -> bool + 'a;

impl Source {
    /// A record: the nth of the file, counted from 1, known by its id or else by its number.
    pub(super) fn record(&self, number: u64, id: Option<&str>, bytes: Vec<u8>) -> Record {
        let number = number.to_string();
        let source = format!("{}#{}", self.path.display(), id.unwrap_or(&number));
        Record { source, name: self.name.join(format!("{number:0>8}")), bytes, ..Record::default() }
    }

    /// A failure at a byte of the unpacked file.
    pub(super) fn damage(&self, offset: u64, source: io::Error) -> Error {
        Error::Read { path: self.path.clone(), offset: Some(offset), source }
    }

    /// One byte more than the limit, so that the cleaner notes that it was met.
    pub(super) fn room(&self) -> usize {
        self.max_bytes.saturating_add(1)
    }
}

/// Runs a reader in a thread of its own, so that unpacking and cleaning go on at the same time.
pub(super) fn ahead(
    path: &Path,
    read: impl FnOnce(&mut Emit<'_>) + Send + 'static,
) -> IntoIter<Result<Entry, Error>> {
    let (sender, receiver) = sync_channel(AHEAD);
    let page = path.to_string_lossy().into_owned();
    std::thread::spawn(move || {
        // Whoever listened may be gone; then the reader stops.
        let mut emit = |entry| sender.send(entry).is_ok();
        if panic::catch_unwind(AssertUnwindSafe(|| read(&mut emit))).is_err() {
            emit(Err(Error::Fault { page, message: "the reader of the file failed".to_owned() }));
        }
    });
    receiver.into_iter()
}
