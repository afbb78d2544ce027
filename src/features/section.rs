//! Which part of the page a block stands in, told by what stands before and after it: dates that repeat in one
//! template, as above the posts of a thread, and short lines that open comments or further reading.
//!
//! Class names tell the same where pages have them; old pages and pages of other makers have none that are known.

use std::collections::HashMap;

use super::profile::Profile;
use super::{features, ratio};
use crate::lexicon::{Group, PagePhrases};
use crate::page::Page;

/// A longer block is no label or stamp. Characters, CJK weighted.
const LABEL_LENGTH: f32 = 160.0;

/// The fewest digits of a stamp: those of `1:30`.
const STAMP_DIGITS: u32 = 3;

/// Distances, in blocks, beyond which all are alike.
const FAR: u32 = 200;

/// Stamps are counted so many blocks to either side.
const NEAR: usize = 12;

/// The groups of phrases that a label may have.
const LABELS: &[Group] = &[
    Group::Comments,
    Group::Related,
    Group::Share,
    Group::Follow,
    Group::Rights,
    Group::Newsletter,
    Group::Credit,
    Group::TagsLabel,
];

/// What the parts of a page are told by.
#[derive(Debug, Default)]
pub(crate) struct Sections {
    /// For each block, the groups of [`LABELS`] that it speaks of.
    labels: Vec<u64>,
    /// For each block, whether it is a date or time with little else.
    stamps: Vec<bool>,
    /// Stamps before each block, and in all.
    stamps_before: Vec<u32>,
    /// Labels that speak of comments.
    pub(super) comment_labels: usize,
    /// For each block, the last stamp at or before it, and the next one after it.
    last: Vec<Option<u32>>,
    next: Vec<Option<u32>>,
    /// For each block that is a stamp, how many stand in its template, and where the first of them is.
    thread: Vec<(u32, u32)>,
    /// Blocks before each that break off, and in all.
    cut_short: Vec<u32>,
    /// For each block, the last label at or before it that speaks of comments, and of further reading.
    comments: Vec<Option<u32>>,
    related: Vec<Option<u32>>,
}

impl Sections {
    pub(super) fn new(page: &Page, phrases: &PagePhrases) -> Self {
        let short = |at: usize| page.blocks[at].stats.length() <= LABEL_LENGTH;
        let texts = || page.blocks.iter().map(|block| page.text_of(block)).enumerate();
        let wanted = Group::set(LABELS);
        let labels: Vec<u64> = (0..page.blocks.len())
            .map(|at| if short(at) { phrases.groups(at) & wanted } else { 0 })
            .collect();
        let stamps: Vec<bool> = texts()
            .map(|(at, text)| short(at) && page.blocks[at].stats.digits >= STAMP_DIGITS && is_stamp(text))
            .collect();
        let cut_short = counts(texts().map(|(_, text)| is_cut_short(text)));
        let last = last_where(stamps.iter().copied());
        let mut next = last_where(stamps.iter().rev().copied());
        next.reverse();
        let count = stamps.len() as u32;
        // The last one at or before in a reversed list is the next one at or after.
        let next = next.into_iter().map(|at| at.map(|at| count - 1 - at)).collect();
        let speaks = |group: Group| last_where(labels.iter().map(|set| set & group.bit() != 0));
        Self {
            comment_labels: labels.iter().filter(|set| *set & Group::Comments.bit() != 0).count(),
            comments: speaks(Group::Comments),
            related: speaks(Group::Related),
            thread: threads(page, &stamps),
            labels,
            stamps_before: counts(stamps.iter().copied()),
            stamps,
            cut_short,
            last,
            next,
        }
    }

    /// How many blocks break off.
    pub(super) fn cut_short_count(&self) -> u32 {
        self.cut_short[self.cut_short.len() - 1]
    }

    /// How many blocks are dates or times.
    pub(super) fn stamp_count(&self) -> u32 {
        self.stamps_before[self.stamps_before.len() - 1]
    }

    /// Whether a block breaks off.
    pub(super) fn is_cut_short(&self, index: usize) -> bool {
        self.cut_short[index + 1] > self.cut_short[index]
    }

    /// Whether a block is a date or time with little else.
    pub(super) fn is_stamp(&self, index: usize) -> bool {
        self.stamps[index]
    }

