//! Differences as one HTML file: what came from a page is text, nothing loads, nothing runs.
//!
//! Reports of a comparison and of a check share it.

use std::fmt::Write;

use super::words::{Change, Difference, middle_cut};
use crate::explain::Escaped;

const STYLE: &str = include_str!("style.css");

/// What the browser is told to apply: the style of this report, by its SHA-256.
const STYLE_HASH: &str = "sha256-dcOEvgfwJl25ZgUThqi7sRUsfThFSirdK+oxJRuiKcw=";

/// Characters of common text that are shown on either side of a change.
const CONTEXT: usize = 300;

/// A whole document around its body.
pub(crate) fn document(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src '{STYLE_HASH}'; base-uri 'none'; form-action 'none'\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{0}</title><style>{STYLE}</style></head>\
         <body><h1>{0}</h1>{body}</body></html>\n",
        Escaped(title)
    )
}

/// A part that can be folded, open at first.
pub(crate) fn section(name: &str, facts: &str, out: &mut String, fill: impl FnOnce(&mut String)) {
    let (name, facts) = (Escaped(name), Escaped(facts));
    let _ = write!(out, "<details open><summary>{name}<small>{facts}</small></summary>");
    fill(out);
    out.push_str("</details>");
}

/// A difference: what is gone struck out, what came underlined, long common text left out.
pub(crate) fn pieces(difference: &Difference, out: &mut String) {
    out.push_str("<div class=\"text\" dir=\"auto\">");
    for piece in &difference.pieces {
        let text = Escaped(&piece.text);
        let _ = match piece.change {
            Change::Removed => write!(out, "<del>{text}</del>"),
            Change::Added => write!(out, "<ins>{text}</ins>"),
            Change::Same => match middle_cut(&piece.text, CONTEXT) {
                None => write!(out, "{text}"),
                Some((head, tail)) => {
                    let (head, tail) = (Escaped(head), Escaped(tail));
                    write!(out, "{head}<span class=\"dim\"> … </span>{tail}")
                }
            },
        };
    }
    out.push_str("</div>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_this_style_alone() {
        use sha2::Digest;
        let hash = data_encoding::BASE64.encode(&sha2::Sha256::digest(STYLE));
        assert_eq!(format!("sha256-{hash}"), STYLE_HASH, "the style has changed");
        assert!(!STYLE.contains("</"));
    }
}
