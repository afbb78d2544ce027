//! Paths to [`Record`]s: what the caller names is walked, and every page found becomes a record of bytes with a
//! name.
//!
//! [`Inputs`] checks the named paths, then yields [`Entry`]s in a fixed order. A file that is one page is yielded as
//! a path and read by whoever cleans it, so that reading and unpacking run on all cores. A format that holds many
//! pages in one file has to be read in order: it yields finished records through [`Entry::Record`], as standard
//! input does.
//!
//! A file named on the command line, and standard input, are taken for what their first bytes say. All but Parquet can
//! come through a pipe. A reader of many pages runs in a thread of its own, a few records ahead of the cleaning.
//!
//! What a page's bytes mean is not asked here: charset and media are found by content, in the decode stage. An
//! extension only tells which files of a directory are worth opening.

mod http;
mod json;
mod list;
mod many;
#[cfg(feature = "formats")]
mod mhtml;
mod page;
#[cfg(feature = "formats")]
mod parquet;
mod progress;
mod reading;
#[cfg(feature = "formats")]
mod sitemap;
#[cfg(feature = "formats")]
mod tar;
mod unpack;
mod walk;
mod warc;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

pub use list::read_list;
pub(crate) use page::{read, read_into};
pub use progress::{Amount, Progress};
pub use reading::Reading;
pub(crate) use walk::{Inputs, STDIN};

use crate::page::Media;

/// A kind of file that dehusk reads.
#[derive(Debug)]
pub struct InputFormat {
    /// Its name, as `--input-format` takes it.
    pub name: &'static str,
    /// What it is, in a few words.
    pub summary: &'static str,
    /// The extensions, in lower case, by which a directory's files are taken; each also with `.gz` behind it, and
    /// `.zst` if the file holds many pages.
    pub extensions: &'static [&'static str],
    /// How its first bytes tell it, unpacked.
    looks: fn(&[u8]) -> Looks,
    kind: Kind,
}

/// What kind of file a format is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A file is a page.
    Page,
    Warc,
    JsonLines,
    Json,
    #[cfg(feature = "formats")]
    Parquet,
    #[cfg(feature = "formats")]
    Tar,
}

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Looks {
    /// Nothing for this format.
    Other,
    /// It may be, if no extension says something else.
    Maybe,
    /// No other format begins like this.
    Certain,
}

/// All input formats.
pub const INPUTS: &[InputFormat] = &[
    InputFormat {
        name: "html",
        summary: "a page of HTML or XHTML",
        extensions: &["html", "htm", "xhtml", "xht", "shtml", "php", "asp", "aspx", "jsp"],
        looks: |_| Looks::Other,
        kind: Kind::Page,
    },
    InputFormat {
        name: "text",
        summary: "a page of plain text",
        extensions: &["txt", "text"],
        looks: |_| Looks::Other,
        kind: Kind::Page,
    },
    InputFormat {
        name: "warc",
        summary: "a web archive: responses, resources, and the texts of WET files",
        extensions: &["warc", "wet"],
        looks: |head| if head.starts_with(b"WARC/") { Looks::Certain } else { Looks::Other },
        kind: Kind::Warc,
    },
    InputFormat {
        name: "jsonl",
        summary: "an object of JSON a line, with a field that holds the page",
        extensions: &["jsonl", "ndjson"],
        looks: |head| if json_text(head).starts_with(b"{\"") { Looks::Maybe } else { Looks::Other },
        kind: Kind::JsonLines,
    },
    InputFormat {
        name: "json",
        summary: "an array of such objects",
        extensions: &[],
        looks: |head| match json_text(head).strip_prefix(b"[").map(<[u8]>::trim_ascii) {
            Some(inner) if inner.starts_with(b"{") || inner == b"]" => Looks::Maybe,
            _ => Looks::Other,
        },
        kind: Kind::Json,
    },
    #[cfg(feature = "formats")]
    InputFormat {
        name: "parquet",
        summary: "a table with a column that holds the page",
        extensions: &["parquet"],
        looks: |head| if head.starts_with(b"PAR1") { Looks::Certain } else { Looks::Other },
        kind: Kind::Parquet,
    },
    #[cfg(feature = "formats")]
    InputFormat {
        name: "mhtml",
        summary: "a page that a browser saved with everything in it",
        extensions: &["mhtml", "mht"],
        looks: |head| if mhtml::looks_like_mhtml(head) { Looks::Certain } else { Looks::Other },
        kind: Kind::Page,
    },
    #[cfg(feature = "formats")]
    InputFormat {
        name: "tar",
        summary: "an archive of pages",
        extensions: &["tar", "tgz"],
        looks: |head| if head.get(257..262) == Some(b"ustar") { Looks::Certain } else { Looks::Other },
        kind: Kind::Tar,
    },
];

