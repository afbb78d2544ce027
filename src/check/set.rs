//! An annotated set to its figures: rows of gold and a folder of pages come in, a [`SetReport`] goes out.
//!
//! A row of `gold.jsonl` has an `id`, and a `text` that a person took or snippets `with` and `without`; `type` and
//! `split` sort the pages. The page is `ID.html` or another file of that stem. Pages are cleaned as `dehusk clean` does,
//! with no hints; a page that is missing counts as an empty text.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Write};
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::judge::Count;
use crate::clean::Cleaner;
use crate::error::Error;
use crate::input::{self, PageFile};
use crate::metrics::{Haystack, Score, WordScorer};
use crate::page::Hints;

/// Words in a shingle.
const SHINGLE: usize = 4;

/// Extensions that a page of a set may have.
const EXTENSIONS: [&str; 6] = ["html", "htm", "xhtml", "txt", "html.gz", "txt.gz"];

#[derive(Deserialize)]
struct Row {
    id: String,
    split: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    text: Option<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
}

/// Means over pages.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Mean {
    /// How many pages.
    pub pages: usize,
    /// Mean word precision.
    pub precision: f64,
    /// Mean word recall.
    pub recall: f64,
    /// Mean word F1.
    pub f1: f64,
}

/// The measure of article extraction by shingles of four words: F1 of mean precision and mean recall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Shingles {
    /// Mean precision.
    pub precision: f64,
    /// Mean recall.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// Share of pages with exactly the words of the gold.
    pub accuracy: f64,
}

/// Snippets pooled over all pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Confusion {
    /// Wanted snippets that are there, and all wanted ones.
    pub with: Count,
    /// Unwanted snippets that are there, and all unwanted ones.
    pub without: Count,
    /// F1 of the wanted ones.
    pub f1: f64,
}

/// The figures of a set.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SetReport {
    /// The name of the folder that holds the gold.
    pub name: String,
    /// Rows of gold.
    pub pages: usize,
    /// Rows whose page is missing.
    pub missing: usize,
    /// Pages whose text is empty.
    pub empty: usize,
    /// Means of the words, if the gold has texts.
    pub word: Option<Mean>,
    /// The median of word F1.
    pub median_f1: Option<f64>,
    /// The means by type of page, the most frequent first.
    pub by_type: Vec<(String, Mean)>,
    /// Of texts with snippets too: mean share of wanted snippets that are there.
    pub with_found: Option<f64>,
    /// Of texts with snippets too: mean share of unwanted snippets that are there.
    pub without_leaked: Option<f64>,
    /// The measure by shingles, if the gold has texts.
    pub shingles: Option<Shingles>,
    /// Pooled snippets, if the gold has no texts.
    pub segments: Option<Confusion>,
}

/// What one page adds.
struct Figure {
    kind: String,
    missing: bool,
    empty: bool,
    score: Option<Score>,
    with: Count,
    without: Count,
    shingles: Option<(Option<f64>, Option<f64>, bool)>,
}

/// Cleans the pages of a set and measures them; `split` takes a part of the rows.
///
/// # Errors
///
/// [`Error::Read`] if the gold or a page cannot be read, [`Error::File`] with the line of a row that cannot be used,
/// [`Error::Input`] if no row is left.
pub fn gold(gold: &Path, pages: &Path, split: Option<&str>, cleaner: &Cleaner) -> Result<SetReport, Error> {
    let rows = rows(gold, split)?;
    let judge = Judge {
        cleaner,
        pages,
        words: WordScorer::new(),
        word: Regex::new(r"[\p{L}\p{N}_]+").map_err(|error| Error::input(gold, error.to_string()))?,
    };
    let figures: Vec<Figure> = rows.par_iter().map(|row| judge.figure(row)).collect::<Result<_, _>>()?;
    let folder = fs::canonicalize(gold).ok().and_then(|path| Some(path.parent()?.file_name()?.to_owned()));
    let name = folder.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(SetReport { name, ..SetReport::of(&figures, rows[0].text.is_some()) })
}

fn rows(path: &Path, split: Option<&str>) -> Result<Vec<Row>, Error> {
    let text = fs::read_to_string(path).map_err(|error| Error::open(path, error))?;
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fault = |reason: String| Error::File { path: path.to_owned(), line: Some(at + 1), reason };
        let row: Row = serde_json::from_str(line).map_err(|error| fault(error.to_string()))?;
        if split.is_none_or(|split| row.split.as_deref() == Some(split)) {
            rows.push(row);
        }
    }
    if rows.is_empty() { Err(Error::input(path, "there are no rows to measure")) } else { Ok(rows) }
}

