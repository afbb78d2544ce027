//! What came of a run, for machines and for people: a [`Summary`] to JSON and back, and to one page of HTML with plots.
//!
//! The page is whole in itself: it loads nothing, runs no script, and is as good on a phone and in the dark. What the
//! plots show is worked out in `view`; how it looks is in the template `page.html`. Nothing is counted here.

#[cfg(feature = "cli")]
mod view;

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::output::Stream;
use crate::run::{self, Summary};

/// A report as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored<S> {
    /// The version that wrote it.
    dehusk: String,
    run: S,
}

/// Writes the counts of a run as JSON.
pub(crate) fn write(summary: &Summary, path: &Path) -> Result<(), Error> {
    let stored = Stored { dehusk: env!("CARGO_PKG_VERSION").to_owned(), run: summary };
    let json = serde_json::to_vec_pretty(&stored).map_err(|error| Error::write(path, error.into()))?;
    let mut out = Stream::create(path)?;
    out.write(&json)?;
    out.write(b"\n")?;
    out.finish()
}

/// Reads what a run has counted: from the file of its report, or from the directory of its state, which tells also of
/// a run that goes on or died.
///
/// # Errors
///
/// [`Error::Read`] if there is no report or it is none.
pub fn read(path: &Path) -> Result<Summary, Error> {
    if path.is_dir() {
        return run::summary_of_state(path);
    }
    let json = fs::read(path).map_err(|error| Error::open(path, error))?;
    let stored: Stored<Summary> = serde_json::from_slice(&json)
        .map_err(|error| Error::open(path, io::Error::other(format!("it is no report of a run: {error}"))))?;
    Ok(stored.run)
}

/// Draws a run as one page of HTML. `name` says which run it is.
#[cfg(feature = "cli")]
#[must_use]
pub fn html(summary: &Summary, name: &str) -> String {
    view::render(summary, name)
}
