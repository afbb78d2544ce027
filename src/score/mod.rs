//! Numbers to probabilities: how likely each block is body text.
//!
//! The model is a sum of small regression trees over the features, trained on annotated pages by `training/`. Its
//! weights lie beside this file and name the feature list that they belong to. HTML and plain text have weights of
//! their own.

mod model;

use crate::features::Features;
use crate::page::{Media, Page};

pub(crate) use model::Model;

/// The trained weights, decoded once.
#[derive(Debug)]
pub(crate) struct Scorer {
    html: Model,
    text: Model,
}

impl Scorer {
    pub(crate) fn new() -> Self {
        Self {
            html: Model::decode(include_bytes!("html.weights")),
            text: Model::decode(include_bytes!("text.weights")),
        }
    }

    fn model(&self, page: &Page) -> &Model {
        if page.media == Some(Media::Text) { &self.text } else { &self.html }
    }

    /// The probability of each block to be body text, 0 to 1.
    pub(crate) fn score(&self, page: &Page, features: &Features) -> Vec<f32> {
        self.model(page).predict(features)
    }
}
