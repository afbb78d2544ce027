//! **Drops** Text written so that filters do not find its words: letters parted by spaces, marks or characters without
//! width, look-alikes of other scripts within a word, digits for letters and letters for digits, full-width and styled
//! letters, pinyin in brackets after single characters or among them, characters in brackets each, a sign in the label of an
//! account. Of a longer paragraph, a contact that is spelled out so.
//!
//! **Why** Nobody writes so for readers.
//!
//! **Example** `加 微 信 领 取 红 包`, `Ｂｕｙ　ｎｏｗ　ｗｗｗ．ｅｘａｍｐｌｅ`
//!
//! **Near miss** A heading of spaced capitals; an index of letters; the vowels; a lesson in pinyin; formulas; names with
//! foreign letters; abbreviations; codes of goods; both genders in a word of Spanish.
//!
//! **Languages** Any.
//!
//! **Source** Stored pages of Chinese spam: a character in forty with its pinyin in brackets.

mod alikes;
mod characters;
mod figures;
mod parted;

use std::ops::Range;

use memchr::memchr2;

use self::alikes::{
    MIN_MIXED, MIN_REPLACED, MIN_STYLED, changes_scripts, has_replaced_letters, is_styled, mixes_scripts,
    styled,
};
use self::characters::{
    MIN_PINYIN, has_hidden_label, has_parted_characters, has_syllables, has_wide_account, latin_syllables,
    pinyin,
};
use self::figures::{circled, has_figure_o, has_spelled_number};
use self::parted::{
    MIN_PARTED, MIN_PARTED_CJK, has_parted_word, is_alphabet, is_single_letter, parts, parts_letters,
    spaced_line, spaced_out, spells,
};
use super::{Context, Findings};
use crate::blocks::chars::{self, Sign};
use crate::page::{Block, Stats};
use crate::parse::floor;

/// The fewest letters in a block.
const MIN_LETTERS: usize = 7;
/// Share of a block's words that are single letters.
const MIN_SPACED: f32 = 0.8;
/// Share of a block's letters that are full-width.
const MIN_FULL_WIDTH: f32 = 0.3;
/// How many letters there are to each character with its pinyin in brackets, at most.
const MAX_PER_PINYIN: usize = 40;
/// Letters of the shortest and longest text that is one word. The longest words of dictionaries have some 35.
const MIN_RUN: usize = 26;
const MAX_RUN: usize = 300;
/// Characters without width to one of the others, at least; and in a line, where this many part a word or two.
const MIN_WIDTHLESS: f32 = 0.3;
const MIN_WIDTHLESS_IN_LINE: f32 = 0.08;
const MIN_WIDTHLESS_MARKS: u32 = 3;
const MIN_WIDTHLESS_LETTERS: usize = 4;
/// The longest line that a disguised word or two give away, in bytes.
const MAX_LINE: usize = 240;
/// Paragraphs in which a spelled contact is looked for, in bytes: longer texts are whole pages on a line. Whether they are
/// disguised their start tells.
const PARAGRAPH: Range<usize> = MAX_LINE + 1..10_000;
/// Syllables in Latin letters among characters.
const MIN_SYLLABLES: usize = 2;
/// Digits in circles among letters and digits.
const MIN_CIRCLED: usize = 2;
/// Share of the blocks that are likely body from which on it is how the page is written; one may always go.
const MAX_SHARE: f32 = 0.2;
const LIKELY: f32 = 0.3;
/// The commonest disguise.
const PARTED: &str = "letters parted";

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let candidates = context.blocks().filter(|(index, _)| !context.is_code(*index));
    let found: Vec<(usize, &str)> = candidates
        .filter_map(|(index, block)| Some((index, look(block, context.text(index))?)))
        // Headings are spaced out for their looks.
        .filter(|(index, how)| *how != PARTED || !context.is_heading(*index))
        .collect();
    let likely = context.scores.iter().filter(|score| **score > LIKELY).count();
    if found.len() as f32 <= (MAX_SHARE * likely as f32).max(1.0) {
        for (index, how) in found {
            findings.cut(index, how);
        }
    }
    let paragraphs = context.blocks().filter(|(_, block)| PARAGRAPH.contains(&block.text.len()));
    // A contact has figures or an at sign.
    for (index, block) in paragraphs.filter(|(_, b)| b.stats.digits > 0 || b.stats.signs.has(Sign::At)) {
        if let Some(span) = spelled_contact(context.text(index)) {
            let span = block.text.start + span.start as u32..block.text.start + span.end as u32;
            findings.cut_span(index, span, "a contact spelled out");
        }
    }
}

/// Where a paragraph has the letters of a contact parted: a word and figures.
fn spelled_contact(text: &str) -> Option<Range<usize>> {
    let span = spaced_out(text)?;
    text[span.clone()].contains(|c: char| c.is_ascii_digit() || c == '@').then_some(span)
}

