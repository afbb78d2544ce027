//! One entry to what is to be written of it: read, judged, cleaned, rendered, on any thread.
//!
//! Nothing here depends on other pages; what does, order and repeats, is the writer's.

use std::borrow::Cow;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::time::Instant;

use rayon::iter::{ParallelBridge, ParallelIterator};
use serde::Serialize;

use super::dedup::Signature;
use super::filter::{Reject, Sieve};
use super::print::Print;
use super::summary::Facts;
use crate::buffers;
use crate::clean::{Cleaner, Scratch};
use crate::config::Dedup;
use crate::cuts::Cut;
use crate::error::Error;
use crate::input::{self, Entry, Record};
use crate::output::{Column, ColumnKind, OutputFormat, Table, Tree};
use crate::page::{Cleaned, Hints};

/// An entry with its place in the order.
pub(super) type Numbered = (u64, Result<Entry, Error>);

/// An entry with what it was and what came of it.
pub(super) struct Done {
    pub(super) print: Print,
    pub(super) outcome: Outcome,
}

/// What came of an entry.
pub(super) enum Outcome {
    Page(Box<PageDone>),
    Rejected(Box<Rejected>),
    Skipped,
    Failed(Error),
}

/// A page that is wanted, unless an earlier one has the same text.
pub(super) struct PageDone {
    pub(super) facts: Facts,
    /// Its path in an output tree.
    pub(super) name: PathBuf,
    /// The page in the format of the output; empty if it is written already.
    pub(super) rendered: Vec<u8>,
    /// A line for each cut block or part of one.
    pub(super) cuts: Vec<u8>,
    /// What its repeats are known by.
    pub(super) signature: Option<Signature>,
    /// What is to be said of it in case that it is a repeat.
    pub(super) reject: Option<RejectRow>,
}

/// A page that is not wanted.
pub(super) struct Rejected {
    pub(super) reason: &'static str,
    /// Of a page that was cleaned.
    pub(super) facts: Option<Facts>,
    /// If rejects are written.
    pub(super) row: Option<RejectRow>,
}

/// The columns of the list of rejects.
pub(super) static REJECTS: Table = Table {
    name: "reject",
    columns: &[
        Column::new("source", ColumnKind::Text),
        Column::new("url", ColumnKind::Text),
        Column::new("reason", ColumnKind::Text),
        Column::new("detail", ColumnKind::Text),
        Column::new("title", ColumnKind::Text),
        Column::new("language", ColumnKind::Text),
        Column::new("confidence", ColumnKind::Real),
        Column::new("text", ColumnKind::Text),
    ],
};

/// The columns of the list of cuts.
pub(super) static CUTS: Table = Table {
    name: "cut",
    columns: &[
        Column::new("source", ColumnKind::Text),
        Column::new("offset", ColumnKind::Integer),
        Column::new("at", ColumnKind::Integer),
        Column::new("class", ColumnKind::Text),
        Column::new("score", ColumnKind::Real),
        Column::new("evidence", ColumnKind::Text),
        Column::new("partial", ColumnKind::Flag),
        Column::new("text", ColumnKind::Text),
    ],
};

/// A line in the list of rejects.
#[derive(Debug, Default, Serialize)]
pub(super) struct RejectRow {
    source: String,
    url: Option<String>,
    reason: &'static str,
    detail: String,
    title: Option<String>,
    language: Option<String>,
    confidence: Option<f32>,
    /// What would have been written, as plain text; `null` if the page was not read.
    text: Option<String>,
}

impl RejectRow {
    fn new(source: &str, reject: Reject) -> Self {
        let Reject { reason, detail } = reject;
        Self { source: source.to_owned(), reason, detail, ..Self::default() }
    }

    fn of_cleaned(source: &str, reject: Reject, cleaned: &Cleaned) -> Self {
        let about = &cleaned.metadata;
        Self {
            url: about.url.clone(),
            title: about.title.clone(),
            language: about.language.clone(),
            confidence: Some((cleaned.confidence * 1e4).round() / 1e4),
            text: Some(cleaned.text()),
            ..Self::new(source, reject)
        }
    }

