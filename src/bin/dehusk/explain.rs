//! `dehusk explain`: one page to a report of why it was cleaned as it was.

use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use dehusk::{Cleaner, Hints};

use crate::exit::Exit;
use crate::flags::Flags;
use crate::report::complain;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dehusk explain page.html                     on a terminal: a line a block
  dehusk explain page.html -o why.html         a page that shows every block, its reason and its evidence
  dehusk explain page.html --json | jq .reasons
  curl -s https://example.org/a | dehusk explain - --url https://example.org/a
  dehusk explain page.html --hidden keep --rules-off nav
  dehusk explain page.html --sites sites.toml --url https://news.example.org/a")]
pub(crate) struct Explain {
    /// The page; - is standard input
    page: PathBuf,

    /// Print coloured lines instead of HTML, as on a terminal when no output is named
    #[arg(long, conflicts_with = "json")]
    tty: bool,

    /// Write JSON instead of HTML
    #[arg(long)]
    json: bool,

    /// The address that the page came from
    #[arg(long, value_name = "URL")]
    url: Option<String>,

    #[command(flatten)]
    flags: Flags,
}

/// Explains the page. The report goes to the output that `-o` names, or to standard output: as lines if that is a terminal,
/// as HTML if it is a file or a pipe.
pub(crate) fn run(args: &Explain) -> Exit {
    let settings = match args.flags.settings() {
        Ok(settings) => settings,
        Err(error) => return super::refuse(&error.to_string()),
    };
    let cleaner = match Cleaner::new(settings.clean) {
        Ok(cleaner) => cleaner,
        Err(error) => return super::refuse(&error.to_string()),
    };
    let bytes = match read(&args.page) {
        Ok(bytes) => bytes,
        Err(error) => {
            complain(&format!("cannot read {}: {error}", args.page.display()));
            return Exit::SomeFailed;
        }
    };
    let hints = Hints { url: args.url.as_deref(), ..Hints::default() };
    let mut explained = cleaner.explain(&bytes, hints);
    explained.source = args.page.to_string_lossy().into_owned();
    let output = settings.run.output.filter(|path| path != Path::new("-"));
    let lines = args.tty || output.is_none() && io::stdout().is_terminal();
    let text = match lines {
        _ if args.json => explained.json(),
        true => explained.terminal(true),
        false => explained.html(),
    };
    match output {
        None => super::print(&text),
        Some(path) => match fs::write(&path, text) {
            Ok(()) => Exit::Fine,
            Err(error) => {
                complain(&format!("cannot write {}: {error}", path.display()));
                Exit::NotWritten
            }
        },
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    fs::read(path)
}
