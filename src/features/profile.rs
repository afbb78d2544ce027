//! The sums over a page that features read: taken once, in one pass over blocks and containers.

use std::ops::{Add, Range, Sub};

use super::section::Sections;
use crate::blocks::chars::{self, Class};
use crate::hash;
use crate::lexicon::{CONCEPTS, Concepts, Lexicon, PagePhrases};
use crate::page::{Block, NONE, Page, Role};

/// A block this long, with few links, is good: almost surely a paragraph. In alphabetic characters.
///
/// jusText takes 70 to 200; boilerpipe 10 words.
const GOOD_LENGTH: f32 = 80.0;

/// The link density below which a long block is good (jusText .2, boilerpipe .33, Readability .5).
const GOOD_LINK_DENSITY: f32 = 0.4;

/// The share of the good text that the core container holds.
const CORE_SHARE: f64 = 0.75;

/// Characters of a container that counts as one of a group.
const GROUP_LENGTH: f64 = 40.0;

/// More steps up than this are not told apart.
const MAX_STEPS: u8 = 9;

/// Sums over a run of blocks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    /// Characters, CJK weighted.
    pub(crate) length: f64,
    /// Characters.
    pub(crate) chars: f64,
    /// Characters in links.
    pub(crate) link_chars: f64,
    /// Words.
    pub(crate) words: f64,
    /// Commas and sentence ends.
    pub(crate) marks: f64,
    /// Length of good blocks.
    pub(crate) good: f64,
    /// Blocks that end a sentence.
    pub(crate) ended: f64,
    /// Headings.
    pub(crate) headings: f64,
    /// Words with a capital first letter.
    pub(crate) capitals: f64,
    /// Digits.
    pub(crate) digits: f64,
}

impl Sums {
    fn zip(self, o: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            length: f(self.length, o.length),
            chars: f(self.chars, o.chars),
            link_chars: f(self.link_chars, o.link_chars),
            words: f(self.words, o.words),
            marks: f(self.marks, o.marks),
            good: f(self.good, o.good),
            ended: f(self.ended, o.ended),
            headings: f(self.headings, o.headings),
            capitals: f(self.capitals, o.capitals),
            digits: f(self.digits, o.digits),
        }
    }

    /// Share of the characters that stand in links.
    pub(crate) fn link_density(&self) -> f64 {
        super::ratio(self.link_chars, self.chars)
    }
}

impl Add for Sums {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
}

impl Sub for Sums {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
}

/// How far a container is from a landmark: steps up to their common container, and from there down to the mark.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Path {
    pub(crate) up: u16,
    pub(crate) down: u16,
}

/// Sums and landmarks of a page.
#[derive(Debug)]
pub(crate) struct Profile {
    /// Sums over the blocks before each, and over all.
    prefix: Vec<Sums>,
    /// For each block, whether it is good.
    pub(crate) good: Vec<bool>,
    /// How many blocks are good.
    pub(crate) good_blocks: usize,
    /// For each block, how many blocks have its text, and how many of them stand before it.
    pub(crate) repeats: Vec<(u32, u32)>,
    /// For each block, the share of its terms that good blocks elsewhere on the page use, 0 to 1.
    pub(crate) topic: Vec<f32>,
    /// For each block, the share of its terms that the title has.
    pub(crate) title_overlap: Vec<f32>,
    /// For each block, the nearest heading at or before it.
    pub(crate) heading: Vec<Option<u32>>,
    /// For each block, the distance to the nearest good block before it and after it, in blocks.
    pub(crate) good_distance: Vec<(u32, u32)>,
    /// For each container, the steps up to each concept.
    steps: Vec<[u8; CONCEPTS.len()]>,
    /// For each container, how many siblings share its signature, itself included.
    pub(crate) alike: Vec<u32>,
    /// The largest number of siblings alike, among containers with some text each, and their share of the text.
    pub(crate) group: (f64, f64),
    /// The container that a Readability-like measure prefers.
    pub(crate) best: u32,
    /// The deepest container with most of the good text.
    pub(crate) core: u32,
    /// The first heading of level 1, or the block most like the title.
    pub(crate) headline: Option<u32>,
    /// For each container, the path to `best`, `core` and the headline's container.
    pub(crate) to_best: Vec<Path>,
    pub(crate) to_core: Vec<Path>,
    pub(crate) to_headline: Vec<Path>,
    /// Where dates and labels stand.
    pub(crate) sections: Sections,
    /// The phrases of all blocks.
    pub(crate) phrases: PagePhrases,
}

