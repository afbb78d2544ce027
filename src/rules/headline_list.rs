//! **Drops** Runs of headlines of other texts: four or more neighbouring short lines without full stops that share
//! next to nothing with the article, numbered or not, linked or not, also such that nothing parts.
//!
//! **Why** Sites pad articles with links to their other pages. With the links lost, what is left looks like a list
//! in the article.
//!
//! **Example** Under an article on tides: `1. Council opens new bus lane` … `100. Market hall to be painted blue`
//!
//! **Near miss** Steps, agendas, ingredients, rankings and tables of contents: they use the article's words, open
//! with numbers, times or labels, are introduced by a colon that no other list follows, or stand again as headings.
//!
//! **Languages** Any.
//!
//! **Source** A crawled page: 100 lines of 18 characters on average after a report on another city.

use std::collections::HashSet;
use std::ops::Range;

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
const MIN_DENSITY: f32 = 0.8;
/// Share of lines with a digit; with a comma; with a label; that stand elsewhere on the page, too; in table cells; that are
/// headings.
const MAX_DIGITS: f32 = 0.4;
const MAX_COMMAS: f32 = 0.35;
const MAX_LABELS: f32 = 0.5;
const MAX_ECHOES: f32 = 0.3;
const MAX_CELLS: f32 = 0.2;
const MAX_HEADINGS: f32 = 0.2;
/// Share of lines that are headings from which on it is a list of them.
const MIN_HEADINGS: f32 = 0.85;
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
/// How many lines, of which share at least nothing is in common with the article, and of all together at most which share
/// of what its paragraphs have in common with one another, are as strange as lines of which none has anything.
const BY_CHANCE: &[(usize, f32, f32)] = &[(5, 0.4, 0.4), (4, 0.5, 0.25)];
/// The longest mean of lines of which that holds, in letters.
const MAX_MEAN: f32 = 90.0;
/// The same for lines behind a colon, in an article whose paragraphs have at least this in common.
const MIN_LINES_INTRODUCED: usize = 5;
const MIN_STRANGERS_INTRODUCED: f32 = 0.6;
const MAX_KIN_INTRODUCED: f32 = 0.15;
const MIN_COHESION: f32 = 0.2;
/// From which share of its words on a line at the end of a run is the article's own, or may be; how many there are at most.
const OWN: f32 = 0.5;
const MAYBE_OWN: f32 = 0.25;
const MAX_OWN: usize = 2;
/// Share of lines whose number is one more than that of the line before.
const MIN_COUNTED: f32 = 0.7;
/// Headlines that nothing parts: the shortest such line in words, the share of long pieces between capitals, and what it
/// may share with the article beside what the article's paragraphs share with one another.
const MIN_RUN_ON: u32 = 18;
const MIN_LONG_PIECES: f32 = 0.6;
const MAX_RUN_ON_KIN: f32 = 0.4;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().length() < MIN_BODY {
        return;
    }
    let openings = openings(context);
    let close = |run: Run<'_>, findings: &mut Findings| {
        // One list may follow on another.
        if !run.cut(context, &openings, findings) {
            for part in run.parts(context) {
                part.cut(context, &openings, findings);
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
            close(std::mem::replace(&mut run, Run { introduced, ..Run::default() }), findings);
        }
        if one && is_run_on(context, index, block) {
            close(std::mem::take(&mut run), findings);
            findings.cut(index, "headlines run together");
        }
    }
    close(run, findings);
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

/// Whether a block is one long line of headlines that have nothing to do with the article: long pieces between capitals,
/// and no mark.
fn is_run_on(context: &Context<'_>, index: usize, block: &Block) -> bool {
    let stats = &block.stats;
    stats.words >= MIN_RUN_ON
        && stats.links + stats.sentence_ends + stats.commas == 0
        && stats.digits * 10 <= stats.chars
        && !context.is_code(index)
        && !context.is_heading(index)
        && !context.is_tabular(index)
        && reads_like_headlines(context.text(index))
        && context.body().overlap_with_others(index) <= MAX_RUN_ON_KIN * context.body().cohesion()
}

