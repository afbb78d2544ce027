//! What a check may write: a new case from today's output, and baselines. Gold that is there is never touched.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::case::{Baseline, Expected};
use super::report::Report;
use crate::clean::Cleaner;
use crate::error::Error;
use crate::input::{self, PageFile};
use crate::page::{Hints, Metadata};

/// The head of a new `about.toml`.
const ABOUT: &str = "\
# What is expected of this page. The values are today's: correct what is wrong, delete what does not matter.
# Correct gold.txt too: the body as it should be, a line a block, the headline or not.
";

/// The head of a baseline.
const BASELINE: &str =
    "# What the case reached when it was blessed; `dehusk check --bless` writes this file.\n";

/// Starts a case from a page, in a folder named after its file, with today's output as the gold that a person is to
/// correct. The address, if the page has one, becomes a part of the case. Returns the new folder.
///
/// # Errors
///
/// [`Error::Read`] if the page cannot be read, [`Error::Input`] if there is such a case already, [`Error::Write`] if the
/// case cannot be written.
pub fn init(folder: &Path, page: &Path, url: Option<&str>, cleaner: &Cleaner) -> Result<PathBuf, Error> {
    let file = PageFile { path: page.to_owned(), name: page.to_owned(), doubtful: false };
    let bytes =
        input::read(&file, cleaner.config().limits.max_bytes)?.map(|page| page.bytes).unwrap_or_default();
    let file_name = page.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (stem, extension) = file_name.split_once('.').unwrap_or((&file_name, "html"));
    let above = page.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let name = if matches!(stem, "page" | "index" | "") {
        above.unwrap_or("page".to_owned())
    } else {
        stem.to_owned()
    };
    let case = folder.join(name);
    if case.exists() {
        return Err(Error::input(&case, "it is there already, and gold is never overwritten"));
    }
    let result = cleaner.clean(&bytes, Hints { url, ..Hints::default() });
    let about = about(url, &result.metadata, format!("{:?}", result.kind).to_lowercase());
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| Error::write(&path, error)
    };
    fs::create_dir_all(&case).map_err(failed(&case))?;
    let copy = case.join(format!("page.{extension}"));
    fs::copy(page, &copy).map_err(failed(&copy))?;
    write(&case.join("gold.txt"), &result.text())?;
    write(&case.join("about.toml"), &about)?;
    Ok(case)
}

/// Writes down what each case with gold reaches now, as its baseline. Returns how many baselines changed.
///
/// # Errors
///
/// [`Error::Write`] if a baseline cannot be written.
pub fn bless(report: &Report) -> Result<usize, Error> {
    let digits = |value: f64| (value * 10_000.0).round() / 10_000.0;
    let mut changed = 0;
    for case in &report.cases {
        let Some(score) = case.score else { continue };
        let baseline = Baseline {
            f1: digits(score.f1),
            precision: digits(score.precision),
            recall: digits(score.recall),
        };
        let path = case.folder.join("baseline.toml");
        let text = format!("{BASELINE}{}", to_toml(&baseline));
        if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
            write(&path, &text)?;
            changed += 1;
        }
    }
    Ok(changed)
}

fn about(url: Option<&str>, metadata: &Metadata, kind: String) -> String {
    let names = ["title", "author", "published", "modified", "site_name", "language"];
    let value = |name: &str| super::case::field(metadata, name).cloned().flatten();
    let found: BTreeMap<String, String> =
        names.iter().filter_map(|&name| Some((name.to_owned(), value(name)?))).collect();
    let language = metadata.language.clone();
    let url = url.map(str::to_owned);
    let expected = Expected { url, kind: Some(kind), language, metadata: found, ..Expected::default() };
    format!("{ABOUT}{}", to_toml(&expected))
}

fn to_toml(value: &impl Serialize) -> String {
    toml::to_string(value).unwrap_or_default()
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(|error| Error::write(path, error))
}
