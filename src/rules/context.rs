//! What a rule sees: the page, the scores, and what several rules ask for, computed once a page when first asked.

use std::cell::OnceCell;
use std::ops::Range;

use super::body::Body;
use super::items;
use crate::lexicon::{Found, Group, Lexicon, PagePhrases, Patterns};
use crate::page::{Block, Page, Role};

/// What a rule sees.
pub(crate) struct Context<'a> {
    /// The page.
    pub(crate) page: &'a Page,
    /// The probability of each block to be body text, before rules.
    pub(crate) scores: &'a [f32],
    lexicon: &'a Lexicon,
    body: OnceCell<Body<'a>>,
    parted: Vec<OnceCell<Vec<&'a str>>>,
    phrases: &'a PagePhrases,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        page: &'a Page,
        scores: &'a [f32],
        phrases: &'a PagePhrases,
        lexicon: &'a Lexicon,
    ) -> Self {
        let parted = vec![OnceCell::new(); page.blocks.len()];
        Self { page, scores, lexicon, body: OnceCell::new(), parted, phrases }
    }

    /// The blocks in reading order.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (usize, &'a Block)> + use<'a> {
        self.page.blocks.iter().enumerate()
    }

    /// The text of a block.
    pub(super) fn text(&self, block: usize) -> &'a str {
        self.page.text_of(&self.page.blocks[block])
    }

    /// The length of a block in letters.
    pub(super) fn length(&self, block: usize) -> f32 {
        self.page.blocks[block].stats.length()
    }

    /// The page's running text.
    pub(super) fn body(&self) -> &Body<'a> {
        self.body.get_or_init(|| Body::of(self.page, self.scores, self.lexicon.common()))
    }

    /// The pieces of a block that nothing but a list would part so; see [`items::parted`].
    pub(super) fn parted(&self, block: usize) -> &[&'a str] {
        self.parted[block].get_or_init(|| items::parted(self, block))
    }

    /// The phrases in a block, by start, with offsets from its start.
    #[inline]
    pub(super) fn phrases(&self, block: usize) -> Phrases<'_> {
        Phrases {
            found: self.phrases.of_block(block),
            groups: self.phrases.groups(block),
            base: self.page.blocks[block].text.start,
        }
    }

    /// Share of a block's letters that phrases of these groups cover.
    pub(super) fn covered(&self, block: usize, groups: u64) -> f32 {
        let covered = self.phrases(block).covered(groups);
        if covered == 0 {
            return 0.0;
        }
        let letters = self.text(block).chars().filter(|c| c.is_alphanumeric()).map(char::len_utf8);
        covered as f32 / letters.sum::<usize>().max(1) as f32
    }

    /// The phrases in the page's title.
    pub(super) fn title_phrases(&self) -> Vec<Found> {
        self.lexicon.phrases(&self.page.title)
    }

    /// Shapes of numbers, accounts, dates.
    pub(super) fn patterns(&self) -> &'a Patterns {
        self.lexicon.patterns()
    }

    /// Whether a block is code, whose lines look like anything.
    pub(super) fn is_code(&self, block: usize) -> bool {
        self.page.blocks[block].layout.role == Role::Preformatted
    }

    /// Whether a block stands in a table of data: in a row of several cells.
    pub(super) fn is_tabular(&self, block: usize) -> bool {
        let cell = |at: usize| match self.page.blocks.get(at)?.layout.role {
            Role::Cell { row, column, .. } => Some((row, column)),
            _ => None,
        };
        let Some((row, column)) = cell(block) else { return false };
        let other = |at: usize| cell(at).filter(|(r, _)| *r == row).map(|(_, c)| c != column);
        let before = (0..block).rev().map_while(other).any(|differs| differs);
        before || (block + 1..).map_while(other).any(|differs| differs)
    }

    /// Whether a block is one of several headings in a row, which open nothing.
    pub(super) fn is_bare_heading(&self, block: usize) -> bool {
        let role = |at: usize| self.page.blocks.get(at).map(|block| block.layout.role);
        let twin = |at: usize| role(at) == role(block);
        self.is_heading(block) && (twin(block + 1) || block > 0 && twin(block - 1))
    }

    /// Whether a paragraph of the article stands right before or after a block.
    pub(super) fn is_beside_prose(&self, block: usize) -> bool {
        block > 0 && self.body().is_prose(block - 1) || self.body().is_prose(block + 1)
    }

    /// Whether paragraphs of the article stand right before and after a block.
    pub(super) fn is_between_prose(&self, block: usize) -> bool {
        block > 0 && self.body().is_prose(block - 1) && self.body().is_prose(block + 1)
    }

    /// Whether a block is a heading.
    pub(super) fn is_heading(&self, block: usize) -> bool {
        matches!(self.page.blocks[block].layout.role, Role::Heading(_))
    }
}

