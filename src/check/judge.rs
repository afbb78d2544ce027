//! One case and its cleaned page to an [`Outcome`]: what is as expected, what is lost, what leaks.
//!
//! A case has one check for the text, one for the kind of page, one for what is cut for which reason, and one for each
//! field of metadata that it names. The headline is metadata: a text may begin with it or not.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use super::case::{Case, field};
use crate::clean::Cleaner;
use crate::config::CheckSettings;
use crate::metrics::{Haystack, Score, WordScorer};
use crate::page::{Cleaned, Hints};

/// Lines of each kind that a failure shows.
const MAX_LINES: usize = 12;

/// Characters of a line that a failure shows.
const MAX_CHARS: usize = 100;

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Snippets that the text has.
    pub found: usize,
    /// All snippets.
    pub of: usize,
}

impl Count {
    pub(super) fn add(&mut self, other: Self) {
        self.found += other.found;
        self.of += other.of;
    }
}

/// What came of a case.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// The name of the case.
    pub name: String,
    /// Its folder.
    #[serde(skip)]
    pub folder: PathBuf,
    /// Precision, recall and F1 of the words, if there is gold.
    pub score: Option<Score>,
    /// The word F1 that the case has to reach.
    pub floor: f64,
    /// Snippets that the text must have.
    pub must: Count,
    /// Snippets that it must not have, by kind of spam; those without a kind are under `must_not`.
    pub leaks: BTreeMap<String, Count>,
    /// Checks that failed.
    pub failures: Vec<Failure>,
    /// Checks that failed and are known to fail.
    pub known: Vec<Failure>,
    /// Checks that are known to fail and passed, which is a failure too: the mark has to go.
    pub closed: Vec<String>,
    /// The text that came out.
    #[serde(skip)]
    pub text: String,
    /// The text that a person took.
    #[serde(skip)]
    pub gold: Option<String>,
}

impl Outcome {
    /// Whether all is as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failures.is_empty() && self.closed.is_empty()
    }
}

/// A check that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Which: `text`, `kind`, `cuts` or a field of metadata.
    pub check: String,
    /// What is wrong.
    pub what: String,
    /// Snippets and lines of the gold that the text lacks.
    pub lost: Vec<String>,
    /// Snippets and lines of the text that should not be there.
    pub leaked: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.check, self.what)?;
        for (label, lines) in [("lost", &self.lost), ("leaked", &self.leaked)] {
            for line in lines.iter().take(MAX_LINES) {
                write!(out, "\n    {label:<8}{}", shortened(line))?;
            }
            if lines.len() > MAX_LINES {
                write!(out, "\n    {label:<8}and {} more", lines.len() - MAX_LINES)?;
            }
        }
        Ok(())
    }
}

pub(super) fn judge(case: &Case, cleaner: &Cleaner, words: &WordScorer, settings: &CheckSettings) -> Outcome {
    let expected = &case.expected;
    let hints =
        Hints { url: expected.url.as_deref(), charset: expected.charset.as_deref(), ..Hints::default() };
    let result = cleaner.clean(&case.page, hints);
    let text = result.text();
    let score = case.gold.as_deref().map(|gold| score(case, &text, gold, words));
    let floor = floor(case, settings);
    let mut outcome = Outcome {
        name: case.name.clone(),
        folder: case.folder.clone(),
        score,
        floor,
        must: Count::default(),
        leaks: BTreeMap::new(),
        failures: facts(case, &result),
        known: Vec::new(),
        closed: Vec::new(),
        gold: case.gold.clone(),
        text,
    };
    judge_text(case, &mut outcome);
    outcome.failures.extend(wrong_cuts(case, &result));
    let all = std::mem::take(&mut outcome.failures);
    let is_known = |failure: &Failure| expected.known_gaps.contains_key(&failure.check);
    (outcome.known, outcome.failures) = all.into_iter().partition(is_known);
    let closed =
        expected.known_gaps.keys().filter(|gap| outcome.known.iter().all(|known| known.check != **gap));
    outcome.closed = closed.cloned().collect();
    outcome
}

/// The better score of the text against the gold with the headline and without.
fn score(case: &Case, text: &str, gold: &str, words: &WordScorer) -> Score {
    let plain = words.score(text, gold);
    let Some(title) = case.expected.metadata.get("title") else { return plain };
    let titled = words.score(text, &format!("{title}\n{gold}"));
    if titled.f1 > plain.f1 { titled } else { plain }
}

