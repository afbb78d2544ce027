//! Attribute lists that are used again.
//!
//! html5ever passes a tag's attributes as a vector. The sink hands each one back when it has read it, and the next
//! tag gets it, so that a tag costs no allocation.

use std::cell::RefCell;

use html5ever::Attribute;

/// Lists that wait for the next tag; few are ever under way.
const MOST: usize = 16;

/// Attributes of room that a list may keep.
const MOST_ROOM: usize = 256;

/// Empty attribute lists.
#[derive(Debug, Default)]
pub(super) struct Pool(RefCell<Vec<Vec<Attribute>>>);

impl Pool {
    /// An empty list, with room if there is one.
    pub(super) fn take(&self) -> Vec<Attribute> {
        self.0.borrow_mut().pop().unwrap_or_default()
    }

    /// Takes a list back.
    pub(super) fn put(&self, mut list: Vec<Attribute>) {
        let mut lists = self.0.borrow_mut();
        if (1..=MOST_ROOM).contains(&list.capacity()) && lists.len() < MOST {
            list.clear();
            lists.push(list);
        }
    }
}