/// The phrases of one block.
#[derive(Clone, Copy)]
pub(super) struct Phrases<'a> {
    found: &'a [Found],
    groups: u64,
    base: u32,
}

impl Phrases<'_> {
    /// Where phrases of a group stand.
    pub(super) fn of(&self, group: Group) -> impl Iterator<Item = (usize, usize)> {
        self.of_any(group.bit())
    }

    /// Where phrases of any of these groups stand.
    pub(super) fn of_any(self, groups: u64) -> impl Iterator<Item = (usize, usize)> {
        let base = self.base;
        let found = if self.groups & groups == 0 { &[] } else { self.found };
        let wanted = found.iter().filter(move |f| f.group.bit() & groups != 0);
        wanted.map(move |f| ((f.start - base) as usize, (f.end - base) as usize))
    }

    /// Where phrases of any of these groups stand in a part of the block, found without a look at those before and after.
    pub(super) fn of_any_in(self, groups: u64, part: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
        let first = self.found.partition_point(|f| ((f.start - self.base) as usize) < part.start);
        let following = Self { found: &self.found[first..], ..self }.of_any(groups);
        following.take_while(move |(start, _)| *start < part.end).filter(move |(_, end)| *end <= part.end)
    }

    /// The groups of the phrases that stand at a place.
    pub(super) fn groups_at(self, place: &Range<usize>) -> u64 {
        let at = |position: u32| (position - self.base) as usize;
        let first = self.found.partition_point(|found| at(found.start) < place.start);
        let here = self.found[first..].iter().take_while(|found| at(found.start) == place.start);
        here.filter(|found| at(found.end) == place.end).fold(0, |groups, found| groups | found.group.bit())
    }

    /// The groups that occur.
    pub(super) fn groups(&self) -> u64 {
        self.groups
    }

    /// Whether a group occurs.
    pub(super) fn has(&self, group: Group) -> bool {
        self.groups() & group.bit() != 0
    }

    /// Bytes that phrases of these groups cover.
    pub(super) fn covered(&self, groups: u64) -> usize {
        let mut end_before = 0;
        let mut covered = 0;
        for (start, end) in self.of_any(groups) {
            covered += end.saturating_sub(start.max(end_before));
            end_before = end.max(end_before);
        }
        covered
    }

    /// Where the longest phrase of the group ends that the text starts with, past any leading marks.
    pub(super) fn leading(&self, text: &str, group: Group) -> Option<usize> {
        if !self.has(group) {
            return None;
        }
        let start = text.find(char::is_alphanumeric)?;
        self.of(group).filter(|(at, _)| *at == start).map(|(_, end)| end).max()
    }

    /// How many different places phrases of these groups stand at; overlapping ones count once.
    pub(super) fn count(&self, groups: u64) -> usize {
        let mut end_before = 0;
        let mut count = 0;
        for (start, end) in self.of_any(groups) {
            count += usize::from(start >= end_before);
            end_before = end.max(end_before);
        }
        count
    }
}
