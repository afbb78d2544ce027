//! Cuts stretches of the page as the strings that html5ever takes, without a heap allocation for each.
//!
//! A tendril that is a part of another shares its buffer. So a window of the page is copied into one tendril, and the
//! stretches inside it are parts of that. A window rather than the page, because the allocator has a buffer of this
//! size at hand in the cache, and because scripts and styles between the windows are never copied.

use std::ops::Range;

use html5ever::tendril::StrTendril;

use crate::parse::floor;

/// Bytes a window. A stretch that is longer gets a window of its own.
const SIZE: usize = 16 << 10;

pub(super) struct Window<'a> {
    html: &'a str,
    start: usize,
    copy: StrTendril,
}

impl<'a> Window<'a> {
    pub(super) fn new(html: &'a str) -> Self {
        Self { html, start: 0, copy: StrTendril::new() }
    }

    /// A stretch of the page.
    pub(super) fn cut(&mut self, range: Range<usize>) -> StrTendril {
        let held = self.start..self.start + self.copy.len();
        if range.start < held.start || range.end > held.end {
            let rest = &self.html[range.start..];
            self.start = range.start;
            self.copy = StrTendril::from_slice(floor(rest, SIZE.max(range.len())));
        }
        self.copy.subtendril((range.start - self.start) as u32, range.len() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_inside_across_and_beyond_a_window() {
        let page = "äbc".repeat(SIZE);
        let mut window = Window::new(&page);
        for range in [0..2, 2..3, SIZE - 4..SIZE + 4, 0..3 * SIZE, 4..8] {
            assert_eq!(&*window.cut(range.clone()), &page[range]);
        }
    }
}
