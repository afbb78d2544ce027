//! Whether text is markup.
//!
//! A page that begins with a tag is. Otherwise it is a matter of how much of it is tags: a server's warning before
//! the first tag does not make text of a page, an article that shows a few tags does not become a page.

use crate::page::Media;
use crate::parse::Tag;

/// Bytes that are counted.
const SAMPLE: usize = 64 << 10;

/// One byte in this many inside tags makes markup.
const BYTES_PER_TAG_BYTE: usize = 6;

/// What the text is.
pub(super) fn of(text: &str) -> Media {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{FEFF}');
    if begins_with_markup(start) || is_mostly_markup(start) { Media::Html } else { Media::Text }
}

fn begins_with_markup(start: &str) -> bool {
    let begins = |with: &str| start.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    begins("<!doctype") || begins("<?xml") || begins("<!--") || begins("<html") || tag_length(start).is_some()
}

fn is_mostly_markup(start: &str) -> bool {
    let sample = &start.as_bytes()[..start.len().min(SAMPLE)];
    let (mut inside, mut covered) = (0, 0);
    for at in memchr::memchr_iter(b'<', sample) {
        if at < covered {
            continue;
        }
        if let Some(length) = start.get(at..).and_then(tag_length) {
            // Tags in backticks are quoted, not used.
            let quoted = at > 0 && sample[at - 1] == b'`';
            inside += if quoted { 0 } else { length };
            covered = at + length;
        }
    }
    inside * BYTES_PER_TAG_BYTE >= sample.len() && inside > 0
}

/// The length of the known tag that the text begins with. `<a@b.example>` and `x <b` are none.
fn tag_length(text: &str) -> Option<usize> {
    const LONGEST_NAME: usize = 12;
    let bytes = text.as_bytes();
    let closing = usize::from(bytes.get(1) == Some(&b'/'));
    let name = bytes.get(1 + closing..)?;
    let end = name.iter().take(LONGEST_NAME).position(|byte| !byte.is_ascii_alphanumeric())?;
    let ends_well = matches!(name[end], b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'/' | 0x0C);
    let name = text.get(1 + closing..1 + closing + end)?.to_ascii_lowercase();
    if bytes[0] != b'<' || !ends_well || Tag::from_name(&name) == Tag::Other {
        return None;
    }
    // A tag is closed before the next one opens.
    let close = memchr::memchr2(b'>', b'<', &bytes[1..])? + 1;
    (bytes[close] == b'>').then_some(close + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup() {
        for page in [
            "<!DOCTYPE html><p>x",
            "\u{FEFF}\n  <?xml version='1.0'?><html/>",
            "<!-- saved --><html>",
            "<p>just a snippet",
            "<div class=a>x</div>",
            "<BR/>x",
            "Warning: no such table in line 3\n<html><head><title>x</title></head><body><p>y</p></body></html>",
            "Hello <b>world</b>, this is <a href='x'>a link</a>.",
        ] {
            assert_eq!(of(page), Media::Html, "{page}");
        }
    }

    #[test]
    fn text() {
        for page in [
            "",
            "a < b and b > c",
            "From: A <a@b.example>\nTo: B <b@a.example>",
            "<a@b.example> wrote:",
            "<3 this",
            "Write `<div>` and `</div>` around it.",
            "The <b> tag makes text bold, as in any book about markup you have read over the last thirty years.",
            "vec: Vec<String>, map: HashMap<K, V>",
            "\0\u{1}\u{2}<\u{3}",
        ] {
            assert_eq!(of(page), Media::Text, "{page}");
        }
    }

    #[test]
    fn unclosed_tags_take_linear_time() {
        assert_eq!(of(&format!("x {}", "<a ".repeat(100_000))), Media::Text);
    }
}
