//! **Drops** Calls to follow an account, scan a code, join a group or load an app.
//!
//! **Why** They stand under and between paragraphs, in whole sentences.
//!
//! **Example** `Follow us on Telegram for more news`, 扫描二维码关注我们的公众号
//!
//! **Near miss** An article about apps, codes or accounts; a sentence that mentions one.
//!
//! **Languages** Eleven.
//!
//! **Source** Most news sites, nearly all Chinese ones.

use super::{Context, Findings};
use crate::lexicon::Group;

/// The longest line, in letters.
const MAX_LENGTH: f32 = 240.0;
/// Letters of text for each such phrase, at most, where the line does not start with one.
const MAX_DILUTION: f32 = 60.0;
/// Lines of the running text with such words from which on the article is about them.
const MAX_TOPICAL: usize = 3;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let prose = context.blocks().filter(|(i, _)| context.body().is_prose(*i));
    if prose.filter(|(i, _)| context.phrases(*i).has(Group::Follow)).count() > MAX_TOPICAL {
        return;
    }
    for (index, _) in context.blocks() {
        let text = context.text(index);
        let length = context.length(index);
        if context.is_code(index) || context.is_heading(index) || length > MAX_LENGTH {
            continue;
        }
        let phrases = context.phrases(index);
        let count = phrases.count(Group::Follow.bit());
        let leads = phrases.leading(text, Group::Follow).is_some();
        if count > 0 && (leads || count >= 2 && length <= MAX_DILUTION * count as f32) {
            findings.cut(index, "asks to follow");
        }
    }
}
