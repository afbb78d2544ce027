//! What the caller says of certain sites: selectors for the body, the title, the author, the date, and for what to drop.
//!
//! In: the tree of a page, its text, and the address that it came from. Out: a [`Prescription`], which cuts and keeps
//! blocks beside the rules and the model, and puts values over the metadata. It is a stage of its own because it is
//! the one place where a decision is somebody else's: nothing here judges text, and a selector that matches nothing
//! leaves the page to the usual decision and says so. Only a page whose host fits a pattern pays for it.
//!
//! [`Sites`] is the file of patterns, read and compiled once. Selectors are matched on a second tree with all names and
//! attributes, which the cleaner's own tree does without.

#[cfg(not(feature = "sites"))]
mod none;
#[cfg(feature = "sites")]
mod select;
#[cfg(feature = "sites")]
mod table;

#[cfg(all(test, feature = "sites"))]
mod tests;

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

#[cfg(not(feature = "sites"))]
pub(crate) use none::Sites;
#[cfg(feature = "sites")]
pub use table::Sites;

use crate::blocks::Asked;
use crate::config::{Comments, Config};
use crate::decide;
use crate::lexicon::Concept;
use crate::page::{Block, Page, Reason, SiteNote, SiteUse, Verdict};
use crate::parse::NodeId;
use crate::rules::{Hit, Hits};

/// The reason of what a site's rules cut or keep, and the source of the values that they find.
pub(crate) const SITE_RULE: &str = "site_rule";

/// Values that a site's rules found, as they are written down.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    pub(crate) title: Option<String>,
    pub(crate) author: Option<String>,
    /// `YYYY-MM-DD`.
    pub(crate) date: Option<String>,
}

/// An element of the page's tree, with the selector that matched it.
type Match = (NodeId, Arc<str>);

/// What a site's selectors matched in the tree.
#[derive(Debug, Default)]
pub(crate) struct Selected {
    host: String,
    notes: Vec<SiteNote>,
    values: Values,
    drops: Vec<Match>,
    body: Vec<Match>,
    /// Whether a body is asked for.
    wants_body: bool,
}

impl Selected {
    /// The elements whose place on the page has to be known, sorted.
    pub(crate) fn nodes(&self) -> Vec<NodeId> {
        let mut nodes: Vec<NodeId> = self.drops.iter().chain(&self.body).map(|(node, _)| *node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }

    /// The same as stretches of the page's text.
    pub(crate) fn on_page(self, page: &Page, asked: &Asked) -> Prescription {
        let place = |(node, selector): &Match| {
            let at = asked.nodes.binary_search(node).ok()?;
            Some((asked.texts[at].clone(), Arc::clone(selector)))
        };
        let places = |matches: &[Match]| merged(matches.iter().filter_map(place).collect());
        let mut prescription = Prescription {
            drops: places(&self.drops),
            body: places(&self.body),
            about: SiteUse { host: self.host, notes: self.notes },
            values: self.values,
        };
        if self.wants_body && !page.blocks.iter().any(|block| prescription.is_body(block)) {
            prescription.body.clear();
            prescription.about.notes.push(SiteNote::NoBody);
        }
        prescription.about.notes.sort_unstable();
        prescription
    }
}

/// A stretch of the page's text, with the selector that named it.
type Stretch = (Range<u32>, Arc<str>);

/// Stretches in order, those that overlap as one.
fn merged(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.retain(|(text, _)| text.start < text.end);
    stretches.sort_by_key(|(text, _)| (text.start, Reverse(text.end)));
    let mut out: Vec<Stretch> = Vec::new();
    for (text, selector) in stretches {
        match out.last_mut() {
            Some((last, _)) if text.start < last.end => last.end = last.end.max(text.end),
            _ => out.push((text, selector)),
        }
    }
    out
}

/// The parts of a range that lie in one of the stretches.
fn overlaps<'a>(stretches: &'a [Stretch], text: &Range<u32>) -> impl Iterator<Item = (Range<u32>, &'a str)> {
    let first = stretches.partition_point(|(stretch, _)| stretch.end <= text.start);
    let text = text.clone();
    let end = text.end;
    stretches[first..].iter().take_while(move |(stretch, _)| stretch.start < end).map(
        move |(stretch, selector)| {
            (stretch.start.max(text.start)..stretch.end.min(text.end), selector.as_ref())
        },
    )
}

