//! Which blocks of a page stand in an annotated text: the labels that the model learns from.
//!
//! The tokens of the page and of the gold text are aligned, each gold token used once, and contiguous runs
//! preferred to scattered words: `the` in a menu is no sign that the menu belongs to the text.

use std::collections::HashMap;
use std::ops::Range;

use crate::metrics::WordScorer;
use crate::page::Page;

/// Score of a match that opens a run, and of one that goes on with it; skips cost nothing.
const OPEN: i32 = 2;
const CONTINUE: i32 = 10;

/// Shingles that anchor the alignment have this many tokens.
const ANCHOR: usize = 8;

/// Moved text is found by runs of at least this many tokens.
const MOVED: usize = 4;

/// The largest gap between anchors that is aligned exactly, in pairs of tokens.
const MAX_CELLS: usize = 20_000_000;

/// For each block, how many tokens it has and how many of them stand in the gold text.
#[must_use]
pub fn matched(page: &Page, gold: &str, scorer: &WordScorer) -> Vec<(u32, u32)> {
    let mut owners = Vec::new();
    let mut words = Vec::new();
    for (index, block) in page.blocks.iter().enumerate() {
        words.extend(scorer.tokens(page.text_of(block)));
        owners.resize(words.len(), index);
    }
    let gold = scorer.tokens(gold);
    let mut numbers = HashMap::new();
    let mut number = |word: &String| {
        let next = numbers.len() as u32;
        *numbers.entry(word.clone()).or_insert(next)
    };
    let left: Vec<u32> = words.iter().map(&mut number).collect();
    let right: Vec<u32> = gold.iter().map(&mut number).collect();
    let hits = align(&left, &right);
    let mut counts = vec![(0, 0); page.blocks.len()];
    for (owner, hit) in owners.into_iter().zip(hits) {
        counts[owner].0 += 1;
        counts[owner].1 += u32::from(hit);
    }
    counts
}

/// For each token of `left`, whether it has a partner in `right`.
fn align(left: &[u32], right: &[u32]) -> Vec<bool> {
    let mut pairs = Pairs { left: vec![false; left.len()], right: vec![false; right.len()] };
    let (mut l, mut r) = (0, 0);
    for (anchor_l, anchor_r) in anchors(left, right).into_iter().chain([(left.len(), right.len())]) {
        // Within a run of anchors the gap is empty.
        if anchor_l < l || anchor_r < r {
            continue;
        }
        align_gap(left, right, l..anchor_l, r..anchor_r, &mut pairs);
        (l, r) = (anchor_l, anchor_r);
        while l < left.len() && r < right.len() && left[l] == right[r] {
            pairs.mark(l, r);
            l += 1;
            r += 1;
        }
    }
    find_moved(left, right, &mut pairs);
    pairs.left
}

/// Which tokens have partners.
struct Pairs {
    left: Vec<bool>,
    right: Vec<bool>,
}

impl Pairs {
    fn mark(&mut self, l: usize, r: usize) {
        self.left[l] = true;
        self.right[r] = true;
    }
}

/// Positions of shingles that occur once on either side, in an order common to both.
fn anchors(left: &[u32], right: &[u32]) -> Vec<(usize, usize)> {
    let unique = |words: &[u32]| {
        let mut seen: HashMap<Vec<u32>, Option<usize>> = HashMap::new();
        for (at, shingle) in words.windows(ANCHOR).enumerate() {
            seen.entry(shingle.to_vec()).and_modify(|at| *at = None).or_insert(Some(at));
        }
        seen
    };
    let (in_left, in_right) = (unique(left), unique(right));
    let pair = |(at, shingle): (usize, &[u32])| {
        let l = in_left.get(shingle).copied().flatten().filter(|l| *l == at)?;
        Some((l, in_right.get(shingle).copied().flatten()?))
    };
    let pairs: Vec<_> = left.windows(ANCHOR).enumerate().filter_map(pair).collect();
    longest_rising(&pairs)
}

/// The longest part of a list, sorted by the first number, in which the second rises too.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before = vec![usize::MAX; pairs.len()];
    for (index, (_, r)) in pairs.iter().enumerate() {
        let rank = tails.partition_point(|&tail| pairs[tail].1 < *r);
        if rank > 0 {
            before[index] = tails[rank - 1];
        }
        if rank == tails.len() {
            tails.push(index);
        } else {
            tails[rank] = index;
        }
    }
    let mut chain = Vec::new();
    let mut at = tails.last().copied();
    while let Some(index) = at.filter(|&index| index != usize::MAX) {
        chain.push(pairs[index]);
        at = Some(before[index]);
    }
    chain.reverse();
    chain
}

/// Steps of the way back through the table: to a skip on either side, or a match, perhaps within a run.
const UP: u8 = 0;
const LEFT: u8 = 1;
const MATCH: u8 = 2;
const RUN: u8 = 4;

