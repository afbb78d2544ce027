//! **Drops** Runs of headlines of other texts: eight or more neighbouring short lines without full stops that share
//! next to nothing with the article, numbered or not, linked or not.
//!
//! **Why** Sites pad articles with links to their other pages. With the links lost, what is left looks like a list
//! in the article.
//!
//! **Example** Under an article on tides: `1. Council opens new bus lane` … `100. Market hall to be painted blue`
//!
//! **Near miss** Steps, agendas, ingredients, rankings and tables of contents: they use the article's words, open
//! with numbers or times, are introduced by a colon, or stand again as headings.
//!
//! **Languages** Any.
//!
//! **Source** A crawled page: 100 lines of 18 characters on average after a report on another city.

use std::collections::HashSet;

use super::items::{self, Item, length, unnumbered};
use super::{Context, Findings};
use crate::blocks::chars;
use crate::page::{Block, Role};

/// A headline's length in letters, and the shortest mean of a list.
const HEADLINE: std::ops::RangeInclusive<f32> = 18.0..=160.0;
const MIN_MEAN: f32 = 22.0;
/// The fewest words of a headline, CJK characters counted one by one.
const MIN_UNITS: usize = 4;
/// Short lines (dates, counts) that may stand between two headlines.
const MAX_STRAYS: usize = 2;
/// Share of headlines in a run without links: what lists other things comes with prices, names, labels.
const MIN_DENSITY: f32 = 0.85;
/// Share of lines with a digit; with a comma; that stand elsewhere on the page, too; in table cells; that are headings.
const MAX_DIGITS: f32 = 0.4;
const MAX_COMMAS: f32 = 0.35;
const MAX_ECHOES: f32 = 0.3;
const MAX_CELLS: f32 = 0.2;
const MAX_HEADINGS: f32 = 0.2;
/// How many headlines make a list, and the share of telling tokens that they may have in common with the article: after
/// the article's end, inside it and linked, inside it, in the cells of a table.
const OUTSIDE: Bounds = &[(5, 0.3), (4, 0.1)];
const LINKED: Bounds = &[(8, 0.2), (4, 0.12)];
const INSIDE: Bounds = &[(8, 0.2), (6, 0.12), (4, 0.06)];
const CELLS: Bounds = &[(8, 0.2), (6, 0.1)];
type Bounds = &'static [(usize, f32)];
/// The fewest headlines that any of these takes for a list.
const MIN_LINES: usize = 4;
/// The shortest article, in letters, and its share of all likely body text but the list. Shops, forums and manuals list
/// their own things in this shape; on the development pages these bounds part them from articles.
const MIN_BODY: f32 = 400.0;
const MIN_BODY_SHARE: f32 = 0.45;
/// The same for a list that shares less than this with an article of this length.
const MIN_BODY_SHARE_STRANGE: f32 = 0.25;
const MAX_OVERLAP_STRANGE: f32 = 0.1;
const MIN_BODY_STRANGE: f32 = 1500.0;
/// The same for a list between two paragraphs that shares less than this with them.
const MIN_BODY_SHARE_ENCLOSED: f32 = 0.1;
const MAX_OVERLAP_ENCLOSED: f32 = 0.05;
/// How many lines, of which this share has nothing in common with the article and all together at most this share of what
/// the article's paragraphs have in common with one another, are as strange as lines of which none has any.
const MIN_LINES_STRANGE: usize = 5;
const MIN_STRANGERS: f32 = 0.4;
const MAX_KIN: f32 = 0.4;
/// Share of lines whose number is one more than that of the line before.
const MIN_COUNTED: f32 = 0.7;
/// Headlines that nothing parts: the shortest such line in words, its most commas, what it may share with the article.
const MIN_RUN_ON: u32 = 22;
const MAX_RUN_ON_COMMAS: u32 = 2;
const MAX_RUN_ON_OVERLAP: f32 = 0.08;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().length() < MIN_BODY {
        return;
    }
    let openings = openings(context);
    let mut close = |run: Run<'_>| {
        if let Some(evidence) = run.evidence(context, &openings) {
            run.cut(&evidence, findings);
            return;
        }
        // One list may follow on another.
        for part in run.parts(context) {
            if let Some(evidence) = part.evidence(context, &openings) {
                part.cut(&evidence, findings);
            }
        }
    };
    let mut run = Run::default();
    let mut lines = Vec::new();
    for (index, block) in context.blocks() {
        lines.clear();
        if !context.is_code(index) {
            push_lines(context, index, &mut lines);
        }
        let one = lines.len() <= 1;
        if one && context.body().is_prose(index) || !run.take(index, &lines) {
            let introduced = context.text(index).ends_with(COLONS);
            close(std::mem::replace(&mut run, Run { introduced, ..Run::default() }));
        }
        if one && is_run_on(context, index, block) {
            close(std::mem::replace(&mut run, Run { unparted: Some(index), ..Run::default() }));
            run = Run::default();
        }
    }
    close(run);
}

