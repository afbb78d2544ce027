//! Buffers that are used again for the next page, and how much they keep of the memory of a large one.
//!
//! Giving memory back means to shrink a buffer, never to drop it as it is. The system's allocator maps a large piece on
//! its own, but once it has seen one freed it takes pieces up to that size from each thread's heap (glibc's dynamic
//! `M_MMAP_THRESHOLD`, mallopt(3)), where they leave gaps: a batch of ten times as many pages would need a quarter more.

/// What a buffer keeps, in bytes: as much as most pages need.
const KEPT_BYTES: usize = 1 << 19;

/// Empties a buffer for the next page.
pub(crate) fn empty<T>(buffer: &mut Vec<T>) {
    buffer.clear();
    buffer.shrink_to(KEPT_BYTES / size_of::<T>());
}

/// Empties a text for the next page.
pub(crate) fn empty_text(text: &mut String) {
    text.clear();
    text.shrink_to(KEPT_BYTES);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_page_leaves_a_bounded_buffer() {
        let (mut numbers, mut text) = (vec![0_u64; 1 << 20], "word ".repeat(1 << 20));
        empty(&mut numbers);
        empty_text(&mut text);
        assert!(numbers.is_empty() && text.is_empty());
        assert!((1..=KEPT_BYTES / 8).contains(&numbers.capacity()), "{}", numbers.capacity());
        assert!((1..=KEPT_BYTES).contains(&text.capacity()), "{}", text.capacity());
    }
}