    pub(super) fn with_detail(self, detail: String) -> Self {
        Self { detail, ..self }
    }
}

/// A line in the list of cuts.
#[derive(Serialize)]
struct CutRow<'a> {
    source: &'a str,
    #[serde(flatten)]
    cut: Cut,
}

/// What a thread uses again for the next page.
#[derive(Default)]
struct Memory {
    scratch: Scratch,
    /// What files are read into.
    file: Vec<u8>,
}

impl Memory {
    /// Takes the bytes of a page that is done with for the next file.
    fn reuse(&mut self, mut bytes: Vec<u8>) {
        buffers::empty(&mut bytes);
        self.file = bytes;
    }
}

/// Reads, cleans and renders one page after another, on any thread.
pub(super) struct Worker<'a> {
    pub(super) cleaner: &'a Cleaner,
    pub(super) sieve: &'a Sieve,
    pub(super) format: &'static OutputFormat,
    pub(super) dedup: Dedup,
    /// Where to write, if every page has a file of its own and nothing that comes later can take it back.
    pub(super) tree: Option<Tree>,
    pub(super) wants_rejects: bool,
    pub(super) wants_cuts: bool,
}

impl Worker<'_> {
    pub(super) fn work(&self, entries: impl Iterator<Item = Numbered> + Send, sender: &Sender<(u64, Done)>) {
        let start = || (sender.clone(), Memory::default());
        entries.par_bridge().for_each_init(start, |(sender, memory), (number, entry)| {
            let mut print = Print::default();
            let outcome = entry.and_then(|entry| self.one(entry, memory, &mut print));
            let outcome = outcome.unwrap_or_else(Outcome::Failed);
            // Nobody listens any more if the output failed.
            let _ = sender.send((number, Done { print, outcome }));
        });
    }

    fn one(&self, entry: Entry, memory: &mut Memory, print: &mut Print) -> Result<Outcome, Error> {
        let mut clock = Clock::start();
        let record = match entry {
            Entry::Skipped => return Ok(Outcome::Skipped),
            Entry::Record(record) => record,
            Entry::File(file) => {
                *print = Print::of_file(&file);
                let source = file.path.to_string_lossy();
                if let Err(reject) = self.sieve.path(&source) {
                    return Ok(self.reject(&source, reject));
                }
                let buffer = std::mem::take(&mut memory.file);
                match input::read_into(buffer, &file, self.cleaner.config().limits.max_bytes)? {
                    Some(record) => record,
                    None => return Ok(Outcome::Skipped),
                }
            }
        };
        print.add_record(&record);
        clock.lap("read");
        let judged = self.sieve.path(&record.source).and_then(|()| match &record.url {
            Some(url) => self.sieve.url(Some(url)),
            None => Ok(()),
        });
        if let Err(reject) = judged {
            return Ok(self.reject(&record.source, reject));
        }
        let outcome = guard(&record.source, || self.clean(&record, &mut memory.scratch, clock));
        memory.reuse(record.bytes);
        // Nobody knows in what state a fault left it.
        let outcome = outcome.inspect_err(|_| memory.scratch = Scratch::default())?;
        let Some(tree) = &self.tree else { return Ok(outcome) };
        let Outcome::Page(mut page) = outcome else { return Ok(outcome) };
        tree.write(&page.name, &page.rendered)?;
        page.rendered = Vec::new();
        Ok(Outcome::Page(page))
    }

    fn clean(&self, record: &Record, scratch: &mut Scratch, mut clock: Clock) -> Outcome {
        let hints =
            Hints { url: record.url.as_deref(), charset: record.charset.as_deref(), media: record.media };
        let cleaned =
            self.cleaner.clean_observed(scratch, &record.bytes, hints, &mut |stage| clock.lap(stage));
        let mut facts = Facts::new(&record.source, record.bytes.len(), &cleaned);
        let address = record.url.as_deref().or(cleaned.metadata.url.as_deref());
        if let Err(reject) = self.sieve.url(address).and_then(|()| self.sieve.cleaned(&cleaned)) {
            let reason = reject.reason;
            let row = self.wants_rejects.then(|| RejectRow::of_cleaned(&record.source, reject, &cleaned));
            facts.times = clock.laps;
            return Outcome::Rejected(Box::new(Rejected { reason, facts: Some(facts), row }));
        }
        let signature = match self.dedup {
            Dedup::Off => None,
            dedup => Signature::of(&cleaned.text(), dedup),
        };
        let maybe = self.wants_rejects && signature.is_some();
        let reject = maybe.then(|| RejectRow::of_cleaned(&record.source, Reject::new("dedup", ""), &cleaned));
        let rendered = self.format.render(&record.source, &cleaned).into_bytes();
        let cuts = if self.wants_cuts { cut_rows(&record.source, &cleaned) } else { Vec::new() };
        clock.lap("render");
        facts.times = clock.laps;
        Outcome::Page(Box::new(PageDone {
            facts,
            name: record.name.clone(),
            rendered,
            cuts,
            signature,
            reject,
        }))
    }

    fn reject(&self, source: &str, reject: Reject) -> Outcome {
        let reason = reject.reason;
        let row = self.wants_rejects.then(|| RejectRow::new(source, reject));
        Outcome::Rejected(Box::new(Rejected { reason, facts: None, row }))
    }
}

