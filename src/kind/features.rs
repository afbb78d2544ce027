//! The page in numbers, once its blocks have probabilities: where the expected body lies, and in how many pieces.

use crate::features::{Profile, page_row};
use crate::page::{Container, NONE, Page};

use super::{Judged, declared};

/// A block with a higher probability counts as body.
const BODY: f32 = 0.5;

/// A run of blocks: those of a container.
type Run = std::ops::Range<usize>;

/// Where the expected body of a page is.
#[derive(Clone, Debug)]
struct Mass {
    /// Expected body words before each block, and of the whole page at the end.
    expected: Vec<f64>,
    /// Words before each block, likewise.
    words: Vec<f64>,
    /// The blocks of the container that holds the most: the sum of words x (p - .5) over its blocks is highest, and
    /// of those the innermost.
    best: Run,
}

impl Mass {
    /// Adds up probabilities, one a block.
    fn new(page: &Page, scores: &[f32]) -> Self {
        let running = |values: &mut dyn Iterator<Item = f64>| {
            let mut sums = Vec::with_capacity(page.blocks.len() + 1);
            sums.push(0.0);
            sums.extend(values.scan(0.0, |sum, value| {
                *sum += value;
                Some(*sum)
            }));
            sums
        };
        let words = |at: usize| f64::from(page.blocks[at].stats.words);
        let expected = running(&mut scores.iter().enumerate().map(|(at, &p)| words(at) * f64::from(p)));
        let words = running(&mut (0..page.blocks.len()).map(words));
        let mut mass = Self { expected, words, best: 0..page.blocks.len() };
        let run = |container: &Container| container.blocks.start as usize..container.blocks.end as usize;
        let gain = |container: &Container| {
            let run = run(container);
            mass.expected(&run) - f64::from(BODY) * mass.words(&run)
        };
        if let Some(best) = page.best_container(gain) {
            mass.best = run(&page.containers[best]);
        }
        mass
    }

    fn expected(&self, run: &Run) -> f64 {
        self.expected[run.end] - self.expected[run.start]
    }

    fn words(&self, run: &Run) -> f64 {
        self.words[run.end] - self.words[run.start]
    }
}

/// Names of the features that follow those of the page, with their meanings.
pub(super) const FEATURES: &[(&str, &str)] = &[
    ("mass.in_best", "share of the expected body in the best container"),
    ("mass.best_density", "expected body words a word in the best container"),
    ("mass.words", "expected body words"),
    ("mass.density", "expected body words a word"),
    ("mass.body_blocks", "blocks that are likelier body than not"),
    ("mass.body_words", "their words"),
    ("mass.doubt", "how undecided the probabilities are, 0 to .5"),
    ("mass.best_blocks", "share of the blocks in the best container"),
    ("mass.best_start", "where the best container begins, as a share of the blocks"),
    ("mass.longest", "words of the longest body block"),
    ("mass.median", "median words of the body blocks"),
    ("mass.alike1", "siblings alike of the container around a body block's own, mean"),
    ("mass.alike2", "of the next one outwards"),
    ("mass.alike3", "of the next one"),
];

/// The page's features, then those of [`FEATURES`], then what it declares.
pub(crate) fn row(judged: &Judged<'_>) -> Vec<f32> {
    let &Judged { dom, page, profile, scores } = judged;
    let mass = Mass::new(page, scores);
    let mut row = page_row(page, profile);
    let whole = 0..page.blocks.len();
    let count = page.blocks.len().max(1) as f64;
    let total = mass.expected(&whole).max(1e-9);
    let body: Vec<usize> = whole.clone().filter(|&at| scores[at] > BODY).collect();
    let mut lengths: Vec<f64> = body.iter().map(|&at| f64::from(page.blocks[at].stats.words)).collect();
    lengths.sort_by(f64::total_cmp);
    let doubt =
        |at: usize| f64::from(page.blocks[at].stats.words) * f64::from(scores[at] * (1.0 - scores[at]));
    let values = [
        mass.expected(&mass.best) / total,
        mass.expected(&mass.best) / mass.words(&mass.best).max(1.0),
        total,
        total / mass.words(&whole).max(1.0),
        body.len() as f64,
        lengths.iter().sum(),
        whole.map(doubt).sum::<f64>() / total,
        mass.best.len() as f64 / count,
        mass.best.start as f64 / count,
        lengths.last().copied().unwrap_or(0.0),
        lengths.get(lengths.len() / 2).copied().unwrap_or(0.0),
    ];
    row.extend(values.map(|value| value as f32));
    row.extend((1..=3).map(|level| alike(page, profile, &body, level)));
    row.extend(declared::values(dom));
    row
}

/// The mean number of siblings alike of the containers so many levels above these blocks' own.
fn alike(page: &Page, profile: &Profile, blocks: &[usize], level: usize) -> f32 {
    let above = |at: usize| {
        (0..level).fold(page.blocks[at].container, |id, _| match page.containers[id as usize].parent {
            NONE => id,
            parent => parent,
        })
    };
    let sum: u64 = blocks.iter().map(|&at| u64::from(profile.alike[above(at) as usize])).sum();
    sum as f32 / blocks.len().max(1) as f32
}
