//! The text of one block in Markdown: its characters escaped where they would mean something, its links, bold,
//! emphasis and code marked.
//!
//! Parts that were cut out of the block are passed over.
//!
//! Marks are left out where CommonMark would not read them as such, inside words for one: text without emphasis is
//! right, text with stray asterisks is not.

use super::structure::Place;
use crate::page::{Block, Page, Span, SpanKind, Verdict};

/// Where the text will stand, as far as it matters for what has to be escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// At the start of a line: `#`, `-` and their like would start something.
    Line,
    /// In a heading, which is bold as it is.
    Heading,
    /// In a cell of a table, which a `|` would end.
    Cell,
}

/// Writes the text of a block.
pub(super) fn write(page: &Page, place: &Place<'_>, position: Position, out: &mut String) {
    let start = out.len();
    let (block, verdict) = (place.block, place.verdict);
    let writer = Writer { page, block, verdict, position, open: Vec::new(), closed: None, start, out };
    writer.run();
}

struct Writer<'a> {
    page: &'a Page,
    block: &'a Block,
    verdict: &'a Verdict,
    position: Position,
    /// Spans that are open, outermost first, with the byte where each ends.
    open: Vec<(&'a Span, u32, Mark)>,
    /// The mark that was closed last and the length of the output then.
    closed: Option<(Mark, usize)>,
    /// The length of the output before the block.
    start: usize,
    out: &'a mut String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Stars(&'static str),
    Link,
    Code,
}

impl<'a> Writer<'a> {
    fn run(mut self) {
        let mut at = self.block.text.start;
        for span in self.page.spans_of(self.block) {
            self.advance(&mut at, span.text.start);
            self.open(span);
        }
        self.advance(&mut at, self.block.text.end);
    }

    /// Writes the text up to a byte and closes what ends before it.
    fn advance(&mut self, at: &mut u32, to: u32) {
        while let Some(&(_, end, _)) = self.open.last().filter(|(_, end, _)| *end <= to) {
            self.text(*at, end);
            *at = end.max(*at);
            self.close();
        }
        self.text(*at, to);
        *at = to.max(*at);
    }

    fn open(&mut self, span: &'a Span) {
        let outer = self.open.last().map_or(self.block.text.end, |(_, end, _)| *end);
        let end = span.text.end.min(outer);
        let Some(mark) = self.mark(span, end) else { return };
        match mark {
            Mark::Link => self.out.push('['),
            Mark::Code => {}
            Mark::Stars(stars) => match self.closed.filter(|(_, length)| *length == self.out.len()) {
                // Two of the same kind that touch become one.
                Some((before, length)) if before == mark => self.out.truncate(length - stars.len()),
                Some((Mark::Stars(_), _)) => return,
                _ => self.out.push_str(stars),
            },
        }
        self.open.push((span, end, mark));
    }

    /// How a span is marked, if it can be.
    fn mark(&self, span: &Span, end: u32) -> Option<Mark> {
        let inside = |mark: Mark| self.open.iter().any(|(_, _, open)| *open == mark);
        if inside(Mark::Code) || self.is_cut(span.text.start, end) {
            return None;
        }
        let mark = match span.kind {
            SpanKind::Code => Mark::Code,
            SpanKind::Link(_) => Mark::Link,
            SpanKind::Strong => Mark::Stars("**"),
            SpanKind::Emphasis => Mark::Stars("*"),
        };
        let fits = match mark {
            Mark::Code => true,
            Mark::Link => target(self.page.href(span)).is_some(),
            Mark::Stars(stars) => {
                !(stars == "**" && self.position == Position::Heading) && self.can_flank(span.text.start, end)
            }
        };
        (fits && !inside(mark)).then_some(mark)
    }

    /// Whether stars around this text would be read as emphasis: they must touch it from outside the word.
    fn can_flank(&self, start: u32, end: u32) -> bool {
        let (start, end) = (start as usize, end as usize);
        let block = self.block.text.start as usize..self.block.text.end as usize;
        let (before, after) = (&self.page.text[block.start..start], &self.page.text[end..block.end]);
        let inner = &self.page.text[start..end];
        let marks_at = |edge: usize| {
            let is_marked = |s: &&Span| s.text.start as usize == edge || s.text.end as usize == edge;
            let spans = self.page.spans_of(self.block).iter().filter(is_marked);
            spans.into_iter().any(|s| matches!(s.kind, SpanKind::Link(_) | SpanKind::Code))
        };
        // Link brackets and code ticks at the edge are punctuation to CommonMark.
        let flanks = |inside: Option<char>, outside: Option<char>, edge: usize| {
            let Some(inside) = inside else { return false };
            let is_open = outside.is_none_or(|c| c.is_whitespace() || is_punctuation(c));
            !inside.is_whitespace() && (is_open || !(is_punctuation(inside) || marks_at(edge)))
        };
        flanks(inner.chars().next(), before.chars().next_back(), start)
            && flanks(inner.chars().next_back(), after.chars().next(), end)
    }

