//! **Drops** Tags and search terms: "Tags: …", 热门搜索, rows of hashtags.
//!
//! **Why** They file the text, they are none of it; many are there for search engines alone.
//!
//! **Example** `Tags: tides, harbours, moon`, `#tides #harbour #moon #sea #coast`
//!
//! **Near miss** Hashtags in a sentence; a definition of keywords; "Topics:" that opens an agenda.
//!
//! **Languages** Twenty-six for the words, any for hashtags.
//!
//! **Source** Most blogs.

use memchr::memchr2;

use super::items::{length, pieces};
use super::{Context, Findings};
use crate::lexicon::Group;

/// The longest line, in letters.
const MAX_LENGTH: f32 = 500.0;
/// The longest tag, in letters.
const MAX_TAG: f32 = 45.0;
/// What a tag that stands alone may share with the article.
const MAX_OVERLAP: f32 = 0.3;
/// Tags below a label.
const MIN_COLUMN: usize = 3;
/// Hashtags in a row, and their share of the line's words.
const MIN_HASHTAGS: usize = 3;
const MIN_HASHTAG_SHARE: f32 = 0.8;
/// The article's share of a page whose hashtags are no part of it: in a list of posts each has its own.
const MIN_BODY_SHARE: f32 = 0.2;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    for (index, block) in context.blocks() {
        let text = context.text(index);
        if context.is_code(index) || context.is_heading(index) || context.length(index) > MAX_LENGTH {
            continue;
        }
        if is_hashtags(text) && context.body().share_without(&[]) >= MIN_BODY_SHARE {
            findings.cut(index, "hashtags");
        } else if !block.stats.ends_sentence && is_tags(context, index, text) {
            findings.cut(index, "tags");
        } else if is_label(context, index, text) {
            cut_column(context, index, findings);
        }
    }
}

/// Whether a line is a label of tags and nothing else.
fn is_label(context: &Context<'_>, index: usize, text: &str) -> bool {
    let label = context.phrases(index).leading(text, Group::TagsLabel);
    label.is_some_and(|end| !text[end..].contains(char::is_alphanumeric))
}

/// Cuts the tags below a label, and the label.
fn cut_column(context: &Context<'_>, label: usize, findings: &mut Findings) {
    let is_tag = |&index: &usize| {
        let stats = &context.page.blocks[index].stats;
        !stats.ends_sentence
            && stats.commas == 0
            && context.length(index) <= MAX_TAG
            && !context.body().is_prose(index)
            && !context.is_code(index)
            && (!context.is_heading(index) || context.is_bare_heading(index))
            && context.body().overlap(context.text(index)) <= MAX_OVERLAP
    };
    let tags = (label + 1..context.page.blocks.len()).take_while(is_tag).count();
    if tags >= MIN_COLUMN && !context.body().is_thin() {
        for index in label..=label + tags {
            findings.cut(index, "tags below a label");
        }
    }
}

fn is_hashtags(text: &str) -> bool {
    // The first bytes of both marks.
    if memchr2(b'#', 0xEF, text.as_bytes()).is_none() {
        return false;
    }
    let words = || text.split_whitespace();
    let tags = words().filter(|word| word.starts_with(['#', '＃']) && word.chars().count() > 2).count();
    tags >= MIN_HASHTAGS && tags as f32 >= MIN_HASHTAG_SHARE * words().count() as f32
}

/// A label, then short entries side by side.
fn is_tags(context: &Context<'_>, index: usize, text: &str) -> bool {
    let phrases = context.phrases(index);
    let Some(end) = phrases.leading(text, Group::TagsLabel) else { return false };
    let rest = &text[end..];
    let colon = text[..end].ends_with([':', '：']) || rest.trim_start().starts_with([':', '：']);
    let entries = pieces(context, index);
    let short = entries.iter().all(|entry| length(entry) <= MAX_TAG + length(&text[..end]));
    let linked = context.page.blocks[index].stats.link_density() > 0.4;
    // One entry that nothing parts may be several; a topic of the article's own is none.
    let lone = colon && context.body().overlap(rest) <= MAX_OVERLAP && !context.body().is_thin();
    short
        && rest.contains(char::is_alphanumeric)
        && (entries.len() >= 2 || lone)
        && (colon || linked && entries.len() >= 3)
}
