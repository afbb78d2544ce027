//! Whether a browser would show an element, as far as the element itself tells.

use crate::parse::{Attr, Dom, NodeId};

/// Whether the element hides what it holds.
pub(super) fn is_hidden(dom: &Dom, id: NodeId) -> bool {
    dom.attr(id, Attr::Hidden).is_some()
        || dom.attr(id, Attr::AriaHidden).is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
        || dom.attr(id, Attr::Style).is_some_and(hides)
}

/// Whether an inline style hides the element.
fn hides(style: &str) -> bool {
    style.split(';').any(|declaration| {
        let Some((property, value)) = declaration.split_once(':') else { return false };
        let value = value.trim().trim_end_matches("!important").trim_end();
        let is = |name: &str, hiding: &str| {
            property.trim().eq_ignore_ascii_case(name) && value.eq_ignore_ascii_case(hiding)
        };
        is("display", "none") || is("visibility", "hidden")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_that_hide() {
        assert!(hides("color:red; DISPLAY : none !important"));
        assert!(hides("visibility:hidden"));
        assert!(!hides("display:block;overflow:hidden"));
        assert!(!hides(""));
    }
}
