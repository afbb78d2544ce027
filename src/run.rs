//! Many pages: inputs are walked, cleaned on all cores and written in the order of the inputs.
//!
//! The results do not depend on the number of threads, and neither does the memory: no more pages are under way than
//! a window holds, so that one slow page makes the others wait and not pile up. One failing input does not stop the
//! run; an output that cannot be written at all does. Nothing is printed here: an [`Observer`] hears what happens.

use std::collections::BTreeMap;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};

use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::clean::Cleaner;
use crate::error::Error;
use crate::input::{self, Entry, Inputs, Reading, Record};
use crate::output::{OutputFormat, PAGES, RowFile, RowSink, Shape, Stream, Tree};
use crate::page::{Cleaned, Hints};

/// How many pages may be under way or waiting for their turn, for each thread. Enough that a page a hundred times
/// slower than the others leaves no thread without work; a waiting page is its finished row.
const WINDOW: usize = 64;

/// Where results go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    Stdout,
    /// One file, or a device or pipe.
    File(PathBuf),
    /// A directory that mirrors the inputs.
    Tree(PathBuf),
}

/// A batch of pages to clean.
#[derive(Clone, Debug)]
pub struct Run {
    /// Files and directories; `-` is standard input.
    pub inputs: Vec<PathBuf>,
    /// How to read those that do not speak for themselves.
    pub reading: Reading,
    /// The format of the output.
    pub format: &'static OutputFormat,
    /// Where it goes.
    pub target: Target,
    /// Threads; 0 is one a core.
    pub jobs: usize,
}

/// Hears what happens during a run, always in the order of the inputs.
pub trait Observer: Sync {
    /// A page was written, or something in a directory was passed over.
    fn done(&self) {}

    /// An input failed, or the output of one.
    fn failed(&self, _error: &Error) {}

    /// Asked before each page: whether to stop. What was written so far stays whole.
    fn stop(&self) -> bool {
        false
    }
}

impl Observer for () {}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Pages cleaned and written.
    pub pages: u64,
    /// Files of directories that are no pages.
    pub skipped: u64,
    /// Inputs that could not be read or cleaned.
    pub failed: u64,
    /// Pages whose output could not be written.
    pub unwritten: u64,
    /// Bytes of the pages, unpacked.
    pub bytes: u64,
    /// Characters kept, without white space.
    pub chars_kept: u64,
    /// Characters cut, without white space.
    pub chars_cut: u64,
    /// Blocks cut, by reason.
    pub cuts: BTreeMap<&'static str, u64>,
    /// Pages that met a limit.
    pub limited: u64,
    /// Whether the observer, or a reader that went away, stopped the run.
    pub stopped: bool,
}

impl Run {
    /// Cleans all inputs.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the inputs are several pages and the output has room for one; [`Error::Write`] if the
    /// output cannot be written at all. What fails for one input is counted and told to the observer.
    pub fn start(&self, cleaner: &Cleaner, observer: &dyn Observer) -> Result<Summary, Error> {
        self.check()?;
        let avoid = match &self.target {
            Target::Stdout => None,
            Target::File(path) | Target::Tree(path) => Some(path.as_path()),
        };
        let output = match (&self.target, self.format.container) {
            (Target::Tree(root), _) => Output::Tree(Tree::create(root, self.format.extensions[0])?),
            (_, Some(container)) => {
                Output::Rows(Box::new(RowSink::create(RowFile::new(avoid, container, &PAGES))?))
            }
            (Target::Stdout, None) => Output::Stream(Stream::stdout()),
            (Target::File(path), None) => Output::Stream(Stream::create(path)?),
        };
        let (inputs, refused) = Inputs::new(&self.inputs, avoid, cleaner.config().limits.max_bytes);
        let inputs = inputs.read_as(self.reading.clone());
        let mut writer = Writer { output, observer, summary: Summary::default() };
        for error in refused {
            writer.fail(&error);
        }
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.jobs)
            .build()
            .map_err(|error| Error::config("jobs", error.to_string()))?;
        let tree = match &writer.output {
            Output::Tree(tree) => Some(tree.clone()),
            Output::Stream(_) | Output::Rows(_) => None,
        };
        let worker = Worker { cleaner, format: self.format, tree };
        let (permits, returned) = mpsc::sync_channel(WINDOW * pool.current_num_threads());
        let (sender, results) = mpsc::channel();
        let complete = std::thread::scope(|scope| {
            scope.spawn(|| {
                let entries = Permitted { entries: inputs.entries(), permits, observer, next: 0 };
                pool.install(|| worker.work(entries, sender));
            });
            writer.collect(results, returned)
        });
        complete?;
        writer.finish()
    }

    /// Refuses to write several pages where there is room for one.
    fn check(&self) -> Result<(), Error> {
        let one_file = !matches!(self.target, Target::Tree(_));
        match self.format.shape {
            Shape::Row if !one_file => Err(Error::config(
                "output",
                format!("{} goes to one file, not to a directory", self.format.name),
            )),
            Shape::File if one_file && !Inputs::is_one_page(&self.inputs) => {
                let reason =
                    format!("{} of several pages goes to a directory, not to one file", self.format.name);
                Err(Error::config("output", reason))
            }
            Shape::File if !one_file && self.has_unnamed() && self.inputs.len() > 1 => {
                let reason = "standard input has no name in a directory that mirrors other inputs".to_owned();
                Err(Error::config("output", reason))
            }
            _ => Ok(()),
        }
    }

    fn has_unnamed(&self) -> bool {
        self.inputs.iter().any(|path| path == Path::new(input::STDIN))
    }
}

