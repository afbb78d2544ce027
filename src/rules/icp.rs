//! **Drops** Registration numbers of Chinese sites, and lines that credit editors and sources, by a label of the lexicon or
//! by any before a name that the article does not know.
//!
//! **Why** They are about the site. Sources and editors are read into the metadata.
//!
//! **Example** 某ICP备00000000号-1, 责任编辑：王某
//!
//! **Near miss** A sentence that says who edited a book; an article on registration; names in a list of facts.
//!
//! **Languages** Numbers in Chinese; credits in all of the lexicon.
//!
//! **Source** Every Chinese site has a number, most news texts end with a credit.

use super::{Context, Findings, context::Phrases};
use crate::lexicon::Group;

/// The longest line with a number, in letters.
const MAX_LENGTH: f32 = 320.0;
/// The longest credit, and the longest with several of them, in letters.
const MAX_CREDIT: f32 = 60.0;
const MAX_CREDITS: f32 = 160.0;

/// Words of a label before a name that no list knows.
const MAX_LABEL: usize = 4;
/// Words that join names have fewer letters.
const MIN_LETTERS: usize = 4;
/// Words of a name in a script with capitals.
const MAX_NAMES: usize = 6;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    for (index, block) in context.blocks() {
        let text = context.text(index);
        let length = context.length(index);
        if context.is_code(index) || context.is_heading(index) || length > MAX_LENGTH {
            continue;
        }
        let phrases = context.phrases(index);
        if phrases.has(Group::Icp) && block.stats.digits >= 5 && !context.body().is_prose(index) {
            findings.cut(index, "registration number");
        } else if is_credit(context, index, text, length) || is_labelled_name(context, index, text, length) {
            findings.cut(index, "credit");
        }
    }
}

/// A role, a colon and a name, and nothing else but more of them.
fn is_credit(context: &Context<'_>, index: usize, text: &str, length: f32) -> bool {
    let phrases = context.phrases(index);
    let Some(end) = phrases.leading(text, Group::Credit) else { return false };
    let stats = &context.page.blocks[index].stats;
    let count = phrases.count(Group::Credit.bit());
    let colon = text[..end].ends_with([':', '：'])
        || text[end..].trim_start().starts_with([':', '：', '丨', '|', '/']);
    let bound = if count >= 2 { MAX_CREDITS } else { MAX_CREDIT };
    let cjk = stats.cjk * 2 >= stats.chars;
    let names =
        || if cjk { stats.commas == 0 } else { is_names(&without(text, phrases, Group::Credit), !colon) };
    // "Edited by" needs no mark before the name.
    let leads_up = || text[..end].rsplit_once(' ').is_some_and(|(_, last)| last.len() < MIN_LETTERS);
    (colon || !cjk && (count >= 2 || stats.commas == 0 && leads_up()))
        && length <= bound
        && !stats.ends_sentence
        && names()
}

/// Whether a line between two paragraphs, or behind the last one, is a label of few words, a colon and a name, none of which
/// the article has. Facts are listed with others.
fn is_labelled_name(context: &Context<'_>, index: usize, text: &str, length: f32) -> bool {
    if length > MAX_CREDIT || context.body().is_thin() || context.is_tabular(index) {
        return false;
    }
    let Some((label, name)) = text.split_once([':', '：']) else { return false };
    let placed = || context.is_between_prose(index) || context.body().ends_before(index);
    let is_label = label.split_whitespace().count() <= MAX_LABEL && label.starts_with(char::is_uppercase);
    let has_figure = context.page.blocks[index].stats.digits > 0;
    let labelled = |at: usize| {
        let is_line = at < context.page.blocks.len() && !context.body().is_prose(at);
        is_line && context.text(at).contains([':', '：'])
    };
    is_label
        && !has_figure
        && name.trim().contains(' ')
        && is_names(name, true)
        && placed()
        && !(index > 0 && labelled(index - 1) || labelled(index + 1))
        && context.body().overlap_with_others(index) <= 0.0
}

/// A text without the phrases of a group.
fn without(text: &str, phrases: Phrases<'_>, group: Group) -> String {
    let (mut rest, mut at) = (String::new(), 0);
    for (start, end) in phrases.of(group) {
        rest.push_str(text.get(at..start).unwrap_or_default());
        at = end.max(at);
    }
    rest + text.get(at..).unwrap_or_default()
}

/// Whether a text is a few words with capitals, perhaps joined by small ones.
fn is_names(text: &str, joined: bool) -> bool {
    let mut words =
        text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '\'').filter(|w| !w.is_empty());
    let count = words.clone().count();
    (1..=MAX_NAMES).contains(&count)
        && words.all(|word| word.starts_with(char::is_uppercase) || joined && word.len() < MIN_LETTERS)
}
