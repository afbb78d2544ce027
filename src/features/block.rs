//! What a block is itself, and where it stands on the page.

use super::profile::{Path, Profile};
use super::{features, ratio};
use crate::blocks::chars::Sign;
use crate::page::{Block, Container, Page, Role};
use crate::parse::Tag;

/// A block and what its features are read from.
pub(super) struct View<'a> {
    page: &'a Page,
    profile: &'a Profile,
    index: usize,
    block: &'a Block,
    container: &'a Container,
    /// The first and the last character.
    first: Option<char>,
    last: Option<char>,
}

impl<'a> View<'a> {
    pub(super) fn new(page: &'a Page, profile: &'a Profile, index: usize) -> Self {
        let block = &page.blocks[index];
        let container = &page.containers[block.container as usize];
        let text = page.text_of(block);
        let (first, last) = (text.chars().next(), text.chars().next_back());
        Self { page, profile, index, block, container, first, last }
    }

    /// Count a word.
    fn per_word(&self, count: u32) -> f64 {
        ratio(count, self.block.stats.words)
    }

    /// Count a character.
    fn per_char(&self, count: u32) -> f64 {
        ratio(count, self.block.stats.chars)
    }

    fn tag(&self, tags: &[Tag]) -> u8 {
        u8::from(tags.contains(&self.container.tag))
    }

    fn within(&self, tags: &[Tag]) -> u8 {
        u8::from(self.block.within.has_any(tags))
    }

    fn heading_level(&self) -> u8 {
        match self.block.layout.role {
            Role::Heading(level) => level,
            _ => 0,
        }
    }

    fn is_role(&self, is: impl Fn(Role) -> bool) -> u8 {
        u8::from(is(self.block.layout.role))
    }

    fn path<'p>(&self, paths: &'p [Path]) -> &'p Path {
        &paths[self.block.container as usize]
    }

    /// The heading before the block, not the block itself.
    fn heading_before(&self) -> Option<u32> {
        self.index.checked_sub(1).and_then(|before| self.profile.heading[before])
    }

    fn starts(&self, is: impl Fn(char) -> bool) -> u8 {
        u8::from(self.first.is_some_and(is))
    }

    fn ends(&self, marks: &[char]) -> u8 {
        u8::from(self.last.is_some_and(|last| marks.contains(&last)))
    }

    fn has(&self, sign: Sign) -> u8 {
        u8::from(self.block.stats.signs.has(sign))
    }

    /// Blocks from a landmark to this block, negative before it, 0 without one; beyond 200 all are alike.
    fn offset(&self, from: Option<u32>) -> f64 {
        from.map_or(0.0, |from| (self.index as f64 - f64::from(from)).clamp(-200.0, 200.0))
    }

    /// Blocks from the edge of a container: 0 inside it.
    fn outside(&self, container: u32) -> f64 {
        let blocks = &self.page.containers[container as usize].blocks;
        let index = self.index as u32;
        let distance = if index < blocks.start {
            -f64::from(blocks.start - index)
        } else {
            f64::from((index + 1).saturating_sub(blocks.end))
        };
        distance.clamp(-200.0, 200.0)
    }

    /// The share of the page's text before the block.
    fn text_before(&self) -> f64 {
        ratio(self.profile.sums(&(0..self.index as u32)).length, self.profile.total().length)
    }

    /// The share of the good text before the block.
    fn good_before(&self) -> f64 {
        ratio(self.profile.sums(&(0..self.index as u32)).good, self.profile.total().good)
    }

    /// The mean length of good blocks, at least that of one.
    fn mean_good(&self) -> f64 {
        ratio(self.profile.total().good, self.profile.good_blocks as f64).max(80.0)
    }
}