/// What was cut from a page, blocks and parts of blocks, a line of JSON each.
fn cut_rows(source: &str, cleaned: &Cleaned) -> Vec<u8> {
    let row = |mut cut: Cut| {
        cut.score = (cut.score * 1e4).round() / 1e4;
        line(&CutRow { source, cut })
    };
    cleaned.cut_list().into_iter().flat_map(row).collect()
}

/// A value as a line of JSON.
pub(super) fn line(value: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(value).expect("strings, numbers and lists of them are valid JSON");
    line.push(b'\n');
    line
}

/// Measures how long each stage of a page takes.
struct Clock {
    last: Instant,
    laps: Vec<(Cow<'static, str>, u64)>,
}

impl Clock {
    fn start() -> Self {
        Self { last: Instant::now(), laps: Vec::new() }
    }

    fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.laps.push((stage.into(), (now - self.last).as_micros() as u64));
        self.last = now;
    }
}

/// Turns a panic into an error. Cleaning does not panic; should it do so all the same, one page is lost and not the
/// run.
fn guard<T>(page: &str, work: impl FnOnce() -> T) -> Result<T, Error> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let message = payload.downcast_ref::<String>().map(String::as_str);
        let message =
            message.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("unknown").to_owned();
        Error::Fault { page: page.to_owned(), message }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_row_has_its_column() {
        let names = |row: &[u8]| -> Vec<String> {
            let text = String::from_utf8_lossy(row).lines().next().expect("a row").to_owned();
            let value: serde_json::Value = serde_json::from_str(&text).expect("valid");
            let mut names: Vec<String> = value.as_object().expect("an object").keys().cloned().collect();
            names.sort_by_key(|name| text.find(&format!("\"{name}\":")));
            names
        };
        let columns =
            |table: &Table| table.columns.iter().map(|column| column.name.to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&line(&RejectRow::default())), columns(&REJECTS));
        let cleaned = crate::clean(
            "<nav><a href=/>Home</a> <a href=/a>About</a></nav><article><p>The sea rises and falls twice a day, \
             drawn by the moon and, more weakly, by the sun.</p></article>",
        );
        assert_eq!(names(&cut_rows("a", &cleaned)), columns(&CUTS));
    }

    #[test]
    fn a_panic_becomes_the_failure_of_a_page() {
        let error = guard("a.html", || panic!("no such block")).expect_err("it panicked");
        assert_eq!(error.to_string(), "internal fault while cleaning a.html: no such block");
        assert_eq!(guard("a.html", || 1).expect("it did not panic"), 1);
    }
}
