//! Outcomes back in order, judged once more, counted and written.
//!
//! The order of the inputs is restored here, so that everything that depends on the pages before, repeats above all,
//! comes out the same for any number of threads.

use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use super::dedup::Index;
use super::journal::{Journal, Segment};
use super::resume::Past;
use super::sinks::{Output, Sinks};
use super::summary::Summary;
use super::worker::{Done, Outcome, PageDone, Rejected, line};
use super::{Observer, Run};
use crate::config::Dedup;
use crate::error::Error;

/// Puts outcomes back in order, writes and counts them.
pub(super) struct Writer<'a> {
    sinks: Sinks,
    observer: &'a dyn Observer,
    dedup: Dedup,
    commit_every: u64,
    journal: Option<Journal>,
    /// Entries that are done.
    next: u64,
    /// Whether an earlier session did everything but to give the outputs their names.
    is_complete: bool,
    index: Index,
    start: Instant,
    /// The counts up to the last commit.
    summary: Summary,
    /// What came after it.
    segment: Segment,
}

impl<'a> Writer<'a> {
    pub(super) fn new(sinks: Sinks, observer: &'a dyn Observer, run: &Run) -> Self {
        Self {
            sinks,
            observer,
            dedup: run.filter.dedup,
            commit_every: run.commit_every.max(1),
            journal: None,
            next: 0,
            is_complete: false,
            index: Index::default(),
            start: Instant::now(),
            summary: Summary::default(),
            segment: Segment::default(),
        }
    }

    /// Remembers what is done, and goes on behind what earlier sessions did.
    pub(super) fn with_journal(self, journal: Journal, past: Past) -> Self {
        Self {
            journal: Some(journal),
            next: past.entries,
            is_complete: past.is_complete,
            index: past.index,
            summary: past.summary,
            ..self
        }
    }

