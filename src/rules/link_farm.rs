//! **Drops** Rows of near-identical names: eight or more neighbours that share a beginning, an end or most of
//! their words and differ in one slot, on one line or over sibling blocks, linked or not.
//!
//! **Why** Farms name a town or product times a service so that search engines find the page for each. They say
//! nothing to a reader, and where links are lost no link density gives them away.
//!
//! **Example** `Leeds boiler repair | York boiler repair | Hull boiler repair | …`
//!
//! **Near miss** Chapters, years and versions (the slot is a number); names that the article speaks of; verses with
//! the same opening; parts in a table of data; colours and other options that a colon introduces
//! where there is no long article.
//!
//! **Languages** Any: words are compared, in Chinese and Japanese pairs of characters.
//!
//! **Source** Names on one line of a crawled page: 30 with 13 of 17 characters alike, separated by six blanks.

use super::items::{self, Item, length};
use super::{Context, Findings};
use crate::blocks::chars;
use crate::lexicon::each_token;

/// Names in a farm, over several blocks.
const MIN_NAMES: usize = 8;
/// Names in a farm that is a line of its own and nothing else.
const MIN_NAMES_ON_LINE: usize = 5;
/// The longest name, in letters.
const MAX_NAME: f32 = 75.0;
/// How far apart two names may stand that support each other. A grid varies its inner slot each time and its
/// outer slot every few names, so that neighbours always share one of them.
const REACH: usize = 6;
/// Neighbours within reach that a name must resemble.
const MIN_ALIKE: u8 = 3;
/// Entries of a block that are looked at: what so many are, the others are, too.
const MAX_PIECES: usize = 1000;
/// Other entries that may stand between two names of a farm.
const MAX_STRAYS: usize = 2;
/// Share of a name that resembles: the shorter of published farms shares 13 of 17 characters, the loosest two of
/// five.
const MIN_SHARED: f32 = 0.4;
/// What makes names a farm.
struct Bounds {
    /// How many there are over several blocks.
    names: usize,
    /// Their share of the entries from the first to the last.
    density: f32,
    /// Share of tokens with the article from which on they are the article's own.
    overlap: f32,
}
/// Names that resemble each other.
const ALIKE: Bounds = Bounds { names: MIN_NAMES, density: 0.8, overlap: 0.5 };
/// Names of words alone that resemble each other, or are made of each other's words, and have nothing to do with the
/// article.
const STRANGE: Bounds = Bounds { names: MIN_NAMES_ON_LINE, density: 0.6, overlap: 0.2 };
/// Share of a name's tokens that other names of the run have, too: what is left of a grid of towns and trades when some
/// of its cells are missing and the order is lost.
const MIN_RECURRING: f32 = 0.6;
/// The same in a table of which some cells are no such names.
const MAX_OVERLAP_CELLS: f32 = 0.15;
/// The same of names that a colon introduces, and the length of the article in which they are a farm, in letters.
const MAX_OVERLAP_INTRODUCED: f32 = 0.05;
const MIN_BODY_INTRODUCED: f32 = 2000.0;
/// The article's share of all likely body text but the farm, for a farm over several blocks.
const MIN_BODY_SHARE: f32 = 0.25;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut run = Vec::new();
    let mut names = Names::default();
    for (index, block) in context.blocks() {
        let listable = !context.body().is_prose(index)
            && !context.is_code(index)
            && (!context.is_heading(index) || context.is_bare_heading(index))
            && (!block.stats.ends_sentence || block.stats.links > 4);
        let before = run.len();
        if listable {
            let most = before + MAX_PIECES;
            items::each_piece(context, index, |text| {
                if run.len() < most {
                    run.push(Item { block: index, text });
                }
            });
        }
        let pieces = &run[before..];
        if pieces.is_empty() || pieces.iter().any(|piece| is_too_long(piece.text)) {
            find_farms(context, &run[..before], &mut names, findings);
            run.clear();
        }
    }
    find_farms(context, &run, &mut names, findings);
}

