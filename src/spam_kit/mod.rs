//! A kit that grades cleaners: it plants spam of known kinds in pages, and counts how much of it a cleaner leaves.
//!
//! Comes in: pages with an article. Goes out: the same pages with spam and the list of what was planted; then, from
//! any cleaner's texts, the share that survived by kind and what the article lost. The words are in files of their
//! own, one a language, and have nothing to do with the lexicon of the rules. It knows nothing of how rules work.

mod grade;
mod kinds;
mod markup;
mod plant;
mod random;
mod words;

pub use grade::Grade;
pub use kinds::{KINDS, Kind};
pub use plant::{Infested, Planted, Planting, infest};
pub use words::Half;
