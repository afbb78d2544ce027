//! Trees to sums, many rows at once, and without a walk.
//!
//! A row whose value is above a node's threshold goes right: its walk ends in none of the leaves on the left. So whatever
//! nodes a walk meets, its leaf is the first one, from left to right, that no node of the tree has ruled out for the row
//! (`QuickScorer`, Lucchese and others, 2015). Nodes come by feature and threshold instead of by tree, and no branch
//! depends on a single row. The rows of a batch are neighbours on a page, so that most nodes rule out the same leaves for
//! all of them or none for any; what all rows of a page share is asked once a page.
//!
//! Every row gets the leaves of its own walk, in the order of the trees: the sum is the same to the last bit.

use std::ops::Range;

use super::model::{Model, Tree};
use crate::features::Row;

/// Rows of a batch.
pub(super) const LANES: usize = 16;

/// Some of a tree's leaves, a bit each, the leftmost in the lowest one.
type Leaves = u32;

/// Leaves of a tree at most.
const MAX_LEAVES: usize = Leaves::BITS as usize;

/// A model, by feature.
#[derive(Debug)]
pub(super) struct Forest {
    start: f32,
    /// By feature, then by threshold.
    nodes: Vec<Node>,
    /// The features that nodes ask for, in order, with their nodes.
    features: Vec<(usize, Range<usize>)>,
    /// The values of each tree's leaves.
    leaves: Vec<[f32; MAX_LEAVES]>,
}

/// An inner node of a tree.
#[derive(Clone, Copy, Debug)]
struct Node {
    feature: u16,
    tree: u16,
    threshold: f32,
    /// All leaves but those on its left.
    rest: Leaves,
}

impl Forest {
    pub(super) fn new(model: &Model) -> Self {
        let mut nodes = Vec::new();
        let leaves = model.trees.iter().enumerate().map(|(number, tree)| {
            let mut values = Vec::new();
            take_apart(tree, tree.root(), number as u16, &mut nodes, &mut values);
            values.resize(MAX_LEAVES, 0.0);
            values.try_into().expect("a tree has no more leaves than that")
        });
        let leaves = leaves.collect();
        nodes.sort_by(|a, b| a.feature.cmp(&b.feature).then(a.threshold.total_cmp(&b.threshold)));
        let mut end = 0;
        let range = |nodes: &[Node]| {
            end += nodes.len();
            (usize::from(nodes[0].feature), end - nodes.len()..end)
        };
        let features = nodes.chunk_by(|a, b| a.feature == b.feature).map(range).collect();
        Self { start: model.start, nodes, features, leaves }
    }
}

/// Adds what is below a child, leaves from left to right; returns its leaves.
fn take_apart(tree: &Tree, child: i16, number: u16, nodes: &mut Vec<Node>, values: &mut Vec<f32>) -> Leaves {
    let Ok(inner) = usize::try_from(child) else {
        values.push(tree.leaves[!child as usize]);
        return 1 << (values.len() - 1);
    };
    let node = &tree.nodes[inner];
    let left = take_apart(tree, node.left, number, nodes, values);
    let right = take_apart(tree, node.right, number, nodes, values);
    nodes.push(Node { feature: node.feature, tree: number, threshold: node.threshold, rest: !left });
    left | right
}

/// Rows that are summed together.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The columns that rows have to themselves.
    columns: Vec<[f32; LANES]>,
    rows: usize,
    /// For each tree what the columns that all rows of the page share leave of its leaves.
    shared: Vec<Leaves>,
    /// What is left for all rows of the batch, and for each of them.
    common: Vec<Leaves>,
    left: Vec<[Leaves; LANES]>,
}

impl Batch {
    /// Starts a page, whose rows have so many columns of their own and share what comes behind them.
    pub(super) fn start(&mut self, forest: &Forest, own: usize, shared: &[f32]) {
        self.columns.clear();
        self.columns.resize(own, [0.0; LANES]);
        self.shared.clear();
        self.shared.resize(forest.leaves.len(), Leaves::MAX);
        for (feature, nodes) in &forest.features {
            let Some(&value) = feature.checked_sub(own).and_then(|at| shared.get(at)) else { continue };
            for node in forest.nodes[nodes.clone()].iter().take_while(|node| value > node.threshold) {
                self.shared[usize::from(node.tree)] &= node.rest;
            }
        }
    }

