//! **Drops** Text written so that filters do not find its words: a space between all letters, look-alikes of other
//! scripts within a word, full-width letters, pinyin in brackets after single characters.
//!
//! **Why** Nobody writes so for readers.
//!
//! **Example** `加 微 信 领 取 红 包`, `Ｂｕｙ　ｎｏｗ　ｗｗｗ．ｅｘａｍｐｌｅ`
//!
//! **Near miss** A spaced heading; an index of letters; a lesson in pinyin; formulas; names with foreign letters.
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
/// Share of the page's blocks from which on it is how the page is written.
const MAX_SHARE: f32 = 0.2;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let candidates =
        context.blocks().filter(|(index, _)| !context.is_code(*index) && !context.is_heading(*index));
    let found: Vec<(usize, &str)> =
        candidates.filter_map(|(index, block)| Some((index, look(block, context.text(index))?))).collect();
    if found.len() as f32 <= 1.0 + MAX_SHARE * context.page.blocks.len() as f32 {
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
    if is_plain(&block.stats, text) && !is_run_together(text) { None } else { disguise(text) }
}

/// Whether a text of ASCII has too few blanks and marks to part letters, as far as its counts tell.
fn is_plain(stats: &Stats, text: &str) -> bool {
    let blanks = text.len().saturating_sub(stats.chars as usize);
    let marks = (stats.symbols + stats.sentence_ends) as usize;
    // An underscore parts letters, and is counted as one.
    (blanks + marks) * 5 < text.len() * 2 && text.is_ascii() && !text.contains('_')
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
    fn disguises() {
        assert_eq!(disguise("加 微 信 领 取 红 包 快 来"), Some("letters parted"));
        assert_eq!(disguise("ｂｕｙ ｎｏｗ ａｔ ｏｕｒ ｓｉｔｅ"), Some("full-width or styled letters"));
        assert_eq!(disguise("寄生蟲(chóng)站群當(dāng)前位置主頁(yè)"), Some("pinyin in brackets"));
        assert_eq!(disguise("best саsino bоnus online"), Some("scripts mixed within words"));
        assert_eq!(disguise("A plain sentence with a C and a D."), None);
        assert_eq!(disguise("上海(Shanghai)和北京(Beijing)是城市名称"), None);
    }
}
