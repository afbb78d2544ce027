//! What a page says about itself: title, author, dates, site, language.

use crate::lexicon::Lexicon;
use crate::page::{Hints, Metadata, Page, Verdict};
use crate::parse::Dom;

/// Reads the metadata. `dom` is missing in text mode.
pub(crate) fn extract(
    dom: Option<&Dom>,
    page: &Page,
    verdicts: &[Verdict],
    hints: &Hints<'_>,
    lexicon: &Lexicon,
) -> Metadata {
    let _ = (dom, verdicts, lexicon);
    Metadata { title: Some(page.title.clone()), url: hints.url.map(str::to_owned), ..Metadata::default() }
}
