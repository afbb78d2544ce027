//! Names of elements as bits: most selectors are seen not to match without a look at the tree.
//!
//! In come ids, classes and tags, out comes whether an element, or any of those around it, may have those that a
//! selector asks for. A stage of its own because both sheets and the walk through the tree keep such sets. It never
//! says no where the answer is yes; a yes is checked by [`matches`](super::selector::matches).

use std::ops::Range;

use crate::parse::{Attr, Dom, NodeId};

/// An element and those around it, each with the hashes of those of its names that some selector asks for: what
/// selectors are held against.
#[derive(Debug, Default)]
pub(super) struct Trail<'a> {
    /// From the outermost on.
    elements: Vec<Step>,
    hashes: Vec<u32>,
    /// The names themselves; nothing for tags.
    words: Vec<&'a str>,
}

/// An element of a trail.
#[derive(Debug)]
struct Step {
    id: NodeId,
    /// Where its names begin.
    first: u32,
    likeness: u64,
    /// Which names it has, by their low bits: most names that are asked for are on other elements.
    bits: u64,
}

impl<'a> Trail<'a> {
    /// Goes into an element; returns its names that are asked for. Elements of which all these names, the values of
    /// these attributes and all of that around them are the same have the same [`likeness`](Self::likeness).
    pub(super) fn enter(
        &mut self,
        dom: &'a Dom,
        id: NodeId,
        asks_for: impl Fn(u32) -> bool,
        attrs: &[Attr],
    ) -> Names {
        let first = self.hashes.len();
        each_name(dom, id, |name, word| {
            if asks_for(name) {
                self.hashes.push(name);
                self.words.push(word);
            }
        });
        let mut names = Names::default();
        let around = self.elements.last().map_or(crate::hash::SEED, |step| step.likeness);
        let mix =
            |likeness: u64, part: u64| (likeness.rotate_left(23) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let (mut likeness, mut bits) = (mix(around, 1), 0);
        for &name in &self.hashes[first..] {
            names.insert(name);
            likeness = mix(likeness, name.into());
            bits |= 1 << (name % 64);
        }
        for &attr in attrs {
            likeness = mix(likeness, dom.attr(id, attr).map_or(0, |value| crate::hash::of(value.as_bytes())));
        }
        self.elements.push(Step { id, first: first as u32, likeness, bits });
        names
    }

    /// A hash that the innermost element has in common with others that no selector tells from it.
    pub(super) fn likeness(&self) -> u64 {
        self.elements.last().map_or(0, |step| step.likeness)
    }

    /// Leaves the innermost element.
    pub(super) fn leave(&mut self) {
        if let Some(step) = self.elements.pop() {
            self.hashes.truncate(step.first as usize);
            self.words.truncate(step.first as usize);
        }
    }

    /// How many elements there are.
    pub(super) fn len(&self) -> usize {
        self.elements.len()
    }

    /// The element at this depth.
    pub(super) fn element(&self, depth: usize) -> NodeId {
        self.elements[depth].id
    }

    /// The hashes of those names of the element at this depth that are asked for: id, classes, tag.
    pub(super) fn names(&self, depth: usize) -> &[u32] {
        &self.hashes[self.range(depth)]
    }

    /// The same of the innermost one.
    pub(super) fn innermost(&self) -> &[u32] {
        self.elements.last().map_or(&[], |step| &self.hashes[step.first as usize..])
    }

    /// Whether the element at this depth may have a name with this hash; where it has, it may.
    #[inline]
    pub(super) fn may_have(&self, depth: usize, name: u32) -> bool {
        self.elements[depth].bits >> (name % 64) & 1 == 1
    }

    /// Whether the element at this depth has a name, which has this hash.
    pub(super) fn has(&self, depth: usize, name: u32, word: &str) -> bool {
        let range = self.range(depth);
        self.hashes[range.clone()]
            .iter()
            .zip(&self.words[range])
            .any(|(hash, own)| *hash == name && *own == word)
    }

    fn range(&self, depth: usize) -> Range<usize> {
        let end = self.elements.get(depth + 1).map_or(self.hashes.len(), |step| step.first as usize);
        self.elements[depth].first as usize..end
    }
}

/// Hands on the hashes of an element's names, and the names themselves but for the tag's: id, classes, tag.
pub(super) fn each_name<'a>(dom: &'a Dom, id: NodeId, mut each: impl FnMut(u32, &'a str)) {
    if let Some(name) = dom.attr(id, Attr::Id) {
        let name = name.trim();
        each(hash(b'#', name.as_bytes()), name);
    }
    for class in dom.attr(id, Attr::Class).unwrap_or_default().split_ascii_whitespace() {
        each(hash(b'.', class.as_bytes()), class);
    }
    each(hash(b'<', &[dom.tag(id) as u8]), "");
}

/// All names of a page's elements, or of its rules: most of either are not among the other.
#[derive(Debug, Default)]
pub(super) struct AllNames(Vec<u64>);

impl AllNames {
    /// Bits of the set. Real pages have up to some thousand names.
    const BITS: usize = 1 << 16;

    pub(super) fn insert(&mut self, name: u32) {
        self.0.resize(Self::BITS / 64, 0);
        let bit = (name ^ name >> 16) as usize % Self::BITS;
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    /// Whether the name may be there; one that was put in always is.
    pub(super) fn may_have(&self, name: u32) -> bool {
        let bit = (name ^ name >> 16) as usize % Self::BITS;
        self.0.get(bit / 64).is_some_and(|bits| bits >> (bit % 64) & 1 == 1)
    }
}

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

/// A hash of a name; ids, classes and tags have a kind each.
pub(super) fn hash(kind: u8, name: &[u8]) -> u32 {
    (crate::hash::of_many(kind.into(), name) >> 32) as u32
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
        let names = Trail::default().enter(&dom, p, |_| true, &[]);
        let has = |asked: &[u32]| names.may_have(Asked::of(asked.iter().copied()));
        assert!(has(&[]));
        assert!(has(&[hash(b'#', b"i"), hash(b'.', b"a"), hash(b'<', &[Tag::P as u8])]));
        assert!(has(&[hash(b'.', b"b")]));
        let others = (0..1000_u32).filter(|number| has(&[hash(b'.', number.to_string().as_bytes())])).count();
        assert!(others < 20, "{others}");
    }
}
