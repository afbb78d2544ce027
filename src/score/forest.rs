//! Trees to sums, many rows at once.
//!
//! The rows of a batch are neighbours on a page and go the same way through most of a tree. So each tree is walked once
//! for all of them: of most nodes the lowest and the highest value of a column tell where all rows go. Where they part,
//! the rows on each side are a set of bits, and the column is held against the threshold side by side, which compilers
//! turn into vector instructions.
//!
//! Every row gets the leaves of its own walk, in the order of the trees: the sum is the same to the last bit.

use super::model::{Model, Tree};

/// Rows of a batch.
pub(super) const LANES: usize = 16;

/// Some of a batch's rows, a bit each.
type Rows = u32;

/// Rows that go through the trees together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The values of each column.
    columns: Vec<[f32; LANES]>,
    /// The lowest and the highest value of each column.
    lowest: Vec<f32>,
    highest: Vec<f32>,
    rows: usize,
    /// Nodes that are yet to be gone to, with the rows that take them.
    open: Vec<(i16, Rows)>,
}

impl Batch {
    /// Starts a batch of rows of so many columns.
    pub(super) fn start(&mut self, width: usize) {
        self.columns.resize(width, [0.0; LANES]);
        for (bounds, none) in [(&mut self.lowest, f32::INFINITY), (&mut self.highest, f32::NEG_INFINITY)] {
            bounds.clear();
            bounds.resize(width, none);
        }
        self.rows = 0;
    }

    /// Adds a row; there is room for [`LANES`].
    pub(super) fn push(&mut self, row: &[f32]) {
        let lane = self.rows % LANES;
        for (column, value) in self.columns.iter_mut().zip(row) {
            column[lane] = *value;
        }
        for (lowest, value) in self.lowest.iter_mut().zip(row) {
            *lowest = if *value < *lowest { *value } else { *lowest };
        }
        for (highest, value) in self.highest.iter_mut().zip(row) {
            *highest = if *value > *highest { *value } else { *highest };
        }
        self.rows += 1;
    }

    /// Appends the model's sum of each row.
    pub(super) fn sums(&mut self, model: &Model, sums: &mut Vec<f32>) {
        let mut ends = [model.start; LANES];
        for tree in &model.trees {
            self.walk(tree, &mut ends);
        }
        sums.extend_from_slice(&ends[..self.rows]);
    }

    /// Adds to each row's sum the leaf in which it ends.
    fn walk(&mut self, tree: &Tree, sums: &mut [f32; LANES]) {
        let (mut at, mut rows) = (tree.root(), Rows::MAX >> (Rows::BITS as usize - self.rows));
        loop {
            while let Ok(node) = usize::try_from(at) {
                let node = &tree.nodes[node];
                let feature = usize::from(node.feature);
                at = if self.highest[feature] <= node.threshold {
                    node.left
                } else if self.lowest[feature] > node.threshold {
                    node.right
                } else {
                    let above = rows & above(&self.columns[feature], node.threshold);
                    if above == 0 {
                        node.left
                    } else {
                        if above != rows {
                            self.open.push((node.left, rows & !above));
                        }
                        rows = above;
                        node.right
                    }
                };
            }
            let leaf = tree.leaves[!at as usize];
            for (lane, sum) in sums.iter_mut().enumerate() {
                *sum += if rows & 1 << lane == 0 { 0.0 } else { leaf };
            }
            let Some(next) = self.open.pop() else { return };
            (at, rows) = next;
        }
    }
}

/// The rows whose value is above a threshold.
#[inline]
fn above(values: &[f32; LANES], threshold: f32) -> Rows {
    let bit = |(lane, value): (usize, &f32)| Rows::from(*value > threshold) << lane;
    values.iter().enumerate().map(bit).fold(0, |rows, bit| rows | bit)
}

#[cfg(test)]
mod tests {
    use super::super::Models;
    use super::super::model::Node;
    use super::*;

    fn sums(model: &Model, rows: &[Vec<f32>]) -> Vec<f32> {
        let (mut batch, mut sums) = (Batch::default(), Vec::new());
        batch.start(rows[0].len());
        for row in rows {
            batch.push(row);
        }
        batch.sums(model, &mut sums);
        sums
    }

    #[test]
    fn sums_are_those_of_each_row_alone() {
        let model = Models::html().first;
        let nodes = || model.trees.iter().flat_map(|tree| &tree.nodes);
        let width = 1 + nodes().map(|node| usize::from(node.feature)).max().unwrap_or(0);
        // Values on, below and above the thresholds.
        let thresholds: Vec<f32> = nodes().map(|node| node.threshold).collect();
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize
        };
        for count in [1, 5, LANES] {
            let mut value = || thresholds[next() % thresholds.len()] + [0.0, -1.0, 1.0][next() % 3];
            let rows: Vec<Vec<f32>> = (0..count).map(|_| (0..width).map(|_| value()).collect()).collect();
            let alone: Vec<f32> = rows.iter().map(|row| model.sum(row)).collect();
            assert_eq!(sums(&model, &rows), alone);
        }
    }

    #[test]
    fn trees_of_any_shape() {
        // A list: each node has a leaf on its left.
        let length = 100;
        let node = |at: i16| Node {
            threshold: f32::from(at),
            feature: 0,
            left: !at,
            value: 0.0,
            right: if at + 1 == length { !length } else { at + 1 },
        };
        let list = Tree {
            nodes: (0..length).map(node).collect(),
            leaves: (0..=length).map(|leaf| f32::from(leaf) + 0.5).collect(),
        };
        let lone = Tree { nodes: Vec::new(), leaves: vec![1000.0] };
        let model = Model::of(0.0, vec![lone, list]);
        let rows: Vec<Vec<f32>> = (0..=length).map(|row| vec![f32::from(row)]).collect();
        let ends: Vec<f32> = rows.chunks(LANES).flat_map(|rows| sums(&model, rows)).collect();
        assert_eq!(ends, (0..=length).map(|row| 1000.5 + f32::from(row)).collect::<Vec<_>>());
    }
}
