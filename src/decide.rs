//! Probabilities and rule hits to verdicts: which blocks stay.
//!
//! The cut is the one with the highest expected F1 of the page's words: blocks sorted by probability, and of the
//! prefixes of that list the one with the best expectation. A fixed threshold is worth .013 less on annotated
//! pages, because pages differ in how sure the model can be. Then rules and options have their say, and what stands
//! twice stays once.

use std::collections::HashMap;
use std::ops::Range;

use crate::config::{Comments, Config, Favor, Hidden};
use crate::hidden;
use crate::kind::Estimate;
use crate::lexicon::{Common, Concept};
use crate::page::{Block, CutSpan, Kind, Media, Page, Reason, Role, Verdict};
use crate::rules::Hits;

/// How much the odds of a doubtful block change in the modes that favour precision or recall: a factor of e.
const FAVOR_LOG_ODDS: f32 = 1.0;

/// How much the odds of a block outside the body's container change on a page that has one body for sure: a factor of e
/// to the fifth. Cross-validated by host; training/README.md has the table.
const PULL_LOG_ODDS: f32 = 5.0;

/// The body's container holds this share of the words of likely body. Less would take one section of an article for
/// all of it.
const HELD: f64 = 0.95;

/// A block with this share of the page's highest probability is likely body: where all is doubtful, no one block is it.
const LIKELY: f32 = 0.5;

/// The same for all of its blocks: articles lose by what does not belong to them more than by what is missing.
const ONE_BODY_LOG_ODDS: f32 = 0.3;

/// Repeats of blocks with fewer words stay: table cells, labels, refrains.
const MIN_REPEATED_WORDS: u32 = 12;

/// Repeats at most this many blocks after the first stay too: an author repeats himself at once, a layout that
/// prints the text twice does it elsewhere.
const MAX_REPEAT_DISTANCE: usize = 5;

/// At most this many blocks lead up to the first kept one.
const MAX_OPENING: usize = 5;

/// An opening block is likelier than this to be body text: one to three.
const OPENING_SCORE: f32 = 0.25;

/// An opening paragraph has this many characters, CJK weighted: as many as a good block.
const OPENING_LENGTH: f32 = 80.0;

/// One verdict a block, the page's kind, and the confidence that it has a body.
#[expect(clippy::too_many_arguments, reason = "each stage before left something")]
pub(crate) fn decide(
    page: &Page,
    scores: &[f32],
    hits: Hits,
    estimate: &Estimate,
    common: &Common,
    config: &Config,
) -> (Vec<Verdict>, Kind, f32) {
    let mut verdicts: Vec<Verdict> = scores[..page.blocks.len()]
        .iter()
        .map(|&score| Verdict {
            keep: false,
            score,
            reason: Reason::Boilerplate,
            evidence: None,
            cut_spans: Vec::new(),
        })
        .collect();
    for hit in hits {
        let verdict = &mut verdicts[hit.block as usize];
        if let Some(text) = hit.span {
            verdict.cut_spans.push(CutSpan { text, rule: hit.rule, evidence: hit.evidence });
            continue;
        }
        verdict.reason = Reason::Rule(hit.rule);
        verdict.evidence = Some(hit.evidence);
    }
    if config.hidden == Hidden::Strip {
        hidden::strip(page, &mut verdicts, common);
    }
    let mut open = Vec::with_capacity(verdicts.len());
    open.extend((0..verdicts.len()).filter(|&i| verdicts[i].reason == Reason::Boilerplate));
    for index in best_cut(
        page,
        &pulled(page, scores, &|at| verdicts[at].reason == Reason::Boilerplate, estimate),
        &open,
        config,
    ) {
        verdicts[index].keep = true;
        verdicts[index].reason = Reason::Content;
    }
    keep_opening(page, &mut verdicts);
    apply_comments(page, &mut verdicts, config.comments);
    drop_repeats(page, &mut verdicts);
    let confidence = confidence(page, &verdicts);
    let kind = if verdicts.iter().any(|verdict| verdict.keep) { estimate.kind } else { Kind::Empty };
    (verdicts, kind, confidence)
}

/// Probabilities drawn towards the container that holds the expected body, as far as the page has one: there, what
/// stands outside is comments, promotion and related links that look like text. On pages with several bodies the same
/// pull does harm.
pub(crate) fn pulled(
    page: &Page,
    scores: &[f32],
    open: &dyn Fn(usize) -> bool,
    estimate: &Estimate,
) -> Vec<f32> {
    if page.media == Some(Media::Text) {
        return scores.to_vec();
    }
    let home = home(page, scores, open);
    let one_body = estimate.one_body();
    let inside = -ONE_BODY_LOG_ODDS * one_body;
    let outside = inside - PULL_LOG_ODDS * one_body;
    let draw = |(at, &score)| shifted(score, if home.contains(&at) { inside } else { outside });
    scores.iter().enumerate().map(draw).collect()
}

