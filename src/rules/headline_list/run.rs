//! Headlines that stand together.

use std::collections::HashSet;
use std::ops::Range;

use super::super::items::{self, Item, length};
use super::super::{Context, Findings};
use super::kinship::{Kinship, MAX_OVERLAP_ENCLOSED, MAYBE_OWN, OWN, strangers};
use super::line::{COLONS, Kind, Line, counter, has_comma, has_digit, has_label};
use crate::page::Role;

/// The shortest mean of a list's headlines, in letters.
const MIN_MEAN: f32 = 22.0;
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
pub(super) const MIN_LINES: usize = 4;
/// The article's share of all likely body text but the list, at least. Shops, forums and manuals list their own things in
/// this shape; on the development pages these bounds part them from articles.
const MIN_BODY_SHARE: f32 = 0.45;
/// The same for a list that shares less than this with an article of this length.
const MIN_BODY_SHARE_STRANGE: f32 = 0.25;
const MAX_OVERLAP_STRANGE: f32 = 0.1;
const MIN_BODY_STRANGE: f32 = 1500.0;
/// The same for a list between two paragraphs that shares less than this with them.
const MIN_BODY_SHARE_ENCLOSED: f32 = 0.1;
/// The longest mean of lines that may share a word with a long article by chance, in letters.
const MAX_MEAN: f32 = 90.0;
/// Share of lines whose number is one more than that of the line before.
const MIN_COUNTED: f32 = 0.7;

/// Headlines that stand together.
#[derive(Default)]
pub(super) struct Run<'a> {
    headlines: Vec<Item<'a>>,
    /// Blocks of other short lines between headlines.
    strays: usize,
    /// Other short lines since the last headline.
    since: usize,
    /// The line before ended with a colon.
    introduced: bool,
}

impl<'a> Run<'a> {
    /// Starts again, behind a line that ended with a colon or did not.
    pub(super) fn start(&mut self, introduced: bool) {
        self.headlines.clear();
        (self.strays, self.since, self.introduced) = (0, 0, introduced);
    }

