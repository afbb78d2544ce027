//! The page's running text: where it stands and which words it uses.
//!
//! Spam and teasers share next to nothing with the article they were put into; its own lists, steps and captions
//! do. This is the yardstick: the words of the long, sentence-ended, barely linked blocks that the densities take
//! for body text. It judges nothing itself.

use std::cell::{OnceCell, RefCell};

use crate::lexicon::Common;
use crate::page::{Block, Page, Role};

/// The shortest block that counts as running text, in letters of an alphabetic script.
const MIN_PROSE: f32 = 80.0;
/// The lowest probability of running text: long sentences without links are rarely anything else.
const MIN_SCORE: f32 = 0.3;
/// Blocks of which less than this share may be body text are boilerplate for sure.
const MIN_EXPECTED: f32 = 0.02;
/// From how many bytes a character on the letters of a text have two, and three: spaces add a fifth.
const TWO_BYTES: f32 = 1.75;
const THREE_BYTES: f32 = 2.5;
/// Less running text than this, in letters, and the page has no body to compare with: two or three sentences.
const MIN_BODY: f32 = 300.0;

/// The page's running text.
pub(super) struct Body<'a> {
    page: &'a Page,
    common: &'a Common,
    /// The telling tokens of prose blocks, one block behind the other, and where those of each block end.
    telling: Vec<u64>,
    ends: Vec<u32>,
    /// In how many prose blocks each token stands, sorted by token.
    tokens: Vec<(u64, u32)>,
    /// Whether each block is prose.
    prose: Vec<bool>,
    /// The overlap of each block that somebody asked for: several rules ask for the same ones.
    overlaps: Vec<OnceCell<f32>>,
    /// Memory for the tokens of the text that is asked about.
    asked: RefCell<Vec<u64>>,
    cohesion: OnceCell<f32>,
    first: usize,
    last: usize,
    length: f32,
    /// Its bytes and characters.
    bytes: usize,
    chars: u32,
    /// How many letters of each other block the densities expect to be body text, and of all of them.
    expected: Vec<f32>,
    rest: f32,
    page_length: f32,
}

impl<'a> Body<'a> {
    /// Reads the prose blocks of a page.
    pub(super) fn of(page: &'a Page, scores: &[f32], common: &'a Common) -> Self {
        let prose: Vec<bool> = page.blocks.iter().zip(scores).map(|(b, s)| is_prose(b, *s)).collect();
        let expect = |(block, score): (&Block, &f32)| {
            if is_prose(block, *score) { 0.0 } else { block.stats.length() * score }
        };
        let expected: Vec<f32> = page.blocks.iter().zip(scores).map(expect).collect();
        let mut body = Self {
            page,
            common,
            telling: Vec::new(),
            ends: Vec::with_capacity(page.blocks.len()),
            tokens: Vec::new(),
            first: page.blocks.len(),
            last: 0,
            length: 0.0,
            bytes: 0,
            chars: 0,
            rest: expected.iter().sum(),
            page_length: page.blocks.iter().map(|block| block.stats.length()).sum(),
            expected,
            prose,
            overlaps: vec![OnceCell::new(); page.blocks.len()],
            asked: RefCell::default(),
            cohesion: OnceCell::new(),
        };
        for (index, block) in page.blocks.iter().enumerate() {
            if body.prose[index] {
                body.first = body.first.min(index);
                body.last = index;
                body.length += block.stats.length();
                body.bytes += block.text.len();
                body.chars += block.stats.chars;
                let tokens = body.asked.get_mut();
                common.read_telling_tokens(page.text_of(block), tokens);
                body.telling.extend_from_slice(tokens);
            }
            body.ends.push(body.telling.len() as u32);
        }
        let mut tokens = body.telling.clone();
        tokens.sort_unstable();
        body.tokens = tokens.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect();
        body
    }

    /// Whether there is too little running text to compare anything with.
    pub(super) fn is_thin(&self) -> bool {
        self.length < MIN_BODY
    }

    /// Its length in letters.
    pub(super) fn length(&self) -> f32 {
        self.length
    }

    /// Its share of the page when some blocks are left out, 0 to 1. Beside blocks that the densities take for body text, what
    /// they take for a menu or a footer says nothing about what the page is for; if these blocks are such themselves, all
    /// of the page counts.
    pub(super) fn share_without(&self, blocks: &[usize]) -> f32 {
        let expected: f32 = blocks.iter().map(|&block| self.expected[block]).sum();
        let length: f32 = blocks.iter().map(|&block| self.page.blocks[block].stats.length()).sum();
        let page = if expected > MIN_EXPECTED * length {
            self.length + (self.rest - expected).max(0.0)
        } else {
            self.page_length - length
        };
        self.length / page.max(1.0)
    }

