//! `dehusk compare`: two results on the same pages to the words in which they differ.

use std::path::{Path, PathBuf};

use clap::Args;
use dehusk::compare::{self, Fields, Texts};
use dehusk::config::Settings;
use dehusk::{Cleaner, Error};

use crate::exit::Exit;

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  dehusk compare yesterday.jsonl today.jsonl
  dehusk compare ours.jsonl theirs.jsonl --id-b url --text-b content --html differences.html
  dehusk compare old.toml new.toml --pages crawl    two configurations on the same pages

Pages are paired by name; if no name is on both sides, by the names of their files without extension.")]
pub(crate) struct Compare {
    /// Rows of JSON with a name and a text; with --pages, a configuration file
    before: PathBuf,

    /// The same, to compare it with
    after: PathBuf,

    /// Clean these pages, a directory or any input of `dehusk clean`, with both configurations, and compare what comes out
    #[arg(long, value_name = "PATH", conflicts_with_all = ["id_a", "id_b", "text_a", "text_b"])]
    pages: Option<PathBuf>,

    /// The field of the first file that names the page [default: id, source, url]
    #[arg(long, value_name = "FIELD")]
    id_a: Option<String>,

    /// The field of the second file that names the page
    #[arg(long, value_name = "FIELD")]
    id_b: Option<String>,

    /// The field of the first file that holds the text [default: text, content, body, markdown]
    #[arg(long, value_name = "FIELD")]
    text_a: Option<String>,

    /// The field of the second file that holds the text
    #[arg(long, value_name = "FIELD")]
    text_b: Option<String>,

    /// How many pages to show
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,

    /// Write the differences as HTML too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

pub(crate) fn run(args: &Compare) -> Exit {
    super::settle(args.run())
}

impl Compare {
    fn run(&self) -> Result<Exit, Error> {
        let before = self.side(&self.before, self.id_a.as_ref(), self.text_a.as_ref())?;
        let after = self.side(&self.after, self.id_b.as_ref(), self.text_b.as_ref())?;
        let compared = compare::compare(&before, &after);
        crate::check::write(self.html.as_deref(), || compared.html(self.top))?;
        Ok(super::print(&compared.text(self.top)))
    }

    fn side(&self, path: &Path, id: Option<&String>, text: Option<&String>) -> Result<Texts, Error> {
        if let Some(pages) = &self.pages {
            let settings = Settings::read(path)?;
            settings.validate()?;
            return compare::clean(pages, &Cleaner::new(settings.clean)?);
        }
        compare::read(path, &Fields { id: id.cloned(), text: text.cloned() })
    }
}
