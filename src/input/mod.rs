//! Paths to [`Record`]s: what the caller names is walked, and every page found becomes a record of bytes with a
//! name.
//!
//! [`Inputs`] checks the named paths, then yields [`Entry`]s in a fixed order. A file that is one page is yielded as
//! a path and read by whoever cleans it, so that reading and unpacking run on all cores. A format that holds many
//! pages in one file has to be read in order: it yields finished records through [`Entry::Record`], as standard
//! input does.
//!
//! What a page's bytes mean is not asked here: charset and media are found by content, in the decode stage. An
//! extension only tells which files of a directory are worth opening.

mod page;
mod walk;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

pub(crate) use page::read;
pub(crate) use walk::{Inputs, STDIN};

use crate::page::Media;

/// A kind of file that dehusk reads.
#[derive(Debug)]
pub struct InputFormat {
    /// Its name.
    pub name: &'static str,
    /// The extensions, in lower case, by which a directory's files are taken; each also with `.gz` behind it.
    pub extensions: &'static [&'static str],
}

/// All input formats.
pub const INPUTS: &[InputFormat] = &[
    InputFormat {
        name: "html",
        extensions: &["html", "htm", "xhtml", "xht", "shtml", "php", "asp", "aspx", "jsp"],
    },
    InputFormat { name: "text", extensions: &["txt", "text"] },
];

/// Extensions of files that lie beside the pages of a crawl and are made of text, but are no pages.
const NO_PAGES: &[&str] = &[
    "css", "js", "mjs", "json", "jsonl", "map", "xml", "rss", "atom", "xsl", "dtd", "svg", "csv", "tsv",
    "yaml", "yml", "toml", "ini", "log", "md", "pdf", "vtt", "srt", "warc",
];

/// A page as it was found, before anything is known about its bytes.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// Where it came from, for people and for the `source` field: the path as the caller would write it.
    pub(crate) source: String,
    /// Its path in an output tree, without the output's extension.
    pub(crate) name: PathBuf,
    /// The page, unpacked; at most one byte more than the limit, so that the cleaner notes that it was met.
    pub(crate) bytes: Vec<u8>,
    /// The address it was fetched from, if its container tells.
    pub(crate) url: Option<String>,
    /// The charset that the HTTP header named, likewise.
    pub(crate) charset: Option<String>,
    /// What the HTTP header said it is, likewise.
    pub(crate) media: Option<Media>,
}

/// A file that is one page.
#[derive(Debug)]
pub(crate) struct PageFile {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its path in an output tree, without the output's extension.
    pub(crate) name: PathBuf,
    /// Take it only if its bytes look like a page: it was found in a directory and its name does not tell.
    pub(crate) doubtful: bool,
}

/// One thing that the inputs hold.
#[derive(Debug)]
pub(crate) enum Entry {
    /// A page that is still to be read.
    File(PageFile),
    /// A page.
    Record(Record),
    /// Something in a directory that is no page.
    Skipped,
}

/// What a file's name says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Guess {
    Page,
    NoPage,
    Unknown,
}

fn guess(path: &Path) -> Guess {
    let lower = |path: &Path| path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    let extension = match lower(path) {
        Some(gz) if gz == "gz" => lower(&path.with_extension("")),
        other => other,
    };
    match extension.as_deref() {
        Some(known) if INPUTS.iter().any(|format| format.extensions.contains(&known)) => Guess::Page,
        Some(known) if NO_PAGES.contains(&known) => Guess::NoPage,
        _ => Guess::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_pages_from_other_files() {
        let cases = [
            ("a.html", Guess::Page),
            ("a.HTM.gz", Guess::Page),
            ("dir.css/a.txt", Guess::Page),
            ("style.css", Guess::NoPage),
            ("feed.xml.gz", Guess::NoPage),
            ("index", Guess::Unknown),
            ("page.php?id=3", Guess::Unknown),
            ("backup.gz", Guess::Unknown),
        ];
        for (name, expected) in cases {
            assert_eq!(guess(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn an_extension_has_one_meaning() {
        let mut all: Vec<&str> = INPUTS.iter().flat_map(|f| f.extensions).chain(NO_PAGES).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
