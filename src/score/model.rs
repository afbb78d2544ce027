//! A sum of regression trees, and its file format.
//!
//! A file is: the hash of the names of the features (8 bytes), the number of trees (u32), the sum's start (f32), the
//! unit of values (f32); then for each tree the number of inner nodes (u16) and its inner nodes, 12 bytes each:
//! feature (u16), left and right child (i16; a leaf is its index, inverted), the node's own value (i16, in units),
//! threshold (f32); then its leaves (i16, in units), one more than inner nodes. All little-endian.

/// An inner node: rows with `feature <= threshold` go left.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) threshold: f32,
    pub(super) feature: u16,
    /// Index of an inner node, or inverted that of a leaf.
    pub(super) left: i16,
    pub(super) right: i16,
    /// The sum's step if the walk ended here: only explanations need it.
    pub(super) value: f32,
}

#[derive(Debug)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) leaves: Vec<f32>,
}

/// A trained model.
#[derive(Debug)]
pub(crate) struct Model {
    #[cfg_attr(not(test), expect(dead_code, reason = "a test compares it with the feature list"))]
    columns: u64,
    pub(super) start: f32,
    pub(super) trees: Vec<Tree>,
}

impl Model {
    /// Reads weights that are part of the program.
    pub(super) fn decode(mut bytes: &[u8]) -> Self {
        Self::decode_next(&mut bytes)
    }

    /// Reads the first of several models and moves on to the next.
    pub(crate) fn decode_next(bytes: &mut &[u8]) -> Self {
        let mut reader = Reader { bytes };
        let columns = u64::from_le_bytes(reader.take());
        let trees = u32::from_le_bytes(reader.take());
        let start = reader.float();
        let unit = reader.float();
        let trees = (0..trees).map(|_| Tree::decode(&mut reader, unit)).collect();
        *bytes = reader.bytes;
        Self { columns, start, trees }
    }

    #[cfg(test)]
    pub(super) fn of(start: f32, trees: Vec<Tree>) -> Self {
        Self { columns: 0, start, trees }
    }

    /// The sum of the trees over one row.
    pub(crate) fn sum(&self, row: &[f32]) -> f32 {
        self.trees.iter().fold(self.start, |sum, tree| sum + tree.value(row))
    }

    /// The hash of the names of the columns that it reads.
    #[cfg(test)]
    pub(crate) fn columns(&self) -> u64 {
        self.columns
    }
}

impl Tree {
    fn decode(reader: &mut Reader<'_>, unit: f32) -> Self {
        let inner = u16::from_le_bytes(reader.take());
        let nodes = (0..inner).map(|_| Node {
            feature: u16::from_le_bytes(reader.take()),
            left: reader.short(),
            right: reader.short(),
            value: f32::from(reader.short()) * unit,
            threshold: reader.float(),
        });
        let nodes = nodes.collect();
        Self { nodes, leaves: (0..=inner).map(|_| f32::from(reader.short()) * unit).collect() }
    }

    /// Where walks start: the first inner node, or the only leaf.
    pub(super) fn root(&self) -> i16 {
        if self.nodes.is_empty() { !0 } else { 0 }
    }

    /// The leaf in which a row ends.
    fn value(&self, row: &[f32]) -> f32 {
        let mut at = self.root();
        while at >= 0 {
            let node = &self.nodes[at as usize];
            at = if row[node.feature as usize] <= node.threshold { node.left } else { node.right };
        }
        self.leaves[!at as usize]
    }
}

/// Takes numbers off the front of a slice. The bytes are the program's own, so running short is a build error that
/// the tests find.
struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (head, rest) = self.bytes.split_first_chunk().expect("weights are complete");
        self.bytes = rest;
        *head
    }

    fn short(&mut self) -> i16 {
        i16::from_le_bytes(self.take())
    }

    fn float(&mut self) -> f32 {
        f32::from_le_bytes(self.take())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Models;
    use crate::features::{columns, context_columns};

    fn hash(columns: &[(String, &str)]) -> u64 {
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        crate::hash::of(names.join("\n").as_bytes())
    }

    #[test]
    fn weights_belong_to_the_feature_list() {
        for Models { first, context } in [Models::html(), Models::text()] {
            for (model, list) in [(first, columns()), (context, context_columns())] {
                assert_eq!(
                    model.columns,
                    hash(&list),
                    "the features have changed: train again, see training/README.md"
                );
                assert!(
                    model.trees.iter().flat_map(|t| &t.nodes).all(|n| usize::from(n.feature) < list.len())
                );
            }
        }
    }

    #[test]
    fn children_come_after_their_parents() {
        // So that every walk ends at a leaf.
        let models = [Models::html(), Models::text()].map(|models| [models.first, models.context]);
        for tree in models.iter().flatten().flat_map(|model| &model.trees) {
            for (index, node) in tree.nodes.iter().enumerate() {
                for child in [node.left, node.right] {
                    let inside = child < 0 && usize::from(!child as u16) < tree.leaves.len();
                    assert!(inside || child as usize > index && (child as usize) < tree.nodes.len());
                }
            }
        }
    }

    #[test]
    fn the_weights_are_small() {
        let weights: [&[u8]; 5] = [
            include_bytes!("html.weights"),
            include_bytes!("html-context.weights"),
            include_bytes!("text.weights"),
            include_bytes!("text-context.weights"),
            include_bytes!("../kind/kind.weights"),
        ];
        assert!(weights.iter().map(|bytes| bytes.len()).sum::<usize>() <= 200_000);
    }
}
