//! **Drops** Notes that the rest is for subscribers or members.
//!
//! **Why** They end the free part of an article, and stay in stored pages that have all of it.
//!
//! **Example** `Already a subscriber? Log in to continue reading this article.`
//!
//! **Near miss** An article about paywalls; a sentence on club members.
//!
//! **Languages** Twenty-six.
//!
//! **Source** Many news sites.

use super::notice::Notice;
use super::{Context, Findings};
use crate::lexicon::Group;

const PAYWALLS: Notice = Notice {
    subject: Group::Paywall,
    asks: Group::Paywall,
    min_asks: 1,
    max_length: 220.0,
    evidence: "the rest is for subscribers",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    PAYWALLS.check(context, findings);
}