fn look(block: &Block, text: &str) -> Option<&'static str> {
    if hides_marks(&block.stats, text) {
        return Some("characters without width");
    }
    let start = floor(text, PARAGRAPH.end);
    let whole = if is_plain(&block.stats, text) && !is_run_together(text) { None } else { disguise(start) };
    if whole.is_some() || text.len() > MAX_LINE {
        return whole;
    }
    let spaced = || if blanks(&block.stats, text) < MIN_PARTED { None } else { spaced_line(text) };
    let marked =
        || if lacks_marks(&block.stats, text) { None } else { disguise_by_marks(&block.stats, text) };
    spaced().or_else(marked)
}

/// How many blanks a text has, at most.
fn blanks(stats: &Stats, text: &str) -> usize {
    text.len().saturating_sub(stats.chars as usize)
}

/// Whether a text of ASCII has too few marks and figures to disguise a word, as far as its counts tell.
fn lacks_marks(stats: &Stats, text: &str) -> bool {
    let marks = (stats.symbols + stats.sentence_ends) as usize;
    marks < MIN_PARTED_CJK - 1
        && ((stats.symbols + stats.digits) as usize) < MIN_REPLACED
        && text.is_ascii()
        && !text.contains('_')
}

/// Whether characters without width part letters. Scripts of South-East Asia part their words by them.
fn hides_marks(stats: &Stats, text: &str) -> bool {
    let share = stats.widthless as f32 / stats.chars.max(1) as f32;
    let in_line = stats.widthless >= MIN_WIDTHLESS_MARKS
        && share >= MIN_WIDTHLESS_IN_LINE
        && text.len() <= MAX_LINE
        && text.chars().all(|c| c < '\u{700}' || chars::is_cjk(c));
    stats.chars as usize >= MIN_WIDTHLESS_LETTERS && (share >= MIN_WIDTHLESS || in_line)
}

/// Whether a text of ASCII has too few blanks and marks to part letters, as far as its counts tell.
fn is_plain(stats: &Stats, text: &str) -> bool {
    let marks = (stats.symbols + stats.sentence_ends) as usize;
    // An underscore parts letters, and is counted as one.
    (blanks(stats, text) + marks) * 5 < text.len() * 2 && text.is_ascii() && !text.contains('_')
}

/// What else disguises a word or two of a short line.
fn disguise_by_marks(stats: &Stats, text: &str) -> Option<&'static str> {
    // Neither letters and spaces nor the marks of a sentence disguise anything else.
    let disguises =
        |byte: u8| !byte.is_ascii_alphabetic() && !matches!(byte, b' ' | b',' | b'\'' | b':' | b'?');
    if !text.bytes().any(disguises) {
        None
    } else if has_parted_word(text) {
        Some(PARTED)
    } else if has_replaced_letters(text) {
        Some("digits and symbols for letters")
    } else if (stats.cjk > 0 || has_figure_o(text)) && has_spelled_number(text) {
        Some("a number spelled out")
    } else if text.is_ascii() {
        None
    } else if stats.cjk > 0 && parts_characters(text) {
        Some("characters parted")
    } else if circled(text) >= MIN_CIRCLED {
        Some("digits in circles")
    } else if styled(text) >= MIN_STYLED {
        Some("styled letters")
    } else if chars::words(text).any(changes_scripts) {
        Some("scripts mixed within words")
    } else {
        None
    }
}

/// Whether signs, brackets, syllables or wide letters stand among the characters of a line.
fn parts_characters(text: &str) -> bool {
    has_wide_account(text)
        || has_parted_characters(text)
        || has_syllables(text)
        || has_hidden_label(text)
        || latin_syllables(text) >= MIN_SYLLABLES
}