    /// Takes the lines of a block, if they may belong to the run.
    pub(super) fn take(&mut self, block: usize, lines: &[Line<'a>]) -> bool {
        if lines.is_empty() || lines.iter().any(|line| line.kind == Kind::Other) {
            return false;
        }
        let headlines = lines.iter().filter(|line| line.kind == Kind::Headline);
        let count = headlines.clone().count();
        if count == 0 && lines.len() == 1 && !lines[0].text.contains(char::is_alphabetic) {
            return true;
        }
        if count == 0 {
            self.since += 1;
            self.introduced |= self.headlines.is_empty() && lines[0].text.ends_with(COLONS);
            return lines.len() == 1 && self.since <= MAX_STRAYS;
        }
        if count * 2 < lines.len() {
            return false;
        }
        if !self.headlines.is_empty() {
            self.strays += self.since;
        }
        self.since = 0;
        self.headlines.extend(headlines.map(|line| Item { block, text: line.text }));
        true
    }

    /// Whether its lines are worded as headlines, not as entries of tables, plans and contents.
    fn reads_like_one(&self, context: &Context<'_>, openings: &HashSet<&str>) -> bool {
        let share = |holds: &dyn Fn(&Item<'_>) -> bool| self.share(holds);
        let counted = self.is_counted();
        let echoes = |item: &Item<'_>| !context.is_heading(item.block) && openings.contains(item.text);
        share(&|item| has_comma(item.text)) <= MAX_COMMAS
            && share(&|item| has_label(item.text)) <= MAX_LABELS
            && share(&echoes) <= MAX_ECHOES
            && share(&|item| has_digit(item.text, counted)) <= MAX_DIGITS
    }

    /// Which of its lines are headlines of other texts, and what tells so.
    fn evidence(&self, context: &Context<'_>, openings: &HashSet<&str>) -> Option<(Range<usize>, String)> {
        let place = Place::of(self, context, openings)?;
        // What the lines share with the article costs most to tell, and most runs are told from lists without it.
        let own = |item: &Item<'_>| context.body().overlap_of_part(item.block, item.text);
        let overlaps: Vec<f32> = self.headlines.iter().map(own).collect();
        let part = [strangers(&overlaps, OWN), 0..overlaps.len(), strangers(&overlaps, MAYBE_OWN)]
            .into_iter()
            .find(|part| place.has_strangers(context, &Kinship::of(&overlaps[part.clone()])))?;
        let overlap = Kinship::of(&overlaps[part.clone()]).overlap;
        let evidence = format!("{} headlines, {overlap:.2} of their words in the article", part.len());
        Some((part, evidence))
    }

    /// Share of the headlines of which something holds.
    fn share(&self, holds: &dyn Fn(&Item<'_>) -> bool) -> f32 {
        self.headlines.iter().filter(|item| holds(item)).count() as f32 / self.headlines.len() as f32
    }

    /// The run in parts of the same layout, if there are several.
    pub(super) fn parts(&self, context: &Context<'_>) -> Vec<Run<'a>> {
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
    pub(super) fn cut(
        &self,
        context: &Context<'_>,
        openings: &HashSet<&str>,
        findings: &mut Findings,
    ) -> bool {
        let Some((part, evidence)) = self.evidence(context, openings) else { return false };
        let part = &self.headlines[part];
        for index in part[0].block..=part[part.len() - 1].block {
            findings.cut(index, evidence.clone());
        }
        true
    }
}

/// Which paragraphs of the article stand right beside a run.
#[derive(Clone, Copy, PartialEq)]
enum Beside {
    /// None behind it.
    Other,
    /// One behind it.
    Behind,
    /// One on both sides.
    Both,
}

/// Where a run that is worded as a list of headlines stands, and what it is made of.
struct Place {
    /// The article's share of the page without it.
    body_share: f32,
    /// Its lines are links; short; behind a colon.
    linked: bool,
    brief: bool,
    introduced: bool,
    beside: Beside,
    /// Share of its lines that are headings.
    headings: f32,
    bounds: Bounds,
}

impl Place {
    fn of(run: &Run<'_>, context: &Context<'_>, openings: &HashSet<&str>) -> Option<Self> {
        let lines = run.headlines.len();
        if lines < MIN_LINES {
            return None;
        }
        let mut blocks: Vec<usize> = run.headlines.iter().map(|item| item.block).collect();
        blocks.dedup();
        let body_share = context.body().share_without(&blocks);
        let letters: f32 = run.headlines.iter().map(|item| length(item.text)).sum();
        if body_share < MIN_BODY_SHARE_ENCLOSED || letters < MIN_MEAN * lines as f32 {
            return None;
        }
        let linked = items::linked(context, &blocks) > 0.5;
        let density = lines as f32 / (lines + run.strays) as f32;
        if !run.reads_like_one(context, openings) || !linked && density < MIN_DENSITY {
            return None;
        }
        let (first, behind) = (blocks[0], blocks[blocks.len() - 1] + 1);
        let beside = match (context.body().is_prose(behind), first > 0 && context.body().is_prose(first - 1))
        {
            (false, _) => Beside::Other,
            (true, false) => Beside::Behind,
            (true, true) => Beside::Both,
        };
        let bounds = match (context.body().ends_before(first), linked) {
            _ if run.share(&|item| context.is_tabular(item.block)) > MAX_CELLS => CELLS,
            (true, _) => OUTSIDE,
            (false, true) => LINKED,
            (false, false) => INSIDE,
        };
        Some(Self {
            body_share,
            linked,
            brief: letters <= MAX_MEAN * lines as f32,
            introduced: run.introduced,
            beside,
            headings: run.share(&|item| context.is_heading(item.block)),
            bounds,
        })
    }

    /// Whether lines with so much in common with the article are headlines of other texts here.
    fn has_strangers(&self, context: &Context<'_>, kinship: &Kinship) -> bool {
        let cohesion = context.body().cohesion();
        // A colon that introduces other things has them behind the list.
        if self.introduced && (self.beside != Beside::Other || !kinship.is_none(cohesion)) {
            return false;
        }
        let overlap = if self.brief { kinship.overlap_beside(cohesion) } else { kinship.overlap };
        let strange = overlap <= MAX_OVERLAP_STRANGE && context.body().length() >= MIN_BODY_STRANGE;
        let least = match (strange, overlap <= MAX_OVERLAP_ENCLOSED && self.beside == Beside::Both) {
            (_, true) => MIN_BODY_SHARE_ENCLOSED,
            (true, _) => MIN_BODY_SHARE_STRANGE,
            _ => MIN_BODY_SHARE,
        };
        // Headings open something; those that follow one another and say nothing of the article do not.
        let bare =
            self.headings <= MAX_HEADINGS || self.headings >= MIN_HEADINGS && overlap <= MAX_OVERLAP_STRANGE;
        self.body_share >= least
            && (self.linked || bare)
            && self.bounds.iter().any(|&(least, most)| kinship.lines >= least && overlap <= most)
    }
}
