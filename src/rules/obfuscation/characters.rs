//! Tricks of texts in Chinese characters: what stands between them, in brackets behind them, or for figures.

use super::alikes::MIN_REPLACED_WORD;
use crate::blocks::chars;

/// Characters with their pinyin or nothing else in brackets, at least.
pub(super) const MIN_PINYIN: usize = 3;
/// How many characters of a line there are to each that stands alone in brackets.
const MAX_PER_BRACKET: usize = 5;

/// What makes a heart one in colours.
const EMOJI: char = '\u{FE0F}';
/// The fewest letters and figures of an account, and figures of them.
const MIN_ACCOUNT: usize = 6;
const MIN_ACCOUNT_FIGURES: usize = 3;
/// The fewest letters of a syllable among characters. Shorter ones stand for machines and their parts.
const MIN_SYLLABLE: usize = 3;
/// What syllables of Mandarin begin and end with.
const INITIALS: &[&str] = &[
    "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r", "z", "c",
    "s", "y", "w",
];
const FINALS: &[&str] = &[
    "a", "o", "e", "i", "u", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "ong", "ia", "ie", "iao",
    "iu", "ian", "in", "iang", "ing", "iong", "ua", "uo", "uai", "ui", "uan", "un", "uang", "ue",
];

/// Whether a sign parts nothing where it stands among characters.
fn is_sign(c: char) -> bool {
    matches!(c, '@' | '#' | '$' | '%' | '^' | '&' | '*' | '~' | '=' | '❤' | '♥' | '♡' | '★' | '☆')
}

/// Whether signs that part nothing, or brackets around each, part characters.
pub(super) fn has_parted_characters(text: &str) -> bool {
    let opens = |c: char| matches!(c, '(' | '（' | '【' | '[' | '〔' | '「');
    let (mut parted, mut bracketed) = (0, 0);
    let triples = text.chars().zip(text.chars().skip(1)).zip(text.chars().skip(2));
    for ((before, c), after) in triples {
        parted += usize::from(is_sign(c) && chars::is_cjk(before) && chars::is_cjk(after));
        bracketed += usize::from(
            opens(before) && chars::is_cjk(c) && matches!(after, ')' | '）' | '】' | ']' | '〕' | '」'),
        );
    }
    parted >= 2 || bracketed >= MIN_PINYIN && text.chars().count() <= MAX_PER_BRACKET * bracketed
}

/// Whether characters that follow each other have their syllables in brackets, without tones: lessons have them.
pub(super) fn has_syllables(text: &str) -> bool {
    text.split(['(', '（']).skip(1).any(|rest| {
        let Some((syllable, behind)) = rest.split_once([')', '）']) else { return false };
        let mut behind = behind.chars();
        (2..=6).contains(&syllable.len())
            && syllable.bytes().all(|byte| byte.is_ascii_lowercase())
            && behind.next().is_some_and(chars::is_cjk)
            && behind.next().is_none()
    })
}

/// Whether an account follows a label with a sign or a syllable among its characters: `加V❤信 abc1234`.
pub(super) fn has_hidden_label(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_account)
        && (hides_sign(text) || latin_syllables(text) > 0)
}

/// Whether a word is an account: small letters, then figures.
fn is_account(word: &str) -> bool {
    let figures = word.trim_start_matches(|c: char| c.is_ascii_lowercase());
    word.len() >= MIN_ACCOUNT
        && (MIN_ACCOUNT_FIGURES..word.len()).contains(&figures.len())
        && figures.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a sign that parts nothing stands between a letter and a character.
fn hides_sign(text: &str) -> bool {
    let letters = || text.chars().filter(|c| *c != EMOJI);
    let mut triples = letters().zip(letters().skip(1)).zip(letters().skip(2));
    triples.any(|((before, c), after)| before.is_alphabetic() && is_sign(c) && chars::is_cjk(after))
}

/// How many syllables stand behind characters in Latin letters: `办zheng刻zhang`.
pub(super) fn latin_syllables(text: &str) -> usize {
    let begins_with_one = |behind: &&str| {
        let rest = behind.trim_start_matches(|c: char| c.is_ascii_lowercase());
        let letters = &behind[..behind.len() - rest.len()];
        letters.len() >= MIN_SYLLABLE && !rest.starts_with(char::is_alphanumeric) && is_syllable(letters)
    };
    text.split(chars::is_cjk).skip(1).filter(begins_with_one).count()
}

/// Whether Latin letters may be a syllable of Mandarin.
fn is_syllable(letters: &str) -> bool {
    INITIALS.iter().filter_map(|initial| letters.strip_prefix(initial)).any(|rest| FINALS.contains(&rest))
}

/// How many characters are followed by their pinyin in brackets.
pub(super) fn pinyin(text: &str) -> usize {
    let mut count = 0;
    let mut before = ' ';
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if matches!(c, '(' | '（') && chars::is_cjk(before) {
            let inner: String = rest.clone().take_while(|c| !matches!(c, ')' | '）')).take(8).collect();
            let tones = inner.chars().any(|c| "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ".contains(c));
            let short = inner.chars().count() <= 6 && inner.chars().all(char::is_alphabetic);
            count += usize::from(tones && short);
        }
        before = c;
    }
    count
}

/// Whether an account is written in full-width letters and figures. Names of products begin with a capital.
pub(super) fn has_wide_account(text: &str) -> bool {
    let is_wide = |c: char| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    text.split(|c| !is_wide(c)).any(|word| {
        word.chars().count() >= MIN_REPLACED_WORD
            && word.starts_with(|c| matches!(c, 'ａ'..='ｚ'))
            && word.contains(|c| matches!(c, '０'..='９'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_accounts_hide_signs_and_syllables() {
        for label in ["加V❤️信 abk40913", "加V❤信abk40913", "加wei信 abk40913 有礼"] {
            assert!(has_hidden_label(label), "{label}");
        }
        for line in ["我❤北京 iPhone16", "加微信 abk40913", "加V❤信 2024"] {
            assert!(!has_hidden_label(line), "{line}");
        }
    }

    #[test]
    fn syllables_are_no_other_words() {
        assert_eq!(latin_syllables("专业办zheng刻zhang"), 2);
        assert_eq!(latin_syllables("用app下载vlog和demo，用ai写作"), 0);
        assert_eq!(latin_syllables("zhang"), 0);
    }
}
