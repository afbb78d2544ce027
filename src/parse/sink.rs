//! Where html5ever's tree builder writes to.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName, local_name, ns};

use super::dom::{Data, Dom, NIL, NodeId};
use super::vocabulary::{Attr, Tag};
use crate::config::Limits;

/// Fills a [`Dom`]; the tree builder calls it through shared references.
pub(super) struct Sink {
    dom: RefCell<Dom>,
    max_nodes: usize,
}

/// A node and the name by which the tree builder asks for it.
#[derive(Clone, Debug)]
pub(super) struct Handle {
    id: NodeId,
    ns: Namespace,
    local: LocalName,
}

impl Handle {
    fn unnamed(id: NodeId) -> Self {
        Self { id, ns: ns!(), local: local_name!("") }
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

impl Sink {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { dom: RefCell::new(Dom::new()), max_nodes: limits.max_nodes }
    }

    /// Where a full tree puts what it has no room for: a node that nothing leads to.
    fn push(&self, data: Data) -> NodeId {
        let mut dom = self.dom.borrow_mut();
        dom.met_nodes |= dom.nodes.len() >= self.max_nodes;
        dom.push(data)
    }

    fn text(&self, before: NodeId, text: &str, insert: impl FnOnce(&mut Dom, NodeId)) {
        let mut guard = self.dom.borrow_mut();
        let dom = &mut *guard;
        if dom.met_nodes {
            return;
        }
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
        let last = {
            let dom = self.dom.borrow();
            if keeps_no_text(&dom, parent) {
                return;
            }
            dom.nodes[parent as usize].last
        };
        self.text(last, text, |dom, id| dom.append(parent, id));
    }
}

/// Scripts are not text; structured data is.
fn keeps_no_text(dom: &Dom, parent: NodeId) -> bool {
    let is_json = |kind: &str| kind.trim().eq_ignore_ascii_case("application/ld+json");
    dom.tag(parent) == Tag::Script && !dom.attr(parent, Attr::Type).is_some_and(is_json)
}

fn push_attrs(dom: &mut Dom, attrs: &[Attribute]) {
    for attr in attrs {
        if let Some(name) = Attr::from_name(&attr.name.local) {
            let start = dom.values.len() as u32;
            dom.values.push_str(&attr.value);
            let end = dom.values.len() as u32;
            dom.attrs.push((name, start..end));
        }
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Dom;
    type ElemName<'a> = Name<'a>;

    fn finish(self) -> Dom {
        self.dom.into_inner()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle::unnamed(Dom::ROOT)
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> Name<'a> {
        Name(target)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _flags: ElementFlags) -> Handle {
        let range = {
            let mut dom = self.dom.borrow_mut();
            let start = dom.attrs.len() as u32;
            push_attrs(&mut dom, &attrs);
            start..dom.attrs.len() as u32
        };
        let id = self.push(Data::Element { tag: Tag::from_name(&name.local), attrs: range });
        Handle { id, ns: name.ns, local: name.local }
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
                let mut dom = self.dom.borrow_mut();
                if !dom.met_nodes {
                    dom.append(parent.id, node.id);
                }
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
        Handle::unnamed(self.push(Data::Root))
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.id == y.id
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, new_node: NodeOrText<Handle>) {
        match new_node {
            NodeOrText::AppendText(text) => {
                let prev = self.dom.borrow().nodes[sibling.id as usize].prev;
                self.text(prev, &text, |dom, id| dom.insert_before(sibling.id, id));
            }
            NodeOrText::AppendNode(node) if node.id == NIL => {}
            NodeOrText::AppendNode(node) => {
                let mut dom = self.dom.borrow_mut();
                if !dom.met_nodes {
                    dom.insert_before(sibling.id, node.id);
                }
            }
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        let mut guard = self.dom.borrow_mut();
        let dom = &mut *guard;
        let Data::Element { attrs: old, .. } = dom.nodes[target.id as usize].data.clone() else { return };
        let start = dom.attrs.len() as u32;
        dom.attrs.extend_from_within(old.start as usize..old.end as usize);
        push_attrs(dom, &attrs);
        let end = dom.attrs.len() as u32;
        if let Data::Element { attrs, .. } = &mut dom.nodes[target.id as usize].data {
            *attrs = start..end;
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        if target.id != NIL {
            self.dom.borrow_mut().detach(target.id);
        }
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut dom = self.dom.borrow_mut();
        while let Some(child) = dom.first_child(node.id) {
            dom.append(new_parent.id, child);
        }
    }
}
