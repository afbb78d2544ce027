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
//! **Languages** Trades in eleven, gambling in 29, words of offers in 28; that no other sentence uses the words is seen
//! in any.
//!
//! **Source** The anchors that sellers of links ask for: two to six words, all of them keywords.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use aho_corasick::AhoCorasick;

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
/// Share of the other paragraphs that name a trade, or sell something, from which on the page is about that.
const MAX_NAMING: f32 = 0.1;
const MAX_SELLING: f32 = 0.5;
/// Words of trade and of selling.
const KEYWORDS: u64 = TRADING | Group::Sell.bit();
/// A CJK phrase from this many characters on is a keyword by itself.
const MIN_CJK: usize = 4;
/// Articles, possessives and most prepositions are shorter than this.
const MIN_LEAD: usize = 4;
/// Planted links in a page at most: more of them are how the page is written.
const MAX_LINKS: usize = 6;

/// What is told of them.
const LINK: &str = "link for a trade's keywords";
const WORDS: &str = "keywords of a trade";

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
    let trading = Trading::of(context);
    let mut found: Vec<(usize, Range<u32>, &str)> = Vec::new();
    let mut doubtful: Vec<(usize, Range<u32>)> = Vec::new();
    for index in prose() {
        let links: Vec<Range<u32>> = spans(context, index)
            .filter(|span| is_planted(context, index, span, uses[text_of(context, span)]))
            .take(MAX_LINKS + 1)
            .collect();
        for (span, judgement) in keywords(context, index, &trading) {
            if links.iter().any(|link| overlap(link, &span)) {
                continue;
            }
            match judgement {
                Judgement::Planted => found.push((index, span, WORDS)),
                Judgement::PlantedIfOnly => doubtful.push((index, span)),
            }
        }
        found.extend(links.into_iter().map(|span| (index, span, LINK)));
        if found.len() > MAX_LINKS {
            return;
        }
    }
    let texts = doubtful.iter().map(|(_, span)| text_of(context, span)).collect();
    let once = standing_once(&context.page.text, texts);
    doubtful.retain(|(_, span)| once.contains(text_of(context, span)));
    found.extend(doubtful.into_iter().map(|(index, span)| (index, span, WORDS)));
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
    let text = text_of(context, span);
    if !LENGTHS.contains(&length(text)) || text.ends_with(['.', '。', '!', '?']) {
        return false;
    }
    let base = context.page.blocks[index].text.start;
    let (start, end) = ((span.start - base) as usize, (span.end - base) as usize);
    let in_link = |groups| context.phrases(index).of_any_in(groups, start..end);
    let within = |groups| in_link(groups).next().is_some();
    // "Contact us" is how a site speaks of itself.
    let whole = |groups| in_link(groups).any(|phrase| phrase == (start, end));
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
    context.body().overlap_beyond(text, uses) <= most
}

/// Words of trade, of selling and of offers that stand side by side.
struct Run {
    at: Range<usize>,
    /// Places of different phrases of trade and selling in it, and of all.
    places: usize,
    all_places: usize,
    /// Its phrases of a trade.
    trades: Vec<Range<usize>>,
    /// A word that is none of these stands in it.
    gap: bool,
    /// One of the small words of sentences does.
    small: bool,
}

/// What is thought of keywords.
enum Judgement {
    Planted,
    /// Planted if the page has them nowhere else.
    PlantedIfOnly,
}

/// Where keywords stand in a block: words of trade and of selling side by side, as they hardly ever are in
/// sentences, or a trade's phrase of several words, which nobody else on the page uses; where links are lost, words of
/// offers beside one of a trade or around any other word, too.
fn keywords<'a>(
    context: &'a Context<'_>,
    index: usize,
    trading: &'a Trading,
) -> impl Iterator<Item = (Range<u32>, Judgement)> + 'a {
    let start = context.page.blocks[index].text.start;
    let text = context.text(index);
    let phrases = context.phrases(index);
    let lost = context.page.media == Some(Media::Text);
    let named: HashSet<_> = phrases.of_any(ALL_TRADES).collect();
    let alone = lost && trading.is_alone(phrases.groups());
    let judge = move |run: &Run| {
        let is_long =
            |name: &str| name.contains(' ') || name.chars().filter(|c| chars::is_cjk(*c)).count() >= MIN_CJK;
        let several = run.trades.iter().any(|at| is_long(&text[at.clone()]));
        let overlap = |at: &Range<usize>| context.body().overlap_of_part(index, &text[at.clone()]);
        let trades = run.trades.iter().any(|at| named.contains(&(at.start, at.end)));
        let bare = lost && is_bare(context, index, &text[..run.at.start]);
        if !run.gap
            && (run.places >= 2 || several && (trades || bare))
            && run.trades.iter().any(|at| overlap(at) <= MAX_OVERLAP)
        {
            return Some(Judgement::Planted);
        }
        if !bare || !alone {
            return None;
        }
        let strange = run.all_places >= 2
            && !run.small
            && (run.gap || !run.trades.is_empty())
            && is_all_strange(context, index, &text[run.at.clone()]);
        // Words of three letters or less tell nothing of what the page is about.
        let short = || several && run.trades.iter().all(|at| overlap(at) >= 1.0);
        strange.then_some(Judgement::Planted).or_else(|| short().then_some(Judgement::PlantedIfOnly))
    };
    runs(context, index).into_iter().filter_map(move |run| {
        let span = start + run.at.start as u32..start + run.at.end as u32;
        judge(&run).map(|judgement| (span, judgement))
    })
}

