//! The lines that lists of headlines are made of.

use super::super::items::length;
use crate::blocks::chars;

/// A headline's length in letters.
pub(super) const HEADLINE: std::ops::RangeInclusive<f32> = 18.0..=160.0;
/// The fewest words of a headline, CJK characters counted one by one.
pub(super) const MIN_UNITS: usize = 4;
/// What ends a line that introduces a list.
pub(super) const COLONS: [char; 2] = [':', '：'];

/// A line of a block.
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) kind: Kind,
}

impl<'a> Line<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, kind: kind(text) }
    }
}

/// What a line may be in a list of headlines.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Headline,
    /// A date, a count, a button.
    Stray,
    Other,
}

fn kind(text: &str) -> Kind {
    let length = length(text);
    if length < *HEADLINE.start() || !has_units(text) {
        return Kind::Stray;
    }
    let stop = text.ends_with(['.', '。']) && !text.ends_with("...");
    // What ends in a colon introduces the list.
    if length > *HEADLINE.end() || stop || text.ends_with(COLONS) {
        return Kind::Other;
    }
    // Bytes are counted many at once, characters one by one.
    let wide = |marks: [char; 3]| {
        if text.is_ascii() { 0 } else { text.chars().filter(|c| marks.contains(c)).count() }
    };
    let commas = text.bytes().filter(|byte| matches!(byte, b',' | b';')).count() + wide(['，', '、', '；']);
    let ends = text.bytes().filter(|byte| matches!(byte, b'.' | b'!' | b'?')).count();
    let ends = ends + wide(['。', '！', '？']);
    if ends > 3 || commas > 2 { Kind::Other } else { Kind::Headline }
}

/// Whether a text has as many words as a headline; a CJK character counts as one.
fn has_units(text: &str) -> bool {
    let units = |word: &str| match word.chars().filter(|c| chars::is_cjk(*c)).count() {
        0 => usize::from(word.contains(char::is_alphabetic)),
        cjk => cjk,
    };
    let mut missing = MIN_UNITS;
    text.split_whitespace().any(|word| {
        missing = missing.saturating_sub(units(word));
        missing == 0
    })
}

/// The number that a text begins with, and its bytes.
pub(super) fn counter(text: &str) -> (Option<u32>, usize) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (text[..digits].parse().ok().filter(|_| digits <= 3), digits)
}

/// Whether a text begins with one word and a colon, as entries of plans do; the labels of headlines are longer.
pub(super) fn has_label(text: &str) -> bool {
    text.split_once(COLONS)
        .is_some_and(|(label, _)| !label.is_empty() && label.chars().all(char::is_alphabetic))
}

pub(super) fn has_comma(text: &str) -> bool {
    text.contains([',', '，', '、', ';', '；', '،'])
}

/// Whether a text has a digit, but for the number that counts it.
pub(super) fn has_digit(text: &str, counted: bool) -> bool {
    text[if counted { counter(text).1 } else { 0 }..].contains(|c: char| c.is_ascii_digit())
}
