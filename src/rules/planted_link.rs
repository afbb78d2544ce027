//! **Drops** Links with keywords for a text, put into a sentence of the article; where links are lost, such keywords alone,
//! and words in another script. The sentence stays.
//!
//! **Why** They are sold by the thousand, into old articles of hacked and of honest sites. Whole blocks are not their
//! size, so nothing that judges blocks sees them.
//!
//! **Example** In an article on tides: `The harbour was built <a>best online casino</a> in 1880.`
//!
//! **Near miss** Links of the article's own words; names of works, people and places; links to what their address tells
//! of; a link in an article about gambling.
//!
//! **Languages** Trades in eleven, gambling in 29, words of offers in 28; that no other sentence uses the words, and that
//! they are in letters of another script, is seen in any.
//!
//! **Source** The anchors that sellers of links ask for: two to six words, all of them keywords. The weights of the signs
//! were fitted to such anchors, planted into pages with annotated text, and to the links and words of these pages.

use std::collections::HashMap;
use std::ops::Range;

use super::injected_topic::{ALL_TRADES, TRADING, Topics, stand_in_links};
use super::items::length;
use super::{Context, Findings, odds};
use crate::blocks::chars;
use crate::lexicon::Group;
use crate::page::{Block, Media, Role, Span, SpanKind};

/// The length of such a text, in letters.
const LENGTHS: Range<f32> = 6.0..64.0;
/// The least length and score, and the highest link density, of a block that is no running text but may carry one.
const MIN_CARRIER: f32 = 40.0;
const MIN_SCORE: f32 = 0.3;
const MAX_DENSITY: f32 = 0.4;
/// Share of a text's tokens that the rest of the article uses, at most, for it to be strange to half.
const HALF: f32 = 0.5;
/// Bytes between two phrases of one run of keywords: a space, or one short word.
const MAX_GAP: usize = 5;
/// Share of the other paragraphs that name a trade from which on it says no more against one.
const MAX_NAMING: f32 = 0.2;
/// Words of trade and of selling, and these with words of offers.
const KEYWORDS: u64 = TRADING | Group::Sell.bit();
const OFFERING: u64 = KEYWORDS | Group::OfferRoot.bit();
/// The first letter that is of no Latin script.
const FIRST_WIDE: char = '\u{370}';
/// CJK characters from which on a phrase is a keyword, and one of several words.
const MIN_CJK: usize = 3;
const SEVERAL_CJK: usize = 4;
/// Articles, possessives and most prepositions have fewer letters.
const MIN_LETTERS: usize = 4;
/// Letters of the beginning of a word by which an address is known to speak of it.
const STEM: usize = 4;
/// Marks around the titles of works.
const TITLE: [char; 2] = ['《', '》'];
/// Planted links in a page at most: more of them are how the page is written.
const MAX_LINKS: usize = 6;
/// Runs in another script in a page at most: more of them are what it tells of.
const MAX_FOREIGN: usize = 2;

/// What is told of them.
const LINK: &str = "link for keywords";
const WORDS: &str = "keywords of a trade";
const FOREIGN: &str = "words in another script";

