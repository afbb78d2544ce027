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

/// Words of which no other language has many.
const ENGLISH: &[&str] =
    &["the", "and", "of", "to", "that", "for", "with", "this", "you", "your", "from", "are", "our"];
/// One word in so many is of them in English; in no other language are half as many.
const ENGLISH_EVERY: usize = 8;

/// Words that are looked at.
const ENGLISH_SAMPLE: usize = 300;

/// Whether a text is English for sure.
pub(crate) fn is_english(text: &str) -> bool {
    let is_known = |word: &str| ENGLISH.iter().any(|known| known.eq_ignore_ascii_case(word));
    let (mut words, mut known) = (0, 0);
    for word in chars::words(text).take(ENGLISH_SAMPLE) {
        words += 1;
        known += usize::from(word.len() <= 4 && is_known(word));
    }
    words > 0 && known * ENGLISH_EVERY >= words
}

/// The tokens of the words that every text uses.
#[derive(Debug)]
pub(crate) struct Common {
    /// Sorted.
    tokens: Vec<u64>,
    /// Which tokens are among them, by their low bits: most are not.
    known: Vec<u64>,
}

impl Common {
    /// Bits of the set that is asked first: some twenty a token.
    const BITS: usize = 1 << 14;

    pub(super) fn new() -> Self {
        let lines = WORDS.lines().filter(|line| !line.starts_with('#'));
        let mut tokens = Vec::new();
        lines.for_each(|line| each_token(line, |token| tokens.push(token)));
        tokens.sort_unstable();
        tokens.dedup();
        let mut known = vec![0; Self::BITS / 64];
        for token in &tokens {
            known[*token as usize % Self::BITS / 64] |= 1 << (token % 64);
        }
        Self { tokens, known }
    }

    fn has(&self, token: u64) -> bool {
        let may_have = self.known[token as usize % Self::BITS / 64] >> (token % 64) & 1 == 1;
        may_have && self.tokens.binary_search(&token).is_ok()
    }

    /// Whether a text has one of the tokens of every text.
    pub(crate) fn stands_in(&self, text: &str) -> bool {
        let mut found = false;
        each_token(text, |token| found |= self.has(token));
        found
    }

    /// The tokens of a text but for those of every text, sorted, each once, in the place of what `tokens` holds.
    pub(crate) fn read_telling_tokens(&self, text: &str, tokens: &mut Vec<u64>) {
        tokens.clear();
        each_token(text, |token| {
            if !self.has(token) {
                tokens.push(token);
            }
        });
        tokens.sort_unstable();
        tokens.dedup();
    }
}

/// Hands on the tokens of a text, in order.
pub(crate) fn each_token(text: &str, mut each: impl FnMut(u64)) {
    // The letters of the word so far, and a hash of the first ones.
    let (mut length, mut stem) = (0, hash::SEED);
    let mut before: Option<char> = None;
    let mut rest = text;
    loop {
        // Most letters of most pages are of ASCII.
        let run = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        stem = hash::letters(stem, rest.as_bytes(), run.min(STEM.saturating_sub(length)));
        length += run;
        before = before.filter(|_| run == 0);
        let next = rest[run..].chars().next();
        rest = &rest[run + next.map_or(0, char::len_utf8)..];
        let cjk = next.filter(|c| chars::is_cjk(*c));
        if let (Some(c), None) = (next, cjk)
            && c.is_alphabetic()
        {
            if length < STEM {
                stem = hash::step(stem, chars::lower(c).into());
            }
            length += 1;
            before = None;
            continue;
        }
        if length >= MIN_WORD {
            each(stem);
        }
        (length, stem) = (0, hash::SEED);
        if let (Some(before), Some(c)) = (before, cjk) {
            each(hash::step(hash::step(hash::SEED, before.into()), c.into()));
        }
        before = cjk;
        if next.is_none() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_told_from_its_neighbours() {
        assert!(is_english("The sea rises and falls twice a day, drawn by the weight of the moon."));
        for text in [
            "",
            "De zee is twee keer per dag hoog of laag, en dat was altijd zo.",
            "Was fehlt, ist das Wasser.",
            "Home News Sport Weather",
            "潮汐每天两次",
        ] {
            assert!(!is_english(text), "{text}");
        }
    }

    #[test]
    fn tokens_are_stems_and_pairs() {
        let distinct = |text: &str| {
            let mut tokens = Vec::new();
            each_token(text, |token| tokens.push(token));
            tokens.sort_unstable();
            tokens.dedup();
            tokens
        };
        assert_eq!(distinct("Investment of an investor"), distinct("invests"));
        assert_eq!(distinct("深圳市").len(), 2);
        assert_eq!(distinct("a 12 of"), [0_u64; 0]);
    }

    #[test]
    fn words_of_every_text_tell_nothing() {
        let common = Common::new();
        let mut tokens = vec![7];
        common.read_telling_tokens("this would have been there", &mut tokens);
        assert_eq!(tokens, [0_u64; 0]);
        common.read_telling_tokens("the tide would have been there", &mut tokens);
        assert_eq!(tokens.len(), 1);
    }
}
