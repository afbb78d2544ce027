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

use std::collections::HashMap;
use std::ops::Range;

use super::injected_topic::{ALL_TRADES, TRADING, Topics, stand_in_links};
use super::items::length;
use super::{Context, Findings};
use crate::blocks::chars;
use crate::lexicon::Group;
use crate::page::{Media, SpanKind};

/// The length of such a text, in letters.
const LENGTHS: Range<f32> = 6.0..64.0;
/// Share of its tokens that the rest of the article uses, at most: with words of a trade, and with words of honest
/// firms or of selling alone.
const MAX_OVERLAP: f32 = 0.5;
const MAX_OVERLAP_WEAK: f32 = 0.2;
/// Bytes between two phrases of one run of keywords: a space, or one short word.
const MAX_GAP: usize = 5;
/// A CJK phrase from this many characters on is a keyword by itself.
const MIN_CJK: usize = 4;
/// Articles, possessives and most prepositions are shorter than this.
const MIN_LEAD: usize = 4;
/// Planted links in a page at most: more of them are how the page is written.
const MAX_LINKS: usize = 6;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let prose = || context.blocks().map(|(index, _)| index).filter(|&index| context.body().is_prose(index));
    // A link that is planted twice is no topic for that.
    let mut uses: HashMap<&str, u32> = HashMap::new();
    for span in prose().flat_map(|index| spans(context, index)) {
        *uses.entry(text_of(context, &span)).or_default() += 1;
    }
    let mut found: Vec<(usize, Range<u32>, &str)> = Vec::new();
    for index in prose() {
        let links: Vec<Range<u32>> = spans(context, index)
            .filter(|span| is_planted(context, index, span, uses[text_of(context, span)]))
            .collect();
        let words = keywords(context, index).filter(|span| !links.iter().any(|link| overlap(link, span)));
        found.extend(words.map(|span| (index, span, "keywords of a trade")));
        found.extend(links.iter().map(|span| (index, span.clone(), "link for a trade's keywords")));
    }
    if found.is_empty() || found.len() > MAX_LINKS {
        return;
    }
    // What stands in links alone may be what was planted.
    let topics = Topics::beyond(context, 1, |index| stand_in_links(context, index, ALL_TRADES));
    found.retain(|(index, ..)| !topics.cover(context, *index));
    found.sort_by_key(|(_, span, _)| span.start);
    for (index, span, evidence) in found {
        findings.cut_span(index, span, evidence);
    }
}

fn overlap(one: &Range<u32>, other: &Range<u32>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Where the links of a block stand.
fn spans<'a>(context: &'a Context<'_>, index: usize) -> impl Iterator<Item = Range<u32>> + 'a {
    let links = context.page.spans_of(&context.page.blocks[index]).iter();
    links.filter(|span| matches!(span.kind, SpanKind::Link(_))).map(|span| span.text.clone())
}

fn text_of<'a>(context: &Context<'a>, span: &Range<u32>) -> &'a str {
    &context.page.text[span.start as usize..span.end as usize]
}

/// Whether a link of a block, whose text as many links have, was planted.
fn is_planted(context: &Context<'_>, index: usize, span: &Range<u32>, uses: u32) -> bool {
    let block = &context.page.blocks[index];
    let text = text_of(context, span);
    let phrases = context.phrases(index);
    let (start, end) = ((span.start - block.text.start) as usize, (span.end - block.text.start) as usize);
    let within = |groups| phrases.of_any(groups).any(|(from, to)| start <= from && to <= end);
    // "Contact us" is how a site speaks of itself.
    let whole = |groups| phrases.of_any(groups).any(|(from, to)| from == start && to == end);
    let sells = Group::Sell.bit();
    let most = if within(ALL_TRADES) {
        MAX_OVERLAP
    } else if within(Group::Services.bit())
        || within(sells) && !whole(sells) && text.contains(' ') && !text.contains(char::is_uppercase)
    {
        MAX_OVERLAP_WEAK
    } else {
        return false;
    };
    LENGTHS.contains(&length(text))
        && !text.ends_with(['.', '。', '!', '?'])
        && context.body().overlap_beyond(text, uses) <= most
}

