//! Named kinds of spam and boilerplate, one file each, in one list.
//!
//! A rule sees the whole page with the densities' scores and names the blocks that it would cut, each with the
//! evidence in a few words. It looks for shapes first and for words last. Its documentation is the head of its own
//! file, in fixed sections: Drops, Why, Example, Near miss, Languages, Source.

use crate::config::Config;
use crate::lexicon::Lexicon;
use crate::page::Page;

/// A rule.
pub struct Rule {
    /// Its name in configuration, counts and samples.
    pub id: &'static str,
    /// Its source file, whose head is its documentation.
    source: &'static str,
    check: fn(&Context<'_>, &mut Findings),
}

/// All rules, in the order in which they are asked; the first to hit a block gives the reason.
pub const RULES: &[Rule] = &[];

impl Rule {
    /// Its documentation, in Markdown.
    #[must_use]
    pub fn docs(&self) -> String {
        let lines = self.source.lines().take_while(|line| line.starts_with("//!"));
        lines.map(|line| format!("{}\n", line.trim_start_matches("//!").trim_start())).collect()
    }
}

/// What a rule sees.
pub(crate) struct Context<'a> {
    /// The page.
    pub(crate) page: &'a Page,
    /// The probability of each block to be body text, before rules.
    pub(crate) scores: &'a [f32],
    /// Word lists.
    pub(crate) lexicon: &'a Lexicon,
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
    /// What it saw, in a few words.
    pub(crate) evidence: String,
}

/// Collects what one rule finds.
#[derive(Default)]
pub(crate) struct Findings(Vec<(u32, String)>);

impl Findings {
    /// Names a block to cut.
    pub(crate) fn cut(&mut self, block: usize, evidence: impl Into<String>) {
        self.0.push((block as u32, evidence.into()));
    }
}

/// Asks all rules that are on.
pub(crate) fn run(page: &Page, scores: &[f32], lexicon: &Lexicon, config: &Config) -> Hits {
    let context = Context { page, scores, lexicon };
    let mut hits = Hits::new();
    let mut hit_before = vec![false; page.blocks.len()];
    for rule in RULES.iter().filter(|rule| !config.rules_off.iter().any(|off| off == rule.id)) {
        let mut findings = Findings::default();
        (rule.check)(&context, &mut findings);
        for (block, evidence) in findings.0 {
            if !std::mem::replace(&mut hit_before[block as usize], true) {
                hits.push(Hit { block, rule: rule.id, evidence });
            }
        }
    }
    hits
}
