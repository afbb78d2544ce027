//! What the containers around a block are. Each container's numbers are taken once and shared by its blocks.

use super::profile::Profile;
use super::{LEVELS, features, ratio};
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

/// The numbers of all containers, a row each.
pub(super) fn all(page: &Page, profile: &Profile) -> Vec<f32> {
    let mut values = Vec::with_capacity(page.containers.len() * FEATURES.len());
    for (id, container) in page.containers.iter().enumerate() {
        let sums = profile.sums(&container.blocks);
        fill(&View { page, profile, id, container, sums }, &mut values);
    }
    values
}

/// Appends the numbers of the containers around a block; where there are no more, those of the root again.
pub(super) fn extend(all: &[f32], page: &Page, block: &Block, out: &mut Vec<f32>) {
    let mut id = block.container;
    for _ in 0..LEVELS {
        let start = id as usize * FEATURES.len();
        out.extend_from_slice(&all[start..start + FEATURES.len()]);
        let parent = page.containers[id as usize].parent;
        id = if parent == NONE { id } else { parent };
    }
}