/// Whether the inputs are one file or stream with one page in it, as far as can be seen without reading it.
#[must_use]
pub fn holds_one_page(inputs: &[PathBuf]) -> bool {
    Inputs::is_one_page(inputs)
}

/// How many pages and other files the inputs hold, without reading them. For a progress bar: it walks all
/// directories, and what it cannot walk it leaves out.
#[must_use]
pub fn count(inputs: &[PathBuf], target: &Target) -> u64 {
    let avoid = match target {
        Target::Stdout => None,
        Target::File(path) | Target::Tree(path) => Some(path.as_path()),
    };
    let named: Vec<PathBuf> =
        inputs.iter().filter(|path| *path != Path::new(input::STDIN)).cloned().collect();
    let unnamed = u64::from(named.len() < inputs.len());
    let (inputs, _) = Inputs::new(&named, avoid, 0);
    unnamed + inputs.count() as u64
}

/// An entry with its place in the order.
type Numbered = (u64, Result<Entry, Error>);

/// Hands out entries as long as the window has room.
struct Permitted<'a, I> {
    entries: I,
    permits: SyncSender<()>,
    observer: &'a dyn Observer,
    next: u64,
}

impl<I: Iterator<Item = Result<Entry, Error>>> Iterator for Permitted<'_, I> {
    type Item = Numbered;

    fn next(&mut self) -> Option<Numbered> {
        // The writer is gone if the output failed.
        self.permits.send(()).ok()?;
        if self.observer.stop() {
            return None;
        }
        let entry = self.entries.next()?;
        self.next += 1;
        Some((self.next - 1, entry))
    }
}

/// What came of an entry.
enum Outcome {
    Page(Box<Counts>, Vec<u8>),
    Skipped,
    Failed(Error),
}

/// What a page adds to the summary.
struct Counts {
    bytes: u64,
    chars: (u64, u64),
    cuts: BTreeMap<&'static str, usize>,
    limited: bool,
}

/// Reads, cleans and renders one page after another, on any thread.
struct Worker<'a> {
    cleaner: &'a Cleaner,
    format: &'static OutputFormat,
    /// Where to write, if every page has a file of its own.
    tree: Option<Tree>,
}

impl Worker<'_> {
    fn work(&self, entries: impl Iterator<Item = Numbered> + Send, sender: Sender<(u64, Outcome)>) {
        entries.par_bridge().for_each_with(sender, |sender, (number, entry)| {
            let outcome = entry.and_then(|entry| self.one(entry)).unwrap_or_else(Outcome::Failed);
            // Nobody listens any more if the output failed.
            let _ = sender.send((number, outcome));
        });
    }

    fn one(&self, entry: Entry) -> Result<Outcome, Error> {
        let record = match entry {
            Entry::Skipped => return Ok(Outcome::Skipped),
            Entry::Record(record) => record,
            Entry::File(file) => match input::read(&file, self.cleaner.config().limits.max_bytes)? {
                Some(record) => record,
                None => return Ok(Outcome::Skipped),
            },
        };
        let (counts, rendered) = guard(&record.source, || self.clean(&record))?;
        let rendered = rendered.into_bytes();
        let Some(tree) = &self.tree else { return Ok(Outcome::Page(Box::new(counts), rendered)) };
        tree.write(&record.name, &rendered)?;
        Ok(Outcome::Page(Box::new(counts), Vec::new()))
    }

    fn clean(&self, record: &Record) -> (Counts, String) {
        let hints =
            Hints { url: record.url.as_deref(), charset: record.charset.as_deref(), media: record.media };
        let cleaned: Cleaned = self.cleaner.clean(&record.bytes, hints);
        let counts = Counts {
            bytes: record.bytes.len() as u64,
            chars: cleaned.chars(),
            cuts: cleaned.cut_counts(),
            limited: !cleaned.limits.is_empty(),
        };
        (counts, self.format.render(&record.source, &cleaned))
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

enum Output {
    Rows(Box<RowSink>),
    Stream(Stream),
    Tree(Tree),
}

/// Puts outcomes back in order, writes and counts them.
struct Writer<'a> {
    output: Output,
    observer: &'a dyn Observer,
    summary: Summary,
}

