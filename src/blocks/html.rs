//! Walks a tree and feeds the builder.

use std::ops::Range;

use super::builder::{Builder, Frame};
use super::chars;
use super::visibility::Visibility;
use crate::config::Limits;
use crate::hash;
use crate::lexicon::{Concepts, Lexicon, is_disclosure, is_state};
use crate::page::{Media, Page, Role};
use crate::parse::{Attr, Dom, NodeId, Piece, Tag};

/// The page that a tree shows, and whether the limit on blocks was met.
#[cfg(test)]
pub(crate) fn from_dom(dom: &Dom, lexicon: &Lexicon, limits: &Limits) -> (Page, bool) {
    from_dom_asked(dom, lexicon, limits, &mut Asked::default())
}

/// Elements of which somebody wants to know where their text stands on the page.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// The elements, sorted.
    pub(crate) nodes: Vec<NodeId>,
    /// For each the bytes of the page's text, empty if none of it is there.
    pub(crate) texts: Vec<Range<u32>>,
}

/// The page that a tree shows, and whether the limit on blocks was met; where the text of some elements stands goes
/// to `asked`.
pub(crate) fn from_dom_asked(
    dom: &Dom,
    lexicon: &Lexicon,
    limits: &Limits,
    asked: &mut Asked,
) -> (Page, bool) {
    asked.texts = vec![0..0; asked.nodes.len()];
    let mut walk = Walk {
        asked,
        dom,
        names: Names::new(lexicon),
        visibility: Visibility::new(dom),
        builder: Builder::new(limits.max_blocks),
        rows: 0,
    };
    walk.run();
    let (mut page, met) = walk.builder.finish();
    page.media = Some(Media::Html);
    page.title = title(dom);
    (page, met)
}

/// The text of the first `title` element outside pictures.
fn title(dom: &Dom) -> String {
    let is_title = |&(id, tag): &(NodeId, Tag)| {
        tag == Tag::Title && dom.parent(id).is_some_and(|parent| dom.tag(parent) != Tag::Svg)
    };
    let found = dom.elements().find(is_title);
    let text = found.map(|(id, _)| dom.text_content(id)).unwrap_or_default();
    chars::fold_blanks(&text)
}

struct Walk<'a> {
    asked: &'a mut Asked,
    dom: &'a Dom,
    names: Names<'a>,
    visibility: Visibility<'a>,
    builder: Builder,
    /// Table rows so far.
    rows: u32,
}

impl<'a> Walk<'a> {
    /// Depth first, without recursion: pages nest as deep as they like.
    fn run(&mut self) {
        let mut at = Dom::ROOT;
        loop {
            let entered = self.enter(at);
            if entered {
                self.note(at, false);
            }
            if let (true, Some(child)) = (entered, self.dom.first_child(at)) {
                at = child;
                continue;
            }
            if entered {
                self.leave(at);
            }
            loop {
                if at == Dom::ROOT {
                    return;
                }
                if let Some(next) = self.dom.next_sibling(at) {
                    at = next;
                    break;
                }
                let Some(parent) = self.dom.parent(at) else { return };
                at = parent;
                self.leave(at);
            }
        }
    }

    /// Takes a node in; tells whether its children are wanted.
    fn enter(&mut self, id: NodeId) -> bool {
        match self.dom.piece(id) {
            None => true,
            Some(Piece::Text(text)) => {
                let preformatted = self.builder.top().layout.role == Role::Preformatted;
                self.builder.push_text(text, preformatted);
                false
            }
            Some(Piece::Element(tag)) => self.enter_element(id, tag),
        }
    }

    fn enter_element(&mut self, id: NodeId, tag: Tag) -> bool {
        match tag {
            Tag::Script => {
                if let Some(cover) = self.visibility.pass_script(id) {
                    self.builder.end_block();
                    self.builder.top().cover = cover;
                }
                return false;
            }
            _ if tag.is_dropped() => return false,
            Tag::Br | Tag::Hr => {
                let preformatted = self.builder.top().layout.role == Role::Preformatted;
                if tag == Tag::Br && preformatted {
                    self.builder.push_text("\n", true);
                } else {
                    self.builder.line_break();
                }
                return false;
            }
            Tag::Img => {
                self.builder.image();
                return false;
            }
            _ => {}
        }
        let cover = self.visibility.enter(id, tag);
        let class = self.attr(id, Attr::Class);
        let own = [class, self.attr(id, Attr::Id), self.attr(id, Attr::Role)]
            .into_iter()
            .fold(Concepts::default(), |own, names| own.union(self.names.concepts(names)));
        if tag.is_inline() {
            self.builder.open_inline(tag, self.dom.attr(id, Attr::Href), cover, own);
            return true;
        }
        let mut frame = self.builder.top().clone();
        frame.tag = tag;
        frame.own = own;
        let template = self.names.template(tag, class);
        (frame.signature, frame.kin) = (template.signature, template.kin);
        frame.within = frame.within.with(tag);
        frame.concepts = frame.concepts.union(own);
        frame.cover = cover;
        frame.discloses = cover.hides() && self.discloses(id);
        self.lay_out(id, &mut frame);
        self.builder.open(frame);
        true
    }

