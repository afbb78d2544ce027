//! Kept blocks to bytes.

use crate::page::Cleaned;

/// Plain text.
pub(crate) fn text(cleaned: &Cleaned) -> String {
    let mut out = String::new();
    for block in cleaned.kept() {
        if !out.is_empty() {
            out.push_str(if block.layout.continues { "\n" } else { "\n\n" });
        }
        out.push_str(cleaned.page.text_of(block));
    }
    out
}

/// Markdown.
pub(crate) fn markdown(cleaned: &Cleaned) -> String {
    text(cleaned)
}