/// What the signs of a planted link are worth.
mod link {
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

/// What the signs of keywords without a link are worth.
mod words {
    /// Keywords of which nothing is known.
    pub(super) const PRIOR: f32 = -8.3;
    /// Links of the page are not lost.
    pub(super) const LINKS: f32 = -2.0;
    /// It names a trade of spam, or does so by several words.
    pub(super) const TRADE: f32 = 0.9;
    pub(super) const SEVERAL_OF_TRADE: f32 = 0.8;
    /// It names a trade, and the rest of the article uses none of the name's words, or half of them at most.
    pub(super) const NEW: f32 = 3.5;
    pub(super) const HALF_NEW: f32 = 1.4;
    /// A trade's name is several words, or several CJK characters.
    pub(super) const SEVERAL: f32 = 2.5;
    pub(super) const CJK: f32 = 3.3;
    /// The rest of the article uses none of its words, or half of them at most.
    pub(super) const STRANGE: f32 = 2.1;
    pub(super) const HALF: f32 = 1.8;
    /// It has letters of which the block has none but there.
    pub(super) const FOREIGN: f32 = 1.8;
    /// Keywords, or keywords and words of offers, stand side by side.
    pub(super) const SIDE_BY_SIDE: f32 = 1.1;
    /// They are words of selling and of offers, none of which the rest of the article uses, and no short word leads up to
    /// them.
    pub(super) const OFFERS: f32 = 4.2;
    /// One of the small words of sentences stands between them.
    pub(super) const SMALL: f32 = -1.3;
    /// A word follows it.
    pub(super) const AFTER: f32 = 2.6;
    /// The word that follows, or leads up to it, is short.
    pub(super) const SHORT_AFTER: f32 = -0.5;
    pub(super) const SHORT_BEFORE: f32 = -0.7;
    /// For the share of the other paragraphs that name a trade, to a fifth, and that sell something.
    pub(super) const NAMING: f32 = -1.0;
    pub(super) const SELLING: f32 = -0.5;
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    // A link that is planted twice is no topic for that.
    let mut uses: HashMap<&str, u32> = HashMap::new();
    let prose = context.blocks().map(|(index, _)| index).filter(|&index| context.body().is_prose(index));
    for span in prose.flat_map(|index| links(context, index)) {
        *uses.entry(text_of(context, &span.text)).or_default() += 1;
    }
    let trading = Trading::of(context);
    let mut found: Vec<(usize, Range<u32>, &str)> = Vec::new();
    let mut foreign: Vec<(usize, Range<u32>)> = Vec::new();
    for (index, block) in context.blocks().filter(|(index, block)| may_carry(context, *index, block)) {
        let text = context.text(index);
        let wide = wide_letters(text);
        let planted = links(context, index).filter(|span| is_planted(context, index, span, &uses, wide));
        let links: Vec<Range<u32>> = planted.map(|span| span.text.clone()).take(MAX_LINKS + 1).collect();
        let in_link =
            |span: &Range<u32>| links.iter().any(|link| link.start < span.end && span.start < link.end);
        let words =
            keywords(context, index, &trading, wide).filter(|span| !in_link(span)).take(MAX_LINKS + 1);
        found.extend(words.map(|span| (index, span, WORDS)));
        found.extend(links.into_iter().map(|span| (index, span, LINK)));
        if found.len() > MAX_LINKS {
            return;
        }
        if wide > 0 && foreign.len() <= MAX_FOREIGN {
            let start = block.text.start;
            let runs = foreign_runs(text, wide).into_iter();
            foreign.extend(runs.map(|at| (index, start + at.start as u32..start + at.end as u32)));
        }
    }
    if foreign.len() <= MAX_FOREIGN {
        let planted = foreign.into_iter().filter(|(index, span)| is_bare(context, *index, span));
        found.extend(planted.map(|(index, span)| (index, span, FOREIGN)));
    }
    if found.is_empty() {
        return;
    }
    // What stands in links alone may be what was planted.
    let topics = Topics::beyond(context, 1, |index| stand_in_links(context, index, ALL_TRADES));
    found.retain(|(index, ..)| !topics.cover(context, *index));
    found.sort_by_key(|(_, span, _)| span.start);
    found.dedup_by(|later, earlier| later.1.start < earlier.1.end);
    for (index, span, evidence) in found {
        findings.cut_span(index, span, evidence);
    }
}

/// Whether a block is running text, or an item, caption or line of the article that a link may be planted into.
fn may_carry(context: &Context<'_>, index: usize, block: &Block) -> bool {
    context.body().is_prose(index)
        || context.scores[index] >= MIN_SCORE
            && context.length(index) >= MIN_CARRIER
            && block.stats.link_density() < MAX_DENSITY
            && !block.hidden
            && !matches!(block.layout.role, Role::Heading(_) | Role::Preformatted)
}

/// The links of a block.
fn links<'a>(context: &'a Context<'_>, index: usize) -> impl Iterator<Item = &'a Span> + 'a {
    let spans = context.page.spans_of(&context.page.blocks[index]).iter();
    spans.filter(|span| matches!(span.kind, SpanKind::Link(_)))
}

fn text_of<'a>(context: &Context<'a>, span: &Range<u32>) -> &'a str {
    &context.page.text[span.start as usize..span.end as usize]
}

