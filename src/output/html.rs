//! Clean HTML: a whole document with the metadata in its head and the kept blocks in one `article`.
//!
//! Only headings, paragraphs, lists, quotes, code, tables of data, links and emphasis are written, and no attribute but
//! the address of a link, so that nothing of the page's scripts and styles comes through. A link keeps its address only
//! if that is a web or mail address, or relative.

use std::fmt::Write as _;

use super::structure::{Cell, Gap, LevelKind, Place, Structure};
use crate::page::{Cleaned, NONE, Role, Span, SpanKind};

/// The page as a document, without a line end behind the last.
pub(crate) fn html(cleaned: &Cleaned) -> String {
    let structure = Structure::new(cleaned);
    let places: Vec<_> = structure.places().collect();
    let mut writer = Writer { cleaned, structure: &structure, out: head(cleaned), open: Vec::new() };
    writer.run(&places);
    writer.out.push_str("</article>\n</body>\n</html>");
    writer.out
}

/// The document up to the article.
fn head(cleaned: &Cleaned) -> String {
    let about = &cleaned.metadata;
    let mut out = "<!DOCTYPE html>\n<html".to_owned();
    if let Some(language) = &about.language {
        attribute(&mut out, "lang", language);
    }
    out.push_str(">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    escape(&mut out, about.title.as_deref().unwrap_or_default());
    out.push_str("</title>\n");
    let named = [
        ("name", "author", &about.author),
        ("property", "og:site_name", &about.site_name),
        ("property", "article:published_time", &about.published),
        ("property", "article:modified_time", &about.modified),
    ];
    for (kind, name, value) in named {
        if let Some(value) = value {
            let _ = write!(out, "<meta {kind}=\"{name}\"");
            attribute(&mut out, "content", value);
            out.push_str(">\n");
        }
    }
    if let Some(url) = about.url.as_deref().and_then(safe) {
        out.push_str("<link rel=\"canonical\"");
        attribute(&mut out, "href", &url);
        out.push_str(">\n");
    }
    out.push_str("</head>\n<body>\n<article>\n");
    out
}

/// An element that is open around the next block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    /// A list, below a level, and whether it is numbered.
    List(u32, bool),
    /// A level, and whether it has content yet.
    Level(u32, LevelKind),
}

struct Writer<'a> {
    cleaned: &'a Cleaned,
    structure: &'a Structure<'a>,
    out: String,
    open: Vec<Open>,
}

