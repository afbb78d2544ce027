//! Words, once: what class names speak of, and the phrases that rules look for. No other file holds word lists.
//!
//! The tables are compiled once, by [`Lexicon::new`], and handed to the stages that need them.

mod bylines;
mod concepts;

pub(crate) use bylines::{AND, Cue, CueHit, is_author_label, is_name_suffix, is_nobody, is_particle, month};
pub(crate) use concepts::{CONCEPTS, Concept, Concepts};

use bylines::CueMatcher;
use concepts::ConceptMatcher;

/// The compiled word lists.
#[derive(Debug)]
pub(crate) struct Lexicon {
    concepts: ConceptMatcher,
    cues: CueMatcher,
}

impl Lexicon {
    pub(crate) fn new() -> Self {
        Self { concepts: ConceptMatcher::new(), cues: CueMatcher::new() }
    }

    /// What a class or id attribute speaks of.
    pub(crate) fn concepts(&self, names: &str) -> Concepts {
        self.concepts.find(names)
    }

    /// The phrases of a text that tell whose a name and what a date is.
    pub(crate) fn cues(&self, text: &str) -> Vec<CueHit> {
        self.cues.find(text)
    }
}