/// The blocks of the smallest container that holds nearly all of the open blocks that are likely body.
fn home(page: &Page, scores: &[f32], open: &dyn Fn(usize) -> bool) -> Range<usize> {
    let highest = (0..scores.len()).filter(|&at| open(at)).map(|at| scores[at]).fold(0.0, f32::max);
    let mut mass = Vec::with_capacity(page.blocks.len() + 1);
    mass.push(0.0);
    for (at, (block, &score)) in page.blocks.iter().zip(scores).enumerate() {
        let likely = open(at) && score > LIKELY * highest;
        mass.push(mass[at] + if likely { f64::from(block.stats.words) * f64::from(score) } else { 0.0 });
    }
    let runs = page.containers.iter().map(|c| c.blocks.start as usize..c.blocks.end as usize);
    runs.filter(|run| mass[run.end] - mass[run.start] >= HELD * mass[page.blocks.len()])
        .min_by_key(ExactSizeIterator::len)
        .unwrap_or(0..page.blocks.len())
}

/// The blocks of the cut with the highest expected F1, out of those that are open.
fn best_cut(page: &Page, scores: &[f32], open: &[usize], config: &Config) -> Vec<usize> {
    let shift = match config.favor {
        Favor::Precision => -FAVOR_LOG_ODDS,
        Favor::Balanced => 0.0,
        Favor::Recall => FAVOR_LOG_ODDS,
    };
    let odds = |index: usize| f64::from(shifted(scores[index], shift));
    let words = |index: usize| f64::from(page.blocks[index].stats.words);
    let mut order = open.to_vec();
    order.sort_by(|&a, &b| odds(b).total_cmp(&odds(a)).then(a.cmp(&b)));
    let expected: f64 = order.iter().map(|&index| words(index) * odds(index)).sum();
    let (mut kept, mut hit, mut best, mut length) = (0.0, 0.0, 0.0, 0);
    for (count, &index) in order.iter().enumerate() {
        kept += words(index);
        hit += words(index) * odds(index);
        let f1 = 2.0 * hit / (kept + expected);
        if f1 > best {
            (best, length) = (f1, count + 1);
        }
    }
    order.truncate(length);
    order
}

/// Keeps what leads up to the first kept block: an opening paragraph without a full stop, the headings of an
/// outline. They are what extractors lose first, and the cut alone finds them doubtful.
fn keep_opening(page: &Page, verdicts: &mut [Verdict]) {
    let Some(first) = verdicts.iter().position(|verdict| verdict.keep) else { return };
    for index in (first.saturating_sub(MAX_OPENING)..first).rev() {
        let (block, verdict) = (&page.blocks[index], &mut verdicts[index]);
        let text = page.text_of(block);
        let opens = block.stats.length() >= OPENING_LENGTH || starts_outline(text);
        if verdict.reason != Reason::Boilerplate
            || verdict.score < OPENING_SCORE
            || block.stats.links > 0
            || !opens
        {
            return;
        }
        (verdict.keep, verdict.reason) = (true, Reason::Content);
    }
}

/// Whether a line begins with the mark of a Chinese outline: `一、` or `（一）`.
fn starts_outline(text: &str) -> bool {
    let is_number = |c: char| "一二三四五六七八九十".contains(c);
    let inner = text.strip_prefix(['(', '（']);
    let rest = inner.unwrap_or(text);
    let after = rest.trim_start_matches(is_number);
    after.len() < rest.len() && after.starts_with(if inner.is_some() { [')', '）'] } else { ['、', '．'] })
}

/// A probability with its log odds moved.
fn shifted(score: f32, shift: f32) -> f32 {
    if shift == 0.0 {
        return score;
    }
    let odds = score / (1.0 - score).max(f32::EPSILON) * shift.exp();
    odds / (1.0 + odds)
}

/// Keeps or drops what stands in comment sections, if the caller says so.
fn apply_comments(page: &Page, verdicts: &mut [Verdict], comments: Comments) {
    let in_comments = |block: &Block| block.concepts.has(Concept::Comment);
    for (block, verdict) in page.blocks.iter().zip(verdicts).filter(|(block, _)| in_comments(block)) {
        match (comments, verdict.reason) {
            (Comments::Drop, Reason::Content) => (verdict.keep, verdict.reason) = (false, Reason::Comment),
            (Comments::Keep, Reason::Boilerplate) if block.stats.ends_sentence => {
                (verdict.keep, verdict.reason) = (true, Reason::Content);
            }
            _ => {}
        }
    }
}

