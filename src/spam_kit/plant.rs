//! Puts spam into a page: bytes come in, the page with its spam and the list of what was planted go out.
//!
//! Where the article is, is taken from what a cleaner keeps of the page as it was. In HTML the blocks are looked up
//! in the source, so that everything else of the page stays byte by byte what it was; a page is left alone whose
//! paragraphs cannot be found there.

use serde::Serialize;

use super::kinds::{KINDS, Kind, Place, Plant};
use super::markup;
use super::random::Random;
use super::words::{Half, Words};
use crate::page::{Block, Cleaned, Page};
use crate::{Cleaner, Hints, Media};

/// The shortest paragraph beside which spam is planted, in letters.
const MIN_LENGTH: f32 = 60.0;
/// Paragraphs that an article must have.
const MIN_PARAGRAPHS: usize = 3;
/// How much of a block's end is looked up in the source, in characters.
const KEY: usize = 24;

/// How to plant.
#[derive(Clone, Debug)]
pub struct Planting<'a> {
    /// Chooses words, places and looks. The same seed, page and name give the same result.
    pub seed: u64,
    /// Names of kinds, as in [`KINDS`]; none stands for all.
    pub kinds: &'a [String],
    /// How many kinds each page gets.
    pub kinds_per_page: usize,
    /// The words and looks to use.
    pub half: Half,
    /// Whether to flatten HTML to lines first.
    pub as_text: bool,
}

/// A planted string.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Planted {
    /// The kind.
    pub kind: &'static str,
    /// The string, as a reader would see it.
    pub text: String,
    /// Where it stands and how it looks.
    pub look: String,
}

/// A page with spam.
#[derive(Clone, Debug)]
pub struct Infested {
    /// The page as it was: the input, or its text.
    pub clean: String,
    /// The page with spam.
    pub page: String,
    /// What was planted.
    pub planted: Vec<Planted>,
}

#[expect(clippy::similar_names, reason = "who cleans, and what comes of it")]
/// Plants spam in a page. `index` is the number of the page: kinds go round, so that each gets its share.
#[must_use]
pub fn infest(
    cleaner: &Cleaner,
    name: &str,
    bytes: &[u8],
    index: usize,
    how: &Planting<'_>,
) -> Option<Infested> {
    let cleaned = cleaner.clean(bytes, Hints::default());
    let is_text = how.as_text || cleaned.page.media == Some(Media::Text);
    let source = if is_text { flatten(&cleaned.page) } else { std::str::from_utf8(bytes).ok()?.to_owned() };
    let slots = if is_text { text_slots(&cleaned) } else { html_slots(&cleaned, &source) };
    if slots.len() < MIN_PARAGRAPHS {
        return None;
    }
    let mut random = Random::new(how.seed, name);
    let all = Words::all(how.half);
    let language = cleaned.metadata.language.as_deref().unwrap_or("en");
    let mut inserts: Vec<(usize, String)> = Vec::new();
    let mut planted = Vec::new();
    let chosen: Vec<&Kind> = KINDS
        .iter()
        .filter(|kind| how.kinds.is_empty() || how.kinds.iter().any(|k| k == kind.name))
        .collect();
    for turn in 0..how.kinds_per_page.min(chosen.len()) {
        let kind = chosen[(index * how.kinds_per_page + turn) % chosen.len()];
        let (own, other) = languages(&all, language, &mut random);
        let plant = kind.plant(own, other, &mut random);
        let place = *random.pick(kind.places);
        let (html, look) = if is_text {
            markup::lines(&plant, how.half, &mut random)
        } else {
            markup::html(&plant, how.half, &mut random)
        };
        let anchored = matches!(plant, Plant::Anchor { .. });
        let at = if anchored {
            within(&slots, &mut random)?
        } else {
            offset(&slots, place, &source, is_text, &mut random)
        };
        inserts.push((at, dressed(html, &plant, is_text)));
        let look = format!("{place:?} {look} {}", own.language);
        let strings = match plant {
            Plant::Items { items, .. } => items,
            Plant::Line { text, .. } | Plant::Anchor { text, .. } => vec![text],
        };
        planted.extend(strings.into_iter().map(|text| Planted { kind: kind.name, text, look: look.clone() }));
    }
    let known = squeezed(&cleaned.page.text);
    planted.retain(|planted| !known.contains(&squeezed(&planted.text)));
    inserts.sort_by_key(|(at, _)| *at);
    let mut page = String::with_capacity(source.len() * 2);
    let mut done = 0;
    for (at, insert) in inserts {
        page.push_str(&source[done..at]);
        page.push_str(&insert);
        done = at;
    }
    page.push_str(&source[done..]);
    Some(Infested { clean: source, page, planted })
}

