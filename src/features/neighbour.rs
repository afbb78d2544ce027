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

    /// A run of blocks.
    struct Window {
        sums: Sums,
        blocks: f64,
    }

    impl Window {
        /// The blocks up to `before` before and `after` after one, itself included.
        fn around(profile: &Profile, index: usize, before: usize, after: usize) -> Self {
            let end = (index + after + 1).min(profile.good.len());
            let start = index.saturating_sub(before);
            Self { sums: profile.sums(&(start as u32..end as u32)), blocks: (end - start) as f64 }
        }

        fn length(&self) -> f64 {
            ratio(self.sums.length, self.blocks)
        }

        fn link_density(&self) -> f64 {
            self.sums.link_density()
        }

        fn ended(&self) -> f64 {
            ratio(self.sums.ended, self.blocks)
        }

        fn good(&self) -> f64 {
            ratio(self.sums.good, self.sums.length)
        }
    }

    /// The windows around a block.
    pub(in crate::features) struct View {
        near3: Window,
        near8: Window,
        near20: Window,
        before10: Window,
        after10: Window,
    }

    impl View {
        pub(in crate::features) fn new(profile: &Profile, index: usize) -> Self {
            let around = |before, after| Window::around(profile, index, before, after);
            Self {
                near3: around(3, 3),
                near8: around(8, 8),
                near20: around(20, 20),
                before10: around(10, 0),
                after10: around(0, 10),
            }
        }
    }

    features! { |v: &View|
        "length3" "mean length of the blocks up to 3 away" => v.near3.length();
        "length8" "mean length of the blocks up to 8 away" => v.near8.length();
        "length20" "mean length of the blocks up to 20 away" => v.near20.length();
        "link_density3" "link density of the blocks up to 3 away" => v.near3.link_density();
        "link_density8" "link density of the blocks up to 8 away" => v.near8.link_density();
        "link_density20" "link density of the blocks up to 20 away" => v.near20.link_density();
        "ended8" "share of the blocks up to 8 away that end a sentence" => v.near8.ended();
        "length_before10" "mean length of the 10 blocks before" => v.before10.length();
        "length_after10" "mean length of the 10 blocks after" => v.after10.length();
        "link_density_before10" "link density of the 10 blocks before" => v.before10.link_density();
        "link_density_after10" "link density of the 10 blocks after" => v.after10.link_density();
        "good_before10" "good share of the 10 blocks before" => v.before10.good();
        "good_after10" "good share of the 10 blocks after" => v.after10.good();
        "ended_before10" "share of the 10 blocks before that end a sentence" => v.before10.ended();
        "ended_after10" "share of the 10 blocks after that end a sentence" => v.after10.ended();
    }
}
