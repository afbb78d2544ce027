//! Plain text: paragraphs parted by an empty line, lines, items and table rows on lines of their own, cells by tabs.
//!
//! Nothing but white space is added to the page's own characters, so that the text is always a subsequence of what
//! the page shows.

use std::ops::Range;

use super::structure::{Gap, Structure};
use crate::page::Cleaned;

/// The kept blocks as plain text, without a line end behind the last.
pub(crate) fn text(cleaned: &Cleaned) -> String {
    write(cleaned, &mut |_, _| {})
}

/// The same, and tells where each stretch of the page's text went: `place(byte in the page, byte in the output)`.
pub(crate) fn write(cleaned: &Cleaned, place: &mut dyn FnMut(Range<u32>, usize)) -> String {
    let structure = Structure::new(cleaned);
    let mut out = String::new();
    let mut column = 0;
    for at in structure.places() {
        let cell = at.cell.map_or(0, |cell| cell.column);
        if !out.is_empty() {
            match at.gap {
                Gap::Space => out.push(' '),
                Gap::Column => tabs(&mut out, cell.saturating_sub(column)),
                Gap::Row | Gap::Line | Gap::Item => out.push('\n'),
                Gap::Paragraph => out.push_str("\n\n"),
            }
            if at.gap == Gap::Row {
                tabs(&mut out, cell);
            }
        }
        column = cell;
        for part in at.verdict.kept_parts(at.block) {
            place(part.clone(), out.len());
            out.push_str(&cleaned.page.text[part.start as usize..part.end as usize]);
        }
    }
    out
}

fn tabs(out: &mut String, count: u16) {
    out.extend(std::iter::repeat_n('\t', usize::from(count)));
}

#[cfg(test)]
mod tests {
    use super::super::testing::{cleaned, html};
    use super::*;
    use crate::page::Media;

    fn of(page: &str) -> String {
        text(&html(page))
    }

    #[test]
    fn paragraphs_are_parted_by_an_empty_line() {
        assert_eq!(of("<h1>T</h1><p>a <b>b</b> c<p>d<br>e<br><br>f"), "T\n\na b c\n\nd\ne\n\nf");
        assert_eq!(of("<p>a<p>CUT<p>b"), "a\n\nb");
        assert_eq!(of("a<br><p>b"), "a\n\nb");
    }

    #[test]
    fn items_stand_on_lines_of_their_own() {
        assert_eq!(of("<p>x<ul><li>a<li>b<ol><li>c<li>d</ol></ul><p>y"), "x\n\na\nb\nc\nd\n\ny");
        assert_eq!(of("<ul><li><p>a</p><p>more</p><li><h3>b</h3></ul>"), "a\n\nmore\nb");
        assert_eq!(of("<dl><dt>term<dd>what it is<dt>other<dd>too</dl>"), "term\nwhat it is\nother\ntoo");
        assert_eq!(of("<ul><li>CUT<li>a<li>b</ul>"), "a\nb");
    }

    #[test]
    fn rows_are_lines_and_cells_columns() {
        let table = "<table><tr><th>A<th>B<th>C<tr><td>1<td><td>3<tr><td><td><p>2</p><p>2</p><td>CUT</table>";
        assert_eq!(of(table), "A\tB\tC\n1\t\t3\n\t2 2");
    }

    #[test]
    fn tables_that_lay_out_a_page_are_paragraphs() {
        let menu = "<table><tr><td>Menu<td><h1>T</h1><p>a</table>";
        assert_eq!(of(menu), "Menu\n\nT\n\na");
        let nested = "<table><tr><td>Menu<td><table><tr><td>a<td>b</table><td>c</table>";
        assert_eq!(of(nested), "Menu\n\na\tb\n\nc");
        let long = format!("<table><tr><td>Menu<td>{}</table>", "long ".repeat(200));
        assert!(of(&long).starts_with("Menu\n\nlong"));
    }

    #[test]
    fn preformatted_lines_stay() {
        assert_eq!(of("<pre>if x:\n    y\n</pre>"), "if x:\n    y");
        assert_eq!(of("<pre><div>a</div><div>b</div></pre><pre>c</pre>"), "a\nb\n\nc");
    }

    #[test]
    fn lines_of_a_text_page_keep_their_distance() {
        assert_eq!(text(&cleaned("a\nb\n\n\nc\nCUT\nd", Media::Text)), "a\nb\n\nc\nd");
    }
}
