//! Every page under `samples/` against the text and the metadata that a person took from it.
//!
//! A case is a folder with `page.html` or `page.txt`, `gold.txt` (the body by hand, a line a block) and `about.toml`.
//! It has one check for the text, one for the page's kind, and one for each field of metadata that `about.toml`
//! expects. A check that is known to fail is listed there under `[known_gaps]` with the reason; one that passes
//! although it is listed fails the suite, so that a gap is closed for good. `DEHUSK_UNMARK=1 cargo test --test
//! samples` deletes the marks that no longer hold. Gold and expectations are never written by a program.
//!
//! The headline is metadata: a text may begin with it or not.

#![expect(clippy::print_stderr, reason = "a failing case shows what is missing and what leaked")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use dehusk::metrics::{WordScorer, has_snippet};
use dehusk::{Cleaned, Cleaner, Hints};
use serde::Deserialize;

/// Word F1 that a text must reach if its case names no other floor.
const MIN_F1: f64 = 0.95;

/// Lines of each kind that a failure shows.
const MAX_LINES: usize = 12;

/// All samples together stay small enough to be read by people.
const MAX_BYTES: u64 = 1_500_000;

/// What `about.toml` says.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct About {
    /// What the case shows, in a sentence.
    shows: String,
    /// The kind of page.
    kind: Option<String>,
    /// The language of the body, for readers; what dehusk makes of it is checked under `metadata`.
    #[serde(rename = "language")]
    _language: Option<String>,
    /// Snippets that the text must have.
    must: Vec<String>,
    /// Snippets that it must not have.
    must_not: Vec<String>,
    /// The floor of word F1, if not the usual one.
    min_f1: Option<f64>,
    /// Fields of metadata with the expected values.
    metadata: BTreeMap<String, String>,
    /// Checks that are known to fail, with the reason.
    known_gaps: BTreeMap<String, String>,
}

struct Case {
    name: String,
    folder: PathBuf,
    page: Vec<u8>,
    gold: String,
    about: About,
}

/// A failed check: its name in `known_gaps`, and what is wrong.
type Failure = (String, String);

