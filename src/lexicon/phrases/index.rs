//! Phrases by their first letters: which of them begin at a place of a text.
//!
//! Words by the thousand would make an automaton of megabytes, which every byte of every page would wander through.
//! Most places of a text begin no phrase: a few kilobytes of bits tell, which stay in the processor's nearest cache as
//! what is behind them does not. Three letters name a bucket of phrases. What phrases are signs of, and whether a find is
//! a whole word, is not known here.

/// Buckets: about as many as there are beginnings.
const BUCKETS: usize = 1 << 12;

/// Phrases in lower case, ready to be found.
#[derive(Debug)]
pub(super) struct Index {
    /// By bucket, then by text.
    phrases: Vec<Phrase>,
    /// Their texts, apart, as few are read.
    texts: Vec<Box<str>>,
    /// Where the phrases of each bucket start; one more at the end.
    buckets: Vec<u16>,
    beginnings: Beginnings,
    /// Whether and where a phrase may start with a byte.
    bytes: [u8; 256],
}

#[derive(Clone, Copy, Debug)]
struct Phrase {
    /// Its first bytes, by which most are told from a text.
    head: u64,
    /// Bytes.
    length: u16,
    /// What the caller said of it.
    kind: u16,
    /// The longest other phrase that it starts with.
    shorter: Option<u16>,
}

/// Phrases start with this byte where no letter of ASCII stands before it: it is one itself, or a digit.
const STARTS_WORDS: u8 = 1;
/// Phrases start with this byte anywhere.
const STARTS_ANYWHERE: u8 = 2;

impl Index {
    /// Of phrases whose ASCII letters are in lower case, each of two bytes or more, with a number for the caller.
    pub(super) fn new(mut sorted: Vec<(&str, u16)>) -> Self {
        sorted.sort_by_key(|(text, _)| (bucket(head(text.as_bytes())), *text));
        let mut phrases: Vec<Phrase> = Vec::with_capacity(sorted.len());
        let mut bytes = [0; 256];
        let mut buckets = vec![0; BUCKETS + 1];
        let mut beginnings = Beginnings::default();
        for (at, (text, kind)) in sorted.iter().enumerate() {
            let head = head(text.as_bytes());
            let first = text.as_bytes()[0];
            bytes[usize::from(first)] |=
                if first.is_ascii_alphanumeric() { STARTS_WORDS } else { STARTS_ANYWHERE };
            buckets[bucket(head) + 1] += 1;
            beginnings.add(head, text.len());
            let mut shorter = at.checked_sub(1).map(|before| before as u16);
            while let Some(other) = shorter.map(usize::from)
                && !text.starts_with(sorted[other].0)
            {
                shorter = phrases[other].shorter;
            }
            phrases.push(Phrase { head, length: text.len() as u16, kind: *kind, shorter });
        }
        for bucket in 0..BUCKETS {
            buckets[bucket + 1] += buckets[bucket];
        }
        let texts = sorted.into_iter().map(|(text, _)| text.into()).collect();
        Self { phrases, texts, buckets, beginnings, bytes }
    }

    /// Calls `each` with the start, the length and the kind of every phrase in a text in lower case, by where they
    /// start, longer ones first. Of those within words some are left out.
    pub(super) fn find(&self, text: &str, mut each: impl FnMut(usize, usize, usize)) {
        for (at, in_word) in Starts::of(text) {
            let rest = &text.as_bytes()[at..];
            let starts = self.bytes[usize::from(rest[0])];
            if starts == 0 || in_word && starts & STARTS_ANYWHERE == 0 {
                continue;
            }
            let head = head(rest);
            if !self.beginnings.may_have(head) {
                continue;
            }
            let mut phrase = self.last_up_to(rest, head);
            while let Some(number) = phrase.map(usize::from) {
                let found = &self.phrases[number];
                if self.begins(rest, head, number) {
                    each(at, usize::from(found.length), usize::from(found.kind));
                }
                phrase = found.shorter;
            }
        }
    }