impl InputFormat {
    /// The format of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        INPUTS.iter().find(|format| format.name == name)
    }

    /// Whether it is a table: taken from a directory only if the caller names its format.
    #[must_use]
    pub fn is_table(&self) -> bool {
        match self.kind {
            Kind::JsonLines | Kind::Json => true,
            #[cfg(feature = "formats")]
            Kind::Parquet => true,
            _ => false,
        }
    }

    /// Whether a file of this format holds many pages.
    #[must_use]
    pub fn holds_many(&self) -> bool {
        self.kind != Kind::Page
    }
}

fn json_text(head: &[u8]) -> &[u8] {
    head.strip_prefix(json::BOM).unwrap_or(head).trim_ascii_start()
}

/// What a file is, by its first bytes and its name.
fn format_of(head: &[u8], path: &Path) -> Option<&'static InputFormat> {
    let looks = |wanted| INPUTS.iter().find(|format| (format.looks)(head) == wanted);
    let extension = extension_of(path);
    let named =
        INPUTS.iter().find(|format| extension.as_deref().is_some_and(|e| format.extensions.contains(&e)));
    let may_be_json = extension.as_deref().is_none_or(|extension| extension == "json");
    looks(Looks::Certain).or(named).or_else(|| if may_be_json { looks(Looks::Maybe) } else { None })
}

/// Extensions of files that lie beside the pages of a crawl and are made of text, but are no pages.
const NO_PAGES: &[&str] = &[
    "css", "js", "mjs", "json", "map", "xml", "rss", "atom", "xsl", "dtd", "svg", "csv", "tsv", "yaml",
    "yml", "toml", "ini", "log", "md", "pdf", "vtt", "srt",
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
#[derive(Clone, Copy, Debug)]
enum Guess {
    Page,
    /// It holds many pages.
    Many,
    /// It is a table that may hold pages, or notes on the pages beside it, or an earlier output.
    Table(&'static InputFormat),
    NoPage,
    Unknown,
}

/// A file's extension in lower case, without that of a packing.
fn extension_of(path: &Path) -> Option<String> {
    let lower = |path: &Path| path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    match lower(path) {
        Some(packing) if packing == "gz" || packing == "zst" => lower(&path.with_extension("")),
        other => other,
    }
}

fn guess(path: &Path) -> Guess {
    let Some(known) = extension_of(path) else { return Guess::Unknown };
    match INPUTS.iter().find(|format| format.extensions.contains(&known.as_str())) {
        Some(format) if format.is_table() => Guess::Table(format),
        Some(format) if format.holds_many() => Guess::Many,
        Some(_) => Guess::Page,
        None if NO_PAGES.contains(&known.as_str()) => Guess::NoPage,
        None => Guess::Unknown,
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
            ("crawl.WARC.gz", Guess::Many),
            ("texts.warc.wet.gz", Guess::Many),
            ("style.css", Guess::NoPage),
            ("feed.xml.gz", Guess::NoPage),
            ("index", Guess::Unknown),
            ("page.php?id=3", Guess::Unknown),
            ("backup.gz", Guess::Unknown),
        ];
        for (name, expected) in cases {
            assert_eq!(format!("{:?}", guess(Path::new(name))), format!("{expected:?}"), "{name}");
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