    fn attr(&self, id: NodeId, attr: Attr) -> &'a str {
        self.dom.attr(id, attr).unwrap_or_default()
    }

    /// Whether an element or the one around it speaks of text that a click shows.
    fn discloses(&mut self, id: NodeId) -> bool {
        let pair = [Some(id), self.dom.parent(id)];
        pair.into_iter().flatten().any(|id| {
            [Attr::Class, Attr::Id, Attr::Role].into_iter().any(|attr| {
                let names = self.attr(id, attr);
                self.names.disclose(names)
            })
        })
    }

    fn lay_out(&mut self, id: NodeId, frame: &mut Frame) {
        let layout = &mut frame.layout;
        match frame.tag {
            Tag::Pre => layout.role = Role::Preformatted,
            Tag::Blockquote => layout.quotes = layout.quotes.saturating_add(1),
            Tag::Ul | Tag::Ol | Tag::Dl => {
                layout.lists = layout.lists.saturating_add(1);
                let start = || self.dom.attr(id, Attr::Start).and_then(|start| start.trim().parse().ok());
                frame.next_item = (frame.tag == Tag::Ol).then(|| start().unwrap_or(1));
            }
            Tag::Li => {
                let list = self.builder.top();
                let number = list.next_item.unwrap_or(0);
                list.next_item = list.next_item.map(|n| n.saturating_add(1));
                layout.role = Role::Item(number);
            }
            Tag::Tr => {
                self.rows += 1;
                frame.cells = 0;
            }
            Tag::Td | Tag::Th => {
                let row = self.builder.top();
                let column = row.cells;
                row.cells = row.cells.saturating_add(1);
                layout.role = Role::Cell { row: self.rows, column, header: frame.tag == Tag::Th };
            }
            Tag::Caption | Tag::Figcaption => layout.role = Role::Caption,
            tag => {
                if let Some(level) = tag.heading() {
                    layout.role = Role::Heading(level);
                }
            }
        }
    }

    fn leave(&mut self, id: NodeId) {
        if let Some(Piece::Element(tag)) = self.dom.piece(id) {
            self.visibility.leave();
            if tag.is_inline() {
                self.builder.close_inline();
            } else {
                self.builder.close();
            }
            self.note(id, true);
        }
    }

    /// Notes where the text of an element begins or ends, if somebody asked.
    fn note(&mut self, id: NodeId, ends: bool) {
        if self.asked.nodes.is_empty() {
            return;
        }
        if let Ok(at) = self.asked.nodes.binary_search(&id) {
            let place = self.builder.text_length();
            let text = &mut self.asked.texts[at];
            *text = if ends { text.start..place.max(text.start) } else { place..place };
        }
    }
}

/// A hash of tag and class names.
fn signature(tag: Tag, class: &str) -> u32 {
    let tag = hash::step_32(hash::SEED_32, tag as u32);
    class.trim().bytes().fold(tag, |hash, byte| hash::step_32(hash, byte.into()))
}

/// What the names on a page speak of. Pages repeat a few names over and over, so the last ones are remembered.
struct Names<'a> {
    lexicon: &'a Lexicon,
    /// Names by a few bits of their hash.
    last: Vec<Known<'a>>,
    templates: Vec<Template<'a>>,
}

/// What is known of some names.
#[derive(Clone, Default)]
struct Known<'a> {
    names: &'a str,
    concepts: Concepts,
    discloses: Option<bool>,
}

/// What tells the elements of one template: a tag and class names.
#[derive(Clone, Copy)]
struct Template<'a> {
    tag: Tag,
    class: &'a str,
    /// A hash of both.
    signature: u32,
    /// The same without class names that tell a state, 0 if there are no others.
    kin: u32,
}

impl<'a> Template<'a> {
    fn of(tag: Tag, class: &'a str) -> Self {
        Self { tag, class, signature: signature(tag, class), kin: kin(tag, class) }
    }
}

impl<'a> Names<'a> {
    const SLOTS: usize = 256;

    fn new(lexicon: &'a Lexicon) -> Self {
        let templates = vec![Template::of(Tag::Other, ""); Self::SLOTS];
        Self { lexicon, last: vec![Known::default(); Self::SLOTS], templates }
    }

    fn known(&mut self, names: &'a str) -> &mut Known<'a> {
        let slot = &mut self.last[slot(names.as_bytes()) as usize % Self::SLOTS];
        if slot.names != names {
            *slot = Known { names, concepts: self.lexicon.concepts(names), discloses: None };
        }
        slot
    }

    fn concepts(&mut self, names: &'a str) -> Concepts {
        if names.is_empty() { Concepts::default() } else { self.known(names).concepts }
    }

    /// Whether names speak of text that a click shows.
    fn disclose(&mut self, names: &'a str) -> bool {
        !names.is_empty() && *self.known(names).discloses.get_or_insert_with(|| is_disclosure(names))
    }

    fn template(&mut self, tag: Tag, class: &'a str) -> Template<'a> {
        let slot = &mut self.templates[(slot(class.as_bytes()) as usize + tag as usize) % Self::SLOTS];
        if slot.tag != tag || slot.class != class {
            *slot = Template::of(tag, class);
        }
        *slot
    }
}

/// Where names are remembered: their length, beginning and end tell nearly all of a page's names apart.
fn slot(names: &[u8]) -> u8 {
    let word = |bytes: Option<&[u8; 8]>| bytes.map(|bytes| u64::from_le_bytes(*bytes));
    let short = || hash::of(names);
    let first = word(names.first_chunk()).unwrap_or_else(short);
    let last = word(names.last_chunk()).unwrap_or(0);
    let mixed = (first ^ last.rotate_left(29) ^ names.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 56) as u8
}

/// A hash of the class names that tell a kind and not a state, 0 if there are none.
fn kin(tag: Tag, class: &str) -> u32 {
    let kinds = class.split_ascii_whitespace().filter(|class| !is_state(class));
    kinds.fold(0, |sum, class| sum ^ signature(tag, class))
}
