//! Where html5ever's tree builder writes to.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName, local_name, ns};

use super::dom::{Data, Dom, NIL, NodeId};
use super::floor;
use super::pool::Pool;
use super::vocabulary::{Attr, Tag};

/// Bytes of a page's style sheets that are kept: rules that hide text stand in short ones.
const MAX_STYLE_BYTES: usize = 512 << 10;

/// Units of work that a copied byte of an attribute counts for; it bounds memory, too.
const VALUE_WORK: u64 = 4;

/// Units of work that it counts for to put something before a table that must not hold it.
const FOSTER_WORK: u64 = 150;

/// Fills a [`Dom`]; the tree builder calls it through shared references.
pub(super) struct Sink<'p> {
    dom: RefCell<Dom>,
    pool: &'p Pool,
    /// What the tree builder did so far: nearly every step of its loops asks for a name or compares two nodes.
    work: Cell<u64>,
    /// Elements made so far.
    created: Cell<usize>,
    style_left: Cell<usize>,
    body: Cell<NodeId>,
}

/// A node and the name by which the tree builder asks for it.
#[derive(Clone, Debug)]
pub(super) struct Handle {
    id: NodeId,
    /// Whether an element of `MathML` holds HTML.
    holds_html: bool,
    ns: Namespace,
    pub(super) local: LocalName,
}

impl Handle {
    fn unnamed(id: NodeId) -> Self {
        Self { id, holds_html: false, ns: ns!(), local: local_name!("") }
    }

    pub(super) fn is_html(&self) -> bool {
        self.ns == ns!(html)
    }
}

#[derive(Debug)]
pub(super) struct Name<'a>(&'a Handle);

impl ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl<'p> Sink<'p> {
    pub(super) fn new(mut dom: Dom, pool: &'p Pool) -> Self {
        dom.clear();
        Self {
            dom: RefCell::new(dom),
            pool,
            work: Cell::new(0),
            created: Cell::new(0),
            style_left: Cell::new(MAX_STYLE_BYTES),
            body: Cell::new(Dom::ROOT),
        }
    }

    /// Units of work so far.
    pub(super) fn work(&self) -> u64 {
        self.work.get()
    }

    /// Counts work.
    pub(super) fn charge(&self, units: u64) {
        self.work.set(self.work.get() + units);
    }

    /// Elements made so far.
    pub(super) fn created(&self) -> usize {
        self.created.get()
    }

    /// Nodes so far.
    pub(super) fn nodes(&self) -> usize {
        self.dom.borrow().nodes.len()
    }

    pub(super) fn note_depth(&self) {
        self.dom.borrow_mut().met_depth = true;
    }

    pub(super) fn note_nodes(&self) {
        self.dom.borrow_mut().met_nodes = true;
    }

    /// Adds text to the end of the body, past the tree builder.
    pub(super) fn append_to_body(&self, text: &str) {
        self.append_text(self.body.get(), text);
    }

    fn text(&self, before: NodeId, text: &str, insert: impl FnOnce(&mut Dom, NodeId)) {
        let mut guard = self.dom.borrow_mut();
        let dom = &mut *guard;
        let start = dom.text.len() as u32;
        dom.text.push_str(text);
        let end = dom.text.len() as u32;
        // Text arrives in pieces; it is one node as long as nothing else was written in between.
        if before != NIL
            && let Data::Text(range) = &mut dom.nodes[before as usize].data
            && range.end == start
        {
            range.end = end;
            return;
        }
        let id = dom.push(Data::Text(start..end));
        insert(dom, id);
    }

    fn append_text(&self, parent: NodeId, text: &str) {
        let (last, kept) = {
            let dom = self.dom.borrow();
            (dom.nodes[parent as usize].last, self.kept(&dom, parent, text))
        };
        if !kept.is_empty() {
            self.text(last, kept, |dom, id| dom.append(parent, id));
        }
    }