const COLONS: [char; 2] = [':', '：'];

/// Adds the lines of a block: what parts of a list it holds, or itself.
fn push_lines<'a>(context: &Context<'a>, index: usize, to: &mut Vec<Line<'a>>) {
    let parted = context.parted(index);
    if !parted.is_empty() {
        to.extend(parted.iter().map(|line| Line::of(line)));
        return;
    }
    // Commas part clauses, too: only what begins anew each time is a list of headlines.
    let begins = |line: &Line<'_>| line.text.starts_with(char::is_uppercase) && line.kind == Kind::Headline;
    // No character counts more than its bytes.
    let has_room = context.text(index).len() as f32 >= MIN_UNITS as f32 * HEADLINE.start();
    let pieces = has_room.then(|| items::between_commas(context, index)).flatten();
    if let Some(pieces) = pieces.filter(|pieces| pieces.len() >= MIN_UNITS) {
        let lines: Vec<Line<'_>> = pieces.into_iter().map(Line::of).collect();
        if lines.iter().all(begins) {
            to.extend(lines);
            return;
        }
    }
    // Running text ends a list whatever kind of line it is.
    if !context.body().is_prose(index) {
        to.push(Line::of(unnumbered(context.text(index))));
    }
}

/// A line of a block.
struct Line<'a> {
    text: &'a str,
    kind: Kind,
}

impl<'a> Line<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, kind: kind(text) }
    }
}

/// Whether a block is a long line without a stop that has nothing to do with the article.
fn is_run_on(context: &Context<'_>, index: usize, block: &Block) -> bool {
    let stats = &block.stats;
    stats.words >= MIN_RUN_ON
        && !stats.ends_sentence
        && stats.sentence_ends <= 2
        && stats.commas <= MAX_RUN_ON_COMMAS
        && stats.digits * 10 <= stats.chars
        && !context.is_code(index)
        && !context.is_heading(index)
        && !context.is_tabular(index)
        && context.body().overlap_with_others(index) <= MAX_RUN_ON_OVERLAP
}

/// The lines that open a part of the article: entries of a table of contents come back as such.
fn openings<'a>(context: &Context<'a>) -> HashSet<&'a str> {
    let opens = |index: usize| {
        context.is_heading(index)
            || !context.body().is_prose(index)
                && index + 1 < context.page.blocks.len()
                && context.body().is_prose(index + 1)
    };
    context.blocks().filter(|(i, _)| opens(*i)).map(|(i, _)| unnumbered(context.text(i))).collect()
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Headline,
    /// A date, a count, a button.
    Stray,
    Other,
}

fn kind(text: &str) -> Kind {
    let length = length(text);
    if length < *HEADLINE.start() || !has_units(text) {
        return Kind::Stray;
    }
    let stop = text.ends_with(['.', '。']) && !text.ends_with("...");
    // What ends in a colon introduces the list.
    if length > *HEADLINE.end() || stop || text.ends_with(COLONS) {
        return Kind::Other;
    }
    // Bytes are counted many at once, characters one by one.
    let wide = |marks: [char; 3]| {
        if text.is_ascii() { 0 } else { text.chars().filter(|c| marks.contains(c)).count() }
    };
    let commas = text.bytes().filter(|byte| matches!(byte, b',' | b';')).count() + wide(['，', '、', '；']);
    let ends = text.bytes().filter(|byte| matches!(byte, b'.' | b'!' | b'?')).count();
    let ends = ends + wide(['。', '！', '？']);
    if ends > 3 || commas > 2 { Kind::Other } else { Kind::Headline }
}