/// Whether a link was planted, on a page on which so many links of running text have each text.
fn is_planted(
    context: &Context<'_>,
    index: usize,
    span: &Span,
    uses: &HashMap<&str, u32>,
    wide: usize,
) -> bool {
    let text = text_of(context, &span.text);
    if !LENGTHS.contains(&length(text)) || text.ends_with(['.', '。', '!', '?']) {
        return false;
    }
    let base = context.page.blocks[index].text.start;
    let at = (span.text.start - base) as usize..(span.text.end - base) as usize;
    let phrases = |groups| context.phrases(index).of_any_in(groups, at.clone());
    let trade = phrases(ALL_TRADES).next().is_some();
    let service = phrases(Group::Services.bit()).next().is_some();
    // "Contact us" alone is how a site speaks of itself.
    let offers = phrases(Group::Sell.bit() | Group::OfferRoot.bit()).any(|(from, to)| (from..to) != at);
    let neighbours = Neighbours::of(context.text(index), &at);
    let known = link::PRIOR
        + odds::sum(&[
            (trade, link::TRADE),
            (service, link::SERVICE),
            (offers, link::OFFER),
            (is_several(text), link::SEVERAL),
            (is_foreign(text, wide), link::FOREIGN),
            (neighbours.after.is_some(), link::AFTER),
            (neighbours.before.is_some(), link::BEFORE),
            (is_short(neighbours.after), link::SHORT),
            (is_short(neighbours.before), link::SHORT),
            (text.contains(' ') && text.split(' ').any(is_small), link::SMALL),
            (text.contains(|c: char| c.is_uppercase() || TITLE.contains(&c)), link::NAME),
            (text.contains(|c: char| c.is_ascii_digit()), link::DIGIT),
        ]);
    if known + link::STRANGE < 0.0 {
        return false;
    }
    let overlap = context.body().overlap_beyond(text, uses.get(text).copied().unwrap_or_default());
    let known =
        known + odds::sum(&[(overlap <= 0.0, link::STRANGE), (overlap > 0.0 && overlap <= HALF, link::HALF)]);
    let sayings = || {
        odds::sum(&[
            (context.body().has_common(text), link::COMMON),
            (tells_of(context.page.href(span), text), link::ADDRESS),
        ])
    };
    known >= 0.0 && known + sayings() >= 0.0
}

/// How many letters the words have that touch a part of a text, no more than make a word long; none where a mark or
/// nothing does.
struct Neighbours {
    before: Option<usize>,
    after: Option<usize>,
}

impl Neighbours {
    fn of(text: &str, part: &Range<usize>) -> Self {
        Self {
            before: letters(text[..part.start].trim_end().chars().rev()),
            after: letters(text[part.end..].trim_start().chars()),
        }
    }
}

fn letters(chars: impl Iterator<Item = char>) -> Option<usize> {
    let mut chars = chars.peekable();
    // Each of these is a word.
    if chars.peek().is_some_and(|c| chars::is_cjk(*c)) {
        return Some(MIN_LETTERS);
    }
    let count = chars.take(MIN_LETTERS).take_while(|c| c.is_alphanumeric()).count();
    (count > 0).then_some(count)
}

fn is_short(letters: Option<usize>) -> bool {
    letters.is_some_and(|letters| letters < MIN_LETTERS)
}

fn is_small(word: &str) -> bool {
    word.chars().all(|c| c.is_alphabetic() && !chars::is_cjk(c)) && is_short(letters(word.chars()))
}

/// Whether a text is several words, or as many CJK characters.
fn is_several(text: &str) -> bool {
    text.contains(' ') || cjk(text) >= SEVERAL_CJK
}

fn cjk(text: &str) -> usize {
    text.chars().filter(|c| chars::is_cjk(*c)).count()
}

/// How many letters beyond ASCII a text has.
fn wide_letters(text: &str) -> usize {
    if text.is_ascii() { 0 } else { text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).count() }
}

/// Whether a text has letters beyond ASCII, of which the block that it is a part of has so many, and has all of them.
fn is_foreign(text: &str, in_block: usize) -> bool {
    in_block > 0 && wide_letters(text) == in_block
}

