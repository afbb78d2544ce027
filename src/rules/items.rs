//! The short things that a page lists side by side: on one line, over sibling blocks, or both at once.
//!
//! Comes in: a page. Goes out: [`Item`]s in reading order, several of one block where wide gaps, bars, dots or
//! links part them. Rules about lists see one shape, whatever the markup was, or none. What a list is worth is for
//! them to judge.

use std::borrow::Cow;

use memchr::memchr2_iter;

use super::Context;
use crate::blocks::chars::{self, CharSet};
use crate::page::{Block, Role, SpanKind};

/// One of several short texts side by side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Item<'a> {
    /// The block it stands in.
    pub(super) block: usize,
    /// Its text, without numbering.
    pub(super) text: &'a str,
}

/// Marks that part entries of a line wherever they stand.
const HARD: CharSet = CharSet::new(&[
    '|', '｜', '·', '•', '●', '■', '◆', '★', '☆', '▪', '►', '»', '›', '┊', '│', '‖', '丨', '\n',
]);
/// Marks that part entries of a line only if nothing else does.
const SOFT: [CharSet; 3] =
    [CharSet::new(&['/', '／']), CharSet::new(&['、']), CharSet::new(&[',', '，', '،', ';', '；'])];
/// A dash between blanks parts entries, too.
const DASH: &str = " - ";
/// Fewer pieces than this and a mark did not part a list.
const MIN_PIECES: usize = 3;

/// Hands on the pieces of one block: its links, or what gaps and marks part; the pieces between commas and their like
/// in a block that is not [`parted`], or the whole.
pub(super) fn each_piece<'a>(context: &Context<'a>, index: usize, each: impl FnMut(&'a str)) {
    let several = several(context, index);
    if several.is_empty() {
        clean(std::iter::once(context.text(index))).for_each(each);
    } else {
        several.iter().copied().for_each(each);
    }
}

/// The same, all at once.
pub(super) fn pieces<'c, 'a>(context: &'c Context<'a>, index: usize) -> Cow<'c, [&'a str]> {
    let several = several(context, index);
    if several.is_empty() { clean(std::iter::once(context.text(index))).collect() } else { several }
}

/// The same of a block that is not one piece; nothing of others.
pub(super) fn several<'c, 'a>(context: &'c Context<'a>, index: usize) -> Cow<'c, [&'a str]> {
    match context.parted(index) {
        [] => between_commas(context, index).unwrap_or_default().into(),
        parted => parted.into(),
    }
}

/// What commas and their like part in a block that is not [`parted`], if it has no sentences.
pub(super) fn between_commas<'a>(context: &Context<'a>, index: usize) -> Option<Vec<&'a str>> {
    let stats = &context.page.blocks[index].stats;
    if stats.sentence_ends > 0 || stats.symbols + stats.commas < MIN_PIECES as u32 - 1 {
        return None;
    }
    let text = context.text(index);
    let soft = SOFT.iter().find_map(|marks| at_least(MIN_PIECES, clean(text.split(|c| marks.has(c)))));
    soft.or_else(|| at_least(MIN_PIECES + 1, clean(text.split(DASH))))
}

/// Pieces, if there are so many.
fn at_least<'a>(least: usize, pieces: impl Iterator<Item = &'a str> + Clone) -> Option<Vec<&'a str>> {
    let count = pieces.clone().count();
    (count >= least).then(|| {
        let mut list = Vec::with_capacity(count);
        list.extend(pieces);
        list
    })
}

/// The pieces of a block that nothing but a list would part so: its links, or what gaps, bars and dots part. Empty if
/// there are fewer than three.
pub(super) fn parted<'a>(context: &Context<'a>, index: usize) -> Vec<&'a str> {
    let block = &context.page.blocks[index];
    let text = context.text(index);
    if block.stats.links >= MIN_PIECES as u32
        && block.stats.link_density() >= 0.8
        && let Some(links) = links(context, block)
    {
        return links;
    }
    let stats = &block.stats;
    // Most blocks have nothing that could part a list.
    let has_gap = || !gaps(context, block).is_empty();
    if (stats.symbols + stats.cjk > 0 || block.layout.role == Role::Preformatted || has_gap())
        && let Some(hard) = split_hard(context, block, text)
    {
        return hard;
    }
    let counted = stats.digits >= MIN_PIECES as u32;
    if counted && block.layout.role != Role::Preformatted {
        let counted = split_counted(text);
        if counted.clone().nth(MIN_PIECES - 1).is_some() {
            return clean(counted).collect();
        }
    }
    // Chinese and Japanese have no other use for a space.
    if stats.sentence_ends == 0 && stats.cjk * 5 >= stats.chars * 3 {
        return at_least(MIN_PIECES, clean(text.split(' '))).unwrap_or_default();
    }
    Vec::new()
}

