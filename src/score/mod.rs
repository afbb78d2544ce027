//! Numbers to probabilities: how likely each block is body text.
//!
//! The model is a sum of small regression trees over the features, trained on annotated pages by `training/`. Its
//! weights lie beside this file and name the feature list that they belong to. A second, smaller model then reads what
//! the first one said of a block and of everything around it (`src/features/context.rs`): comments below an article and
//! teasers beside it look like text one by one, and not as a whole. HTML and plain text have weights of their own.

mod forest;
mod model;
mod paths;

use crate::features::{Context, Features};
use crate::page::{Media, Page};

use forest::{Batch, Forest, LANES, Lane};
pub(crate) use model::Model;
pub(crate) use paths::Paths;

/// The trained weights, decoded once.
#[derive(Debug)]
pub(crate) struct Scorer {
    html: Forests,
    text: Forests,
}

/// Blocks of a page that are scored one by one. Of more only every second, third … is, and stands for those up to the
/// next: who makes so many blocks makes them alike.
const MAX_SCORED: usize = 10_000;

/// Whether only some of a page's blocks are scored one by one.
pub(crate) fn is_sampled(page: &Page) -> bool {
    page.blocks.len() > MAX_SCORED
}

/// Blocks with a lower first score keep it: whatever stands around them, they are not body text. A third of all blocks; judging
/// them again moves no set's word F1 by more than .0002.
const SETTLED: f32 = 0.01;

fn is_settled(first: f32) -> bool {
    first < SETTLED
}

/// Buffers that are used from page to page. They hold a few rows, however long the page is.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    batch: Batch,
}

impl Scorer {
    pub(crate) fn new() -> Self {
        Self { html: Forests::of(&Models::html()), text: Forests::of(&Models::text()) }
    }

    fn forests(&self, page: &Page) -> &Forests {
        if page.media == Some(Media::Text) { &self.text } else { &self.html }
    }

    /// The probability of each block to be body text, 0 to 1, in the light of the first scores of all blocks.
    pub(crate) fn score(&self, page: &Page, context: &Context<'_>, buffers: &mut Buffers) -> Vec<f32> {
        let mut scores = context.scores().to_vec();
        let mut open = Vec::with_capacity(scores.len());
        open.extend((0..scores.len()).filter(|&block| !is_settled(scores[block])));
        let forest = &self.forests(page).context;
        buffers.batch.start(forest, Context::own_width(), context.whole());
        let fill = |at: usize, row: &mut Lane<'_>| context.fill(open[at], row);
        let again = probabilities(forest, open.len(), &mut buffers.batch, fill);
        for (&block, score) in open.iter().zip(again) {
            scores[block] = score;
        }
        scores
    }

    /// The same before the blocks around it have been judged.
    pub(crate) fn first(&self, features: &Features<'_>, buffers: &mut Buffers) -> Vec<f32> {
        let forest = &self.forests(features.page()).first;
        buffers.batch.start(forest, Features::own_width(), features.whole());
        let fill = |block, row: &mut Lane<'_>| features.fill(block, row);
        probabilities(forest, features.blocks(), &mut buffers.batch, fill)
    }
}

/// A forest's probabilities for so many blocks, whose rows are filled a batch at a time.
fn probabilities(
    forest: &Forest,
    blocks: usize,
    batch: &mut Batch,
    fill: impl Fn(usize, &mut Lane<'_>),
) -> Vec<f32> {
    let step = blocks.div_ceil(MAX_SCORED).max(1);
    let mut sums = Vec::with_capacity(blocks.div_ceil(step));
    for start in (0..blocks).step_by(LANES * step) {
        batch.clear();
        for block in (start..blocks).step_by(step).take(LANES) {
            fill(block, &mut batch.push());
        }
        batch.sums(forest, &mut sums);
    }
    for sum in &mut sums {
        *sum = 1.0 / (1.0 + (-*sum).exp());
    }
    if step > 1 { (0..blocks).map(|block| sums[block / step]).collect() } else { sums }
}

/// The models of a medium, ready for many rows.
#[derive(Debug)]
struct Forests {
    first: Forest,
    context: Forest,
}

impl Forests {
    fn of(models: &Models) -> Self {
        Self { first: Forest::new(&models.first), context: Forest::new(&models.context) }
    }
}

/// The models of a medium: one reads the features of a block, the other what the first one said around it.
#[derive(Debug)]
struct Models {
    first: Model,
    context: Model,
}

impl Models {
    fn html() -> Self {
        Self {
            first: Model::decode(include_bytes!("html.weights")),
            context: Model::decode(include_bytes!("html-context.weights")),
        }
    }

    fn text() -> Self {
        Self {
            first: Model::decode(include_bytes!("text.weights")),
            context: Model::decode(include_bytes!("text-context.weights")),
        }
    }

    fn of(page: &Page) -> Self {
        if page.media == Some(Media::Text) { Self::text() } else { Self::html() }
    }
}
