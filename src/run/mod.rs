//! Many pages: inputs are walked, cleaned on all cores and written in the order of the inputs.
//!
//! The results do not depend on the number of threads, and neither does the memory: no more pages are under way than
//! a window holds, so that one slow page makes the others wait and not pile up. One failing input does not stop the
//! run; an output that cannot be written at all does. Nothing is printed here: an [`Observer`] hears what happens.

mod dedup;
mod filter;
mod journal;
mod print;
mod resume;
mod sinks;
mod summary;
mod worker;
mod writer;

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, SyncSender};

use xxhash_rust::xxh3::xxh3_64;

use crate::clean::Cleaner;
use crate::config::{Dedup, Filter, RunSettings, Shard};
use crate::error::Error;
use crate::input::{self, Amount, Entry, Inputs, Progress, Reading};
use crate::output::{OUTPUTS, OutputFormat, Shape};
use crate::report;

pub(crate) use filter::check_patterns;
pub(crate) use resume::summary as summary_of_state;
pub use summary::{Host, SiteCount, Summary, Timing};

use filter::Sieve;
use journal::{Journal, Plan, Segments};
use resume::Past;
use sinks::{Output, Sinks};
use worker::{Numbered, Worker};
use writer::Writer;

/// How many pages may be under way or waiting for their turn, for each thread. Enough that a page a hundred times
/// slower than the others leaves no thread without work; a waiting page is its finished row.
const WINDOW: usize = 64;

/// So many inputs are known to the state by their names, more by a hash.
const MAX_NAMED: usize = 100;

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
    /// How much of them has been read.
    pub progress: Progress,
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
    /// Where the counts of the run are written in the end, as JSON.
    pub report: Option<PathBuf>,
    /// Pages in a file of rows, which is then one of several; `None` puts all into one.
    pub shard_size: Option<NonZeroU64>,
    /// A directory that remembers what is done, so that a run that died can be resumed.
    pub state: Option<PathBuf>,
    /// Forget what the state remembers.
    pub restart: bool,
    /// After how many entries of the input everything is made safe on disk, at least 1.
    pub commit_every: u64,
    /// The part of the inputs that is taken.
    pub shard: Shard,
}

