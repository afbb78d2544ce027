//! **Drops** Paragraphs that advertise, whatever it is that they sell: full sentences with the words of selling, with
//! shares, prices or an invented brand, that share next to nothing with the article. Of a longer paragraph with one
//! sentence that sells, that sentence.
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

use std::ops::Range;

use super::injected_topic::{TRADING, Topics, stand_in_links};
use super::{Context, Findings, odds};
use crate::lexicon::Group;
use crate::page::{Block, Role};

/// Words of trade and of selling.
const SELLING: u64 = TRADING | Group::Sell.bit();
/// The shortest and longest paragraph, in letters.
const LENGTHS: std::ops::RangeInclusive<f32> = 40.0..=900.0;
/// What the signs of an advertisement are worth; of honest paragraphs one in a thousand has enough of them.
mod worth {
    /// A paragraph of which nothing is known.
    pub(super) const PRIOR: f32 = -4.5;
    /// For each tenth of its words that the rest of the article uses.
    pub(super) const SHARED: f32 = -2.0;
    /// For the doubt of the densities.
    pub(super) const DOUBT: f32 = 0.8;
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
/// Bytes of keywords that were planted side by side, at most.
const MAX_PLANTED: usize = 40;
/// What ends a sentence.
const STOPS: [char; 6] = ['.', '!', '?', '。', '！', '？'];
/// How many times as long as its only sentence that sells a paragraph must be for the others to stay.
const MIN_PARAGRAPH: usize = 2;
/// Share of the article's letters, at most.
const MAX_SHARE: f32 = 0.3;
/// Advertisements in a page at most: more of them are the page.
const MAX_FOUND: usize = 5;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let found: Vec<(usize, f32)> = context
        .blocks()
        .filter_map(|(index, block)| Some((index, weighed(context, index, block)?)))
        .collect();
    if found.is_empty() || found.len() > MAX_FOUND {
        return;
    }
    let topics = Topics::new(context, |index| found.iter().any(|(block, _)| *block == index));
    for (index, odds) in found.into_iter().filter(|(index, _)| !topics.cover(context, *index)) {
        let evidence = format!("advertises, {:.0} to 1", odds.exp());
        match selling_sentence(context, index) {
            Some(span) => findings.cut_span(index, span, evidence),
            None => findings.cut(index, evidence),
        }
    }
}

/// The one sentence with all words of trade and selling of a longer paragraph, as bytes of the page's text: it may have been
/// put into an honest one, or been an honest one that keywords were put into.
fn selling_sentence(context: &Context<'_>, index: usize) -> Option<Range<u32>> {
    let text = context.text(index);
    if asks(text) || has_brand(text) {
        return None;
    }
    let (first, last) = selling_part(context, index)?;
    let ends = |&(at, mark): &(usize, &str)| {
        !mark.is_ascii() || text[at + mark.len()..].chars().next().is_none_or(char::is_whitespace)
    };
    let stops = || text.match_indices(STOPS).filter(ends).map(|(at, mark)| at + mark.len());
    let behind = stops().take_while(|stop| *stop <= first).last().unwrap_or_default();
    let start = first - text[behind..first].trim_start().len();
    let end = stops().find(|stop| *stop >= last).unwrap_or(text.len());
    let base = context.page.blocks[index].text.start;
    ((end - start) * MIN_PARAGRAPH <= text.len()).then(|| base + start as u32..base + end as u32)
}

/// Where the words of trade and selling of a block begin and end.
fn selling_part(context: &Context<'_>, index: usize) -> Option<(usize, usize)> {
    let places = || context.phrases(index).of_any(SELLING);
    Some((places().next()?.0, places().map(|(_, end)| end).max()?))
}

/// The logarithm of the odds that a paragraph advertises, if it likely does.
fn weighed(context: &Context<'_>, index: usize, block: &Block) -> Option<f32> {
    let length = context.length(index);
    let apart =
        matches!(block.layout.role, Role::Heading(_) | Role::Preformatted) || context.is_tabular(index);
    if apart || !LENGTHS.contains(&length) || length > MAX_SHARE * context.body().length() {
        return None;
    }
    let text = context.text(index);
    let groups = context.phrases(index).groups();
    let planted = stand_in_links(context, index, SELLING) || stand_together(context, index);
    let ours = |words| groups & words != 0 && !planted;
    let before = worth::PRIOR + worth::DOUBT * odds::doubt(context, index);
    let known = |question: bool, brand: bool, quote: bool| {
        before
            + odds::sum(&[
                (block.stats.ends_sentence, worth::SENTENCE),
                (length >= LONG, worth::LONG),
                (question, worth::QUESTION),
                (brand, worth::BRAND),
                (ours(Group::Sell.bit()), worth::SELLS),
                (ours(TRADING), worth::TRADE),
                (quote, worth::QUOTE),
                (block.stats.digits > 0, worth::DIGITS),
            ])
    };
    // What the text must be read for is asked last: most paragraphs have too little without it.
    if known(true, true, false) < worth::ENOUGH {
        return None;
    }
    let question = asks(text);
    if known(question, true, false) < worth::ENOUGH {
        return None;
    }
    let known = known(question, has_brand(text), text.contains(odds::QUOTES));
    if known < worth::ENOUGH {
        return None;
    }
    let odds = known + worth::SHARED * odds::shared(context, index);
    (odds >= worth::ENOUGH).then_some(odds)
}

fn asks(text: &str) -> bool {
    text.contains(['?', '？'])
}

/// Whether all words of trade and selling of a longer text stand side by side, or are one phrase and no answer to
/// a question: they were planted into it.
fn stand_together(context: &Context<'_>, index: usize) -> bool {
    let text = context.text(index);
    selling_part(context, index).is_some_and(|(first, last)| {
        last - first <= MAX_PLANTED
            && text.len() > 3 * (last - first)
            && (context.phrases(index).count(SELLING) > 1 || !asks(text))
    })
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

/// Whether a capital or digit stands behind a letter: in most texts none does. Of other characters than those of ASCII
/// only dashes and quotation marks are known, whose bytes are E2 and 80. Without a branch, so that many are looked at in
/// one step.
#[expect(clippy::needless_bitwise_bool, reason = "without a branch many are looked at in one step")]
fn may_have_brand(text: &[u8]) -> bool {
    text.iter().zip(text.iter().skip(1)).fold(false, |found, (a, b)| {
        let capital = a.is_ascii_lowercase() & b.is_ascii_uppercase();
        let digit = a.is_ascii_alphabetic() & b.is_ascii_digit();
        let mark = (*a == 0xE2) & (*b == 0x80);
        found | capital | digit | ((*a >= 0xC0) & !mark)
    })
}

#[cfg(test)]
mod tests {
    use super::has_brand;

    #[test]
    fn brands() {
        assert!(has_brand("Join LuckyHarbor today") && has_brand("at Ace88x now"));
        assert!(has_brand("Join «ГдеКазино» today") && has_brand("the “CasinoRoyal” app"));
        assert!(!has_brand("Nothing of NATO in 2021, says the BBC’s ‘World’ – or “Radio 4”"));
    }
}