/// The number that a text begins with, and its bytes.
fn counter(text: &str) -> (Option<u32>, usize) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (text[..digits].parse().ok().filter(|_| digits <= 3), digits)
}

/// Whether a text has as many words as a headline; a CJK character counts as one.
fn has_units(text: &str) -> bool {
    let units = |word: &str| match word.chars().filter(|c| chars::is_cjk(*c)).count() {
        0 => usize::from(word.contains(char::is_alphabetic)),
        cjk => cjk,
    };
    let mut missing = MIN_UNITS;
    text.split_whitespace().any(|word| {
        missing = missing.saturating_sub(units(word));
        missing == 0
    })
}

/// Headlines that stand together.
#[derive(Default)]
struct Run<'a> {
    headlines: Vec<Item<'a>>,
    /// Blocks of other short lines between headlines.
    strays: usize,
    /// Other short lines since the last headline.
    behind: usize,
    /// The line before ended with a colon.
    introduced: bool,
    /// One line of headlines that nothing parts.
    unparted: Option<usize>,
}

impl<'a> Run<'a> {
    /// Takes the lines of a block, if they may belong to the run.
    fn take(&mut self, block: usize, lines: &[Line<'a>]) -> bool {
        if lines.is_empty() || lines.iter().any(|line| line.kind == Kind::Other) {
            return false;
        }
        let headlines = lines.iter().filter(|line| line.kind == Kind::Headline);
        let count = headlines.clone().count();
        if count == 0 && lines.len() == 1 && !lines[0].text.contains(char::is_alphabetic) {
            return true;
        }
        if count == 0 {
            self.behind += 1;
            self.introduced |= self.headlines.is_empty() && lines[0].text.ends_with(COLONS);
            return lines.len() == 1 && self.behind <= MAX_STRAYS;
        }
        if count * 2 < lines.len() {
            return false;
        }
        if !self.headlines.is_empty() {
            self.strays += self.behind;
        }
        self.behind = 0;
        self.headlines.extend(headlines.map(|line| Item { block, text: line.text }));
        true
    }

    /// What makes it a list of headlines of other texts.
    fn evidence(&self, context: &Context<'_>, openings: &HashSet<&str>) -> Option<String> {
        if self.unparted.is_some() {
            return Some("headlines run together".to_owned());
        }
        let first = self.headlines.first()?.block;
        let lines = self.headlines.len();
        if self.introduced || lines < MIN_LINES {
            return None;
        }
        let sum = |value: &dyn Fn(&Item<'_>) -> f32| self.headlines.iter().map(value).sum::<f32>();
        let share =
            |holds: &dyn Fn(&Item<'_>) -> bool| sum(&|i| f32::from(u8::from(holds(i)))) / lines as f32;

        let mut blocks: Vec<usize> = self.headlines.iter().map(|i| i.block).collect();
        blocks.dedup();
        let body_share = context.body().share_without(&blocks);
        if body_share < MIN_BODY_SHARE_ENCLOSED || sum(&|i| length(i.text)) < MIN_MEAN * lines as f32 {
            return None;
        }
        let has_comma = |text: &str| text.contains([',', '，', '、', ';', '；', '،']);
        let counted = self.is_counted();
        let has_digit = |text: &str| {
            text[if counted { counter(text).1 } else { 0 }..].contains(|c: char| c.is_ascii_digit())
        };
        let plain = share(&|i| has_comma(i.text)) <= MAX_COMMAS
            && share(&|i| !context.is_heading(i.block) && openings.contains(i.text)) <= MAX_ECHOES
            && share(&|i| has_digit(i.text)) <= MAX_DIGITS;
        let linked = items::linked(context, &blocks) > 0.5;
        let density = lines as f32 / (lines + self.strays) as f32;
        if !plain || !linked && density < MIN_DENSITY {
            return None;
        }
        // What the lines share with the article costs most to tell, and most runs are told from lists without it.
        let shares = |item: &Item<'_>| context.body().overlap_of_part(item.block, item.text);
        let shares: Vec<f32> = self.headlines.iter().map(shares).collect();
        let mut overlap = shares.iter().sum::<f32>() / lines as f32;
        // By chance some lines share a word with a long article, but not what its paragraphs share with one another.
        let strangers = shares.iter().filter(|share| **share == 0.0).count();
        if lines >= MIN_LINES_STRANGE
            && strangers as f32 >= MIN_STRANGERS * lines as f32
            && overlap <= MAX_KIN * context.body().cohesion()
        {
            overlap = overlap.min(MAX_OVERLAP_ENCLOSED);
        }
        let strange = overlap <= MAX_OVERLAP_STRANGE && context.body().length() >= MIN_BODY_STRANGE;
        let least = match (strange, overlap <= MAX_OVERLAP_ENCLOSED && self.is_enclosed(context)) {
            (_, true) => MIN_BODY_SHARE_ENCLOSED,
            (true, _) => MIN_BODY_SHARE_STRANGE,
            _ => MIN_BODY_SHARE,
        };
        let headings = share(&|i| context.is_heading(i.block));
        // Headings open something; those that follow one another and say nothing of the article do not.
        let bare = headings <= MAX_HEADINGS || headings >= MIN_DENSITY && overlap <= MAX_OVERLAP_STRANGE;
        if body_share < least || !linked && !bare {
            return None;
        }
        let tabular = share(&|i| context.is_tabular(i.block)) > MAX_CELLS;
        let bounds = match (context.body().ends_before(first), linked) {
            _ if tabular => CELLS,
            (true, _) => OUTSIDE,
            (false, true) => LINKED,
            (false, false) => INSIDE,
        };
        let enough = bounds.iter().any(|&(least, most)| lines >= least && overlap <= most);
        enough.then(|| format!("{lines} headlines, {overlap:.2} of their words in the article"))
    }

    /// Whether it stands between two paragraphs of the article.
    fn is_enclosed(&self, context: &Context<'_>) -> bool {
        let first = self.headlines.first().map_or(0, |item| item.block);
        let next = self.headlines.last().map_or(0, |item| item.block) + 1;
        first > 0 && context.body().is_prose(first - 1) && context.body().is_prose(next)
    }

    /// The run in parts of the same layout, if there are several.
    fn parts(&self, context: &Context<'_>) -> Vec<Run<'a>> {
        let layout = |item: &Item<'_>| {
            let layout = context.page.blocks[item.block].layout;
            let counted = counter(item.text).0.is_some();
            let level = if let Role::Heading(level) = layout.role { level } else { 0 };
            (std::mem::discriminant(&layout.role), level, layout.lists, layout.quotes, counted)
        };
        if self.headlines.len() < MIN_LINES {
            return Vec::new();
        }
        let parts: Vec<_> = self.headlines.chunk_by(|a, b| layout(a) == layout(b)).collect();
        let several = if parts.len() > 1 { parts } else { Vec::new() };
        let run = |part: &[Item<'a>]| Run {
            headlines: part.to_vec(),
            introduced: self.introduced,
            ..Run::default()
        };
        several.into_iter().map(run).collect()
    }

    /// Whether the lines are counted: 1, 2, 3, whatever stands around the numbers.
    fn is_counted(&self) -> bool {
        let numbers: Vec<u32> = self.headlines.iter().filter_map(|i| counter(i.text).0).collect();
        let steps = numbers.windows(2).filter(|two| two[1] == two[0] + 1).count();
        numbers.len() == self.headlines.len() && steps as f32 >= MIN_COUNTED * (numbers.len() - 1) as f32
    }

    /// Cuts the headlines and what stands between them.
    fn cut(&self, evidence: &str, findings: &mut Findings) {
        if let Some(block) = self.unparted {
            findings.cut(block, evidence);
        }
        if let (Some(first), Some(last)) = (self.headlines.first(), self.headlines.last()) {
            for index in first.block..=last.block {
                findings.cut(index, evidence);
            }
        }
    }
}
