//! The tree: nodes in one vector, linked by index; their text and attribute values in two strings.

use std::ops::Range;

use super::vocabulary::{Attr, Tag};
use crate::buffers;

/// Index of a node.
pub(crate) type NodeId = u32;

/// No node.
pub(crate) const NIL: NodeId = NodeId::MAX;

/// A parsed document.
#[derive(Debug)]
pub(crate) struct Dom {
    pub(super) nodes: Vec<Node>,
    pub(super) text: String,
    pub(super) values: String,
    pub(super) attrs: Vec<(Attr, Range<u32>)>,
    pub(super) met_depth: bool,
    pub(super) met_nodes: bool,
    /// Nodes stand elsewhere than where they were made, as broken markup has it.
    was_moved: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) parent: NodeId,
    pub(super) first: NodeId,
    pub(super) last: NodeId,
    pub(super) prev: NodeId,
    pub(super) next: NodeId,
    pub(super) data: Data,
}

#[derive(Debug, Clone)]
pub(super) enum Data {
    /// The document, or what holds the contents of templates.
    Root,
    Element {
        tag: Tag,
        /// Where its attributes begin, and how many there are.
        first: u32,
        count: u16,
        /// A bit for each attribute that it has: most are asked of elements that do not have them.
        present: u32,
    },
    Text(Range<u32>),
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Element(Tag),
    Text(&'a str),
}

impl Default for Dom {
    fn default() -> Self {
        Self::new()
    }
}

impl Dom {
    /// The document node.
    pub(crate) const ROOT: NodeId = 0;

    /// Where the contents of templates hang: nothing leads there from the document.
    pub(super) const LIMBO: NodeId = 1;

    pub(super) fn new() -> Self {
        let mut dom = Self {
            nodes: Vec::new(),
            text: String::new(),
            values: String::new(),
            attrs: Vec::new(),
            met_depth: false,
            met_nodes: false,
            was_moved: false,
        };
        dom.clear();
        dom
    }

    /// Empties the tree for the next page; buffers stay, up to a bound.
    pub(super) fn clear(&mut self) {
        buffers::empty(&mut self.nodes);
        buffers::empty(&mut self.attrs);
        buffers::empty_text(&mut self.text);
        buffers::empty_text(&mut self.values);
        (self.met_depth, self.met_nodes, self.was_moved) = (false, false, false);
        self.push(Data::Root);
        self.push(Data::Root);
    }

    pub(super) fn push(&mut self, data: Data) -> NodeId {
        let id = self.nodes.len() as NodeId;
        self.nodes.push(Node { parent: NIL, first: NIL, last: NIL, prev: NIL, next: NIL, data });
        id
    }

    /// An element with the attributes that were added last, from this one on.
    pub(super) fn element(&self, tag: Tag, first: usize) -> Data {
        let attrs = &self.attrs[first..];
        let present = attrs.iter().fold(0, |set, (attr, _)| set | 1 << *attr as u8);
        Data::Element { tag, first: first as u32, count: attrs.len() as u16, present }
    }

    pub(super) fn append(&mut self, parent: NodeId, child: NodeId) {
        self.detach(child);
        let last = std::mem::replace(&mut self.nodes[parent as usize].last, child);
        match last {
            NIL => self.nodes[parent as usize].first = child,
            _ => self.nodes[last as usize].next = child,
        }
        let node = &mut self.nodes[child as usize];
        node.parent = parent;
        node.prev = last;
    }

    pub(super) fn insert_before(&mut self, sibling: NodeId, child: NodeId) {
        self.detach(child);
        self.was_moved = true;
        let Node { parent, prev, .. } = self.nodes[sibling as usize];
        let node = &mut self.nodes[child as usize];
        (node.parent, node.prev, node.next) = (parent, prev, sibling);
        self.nodes[sibling as usize].prev = child;
        match prev {
            NIL => self.nodes[parent as usize].first = child,
            _ => self.nodes[prev as usize].next = child,
        }
    }

    pub(super) fn detach(&mut self, id: NodeId) {
        let node = &mut self.nodes[id as usize];
        let (parent, prev, next) = (node.parent, node.prev, node.next);
        (node.parent, node.prev, node.next) = (NIL, NIL, NIL);
        if parent == NIL {
            return;
        }
        self.was_moved = true;
        match prev {
            NIL => self.nodes[parent as usize].first = next,
            _ => self.nodes[prev as usize].next = next,
        }
        match next {
            NIL => self.nodes[parent as usize].last = prev,
            _ => self.nodes[next as usize].prev = prev,
        }
    }

    /// Whether elements were flattened because they stood too deep.
    pub(crate) fn met_depth(&self) -> bool {
        self.met_depth
    }

    /// Whether markup was left out because the tree was full.
    pub(crate) fn met_nodes(&self) -> bool {
        self.met_nodes
    }

    /// What the node is; nothing for the document itself.
    pub(crate) fn piece(&self, id: NodeId) -> Option<Piece<'_>> {
        match &self.nodes[id as usize].data {
            Data::Root => None,
            Data::Element { tag, .. } => Some(Piece::Element(*tag)),
            Data::Text(range) => Some(Piece::Text(&self.text[range.start as usize..range.end as usize])),
        }
    }

    /// The tag of an element, [`Tag::Other`] for any other node.
    pub(crate) fn tag(&self, id: NodeId) -> Tag {
        match self.nodes[id as usize].data {
            Data::Element { tag, .. } => tag,
            _ => Tag::Other,
        }
    }

