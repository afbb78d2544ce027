//! Names of elements as bits: most selectors are seen not to match without a look at the tree.
//!
//! In come ids, classes and tags, out comes whether an element, or any of those around it, may have those that a
//! selector asks for. A stage of its own because both sheets and the walk through the tree keep such sets. It never
//! says no where the answer is yes; a yes is checked by [`matches`](super::selector::matches).

use crate::parse::{Attr, Dom, NodeId};

/// Bits of a set. Real elements stand inside some fifty names.
const BITS: usize = 1024;

/// Names that a selector is remembered by; the rest is not looked at.
const ASKED: usize = 3;

/// A set of names.
#[derive(Debug, Clone)]
pub(super) struct Names([u64; BITS / 64]);

impl Default for Names {
    fn default() -> Self {
        Self([0; BITS / 64])
    }
}

impl Names {
    /// The names of an element.
    pub(super) fn of(dom: &Dom, id: NodeId) -> Self {
        let mut names = Self::default();
        if let Some(name) = dom.attr(id, Attr::Id) {
            names.insert(hash(b'#', name.trim().as_bytes()));
        }
        for class in dom.attr(id, Attr::Class).unwrap_or_default().split_ascii_whitespace() {
            names.insert(hash(b'.', class.as_bytes()));
        }
        names.insert(hash(b'<', &[dom.tag(id) as u8]));
        names
    }

    fn insert(&mut self, name: u32) {
        let bit = bit(name);
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    /// Adds the names of another set.
    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own |= other);
    }

    /// Whether all of these names may be in the set; one that was put into it always is.
    pub(super) fn may_have(&self, asked: Asked) -> bool {
        asked.0.iter().all(|&bit| bit == NONE || self.0[usize::from(bit) / 64] >> (bit % 64) & 1 == 1)
    }
}

/// In the place of a bit where nothing is asked.
const NONE: u16 = u16::MAX;

/// Some names that must all be there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked([u16; ASKED]);

impl Asked {
    pub(super) fn of(names: impl Iterator<Item = u32>) -> Self {
        let mut asked = [NONE; ASKED];
        asked.iter_mut().zip(names).for_each(|(slot, name)| *slot = bit(name) as u16);
        Self(asked)
    }
}

fn bit(name: u32) -> usize {
    (name ^ name >> 16) as usize % BITS
}

/// FNV-1a of a name; ids, classes and tags have a kind each.
pub(super) fn hash(kind: u8, name: &[u8]) -> u32 {
    let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    name.iter().copied().fold(step(0x811C_9DC5, kind), step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Limits;
    use crate::parse::{self, Tag};

    #[test]
    fn names_put_in_are_found_and_few_others() {
        let dom = parse::parse("<p id=' i ' class='a  b'>", &Limits::default());
        let p = dom.descendants(Dom::ROOT).last().expect("has elements");
        let names = Names::of(&dom, p);
        let has = |asked: &[u32]| names.may_have(Asked::of(asked.iter().copied()));
        assert!(has(&[]));
        assert!(has(&[hash(b'#', b"i"), hash(b'.', b"a"), hash(b'<', &[Tag::P as u8])]));
        assert!(has(&[hash(b'.', b"b")]));
        let others = (0..1000_u32).filter(|number| has(&[hash(b'.', number.to_string().as_bytes())])).count();
        assert!(others < 20, "{others}");
    }
}
