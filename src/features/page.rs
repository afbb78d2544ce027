//! What the whole page is: the same for all of its blocks.

use super::profile::Profile;
use super::{features, ratio};
use crate::blocks::chars::Sign;
use crate::lexicon::Concept;
use crate::page::{Block, Page, Role};
use crate::parse::Tag;

/// The share of the page's text in blocks of which something holds.
fn share(page: &Page, profile: &Profile, is: impl Fn(&Block) -> bool) -> f64 {
    let length: f64 =
        page.blocks.iter().filter(|block| is(block)).map(|block| f64::from(block.stats.length())).sum();
    ratio(length, profile.total().length)
}

/// The share of the good text inside a container.
fn good_in(page: &Page, profile: &Profile, container: u32) -> f64 {
    let good = page.containers.get(container as usize).map_or(0.0, |c| profile.sums(&c.blocks).good);
    ratio(good, profile.total().good)
}

/// The currencies of this feature are fewer than those of the block's own.
fn has_currency(page: &Page, block: &Block) -> bool {
    block.stats.signs.has(Sign::Currency) && page.text_of(block).contains(['$', '€', '£', '¥', '￥', '₹'])
}

features! { |page: &Page, p: &Profile|
    "length" "characters, CJK weighted" => p.total().length;
    "blocks" "blocks" => page.blocks.len();
    "mean_length" "mean length of the blocks" => ratio(p.total().length, page.blocks.len() as f64);
    "link_density" "share of characters in links" => p.total().link_density();
    "good" "share of the text in good blocks" => ratio(p.total().good, p.total().length);
    "good_length" "length of the good blocks" => p.total().good;
    "good_blocks" "good blocks" => p.good_blocks;
    "longest" "length of the longest block" => page.blocks.iter().map(|b| b.stats.length()).fold(0.0, f32::max);
    "headings" "share of blocks that are headings" => ratio(p.total().headings, page.blocks.len() as f64);
    "headlines" "headings of level 1" => page.blocks.iter().filter(|b| b.layout.role == Role::Heading(1)).count();
    "marks" "commas and sentence ends a word" => ratio(p.total().marks, p.total().words);
    "capitals" "share of words with a capital first letter" => ratio(p.total().capitals, p.total().words);
    "digits" "share of digits" => ratio(p.total().digits, p.total().chars);
    "cjk" "share of the text in blocks mostly CJK" => share(page, p, |b| b.stats.cjk * 2 > b.stats.chars);
    "best_good" "share of the good text in the best container" => good_in(page, p, p.best);
    "core_depth" "containers around the core" => page.containers.get(p.core as usize).map_or(0, |c| c.depth);
    "in_article" "share of the text inside article" => share(page, p, |b| b.within.has(Tag::Article));
    "in_main" "share of the text inside main" => share(page, p, |b| b.within.has(Tag::Main));
    "in_table" "share of the text inside table" => share(page, p, |b| b.within.has(Tag::Table));
    "in_list" "share of the text inside ul or ol" => share(page, p, |b| b.within.has_any(&[Tag::Ul, Tag::Ol]));
    "in_code" "share of the text that is preformatted" => share(page, p, |b| b.layout.role == Role::Preformatted);
    "in_comment" "share of the text in comment containers" => share(page, p, |b| b.concepts.has(Concept::Comment));
    "in_forum" "share of the text in forum containers" => share(page, p, |b| b.concepts.has(Concept::Forum));
    "in_product" "share of the text in product containers" => share(page, p, |b| b.concepts.has(Concept::Product));
    "in_body" "share of the text in body containers" => share(page, p, |b| b.concepts.has(Concept::Body));
    "hidden" "share of the text that is hidden" => share(page, p, |b| b.hidden);
    "named" "share of the text in containers with telling names" => share(page, p, |b| !b.concepts.is_empty());
    "group" "largest number of siblings alike" => p.group.0;
    "group_text" "their share of the text" => p.group.1;
    "stamps" "share of blocks that are dates or times" => ratio(p.sections.stamp_count(), page.blocks.len() as f64);
    "cut_short" "share of blocks that end with an ellipsis" => ratio(p.sections.cut_short_count(), page.blocks.len() as f64);
    "comments" "labels that speak of comments" => p.sections.comment_labels;
    "currency" "blocks with a currency sign" => page.blocks.iter().filter(|block| has_currency(page, block)).count();
}