/// Words in a script that is not Latin, in a mostly Latin text that has so many letters beyond ASCII.
fn foreign_runs(text: &str, wide: usize) -> Vec<Range<usize>> {
    let is_wide = |c: char| c >= FIRST_WIDE && c.is_alphabetic();
    let latin = text.bytes().filter(u8::is_ascii_alphabetic).count();
    if wide * 2 > latin || !text.chars().any(is_wide) {
        return Vec::new();
    }
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_wide(*c)) {
        match runs.last_mut() {
            Some(run) if matches!(&text[run.end..at], "" | " ") => run.end = at + c.len_utf8(),
            _ => runs.push(at..at + c.len_utf8()),
        }
    }
    runs
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

/// Whether words in another script stand between words, or at the end of some: no marks set them off, as they do names.
fn is_bare(context: &Context<'_>, index: usize, span: &Range<u32>) -> bool {
    let start = context.page.blocks[index].text.start;
    let at = (span.start - start) as usize..(span.end - start) as usize;
    let text = context.text(index);
    let neighbours = Neighbours::of(text, &at);
    let ends = || text[at.end..].trim_start().starts_with(['.', ',', '。', '，']);
    text[at.clone()].chars().count() >= MIN_CJK
        && neighbours.before.is_some()
        && (neighbours.after.is_some() || ends())
}

/// Words of trade, of selling and of offers that stand side by side.
struct Run {
    at: Range<usize>,
    /// Places of different phrases of trade and selling in it, and of all.
    places: usize,
    all_places: usize,
    /// Its phrases of a trade.
    trades: Vec<Range<usize>>,
    /// One of the small words of sentences stands in it.
    small: bool,
}

/// Where keywords stand in a block that hardly stand in sentences.
fn keywords<'a>(
    context: &'a Context<'_>,
    index: usize,
    trading: &'a Trading,
    wide: usize,
) -> impl Iterator<Item = Range<u32>> + 'a {
    let start = context.page.blocks[index].text.start;
    let runs = runs(context, index);
    let lost = context.page.media == Some(Media::Text);
    let groups = context.phrases(index).groups();
    let other = if runs.is_empty() { 0.0 } else { trading.beside(groups, context.body().is_prose(index)) };
    let is_planted = move |run: &Run| {
        let text = context.text(index);
        let part = |at: &Range<usize>| &text[at.clone()];
        // A single word stands in many sentences, and few links are sold on one.
        let (name, characters) = (part(&run.at), cjk(part(&run.at)));
        if characters < MIN_CJK && (characters > 0 || !name.contains(' ')) {
            return false;
        }
        let trades = || run.trades.iter().map(part);
        let spam = || {
            let names = |at: &&Range<usize>| context.phrases(index).groups_at(at) & ALL_TRADES != 0;
            run.trades.iter().filter(names)
        };
        let neighbours = Neighbours::of(text, &run.at);
        let known = words::PRIOR
            + other
            + odds::sum(&[
                (!lost, words::LINKS),
                (spam().next().is_some(), words::TRADE),
                (spam().any(|at| is_several(part(at))), words::SEVERAL_OF_TRADE),
                (trades().any(is_several), words::SEVERAL),
                (trades().any(|name| cjk(name) >= MIN_CJK), words::CJK),
                (is_foreign(part(&run.at), wide), words::FOREIGN),
                (run.places >= 2, words::SIDE_BY_SIDE),
                (run.all_places >= 2, words::SIDE_BY_SIDE),
                (run.small, words::SMALL),
                (neighbours.after.is_some(), words::AFTER),
                (is_short(neighbours.after), words::SHORT_AFTER),
                (is_short(neighbours.before), words::SHORT_BEFORE),
            ]);
        if known + words::NEW.max(words::OFFERS) + words::STRANGE < 0.0 {
            return false;
        }
        let are_offers = run.trades.is_empty()
            && run.all_places >= 2
            && !run.small
            && neighbours.before.is_some()
            && !is_short(neighbours.before);
        let overlap = |text| context.body().overlap_of_part(index, text);
        let new = trades().map(overlap).fold(1.0, f32::min);
        let whole = overlap(part(&run.at));
        let strange = odds::sum(&[
            (new <= 0.0, words::NEW),
            (new > 0.0 && new <= HALF, words::HALF_NEW),
            (whole <= 0.0, words::STRANGE),
            (whole <= 0.0 && are_offers, words::OFFERS),
            (whole > 0.0 && whole <= HALF, words::HALF),
        ]);
        known + strange >= 0.0
    };
    runs.into_iter().filter(is_planted).map(move |run| start + run.at.start as u32..start + run.at.end as u32)
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

    /// What the paragraphs beside a block with these groups, which may be one of them, say against a planted keyword.
    fn beside(&self, groups: u64, is_prose: bool) -> f32 {
        let having = |wanted: u64| {
            let paragraphs = self.0.iter().filter(|(had, _)| *had & wanted != 0).map(|(_, count)| count);
            paragraphs.sum::<usize>() - usize::from(is_prose && groups & wanted != 0)
        };
        let others = (self.0.values().sum::<usize>() - usize::from(is_prose)).max(1) as f32;
        let naming = having(TRADING) as f32 / others;
        let selling = having(Group::Sell.bit()) as f32 / others;
        words::NAMING * (naming / MAX_NAMING).min(1.0) + words::SELLING * selling
    }
}

