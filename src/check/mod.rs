//! The regression kit: pages with the texts that a person took from them come in, a [`Report`] of what is lost and what
//! leaks goes out.
//!
//! A case is a folder; see [`Case`] for its files. [`run`] cleans and judges all cases below a folder, [`init`] starts a
//! case, [`bless`] writes down what the cases reach now, and [`gold`] measures a whole annotated set. It stands beside
//! the pipeline: cleaning never asks it anything. It never writes gold.
//!
//! In a test:
//!
//! ```no_run
//! use dehusk::config::CheckSettings;
//! use dehusk::{Cleaner, check};
//!
//! let report = check::run("cases".as_ref(), &Cleaner::default(), &CheckSettings::default())?;
//! assert!(report.passed(), "\n{report}");
//! # Ok::<(), dehusk::Error>(())
//! ```

mod case;
mod init;
mod judge;
mod report;
mod set;

use std::path::Path;

use rayon::prelude::*;

pub use case::{Baseline, Case, Expected, cases};
pub use init::{bless, init};
pub use judge::{Count, Failure, Outcome};
pub use report::{Report, Totals};
pub use set::{Confusion, Mean, SetReport, Shingles, gold};

use crate::clean::Cleaner;
use crate::config::CheckSettings;
use crate::error::Error;
use crate::metrics::WordScorer;

/// Cleans and judges all cases below a folder, in the order of their names.
///
/// # Errors
///
/// [`Error::Read`] or [`Error::File`] if a case cannot be read, [`Error::Input`] if there is none.
pub fn run(folder: &Path, cleaner: &Cleaner, settings: &CheckSettings) -> Result<Report, Error> {
    let cases = cases(folder)?;
    let words = WordScorer::new();
    let judged = cases.par_iter().map(|case| judge::judge(case, cleaner, &words, settings));
    Ok(Report::new(judged.collect(), settings))
}
