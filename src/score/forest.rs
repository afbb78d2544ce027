//! Trees to sums, many rows at once.
//!
//! Walking down a tree is a chain of steps each of which waits for the one before. So the trees are turned about
//! (Lucchese et al., `QuickScorer`, 2015): for every feature, the tests of all trees on it, by rising threshold. Each
//! tree holds a bit for every leaf that a row may still end in, and a test that a row fails clears the leaves on its
//! left. The leftmost leaf that remains is where the row ends. Tests that no row of a batch fails are never looked
//! at, and the others treat the rows side by side, which compilers turn into vector instructions.
//!
//! The leaves are summed in the order of the trees: the result is that of walking, to the last bit.

use std::ops::Range;

use super::model::{Model, Tree};

/// Rows of a batch.
pub(super) const LANES: usize = 16;

/// Leaves whose bits are kept together.
const LEAVES_A_SLOT: usize = u32::BITS as usize;

/// The leaves that are left to each row.
type Lanes = [u32; LANES];

/// A test, as it stands in the list of its feature.
#[derive(Clone, Copy, Debug)]
struct Test {
    threshold: f32,
    /// Where the bits of the leaves on the left are, and those that a row above the threshold keeps.
    slot: u32,
    kept: u32,
}

/// The tests on one feature.
#[derive(Debug)]
struct Column {
    feature: usize,
    /// By rising threshold.
    tests: Vec<Test>,
}

/// A sum of trees.
#[derive(Debug)]
pub(super) struct Forest {
    start: f32,
    columns: Vec<Column>,
    /// The slots of each tree.
    trees: Vec<Range<usize>>,
    /// The values of the leaves of each slot.
    leaves: Vec<[f32; LEAVES_A_SLOT]>,
}

impl Forest {
    pub(super) fn new(model: &Model) -> Self {
        let start = model.start;
        let mut forest = Self { start, columns: Vec::new(), trees: Vec::new(), leaves: Vec::new() };
        let mut tests = Vec::new();
        for tree in &model.trees {
            forest.add(tree, &mut tests);
        }
        tests.sort_by(|(one, a), (other, b)| one.cmp(other).then(a.threshold.total_cmp(&b.threshold)));
        for column in tests.chunk_by(|(one, _), (other, _)| one == other) {
            let tests = column.iter().map(|(_, test)| *test).collect();
            forest.columns.push(Column { feature: column[0].0, tests });
        }
        forest
    }

    /// Lays a tree out from left to right.
    fn add(&mut self, tree: &Tree, tests: &mut Vec<(usize, Test)>) {
        let first = self.leaves.len();
        let slots = tree.leaves.len().div_ceil(LEAVES_A_SLOT);
        self.trees.push(first..first + slots);
        self.leaves.resize(first + slots, [0.0; LEAVES_A_SLOT]);
        let mut place = 0;
        // Nodes whose left side is being laid out, with the first leaf of it.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut at: i16 = if tree.nodes.is_empty() { -1 } else { 0 };
        loop {
            while at >= 0 {
                open.push((at as usize, place));
                at = tree.nodes[at as usize].left;
            }
            self.leaves[first + place / LEAVES_A_SLOT][place % LEAVES_A_SLOT] = tree.leaves[!at as usize];
            place += 1;
            let Some((node, from)) = open.pop() else { return };
            let node = &tree.nodes[node];
            for slot in from / LEAVES_A_SLOT..=(place - 1) / LEAVES_A_SLOT {
                let left = |leaf: &usize| (from..place).contains(&(slot * LEAVES_A_SLOT + leaf));
                let cleared = (0..LEAVES_A_SLOT).filter(left).fold(0, |bits, leaf| bits | 1 << leaf);
                let test = Test { threshold: node.threshold, slot: (first + slot) as u32, kept: !cleared };
                tests.push((node.feature as usize, test));
            }
            at = node.right;
        }
    }

