//! How much spam a page carries and of what kinds: verdicts come in, a [`Spam`] goes out.
//!
//! It is a verdict of its own because a good article on a page full of spam is worth having, and a doorway page
//! without one is not: [`Cleaned::confidence`](crate::Cleaned::confidence) says whether there is an article, this
//! says what came with it, and neither looks at the other. Menus, buttons and notices are boilerplate: they are cut,
//! but count for nothing here. It cuts nothing itself.

use serde::Serialize;

use crate::page::{Block, Page, Reason, Verdict};
use crate::rules::RULES;

/// The most pieces of evidence that are told for a kind.
const MAX_EVIDENCE: usize = 3;

/// How much spam came with a page's text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Spam {
    /// Share of spam in what the page has besides boilerplate, 0 to 1: 0.3 means that of its body and spam together
    /// three tenths of the letters are spam.
    pub score: f32,
    /// The kinds, in the order of the list of rules.
    pub kinds: Vec<SpamKind>,
}

/// Spam of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpamKind {
    /// The id of the rule that found it.
    pub rule: &'static str,
    /// Its share of body and spam together, 0 to 1.
    pub share: f32,
    /// What the rule saw: the first few pieces of evidence.
    pub evidence: Vec<String>,
}

/// Sums up what the rules for spam cut.
pub(crate) fn judge(page: &Page, verdicts: &[Verdict]) -> Spam {
    let mut found: Vec<(u64, Vec<String>)> = vec![(0, Vec::new()); RULES.len()];
    let mut add = |id: &str, chars: u64, evidence: Option<&String>| {
        let Some(at) = RULES.iter().position(|rule| rule.id == id && rule.spam) else { return };
        found[at].0 += chars;
        if let Some(evidence) = evidence
            && found[at].1.len() < MAX_EVIDENCE
            && !found[at].1.contains(evidence)
        {
            found[at].1.push(evidence.clone());
        }
    };
    let mut kept = 0;
    for (block, verdict) in page.blocks.iter().zip(verdicts) {
        if let Reason::Rule(id) = verdict.reason {
            add(id, chars(block), verdict.evidence.as_ref());
        }
        kept += if verdict.keep { chars(block) } else { 0 };
        for span in &verdict.cut_spans {
            add(span.rule, page.chars_in(&span.text), Some(&span.evidence));
        }
    }
    let all = found.iter().map(|(chars, _)| chars).sum::<u64>();
    let share = |chars: u64| chars as f32 / (all + kept).max(1) as f32;
    let named = RULES.iter().zip(found).filter(|(_, (chars, _))| *chars > 0);
    let kinds =
        named.map(|(rule, (chars, evidence))| SpamKind { rule: rule.id, share: share(chars), evidence });
    Spam { score: share(all), kinds: kinds.collect() }
}

fn chars(block: &Block) -> u64 {
    u64::from(block.stats.chars)
}

#[cfg(test)]
mod tests {
    use crate::{Cleaner, Hints};

    const BODY: &str = "The sea rises and falls twice a day, drawn by the moon and, more weakly, by the sun. Where \
        the coast narrows, the difference between high and low water can be as high as a house. Harbours are built \
        for it, and fishermen keep tables of the hours at which their boats can leave.";

    #[test]
    fn a_farm_counts_and_a_menu_does_not() {
        let farm: Vec<String> = ["Leeds", "York", "Hull", "Bath", "Ripon", "Derby", "Truro", "Wells"]
            .map(|t| format!("{t} boiler repair"))
            .into();
        let menu = "Home | About us | Contact | Privacy policy | Site map";
        let clean = |end: &str| {
            let page = format!("{BODY}\n\n{BODY} And so on, twice a day.\n\n{end}\n");
            Cleaner::default().clean(page.as_bytes(), Hints::default())
        };
        let spam = clean(&farm.join(" | ")).spam;
        assert!(spam.score > 0.1 && spam.score < 0.4, "{spam:?}");
        assert_eq!(spam.kinds.iter().map(|kind| kind.rule).collect::<Vec<_>>(), ["link_farm"]);
        assert!(spam.kinds[0].evidence[0].contains("names like"));
        assert_eq!(clean(menu).spam, super::Spam::default());
    }
}