#[test]
fn samples_are_cleaned_as_a_person_would() {
    let cleaner = Cleaner::default();
    let words = WordScorer::new();
    let mut faults = String::new();
    let mut gaps = 0;
    for case in cases() {
        let result = cleaner.clean(&case.page, Hints::default());
        let failures = check(&case, &result, &words);
        gaps += case.about.known_gaps.len();
        for (check, what) in &failures {
            if !case.about.known_gaps.contains_key(check) {
                let _ = writeln!(faults, "{}: {check}: {what}", case.name);
            }
        }
        let closed = |gap: &&String| !failures.iter().any(|(check, _)| check == *gap);
        for gap in case.about.known_gaps.keys().filter(closed) {
            if std::env::var_os("DEHUSK_UNMARK").is_some() {
                unmark(&case, gap);
            } else {
                let _ = writeln!(faults, "{}: {gap}: passes now, take it off known_gaps", case.name);
            }
        }
    }
    eprintln!("{gaps} checks are marked as known gaps");
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn cases_are_complete_and_small() {
    let cases = cases();
    assert!(cases.len() >= 24, "only {} cases", cases.len());
    let checks = ["text", "kind", "title", "author", "published", "modified", "site_name", "language"];
    let mut bytes = 0;
    for case in &cases {
        assert!(!case.about.shows.is_empty(), "{}: about.toml does not say what it shows", case.name);
        for key in case.about.known_gaps.keys().chain(case.about.metadata.keys()) {
            assert!(checks.contains(&key.as_str()), "{}: there is no check {key:?}", case.name);
        }
        for snippet in &case.about.must {
            assert!(has_snippet(&case.gold, snippet), "{}: gold.txt lacks {snippet:?}", case.name);
        }
        for snippet in &case.about.must_not {
            assert!(!has_snippet(&case.gold, snippet), "{}: gold.txt has {snippet:?}", case.name);
        }
        bytes += case.page.len() as u64 + case.gold.len() as u64;
    }
    assert!(bytes < MAX_BYTES, "{bytes} bytes of samples");
}

/// All checks of a case that fail.
fn check(case: &Case, cleaned: &Cleaned, words: &WordScorer) -> Vec<Failure> {
    let mut failures = Vec::new();
    let mut expect = |check: &str, found: Option<&str>, expected: &str| {
        if found != Some(expected) {
            failures.push((check.to_owned(), format!("expected {expected:?}, found {found:?}")));
        }
    };
    if let Some(kind) = &case.about.kind {
        let found = format!("{:?}", cleaned.kind).to_lowercase();
        expect("kind", Some(&found), kind);
    }
    let meta = &cleaned.metadata;
    for (field, expected) in &case.about.metadata {
        let found = match field.as_str() {
            "title" => &meta.title,
            "author" => &meta.author,
            "published" => &meta.published,
            "modified" => &meta.modified,
            "site_name" => &meta.site_name,
            "language" => &meta.language,
            _ => &None,
        };
        expect(field, found.as_deref(), expected);
    }
    if let Some(report) = text_fault(case, &cleaned.text(), words) {
        failures.push(("text".to_owned(), report));
    }
    failures
}

/// What is wrong with a case's text, line by line.
fn text_fault(case: &Case, text: &str, words: &WordScorer) -> Option<String> {
    let title = case.about.metadata.get("title").map_or("", String::as_str);
    let with_title = format!("{title}\n{}", case.gold);
    let golds = [&case.gold, &with_title];
    let f1 = golds.iter().map(|gold| words.score(text, gold).f1).fold(0.0, f64::max);
    let floor = case.about.min_f1.unwrap_or(MIN_F1);
    let absent: Vec<_> = case.about.must.iter().filter(|snippet| !has_snippet(text, snippet)).collect();
    let leaked: Vec<_> = case.about.must_not.iter().filter(|snippet| has_snippet(text, snippet)).collect();
    if f1 >= floor && absent.is_empty() && leaked.is_empty() {
        return None;
    }
    let mut report = format!("word F1 {f1:.3}, floor {floor}");
    for snippet in absent {
        let _ = write!(report, "\n    must have      {snippet}");
    }
    for snippet in leaked {
        let _ = write!(report, "\n    must not have  {snippet}");
    }
    list(&mut report, "missing", &lines_not_in(&case.gold, text));
    list(&mut report, "leaked ", &lines_not_in(text, &with_title));
    Some(report)
}

/// The first lines of a list, and how many more there are.
fn list(report: &mut String, label: &str, lines: &[&str]) {
    for line in lines.iter().take(MAX_LINES) {
        let _ = write!(report, "\n    {label}        {}", shortened(line));
    }
    if lines.len() > MAX_LINES {
        let _ = write!(report, "\n    {label}        and {} more", lines.len() - MAX_LINES);
    }
}

/// Lines whose words do not follow each other in a text; marks between words do not matter.
fn lines_not_in<'a>(lines: &'a str, text: &str) -> Vec<&'a str> {
    let bare = |text: &str| text.replace(|c: char| !c.is_alphanumeric(), " ");
    let text = bare(text);
    lines.lines().filter(|line| !line.trim().is_empty() && !has_snippet(&text, &bare(line))).collect()
}

fn shortened(line: &str) -> String {
    let mut short: String = line.trim().chars().take(80).collect();
    if line.trim().chars().nth(80).is_some() {
        short.push('…');
    }
    short
}

/// Deletes a mark from `about.toml`.
fn unmark(case: &Case, gap: &str) {
    let path = case.folder.join("about.toml");
    let about = read_text(&path);
    let (head, gaps) = about.split_once("[known_gaps]\n").expect("the case has known gaps");
    let kept: String = gaps
        .split_inclusive('\n')
        .filter(|line| line.split_once('=').is_none_or(|(key, _)| key.trim() != gap))
        .collect();
    let about = match kept.trim() {
        "" => format!("{}\n", head.trim_end()),
        _ => format!("{head}[known_gaps]\n{kept}"),
    };
    fs::write(&path, about).expect("samples can be written");
}

/// The cases, sorted by name.
fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut cases = Vec::new();
    for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
        let entry = entry.expect("samples can be listed");
        if entry.file_name() == "gold.txt" {
            let folder = entry.path().parent().expect("a file has a parent");
            cases.push(case(&root, folder));
        }
    }
    cases
}

fn case(root: &Path, folder: &Path) -> Case {
    let name = folder.strip_prefix(root).expect("below samples").to_string_lossy().into_owned();
    let page = ["page.html", "page.txt"].iter().find_map(|file| fs::read(folder.join(file)).ok());
    let about = read_text(&folder.join("about.toml"));
    let about = toml::from_str(&about).unwrap_or_else(|error| panic!("{name}/about.toml: {error}"));
    Case {
        page: page.unwrap_or_else(|| panic!("{name} has no page.html or page.txt")),
        gold: read_text(&folder.join("gold.txt")),
        folder: folder.to_owned(),
        name,
        about,
    }
}

fn read_text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