struct Judge<'a> {
    cleaner: &'a Cleaner,
    pages: &'a Path,
    words: WordScorer,
    word: Regex,
}

impl Judge<'_> {
    fn figure(&self, row: &Row) -> Result<Figure, Error> {
        let page = self.page(&row.id);
        let text = match &page {
            Some(path) => self.text(path)?,
            None => String::new(),
        };
        // Where snippets are all there is, their case counts.
        let haystack = if row.text.is_some() { Haystack::folded(&text) } else { Haystack::exact(&text) };
        let count = |snippets: &[String]| Count { found: haystack.count(snippets), of: snippets.len() };
        Ok(Figure {
            kind: row.kind.clone().filter(|kind| !kind.is_empty()).unwrap_or("all".to_owned()),
            missing: page.is_none(),
            empty: text.trim().is_empty(),
            score: row.text.as_ref().map(|gold| self.words.score(&text, gold)),
            with: count(&row.with),
            without: count(&row.without),
            shingles: row.text.as_ref().map(|gold| self.shingles(&text, gold)),
        })
    }

    fn page(&self, id: &str) -> Option<PathBuf> {
        let files = EXTENSIONS.iter().map(|extension| self.pages.join(format!("{id}.{extension}")));
        files.into_iter().find(|path| path.is_file())
    }

    fn text(&self, path: &Path) -> Result<String, Error> {
        let file = PageFile { path: path.to_owned(), name: path.to_owned(), doubtful: false };
        let page = input::read(&file, self.cleaner.config().limits.max_bytes)?;
        Ok(page.map(|page| self.cleaner.clean(&page.bytes, Hints::default()).text()).unwrap_or_default())
    }

    /// Precision and recall of shingles, where there are any, and whether all words are the same.
    fn shingles(&self, text: &str, gold: &str) -> (Option<f64>, Option<f64>, bool) {
        let words = |text| self.word.find_iter(text).map(|word| word.as_str()).collect::<Vec<&str>>();
        let (text, gold) = (words(text), words(gold));
        let (given, wanted) = (shingled(&text), shingled(&gold));
        let shared: usize = given.iter().map(|(s, n)| wanted.get(s).map_or(0, |m| *m.min(n))).sum();
        let share = |all: &HashMap<&[&str], usize>| {
            let all: usize = all.values().sum();
            (all > 0).then(|| shared as f64 / all as f64)
        };
        (share(&given), share(&wanted), text == gold)
    }
}

/// How often each run of four words occurs; a shorter text is one run.
fn shingled<'a, 'b>(words: &'a [&'b str]) -> HashMap<&'a [&'b str], usize> {
    let mut counts = HashMap::new();
    if words.is_empty() {
        return counts;
    }
    for shingle in words.windows(SHINGLE.min(words.len())) {
        *counts.entry(shingle).or_default() += 1;
    }
    counts
}

impl SetReport {
    fn of(figures: &[Figure], texts: bool) -> Self {
        let count = |is: fn(&Figure) -> bool| figures.iter().filter(|figure| is(figure)).count();
        let report = Self {
            pages: figures.len(),
            missing: count(|figure| figure.missing),
            empty: count(|figure| figure.empty),
            ..Self::default()
        };
        if !texts {
            return Self { segments: Some(Confusion::of(figures)), ..report };
        }
        let share = |of: fn(&Figure) -> Count| {
            let counts = figures.iter().map(of).filter(|count| count.of > 0);
            mean(counts.map(|count| count.found as f64 / count.of as f64))
        };
        Self {
            word: Some(Mean::of(figures.iter())),
            median_f1: median(figures),
            by_type: by_type(figures),
            with_found: share(|figure| figure.with),
            without_leaked: share(|figure| figure.without),
            shingles: Some(Shingles::of(figures)),
            ..report
        }
    }

    /// The figure by which the set is judged: mean word F1, or F1 of the snippets where there are no texts.
    #[must_use]
    pub fn f1(&self) -> f64 {
        let word = self.word.as_ref().map(|mean| mean.f1);
        word.or(self.segments.map(|segments| segments.f1)).unwrap_or(0.0)
    }