    /// Who hears what happens.
    pub(super) fn observer(&self) -> &'a dyn Observer {
        self.observer
    }

    /// The number of the first entry that is to be done.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Whether nothing is left to be done.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Takes all outcomes. `returned` takes a permit back for each.
    #[expect(clippy::needless_pass_by_value, reason = "dropping the channels is what stops the workers")]
    pub(super) fn collect(
        &mut self,
        results: Receiver<(u64, Done)>,
        returned: Receiver<()>,
    ) -> Result<(), Error> {
        let mut waiting = BTreeMap::new();
        for (number, done) in &results {
            waiting.insert(number, done);
            while let Some(done) = waiting.remove(&self.next) {
                let _ = returned.recv();
                match self.take(done) {
                    Err(error) if is_broken_pipe(&error) => {
                        self.summary.stopped = true;
                        return Ok(());
                    }
                    taken => taken?,
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, done: Done) -> Result<(), Error> {
        match done.outcome {
            Outcome::Skipped => {
                self.segment.summary.skipped += 1;
                self.observer.done();
            }
            Outcome::Failed(error) if is_full(&error) => return Err(error),
            Outcome::Failed(error) => self.fail(&error),
            Outcome::Rejected(rejected) => self.reject(&rejected)?,
            Outcome::Page(page) => self.page(*page)?,
        }
        self.segment.entries += 1;
        if self.journal.is_some() {
            self.segment.prints.push(done.print);
        }
        self.next += 1;
        // Counted from the beginning, so that packed outputs end a stream at the same points if a run is interrupted.
        if self.next.is_multiple_of(self.commit_every) { self.commit() } else { Ok(()) }
    }

    /// Makes everything safe that was done so far.
    fn commit(&mut self) -> Result<(), Error> {
        self.segment.marks = self.sinks.commit()?;
        let seconds = self.start.elapsed().as_secs_f64();
        self.start = Instant::now();
        self.segment.summary.timing.seconds = seconds;
        if let Some(journal) = &mut self.journal {
            journal.add(&self.segment)?;
        }
        self.summary.merge(&self.segment.summary);
        self.segment = Segment::default();
        Ok(())
    }

    /// The time and the pages since the beginning, over all sessions.
    fn sample(&mut self) {
        let seconds = self.summary.timing.seconds + self.start.elapsed().as_secs_f64();
        self.summary.timing.sample(seconds, self.summary.pages + self.segment.summary.pages);
    }

    fn page(&mut self, mut page: PageDone) -> Result<(), Error> {
        let number = self.next;
        let remembered = page.signature.clone().filter(|_| self.journal.is_some());
        let original = page.signature.take().and_then(|signature| self.index.find(number, signature));
        if let Some(original) = original {
            let detail = format!("{:.2} like page {}", original.similarity, original.page + 1);
            let row = page.reject.take().map(|row| row.with_detail(detail));
            return self.reject(&Rejected { reason: "dedup", facts: Some(page.facts), row });
        }
        match &mut self.sinks.output {
            Output::Rows(sink) => sink.write(&page.rendered)?,
            Output::Stream(stream) => stream.write(&page.rendered)?,
            // Where repeats are looked for, the file could not be written before.
            Output::Tree(tree) if self.dedup != Dedup::Off => match tree.write(&page.name, &page.rendered) {
                Err(error) if is_full(&error) => return Err(error),
                Err(error) => {
                    self.fail(&error);
                    return Ok(());
                }
                Ok(()) => {}
            },
            Output::Tree(_) => {}
        }
        if let Some(cuts) = &mut self.sinks.cuts {
            cuts.write(&page.cuts)?;
        }
        self.segment.signatures.extend(remembered.map(|signature| (number, signature)));
        self.segment.summary.add(&page.facts);
        self.sample();
        self.observer.done();
        Ok(())
    }

    fn reject(&mut self, rejected: &Rejected) -> Result<(), Error> {
        if let (Some(rejects), Some(row)) = (&mut self.sinks.rejects, &rejected.row) {
            rejects.write(&line(row))?;
        }
        self.segment.summary.reject(rejected.reason, rejected.facts.as_ref());
        self.observer.done();
        Ok(())
    }

    fn fail(&mut self, error: &Error) {
        self.segment.summary.fail(&error.to_string(), matches!(error, Error::Write { .. }));
        self.observer.failed(error);
    }

    /// Counts what is no input at all, and is so in every session.
    pub(super) fn refuse(&mut self, error: &Error) {
        self.summary.fail(&error.to_string(), false);
        self.observer.failed(error);
    }

    /// Makes the output visible, unless the run was stopped.
    pub(super) fn finish(mut self) -> Result<Summary, Error> {
        self.summary.stopped |= self.observer.stop();
        if self.summary.stopped {
            // What came after the last commit is done again by the next session.
            self.summary.merge(&self.segment.summary);
            self.summary.timing.seconds += self.start.elapsed().as_secs_f64();
            return Ok(self.summary);
        }
        if !self.is_complete {
            self.segment.is_last = true;
            self.commit()?;
        }
        match self.sinks.finish() {
            Err(error) if is_broken_pipe(&error) => self.summary.stopped = true,
            finished => finished?,
        }
        Ok(self.summary)
    }
}

/// Whether there is no room left: every further page would fail like this one.
fn is_full(error: &Error) -> bool {
    use io::ErrorKind as Kind;
    let kinds = [Kind::StorageFull, Kind::QuotaExceeded, Kind::FileTooLarge];
    matches!(error, Error::Write { source, .. } if kinds.contains(&source.kind()))
}

/// Whether the reader of an output went away: no error, but the end.
fn is_broken_pipe(error: &Error) -> bool {
    matches!(error, Error::Write { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Sender};

    use super::*;
    use crate::output::Stream;
    use crate::run::print::Print;

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
        let sinks = Sinks { output: Output::Stream(stream), rejects: None, cuts: None };
        let mut writer = Writer::new(sinks, &heard, &Run::default());
        let (permits, returned) = mpsc::sync_channel(8);
        let (sender, results): (Sender<(u64, Done)>, _) = mpsc::channel();
        for number in [2, 0, 1] {
            permits.send(()).expect("there is room");
            let fault = Error::Fault { page: number.to_string(), message: String::new() };
            let done = Done { print: Print::default(), outcome: Outcome::Failed(fault) };
            sender.send((number, done)).expect("the receiver is there");
        }
        drop(sender);
        writer.collect(results, returned).expect("nothing is written");
        assert_eq!(writer.segment.summary.failed, 3);
        let pages = heard.0.into_inner().expect("one thread");
        let pages: Vec<_> =
            pages.iter().map(|message| &message[message.len() - 3..message.len() - 2]).collect();
        assert_eq!(pages, ["0", "1", "2"]);
    }
}
