//! Signs, digits, and letters of other scripts and styles, in the place of letters.

use memchr::memchr3;

use super::parted::is_one_of;
use crate::blocks::chars;

/// Words that mix scripts.
pub(super) const MIN_MIXED: usize = 2;
/// The shortest word with a digit for a letter; how many such digits, to how many of the line's words.
pub(super) const MIN_REPLACED_WORD: usize = 4;
pub(super) const MIN_REPLACED: usize = 2;
const MIN_REPLACED_SHARE: f32 = 0.25;
/// Digits and symbols that look like letters.
const LOOK_ALIKES: [char; 10] = ['0', '1', '3', '4', '5', '7', '@', '$', '|', '€'];
/// Greek letters that look like Latin ones.
const GREEK_ALIKES: [char; 9] = ['α', 'ε', 'η', 'ι', 'ν', 'ο', 'ρ', 'τ', 'υ'];
/// Styled letters of a line in words of at least so many.
pub(super) const MIN_STYLED: usize = 5;
const MIN_STYLED_WORD: usize = 3;

/// Whether words have digits and symbols in the place of letters.
pub(super) fn has_replaced_letters(text: &str) -> bool {
    let looks_alike = |byte| is_one_of(byte, &LOOK_ALIKES);
    let may_replace = |byte: u8, next: u8| looks_alike(byte) & (next.is_ascii_lowercase() | !next.is_ascii());
    if chars::count_pairs(text.as_bytes(), 1, may_replace) < MIN_REPLACED {
        return false;
    }
    let words = || text.split_whitespace();
    let replaced: usize = words().map(replaced_letters).sum();
    replaced >= MIN_REPLACED && replaced as f32 >= MIN_REPLACED_SHARE * words().count() as f32
}

/// How many digits or symbols that look like letters stand alone among small letters: `b0nus`, but neither `mp3` nor `B2B`
/// nor an address.
fn replaced_letters(word: &str) -> usize {
    if word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return 0;
    }
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric() && !LOOK_ALIKES.contains(&c));
    let letters = || inner.chars().filter(|c| c.is_alphabetic()).count();
    if inner.contains(['.', '/', '_', '-'])
        || inner.chars().count() < MIN_REPLACED_WORD
        || letters() * 5 < inner.chars().count() * 3
    {
        return 0;
    }
    let looks_alike = |&(at, sign): &(usize, &str)| {
        let rest = &inner[at + sign.len()..];
        // Spanish has both genders in a word so.
        rest.starts_with(char::is_lowercase)
            && !(sign == "@" && rest == "s")
            && (at == 0 || inner[..at].ends_with(char::is_alphabetic))
    };
    inner.match_indices(LOOK_ALIKES).filter(looks_alike).count()
}

/// Whether a word has Latin letters and Cyrillic letters, many of which look like them.
pub(super) fn mixes_scripts(word: &str) -> bool {
    let latin = word.chars().filter(char::is_ascii_alphabetic).count();
    let alike = word.chars().filter(|c| matches!(c, '\u{400}'..='\u{52F}')).count();
    latin >= 2 && alike >= 1 && latin + alike >= 4
}

/// Whether a word changes from Latin letters to such that look like them and back. A foreign ending on a name does not.
pub(super) fn changes_scripts(word: &str) -> bool {
    if word.is_ascii() {
        return false;
    }
    let is_latin: Vec<bool> = word
        .chars()
        .filter_map(|c| match c {
            'a'..='z' => Some(true),
            '\u{400}'..='\u{52F}' => Some(false),
            _ if GREEK_ALIKES.contains(&c) => Some(false),
            _ => None,
        })
        .collect();
    is_latin.len() >= MIN_REPLACED_WORD && is_latin.chunk_by(|a, b| a == b).count() >= 3
}

/// Whether a letter is drawn in a style of its own: mathematical, in a circle or square, or a small capital.
pub(super) fn is_styled(c: char) -> bool {
    matches!(c, '\u{1D00}'..='\u{1D22}' | 'Ⓐ'..='ⓩ' | '\u{1D400}'..='\u{1D7FF}' | '\u{1F130}'..='\u{1F189}')
}

/// How many letters of words that are drawn so a text has.
pub(super) fn styled(text: &str) -> usize {
    // Their first bytes.
    if memchr3(0xE1, 0xE2, 0xF0, text.as_bytes()).is_none() {
        return 0;
    }
    let styled = |word: &str| word.chars().filter(|c| is_styled(*c)).count();
    chars::words(text).map(styled).filter(|count| *count >= MIN_STYLED_WORD).sum()
}