/// What the case must reach: what it says, and no less than its baseline.
fn floor(case: &Case, settings: &CheckSettings) -> f64 {
    let tolerance = case.expected.tolerance.unwrap_or(settings.tolerance);
    let baseline = case.baseline.map(|baseline| baseline.f1 - tolerance);
    let floors = [case.expected.min_f1, baseline];
    floors.into_iter().flatten().reduce(f64::max).unwrap_or(settings.min_f1)
}

/// The kind and the metadata, where they are not as expected.
fn facts(case: &Case, cleaned: &Cleaned) -> Vec<Failure> {
    let kind = format!("{:?}", cleaned.kind).to_lowercase();
    let mut checks = Vec::new();
    checks.extend(case.expected.kind.as_ref().map(|expected| ("kind", expected, Some(kind.as_str()))));
    for (name, expected) in &case.expected.metadata {
        let found = field(&cleaned.metadata, name).and_then(Option::as_deref);
        checks.push((name, expected, found));
    }
    let wrong = checks.into_iter().filter(|(_, expected, found)| *found != Some(expected.as_str()));
    let failure = |(check, expected, found): (&str, &String, Option<&str>)| Failure {
        check: check.to_owned(),
        what: format!(
            "expected {expected:?}, found {}",
            found.map_or("nothing".into(), |f| format!("{f:?}"))
        ),
        lost: Vec::new(),
        leaked: Vec::new(),
    };
    wrong.map(failure).collect()
}

/// Counts snippets, and adds a failure if the text is not as it must be.
fn judge_text(case: &Case, outcome: &mut Outcome) {
    let folded = Haystack::folded(&outcome.text);
    let (mut lost, mut leaked) = (Vec::new(), Vec::new());
    for snippet in &case.expected.must {
        let found = folded.has(snippet);
        outcome.must.add(Count { found: found.into(), of: 1 });
        if !found {
            lost.push(format!("must have: {snippet}"));
        }
    }
    for (kind, snippet) in case.unwanted() {
        let found = folded.has(snippet);
        let count = outcome.leaks.entry(kind.to_owned()).or_default();
        count.add(Count { found: found.into(), of: 1 });
        if found {
            let line = outcome.text.lines().find(|line| Haystack::folded(line).has(snippet));
            leaked.push(format!("{kind}: {snippet}: {}", shortened(line.unwrap_or_default())));
        }
    }
    let f1 = outcome.score.map_or(1.0, |score| score.f1);
    // Floors and baselines are written with four digits.
    if f1 + 0.000_05 >= outcome.floor && lost.is_empty() && leaked.is_empty() {
        return;
    }
    if let Some(gold) = &case.gold {
        let title = case.expected.metadata.get("title").map_or("", String::as_str);
        lost.extend(lines_not_in(gold, &outcome.text));
        leaked.extend(lines_not_in(&outcome.text, &format!("{title}\n{gold}")));
    }
    let what = match outcome.score {
        Some(_) => format!("word F1 {f1:.4}, floor {:.4}", outcome.floor),
        None => "snippets are lost or leak".to_owned(),
    };
    outcome.failures.push(Failure { check: "text".to_owned(), what, lost, leaked });
}

/// The blocks that are cut for other reasons than expected, if some are.
fn wrong_cuts(case: &Case, cleaned: &Cleaned) -> Option<Failure> {
    let (mut lost, mut leaked, mut what) = (Vec::new(), Vec::new(), Vec::new());
    let cuts = cleaned.cut_list();
    for (reason, expected) in &case.expected.cuts {
        let found: Vec<&str> =
            cuts.iter().filter(|cut| cut.class == reason).map(|cut| cut.text.as_str()).collect();
        let missing: Vec<&String> = expected.iter().filter(|text| !found.contains(&text.as_str())).collect();
        let extra: Vec<&&str> =
            found.iter().filter(|text| !expected.iter().any(|listed| listed == *text)).collect();
        if missing.is_empty() && extra.is_empty() {
            continue;
        }
        let hits = expected.len() - missing.len();
        what.push(format!(
            "{reason} cuts {hits} of {}, and {} that it must not",
            expected.len(),
            extra.len()
        ));
        leaked.extend(missing.iter().map(|text| format!("{reason}: {text}")));
        lost.extend(extra.iter().map(|text| format!("{reason}: {text}")));
    }
    let what = what.join("; ");
    (!what.is_empty()).then(|| Failure { check: "cuts".to_owned(), what, lost, leaked })
}

