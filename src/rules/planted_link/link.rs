//! Links whose text is keywords.

use std::collections::HashMap;
use std::ops::Range;

use super::super::injected_topic::ALL_TRADES;
use super::super::items::length;
use super::super::{Context, odds};
use super::shape::{Neighbours, is_several, is_short, is_small};
use super::{Carrier, HALF};
use crate::blocks::chars;
use crate::lexicon::Group;
use crate::page::{Span, SpanKind};

/// The length of such a text, in letters.
const LENGTHS: Range<f32> = 6.0..64.0;
/// Letters of the beginning of a word by which an address is known to speak of it.
const STEM: usize = 4;
/// Marks around the titles of works.
const TITLE: [char; 2] = ['《', '》'];

/// What the signs of a planted link are worth.
mod worth {
    /// A link of which nothing is known.
    pub(super) const PRIOR: f32 = -9.2;
    /// It names a trade of spam, or of honest firms.
    pub(super) const TRADE: f32 = 4.8;
    pub(super) const SERVICE: f32 = 3.9;
    /// It has words of selling or of offers, and is not one of them.
    pub(super) const OFFER: f32 = 2.1;
    /// The rest of the article uses none of its words, or half of them at most.
    pub(super) const STRANGE: f32 = 4.6;
    pub(super) const HALF: f32 = 2.4;
    /// It has letters of which the block has none but there.
    pub(super) const FOREIGN: f32 = 1.4;
    /// It is several words.
    pub(super) const SEVERAL: f32 = 2.0;
    /// A word follows it, or leads up to it; that word is short.
    pub(super) const AFTER: f32 = 2.2;
    pub(super) const BEFORE: f32 = 1.0;
    pub(super) const SHORT: f32 = -0.6;
    /// It has short words, as sentences do.
    pub(super) const SMALL: f32 = -0.75;
    /// It has capitals or the marks of titles, as names do.
    pub(super) const NAME: f32 = -1.6;
    /// It has digits, or words that every text uses.
    pub(super) const DIGIT: f32 = -1.3;
    pub(super) const COMMON: f32 = -1.3;
    /// Its address speaks of the same.
    pub(super) const ADDRESS: f32 = -3.0;
}

/// The links of a block.
pub(super) fn links<'a>(context: &'a Context<'_>, index: usize) -> impl Iterator<Item = &'a Span> + 'a {
    let spans = context.page.spans_of(&context.page.blocks[index]).iter();
    spans.filter(|span| matches!(span.kind, SpanKind::Link(_)))
}

/// The text of a link.
pub(super) fn text_of<'page>(context: &Context<'page>, link: &Span) -> &'page str {
    &context.page.text[link.text.start as usize..link.text.end as usize]
}

/// The links that were planted into a block, on a page on which so many links of running text have each text.
pub(super) fn planted_links<'a>(
    carrier: Carrier<'a, '_>,
    uses: &'a HashMap<&str, u32>,
) -> impl Iterator<Item = Range<u32>> + 'a {
    let spans = links(carrier.context, carrier.index);
    spans.filter(move |span| is_planted(carrier, span, uses)).map(|span| span.text.clone())
}

fn is_planted(carrier: Carrier<'_, '_>, span: &Span, uses: &HashMap<&str, u32>) -> bool {
    let context = carrier.context;
    let text = text_of(context, span);
    if !LENGTHS.contains(&length(text)) || text.ends_with(['.', '。', '!', '?']) {
        return false;
    }
    let known = known(carrier, span, text);
    if known + worth::STRANGE < 0.0 {
        return false;
    }
    let overlap = context.body().overlap_beyond(text, uses.get(text).copied().unwrap_or_default());
    let known = known
        + odds::sum(&[(overlap <= 0.0, worth::STRANGE), (overlap > 0.0 && overlap <= HALF, worth::HALF)]);
    let sayings = || {
        odds::sum(&[
            (context.body().has_common(text), worth::COMMON),
            (tells_of(context.page.href(span), text), worth::ADDRESS),
        ])
    };
    known >= 0.0 && known + sayings() >= 0.0
}

/// What the text of a link and its place tell, without the article.
fn known(carrier: Carrier<'_, '_>, span: &Span, text: &str) -> f32 {
    let at = carrier.in_block(&span.text);
    let phrases = |groups| carrier.context.phrases(carrier.index).of_any_in(groups, at.clone());
    // "Contact us" alone is how a site speaks of itself.
    let offers = phrases(Group::Sell.bit() | Group::OfferRoot.bit()).any(|(from, to)| (from..to) != at);
    let neighbours = Neighbours::of(carrier.text, &at);
    worth::PRIOR
        + odds::sum(&[
            (phrases(ALL_TRADES).next().is_some(), worth::TRADE),
            (phrases(Group::Services.bit()).next().is_some(), worth::SERVICE),
            (offers, worth::OFFER),
            (is_several(text), worth::SEVERAL),
            (carrier.has_foreign(text), worth::FOREIGN),
            (neighbours.after.is_some(), worth::AFTER),
            (neighbours.before.is_some(), worth::BEFORE),
            (is_short(neighbours.after), worth::SHORT),
            (is_short(neighbours.before), worth::SHORT),
            (text.contains(' ') && text.split(' ').any(is_small), worth::SMALL),
            (text.contains(|c: char| c.is_uppercase() || TITLE.contains(&c)), worth::NAME),
            (text.contains(|c: char| c.is_ascii_digit()), worth::DIGIT),
        ])
}

/// Whether the path of an address holds the beginning of a word of a text.
fn tells_of(address: &str, text: &str) -> bool {
    let path = address
        .split_once("//")
        .map_or(address, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let path = path.to_lowercase();
    chars::words(text).any(|word| {
        let stem: String = word.chars().take(STEM).map(chars::lower).collect();
        stem.chars().count() == STEM && path.contains(&stem)
    })
}
