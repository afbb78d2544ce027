//! Outcomes back in order, judged once more, counted and written.
//!
//! The order of the inputs is restored here, so that everything that depends on the pages before, repeats above all,
//! comes out the same for any number of threads.

use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::Receiver;
use std::time::Instant;

use super::Observer;
use super::dedup::Index;
use super::summary::Summary;
use super::worker::{Outcome, PageDone, Rejected, line};
use crate::config::Dedup;
use crate::error::Error;
use crate::output::{RowSink, Stream, Tree};

/// Everything that a run writes.
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
    /// Makes everything visible.
    fn finish(self) -> Result<(), Error> {
        match self.output {
            Output::Rows(sink) => sink.finish()?,
            Output::Stream(stream) => stream.finish()?,
            Output::Tree(_) => {}
        }
        [self.rejects, self.cuts].into_iter().flatten().try_for_each(RowSink::finish)
    }
}

/// Puts outcomes back in order, writes and counts them.
pub(super) struct Writer<'a> {
    sinks: Sinks,
    observer: &'a dyn Observer,
    dedups: bool,
    index: Index,
    start: Instant,
    pub(super) summary: Summary,
}

impl<'a> Writer<'a> {
    pub(super) fn new(sinks: Sinks, observer: &'a dyn Observer, dedup: Dedup) -> Self {
        let dedups = dedup != Dedup::Off;
        Self {
            sinks,
            observer,
            dedups,
            index: Index::default(),
            start: Instant::now(),
            summary: Summary::default(),
        }
    }

    /// Takes all outcomes. `returned` takes a permit back for each.
    #[expect(clippy::needless_pass_by_value, reason = "dropping the channels is what stops the workers")]
    pub(super) fn collect(
        &mut self,
        results: Receiver<(u64, Outcome)>,
        returned: Receiver<()>,
    ) -> Result<(), Error> {
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, outcome) in &results {
            waiting.insert(number, outcome);
            while let Some(outcome) = waiting.remove(&next) {
                let _ = returned.recv();
                match self.take(next, outcome) {
                    Err(error) if is_broken_pipe(&error) => {
                        self.summary.stopped = true;
                        return Ok(());
                    }
                    taken => taken?,
                }
                next += 1;
            }
        }
        Ok(())
    }

    fn take(&mut self, number: u64, outcome: Outcome) -> Result<(), Error> {
        match outcome {
            Outcome::Skipped => self.summary.skipped += 1,
            Outcome::Failed(error) => {
                self.fail(&error);
                return Ok(());
            }
            Outcome::Rejected(rejected) => self.reject(&rejected)?,
            Outcome::Page(page) => self.page(number, *page)?,
        }
        self.summary.timing.sample(self.start.elapsed().as_secs_f64(), self.summary.pages);
        self.observer.done();
        Ok(())
    }

    fn page(&mut self, number: u64, mut page: PageDone) -> Result<(), Error> {
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
            Output::Tree(tree) if self.dedups => {
                if let Err(error) = tree.write(&page.name, &page.rendered) {
                    self.fail(&error);
                    return Ok(());
                }
            }
            Output::Tree(_) => {}
        }
        if let Some(cuts) = &mut self.sinks.cuts {
            cuts.write(&page.cuts)?;
        }
        self.summary.add(&page.facts);
        Ok(())
    }

    fn reject(&mut self, rejected: &Rejected) -> Result<(), Error> {
        if let (Some(rejects), Some(row)) = (&mut self.sinks.rejects, &rejected.row) {
            rejects.write(&line(row))?;
        }
        self.summary.reject(rejected.reason, rejected.facts.as_ref());
        Ok(())
    }

    pub(super) fn fail(&mut self, error: &Error) {
        self.summary.fail(&error.to_string(), matches!(error, Error::Write { .. }));
        self.observer.failed(error);
    }

    /// Makes the output visible, unless the run was stopped.
    pub(super) fn finish(mut self) -> Result<Summary, Error> {
        self.summary.stopped |= self.observer.stop();
        if !self.summary.stopped {
            match self.sinks.finish() {
                Err(error) if is_broken_pipe(&error) => self.summary.stopped = true,
                finished => finished?,
            }
        }
        self.summary.timing.seconds = self.start.elapsed().as_secs_f64();
        Ok(self.summary)
    }
}

/// Whether the reader of an output went away: no error, but the end.
fn is_broken_pipe(error: &Error) -> bool {
    matches!(error, Error::Write { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{self, Sender};

    use super::*;

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
        let mut writer = Writer::new(sinks, &heard, Dedup::Off);
        let (permits, returned) = mpsc::sync_channel(8);
        let (sender, results): (Sender<(u64, Outcome)>, _) = mpsc::channel();
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
