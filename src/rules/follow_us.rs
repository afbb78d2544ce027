//! **Drops** Calls to follow an account, scan a code, join a group or load an app.
//!
//! **Why** They stand under and between paragraphs, in whole sentences.
//!
//! **Example** `Follow us on Telegram for more news`, 扫描二维码关注我们的公众号
//!
//! **Near miss** An article about apps, codes or accounts; a sentence that mentions one.
//!
//! **Languages** Twenty-six.
//!
//! **Source** Most news sites, nearly all Chinese ones.

use super::context::Phrases;
use super::{Context, Findings};
use crate::lexicon::Group;

/// The longest line, in letters.
const MAX_LENGTH: f32 = 240.0;
/// Letters of text for each such phrase, at most, where the line does not start with one.
const MAX_DILUTION: f32 = 60.0;
/// Lines of the running text with such words from which on the article is about them.
const MAX_TOPICAL: usize = 3;

/// The longest line that calls for something to be done with a channel, in letters.
const MAX_CALL: f32 = 110.0;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let prose = context.blocks().filter(|(i, _)| context.body().is_prose(*i));
    if prose.filter(|(i, _)| context.phrases(*i).has(Group::Follow)).count() > MAX_TOPICAL {
        return;
    }
    for (index, block) in context.blocks() {
        let text = context.text(index);
        let length = context.length(index);
        if context.is_code(index) || context.is_heading(index) || length > MAX_LENGTH {
            continue;
        }
        let phrases = context.phrases(index);
        let count = phrases.count(Group::Follow.bit());
        let leads = phrases.leading(text, Group::Follow).is_some();
        // Where nothing parts words, a phrase may stand anywhere.
        let unspaced = block.stats.cjk * 2 > block.stats.chars && length <= MAX_CALL;
        if count > 0 && (leads || (count >= 2 || unspaced) && length <= MAX_DILUTION * count as f32)
            || is_call(phrases, text, length)
        {
            findings.cut(index, "asks to follow");
        }
    }
}

/// Whether a line begins with what to do and names where.
fn is_call(phrases: Phrases<'_>, text: &str, length: f32) -> bool {
    length <= MAX_CALL
        && phrases.leading(text, Group::FollowVerb).is_some()
        && phrases.has(Group::Channel)
        && phrases.has(Group::Ours)
}