/// A text as it is compared: without white space, in lower case.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn dressed(markup: String, plant: &Plant, is_text: bool) -> String {
    match (plant, is_text) {
        (Plant::Anchor { before, .. }, _) if before.is_empty() => format!(" {markup}"),
        (Plant::Anchor { .. }, _) => markup,
        (_, true) => format!("{markup}\n\n"),
        (_, false) => format!("\n{markup}\n"),
    }
}

/// The page's language mostly, another one now and then; and one that is not the page's.
fn languages<'a>(all: &'a [Words], language: &str, random: &mut Random) -> (&'a Words, &'a Words) {
    let others: Vec<&Words> = all.iter().filter(|words| words.language != language).collect();
    let other = *random.pick(&others);
    let own = all.iter().find(|words| words.language == language);
    match own {
        Some(own) if random.percent(80) => (own, other),
        _ => (*random.pick(&others), other),
    }
}

/// A place in the source beside a paragraph of the article.
#[derive(Clone, Debug)]
struct Slot {
    /// Before the paragraph.
    before: usize,
    /// Behind it.
    after: usize,
    /// Within it, between two words.
    within: Option<usize>,
}

fn within(slots: &[Slot], random: &mut Random) -> Option<usize> {
    let inside: Vec<usize> = slots.iter().filter_map(|slot| slot.within).collect();
    (!inside.is_empty()).then(|| *random.pick(&inside))
}

fn offset(slots: &[Slot], place: Place, source: &str, is_text: bool, random: &mut Random) -> usize {
    let last = slots.len() - 1;
    match place {
        Place::Before => slots[0].before,
        Place::Middle => slots[random.below(last)].after,
        Place::End => slots[last].after,
        Place::After if is_text => source.len(),
        Place::After => {
            let end = source.to_ascii_lowercase().rfind("</body");
            end.filter(|end| *end >= slots[last].after).unwrap_or(source.len())
        }
    }
}

/// The lines of a page, with an empty one between containers.
fn flatten(page: &Page) -> String {
    let mut out = String::new();
    let mut before: Option<&Block> = None;
    for block in &page.blocks {
        if before.is_some_and(|before| !page.share_container(before, block)) {
            out.push('\n');
        }
        out.push_str(&page.text_of(block).replace('\n', " "));
        out.push('\n');
        before = Some(block);
    }
    out
}

/// The paragraphs of the article.
fn paragraphs(cleaned: &Cleaned) -> impl Iterator<Item = &str> {
    let long = |block: &&Block| block.stats.length() >= MIN_LENGTH && block.stats.link_density() < 0.5;
    let sentence = |block: &&Block| block.stats.ends_sentence;
    cleaned.kept().filter(long).filter(sentence).map(|block| cleaned.page.text_of(block))
}

fn text_slots(cleaned: &Cleaned) -> Vec<Slot> {
    let source = flatten(&cleaned.page);
    let mut from = 0;
    let mut slots = Vec::new();
    for text in paragraphs(cleaned) {
        let Some(at) = source[from..].find(&text.replace('\n', " ")) else { continue };
        let before = from + at;
        let end = before + text.len();
        let after = source[end..].find('\n').map_or(source.len(), |line| end + line + 1);
        let within = gap(text).map(|gap| before + gap);
        slots.push(Slot { before, after, within });
        from = after;
    }
    slots
}