impl Profile {
    /// Takes all sums.
    pub(crate) fn new(page: &Page, lexicon: &Lexicon) -> Self {
        let good: Vec<bool> = page.blocks.iter().map(is_good).collect();
        let prefix = prefix_sums(page, &good);
        let (topic, title_overlap) = overlaps(page, &good);
        let phrases = lexicon.page_phrases(page);
        let mut profile = Self {
            sections: Sections::new(page, &phrases),
            phrases,
            heading: headings(page),
            good_distance: good_distances(&good),
            repeats: repeats(page),
            steps: concept_steps(page),
            alike: alike(page),
            group: (0.0, 0.0),
            best: 0,
            core: 0,
            headline: headline(page, &title_overlap),
            to_best: Vec::new(),
            to_core: Vec::new(),
            to_headline: Vec::new(),
            prefix,
            good_blocks: good.iter().filter(|good| **good).count(),
            good,
            topic,
            title_overlap,
        };
        profile.group = profile.largest_group(page);
        profile.best = profile.best_container(page);
        profile.core = profile.core_container(page);
        profile.to_best = paths(page, profile.best);
        profile.to_core = paths(page, profile.core);
        let headline = profile.headline.map_or(0, |block| page.blocks[block as usize].container);
        profile.to_headline = paths(page, headline);
        profile
    }

    /// Sums over a run of blocks.
    pub(crate) fn sums(&self, blocks: &Range<u32>) -> Sums {
        self.prefix[blocks.end as usize] - self.prefix[blocks.start as usize]
    }

    /// Sums over the page.
    pub(crate) fn total(&self) -> Sums {
        self.prefix[self.prefix.len() - 1]
    }

    /// Steps up from a block to a container that speaks of each concept.
    pub(crate) fn concept_steps(&self, block: &Block) -> [u8; CONCEPTS.len()] {
        let mut steps = self.steps[block.container as usize];
        for (step, (concept, _)) in steps.iter_mut().zip(CONCEPTS) {
            *step -= u8::from(*step == MAX_STEPS) & u8::from(block.concepts.has(*concept));
        }
        steps
    }

    fn largest_group(&self, page: &Page) -> (f64, f64) {
        let mut best = (0.0, 0.0);
        for (container, &alike) in page.containers.iter().zip(&self.alike) {
            let length = self.sums(&container.blocks).length;
            let alike = f64::from(alike);
            if length >= GROUP_LENGTH && alike > best.0 {
                best = (alike, super::ratio(length * alike, self.total().length).min(1.0));
            }
        }
        best
    }

    /// The container whose own paragraphs weigh most, as Readability counts: a good paragraph counts for the
    /// element that holds it and by half for the next one; links count against it.
    fn best_container(&self, page: &Page) -> u32 {
        let mut weight = vec![0.0f64; page.containers.len()];
        for (block, _) in page.blocks.iter().zip(&self.good).filter(|(_, good)| **good) {
            let own = block.container;
            let parent = page.containers[own as usize].parent;
            let holds_one = page.containers[own as usize].blocks.len() == 1;
            let (first, second) = if holds_one && parent != NONE {
                (parent, page.containers[parent as usize].parent)
            } else {
                (own, parent)
            };
            let length = f64::from(block.stats.length());
            weight[first as usize] += length;
            if second != NONE {
                weight[second as usize] += length / 2.0;
            }
        }
        let score = |id: usize| weight[id] * (1.0 - self.sums(&page.containers[id].blocks).link_density());
        (0..page.containers.len()).fold(0, |best, id| if score(id) > score(best) { id } else { best }) as u32
    }

    /// The deepest container that still holds [`CORE_SHARE`] of the good text.
    fn core_container(&self, page: &Page) -> u32 {
        let enough = self.total().good * CORE_SHARE;
        let holds = |id: &usize| self.sums(&page.containers[*id].blocks).good >= enough;
        // At most one child of a container can hold it, so the deepest one is the last in document order.
        (0..page.containers.len()).rfind(holds).unwrap_or(0) as u32
    }
}

