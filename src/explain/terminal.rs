//! An [`Explanation`] in lines: a head, then a line a block.

use std::fmt::Write;

use super::{Explanation, Judged};

/// Characters of a block's text on its line.
const MAX_TEXT: usize = 90;

pub(super) fn summary(explained: &Explanation, colours: bool) -> String {
    let mut out = String::new();
    let kind = format!("{:?}", explained.kind).to_lowercase();
    let _ = writeln!(
        out,
        "{}  {kind}, confidence {:.2}, spam {:.2}, {} characters kept, {} cut",
        plain(&explained.source, usize::MAX),
        explained.confidence,
        explained.spam.score,
        explained.chars_kept,
        explained.chars_cut
    );
    if let Some(site) = &explained.site {
        let _ = writeln!(out, "  {:<10} {}", "site rules", plain(&super::site(site), usize::MAX));
    }
    for field in &explained.metadata {
        if let (Some(value), Some(origin)) = (&field.value, &field.origin) {
            let _ = writeln!(out, "  {:<10} {}  ({origin})", field.name, plain(value, MAX_TEXT));
        }
    }
    let reasons: Vec<String> =
        explained.reasons.iter().map(|count| format!("{} {}", count.reason, count.blocks)).collect();
    if !reasons.is_empty() {
        let _ = writeln!(out, "  {:<10} {}", "blocks", reasons.join(", "));
    }
    for block in &explained.blocks {
        line(&mut out, block, colours);
    }
    out
}

fn line(out: &mut String, block: &Judged, colours: bool) {
    let (mark, colour) = match (block.keep, block.hidden) {
        (true, _) => ("+ kept", "\x1b[32m"),
        (false, true) => ("- hidden", "\x1b[33m"),
        (false, false) => ("- cut", "\x1b[31m"),
    };
    let (colour, end) = if colours { (colour, "\x1b[0m") } else { ("", "") };
    let _ = writeln!(
        out,
        "{colour}{mark:<8}{end} {:.2} {:<16} {}",
        block.in_place,
        block.reason,
        plain(&block.text, MAX_TEXT)
    );
    if let Some(evidence) = &block.evidence {
        let _ = writeln!(out, "{:>31} {}", "└", plain(evidence, MAX_TEXT));
    }
    for part in &block.parts {
        let (text, evidence) = (plain(&part.text, MAX_TEXT), plain(&part.evidence, MAX_TEXT));
        let _ = writeln!(out, "{:>31} {} cut “{text}”: {evidence}", "└", part.rule);
    }
}

/// A text on one line, cut to a length, without anything that a terminal would obey.
fn plain(text: &str, max: usize) -> String {
    let mut shown: String = text.chars().take(max).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(max).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use crate::{Cleaner, Hints};

    #[test]
    fn a_page_cannot_speak_to_the_terminal() {
        let page =
            "A line with \x1b[31mcolours\x07 of its own, and long enough to be a sentence of the page.";
        let explained = Cleaner::default().explain(page.as_bytes(), Hints::default());
        assert!(!explained.terminal(false).contains(['\x1b', '\x07']));
        assert!(explained.terminal(true).contains('\x1b'));
    }
}