fn runs(context: &Context<'_>, index: usize) -> Vec<Run> {
    let phrases = context.phrases(index);
    let text = context.text(index);
    let mut runs: Vec<Run> = Vec::new();
    if phrases.groups() & KEYWORDS == 0 {
        return runs;
    }
    for (from, to) in phrases.of_any(OFFERING) {
        let groups = phrases.groups_at(&(from..to));
        let trade = (groups & TRADING != 0).then_some(from..to);
        // "Hire a", "looking for a": whoever speaks so needs something.
        if trade.is_none() && text[from..to].ends_with(" a") {
            continue;
        }
        let is_keyword = groups & KEYWORDS != 0;
        // A phrase may be the beginning of a word.
        let rest = text[to..].chars().take_while(|c| c.is_alphabetic() && !chars::is_cjk(*c));
        let end = to + rest.map(char::len_utf8).sum::<usize>();
        match runs.last_mut().map(|run| (text.get(run.at.end..from).unwrap_or_default(), run)) {
            Some((between, run)) if joins(between) => {
                let is_new = from >= run.at.end;
                run.places += usize::from(is_new && is_keyword);
                run.all_places += usize::from(is_new);
                run.small |= is_small(between.trim());
                run.at.end = run.at.end.max(end);
                run.trades.extend(trade);
            }
            _ => runs.push(Run {
                at: from..end,
                places: usize::from(is_keyword),
                all_places: 1,
                trades: trade.into_iter().collect(),
                small: false,
            }),
        }
    }
    runs.retain(|run| run.places > 0);
    runs
}

/// Whether what stands between two phrases leaves them one run: nothing, a space, or one word between blanks.
fn joins(between: &str) -> bool {
    let word = between.strip_prefix(' ').and_then(|rest| rest.strip_suffix(' '));
    between.trim().is_empty() && between.len() <= MAX_GAP
        || word.is_some_and(|word| !word.is_empty() && word.chars().all(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_touch_are_found() {
        let letters = |text: &str, part: &str| {
            let start = text.find(part).expect("the part");
            let Neighbours { before, after } = Neighbours::of(text, &(start..start + part.len()));
            (before, after)
        };
        assert_eq!(letters("built on sand in 1880", "sand"), (Some(2), Some(2)));
        assert_eq!(letters("of sand, and", "sand"), (Some(2), None));
        assert_eq!(letters("(sand) in 1880", "sand"), (None, None));
        assert_eq!(letters("潮汐sand很高", "sand"), (Some(MIN_LETTERS), Some(MIN_LETTERS)));
    }

    #[test]
    fn runs_in_another_script() {
        let found = |text: &'static str| -> Vec<&str> {
            foreign_runs(text, wide_letters(text)).into_iter().map(|at| &text[at]).collect()
        };
        assert_eq!(found("The keeper 减肥药 admitted"), ["减肥药"]);
        assert_eq!(
            found("The captain had led займ без отказа that vessel until the займ, he said."),
            ["займ без отказа", "займ"]
        );
        assert_eq!(found("a café, a “naïve” one"), [""; 0]);
        assert_eq!(found("潮汐每天两次"), [""; 0]);
    }
}
