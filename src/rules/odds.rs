//! Weak signs, weighed: what each says for or against a suspicion is the logarithm of odds, and they add up.
//!
//! The weights of the rules that ask this were fitted to planted blocks and to honest ones of annotated pages, then
//! rounded. One sign alone never decides.

use super::Context;

/// The least and the most that the densities may have to say.
const DOUBT: f32 = 3.0;
/// The overlap with the article up to which nothing is shared but by chance.
const CHANCE: f32 = 0.05;

/// Marks around what somebody said.
pub(super) const QUOTES: [char; 7] = ['"', '“', '”', '„', '«', '「', '『'];

/// The sum of the weights of the signs that hold.
pub(super) fn sum(signs: &[(bool, f32)]) -> f32 {
    signs.iter().map(|(holds, weight)| if *holds { *weight } else { 0.0 }).sum()
}

/// How much the densities doubt that a block is body text, -3 to 3.
pub(super) fn doubt(context: &Context<'_>, index: usize) -> f32 {
    let score = context.scores[index];
    ((1.0 - score) / score).ln().clamp(-DOUBT, DOUBT)
}

/// Tenths of a block's words that the rest of the article uses, more than by chance.
pub(super) fn shared(context: &Context<'_>, index: usize) -> f32 {
    10.0 * (context.body().overlap_with_others(index) - CHANCE).max(0.0)
}