    /// The last phrase of a bucket that sorts up to a text: whichever the text starts with is this one, or this one
    /// starts with it.
    fn last_up_to(&self, text: &[u8], head: u64) -> Option<u16> {
        let bucket = bucket(head);
        let [first, end] = [bucket, bucket + 1].map(|at| usize::from(self.buckets[at]));
        let phrases = &self.phrases[first..end];
        let below = phrases.partition_point(|phrase| phrase.head < head);
        let same = phrases[below..].iter().take_while(|phrase| phrase.head == head).count();
        let texts = &self.texts[first + below..][..same];
        let count = below + texts.iter().take_while(|other| other.as_bytes() <= text).count();
        (count > 0).then(|| (first + count - 1) as u16)
    }

    /// Whether a text with this head begins with a phrase.
    fn begins(&self, text: &[u8], head: u64, number: usize) -> bool {
        let phrase = &self.phrases[number];
        let length = usize::from(phrase.length);
        (head ^ phrase.head) & first_bytes(length.min(HEAD)) == 0
            && (length <= HEAD || text.starts_with(self.texts[number].as_bytes()))
    }
}

/// Bits by which most texts are told that begin no phrase, a Bloom filter: two for the first bytes of each phrase, as many
/// bytes as it has of these lengths.
#[derive(Debug)]
struct Beginnings(Box<[u64; Self::BITS / 64]>);

impl Default for Beginnings {
    fn default() -> Self {
        Self(Box::new([0; Self::BITS / 64]))
    }
}

impl Beginnings {
    /// Some thirteen a beginning.
    const BITS: usize = 1 << 17;
    const LENGTHS: [usize; 4] = [2, 3, 4, 6];

    fn add(&mut self, head: u64, length: usize) {
        let known = Self::LENGTHS.into_iter().rfind(|known| *known <= length);
        for bit in Self::bits(head, known.unwrap_or(Self::LENGTHS[0])) {
            self.0[bit / 64] |= 1 << (bit % 64);
        }
    }

    fn may_have(&self, head: u64) -> bool {
        let has = |bit: usize| self.0[bit / 64] >> (bit % 64) & 1;
        let both = |[one, two]: [usize; 2]| has(one) & has(two);
        Self::LENGTHS.into_iter().fold(0, |any, length| any | both(Self::bits(head, length))) == 1
    }

    fn bits(head: u64, length: usize) -> [usize; 2] {
        let hash = (head & first_bytes(length)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        [hash >> 47, hash >> 30].map(|bits| bits as usize % Self::BITS)
    }
}

/// Bytes of a head.
const HEAD: usize = size_of::<u64>();

/// The bits of a head's first bytes, of one or more.
fn first_bytes(count: usize) -> u64 {
    !0 << (8 * (HEAD - count) as u32)
}

/// The first bytes of a text as a number that sorts like it.
fn head(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(first) => u64::from_be_bytes(*first),
        None => {
            text.iter().fold(0, |head, byte| head << 8 | u64::from(*byte)) << (8 * (8 - text.len())).min(63)
        }
    }
}

/// Where the phrases stand that may begin a text with this head. Behind two letters of ASCII anything but a third is
/// alike, so that phrases of two letters are found whatever follows them.
fn bucket(head: u64) -> usize {
    let [first, second, third, ..] = head.to_be_bytes();
    let third = if third.is_ascii_lowercase() || !first.is_ascii() { third } else { 0 };
    let key = u32::from_le_bytes([first, second, third, 0]);
    (key.wrapping_mul(0x9E37_79B1) >> 20) as usize
}

