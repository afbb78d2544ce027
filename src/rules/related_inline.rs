//! **Drops** Lines that point to another text: "Read also: …", 相关阅读：…
//!
//! **Why** They stand between an article's paragraphs, marked up like one of them, and carry another text's title.
//!
//! **Example** `Read also: Ten harbours to visit this summer`
//!
//! **Near miss** A sentence that recommends reading; "See also" as a section of an encyclopedia; a heading.
//!
//! **Languages** Twenty-six.
//!
//! **Source** Such lines in mid-article survive in nearly all of today's extractors.

use super::items::length;
use super::{Context, Findings, odds};
use crate::lexicon::Group;

/// The longest line, in letters.
const MAX_LENGTH: f32 = 260.0;
/// The longest label, in letters and words, and the shortest title of a line that is known by its shape, and what it may
/// share with the article.
const MAX_LABEL: f32 = 30.0;
const MAX_WORDS: usize = 4;
const MIN_TITLE: f32 = 20.0;
const MAX_OVERLAP: f32 = 0.1;
/// The shortest phrase that needs no mark after it, in letters.
const MIN_STRONG: f32 = 8.0;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    for (index, _) in context.blocks() {
        if points_elsewhere(context, index) {
            findings.cut(index, "points to another text");
        } else if is_labelled_title(context, index) {
            findings.cut(index, "a label and a title that is not the article's");
        }
    }
}

/// Whether a line between two paragraphs is a label, a colon and a title that has nothing to do with them.
fn is_labelled_title(context: &Context<'_>, index: usize) -> bool {
    let stats = &context.page.blocks[index].stats;
    let text = context.text(index);
    if !context.is_beside_prose(index)
        || stats.ends_sentence
        || stats.commas > 1
        || context.is_code(index)
        || context.is_heading(index)
        || context.length(index) > MAX_LENGTH
    {
        return false;
    }
    let Some((label, title)) = text.split_once([':', '：']) else { return false };
    let opens = |c: char| c.is_alphanumeric() && !c.is_lowercase() || odds::QUOTES.contains(&c);
    let cased = title.trim_start().starts_with(opens);
    length(label) <= MAX_LABEL
        && label.contains(char::is_alphabetic)
        && cased
        && label.split_whitespace().count() <= MAX_WORDS
        && length(title) >= MIN_TITLE
        && context.body().overlap(text) <= MAX_OVERLAP
}

fn points_elsewhere(context: &Context<'_>, index: usize) -> bool {
    let text = context.text(index);
    if context.is_code(index) || context.is_heading(index) || context.length(index) > MAX_LENGTH {
        return false;
    }
    let Some(end) = context.phrases(index).leading(text, Group::Related) else { return false };
    let stats = &context.page.blocks[index].stats;
    let phrase = text[..end].trim_matches(|c: char| !c.is_alphanumeric());
    let after = text[end..].trim_start();
    let strong = length(phrase) >= MIN_STRONG && (phrase.contains(' ') || !phrase.is_ascii());
    if !after.contains(char::is_alphanumeric) {
        // A label alone opens a list, or a section; both are judged by their own shape.
        return false;
    }
    let marked = text[..end].ends_with([':', '：'])
        || after.starts_with([':', '：', '|', '｜', '>', '»', '→', '–', '—', '】', ']', '-', '·', '▸', '►']);
    let linked = stats.link_density() > 0.4;
    let title = after.chars().next().is_some_and(|c| !c.is_lowercase());
    marked && (linked || strong || !stats.ends_sentence)
        || title && linked
        || title && strong && !stats.ends_sentence
}
