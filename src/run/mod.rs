//! Many pages: inputs are walked, cleaned on all cores and written in the order of the inputs.
//!
//! The results do not depend on the number of threads, and neither does the memory: no more pages are under way than
//! a window holds, so that one slow page makes the others wait and not pile up. One failing input does not stop the
//! run; an output that cannot be written at all does. Nothing is printed here: an [`Observer`] hears what happens.

mod dedup;
mod filter;
mod summary;
mod worker;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, SyncSender};

use crate::clean::Cleaner;
use crate::config::{Dedup, Filter};
use crate::error::Error;
use crate::input::{self, Entry, Inputs};
use crate::output::{OUTPUTS, OutputFormat, PAGES, RowFile, RowSink, Shape, Stream, Tree};

pub(crate) use filter::check_patterns;
pub use summary::{Host, Summary, Timing};

use filter::Sieve;
use worker::{CUTS, Numbered, REJECTS, Worker};
use writer::{Output, Sinks, Writer};

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
    /// The format of the output.
    pub format: &'static OutputFormat,
    /// Where it goes.
    pub target: Target,
    /// Threads; 0 is one a core.
    pub jobs: usize,
    /// Which pages are wanted.
    pub filter: Filter,
    /// Where pages that are not wanted are listed, a row each.
    pub rejects: Option<PathBuf>,
    /// Where cut blocks are listed, a row each.
    pub cuts: Option<PathBuf>,
}

impl Default for Run {
    /// Nothing, as text to standard output.
    fn default() -> Self {
        Self {
            inputs: Vec::new(),
            format: &OUTPUTS[0],
            target: Target::Stdout,
            jobs: 0,
            filter: Filter::default(),
            rejects: None,
            cuts: None,
        }
    }
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

impl Run {
    /// Cleans all inputs.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the inputs are several pages and the output has room for one; [`Error::Write`] if the
    /// output cannot be written at all. What fails for one input is counted and told to the observer.
    pub fn start(&self, cleaner: &Cleaner, observer: &dyn Observer) -> Result<Summary, Error> {
        self.check()?;
        let sieve = Sieve::new(&self.filter)?;
        let sinks = self.sinks()?;
        let (inputs, refused) = Inputs::new(&self.inputs, self.avoid(), cleaner.config().limits.max_bytes);
        let tree = match &sinks.output {
            Output::Tree(tree) if self.filter.dedup == Dedup::Off => Some(tree.clone()),
            _ => None,
        };
        let mut writer = Writer::new(sinks, observer, self.filter.dedup);
        for error in refused {
            writer.fail(&error);
        }
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.jobs)
            .build()
            .map_err(|error| Error::config("jobs", error.to_string()))?;
        let worker = Worker {
            cleaner,
            sieve: &sieve,
            format: self.format,
            dedup: self.filter.dedup,
            tree,
            wants_rejects: self.rejects.is_some(),
            wants_cuts: self.cuts.is_some(),
        };
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

    /// Opens everything that will be written.
    fn sinks(&self) -> Result<Sinks, Error> {
        let output = match (&self.target, self.format.container) {
            (Target::Tree(root), _) => Output::Tree(Tree::create(root, self.format.extensions[0])?),
            (_, Some(container)) => {
                let file = RowFile::new(self.avoid(), container, &PAGES);
                Output::Rows(Box::new(RowSink::create(file)?))
            }
            (Target::Stdout, None) => Output::Stream(Stream::stdout()),
            (Target::File(path), None) => Output::Stream(Stream::create(path)?),
        };
        let list = |path: &Option<PathBuf>, table| {
            path.as_deref().map(|path| RowSink::create(RowFile::named(path, table))).transpose()
        };
        Ok(Sinks { output, rejects: list(&self.rejects, &REJECTS)?, cuts: list(&self.cuts, &CUTS)? })
    }

    /// The output, which is never an input.
    fn avoid(&self) -> Option<&Path> {
        match &self.target {
            Target::Stdout => None,
            Target::File(path) | Target::Tree(path) => Some(path),
        }
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
    unnamed + inputs.entries().count() as u64
}

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
