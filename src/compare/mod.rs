//! Where two results on the same pages differ: two sets of texts come in, a [`Comparison`] goes out.
//!
//! The texts are rows of JSON, from dehusk or any other tool ([`read`]), or made here by two cleaners ([`clean`]). It
//! does not say which result is better; that takes gold, and is the work of [`check`](crate::check).

pub(crate) mod html;
mod words;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use serde_json::Value;

pub use words::{Change, Difference, Piece, difference};

use crate::clean::Cleaner;
use crate::error::Error;
use crate::input::{self, Entry, Inputs};
use crate::metrics::WordScorer;
use crate::page::Hints;

/// Fields that name a page, the first that is there counts.
const ID: &[&str] = &["id", "source", "url"];

/// Fields that hold a page's text, likewise.
const TEXT: &[&str] = &["text", "content", "body", "markdown"];

/// Texts of pages, by the name of each page.
pub type Texts = BTreeMap<String, String>;

/// Which fields of a row are read; `None` looks at the usual ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// The field that names the page.
    pub id: Option<String>,
    /// The field that holds its text.
    pub text: Option<String>,
}

/// What a comparison found.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The pages that differ, the most different first.
    pub pages: Vec<Compared>,
    /// How many pages have the same words on both sides.
    pub same: usize,
    /// Pages that only the first side has.
    pub only_before: Vec<String>,
    /// Pages that only the second side has.
    pub only_after: Vec<String>,
}

/// A page that differs.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The name of the page.
    pub id: String,
    /// Word F1 of one text against the other.
    pub f1: f64,
    /// The difference.
    pub difference: Difference,
}

/// Reads texts from rows of JSON.
///
/// # Errors
///
/// [`Error::Read`] if the file cannot be read, [`Error::File`] with the line of a row that is no JSON, has no name or no
/// text, or a name that an earlier row has.
pub fn read(path: &Path, fields: &Fields) -> Result<Texts, Error> {
    let rows = fs::read_to_string(path).map_err(|source| Error::open(path, source))?;
    let mut texts = Texts::new();
    for (at, line) in rows.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fault = |reason| Error::File { path: path.to_owned(), line: Some(at + 1), reason };
        let (id, text) = row(line, fields).map_err(fault)?;
        if texts.contains_key(&id) {
            return Err(fault(format!("{id:?} stands here a second time")));
        }
        texts.insert(id, text);
    }
    Ok(texts)
}

fn row(line: &str, fields: &Fields) -> Result<(String, String), String> {
    let row: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let usual = |named: &Option<String>, usual: &[&str]| -> Vec<String> {
        named
            .as_ref()
            .map_or_else(|| usual.iter().map(|&name| name.to_owned()).collect(), |n| vec![n.clone()])
    };
    let id = usual(&fields.id, ID).iter().find_map(|name| match row.get(name)? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    });
    let names = usual(&fields.text, TEXT);
    let text = names.iter().find_map(|name| match row.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Null => Some(String::new()),
        _ => None,
    });
    Ok((
        id.ok_or("there is no field that names the page")?,
        text.ok_or_else(|| format!("there is no field with text: {}", names.join(", ")))?,
    ))
}

/// Cleans all pages that a path holds, whatever `dehusk clean` reads: a directory, a page, an archive. A page is named by
/// its path below the directory, or by its place in the file that holds it.
///
/// # Errors
///
/// Whatever keeps one of the pages from being read.
pub fn clean(pages: &Path, cleaner: &Cleaner) -> Result<Texts, Error> {
    let max_bytes = cleaner.config().limits.max_bytes;
    let (inputs, errors) = Inputs::new(&[pages.to_owned()], None, max_bytes);
    if let Some(error) = errors.into_iter().next() {
        return Err(error);
    }
    let text = |entry: Result<Entry, Error>| {
        let (id, record) = match entry? {
            Entry::Skipped => return Ok(None),
            Entry::Record(record) => (record.source.clone(), record),
            Entry::File(file) => match input::read(&file, max_bytes)? {
                Some(record) => (file.name.to_string_lossy().into_owned(), record),
                None => return Ok(None),
            },
        };
        let hints =
            Hints { url: record.url.as_deref(), charset: record.charset.as_deref(), media: record.media };
        Ok(Some((id, cleaner.clean(&record.bytes, hints).text())))
    };
    inputs.entries().par_bridge().map(text).filter_map(Result::transpose).collect()
}

/// Compares the texts of the pages that both sides have. If the sides share no name at all, pages are paired by the
/// names of their files without folder and extension.
#[must_use]
pub fn compare(before: &Texts, after: &Texts) -> Comparison {
    if before.keys().any(|id| after.contains_key(id)) {
        return paired(before, after);
    }
    let by_stem = |texts: &Texts| texts.iter().map(|(id, text)| (stem(id), text.clone())).collect::<Texts>();
    let (short_before, short_after) = (by_stem(before), by_stem(after));
    if short_before.len() == before.len() && short_after.len() == after.len() {
        return paired(&short_before, &short_after);
    }
    paired(before, after)
}

