//! What a text speaks of, as tokens: beginnings of words, pairs of CJK characters.
//!
//! Two texts on one subject share tokens; two on different ones share only the words that every text uses, and those
//! are told apart here. It compares nothing itself.

use crate::blocks::chars;
use crate::hash;

/// How many letters of a word are looked at: cuts most inflections off.
const STEM: usize = 6;
/// Shorter words are function words, in most languages.
const MIN_WORD: usize = 4;

const WORDS: &str = include_str!("common.txt");

/// The tokens of the words that every text uses.
#[derive(Debug)]
pub(crate) struct Common(Vec<u64>);

impl Common {
    pub(super) fn new() -> Self {
        let lines = WORDS.lines().filter(|line| !line.starts_with('#'));
        let mut tokens: Vec<u64> = lines.flat_map(str::split_whitespace).flat_map(distinct_tokens).collect();
        tokens.sort_unstable();
        tokens.dedup();
        Self(tokens)
    }

    /// The tokens of a text but for those of every text, sorted, each once.
    pub(crate) fn telling_tokens(&self, text: &str) -> Vec<u64> {
        let mut tokens = distinct_tokens(text);
        tokens.retain(|token| self.0.binary_search(token).is_err());
        tokens
    }
}

/// The tokens of a text, sorted, each once.
pub(crate) fn distinct_tokens(text: &str) -> Vec<u64> {
    let mut tokens = Vec::new();
    let mut word = Word::default();
    let mut before = None;
    for c in text.chars() {
        if chars::is_cjk(c) {
            word.finish(&mut tokens);
            if let Some(before) = before {
                tokens.push(hash_step(hash_step(hash::SEED, before), c));
            }
            before = Some(c);
        } else {
            before = None;
            if c.is_alphabetic() { word.push(c) } else { word.finish(&mut tokens) }
        }
    }
    word.finish(&mut tokens);
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

#[derive(Default)]
struct Word {
    letters: [char; STEM],
    length: usize,
}

impl Word {
    fn push(&mut self, c: char) {
        if let Some(slot) = self.letters.get_mut(self.length) {
            *slot = c.to_lowercase().next().unwrap_or(c);
        }
        self.length += 1;
    }

    fn finish(&mut self, tokens: &mut Vec<u64>) {
        if self.length >= MIN_WORD {
            let stem = &self.letters[..self.length.min(STEM)];
            tokens.push(stem.iter().fold(hash::SEED, |hash, c| hash_step(hash, *c)));
        }
        self.length = 0;
    }
}

/// A hash over characters: one more.
fn hash_step(hash: u64, c: char) -> u64 {
    hash::step(hash, c.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_stems_and_pairs() {
        assert_eq!(distinct_tokens("Investment of an investor"), distinct_tokens("invests"));
        assert_eq!(distinct_tokens("深圳市").len(), 2);
        assert_eq!(distinct_tokens("a 12 of"), [0_u64; 0]);
    }

    #[test]
    fn words_of_every_text_tell_nothing() {
        let common = Common::new();
        assert_eq!(common.telling_tokens("this would have been there"), [0_u64; 0]);
        assert_eq!(common.telling_tokens("the tide would have been there").len(), 1);
    }
}