fn is_good(block: &Block) -> bool {
    block.stats.length() >= GOOD_LENGTH && block.stats.link_density() < GOOD_LINK_DENSITY && !block.hidden
}

fn prefix_sums(page: &Page, good: &[bool]) -> Vec<Sums> {
    let mut sum = Sums::default();
    let mut prefix = Vec::with_capacity(page.blocks.len() + 1);
    prefix.push(sum);
    for (block, good) in page.blocks.iter().zip(good) {
        let stats = &block.stats;
        let length = f64::from(stats.length());
        sum = sum
            + Sums {
                length,
                chars: f64::from(stats.chars),
                link_chars: f64::from(stats.link_chars),
                words: f64::from(stats.words),
                marks: f64::from(stats.commas + stats.sentence_ends),
                good: if *good { length } else { 0.0 },
                ended: f64::from(u8::from(stats.ends_sentence)),
                headings: f64::from(u8::from(matches!(block.layout.role, Role::Heading(_)))),
                capitals: f64::from(stats.capitalised),
                digits: f64::from(stats.digits),
            };
        prefix.push(sum);
    }
    prefix
}

fn headings(page: &Page) -> Vec<Option<u32>> {
    let mut last = None;
    let next = |(index, block): (usize, &Block)| {
        if matches!(block.layout.role, Role::Heading(_)) {
            last = Some(index as u32);
        }
        last
    };
    page.blocks.iter().enumerate().map(next).collect()
}

fn good_distances(good: &[bool]) -> Vec<(u32, u32)> {
    let run = |distance: &mut u32, good: bool| {
        let next = if good { 1 } else { distance.saturating_add(1) };
        std::mem::replace(distance, next)
    };
    let mut distances = vec![(0, 0); good.len()];
    let (mut before, mut after) = (1000, 1000);
    for (at, &good) in good.iter().enumerate() {
        distances[at].0 = run(&mut before, good);
    }
    for (at, &good) in good.iter().enumerate().rev() {
        distances[at].1 = run(&mut after, good);
    }
    distances
}

fn repeats(page: &Page) -> Vec<(u32, u32)> {
    let keys = page.blocks.iter().map(|block| hash::of_many(hash::SEED, page.text_of(block).as_bytes()));
    let mut repeats = vec![(0, 0); page.blocks.len()];
    for_each_group(keys, |group| {
        for (before, (_, index)) in group.iter().enumerate() {
            repeats[*index as usize] = (group.len() as u32, before as u32);
        }
    });
    repeats
}

/// Calls `each` with the keys that are equal, and their places in order.
fn for_each_group(keys: impl Iterator<Item = u64>, each: impl FnMut(&[(u64, u32)])) {
    let mut sorted: Vec<(u64, u32)> = keys.zip(0..).collect();
    sorted.sort_unstable();
    sorted.chunk_by(|(one, _), (other, _)| one == other).for_each(each);
}

/// Calls `each` with a hash of every term: words of four letters or more, folded to lower case, and pairs of
/// neighbouring CJK characters. What is shorter is mostly grammar.
fn terms(text: &str, mut each: impl FnMut(u32)) {
    let mut word = hash::SEED_32;
    let mut letters = 0;
    let mut cjk = None;
    let step = |hash: u32, c: char| hash::step_32(hash, c.into());
    let mut rest = text;
    loop {
        // Most characters of most pages are of ASCII.
        let mut run = 0;
        for byte in rest.bytes().take_while(u8::is_ascii_alphanumeric) {
            word = hash::step_32(word, byte.to_ascii_lowercase().into());
            run += 1;
        }
        letters += run;
        rest = &rest[run..];
        let next = rest.chars().next();
        let class = next.map_or(Class::Space, chars::class);
        rest = &rest[next.map_or(0, char::len_utf8)..];
        if let (Some(c), Class::Letter | Class::Digit) = (next, class) {
            word = step(word, chars::lower(c));
            letters += 1;
            continue;
        }
        if letters >= 4 {
            each(word);
        }
        (word, letters) = (hash::SEED_32, 0);
        let this = next.filter(|_| class == Class::Cjk);
        if let (Some(first), Some(second)) = (cjk, this) {
            each(step(step(hash::SEED_32, first), second));
        }
        cjk = this;
        if next.is_none() {
            return;
        }
    }
}

