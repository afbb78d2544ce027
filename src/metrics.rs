//! How close a text comes to an annotated one: words shared by both.

use std::collections::HashMap;

use crate::blocks::chars::is_cjk;

/// The tokens of a text: words in lower case, each CJK character one of its own.
pub fn tokens(text: &str) -> impl Iterator<Item = String> {
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    let pieces = text.split(move |c| !is_word(c)).flat_map(|piece| piece.split_inclusive(is_cjk));
    let parts = pieces.flat_map(|piece| {
        let split = piece.char_indices().next_back().filter(|(_, c)| is_cjk(*c)).map_or(piece.len(), |(at, _)| at);
        let (word, character) = piece.split_at(split);
        [word, character]
    });
    parts.filter(|part| !part.is_empty()).map(str::to_lowercase)
}

/// Precision, recall and F1 of a text against an annotated one, each 0 to 1. Two empty texts agree.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WordScore {
    /// Share of the text's tokens that the annotated one has.
    pub precision: f64,
    /// Share of the annotated tokens that the text has.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

/// Compares the multisets of tokens of two texts.
#[must_use]
pub fn word_score(text: &str, gold: &str) -> WordScore {
    let mut counts: HashMap<String, (u32, u32)> = HashMap::new();
    tokens(text).for_each(|token| counts.entry(token).or_default().0 += 1);
    tokens(gold).for_each(|token| counts.entry(token).or_default().1 += 1);
    let sum = |of: fn(&(u32, u32)) -> u32| f64::from(counts.values().map(of).sum::<u32>());
    let (found, wanted, same) = (sum(|c| c.0), sum(|c| c.1), sum(|c| c.0.min(c.1)));
    if found == 0.0 && wanted == 0.0 {
        return WordScore { precision: 1.0, recall: 1.0, f1: 1.0 };
    }
    let share = |of: f64| if of > 0.0 { same / of } else { 0.0 };
    WordScore { precision: share(found), recall: share(wanted), f1: 2.0 * same / (found + wanted) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_characters() {
        let all: Vec<_> = tokens("Don't_x 3.5 武汉abc市 Ärger").collect();
        assert_eq!(all, ["don", "t_x", "3", "5", "武", "汉", "abc", "市", "ärger"]);
    }

    #[test]
    fn scores() {
        let score = word_score("a b b c", "b b d");
        assert_eq!((score.precision, score.recall), (0.5, 2.0 / 3.0));
        assert!((score.f1 - 4.0 / 7.0).abs() < 1e-12);
        assert!((word_score("", "").f1 - 1.0).abs() < 1e-12);
        assert!(word_score("a", "").f1 < 1e-12);
    }
}