/// Words of trade and selling that stand side by side.
struct Run {
    at: Range<usize>,
    /// Places of different phrases in it.
    places: usize,
    /// Its phrases of a trade.
    trades: Vec<Range<usize>>,
}

/// Where keywords stand in a block: words of a trade and of selling side by side, as they hardly ever are in
/// sentences, or a trade's phrase of several words, which nobody else on the page uses.
fn keywords(context: &Context<'_>, index: usize) -> impl Iterator<Item = Range<u32>> {
    let start = context.page.blocks[index].text.start;
    let text = context.text(index);
    let phrases = context.phrases(index);
    let is_keyword = |run: &Run| {
        let is_long =
            |name: &str| name.contains(' ') || name.chars().filter(|c| chars::is_cjk(*c)).count() >= MIN_CJK;
        let several = run.trades.iter().any(|at| is_long(&text[at.clone()]));
        let strange =
            |at: &Range<usize>| context.body().overlap_of_part(index, &text[at.clone()]) <= MAX_OVERLAP;
        let trades = phrases.of_any(ALL_TRADES).any(|(from, to)| run.at.start <= from && to <= run.at.end);
        (run.places >= 2 || several && (trades || is_bare(context, index, &text[..run.at.start])))
            && run.trades.iter().any(strange)
    };
    let runs: Vec<Run> = runs(context, index).into_iter().filter(is_keyword).collect();
    runs.into_iter().map(move |run| {
        // A phrase may be the beginning of a word.
        let rest = text[run.at.end..].chars().take_while(|c| c.is_alphabetic() && !chars::is_cjk(*c));
        let end = run.at.end + rest.map(char::len_utf8).sum::<usize>();
        start + run.at.start as u32..start + end as u32
    })
}

fn runs(context: &Context<'_>, index: usize) -> Vec<Run> {
    let phrases = context.phrases(index);
    let text = context.text(index);
    let mut runs: Vec<Run> = Vec::new();
    if phrases.groups() & TRADING == 0 {
        return runs;
    }
    let trades: Vec<_> = phrases.of_any(TRADING).collect();
    for (from, to) in phrases.of_any(TRADING | Group::Sell.bit()) {
        let trade = trades.contains(&(from, to)).then_some(from..to);
        // "Hire a", "looking for a": whoever speaks so needs something.
        if trade.is_none() && text[from..to].ends_with(" a") {
            continue;
        }
        match runs.last_mut() {
            Some(run) if from < run.at.end || joins(&text[run.at.end..from]) => {
                run.places += usize::from(from >= run.at.end);
                run.at.end = run.at.end.max(to);
                run.trades.extend(trade);
            }
            _ => runs.push(Run { at: from..to, places: 1, trades: trade.into_iter().collect() }),
        }
    }
    runs
}

/// Whether words that were a link may have been put where a text breaks off: links are lost, and no article or
/// preposition leads up to them.
fn is_bare(context: &Context<'_>, index: usize, before: &str) -> bool {
    let block = &context.page.blocks[index];
    let last = before.trim_end_matches(['(', '（', ' ']).rsplit(' ').next().unwrap_or_default();
    let leads_up = last.chars().count() < MIN_LEAD && block.stats.cjk == 0 && !before.ends_with(['(', '（']);
    context.page.media == Some(Media::Text) && !before.is_empty() && !leads_up
}

/// Whether what stands between two phrases leaves them one run: nothing, a space, one short word.
fn joins(between: &str) -> bool {
    between.len() <= MAX_GAP
        && between.trim().chars().all(char::is_alphabetic)
        && (between.trim().is_empty() || between.starts_with(' ') && between.ends_with(' '))
}
