//! **Drops** Disclaimers and legal notices: whose opinion it is, where the text was taken from, who is not liable,
//! what it may be used for, whom to write to, whose copyright it is.
//!
//! **Why** The same lines stand under every text of a site.
//!
//! **Example** `This article was collected from the internet and is for reference only. We accept no liability for
//! its accuracy; contact us and we will remove it.`
//!
//! **Near miss** An article about copyright or liability; terms of use as the page's own text; a report that quotes
//! a disclaimer.
//!
//! **Languages** Words of twenty-six. Notices are worded in countless ways, so several of their topics must meet in
//! one short block.
//!
//! **Source** A crawled page: "taken from public content on the web, for reference only, no liability for
//! timeliness or truth".

use super::{Context, Findings, context::Phrases};
use crate::lexicon::Group;

/// The longest notice, in letters.
const MAX_LENGTH: f32 = 900.0;
/// The longest notice that is known by one phrase or by the copyright sign.
const MAX_LENGTH_SHORT: f32 = 260.0;
/// What notices are about.
pub(super) const TOPICS: &[Group] = &[
    Group::Subject,
    Group::Origin,
    Group::Liability,
    Group::Reference,
    Group::Rights,
    Group::Removal,
    Group::Stance,
];
/// Topics that must meet in a block without a known phrase.
const MIN_TOPICS: u32 = 4;
/// Topics that must meet in a block with a known phrase or label.
const MIN_TOPICS_KNOWN: u32 = 2;
/// Letters of text for each word of a topic, at most.
const MAX_DILUTION: f32 = 40.0;
/// The same for a short block outside the article.
const MIN_TOPICS_SHORT: u32 = 3;
const MAX_DILUTION_SHORT: f32 = 30.0;
/// The same for a block that shares next to nothing with the article, and how much that is.
const MIN_TOPICS_STRANGE: u32 = 2;
/// The same where it reads like one of the article's paragraphs.
const MIN_TOPICS_PROSE: u32 = 2;
const MAX_OVERLAP_PROSE: f32 = 0.07;
const MAX_DILUTION_STRANGE: f32 = 75.0;
const MAX_OVERLAP_STRANGE: f32 = 0.2;
/// Blocks of running text with such wording from which on the article itself is about such things.
const MAX_TOPICAL: usize = 3;

/// The longest bare line of copyright, in letters.
const MAX_LENGTH_SIGNED: f32 = 60.0;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let notices: Vec<(usize, &str)> =
        context.blocks().filter_map(|(index, _)| notice(context, index).map(|why| (index, why))).collect();
    let topical = notices.iter().filter(|(index, _)| context.body().is_prose(*index)).count();
    for (index, why) in notices {
        if topical <= MAX_TOPICAL || !context.body().is_prose(index) {
            findings.cut(index, why);
        }
    }
}

/// What marks a block as a notice, if anything.
fn notice(context: &Context<'_>, index: usize) -> Option<&'static str> {
    let text = context.text(index);
    let length = context.length(index);
    if context.is_code(index) || length > MAX_LENGTH {
        return None;
    }
    let opens =
        text.starts_with(['©', 'Ⓒ']) || text.starts_with("Copyright") || text.starts_with("COPYRIGHT");
    // It has a year or the sign.
    let may_be_signed = || context.page.blocks[index].stats.digits >= 4 || text.contains('©');
    let signed =
        || length <= MAX_LENGTH_SHORT && may_be_signed() && context.patterns().copyright.is_match(text);
    let bare = opens && length <= MAX_LENGTH_SIGNED && !context.page.blocks[index].stats.ends_sentence;
    if context.is_heading(index) {
        return (bare && signed()).then_some("copyright line");
    }
    let phrases = context.phrases(index);
    let topics = topics(phrases);
    let labelled = phrases.leading(text, Group::DisclaimerLabel).is_some();
    let known = phrases.has(Group::Notice);
    let words = phrases.count(Group::set(TOPICS));
    let dense = length <= MAX_DILUTION * words as f32;
    if labelled && topics >= MIN_TOPICS_KNOWN {
        return Some("label of a notice");
    }
    if known && (length <= MAX_LENGTH_SHORT || dense && topics >= MIN_TOPICS_KNOWN) {
        return Some("wording of a notice");
    }
    if topics >= MIN_TOPICS && dense && phrases.has(Group::Subject) {
        return Some("topics of a notice");
    }
    let terse = length <= MAX_LENGTH_SHORT && length <= MAX_DILUTION_SHORT * words as f32;
    if topics >= MIN_TOPICS_SHORT && words > 3 && terse && !context.body().surrounds(index) {
        return Some("topics of a notice");
    }
    let stats = &context.page.blocks[index].stats;
    let (least, most) = if context.body().is_prose(index) {
        (MIN_TOPICS_PROSE, MAX_OVERLAP_PROSE)
    } else {
        (MIN_TOPICS_STRANGE, MAX_OVERLAP_STRANGE)
    };
    let more = u32::from(phrases.has(Group::LegalWord));
    let words = phrases.count(Group::set(TOPICS) | Group::LegalWord.bit());
    if topics + more >= least
        && words >= 2
        && length <= 2.0 * MAX_LENGTH_SHORT
        && length <= MAX_DILUTION_STRANGE * words as f32
        && (stats.ends_sentence || stats.commas > 0)
        && context.body().overlap_with_others(index) <= most
        && !context.body().is_thin()
    {
        return Some("topics of a notice, none of the article's");
    }
    ((bare || !context.body().surrounds(index)) && signed()).then_some("copyright line")
}

fn topics(phrases: Phrases<'_>) -> u32 {
    let groups = phrases.groups();
    TOPICS.iter().filter(|topic| groups & topic.bit() != 0).count() as u32
}