features! { |v: &View<'_>|
    "length" "characters, a CJK character counts 2.5" => v.block.stats.length();
    "words" "words; each CJK character is one" => v.block.stats.words;
    "relative_length" "length over the mean length of the page's good blocks" => f64::from(v.block.stats.length()) / v.mean_good();
    "word_length" "mean letters a word" => ratio(v.block.stats.chars, v.block.stats.words);
    "link_density" "share of characters in links" => v.block.stats.link_density();
    "links" "links" => v.block.stats.links;
    "unlinked_length" "length outside links" => v.block.stats.length() * (1.0 - v.block.stats.link_density());
    "bold" "share of characters in bold or emphasised text" => v.per_char(v.block.stats.bold_chars);
    "commas" "commas a word" => v.per_word(v.block.stats.commas);
    "sentence_ends" "full stops and their like a word" => v.per_word(v.block.stats.sentence_ends);
    "comma_count" "commas" => v.block.stats.commas;
    "sentence_end_count" "full stops and their like" => v.block.stats.sentence_ends;
    "ends_sentence" "the text ends a sentence" => u8::from(v.block.stats.ends_sentence);
    "capitals" "share of words with a capital first letter" => v.per_word(v.block.stats.capitalised);
    "short_words" "share of words of one to three letters" => v.per_word(v.block.stats.short_words);
    "function_chars" "share of characters that are CJK particles" => v.per_char(v.block.stats.function_chars);
    "cjk" "share of CJK characters" => v.per_char(v.block.stats.cjk);
    "digits" "share of digits" => v.per_char(v.block.stats.digits);
    "symbols" "share of other symbols" => v.per_char(v.block.stats.symbols);
    "starts_lower" "begins with a lower-case letter" => v.starts(char::is_lowercase);
    "starts_digit" "begins with a digit" => v.starts(char::is_numeric);
    "starts_symbol" "begins with neither letter nor digit" => v.starts(|c| !c.is_alphanumeric());
    "ends_colon" "ends with a colon" => v.ends(&[':', '：']);
    "ends_question" "ends with a question mark" => v.ends(&['?', '？', '؟']);
    "ends_teaser" "ends with an ellipsis or arrow" => v.ends(&['…', '»', '›', '>', '→', '+']);
    "ends_short" "ends with an ellipsis" => u8::from(v.profile.sections.is_cut_short(v.index));
    "has_bar" "has a vertical bar or middle dot" => v.has(Sign::Bar);
    "has_currency" "has a currency sign" => v.has(Sign::Currency);
    "has_copyright" "has a copyright sign" => v.has(Sign::Copyright);
    "has_at" "has an at sign" => v.has(Sign::At);
    "heading" "level of the heading it is" => v.heading_level();
    "item" "starts a list item" => v.is_role(|role| matches!(role, Role::Item(_)));
    "cell" "stands in a table cell" => v.is_role(|role| matches!(role, Role::Cell { .. }));
    "preformatted" "is preformatted" => v.is_role(|role| role == Role::Preformatted);
    "caption" "is a caption" => v.is_role(|role| role == Role::Caption);
    "quotes" "block quotes around it" => v.block.layout.quotes;
    "lists" "lists around it" => v.block.layout.lists;
    "continues" "follows a line break" => u8::from(v.block.layout.continues);
    "hidden" "a browser would not show it" => u8::from(v.block.hidden);
    "depth" "containers around it" => v.container.depth;
    "tag.p" "innermost container is p" => v.tag(&[Tag::P]);
    "tag.div" "innermost container is div" => v.tag(&[Tag::Div]);
    "tag.li" "innermost container is li" => v.tag(&[Tag::Li]);
    "tag.td" "innermost container is td or th" => v.tag(&[Tag::Td, Tag::Th]);
    "tag.definition" "innermost container is dt or dd" => v.tag(&[Tag::Dt, Tag::Dd]);
    "tag.button" "innermost container is button" => v.tag(&[Tag::Button]);
    "within.nav" "inside nav" => v.within(&[Tag::Nav]);
    "within.footer" "inside footer" => v.within(&[Tag::Footer]);
    "within.header" "inside header" => v.within(&[Tag::Header]);
    "within.aside" "inside aside" => v.within(&[Tag::Aside]);
    "within.article" "inside article" => v.within(&[Tag::Article]);
    "within.main" "inside main" => v.within(&[Tag::Main]);
    "within.section" "inside section" => v.within(&[Tag::Section]);
    "within.form" "inside form or fieldset" => v.within(&[Tag::Form, Tag::Fieldset]);
    "within.table" "inside table" => v.within(&[Tag::Table]);
    "within.list" "inside ul or ol" => v.within(&[Tag::Ul, Tag::Ol]);
    "within.definitions" "inside dl" => v.within(&[Tag::Dl]);
    "within.figure" "inside figure" => v.within(&[Tag::Figure]);
    "within.quote" "inside blockquote" => v.within(&[Tag::Blockquote]);
    "within.details" "inside details" => v.within(&[Tag::Details]);
    "within.dialog" "inside dialog" => v.within(&[Tag::Dialog]);
    "within.noscript" "inside noscript" => v.within(&[Tag::Noscript]);
    "within.address" "inside address" => v.within(&[Tag::Address]);
    "repeats" "blocks with the same text" => v.profile.repeats[v.index].0;
    "repeated_before" "blocks with the same text before it" => v.profile.repeats[v.index].1;
    "topic" "share of its terms that good blocks elsewhere use" => v.profile.topic[v.index];
    "title_overlap" "share of its terms that the title has" => v.profile.title_overlap[v.index];
    "position" "share of the blocks before it" => ratio(v.index as f64, v.page.blocks.len() as f64);
    "text_before" "share of the text before it" => v.text_before();
    "good_before" "share of the good text before it" => v.good_before();
    "from_start" "blocks from the first one" => v.index.min(500);
    "to_end" "blocks to the last one" => (v.page.blocks.len() - v.index).min(500);
    "best.up" "steps up to a container that holds the best one or is it" => v.path(&v.profile.to_best).up;
    "best.down" "steps from there down to the best container" => v.path(&v.profile.to_best).down;
    "best.outside" "blocks from the edge of the best container, negative before it" => v.outside(v.profile.best);
    "core.up" "steps up to a container that holds the core or is it" => v.path(&v.profile.to_core).up;
    "core.down" "steps from there down to the core" => v.path(&v.profile.to_core).down;
    "core.outside" "blocks from the edge of the core, negative before it" => v.outside(v.profile.core);
    "headline.up" "steps up to a container that holds the headline" => v.path(&v.profile.to_headline).up;
    "headline.down" "steps from there down to the headline" => v.path(&v.profile.to_headline).down;
    "headline.offset" "blocks from the headline, negative before it" => v.offset(v.profile.headline);
    "heading.distance" "blocks from the heading before it" => v.offset(v.heading_before());
    "heading.level" "level of the heading before it" => v.heading_before().map_or(0, |at| match v.page.blocks[at as usize].layout.role { Role::Heading(level) => level, _ => 0 });
    "good.before" "blocks to the nearest good block before it" => v.profile.good_distance[v.index].0;
    "good.after" "blocks to the nearest good block after it" => v.profile.good_distance[v.index].1;
}
