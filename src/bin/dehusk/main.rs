//! The command line of dehusk: arguments to settings, settings to a run, the run's outcome to an exit code. All work
//! is done by the library.

mod args;
mod check;
mod compare;
mod exit;
mod explain;
mod flags;
mod report;
mod runs;
mod shell;
#[cfg(feature = "spam-kit")]
mod spam_kit;

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;
use dehusk::{Cleaner, Error, RULES, Rule, Summary};

use args::{Clean, Cli, Command};
use exit::Exit;
use flags::Flags;
use report::{Report, complain};

fn main() -> ExitCode {
    let exit = match Cli::parse().command {
        Command::Clean(args) => clean(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Config(flags) => config(&flags),
        Command::Report(args) => args.run(),
        Command::Completions(args) => args.run(),
        Command::Man(args) => args.run(),
        Command::Rules { id } => rules(id.as_deref()),
        #[cfg(feature = "spam-kit")]
        Command::SpamKit(args) => spam_kit::run(&args),
    };
    exit.into()
}

fn clean(args: &Clean) -> Exit {
    let settings = match args.flags.settings() {
        Ok(settings) => settings,
        Err(error) => return refuse(&error.to_string()),
    };
    let run = match args.run(&settings) {
        Ok(run) => run,
        Err(message) => return refuse(&message),
    };
    let stop = Arc::new(AtomicBool::new(false));
    stop_on_signal(&stop);
    let report = Report::new(&run, settings.run.quiet, Arc::clone(&stop));
    let outcome = Cleaner::new(settings.clean).and_then(|cleaner| run.start(&cleaner, &report));
    match outcome {
        Ok(summary) => {
            report.close(&summary, settings.run.quiet);
            judge(&summary, stop.load(Ordering::Relaxed))
        }
        Err(error) => {
            report.close(&Summary::default(), true);
            complain(&error.to_string());
            if matches!(error, Error::Write { .. }) { Exit::NotWritten } else { Exit::Usage }
        }
    }
}

/// Says why nothing was done.
fn refuse(message: &str) -> Exit {
    complain(message);
    Exit::Usage
}

/// The exit of a command that may have failed.
fn settle(outcome: Result<Exit, Error>) -> Exit {
    match outcome {
        Ok(exit) => exit,
        Err(error @ Error::Write { .. }) => {
            complain(&error.to_string());
            Exit::NotWritten
        }
        Err(error) => refuse(&error.to_string()),
    }
}

fn config(flags: &Flags) -> Exit {
    match flags.settings() {
        Ok(settings) => print(&settings.to_toml()),
        Err(error) => refuse(&error.to_string()),
    }
}

/// Writes a text to standard output.
fn print(text: &str) -> Exit {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("cannot write standard output: {error}"));
            Exit::NotWritten
        }
        _ => Exit::Fine,
    }
}

fn judge(summary: &Summary, interrupted: bool) -> Exit {
    match summary {
        _ if interrupted => Exit::Interrupted,
        Summary { unwritten: 1.., .. } => Exit::NotWritten,
        Summary { failed: 1.., .. } => Exit::SomeFailed,
        _ => Exit::Fine,
    }
}

/// Ctrl-C ends the run after the pages that are under way, so that temporary files are removed; a second one ends
/// it at once.
fn stop_on_signal(stop: &Arc<AtomicBool>) {
    let stop = Arc::clone(stop);
    let handler = move || {
        if stop.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    };
    if let Err(error) = ctrlc::set_handler(handler) {
        complain(&format!("signals are not handled: {error}"));
    }
}

fn rules(id: Option<&str>) -> Exit {
    let chosen: Vec<&Rule> = RULES.iter().filter(|rule| id.is_none_or(|id| rule.id == id)).collect();
    let text: String = match (id, chosen.as_slice()) {
        (Some(id), []) => {
            complain(&format!("there is no rule {id:?}; `dehusk rules` lists them"));
            return Exit::Usage;
        }
        (Some(_), rules) => rules.iter().map(|rule| rule.docs()).collect(),
        (None, rules) => {
            let line = |rule: &&Rule| format!("{:<18} {}\n", rule.id, rule.summary());
            rules.iter().map(line).collect()
        }
    };
    print(&text)
}