/// Where phrases may start in a text in lower case: at characters, but for spaces and for letters of ASCII that follow
/// another. Each with whether such a letter stands before it.
///
/// Eight bytes at a time, as lanes of one number: a branch for each byte, or for each end of a word, would be foreseen by
/// no processor.
struct Starts<'t> {
    text: &'t [u8],
    /// Where the eight bytes stand.
    base: usize,
    /// The high bit of each byte of theirs that is still to be told.
    open: u64,
    /// Of those that follow a letter.
    in_word: u64,
    /// The low bit, where the last byte of theirs is a letter.
    carry: u64,
}

/// The high bit of each byte.
const HIGH: u64 = lanes(0x80);

/// A byte, eight times.
const fn lanes(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

impl<'t> Starts<'t> {
    fn of(text: &'t str) -> Self {
        let mut starts = Self { text: text.as_bytes(), base: 0, open: 0, in_word: 0, carry: 0 };
        starts.look();
        starts
    }

    /// Reads the eight bytes at the base. What is behind the text counts as spaces.
    fn look(&mut self) {
        let rest = &self.text[self.base..];
        let bytes = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut padded = [0; 8];
            padded[..rest.len()].copy_from_slice(rest);
            padded
        });
        let word = u64::from_le_bytes(bytes);
        let ascii = !word & HIGH;
        // A sum of seven bits carries into the eighth where the byte is as high as the limit.
        let from = |limit: u8| (word & !HIGH) + lanes(0x80 - limit);
        let letters = from(b'a') & !from(b'z' + 1) & ascii;
        let blank = !from(b' ' + 1) & ascii;
        let continued = word & !(word << 1) & HIGH;
        self.in_word = (letters << 8) | self.carry << 7;
        self.carry = letters >> 63;
        self.open = HIGH & !blank & !continued & !(letters & self.in_word);
    }
}

impl Iterator for Starts<'_> {
    type Item = (usize, bool);

    fn next(&mut self) -> Option<Self::Item> {
        while self.open == 0 {
            self.base += 8;
            if self.base >= self.text.len() {
                return None;
            }
            self.look();
        }
        let bit = self.open.trailing_zeros();
        self.open &= self.open - 1;
        Some((self.base + bit as usize / 8, self.in_word >> bit & 1 == 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(phrases: &[&str], text: &'t str) -> Vec<&'t str> {
        let mut found = Vec::new();
        let numbered = phrases.iter().copied().zip(0..).collect();
        Index::new(numbered).find(text, |at, length, number| {
            assert_eq!(&text[at..at + length], phrases[number]);
            found.push(&text[at..at + length]);
        });
        found
    }

    #[test]
    fn phrases_inside_others_are_found() {
        let phrases = ["share", "share on", "share on qq", "shares", "on", "qq", "qq空间", "空间"];
        assert_eq!(
            found(&phrases, "share on qq空间"),
            ["share on qq", "share on", "share", "on", "qq空间", "qq", "空间"]
        );
        assert_eq!(found(&phrases, "shares, qq1 sha"), ["shares", "share", "qq"]);
        assert_eq!(found(&phrases, "upon 空"), [""; 0]);
        assert_eq!(found(&[], "on"), [""; 0]);
    }

    #[test]
    fn starts_are_those_of_words_and_of_all_other_characters() {
        for text in [
            "",
            "a",
            "one two",
            "x1 ab,c  d-ef",
            "é ñandú straße 空间qq",
            "{[`a}~z",
            "abcdefgh",
            "abcdefghi j",
        ] {
            let mut expected = Vec::new();
            let mut before = ' ';
            for (at, c) in text.char_indices() {
                let in_word = before.is_ascii_lowercase();
                if c != ' ' && !(in_word && c.is_ascii_lowercase()) {
                    expected.push((at, in_word));
                }
                before = c;
            }
            assert_eq!(Starts::of(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn all_phrases_are_found_in_themselves() {
        let words: Vec<String> =
            (0..5000_u32).map(|number| format!("w{}", number.wrapping_mul(2_654_435_761))).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        for word in &words[..100] {
            assert!(found(&words, word).contains(word));
        }
    }
}
