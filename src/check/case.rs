//! A folder to a [`Case`]: the page, and what its text must be.
//!
//! A folder that has a page and nothing to hold it against is no case, so that other kinds of samples can stand beside
//! the cases.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config::Limits;
use crate::error::Error;
use crate::input::{self, PageFile};
use crate::page::Metadata;
use crate::rules::RULES;

/// What the folder of a case may have besides its page; one of them makes it a case.
const EXPECTATIONS: [&str; 5] = ["gold.txt", "about.toml", "must", "must-not", "cut.txt"];

/// A page and what is expected of it.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Its folder, as seen from the folder of all cases.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// The bytes of `page.*`, unpacked.
    pub page: Vec<u8>,
    /// `gold.txt`: the body as a person took it, a line a block.
    pub gold: Option<String>,
    /// `about.toml`, and the lines of `must`, `must-not` and `cut.txt`.
    pub expected: Expected,
    /// `baseline.toml`: what the case reached when it was blessed.
    pub baseline: Option<Baseline>,
}

/// What `about.toml` says; all of it is optional.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Expected {
    /// What the case shows, in a sentence.
    pub shows: String,
    /// The address of the page, a hint for the cleaner.
    pub url: Option<String>,
    /// The charset that the header named, likewise.
    pub charset: Option<String>,
    /// The kind of page.
    pub kind: Option<String>,
    /// The language of the body, for readers; what dehusk makes of it is checked under `metadata`.
    pub language: Option<String>,
    /// Snippets that the text must have.
    pub must: Vec<String>,
    /// Snippets that it must not have.
    #[serde(alias = "must-not")]
    pub must_not: Vec<String>,
    /// The floor of word F1.
    #[serde(alias = "min-f1")]
    pub min_f1: Option<f64>,
    /// How far word F1 may fall below the baseline.
    pub tolerance: Option<f64>,
    /// Fields of metadata with the expected values.
    pub metadata: BTreeMap<String, String>,
    /// Snippets that the text must not have, by kind of spam: a rule's id or any name. Leaks are counted by kind.
    pub spam: BTreeMap<String, Vec<String>>,
    /// Blocks, or parts of them, that are cut for a reason, by that reason: all that are, in any order. `cut.txt` lists those
    /// of the rule that the folder above the case is named after.
    pub cuts: BTreeMap<String, Vec<String>>,
    /// Checks that are known to fail (`text`, `kind`, `cuts` or a field of metadata), with the reason.
    #[serde(alias = "known-gaps")]
    pub known_gaps: BTreeMap<String, String>,
}

/// What a case reached when it was blessed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Word F1.
    pub f1: f64,
    /// Share of the text's words that are in the gold.
    pub precision: f64,
    /// Share of the gold's words that are in the text.
    pub recall: f64,
}

/// All cases below a folder, or the folder itself if it is one, sorted by name.
///
/// # Errors
///
/// [`Error::Read`] or [`Error::File`] if a case cannot be read, [`Error::Input`] if there is none.
pub fn cases(root: &Path) -> Result<Vec<Case>, Error> {
    let mut cases = Vec::new();
    for entry in walkdir::WalkDir::new(root).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(root).to_owned();
            Error::open(&path, error.into())
        })?;
        let folder = entry.path();
        if !entry.file_type().is_dir() || !EXPECTATIONS.iter().any(|file| folder.join(file).is_file()) {
            continue;
        }
        cases.push(Case::read(root, folder)?);
    }
    if cases.is_empty() {
        let files = EXPECTATIONS.join(", ");
        return Err(Error::input(
            root,
            format!("there are no cases: folders with page.* and one of {files}; --init starts one"),
        ));
    }
    Ok(cases)
}

impl Case {
    fn read(root: &Path, folder: &Path) -> Result<Self, Error> {
        let inside = folder.strip_prefix(root).unwrap_or(folder);
        let name =
            if inside.as_os_str().is_empty() { folder.file_name().map(Path::new) } else { Some(inside) };
        let about = folder.join("about.toml");
        let mut expected: Expected = toml_file(&about)?.unwrap_or_default();
        expected.must.extend(lines(&folder.join("must"))?);
        expected.must_not.extend(lines(&folder.join("must-not"))?);
        let cut = lines(&folder.join("cut.txt"))?;
        if !cut.is_empty() {
            expected.cuts.entry(rule_above(folder)?.to_owned()).or_default().extend(cut);
        }
        expected.validate().map_err(|reason| Error::File { path: about, line: None, reason })?;
        let path = page_file(folder)?;
        let file = PageFile { name: path.clone(), path, doubtful: false };
        let page = input::read(&file, Limits::default().max_bytes)?;
        Ok(Self {
            name: name.unwrap_or(folder).to_string_lossy().into_owned(),
            folder: folder.to_owned(),
            page: page.map(|page| page.bytes).unwrap_or_default(),
            gold: text_file(&folder.join("gold.txt"))?,
            expected,
            baseline: toml_file(&folder.join("baseline.toml"))?,
        })
    }

    /// What the text must not have, each with the kind of spam under which it counts.
    pub(super) fn unwanted(&self) -> impl Iterator<Item = (&str, &str)> {
        let plain = self.expected.must_not.iter().map(|snippet| ("must_not", snippet.as_str()));
        let by_kind = self.expected.spam.iter();
        plain.chain(
            by_kind.flat_map(|(kind, all)| all.iter().map(|snippet| (kind.as_str(), snippet.as_str()))),
        )
    }
}

