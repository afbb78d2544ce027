//! **Drops** Notes on cookies that ask for consent.
//!
//! **Why** They come with every page, and stored pages keep them.
//!
//! **Example** `We use cookies to improve your experience. By continuing you agree to our cookie policy. Accept`
//!
//! **Near miss** A recipe for cookies; an article about them; a cookie policy as the page's own text.
//!
//! **Languages** Twenty-six.
//!
//! **Source** Nearly every site that Europeans visit.

use super::notice::Notice;
use super::{Context, Findings};
use crate::lexicon::Group;

const COOKIES: Notice = Notice {
    subject: Group::Cookie,
    asks: Group::Consent,
    min_asks: 2,
    max_length: 800.0,
    evidence: "asks for consent to cookies",
};

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    COOKIES.check(context, findings);
}
