//! **Drops** Paragraphs that address the reader or speak for a site, beside paragraphs of an article that share nothing
//! with them and do neither: calls, notices, disclaimers and offers in words that no list knows.
//!
//! **Why** Whoever wants something of the reader says "you", "we" and where to write to. Reports say so, too, but then
//! in many paragraphs, and about their own subject.
//!
//! **Example** In an article on tides: `Is one of these pieces yours? Write to desk@example.org and we take it down.`
//!
//! **Near miss** A paragraph of an article that addresses its readers throughout; a quotation; a question about the
//! subject; an address that the article is about; an author who says "we" in an article of three paragraphs.
//!
//! **Languages** Persons in twelve; that a paragraph is strange to the article is seen in any.
//!
//! **Source** Paragraphs planted in strange words into pages with annotated text: what all other rules left.

use std::cell::OnceCell;

use super::injected_topic::ALL_TRADES;
use super::{Context, Findings, odds};
use crate::lexicon::{addresses_reader, speaks_for_several};
use crate::page::{Block, Role};

/// The shortest and the longest paragraph, in letters.
const LENGTHS: std::ops::RangeInclusive<f32> = 40.0..=300.0;
/// What the densities give less than this needs no rule.
const MIN_SCORE: f32 = 0.15;
/// Share of its words that the article uses, at most.
const MAX_OVERLAP: f32 = 0.25;
/// Share of the article's paragraphs that address somebody from which on one more says nothing.
const MAX_PERSONAL: f32 = 0.25;
/// What the article's paragraphs have in common with one another, at least.
const MIN_COHESION: f32 = 0.2;
/// The fewest paragraphs of an article among which one that shares nothing is a stranger, if neither an address nor a
/// trade tells.
const MIN_PARAGRAPHS: usize = 4;
/// Such paragraphs in a page at most: more of them are how the page is written.
const MAX_FOUND: usize = 3;

/// What the signs are worth.
mod worth {
    /// For each tenth of its words that the article uses.
    pub(super) const SHARED: f32 = -2.3;
    /// For the doubt of the densities.
    pub(super) const DOUBT: f32 = 0.5;
    /// It holds an address to write to.
    pub(super) const ADDRESS: f32 = 3.5;
    /// It speaks for several, as the article does not.
    pub(super) const SPEAKER: f32 = 2.1;
    /// It addresses a reader, as the article does not.
    pub(super) const READER: f32 = 1.3;
    /// It names a trade.
    pub(super) const TRADE: f32 = 1.3;
    /// It asks something.
    pub(super) const QUESTION: f32 = 0.8;
    /// It quotes somebody.
    pub(super) const QUOTE: f32 = -2.4;
    /// What it takes.
    pub(super) const ENOUGH: f32 = 0.2;
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let persons = Persons::of(context);
    let found: Vec<usize> = context
        .blocks()
        .filter(|(index, block)| is_appeal(context, *index, block, &persons))
        .map(|(index, _)| index)
        .collect();
    if !found.is_empty() && found.len() <= MAX_FOUND && context.body().cohesion() >= MIN_COHESION {
        for index in found {
            findings.cut(index, "speaks to the reader, and not of the article's subject");
        }
    }
}

fn is_appeal(context: &Context<'_>, index: usize, block: &Block, persons: &Persons) -> bool {
    let apart =
        matches!(block.layout.role, Role::Heading(_) | Role::Preformatted) || context.is_tabular(index);
    if apart
        || block.stats.links > 0
        || context.scores[index] < MIN_SCORE
        || !LENGTHS.contains(&context.length(index))
        || !context.is_beside_prose(index)
        || context.body().overlap_with_others(index) > MAX_OVERLAP
    {
        return false;
    }
    let text = context.text(index);
    if text.starts_with(odds::QUOTES) {
        return false;
    }
    let address = has_address(text);
    let trade = context.phrases(index).groups() & ALL_TRADES != 0;
    if persons.paragraphs < MIN_PARAGRAPHS && !address && !trade {
        return false;
    }
    let signs = [
        (address, worth::ADDRESS),
        (persons.are_few(context, index, speaks_for_several, &persons.speakers), worth::SPEAKER),
        (persons.are_few(context, index, addresses_reader, &persons.readers), worth::READER),
        (trade, worth::TRADE),
        (text.contains(['?', '？']), worth::QUESTION),
        (text.contains(odds::QUOTES), worth::QUOTE),
    ];
    let odds = worth::SHARED * odds::shared(context, index)
        + worth::DOUBT * odds::doubt(context, index)
        + odds::sum(&signs);
    odds >= worth::ENOUGH
}

/// How many paragraphs the article has, and how many of them speak for several or address a reader, once somebody asked.
struct Persons {
    paragraphs: usize,
    speakers: OnceCell<usize>,
    readers: OnceCell<usize>,
}

impl Persons {
    fn of(context: &Context<'_>) -> Self {
        let paragraphs = paragraphs(context).count();
        Self { paragraphs, speakers: OnceCell::new(), readers: OnceCell::new() }
    }

    /// Whether something holds of a paragraph and of few others.
    fn are_few(
        &self,
        context: &Context<'_>,
        index: usize,
        holds: fn(&str) -> bool,
        counted: &OnceCell<usize>,
    ) -> bool {
        if !holds(context.text(index)) {
            return false;
        }
        let held = *counted.get_or_init(|| paragraphs(context).filter(|&at| holds(context.text(at))).count());
        let own = usize::from(context.body().is_prose(index));
        (held - own) as f32 <= MAX_PERSONAL * (self.paragraphs - own) as f32
    }
}

fn paragraphs(context: &Context<'_>) -> impl Iterator<Item = usize> {
    context.blocks().map(|(at, _)| at).filter(|&at| context.body().is_prose(at))
}

/// Whether a mail address stands in a text.
fn has_address(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric();
    text.split_once('@').is_some_and(|(name, host)| name.ends_with(is_part) && host.starts_with(is_part))
}