    /// As much of the text as the tree keeps.
    fn kept<'a>(&self, dom: &Dom, parent: NodeId, text: &'a str) -> &'a str {
        match dom.tag(parent) {
            Tag::Style => {
                let left = self.style_left.get();
                let kept = floor(text, left);
                self.style_left.set(if kept.len() < text.len() { 0 } else { left - kept.len() });
                kept
            }
            _ => text,
        }
    }

    /// Writes attributes to the tree and their list to the pool.
    fn push_attrs(&self, dom: &mut Dom, attrs: Vec<Attribute>) {
        for attr in &attrs {
            if let Some(name) = Attr::from_name(&attr.name.local) {
                let start = dom.values.len() as u32;
                dom.values.push_str(&attr.value);
                let end = dom.values.len() as u32;
                dom.attrs.push((name, start..end));
                self.charge(VALUE_WORK * attr.value.len() as u64);
            }
        }
        self.pool.put(attrs);
    }
}

impl TreeSink for Sink<'_> {
    type Handle = Handle;
    type Output = Dom;
    type ElemName<'a>
        = Name<'a>
    where
        Self: 'a;

    fn finish(self) -> Dom {
        self.dom.into_inner()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle::unnamed(Dom::ROOT)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> Name<'a> {
        self.charge(1);
        Name(target)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        let mut guard = self.dom.borrow_mut();
        let dom = &mut *guard;
        let first = dom.attrs.len();
        // Nobody asks for the attributes of a picture's strokes.
        if name.ns == ns!(html) {
            self.push_attrs(dom, attrs);
        } else {
            self.pool.put(attrs);
        }
        let tag = Tag::from_name(&name.local);
        let element = dom.element(tag, first);
        let id = dom.push(element);
        self.created.set(self.created.get() + 1);
        if tag == Tag::Body && self.body.get() == Dom::ROOT {
            self.body.set(id);
        }
        let holds_html = flags.mathml_annotation_xml_integration_point;
        Handle { id, holds_html, ns: name.ns, local: name.local }
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        Handle::unnamed(NIL)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        Handle::unnamed(NIL)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        match child {
            NodeOrText::AppendText(text) => self.append_text(parent.id, &text),
            NodeOrText::AppendNode(node) if node.id == NIL => {}
            NodeOrText::AppendNode(node) => {
                self.dom.borrow_mut().append(parent.id, node.id);
            }
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        prev_element: &Handle,
        child: NodeOrText<Handle>,
    ) {
        if self.dom.borrow().parent(element.id).is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(prev_element, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public_id: StrTendril, _system_id: StrTendril) {}

    fn get_template_contents(&self, _target: &Handle) -> Handle {
        Handle::unnamed(Dom::LIMBO)
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        self.charge(1);
        x.id == y.id
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Handle) -> bool {
        target.holds_html
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, new_node: NodeOrText<Handle>) {
        self.charge(FOSTER_WORK);
        match new_node {
            NodeOrText::AppendText(text) => {
                let prev = self.dom.borrow().nodes[sibling.id as usize].prev;
                self.text(prev, &text, |dom, id| dom.insert_before(sibling.id, id));
            }
            NodeOrText::AppendNode(node) if node.id == NIL => {}
            NodeOrText::AppendNode(node) => {
                self.dom.borrow_mut().insert_before(sibling.id, node.id);
            }
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, mut attrs: Vec<Attribute>) {
        let mut guard = self.dom.borrow_mut();
        let dom = &mut *guard;
        let tag = dom.tag(target.id);
        attrs.retain(|attr| {
            Attr::from_name(&attr.name.local).is_some_and(|name| dom.attr(target.id, name).is_none())
        });
        if attrs.is_empty() {
            return;
        }
        let first = dom.attrs.len();
        let old = dom.attrs_of(target.id).to_vec();
        dom.attrs.extend(old);
        self.push_attrs(dom, attrs);
        dom.nodes[target.id as usize].data = dom.element(tag, first);
    }

    fn remove_from_parent(&self, target: &Handle) {
        if target.id != NIL {
            self.dom.borrow_mut().detach(target.id);
        }
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut dom = self.dom.borrow_mut();
        while let Some(child) = dom.first_child(node.id) {
            self.charge(1);
            dom.append(new_parent.id, child);
        }
    }
}
