//! **Drops** Paragraphs that advertise, whatever it is that they sell: full sentences with the words of selling, with
//! shares, prices or an invented brand, that share next to nothing with the article.
//!
//! **Why** Spam's trades change faster than lists of words; how it praises does not.
//!
//! **Example** In an article on tides: `TurboTrim burns calories while you sleep: order today, 40% off, free delivery.`
//!
//! **Near miss** An article that sells or reviews something; a paragraph with prices; an appeal for donations.
//!
//! **Languages** Words of selling in eleven.
//!
//! **Source** Paragraphs of hacked pages: what they have in common over all trades.

use super::injected_topic::{ALL_TRADES, Topics, stand_in_links};
use super::{Context, Findings};
use crate::lexicon::Group;
use crate::page::{Block, Role};

/// The shortest and longest paragraph, in letters.
const LENGTHS: std::ops::RangeInclusive<f32> = 40.0..=900.0;
/// What speaks for an advertisement and against it, as logarithms of odds: fitted to planted paragraphs and to honest
/// ones of annotated pages, of which one in a thousand then counts as an advertisement by itself.
mod odds {
    /// A paragraph of which nothing is known.
    pub(super) const PRIOR: f32 = -4.5;
    /// For each tenth of its words that the rest of the article uses, from the first twentieth on.
    pub(super) const OVERLAP: f32 = -2.0;
    /// For the logarithm of the odds that the densities give it as body text.
    pub(super) const SCORE: f32 = -0.8;
    /// It ends as sentences do.
    pub(super) const SENTENCE: f32 = 2.0;
    /// It is long enough for its words to tell something.
    pub(super) const LONG: f32 = 1.5;
    /// It asks something.
    pub(super) const QUESTION: f32 = 2.5;
    /// It holds an invented name.
    pub(super) const BRAND: f32 = 3.0;
    /// It sells.
    pub(super) const SELLS: f32 = 2.5;
    /// It names a trade.
    pub(super) const TRADE: f32 = 4.0;
    /// It quotes somebody.
    pub(super) const QUOTE: f32 = -3.5;
    /// It has numbers.
    pub(super) const DIGITS: f32 = 0.5;
    /// What it takes.
    pub(super) const ENOUGH: f32 = 1.5;
}
/// A paragraph from this many letters on is long.
const LONG: f32 = 60.0;
/// The least and the most that the densities may have to say.
const SCORE_RANGE: f32 = 3.0;
/// The overlap with the article up to which nothing is shared but by chance.
const CHANCE: f32 = 0.05;
/// Share of the article's letters, at most.
const MAX_SHARE: f32 = 0.3;
/// Advertisements in a page at most: more of them are the page.
const MAX_FOUND: usize = 5;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let found: Vec<(usize, f32)> =
        context.blocks().filter_map(|(index, block)| Some((index, odds(context, index, block)?))).collect();
    if found.is_empty() || found.len() > MAX_FOUND {
        return;
    }
    let topics = Topics::new(context, |index| found.iter().any(|(block, _)| *block == index));
    for (index, odds) in found.into_iter().filter(|(index, _)| !topics.cover(context, *index)) {
        findings.cut(index, format!("advertises, {:.0} to 1", odds.exp()));
    }
}

/// The logarithm of the odds that a paragraph advertises, if it likely does.
fn odds(context: &Context<'_>, index: usize, block: &Block) -> Option<f32> {
    let length = context.length(index);
    let apart = matches!(block.layout.role, Role::Cell { .. } | Role::Heading(_) | Role::Preformatted);
    if apart || !LENGTHS.contains(&length) || length > MAX_SHARE * context.body().length() {
        return None;
    }
    let text = context.text(index);
    let groups = context.phrases(index).groups();
    let trades = ALL_TRADES | Group::Services.bit();
    let ours = |words| groups & words != 0 && !stand_in_links(context, index, words);
    let score = context.scores[index];
    let score = (score / (1.0 - score)).ln().clamp(-SCORE_RANGE, SCORE_RANGE);
    let signs = [
        (block.stats.ends_sentence, odds::SENTENCE),
        (length >= LONG, odds::LONG),
        (text.contains(['?', '？']), odds::QUESTION),
        (has_brand(text), odds::BRAND),
        (ours(Group::Sell.bit()), odds::SELLS),
        (ours(trades), odds::TRADE),
        (text.contains(['"', '“', '”', '„', '«', '「', '『']), odds::QUOTE),
        (block.stats.digits > 0, odds::DIGITS),
    ];
    let known: f32 = signs.iter().map(|(holds, weight)| if *holds { *weight } else { 0.0 }).sum();
    let known = odds::PRIOR + odds::SCORE * score + known;
    if known < odds::ENOUGH {
        return None;
    }
    let shared = (context.body().overlap_with_others(index, text) - CHANCE).max(0.0);
    let odds = known + odds::OVERLAP * 10.0 * shared;
    (odds >= odds::ENOUGH).then_some(odds)
}

/// Whether a word looks like an invented name: capitals or digits within.
pub(super) fn has_brand(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| {
        let mut before = ' ';
        let inner = word.chars().any(|c| {
            let joint =
                before.is_lowercase() && c.is_uppercase() || before.is_alphabetic() && c.is_ascii_digit();
            before = c;
            joint
        });
        inner && word.chars().count() > 4 && word.starts_with(char::is_alphabetic)
    })
}

#[cfg(test)]
mod tests {
    use super::has_brand;

    #[test]
    fn brands() {
        assert!(has_brand("Join LuckyHarbor today") && has_brand("at Ace88x now"));
        assert!(!has_brand("Nothing of NATO in 2021, says the BBC"));
    }
}
