//! What keywords look like, and what the words beside them do.

use std::ops::Range;

use crate::blocks::chars;

/// CJK characters from which on a phrase is a keyword, and one of several words.
pub(super) const MIN_CJK: usize = 3;
const SEVERAL_CJK: usize = 4;
/// Articles, possessives and most prepositions have fewer letters.
const MIN_LETTERS: usize = 4;

/// How many letters the words have that touch a part of a text, no more than make a word long; none where a mark or
/// nothing does.
pub(super) struct Neighbours {
    pub(super) before: Option<usize>,
    pub(super) after: Option<usize>,
}

impl Neighbours {
    pub(super) fn of(text: &str, part: &Range<usize>) -> Self {
        Self {
            before: letters(text[..part.start].trim_end().chars().rev()),
            after: letters(text[part.end..].trim_start().chars()),
        }
    }
}

fn letters(chars: impl Iterator<Item = char>) -> Option<usize> {
    let mut chars = chars.peekable();
    // Each of these is a word.
    if chars.peek().is_some_and(|c| chars::is_cjk(*c)) {
        return Some(MIN_LETTERS);
    }
    let count = chars.take(MIN_LETTERS).take_while(|c| c.is_alphanumeric()).count();
    (count > 0).then_some(count)
}

pub(super) fn is_short(letters: Option<usize>) -> bool {
    letters.is_some_and(|letters| letters < MIN_LETTERS)
}

pub(super) fn is_small(word: &str) -> bool {
    word.chars().all(|c| c.is_alphabetic() && !chars::is_cjk(c)) && is_short(letters(word.chars()))
}

/// Whether a text is several words, or as many CJK characters.
pub(super) fn is_several(text: &str) -> bool {
    text.contains(' ') || cjk(text) >= SEVERAL_CJK
}

pub(super) fn cjk(text: &str) -> usize {
    text.chars().filter(|c| chars::is_cjk(*c)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_touch_are_found() {
        let letters = |text: &str, part: &str| {
            let start = text.find(part).expect("the part");
            let Neighbours { before, after } = Neighbours::of(text, &(start..start + part.len()));
            (before, after)
        };
        assert_eq!(letters("built on sand in 1880", "sand"), (Some(2), Some(2)));
        assert_eq!(letters("of sand, and", "sand"), (Some(2), None));
        assert_eq!(letters("(sand) in 1880", "sand"), (None, None));
        assert_eq!(letters("潮汐sand很高", "sand"), (Some(MIN_LETTERS), Some(MIN_LETTERS)));
    }
}
