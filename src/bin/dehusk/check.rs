//! `dehusk check`: a folder of cases, or an annotated set, to a table, report files and an exit code.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use dehusk::config::Settings;
use dehusk::{Cleaner, Error, check};

use crate::exit::Exit;
use crate::flags::CleaningFlags;
use crate::report::complain;

#[derive(Args, Debug)]
#[command(after_help = "\
A case is a folder with page.* and gold.txt, and if needed about.toml (must, must_not, metadata, min_f1,
tolerance, spam by kind), or the lists must and must-not, a snippet a line.

Examples:
  dehusk check cases --init page.html          start a case from today's output; then correct its gold.txt
  dehusk check cases                           hold all cases against their gold
  dehusk check cases --bless                   write down what the cases reach, as their baselines
  dehusk check cases --junit check.xml --html check.html
  dehusk check --gold set/gold.jsonl --pages set/pages

Exit codes:
  0    all cases are as expected
  1    a case or the mean is not
  2    the command line, a setting or a case is wrong
  3    a report could not be written")]
pub(crate) struct Check {
    /// The folder of cases
    #[arg(required_unless_present = "gold", value_name = "DIR")]
    folder: Option<PathBuf>,

    /// Start a case from this page, with today's output as gold to be corrected
    #[arg(long, value_name = "PAGE", requires = "folder", conflicts_with = "bless")]
    init: Vec<PathBuf>,

    /// The address that the page came from; one for each --init, in their order
    #[arg(long, value_name = "URL", requires = "init")]
    url: Vec<String>,

    /// Write what the cases reach now into their baseline.toml; gold is never written
    #[arg(long, requires = "folder")]
    bless: bool,

    /// Measure an annotated set instead: rows with id and text, or with and without
    #[arg(long, value_name = "FILE", requires = "pages", conflicts_with = "folder")]
    gold: Option<PathBuf>,

    /// The pages of the set, called ID.html
    #[arg(long, value_name = "DIR", requires = "gold")]
    pages: Option<PathBuf>,

    /// Only rows of this split
    #[arg(long, value_name = "NAME", requires = "gold")]
    split: Option<String>,

    #[command(flatten)]
    reports: Reports,

    /// Word F1 of a case without a floor or baseline of its own [default: 0.95]
    #[arg(long, value_name = "F1")]
    min_f1: Option<f64>,

    /// How far word F1 may fall below a baseline [default: 0.005]
    #[arg(long, value_name = "F1")]
    tolerance: Option<f64>,

    /// Mean word F1 of all cases or pages [default: 0]
    #[arg(long, value_name = "F1")]
    min_mean_f1: Option<f64>,

    #[command(flatten)]
    flags: CleaningFlags,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Reports")]
struct Reports {
    /// Write `JUnit` XML
    #[arg(long, value_name = "FILE", conflicts_with = "gold")]
    junit: Option<PathBuf>,

    /// Write JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write HTML: failures as differences
    #[arg(long, value_name = "FILE", conflicts_with = "gold")]
    html: Option<PathBuf>,
}

pub(crate) fn run(args: &Check) -> Exit {
    super::settle(args.run())
}

impl Check {
    fn run(&self) -> Result<Exit, Error> {
        let settings = self.settings()?;
        let cleaner = Cleaner::new(settings.clean.clone())?;
        if let (Some(gold), Some(pages)) = (&self.gold, &self.pages) {
            return self.measure(gold, pages, &cleaner, &settings);
        }
        let folder = self.folder.as_deref().unwrap_or(Path::new("."));
        if self.init.is_empty() {
            return self.judge(folder, &cleaner, &settings);
        }
        if !self.url.is_empty() && self.url.len() != self.init.len() {
            return Ok(super::refuse("--url: give one for each --init, in their order"));
        }
        let mut text = String::new();
        for (at, page) in self.init.iter().enumerate() {
            let case = check::init(folder, page, self.url.get(at).map(String::as_str), &cleaner)?;
            let name = case.display().to_string();
            text.extend([&name, ": correct gold.txt and about.toml\n"]);
        }
        Ok(super::print(&text))
    }

    fn settings(&self) -> Result<Settings, Error> {
        let mut settings = self.flags.settings()?;
        let check = &mut settings.check;
        check.min_f1 = self.min_f1.unwrap_or(check.min_f1);
        check.tolerance = self.tolerance.unwrap_or(check.tolerance);
        check.min_mean_f1 = self.min_mean_f1.unwrap_or(check.min_mean_f1);
        settings.validate()?;
        Ok(settings)
    }

    fn judge(&self, folder: &Path, cleaner: &Cleaner, settings: &Settings) -> Result<Exit, Error> {
        let mut report = check::run(folder, cleaner, &settings.check)?;
        let mut blessed = String::new();
        if self.bless {
            blessed = format!("{} baselines written\n", check::bless(&report)?);
            report = check::run(folder, cleaner, &settings.check)?;
        }
        write(self.reports.junit.as_deref(), || report.junit())?;
        write(self.reports.json.as_deref(), || report.json())?;
        write(self.reports.html.as_deref(), || report.html())?;
        let exit = super::print(&format!("{report}{}{blessed}", report.table()));
        Ok(if exit == Exit::Fine && !report.passed() { Exit::SomeFailed } else { exit })
    }

    fn measure(
        &self,
        gold: &Path,
        pages: &Path,
        cleaner: &Cleaner,
        settings: &Settings,
    ) -> Result<Exit, Error> {
        let report = check::gold(gold, pages, self.split.as_deref(), cleaner)?;
        write(self.reports.json.as_deref(), || report.json())?;
        let (f1, floor) = (report.f1(), settings.check.min_mean_f1);
        let exit = super::print(&report.table());
        if f1 >= floor {
            return Ok(exit);
        }
        complain(&format!("{}: F1 {f1:.4} is below {floor:.4}", report.name));
        Ok(Exit::SomeFailed)
    }
}

/// Writes a report, if it is wanted.
pub(crate) fn write(path: Option<&Path>, text: impl FnOnce() -> String) -> Result<(), Error> {
    let Some(path) = path else { return Ok(()) };
    fs::write(path, text()).map_err(|source| Error::Write { path: path.to_owned(), source })
}