/// No character counts more than its bytes, so short texts need no count.
fn is_too_long(name: &str) -> bool {
    name.len() as f32 > MAX_NAME && length(name) > MAX_NAME
}

/// `names` holds what is left of the run before.
fn find_farms(context: &Context<'_>, run: &[Item<'_>], names: &mut Names, findings: &mut Findings) {
    if run.len() < MIN_NAMES_ON_LINE {
        return;
    }
    // Without an article to compare with, only a line can be a farm.
    let has_line = || run.chunk_by(|a, b| a.block == b.block).any(|line| line.len() >= MIN_NAMES_ON_LINE);
    if context.body().is_thin() && !has_line() {
        return;
    }
    names.read(run.iter().map(|item| item.text));
    let mut farmed = Vec::with_capacity(run.len());
    let mut find = |is_farmed: &dyn Fn(&usize) -> bool, bounds: &Bounds| {
        farmed.clear();
        farmed.extend((0..run.len()).filter(is_farmed));
        for farm in farmed.chunk_by(|a, b| b - a <= MAX_STRAYS + 1) {
            let (first, last) = (farm[0], farm[farm.len() - 1]);
            if is_farm(context, &run[first..=last], farm.len(), bounds) {
                cut(context, run, farm, findings);
            }
        }
    };
    let is_farmed = |at| is_farmed(&names.alike, at);
    find(&|&at| is_farmed(at), &ALIKE);
    find(&|&at| is_bare(run[at].text) && (is_farmed(at) || names.recurs(at)), &STRANGE);
}

/// Whether a name resembles enough of its neighbours; at a farm's edge, where there are fewer, one will do.
fn is_farmed(alike: &[u8], index: usize) -> bool {
    let near = &alike[index.saturating_sub(REACH)..alike.len().min(index + REACH + 1)];
    alike[index] >= MIN_ALIKE || alike[index] > 0 && near.iter().any(|&other| other >= MIN_ALIKE)
}

/// Whether a name is words alone: prices, dates and addresses come in lists of the article's own.
fn is_bare(name: &str) -> bool {
    !name.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'(' | b':' | b'.' | b','))
}

fn is_farm(context: &Context<'_>, span: &[Item<'_>], names: usize, bounds: &Bounds) -> bool {
    if names < MIN_NAMES_ON_LINE || (names as f32) < bounds.density * span.len() as f32 {
        return false;
    }
    let mut blocks: Vec<usize> = span.iter().map(|item| item.block).collect();
    blocks.dedup();
    let on_line = names as f32 / blocks.len() as f32 >= MIN_NAMES_ON_LINE as f32;
    // Commas part what a sentence lists, and without an article to compare with a few alike are no evidence.
    let commas: u32 = blocks.iter().map(|&block| context.page.blocks[block].stats.commas).sum();
    let sure = on_line && commas as usize * 2 < names && !context.body().is_thin();
    let cells = blocks.iter().filter(|&&b| context.is_tabular(b)).count();
    // Without an article to compare with, a column of like names may be what the page is about.
    let article = !context.body().is_thin() && context.body().share_without(&blocks) >= MIN_BODY_SHARE;
    if !article && !on_line {
        return false;
    }
    // What a product comes in is introduced, too, but not in a long article.
    let introduced = is_introduced(context, &blocks);
    let long = article && context.body().length() >= MIN_BODY_INTRODUCED;
    if introduced && (names < MIN_NAMES || !long) {
        return false;
    }
    if !sure && names < bounds.names {
        return false;
    }
    let overlap: f32 = span.iter().map(|item| context.body().overlap(item.text)).sum();
    let overlap = overlap / span.len() as f32;
    // A table's column may hold like names; those of a farm have nothing to do with the article.
    let tabular = cells * 2 > blocks.len() && names < span.len();
    overlap
        < match (introduced, tabular) {
            (true, _) => MAX_OVERLAP_INTRODUCED,
            (false, true) => MAX_OVERLAP_CELLS,
            (false, false) => bounds.overlap,
        }
}

