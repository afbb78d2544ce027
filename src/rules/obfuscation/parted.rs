//! Letters of a word that blanks or marks part.

use std::ops::Range;

use super::PARTED;
use super::figures::MIN_FIGURES;
use crate::blocks::chars;

/// Marks that part letters.
const PARTING: &[char] = &[' ', '.', '-', '_', '*', '|', '/', '·', '\u{200C}'];
/// Letters of a word that marks part, of an alphabet and of CJK, which is also the fewest parts.
pub(super) const MIN_PARTED: usize = 5;
pub(super) const MIN_PARTED_CJK: usize = 4;
/// How many times as long as its spaced letters a line may be. Authors space a word of a sentence to stress it.
const MAX_PER_SPACED: usize = 4;
/// The fewest letters and figures of an account.
const MIN_ACCOUNT: usize = 6;

/// Whether spaced letters are a good part of a short line.
pub(super) fn spaced_line(text: &str) -> Option<&'static str> {
    let word = spaced_out(text)?;
    (word.len() * MAX_PER_SPACED >= text.len()).then_some(PARTED)
}

/// Where single letters, or signs that look like them, follow each other between other words.
pub(super) fn spaced_out(text: &str) -> Option<Range<usize>> {
    // Few texts have blanks so close to each other, and only of those the words are looked at.
    let close = |apart| chars::count_pairs(text.as_bytes(), apart, |a, b| a == b' ' && b == b' ');
    let wider = if text.is_ascii() { 0 } else { close(3) + close(4) };
    if close(2) + wider + 1 < MIN_PARTED {
        return None;
    }
    let is_letter = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | ':'));
        first && letters.next().is_none()
    };
    let tells = |letters: &str, count: usize| {
        // Headings of a few characters are held apart, too.
        let heads = letters.len() == text.len() && letters.contains(chars::is_cjk);
        let is_word = || spells(letters) && !heads && !is_alphabet(letters);
        is_word() || count >= MIN_ACCOUNT && is_account(letters)
    };
    // Where the letters begin that stand in a row before a word, and how many they are.
    let (mut start, mut count, mut at) = (0, 0, 0);
    // The last ones stand before the end.
    for word in text.split(' ').chain([""]) {
        if is_letter(word) {
            count += 1;
        } else {
            if count > 1 && tells(&text[start..at - 1], count) {
                return Some(start..at - 1);
            }
            (start, count) = (at + word.len() + 1, 0);
        }
        at += word.len() + 1;
    }
    None
}

/// Whether a text has the letters of a word: not vowels alone, as in lists of them, nor capitals alone, as in headings and
/// initials.
pub(super) fn spells(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    letters().count() >= MIN_PARTED
        && letters().filter(|c| !"aeiouy".contains(*c)).count() >= 2
        && letters().any(|c| !c.is_uppercase())
}

/// Whether letters that are spaced out are an account: small ones, then figures that do not count up.
fn is_account(letters: &str) -> bool {
    let figures = letters.trim_start_matches(|c: char| c.is_ascii_lowercase() || c == ' ');
    let counts_up = || figures.bytes().step_by(2).is_sorted();
    figures.len() + 4 <= letters.len()
        && figures.len() > 4
        && figures.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ')
        && !counts_up()
}

/// Whether a word of the text is parted by marks.
pub(super) fn has_parted_word(text: &str) -> bool {
    // The last two are the first bytes of a dot and a bullet.
    let may_part =
        |byte| is_one_of(byte, &['.', '-', '_', '*', '~', '|', '/', '+', '^']) | matches!(byte, 0xC2 | 0xE2);
    chars::count_bytes(text.as_bytes(), may_part) >= MIN_PARTED_CJK - 1
        && text.split_whitespace().any(is_parted)
}

/// Whether the same mark stands between the letters of a word, or between every two of them.
fn is_parted(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    if word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let parted_by = |mark: char| {
        if word.split(mark).count() < MIN_PARTED_CJK {
            return false;
        }
        let letters = || word.chars().filter(|c| *c != mark);
        let is_cjk = letters().all(chars::is_cjk);
        // Full stops stand in abbreviations, hyphens between syllables, and others between what is counted up.
        let lists = matches!(mark, '|' | '/' | '+' | '^' | '·');
        if lists
            && (is_cjk || !spells(&letters().collect::<String>()) || is_alphabet(&word.replace(mark, " ")))
        {
            return false;
        }
        let longest = if is_cjk || lists || mark == '-' { 1 } else { 2 };
        let least = if is_cjk { MIN_PARTED_CJK } else { MIN_PARTED };
        let is_contact = || {
            letters().all(|c| chars::is_cjk(c) || c.is_ascii_digit())
                && letters().any(chars::is_cjk)
                && letters().count() >= MIN_FIGURES
        };
        word.split(mark).all(|part| (1..=longest).contains(&part.chars().count()))
            && letters().count() >= least
            && (letters().all(|c| c.is_alphabetic() && !(mark == '.' && c.is_uppercase())) || is_contact())
    };
    ['.', '-', '_', '*', '~', '•', '|', '/', '+', '^', '·'].into_iter().any(parted_by)
}

/// Whether a byte is one of [`PARTING`], which part letters.
pub(super) fn parts_letters(byte: u8) -> bool {
    is_one_of(byte, PARTING)
}

/// Whether a byte is one of some characters, of those that are ASCII. Without a branch, so that many are looked at in one
/// step.
pub(super) fn is_one_of(byte: u8, some: &[char]) -> bool {
    some.iter().fold(false, |is, known| is | (known.is_ascii() & (*known as u32 == u32::from(byte))))
}

/// What white space and the marks that stand for it part.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || PARTING.contains(&c)).filter(|part| !part.is_empty())
}

pub(super) fn is_single_letter(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

/// Whether most single letters follow their neighbour in the alphabet: an index, no disguise.
pub(super) fn is_alphabet(text: &str) -> bool {
    let letters: Vec<u32> =
        text.split_whitespace().filter(|w| is_single_letter(w)).flat_map(str::chars).map(u32::from).collect();
    letters.windows(2).filter(|pair| pair[1] == pair[0] + 1).count() * 2 > letters.len()
}
