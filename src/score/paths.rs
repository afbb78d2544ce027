//! Why a row has its score: what each feature added to the sum.
//!
//! Every inner node of a tree has a value of its own, the tree's answer for all rows that come by. A step down changes
//! it, and the feature that the step asked about gets the difference (Saabas, 2014). Over all trees the differences
//! and the starting values add up to the row's sum. Running never needs this; only explanations do.

use super::model::{Model, Tree};
use super::{Models, is_settled};
use crate::page::Page;

/// The models of a page's media, ready to give reasons.
#[derive(Debug)]
pub(crate) struct Paths {
    first: Model,
    context: Model,
}

impl Paths {
    pub(crate) fn new(page: &Page) -> Self {
        let Models { first, context } = Models::of(page);
        Self { first, context }
    }

    /// What each feature added to the log odds of a block: by column of its own row, then by column of its context.
    ///
    /// What the first score itself added is shared out among the features that made it, as far as they agree with
    /// it; otherwise it stands for itself. It is all that is said of a block that was not judged again.
    pub(crate) fn contributions(&self, row: &[f32], context: &[f32]) -> Vec<f32> {
        let mut own = contributions(&self.first, row);
        let mut around = contributions(&self.context, context);
        let odds = context[FIRST_SCORE];
        if is_settled(1.0 / (1.0 + (-odds).exp())) {
            around.fill(0.0);
            around[FIRST_SCORE] = odds - self.start();
        }
        let made: f32 = own.iter().sum();
        let share = around[FIRST_SCORE] / made;
        if share.is_finite() && (0.0..=MAX_SHARE).contains(&share) {
            for weight in &mut own {
                *weight *= share;
            }
            around[FIRST_SCORE] = 0.0;
        } else {
            own.fill(0.0);
        }
        own.extend(around);
        own
    }

    /// The log odds that all blocks start from.
    pub(crate) fn start(&self) -> f32 {
        start(&self.context)
    }
}

/// The column of the context that holds the first score.
const FIRST_SCORE: usize = 0;

/// A first score that hardly differs from the start says nothing of what its features weigh.
const MAX_SHARE: f32 = 3.0;

fn contributions(model: &Model, row: &[f32]) -> Vec<f32> {
    let mut steps = vec![0.0; row.len()];
    for tree in &model.trees {
        tree.walk(row, &mut steps);
    }
    steps
}

fn start(model: &Model) -> f32 {
    model.trees.iter().fold(model.start, |sum, tree| sum + tree.at(0))
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
    use crate::kind::Shares;
    use crate::lexicon::Lexicon;
    use crate::score::{Buffers, Scorer};

    #[test]
    fn contributions_add_up_to_the_sum() {
        let text = "Home\nAbout us\nThe sea rises and falls twice a day, drawn by the moon.\n© 2024";
        let page = from_text(text, &Limits::default()).0;
        let paths = Paths::new(&page);
        let profile = Profile::new(&page, &Lexicon::new());
        let features = Features::new(&page, &profile);
        let first = Scorer::new().first(&features, &mut Buffers::default());
        let context = features.with_scores(&first, &Shares::default());
        for (at, row) in features.rows().into_iter().enumerate() {
            let around = context.row(at);
            let added = paths.start() + paths.contributions(&row, &around).iter().sum::<f32>();
            let settled = is_settled(first[at]);
            let sum = if settled { (first[at] / (1.0 - first[at])).ln() } else { paths.context.sum(&around) };
            assert!((added - sum).abs() < 1e-3, "{added} {sum}");
        }
    }

    #[test]
    fn the_feature_that_was_asked_gets_the_step() {
        let node = super::super::model::Node { threshold: 1.0, feature: 1, left: !0, right: !1, value: 0.5 };
        let tree = Tree { nodes: vec![node], leaves: vec![-1.0, 2.0] };
        let model = Model::of(0.25, vec![tree]);
        assert_eq!(contributions(&model, &[0.0, 3.0]), [0.0, 1.5]);
        assert_eq!(contributions(&model, &[0.0, 1.0]), [0.0, -1.5]);
        assert!((start(&model) - 0.75).abs() < f32::EPSILON);
    }
}