/// What a site's rules say of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prescription {
    about: SiteUse,
    values: Values,
    /// What goes.
    drops: Vec<Stretch>,
    /// The body; empty if the page is to be judged as usual.
    body: Vec<Stretch>,
}

impl Prescription {
    /// Values of the metadata.
    pub(crate) fn values(&self) -> &Values {
        &self.values
    }

    /// What is said of it in the result.
    pub(crate) fn into_use(self) -> SiteUse {
        self.about
    }

    /// Adds what the site's rules cut to what the rules found, before anything is decided. What is dropped goes by the
    /// site's rules; what stands outside the body goes by the rule that named it, if one did.
    pub(crate) fn overrule(&self, page: &Page, hits: &mut Hits) {
        let mut is_named = vec![false; page.blocks.len()];
        for hit in hits.iter().filter(|hit| hit.span.is_none()) {
            is_named[hit.block as usize] = true;
        }
        let blocks = page.blocks.iter().enumerate();
        let own: Hits = blocks.flat_map(|(at, block)| self.hits_on(page, at, block, is_named[at])).collect();
        hits.retain(|hit| {
            let first = own.partition_point(|own| own.block < hit.block);
            let mut same_block = own[first..].iter().take_while(|own| own.block == hit.block);
            !same_block.any(|own| match (&own.span, &hit.span) {
                (None, _) => true,
                (Some(own), Some(hit)) => own.start < hit.end && hit.start < own.end,
                (Some(_), None) => false,
            })
        });
        hits.extend(own);
        hits.sort_by_key(|hit| (hit.block, hit.span.as_ref().map_or(0, |span| span.start)));
    }

    fn hits_on(&self, page: &Page, at: usize, block: &Block, is_named: bool) -> Vec<Hit> {
        let hit = |span, evidence| Hit { block: at as u32, rule: SITE_RULE, span, evidence };
        let mut parts: Vec<(Range<u32>, &str)> = overlaps(&self.drops, &block.text).collect();
        parts.retain(|(part, _)| page.chars_in(part) > 0);
        let dropped: u64 = parts.iter().map(|(part, _)| page.chars_in(part)).sum();
        match (parts.first(), self.body.first()) {
            (Some((_, selector)), _) if dropped >= page.chars_in(&block.text) => {
                vec![hit(None, format!("drop {selector}"))]
            }
            _ if is_named => Vec::new(),
            (_, Some((_, selector))) if !self.is_body(block) => {
                vec![hit(None, format!("outside body {selector}"))]
            }
            _ => parts.into_iter().map(|(part, by)| hit(Some(part), format!("drop {by}"))).collect(),
        }
    }

    fn body_of(&self, block: &Block) -> Option<&str> {
        overlaps(&self.body, &block.text).next().map(|(_, selector)| selector)
    }

    fn is_body(&self, block: &Block) -> bool {
        self.body_of(block).is_some()
    }

    /// Keeps the blocks of the body that no rule cut, whatever the model says of them. What is hidden inside it goes as
    /// anywhere, unless all of it is; what stands twice stays once. Tells whether something of the body is kept.
    pub(crate) fn keep_body(&self, page: &Page, verdicts: &mut [Verdict], config: &Config) -> bool {
        let is_open = |verdict: &Verdict| !matches!(verdict.reason, Reason::Rule(_) | Reason::Comment);
        let is_unwanted =
            |block: &Block| config.comments == Comments::Drop && block.concepts.has(Concept::Comment);
        let inside: Vec<(usize, &str)> = page
            .blocks
            .iter()
            .enumerate()
            .filter(|(at, block)| is_open(&verdicts[*at]) && !is_unwanted(block))
            .filter_map(|(at, block)| Some((at, self.body_of(block)?)))
            .collect();
        let all_hidden = inside.iter().all(|(at, _)| verdicts[*at].reason == Reason::Hidden);
        for (at, selector) in &inside {
            let verdict = &mut verdicts[*at];
            if verdict.reason != Reason::Hidden || all_hidden {
                (verdict.keep, verdict.reason) = (true, Reason::Rule(SITE_RULE));
                verdict.evidence = Some(format!("body {selector}"));
            }
        }
        if inside.is_empty() {
            return false;
        }
        decide::drop_repeats(page, verdicts);
        for verdict in verdicts.iter_mut().filter(|verdict| verdict.reason == Reason::Duplicate) {
            verdict.evidence = None;
        }
        inside.iter().any(|(at, _)| verdicts[*at].keep)
    }
}
