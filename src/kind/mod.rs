//! Probabilities to the kind of page: an article, a thread, a list of teasers.
//!
//! A small model over the whole page's features, over where the expected body lies and over what the page declares
//! itself to be; its weights come from the same training as those of the blocks. Error messages and pages without text are told by what little they say. The kind
//! is for the caller, and for the decision: an article has one body, a thread has several.

mod declared;
mod features;

use crate::features::Profile;
use crate::lexicon::Lexicon;
use crate::page::{Kind, Media, Page, Role};
use crate::parse::Dom;
use crate::score::Model;

pub(crate) use features::row;

/// What the model tells apart, in the order of its outputs. Collections are listings to the caller; service pages,
/// what a company or an authority says of itself, are texts like articles.
pub(crate) const CLASSES: [Class; 7] = [
    Class { name: "article", kind: Kind::Article },
    Class { name: "collection", kind: Kind::Listing },
    Class { name: "documentation", kind: Kind::Documentation },
    Class { name: "forum", kind: Kind::Forum },
    Class { name: "listing", kind: Kind::Listing },
    Class { name: "product", kind: Kind::Product },
    Class { name: "service", kind: Kind::Article },
];

/// The probability of each class of page, in the order of the model's outputs.
pub type Shares = [f32; CLASSES.len()];

/// A page with fewer words of body says no more than an error message would.
const MAX_ERROR_WORDS: f32 = 120.0;

/// A kind of page in the training data.
pub(crate) struct Class {
    pub(crate) name: &'static str,
    kind: Kind,
}

/// What kind of page it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    /// The likeliest kind.
    pub(crate) kind: Kind,
    /// How likely each class is.
    pub(crate) shares: Shares,
}

impl Estimate {
    pub(crate) fn new(shares: Shares) -> Self {
        let of = |kind| share(&shares, kind);
        let kinds = [Kind::Article, Kind::Forum, Kind::Listing, Kind::Product, Kind::Documentation];
        let kind = kinds.into_iter().rev().max_by(|&a, &b| of(a).total_cmp(&of(b))).unwrap_or_default();
        Self { kind, shares }
    }

    /// How sure it is that the page has one body: the probability of an article less that of all kinds whose content
    /// stands in several places, 0 to 1.
    pub(crate) fn one_body(&self) -> f32 {
        let several = [Kind::Listing, Kind::Product, Kind::Documentation];
        let several: f32 = several.into_iter().map(|kind| share(&self.shares, kind)).sum();
        (self.shares[0] - several).max(0.0)
    }
}

/// The probability of a kind: the sum over its classes.
fn share(shares: &Shares, kind: Kind) -> f32 {
    CLASSES.iter().zip(shares).filter(|(class, _)| class.kind == kind).map(|(_, share)| share).sum()
}

/// A page whose blocks have scores.
#[derive(Debug)]
pub(crate) struct Judged<'a> {
    /// The tree, unless the page is text.
    pub(crate) dom: Option<&'a Dom>,
    pub(crate) page: &'a Page,
    pub(crate) profile: &'a Profile,
    /// The first score of each block.
    pub(crate) scores: &'a [f32],
}

/// The model of kinds, one sum of trees a class.
#[derive(Debug)]
pub(crate) struct Kinds {
    models: Vec<Model>,
}

impl Kinds {
    /// Reads the weights.
    pub(crate) fn new() -> Self {
        let mut bytes: &[u8] = include_bytes!("kind.weights");
        Self { models: CLASSES.iter().map(|_| Model::decode_next(&mut bytes)).collect() }
    }

    /// The kind of a page by its first scores.
    pub(crate) fn estimate(&self, judged: &Judged<'_>, lexicon: &Lexicon) -> Estimate {
        let row = row(judged);
        let odds: Shares = std::array::from_fn(|class| self.models[class].sum(&row));
        let highest = odds.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let shares = odds.map(|odds| (odds - highest).exp());
        let total: f32 = shares.iter().sum();
        let estimate = Estimate::new(shares.map(|share| share / total));
        let error = is_error(judged.page, judged.scores, lexicon);
        if error { Estimate { kind: Kind::Error, ..estimate } } else { estimate }
    }
}

/// Whether a page says little, and its title or a heading is an error message.
fn is_error(page: &Page, scores: &[f32], lexicon: &Lexicon) -> bool {
    let words = |at: usize| page.blocks[at].stats.words as f32 * scores[at];
    if (0..page.blocks.len()).map(words).sum::<f32>() > MAX_ERROR_WORDS {
        return false;
    }
    let headings = page.blocks.iter().filter(|block| matches!(block.layout.role, Role::Heading(_)));
    let first = page.blocks.first().filter(|_| page.media == Some(Media::Text));
    std::iter::once(page.title.as_str())
        .chain(headings.chain(first).map(|block| page.text_of(block)))
        .any(|text| lexicon.patterns().error_page.is_match(text))
}

/// The names of the columns of such a row.
#[doc(hidden)]
#[must_use]
pub fn kind_columns() -> Vec<String> {
    let page = crate::columns().into_iter().map(|(name, _)| name).filter(|name| name.starts_with("page."));
    let others = features::FEATURES.iter().chain(declared::FEATURES);
    page.chain(others.map(|(name, _)| (*name).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cleaner, Hints};

    fn kind(page: &str) -> Kind {
        Cleaner::default().clean(page.as_bytes(), Hints::default()).kind
    }

    #[test]
    fn weights_belong_to_the_feature_list() {
        let hash = crate::hash::of(kind_columns().join("\n").as_bytes());
        for (class, model) in CLASSES.iter().zip(&Kinds::new().models) {
            assert_eq!(model.columns(), hash, "{}: train again, see training/README.md", class.name);
        }
    }

    #[test]
    fn error_pages_are_told_by_their_title() {
        let page = |title: &str, body: &str| {
            format!(
                "<title>{title}</title><h1>{title}</h1><p>{body} Try the search, or go back to the start page.</p>"
            )
        };
        for title in ["404 Not Found", "Page not found", "Seite nicht gefunden", "页面不存在", "Error 503"]
        {
            assert_eq!(kind(&page(title, "Sorry.")), Kind::Error, "{title}");
        }
        for title in ["404 miles on foot", "What the court found", "The lost page"] {
            assert_ne!(kind(&page(title, "A walk.")), Kind::Error, "{title}");
        }
        let article = "Pages that are not found cost a site its readers, and nobody counts them. ".repeat(20);
        assert_ne!(kind(&page("Page not found", &article)), Kind::Error);
    }

    #[test]
    fn nothing_is_empty() {
        assert_eq!(kind(""), Kind::Empty);
        assert_eq!(kind("<html><body></body></html>"), Kind::Empty);
    }
}
