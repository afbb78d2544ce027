//! Markdown as CommonMark reads it, with the tables of GitHub's dialect: headings, lists, quotes, code, tables of
//! data.

use super::inline::{self, Position};
use super::structure::{Cell, Gap, Level, LevelKind, Place, Structure};
use crate::page::{Cleaned, NONE, Role};

/// The kept blocks as Markdown, without a line end behind the last.
pub(crate) fn markdown(cleaned: &Cleaned) -> String {
    let structure = Structure::new(cleaned);
    let writer = Writer {
        cleaned,
        levels: &structure.levels,
        out: String::new(),
        level: NONE,
        row: Vec::new(),
        state: State::Text,
    };
    writer.run(&structure.places().collect::<Vec<_>>())
}

/// What the last lines of the output are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Text,
    /// A table of so many columns.
    Table(usize),
    /// Code between fences.
    Code,
}

struct Writer<'a> {
    cleaned: &'a Cleaned,
    levels: &'a [Level],
    out: String,
    /// The level of the last line.
    level: u32,
    /// The cells of the row being filled, and whether each is a header.
    row: Vec<(String, bool)>,
    state: State,
}

impl Writer<'_> {
    fn run(mut self, places: &[Place<'_>]) -> String {
        let mut index = 0;
        while index < places.len() {
            let more = &places[index..];
            let place = &places[index];
            index += if let Some(cell) = place.cell {
                self.table_row(more, cell)
            } else if place.block.layout.role == Role::Preformatted {
                self.code(more)
            } else {
                self.paragraph(place);
                1
            };
        }
        self.out
    }

    fn paragraph(&mut self, place: &Place<'_>) {
        let mut line = String::new();
        let position = match place.block.layout.role {
            Role::Heading(level) => {
                line.extend(std::iter::repeat_n('#', usize::from(level.clamp(1, 6))));
                line.push(' ');
                Position::Heading
            }
            _ => Position::Line,
        };
        inline::write(&self.cleaned.page, place, position, &mut line);
        if position == Position::Heading && line.ends_with('#') {
            // A closing run of number signs would not be shown.
            line.insert(line.len() - 1, '\\');
        }
        let tight = match place.gap {
            Gap::Line if self.state == State::Text => {
                self.out.push_str("  ");
                true
            }
            Gap::Item => self.state != State::Code && !matches!(self.state, State::Table(_)),
            _ => false,
        };
        self.state = State::Text;
        self.line(place, tight, &line);
    }

    /// Starts a line for a block: an empty one before it unless `tight`, then the marks of its levels.
    fn line(&mut self, place: &Place<'_>, tight: bool, text: &str) {
        let chain = self.chain(place.level);
        if !self.out.is_empty() {
            self.out.push('\n');
            if !tight {
                let common = self.common(&chain);
                self.prefix(&common, |_| false, true);
                self.out.push('\n');
            }
        }
        let starts = |level: &Level| place.previous.is_none_or(|previous| previous < level.blocks.start);
        self.prefix(&chain, starts, false);
        self.out.push_str(text);
        self.level = place.level;
    }

    /// A further line of the same block.
    fn continued(&mut self, level: u32, text: &str) {
        let chain = self.chain(level);
        self.out.push('\n');
        self.prefix(&chain, |_| false, text.is_empty());
        self.out.push_str(text);
    }

    /// The levels around a block, outermost first.
    fn chain(&self, mut level: u32) -> Vec<u32> {
        let mut chain = Vec::new();
        while let Some(found) = self.levels.get(level as usize) {
            chain.push(level);
            level = found.parent;
        }
        chain.reverse();
        chain
    }

    /// The levels that the last line shares with the next.
    fn common(&self, chain: &[u32]) -> Vec<u32> {
        let last = self.chain(self.level);
        last.iter().zip(chain).take_while(|(a, b)| a == b).map(|(a, _)| *a).collect()
    }

    /// Writes the marks of levels: those that start here with their own mark, the others as far as they reach into
    /// further lines. On an empty line no white space is left behind.
    fn prefix(&mut self, chain: &[u32], starts: impl Fn(&Level) -> bool, empty: bool) {
        let begin = self.out.len();
        for &level in chain {
            let level = &self.levels[level as usize];
            match level.kind {
                LevelKind::Quote => self.out.push_str("> "),
                LevelKind::Item(0) => self.out.push_str(if starts(level) { "- " } else { "  " }),
                LevelKind::Item(number) => {
                    let mark = format!("{number}. ");
                    if starts(level) {
                        self.out.push_str(&mark);
                    } else {
                        self.out.extend(std::iter::repeat_n(' ', mark.len()));
                    }
                }
                LevelKind::Indented => self.out.push_str("  "),
            }
        }
        if empty {
            let length = self.out[begin..].trim_end().len();
            self.out.truncate(begin + length);
        }
    }

    /// A block of code: all places that go on in the same preformatted element. Gives their number.
    fn code(&mut self, places: &[Place<'_>]) -> usize {
        let count = 1 + places[1..].iter().take_while(|place| place.same_pre).count();
        let texts = places[..count].iter().map(|place| self.cleaned.page.text_of(place.block));
        let text: String = texts.collect::<Vec<_>>().join("\n");
        let fence = "`".repeat(3.max(inline::longest_run(&text, '`') + 1));
        self.line(&places[0], false, &fence);
        for line in text.split('\n') {
            self.continued(places[0].level, line);
        }
        self.continued(places[0].level, &fence);
        self.state = State::Code;
        count
    }

    /// A row of a table of data: all places up to the next row. Gives their number.
    fn table_row(&mut self, places: &[Place<'_>], first: Cell) -> usize {
        let in_row =
            |place: &&Place<'_>| place.cell.is_some() && matches!(place.gap, Gap::Space | Gap::Column);
        let count = 1 + places[1..].iter().take_while(in_row).count();
        self.row.clear();
        for place in &places[..count] {
            let column = usize::from(place.cell.map_or(first.column, |cell| cell.column));
            if self.row.len() <= column {
                self.row.resize(column + 1, (String::new(), true));
            }
            let (text, is_header) = &mut self.row[column];
            if !text.is_empty() {
                text.push(' ');
            }
            inline::write(&self.cleaned.page, place, Position::Cell, text);
            *is_header &= place.cell.is_some_and(|cell| cell.header);
        }
        let continues = places[0].gap == Gap::Row && matches!(self.state, State::Table(_));
        let columns = match self.state {
            State::Table(columns) if continues => columns,
            _ => columns_of(places, first.table),
        };
        let line = self.row_line(columns);
        if continues {
            self.continued(places[0].level, &line);
        } else if self.row.iter().all(|(_, is_header)| *is_header) {
            self.line(&places[0], false, &line);
            self.continued(places[0].level, &format!("|{}", " --- |".repeat(columns)));
        } else {
            self.line(&places[0], false, &format!("|{}", "  |".repeat(columns)));
            self.continued(places[0].level, &format!("|{}", " --- |".repeat(columns)));
            self.continued(places[0].level, &line);
        }
        self.state = State::Table(columns);
        count
    }

    fn row_line(&self, columns: usize) -> String {
        let mut line = "|".to_owned();
        for column in 0..columns {
            let text = self.row.get(column).map_or("", |(text, _)| text);
            line.push(' ');
            line.push_str(text);
            line.push_str(" |");
        }
        line
    }
}

/// The number of columns of the table whose first place is the first of these.
fn columns_of(places: &[Place<'_>], table: u32) -> usize {
    let cells = places.iter().map_while(|place| place.cell).take_while(|cell| cell.table == table);
    cells.map(|cell| usize::from(cell.column) + 1).max().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{cleaned, html};
    use super::*;
    use crate::page::Media;

    fn of(page: &str) -> String {
        markdown(&html(page))
    }

    #[test]
    fn headings_and_paragraphs() {
        assert_eq!(of("<h1>T</h1><p>a<br>b<p>c<h3><b>S</b> #</h3>"), "# T\n\na  \nb\n\nc\n\n### S \\#");
    }

    #[test]
    fn lists_nest_and_count() {
        let page = "<p>x<ul><li>a<li>b<ol start=9><li>c<li>d<p>more</ol><li><h2>e</h2></ul><p>y";
        let expected = "x\n\n- a\n- b\n  9. c\n  10. d\n\n      more\n- ## e\n\ny";
        assert_eq!(of(page), expected);
        assert_eq!(of("<ol><li><h2>a</h2>x<li><h2>b</h2></ol>"), "1. ## a\n\n   x\n2. ## b");
        assert_eq!(of("<ol><li>CUT<li>b</ol>"), "2. b");
        assert_eq!(of("<ul><li>a<br>b</ul>"), "- a  \n  b");
        assert_eq!(of("<dl><dt>t<dd>d<dt>u<dd>e</dl>"), "- t\n  d\n- u\n  e");
    }

    #[test]
    fn quotes_hold_paragraphs_and_lists() {
        let page = "<blockquote><p>a<p>b<ul><li>c</ul></blockquote><p>d";
        assert_eq!(of(page), "> a\n>\n> b\n>\n> - c\n\nd");
        assert_eq!(of("<blockquote>a<blockquote>b</blockquote></blockquote>"), "> a\n>\n> > b");
        assert_eq!(of("<ul><li><blockquote>a<p>b</blockquote></ul>"), "- > a\n  >\n  > b");
    }

    #[test]
    fn code_stands_between_fences() {
        assert_eq!(of("<pre>a\n\n  *b*\n</pre><p>c"), "```\na\n\n  *b*\n```\n\nc");
        assert_eq!(of("<pre>```x</pre>"), "````\n```x\n````");
        assert_eq!(of("<ul><li>a<pre>b\nc</pre></ul>"), "- a\n\n  ```\n  b\n  c\n  ```");
        assert_eq!(of("<pre><div>a</div><div>b</div></pre><pre>c</pre>"), "```\na\nb\n```\n\n```\nc\n```");
    }

    #[test]
    fn data_tables_become_pipe_tables() {
        let page = "<p>x<table><tr><th>A<th>B<tr><td>1<td>a|b<tr><td><td>2</table><p>y";
        assert_eq!(of(page), "x\n\n| A | B |\n| --- | --- |\n| 1 | a\\|b |\n|  | 2 |\n\ny");
        let bare = "<table><tr><th>k<td>v<tr><th>l<td><code>w|x</code></table>";
        assert_eq!(of(bare), "|  |  |\n| --- | --- |\n| k | v |\n| l | `w\\|x` |");
        let two = "<table><tr><th>A<th>B</table><table><tr><th>C<th>D</table>";
        assert_eq!(of(two), "| A | B |\n| --- | --- |\n\n| C | D |\n| --- | --- |");
    }

    #[test]
    fn layout_tables_become_paragraphs() {
        assert_eq!(of("<table><tr><td>Menu<td><h1>T</h1><p>a</table>"), "Menu\n\n# T\n\na");
    }

    #[test]
    fn inline_markup() {
        let page = "<p>a <b>b</b>, <i>c <b>d</b></i> <code>x`y</code> <a href='/u v(1)'>l [1]</a> <a href='#n'>n</a>";
        assert_eq!(of(page), "a **b**, *c **d*** ``x`y`` [l \\[1\\]](/u%20v%281%29) n");
        assert_eq!(of("<p><b><a href=u>x</a></b> <a href='javascript:f()'>y</a>"), "**[x](u)** y");
        assert_eq!(of("<p><code><b>x</b> y</code>"), "`x y`");
    }

    #[test]
    fn emphasis_that_would_not_be_read_is_left_out() {
        assert_eq!(of("<p>文<b>「字」</b>文 a<b>b</b>c"), "文「字」文 a**b**c");
        assert_eq!(of("<p><b>a</b><b>b</b> <b>c</b><i>d</i>"), "**ab** **c**d");
        assert_eq!(of("<p><b>a <b>b</b></b>"), "**a b**");
        assert_eq!(of("<p>x<b><a href=u>y</a></b>"), "x[y](u)");
    }

    #[test]
    fn characters_that_mean_something_are_escaped() {
        let lines = [
            ("# a", "\\# a"),
            ("#a", "#a"),
            ("- a", "\\- a"),
            ("-1", "-1"),
            ("---", "\\---"),
            ("===", "\\==="),
            ("> a", "\\> a"),
            ("12. a", "12\\. a"),
            ("12.5", "12.5"),
            ("~~~", "\\~\\~\\~"),
            ("a*b_c_ d_e [x] `y` \\", "a\\*b_c\\_ d_e \\[x\\] \\`y\\` \\\\"),
            ("1 < 2 <b> &amp; & b", "1 < 2 \\<b> \\&amp; & b"),
            ("a | b", "a | b"),
        ];
        for (line, expected) in lines {
            assert_eq!(markdown(&cleaned(line, Media::Text)), expected, "{line}");
        }
    }

    #[test]
    fn lines_of_a_text_page_stay_lines() {
        assert_eq!(markdown(&cleaned("a\nb\n\nc", Media::Text)), "a  \nb\n\nc");
    }
}