/// Drops kept blocks whose text is kept already, some way before. Code and tables repeat themselves with reason.
pub(crate) fn drop_repeats(page: &Page, verdicts: &mut [Verdict]) {
    let mut seen = HashMap::new();
    let kept = page.blocks.iter().zip(verdicts).enumerate().filter(|(_, (_, verdict))| verdict.keep);
    for (at, (block, verdict)) in kept {
        let exempt = matches!(block.layout.role, Role::Preformatted | Role::Cell { .. });
        if block.stats.words < MIN_REPEATED_WORDS || exempt {
            continue;
        }
        if at > *seen.entry(page.text_of(block)).or_insert(at) + MAX_REPEAT_DISTANCE {
            (verdict.keep, verdict.reason) = (false, Reason::Duplicate);
        }
    }
}

/// The share of the kept words that are expected to be body text.
fn confidence(page: &Page, verdicts: &[Verdict]) -> f32 {
    let kept = || page.blocks.iter().zip(verdicts).filter(|(_, verdict)| verdict.keep);
    let words: f32 = kept().map(|(block, _)| block.stats.words as f32).sum();
    let expected: f32 = kept().map(|(block, verdict)| block.stats.words as f32 * verdict.score).sum();
    if words > 0.0 { expected / words } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::from_text;
    use crate::lexicon::Lexicon;

    fn kept(text: &str, scores: &[f32], config: &Config) -> Vec<String> {
        let page = from_text(text, &config.limits).0;
        let estimate = Estimate::new([1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let verdicts = decide(&page, scores, Vec::new(), &estimate, Lexicon::new().common(), config).0;
        let kept = page.blocks.iter().zip(&verdicts).filter(|(_, verdict)| verdict.keep);
        kept.map(|(block, _)| page.text_of(block).to_owned()).collect()
    }

    #[test]
    fn the_cut_follows_the_page() {
        let config = Config::default();
        // A doubtful block stays where there is nothing better, and goes where there is.
        assert_eq!(kept("one two\nthree", &[0.4, 0.01], &config), ["one two"]);
        assert_eq!(kept("one two three four five\nsix", &[0.99, 0.3], &config), ["one two three four five"]);
    }

    #[test]
    fn openings_stay_with_what_they_open() {
        let lead = "As asked for by the ministry, we have looked into the state of all of our schools and of their teachers, and report";
        let page = format!("by Ann\n{lead}\n（一）学校\n{}", "The schools are in good repair. ".repeat(9));
        assert_eq!(kept(&page, &[0.3, 0.3, 0.3, 0.99], &Config::default()).len(), 3);
        assert_eq!(kept(&page, &[0.3, 0.1, 0.3, 0.99], &Config::default()).len(), 2);
        assert!(starts_outline("十二、学校") && !starts_outline("一个学校") && !starts_outline("(a) x"));
    }

    #[test]
    fn favor_moves_the_cut() {
        let page = "one two three four\nfive six seven";
        let with = |favor| kept(page, &[0.9, 0.42], &Config { favor, ..Config::default() }).len();
        assert_eq!((with(Favor::Precision), with(Favor::Recall)), (1, 2));
    }

    #[test]
    fn repeats_go_but_short_and_near_ones_stay() {
        let line = "one two three four five six seven eight nine ten eleven twelve";
        let page = format!("{line}\nyes\n{line}\nno\nwell\nso\n{line}\nyes");
        let all = kept(&page, &[0.9; 8], &Config::default());
        assert_eq!(all, [line, "yes", line, "no", "well", "so", "yes"]);
    }

    #[test]
    fn all_sections_of_an_article_are_its_home() {
        let told = "and so on ".repeat(20);
        let section = |name: &str| format!("<section><h2>{name}</h2><p>{told}<p>{name} {told}</section>");
        let page = format!("<main>{}{}</main><p>{told} or not", section("One"), section("Two"));
        let page = crate::Cleaner::default().clean(page.as_bytes(), crate::Hints::default()).page;
        let scores = [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.3];
        assert_eq!(home(&page, &scores, &|_| true), 0..6);
        // What a rule has cut does not count.
        assert_eq!(home(&page, &scores, &|at| at < 3), 0..3);
        // Where all is doubtful, no one block is the body.
        assert_eq!(home(&page, &[0.3, 0.4, 0.3, 0.3, 0.3, 0.52, 0.2], &|_| true), 0..6);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(kept("", &[], &Config::default()), [""; 0]);
    }
}
