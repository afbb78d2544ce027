//! Words, once: what class names speak of, and the phrases that rules look for. No other file holds word lists.
//!
//! The tables are compiled once, by [`Lexicon::new`], and handed to the stages that need them.

mod concepts;

pub(crate) use concepts::{CONCEPTS, Concept, Concepts};

use concepts::ConceptMatcher;

/// The compiled word lists.
#[derive(Debug)]
pub(crate) struct Lexicon {
    concepts: ConceptMatcher,
}

impl Lexicon {
    pub(crate) fn new() -> Self {
        Self { concepts: ConceptMatcher::new() }
    }

    /// What a class or id attribute speaks of.
    pub(crate) fn concepts(&self, names: &str) -> Concepts {
        self.concepts.find(names)
    }
}
