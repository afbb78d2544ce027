//! Probabilities to the kind of page: an article, a thread, a list of teasers.
//!
//! A small model over the whole page's features and over where the expected body lies; its weights come from the same
//! training as those of the blocks. Error messages and pages without text are told by what little they say. The kind
//! is for the caller, and for the decision: an article has one body, a thread has several.

mod features;

use crate::features::Profile;
use crate::lexicon::Lexicon;
use crate::page::{Kind, Media, Page, Role};
use crate::score::Model;
pub(crate) use features::Mass;

/// What the model tells apart, in the order of its outputs. Collections are listings to the caller; service pages,
/// what a company or an authority says of itself, are texts like articles.
const CLASSES: [Class; 7] = [
    Class { name: "article", kind: Kind::Article },
    Class { name: "collection", kind: Kind::Listing },
    Class { name: "documentation", kind: Kind::Documentation },
    Class { name: "forum", kind: Kind::Forum },
    Class { name: "listing", kind: Kind::Listing },
    Class { name: "product", kind: Kind::Product },
    Class { name: "service", kind: Kind::Article },
];

/// A page with fewer words of body says no more than an error message would.
const MAX_ERROR_WORDS: f32 = 120.0;

/// A kind of page in the training data.
struct Class {
    #[cfg_attr(not(test), expect(dead_code, reason = "a test and training name the classes"))]
    name: &'static str,
    kind: Kind,
}

/// What kind of page it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    /// The likeliest kind.
    pub(crate) kind: Kind,
    /// How sure it is that the page has one body: the probability of an article less that of all kinds whose content
    /// stands in several places, 0 to 1.
    pub(crate) one_body: f32,
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

    /// The kind of a page with these probabilities of its blocks.
    pub(crate) fn estimate(
        &self,
        page: &Page,
        profile: &Profile,
        scores: &[f32],
        lexicon: &Lexicon,
    ) -> Estimate {
        let mass = Mass::new(page, scores, |_| true);
        let row = features::row(page, profile, scores, &mass);
        let odds: Vec<f32> = self.models.iter().map(|model| model.sum(&row)).collect();
        let highest = odds.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let shares: Vec<f32> = odds.iter().map(|value| (value - highest).exp()).collect();
        let total: f32 = shares.iter().sum();
        let of = |kind: Kind| -> f32 {
            CLASSES.iter().zip(&shares).filter(|(class, _)| class.kind == kind).map(|(_, share)| share).sum()
        };
        let kinds = [Kind::Article, Kind::Forum, Kind::Listing, Kind::Product, Kind::Documentation];
        let likeliest = kinds.into_iter().rev().max_by(|&a, &b| of(a).total_cmp(&of(b)));
        let kind = if is_error(page, scores, lexicon) { Kind::Error } else { likeliest.unwrap_or_default() };
        let many = of(Kind::Listing) + of(Kind::Product) + of(Kind::Documentation);
        Estimate { kind, one_body: ((shares[0] - many) / total).max(0.0) }
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

/// The row of a page for training.
pub(crate) fn row(page: &Page, scores: &[f32], lexicon: &Lexicon) -> Vec<f32> {
    features::row(page, &Profile::new(page, lexicon), scores, &Mass::new(page, scores, |_| true))
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
        let page =
            crate::columns().into_iter().map(|(name, _)| name).filter(|name| name.starts_with("page."));
        let names: Vec<String> =
            page.chain(features::FEATURES.iter().map(|(name, _)| (*name).to_owned())).collect();
        let hash = crate::hash::of(names.join("\n").as_bytes());
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
