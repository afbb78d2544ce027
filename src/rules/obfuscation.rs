//! **Drops** Text written so that filters do not find its words: a space between all letters, look-alikes of other
//! scripts within a word, digits for letters, full-width letters, pinyin in brackets after single characters.
//!
//! **Why** Nobody writes so for readers.
//!
//! **Example** `加 微 信 领 取 红 包`, `Ｂｕｙ　ｎｏｗ　ｗｗｗ．ｅｘａｍｐｌｅ`
//!
//! **Near miss** A spaced heading; an index of letters; a lesson in pinyin; formulas; names with foreign letters;
//! abbreviations; codes of goods.
//!
//! **Languages** Any.
//!
//! **Source** Stored pages of Chinese spam: a character in forty with its pinyin in brackets.

use memchr::memchr2;

use super::{Context, Findings};
use crate::blocks::chars;
use crate::page::{Block, Stats};

/// The fewest letters in a block.
const MIN_LETTERS: usize = 7;
/// Share of a block's words that are single letters.
const MIN_SPACED: f32 = 0.8;
/// Share of a block's letters that are full-width.
const MIN_FULL_WIDTH: f32 = 0.3;
/// Words that mix scripts.
const MIN_MIXED: usize = 2;
/// Characters with their pinyin in brackets, and how many other characters there are to each.
const MIN_PINYIN: usize = 3;
const MAX_PER_PINYIN: usize = 40;
/// Marks that part letters.
const PARTING: &[char] = &[' ', '.', '-', '_', '*', '|', '/', '·', '\u{200C}'];
/// Letters of the shortest and longest text that is one word. The longest words of dictionaries have some 35.
const MIN_RUN: usize = 26;
const MAX_RUN: usize = 300;
/// Characters without width to one of the others, at least.
const MIN_WIDTHLESS: f32 = 0.3;
/// The longest line that a disguised word or two give away, in bytes.
const MAX_LINE: usize = 160;
/// Letters of a word that marks part, of an alphabet and of CJK, which is also the fewest parts.
const MIN_PARTED: usize = 5;
const MIN_PARTED_CJK: usize = 4;
/// The shortest word with a digit for a letter; how many of them, and their share of the line's words.
const MIN_REPLACED_WORD: usize = 4;
const MIN_REPLACED: usize = 2;
const MIN_REPLACED_SHARE: f32 = 0.25;
/// Digits and symbols that look like letters.
const LOOK_ALIKES: [char; 8] = ['0', '1', '3', '4', '5', '@', '$', '|'];
/// Digits in circles among letters and digits.
const MIN_CIRCLED: usize = 2;
/// Share of the blocks that are likely body from which on it is how the page is written; one may always go.
const MAX_SHARE: f32 = 0.2;
const LIKELY: f32 = 0.3;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let candidates =
        context.blocks().filter(|(index, _)| !context.is_code(*index) && !context.is_heading(*index));
    let found: Vec<(usize, &str)> =
        candidates.filter_map(|(index, block)| Some((index, look(block, context.text(index))?))).collect();
    let likely = context.scores.iter().filter(|score| **score > LIKELY).count();
    if found.len() as f32 <= (MAX_SHARE * likely as f32).max(1.0) {
        for (index, how) in found {
            findings.cut(index, how);
        }
    }
}

fn look(block: &Block, text: &str) -> Option<&'static str> {
    let widthless = block.stats.widthless as f32;
    if block.stats.chars as usize >= MIN_LETTERS && widthless >= MIN_WIDTHLESS * block.stats.chars as f32 {
        return Some("characters without width");
    }
    let whole = if is_plain(&block.stats, text) && !is_run_together(text) { None } else { disguise(text) };
    whole.or_else(|| disguise_in_line(text))
}

