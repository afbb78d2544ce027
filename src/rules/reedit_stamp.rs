//! **Drops** Lines that say when a text was edited, updated or fetched, and nothing else.
//!
//! **Why** They are about the page and not of its text; the date itself is read into the metadata.
//!
//! **Example** `2023-09-30 08:22:02 re-edited`
//!
//! **Near miss** A sentence that reports an update; a changelog's entries; a timetable.
//!
//! **Languages** Words of twenty-six, dates in any.
//!
//! **Source** A crawled page that ends with the time of its last edit.

use super::items::length;
use super::{Context, Findings};
use crate::lexicon::Group;

/// The longest line, in letters.
const MAX_LENGTH: f32 = 120.0;
/// Share of the line, without its date, that the words of editing must make up.
const MIN_EXPLAINED: f32 = 0.3;
/// A date alone is no stamp; this much may stand beside date and word: a name, a time zone.
const MAX_REST: f32 = 40.0;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    for (index, block) in context.blocks() {
        let text = context.text(index);
        if context.is_code(index) || context.is_heading(index) || context.length(index) > MAX_LENGTH {
            continue;
        }
        let phrases = context.phrases(index);
        if !phrases.has(Group::Edited) || block.stats.digits < 4 {
            continue;
        }
        let Some(date) = context.patterns().date.find(text) else { continue };
        let outside: Vec<_> = phrases
            .of(Group::Edited)
            .filter(|(start, end)| *end <= date.start() || *start >= date.end())
            .collect();
        let near = outside.iter().any(|(start, end)| {
            end <= &date.start() && date.start() - end <= 16
                || start >= &date.end() && start - date.end() <= 16
        });
        let dates: f32 = context.patterns().date.find_iter(text).map(|date| length(date.as_str())).sum();
        let rest = length(text) - dates;
        let words: f32 = outside.iter().map(|&(start, end)| length(&text[start..end])).fold(0.0, f32::max);
        if near && rest - words <= MAX_REST && words >= MIN_EXPLAINED * rest {
            findings.cut(index, format!("stamp {:?}", date.as_str()));
        }
    }
}