    /// The value of an element's attribute.
    #[inline]
    pub(crate) fn attr(&self, id: NodeId, attr: Attr) -> Option<&str> {
        match self.nodes[id as usize].data {
            Data::Element { present, .. } if present >> attr as u8 & 1 == 1 => self.find_attr(id, attr),
            _ => None,
        }
    }

    fn find_attr(&self, id: NodeId, attr: Attr) -> Option<&str> {
        let (_, value) = self.attrs_of(id).iter().find(|(name, _)| *name == attr)?;
        Some(&self.values[value.start as usize..value.end as usize])
    }

    /// The kept attributes of an element, in order, with their places among all values.
    pub(super) fn attrs_of(&self, id: NodeId) -> &[(Attr, Range<u32>)] {
        match self.nodes[id as usize].data {
            Data::Element { first, count, .. } => &self.attrs[first as usize..][..usize::from(count)],
            _ => &[],
        }
    }

    /// The kept attributes of an element, in order.
    #[cfg(test)]
    pub(super) fn attributes(&self, id: NodeId) -> impl Iterator<Item = (Attr, &str)> {
        let value = |range: &Range<u32>| &self.values[range.start as usize..range.end as usize];
        self.attrs_of(id).iter().map(move |(attr, range)| (*attr, value(range)))
    }

    /// The first child.
    pub(crate) fn first_child(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].first)
    }

    /// The next sibling.
    pub(crate) fn next_sibling(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].next)
    }

    /// The parent.
    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].parent)
    }

    /// The node after `id` and all that it holds, in document order.
    fn after(&self, id: NodeId, top: NodeId) -> Option<NodeId> {
        let mut at = id;
        while at != top {
            if let Some(next) = self.next_sibling(at) {
                return Some(next);
            }
            at = self.parent(at)?;
        }
        None
    }

    /// The nodes inside `top` in document order, without `top`.
    pub(crate) fn descendants(&self, top: NodeId) -> impl Iterator<Item = NodeId> {
        let step = move |&id: &NodeId| self.first_child(id).or_else(|| self.after(id, top));
        std::iter::successors(self.first_child(top), step)
    }

    /// All elements in document order. On most pages it is the order in which they were made, which takes no look at
    /// links.
    pub(crate) fn elements(&self) -> impl Iterator<Item = (NodeId, Tag)> {
        let is_in_order = !self.was_moved && self.first_child(Self::LIMBO).is_none();
        let made = if is_in_order { 0..self.nodes.len() as NodeId } else { 0..0 };
        let walked = (!is_in_order).then(|| self.descendants(Self::ROOT)).into_iter().flatten();
        made.chain(walked).filter_map(|id| match self.nodes[id as usize].data {
            Data::Element { tag, .. } => Some((id, tag)),
            _ => None,
        })
    }

    /// The text inside a node, white space as it stands.
    pub(crate) fn text_content(&self, id: NodeId) -> String {
        self.descendants(id)
            .filter_map(|id| match self.piece(id) {
                Some(Piece::Text(text)) => Some(text),
                _ => None,
            })
            .collect()
    }

    /// How deep the deepest node stands.
    #[cfg(test)]
    pub(super) fn depth(&self) -> usize {
        let above = |id: &NodeId| self.parent(*id);
        let depths = self.descendants(Self::ROOT).filter(|&id| self.first_child(id).is_none());
        depths.map(|id| std::iter::successors(Some(id), above).count() - 1).max().unwrap_or(0)
    }

    /// Bytes that the buffers hold, for tests.
    #[cfg(test)]
    pub(super) fn capacity_bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>()
            + self.attrs.capacity() * size_of::<(Attr, Range<u32>)>()
            + self.text.capacity()
            + self.values.capacity()
    }

    /// The tree as nested parentheses, for tests: `html(head()body(p('text')))`.
    #[cfg(test)]
    pub(crate) fn outline(&self) -> String {
        let mut out = String::new();
        let mut open = Vec::new();
        for id in self.descendants(Self::ROOT) {
            while open.last().is_some_and(|&top| Some(top) != self.parent(id)) {
                open.pop();
                out.push(')');
            }
            if let Some(Piece::Text(text)) = self.piece(id) {
                out.push_str(&format!("{text:?}").replace('"', "'"));
            } else {
                out.push_str(self.tag(id).name());
                out.push('(');
                open.push(id);
            }
        }
        out.extend(open.iter().map(|_| ')'));
        out
    }
}

fn some(id: NodeId) -> Option<NodeId> {
    (id != NIL).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::config::Limits;

    #[test]
    fn elements_come_in_the_order_of_the_document() {
        for (html, is_moved) in [
            ("<title>t</title><p>a<b>b</b><p>c<table><tr><td>d</table>", false),
            ("<p>a<table><div>before</div><tr><td>in", true),
            ("<b>a<p>b</b>c</p><i>d<div>e</i>f</div>", true),
            ("<template><p>a</template><p>b<svg><g></svg><i>", true),
        ] {
            let dom = parse(html, &Limits::default());
            let walked = dom.descendants(Dom::ROOT).filter_map(|id| match dom.piece(id) {
                Some(Piece::Element(tag)) => Some((id, tag)),
                _ => None,
            });
            let walked: Vec<_> = walked.collect();
            assert!(dom.elements().eq(walked.iter().copied()), "{html}");
            // Which way they come is for speed alone; both ways are here.
            assert_eq!(dom.was_moved || dom.first_child(Dom::LIMBO).is_some(), is_moved, "{html}");
        }
    }
}
