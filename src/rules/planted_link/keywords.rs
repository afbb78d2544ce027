//! Words of trade, of selling and of offers without a link, where they hardly stand in a sentence.

use std::collections::HashMap;
use std::ops::Range;

use super::super::injected_topic::{ALL_TRADES, TRADING};
use super::super::{Context, odds};
use super::shape::{MIN_CJK, Neighbours, cjk, is_several, is_short, is_small};
use super::{Carrier, HALF};
use crate::blocks::chars;
use crate::lexicon::Group;
use crate::page::Media;

/// Bytes between two phrases of one run of keywords: a space, or one short word.
const MAX_GAP: usize = 5;
/// Share of the other paragraphs that name a trade from which on it says no more against one.
const MAX_NAMING: f32 = 0.2;
/// Words of trade and of selling, and these with words of offers.
const KEYWORDS: u64 = TRADING | Group::Sell.bit();
const OFFERING: u64 = KEYWORDS | Group::OfferRoot.bit();

/// What the signs of keywords without a link are worth.
mod worth {
    /// Keywords of which nothing is known.
    pub(super) const PRIOR: f32 = -8.3;
    /// Links of the page are not lost.
    pub(super) const LINKS: f32 = -2.0;
    /// It names a trade of spam, or does so by several words.
    pub(super) const TRADE: f32 = 0.9;
    pub(super) const SEVERAL_OF_TRADE: f32 = 0.8;
    /// It names a trade, and the rest of the article uses none of the name's words, or half of them at most.
    pub(super) const NEW: f32 = 3.5;
    pub(super) const HALF_NEW: f32 = 1.4;
    /// A trade's name is several words, or several CJK characters.
    pub(super) const SEVERAL: f32 = 2.5;
    pub(super) const CJK: f32 = 3.3;
    /// The rest of the article uses none of its words, or half of them at most.
    pub(super) const STRANGE: f32 = 2.1;
    pub(super) const HALF: f32 = 1.8;
    /// It has letters of which the block has none but there.
    pub(super) const FOREIGN: f32 = 1.8;
    /// Keywords, or keywords and words of offers, stand side by side.
    pub(super) const SIDE_BY_SIDE: f32 = 1.1;
    /// They are words of selling and of offers, none of which the rest of the article uses, and no short word leads up to
    /// them.
    pub(super) const OFFERS: f32 = 4.2;
    /// One of the small words of sentences stands between them.
    pub(super) const SMALL: f32 = -1.3;
    /// A word follows it.
    pub(super) const AFTER: f32 = 2.6;
    /// The word that follows, or leads up to it, is short.
    pub(super) const SHORT_AFTER: f32 = -0.5;
    pub(super) const SHORT_BEFORE: f32 = -0.7;
    /// For the share of the other paragraphs that name a trade, to a fifth, and that sell something.
    pub(super) const NAMING: f32 = -1.0;
    pub(super) const SELLING: f32 = -0.5;
}

/// Where keywords stand in a block that hardly stand in sentences.
pub(super) fn keywords<'a>(
    carrier: Carrier<'a, '_>,
    trading: &Trading,
) -> impl Iterator<Item = Range<u32>> + 'a {
    let runs = runs(carrier);
    let beside = if runs.is_empty() { 0.0 } else { trading.beside(carrier) };
    runs.into_iter()
        .filter(move |run| run.is_planted(carrier, beside))
        .map(move |run| carrier.in_page(&run.at))
}

/// Words of trade, of selling and of offers that stand side by side.
struct Run {
    at: Range<usize>,
    /// Places of different phrases of trade and selling in it, and of all.
    places: usize,
    all_places: usize,
    /// Its phrases of a trade.
    trades: Vec<Range<usize>>,
    /// One of the small words of sentences stands in it.
    small: bool,
}

impl Run {
    /// Whether it was planted, in a block against which its other paragraphs say so much.
    fn is_planted(&self, carrier: Carrier<'_, '_>, beside: f32) -> bool {
        // A single word stands in many sentences, and few links are sold on one.
        let name = &carrier.text[self.at.clone()];
        let characters = cjk(name);
        if characters < MIN_CJK && (characters > 0 || !name.contains(' ')) {
            return false;
        }
        let neighbours = Neighbours::of(carrier.text, &self.at);
        let known = self.known(carrier, &neighbours) + beside;
        known + worth::NEW.max(worth::OFFERS) + worth::STRANGE >= 0.0
            && known + self.strangeness(carrier, &neighbours) >= 0.0
    }