/// A page's name without folder and extensions.
fn stem(id: &str) -> String {
    let name = id.trim_end_matches('/').rsplit('/').next().unwrap_or(id);
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

fn paired(before: &Texts, after: &Texts) -> Comparison {
    let words = WordScorer::new();
    let both: Vec<_> = before.iter().filter_map(|(id, a)| Some((id, a, after.get(id)?))).collect();
    let compared = both.par_iter().map(|&(id, a, b)| Compared {
        id: id.clone(),
        f1: words.score(b, a).f1,
        difference: difference(a, b, &words),
    });
    let mut pages: Vec<Compared> = compared.collect();
    let all = pages.len();
    pages.retain(|page| page.difference.words() > 0);
    pages.sort_by(|a, b| b.difference.words().cmp(&a.difference.words()).then_with(|| a.id.cmp(&b.id)));
    let only = |one: &Texts, other: &Texts| {
        one.keys().filter(|id| !other.contains_key(*id)).cloned().collect::<Vec<_>>()
    };
    Comparison {
        same: all - pages.len(),
        pages,
        only_before: only(before, after),
        only_after: only(after, before),
    }
}

impl Comparison {
    /// What differs, for a terminal: the first `top` pages.
    #[must_use]
    pub fn text(&self, top: usize) -> String {
        let mut out = self.summary();
        out.push('\n');
        for page in self.pages.iter().take(top) {
            let Difference { removed, added, .. } = page.difference;
            let _ = writeln!(out, "\n-{removed} +{added} words, F1 {:.4}: {}", page.f1, page.id);
            for line in page.difference.lines() {
                let _ = writeln!(out, "  {line}");
            }
        }
        if self.pages.len() > top {
            let _ = writeln!(out, "\nand {} more pages", self.pages.len() - top);
        }
        out
    }

    /// The same as one HTML file, which loads nothing and runs nothing.
    #[must_use]
    pub fn html(&self, top: usize) -> String {
        let mut body = String::new();
        let _ = write!(
            body,
            "<p>{}</p><p><del>only in the first</del> <ins>only in the second</ins></p>",
            self.summary()
        );
        for page in self.pages.iter().take(top) {
            let Difference { removed, added, .. } = page.difference;
            let facts = format!("−{removed} +{added} words, F1 {:.4}", page.f1);
            html::section(&page.id, &facts, &mut body, |body| html::pieces(&page.difference, body));
        }
        if self.pages.len() > top {
            let _ = write!(body, "<p>and {} more pages</p>", self.pages.len() - top);
        }
        html::document("dehusk compare", &body)
    }

    fn summary(&self) -> String {
        format!(
            "{} pages on both sides: {} the same, {} differ; {} only in the first, {} only in the second",
            self.same + self.pages.len(),
            self.same,
            self.pages.len(),
            self.only_before.len(),
            self.only_after.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(rows: &[(&str, &str)]) -> Texts {
        rows.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn the_most_different_page_comes_first() {
        let before = texts(&[("a", "one two"), ("b", "one two three"), ("c", "same"), ("x", "")]);
        let after = texts(&[("a", "one"), ("b", "four"), ("c", "same,"), ("y", "")]);
        let compared = compare(&before, &after);
        let order: Vec<&str> = compared.pages.iter().map(|page| page.id.as_str()).collect();
        assert_eq!((order, compared.same), (vec!["b", "a"], 1));
        assert_eq!((compared.only_before, compared.only_after), (vec!["x".to_owned()], vec!["y".to_owned()]));
    }

    #[test]
    fn pages_are_paired_by_the_names_of_their_files() {
        let compared = compare(&texts(&[("p/a.html", "one")]), &texts(&[("a", "one")]));
        assert_eq!((compared.same, compared.only_before.len()), (1, 0));
        let ambiguous = compare(&texts(&[("p/a.html", "one"), ("q/a.html", "two")]), &texts(&[("a", "one")]));
        assert_eq!(ambiguous.only_before.len(), 2);
    }

    #[test]
    fn rows_are_read_by_the_usual_or_the_named_fields() {
        let named = Fields { id: Some("n".into()), text: Some("t".into()) };
        assert_eq!(row(r#"{"n":7,"t":null}"#, &named), Ok(("7".into(), String::new())));
        let usual = row(r#"{"source":"a.html","text":"x"}"#, &Fields::default());
        assert_eq!(usual, Ok(("a.html".into(), "x".into())));
        assert!(
            row(r#"{"id":"a"}"#, &Fields::default()).is_err_and(|reason| reason.contains("text, content"))
        );
        assert!(row("{", &Fields::default()).is_err());
    }

    #[test]
    fn the_pages_are_text_in_the_report() {
        let compared = compare(&texts(&[("<b>", "one")]), &texts(&[("<b>", "<script>two</script>")]));
        let html = compared.html(10);
        assert!(!html.contains("<script") && !html.contains("<b>") && html.contains("&lt;b&gt;"));
    }
}
