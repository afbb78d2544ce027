//! What the user sees on standard error: the progress bar, failures as they happen, the summary in the end.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dehusk::{Error, Observer, Progress, Run, Summary};
use indicatif::{ProgressBar, ProgressStyle};

/// A bar over pages, while the inputs are counted, and where they are pages.
const PAGES: &str = "{bar:30} {human_pos}/{human_len} pages {per_sec} {eta}";

/// A bar over the bytes of files that hold many pages.
const BYTES: &str = "{bar:30} {bytes}/{total_bytes} {msg} {eta}";

/// What comes through a pipe has no end.
const PIPE: &str = "{spinner} {bytes} {msg} {elapsed}";

/// Follows a run.
pub(crate) struct Report {
    bar: ProgressBar,
    progress: Progress,
    pages: AtomicU64,
    /// Whether the bar shows bytes.
    by_bytes: Arc<AtomicBool>,
    stop: Arc<AtomicBool>,
    start: Instant,
}

impl Report {
    /// Starts the clock, and a progress bar if somebody looks at it.
    pub(crate) fn new(run: &Run, quiet: bool, stop: Arc<AtomicBool>) -> Self {
        let seen = !quiet && io::stderr().is_terminal();
        let by_bytes = Arc::new(AtomicBool::new(false));
        let bar = if seen { bar(run, Arc::clone(&by_bytes)) } else { ProgressBar::hidden() };
        let progress = run.progress.clone();
        Self { bar, progress, pages: AtomicU64::new(0), by_bytes, stop, start: Instant::now() }
    }

    fn step(&self) {
        let pages = self.pages.fetch_add(1, Ordering::Relaxed) + 1;
        if self.by_bytes.load(Ordering::Relaxed) {
            let rate = pages as f64 / self.start.elapsed().as_secs_f64().max(1e-3);
            self.bar.set_message(format!("{pages} pages {rate:.0}/s"));
            self.bar.set_position(self.progress.bytes());
        } else {
            self.bar.set_position(pages);
        }
    }

    /// Takes the bar away and says what came of the run.
    pub(crate) fn close(&self, summary: &Summary, quiet: bool) {
        self.bar.finish_and_clear();
        if !quiet {
            let text = describe(summary, self.start.elapsed());
            // There is nobody left to tell if standard error is gone.
            let _ = io::stderr().write_all(text.as_bytes());
        }
    }
}

impl Observer for Report {
    fn done(&self) {
        self.step();
    }

    fn failed(&self, error: &Error) {
        self.step();
        self.bar.suspend(|| complain(&error.to_string()));
    }

    fn stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Says that something is wrong.
pub(crate) fn complain(message: &str) {
    // Names of files and quoted content must not command the terminal.
    let mark = |c: char| if c.is_control() && c != '\n' { char::REPLACEMENT_CHARACTER } else { c };
    let shown: String = message.chars().map(mark).collect();
    let _ = writeln!(io::stderr(), "dehusk: {shown}");
}

/// A bar whose length is filled in as soon as the inputs are counted, beside the run.
fn bar(run: &Run, by_bytes: Arc<AtomicBool>) -> ProgressBar {
    let bar = ProgressBar::no_length();
    show(&bar, PAGES);
    bar.enable_steady_tick(Duration::from_millis(200));
    let (counted, run) = (bar.clone(), run.clone());
    std::thread::spawn(move || {
        let amount = run.amount();
        if amount.is_endless {
            show(&counted, PIPE);
        } else if amount.bytes > 0 {
            show(&counted, BYTES);
            counted.set_length(amount.bytes);
        } else {
            return counted.set_length(amount.files);
        }
        counted.set_position(run.progress.bytes());
        by_bytes.store(true, Ordering::Relaxed);
    });
    bar
}

fn show(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}

fn describe(summary: &Summary, taken: Duration) -> String {
    let seconds = taken.as_secs_f64();
    let rate = summary.pages as f64 / seconds.max(1e-3);
    let megabytes = summary.bytes as f64 / 1e6;
    let mut lines = vec![format!(
        "{} pages, {megabytes:.1} MB in {seconds:.1} s ({rate:.0} pages/s): {} failed, {} not written, {} skipped",
        summary.pages, summary.failed, summary.unwritten, summary.skipped
    )];
    let all = summary.chars_kept + summary.chars_cut;
    if all > 0 {
        let share = 100.0 * summary.chars_kept as f64 / all as f64;
        let kept = summary.chars_kept;
        lines.push(format!("kept {share:.1} % of the text ({kept} of {all} characters)"));
    }
    for (what, counts) in [("pages filtered", &summary.filtered), ("blocks cut", &summary.cuts)] {
        if !counts.is_empty() {
            let mut counts: Vec<_> = counts.iter().collect();
            counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
            let counts: Vec<_> = counts.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
            lines.push(format!("{what}: {}", counts.join(", ")));
        }
    }
    if summary.resumed > 0 {
        lines.push(format!("{} of the pages were done before", summary.resumed));
    }
    if summary.limited > 0 {
        lines.push(format!("{} pages met a limit on their size", summary.limited));
    }
    if summary.stopped {
        lines.push("stopped before the end".to_owned());
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_says_what_was_cut_and_why() {
        let summary = Summary {
            pages: 2,
            failed: 1,
            bytes: 3_000_000,
            chars_kept: 30,
            chars_cut: 10,
            filtered: [("lang".to_owned(), 3)].into(),
            cuts: [("boilerplate".to_owned(), 2), ("nav".to_owned(), 5)].into(),
            ..Summary::default()
        };
        let text = describe(&summary, Duration::from_secs(2));
        let expected = "2 pages, 3.0 MB in 2.0 s (1 pages/s): 1 failed, 0 not written, 0 skipped\n\
            kept 75.0 % of the text (30 of 40 characters)\n\
            pages filtered: lang 3\n\
            blocks cut: nav 5, boilerplate 2\n";
        assert_eq!(text, expected);
    }
}
