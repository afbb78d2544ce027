//! Pages whose text an earlier page has.
//!
//! In: the kept text of each page; out: which earlier page it repeats. It is two steps. [`Signature::of`] is pure and
//! runs on any thread: it makes a few hundred bytes of a text, however long it is. [`Index::find`] is asked in the
//! order of the inputs, so that the first page always wins, whatever order the pages were cleaned in.
//!
//! Near duplicates are found by minhash: of all phrases of [`PHRASE`] words, the smallest value under each of
//! [`HASHES`] hash functions is kept. Two texts agree in as large a share of these values as they share phrases
//! (Jaccard). Bands of [`ROWS`] values find the candidates, then all values decide, of which 4 bits each are kept:
//! enough for a standard error of .04 at the threshold. The text itself is not kept. A page takes about 400 bytes.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed, xxh3_128};

use crate::config::Dedup;

/// Words of a phrase; a CJK character counts as one.
const PHRASE: usize = 5;

/// Hash functions: bands times rows.
const HASHES: usize = BANDS * ROWS;

/// Bands. Two texts with a Jaccard similarity of .8 share one with a probability of .95, with .5 one of .06.
const BANDS: usize = 16;

/// Values in a band.
const ROWS: usize = 8;

/// Texts are near duplicates if they share this many of their phrases (Jaccard).
const MIN_SIMILARITY: f64 = 0.8;

/// What is kept of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Signature {
    /// The hash of all words.
    Exact(u128),
    /// The hashes of the bands, and 4 bits of each value, two values a byte.
    Near(Vec<u64>, Vec<u8>),
}

impl Signature {
    /// The signature of a text; none for a text without words, which repeats nothing.
    pub(super) fn of(text: &str, dedup: Dedup) -> Option<Self> {
        let words = match dedup {
            Dedup::Off => return None,
            Dedup::Exact => {
                let words: Vec<&str> = text.split_whitespace().collect();
                let hash = || Self::Exact(xxh3_128(words.join(" ").as_bytes()));
                return (!words.is_empty()).then(hash);
            }
            Dedup::Near => words(text),
        };
        if words.is_empty() {
            return None;
        }
        let minima = minima(&words);
        let band = |values: &[u32]| {
            let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            xxh3_64(&bytes)
        };
        // The number of the band is part of its hash: equal values in different bands mean nothing.
        let bands = minima
            .chunks(ROWS)
            .enumerate()
            .map(|(number, values)| xxh3_64_with_seed(&band(values).to_le_bytes(), number as u64));
        let sketch = minima.chunks(2).map(|pair| (pair[0] as u8 & 15) << 4 | (pair[1] as u8 & 15));
        Some(Self::Near(bands.collect(), sketch.collect()))
    }
}

/// Hashes of the words, without case and punctuation; a CJK character is a word.
fn words(text: &str) -> Vec<u64> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut end = |word: &mut String| {
        if !word.is_empty() {
            words.push(xxh3_64(word.as_bytes()));
            word.clear();
        }
    };
    for c in text.chars() {
        let is_ideograph = ('\u{2E80}'..'\u{A000}').contains(&c) || c >= '\u{20000}';
        if is_ideograph || !c.is_alphanumeric() {
            end(&mut word);
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        if is_ideograph {
            end(&mut word);
        }
    }
    end(&mut word);
    words
}

/// The smallest value of all phrases under each hash function.
fn minima(words: &[u64]) -> [u32; HASHES] {
    let mut minima = [u32::MAX; HASHES];
    // A text shorter than a phrase is one.
    for phrase in words.windows(PHRASE.min(words.len()).max(1)) {
        let hash = phrase
            .iter()
            .fold(0_u64, |hash, word| hash.rotate_left(13).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ word);
        let mixed = xxh3_64(&hash.to_le_bytes());
        let (low, high) = (mixed as u32, (mixed >> 32) as u32 | 1);
        for (number, minimum) in minima.iter_mut().enumerate() {
            *minimum = (*minimum).min(finish(low.wrapping_add(high.wrapping_mul(number as u32))));
        }
    }
    minima
}

/// Spreads the bits of a value: without it the functions of one phrase would be an arithmetic series.
fn finish(value: u32) -> u32 {
    let value = (value ^ value >> 16).wrapping_mul(0x85EB_CA6B);
    let value = (value ^ value >> 13).wrapping_mul(0xC2B2_AE35);
    value ^ value >> 16
}

/// The share of phrases that two sketches have in common, as far as 4 bits a value tell.
fn similarity(one: &[u8], other: &[u8]) -> f64 {
    let same =
        |pair: (&u8, &u8)| usize::from(pair.0 >> 4 == pair.1 >> 4) + usize::from(pair.0 & 15 == pair.1 & 15);
    let equal: usize = one.iter().zip(other).map(same).sum();
    // One in sixteen unequal values agrees by chance.
    let by_chance = 1.0 / 16.0;
    ((equal as f64 / HASHES as f64 - by_chance) / (1.0 - by_chance)).max(0.0)
}

