//! Trees to sums, many rows at once.
//!
//! The rows of a batch are neighbours on a page and go the same way through most of a tree. So each tree is walked once
//! for all of them: of most nodes the lowest and the highest value of a column tell where all rows go. Where they part,
//! the rows on each side are a set of bits, and the column is held against the threshold side by side, which compilers
//! turn into vector instructions.
//!
//! Every row gets the leaves of its own walk, in the order of the trees: the sum is the same to the last bit.

use super::model::{Model, Tree};
use crate::features::Row;

/// Rows of a batch.
pub(super) const LANES: usize = 16;

/// Some of a batch's rows, a bit each; see [`bit`].
type Rows = u32;

/// The bit of a row. The lowest one is left out: it is what a comparison gives, so that compilers make the first row a
/// case of its own and do not look at all of them in one step.
const fn bit(lane: usize) -> Rows {
    2 << lane
}

/// A column of a batch.
#[derive(Clone, Copy, Debug)]
struct Column {
    lowest: f32,
    highest: f32,
    values: [f32; LANES],
}

impl Column {
    fn of(value: f32) -> Self {
        Self { lowest: value, highest: value, values: [value; LANES] }
    }

    /// Takes the bounds of the values. Values of rows that are not there widen them at worst.
    #[inline]
    fn bound(&mut self) {
        self.lowest = best(&self.values, |one, other| one < other);
        self.highest = best(&self.values, |one, other| one > other);
    }
}

/// The value that is better than all others. Halves are held against each other, which takes few steps.
#[inline]
fn best(values: &[f32; LANES], is_better: impl Fn(f32, f32) -> bool) -> f32 {
    let pick = |one: f32, other: f32| if is_better(other, one) { other } else { one };
    let half: [f32; LANES / 2] = std::array::from_fn(|at| pick(values[at], values[at + LANES / 2]));
    let quarter: [f32; LANES / 4] = std::array::from_fn(|at| pick(half[at], half[at + LANES / 4]));
    quarter.into_iter().fold(quarter[0], pick)
}

/// Rows that go through the trees together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    columns: Vec<Column>,
    /// How many columns each row has to itself: the first ones.
    own: usize,
    rows: usize,
    /// Nodes that are yet to be gone to, with the rows that take them.
    open: Vec<(i16, Rows)>,
}

impl Batch {
    /// Starts a page, whose rows have so many columns of their own and share what comes behind them.
    pub(super) fn start(&mut self, own: usize, shared: &[f32]) {
        self.columns.clear();
        self.columns.resize(own, Column::of(0.0));
        self.columns.extend(shared.iter().map(|&value| Column::of(value)));
        self.own = own;
    }

    /// Empties the batch for the next rows of the page.
    pub(super) fn clear(&mut self) {
        self.rows = 0;
    }

    /// Adds a row, which is yet to be filled; there is room for [`LANES`].
    pub(super) fn push(&mut self) -> Lane<'_> {
        let lane = self.rows % LANES;
        self.rows += 1;
        Lane { columns: &mut self.columns[..self.own], lane }
    }

    /// Appends the model's sum of each row.
    pub(super) fn sums(&mut self, model: &Model, sums: &mut Vec<f32>) {
        self.columns[..self.own].iter_mut().for_each(Column::bound);
        let mut ends = [model.start; LANES];
        for tree in &model.trees {
            self.walk(tree, &mut ends);
        }
        sums.extend_from_slice(&ends[..self.rows]);
    }

    /// Adds to each row's sum the leaf in which it ends.
    fn walk(&mut self, tree: &Tree, sums: &mut [f32; LANES]) {
        let (mut at, mut rows) = (tree.root(), bit(self.rows) - bit(0));
        loop {
            while let Ok(node) = usize::try_from(at) {
                let node = &tree.nodes[node];
                let column = &self.columns[usize::from(node.feature)];
                at = if column.highest <= node.threshold {
                    node.left
                } else if column.lowest > node.threshold {
                    node.right
                } else {
                    let above = rows & above(&column.values, node.threshold);
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
                *sum += if rows & bit(lane) == 0 { 0.0 } else { leaf };
            }
            let Some(next) = self.open.pop() else { return };
            (at, rows) = next;
        }
    }
}

/// A row of a batch that is being filled: its place in each column that is yet to come.
pub(super) struct Lane<'a> {
    columns: &'a mut [Column],
    lane: usize,
}

impl Row for Lane<'_> {
    #[inline]
    fn push<const N: usize>(&mut self, values: [f32; N]) {
        let columns = std::mem::take(&mut self.columns);
        let (own, rest) = columns.split_first_chunk_mut().expect("a batch has a column for each feature");
        let own: &mut [Column; N] = own;
        for (column, value) in own.iter_mut().zip(values) {
            column.values[self.lane % LANES] = value;
        }
        self.columns = rest;
    }
}

/// The rows whose value is above a threshold.
#[inline]
fn above(values: &[f32; LANES], threshold: f32) -> Rows {
    let above: [Rows; LANES] =
        std::array::from_fn(|lane| if values[lane] > threshold { bit(lane) } else { 0 });
    above.into_iter().fold(0, |rows, row| rows | row)
}

#[cfg(test)]
mod tests {
    use super::super::Models;
    use super::super::model::Node;
    use super::*;

    fn sums(model: &Model, rows: &[Vec<f32>]) -> Vec<f32> {
        let (mut batch, mut sums) = (Batch::default(), Vec::new());
        // The last column is the same in all rows.
        let (shared, own) = rows[0].split_last().expect("rows have columns");
        batch.start(own.len(), &[*shared]);
        batch.clear();
        for row in rows {
            let mut lane = batch.push();
            row[..own.len()].iter().for_each(|value| lane.push([*value]));
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
            let shared = value();
            let mut row = || (0..width - 1).map(|_| value()).chain([shared]).collect();
            let rows: Vec<Vec<f32>> = (0..count).map(|_| row()).collect();
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
        let rows: Vec<Vec<f32>> = (0..=length).map(|row| vec![f32::from(row), 0.0]).collect();
        let ends: Vec<f32> = rows.chunks(LANES).flat_map(|rows| sums(&model, rows)).collect();
        assert_eq!(ends, (0..=length).map(|row| 1000.5 + f32::from(row)).collect::<Vec<_>>());
    }
}
