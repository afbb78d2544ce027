//! **Drops** Text written so that filters do not find its words: letters parted by spaces, marks or characters without
//! width, look-alikes of other scripts within a word, digits for letters and letters for digits, full-width and styled
//! letters, pinyin in brackets after single characters, characters in brackets each. Of a longer paragraph, a contact that is spelled out so.
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

use std::ops::Range;

use memchr::{memchr2, memchr3};

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
/// Words that mix scripts.
const MIN_MIXED: usize = 2;
/// Characters with their pinyin in brackets, and how many other characters there are to each.
const MIN_PINYIN: usize = 3;
const MAX_PER_PINYIN: usize = 40;
/// How many characters of a line there are to each that stands alone in brackets.
const MAX_PER_BRACKET: usize = 5;
/// Marks that part letters.
const PARTING: &[char] = &[' ', '.', '-', '_', '*', '|', '/', '·', '\u{200C}'];
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
/// Letters of a word that marks part, of an alphabet and of CJK, which is also the fewest parts.
const MIN_PARTED: usize = 5;
const MIN_PARTED_CJK: usize = 4;
/// How many times as long as its spaced letters a line may be. Authors space a word of a sentence to stress it.
const MAX_PER_SPACED: usize = 4;
/// The shortest word with a digit for a letter; how many such digits, to how many of the line's words.
const MIN_REPLACED_WORD: usize = 4;
const MIN_REPLACED: usize = 2;
const MIN_REPLACED_SHARE: f32 = 0.25;
/// Digits and symbols that look like letters.
const LOOK_ALIKES: [char; 10] = ['0', '1', '3', '4', '5', '7', '@', '$', '|', '€'];
/// Greek letters that look like Latin ones.
const GREEK_ALIKES: [char; 9] = ['α', 'ε', 'η', 'ι', 'ν', 'ο', 'ρ', 'τ', 'υ'];
/// Digits in circles among letters and digits.
const MIN_CIRCLED: usize = 2;
/// Share of the blocks that are likely body from which on it is how the page is written; one may always go.
const MAX_SHARE: f32 = 0.2;
const LIKELY: f32 = 0.3;
/// The commonest disguise.
const PARTED: &str = "letters parted";
/// The fewest figures of a number to call, and of an account that begins with letters.
const MIN_FIGURES: usize = 7;
const MIN_ACCOUNT: usize = 6;
/// Styled letters of a line in words of at least so many.
const MIN_STYLED: usize = 5;
const MIN_STYLED_WORD: usize = 3;

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

