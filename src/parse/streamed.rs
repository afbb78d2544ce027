//! Parts of a page that the server sent late, moved to where its script moves them.
//!
//! React streams a page: `<template id="B:0">` holds the place of a part that is not ready, the part follows at the end
//! as `<div hidden id="S:0">`, and a script puts its children before the template. Inside a part, places are called
//! `P:1`. Left where they stand, such parts are hidden text at the end of the page.

use std::collections::HashMap;

use super::dom::{Dom, NodeId};
use super::vocabulary::{Attr, Tag};

/// Elements around a place that are looked at: a part cannot be put inside itself. Deeper places stay empty.
const MAX_ABOVE: usize = 500;

impl Dom {
    /// Fills the places of streamed parts.
    pub(crate) fn fill_places(&mut self) {
        let places = self.named(Tag::Template, &["B:", "P:"]);
        if places.is_empty() {
            return;
        }
        let mut parts = HashMap::new();
        for (name, part) in self.named(Tag::Div, &["S:"]) {
            if self.attr(part, Attr::Hidden).is_some() {
                parts.entry(name).or_insert(part);
            }
        }
        for (name, place) in places {
            let Some(&part) = parts.get(&name) else { continue };
            let mut above = std::iter::successors(self.parent(place), |&id| self.parent(id));
            if above.by_ref().take(MAX_ABOVE).any(|id| id == part) || above.next().is_some() {
                continue;
            }
            while let Some(child) = self.first_child(part) {
                self.insert_before(place, child);
            }
        }
    }

    /// The elements of a tag whose id has one of these beginnings, with the rest of it, in the order of their making.
    fn named(&self, tag: Tag, beginnings: &[&str]) -> Vec<(String, NodeId)> {
        let rest = |id: NodeId| {
            let name = if self.tag(id) == tag { self.attr(id, Attr::Id)? } else { return None };
            let rest = beginnings.iter().find_map(|beginning| name.strip_prefix(beginning))?;
            Some((rest.to_owned(), id))
        };
        (0..self.nodes.len() as NodeId).filter_map(rest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::config::Limits;

    fn filled(html: &str) -> String {
        let mut dom = parse(html, &Limits::default());
        dom.fill_places();
        let outline = dom.outline();
        outline.split_once("body").map(|(_, body)| body.to_owned()).unwrap_or_default()
    }

    #[test]
    fn parts_go_to_their_places() {
        let html = "<main><template id=B:0></template></main><footer>f</footer>\
            <div hidden id=S:0><p>one</p><template id=P:1></template></div><div hidden id=S:1><p>two</p></div>";
        assert_eq!(filled(html), "(main(p('one')p('two')template()template())footer('f')div()div()))");
    }

    #[test]
    fn other_hidden_parts_stay() {
        for html in [
            "<main></main><div hidden id=S:0><p>one</p></div>",
            "<main><template id=B:1></template></main><div hidden id=S:0><p>one</p></div>",
            "<main><template id=B:0></template></main><div id=S:0><p>one</p></div>",
        ] {
            assert!(filled(html).ends_with("div(p('one'))))"), "{html}: {}", filled(html));
        }
    }

    #[test]
    fn a_part_does_not_go_inside_itself() {
        let html = "<div hidden id=S:0><template id=B:0></template>a<div hidden id=S:1><template id=P:1></template></div></div>";
        assert_eq!(filled(html), "(div(template()'a'div(template()))))");
        let html = "<div hidden id=S:0>a<template id=P:1></template></div><div hidden id=S:1>b<template id=P:0></template></div>";
        assert_eq!(filled(html), "(div('a''b'template()template())div()))");
    }
}
