//! `dehusk report`: what came of a run, as a page for people.

use std::path::PathBuf;

use clap::Args;

use crate::exit::Exit;

/// What to draw, and to where.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dehusk clean crawl -o articles.jsonl --report run.json && dehusk report run.json -o run.html
  dehusk report run-1 > so-far.html            a run with --state run-1, also while it goes on or after it died")]
pub(crate) struct Report {
    /// A file of --report, or a directory of --state
    run: PathBuf,

    /// The page [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Report {
    pub(crate) fn run(&self) -> Exit {
        let page = dehusk::report::read(&self.run)
            .map(|summary| dehusk::report::html(&summary, &self.run.display().to_string()));
        match (page, &self.output) {
            (Err(error), _) => crate::refuse(&error.to_string()),
            (Ok(page), None) => crate::print(&page),
            (Ok(page), Some(path)) => match std::fs::write(path, page) {
                Ok(()) => Exit::Fine,
                Err(error) => {
                    crate::complain(&format!("cannot write {}: {error}", path.display()));
                    Exit::NotWritten
                }
            },
        }
    }
}
