//! What can fail: configuration and reading. Cleaning a page cannot; a limit that it meets is noted in the result.

use std::io;
use std::path::PathBuf;

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
    /// A file or directory could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
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
}

impl Error {
    pub(crate) fn config(key: &str, reason: String) -> Self {
        Self::Config { key: key.to_owned(), reason }
    }
}
