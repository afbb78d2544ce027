//! Everything that a run writes, opened together, made safe together and named together.

use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use super::journal::Marks;
use super::worker::{CUTS, REJECTS};
use super::{Run, Target};
use crate::error::Error;
use crate::output::{PAGES, RowFile, RowSink, Stream, Table, Tree};

/// The outputs of a run.
pub(super) struct Sinks {
    pub(super) output: Output,
    pub(super) rejects: Option<RowSink>,
    pub(super) cuts: Option<RowSink>,
}

/// Where pages go.
pub(super) enum Output {
    Rows(Box<RowSink>),
    Stream(Stream),
    Tree(Tree),
}

impl Sinks {
    /// Opens all outputs. Those of a run with a state go on where the marks are.
    pub(super) fn open(run: &Run, marks: Option<&Marks>) -> Result<Self, Error> {
        let durable = |mark: fn(&Marks) -> Option<crate::output::Mark>| {
            marks.map(|marks| mark(marks).unwrap_or_default())
        };
        let rows = |file: RowFile, mark| match mark {
            Some(mark) => RowSink::resume(file, mark),
            None => RowSink::create(file),
        };
        let list = |path: &Option<PathBuf>, table: &'static Table, mark| {
            path.as_deref().map(|path| rows(RowFile::named(path, table), mark)).transpose()
        };
        let extension = run.format.extensions[0];
        let output = match (&run.target, run.format.container) {
            (Target::Tree(root), _) => Output::Tree(match run.state.as_deref() {
                Some(state) => Tree::durable(root, extension, key(state))?,
                None => Tree::create(root, extension)?,
            }),
            (_, Some(container)) => {
                let mut file = RowFile::new(run.output(), container, &PAGES);
                file.shard_size = run.shard_size;
                Output::Rows(Box::new(rows(file, durable(|marks| marks.output))?))
            }
            (Target::Stdout, None) => Output::Stream(Stream::stdout()),
            (Target::File(path), None) => Output::Stream(Stream::create(path)?),
        };
        let rejects = list(&run.rejects, &REJECTS, durable(|marks| marks.rejects))?;
        let cuts = list(&run.cuts, &CUTS, durable(|marks| marks.cuts))?;
        Ok(Self { output, rejects, cuts })
    }

    /// Makes safe what was written so far, and says how far that is.
    pub(super) fn commit(&mut self) -> Result<Marks, Error> {
        let list = |sink: &mut Option<RowSink>| sink.as_mut().map(RowSink::commit).transpose();
        Ok(Marks {
            output: match &mut self.output {
                Output::Rows(sink) => Some(sink.commit()?),
                Output::Stream(_) => None,
                Output::Tree(tree) => {
                    tree.commit()?;
                    None
                }
            },
            rejects: list(&mut self.rejects)?,
            cuts: list(&mut self.cuts)?,
        })
    }

    /// Makes everything visible.
    pub(super) fn finish(self) -> Result<(), Error> {
        match self.output {
            Output::Rows(sink) => sink.finish()?,
            Output::Stream(stream) => stream.finish()?,
            Output::Tree(tree) => tree.finish()?,
        }
        [self.rejects, self.cuts].into_iter().flatten().try_for_each(RowSink::finish)
    }
}

/// Tells runs apart that write to one tree: each has a state of its own.
fn key(state: &Path) -> u64 {
    xxh3_64(state.canonicalize().unwrap_or_else(|_| state.to_owned()).as_os_str().as_encoded_bytes())
}
