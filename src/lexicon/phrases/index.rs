//! Phrases by their first letters: which of them begin at a place of a text.
//!
//! Words by the thousand would make an automaton of megabytes, which every byte of every page would wander through.
//! Most places of a text begin no phrase, and three letters tell: they name a bucket, which is mostly empty. What
//! phrases are signs of, and whether a find is a whole word, is not known here.

/// Buckets: about eight times as many as there are beginnings.
const BUCKETS: usize = 1 << 14;

/// Phrases in lower case, ready to be found.
#[derive(Debug)]
pub(super) struct Index {
    /// By bucket, then by text.
    phrases: Vec<Phrase>,
    /// Their first bytes, by which most are told from a text, apart from the rest: a text of many words would go through
    /// all of it again and again.
    heads: Vec<u64>,
    /// One more at the end.
    buckets: Vec<Bucket>,
    /// What a byte is: whether and where a phrase may start with it.
    bytes: [u8; 256],
}

#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    /// Where its phrases start.
    start: u16,
    /// The fourth bytes of its phrases, a bit for each [`fourth`].
    fourths: u16,
}

#[derive(Debug)]
struct Phrase {
    text: Box<str>,
    /// Its place in the list that the index was made of.
    number: u16,
    /// The longest other phrase that it starts with.
    shorter: Option<u16>,
}

/// Phrases start with this byte where no letter of ASCII stands before it: it is one itself, or a digit.
const STARTS_WORDS: u8 = 1;
/// Phrases start with this byte anywhere.
const STARTS_ANYWHERE: u8 = 2;
/// A letter of ASCII.
const LETTER: u8 = 4;

impl Index {
    /// Of phrases whose ASCII letters are in lower case, each of two bytes or more.
    pub(super) fn new<'a>(phrases: impl Iterator<Item = &'a str>) -> Self {
        let entry = |(number, text): (usize, &str)| Phrase {
            text: text.into(),
            number: number as u16,
            shorter: None,
        };
        let mut phrases: Vec<Phrase> = phrases.enumerate().map(entry).collect();
        phrases.sort_by_cached_key(|phrase| (bucket(phrase.text.as_bytes()), phrase.text.clone()));
        let is_letter = |byte: usize| (byte as u8).is_ascii_alphabetic();
        let mut bytes: [u8; 256] = std::array::from_fn(|byte| if is_letter(byte) { LETTER } else { 0 });
        let mut buckets = vec![Bucket::default(); BUCKETS + 1];
        for at in 0..phrases.len() {
            let text = phrases[at].text.as_bytes();
            bytes[usize::from(text[0])] |=
                if text[0].is_ascii_alphanumeric() { STARTS_WORDS } else { STARTS_ANYWHERE };
            buckets[bucket(text) + 1].start += 1;
            buckets[bucket(text)].fourths |= if text.len() < 4 { u16::MAX } else { fourth(text) };
            let mut shorter = at.checked_sub(1).map(|before| before as u16);
            while let Some(other) = shorter.map(|at| &phrases[usize::from(at)])
                && !phrases[at].text.starts_with(&*other.text)
            {
                shorter = other.shorter;
            }
            phrases[at].shorter = shorter;
        }
        for bucket in 0..BUCKETS {
            buckets[bucket + 1].start += buckets[bucket].start;
        }
        let heads = phrases.iter().map(|phrase| head(phrase.text.as_bytes())).collect();
        Self { phrases, heads, buckets, bytes }
    }

    /// Calls `each` with the start, the length and the number of every phrase in a text in lower case, by where they
    /// start, longer ones first. Of those within words some are left out.
    pub(super) fn find(&self, text: &str, mut each: impl FnMut(usize, usize, usize)) {
        let mut starting = STARTS_WORDS | STARTS_ANYWHERE;
        let what = |byte: u8| self.bytes[usize::from(byte)];
        let mut next = 0;
        while let Some(rest) = text.as_bytes().get(next..).filter(|rest| !rest.is_empty()) {
            let at = next;
            next += 1;
            let starts = what(rest[0]) & starting != 0;
            starting = STARTS_WORDS | STARTS_ANYWHERE;
            if what(rest[0]) & LETTER != 0 {
                // None starts within a word.
                next += rest[1..].iter().take_while(|&&byte| what(byte) & LETTER != 0).count();
                starting = STARTS_ANYWHERE;
            }
            if !starts {
                continue;
            }
            let bucket = bucket(rest);
            if self.buckets[bucket].fourths & fourth(rest) == 0 {
                continue;
            }
            let head = head(rest);
            let mut phrase = self.last_up_to(rest, head, bucket);
            while let Some(number) = phrase.map(usize::from) {
                let found = &self.phrases[number];
                if found.begins(rest, self.heads[number] ^ head) {
                    each(at, found.text.len(), usize::from(found.number));
                }
                phrase = found.shorter;
            }
        }
    }

    /// The last phrase of a bucket that sorts up to a text: whichever the text starts with is this one, or this one
    /// starts with it.
    fn last_up_to(&self, text: &[u8], head: u64, bucket: usize) -> Option<u16> {
        let [first, end] = [bucket, bucket + 1].map(|at| self.buckets[at].start);
        let range = usize::from(first)..usize::from(end);
        let heads = &self.heads[range.clone()];
        let below = heads.partition_point(|other| *other < head);
        let same = heads[below..].iter().take_while(|other| **other == head);
        let same = same.zip(&self.phrases[range][below..]);
        let count = below + same.take_while(|(_, phrase)| phrase.text.as_bytes() <= text).count();
        (first + count as u16).checked_sub(1).filter(|at| *at >= first)
    }
}

impl Phrase {
    /// Whether a text begins with it whose head differs in these bits.
    fn begins(&self, text: &[u8], difference: u64) -> bool {
        let length = self.text.len().min(HEAD);
        difference >> (8 * (HEAD - length)) == 0
            && (self.text.len() <= HEAD || text.starts_with(self.text.as_bytes()))
    }
}

/// Bytes of a head.
const HEAD: usize = size_of::<u64>();

/// The first bytes of a text as a number that sorts like it.
fn head(text: &[u8]) -> u64 {
    match text.first_chunk() {
        Some(first) => u64::from_be_bytes(*first),
        None => {
            text.iter().fold(0, |head, byte| head << 8 | u64::from(*byte)) << (8 * (8 - text.len())).min(63)
        }
    }
}

/// Where the phrases stand that may begin a text. Behind two letters of ASCII anything but a third is alike, so that
/// phrases of two letters are found whatever follows them.
fn bucket(text: &[u8]) -> usize {
    let byte = |at: usize| text.get(at).copied().unwrap_or(0);
    let third = byte(2);
    let third = if third.is_ascii_lowercase() || !byte(0).is_ascii() { third } else { 0 };
    let key = u32::from_le_bytes([byte(0), byte(1), third, 0]);
    (key.wrapping_mul(0x9E37_79B1) >> 18) as usize
}

/// The bit of a text's fourth byte, which it shares with some others.
fn fourth(text: &[u8]) -> u16 {
    1 << (text.get(3).copied().unwrap_or(0) & 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(phrases: &[&str], text: &'t str) -> Vec<&'t str> {
        let mut found = Vec::new();
        Index::new(phrases.iter().copied()).find(text, |at, length, number| {
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
    fn all_phrases_are_found_in_themselves() {
        let words: Vec<String> =
            (0..5000_u32).map(|number| format!("w{}", number.wrapping_mul(2_654_435_761))).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        for word in &words[..100] {
            assert!(found(&words, word).contains(word));
        }
    }
}
