//! Numbers to probabilities: how likely each block is body text.
//!
//! The model is a sum of small regression trees over the features, trained on annotated pages by `training/`. Its
//! weights lie beside this file and name the feature list that they belong to. HTML and plain text have weights of
//! their own.

mod forest;
mod model;
mod paths;

use crate::features::Features;
use crate::page::{Media, Page};

use forest::{Forest, LANES};
pub(crate) use model::Model;
pub(crate) use paths::Paths;

/// The trained weights, decoded once.
#[derive(Debug)]
pub(crate) struct Scorer {
    html: Forest,
    text: Forest,
}

/// Buffers that are used from page to page. They hold a few rows, however long the page is.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    rows: Vec<f32>,
    leaves: forest::Scratch,
}

impl Scorer {
    pub(crate) fn new() -> Self {
        Self { html: Forest::new(&html_model()), text: Forest::new(&text_model()) }
    }

    fn forest(&self, page: &Page) -> &Forest {
        if page.media == Some(Media::Text) { &self.text } else { &self.html }
    }

    /// The probability of each block to be body text, 0 to 1.
    pub(crate) fn score(&self, features: &Features<'_>, buffers: &mut Buffers) -> Vec<f32> {
        let forest = self.forest(features.page());
        let blocks = features.blocks();
        let mut sums = Vec::with_capacity(blocks);
        for start in (0..blocks).step_by(LANES) {
            buffers.rows.clear();
            features.fill(start..blocks.min(start + LANES), &mut buffers.rows);
            forest.sums(&buffers.rows, features.width(), &mut buffers.leaves, &mut sums);
        }
        for sum in &mut sums {
            *sum = 1.0 / (1.0 + (-*sum).exp());
        }
        sums
    }
}

fn html_model() -> Model {
    Model::decode(include_bytes!("html.weights"))
}

fn text_model() -> Model {
    Model::decode(include_bytes!("text.weights"))
}
