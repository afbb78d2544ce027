//! **Drops** Paragraphs full of the words in which sites speak of themselves and their readers, or sell something, beside
//! paragraphs of an article with which they share next to nothing: calls, notices, disclaimers and offers in wordings that
//! no list knows. Lines that are nothing but such words go wherever they stand, those that praise a trade in any article.
//!
//! **Why** Whoever wants something of the reader says "you", "we" and where to write to, or what is allowed, what it costs
//! and whose it is. Reports say so, too, but then in many paragraphs, and about their own subject.
//!
//! **Example** In an article on tides: `Is one of these pieces yours? Write to desk@example.org and we take it down.`
//!
//! **Near miss** A paragraph of an article that addresses its readers throughout; a quotation; a question about the
//! subject; an address that the article is about; an author who says "we" in a short article; an article on
//! newspapers, libraries or shops.
//!
//! **Languages** Persons and roots of words in 28; that a paragraph is strange to the article is seen in any.
//!
//! **Source** Paragraphs planted in strange words into pages with annotated text: what all other rules left.

use std::cell::OnceCell;

use super::injected_topic::{ALL_TRADES, TRADING, Topics};
use super::{Context, Findings, disclaimer, odds};
use crate::lexicon::{Group, addresses_reader, speaks_for_oneself, speaks_for_several};
use crate::page::{Block, Role};

/// The words in which sites speak of themselves and their readers, beside those of notices on their texts.
const SITE: &[Group] = &[
    Group::DisclaimerLabel,
    Group::Notice,
    Group::LegalWord,
    Group::Cookie,
    Group::Consent,
    Group::Newsletter,
    Group::SignUp,
    Group::Paywall,
    Group::AccessWord,
    Group::ScriptWord,
    Group::Follow,
    Group::FollowVerb,
    Group::Channel,
    Group::Ours,
    Group::ChannelWord,
    Group::Share,
    Group::ShareSite,
    Group::ContactLabel,
    Group::ContactCall,
    Group::ContactWord,
    Group::SiteRoot,
];
/// These and the words of offers.
const WORDS: u64 = Group::set(disclaimer::TOPICS) | Group::set(SITE) | SELLING | Group::OfferRoot.bit();
/// Words of trade and of selling.
const SELLING: u64 = TRADING | Group::Sell.bit();
/// The least share of its letters that such words make up, if it holds no address and does not both speak for several
/// and address a reader.
const MIN_COVERED: f32 = 0.1;
/// The share from which on a line is nothing else, wherever it stands; a sentence of which it makes up this share needs no
/// article that it is strange to.
const MIN_COVERED_MOSTLY: f32 = 0.7;
const MIN_COVERED_PLAIN: f32 = 0.6;
/// The link density from which on one link is all of a block.
const MIN_LINKED: f32 = 0.9;
/// The shortest and the longest paragraph, in letters.
const LENGTHS: std::ops::RangeInclusive<f32> = 18.0..=330.0;
/// What the densities give less than this needs no rule.
const MIN_SCORE: f32 = 0.1;
/// Share of its words that the article uses, at most.
const MAX_OVERLAP: f32 = 0.5;
/// Share of the article's paragraphs that address somebody from which on one more says nothing.
const MAX_PERSONAL: f32 = 0.25;
/// What the article's paragraphs have in common with one another, at least.
const MIN_COHESION: f32 = 0.15;
/// What they are taken to have in common where they have nothing.
const LEAST: f32 = 0.01;
/// The article's share that it makes up, at most.
const MAX_SHARE: f32 = 0.2;
/// The fewest paragraphs of an article among which one that shares nothing is a stranger, if neither an address nor a
/// trade tells.
const MIN_PARAGRAPHS: usize = 3;
/// Such paragraphs in a page at most, and such lines: more of them are how the page is written.
const MAX_FOUND: usize = 3;
/// The shortest paragraph, in letters; what is shorter is a line. A paragraph that is long, and one that is longer.
const MIN_PARAGRAPH: f32 = 30.0;
const LONG: f32 = 130.0;
const LONGER: f32 = 180.0;

/// What the signs are worth.
mod worth {
    /// For the share of its letters that words of sites and of offers make up, to seven tenths; more in a sentence.
    pub(super) const COVERED: f32 = 9.9;
    pub(super) const COVERED_SENTENCE: f32 = 1.9;
    pub(super) const MAX_COVERED: f32 = 0.7;
    /// For each tenth of its words that the article uses.
    pub(super) const SHARED: f32 = -0.33;
    /// For what it shares with the article by what the article's paragraphs share with one another, to half as much again.
    pub(super) const KIN: f32 = -2.1;
    pub(super) const MAX_KIN: f32 = 1.5;
    /// For the doubt of the densities.
    pub(super) const DOUBT: f32 = 0.35;
    /// It ends as sentences do.
    pub(super) const SENTENCE: f32 = 0.8;
    /// It is long and does not sell; more if it is longer.
    pub(super) const LONG: f32 = -3.1;
    pub(super) const LONGER: f32 = -1.5;
    /// A paragraph of the article is its neighbour; both neighbours are.
    pub(super) const BESIDE: f32 = 2.1;
    pub(super) const BETWEEN: f32 = 0.6;
    /// It holds an address to write to.
    pub(super) const ADDRESS: f32 = 2.5;
    /// It speaks for several, as the article does not.
    pub(super) const SPEAKER: f32 = 1.0;
    /// It addresses a reader, as the article does not.
    pub(super) const READER: f32 = 1.3;
    /// What it takes.
    pub(super) const ENOUGH: f32 = 5.9;
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let persons = Persons::default();
    let (paragraphs, lines): (Vec<usize>, Vec<usize>) = context
        .blocks()
        .filter(|(index, block)| is_appeal(context, *index, block, &persons))
        .map(|(index, _)| index)
        .partition(|&index| context.length(index) >= MIN_PARAGRAPH);
    let found: Vec<usize> =
        [paragraphs, lines].into_iter().filter(|found| found.len() <= MAX_FOUND).flatten().collect();
    if found.is_empty() {
        return;
    }
    let topics = Topics::new(context, |index| found.contains(&index));
    for index in found {
        if !topics.cover(context, index) {
            findings.cut(index, "speaks to the reader, and not of the article's subject");
        }
    }
}