impl Default for Run {
    /// Nothing, as text to standard output.
    fn default() -> Self {
        Self {
            inputs: Vec::new(),
            reading: Reading::default(),
            progress: Progress::default(),
            format: &OUTPUTS[0],
            target: Target::Stdout,
            jobs: 0,
            filter: Filter::default(),
            rejects: None,
            cuts: None,
            report: None,
            shard_size: None,
            state: None,
            restart: false,
            commit_every: RunSettings::default().commit_every,
            shard: Shard::default(),
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
        let max_bytes = cleaner.config().limits.max_bytes;
        let opened = self.state.as_deref().map(|state| self.open_journal(state, cleaner)).transpose()?;
        let (inputs, refused) = Inputs::new(&self.inputs, self.output(), max_bytes);
        let inputs = inputs.avoiding(self.avoided()).read_as(self.reading.clone()).counted(&self.progress);
        let mut entries = inputs.entries().filter(|entry| takes(self.shard, entry));
        let opened = opened.map(|(journal, segments)| {
            Past::catch_up(segments, &mut entries, max_bytes, observer).map(|past| (journal, past))
        });
        let opened = opened.transpose()?;
        let sinks = Sinks::open(self, opened.as_ref().map(|(_, past)| &past.marks))?;
        let worker = Worker {
            cleaner,
            sieve: &sieve,
            format: self.format,
            dedup: self.filter.dedup,
            tree: match &sinks.output {
                Output::Tree(tree) if self.filter.dedup == Dedup::Off => Some(tree.clone()),
                _ => None,
            },
            wants_rejects: self.rejects.is_some(),
            wants_cuts: self.cuts.is_some(),
        };
        let mut writer = Writer::new(sinks, observer, self);
        if let Some((journal, past)) = opened {
            writer = writer.with_journal(journal, past);
        }
        for error in &refused {
            writer.refuse(error);
        }
        if !writer.is_complete() {
            self.clean(&worker, entries, &mut writer)?;
        }
        let summary = writer.finish()?;
        if let Some(path) = &self.report {
            report::write(&summary, path)?;
        }
        Ok(summary)
    }

    /// Cleans entries on all cores.
    fn clean(
        &self,
        worker: &Worker<'_>,
        entries: impl Iterator<Item = Result<Entry, Error>> + Send,
        writer: &mut Writer<'_>,
    ) -> Result<(), Error> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.jobs)
            .build()
            .map_err(|error| Error::config("jobs", error.to_string()))?;
        let (permits, returned) = mpsc::sync_channel(WINDOW * pool.current_num_threads());
        let (sender, results) = mpsc::channel();
        let (observer, next) = (writer.observer(), writer.next());
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let entries = Permitted { entries, permits, observer, next };
                pool.install(|| worker.work(entries, &sender));
            });
            writer.collect(results, returned)
        })
    }

    fn open_journal(&self, state: &Path, cleaner: &Cleaner) -> Result<(Journal, Segments), Error> {
        if matches!(self.target, Target::Stdout) || self.format.container.is_none() && !self.is_tree() {
            let reason = "a run with a state writes to a directory, or rows to a file".to_owned();
            return Err(Error::config("state", reason));
        }
        Journal::open(state, &self.plan(cleaner), self.restart)
    }

    /// The options that change the output.
    fn plan(&self, cleaner: &Cleaner) -> Plan {
        let mut plan = Plan::default();
        // Paths need not be Unicode.
        plan.set("inputs", &self.named_inputs());
        plan.set("input", &self.reading);
        plan.set("format", &self.format.name);
        for (name, path) in
            [("output", self.output()), ("rejects", self.rejects.as_deref()), ("cuts", self.cuts.as_deref())]
        {
            plan.set(name, &path.map(|path| path.display().to_string()));
        }
        plan.set("shard", &self.shard);
        plan.set("shard-size", &self.shard_size);
        plan.set("commit-every", &self.commit_every);
        plan.set("filter", &self.filter);
        plan.set("clean", cleaner.config());
        plan.set("sites", &cleaner.sites_hash());
        plan
    }

    /// The inputs by name, or by a hash where there are many.
    fn named_inputs(&self) -> Vec<String> {
        let names: Vec<String> = self.inputs.iter().map(|path| path.display().to_string()).collect();
        if names.len() <= MAX_NAMED {
            return names;
        }
        vec![format!("{} paths, {:016x}", names.len(), xxh3_64(names.join("\0").as_bytes()))]
    }

    /// The output, which is never an input.
    fn output(&self) -> Option<&Path> {
        match &self.target {
            Target::Stdout => None,
            Target::File(path) | Target::Tree(path) => Some(path),
        }
    }

    /// What else is no input.
    fn avoided(&self) -> impl Iterator<Item = &Path> {
        [&self.rejects, &self.cuts, &self.report, &self.state].into_iter().filter_map(|path| path.as_deref())
    }

    fn is_tree(&self) -> bool {
        matches!(self.target, Target::Tree(_))
    }

    /// Refuses to write several pages where there is room for one.
    fn check(&self) -> Result<(), Error> {
        let one_file = !matches!(self.target, Target::Tree(_));
        match self.format.shape {
            _ if self.shard_size.is_some()
                && !(matches!(self.target, Target::File(_)) && self.format.container.is_some()) =>
            {
                Err(Error::config("shard-size", "only rows that go to a file can be parted".to_owned()))
            }
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

impl Run {
    /// How much the inputs hold, without reading them. For a progress bar: it walks all directories, and what it
    /// cannot walk it leaves out.
    #[must_use]
    pub fn amount(&self) -> Amount {
        let (inputs, _) = Inputs::new(&self.inputs, self.output(), 0);
        inputs.avoiding(self.avoided()).read_as(self.reading.clone()).amount()
    }
}

/// Whether the inputs are one file or stream with one page in it, as far as can be seen without reading it.
#[must_use]
pub fn holds_one_page(inputs: &[PathBuf]) -> bool {
    Inputs::is_one_page(inputs)
}

/// Whether an entry belongs to this part of the inputs. Pages are told apart by their names; what has none is counted
/// by the first part, and failures are everybody's, since nobody knows which pages are behind them.
fn takes(shard: Shard, entry: &Result<Entry, Error>) -> bool {
    match entry {
        Ok(Entry::File(file)) => shard.takes(file.name.as_os_str().as_encoded_bytes()),
        Ok(Entry::Record(record)) => shard.takes(record.name.as_os_str().as_encoded_bytes()),
        Ok(Entry::Skipped) => shard.is_first(),
        Err(_) => true,
    }
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
