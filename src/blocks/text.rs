//! Reads a page of which only the text is left: every line is a block, every run of lines without an empty one
//! between them a container.

use super::builder::Builder;
use crate::config::Limits;
use crate::page::{Media, Page};
use crate::parse::Tag;

/// The page that the lines make, and whether the limit on blocks was met.
pub(crate) fn from_text(text: &str, limits: &Limits) -> (Page, bool) {
    let mut builder = Builder::new(limits.max_blocks);
    let mut open = false;
    for line in lines(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            if std::mem::take(&mut open) {
                builder.close();
            }
            continue;
        }
        if !std::mem::replace(&mut open, true) {
            let mut frame = builder.top().clone();
            frame.tag = Tag::P;
            builder.open(frame);
        }
        builder.push_text(trimmed, false);
        builder.end_block();
    }
    let (mut page, met) = builder.finish();
    page.media = Some(Media::Text);
    (page, met)
}

/// Lines by any of the usual ends: LF, CR LF, CR, form feed, and Unicode's own.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r', '\x0C', '\x0B', '\u{85}', '\u{2028}', '\u{2029}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<String> {
        let (page, _) = from_text(text, &Limits::default());
        page.blocks.iter().map(|b| page.text_of(b).to_owned()).collect()
    }

    #[test]
    fn lines_are_blocks() {
        assert_eq!(blocks("one\n\n  two \r\nthree\u{2028}four"), ["one", "two", "three", "four"]);
        assert_eq!(blocks(" \n\t\n"), [""; 0]);
    }

    #[test]
    fn empty_lines_part_containers() {
        let (page, _) = from_text("a\nb\n\nc", &Limits::default());
        let containers: Vec<_> = page.containers.iter().map(|c| c.blocks.clone()).collect();
        assert_eq!(containers, [0..3, 0..2, 2..3]);
    }

    #[test]
    fn wide_gaps_are_noted() {
        let (page, _) = from_text("a b   c\u{3000}d", &Limits::default());
        assert_eq!((page.text.as_str(), page.gaps.as_slice()), ("a b c d\n", &[3, 5][..]));
    }
}