impl Expected {
    fn validate(&self) -> Result<(), String> {
        let bounds = [("min_f1", self.min_f1), ("tolerance", self.tolerance)];
        let outside = |value: &Option<f64>| value.is_some_and(|value| !(0.0..=1.0).contains(&value));
        if let Some((key, _)) = bounds.iter().find(|(_, value)| outside(value)) {
            return Err(format!("{key}: must be between 0 and 1"));
        }
        let is_field = |name: &str| field(&Metadata::default(), name).is_some();
        if let Some(name) = self.metadata.keys().find(|name| !is_field(name)) {
            return Err(format!("metadata: there is no field {name:?}"));
        }
        let is_check = |name: &str| matches!(name, "text" | "kind" | "cuts") || is_field(name);
        match self.known_gaps.keys().find(|name| !is_check(name)) {
            Some(name) => Err(format!("known_gaps: there is no check {name:?}")),
            None => Ok(()),
        }
    }
}

/// A field of metadata by its name; `None` if there is none of that name.
pub(super) fn field<'a>(metadata: &'a Metadata, name: &str) -> Option<&'a Option<String>> {
    Some(match name {
        "url" => &metadata.url,
        "title" => &metadata.title,
        "author" => &metadata.author,
        "published" => &metadata.published,
        "modified" => &metadata.modified,
        "site_name" => &metadata.site_name,
        "language" => &metadata.language,
        _ => return None,
    })
}

/// The rule that the folder above a case is named after.
fn rule_above(case: &Path) -> Result<&'static str, Error> {
    let whole = fs::canonicalize(case).map_err(|error| Error::open(case, error))?;
    let above = whole.parent().and_then(Path::file_name).unwrap_or_default();
    let rule = RULES.iter().find(|rule| above == rule.id);
    rule.map(|rule| rule.id).ok_or_else(|| {
        Error::input(
            case,
            "cut.txt lists what a rule cuts, and the folder above is named after no rule; [cuts] in about.toml names it",
        )
    })
}

/// The one file of a folder that is called `page.*`.
fn page_file(folder: &Path) -> Result<PathBuf, Error> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| Error::open(folder, error))? {
        let entry = entry.map_err(|error| Error::open(folder, error))?;
        if entry.file_name().to_string_lossy().starts_with("page.") {
            pages.push(entry.path());
        }
    }
    match pages.as_slice() {
        [page] => Ok(page.clone()),
        [] => Err(Error::input(folder, "the case has no page.html, page.txt or other page.*")),
        _ => Err(Error::input(folder, "the case has more than one page.*")),
    }
}

fn text_file(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::open(path, error)),
    }
}

/// The lines of a list that may be missing.
fn lines(path: &Path) -> Result<Vec<String>, Error> {
    let text = text_file(path)?.unwrap_or_default();
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

fn toml_file<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Error> {
    let Some(text) = text_file(path)? else { return Ok(None) };
    let value = toml::from_str(&text).map_err(|error| Error::File {
        path: path.to_owned(),
        line: error.span().map(|span| text[..span.start].matches('\n').count() + 1),
        reason: error.message().trim().to_owned(),
    })?;
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a directory");
        for (name, content) in files {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
            fs::write(path, content).expect("a file");
        }
        root
    }

    fn refusal(files: &[(&str, &str)]) -> String {
        cases(folder(files).path()).expect_err("it is wrong").to_string()
    }

    #[test]
    fn cases_are_found_at_any_depth() {
        let root = folder(&[
            ("b/page.txt", "x"),
            ("b/must", "one\n\n two \n"),
            ("a/deep/page.html", "x"),
            ("a/deep/gold.txt", "x"),
            ("a/deep/about.toml", "must = ['zero']\n[spam]\nhotline = ['call']\n"),
            ("other/page.html", "no case"),
        ]);
        let cases = cases(root.path()).expect("cases");
        assert_eq!(cases.iter().map(|case| case.name.as_str()).collect::<Vec<_>>(), ["a/deep", "b"]);
        assert_eq!(cases[1].expected.must, ["one", "two"]);
        assert_eq!(cases[0].unwanted().collect::<Vec<_>>(), [("hotline", "call")]);
    }

    #[test]
    fn a_list_of_cuts_belongs_to_the_rule_above() {
        let root = folder(&[("hotline/hit/page.txt", "x"), ("hotline/hit/cut.txt", "Call 555\n")]);
        let cases = cases(root.path()).expect("a case");
        assert_eq!(cases[0].expected.cuts["hotline"], ["Call 555"]);
        assert!(
            refusal(&[("a/b/page.txt", "x"), ("a/b/cut.txt", "Call 555")]).contains("named after no rule")
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        assert!(refusal(&[]).contains("there are no cases"));
        assert!(refusal(&[("a/gold.txt", "")]).contains("has no page.html"));
        let page = ("a/page.html", "x");
        assert!(refusal(&[page, ("a/page.txt", ""), ("a/gold.txt", "")]).contains("more than one"));
        let unknown = refusal(&[page, ("a/about.toml", "shows = 'x'\nmusst = []\n")]);
        assert!(unknown.contains("about.toml, line 2") && unknown.contains("musst"), "{unknown}");
        assert!(refusal(&[page, ("a/about.toml", "min_f1 = 2.0")]).contains("between 0 and 1"));
        assert!(refusal(&[page, ("a/about.toml", "[metadata]\ntitel = 'x'")]).contains("no field \"titel\""));
        assert!(refusal(&[page, ("a/about.toml", "[known_gaps]\nx = 'y'")]).contains("no check \"x\""));
    }
}
