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

use super::injected_topic::{ALL_TRADES, distinct, is_about_trades};
use super::{Context, Findings};
use crate::lexicon::Group;
use crate::page::Block;

/// The shortest and longest paragraph, in letters.
const LENGTHS: std::ops::RangeInclusive<f32> = 60.0..=900.0;
/// Signs that make an advertisement.
const MIN_SIGNS: usize = 5;
/// Share of tokens with the rest of the article, at most.
const MAX_OVERLAP: f32 = 0.22;
/// Different words of selling, at least.
const MIN_SELLS: usize = 2;
/// Words of selling in a block of running text that make it one that sells, and the share of such blocks from which
/// on the article does.
const SELLING: usize = 2;
const MAX_SELLING: f32 = 0.15;
/// Advertisements in a page at most: more of them are the page.
const MAX_FOUND: usize = 4;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let found: Vec<(usize, usize)> = context
        .blocks()
        .filter_map(|(index, block)| Some((index, signs(context, index, block)?)))
        .filter(|&(index, _)| context.body().overlap_with_others(index, context.text(index)) <= MAX_OVERLAP)
        .collect();
    let is_found = |index| found.iter().any(|(block, _)| *block == index);
    if found.is_empty() || found.len() > MAX_FOUND || is_about_trades(context, is_found) {
        return;
    }
    let prose = || context.blocks().map(|(i, _)| i).filter(|&i| context.body().is_prose(i));
    let others = prose().filter(|i| found.iter().all(|(index, _)| index != i));
    let selling = others.filter(|&i| distinct(context.phrases(i), Group::Sell, context.text(i)) >= SELLING);
    if selling.count() as f32 <= MAX_SELLING * prose().count() as f32 {
        for (index, signs) in found {
            findings.cut(index, format!("{signs} signs of an advertisement"));
        }
    }
}

/// The signs of an advertisement, if there are enough.
fn signs(context: &Context<'_>, index: usize, block: &Block) -> Option<usize> {
    let phrases = context.phrases(index);
    if !phrases.has(Group::Sell)
        || !LENGTHS.contains(&context.length(index))
        || context.is_code(index)
        || context.is_heading(index)
    {
        return None;
    }
    let text = context.text(index);
    let sells = distinct(phrases, Group::Sell, text).min(4);
    let trades = 2 * phrases.count(ALL_TRADES).min(2);
    let offers = usize::from(text.contains(['%', '$', '€', '£', '¥', '₽', '％']));
    let numbers = usize::from(block.stats.digits > 0);
    let signs = sells
        + trades
        + offers
        + numbers
        + usize::from(has_brand(text))
        + usize::from(block.stats.links > 0)
        + usize::from(phrases.has(Group::ContactCall));
    (sells >= MIN_SELLS && signs >= MIN_SIGNS).then_some(signs)
}

/// Whether a word looks like an invented name: capitals or digits within.
fn has_brand(text: &str) -> bool {
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
