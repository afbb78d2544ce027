//! A row of JSON for each page, with every field in every row and always in the same order, so that tables can be
//! made of it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::table::{Column, ColumnKind, Table};
use crate::page::{Cleaned, Kind, Limit, SiteNote};

/// The columns of a row. A test holds them to the fields of [`Row`].
pub(crate) static PAGES: Table = Table {
    name: "page",
    columns: &[
        Column::new("source", ColumnKind::Text),
        Column::new("url", ColumnKind::Text),
        Column::new("title", ColumnKind::Text),
        Column::new("author", ColumnKind::Text),
        Column::new("published", ColumnKind::Text),
        Column::new("modified", ColumnKind::Text),
        Column::new("site_name", ColumnKind::Text),
        Column::new("language", ColumnKind::Text),
        Column::new("kind", ColumnKind::Text),
        Column::new("confidence", ColumnKind::Real),
        Column::new("article", ColumnKind::Flag),
        Column::new("spam", ColumnKind::Real),
        Column::new("spam_kinds", ColumnKind::Json),
        Column::new("text", ColumnKind::Text),
        Column::new("chars_kept", ColumnKind::Integer),
        Column::new("chars_cut", ColumnKind::Integer),
        Column::new("cuts", ColumnKind::Counts),
        Column::new("limits", ColumnKind::Texts),
        Column::new("charset", ColumnKind::Text),
        Column::new("site_notes", ColumnKind::Texts),
    ],
};

/// A row. What is not known is `null`.
#[derive(Serialize)]
struct Row<'a> {
    /// The path or name that the page came from.
    source: &'a str,
    url: Option<&'a str>,
    title: Option<&'a str>,
    author: Option<&'a str>,
    published: Option<&'a str>,
    modified: Option<&'a str>,
    site_name: Option<&'a str>,
    language: Option<&'a str>,
    kind: Kind,
    /// Probability that the page has a body of text, to four decimals.
    confidence: f32,
    /// Whether it has one, rather than not.
    article: bool,
    /// Share of spam in what the page has besides boilerplate, to four decimals, and the shares of its kinds.
    spam: f32,
    spam_kinds: BTreeMap<&'static str, f32>,
    text: &'a str,
    /// Characters of the page's text without white space: kept, and cut.
    chars_kept: u64,
    chars_cut: u64,
    /// Blocks cut, by reason.
    cuts: BTreeMap<&'static str, usize>,
    limits: &'a [Limit],
    charset: &'a str,
    /// What was amiss with the rules of its site.
    site_notes: &'a [SiteNote],
}

/// The row of a page, without a line end.
pub(super) fn row(source: &str, cleaned: &Cleaned) -> String {
    let about = &cleaned.metadata;
    let (chars_kept, chars_cut) = cleaned.chars();
    let row = Row {
        source,
        url: about.url.as_deref(),
        title: about.title.as_deref(),
        author: about.author.as_deref(),
        published: about.published.as_deref(),
        modified: about.modified.as_deref(),
        site_name: about.site_name.as_deref(),
        language: about.language.as_deref(),
        kind: cleaned.kind,
        confidence: rounded(cleaned.confidence),
        article: cleaned.is_article(),
        spam: rounded(cleaned.spam.score),
        spam_kinds: cleaned.spam.kinds.iter().map(|kind| (kind.rule, rounded(kind.share))).collect(),
        text: &cleaned.text(),
        chars_kept,
        chars_cut,
        cuts: cleaned.cut_counts(),
        limits: &cleaned.limits,
        charset: cleaned.charset,
        site_notes: cleaned.site.as_ref().map_or(&[], |site| &site.notes),
    };
    serde_json::to_string(&row).expect("strings, numbers and lists of them are valid JSON")
}

fn rounded(share: f32) -> f32 {
    (share * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::super::testing::html;
    use super::*;

    #[test]
    fn a_row_has_every_field() {
        let row = row("a/b.html", &html("<title>T</title><p>one\u{2028}\"two\"<p>CUT"));
        assert!(!row.contains('\n'));
        let value: serde_json::Value = serde_json::from_str(&row).expect("valid JSON");
        assert_eq!(value["source"], "a/b.html");
        assert_eq!(value["author"], serde_json::Value::Null);
        assert_eq!(value["cuts"], serde_json::json!({"boilerplate": 1}));
        assert_eq!((&value["chars_kept"], &value["chars_cut"]), (&8.into(), &3.into()));
        assert_eq!(value.as_object().map(serde_json::Map::len), Some(PAGES.columns.len()));
        let places = PAGES.columns.iter().map(|column| row.find(&format!("\"{}\":", column.name)));
        assert!(places.is_sorted(), "the columns have the order of the fields");
        for column in PAGES.columns {
            let field = &value[column.name];
            let fits = match column.kind {
                ColumnKind::Text => field.is_string() || field.is_null(),
                ColumnKind::Integer => field.is_i64(),
                ColumnKind::Real => field.is_f64(),
                ColumnKind::Flag => field.is_boolean(),
                ColumnKind::Texts => field.is_array(),
                ColumnKind::Counts => field.is_object(),
                ColumnKind::Json => true,
            };
            assert!(fits, "{}: {field}", column.name);
        }
    }
}
