//! What the rules on a site's own notices have in common: short blocks with words of two kinds, on a page whose
//! article is about something else.

use super::{Context, Findings};
use crate::lexicon::Group;

/// Blocks of running text with the subject from which on the article is about it.
const MAX_TOPICAL: usize = 2;

/// The longest notice that is known by sharing nothing with the article, in letters, and what it may share.
const MAX_LENGTH_STRANGE: f32 = 220.0;
const MAX_OVERLAP: f32 = 0.1;

/// A kind of notice.
pub(super) struct Notice {
    /// What it is about.
    pub(super) subject: Group,
    /// What it asks for.
    pub(super) asks: Group,
    /// How many things it must ask for; one more if it does not begin with a word of either kind.
    pub(super) min_asks: usize,
    /// The longest one, in letters.
    pub(super) max_length: f32,
    /// What to tell.
    pub(super) evidence: &'static str,
}

impl Notice {
    /// Cuts notices of this kind.
    pub(super) fn check(&self, context: &Context<'_>, findings: &mut Findings) {
        let found: Vec<usize> =
            context.blocks().map(|(i, _)| i).filter(|&i| context.phrases(i).has(self.subject)).collect();
        let (notices, others): (Vec<usize>, Vec<usize>) =
            found.into_iter().partition(|&i| self.is_notice(context, i));
        if others.iter().filter(|&&i| context.body().is_prose(i)).count() <= MAX_TOPICAL {
            for index in notices {
                findings.cut(index, self.evidence);
            }
        }
    }

    fn is_notice(&self, context: &Context<'_>, index: usize) -> bool {
        let text = context.text(index);
        let phrases = context.phrases(index);
        let leads = [self.asks, self.subject].iter().any(|&group| phrases.leading(text, group).is_some());
        // What shares nothing with the article need not ask as much.
        let strange = || {
            context.length(index) <= MAX_LENGTH_STRANGE
                && !context.body().is_thin()
                && context.body().overlap_with_others(index) <= MAX_OVERLAP
        };
        let least = if leads { self.min_asks } else { self.min_asks + 1 };
        let asks = phrases.count(self.asks.bit());
        !context.is_code(index)
            && !context.is_heading(index)
            && context.length(index) <= self.max_length
            && (asks >= least || asks + 1 == least && strange())
    }
}