/// An earlier page with the same text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Original {
    /// Its number.
    pub(super) page: u64,
    /// How much of their phrases both share, 0 to 1.
    pub(super) similarity: f64,
}

/// The texts of the pages so far.
#[derive(Debug, Default)]
pub(super) struct Index {
    exact: HashMap<u128, u64>,
    /// For the hash of a band the first page that has it, as an index of `near`.
    bands: HashMap<u64, u32>,
    near: Vec<(u64, Vec<u8>)>,
}

impl Index {
    /// The earlier page that this one repeats. Otherwise the page is remembered.
    pub(super) fn find(&mut self, page: u64, signature: Signature) -> Option<Original> {
        match signature {
            Signature::Exact(hash) => {
                let first = *self.exact.entry(hash).or_insert(page);
                (first != page).then_some(Original { page: first, similarity: 1.0 })
            }
            Signature::Near(bands, sketch) => {
                let alike = |index: &u32| {
                    let (page, other) = &self.near[*index as usize];
                    Original { page: *page, similarity: similarity(&sketch, other) }
                };
                let found = bands.iter().filter_map(|band| self.bands.get(band)).map(alike);
                // The earliest of them, so that the answer does not depend on how the bands fall.
                let found = found.filter(|original| original.similarity >= MIN_SIMILARITY);
                if let Some(original) = found.min_by_key(|original| original.page) {
                    return Some(original);
                }
                let index = self.near.len() as u32;
                for band in bands {
                    self.bands.entry(band).or_insert(index);
                }
                self.near.push((page, sketch));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of so many different words, with every `step`th replaced.
    fn text(words: usize, step: usize) -> String {
        let word = |n: usize| {
            if step > 0 && n % step == step / 2 { format!("other{n}") } else { format!("word{n}") }
        };
        (0..words).map(word).collect::<Vec<_>>().join(" ")
    }

    fn near(index: &mut Index, page: u64, text: &str) -> Option<Original> {
        index.find(page, Signature::of(text, Dedup::Near).expect("it has words"))
    }

    #[test]
    fn the_estimate_follows_the_shared_phrases() {
        let sketch = |text: &str| match Signature::of(text, Dedup::Near) {
            Some(Signature::Near(_, sketch)) => sketch,
            other => panic!("{other:?}"),
        };
        let whole = sketch(&text(1000, 0));
        // Every 50th word is another: a tenth of all phrases, so that .9 of 1.1 are shared.
        for (step, expected) in [(50, 0.9 / 1.1), (100, 0.95 / 1.05), (10, 0.5 / 1.5)] {
            let found = similarity(&whole, &sketch(&text(1000, step)));
            assert!((found - expected).abs() < 0.12, "{step}: {found} for {expected}");
        }
        assert!(similarity(&whole, &sketch(&text(1000, 0).to_uppercase())) > 0.99);
        assert!(similarity(&whole, &sketch(&"else ".repeat(100))) < 0.2);
    }

    #[test]
    fn the_first_page_wins() {
        let mut index = Index::default();
        assert_eq!(near(&mut index, 3, &text(500, 0)), None);
        assert_eq!(near(&mut index, 4, &text(500, 4)), None);
        assert_eq!(near(&mut index, 7, &text(500, 250)).expect("alike").page, 3);
        assert_eq!(near(&mut index, 9, &text(500, 0)).expect("the same").page, 3);
        assert_eq!(near(&mut index, 11, &text(500, 4)).expect("the same").page, 4);
    }

    #[test]
    fn exact_means_the_same_words() {
        let mut index = Index::default();
        let mut exact =
            |page, text: &str| index.find(page, Signature::of(text, Dedup::Exact).expect("words"));
        assert_eq!(exact(0, "one two"), None);
        assert_eq!(exact(1, "one\n\ntwo\n").expect("the same").page, 0);
        assert_eq!(exact(2, "One two"), None);
    }

    #[test]
    fn chinese_texts_have_phrases_too() {
        let mut index = Index::default();
        let text = "春天来了，河边的柳树发芽了，孩子们在草地上放风筝，老人们坐在长椅上晒太阳。";
        assert_eq!(near(&mut index, 0, text), None);
        assert_eq!(near(&mut index, 1, &format!("{text}！")).expect("alike").page, 0);
        assert_eq!(near(&mut index, 2, "冬天的河面结了冰，没有人出门，炉子里的火烧得很旺，猫睡着了。"), None);
    }

    #[test]
    fn empty_and_short_texts_are_sound() {
        for dedup in [Dedup::Exact, Dedup::Near] {
            assert_eq!(Signature::of(" \n", dedup), None);
        }
        assert_eq!(Signature::of("x", Dedup::Off), None);
        assert_eq!(Signature::of("!?", Dedup::Near), None);
        let mut index = Index::default();
        assert_eq!(near(&mut index, 0, "two words"), None);
        assert_eq!(near(&mut index, 1, "two words").expect("the same").page, 0);
    }
}