/// For each block, the share of its terms that other, good blocks use, and the share that the title has.
fn overlaps(page: &Page, good: &[bool]) -> (Vec<f32>, Vec<f32>) {
    const SLOTS: usize = 1 << 15;
    // Who uses a term: the title, a good block, several good blocks, the block at hand.
    const TITLE: u8 = 1;
    const ONE: u8 = 2;
    const SEVERAL: u8 = 4;
    const THIS: u8 = 8;
    let slot = |term: u32| (term.wrapping_mul(0x9E37_79B1) >> 17) as u16;
    // Terms by their slots in a small table: those of all blocks, and where those of each end.
    let mut slots: Vec<u16> = Vec::with_capacity(page.text.len() / 4);
    let mut ends = Vec::with_capacity(page.blocks.len());
    let mut users = vec![0u8; SLOTS];
    terms(&page.title, |term| users[usize::from(slot(term))] = TITLE);
    for (block, good) in page.blocks.iter().zip(good) {
        let start = slots.len();
        terms(page.text_of(block), |term| slots.push(slot(term)));
        ends.push(slots.len());
        if *good {
            for &slot in &slots[start..] {
                let users = &mut users[usize::from(slot)];
                if *users & THIS == 0 {
                    *users |= THIS | if *users & ONE == 0 { ONE } else { SEVERAL };
                }
            }
            slots[start..].iter().for_each(|&slot| users[usize::from(slot)] &= !THIS);
        }
    }
    let mut start = 0;
    let one = |(end, good): (usize, &bool)| {
        let (others, all) = (if *good { SEVERAL } else { ONE }, end - start);
        let (mut shared, mut titled) = (0u32, 0u32);
        for &slot in &slots[std::mem::replace(&mut start, end)..end] {
            let users = users[usize::from(slot)];
            shared += u32::from(users & others != 0);
            titled += u32::from(users & TITLE != 0);
        }
        let all = all.max(1) as f32;
        (shared as f32 / all, titled as f32 / all)
    };
    ends.into_iter().zip(good).map(one).unzip()
}

fn concept_steps(page: &Page) -> Vec<[u8; CONCEPTS.len()]> {
    let mut all: Vec<[u8; CONCEPTS.len()]> = Vec::with_capacity(page.containers.len());
    for container in &page.containers {
        let mut steps = match all.get(container.parent as usize) {
            Some(outer) => outer.map(|steps| (steps + 1).min(MAX_STEPS)),
            None => [MAX_STEPS; CONCEPTS.len()],
        };
        if container.concepts != Concepts::default() {
            for (step, (concept, _)) in steps.iter_mut().zip(CONCEPTS) {
                if container.concepts.has(*concept) {
                    *step = 0;
                }
            }
        }
        all.push(steps);
    }
    all
}

fn alike(page: &Page) -> Vec<u32> {
    let keys = page.containers.iter().map(|c| u64::from(c.parent) << 32 | u64::from(c.signature));
    let mut alike = vec![0; page.containers.len()];
    for_each_group(keys, |group| {
        for (_, index) in group {
            alike[*index as usize] = group.len() as u32;
        }
    });
    alike
}

/// The first heading of level 1; failing that, the first block that has most of the title.
fn headline(page: &Page, title_overlap: &[f32]) -> Option<u32> {
    let first = page.blocks.iter().position(|block| block.layout.role == Role::Heading(1));
    let like = || title_overlap.iter().position(|overlap| *overlap > 0.75);
    first.or_else(like).map(|index| index as u32)
}

/// The path from every container to `target`.
fn paths(page: &Page, target: u32) -> Vec<Path> {
    let mut on_way = vec![false; page.containers.len()];
    let mut at = target;
    while let Some(container) = page.containers.get(at as usize) {
        on_way[at as usize] = true;
        at = container.parent;
    }
    let depth = page.containers.get(target as usize).map_or(0, |container| container.depth);
    let mut paths: Vec<Path> = Vec::with_capacity(page.containers.len());
    for (index, container) in page.containers.iter().enumerate() {
        let path = if on_way[index] {
            Path { up: 0, down: depth - container.depth }
        } else {
            let outer = paths.get(container.parent as usize).copied().unwrap_or_default();
            Path { up: outer.up.saturating_add(1), down: outer.down }
        };
        paths.push(path);
    }
    paths
}