/// Whether a text of ASCII has too few blanks and marks to part letters, as far as its counts tell.
fn is_plain(stats: &Stats, text: &str) -> bool {
    let blanks = text.len().saturating_sub(stats.chars as usize);
    let marks = (stats.symbols + stats.sentence_ends) as usize;
    // An underscore parts letters, and is counted as one.
    (blanks + marks) * 5 < text.len() * 2 && text.is_ascii() && !text.contains('_')
}

/// What disguises a word or two of a short line.
fn disguise_in_line(text: &str) -> Option<&'static str> {
    // Neither letters and spaces nor the marks of a sentence disguise anything.
    let disguises =
        |byte: u8| !byte.is_ascii_alphabetic() && !matches!(byte, b' ' | b',' | b'\'' | b':' | b'?');
    if text.len() > MAX_LINE || text.bytes().filter(|byte| disguises(*byte)).take(2).count() == 0 {
        return None;
    }
    if is_spaced_out(text) || has_parted_word(text) {
        Some("letters parted")
    } else if !text.is_ascii() && circled(text) >= MIN_CIRCLED {
        Some("digits in circles")
    } else if has_replaced_letters(text) {
        Some("digits and symbols for letters")
    } else {
        None
    }
}

/// Whether single letters, or signs that look like them, follow each other between other words.
fn is_spaced_out(text: &str) -> bool {
    let is_letter = |word: &&str| {
        let mut letters = word.chars();
        let first = letters.next().is_some_and(|c| c.is_alphanumeric() && !chars::is_cjk(c) || c == '@');
        first && letters.next().is_none()
    };
    // Few lines have so many, and only of those the words are kept. Of a row all but the ends stand between blanks.
    let between_blanks = text.bytes().zip(text.bytes().skip(2)).filter(|pair| *pair == (b' ', b' '));
    if text.is_ascii() && between_blanks.count() < MIN_PARTED - 1
        || text.split(' ').filter(is_letter).count() <= MIN_PARTED
    {
        return false;
    }
    let words: Vec<&str> = text.split(' ').collect();
    let rows = words.chunk_by(|a, b| is_letter(a) && is_letter(b));
    rows.filter(|row| row.len() > MIN_PARTED).any(|row| {
        let letters = row.iter().filter(|word| word.starts_with(char::is_alphabetic)).count();
        letters >= MIN_PARTED && !is_alphabet(&row.join(" "))
    })
}

/// Whether a word of the text is parted by marks.
fn has_parted_word(text: &str) -> bool {
    // The last one is the first byte of a bullet.
    let may_part = |byte: &u8| matches!(byte, b'.' | b'-' | b'_' | b'*' | b'~' | 0xE2);
    text.bytes().filter(may_part).count() >= MIN_PARTED_CJK - 1 && text.split_whitespace().any(is_parted)
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
        // Full stops stand in abbreviations, hyphens between syllables.
        let longest = if is_cjk || mark == '-' { 1 } else { 2 };
        let least = if is_cjk { MIN_PARTED_CJK } else { MIN_PARTED };
        word.split(mark).all(|part| (1..=longest).contains(&part.chars().count()))
            && letters().count() >= least
            && letters().all(|c| c.is_alphabetic() && !(mark == '.' && c.is_uppercase()))
    };
    ['.', '-', '_', '*', '~', '•'].into_iter().any(parted_by)
}

/// How many digits in circles stand behind letters, digits or others that they do not count on from.
fn circled(text: &str) -> usize {
    let is_circled = |c: char| matches!(c, '①'..='⑳' | '⓪'..='⓿' | '❶'..='➓' | '㊀'..='㊰');
    let stands = |before: char, c: char| {
        before.is_ascii_alphanumeric() || is_circled(before) && u32::from(c) != u32::from(before) + 1
    };
    text.chars().zip(text.chars().skip(1)).filter(|&(before, c)| is_circled(c) && stands(before, c)).count()
}

