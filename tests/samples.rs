//! Every page under `samples/` against the text and the metadata that a person took from it.
//!
//! The samples are cases as `dehusk check` takes them; see `docs/samples.md`. A check that is known to fail is listed
//! in `about.toml` under `[known_gaps]` with the reason; one that passes although it is listed fails the suite, so that
//! a gap is closed for good. `DEHUSK_UNMARK=1 cargo test --test samples` deletes the marks that no longer hold. Gold and
//! expectations are never written by a program.

#![expect(clippy::print_stderr, reason = "the number of known gaps is worth a look")]

use std::fs;
use std::path::{Path, PathBuf};

use dehusk::check::{self, Report};
use dehusk::config::CheckSettings;
use dehusk::metrics::has_snippet;
use dehusk::{Cleaner, Error};

/// All samples together stay small enough to be read by people.
const MAX_BYTES: usize = 1_500_000;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

fn run() -> Result<Report, Error> {
    check::run(&root(), &Cleaner::default(), &CheckSettings::default())
}

#[test]
fn samples_are_cleaned_as_a_person_would() -> Result<(), Error> {
    let mut report = run()?;
    if std::env::var_os("DEHUSK_UNMARK").is_some() {
        for case in &report.cases {
            case.closed.iter().for_each(|gap| unmark(&case.folder, gap));
        }
        report = run()?;
    }
    eprintln!("{} checks are marked as known gaps", report.totals.known_gaps);
    assert!(report.passed(), "\n{report}");
    Ok(())
}

#[test]
fn cases_are_complete_and_small() -> Result<(), Error> {
    let cases = check::cases(&root())?;
    assert!(cases.len() >= 24, "only {} cases", cases.len());
    let mut bytes = 0;
    for case in &cases {
        let (name, expected) = (&case.name, &case.expected);
        if case.gold.is_none() && !expected.cuts.is_empty() {
            continue;
        }
        let gold = case.gold.as_deref().unwrap_or_else(|| panic!("{name} has no gold.txt"));
        assert!(!expected.shows.is_empty(), "{name}: about.toml does not say what it shows");
        for snippet in &expected.must {
            assert!(has_snippet(gold, snippet), "{name}: gold.txt lacks {snippet:?}");
        }
        for snippet in expected.must_not.iter().chain(expected.spam.values().flatten()) {
            assert!(!has_snippet(gold, snippet), "{name}: gold.txt has {snippet:?}");
        }
        bytes += case.page.len() + gold.len();
    }
    assert!(bytes < MAX_BYTES, "{bytes} bytes of samples");
    Ok(())
}

/// Deletes a mark from `about.toml`.
fn unmark(folder: &Path, gap: &str) {
    let path = folder.join("about.toml");
    let about = fs::read_to_string(&path).expect("the case has known gaps");
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