    /// Whether a block is a label that speaks of comments.
    pub(super) fn speaks_of_comments(&self, index: usize) -> bool {
        self.labels[index] & Group::Comments.bit() != 0
    }
}

/// For each place, how many before it something holds for, and for how many in all.
fn counts(holds: impl ExactSizeIterator<Item = bool>) -> Vec<u32> {
    let mut counts = Vec::with_capacity(holds.len() + 1);
    let mut count = 0;
    counts.push(count);
    counts.extend(holds.map(|holds| {
        count += u32::from(holds);
        count
    }));
    counts
}

/// For each place, the last one at or before it where something holds.
fn last_where(holds: impl Iterator<Item = bool>) -> Vec<Option<u32>> {
    let mut last = None;
    holds
        .zip(0..)
        .map(|(holds, at)| {
            if holds {
                last = Some(at);
            }
            last
        })
        .collect()
}

/// For each block that is a stamp, how many stamps stand in containers of one template with it, and the first of them.
fn threads(page: &Page, stamps: &[bool]) -> Vec<(u32, u32)> {
    let signature = |at: usize| page.containers[page.blocks[at].container as usize].signature;
    let mut templates: HashMap<u32, (u32, u32)> = HashMap::new();
    let all = || stamps.iter().enumerate().filter(|(_, stamp)| **stamp).map(|(at, _)| at);
    for at in all() {
        templates.entry(signature(at)).or_insert((0, at as u32)).0 += 1;
    }
    let mut threads = vec![(0, 0); stamps.len()];
    all().for_each(|at| threads[at] = templates[&signature(at)]);
    threads
}

/// Whether a text breaks off, as teasers do.
fn is_cut_short(text: &str) -> bool {
    let text = text.strip_suffix([']', ')']).unwrap_or(text);
    text.ends_with('…') || text.ends_with("...")
}

/// Whether a short text has a time of day (`12:30`) or a date in digits: a year beside another number, or three
/// numbers parted alike (`3/10/12`).
fn is_stamp(text: &str) -> bool {
    let numbers = || numbers(text);
    let between = |one: &Number, other: &Number| &text[one.end..other.start];
    let is_time = |(one, two): (Number, Number)| {
        between(&one, &two) == ":" && one.value < 25 && two.value < 60 && two.digits() == 2
    };
    let is_year = |n: Number| n.digits() == 4 && (1990..2050).contains(&n.value);
    let is_day = |n: &Number| n.digits() <= 2 && (1..32).contains(&n.value);
    let is_numeric = |((one, two), three): ((Number, Number), Number)| {
        let mark = between(&one, &two);
        let alike = mark == between(&two, &three) && matches!(mark, "/" | "." | "-");
        alike && is_day(&one) && is_day(&two) && matches!(three.digits(), 2 | 4)
    };
    // Most numbers stand alone.
    if numbers().nth(1).is_none() {
        return false;
    }
    numbers().zip(numbers().skip(1)).any(is_time)
        || numbers().zip(numbers().skip(1)).zip(numbers().skip(2)).any(is_numeric)
        || (numbers().any(is_year) && numbers().any(|number| is_day(&number)))
}

/// A run of ASCII digits in a text.
struct Number {
    value: u32,
    start: usize,
    end: usize,
}

impl Number {
    fn digits(&self) -> usize {
        self.end - self.start
    }
}

/// The numbers in a text, in order.
fn numbers(text: &str) -> impl Iterator<Item = Number> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.as_bytes()[at..].iter().position(u8::is_ascii_digit)?;
        at = start + text[start..].bytes().take_while(u8::is_ascii_digit).count();
        Some(Number { value: text[start..at].parse().unwrap_or(u32::MAX), start, end: at })
    })
}

/// A block and the sections of its page.
pub(super) struct View<'a> {
    profile: &'a Profile,
    sections: &'a Sections,
    index: usize,
}

impl<'a> View<'a> {
    pub(super) fn new(profile: &'a Profile, index: usize) -> Self {
        Self { profile, sections: &profile.sections, index }
    }

    fn label(&self, group: Group) -> u8 {
        u8::from(self.sections.labels[self.index] & group.bit() != 0)
    }

