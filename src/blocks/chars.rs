//! What characters are, as far as densities depend on it.

use std::borrow::Cow;

/// Classes of characters that are counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// A letter of a script that parts words by spaces.
    Letter,
    Digit,
    /// Han, kana, Hangul: a word of its own.
    Cjk,
    Space,
    Comma,
    SentenceEnd,
    /// A mark inside words: apostrophes and underscores.
    Joiner,
    /// Any other punctuation or symbol.
    Symbol,
    /// Not shown: control characters, zero-width spaces, soft hyphens.
    Invisible,
}

/// The class of a character.
#[inline]
pub(crate) fn class(c: char) -> Class {
    ASCII.get(c as usize).copied().unwrap_or_else(|| wide_class(c))
}

/// The class of a byte that is a character of its own.
#[inline]
pub(crate) fn ascii(byte: u8) -> Option<Class> {
    ASCII.get(byte as usize).copied()
}

/// The classes of ASCII, looked up: most characters of most pages.
static ASCII: [Class; 128] = {
    let mut classes = [Class::Invisible; 128];
    let mut c = 0;
    while c < 128 {
        classes[c] = ascii_class(c as u8);
        c += 1;
    }
    classes
};

/// Whether a byte is a letter, a digit or a joiner of ASCII.
#[inline]
pub(crate) fn is_word_byte(byte: u8) -> bool {
    WORD_BYTES[usize::from(byte)]
}

static WORD_BYTES: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0;
    while byte < ASCII.len() {
        bytes[byte] = matches!(ascii_class(byte as u8), Class::Letter | Class::Digit | Class::Joiner);
        byte += 1;
    }
    bytes
};

const fn ascii_class(c: u8) -> Class {
    match c {
        b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
        b'0'..=b'9' => Class::Digit,
        b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' => Class::Space,
        b',' | b';' => Class::Comma,
        b'.' | b'!' | b'?' => Class::SentenceEnd,
        b'\'' | b'_' => Class::Joiner,
        _ if c.is_ascii_graphic() => Class::Symbol,
        _ => Class::Invisible,
    }
}

/// Whether a character is there for no reader: neither seen, nor a hint where a line may break a word.
pub(crate) fn is_widthless(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

fn wide_class(c: char) -> Class {
    match c {
        '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => Class::Cjk,
        '、' | '，' | '；' | '،' | '؛' | '﹐' => Class::Comma,
        '。' | '！' | '？' | '…' | '．' | '؟' | '۔' | '।' | '॥' | '։' | '።' | '‼' | '｡' => {
            Class::SentenceEnd
        }
        '’' => Class::Joiner,
        '\u{AD}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{80}'..='\u{9F}' => Class::Invisible,
        _ if is_cjk(c) => Class::Cjk,
        _ if c.is_alphabetic() => Class::Letter,
        _ if c.is_numeric() => Class::Digit,
        _ if c.is_whitespace() => Class::Space,
        // Vowel signs of Indic scripts and combining accents belong to the letter before them.
        '\u{300}'..='\u{36F}' | '\u{900}'..='\u{DFF}' | '\u{E00}'..='\u{EFF}' | '\u{200C}' | '\u{200D}' => {
            Class::Letter
        }
        _ => Class::Symbol,
    }
}

/// A text with single blanks for its white space, and none at its ends.
pub(crate) fn fold_blanks(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Whether a text has a part, letters of ASCII in any case.
pub(crate) fn has_in_any_case(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

/// Whether a text in lower case is this one, letter by letter.
pub(crate) fn is_lower_case_of(lower: &str, text: &str) -> bool {
    text.chars().flat_map(char::to_lowercase).eq(lower.chars())
}

/// A text with its letters of ASCII in lower case: most are so already.
pub(crate) fn ascii_lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// The words of a text: runs of letters, of any script.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut start = at;
        while let Some(&byte) = text.as_bytes().get(at) {
            // Most letters of most pages are of ASCII.
            let (is_letter, length) = if byte.is_ascii() {
                (byte.is_ascii_alphabetic(), 1)
            } else {
                text[at..].chars().next().map_or((false, 1), |c| (c.is_alphabetic(), c.len_utf8()))
            };
            let end = at;
            at += length;
            if !is_letter {
                if end > start {
                    return Some(&text[start..end]);
                }
                start = at;
            }
        }
        (at > start).then(|| &text[start..at])
    })
}

/// A character in lower case; the first one, where that takes several.
#[inline]
pub(crate) fn lower(c: char) -> char {
    if c.is_ascii() { c.to_ascii_lowercase() } else { c.to_lowercase().next().unwrap_or(c) }
}

/// Scripts in which every character counts as a word: Han, kana, Hangul, bopomofo.
#[inline]
pub(crate) fn is_cjk(c: char) -> bool {
    c >= '\u{1100}' && is_cjk_script(c)
}

fn is_cjk_script(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{318F}'
        | '\u{31A0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FFDC}' | '\u{20000}'..='\u{3FFFF}')
}

