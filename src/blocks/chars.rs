//! What characters are, as far as densities depend on it.

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
pub(crate) fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => Class::Digit,
        ' ' | '\t' | '\n' | '\r' | '\x0C' => Class::Space,
        ',' | ';' | '、' | '，' | '；' | '،' | '؛' | '﹐' => Class::Comma,
        '.' | '!' | '?' | '。' | '！' | '？' | '…' | '．' | '؟' | '۔' | '।' | '॥' | '։' | '።' | '‼' | '｡' => {
            Class::SentenceEnd
        }
        '\'' | '’' | '_' => Class::Joiner,
        '\0'..='\x7F' => {
            if c.is_ascii_graphic() {
                Class::Symbol
            } else {
                Class::Invisible
            }
        }
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

/// Scripts in which every character counts as a word: Han, kana, Hangul, bopomofo.
pub(crate) fn is_cjk(c: char) -> bool {
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