    fn close(&mut self) {
        let Some((span, _, mark)) = self.open.pop() else { return };
        match mark {
            Mark::Stars(stars) => self.out.push_str(stars),
            Mark::Link => {
                let target = target(self.page.href(span)).unwrap_or_default();
                self.out.push_str("](");
                self.out.push_str(&target);
                self.out.push(')');
            }
            Mark::Code => {}
        }
        self.closed = Some((mark, self.out.len()));
    }

    fn text(&mut self, from: u32, to: u32) {
        if from >= to {
            return;
        }
        let spans = &self.verdict.cut_spans;
        let Some(cut) = spans.iter().find(|cut| cut.text.start < to && cut.text.end > from) else {
            self.stretch(from, to);
            return;
        };
        if from < cut.text.start {
            self.stretch(from, cut.text.start);
        }
        self.text(cut.text.end.max(from), to);
    }

    /// Whether nothing of a range stays.
    fn is_cut(&self, start: u32, end: u32) -> bool {
        let cut = &self.verdict.cut_spans;
        start >= end || cut.iter().any(|cut| cut.text.start <= start && end <= cut.text.end)
    }

    fn stretch(&mut self, from: u32, to: u32) {
        let text = &self.page.text[from as usize..to as usize];
        if self.open.iter().any(|(_, _, mark)| *mark == Mark::Code) {
            self.code(text);
        } else {
            let at_start = self.out.len() == self.start && self.position == Position::Line;
            escape(text, at_start, self.position == Position::Cell, self.out);
        }
    }

    /// A code span: as many ticks around it as it takes.
    fn code(&mut self, text: &str) {
        let ticks = "`".repeat(longest_run(text, '`') + 1);
        let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
        let text = text.replace('\n', " ");
        let text = if self.position == Position::Cell { text.replace('|', "\\|") } else { text };
        for part in [&ticks, pad, &text, pad, &ticks] {
            self.out.push_str(part);
        }
    }
}

/// The length of the longest run of a character.
pub(super) fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(|run| run.len() / of.len_utf8()).max().unwrap_or(0)
}

/// A link's target as it can stand in brackets; none if it leads nowhere.
fn target(href: &str) -> Option<String> {
    let scheme = href.split(':').next().unwrap_or_default();
    let is_script = ["javascript", "data", "vbscript"].iter().any(|s| scheme.eq_ignore_ascii_case(s));
    if href.is_empty() || href.starts_with('#') || is_script {
        return None;
    }
    let mut out = String::with_capacity(href.len());
    for c in href.chars() {
        match c {
            ' ' => out.push_str("%20"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            '|' => out.push_str("%7C"),
            _ if c.is_control() || c.is_whitespace() => {}
            _ => out.push(c),
        }
    }
    Some(out)
}

/// Escapes what Markdown would read as more than text.
fn escape(text: &str, at_line_start: bool, in_cell: bool, out: &mut String) {
    let text = if at_line_start { escape_start(text, out) } else { text };
    let mut previous = out.chars().next_back();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let next = rest.clone().next();
        let is_special = match c {
            '\\' | '`' | '*' | '[' | ']' => true,
            // Inside a word it means nothing.
            '_' => !(is_word(previous) && is_word(next)),
            '~' => previous == Some('~') || next == Some('~'),
            '<' => next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
            '&' => is_reference(rest.as_str()),
            '|' => in_cell,
            _ => false,
        };
        if is_special {
            out.push('\\');
        }
        // A block is one line here; preformatted text in a cell is the one case that is not.
        out.push(if c == '\n' { ' ' } else { c });
        previous = Some(c);
    }
}

/// Escapes what would start a heading, quote, item, rule, fence or table row; gives the text still to be written.
fn escape_start<'a>(text: &'a str, out: &mut String) -> &'a str {
    let Some(first) = text.chars().next() else { return text };
    let after = &text[first.len_utf8()..];
    let ends_word = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
    let is_start = match first {
        '#' => ends_word(text.trim_start_matches('#')),
        '>' => true,
        '+' => ends_word(after),
        '-' => ends_word(after) || text.chars().all(|c| matches!(c, '-' | ' ' | '|' | ':')),
        '=' => text.trim_end_matches([' ', '=']).is_empty(),
        '~' => after.starts_with("~~"),
        '|' | ':' => text.chars().all(|c| matches!(c, '-' | ' ' | '|' | ':')),
        _ => false,
    };
    if is_start {
        out.push('\\');
        out.push(first);
        return after;
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marker = text[digits..].strip_prefix(['.', ')']);
    if (1..=9).contains(&digits) && marker.is_some_and(ends_word) {
        out.push_str(&text[..digits]);
        out.push('\\');
        out.push_str(&text[digits..=digits]);
        return &text[digits + 1..];
    }
    text
}

/// Whether what follows a `&` makes it a character reference.
fn is_reference(rest: &str) -> bool {
    let name = rest.strip_prefix('#').unwrap_or(rest);
    let length = name.bytes().take(32).take_while(u8::is_ascii_alphanumeric).count();
    length > 0 && name.as_bytes().get(length) == Some(&b';')
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// Punctuation as CommonMark counts it: also symbols, in any script.
fn is_punctuation(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control()
}
