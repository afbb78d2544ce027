//! **Drops** Breadcrumbs, menu lines, footer lines: a few short entries side by side that lead through the site.
//!
//! **Why** In HTML their links give them away, in plain text only their shape and their few usual words do.
//!
//! **Example** `Home > Coast > Tides`, `About us | Contact | Privacy policy | Site map`
//!
//! **Near miss** A list in a sentence; alternatives with a slash; a path in a manual (`Settings > Privacy`);
//! headings of one word.
//!
//! **Languages** Entries of twenty-six; breadcrumbs need only the word for the first page.
//!
//! **Source** A crawled page that ends with such lines, unlinked.

use super::items::{length, several};
use super::{Context, Findings};
use crate::lexicon::Group;

/// The longest line, in letters.
const MAX_LENGTH: f32 = 400.0;
/// The longest entry, in letters.
const MAX_ENTRY: f32 = 32.0;
/// Share of a line's entries that must be known ones, and their number.
const MIN_KNOWN: f32 = 0.4;
const MIN_KNOWN_COUNT: usize = 2;
/// Entries of a line that is a menu by its shape alone, and what they may share with the article.
const MIN_ENTRIES: usize = 4;
const MAX_OVERLAP: f32 = 0.1;
/// The longest entry of a column between two paragraphs, in letters.
const MAX_STRANGE_ENTRY: f32 = 26.0;
/// Share of a row's letters that usual entries make up.
const MIN_ROW: f32 = 0.6;
/// What other rules know a line by.
const LABELS: u64 =
    Group::Share.bit() | Group::ShareSite.bit() | Group::FriendLinks.bit() | Group::TagsLabel.bit();
/// The article's share of a page beside which such a line is none of it.
const MIN_BODY_SHARE: f32 = 0.3;
/// Marks between the levels of a breadcrumb.
const LEVELS: &[char] = &['>', '›', '»', '→', '＞', '/', '／', '▸', '►', '\\', '⟩', '❯', '»'];

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut lone: Vec<usize> = Vec::new();
    for (index, _) in context.blocks() {
        let text = context.text(index);
        let listable =
            !context.is_code(index) && !context.body().is_prose(index) && context.length(index) <= MAX_LENGTH;
        if listable && is_breadcrumb(context, index, text) {
            findings.cut(index, "breadcrumb");
        } else if listable && is_menu_line(context, index) {
            findings.cut(index, "menu line");
        } else if listable && (is_strange_line(context, index) || is_row_of_items(context, index, text)) {
            findings.cut(index, "entries side by side");
        } else if listable && is_entry(context, index, text) {
            lone.push(index);
        }
    }
    cut_columns(context, &lone, findings);
    cut_strange_columns(context, findings);
}

/// Cuts short entries below each other that stand between two paragraphs and have nothing to do with them.
fn cut_strange_columns(context: &Context<'_>, findings: &mut Findings) {
    let body = context.body();
    if body.is_thin() {
        return;
    }
    let is_prose = |at: &usize| body.is_prose(*at);
    let is_entry = |&index: &usize| {
        let stats = &context.page.blocks[index].stats;
        !stats.ends_sentence
            && stats.commas + stats.digits == 0
            && context.length(index) <= MAX_STRANGE_ENTRY
            && !context.is_code(index)
            && !context.is_tabular(index)
            && (!context.is_heading(index) || context.is_bare_heading(index))
    };
    for paragraph in (0..context.page.blocks.len()).filter(is_prose) {
        if !context.text(paragraph).ends_with([':', '：']) {
            let first = paragraph + 1;
            let end = (first..context.page.blocks.len()).find(|index| !is_entry(index)).unwrap_or(first);
            let strange = |index: usize| body.overlap(context.text(index)) <= MAX_OVERLAP;
            if end - first >= MIN_ENTRIES && is_prose(&end) && (first..end).all(strange) {
                (first..end).for_each(|index| findings.cut(index, "entries below each other"));
            }
        }
    }
}

