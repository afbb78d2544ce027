//! A [`Cleaned`] page to bytes, in one of the formats of [`OUTPUTS`], and those bytes to a file or stream.
//!
//! `structure` works out once how the kept blocks lie: paragraphs, items of lists, rows of tables. `text` and
//! `markdown` write that down; `jsonl` puts the text into a row with everything else that is known of the page.
//! `sink` writes so that no reader ever sees half a file; `rows` puts rows into files and shards, packed or as
//! Parquet, and can go on where a dead run stopped. Nothing here decides what is kept.

mod html;
mod inline;
mod jsonl;
mod markdown;
mod packing;
#[cfg(feature = "formats")]
mod parquet;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "commits, marks and files by name are for runs that can be resumed")
)]
mod rows;
mod sink;
mod structure;
mod table;
mod text;

use std::path::Path;

pub(crate) use jsonl::PAGES;
pub(crate) use markdown::markdown;
pub(crate) use rows::{Mark, RowFile, RowSink};
pub(crate) use sink::{Stream, TEMPORARY, Tree};
pub(crate) use table::{Column, ColumnKind, Table};
pub(crate) use text::{text, write};

use crate::page::Cleaned;

/// A format that dehusk writes.
#[derive(Debug)]
pub struct OutputFormat {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// What it is, in a few words.
    pub summary: &'static str,
    /// Extensions by which it is recognised; files in a tree get the first.
    pub extensions: &'static [&'static str],
    /// How pages become files.
    pub shape: Shape,
    /// What rows are put into.
    pub(crate) container: Option<Container>,
    render: fn(&str, &Cleaned) -> String,
}

/// How pages become files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A file for each page.
    File,
    /// A line for each page, all in one file.
    Row,
}

/// What rows are put into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    /// A text file, a row a line.
    JsonLines,
    /// Typed columns.
    #[cfg(feature = "formats")]
    Parquet,
}

/// All output formats. The first is the default.
pub const OUTPUTS: &[OutputFormat] = &[
    OutputFormat {
        name: "text",
        summary: "plain text, a file for each page",
        extensions: &["txt"],
        shape: Shape::File,
        container: None,
        render: |_, cleaned| text(cleaned),
    },
    OutputFormat {
        name: "markdown",
        summary: "Markdown, a file for each page",
        extensions: &["md", "markdown"],
        shape: Shape::File,
        container: None,
        render: |_, cleaned| markdown(cleaned),
    },
    OutputFormat {
        name: "html",
        summary: "clean HTML, a file for each page",
        extensions: &["html", "htm"],
        shape: Shape::File,
        container: None,
        render: |_, cleaned| html::html(cleaned),
    },
    OutputFormat {
        name: "jsonl",
        summary: "a line of JSON for each page: text, metadata, scores and counts",
        extensions: &["jsonl", "ndjson"],
        shape: Shape::Row,
        container: Some(Container::JsonLines),
        render: jsonl::row,
    },
    #[cfg(feature = "formats")]
    OutputFormat {
        name: "parquet",
        summary: "a row for each page, as jsonl, in typed columns",
        extensions: &["parquet"],
        shape: Shape::Row,
        container: Some(Container::Parquet),
        render: jsonl::row,
    },
];

impl OutputFormat {
    /// The format of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        OUTPUTS.iter().find(|format| format.name == name)
    }

    /// The format whose files have this extension.
    #[must_use]
    pub fn by_extension(extension: &str) -> Option<&'static Self> {
        OUTPUTS.iter().find(|format| format.extensions.contains(&extension.to_ascii_lowercase().as_str()))
    }

    /// The format that a file's name asks for; rows may have the extension of a packing behind their own.
    #[must_use]
    pub fn by_path(path: &Path) -> Option<&'static Self> {
        let (packing, bare) = packing::Packing::of(path);
        let format = Self::by_extension(bare.extension()?.to_str()?)?;
        let fits = packing == packing::Packing::Plain || format.container == Some(Container::JsonLines);
        fits.then_some(format)
    }

    /// A page in this format, with a line end if it is not empty. `source` says where the page came from.
    #[must_use]
    pub fn render(&self, source: &str, cleaned: &Cleaned) -> String {
        let mut out = (self.render)(source, cleaned);
        if !out.is_empty() {
            out.push('\n');
        }
        out
    }
}

/// Pages for the tests of the formats.
#[cfg(test)]
mod testing {
    use crate::page::{Cleaned, Hints, Media, Reason, Verdict};

    /// The blocks of a page, all kept but those whose text contains `CUT`.
    pub(super) fn cleaned(page: &str, media: Media) -> Cleaned {
        let hints = Hints { media: Some(media), charset: Some("utf-8"), ..Hints::default() };
        let mut cleaned = crate::Cleaner::default().clean(page.as_bytes(), hints);
        let verdict = |text: &str| {
            let keep = !text.contains("CUT");
            let reason = if keep { Reason::Content } else { Reason::Boilerplate };
            Verdict { keep, score: 0.5, reason, evidence: None, cut_spans: Vec::new() }
        };
        cleaned.verdicts = cleaned.page.blocks.iter().map(|b| verdict(cleaned.page.text_of(b))).collect();
        cleaned
    }

    pub(super) fn html(page: &str) -> Cleaned {
        cleaned(page, Media::Html)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_name_and_extension() {
        for format in OUTPUTS {
            assert_eq!(OutputFormat::by_name(format.name).expect("listed").summary, format.summary);
            for extension in format.extensions {
                let found = OutputFormat::by_extension(&extension.to_uppercase()).expect("listed");
                assert_eq!(found.name, format.name, "{extension} is listed twice");
            }
        }
        assert!(OutputFormat::by_name("docx").is_none());
        let by_path = |path| OutputFormat::by_path(Path::new(path)).map(|format| format.name);
        assert_eq!(by_path("a.b/c.jsonl.gz"), Some("jsonl"));
        assert_eq!(by_path("c.md"), Some("markdown"));
        assert_eq!(by_path("c.md.gz"), None);
    }
}
