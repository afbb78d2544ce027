//! Bylines and date lines: text near the title or the end of the body that tells who wrote the page, and when.
//!
//! In: blocks, of either media. A phrase beside a name or a date says what it is (`By`, `作者：`, `重新编辑`); a date
//! without one, between title and body, is taken for the publication. Only short blocks are read, and none of
//! comments or teasers.

use std::ops::Range;

use crate::lexicon::{Concept, Cue, CueHit, Lexicon};
use crate::page::{Block, Page, Role, Verdict};

use super::dates::{self, DateHit, Order};
use super::{Candidates, names, rank, title};

/// Blocks that are read before and after the title, and after the last kept block.
const BEFORE: usize = 8;
const AFTER: usize = 24;
const TAIL: usize = 8;

/// Bytes of the longest block that is read.
const MAX_BLOCK: usize = 400;

/// Bytes of text after the title within which a byline stands.
const MAX_TEXT: usize = 4000;

/// Bytes of a line that is nothing but a stamp, and how many lines with digits are asked.
const MAX_STAMP: usize = 80;
const MAX_STAMPS: usize = 1000;

/// Bytes between a phrase and the date that it is about.
const MAX_GAP: usize = 40;

/// What is read.
pub(super) struct Sources<'a> {
    pub(super) page: &'a Page,
    pub(super) verdicts: &'a [Verdict],
    /// The title that was chosen, or nothing.
    pub(super) title: &'a str,
    pub(super) lexicon: &'a Lexicon,
    /// How the page's language writes numeric dates.
    pub(super) order: Order,
}

/// Reads the blocks around title and body.
pub(super) fn read(sources: &Sources<'_>, candidates: &mut Candidates) {
    let blocks = &sources.page.blocks;
    let kept = |at: &usize| sources.verdicts.get(*at).is_some_and(|verdict| verdict.keep);
    let anchor = anchor(sources).or_else(|| (0..blocks.len()).find(kept));
    let Some(anchor) = anchor else { return };
    read_range(sources, head(blocks, anchor), candidates, rank::PLAIN);
    read_range(sources, anchor.saturating_sub(BEFORE)..anchor, candidates, rank::PLAIN);
    if let Some(last) = (0..blocks.len()).rev().find(kept) {
        let start = last.saturating_sub(3).max(anchor);
        read_range(sources, start..blocks.len().min(last + TAIL), candidates, rank::VAGUE);
    }
    read_stamp(sources, anchor, candidates);
}

/// The first line further down that is nothing but a stamp of the last change, if no other source names one.
fn read_stamp(sources: &Sources<'_>, anchor: usize, candidates: &mut Candidates) {
    if candidates.modified.best().is_some() {
        return;
    }
    let is_short = |block: &&Block| (6..=14).contains(&block.stats.digits) && block.text.len() <= MAX_STAMP;
    let lines = sources.page.blocks[anchor..].iter().filter(is_short);
    for block in lines.filter(|block| !block.hidden && !is_elsewhere(block)).take(MAX_STAMPS) {
        let text = sources.page.text_of(block);
        let line = Line {
            text,
            cues: sources.lexicon.cues(text),
            dates: dates::find(text, sources.order),
            before: None,
        };
        // The stamps of a forum's posts name who changed them.
        let named = line.cues.iter().any(|hit| matches!(hit.cue, Cue::Other | Cue::Author | Cue::By));
        if !named && line.dates.len() == 1 && line.role(0) == Some(Cue::Modified) {
            candidates.modified.add(line.dates[0].date, "labelled date in text", rank::VAGUE);
            return;
        }
    }
}

/// The blocks after the title, up to a fair amount of text.
fn head(blocks: &[Block], anchor: usize) -> Range<usize> {
    let start = blocks[anchor].text.start;
    let near = |block: &&Block| (block.text.start - start) as usize <= MAX_TEXT;
    let count = blocks[anchor..].iter().take(AFTER).take_while(near).count();
    anchor..anchor + count
}

/// The block of the title: a heading of its words, or else the first block of them.
fn anchor(sources: &Sources<'_>) -> Option<usize> {
    let page = sources.page;
    let wanted = title::key(sources.title);
    if wanted.is_empty() {
        return None;
    }
    let is_title = |block: &&Block| {
        let text = page.text_of(block);
        text.len() >= wanted.len() / 2
            && text.len() <= 4 * wanted.len() + 40
            && title::key_of(text).eq(wanted.chars())
    };
    let is_heading = |block: &&Block| matches!(block.layout.role, Role::Heading(1 | 2)) && !block.hidden;
    let position = |found: &dyn Fn(&&Block) -> bool| page.blocks.iter().position(|block| found(&block));
    position(&|block| is_heading(block) && is_title(block)).or_else(|| position(&|block| is_title(block)))
}

fn read_range(sources: &Sources<'_>, range: Range<usize>, candidates: &mut Candidates, plain: u8) {
    let page = sources.page;
    let mut before = None;
    for at in range {
        let block = &page.blocks[at];
        let text = page.text_of(block);
        if block.hidden || is_elsewhere(block) || text.len() > MAX_BLOCK {
            before = None;
            continue;
        }
        let line =
            Line { text, cues: sources.lexicon.cues(text), dates: dates::find(text, sources.order), before };
        line.dates(plain, candidates);
        line.authors(block, plain == rank::PLAIN, candidates);
        before = line.trailing_cue();
    }
}