fn html_slots(cleaned: &Cleaned, source: &str) -> Vec<Slot> {
    let mut from = source.find("<body").unwrap_or(0);
    let mut slots = Vec::new();
    for text in paragraphs(cleaned) {
        let start: String = text.chars().take(KEY).collect();
        let skipped = text.chars().count().saturating_sub(KEY);
        let end: String = text.chars().skip(skipped).collect();
        let Some(before) = source[from..].find(&start).map(|at| from + at) else { continue };
        let Some(behind) = source[before..].find(&end).map(|at| before + at + end.len()) else { continue };
        if behind - before > text.len() * 4 + 400 {
            continue;
        }
        let within = gap(text).and_then(|gap| {
            let key = text.get(..gap)?;
            let key: String = key.chars().rev().take(KEY).collect::<Vec<_>>().into_iter().rev().collect();
            source[before..behind].find(&key).map(|at| before + at + key.len())
        });
        let after = behind_closers(source, behind);
        slots.push(Slot { before: before_openers(source, before), after, within });
        from = after;
    }
    slots
}

/// A place between two words, or behind a comma, in the second half of a text.
fn gap(text: &str) -> Option<usize> {
    let middle = text.char_indices().nth(text.chars().count() / 2)?.0;
    let at = text[middle..].find([' ', '，', '、'])?;
    let c = text[middle + at..].chars().next()?;
    Some(middle + at + if c == ' ' { 0 } else { c.len_utf8() })
}

/// Past closing tags up to that of the paragraph.
fn behind_closers(source: &str, mut at: usize) -> usize {
    const INLINE: &[&str] =
        &["</span", "</b", "</strong", "</em", "</i", "</a", "</font", "</u", "</p", "</h2", "</h3"];
    while let Some(tag) = source[at..].split_once('>').map(|(tag, _)| tag) {
        let name = tag.trim_start().to_ascii_lowercase();
        if !INLINE.contains(&name.trim_end()) {
            break;
        }
        at += tag.len() + 1;
        if name.starts_with("</p") || name.starts_with("</h") {
            break;
        }
    }
    at
}

/// Before the opening tags of the paragraph.
fn before_openers(source: &str, mut at: usize) -> usize {
    while source[..at].trim_end().ends_with('>') {
        let Some(open) = source[..at].rfind('<') else { break };
        let name: String = source[open + 1..].chars().take_while(char::is_ascii_alphanumeric).collect();
        if !["p", "span", "b", "strong", "em", "i", "a", "font"].contains(&name.to_ascii_lowercase().as_str())
        {
            break;
        }
        at = open;
        if name.eq_ignore_ascii_case("p") {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<html><body><nav><a href=/>Home</a></nav><article><h1>Tides</h1>\
        <p>The sea rises and falls twice a day, drawn by the moon and, more weakly, by the distant sun.</p>\
        <p>Where the coast narrows, the difference between high and low water can be <b>as high as a house</b>.</p>\
        <p>Harbours are built for it, and fishermen keep tables of the hours at which their boats can leave.</p>\
        <p>Nobody has ever seen a tide from above, but gauges along the coast have written it down for years.</p>\
        </article></body></html>";

    fn planted(seed: u64, kind: &str, as_text: bool) -> Infested {
        let kinds = [kind.to_owned()];
        let how = Planting { seed, kinds: &kinds, kinds_per_page: 1, half: Half::All, as_text };
        infest(&Cleaner::default(), "tides", PAGE.as_bytes(), 0, &how).expect("an article")
    }

    #[test]
    fn the_page_has_what_was_planted_and_all_that_it_had() {
        for kind in KINDS {
            for as_text in [false, true] {
                let result = planted(7, kind.name, as_text);
                assert!(!result.planted.is_empty(), "{}", kind.name);
                let seen = Cleaner::default().clean(result.page.as_bytes(), Hints::default());
                let text = squeezed(&seen.page.text);
                for planted in result.planted {
                    let plain: String = squeezed(&planted.text).replace('\u{200b}', "");
                    assert!(text.contains(&plain), "{}: {planted:?} in {}", kind.name, result.page);
                }
            }
        }
    }

    #[test]
    fn the_seed_alone_decides() {
        assert_eq!(planted(1, "farm_text", false).page, planted(1, "farm_text", false).page);
        assert_ne!(planted(1, "farm_text", false).page, planted(2, "farm_text", false).page);
    }

    #[test]
    fn pages_without_an_article_are_left_alone() {
        let how = Planting { seed: 1, kinds: &[], kinds_per_page: 1, half: Half::All, as_text: false };
        assert!(infest(&Cleaner::default(), "x", b"<p>Nothing here.", 0, &how).is_none());
    }
}
