//! **Drops** Paragraphs that sell something the article is not about: gambling, pills, loans, escorts, essays,
//! forged papers, replicas, clicks.
//!
//! **Why** They are put into the middle or the end of hacked and scraped articles, in whole sentences, so that
//! neither their length nor their punctuation gives them away.
//!
//! **Example** In an article on tides: `Looking for the best online casino? Claim your welcome bonus and play slots
//! today at our official site.`
//!
//! **Near miss** An article about gambling, drugs or loans; one sentence on a lottery win in a report.
//!
//! **Languages** Trades in eleven, gambling in 29; that a paragraph is foreign to the article is seen in any.
//!
//! **Source** Spam paragraphs survive in nearly all of today's extractors.

use super::{Context, Findings, context::Phrases};
use crate::lexicon::Group;
use crate::page::SpanKind;

/// The trades.
const TRADES: &[Group] = &[
    Group::Gambling,
    Group::Pharma,
    Group::Loans,
    Group::Escorts,
    Group::Essays,
    Group::Invoices,
    Group::Replica,
    Group::Hacks,
];
pub(super) const ALL_TRADES: u64 = Group::set(TRADES);
/// All that trades, honestly or not.
pub(super) const TRADING: u64 = ALL_TRADES | Group::Services.bit();
/// The shortest and longest paragraph, in letters.
const LENGTHS: std::ops::RangeInclusive<f32> = 20.0..=1500.0;
/// The shortest where a word or two of trade are all that speaks against it.
const MIN_LENGTH_WEAK: f32 = 60.0;
/// Digits of amounts and prices.
const MIN_DIGITS: u32 = 4;
/// Letters of text for each word of trade or selling, at most.
const MAX_DILUTION: f32 = 60.0;
/// Share of tokens with the rest of the article, at most.
const MAX_OVERLAP: f32 = 0.45;
/// The same where only the words of trade speak against a paragraph.
const MAX_OVERLAP_WEAK: f32 = 0.3;
/// The link density up to which links that trade are planted, and do not make the paragraph.
const MAX_PLANTED: f32 = 0.5;
/// Share of the running text's blocks that name a trade from which on the article is about it.
const MAX_TOPICAL: f32 = 0.15;
/// More paragraphs that name a trade, and a larger share of the running text, are the article whatever they look like.
const MAX_INJECTED: usize = 1;
const MAX_SHARE: f32 = 0.45;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let suspects: Vec<(usize, Group)> =
        context.blocks().filter_map(|(i, _)| suspect(context, i).map(|trade| (i, trade))).collect();
    if suspects.is_empty() {
        return;
    }
    let topics = Topics::new(context, |index| suspects.iter().any(|(suspect, _)| *suspect == index));
    for (index, trade) in suspects {
        if !topics.has(trade) {
            findings.cut(index, format!("sells {}", trade.name()));
        }
    }
}

/// The trades that the article itself is about.
pub(super) struct Topics(u64);

impl Topics {
    /// Reads them from the title and from the running text, but for some blocks.
    pub(super) fn new(context: &Context<'_>, except: impl Fn(usize) -> bool) -> Self {
        Self::beyond(context, 0, except)
    }

    /// Those that more than so many blocks of the running text name.
    pub(super) fn beyond(context: &Context<'_>, least: usize, except: impl Fn(usize) -> bool) -> Self {
        let prose = || context.blocks().map(|(index, _)| index).filter(|&i| context.body().is_prose(i));
        let total = prose().count().max(1) as f32;
        let title = context.title_phrases().iter().fold(0, |set, found| set | found.group.bit());
        let is_topic = |trade: &&Group| {
            let naming = || prose().filter(|&i| context.phrases(i).has(**trade));
            let named = naming().filter(|&i| !except(i)).count();
            let all = naming().count();
            named > least && named as f32 / total > MAX_TOPICAL
                || all > MAX_INJECTED && all as f32 / total > MAX_SHARE
                || title & trade.bit() != 0
        };
        Self(TRADES.iter().filter(is_topic).fold(0, |set, trade| set | trade.bit()))
    }

    fn has(&self, trade: Group) -> bool {
        self.0 & trade.bit() != 0
    }

    /// Whether the article is about a trade that a block names.
    pub(super) fn cover(&self, context: &Context<'_>, block: usize) -> bool {
        self.0 & context.phrases(block).groups() != 0
    }
}

/// The trade that a paragraph sells.
fn suspect(context: &Context<'_>, index: usize) -> Option<Group> {
    let text = context.text(index);
    let phrases = context.phrases(index);
    if phrases.groups() & ALL_TRADES == 0 {
        return None;
    }
    let (trade, named) = TRADES
        .iter()
        .map(|&trade| (trade, distinct(phrases, trade, text)))
        .max_by_key(|(_, named)| *named)?;
    let length = context.length(index);
    if named == 0
        || !LENGTHS.contains(&length)
        || context.is_code(index)
        || stand_in_links(context, index, ALL_TRADES)
    {
        return None;
    }
    let trades = phrases.count(ALL_TRADES);
    let sells = distinct(phrases, Group::Sell, text);
    let block = &context.page.blocks[index];
    let strong = named >= 2 && sells >= 2 || named >= 3 && sells >= 1 || named >= 1 && sells >= 4;
    let weak = named >= 2 || sells >= 2 || block.stats.links > 0 || context.body().is_in_other_script(index);
    let dense = length <= MAX_DILUTION * (trades + sells) as f32;
    // Price lists have neither sentences nor length.
    let priced = named >= 2 && block.stats.digits >= MIN_DIGITS;
    let whole = strong || priced || block.stats.ends_sentence || length >= MIN_LENGTH_WEAK;
    if !dense || !weak || !whole {
        return None;
    }
    let overlap = context.body().overlap_with_others(index);
    (overlap <= if strong { MAX_OVERLAP } else { MAX_OVERLAP_WEAK }).then_some(trade)
}

/// Whether phrases of some groups stand in links alone, in a block that is mostly not link: they were planted into an
/// honest paragraph.
pub(super) fn stand_in_links(context: &Context<'_>, index: usize, groups: u64) -> bool {
    let block = &context.page.blocks[index];
    let links = context.page.spans_of(block).iter().filter(|span| matches!(span.kind, SpanKind::Link(_)));
    let mut links = links.map(|span| &span.text).peekable();
    // Both stand in order of start.
    let mut end_of_links = 0;
    let in_link = |(start, end): (usize, usize)| {
        let (start, end) = (block.text.start + start as u32, block.text.start + end as u32);
        while let Some(link) = links.next_if(|link| link.start <= start) {
            end_of_links = link.end.max(end_of_links);
        }
        end <= end_of_links
    };
    block.stats.link_density() < MAX_PLANTED && context.phrases(index).of_any(groups).all(in_link)
}

/// How many different phrases of a group occur.
pub(super) fn distinct(phrases: Phrases<'_>, group: Group, text: &str) -> usize {
    let mut found: Vec<&str> = phrases.of(group).map(|(start, end)| &text[start..end]).collect();
    found.sort_unstable();
    found.dedup();
    found.len()
}
