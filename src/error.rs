//! What can fail: configuration, reading and writing. Cleaning a page cannot; a limit that it meets is noted in the
//! result.

use std::io;
use std::path::{Path, PathBuf};

/// A failure outside the cleaning of a page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting has a value that it cannot take.
    #[error("configuration: {key}: {reason}")]
    Config {
        /// The dotted name of the setting, as in `dehusk.toml`.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file of settings that cannot be used.
    #[error("{}{}: {reason}", path.display(), on_line(*line))]
    File {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1, where it is known.
        line: Option<usize>,
        /// What is wrong there.
        reason: String,
    },
    /// The state of an earlier session that does not fit this run.
    #[error("cannot resume from {}: {reason}; --restart begins anew", path.display())]
    State {
        /// The journal.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// An input that cannot be taken, though it could be read.
    #[error("cannot take {}: {reason}", path.display())]
    Input {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file or directory could not be read.
    #[error("cannot read {}{}: {source}", path.display(), at(*offset))]
    Read {
        /// The file.
        path: PathBuf,
        /// How many bytes of its content, unpacked, came before the failure; `None` if it could not be opened.
        offset: Option<u64>,
        /// What the operating system or the decoder said.
        source: io::Error,
    },
    /// An output could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A page that dehusk failed to clean through a fault of its own; the run goes on without it.
    #[error("internal fault while cleaning {page}: {message}")]
    Fault {
        /// The source of the page.
        page: String,
        /// What the fault said.
        message: String,
    },
}

impl Error {
    pub(crate) fn config(key: &str, reason: String) -> Self {
        Self::Config { key: key.to_owned(), reason }
    }

    pub(crate) fn state(path: &Path, reason: impl Into<String>) -> Self {
        Self::State { path: path.to_owned(), reason: reason.into() }
    }

    pub(crate) fn input(path: &Path, reason: impl Into<String>) -> Self {
        Self::Input { path: path.to_owned(), reason: reason.into() }
    }

    pub(crate) fn open(path: &Path, source: io::Error) -> Self {
        Self::Read { path: path.to_owned(), offset: None, source }
    }

    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }
}

fn on_line(line: Option<usize>) -> String {
    line.map(|line| format!(", line {line}")).unwrap_or_default()
}

fn at(offset: Option<u64>) -> String {
    offset.map(|offset| format!(" at byte {offset}")).unwrap_or_default()
}
