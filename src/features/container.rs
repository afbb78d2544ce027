//! What the containers around a block are. Each container's numbers are taken once and shared by its blocks.

use super::profile::Profile;
use super::{LEVELS, Row, features, ratio};
use crate::page::{Block, Container, NONE, Page};

/// A container and what its features are read from.
pub(super) struct View<'a> {
    page: &'a Page,
    profile: &'a Profile,
    id: usize,
    container: &'a Container,
    sums: super::profile::Sums,
}

impl View<'_> {
    fn blocks(&self) -> f64 {
        self.container.blocks.len() as f64
    }

    fn parent_share(&self) -> f64 {
        match self.page.containers.get(self.container.parent as usize) {
            Some(parent) => ratio(self.sums.length, self.profile.sums(&parent.blocks).length),
            None => 1.0,
        }
    }
}

features! { |v: &View<'_>|
    "length" "characters inside, CJK weighted" => v.sums.length;
    "link_density" "share of characters in links" => v.sums.link_density();
    "text_density" "length an element" => ratio(v.sums.length, v.container.elements + 1);
    "blocks" "blocks inside" => v.blocks();
    "mean_length" "mean length of the blocks" => ratio(v.sums.length, v.blocks());
    "good_of_page" "share of the page's good text" => ratio(v.sums.good, v.profile.total().good);
    "good" "share of its text that is good" => ratio(v.sums.good, v.sums.length);
    "marks" "commas and sentence ends a word" => ratio(v.sums.marks, v.sums.words);
    "ended" "share of blocks that end a sentence" => ratio(v.sums.ended, v.blocks());
    "headings" "share of blocks that are headings" => ratio(v.sums.headings, v.blocks());
    "capitals" "share of words with a capital first letter" => ratio(v.sums.capitals, v.sums.words);
    "images" "pictures a block" => ratio(v.container.images, v.blocks());
    "alike" "siblings of the same tag and class" => v.profile.alike[v.id];
    "of_parent" "share of the text of the container around it" => v.parent_share();
}

/// The numbers of one container.
pub(super) type Numbers = [f32; FEATURES.len()];

/// The numbers of all containers.
pub(super) fn all(page: &Page, profile: &Profile) -> Vec<Numbers> {
    let numbers = |(id, container): (usize, &Container)| {
        let sums = profile.sums(&container.blocks);
        values(&View { page, profile, id, container, sums })
    };
    page.containers.iter().enumerate().map(numbers).collect()
}

/// Adds the numbers of the containers around a block; where there are no more, those of the root again.
pub(super) fn push_around(all: &[Numbers], page: &Page, block: &Block, row: &mut impl Row) {
    let mut id = block.container;
    for _ in 0..LEVELS {
        row.push(all[id as usize]);
        let parent = page.containers[id as usize].parent;
        id = if parent == NONE { id } else { parent };
    }
}