/// Lines whose words do not follow each other in a text; marks between words do not matter.
fn lines_not_in(lines: &str, text: &str) -> Vec<String> {
    let bare = |text: &str| text.replace(|c: char| !c.is_alphanumeric(), " ");
    let text = Haystack::folded(&bare(text));
    let missing = lines.lines().filter(|line| !line.trim().is_empty() && !text.has(&bare(line)));
    missing.map(|line| line.trim().to_owned()).collect()
}

fn shortened(line: &str) -> String {
    let mut short: String = line.trim().chars().take(MAX_CHARS).collect();
    if line.trim().chars().nth(MAX_CHARS).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Baseline, Expected};

    const PAGE: &str = "<title>Tides</title><article><h1>Tides</h1><p>The sea rises and falls twice a day, drawn by the \
        moon and, more weakly, by the sun. Where the coast narrows, the difference is as high as a house.</p></article>";
    const GOLD: &str = "The sea rises and falls twice a day, drawn by the moon and, more weakly, by the sun. Where the \
        coast narrows, the difference is as high as a house.";

    fn outcome(gold: &str, expected: Expected, baseline: Option<f64>) -> Outcome {
        let baseline = baseline.map(|f1| Baseline { f1, precision: f1, recall: f1 });
        let case = Case {
            page: PAGE.as_bytes().to_vec(),
            gold: Some(gold.to_owned()),
            expected,
            baseline,
            ..Case::default()
        };
        judge(&case, &Cleaner::default(), &WordScorer::new(), &CheckSettings::default())
    }

    fn strings(all: &[&str]) -> Vec<String> {
        all.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn a_text_as_it_should_be_passes() {
        let metadata = BTreeMap::from([("title".to_owned(), "Tides".to_owned())]);
        let expected = Expected { must: strings(&["twice a day"]), metadata, ..Expected::default() };
        let outcome = outcome(GOLD, expected, None);
        assert!(outcome.passed(), "{:?}", outcome.failures);
        assert_eq!(outcome.must, Count { found: 1, of: 1 });
    }

    #[test]
    fn lost_and_leaked_lines_are_named() {
        let spam = BTreeMap::from([("astronomy".to_owned(), strings(&["the moon", "Saturn"]))]);
        let expected = Expected { must: strings(&["whales"]), spam, ..Expected::default() };
        let outcome = outcome(&format!("{GOLD}\nWhales follow the tide."), expected, None);
        let failure = &outcome.failures[0];
        assert_eq!(failure.lost, ["must have: whales", "Whales follow the tide."]);
        assert!(failure.leaked[0].starts_with("astronomy: the moon: The sea rises"), "{failure}");
        assert_eq!(outcome.leaks["astronomy"], Count { found: 1, of: 2 });
        assert!(failure.to_string().contains("\n    lost    Whales follow the tide."), "{failure}");
    }

    #[test]
    fn floors_come_from_case_baseline_and_settings() {
        let half = &GOLD[..GOLD.len() / 2];
        assert!(!outcome(half, Expected::default(), None).passed());
        let f1 = outcome(half, Expected::default(), None).score.expect("gold").f1;
        assert!(outcome(half, Expected::default(), Some(f1)).passed());
        assert!(outcome(half, Expected::default(), Some(f1 + 0.004)).passed());
        assert!(!outcome(half, Expected::default(), Some(f1 + 0.006)).passed());
        let tolerant = Expected { tolerance: Some(0.01), ..Expected::default() };
        assert!(outcome(half, tolerant, Some(f1 + 0.006)).passed());
        let strict = Expected { min_f1: Some(f1 + 0.01), ..Expected::default() };
        assert!(!outcome(half, strict, Some(f1)).passed());
    }

    #[test]
    fn known_gaps_pass_until_they_are_closed() {
        let gaps = |check: &str| BTreeMap::from([(check.to_owned(), "a reason".to_owned())]);
        let expected =
            Expected { kind: Some("forum".into()), known_gaps: gaps("kind"), ..Expected::default() };
        let known = outcome(GOLD, expected, None);
        assert!(known.passed() && known.known.len() == 1);
        let closed = outcome(GOLD, Expected { known_gaps: gaps("text"), ..Expected::default() }, None);
        assert!(!closed.passed() && closed.closed == ["text"]);
    }
}