/// Whether words have digits and symbols in the place of letters.
fn has_replaced_letters(text: &str) -> bool {
    if text.bytes().filter(|byte| may_look_alike(*byte)).count() < MIN_REPLACED {
        return false;
    }
    let may_replace = |pair: &&[u8]| {
        LOOK_ALIKES.contains(&pair[0].into()) && (pair[1].is_ascii_lowercase() || !pair[1].is_ascii())
    };
    if text.as_bytes().windows(2).filter(may_replace).count() < MIN_REPLACED {
        return false;
    }
    let words = || text.split_whitespace();
    let replaced = words().filter(|word| replaces_letters(word)).count();
    replaced >= MIN_REPLACED && replaced as f32 >= MIN_REPLACED_SHARE * words().count() as f32
}

/// Whether a byte may be one of [`LOOK_ALIKES`].
#[expect(clippy::needless_bitwise_bool, reason = "without a branch many are looked at in one step")]
fn may_look_alike(byte: u8) -> bool {
    byte.is_ascii_digit() | (byte == b'@') | (byte == b'$') | (byte == b'|')
}

/// Whether a digit or symbol that looks like a letter stands alone among small letters: `b0nus`, but neither `mp3` nor
/// `B2B` nor an address.
fn replaces_letters(word: &str) -> bool {
    if word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    let inner = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '@' && c != '$');
    let looks_alike = |(at, sign): (usize, &str)| {
        inner[at + sign.len()..].starts_with(char::is_lowercase)
            && (at == 0 || inner[..at].ends_with(char::is_alphabetic))
    };
    let letters = || inner.chars().filter(|c| c.is_alphabetic()).count();
    inner.match_indices(LOOK_ALIKES).any(looks_alike)
        && !inner.contains(['.', '/', '_', '-'])
        && inner.chars().count() >= MIN_REPLACED_WORD
        && letters() >= inner.chars().count() / 2
}

fn disguise(text: &str) -> Option<&'static str> {
    if is_run_together(text) {
        return Some("words run together");
    }
    // Most blocks are neither spaced out nor in more than one script; they are not read letter by letter.
    let ascii_blanks = text.bytes().filter(|byte| parts_letters(*byte)).count();
    if text.is_ascii() && ascii_blanks * 5 < text.len() * 2 {
        return None;
    }
    let wide_blanks = || text.chars().filter(|c| matches!(*c, '·' | '\u{200C}')).count();
    // They end with these bytes.
    let may_have_wide = memchr2(0xB7, 0x8C, text.as_bytes()).is_some();
    let blanks = ascii_blanks + if may_have_wide { wide_blanks() } else { 0 };
    // Latin letters and the marks around them have no other bytes, as far as they are not of ASCII.
    let is_latin = text.bytes().filter(|byte| *byte >= 0xD0 && *byte != 0xE2).count() == 0;
    if is_latin && blanks * 3 < text.bytes().filter(u8::is_ascii_alphabetic).count() {
        return None;
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters < MIN_LETTERS {
        return None;
    }
    let full_width =
        text.chars().filter(|c| matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '\u{1D400}'..='\u{1D7FF}')).count();
    let spaced = blanks * 3 >= letters;
    let words = if spaced { parts(text).count() } else { 0 };
    let single = if spaced { parts(text).filter(|word| is_single_letter(word)).count() } else { 0 };
    let pinyin = pinyin(text);
    // Lead bytes of Cyrillic.
    let cyrillic = text.bytes().any(|byte| matches!(byte, 0xD0..=0xD4));
    let mixed = || text.split(|c: char| !c.is_alphabetic()).filter(|word| mixes_scripts(word)).count();
    if single >= MIN_LETTERS && !is_alphabet(text) && single as f32 >= MIN_SPACED * words as f32 {
        Some("letters parted")
    } else if full_width >= MIN_LETTERS && full_width as f32 >= MIN_FULL_WIDTH * letters as f32 {
        Some("full-width or styled letters")
    } else if pinyin >= MIN_PINYIN && pinyin * MAX_PER_PINYIN >= letters {
        Some("pinyin in brackets")
    } else if cyrillic && mixed() >= MIN_MIXED {
        Some("scripts mixed within words")
    } else {
        None
    }
}