impl Writer<'_> {
    fn run(&mut self, places: &[Place<'_>]) {
        let mut index = 0;
        while index < places.len() {
            let more = &places[index..];
            self.levels(&more[0]);
            index += match (more[0].cell, more[0].block.layout.role) {
                (Some(cell), _) => self.table(more, cell),
                (None, Role::Preformatted) => self.code(more),
                (None, Role::Heading(level)) => self.heading(&more[0], level),
                (None, _) => self.paragraph(more),
            };
        }
        self.close(0);
    }

    /// Closes and opens what stands around a block.
    fn levels(&mut self, place: &Place<'_>) {
        let mut chain = Vec::new();
        let mut level = place.level;
        while let Some(found) = self.structure.levels.get(level as usize) {
            chain.push(level);
            level = found.parent;
        }
        chain.reverse();
        let is_open = |open: &&Open| match open {
            Open::Level(level, _) => chain.contains(level),
            Open::List(parent, _) => *parent == NONE || chain.contains(parent),
        };
        let mut keep = self.open.iter().take_while(is_open).count();
        // A list stays open only if one of its items comes next.
        if let Some(Open::List(parent, is_numbered)) = keep.checked_sub(1).map(|last| self.open[last]) {
            let below = chain.iter().position(|level| *level == parent).map_or(0, |at| at + 1);
            let next = chain.get(below).map(|level| self.structure.levels[*level as usize].kind);
            let fits = matches!(next, Some(LevelKind::Item(number)) if (number > 0) == is_numbered);
            keep -= usize::from(!fits);
        }
        self.close(keep);
        for level in chain {
            if !self.open.iter().any(|open| matches!(open, Open::Level(id, _) if *id == level)) {
                self.enter(level);
            }
        }
    }

    fn enter(&mut self, id: u32) {
        let level = &self.structure.levels[id as usize];
        match level.kind {
            LevelKind::Quote => self.out.push_str("<blockquote>\n"),
            LevelKind::Indented => self.out.push_str("<div>\n"),
            LevelKind::Item(number) => {
                let list = Open::List(level.parent, number > 0);
                if self.open.last() != Some(&list) {
                    match number {
                        0 => self.out.push_str("<ul>\n"),
                        1 => self.out.push_str("<ol>\n"),
                        _ => drop(writeln!(self.out, "<ol start=\"{number}\">")),
                    }
                    self.open.push(list);
                }
                self.out.push_str("<li>\n");
            }
        }
        self.open.push(Open::Level(id, level.kind));
    }

    fn close(&mut self, keep: usize) {
        for open in self.open.drain(keep..).rev() {
            self.out.push_str(match open {
                Open::List(_, true) => "</ol>\n",
                Open::List(_, false) => "</ul>\n",
                Open::Level(_, LevelKind::Quote) => "</blockquote>\n",
                Open::Level(_, LevelKind::Indented) => "</div>\n",
                Open::Level(_, LevelKind::Item(_)) => "</li>\n",
            });
        }
    }

    fn heading(&mut self, place: &Place<'_>, level: u8) -> usize {
        let level = level.clamp(1, 6);
        let _ = write!(self.out, "<h{level}>");
        self.inline(place);
        let _ = writeln!(self.out, "</h{level}>");
        1
    }

    /// A paragraph with all its lines. Gives their number.
    fn paragraph(&mut self, places: &[Place<'_>]) -> usize {
        let goes_on = |place: &&Place<'_>| {
            let is_other = matches!(place.block.layout.role, Role::Preformatted | Role::Heading(_));
            place.gap == Gap::Line && place.level == places[0].level && place.cell.is_none() && !is_other
        };
        let count = 1 + places[1..].iter().take_while(goes_on).count();
        self.out.push_str("<p>");
        for (index, place) in places[..count].iter().enumerate() {
            if index > 0 {
                self.out.push_str("<br>\n");
            }
            self.inline(place);
        }
        self.out.push_str("</p>\n");
        count
    }

    fn code(&mut self, places: &[Place<'_>]) -> usize {
        let count = 1 + places[1..].iter().take_while(|place| place.same_pre).count();
        self.out.push_str("<pre>");
        for (index, place) in places[..count].iter().enumerate() {
            // A parser drops a line feed right behind the tag.
            self.out.push_str(if index > 0 || self.cleaned.page.text_of(place.block).starts_with('\n') {
                "\n"
            } else {
                ""
            });
            self.text(place, place.block.text.start, place.block.text.end);
        }
        self.out.push_str("</pre>\n");
        count
    }

    /// A table of data with all its rows. Gives the number of places in it.
    fn table(&mut self, places: &[Place<'_>], first: Cell) -> usize {
        let in_table = |place: &&Place<'_>| place.cell.is_some_and(|cell| cell.table == first.table);
        let count = places.iter().take_while(in_table).count();
        self.out.push_str("<table>\n");
        // The next column of the row, and the tag of the cell that is open.
        let (mut column, mut tag) = (0, "");
        for (index, place) in places[..count].iter().enumerate() {
            let Some(cell) = place.cell else { continue };
            if index > 0 && place.gap == Gap::Space {
                self.out.push(' ');
                self.inline(place);
                continue;
            }
            if index > 0 {
                let _ = write!(self.out, "</{tag}>");
            }
            if index == 0 || place.gap != Gap::Column {
                self.out.push_str(if index > 0 { "</tr>\n<tr>" } else { "<tr>" });
                column = 0;
            }
            for _ in column..cell.column {
                self.out.push_str("<td></td>");
            }
            column = cell.column.max(column) + 1;
            tag = if cell.header { "th" } else { "td" };
            let _ = write!(self.out, "<{tag}>");
            self.inline(place);
        }
        let _ = writeln!(self.out, "</{tag}></tr>\n</table>");
        count
    }

    /// The text of a block with its links and emphasis.
    fn inline(&mut self, place: &Place<'_>) {
        let (page, block) = (&self.cleaned.page, place.block);
        let mut open: Vec<(u32, &str)> = Vec::new();
        let mut at = block.text.start;
        for span in page.spans_of(block) {
            self.advance(place, &mut open, &mut at, span.text.start);
            let end = span.text.end.min(open.last().map_or(block.text.end, |(end, _)| *end));
            if end > at {
                open.extend(self.start(span).map(|tag| (end, tag)));
            }
        }
        self.advance(place, &mut open, &mut at, block.text.end);
    }

    /// Writes the text up to a byte, and closes what ends before it.
    fn advance(&mut self, place: &Place<'_>, open: &mut Vec<(u32, &str)>, at: &mut u32, to: u32) {
        while let Some((end, tag)) = open.pop_if(|(end, _)| *end <= to) {
            self.text(place, *at, end);
            *at = end.max(*at);
            let _ = write!(self.out, "</{tag}>");
        }
        self.text(place, *at, to);
        *at = to.max(*at);
    }

    /// Writes the tag that opens a span; gives its name.
    fn start(&mut self, span: &Span) -> Option<&'static str> {
        let tag = match span.kind {
            SpanKind::Strong => "strong",
            SpanKind::Emphasis => "em",
            SpanKind::Code => "code",
            SpanKind::Link(_) => {
                let href = safe(self.cleaned.page.href(span))?;
                self.out.push_str("<a");
                attribute(&mut self.out, "href", &href);
                self.out.push('>');
                return Some("a");
            }
        };
        let _ = write!(self.out, "<{tag}>");
        Some(tag)
    }

    /// Writes what was kept of a stretch of the page's text.
    fn text(&mut self, place: &Place<'_>, from: u32, to: u32) {
        for part in place.verdict.kept_parts(place.block) {
            let (start, end) = (part.start.max(from), part.end.min(to));
            if start < end {
                escape(&mut self.out, &self.cleaned.page.text[start as usize..end as usize]);
            }
        }
    }
}

/// An address that can be followed without harm.
fn safe(href: &str) -> Option<String> {
    // Browsers pass over control characters, also within the name of a scheme.
    let href: String = href.chars().filter(|c| !c.is_control()).collect();
    let href = href.trim();
    let scheme = href.split(['/', '?', '#']).next()?.split_once(':').map(|(scheme, _)| scheme);
    let is_safe = scheme.is_none_or(|scheme| {
        ["http", "https", "mailto"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
    });
    (is_safe && !href.is_empty() && !href.starts_with('#')).then(|| href.to_owned())
}

fn attribute(out: &mut String, name: &str, value: &str) {
    let _ = write!(out, " {name}=\"");
    escape(out, value);
    out.push('"');
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    /// The article without its frame.
    fn of(page: &str) -> String {
        let document = html(&testing::html(page));
        let (_, article) = document.split_once("<article>\n").expect("an article");
        article.split_once("</article>").expect("it ends").0.replace('\n', "")
    }

    #[test]
    fn blocks_are_written_as_what_they_were() {
        assert_eq!(of("<h2>T</h2><p>a<br>b<p>c &lt; d"), "<h2>T</h2><p>a<br>b</p><p>c &lt; d</p>");
        assert_eq!(of("<pre>x &lt;\ny</pre>"), "<pre>x &lt;y</pre>");
        let list = "<ul><li>a<li>b<ul><li>c</ul><li>d</ul><p>e";
        assert_eq!(
            of(list),
            "<ul><li><p>a</p></li><li><p>b</p><ul><li><p>c</p></li></ul></li><li><p>d</p></li></ul><p>e</p>"
        );
        let two = of("<ol><li>a<li>b</ol><blockquote><p>q</blockquote>");
        assert_eq!(two, "<ol><li><p>a</p></li><li><p>b</p></li></ol><blockquote><p>q</p></blockquote>");
        let table = of("<table><tr><th>n<th>v<tr><td>a<td>1<tr><td>b<td>2</table>");
        assert_eq!(
            table,
            "<table><tr><th>n</th><th>v</th></tr><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>"
        );
    }

    #[test]
    fn links_and_emphasis_stay_and_scripts_do_not() {
        let page = "<p>See <a href='/x?a=1&amp;b=\"2'>the <b>page</b></a>, <a href='java\tscript:alert(1)'>not</a> this.";
        let expected = "<p>See <a href=\"/x?a=1&amp;b=&quot;2\">the <strong>page</strong></a>, not this.</p>";
        assert_eq!(of(page), expected);
        for (href, is_safe) in [
            ("https://example.org/a:b", true),
            ("a/b:c", true),
            ("mailto:a@example.org", true),
            ("JavaScript:x", false),
            ("data:text/html,x", false),
            ("\u{1}javascript:x", false),
            ("#top", false),
        ] {
            assert_eq!(safe(href).is_some(), is_safe, "{href}");
        }
    }

    #[test]
    fn the_head_has_the_metadata() {
        let document = html(&testing::html("<html lang=en><title>A & \"B\"</title><p>text"));
        assert!(document.starts_with("<!DOCTYPE html>\n<html"), "{document}");
        assert!(document.contains("<title>A &amp; &quot;B&quot;</title>"), "{document}");
        assert!(document.ends_with("</article>\n</body>\n</html>"));
    }
}
