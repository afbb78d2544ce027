//! Words of class and id names that speak of text which a click shows, and of its state.

/// Parts of a page that show one of several texts, or the rest of one.
const PARTS: &[&str] = &[
    "accordion",
    "answer",
    "carousel",
    "collapse",
    "collapsible",
    "disclosure",
    "expand",
    "expandable",
    "expander",
    "faq",
    "more",
    "pane",
    "panel",
    "readmore",
    "slide",
    "slider",
    "slides",
    "spoiler",
    "swiper",
    "tab",
    "tabcontent",
    "tabpanel",
    "tabs",
    "toggle",
];

/// What is said of one of them for as long as it is open or closed.
const STATES: &[&str] = &[
    "active",
    "closed",
    "collapsed",
    "current",
    "fade",
    "hidden",
    "hide",
    "in",
    "inactive",
    "open",
    "selected",
    "show",
    "shown",
    "visible",
];

/// Whether a class, id or role speaks of text that a click shows.
pub(crate) fn is_disclosure(names: &str) -> bool {
    let words = names.split(|c: char| !c.is_ascii_alphabetic());
    words.filter(|word| !word.is_empty()).any(|word| has(PARTS, const { initials(PARTS) }, word))
}

/// Whether a class name tells a state and not a kind.
pub(crate) fn is_state(class: &str) -> bool {
    let class = class.strip_prefix("is-").unwrap_or(class);
    let last = class.as_bytes().windows(2).rposition(|two| two == b"--");
    has(STATES, const { initials(STATES) }, last.map_or(class, |at| &class[at + 2..]))
}

fn has(list: &[&str], initials: u32, word: &str) -> bool {
    let first = word.bytes().next().unwrap_or_default().to_ascii_lowercase();
    first.is_ascii_lowercase()
        && initials >> (first - b'a') & 1 == 1
        && list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// A bit for each letter that a word of a list begins with: most words begin with none of them.
const fn initials(list: &[&str]) -> u32 {
    let (mut set, mut at) = (0, 0);
    while at < list.len() {
        set |= 1 << (list[at].as_bytes()[0] - b'a');
        at += 1;
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_states() {
        assert!(
            is_disclosure("tab-pane fade")
                && is_disclosure("js_Accordion__item")
                && !is_disclosure("table stab")
        );
        assert!(is_state("active") && is_state("is-open") && is_state("pane--hidden") && !is_state("pane"));
    }
}