/// Whether spaced letters are a good part of a short line.
fn spaced_line(text: &str) -> Option<&'static str> {
    let word = spaced_out(text)?;
    (word.len() * MAX_PER_SPACED >= text.len()).then_some(PARTED)
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
    } else if stats.cjk > 0 && (has_wide_account(text) || has_parted_characters(text) || has_syllables(text))
    {
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

/// Where single letters, or signs that look like them, follow each other between other words.
fn spaced_out(text: &str) -> Option<Range<usize>> {
    // Few texts have blanks so close to each other, and only of those the words are looked at.
    let close = |apart| chars::count_pairs(text.as_bytes(), apart, |a, b| a == b' ' && b == b' ');
    let wider = if text.is_ascii() { 0 } else { close(3) + close(4) };
    if close(2) + wider + 1 < MIN_PARTED {
        return None;
    }
    let is_letter = |word: &&str| {
        let mut letters = word.chars();
        let first = letters.next().is_some_and(|c| c.is_alphanumeric() || matches!(c, '@' | ':'));
        first && letters.next().is_none()
    };
    let words: Vec<&str> = text.split(' ').collect();
    let mut start = 0;
    // Rows of more than one word have letters alone.
    for row in words.chunk_by(|a, b| is_letter(a) && is_letter(b)) {
        let end = start + row.iter().map(|word| word.len() + 1).sum::<usize>() - 1;
        let letters = &text[start..end];
        // Headings of a few characters are held apart, too.
        let heads = letters.len() == text.len() && letters.contains(chars::is_cjk);
        let is_word = || spells(letters) && !heads && !is_alphabet(letters);
        if row.len() > 1 && is_word() || row.len() >= MIN_ACCOUNT && is_account(letters) {
            return Some(start..end);
        }
        start = end + 1;
    }
    None
}

/// Whether a text has the letters of a word: not vowels alone, as in lists of them, nor capitals alone, as in headings and
/// initials.
fn spells(text: &str) -> bool {
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
fn has_parted_word(text: &str) -> bool {
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

/// Whether a letter stands for nought behind a figure.
fn has_figure_o(text: &str) -> bool {
    chars::count_pairs(text.as_bytes(), 1, |a, b| a.is_ascii_digit() && b == b'O') > 0
}

/// Whether a number to call has letters, characters or circles among its figures or in their place.
fn has_spelled_number(text: &str) -> bool {
    let is_figure = |c: char| c.is_ascii_digit() || c == 'O' || is_numeral(c) || is_circled(c);
    text.split(|c| !is_figure(c)).filter(|run| run.len() >= MIN_FIGURES).any(|run| {
        let count = |holds: &dyn Fn(char) -> bool| run.chars().filter(|c| holds(*c)).count();
        let plain = count(&|c| c.is_ascii_digit());
        let wide = count(&|c| !c.is_ascii());
        let all = run.chars().count();
        all >= MIN_FIGURES && plain < all && (plain >= MIN_FIGURES / 2 || wide >= MIN_FIGURES)
    })
}

/// Whether a character stands for a figure.
fn is_numeral(c: char) -> bool {
    "〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖".contains(c)
}

fn is_circled(c: char) -> bool {
    matches!(c, '①'..='⑳' | '⓪'..='⓿' | '❶'..='➓' | '㊀'..='㊰')
}

/// Whether an account is written in full-width letters and figures. Names of products begin with a capital.
fn has_wide_account(text: &str) -> bool {
    let is_wide = |c: char| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
    text.split(|c| !is_wide(c)).any(|word| {
        word.chars().count() >= MIN_REPLACED_WORD
            && word.starts_with(|c| matches!(c, 'ａ'..='ｚ'))
            && word.contains(|c| matches!(c, '０'..='９'))
    })
}

/// Whether signs that part nothing, or brackets around each, part characters.
fn has_parted_characters(text: &str) -> bool {
    let parts = |c: char| {
        matches!(c, '@' | '#' | '$' | '%' | '^' | '&' | '*' | '~' | '=' | '❤' | '♥' | '♡' | '★' | '☆')
    };
    let opens = |c: char| matches!(c, '(' | '（' | '【' | '[' | '〔' | '「');
    let (mut parted, mut bracketed) = (0, 0);
    let triples = text.chars().zip(text.chars().skip(1)).zip(text.chars().skip(2));
    for ((before, c), after) in triples {
        parted += usize::from(parts(c) && chars::is_cjk(before) && chars::is_cjk(after));
        bracketed += usize::from(
            opens(before) && chars::is_cjk(c) && matches!(after, ')' | '）' | '】' | ']' | '〕' | '」'),
        );
    }
    parted >= 2 || bracketed >= MIN_PINYIN && text.chars().count() <= MAX_PER_BRACKET * bracketed
}

/// Whether characters that follow each other have their syllables in brackets, without tones: lessons have them.
fn has_syllables(text: &str) -> bool {
    text.split(['(', '（']).skip(1).any(|rest| {
        let Some((syllable, behind)) = rest.split_once([')', '）']) else { return false };
        let mut behind = behind.chars();
        (2..=6).contains(&syllable.len())
            && syllable.bytes().all(|byte| byte.is_ascii_lowercase())
            && behind.next().is_some_and(chars::is_cjk)
            && behind.next().is_none()
    })
}

/// How many digits in circles stand behind letters, digits or others that they do not count on from.
fn circled(text: &str) -> usize {
    let stands = |before: char, c: char| {
        before.is_ascii_alphanumeric() || is_circled(before) && u32::from(c) != u32::from(before) + 1
    };
    text.chars().zip(text.chars().skip(1)).filter(|&(before, c)| is_circled(c) && stands(before, c)).count()
}

/// Whether words have digits and symbols in the place of letters.
fn has_replaced_letters(text: &str) -> bool {
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

/// Whether a byte is one of [`PARTING`], which part letters.
fn parts_letters(byte: u8) -> bool {
    is_one_of(byte, PARTING)
}

/// Whether a byte is one of some characters, of those that are ASCII. Without a branch, so that many are looked at in one
/// step.
fn is_one_of(byte: u8, some: &[char]) -> bool {
    some.iter().fold(false, |is, known| is | (known.is_ascii() & (*known as u32 == u32::from(byte))))
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

/// Whether a word changes from Latin letters to such that look like them and back. A foreign ending on a name does not.
fn changes_scripts(word: &str) -> bool {
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
fn is_styled(c: char) -> bool {
    matches!(c, '\u{1D00}'..='\u{1D22}' | 'Ⓐ'..='ⓩ' | '\u{1D400}'..='\u{1D7FF}' | '\u{1F130}'..='\u{1F189}')
}

/// How many letters of words that are drawn so a text has.
fn styled(text: &str) -> usize {
    // Their first bytes.
    if memchr3(0xE1, 0xE2, 0xF0, text.as_bytes()).is_none() {
        return 0;
    }
    let styled = |word: &str| word.chars().filter(|c| is_styled(*c)).count();
    chars::words(text).map(styled).filter(|count| *count >= MIN_STYLED_WORD).sum()
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
