//! Words, once: what class names speak of, and the phrases that rules look for. No other file holds word lists.
//!
//! The tables are compiled once, by [`Lexicon::new`], and handed to the stages that need them.

mod bylines;
mod common;
mod concepts;
mod cues;
mod disclosure;
mod months;
mod patterns;
mod persons;
mod phrases;

pub(crate) use bylines::{AND, is_author_label, is_name_suffix, is_nobody, is_particle};
pub(crate) use common::{Common, each_token, is_english};
pub(crate) use concepts::{CONCEPTS, Concept, Concepts};
pub(crate) use cues::{Cue, CueHit};
pub(crate) use disclosure::{is_disclosure, is_state};
pub(crate) use months::month;
pub(crate) use patterns::Patterns;
pub(crate) use persons::{addresses_reader, speaks_for_oneself, speaks_for_several};
pub(crate) use phrases::{Found, Group, PagePhrases};

use crate::page::Page;
use concepts::ConceptMatcher;
use cues::CueMatcher;
use phrases::Phrases;

/// The compiled word lists.
#[derive(Debug)]
pub(crate) struct Lexicon {
    concepts: ConceptMatcher,
    cues: CueMatcher,
    common: Common,
    phrases: Phrases,
    patterns: Patterns,
}

impl Lexicon {
    pub(crate) fn new() -> Self {
        Self {
            concepts: ConceptMatcher::new(),
            cues: CueMatcher::new(),
            common: Common::new(),
            phrases: Phrases::new(),
            patterns: Patterns::new(),
        }
    }

    /// What a class or id attribute speaks of.
    pub(crate) fn concepts(&self, names: &str) -> Concepts {
        self.concepts.find(names)
    }

    /// The phrases of a text that tell whose a name and what a date is.
    pub(crate) fn cues(&self, text: &str) -> Vec<CueHit> {
        self.cues.find(text)
    }

    /// The phrases in a text.
    pub(crate) fn phrases(&self, text: &str) -> Vec<Found> {
        self.phrases.find(text)
    }

    /// The phrases in the blocks of a page.
    pub(crate) fn page_phrases(&self, page: &Page) -> PagePhrases {
        PagePhrases::of(page, &self.phrases)
    }

    /// The words that every text uses.
    pub(crate) fn common(&self) -> &Common {
        &self.common
    }

    /// Shapes that are the same in all languages.
    pub(crate) fn patterns(&self) -> &Patterns {
        &self.patterns
    }
}
