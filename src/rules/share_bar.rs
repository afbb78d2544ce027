//! **Drops** Share and like buttons: "Share on Facebook", 分享到, rows of networks.
//!
//! **Why** Their labels are text, and lose their look in plain text.
//!
//! **Example** `Share this article: Facebook Twitter WhatsApp`
//!
//! **Near miss** A sentence on sharing; a list of companies.
//!
//! **Languages** Eleven.
//!
//! **Source** Nearly every blog.

use super::items::length;
use super::{Context, Findings};
use crate::lexicon::Group;

/// The longest line, in letters.
const MAX_LENGTH: f32 = 160.0;
/// Share of the line's letters that buttons and networks must make up.
const MIN_EXPLAINED: f32 = 0.65;
/// Networks that are a bar without a word of sharing.
const MIN_SITES: usize = 4;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    for (index, block) in context.blocks() {
        let text = context.text(index);
        if context.is_code(index) || context.is_heading(index) || context.length(index) > MAX_LENGTH {
            continue;
        }
        let phrases = context.phrases(index);
        let shares = phrases.of(Group::Share).any(|(start, end)| length(&text[start..end]) >= 8.0);
        let sites = phrases.count(Group::ShareSite.bit());
        let covered = phrases.covered(Group::Share.bit() | Group::ShareSite.bit());
        let counted = phrases.count(Group::Share.bit()) >= 2 && text.contains(|c: char| c.is_ascii_digit());
        let bar = shares || counted || phrases.has(Group::Share) && sites >= 2 || sites >= MIN_SITES;
        let letters = || text.chars().filter(|c| c.is_alphabetic()).map(char::len_utf8).sum::<usize>();
        if bar && !block.stats.ends_sentence && covered as f32 >= MIN_EXPLAINED * letters() as f32 {
            findings.cut(index, "share buttons");
        }
    }
}
