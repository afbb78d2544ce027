//! What stands before and after a block.

use super::profile::Profile;
use super::{features, ratio};
use crate::page::{Block, Page, Role};

/// A block seen from a neighbour; nothing beyond the page's edge.
pub(super) struct View<'a> {
    block: Option<&'a Block>,
    /// Both stand in containers of one template.
    alike: bool,
    topic: f32,
}

impl<'a> View<'a> {
    pub(super) fn new(page: &'a Page, profile: &Profile, index: usize, offset: isize) -> Self {
        let at = index.checked_add_signed(offset);
        let block = at.and_then(|at| page.blocks.get(at));
        let signature = |block: &Block| page.containers[block.container as usize].signature;
        let alike = block.is_some_and(|block| signature(block) == signature(&page.blocks[index]));
        let topic = at.and_then(|at| profile.topic.get(at)).copied().unwrap_or(0.0);
        Self { block, alike, topic }
    }

    fn get(&self, value: impl Fn(&Block) -> f32) -> f32 {
        self.block.map_or(-1.0, value)
    }
}

features! { |v: &View<'_>|
    "length" "its length; -1: none" => v.get(|block| block.stats.length());
    "link_density" "its link density; -1: none" => v.get(|block| block.stats.link_density());
    "ends_sentence" "it ends a sentence; -1: none" => v.get(|block| f32::from(u8::from(block.stats.ends_sentence)));
    "heading" "it is a heading; -1: none" => v.get(|block| f32::from(u8::from(matches!(block.layout.role, Role::Heading(_)))));
    "topic" "share of its terms that good blocks use" => v.topic;
    "alike" "its container has the same tag and class" => u8::from(v.alike);
}

/// Means over the blocks around a block.
pub(super) mod windows {
    use super::{Profile, features, ratio};
    use crate::features::profile::Sums;

    /// Sums over the blocks up to `before` before and `after` after one, itself included.
    fn sums(profile: &Profile, index: usize, before: usize, after: usize) -> (Sums, f64) {
        let end = (index + after + 1).min(profile.good.len());
        let start = index.saturating_sub(before);
        (profile.sums(&(start as u32..end as u32)), (end - start) as f64)
    }

    fn length(profile: &Profile, index: usize, before: usize, after: usize) -> f64 {
        let (sums, blocks) = sums(profile, index, before, after);
        ratio(sums.length, blocks)
    }

    fn link_density(profile: &Profile, index: usize, before: usize, after: usize) -> f64 {
        sums(profile, index, before, after).0.link_density()
    }

    fn ended(profile: &Profile, index: usize, before: usize, after: usize) -> f64 {
        let (sums, blocks) = sums(profile, index, before, after);
        ratio(sums.ended, blocks)
    }

    fn good(profile: &Profile, index: usize, before: usize, after: usize) -> f64 {
        let sums = sums(profile, index, before, after).0;
        ratio(sums.good, sums.length)
    }

    features! { |p: &Profile, i: usize|
        "length3" "mean length of the blocks up to 3 away" => length(p, i, 3, 3);
        "length8" "mean length of the blocks up to 8 away" => length(p, i, 8, 8);
        "length20" "mean length of the blocks up to 20 away" => length(p, i, 20, 20);
        "link_density3" "link density of the blocks up to 3 away" => link_density(p, i, 3, 3);
        "link_density8" "link density of the blocks up to 8 away" => link_density(p, i, 8, 8);
        "link_density20" "link density of the blocks up to 20 away" => link_density(p, i, 20, 20);
        "ended8" "share of the blocks up to 8 away that end a sentence" => ended(p, i, 8, 8);
        "length_before10" "mean length of the 10 blocks before" => length(p, i, 10, 0);
        "length_after10" "mean length of the 10 blocks after" => length(p, i, 0, 10);
        "link_density_before10" "link density of the 10 blocks before" => link_density(p, i, 10, 0);
        "link_density_after10" "link density of the 10 blocks after" => link_density(p, i, 0, 10);
        "good_before10" "good share of the 10 blocks before" => good(p, i, 10, 0);
        "good_after10" "good share of the 10 blocks after" => good(p, i, 0, 10);
        "ended_before10" "share of the 10 blocks before that end a sentence" => ended(p, i, 10, 0);
        "ended_after10" "share of the 10 blocks after that end a sentence" => ended(p, i, 0, 10);
    }
}