fn disguise(text: &str) -> Option<&'static str> {
    if is_run_together(text) {
        return Some("words run together");
    }
    // Most blocks are neither spaced out nor in more than one script; they are not read letter by letter.
    let ascii_blanks = chars::count_bytes(text.as_bytes(), parts_letters);
    if text.is_ascii() && ascii_blanks * 5 < text.len() * 2 {
        return None;
    }
    let wide_blanks = || text.chars().filter(|c| matches!(*c, '·' | '\u{200C}')).count();
    // They end with these bytes.
    let may_have_wide = memchr2(0xB7, 0x8C, text.as_bytes()).is_some();
    let blanks = ascii_blanks + if may_have_wide { wide_blanks() } else { 0 };
    // Latin letters and the marks around them have no other bytes, as far as they are not of ASCII.
    let others = chars::count_bytes(text.as_bytes(), |byte| byte >= 0xD0 && byte != 0xE2);
    if others == 0 && blanks * 3 < chars::count_bytes(text.as_bytes(), |byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if letters < MIN_LETTERS {
        return None;
    }
    let full_width = text.chars().filter(|c| matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ') || is_styled(*c)).count();
    let spaced = blanks * 3 >= letters;
    let words = if spaced { parts(text).count() } else { 0 };
    let single = if spaced { parts(text).filter(|word| is_single_letter(word)).count() } else { 0 };
    let pinyin = pinyin(text);
    // Lead bytes of Cyrillic.
    let cyrillic = text.bytes().any(|byte| matches!(byte, 0xD0..=0xD4));
    let mixed = || chars::words(text).filter(|word| mixes_scripts(word)).count();
    if single >= MIN_LETTERS
        && spells(text)
        && !is_alphabet(text)
        && single as f32 >= MIN_SPACED * words as f32
    {
        Some(PARTED)
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

/// Whether the text is one endless word: what is left of one whose letters were parted by characters without width.
fn is_run_together(text: &str) -> bool {
    let letters = |word: &str| {
        let spaced = |c: char| c.is_alphabetic() && c < '\u{700}' || c == '\'' || c == '’';
        if word.chars().all(spaced) { word.chars().count() } else { 0 }
    };
    text.len() >= MIN_RUN && text.len() <= MAX_RUN && !text.contains(' ') && letters(text) >= MIN_RUN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(text: &str) -> Stats {
        Stats { cjk: text.chars().filter(|c| chars::is_cjk(*c)).count() as u32, ..Stats::default() }
    }

    #[test]
    fn disguises_in_a_line() {
        for (text, how) in [
            ("V*I*T*A*M*I*N drops", Some("letters parted")),
            ("p.o.k.e.r online", Some("letters parted")),
            ("刷-单-兼-职", Some("letters parted")),
            ("球-群-8-8-1-2-0-3", Some("letters parted")),
            ("加薇❤：z x k 7 7 0 9 问价", Some("letters parted")),
            ("form 1-0-2-1-1-0-3", None),
            ("a b 1 2 3 4 5", None),
            ("the row x y 3 2", None),
            ("Q裙 7③8⑥", Some("digits in circles")),
            ("fr3e ch1ps for all", Some("digits and symbols for letters")),
            ("B u y 5 p i l l s today", Some("letters parted")),
            ("write to our te_le_gr_am", Some("letters parted")),
            ("play c a s i n o today", Some("letters parted")),
            ("дам в к р е д и т сегодня", Some("letters parted")),
            ("hot c|a|s|i|n|o and s/l/o/t/s", Some("letters parted")),
            ("ラ イ ン 追 加 ⇒ ab12", Some("letters parted")),
            ("公 司 简 介 书", None),
            ("q群：七五三二一零八", Some("a number spelled out")),
            ("联系 138OO138OOO", Some("a number spelled out")),
            ("二〇二四年六月至一九九七年", None),
            ("H2O 和 CO2，共 1000000 吨", None),
            ("裸@聊#平$台", Some("characters parted")),
            ("【加】【微】【信】", Some("characters parted")),
            ("(一)报名 (二)考试 (三)录取结果公布", None),
            ("迷(mi)药(yao)购买", Some("characters parted")),
            ("北京(Beijing)和上海(Shanghai)", None),
            ("ｂｅｔ３６５ 官网", Some("characters parted")),
            ("価格は１００ｋｃａｌとＷｉｎｄｏｗｓ１０", None),
            ("ⓑⓔⓣ ⓝⓞⓦ", Some("styled letters")),
            ("m0n3y for you", Some("digits and symbols for letters")),
            ("the 𝐜𝐚𝐬𝐢𝐧𝐨 opens", Some("styled letters")),
            ("the ⓒⓐⓢⓘⓝⓞ opens", Some("styled letters")),
            ("a cаsino for you", Some("scripts mixed within words")),
            ("a cαsinο for you", Some("scripts mixed within words")),
            ("T H E E N D and more", None),
            ("It took all of one night to say the one word that was on their minds: w i n t e r.", None),
            ("the vowels a e i o u y", None),
            ("a hash (like a3f5b7c2...)", None),
            ("choose a/b/c/d/e or x+y+z", None),
            ("tod@s l@s amig@s del pueblo", None),
            ("новый iPhoneа и SMSка", None),
            ("TNFα binds IκBα", None),
            ("1 e4 e5 2 Nf3 Nc6 3 Bb5 a6", None),
            ("x = a + b and y = c d e", None),
            ("S.P.Q.R.S. and the U.S.A.", None),
            ("do-re-mi-fa-so in snake_case_of_a_kind", None),
            ("From ①②③ follows ④", None),
            ("① Boil the water ② Add salt", None),
            ("Press a b c d e f", None),
            ("4th round on the mp3 player of h2o fans", None),
            ("write to a1ice@sea.example", None),
            ("北京-上海-广州-深圳", None),
        ] {
            assert_eq!(spaced_line(text).or_else(|| disguise_by_marks(&stats(text), text)), how, "{text}");
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