    fn trades<'a>(&'a self, carrier: Carrier<'a, '_>) -> impl Iterator<Item = &'a str> {
        self.trades.iter().map(move |at| &carrier.text[at.clone()])
    }

    /// What it and its place tell, without the article.
    fn known(&self, carrier: Carrier<'_, '_>, neighbours: &Neighbours) -> f32 {
        let phrases = carrier.context.phrases(carrier.index);
        let spam = || self.trades.iter().filter(|at| phrases.groups_at(at) & ALL_TRADES != 0);
        let lost = carrier.context.page.media == Some(Media::Text);
        worth::PRIOR
            + odds::sum(&[
                (!lost, worth::LINKS),
                (spam().next().is_some(), worth::TRADE),
                (spam().any(|at| is_several(&carrier.text[at.clone()])), worth::SEVERAL_OF_TRADE),
                (self.trades(carrier).any(is_several), worth::SEVERAL),
                (self.trades(carrier).any(|name| cjk(name) >= MIN_CJK), worth::CJK),
                (carrier.has_foreign(&carrier.text[self.at.clone()]), worth::FOREIGN),
                (self.places >= 2, worth::SIDE_BY_SIDE),
                (self.all_places >= 2, worth::SIDE_BY_SIDE),
                (self.small, worth::SMALL),
                (neighbours.after.is_some(), worth::AFTER),
                (is_short(neighbours.after), worth::SHORT_AFTER),
                (is_short(neighbours.before), worth::SHORT_BEFORE),
            ])
    }

    /// What the words that it shares with the rest of the article tell.
    fn strangeness(&self, carrier: Carrier<'_, '_>, neighbours: &Neighbours) -> f32 {
        let overlap = |text| carrier.context.body().overlap_of_part(carrier.index, text);
        let new = self.trades(carrier).map(overlap).fold(1.0, f32::min);
        let whole = overlap(&carrier.text[self.at.clone()]);
        odds::sum(&[
            (new <= 0.0, worth::NEW),
            (new > 0.0 && new <= HALF, worth::HALF_NEW),
            (whole <= 0.0, worth::STRANGE),
            (whole <= 0.0 && self.are_offers(neighbours), worth::OFFERS),
            (whole > 0.0 && whole <= HALF, worth::HALF),
        ])
    }

    /// Whether it is words of selling and of offers alone, and no short word leads up to them.
    fn are_offers(&self, neighbours: &Neighbours) -> bool {
        self.trades.is_empty()
            && self.all_places >= 2
            && !self.small
            && neighbours.before.is_some()
            && !is_short(neighbours.before)
    }
}

/// How many paragraphs have keywords of the same groups.
pub(super) struct Trading(HashMap<u64, usize>);

impl Trading {
    pub(super) fn of(context: &Context<'_>) -> Self {
        let mut paragraphs = HashMap::new();
        for (index, _) in context.blocks().filter(|(index, _)| context.body().is_prose(*index)) {
            *paragraphs.entry(context.phrases(index).groups() & KEYWORDS).or_default() += 1;
        }
        Self(paragraphs)
    }

    /// What the paragraphs beside a block, which may be one of them, say against a planted keyword.
    fn beside(&self, carrier: Carrier<'_, '_>) -> f32 {
        let groups = carrier.context.phrases(carrier.index).groups();
        let is_prose = carrier.context.body().is_prose(carrier.index);
        let having = |wanted: u64| {
            let paragraphs = self.0.iter().filter(|(had, _)| *had & wanted != 0).map(|(_, count)| count);
            paragraphs.sum::<usize>() - usize::from(is_prose && groups & wanted != 0)
        };
        let others = (self.0.values().sum::<usize>() - usize::from(is_prose)).max(1) as f32;
        let naming = having(TRADING) as f32 / others;
        let selling = having(Group::Sell.bit()) as f32 / others;
        worth::NAMING * (naming / MAX_NAMING).min(1.0) + worth::SELLING * selling
    }
}

fn runs(carrier: Carrier<'_, '_>) -> Vec<Run> {
    let phrases = carrier.context.phrases(carrier.index);
    let text = carrier.text;
    let mut runs: Vec<Run> = Vec::new();
    if phrases.groups() & KEYWORDS == 0 {
        return runs;
    }
    for (from, to) in phrases.of_any(OFFERING) {
        let groups = phrases.groups_at(&(from..to));
        let trade = (groups & TRADING != 0).then_some(from..to);
        // "Hire a", "looking for a": whoever speaks so needs something.
        if trade.is_none() && text[from..to].ends_with(" a") {
            continue;
        }
        let is_keyword = groups & KEYWORDS != 0;
        // A phrase may be the beginning of a word.
        let rest = text[to..].chars().take_while(|c| c.is_alphabetic() && !chars::is_cjk(*c));
        let end = to + rest.map(char::len_utf8).sum::<usize>();
        match runs.last_mut().map(|run| (text.get(run.at.end..from).unwrap_or_default(), run)) {
            Some((between, run)) if joins(between) => {
                let is_new = from >= run.at.end;
                run.places += usize::from(is_new && is_keyword);
                run.all_places += usize::from(is_new);
                run.small |= is_small(between.trim());
                run.at.end = run.at.end.max(end);
                run.trades.extend(trade);
            }
            _ => runs.push(Run {
                at: from..end,
                places: usize::from(is_keyword),
                all_places: 1,
                trades: trade.into_iter().collect(),
                small: false,
            }),
        }
    }
    runs.retain(|run| run.places > 0);
    runs
}

/// Whether what stands between two phrases leaves them one run: nothing, a space, or one word between blanks.
fn joins(between: &str) -> bool {
    let word = between.strip_prefix(' ').and_then(|rest| rest.strip_suffix(' '));
    between.trim().is_empty() && between.len() <= MAX_GAP
        || word.is_some_and(|word| !word.is_empty() && word.chars().all(char::is_alphabetic))
}