/// Whether a block is a paragraph, or a sentence that looks like a heading, between or at the edge of the article's, and
/// holds no link or is one.
fn may_appeal(context: &Context<'_>, index: usize, block: &Block) -> bool {
    let length = context.length(index);
    let apart = match block.layout.role {
        Role::Heading(_) => !block.stats.ends_sentence,
        Role::Preformatted => true,
        _ => context.is_tabular(index),
    };
    let links = block.stats.links;
    !apart
        && (links == 0 || links == 1 && block.stats.link_density() >= MIN_LINKED)
        && context.scores[index] >= MIN_SCORE
        && LENGTHS.contains(&length)
        && length <= MAX_SHARE * context.body().length()
}

fn is_appeal(context: &Context<'_>, index: usize, block: &Block, persons: &Persons) -> bool {
    if !may_appeal(context, index, block) {
        return false;
    }
    let text = context.text(index);
    let offers = offers_trade(context, index);
    let goes_on = |c: char| odds::QUOTES.contains(&c) || c.is_lowercase() && !offers;
    if text.starts_with(goes_on) || text.ends_with([':', '：']) {
        return false;
    }
    let address = has_address(text);
    let covered = context.covered(index, WORDS);
    let known = known(context, index, block, covered) + if address { worth::ADDRESS } else { 0.0 };
    // What the article has to say costs more to tell, and whom its paragraphs speak to costs most.
    let persons_most = worth::SPEAKER + worth::READER;
    if known + persons_most < worth::ENOUGH {
        return false;
    }
    let overlap = context.body().overlap_with_others(index);
    let sentence = block.stats.ends_sentence;
    let placed = covered >= MIN_COVERED_MOSTLY || context.is_beside_prose(index);
    if overlap > MAX_OVERLAP || !placed && (!sentence || overlap > 0.0) {
        return false;
    }
    let plain = sentence && covered >= MIN_COVERED_PLAIN;
    let cohesion = context.body().cohesion().max(LEAST);
    if cohesion < MIN_COHESION && !plain && !offers {
        return false;
    }
    let known = known
        + worth::SHARED * odds::shared(context, index)
        + worth::KIN * (overlap / cohesion).min(worth::MAX_KIN);
    if known + persons_most < worth::ENOUGH {
        return false;
    }
    let is_personal = || speaks_for_several(text) && addresses_reader(text);
    if covered < MIN_COVERED && !address && !is_personal() {
        return false;
    }
    let trade = context.phrases(index).groups() & ALL_TRADES != 0;
    if persons.paragraphs(context) < MIN_PARAGRAPHS && !address && !trade && !plain {
        return false;
    }
    // Authors and those who post in forums speak for themselves.
    !speaks_for_oneself(text)
        && known
            + odds::sum(&[
                (persons.are_few(context, index, speaks_for_several, &persons.speakers), worth::SPEAKER),
                (persons.are_few(context, index, addresses_reader, &persons.readers), worth::READER),
            ])
            >= worth::ENOUGH
}

/// Whether a block names a trade and praises it, as keywords do: they are strange to any article.
fn offers_trade(context: &Context<'_>, index: usize) -> bool {
    let groups = context.phrases(index).groups();
    groups & TRADING != 0 && groups & (Group::Sell.bit() | Group::OfferRoot.bit()) != 0
}

/// What a block's place and shape, and the share of such words, tell.
fn known(context: &Context<'_>, index: usize, block: &Block, covered: f32) -> f32 {
    let length = context.length(index);
    let sentence = block.stats.ends_sentence;
    let sells = context.phrases(index).groups() & SELLING != 0;
    let for_covered = worth::COVERED + if sentence { worth::COVERED_SENTENCE } else { 0.0 };
    for_covered * covered.min(worth::MAX_COVERED)
        + worth::DOUBT * odds::doubt(context, index)
        + odds::sum(&[
            (sentence, worth::SENTENCE),
            (length >= LONG && !sells, worth::LONG),
            (length >= LONGER && !sells, worth::LONGER),
            (context.is_beside_prose(index), worth::BESIDE),
            (context.is_between_prose(index), worth::BETWEEN),
        ])
}

/// How many paragraphs the article has, and how many of them speak for several or address a reader, once somebody wanted
/// to know.
#[derive(Default)]
struct Persons {
    paragraphs: OnceCell<usize>,
    speakers: OnceCell<usize>,
    readers: OnceCell<usize>,
}

impl Persons {
    fn paragraphs(&self, context: &Context<'_>) -> usize {
        *self.paragraphs.get_or_init(|| paragraphs(context).count())
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
        (held - own) as f32 <= MAX_PERSONAL * (self.paragraphs(context) - own) as f32
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