/// Aligns what stands between two anchors, by dynamic programming.
fn align_gap(left: &[u32], right: &[u32], ls: Range<usize>, rs: Range<usize>, pairs: &mut Pairs) {
    let (rows, columns) = (ls.len(), rs.len());
    if rows == 0 || columns == 0 || rows.saturating_mul(columns) > MAX_CELLS {
        return;
    }
    let width = columns + 1;
    let mut steps = vec![LEFT; (rows + 1) * width];
    let mut best = vec![0i32; width];
    let mut run = vec![i32::MIN / 2; width];
    for l in 1..=rows {
        let (mut best_before, mut run_before) = (best[0], run[0]);
        run[0] = i32::MIN / 2;
        steps[l * width] = UP;
        for r in 1..=columns {
            let (best_here, run_here) = (best[r], run[r]);
            let (opened, gone_on) = (best_before + OPEN, run_before + CONTINUE);
            let equal = left[ls.start + l - 1] == right[rs.start + r - 1];
            run[r] = if equal { opened.max(gone_on) } else { i32::MIN / 2 };
            let mut step = if best[r] >= best[r - 1] { UP } else { LEFT };
            best[r] = best[r].max(best[r - 1]);
            if run[r] > best[r] {
                best[r] = run[r];
                step = MATCH;
            }
            let mark = if equal && gone_on >= opened { RUN } else { 0 };
            steps[l * width + r] = step | mark;
            (best_before, run_before) = (best_here, run_here);
        }
    }
    let (mut l, mut r, mut in_run) = (rows, columns, false);
    while l > 0 && r > 0 {
        let step = steps[l * width + r];
        if in_run || step & 3 == MATCH {
            pairs.mark(ls.start + l - 1, rs.start + r - 1);
            in_run = step & RUN != 0;
            l -= 1;
            r -= 1;
        } else if step & 3 == UP {
            l -= 1;
        } else {
            r -= 1;
        }
    }
}

/// Pairs runs that stand in another order on both sides.
fn find_moved(left: &[u32], right: &[u32], pairs: &mut Pairs) {
    let mut starts: HashMap<&[u32], Vec<usize>> = HashMap::new();
    for (at, shingle) in right.windows(MOVED).enumerate() {
        if !pairs.right[at..at + MOVED].iter().any(|taken| *taken) {
            starts.entry(shingle).or_default().push(at);
        }
    }
    let mut l = 0;
    while l + MOVED <= left.len() {
        let free = !pairs.left[l..l + MOVED].iter().any(|taken| *taken);
        let length = |&r: &usize| {
            let ahead = left[l..].iter().zip(&right[r..]).zip(pairs.left[l..].iter().zip(&pairs.right[r..]));
            ahead.take_while(|((a, b), (x, y))| a == b && !**x && !**y).count()
        };
        let candidates = starts.get(&left[l..l + MOVED]).filter(|_| free).into_iter().flatten().take(16);
        let longest = candidates.map(|r| (length(r), *r)).max_by_key(|(n, r)| (*n, std::cmp::Reverse(*r)));
        match longest.filter(|(n, _)| *n >= MOVED) {
            Some((n, r)) => {
                (0..n).for_each(|i| pairs.mark(l + i, r + i));
                l += n;
            }
            None => l += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::from_text;
    use crate::config::Limits;

    fn labels(page: &str, gold: &str) -> Vec<(u32, u32)> {
        matched(&from_text(page, &Limits::default()).0, gold, &WordScorer::new())
    }

    #[test]
    fn whole_blocks_match() {
        let page = "Home News About\nThe sea rises twice a day\nby Ann\nand then it falls";
        let gold = "The sea rises twice a day and then it falls";
        assert_eq!(labels(page, gold), [(3, 0), (6, 6), (2, 0), (4, 4)]);
    }

    #[test]
    fn runs_beat_scattered_words() {
        let page = "the sea\nrises twice\nthe sea rises twice a day\nday";
        assert_eq!(labels(page, "the sea rises twice a day"), [(2, 0), (2, 0), (6, 6), (1, 0)]);
    }

    #[test]
    fn text_in_another_order_is_found() {
        let page = "one two three four five\nsix seven eight nine ten";
        assert_eq!(labels(page, "six seven eight nine ten one two three four five"), [(5, 5), (5, 5)]);
    }

    #[test]
    fn each_gold_token_counts_once() {
        let page = "one two three four five\none two three four five";
        let counts = labels(page, "one two three four five");
        assert_eq!(counts.iter().map(|(_, hit)| hit).sum::<u32>(), 5);
    }

    #[test]
    fn empty_sides() {
        assert_eq!(labels("", "one"), []);
        assert_eq!(labels("one", ""), [(1, 0)]);
    }
}
