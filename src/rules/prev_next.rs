//! **Drops** Links to the page before and the page after, with the titles that go with them.
//!
//! **Why** The titles are of other texts.
//!
//! **Example** `Previous post: How the market hall was saved`
//!
//! **Near miss** Sentences and headings that begin with "next" or "previous"; an interview's "Next question".
//!
//! **Languages** Twenty-six.
//!
//! **Source** Most blogs and content systems.

use super::{Context, Findings};
use crate::lexicon::Group;

/// The longest line with a title, in letters.
const MAX_LENGTH: f32 = 220.0;
/// What a title at which an arrow points may share with the article in which it stands.
const MAX_OVERLAP: f32 = 0.2;
/// Marks that may stand around the words.
const MARKS: &[char] = &[
    ' ', '«', '»', '‹', '›', '<', '>', '←', '→', '⟵', '⟶', '◄', '►', '◀', '▶', '|', '｜', '[', ']', '【',
    '】', '(', ')', '·', '•', '-', '–', '—',
];
/// Marks that part the words from a title.
const COLONS: &[char] =
    &[':', '：', '»', '«', '›', '‹', '→', '←', '|', '｜', '>', '<', '】', ']', '\n', '-', '–', '—'];

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut title_follows = false;
    for (index, block) in context.blocks() {
        let text = context.text(index);
        let follows = std::mem::take(&mut title_follows);
        if context.is_code(index) || context.length(index) > MAX_LENGTH || context.body().is_prose(index) {
            continue;
        }
        match shape(context, index, text) {
            Shape::Alone if follows || is_apart(context, index) => {
                findings.cut(index, "previous or next");
                title_follows = true;
            }
            Shape::Titled if is_apart(context, index) => findings.cut(index, "previous or next with a title"),
            _ if follows && block.stats.link_density() > 0.8 && context.body().ends_before(index) => {
                findings.cut(index, "title of the previous or next");
            }
            _ => {}
        }
    }
}

enum Shape {
    /// Nothing but the words, perhaps both of them.
    Alone,
    /// The words and a title.
    Titled,
    Other,
}

fn shape(context: &Context<'_>, index: usize, text: &str) -> Shape {
    let phrases = context.phrases(index);
    let arrows = text.starts_with(['«', '‹', '←', '<']) && text.ends_with(['»', '›', '→', '>']);
    if arrows && text.contains(['|', '｜', '•', '·']) {
        return Shape::Titled;
    }
    if !phrases.has(Group::PreviousNext) {
        return if is_pointed(context, index, text) { Shape::Titled } else { Shape::Other };
    }
    let rest = text.chars().filter(|c| c.is_alphanumeric()).map(char::len_utf8).sum::<usize>();
    let words = phrases.covered(Group::PreviousNext.bit());
    if words >= rest {
        return Shape::Alone;
    }
    let stats = &context.page.blocks[index].stats;
    let Some(end) = phrases.leading(text, Group::PreviousNext) else { return Shape::Other };
    let after = text[end..].trim_start();
    let parted = after.starts_with(COLONS);
    let marked = text.starts_with(MARKS);
    let several = phrases.count(Group::PreviousNext.bit()) >= 2;
    let linked = stats.link_density() > 0.5;
    let starts_with_chinese =
        text.trim_start_matches(MARKS).starts_with(['上', '下', '前', '次', '이', '다']);
    let titled = parted || marked || several || starts_with_chinese && (linked || !stats.ends_sentence);
    if titled && (linked || !stats.ends_sentence)
        || linked && stats.links <= 2 && !stats.ends_sentence && context.body().ends_before(index)
    {
        return Shape::Titled;
    }
    Shape::Other
}

/// Whether an arrow points from a title after the article's end.
fn is_pointed(context: &Context<'_>, index: usize, text: &str) -> bool {
    let back = text.starts_with(['«', '‹', '←', '⟵', '◄', '◀']) && !text.contains(['»', '›']);
    let on = text.ends_with(['»', '›', '→', '⟶', '►', '▶']) && !text.contains(['«', '‹']);
    let strange = || !context.body().is_thin() && context.body().overlap(text) <= MAX_OVERLAP;
    (back || on) && !text.ends_with(['.', '。']) && (context.body().ends_before(index) || strange())
}

/// Whether the line stands outside the article, or is a link.
fn is_apart(context: &Context<'_>, index: usize) -> bool {
    let block = &context.page.blocks[index];
    !context.is_heading(index) || block.stats.link_density() > 0.8 || context.body().ends_before(index)
}