/// Characters that stand for grammar and not for things: common Chinese particles, and hiragana.
///
/// In running Chinese they make up a thirtieth of the text, in lists of names and headlines a hundredth or none.
pub(crate) fn is_function_char(c: char) -> bool {
    matches!(
        c,
        '的' | '了'
            | '是'
            | '在'
            | '和'
            | '与'
            | '为'
            | '有'
            | '等'
            | '及'
            | '把'
            | '将'
            | '对'
            | '也'
            | '就'
            | '不'
            | '我'
            | '他'
            | '这'
            | '那'
            | '而'
            | '但'
            | '说'
            | '們'
            | '们'
            | '這'
            | '為'
            | '與'
            | '將'
            | '對'
            | '說'
    ) || ('\u{3041}'..='\u{3096}').contains(&c)
}

/// Blanks that page authors use to hold things apart: no-break and ideographic spaces, em and en spaces.
pub(crate) fn is_wide_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{3000}' | '\u{2000}'..='\u{200A}' | '\t')
}

/// How many bytes pass a test. One without branches is made on many bytes in one step.
#[inline]
pub(crate) fn count_bytes(text: &[u8], passes: impl Fn(u8) -> bool) -> usize {
    // A sum that fits a byte for as many as it cannot overflow for.
    let counts =
        text.chunks(u8::MAX.into()).map(|some| some.iter().map(|&byte| u8::from(passes(byte))).sum());
    counts.map(|count: u8| usize::from(count)).sum()
}

/// How many bytes pass a test together with the byte that stands so far behind them, likewise.
#[inline]
pub(crate) fn count_pairs(text: &[u8], apart: usize, pass: impl Fn(u8, u8) -> bool) -> usize {
    let behind = text.get(apart..).unwrap_or_default();
    let some = text.chunks(u8::MAX.into()).zip(behind.chunks(u8::MAX.into()));
    let counts = some.map(|(a, b)| a.iter().zip(b).map(|(&a, &b)| u8::from(pass(a, b))).sum());
    counts.map(|count: u8| usize::from(count)).sum()
}

/// Characters that texts are searched for. Nearly all characters are told from them in one step, however many they
/// are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CharSet {
    ascii: u128,
    /// A bit for the low bits of each of the others: most characters are told from them by that.
    filter: u128,
    all: &'static [char],
}

impl CharSet {
    pub(crate) const fn new(all: &'static [char]) -> Self {
        let (mut ascii, mut filter) = (0, 0);
        let mut index = 0;
        while index < all.len() {
            let code = all[index] as u32;
            if code < 128 {
                ascii |= 1 << code;
            } else {
                filter |= 1 << (code % 128);
            }
            index += 1;
        }
        Self { ascii, filter, all }
    }

    pub(crate) fn has(&self, c: char) -> bool {
        let code = u32::from(c);
        if code < 128 {
            return self.ascii >> code & 1 == 1;
        }
        self.filter >> (code % 128) & 1 == 1 && self.all.contains(&c)
    }
}

/// Kinds of symbols that say something about the text around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Sign {
    /// A bar, dot or slash between entries.
    Bar,
    Currency,
    Copyright,
    At,
}

impl Sign {
    fn of(symbol: char) -> Option<Self> {
        match symbol {
            '|' | '·' | '•' | '｜' | '/' => Some(Self::Bar),
            '$' | '€' | '£' | '¥' | '￥' | '₹' | '₽' | '₩' => Some(Self::Currency),
            '©' | '®' | '™' => Some(Self::Copyright),
            '@' => Some(Self::At),
            _ => None,
        }
    }
}

/// Which signs a text has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs(u8);

impl Signs {
    /// With what a character of the class [`Class::Symbol`] is.
    pub(crate) fn with(self, symbol: char) -> Self {
        Self(self.0 | Sign::of(symbol).map_or(0, |sign| 1 << sign as u8))
    }

    pub(crate) fn has(self, sign: Sign) -> bool {
        self.0 >> sign as u8 & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_symbols() {
        assert!(('\0'..=char::MAX).all(|c| Sign::of(c).is_none() || class(c) == Class::Symbol));
        let signs = Signs::default().with('€').with('-');
        assert!(signs.has(Sign::Currency) && !signs.has(Sign::Bar));
    }

    #[test]
    fn words_are_what_stands_between_other_characters() {
        for text in ["", " ", "Nós, 2 o'clock—море", "a", "潮汐 b1c", "é!", "(x)"] {
            let parts: Vec<_> =
                text.split(|c: char| !c.is_alphabetic()).filter(|part| !part.is_empty()).collect();
            assert_eq!(words(text).collect::<Vec<_>>(), parts);
        }
    }

    #[test]
    fn a_set_holds_its_characters_and_no_others() {
        const MARKS: &[char] = &['|', '·', '｜', '\0', '\u{7F}'];
        let set = CharSet::new(MARKS);
        let all = || ('\0'..='\u{FFFF}').chain(['\u{10007C}']);
        assert!(all().all(|c| set.has(c) == MARKS.contains(&c)));
    }
}
