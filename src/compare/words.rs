//! Two texts to the words in which they differ.
//!
//! What stands between words, white space and punctuation, is shown and never compared. The work is bounded whatever
//! the texts are, without a clock: the histogram algorithm, which falls back on one with heuristics.

use std::fmt::Write;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};

use crate::blocks::chars::fold_blanks;
use crate::metrics::WordScorer;

/// Characters of common text that are shown on either side of a change.
const CONTEXT: usize = 60;

/// What became of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Both texts have it.
    Same,
    /// Only the first has it.
    Removed,
    /// Only the second has it.
    Added,
}

/// A run of words with one fate, and what stands behind each word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What became of it.
    pub change: Change,
    /// Its text.
    pub text: String,
}

/// How two texts differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Both texts, in order.
    pub pieces: Vec<Piece>,
    /// Words that only the first has.
    pub removed: usize,
    /// Words that only the second has.
    pub added: usize,
}

/// Compares two texts word by word, in order and with their case.
#[must_use]
pub fn difference(before: &str, after: &str, words: &WordScorer) -> Difference {
    let (old, new) = (Words::new(before, words), Words::new(after, words));
    let mut input = InternedInput::default();
    input.update_before(old.spans());
    input.update_after(new.spans());
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);
    let mut found = Difference::default();
    let mut push = |change, text: &str| {
        if !text.is_empty() {
            found.pieces.push(Piece { change, text: text.to_owned() });
        }
    };
    let (mut at, mut removed, mut added) = (0, 0, 0);
    for hunk in diff.hunks() {
        let span = |range: &Range<u32>| range.start as usize..range.end as usize;
        let (gone, come) = (span(&hunk.before), span(&hunk.after));
        let back = match (gone.is_empty(), come.is_empty()) {
            (true, false) => new.steps_back(&come, gone.start - at),
            (false, true) => old.steps_back(&gone, gone.start - at),
            _ => 0,
        };
        let (gone, come) = (gone.start - back..gone.end - back, come.start - back..come.end - back);
        push(Change::Same, old.text(at, gone.start));
        push(Change::Removed, old.text(gone.start, gone.end));
        push(Change::Added, new.text(come.start, come.end));
        removed += gone.len();
        added += come.len();
        at = gone.end;
    }
    push(Change::Same, old.text(at, old.starts.len()));
    Difference { removed, added, ..found }
}

/// A text and where its words stand.
struct Words<'a> {
    text: &'a str,
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl<'a> Words<'a> {
    fn new(text: &'a str, words: &WordScorer) -> Self {
        let (starts, ends) = words.spans(text).map(|span| (span.start, span.end)).unzip();
        Self { text, starts, ends }
    }

    fn spans(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.starts.iter().zip(&self.ends).map(|(&start, &end)| &self.text[start..end])
    }

    fn word(&self, at: usize) -> &'a str {
        &self.text[self.starts[at]..self.ends[at]]
    }

    /// By how many words a change may move back, over at most so many common words, so that it begins a line. Its words end
    /// as the words before it do: "b c, b c" may have gained its first or its last two.
    fn steps_back(&self, change: &Range<usize>, most: usize) -> usize {
        let begins = |at: usize| at == 0 || self.text[self.ends[at - 1]..self.starts[at]].contains('\n');
        let same = |back: &usize| self.word(change.start - back) == self.word(change.end - back);
        let far = (1..=most).take_while(same).last().unwrap_or(0);
        (0..=far).find(|back| begins(change.start - back)).unwrap_or(0)
    }

    /// The words from one number up to another, each with what stands behind it.
    fn text(&self, from: usize, to: usize) -> &'a str {
        let start = |word: usize| self.starts.get(word).copied().unwrap_or(self.text.len());
        if from >= to { "" } else { &self.text[start(from)..start(to)] }
    }
}

impl Difference {
    /// Words that only one of the texts has.
    #[must_use]
    pub fn words(&self) -> usize {
        self.removed + self.added
    }

