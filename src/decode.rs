//! Bytes to text.

use std::borrow::Cow;

use crate::page::{Hints, Media};

/// A page's text and how it was read.
pub(crate) struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub(crate) text: Cow<'a, str>,
    /// The WHATWG name of the charset.
    pub(crate) charset: &'static str,
    /// Whether it is markup.
    pub(crate) media: Media,
}

/// Reads a page's bytes as text. Never fails: what is not valid becomes U+FFFD.
pub(crate) fn decode<'a>(bytes: &'a [u8], hints: &Hints<'_>) -> Decoded<'a> {
    let text = String::from_utf8_lossy(bytes);
    let head = &text.as_bytes()[..text.len().min(4096)];
    let markup = head.windows(2).any(|w| w[0] == b'<' && (w[1].is_ascii_alphabetic() || w[1] == b'!'));
    let media = hints.media.unwrap_or(if markup { Media::Html } else { Media::Text });
    Decoded { text, charset: "UTF-8", media }
}