/// How many paragraphs have keywords of the same groups.
struct Trading(HashMap<u64, usize>);

impl Trading {
    fn of(context: &Context<'_>) -> Self {
        let mut paragraphs = HashMap::new();
        for (index, _) in context.blocks().filter(|(index, _)| context.body().is_prose(*index)) {
            *paragraphs.entry(context.phrases(index).groups() & KEYWORDS).or_default() += 1;
        }
        Self(paragraphs)
    }

    /// Whether hardly another paragraph names the trades that one with these groups names, and few sell something.
    fn is_alone(&self, groups: u64) -> bool {
        let having =
            |wanted: u64| self.0.iter().filter(move |(had, _)| *had & wanted != 0).map(|(_, count)| count);
        let others = (self.0.values().sum::<usize>() - 1).max(1) as f32;
        let share =
            |wanted: u64| (having(wanted).sum::<usize>() - usize::from(groups & wanted != 0)) as f32 / others;
        share(groups & TRADING) <= MAX_NAMING && share(Group::Sell.bit()) <= MAX_SELLING
    }
}

/// Those of some texts of the page that stand in one place of it, in one pass over it.
fn standing_once<'a>(page: &str, mut texts: Vec<&'a str>) -> HashSet<&'a str> {
    texts.sort_unstable();
    texts.dedup();
    if texts.is_empty() {
        return HashSet::new();
    }
    // Too many for an automaton are not planted.
    let Ok(automaton) = AhoCorasick::new(&texts) else { return HashSet::new() };
    let mut ends = vec![None; texts.len()];
    let mut repeated = vec![false; texts.len()];
    for place in automaton.find_overlapping_iter(page) {
        let text = place.pattern().as_usize();
        repeated[text] |= place.start() >= *ends[text].get_or_insert(place.end());
    }
    texts.into_iter().zip(repeated).filter(|(_, repeated)| !repeated).map(|(text, _)| text).collect()
}

/// Whether a text is two words or more, none of which another paragraph uses.
fn is_all_strange(context: &Context<'_>, index: usize, text: &str) -> bool {
    text.contains(' ') && context.body().overlap_of_part(index, text) == 0.0
}

fn runs(context: &Context<'_>, index: usize) -> Vec<Run> {
    let phrases = context.phrases(index);
    let text = context.text(index);
    let mut runs: Vec<Run> = Vec::new();
    if phrases.groups() & KEYWORDS == 0 {
        return runs;
    }
    let lost = context.page.media == Some(Media::Text);
    let offers = if lost { Group::OfferRoot.bit() } else { 0 };
    let trades: HashSet<_> = phrases.of_any(TRADING).collect();
    let keywords: HashSet<_> = phrases.of_any(KEYWORDS).collect();
    for (from, to) in phrases.of_any(KEYWORDS | offers) {
        let trade = trades.contains(&(from, to)).then_some(from..to);
        // "Hire a", "looking for a": whoever speaks so needs something.
        if trade.is_none() && text[from..to].ends_with(" a") {
            continue;
        }
        let is_keyword = keywords.contains(&(from, to));
        // A phrase may be the beginning of a word.
        let rest = text[to..].chars().take_while(|c| c.is_alphabetic() && !chars::is_cjk(*c));
        let end = to + rest.map(char::len_utf8).sum::<usize>();
        match runs.last_mut().map(|run| (text.get(run.at.end..from).unwrap_or_default(), run)) {
            Some((between, run)) if joins(between, is_keyword) || lost && is_word(between) => {
                let is_new = from >= run.at.end;
                run.places += usize::from(is_new && is_keyword);
                run.all_places += usize::from(is_new);
                run.gap |= !joins(between, is_keyword);
                run.small |= is_word(between) && between.trim().len() < MIN_LEAD;
                run.at.end = run.at.end.max(end);
                run.trades.extend(trade);
            }
            _ => runs.push(Run {
                at: from..end,
                places: usize::from(is_keyword),
                all_places: 1,
                trades: trade.into_iter().collect(),
                gap: false,
                small: false,
            }),
        }
    }
    runs.retain(|run| run.places > 0);
    runs
}

/// Whether one word between blanks stands between two phrases.
fn is_word(between: &str) -> bool {
    let word = between.strip_prefix(' ').and_then(|rest| rest.strip_suffix(' '));
    word.is_some_and(|word| !word.is_empty() && word.chars().all(char::is_alphabetic))
}

/// Whether words that were a link may have been put where a text breaks off: links are lost, and no article or
/// preposition leads up to them.
fn is_bare(context: &Context<'_>, index: usize, before: &str) -> bool {
    let block = &context.page.blocks[index];
    let backwards = before.trim_end_matches(['(', '（', ' ']).chars().rev();
    let last = backwards.take(MIN_LEAD).take_while(|c| *c != ' ').count();
    let leads_up = last < MIN_LEAD && block.stats.cjk == 0 && !before.ends_with(['(', '（']);
    !before.is_empty() && !leads_up
}

/// Whether what stands between two phrases leaves them one run: nothing, a space, before a keyword one short word.
fn joins(between: &str, is_keyword: bool) -> bool {
    between.trim().is_empty() && between.len() <= MAX_GAP
        || is_keyword && between.len() <= MAX_GAP && is_word(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_within_other_texts_are_counted() {
        let page = "bet on it, or bet on it all; pay it off, off, off";
        let texts = vec!["bet on it", "bet on it all", "on it all", "off, off", "pay it", "pay it"];
        let once = standing_once(page, texts);
        assert_eq!(once, HashSet::from(["bet on it all", "on it all", "off, off", "pay it"]));
    }
}
