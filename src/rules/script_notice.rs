//! **Drops** Notes that the page needs JavaScript.
//!
//! **Why** Whoever reads the markup gets them, and the browser's reader does not; where the body is short they are half of the text.
//!
//! **Example** `Please enable JavaScript to view the comments.`
//!
//! **Near miss** A sentence of an article about JavaScript; code.
//!
//! **Languages** Eleven.
//!
//! **Source** `noscript` elements of forum software, players and comment services.

use super::{Context, Findings};
use crate::lexicon::Group;

/// The longest notice, in letters.
const MAX_LENGTH: f32 = 300.0;

/// With more blocks that speak of JavaScript the page is about it.
const MAX_BLOCKS: usize = 2;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if !speaks(&context.page.text) || speaks(&context.page.title) {
        return;
    }
    let found: Vec<usize> =
        context.blocks().map(|(index, _)| index).filter(|&index| speaks(context.text(index))).collect();
    if found.len() <= MAX_BLOCKS {
        for index in found.into_iter().filter(|&index| is_notice(context, index)) {
            findings.cut(index, "the page needs JavaScript");
        }
    }
}

fn speaks(text: &str) -> bool {
    ["JavaScript", "Javascript", "javascript", "JAVASCRIPT"].iter().any(|name| text.contains(name))
}

fn is_notice(context: &Context<'_>, index: usize) -> bool {
    context.length(index) <= MAX_LENGTH
        && !context.is_code(index)
        && !context.is_heading(index)
        && context.phrases(index).has(Group::ScriptWord)
}