/// Share of the blocks' characters that are links.
pub(super) fn linked(context: &Context<'_>, blocks: &[usize]) -> f32 {
    let stats = || blocks.iter().map(|&block| &context.page.blocks[block].stats);
    let chars: u32 = stats().map(|s| s.chars).sum();
    stats().map(|s| s.link_chars).sum::<u32>() as f32 / chars.max(1) as f32
}

fn links<'a>(context: &Context<'a>, block: &Block) -> Option<Vec<&'a str>> {
    let page = context.page;
    let spans = page.spans_of(block).iter().filter(|span| matches!(span.kind, SpanKind::Link(_)));
    let texts = spans.map(|span| &page.text[span.text.start as usize..span.text.end as usize]);
    at_least(MIN_PIECES, clean(texts))
}

/// Where wide gaps stand in a block.
fn gaps<'a>(context: &Context<'a>, block: &Block) -> &'a [u32] {
    let gaps = &context.page.gaps;
    let first = gaps.partition_point(|gap| *gap < block.text.start);
    let count = gaps[first..].iter().take_while(|gap| **gap < block.text.end).count();
    &gaps[first..first + count]
}

fn split_hard<'a>(context: &Context<'a>, block: &Block, text: &'a str) -> Option<Vec<&'a str>> {
    let gaps = gaps(context, block);
    let marks = || {
        if text.is_ascii() {
            memchr2_iter(b'|', b'\n', text.as_bytes()).take(MIN_PIECES).count()
        } else {
            text.chars().filter(|c| HARD.has(*c)).take(MIN_PIECES).count()
        }
    };
    if gaps.len() + marks() < MIN_PIECES - 1 {
        return None;
    }
    let gaps = gaps.iter().map(|gap| (gap - block.text.start) as usize);
    let parts = std::iter::once(0).chain(gaps.clone()).zip(gaps.chain([text.len()]));
    let hard = parts.flat_map(|(start, end)| text[start..end].split(|c| HARD.has(c)));
    at_least(MIN_PIECES, clean(hard))
}

/// What stands between numbers that count up within a text: `1. Tides 2. Moons 3. Harbours`.
fn split_counted(text: &str) -> impl Iterator<Item = &str> + Clone {
    let mut words = text.split_ascii_whitespace();
    let (mut next, mut start) = (1, Some(0));
    std::iter::from_fn(move || {
        let from = start?;
        start = words.find_map(|word| {
            let number = word.trim_start_matches(['(', '[', '#', '№']);
            let digits = number.trim_end_matches(['.', ')', ']', ':', '、']);
            if digits.len() == word.len() || digits.parse() != Ok(next) {
                return None;
            }
            next += 1;
            let at = word.as_ptr() as usize - text.as_ptr() as usize;
            (at > 0).then_some(at)
        });
        Some(&text[from..start.unwrap_or(text.len())])
    })
}

/// Without blanks, numbering and empty pieces.
fn clean<'a>(pieces: impl Iterator<Item = &'a str> + Clone) -> impl Iterator<Item = &'a str> + Clone {
    pieces.map(unnumbered).filter(|piece| !piece.is_empty())
}

/// What may stand before an entry or its number.
const BULLETS: CharSet = CharSet::new(&[
    '-', '–', '*', '•', '·', '▪', '○', '◦', '(', '（', '[', '【', '#', '№', '▶', '►', '»', '›', '★', '☆',
    '●', '■', '◆', '→', '✓', '✔', '~', '+', '»',
]);

/// A text without the number or bullet before it.
pub(super) fn unnumbered(text: &str) -> &str {
    let text = text.trim().trim_start_matches(|c| BULLETS.has(c)).trim_start();
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    if digits == 0 || digits > 3 {
        return text;
    }
    if text.starts_with('0') && rest.starts_with(' ') {
        return rest.trim_start();
    }
    let after = rest.trim_start_matches(['.', '、', ')', '）', ':', ']', '】', '．']);
    if after.len() < rest.len() { after.trim_start() } else { text }
}

/// Length of a text in letters: a CJK character says as much as two and a half.
pub(super) fn length(text: &str) -> f32 {
    if text.is_ascii() {
        return text.bytes().filter(|byte| !matches!(byte, b'\t'..=b'\r' | b' ')).count() as f32;
    }
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if chars::is_cjk(c) { 2.5 } else { 1.0 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_count_part_a_line() {
        let split = |text| split_counted(text).collect::<Vec<_>>();
        assert_eq!(split("1. Tides (2) Moons №3 Harbours"), ["1. Tides ", "(2) Moons ", "№3 Harbours"]);
        assert_eq!(split("between 1 and 2 in 3"), ["between 1 and 2 in 3"]);
    }

    #[test]
    fn numbering_goes_but_not_years() {
        assert_eq!(unnumbered(" 12. Tides"), "Tides");
        assert_eq!(unnumbered("(3) Moon"), "Moon");
        assert_eq!(unnumbered("2012 in music"), "2012 in music");
        assert_eq!(unnumbered("5 ways to win"), "5 ways to win");
    }
}