    /// The report as JSON.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "strings and numbers are always JSON")]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and numbers") + "\n"
    }

    /// The figures, a line each.
    #[must_use]
    pub fn table(&self) -> String {
        let mut out = String::new();
        let Self { name, pages, missing, empty, .. } = self;
        let _ = writeln!(out, "{name}: {pages} pages, {missing} missing, {empty} empty");
        if let Some(word) = &self.word {
            let _ = writeln!(out, "  {:<22}{word}", "word, mean");
        }
        if let Some(median) = self.median_f1 {
            let _ = writeln!(out, "  {:<22}       F1 {median:.4}", "word, median");
        }
        for (kind, mean) in self.by_type.iter().filter(|_| self.by_type.len() > 1) {
            let _ = writeln!(out, "    {kind:<20}{mean}");
        }
        if let (Some(with), Some(without)) = (self.with_found, self.without_leaked) {
            let _ = writeln!(out, "  snippets: with found {with:.4}, without leaked {without:.4}");
        }
        if let Some(Shingles { precision, recall, f1, accuracy }) = self.shingles {
            let figures = format!("F1 {f1:.4}  P {precision:.4}  R {recall:.4}  accuracy {accuracy:.4}");
            let _ = writeln!(out, "  {:<22}       {figures}", "shingles of four words");
        }
        if let Some(Confusion { with, without, f1 }) = self.segments {
            let (tp, fp) = (with.found, without.found);
            let (missed, kept_out) = (with.of - tp, without.of - fp);
            let _ = writeln!(out, "  snippets  F1 {f1:.4}  TP {tp}  FN {missed}  FP {fp}  TN {kept_out}");
        }
        out
    }
}

impl Mean {
    fn of<'a>(figures: impl Iterator<Item = &'a Figure>) -> Self {
        let scores: Vec<Score> = figures.filter_map(|figure| figure.score).collect();
        let mean = |of: fn(&Score) -> f64| mean(scores.iter().map(of)).unwrap_or(0.0);
        Self {
            pages: scores.len(),
            precision: mean(|s| s.precision),
            recall: mean(|s| s.recall),
            f1: mean(|s| s.f1),
        }
    }
}

impl fmt::Display for Mean {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:>5}  F1 {:.4}  P {:.4}  R {:.4}", self.pages, self.f1, self.precision, self.recall)
    }
}

impl Shingles {
    fn of(figures: &[Figure]) -> Self {
        let all = || figures.iter().filter_map(|figure| figure.shingles);
        let precision = mean(all().filter_map(|(precision, _, _)| precision)).unwrap_or(0.0);
        let recall = mean(all().filter_map(|(_, recall, _)| recall)).unwrap_or(0.0);
        let sum = precision + recall;
        let f1 = if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 };
        let accuracy = mean(all().map(|(_, _, same)| f64::from(u8::from(same)))).unwrap_or(0.0);
        Self { precision, recall, f1, accuracy }
    }
}

impl Confusion {
    fn of(figures: &[Figure]) -> Self {
        let (mut with, mut without) = (Count::default(), Count::default());
        for figure in figures {
            with.add(figure.with);
            without.add(figure.without);
        }
        let all = with.found + without.found + with.of;
        let f1 = if all > 0 { 2.0 * with.found as f64 / all as f64 } else { 0.0 };
        Self { with, without, f1 }
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_usize), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

fn median(figures: &[Figure]) -> Option<f64> {
    let mut all: Vec<f64> = figures.iter().filter_map(|figure| Some(figure.score?.f1)).collect();
    all.sort_by(f64::total_cmp);
    let middle = all.len() / 2;
    match all.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(all[middle]),
        _ => Some(f64::midpoint(all[middle - 1], all[middle])),
    }
}

fn by_type(figures: &[Figure]) -> Vec<(String, Mean)> {
    let mut kinds: BTreeMap<&str, Vec<&Figure>> = BTreeMap::new();
    for figure in figures {
        kinds.entry(&figure.kind).or_default().push(figure);
    }
    let means = kinds.into_iter().map(|(kind, all)| (kind.to_owned(), Mean::of(all.into_iter())));
    let mut means: Vec<(String, Mean)> = means.collect();
    means.sort_by_key(|(_, mean)| std::cmp::Reverse(mean.pages));
    means
}