    /// Empties the batch for the next rows of the page.
    pub(super) fn clear(&mut self) {
        self.rows = 0;
    }

    /// Adds a row, which is yet to be filled; there is room for [`LANES`].
    pub(super) fn push(&mut self) -> Lane<'_> {
        let lane = self.rows % LANES;
        self.rows += 1;
        Lane { columns: &mut self.columns, lane }
    }

    /// Appends the forest's sum of each row.
    pub(super) fn sums(&mut self, forest: &Forest, sums: &mut Vec<f32>) {
        self.common.clone_from(&self.shared);
        self.left.clear();
        self.left.extend(self.shared.iter().map(|&leaves| [leaves; LANES]));
        for (feature, nodes) in &forest.features {
            let Some(values) = self.columns.get(*feature) else { break };
            // Values of rows that are not there widen the bounds at worst.
            let (lowest, highest) = bounds(values);
            for node in forest.nodes[nodes.clone()].iter().take_while(|node| highest > node.threshold) {
                let tree = usize::from(node.tree);
                if lowest > node.threshold {
                    self.common[tree] &= node.rest;
                } else if self.common[tree] & !node.rest != 0 {
                    rule_out(&mut self.left[tree], values, node);
                }
            }
        }
        // Many rows a step, as the one by one below is not.
        for (left, common) in self.left.iter_mut().zip(&self.common) {
            for left in left {
                *left &= common;
            }
        }
        let mut ends = [forest.start; LANES];
        for (values, left) in forest.leaves.iter().zip(&self.left) {
            for (end, left) in ends.iter_mut().zip(left) {
                *end += values[first(*left)];
            }
        }
        sums.extend_from_slice(&ends[..self.rows]);
    }
}

/// Takes from the leaves of each row those on the node's left, if the row's value is above its threshold. Compilers do it
/// for several rows in one step.
fn rule_out(left: &mut [Leaves; LANES], values: &[f32; LANES], node: &Node) {
    for (left, value) in left.iter_mut().zip(values) {
        *left &= if *value > node.threshold { node.rest } else { Leaves::MAX };
    }
}

/// The leftmost of some leaves. The last one is on no node's left and never ruled out: to say so saves a case.
fn first(leaves: Leaves) -> usize {
    (leaves | 1 << (MAX_LEAVES - 1)).trailing_zeros() as usize
}

/// The lowest and the highest value.
#[inline]
fn bounds(values: &[f32; LANES]) -> (f32, f32) {
    (best(values, |one, other| one < other), best(values, |one, other| one > other))
}

/// The value that is better than all others. Halves are held against each other, which takes few steps.
#[inline]
fn best(values: &[f32; LANES], is_better: impl Fn(f32, f32) -> bool) -> f32 {
    let mut values = *values;
    let mut half = LANES / 2;
    while half > 0 {
        for at in 0..half {
            if is_better(values[at + half], values[at]) {
                values[at] = values[at + half];
            }
        }
        half /= 2;
    }
    values[0]
}

/// A row of a batch that is being filled: its place in each column that is yet to come.
pub(super) struct Lane<'a> {
    columns: &'a mut [[f32; LANES]],
    lane: usize,
}

impl Row for Lane<'_> {
    #[inline]
    fn push<const N: usize>(&mut self, values: [f32; N]) {
        let columns = std::mem::take(&mut self.columns);
        let (own, rest) = columns.split_first_chunk_mut().expect("a batch has a column for each feature");
        let own: &mut [[f32; LANES]; N] = own;
        for (column, value) in own.iter_mut().zip(values) {
            column[self.lane % LANES] = value;
        }
        self.columns = rest;
    }
}

#[cfg(test)]
mod tests {
    use super::super::Models;
    use super::super::model::Node;
    use super::*;

    fn sums(model: &Model, rows: &[Vec<f32>]) -> Vec<f32> {
        let (forest, mut batch, mut sums) = (Forest::new(model), Batch::default(), Vec::new());
        // The last column is the same in all rows.
        let (shared, own) = rows[0].split_last().expect("rows have columns");
        batch.start(&forest, own.len(), &[*shared]);
        batch.clear();
        for row in rows {
            let mut lane = batch.push();
            row[..own.len()].iter().for_each(|value| lane.push([*value]));
        }
        batch.sums(&forest, &mut sums);
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
        let length = 31;
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
