//! Goes through what earlier sessions of a run did: the entries are compared with what they were, the counts are
//! added up, and what repeats are known by is learned again. Nothing is cleaned twice but what came after the last
//! commit.

use std::path::Path;

use super::Observer;
use super::dedup::Index;
use super::journal::{Marks, Segments};
use super::summary::Summary;
use crate::error::Error;
use crate::input::Entry;

/// The counts of a run so far, by its state.
pub(crate) fn summary(state: &Path) -> Result<Summary, Error> {
    let mut segments = Segments::look(state)?;
    let mut summary = Summary { stopped: true, ..Summary::default() };
    while let Some(segment) = segments.next()? {
        summary.merge(&segment.summary);
        summary.timing.sample(summary.timing.seconds, summary.pages);
        summary.stopped = !segment.is_last;
    }
    Ok(summary)
}

/// What earlier sessions did.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// Entries that are done.
    pub(super) entries: u64,
    /// Whether these are all.
    pub(super) is_complete: bool,
    /// How far the outputs are safe.
    pub(super) marks: Marks,
    pub(super) summary: Summary,
    pub(super) index: Index,
}

impl Past {
    /// Takes the entries that are done from those that there are.
    ///
    /// # Errors
    ///
    /// [`Error::State`] names the first entry that is not what it was.
    pub(super) fn catch_up(
        mut segments: Segments,
        entries: &mut impl Iterator<Item = Result<Entry, Error>>,
        max_bytes: usize,
        observer: &dyn Observer,
    ) -> Result<Self, Error> {
        let mut past = Self::default();
        while let Some(segment) = segments.next()? {
            for print in segment.prints {
                let entry = entries.next().ok_or_else(|| segments.changed("there are fewer of them"))?;
                print.check(&entry, max_bytes).map_err(|name| segments.changed(&name))?;
                observer.done();
            }
            past.entries += segment.entries;
            past.marks = segment.marks;
            past.is_complete = segment.is_last;
            past.summary.merge(&segment.summary);
            past.summary.timing.sample(past.summary.timing.seconds, past.summary.pages);
            for (number, signature) in segment.signatures {
                past.index.find(number, signature);
            }
        }
        past.summary.resumed = past.summary.pages;
        if past.is_complete && entries.next().is_some() {
            return Err(segments.changed("there are more of them, and the run was complete"));
        }
        Ok(past)
    }
}
