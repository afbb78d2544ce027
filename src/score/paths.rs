//! Why a row has its score: what each feature added to the sum.
//!
//! Every inner node of a tree has a value of its own, the tree's answer for all rows that come by. A step down changes
//! it, and the feature that the step asked about gets the difference (Saabas, 2014). Over all trees the differences
//! and the starting values add up to the row's sum. Running never needs this; only explanations do.

use super::model::{Model, Tree};
use super::{html_model, text_model};
use crate::page::{Media, Page};

/// The model of a page's media, ready to give reasons.
#[derive(Debug)]
pub(crate) struct Paths {
    model: Model,
}

impl Paths {
    pub(crate) fn new(page: &Page) -> Self {
        Self { model: if page.media == Some(Media::Text) { text_model() } else { html_model() } }
    }

    /// What each feature added to the log odds of a row, by column.
    pub(crate) fn contributions(&self, row: &[f32]) -> Vec<f32> {
        let mut steps = vec![0.0; row.len()];
        for tree in &self.model.trees {
            tree.walk(row, &mut steps);
        }
        steps
    }

    /// The log odds that all rows start from.
    pub(crate) fn start(&self) -> f32 {
        self.model.trees.iter().fold(self.model.start, |sum, tree| sum + tree.at(0))
    }
}

impl Tree {
    /// Adds what each step of a row's walk changed.
    fn walk(&self, row: &[f32], steps: &mut [f32]) {
        let (mut at, mut value) = (0, self.at(0));
        while let Some(node) = usize::try_from(at).ok().and_then(|at| self.nodes.get(at)) {
            let feature = usize::from(node.feature);
            at = if row[feature] <= node.threshold { node.left } else { node.right };
            let next = self.at(at);
            steps[feature] += next - value;
            value = next;
        }
    }

    /// The value of a node, or of a leaf by its inverted index.
    fn at(&self, at: i16) -> f32 {
        match usize::try_from(at) {
            Ok(at) => self.nodes.get(at).map_or_else(|| self.leaves[0], |node| node.value),
            Err(_) => self.leaves[!at as usize],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::from_text;
    use crate::config::Limits;
    use crate::features::{Features, Profile};

    #[test]
    fn contributions_add_up_to_the_sum() {
        let text = "Home\nAbout us\nThe sea rises and falls twice a day, drawn by the moon.\n© 2024";
        let page = from_text(text, &Limits::default()).0;
        let paths = Paths::new(&page);
        for row in Features::new(&page, &Profile::new(&page)).rows() {
            let added = paths.start() + paths.contributions(&row).iter().sum::<f32>();
            assert!((added - paths.model.sum(&row)).abs() < 1e-3);
        }
    }

    #[test]
    fn the_feature_that_was_asked_gets_the_step() {
        let node = super::super::model::Node { threshold: 1.0, feature: 1, left: !0, right: !1, value: 0.5 };
        let tree = Tree { nodes: vec![node], leaves: vec![-1.0, 2.0] };
        let paths = Paths { model: Model::of(0.25, vec![tree]) };
        assert_eq!(paths.contributions(&[0.0, 3.0]), [0.0, 1.5]);
        assert_eq!(paths.contributions(&[0.0, 1.0]), [0.0, -1.5]);
        assert!((paths.start() - 0.75).abs() < f32::EPSILON);
    }
}