    /// Sums of a batch of at most [`LANES`] rows, one behind the other in `rows`.
    pub(super) fn sums(&self, rows: &[f32], width: usize, left: &mut Scratch, sums: &mut Vec<f32>) {
        let count = rows.len() / width;
        let Scratch { each, all } = left;
        each.clear();
        each.resize(self.leaves.len(), [u32::MAX; LANES]);
        all.clear();
        all.resize(self.leaves.len(), u32::MAX);
        // Lanes without a row of their own take the first one's.
        let rows: [&[f32]; LANES] = std::array::from_fn(|lane| {
            let start = if lane < count { lane * width } else { 0 };
            &rows[start..start + width]
        });
        for column in &self.columns {
            let values = rows.map(|row| row[column.feature]);
            let (lowest, highest) = bounds(&values);
            // Rows of a batch have much in common: what is true of the page, or of all that stands here.
            for test in column.tests.iter().take_while(|test| highest > test.threshold) {
                if lowest > test.threshold {
                    all[test.slot as usize] &= test.kept;
                } else {
                    clear(&mut each[test.slot as usize], &values, test);
                }
            }
        }
        let mut ends = [self.start; LANES];
        for tree in &self.trees {
            for (lane, end) in ends.iter_mut().enumerate() {
                *end += self.leaf(tree, |slot| each[slot][lane] & all[slot]);
            }
        }
        sums.extend_from_slice(&ends[..count]);
    }

    /// The first leaf of a tree that is left.
    #[inline]
    fn leaf(&self, tree: &Range<usize>, left: impl Fn(usize) -> u32) -> f32 {
        let slot = if tree.len() == 1 {
            tree.start
        } else {
            tree.clone().find(|&slot| left(slot) != 0).unwrap_or(tree.start)
        };
        self.leaves[slot][left(slot).trailing_zeros() as usize % LEAVES_A_SLOT]
    }
}

/// The lowest and the highest of some values.
#[inline]
fn bounds(values: &[f32; LANES]) -> (f32, f32) {
    // Four at once: a vector's width.
    let (mut lowest, mut highest) = ([values[0]; 4], [values[0]; 4]);
    for four in values.as_chunks::<4>().0 {
        lowest = std::array::from_fn(|at| if four[at] < lowest[at] { four[at] } else { lowest[at] });
        highest = std::array::from_fn(|at| if four[at] > highest[at] { four[at] } else { highest[at] });
    }
    let least = lowest.into_iter().fold(lowest[0], |a, b| if b < a { b } else { a });
    let most = highest.into_iter().fold(highest[0], |a, b| if b > a { b } else { a });
    (least, most)
}

/// Bits of the leaves that are left, used from batch to batch.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    /// To each row.
    each: Vec<Lanes>,
    /// To all rows.
    all: Vec<u32>,
}

/// Takes from each row above the threshold the leaves below it.
#[inline]
fn clear(left: &mut Lanes, values: &[f32; LANES], test: &Test) {
    for (bits, value) in left.iter_mut().zip(values) {
        *bits &= if *value > test.threshold { test.kept } else { u32::MAX };
    }
}

#[cfg(test)]
mod tests {
    use super::super::Models;
    use super::super::model::Node;
    use super::*;

    #[test]
    fn sums_are_those_of_walking_the_trees() {
        let model = Models::html().first;
        let forest = Forest::new(&model);
        let width = 1 + model.trees.iter().flat_map(|tree| &tree.nodes).map(|n| n.feature).max().unwrap_or(0);
        let width = usize::from(width);
        // Values on, below and above the thresholds.
        let thresholds: Vec<f32> =
            model.trees.iter().flat_map(|tree| &tree.nodes).map(|node| node.threshold).collect();
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize
        };
        for count in [1, 5, LANES] {
            let rows: Vec<f32> = (0..count * width)
                .map(|_| thresholds[next() % thresholds.len()] + [0.0, -1.0, 1.0][next() % 3])
                .collect();
            let mut sums = Vec::new();
            forest.sums(&rows, width, &mut Scratch::default(), &mut sums);
            let walked = rows
                .chunks_exact(width)
                .map(|row| model.trees.iter().fold(model.start, |sum, tree| sum + tree.value(row)));
            assert_eq!(sums, walked.collect::<Vec<_>>());
        }
    }

    #[test]
    fn trees_of_any_size() {
        // A list: each node has a leaf on its left.
        let length = 3 * i16::try_from(LEAVES_A_SLOT).expect("a slot is small");
        let node = |at: i16| Node {
            threshold: f32::from(at),
            feature: 0,
            left: !at,
            value: 0.0,
            right: if at + 1 == length { !length } else { at + 1 },
        };
        let tree = Tree {
            nodes: (0..length).map(node).collect(),
            leaves: (0..=length).map(|leaf| f32::from(leaf) + 0.5).collect(),
        };
        let lone = Tree { nodes: Vec::new(), leaves: vec![1000.0] };
        let forest = Forest::new(&Model::of(0.0, vec![lone, tree]));
        for row in 0..=length {
            let mut sums = Vec::new();
            forest.sums(&[f32::from(row)], 1, &mut Scratch::default(), &mut sums);
            assert_eq!(sums, [1000.5 + f32::from(row)]);
        }
    }
}