/// Whether most pieces that begin with a capital have as many words as a headline.
fn reads_like_headlines(text: &str) -> bool {
    let capitals: Vec<bool> =
        text.split_whitespace().map(|word| word.starts_with(char::is_uppercase)).collect();
    let pieces = || capitals.chunk_by(|_, capital| !capital);
    let long = pieces().filter(|piece| piece[0] && piece.len() >= MIN_UNITS).count();
    long >= MIN_LINES && long as f32 >= MIN_LONG_PIECES * pieces().count() as f32
}

/// The lines that open a part of the article: entries of a table of contents come back as such.
fn openings<'a>(context: &Context<'a>) -> HashSet<&'a str> {
    let opens = |index: usize| {
        context.is_heading(index) && !context.is_bare_heading(index)
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

/// Whether a text begins with one word and a colon, as entries of plans do; the labels of headlines are longer.
fn has_label(text: &str) -> bool {
    text.split_once(COLONS)
        .is_some_and(|(label, _)| !label.is_empty() && label.chars().all(char::is_alphabetic))
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

    /// Whether its lines are worded as headlines, not as entries of tables, plans and contents.
    fn reads_like_one(&self, context: &Context<'_>, openings: &HashSet<&str>, counted: bool) -> bool {
        let share = |holds: &dyn Fn(&Item<'_>) -> bool| self.share(holds);
        let echoes = |item: &Item<'_>| !context.is_heading(item.block) && openings.contains(item.text);
        share(&|item| has_comma(item.text)) <= MAX_COMMAS
            && share(&|item| has_label(item.text)) <= MAX_LABELS
            && share(&echoes) <= MAX_ECHOES
            && share(&|item| has_digit(item.text, counted)) <= MAX_DIGITS
    }

    /// Which of its lines are headlines of other texts, and what tells so.
    fn evidence(&self, context: &Context<'_>, openings: &HashSet<&str>) -> Option<(Range<usize>, String)> {
        let lines = self.headlines.len();
        if lines < MIN_LINES {
            return None;
        }
        let share = |holds: &dyn Fn(&Item<'_>) -> bool| self.share(holds);
        let mut blocks: Vec<usize> = self.headlines.iter().map(|item| item.block).collect();
        blocks.dedup();
        let body_share = context.body().share_without(&blocks);
        let letters: f32 = self.headlines.iter().map(|item| length(item.text)).sum();
        if body_share < MIN_BODY_SHARE_ENCLOSED || letters < MIN_MEAN * lines as f32 {
            return None;
        }
        let counted = self.is_counted();
        let linked = items::linked(context, &blocks) > 0.5;
        let density = lines as f32 / (lines + self.strays) as f32;
        if !self.reads_like_one(context, openings, counted) || !linked && density < MIN_DENSITY {
            return None;
        }
        let brief = letters <= MAX_MEAN * lines as f32;
        let (first, behind) = (blocks[0], blocks[blocks.len() - 1] + 1);
        let ends_in_prose = context.body().is_prose(behind);
        let enclosed = ends_in_prose && first > 0 && context.body().is_prose(first - 1);
        let headings = share(&|item| context.is_heading(item.block));
        let tabular = share(&|item| context.is_tabular(item.block)) > MAX_CELLS;
        let bounds = match (context.body().ends_before(first), linked) {
            _ if tabular => CELLS,
            (true, _) => OUTSIDE,
            (false, true) => LINKED,
            (false, false) => INSIDE,
        };
        // What the lines share with the article costs most to tell, and most runs are told from lists without it.
        let own = |item: &Item<'_>| context.body().overlap_of_part(item.block, item.text);
        let overlaps: Vec<f32> = self.headlines.iter().map(own).collect();
        let is_strange = |part: &Range<usize>| {
            let kinship = Kinship::of(&overlaps[part.clone()]);
            let cohesion = context.body().cohesion();
            // A colon that introduces other things has them behind the list.
            if self.introduced && (ends_in_prose || !kinship.is_none(cohesion)) {
                return false;
            }
            let overlap = if brief { kinship.overlap_beside(cohesion) } else { kinship.overlap };
            let strange = overlap <= MAX_OVERLAP_STRANGE && context.body().length() >= MIN_BODY_STRANGE;
            let least = match (strange, overlap <= MAX_OVERLAP_ENCLOSED && enclosed) {
                (_, true) => MIN_BODY_SHARE_ENCLOSED,
                (true, _) => MIN_BODY_SHARE_STRANGE,
                _ => MIN_BODY_SHARE,
            };
            // Headings open something; those that follow one another and say nothing of the article do not.
            let bare = headings <= MAX_HEADINGS || headings >= MIN_HEADINGS && overlap <= MAX_OVERLAP_STRANGE;
            body_share >= least
                && (linked || bare)
                && bounds.iter().any(|&(least, most)| kinship.lines >= least && overlap <= most)
        };
        let part = [strangers(&overlaps, OWN), 0..lines, strangers(&overlaps, MAYBE_OWN)]
            .into_iter()
            .find(is_strange)?;
        let overlap = Kinship::of(&overlaps[part.clone()]).overlap;
        let evidence = format!("{} headlines, {overlap:.2} of their words in the article", part.len());
        Some((part, evidence))
    }

    /// Share of the headlines of which something holds.
    fn share(&self, holds: &dyn Fn(&Item<'_>) -> bool) -> f32 {
        self.headlines.iter().filter(|item| holds(item)).count() as f32 / self.headlines.len() as f32
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

    /// Cuts its headlines of other texts and what stands between them, if there are any.
    fn cut(&self, context: &Context<'_>, openings: &HashSet<&str>, findings: &mut Findings) -> bool {
        let Some((part, evidence)) = self.evidence(context, openings) else { return false };
        let part = &self.headlines[part];
        for index in part[0].block..=part[part.len() - 1].block {
            findings.cut(index, evidence.clone());
        }
        true
    }
}

/// What lines have in common with the article.
struct Kinship {
    lines: usize,
    /// The mean share of their telling tokens that the article uses.
    overlap: f32,
    /// Share of lines of which it uses none.
    strangers: f32,
}

impl Kinship {
    fn of(shares: &[f32]) -> Self {
        let lines = shares.len();
        let strangers = shares.iter().filter(|share| **share == 0.0).count();
        Self {
            lines,
            overlap: shares.iter().sum::<f32>() / lines.max(1) as f32,
            strangers: strangers as f32 / lines.max(1) as f32,
        }
    }

    /// Whether it is next to nothing beside what the article's paragraphs have in common with one another.
    fn is_none(&self, cohesion: f32) -> bool {
        self.lines >= MIN_LINES_INTRODUCED
            && cohesion >= MIN_COHESION
            && self.strangers >= MIN_STRANGERS_INTRODUCED
            && self.overlap <= MAX_KIN_INTRODUCED * cohesion
    }

    /// The overlap, or that of lines that share nothing: by chance some share a word with a long article, but not what its
    /// paragraphs share with one another.
    fn overlap_beside(&self, cohesion: f32) -> f32 {
        let by_chance = BY_CHANCE.iter().any(|&(lines, strangers, kin)| {
            self.lines >= lines && self.strangers >= strangers && self.overlap <= kin * cohesion
        });
        if by_chance { self.overlap.min(MAX_OVERLAP_ENCLOSED) } else { self.overlap }
    }
}

/// The lines without those at the ends that share much with the article: its own may stand before or after a list.
fn strangers(shares: &[f32], own: f32) -> Range<usize> {
    let is_own = |share: &&f32| **share > own;
    let before = shares.iter().take(MAX_OWN).take_while(is_own).count();
    let after = shares.iter().rev().take(MAX_OWN - before).take_while(is_own).count();
    before..shares.len().saturating_sub(after).max(before)
}

fn has_comma(text: &str) -> bool {
    text.contains([',', '，', '、', ';', '；', '،'])
}

/// Whether a text has a digit, but for the number that counts it.
fn has_digit(text: &str, counted: bool) -> bool {
    text[if counted { counter(text).1 } else { 0 }..].contains(|c: char| c.is_ascii_digit())
}