/// Whether a byte is one of [`PARTING`].
#[expect(clippy::needless_bitwise_bool, reason = "without a branch many are looked at in one step")]
fn parts_letters(byte: u8) -> bool {
    (byte == b' ')
        | (byte == b'.')
        | (byte == b'-')
        | (byte == b'_')
        | (byte == b'*')
        | (byte == b'|')
        | (byte == b'/')
}

/// What white space and the marks that stand for it part.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || PARTING.contains(&c)).filter(|part| !part.is_empty())
}

/// Whether the text is one endless word: what is left of one whose letters were parted by characters without width.
fn is_run_together(text: &str) -> bool {
    let letters = |word: &str| {
        let spaced = |c: char| c.is_alphabetic() && c < '\u{700}' || c == '\'' || c == '’';
        if word.chars().all(spaced) { word.chars().count() } else { 0 }
    };
    text.len() >= MIN_RUN && text.len() <= MAX_RUN && !text.contains(' ') && letters(text) >= MIN_RUN
}

fn is_single_letter(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

/// Whether most single letters follow their neighbour in the alphabet: an index, no disguise.
fn is_alphabet(text: &str) -> bool {
    let letters: Vec<u32> =
        text.split_whitespace().filter(|w| is_single_letter(w)).flat_map(str::chars).map(u32::from).collect();
    letters.windows(2).filter(|pair| pair[1] == pair[0] + 1).count() * 2 > letters.len()
}

/// Whether a word has Latin letters and Cyrillic letters, many of which look like them.
fn mixes_scripts(word: &str) -> bool {
    let latin = word.chars().filter(char::is_ascii_alphabetic).count();
    let alike = word.chars().filter(|c| matches!(c, '\u{400}'..='\u{52F}')).count();
    latin >= 2 && alike >= 1 && latin + alike >= 4
}

/// How many characters are followed by their pinyin in brackets.
fn pinyin(text: &str) -> usize {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguises_in_a_line() {
        for (text, how) in [
            ("V*I*T*A*M*I*N drops", Some("letters parted")),
            ("p.o.k.e.r online", Some("letters parted")),
            ("刷-单-兼-职", Some("letters parted")),
            ("Q裙 7③8⑥", Some("digits in circles")),
            ("fr3e ch1ps for all", Some("digits and symbols for letters")),
            ("B u y 5 p i l l s today", Some("letters parted")),
            ("write to our te_le_gr_am", Some("letters parted")),
            ("S.P.Q.R.S. and the U.S.A.", None),
            ("do-re-mi-fa-so in snake_case_of_a_kind", None),
            ("From ①②③ follows ④", None),
            ("① Boil the water ② Add salt", None),
            ("Press a b c d e f", None),
            ("4th round on the mp3 player of h2o fans", None),
            ("write to a1ice@sea.example", None),
            ("北京-上海-广州-深圳", None),
        ] {
            assert_eq!(disguise_in_line(text), how, "{text}");
        }
    }

    #[test]
    fn disguises() {
        assert_eq!(disguise("加 微 信 领 取 红 包 快 来"), Some("letters parted"));
        assert_eq!(disguise("ｂｕｙ ｎｏｗ ａｔ ｏｕｒ ｓｉｔｅ"), Some("full-width or styled letters"));
        assert_eq!(disguise("寄生蟲(chóng)站群當(dāng)前位置主頁(yè)"), Some("pinyin in brackets"));
        assert_eq!(disguise("best саsino bоnus online"), Some("scripts mixed within words"));
        assert_eq!(disguise("A plain sentence with a C and a D."), None);
        assert_eq!(disguise("上海(Shanghai)和北京(Beijing)是城市名称"), None);
    }
}
