//! **Drops** Link exchanges: a line or column of other sites' names under its label.
//!
//! **Why** Sites trade links for rank; they stand at the end of every page.
//!
//! **Example** 友情链接：某某网 某某资讯 某某在线
//!
//! **Near miss** A text that thanks its partners in sentences; a list of sources.
//!
//! **Languages** Eleven.
//!
//! **Source** Most smaller Chinese sites.

use super::items::{length, pieces};
use super::{Context, Findings};
use crate::lexicon::Group;

/// The longest name of a site, in letters.
const MAX_NAME: f32 = 40.0;
/// Names that a line must hold.
const MIN_NAMES: usize = 3;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut below_label = false;
    for (index, block) in context.blocks() {
        let text = context.text(index);
        let names = |min| {
            let names = pieces(context, index);
            names.len() >= min && names.iter().all(|name| length(name) <= MAX_NAME)
        };
        let listable =
            !context.body().is_prose(index) && !block.stats.ends_sentence && !context.is_code(index);
        let label = listable.then(|| context.phrases(index).leading(text, Group::FriendLinks)).flatten();
        if let Some(end) = label {
            let alone = !text[end..].contains(char::is_alphanumeric);
            below_label = alone && context.body().ends_before(index);
            if below_label || !alone && names(MIN_NAMES) {
                findings.cut(index, "label of a link exchange");
            }
        } else if below_label {
            below_label = listable && !context.is_heading(index) && names(1);
            if below_label {
                findings.cut(index, "name in a link exchange");
            }
        }
    }
}
