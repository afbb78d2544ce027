//! **Drops** Links with a trade's keywords for a text, put into a sentence of the article. The sentence stays.
//!
//! **Why** They are sold by the thousand, into old articles of hacked and of honest sites. Whole blocks are not their
//! size, so nothing that judges blocks sees them.
//!
//! **Example** In an article on tides: `The harbour was built <a>best online casino</a> in 1880.`
//!
//! **Near miss** Links of the article's own words; names of works, people and places; a link in an article about
//! gambling.
//!
//! **Languages** Trades in eleven; that no other sentence uses the words is seen in any.
//!
//! **Source** The anchors that sellers of links ask for: two to six words, all of them keywords.

use std::ops::Range;

use super::injected_topic::{ALL_TRADES, is_about_trades};
use super::items::length;
use super::{Context, Findings};
use crate::blocks::chars;
use crate::lexicon::Group;
use crate::page::SpanKind;

/// The length of such a text, in letters.
const LENGTHS: Range<f32> = 6.0..48.0;
/// Share of its tokens that the rest of the article uses, at most: with words of a trade, and without.
const MAX_OVERLAP: f32 = 0.7;
const MAX_OVERLAP_WEAK: f32 = 0.2;
/// Bytes between two phrases of one run of keywords.
const MAX_GAP: usize = 1;
/// Planted links in a page at most: more of them are how the page is written.
const MAX_LINKS: usize = 6;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let prose = context.blocks().map(|(index, _)| index).filter(|&index| context.body().is_prose(index));
    let mut found: Vec<(usize, Range<u32>, &str)> = Vec::new();
    for index in prose {
        let links = links(context, index);
        let words = keywords(context, index).filter(|span| !links.iter().any(|link| overlap(link, span)));
        found.extend(words.map(|span| (index, span, "keywords of a trade")));
        found.extend(links.iter().map(|span| (index, span.clone(), "link for a trade's keywords")));
    }
    let is_found = |index| found.iter().any(|(block, ..)| *block == index);
    if found.is_empty() || found.len() > MAX_LINKS || is_about_trades(context, is_found) {
        return;
    }
    found.sort_by_key(|(_, span, _)| span.start);
    for (index, span, evidence) in found {
        findings.cut_span(index, span, evidence);
    }
}

fn overlap(one: &Range<u32>, other: &Range<u32>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Where the planted links of a block stand.
fn links(context: &Context<'_>, index: usize) -> Vec<Range<u32>> {
    let block = &context.page.blocks[index];
    let phrases = context.phrases(index);
    let links = context.page.spans_of(block).iter().filter(|span| matches!(span.kind, SpanKind::Link(_)));
    let is_planted = |span: &Range<u32>| {
        let text = &context.page.text[span.start as usize..span.end as usize];
        let (start, end) = ((span.start - block.text.start) as usize, (span.end - block.text.start) as usize);
        let within = |groups| phrases.of_any(groups).any(|(from, to)| start <= from && to <= end);
        let most = if within(ALL_TRADES) {
            MAX_OVERLAP
        } else if within(Group::Sell.bit()) && text.contains(' ') && !text.contains(char::is_uppercase) {
            MAX_OVERLAP_WEAK
        } else {
            return false;
        };
        LENGTHS.contains(&length(text))
            && !text.ends_with(['.', '。', '!', '?'])
            && context.body().overlap_with_others(index, text) <= most
    };
    links.map(|span| span.text.clone()).filter(is_planted).collect()
}

/// Where words of a trade and of selling stand side by side in a block, as they do in keywords and hardly ever in
/// sentences.
fn keywords(context: &Context<'_>, index: usize) -> impl Iterator<Item = Range<u32>> {
    let start = context.page.blocks[index].text.start;
    let phrases = context.phrases(index);
    let mut runs: Vec<(Range<usize>, bool, bool)> = Vec::new();
    if phrases.groups() & ALL_TRADES != 0 {
        let trades: Vec<_> = phrases.of_any(ALL_TRADES).collect();
        for (from, to) in phrases.of_any(ALL_TRADES | Group::Sell.bit()) {
            let trade = trades.contains(&(from, to));
            match runs.last_mut() {
                Some((run, trades, sells)) if from <= run.end + MAX_GAP => {
                    // What lies within a longer phrase says nothing more.
                    (*trades, *sells) = (*trades | trade, *sells || (!trade && from >= run.end));
                    *sells |= trade && from >= run.end;
                    run.end = run.end.max(to);
                }
                _ => runs.push((from..to, trade, !trade)),
            }
        }
    }
    let planted = runs.into_iter().filter(|(_, trades, sells)| *trades && *sells);
    let text = context.text(index);
    planted.map(move |(run, ..)| {
        // A phrase may be the beginning of a word.
        let rest = text[run.end..].chars().take_while(|c| c.is_alphabetic() && !chars::is_cjk(*c));
        let end = run.end + rest.map(char::len_utf8).sum::<usize>();
        start + run.start as u32..start + end as u32
    })
}
