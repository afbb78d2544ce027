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

mod keywords;
mod link;
mod other_script;
mod shape;

use std::collections::HashMap;
use std::ops::Range;

use self::keywords::{Trading, keywords};
use self::link::{links, planted_links, text_of};
use self::other_script::{is_bare, runs, wide_letters};
use super::injected_topic::{ALL_TRADES, Topics, stand_in_links};
use super::{Context, Findings};
use crate::page::{Block, Role};

/// The least length and score, and the highest link density, of a block that is no running text but may carry one.
const MIN_CARRIER: f32 = 40.0;
const MIN_SCORE: f32 = 0.3;
const MAX_DENSITY: f32 = 0.4;
/// Share of a text's tokens that the rest of the article uses, at most, for it to be strange to half.
const HALF: f32 = 0.5;
/// Planted links in a page at most: more of them are how the page is written.
const MAX_LINKS: usize = 6;
/// Runs in another script in a page at most: more of them are what it tells of.
const MAX_FOREIGN: usize = 2;

/// What is told of them.
const LINK: &str = "link for keywords";
const WORDS: &str = "keywords of a trade";
const FOREIGN: &str = "words in another script";

/// A block that something may be planted into.
#[derive(Clone, Copy)]
struct Carrier<'a, 'page> {
    context: &'a Context<'page>,
    index: usize,
    text: &'page str,
    /// How many letters beyond ASCII it has.
    wide: usize,
}

impl<'a, 'page> Carrier<'a, 'page> {
    /// A block, if it is running text, or an item, caption or line of the article.
    fn of(context: &'a Context<'page>, index: usize, block: &Block) -> Option<Self> {
        let may_carry = context.body().is_prose(index)
            || context.scores[index] >= MIN_SCORE
                && context.length(index) >= MIN_CARRIER
                && block.stats.link_density() < MAX_DENSITY
                && !block.hidden
                && !matches!(block.layout.role, Role::Heading(_) | Role::Preformatted);
        may_carry.then(|| {
            let text = context.text(index);
            Self { context, index, text, wide: wide_letters(text) }
        })
    }

    /// Bytes of the block as bytes of the page's text.
    fn in_page(&self, at: &Range<usize>) -> Range<u32> {
        let start = self.context.page.blocks[self.index].text.start;
        start + at.start as u32..start + at.end as u32
    }

    /// Bytes of the page's text as bytes of the block.
    fn in_block(&self, span: &Range<u32>) -> Range<usize> {
        let start = self.context.page.blocks[self.index].text.start;
        (span.start - start) as usize..(span.end - start) as usize
    }

    /// Whether a text has letters beyond ASCII, and all of them that the block has.
    fn has_foreign(&self, part: &str) -> bool {
        self.wide > 0 && wide_letters(part) == self.wide
    }
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let uses = uses(context);
    let trading = Trading::of(context);
    let mut found: Vec<(usize, Range<u32>, &str)> = Vec::new();
    let mut foreign = Vec::new();
    for carrier in context.blocks().filter_map(|(index, block)| Carrier::of(context, index, block)) {
        let links: Vec<Range<u32>> = planted_links(carrier, &uses).take(MAX_LINKS + 1).collect();
        let in_link =
            |span: &Range<u32>| links.iter().any(|link| link.start < span.end && span.start < link.end);
        let words = keywords(carrier, &trading).filter(|span| !in_link(span)).take(MAX_LINKS + 1);
        found.extend(words.map(|span| (carrier.index, span, WORDS)));
        found.extend(links.into_iter().map(|span| (carrier.index, span, LINK)));
        if found.len() > MAX_LINKS {
            return;
        }
        if carrier.wide > 0 && foreign.len() <= MAX_FOREIGN {
            foreign.extend(runs(carrier.text, carrier.wide).into_iter().map(|at| (carrier, at)));
        }
    }
    if foreign.len() <= MAX_FOREIGN {
        let planted = foreign.into_iter().filter(|(carrier, at)| is_bare(carrier.text, at));
        found.extend(planted.map(|(carrier, at)| (carrier.index, carrier.in_page(&at), FOREIGN)));
    }
    if !found.is_empty() {
        cut(context, found, findings);
    }
}

/// How many links of running text have each text: one that is planted twice is no topic for that.
fn uses<'page>(context: &Context<'page>) -> HashMap<&'page str, u32> {
    let mut uses = HashMap::new();
    let prose = context.blocks().map(|(index, _)| index).filter(|&index| context.body().is_prose(index));
    for link in prose.flat_map(|index| links(context, index)) {
        *uses.entry(text_of(context, link)).or_default() += 1;
    }
    uses
}

/// Cuts what was found, but for trades that the article is about.
fn cut(context: &Context<'_>, found: Vec<(usize, Range<u32>, &str)>, findings: &mut Findings) {
    // What stands in links alone may be what was planted.
    let topics = Topics::beyond(context, 1, |index| stand_in_links(context, index, ALL_TRADES));
    for (index, span, evidence) in found {
        if !topics.cover(context, index) {
            findings.cut_span(index, span, evidence);
        }
    }
}