/// `Home > News > This`: the word for the first page, then levels; or the words "you are here".
fn is_breadcrumb(context: &Context<'_>, index: usize, text: &str) -> bool {
    let phrases = context.phrases(index);
    let start = phrases.leading(text, Group::Here).map_or(0, |end| end);
    let here = start > 0;
    if !here && !phrases.has(Group::Home) {
        return false;
    }
    let rest = text[start..].trim_start_matches([' ', ':', '：']);
    let levels = rest.split(LEVELS).filter(|level| !level.trim().is_empty()).count();
    let offset = text.len() - rest.len();
    let home = phrases.of(Group::Home).any(|(from, to)| {
        let before = text[offset.min(from)..from].trim_matches(|c: char| !c.is_alphanumeric());
        from >= offset && before.is_empty() && text[to..].trim_start().starts_with(LEVELS)
    });
    let sentence = context.page.blocks[index].stats.ends_sentence;
    home && levels >= 2 && !sentence || here && levels >= 2 && (home || !sentence && levels >= 3)
}

/// Several short entries, enough of them usual ones.
fn is_menu_line(context: &Context<'_>, index: usize) -> bool {
    let block = &context.page.blocks[index];
    let has_usual = context.phrases(index).has(Group::NavItem);
    if block.stats.ends_sentence || context.is_heading(index) || !has_usual {
        return false;
    }
    let entries = several(context, index);
    if entries.len() < 3 || entries.iter().any(|entry| length(entry) > MAX_ENTRY * 2.0) {
        return false;
    }
    let short = entries.iter().filter(|entry| length(entry) <= MAX_ENTRY).count();
    let known = known(context, index, &entries);
    short * 5 >= entries.len() * 4
        && known >= MIN_KNOWN_COUNT
        && known as f32 >= MIN_KNOWN * entries.len() as f32
}

/// Short entries, parted as only entries are, that share nothing with the article.
fn is_strange_line(context: &Context<'_>, index: usize) -> bool {
    let block = &context.page.blocks[index];
    if block.stats.ends_sentence
        || context.is_heading(index)
        || context.phrases(index).groups() & LABELS != 0
        || context.is_tabular(index)
        || block.stats.digits * 10 > block.stats.chars
        || context.body().is_thin()
        || context.body().share_without(&[]) < MIN_BODY_SHARE
    {
        return false;
    }
    let entries = context.parted(index);
    entries.len() >= MIN_ENTRIES
        && entries.iter().all(|entry| length(entry) <= MAX_ENTRY * 1.5)
        && context.body().overlap(context.text(index)) <= MAX_OVERLAP
}

/// Usual entries with nothing but blanks between them.
fn is_row_of_items(context: &Context<'_>, index: usize, text: &str) -> bool {
    let phrases = context.phrases(index);
    let items = Group::NavItem.bit() | Group::Home.bit();
    let letters = || text.chars().filter(|c| c.is_alphabetic()).map(char::len_utf8).sum::<usize>();
    let block = &context.page.blocks[index];
    !block.stats.ends_sentence
        && block.stats.commas == 0
        && !context.is_heading(index)
        && phrases.count(items) >= MIN_ENTRIES
        && phrases.covered(items) as f32 >= MIN_ROW * letters() as f32
}

/// How many entries are usual ones, whole.
fn known(context: &Context<'_>, index: usize, entries: &[&str]) -> usize {
    let text = context.text(index);
    let phrases = context.phrases(index);
    let base = text.as_ptr() as usize;
    let is_known = |entry: &&&str| {
        let start = entry.as_ptr() as usize - base;
        phrases.of(Group::NavItem).any(|(from, to)| from == start && to == start + entry.len())
    };
    entries.iter().filter(is_known).count()
}

/// A block that is one usual entry and nothing else.
fn is_entry(context: &Context<'_>, index: usize, text: &str) -> bool {
    if !context.phrases(index).has(Group::NavItem) {
        return false;
    }
    let trimmed = text.trim_matches(|c: char| !c.is_alphanumeric());
    let start = trimmed.as_ptr() as usize - text.as_ptr() as usize;
    context.phrases(index).of(Group::NavItem).any(|(from, to)| from == start && to - from == trimmed.len())
}

/// Cuts usual entries that stand below each other.
fn cut_columns(context: &Context<'_>, lone: &[usize], findings: &mut Findings) {
    for column in lone.chunk_by(|a, b| b - a <= 2) {
        let headings = column.iter().filter(|&&index| context.is_heading(index)).count();
        if column.len() >= 3 && headings * 2 < column.len() {
            for &index in column.iter().filter(|&&index| !context.is_heading(index)) {
                findings.cut(index, "menu entry");
            }
        }
    }
}
