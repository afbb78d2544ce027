//! Named kinds of spam and boilerplate, one file each, in one list.
//!
//! A rule sees the whole page with the densities' scores and names the blocks that it would cut, each with the
//! evidence in a few words. It looks for shapes first and for words last. Its documentation is the head of its own
//! file, in fixed sections: Drops, Why, Example, Near miss, Languages, Source.
//!
//! A rule errs by keeping: whatever it leaves is still judged by the densities, whatever it names is lost. So each
//! has guards, and what the guards protect stands among its samples.

mod body;
mod context;
mod items;
mod notice;
mod odds;

mod advert;
mod appeal;
mod cookie_notice;
mod disclaimer;
mod follow_us;
mod foreign_paragraph;
mod friend_links;
mod headline_list;
mod hotline;
mod icp;
mod injected_topic;
mod keyword_stuffing;
mod link_farm;
mod nav;
mod newsletter;
mod obfuscation;
mod paywall_notice;
mod planted_link;
mod prev_next;
mod reedit_stamp;
mod related_inline;
mod script_notice;
mod share_bar;
mod site_talk;
mod tag_cloud;

use std::ops::Range;

use crate::config::Config;
use crate::lexicon::{Lexicon, PagePhrases};
use crate::page::Page;

pub(crate) use context::Context;

/// A rule.
pub struct Rule {
    /// Its name in configuration, counts and samples.
    pub id: &'static str,
    /// Whether what it cuts is spam, rather than the boilerplate of an honest site.
    pub spam: bool,
    /// Its source file, whose head is its documentation.
    source: &'static str,
    check: fn(&Context<'_>, &mut Findings),
}

/// Declares the rules. A rule is a module of its id with a function `check`.
macro_rules! rules {
    ($($kind:ident $id:ident)*) => {
        /// All rules, in the order in which they are asked; the first to hit a block gives the reason.
        pub const RULES: &[Rule] = &[$(Rule {
            id: stringify!($id),
            spam: rules!($kind),
            source: include_str!(concat!(stringify!($id), ".rs")),
            check: $id::check,
        },)*];
    };
    (spam) => { true };
    (boilerplate) => { false };
}

rules! {
    spam link_farm
    spam obfuscation
    spam hotline
    boilerplate reedit_stamp
    boilerplate disclaimer
    boilerplate prev_next
    boilerplate nav
    boilerplate share_bar
    boilerplate cookie_notice
    boilerplate newsletter
    boilerplate follow_us
    boilerplate paywall_notice
    boilerplate script_notice
    boilerplate icp
    boilerplate tag_cloud
    spam friend_links
    boilerplate related_inline
    spam keyword_stuffing
    spam injected_topic
    spam foreign_paragraph
    spam advert
    spam headline_list
    boilerplate site_talk
    boilerplate appeal
    spam planted_link
}

impl Rule {
    /// Its documentation, in Markdown.
    #[must_use]
    pub fn docs(&self) -> String {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        lines.flat_map(|line| [line.trim_start(), "\n"]).collect()
    }

    /// What it drops, in a sentence or two.
    #[must_use]
    pub fn summary(&self) -> String {
        let docs = self.docs();
        let first = docs.split("\n\n").next().unwrap_or_default();
        first.trim_start_matches("**Drops** ").trim_end().replace('\n', " ")
    }
}

/// What rules found.
pub(crate) type Hits = Vec<Hit>;

/// A block that a rule would cut.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hit {
    /// Index of the block.
    pub(crate) block: u32,
    /// The rule.
    pub(crate) rule: &'static str,
    /// The part of the block, as bytes of the page's text; the whole block if none.
    pub(crate) span: Option<Range<u32>>,
    /// What it saw, in a few words.
    pub(crate) evidence: String,
}

impl Hit {
    /// Where it stands on the page; a whole block before its parts.
    fn place(&self) -> (u32, u32) {
        (self.block, self.span.as_ref().map_or(0, |span| span.start))
    }

    /// Whether it is a part that begins in one that was hit earlier.
    fn overlaps(&self, earlier: &Self) -> bool {
        let spans = self.span.as_ref().zip(earlier.span.as_ref());
        self.block == earlier.block && spans.is_some_and(|(span, before)| span.start < before.end)
    }
}

/// Collects what one rule finds.
#[derive(Default)]
pub(crate) struct Findings(Vec<(u32, Option<Range<u32>>, String)>);

impl Findings {
    /// Names a block to cut.
    pub(crate) fn cut(&mut self, block: usize, evidence: impl Into<String>) {
        self.0.push((block as u32, None, evidence.into()));
    }

    /// Names a part of a block to cut, by bytes of the page's text.
    pub(crate) fn cut_span(&mut self, block: usize, span: Range<u32>, evidence: impl Into<String>) {
        self.0.push((block as u32, Some(span), evidence.into()));
    }
}

/// Asks all rules that are on.
pub(crate) fn run(
    page: &Page,
    scores: &[f32],
    phrases: &PagePhrases,
    lexicon: &Lexicon,
    config: &Config,
) -> Hits {
    let context = Context::new(page, scores, phrases, lexicon);
    let mut hits = Hits::new();
    let mut hit_before = vec![false; page.blocks.len()];
    for rule in RULES.iter().filter(|rule| !config.rules_off.iter().any(|off| off == rule.id)) {
        let mut findings = Findings::default();
        (rule.check)(&context, &mut findings);
        for (block, span, evidence) in findings.0 {
            let hit = hit_before[block as usize];
            hit_before[block as usize] |= span.is_none();
            if !hit {
                hits.push(Hit { block, rule: rule.id, span, evidence });
            }
        }
    }
    // Parts of a block that stays are cut in reading order, apart from each other.
    hits.sort_by_key(Hit::place);
    hits.dedup_by(|later, earlier| later.overlaps(earlier));
    hits
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    const SECTIONS: &[&str] = &["Drops", "Why", "Example", "Near miss", "Languages", "Source"];

    #[test]
    fn parts_that_overlap_are_known() {
        let hit = |block, span| Hit { block, rule: "", span, evidence: String::new() };
        let (whole, part) = (hit(1, None), hit(1, Some(10..20)));
        assert!(hit(1, Some(19..30)).overlaps(&part));
        assert!(!hit(1, Some(20..30)).overlaps(&part));
        assert!(!hit(2, Some(19..30)).overlaps(&part));
        assert!(!part.overlaps(&whole) && !whole.overlaps(&part));
        assert!(whole.place() < part.place() && part.place() < hit(2, None).place());
    }

    #[test]
    fn ids_are_unique() {
        let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), RULES.len());
    }

    #[test]
    fn docs_have_all_sections() {
        for rule in RULES {
            for section in SECTIONS {
                let heading = format!("**{section}**");
                assert!(rule.docs().contains(&heading), "{}: no section {heading}", rule.id);
            }
        }
    }

    #[test]
    fn a_summary_is_whole_sentences_on_one_line() {
        for rule in RULES {
            let summary = rule.summary();
            assert!(
                summary.ends_with(['.', '…']) && !summary.contains(['\n', '*']),
                "{}: {summary}",
                rule.id
            );
        }
    }

    #[test]
    fn every_rule_has_samples_of_a_hit_and_a_near_miss() {
        for rule in RULES {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(rule.id);
            for kind in ["hit-", "near-"] {
                let has = std::fs::read_dir(&folder).is_ok_and(|entries| {
                    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with(kind))
                });
                assert!(has, "{} has no {kind}* folder", folder.display());
            }
        }
    }
}