/// Whether a line that ends in a colon introduces unlinked names: what a product comes in, and the like.
fn is_introduced(context: &Context<'_>, blocks: &[usize]) -> bool {
    let before = blocks[0].checked_sub(1).map(|before| context.text(before));
    before.is_some_and(|text| text.trim_end().ends_with([':', '：'])) && items::linked(context, blocks) == 0.0
}

/// Cuts the blocks that hold little else than names of the farm.
fn cut(context: &Context<'_>, run: &[Item<'_>], farm: &[usize], findings: &mut Findings) {
    let evidence = format!("{} names like {:?}", farm.len(), run[farm[0]].text);
    let (first, last) = (run[farm[0]].block, run[farm[farm.len() - 1]].block);
    let start = run.partition_point(|item| item.block < first);
    let end = run.partition_point(|item| item.block <= last);
    let mut names = farm.iter().peekable();
    let mut at = start;
    for group in run[start..end].chunk_by(|a, b| a.block == b.block) {
        at += group.len();
        let mut count = 0;
        while names.next_if(|&&name| name < at).is_some() {
            count += 1;
        }
        let between =
            group[0].block != first && group[0].block != last && length(context.text(group[0].block)) < 20.0;
        if count * 2 >= group.len() || between {
            findings.cut(group[0].block, evidence.clone());
        }
    }
}

/// Names, ready to be compared.
#[derive(Default)]
struct Names {
    letters: Vec<char>,
    tokens: Vec<u64>,
    /// The tokens of all names, sorted.
    sorted: Vec<u64>,
    /// The tokens of the last name.
    own: Vec<u64>,
    /// Where the letters and the tokens of each name end.
    ends: Vec<(usize, usize)>,
    /// How many neighbours within reach each resembles, as far as anybody asks.
    alike: Vec<u8>,
}

impl Names {
    /// Takes these in the place of those before.
    fn read<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        let Self { letters, tokens, sorted, own, ends, .. } = self;
        letters.clear();
        tokens.clear();
        ends.clear();
        for text in texts {
            if text.is_ascii() {
                letters.extend(text.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
            } else {
                letters.extend(text.chars().flat_map(char::to_lowercase));
            }
            own.clear();
            each_token(text, |token| own.push(token));
            own.sort_unstable();
            own.dedup();
            tokens.extend_from_slice(own);
            ends.push((letters.len(), tokens.len()));
        }
        sorted.clone_from(tokens);
        sorted.sort_unstable();
        self.compare();
    }

    /// Counts who resembles whom.
    fn compare(&mut self) {
        let count = self.ends.len();
        let mut alike = std::mem::take(&mut self.alike);
        alike.clear();
        alike.resize(count, 0);
        for index in 0..count {
            let name = self.get(index);
            for other in index + 1..count.min(index + 1 + REACH) {
                let enough = alike[index] >= MIN_ALIKE && alike[other] >= MIN_ALIKE;
                if !enough && name.resembles(&self.get(other)) {
                    alike[index] += 1;
                    alike[other] += 1;
                }
            }
        }
        self.alike = alike;
    }

    /// Whether most tokens of a name stand in others, too.
    fn recurs(&self, index: usize) -> bool {
        let recurs = |token: &&u64| {
            let at = self.sorted.partition_point(|other| other < *token);
            self.sorted.get(at + 1) == Some(*token)
        };
        let tokens = self.get(index).tokens;
        let shared = tokens.iter().filter(recurs).count();
        shared >= 2 && shared as f32 >= MIN_RECURRING * tokens.len() as f32
    }

    fn get(&self, index: usize) -> Name<'_> {
        let start = index.checked_sub(1).map_or((0, 0), |before| self.ends[before]);
        let end = self.ends[index];
        Name { letters: &self.letters[start.0..end.0], tokens: &self.tokens[start.1..end.1] }
    }
}

