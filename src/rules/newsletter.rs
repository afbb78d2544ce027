//! **Drops** Invitations to subscribe to a newsletter.
//!
//! **Why** They stand between paragraphs, in whole sentences.
//!
//! **Example** `Sign up for our newsletter and get the best stories in your inbox every morning.`
//!
//! **Near miss** An article about newsletters; a sentence that reports what one said.
//!
//! **Languages** Twenty-six.
//!
//! **Source** Most news sites.

use super::notice::Notice;
use super::{Context, Findings};
use crate::lexicon::Group;

const NEWSLETTERS: Notice = Notice {
    subject: Group::Newsletter,
    asks: Group::SignUp,
    min_asks: 1,
    max_length: 320.0,
    evidence: "invites to a newsletter",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    NEWSLETTERS.check(context, findings);
}
