//! How close a text is to the text that a person would have taken: word F1, and which snippets it has.
//!
//! Texts come in, numbers go out. It stands beside the pipeline, not in it: samples and quality checks use it, the
//! cleaning of a page never does. It knows nothing of blocks or markup.

use std::collections::HashMap;
#[cfg(feature = "check")]
use std::ops::Range;

use regex::Regex;
use serde::Serialize;

use crate::blocks::chars::fold_blanks;

/// Han, kana, Hangul, bopomofo, compatibility and half-width forms: each character is a token of its own.
const CJK: &str = r"\u{1100}-\u{11ff}\u{2e80}-\u{2fdf}\u{3005}-\u{3007}\u{3040}-\u{318f}\u{31a0}-\u{31ff}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{a960}-\u{a97f}\u{ac00}-\u{d7ff}\u{f900}-\u{faff}\u{ff66}-\u{ffdc}\u{20000}-\u{3ffff}";

/// Precision, recall and F1 of a text, each from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Share of the text's words that are in the gold.
    pub precision: f64,
    /// Share of the gold's words that are in the text.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// Compares texts word by word. Built once, it serves any number of texts.
///
/// ```
/// let words = dehusk::metrics::WordScorer::new();
/// let score = words.score("The tide rises. Subscribe!", "The tide rises.");
/// assert_eq!((score.precision, score.recall), (0.75, 1.0));
/// ```
#[derive(Debug)]
pub struct WordScorer {
    token: Regex,
}

impl Default for WordScorer {
    fn default() -> Self {
        Self::new()
    }
}

impl WordScorer {
    /// Compiles the definition of a word.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "the pattern is a constant")]
    pub fn new() -> Self {
        let pattern = format!(r"[{CJK}]|[\p{{L}}\p{{N}}_--[{CJK}]]+");
        Self { token: Regex::new(&pattern).expect("the pattern is a constant") }
    }

    /// The tokens of a text, in lower case.
    #[must_use]
    pub fn tokens(&self, text: &str) -> Vec<String> {
        let text = text.to_lowercase();
        self.token.find_iter(&text).map(|token| token.as_str().to_owned()).collect()
    }

    #[cfg(feature = "check")]
    /// Where the words of a text stand, in bytes.
    pub(crate) fn spans<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        self.token.find_iter(text).map(|token| token.range())
    }

    /// Scores a text against the gold. Words are compared in lower case, without their order, as often as they
    /// occur; a Chinese, Japanese or Korean character is a word. Two empty texts agree fully.
    #[must_use]
    pub fn score(&self, text: &str, gold: &str) -> Score {
        let (text, gold) = (text.to_lowercase(), gold.to_lowercase());
        let mut left: HashMap<&str, usize> = HashMap::new();
        let mut wanted = 0_usize;
        for word in self.token.find_iter(&gold) {
            *left.entry(word.as_str()).or_default() += 1;
            wanted += 1;
        }
        let (mut given, mut shared) = (0_usize, 0_usize);
        for word in self.token.find_iter(&text) {
            given += 1;
            if let Some(count) = left.get_mut(word.as_str()).filter(|count| **count > 0) {
                *count -= 1;
                shared += 1;
            }
        }
        Score::of(shared, given, wanted)
    }
}

impl Score {
    fn of(shared: usize, given: usize, wanted: usize) -> Self {
        if given == 0 && wanted == 0 {
            return Self { precision: 1.0, recall: 1.0, f1: 1.0 };
        }
        let share = |of: usize| if of == 0 { 0.0 } else { shared as f64 / of as f64 };
        let f1 = 2.0 * shared as f64 / (given + wanted) as f64;
        Self { precision: share(given), recall: share(wanted), f1 }
    }
}

/// Whether a text holds a snippet; case and the kind of white space do not matter.
///
/// ```
/// assert!(dehusk::metrics::has_snippet("High\n  Water", "high water"));
/// ```
#[must_use]
pub fn has_snippet(text: &str, snippet: &str) -> bool {
    Haystack::folded(text).has(snippet)
}

/// A text made ready to look many snippets up in.
#[derive(Clone, Debug)]
pub struct Haystack {
    text: String,
    fold: bool,
}

impl Haystack {
    /// Case and the kind of white space will not matter.
    #[must_use]
    pub fn folded(text: &str) -> Self {
        Self { text: fold_blanks(&text.to_lowercase()), fold: true }
    }

    /// Only the kind of white space will not matter.
    #[must_use]
    pub fn exact(text: &str) -> Self {
        Self { text: fold_blanks(text), fold: false }
    }

    /// Whether the text holds a snippet.
    #[must_use]
    pub fn has(&self, snippet: &str) -> bool {
        let snippet = if self.fold { fold_blanks(&snippet.to_lowercase()) } else { fold_blanks(snippet) };
        self.text.contains(&snippet)
    }

    /// How many of the snippets the text holds.
    #[must_use]
    pub fn count(&self, snippets: &[String]) -> usize {
        snippets.iter().filter(|snippet| self.has(snippet)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        WordScorer::new().token.find_iter(text).map(|m| m.as_str().to_owned()).collect()
    }

    #[test]
    fn a_word_is_a_run_of_letters_and_digits_or_one_cjk_character() {
        assert_eq!(words("don't snake_case 4.18"), ["don", "t", "snake_case", "4", "18"]);
        assert_eq!(words("在2021年ok"), ["在", "2021", "年", "ok"]);
        assert_eq!(words("カナ、한글"), ["カ", "ナ", "한", "글"]);
        assert_eq!(words("—…！"), Vec::<String>::new());
    }

    #[test]
    fn words_count_as_often_as_they_occur() {
        let score = WordScorer::new().score("a a b", "A b b");
        assert_eq!((score.precision, score.recall), (2.0 / 3.0, 2.0 / 3.0));
    }

    #[test]
    fn empty_texts() {
        let scorer = WordScorer::new();
        assert!((scorer.score("", "...").f1 - 1.0).abs() < f64::EPSILON);
        assert!(scorer.score("word", "").f1.abs() < f64::EPSILON);
        assert!(scorer.score("", "word").f1.abs() < f64::EPSILON);
    }

    #[test]
    fn snippets_span_lines_but_not_words() {
        assert!(has_snippet("one\n\ntwo", "One Two"));
        assert!(!has_snippet("onetwo", "one two"));
    }
}
