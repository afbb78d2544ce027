//! Words in another script than the block around them.

use std::ops::Range;

use super::shape::{MIN_CJK, Neighbours};

/// The first letter that is of no Latin script.
const FIRST_WIDE: char = '\u{370}';

/// How many letters beyond ASCII a text has.
pub(super) fn wide_letters(text: &str) -> usize {
    if text.is_ascii() { 0 } else { text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).count() }
}

/// Words in a script that is not Latin, in a mostly Latin text that has so many letters beyond ASCII.
pub(super) fn runs(text: &str, wide: usize) -> Vec<Range<usize>> {
    let is_wide = |c: char| c >= FIRST_WIDE && c.is_alphabetic();
    let latin = text.bytes().filter(u8::is_ascii_alphabetic).count();
    if wide * 2 > latin || !text.chars().any(is_wide) {
        return Vec::new();
    }
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_wide(*c)) {
        match runs.last_mut() {
            Some(run) if matches!(&text[run.end..at], "" | " ") => run.end = at + c.len_utf8(),
            _ => runs.push(at..at + c.len_utf8()),
        }
    }
    runs
}

/// Whether words in another script stand between words, or at the end of some: no marks set them off, as they do names.
pub(super) fn is_bare(text: &str, at: &Range<usize>) -> bool {
    let neighbours = Neighbours::of(text, at);
    let ends = || text[at.end..].trim_start().starts_with(['.', ',', '。', '，']);
    text[at.clone()].chars().count() >= MIN_CJK
        && neighbours.before.is_some()
        && (neighbours.after.is_some() || ends())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_in_another_script() {
        let found = |text: &'static str| -> Vec<&str> {
            runs(text, wide_letters(text)).into_iter().map(|at| &text[at]).collect()
        };
        assert_eq!(found("The keeper 减肥药 admitted"), ["减肥药"]);
        assert_eq!(
            found("The captain had led займ без отказа that vessel until the займ, he said."),
            ["займ без отказа", "займ"]
        );
        assert_eq!(found("a café, a “naïve” one"), [""; 0]);
        assert_eq!(found("潮汐每天两次"), [""; 0]);
    }
}
