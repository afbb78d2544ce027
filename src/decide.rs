//! Probabilities and rule hits to verdicts.

use crate::config::Config;
use crate::page::{Kind, Page, Reason, Verdict};
use crate::rules::Hits;

/// One verdict a block, the page's kind, and the confidence that it has a body.
pub(crate) fn decide(page: &Page, scores: &[f32], hits: Hits, config: &Config) -> (Vec<Verdict>, Kind, f32) {
    let _ = config;
    let mut verdicts: Vec<Verdict> = page
        .blocks
        .iter()
        .zip(scores)
        .map(|(_, &score)| {
            let keep = score > 0.5;
            let reason = if keep { Reason::Content } else { Reason::Boilerplate };
            Verdict { keep, score, reason, evidence: None }
        })
        .collect();
    for hit in hits {
        let verdict = &mut verdicts[hit.block as usize];
        verdict.keep = false;
        verdict.reason = Reason::Rule(hit.rule);
        verdict.evidence = Some(hit.evidence);
    }
    (verdicts, Kind::Article, 1.0)
}