    /// The changes with a little of the text around them, a line each place: `[-gone-]`, `{+come+}`.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![String::new()];
        for (at, piece) in self.pieces.iter().enumerate() {
            let text = fold_blanks(&piece.text);
            let line = lines.last_mut().map_or_else(String::new, std::mem::take);
            let mut line = if line.is_empty() { line } else { line + " " };
            let _ = match piece.change {
                Change::Removed => write!(line, "[-{text}-]"),
                Change::Added => write!(line, "{{+{text}+}}"),
                Change::Same => match middle_cut(&text, CONTEXT) {
                    None => write!(line, "{text}"),
                    Some((head, tail)) => {
                        if at > 0 {
                            let _ = write!(line, "{head} …");
                            lines.pop();
                            lines.push(line);
                            lines.push(String::new());
                        }
                        line = String::new();
                        if at + 1 < self.pieces.len() { write!(line, "… {tail}") } else { Ok(()) }
                    }
                },
            };
            if let Some(last) = lines.last_mut() {
                *last = line;
            }
        }
        lines.retain(|line| !line.is_empty());
        lines
    }
}

/// The two ends of a text that is too long to be shown between them.
pub(crate) fn middle_cut(text: &str, length: usize) -> Option<(&str, &str)> {
    text.char_indices().nth(3 * length)?;
    let head = text.char_indices().nth(length).map_or(text.len(), |(at, _)| at);
    let tail = text.char_indices().rev().nth(length - 1).map_or(0, |(at, _)| at);
    Some((&text[..head], &text[tail..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(before: &str, after: &str) -> Difference {
        difference(before, after, &WordScorer::new())
    }

    #[test]
    fn words_are_compared_and_what_stands_between_is_not() {
        assert_eq!(diff("One, two!", "One\n\ntwo").words(), 0);
        let found = diff("the sea rises twice a day", "the sea falls twice a day, they say");
        assert_eq!((found.removed, found.added), (1, 3));
        assert_eq!(found.lines(), ["the sea [-rises-] {+falls+} twice a day {+they say+}"]);
        assert_eq!(diff("海水上升", "海水下降").lines(), ["海水 [-上升-] {+下降+}"]);
    }

    #[test]
    fn the_pieces_are_both_texts() {
        let (before, after) = ("a b c d e f g", "a x c d f g h");
        let pieces = diff(before, after).pieces;
        let side = |without: Change| {
            let words = pieces.iter().filter(|piece| piece.change != without);
            words.flat_map(|piece| piece.text.split_whitespace()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!((side(Change::Added), side(Change::Removed)), (before.to_owned(), after.to_owned()));
    }

    #[test]
    fn a_change_begins_a_line_where_it_can() {
        let found = diff("to ask him\nto be here", "to ask him\nto come soon\nto be here");
        assert_eq!(found.lines(), ["to ask him {+to come soon+} to be here"]);
        let found = diff("to ask him\nto come soon\nto be here", "to ask him\nto be here");
        assert_eq!(found.lines(), ["to ask him [-to come soon-] to be here"]);
    }

    #[test]
    fn long_common_text_is_left_out() {
        let common = "and the tide goes out again ".repeat(40);
        let lines = diff(&format!("x {common} y"), &format!("z {common} w")).lines();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(
            lines[0].ends_with('…') && lines[1].starts_with('…') && lines[1].ends_with("{+w+}"),
            "{lines:?}"
        );
    }

    #[test]
    fn texts_without_words() {
        assert_eq!(diff("", "…"), Difference::default());
        assert_eq!(diff("", "one").added, 1);
    }

    #[test]
    fn texts_without_a_common_word_are_compared_soon() {
        let side = |mark: char| (0..30_000).map(|n| format!("{mark}{n}")).collect::<Vec<_>>().join(" ");
        assert_eq!(diff(&side('a'), &side('b')).words(), 60_000);
    }
}
