//! **Drops** Blocks that say one thing over and over: the same words or phrases again and again, which the rest of
//! the article does not use.
//!
//! **Why** Search engines once counted words.
//!
//! **Example** `cheap shoes buy cheap shoes cheap shoes online best cheap shoes cheap running shoes cheap shoes sale`
//!
//! **Near miss** Refrains, litanies and lists of parts; a definition that repeats the word it defines; tables.
//!
//! **Languages** Any.
//!
//! **Source** Compression beyond four to one marks spam pages in the literature; a block is too short to be
//! compressed, so its repeated pairs are counted instead.

use super::{Context, Findings};
use crate::blocks::chars;
use crate::hash;

/// The fewest units (words, CJK characters) in which a repetition says something.
const MIN_UNITS: usize = 14;
/// Places in which a pair must stand to count as repeated.
const MIN_PLACES: usize = 4;
/// Letters of a word that counts by itself, and how often it then stands.
const MIN_FAVOURITE: usize = 4;
const MIN_TIMES: usize = 6;
/// Share of units that belong to a repeated pair, in four places or more.
const MIN_REPEATED: f32 = 0.3;
/// The same in a block of sentences.
const MIN_REPEATED_PROSE: f32 = 0.4;
/// Share of tokens with the rest of the article.
const MAX_OVERLAP: f32 = 0.45;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let mut units = Vec::new();
    for (index, block) in context.blocks() {
        let shares_words = || context.body().overlap_with_others(index) > MAX_OVERLAP;
        if context.is_code(index)
            || (block.stats.words as usize) < MIN_UNITS
            || block.stats.digits * 10 > block.stats.chars
            // That of running text is at hand; of other blocks it is asked last.
            || context.body().is_prose(index) && shares_words()
        {
            continue;
        }
        let text = context.text(index);
        let bound = if block.stats.ends_sentence { MIN_REPEATED_PROSE } else { MIN_REPEATED };
        units.clear();
        push_units(text, &mut units);
        if !may_repeat(&units, bound) {
            continue;
        }
        let repeated = repeated(text, &units);
        if repeated >= bound && !shares_words() {
            findings.cut(index, format!("{repeated:.2} of its words repeat in pairs"));
        }
    }
}

/// Whether a share of a text's units may stand in pairs in four places: whether such a share stands in four places
/// at all. Never says no where the answer is yes.
fn may_repeat(units: &[u64], share: f32) -> bool {
    const SLOTS: usize = 256;
    let mut counts = [0_u32; SLOTS];
    let words = || units.iter().filter(|unit| **unit != 0);
    words().for_each(|unit| counts[(unit ^ unit >> 32) as usize % SLOTS] += 1);
    let often: u32 = counts.iter().filter(|count| **count >= MIN_PLACES as u32).sum();
    often as f32 >= share * words().count() as f32
}

/// Share of a text's units that stand in a pair of units seen in four places or more.
fn repeated(text: &str, units: &[u64]) -> f32 {
    if units.len() < MIN_UNITS {
        return 0.0;
    }
    let both = |at: &usize| units[*at] != 0 && units[at + 1] != 0;
    let mut pairs: Vec<(u64, usize)> =
        (0..units.len() - 1).filter(both).map(|at| (units[at] ^ units[at + 1].rotate_left(21), at)).collect();
    pairs.sort_unstable();
    let mut covered = vec![false; units.len()];
    for same in pairs.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() >= MIN_PLACES) {
        for (_, at) in same {
            covered[*at] = true;
            covered[at + 1] = true;
        }
    }
    let words = units.iter().filter(|unit| **unit != 0).count();
    // Scores and tables say a word beside each number.
    if !text.contains(|c: char| c.is_ascii_digit()) {
        mark_favourite(text, units, &mut covered);
    }
    covered.iter().filter(|covered| **covered).count() as f32 / words.max(1) as f32
}

/// Marks the places of a long word that stands more often than any word of a sentence.
fn mark_favourite(text: &str, units: &[u64], covered: &mut [bool]) {
    let mut words = Vec::new();
    chars::words(text)
        .filter(|word| {
            word.chars().take(MIN_FAVOURITE).count() == MIN_FAVOURITE && !word.contains(chars::is_cjk)
        })
        // Letters without CJK are one unit.
        .for_each(|word| push_units(word, &mut words));
    words.sort_unstable();
    for same in words.chunk_by(|a, b| a == b).filter(|same| same.len() >= MIN_TIMES) {
        for (at, _) in units.iter().enumerate().filter(|(_, unit)| **unit == same[0]) {
            covered[at] = true;
        }
    }
}

/// Adds words and CJK characters in order; 0 stands for anything between sentences and for numbers.
fn push_units(text: &str, units: &mut Vec<u64>) {
    let mut word = None;
    let mut rest = text;
    loop {
        // Most letters of most pages are of ASCII.
        let run = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        if run > 0 {
            word = Some(hash::letters(word.unwrap_or(hash::SEED), rest.as_bytes(), run));
        }
        let next = rest[run..].chars().next();
        rest = &rest[run + next.map_or(0, char::len_utf8)..];
        let Some(c) = next else {
            units.extend(word);
            return;
        };
        let cjk = chars::is_cjk(c);
        if !cjk && c.is_alphabetic() {
            word = Some(hash::step(word.unwrap_or(hash::SEED), chars::lower(c).into()));
            continue;
        }
        units.extend(word.take());
        if cjk {
            units.push(hash::step(hash::SEED, c.into()));
        } else if !c.is_whitespace() && units.last().is_some_and(|last| *last != 0) {
            units.push(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_is_a_share() {
        let stuffed =
            "cheap shoes buy cheap shoes cheap shoes online best cheap shoes sale cheap shoes for you now";
        let repeated = |text: &str| {
            let mut units = Vec::new();
            push_units(text, &mut units);
            let share = repeated(text, &units);
            assert!(share <= 0.0 || may_repeat(&units, share));
            share
        };
        assert!(repeated(stuffed) > 0.5);
        let prose =
            "The sea rises and falls twice a day, drawn by the moon and, more weakly, by the distant sun.";
        assert!(repeated(prose) < 0.05);
        assert!(repeated("short short short") < 0.01);
        assert!(repeated("深圳搬家公司哪家好深圳搬家公司电话深圳搬家公司价格深圳搬家公司") > 0.5);
    }
}
