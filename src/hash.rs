//! Hashes that are the same on every machine, for what a page's result may depend on: FNV-1a for units one by one and for
//! files, another one for bytes by the eight.
//!
//! They do not withstand texts made to collide. A table that a page fills is sorted by them, not looked up, so that
//! they cost no time.

/// Where a hash starts.
pub(crate) const SEED: u64 = 0xCBF2_9CE4_8422_2325;

/// Where a hash of 32 bits starts.
pub(crate) const SEED_32: u32 = 0x811C_9DC5;

/// One unit more: a byte, or a character.
pub(crate) const fn step(hash: u64, unit: u32) -> u64 {
    (hash ^ unit as u64).wrapping_mul(0x0100_0000_01B3)
}

/// One unit more, in 32 bits.
pub(crate) const fn step_32(hash: u32, unit: u32) -> u32 {
    (hash ^ unit).wrapping_mul(0x0100_0193)
}

/// The hash of bytes.
pub(crate) fn of(bytes: &[u8]) -> u64 {
    bytes.iter().fold(SEED, |hash, &byte| step(hash, byte.into()))
}

/// The case of the letters of ASCII.
const LOWER: u64 = u64::from_ne_bytes([b' '; 8]);

/// Eight bytes more, or fewer and zeros behind them.
fn step_word(hash: u64, word: u64) -> u64 {
    let mixed = (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ mixed >> 29
}

/// The letters of ASCII more that a text begins with, so many; capitals are like small ones.
#[inline]
pub(crate) fn letters(hash: u64, text: &[u8], count: usize) -> u64 {
    let (words, rest) = text[..count].as_chunks();
    let hash = words.iter().fold(hash, |hash, word| step_word(hash, u64::from_le_bytes(*word) | LOWER));
    let word = match (rest.len(), text[count - rest.len()..].first_chunk()) {
        (0, _) => return hash,
        (length, Some(word)) => u64::from_le_bytes(*word) & u64::MAX >> (64 - 8 * length),
        (_, None) => first_bytes(rest),
    };
    step_word(hash, word | LOWER)
}

/// Fewer than eight bytes, and zeros behind them.
fn first_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// The hash of bytes by the eight, of another kind for each seed.
pub(crate) fn of_many(seed: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let hash = words.iter().fold(seed, |hash, word| step_word(hash, u64::from_le_bytes(*word)));
    // The one behind them tells zero bytes from none.
    step_word(hash, first_bytes(rest) | 1 << (8 * rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(of(b""), SEED);
        assert_eq!(of(b"a"), 0xAF63_DC4C_8601_EC8C);
        assert_eq!(step_32(SEED_32, u32::from(b'a')), 0xE40C_292C);
    }

    #[test]
    fn letters_are_told_apart_whatever_stands_behind_them() {
        let of = |text: &str, count| letters(SEED, text.as_bytes(), count);
        for (one, other) in [("Tide", "tIDE and"), ("ABCDEFGHIJ", "abcdefghij, klmnop"), ("moon!", "moon")] {
            let count = one.bytes().take_while(u8::is_ascii_alphabetic).count();
            assert_eq!(of(one, count), of(other, count));
        }
        let words = ["", "a", "b", "ab", "ba", "abcdefgh", "abcdefghi", "abcdefghabcdefgh"];
        let all: std::collections::BTreeSet<u64> = words.iter().map(|word| of(word, word.len())).collect();
        assert_eq!(all.len(), words.len());
    }

    #[test]
    fn bytes_by_the_eight_are_told_apart() {
        let texts = ["", "\0", "a", "a\0", "abcdefgh", "abcdefgh\0", "abcdefghi"];
        let all: std::collections::BTreeSet<u64> =
            texts.iter().map(|text| of_many(SEED, text.as_bytes())).collect();
        assert_eq!(all.len(), texts.len());
    }
}
