//! What lines have in common with the article.

use std::ops::Range;

/// How many lines, of which share at least nothing is in common with the article, and of all together at most which share
/// of what its paragraphs have in common with one another, are as strange as lines of which none has anything.
const BY_CHANCE: &[(usize, f32, f32)] = &[(5, 0.4, 0.4), (4, 0.5, 0.25)];
/// The same for lines behind a colon, in an article whose paragraphs have at least this in common.
const MIN_LINES_INTRODUCED: usize = 5;
const MIN_STRANGERS_INTRODUCED: f32 = 0.6;
const MAX_KIN_INTRODUCED: f32 = 0.15;
const MIN_COHESION: f32 = 0.2;
/// The overlap up to which lines between two paragraphs share nothing with them.
pub(super) const MAX_OVERLAP_ENCLOSED: f32 = 0.05;
/// From which share of its words on a line at the end of a run is the article's own, or may be; how many there are at most.
pub(super) const OWN: f32 = 0.5;
pub(super) const MAYBE_OWN: f32 = 0.25;
const MAX_OWN: usize = 2;

/// What lines have in common with the article.
pub(super) struct Kinship {
    pub(super) lines: usize,
    /// The mean share of their telling tokens that the article uses.
    pub(super) overlap: f32,
    /// Share of lines of which it uses none.
    strangers: f32,
}

impl Kinship {
    pub(super) fn of(shares: &[f32]) -> Self {
        let lines = shares.len();
        let strangers = shares.iter().filter(|share| **share == 0.0).count();
        Self {
            lines,
            overlap: shares.iter().sum::<f32>() / lines.max(1) as f32,
            strangers: strangers as f32 / lines.max(1) as f32,
        }
    }

    /// Whether it is next to nothing beside what the article's paragraphs have in common with one another.
    pub(super) fn is_none(&self, cohesion: f32) -> bool {
        self.lines >= MIN_LINES_INTRODUCED
            && cohesion >= MIN_COHESION
            && self.strangers >= MIN_STRANGERS_INTRODUCED
            && self.overlap <= MAX_KIN_INTRODUCED * cohesion
    }

    /// The overlap, or that of lines that share nothing: by chance some share a word with a long article, but not what its
    /// paragraphs share with one another.
    pub(super) fn overlap_beside(&self, cohesion: f32) -> f32 {
        let by_chance = BY_CHANCE.iter().any(|&(lines, strangers, kin)| {
            self.lines >= lines && self.strangers >= strangers && self.overlap <= kin * cohesion
        });
        if by_chance { self.overlap.min(MAX_OVERLAP_ENCLOSED) } else { self.overlap }
    }
}

/// The lines without those at the ends that share much with the article: its own may stand before or after a list.
pub(super) fn strangers(shares: &[f32], own: f32) -> Range<usize> {
    let is_own = |share: &&f32| **share > own;
    let before = shares.iter().take(MAX_OWN).take_while(is_own).count();
    let after = shares.iter().rev().take(MAX_OWN - before).take_while(is_own).count();
    before..shares.len().saturating_sub(after).max(before)
}