    /// Blocks to a place, [`FAR`] if there is none.
    fn distance(&self, to: Option<u32>) -> u32 {
        to.map_or(FAR, |to| (self.index as u32).abs_diff(to).min(FAR))
    }

    /// The share of the page's good text before a place; -1 without one.
    fn good_before(&self, place: Option<u32>) -> f64 {
        place.map_or(-1.0, |place| ratio(self.profile.sums(&(0..place)).good, self.profile.total().good))
    }

    fn words_since(&self, place: Option<u32>) -> f64 {
        place.map_or(-1.0, |place| self.profile.sums(&(place..self.index as u32)).words)
    }

    fn last(&self) -> Option<u32> {
        self.sections.last[self.index]
    }

    fn next(&self) -> Option<u32> {
        self.sections.next[self.index]
    }

    /// Stamps in the template of a stamp, and the first of them.
    fn thread(&self, stamp: Option<u32>) -> (u32, Option<u32>) {
        stamp.map_or((0, None), |stamp| {
            let (size, first) = self.sections.thread[stamp as usize];
            (size, Some(first))
        })
    }

    /// How many there are up to [`NEAR`] away, by how many there are before each block.
    fn near(&self, before: &[u32]) -> u32 {
        before[(self.index + NEAR + 1).min(before.len() - 1)] - before[self.index.saturating_sub(NEAR)]
    }
}

features! { |v: &View<'_>|
    "comments" "speaks of comments" => v.label(Group::Comments);
    "related" "speaks of further reading" => v.label(Group::Related);
    "share" "speaks of sharing or following" => v.label(Group::Share) | v.label(Group::Follow);
    "rights" "speaks of rights" => v.label(Group::Rights);
    "newsletter" "speaks of newsletters" => v.label(Group::Newsletter);
    "credit" "names editors or tags" => v.label(Group::Credit) | v.label(Group::TagsLabel);
    "stamp" "is a date or time with little else" => u8::from(v.sections.stamps[v.index]);
    "stamp.since" "blocks since the last stamp" => v.distance(v.last());
    "stamp.until" "blocks to the next stamp" => v.distance(v.next());
    "stamp.words_since" "words since the last stamp; -1: none" => v.words_since(v.last());
    "stamps.near" "stamps up to 12 blocks away" => v.near(&v.sections.stamps_before);
    "stamps.before" "stamps before it" => v.sections.stamps_before[v.index];
    "stamps.page" "stamps of the page" => v.sections.stamp_count();
    "cut_short.near" "blocks up to 12 away that end with an ellipsis" => v.near(&v.sections.cut_short);
    "cut_short.page" "such blocks of the page" => v.sections.cut_short_count();
    "thread.last" "stamps in the template of the last one" => v.thread(v.last()).0;
    "thread.last_good" "share of the good text before the first of them; -1: none" => v.good_before(v.thread(v.last()).1);
    "thread.next" "stamps in the template of the next one" => v.thread(v.next()).0;
    "thread.next_good" "share of the good text before the first of them; -1: none" => v.good_before(v.thread(v.next()).1);
    "comments.since" "blocks since the last label that speaks of comments" => v.distance(v.sections.comments[v.index]);
    "comments.good" "share of the good text before it; -1: none" => v.good_before(v.sections.comments[v.index]);
    "related.since" "blocks since the last label that speaks of further reading" => v.distance(v.sections.related[v.index]);
    "related.good" "share of the good text before it; -1: none" => v.good_before(v.sections.related[v.index]);
}

#[cfg(test)]
mod tests {
    use super::is_stamp;

    #[test]
    fn stamps_have_a_time_or_a_date() {
        for text in [
            "May 3rd, 2009 at 10:15 am",
            "3.10.2021",
            "2023年9月30日",
            "Nov 7 2012",
            "by Ann, 12:30",
            "3/10/12",
        ] {
            assert!(is_stamp(text), "{text}");
        }
        for text in [
            "",
            "in 2012",
            "7 of 10 people",
            "1.2 of 3",
            "1.20.3",
            "1.2.300",
            "Chapter 12",
            "a ratio of 3:1",
            "8 877 323 234 882",
        ] {
            assert!(!is_stamp(text), "{text}");
        }
    }
}
