//! What was cut from a page, as a list that puts it back: a [`Cleaned`] comes in, [`Cut`]s go out.
//!
//! A cleaner that cannot show what it took away has to be believed. Each cut knows where its text stood on the page
//! and where in the cleaned text it would go back, so that a later stage can look at it, count it, or undo it with
//! [`restore`]. The list decides nothing: it writes down the verdicts.

use std::ops::Range;

use serde::Serialize;

use crate::output;
use crate::page::{Block, Cleaned, CutSpan, Verdict};

/// A block, or a part of one, that is not in the cleaned text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cut {
    /// Where it starts in [`Page::text`](crate::Page::text), in bytes.
    pub offset: usize,
    /// Where in the cleaned text it would go back, in bytes: behind what is kept before it.
    pub at: usize,
    /// Why it was cut: `boilerplate`, `duplicate`, `hidden`, `comment`, or the id of a rule.
    pub class: &'static str,
    /// The probability that its block is body text, 0 to 1, before rules.
    pub score: f32,
    /// What the rule saw.
    pub evidence: Option<String>,
    /// Whether the rest of its block was kept.
    pub partial: bool,
    /// Its text.
    pub text: String,
}

/// The cuts of a page in reading order.
pub(crate) fn list(cleaned: &Cleaned) -> Vec<Cut> {
    // Stretches of the page's text with their place in the output, both in ascending order.
    let mut stretches: Vec<(Range<u32>, usize)> = Vec::new();
    output::write(cleaned, &mut |part, at| stretches.push((part, at)));
    let mut stretches = stretches.into_iter().peekable();
    let mut before = (0, 0);
    let mut cuts = Vec::new();
    for (block, verdict) in cleaned.judged() {
        for piece in pieces(block, verdict) {
            while let Some((part, at)) = stretches.next_if(|(part, _)| part.end <= piece.text.start) {
                before = (part.end, at + (part.end - part.start) as usize);
            }
            // The first part of a block stands behind the gap, with what follows it.
            let follows = piece.partial && before.0 != piece.text.start;
            let after = stretches.peek().filter(|(part, _)| follows && part.start == piece.text.end);
            cuts.push(Cut {
                offset: piece.text.start as usize,
                at: after.map_or(before.1, |(_, at)| *at),
                class: piece.class,
                score: verdict.score,
                evidence: piece.evidence.cloned(),
                partial: piece.partial,
                text: cleaned.page.text[piece.text.start as usize..piece.text.end as usize].to_owned(),
            });
        }
    }
    cuts
}

struct Piece<'a> {
    text: Range<u32>,
    class: &'static str,
    evidence: Option<&'a String>,
    partial: bool,
}

/// What of a block was cut: all, parts, or nothing.
fn pieces<'a>(block: &Block, verdict: &'a Verdict) -> Vec<Piece<'a>> {
    if verdict.keep {
        let piece = |span: &'a CutSpan| Piece {
            text: span.text.clone(),
            class: span.rule,
            evidence: Some(&span.evidence),
            partial: true,
        };
        return verdict.cut_spans.iter().map(piece).collect();
    }
    let (class, evidence) = (verdict.reason.name(), verdict.evidence.as_ref());
    vec![Piece { text: block.text.clone(), class, evidence, partial: false }]
}

/// Puts cuts back into the text that they were cut from. Blocks come back as lines of their own, parts of a block
/// where they stood. All cuts together give the page's text, but for white space between blocks.
///
/// ```
/// let cleaned = dehusk::clean("<nav><a href=/>Home</a></nav><p>The sea rises and falls twice a day, drawn by the \
///                              moon and, more weakly, by the sun.</p>");
/// let whole = dehusk::restore(&cleaned.text(), &cleaned.cut_list());
/// assert!(whole.split_whitespace().eq(cleaned.page.text.split_whitespace()));
/// ```
#[must_use]
pub fn restore(text: &str, cuts: &[Cut]) -> String {
    let mut out = Restored::default();
    let mut done = 0;
    for cut in cuts {
        let at = cut.at.clamp(done, text.len());
        out.push(text.get(done..at).unwrap_or_default());
        done = at;
        out.part |= !cut.partial;
        out.push(&cut.text);
        out.part |= !cut.partial;
    }
    out.push(text.get(done..).unwrap_or_default());
    out.text
}

/// A text to which pieces are added.
#[derive(Default)]
struct Restored {
    text: String,
    /// A whole block touches the end: what comes next starts a line.
    part: bool,
}

impl Restored {
    fn push(&mut self, piece: &str) {
        if piece.is_empty() {
            return;
        }
        let parted = self.text.is_empty()
            || self.text.ends_with(char::is_whitespace)
            || piece.starts_with(char::is_whitespace);
        if std::mem::take(&mut self.part) && !parted {
            self.text.push('\n');
        }
        self.text.push_str(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{Hints, Media, Reason};

    /// A page of which blocks with `CUT` are cut, and of others what stands in square brackets.
    fn cleaned(page: &str) -> Cleaned {
        let hints = Hints { media: Some(Media::Html), charset: Some("utf-8"), ..Hints::default() };
        let mut cleaned = crate::Cleaner::default().clean(page.as_bytes(), hints);
        for (block, verdict) in cleaned.page.blocks.iter().zip(&mut cleaned.verdicts) {
            let text = cleaned.page.text_of(block);
            verdict.keep = !text.contains("CUT");
            verdict.reason = if verdict.keep { Reason::Content } else { Reason::Boilerplate };
            let ends = text.match_indices('[').zip(text.match_indices(']'));
            verdict.cut_spans = ends
                .map(|((from, _), (to, _))| CutSpan {
                    text: block.text.start + from as u32..block.text.start + to as u32 + 1,
                    rule: "test",
                    evidence: String::new(),
                })
                .collect();
        }
        cleaned
    }

    #[test]
    fn cuts_go_back_where_they_were() {
        let page = cleaned("<p>CUT 1<p>CUT 2<p>[a ]one[ b]<p>CUT 3<p>two[ c] and[ d] more<p>[e ]x<p>CUT 4");
        assert_eq!(page.text(), "one\n\ntwo and more\n\nx");
        let cuts = page.cut_list();
        let texts: Vec<_> = cuts.iter().map(|cut| (cut.text.as_str(), cut.at)).collect();
        let expected =
            [("CUT 1", 0), ("CUT 2", 0), ("[a ]", 0), ("[ b]", 3), ("CUT 3", 3), ("[ c]", 8), ("[ d]", 12)];
        assert_eq!(texts[..7], expected);
        assert_eq!(texts[7..], [("[e ]", 19), ("CUT 4", 20)]);
        assert!(cuts.iter().all(|cut| page.page.text[cut.offset..].starts_with(&cut.text)));
        let whole = "CUT 1\nCUT 2\n[a ]one[ b]\nCUT 3\n\ntwo[ c] and[ d] more\n\n[e ]x\nCUT 4";
        assert_eq!(restore(&page.text(), &cuts), whole);
    }

    #[test]
    fn markdown_leaves_the_same_parts_out() {
        let page = cleaned("<p>one <b>two</b>[ <a href=/x>three</a>] four");
        assert_eq!(page.markdown(), "one **two** four");
        assert_eq!(page.cut_counts()["test"], 1);
        assert_eq!(page.chars(), (10, 7));
    }

    #[test]
    fn nothing_is_cut_from_nothing() {
        assert_eq!(Cleaned::default().cut_list(), []);
        assert_eq!(restore("a", &[]), "a");
    }
}