    /// Whether a block is running text; beyond the page there is none.
    pub(super) fn is_prose(&self, block: usize) -> bool {
        self.prose.get(block).is_some_and(|prose| *prose)
    }

    /// Whether no running text comes after a block.
    pub(super) fn ends_before(&self, block: usize) -> bool {
        block > self.last
    }

    /// Whether running text stands on both sides of a block.
    pub(super) fn surrounds(&self, block: usize) -> bool {
        self.first < block && block < self.last
    }

    /// Whether the letters of a block take more or fewer bytes than those of the other running text: it is in another kind
    /// of script.
    pub(super) fn is_in_other_script(&self, block: usize) -> bool {
        let Block { text, stats, .. } = &self.page.blocks[block];
        let (bytes, chars) = if self.prose[block] { (text.len(), stats.chars) } else { (0, 0) };
        bytes_of_letter(self.bytes - bytes, self.chars - chars) != bytes_of_letter(text.len(), stats.chars)
    }

    /// Share of a text's telling tokens that the running text uses too, 0 to 1; a text without such tokens has 1.
    pub(super) fn overlap(&self, text: &str) -> f32 {
        self.share(text, 0)
    }

    /// The same for a whole block, which may be running text itself: what others than it use.
    pub(super) fn overlap_with_others(&self, block: usize) -> f32 {
        *self.overlaps[block].get_or_init(|| {
            if !self.prose[block] {
                return self.overlap(self.page.text_of(&self.page.blocks[block]));
            }
            let start = block.checked_sub(1).map_or(0, |before| self.ends[before]);
            self.share_of(&self.telling[start as usize..self.ends[block] as usize], 1)
        })
    }

    /// The same for a part of a block.
    pub(super) fn overlap_of_part(&self, block: usize, part: &str) -> f32 {
        self.overlap_beyond(part, u32::from(self.prose[block]))
    }

    /// The same for a text that stands in so many blocks of running text.
    pub(super) fn overlap_beyond(&self, text: &str, blocks: u32) -> f32 {
        self.share(text, blocks)
    }

    /// Whether a text has a word that every text uses.
    pub(super) fn has_common(&self, text: &str) -> bool {
        self.common.stands_in(text)
    }

    /// What its paragraphs have in common: the median of their overlaps. Where it is low, a paragraph that shares nothing
    /// is no stranger.
    pub(super) fn cohesion(&self) -> f32 {
        *self.cohesion.get_or_init(|| {
            let prose = (0..self.prose.len()).filter(|&block| self.prose[block]);
            let mut overlaps: Vec<f32> = prose.map(|block| self.overlap_with_others(block)).collect();
            overlaps.sort_unstable_by(f32::total_cmp);
            overlaps.get(overlaps.len() / 2).copied().unwrap_or_default()
        })
    }

    fn share(&self, text: &str, own: u32) -> f32 {
        let mut tokens = self.asked.borrow_mut();
        self.common.read_telling_tokens(text, &mut tokens);
        self.share_of(&tokens, own)
    }

    fn share_of(&self, tokens: &[u64], own: u32) -> f32 {
        if tokens.is_empty() {
            return 1.0;
        }
        let known = |token: &&u64| {
            let at = self.tokens.binary_search_by_key(*token, |(token, _)| *token);
            at.is_ok_and(|at| self.tokens[at].1 > own)
        };
        tokens.iter().filter(known).count() as f32 / tokens.len() as f32
    }
}

/// How many bytes a letter of a text takes: one in the Latin script, two in Cyrillic, Greek, Arabic and their like, else
/// three.
fn bytes_of_letter(bytes: usize, chars: u32) -> u32 {
    let each = bytes as f32 / chars.max(1) as f32;
    1 + u32::from(each > TWO_BYTES) + u32::from(each > THREE_BYTES)
}

fn is_prose(block: &Block, score: f32) -> bool {
    let stats = &block.stats;
    score > MIN_SCORE
        && stats.length() >= MIN_PROSE
        && (stats.ends_sentence || stats.sentence_ends >= 2 || stats.sentence_ends == 1 && stats.commas > 0)
        && stats.link_density() < 0.4
        && !block.hidden
        && block.layout.role != Role::Preformatted
}