/// One of them.
struct Name<'a> {
    /// In lower case.
    letters: &'a [char],
    /// Sorted.
    tokens: &'a [u64],
}

impl Name<'_> {
    /// Whether two names are the same but for one slot that is not a number.
    fn resembles(&self, other: &Name<'_>) -> bool {
        let (a, b) = (self.letters, other.letters);
        // Most names have neither beginning nor end in common.
        let one_end = a.first() == b.first() || a.last() == b.last();
        if !one_end && !self.shares_tokens(other) {
            return false;
        }
        let longest = a.len().max(b.len());
        let before = common(a.iter().zip(b), |at| is_boundary(a, at) && is_boundary(b, at));
        let (a_rest, b_rest) = (&a[before..], &b[before..]);
        let from_end = |letters: &[char], at: usize| is_boundary(letters, letters.len() - at);
        let after = common(a_rest.iter().rev().zip(b_rest.iter().rev()), |at| {
            from_end(a_rest, at) && from_end(b_rest, at)
        });
        let slots = [&a_rest[..a_rest.len() - after], &b_rest[..b_rest.len() - after]];
        if !slots.iter().any(|slot| slot.iter().any(|c| c.is_alphabetic())) {
            return false;
        }
        let shared = a[..before].iter().chain(&a_rest[a_rest.len() - after..]);
        let weight: f32 = shared.map(|c| weight(*c)).sum();
        let affixed = weight >= 5.0 && (before + after) as f32 >= MIN_SHARED * longest as f32;
        affixed || self.shares_tokens(other)
    }

    /// Whether most words of both are the same, in whatever order.
    fn shares_tokens(&self, other: &Name<'_>) -> bool {
        let most = self.tokens.len().max(other.tokens.len());
        if self.tokens.len().min(other.tokens.len()) < 2 {
            return false;
        }
        let same = self.tokens.iter().filter(|token| other.tokens.contains(token)).count();
        same >= 2 && same < most && same as f32 >= 0.5 * most as f32
    }
}

/// What a character adds to the evidence: letters, not blanks and digits.
fn weight(c: char) -> f32 {
    match c {
        _ if chars::is_cjk(c) => 2.5,
        _ if c.is_alphabetic() => 1.0,
        _ => 0.0,
    }
}

/// How many pairs are equal from the start on, back to the last place where words may part.
fn common<'a>(pairs: impl Iterator<Item = (&'a char, &'a char)>, parts: impl Fn(usize) -> bool) -> usize {
    let mut equal = pairs.take_while(|(a, b)| a == b).count();
    while equal > 0 && !parts(equal) {
        equal -= 1;
    }
    equal
}

/// Whether a word may end before this letter.
fn is_boundary(letters: &[char], at: usize) -> bool {
    let joins = |c: &char| c.is_alphanumeric() && !chars::is_cjk(*c);
    at == 0 || at >= letters.len() || !joins(&letters[at - 1]) || !joins(&letters[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(a: &str, b: &str) -> bool {
        let mut names = Names::default();
        names.read([a, b].into_iter());
        names.get(0).resembles(&names.get(1))
    }

    #[test]
    fn one_slot_in_any_script() {
        assert!(alike("深圳石岩横坑工业区劳务派遣公司", "深圳石岩镇红杏工业区劳务派遣公司"));
        assert!(alike("Plumber in Leeds", "Plumber in York"));
        assert!(alike("Ремонт котлов Тверь", "Ремонт котлов Омск"));
        assert!(alike("Leeds boiler repair", "York boiler repair"));
    }

    #[test]
    fn numbers_and_small_words_are_no_likeness() {
        assert!(!alike("Chapter 1", "Chapter 2"));
        assert!(!alike("The cat", "The dog"));
        assert!(!alike("planet", "planar"));
        assert!(!alike("same name", "same name"));
    }
}
