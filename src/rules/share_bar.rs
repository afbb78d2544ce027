//! **Drops** Share and like buttons: "Share on Facebook", 分享到, rows of networks.
//!
//! **Why** Their labels are text, and lose their look in plain text.
//!
//! **Example** `Share this article: Facebook Twitter WhatsApp`
//!
//! **Near miss** A sentence on sharing; a list of companies.
//!
//! **Languages** Twenty-six.
//!
//! **Source** Nearly every blog.

use super::items::length;
use super::{Context, Findings};
use crate::lexicon::Group;

/// The longest line, in letters.
const MAX_LENGTH: f32 = 160.0;
/// Share of the line's letters that buttons and networks must make up.
const MIN_EXPLAINED: f32 = 0.65;
/// Words on buttons.
const BUTTONS: u64 = Group::set(&[Group::Share, Group::ShareSite, Group::Button]);
/// Networks that are a bar without a word of sharing.
const MIN_SITES: usize = 4;

/// Buttons below each other that are a bar.
const MIN_COLUMN: usize = 3;
/// What they may share with the article: one on networks names them.
const MAX_OVERLAP: f32 = 0.5;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut column = Vec::new();
    for (index, block) in context.blocks() {
        let text = context.text(index);
        let heading = context.is_heading(index) && !context.is_bare_heading(index);
        if context.is_code(index) || heading || context.length(index) > MAX_LENGTH {
            cut_column(context, &std::mem::take(&mut column), findings);
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
        if phrases.groups() & BUTTONS != 0
            && phrases.covered(BUTTONS) as f32 >= MIN_EXPLAINED * letters() as f32
        {
            column.push(index);
        } else {
            cut_column(context, &std::mem::take(&mut column), findings);
        }
    }
    cut_column(context, &column, findings);
}

/// Cuts buttons that stand below each other, if one of them shares something.
fn cut_column(context: &Context<'_>, column: &[usize], findings: &mut Findings) {
    let shares = Group::Share.bit() | Group::ShareSite.bit();
    let sharing = column.iter().filter(|&&index| context.phrases(index).groups() & shares != 0).count();
    let overlap = || column.iter().map(|&index| context.body().overlap(context.text(index))).sum::<f32>();
    if column.len() >= MIN_COLUMN && sharing >= 2 && overlap() <= MAX_OVERLAP * column.len() as f32 {
        for &index in column {
            findings.cut(index, "share buttons");
        }
    }
}
