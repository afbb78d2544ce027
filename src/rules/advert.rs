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

use super::injected_topic::{ALL_TRADES, Topics, distinct, stand_in_links};
use super::{Context, Findings};
use crate::lexicon::Group;
use crate::page::Block;

/// The shortest and longest paragraph, in letters.
const LENGTHS: std::ops::RangeInclusive<f32> = 40.0..=900.0;
/// Share of tokens with the rest of the article, at most, and how many signs it then takes. What shares nothing with
/// the article needs few; on annotated pages these bounds name one block in ten thousand.
const BOUNDS: [(f32, usize); 4] = [(0.05, 4), (0.12, 5), (0.22, 6), (0.3, 8)];
/// Words of selling or of trades, at least, and letters of text for each of them, at most: an anchor planted into a
/// paragraph makes no advertisement of it.
const MIN_WORDS: usize = 2;
const MAX_DILUTION: f32 = 45.0;
/// Share of the article's letters, at most.
const MAX_SHARE: f32 = 0.3;
/// Advertisements in a page at most: more of them are the page.
const MAX_FOUND: usize = 5;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let found: Vec<(usize, usize)> = context
        .blocks()
        .filter_map(|(index, block)| Some((index, signs(context, index, block)?)))
        .filter(|&(index, signs)| is_strange_enough(context, index, signs))
        .collect();
    let topics = Topics::new(context, |index| found.iter().any(|(block, _)| *block == index));
    if found.len() <= MAX_FOUND {
        for (index, signs) in found.into_iter().filter(|(index, _)| !topics.cover(context, *index)) {
            findings.cut(index, format!("{signs} signs of an advertisement"));
        }
    }
}

/// Whether a block with so many signs shares little enough with the article.
fn is_strange_enough(context: &Context<'_>, index: usize, signs: usize) -> bool {
    if signs < BOUNDS[0].1 {
        return false;
    }
    let overlap = context.body().overlap_with_others(index);
    BOUNDS.iter().any(|&(most, least)| overlap <= most && signs >= least)
}

/// The signs of an advertisement, if there are enough.
fn signs(context: &Context<'_>, index: usize, block: &Block) -> Option<usize> {
    let phrases = context.phrases(index);
    let selling = ALL_TRADES | Group::Sell.bit() | Group::Services.bit();
    if phrases.groups() & selling == 0
        || stand_in_links(context, index, selling)
        || !LENGTHS.contains(&context.length(index))
        || context.is_code(index)
        || context.is_heading(index)
    {
        return None;
    }
    let text = context.text(index);
    let sells = distinct(phrases, Group::Sell, text);
    let trades = phrases.count(ALL_TRADES | Group::Services.bit());
    let others = [
        text.contains(['%', '$', '€', '£', '¥', '₽', '％']),
        block.stats.digits > 0,
        has_brand(text),
        block.stats.links > 0,
        phrases.has(Group::ContactCall),
    ];
    let signs = sells.min(4) + 2 * trades.min(3) + others.iter().filter(|sign| **sign).count();
    let words = sells + trades;
    let length = context.length(index);
    (words >= MIN_WORDS
        && length <= MAX_DILUTION * words as f32
        && length <= MAX_SHARE * context.body().length())
    .then_some(signs)
}

/// Whether a word looks like an invented name: capitals or digits within.
pub(super) fn has_brand(text: &str) -> bool {
    if !may_have_brand(text.as_bytes()) {
        return false;
    }
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

/// Whether a capital or digit stands behind a letter: in most texts none does. Without a branch, so that many are
/// looked at in one step.
fn may_have_brand(text: &[u8]) -> bool {
    text.iter().zip(text.iter().skip(1)).fold(false, |found, (a, b)| {
        let capital = a.is_ascii_lowercase() & b.is_ascii_uppercase();
        let digit = a.is_ascii_alphabetic() & b.is_ascii_digit();
        found | capital | digit | !a.is_ascii() | !b.is_ascii()
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
