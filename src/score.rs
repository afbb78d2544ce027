//! Numbers to probabilities.

use crate::features::Features;
use crate::page::Page;

/// The probability of each block to be body text.
pub(crate) fn score(page: &Page, _features: &Features) -> Vec<f32> {
    let one = |b: &crate::page::Block| {
        let z = (b.stats.length() / 60.0).ln_1p() - 4.0 * b.stats.link_density() - 0.7
            + if b.stats.ends_sentence { 1.0 } else { 0.0 };
        1.0 / (1.0 + (-z).exp())
    };
    page.blocks.iter().map(one).collect()
}