impl Writer<'_> {
    /// Takes all outcomes. `returned` gives a permit back for each.
    #[expect(clippy::needless_pass_by_value, reason = "dropping the channels is what stops the workers")]
    fn collect(&mut self, results: Receiver<(u64, Outcome)>, returned: Receiver<()>) -> Result<(), Error> {
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, outcome) in &results {
            waiting.insert(number, outcome);
            while let Some(outcome) = waiting.remove(&next) {
                next += 1;
                let _ = returned.recv();
                match self.take(outcome) {
                    Err(Error::Write { source, .. }) if source.kind() == io::ErrorKind::BrokenPipe => {
                        self.summary.stopped = true;
                        return Ok(());
                    }
                    taken => taken?,
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, outcome: Outcome) -> Result<(), Error> {
        match outcome {
            Outcome::Skipped => self.summary.skipped += 1,
            Outcome::Failed(error) => {
                self.fail(&error);
                return Ok(());
            }
            Outcome::Page(counts, rendered) => {
                match &mut self.output {
                    Output::Rows(sink) => sink.write(&rendered)?,
                    Output::Stream(stream) => stream.write(&rendered)?,
                    Output::Tree(_) => {}
                }
                self.summary.add(&counts);
            }
        }
        self.observer.done();
        Ok(())
    }

    fn fail(&mut self, error: &Error) {
        match error {
            Error::Write { .. } => self.summary.unwritten += 1,
            _ => self.summary.failed += 1,
        }
        self.observer.failed(error);
    }

    /// Makes the output visible, unless the run was stopped.
    fn finish(mut self) -> Result<Summary, Error> {
        self.summary.stopped |= self.observer.stop();
        if self.summary.stopped {
            return Ok(self.summary);
        }
        let finished = match self.output {
            Output::Rows(sink) => sink.finish(),
            Output::Stream(stream) => stream.finish(),
            Output::Tree(_) => Ok(()),
        };
        match finished {
            Err(Error::Write { source, .. }) if source.kind() == io::ErrorKind::BrokenPipe => {
                self.summary.stopped = true;
            }
            finished => finished?,
        }
        Ok(self.summary)
    }
}

impl Summary {
    fn add(&mut self, counts: &Counts) {
        self.pages += 1;
        self.bytes += counts.bytes;
        self.chars_kept += counts.chars.0;
        self.chars_cut += counts.chars.1;
        self.limited += u64::from(counts.limited);
        for (reason, count) in &counts.cuts {
            *self.cuts.entry(reason).or_default() += *count as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_the_failure_of_a_page() {
        let error = guard("a.html", || panic!("no such block")).expect_err("it panicked");
        assert_eq!(error.to_string(), "internal fault while cleaning a.html: no such block");
        assert_eq!(guard("a.html", || 1).expect("it did not panic"), 1);
    }

    #[test]
    fn outcomes_are_counted_in_order_whatever_order_they_come_in() {
        #[derive(Default)]
        struct Heard(std::sync::Mutex<Vec<String>>);
        impl Observer for Heard {
            fn failed(&self, error: &Error) {
                self.0.lock().expect("one thread").push(error.to_string());
            }
        }
        let heard = Heard::default();
        let directory = tempfile::tempdir().expect("a temporary directory");
        let stream = Stream::create(&directory.path().join("out")).expect("writable");
        let mut writer =
            Writer { output: Output::Stream(stream), observer: &heard, summary: Summary::default() };
        let (permits, returned) = mpsc::sync_channel(8);
        let (sender, results) = mpsc::channel();
        for number in [2, 0, 1] {
            permits.send(()).expect("there is room");
            let fault = Error::Fault { page: number.to_string(), message: String::new() };
            sender.send((number, Outcome::Failed(fault))).expect("the receiver is there");
        }
        drop(sender);
        writer.collect(results, returned).expect("nothing is written");
        assert_eq!(writer.summary.failed, 3);
        let pages = heard.0.into_inner().expect("one thread");
        let pages: Vec<_> =
            pages.iter().map(|message| &message[message.len() - 3..message.len() - 2]).collect();
        assert_eq!(pages, ["0", "1", "2"]);
    }
}