/// Whether the block belongs to another text.
fn is_elsewhere(block: &Block) -> bool {
    let elsewhere = [Concept::Comment, Concept::Related, Concept::Promotion, Concept::Testimonial];
    !block.concepts.has(Concept::Byline) && elsewhere[..3].iter().any(|&concept| block.concepts.has(concept))
        || block.concepts.has(Concept::Comment)
}

struct Line<'a> {
    text: &'a str,
    cues: Vec<CueHit>,
    dates: Vec<DateHit>,
    /// The phrase with which the line before ended.
    before: Option<Cue>,
}

impl Line<'_> {
    fn dates(&self, plain: u8, candidates: &mut Candidates) {
        for (at, hit) in self.dates.iter().enumerate() {
            match self.role(at) {
                Some(Cue::Modified) => {
                    candidates.modified.add(hit.date, "labelled date in text", rank::LABELLED);
                }
                Some(Cue::Published) => {
                    candidates.published.add(hit.date, "labelled date in text", rank::LABELLED);
                }
                Some(Cue::Unrelated) => {}
                // A day in the middle of a sentence is what the text speaks of.
                _ if self.text.len() > hit.text.len() + 100 => {}
                _ => candidates.published.add(hit.date, "date in text", plain),
            }
        }
    }

    /// What a phrase says about a date: the nearest before it, or one right behind.
    fn role(&self, at: usize) -> Option<Cue> {
        let date = &self.dates[at].text;
        let from = at.checked_sub(1).map_or(0, |before| self.dates[before].text.end);
        let until = self.dates.get(at + 1).map_or(self.text.len(), |after| after.text.start);
        let tells = |cue: &Cue| matches!(cue, Cue::Modified | Cue::Published | Cue::Unrelated);
        let near =
            |hit: &&CueHit| hit.start >= from && hit.end <= date.start && date.start - hit.end <= MAX_GAP;
        let told_before = self.cues.iter().rev().filter(|hit| tells(&hit.cue)).find(near).map(|hit| hit.cue);
        // Times of day may stand between: `2023-09-30 08:22:02重新编辑`.
        let is_time = |text: &str| text.chars().all(|c| !c.is_alphabetic());
        let behind = |hit: &&CueHit| {
            hit.start >= date.end && hit.end <= until && is_time(&self.text[date.end..hit.start])
        };
        let told_behind = self.cues.iter().filter(|hit| tells(&hit.cue)).find(behind).map(|hit| hit.cue);
        let told_above = self.before.filter(tells).filter(|_| date.start <= 3);
        told_before.or(told_behind).or(told_above)
    }

    fn authors(&self, block: &Block, near_title: bool, candidates: &mut Candidates) {
        let mut found = false;
        for (at, hit) in self.cues.iter().enumerate() {
            let end = self.cues[at + 1..]
                .iter()
                .find(|next| next.cue != Cue::By)
                .map_or(self.text.len(), |next| next.start);
            let end = self
                .dates
                .iter()
                .map(|date| date.text.start)
                .filter(|&start| start >= hit.end)
                .fold(end, usize::min);
            let name = match hit.cue {
                Cue::Author if self.is_labelled(hit) => names::at_start(&self.text[hit.end..end]),
                Cue::By if self.starts_part(hit.start) => names::at_start(&self.text[hit.end..end]),
                Cue::Writer => {
                    self.text[..hit.start].split_whitespace().next_back().and_then(names::at_start)
                }
                _ => None,
            };
            if let Some(name) = name {
                found = true;
                let rank = if near_title { rank::LABELLED } else { rank::VAGUE };
                candidates.author.add(name, "byline", rank);
            }
        }
        if found {
            return;
        }
        let is_whole = |name: &String| title::key_of(name).eq(title::key_of(self.text));
        let whole = || names::at_start(self.text).filter(is_whole);
        if near_title && matches!(self.before, Some(Cue::By | Cue::Author)) {
            if let Some(name) = names::at_start(self.text) {
                candidates.author.add(name, "byline", rank::LABELLED);
            }
        } else if block.concepts.has(Concept::Byline) && self.cues.is_empty() {
            candidates.author.extend(whole().map(|value| super::Candidate {
                value,
                origin: "byline class",
                rank: if near_title { rank::PLAIN } else { rank::VAGUE },
            }));
        }
    }

    /// Whether a phrase for authors is one: with a colon or a gap behind it, or a verb and "by" in it.
    fn is_labelled(&self, hit: &CueHit) -> bool {
        let rest = &self.text[hit.end..];
        let phrase = &self.text[hit.start..hit.end];
        let marked = phrase.ends_with([':', '：', '/', '／', '|', '｜', '＝', '·']) || phrase.contains(' ');
        let next = rest.chars().find(|c| *c != ' ');
        marked
            || matches!(next, Some(':' | '：' | '/' | '／' | '|' | '｜'))
            || rest.starts_with(' ') && self.starts_part(hit.start)
    }

    /// Whether the line or a part of it begins here.
    fn starts_part(&self, at: usize) -> bool {
        let before = self.text[..at].trim_end();
        let after_date = self.dates.iter().any(|date| date.text.end == before.len());
        let after_cue = self.cues.iter().any(|hit| hit.end == before.len());
        let separators = ['|', '·', '•', '–', '—', '-', '/', ',', ':', '｜', '(', '»', '】', '*'];
        before.is_empty() || after_date || after_cue || before.ends_with(separators)
    }

    /// The phrase that the line ends with, to be followed by what it is about.
    fn trailing_cue(&self) -> Option<Cue> {
        let last = self.cues.last()?;
        let rest = self.text[last.end..]
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '-' | '|'));
        rest.is_empty().then_some(last.cue)
    }
}
