//! The headline: which of the page's names for itself, and without the site's.
//!
//! Headings, `title`, Open Graph and JSON-LD each have a defect: headings may be the site's, `title` has the site's
//! name in it, the others are cut or written for search engines. So they have to agree: the heading that the others
//! speak of wins. In text mode it is the first line that looks like one.

use std::borrow::Cow;

use crate::blocks::chars::{Class, class, fold_blanks};
use crate::lexicon::Lexicon;
use crate::page::{Media, Page, Stats, Verdict};

use super::collect::Collected;
use super::{Candidates, Found, rank};

/// Marks that part a headline from a site's name, with blanks around them.
const SEPARATORS: &[&str] = &[
    " | ", " - ", " – ", " — ", " · ", " » ", " « ", " :: ", " • ", " ｜ ", " / ", " >> ", " ⋆ ", " ‹ ",
    " › ", " ~ ",
];
/// Marks that do without blanks where words have none either.
const TIGHT_SEPARATORS: &[&str] = &["_", "|", "｜", "-", "—", "–"];

/// Characters of a title.
const MAX_TITLE: usize = 300;

/// Lines of a text among which its title is.
const LINES: usize = 20;

/// What is read.
pub(super) struct Sources<'a> {
    pub(super) page: &'a Page,
    pub(super) verdicts: &'a [Verdict],
    pub(super) collected: &'a Collected<'a>,
    pub(super) candidates: &'a Candidates,
    pub(super) site_name: Option<&'a str>,
    pub(super) url: Option<&'a str>,
    pub(super) lexicon: &'a Lexicon,
}

/// Letters and digits in lower case: titles that differ in nothing else are one.
pub(super) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    key.extend(key_of(text));
    key
}

/// The characters of a text's key.
pub(super) fn key_of(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Chooses the title.
pub(super) fn choose(sources: &Sources<'_>) -> Option<Found> {
    let found = if sources.page.media == Some(Media::Text) {
        of_text(sources)
    } else {
        // Some pages are text in markup's clothes: line breaks and nothing else.
        of_markup(sources).or_else(|| of_text(sources))
    };
    found.filter(|found| !found.value.is_empty())
}

fn of_markup(sources: &Sources<'_>) -> Option<Found> {
    let sites = Sites::of(sources);
    let named = &sources.candidates.headline;
    let mut others: Vec<Title<'_>> = named
        .0
        .iter()
        .filter(|candidate| candidate.rank <= rank::WEB_PAGE)
        .map(|candidate| Title::new(sites.strip(&candidate.value), candidate.origin))
        .collect();
    others.push(Title::new(sites.strip(&sources.page.title), "title element"));
    others.retain(|other| !other.text.is_empty());
    let headings = &sources.collected.headings;
    let headings: Vec<_> = headings.iter().map(|heading| Title::new(heading.into(), "heading")).collect();
    if let Some(other) = headings.iter().find_map(|heading| without_prefix(heading, &others)) {
        return Some(other.found());
    }
    if let Some(heading) = choose_heading(&headings, &others, &sites, &key(&sources.page.title)) {
        return Some(Found { value: clip(&sites.strip(&heading.text)), origin: heading.origin });
    }
    let value =
        named.best().map(|best| Found { value: clip(&sites.strip(&best.value)), origin: best.origin });
    let value = value.filter(|found| !found.value.is_empty() && !sites.is_site(&found.value));
    let tag = || others.last().filter(|other| other.origin == "title element");
    value.or_else(|| tag().or(headings.first()).map(Title::found))
}

/// A title that somebody gives the page.
struct Title<'a> {
    text: Cow<'a, str>,
    key: String,
    origin: &'static str,
}

impl<'a> Title<'a> {
    fn new(text: Cow<'a, str>, origin: &'static str) -> Self {
        Self { key: key(&text), text, origin }
    }

    fn found(&self) -> Found {
        Found { value: clip(&self.text), origin: self.origin }
    }
}

/// The title that a heading ends with: `Thread: Tides` where the others say `Tides`.
fn without_prefix<'t, 'a>(heading: &Title<'_>, others: &'t [Title<'a>]) -> Option<&'t Title<'a>> {
    let heading = heading.key.as_str();
    let ends = |other: &str| {
        other.len() < heading.len() && heading.ends_with(other) && other.len() * 3 >= heading.len() * 2
    };
    others.iter().find(|other| ends(&other.key))
}

/// The heading that is the page's: one that the other titles repeat, or else the only one that is not the site's,
/// for some write another headline for readers than for search engines.
fn choose_heading<'t, 'a>(
    headings: &'t [Title<'a>],
    others: &[Title<'_>],
    sites: &Sites,
    tag: &str,
) -> Option<&'t Title<'a>> {
    let keys = || others.iter().map(|other| other.key.as_str());
    // Where the title element is a heading and another source's title, the heading is the site's.
    let is_rest = |heading: &str| {
        keys().filter(|other| !sites.have(other)).any(|other| {
            let rest = tag.strip_prefix(other).or_else(|| tag.strip_suffix(other));
            rest.is_some_and(|rest| rest == heading)
        })
    };
    let is_candidate = |heading: &&Title<'_>| !heading.key.is_empty() && !is_rest(&heading.key);
    let candidates = || headings.iter().filter(is_candidate);
    if let Some(heading) = candidates().find(|heading| keys().any(|other| agree(&heading.key, other))) {
        return Some(heading);
    }
    let own: Vec<_> =
        candidates().filter(|heading| heading.key.len() > 3 && !sites.have(&heading.key)).collect();
    let begins = own.iter().find(|heading| keys().any(|other| other.starts_with(&heading.key)));
    let shares = |heading: &Title<'_>| others.iter().any(|other| share_words(&heading.text, &other.text));
    let is_long =
        |heading: &str| heading.split(' ').count() > 2 || heading.chars().any(|c| class(c) == Class::Cjk);
    let only = own.first().filter(|first| own.iter().all(|other| other.key == first.key));
    let only = only.filter(|heading| is_long(&heading.text) || shares(heading));
    begins.or(only).or_else(|| own.iter().find(|heading| shares(heading))).copied()
}

/// Whether two keys are the same title: equal, or one cut off or extended.
fn agree(heading: &str, other: &str) -> bool {
    let (short, long) = if heading.len() < other.len() { (heading, other) } else { (other, heading) };
    !short.is_empty() && (short == long || long.contains(short) && short.len() * 3 >= long.len() * 2)
}

/// Whether half of a heading's words are in another title.
fn share_words(heading: &str, other: &str) -> bool {
    let other: Vec<String> = other.split_whitespace().map(key).collect();
    let words: Vec<String> = heading.split_whitespace().map(key).filter(|word| word.len() > 2).collect();
    let shared = words.iter().filter(|word| other.contains(word)).count();
    shared > 0 && words.len() > 1 && shared * 2 >= words.len()
}

fn clip(title: &str) -> String {
    let end = title.char_indices().nth(MAX_TITLE).map_or(title.len(), |(end, _)| end);
    title[..end].trim().to_owned()
}

/// What the site is called.
struct Sites {
    /// Keys of its names.
    names: Vec<String>,
    /// The parts of the host's name that are not `www` or a top-level domain.
    host: Vec<String>,
}

impl Sites {
    fn of(sources: &Sources<'_>) -> Self {
        let mut names: Vec<String> =
            sources.candidates.site_name.0.iter().map(|candidate| key(&candidate.value)).collect();
        names.extend(sources.site_name.map(key));
        names.retain(|name| !name.is_empty());
        let rest = sources.url.and_then(|url| url.split_once("://")).map_or("", |(_, rest)| rest);
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
        let labels: Vec<&str> = host.split('.').filter(|label| *label != "www").collect();
        let host = labels.iter().take(labels.len().saturating_sub(1)).filter(|label| label.len() > 2);
        Self { names, host: host.map(|label| key(label)).collect() }
    }

    /// Whether a part of a title is the site's name.
    fn is_site(&self, part: &str) -> bool {
        self.have(&key(part))
    }

    /// The same by its key.
    fn have(&self, part: &str) -> bool {
        let named = self.names.iter().any(|name| *name == part || part.len() > 3 && name.contains(part));
        named
            || self.host.iter().any(|label| *label == part || part.len() > 3 && label.contains(part))
            || self.host.iter().any(|label| {
                label.len() > 4 && part.contains(label.as_str()) && part.len() < label.len() + 12
            })
    }

    /// A title without the site's name before or behind it.
    fn strip<'a>(&self, title: &'a str) -> Cow<'a, str> {
        let title = folded(title);
        let parts = parts(&title);
        if parts.len() < 2 {
            return title;
        }
        let mut range = 0..parts.len();
        while range.len() > 1 && self.is_site(&title[parts[range.end - 1].clone()]) {
            range.end -= 1;
        }
        while range.len() > 1 && self.is_site(&title[parts[range.start].clone()]) {
            range.start += 1;
        }
        // Between title and site stands the section: `Tides / Ocean / The Shore`.
        while range.len() > 1 && range.end < parts.len() {
            let last = &parts[range.end - 1];
            let mark = title[parts[range.end - 2].end..last.start].trim();
            if !matches!(mark, "/" | "|" | "»" | "_" | "•") || last.len() >= last.start {
                break;
            }
            range.end -= 1;
        }
        // Nothing known of the site: a short last part behind a bar is its name.
        if range.len() == parts.len() && range.len() > 1 {
            let last = &parts[range.end - 1];
            let mark = title[parts[range.end - 2].end..last.start].trim();
            let (words, before) = (title[last.clone()].split(' ').count(), last.start);
            let in_bars = matches!(mark, "|" | "_" | "｜" | "»" | "·" | "•" | "::" | "⋆");
            // A name of few characters behind a hyphen is the site's where words have no blanks.
            let short = title[last.clone()].chars().count() <= 8 && 2 * last.len() <= 3 * before;
            let dense = title[last.clone()].chars().all(|c| class(c) == Class::Cjk);
            let in_bars = in_bars && (words <= 4 && last.len() < before || range.len() > 2);
            if in_bars || dense && short && range.len() == 2 {
                range.end -= 1;
            }
        }
        let kept = parts[range.start].start..parts[range.end - 1].end;
        match title {
            Cow::Borrowed(title) => Cow::Borrowed(&title[kept]),
            Cow::Owned(title) => Cow::Owned(title[kept].to_owned()),
        }
    }
}

/// A title with single blanks for its white space, as most are written already.
fn folded(title: &str) -> Cow<'_, str> {
    let is_folded = title.split(' ').all(|word| !word.is_empty() && !word.contains(char::is_whitespace));
    if is_folded { title.into() } else { fold_blanks(title).into() }
}

/// The parts of a title between separators.
fn parts(title: &str) -> Vec<std::ops::Range<usize>> {
    let dense = title.chars().any(|c| class(c) == Class::Cjk);
    let marks = || SEPARATORS.iter().chain(TIGHT_SEPARATORS.iter().filter(|_| dense));
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < title.len() {
        let rest = &title[at..];
        // Most characters begin no mark.
        let is_here = |mark: &&&str| mark.as_bytes()[0] == rest.as_bytes()[0] && rest.starts_with(**mark);
        match marks().find(is_here) {
            // A hyphen between digits or Latin letters is none.
            Some(mark) if at > start && !(mark.len() == 1 && joins_latin(title, at)) => {
                parts.push(start..at);
                at += mark.len();
                start = at;
            }
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    if start < title.len() {
        parts.push(start..title.len());
    }
    parts
}

fn joins_latin(title: &str, at: usize) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    latin(title[..at].chars().next_back()) && latin(title[at + 1..].chars().next())
}

/// The first line that looks like a headline and is followed by text.
fn of_text(sources: &Sources<'_>) -> Option<Found> {
    let page = sources.page;
    let is_headline = |at: &usize| {
        let block = &page.blocks[*at];
        let text = page.text_of(block);
        let follows = (*at + 1..page.blocks.len().min(*at + 8)).any(|next| {
            let keep = sources.verdicts.get(next).is_some_and(|verdict| verdict.keep);
            keep || page.blocks[next].stats.ends_sentence && page.blocks[next].stats.length() > 80.0
        });
        looks_like_headline(text, &block.stats) && follows && !is_labelled(sources.lexicon, text)
    };
    let gapped = |at: &usize| {
        let text = &page.blocks[*at].text;
        let from = page.gaps.partition_point(|gap| *gap < text.start);
        page.gaps.get(from).is_some_and(|gap| *gap < text.end)
    };
    let lines = 0..page.blocks.len().min(LINES);
    let found =
        lines.clone().filter(|at| !gapped(at)).find(is_headline).or_else(|| lines.clone().find(is_headline));
    let text = page.text_of(&page.blocks[found?]);
    Some(Found { value: clip(text.trim_start_matches(['#', '=', '*', ' '])), origin: "first line" })
}

/// Whether the line names an author or a date instead.
fn is_labelled(lexicon: &Lexicon, text: &str) -> bool {
    lexicon
        .cues(text)
        .first()
        .is_some_and(|hit| hit.start == 0 && text[hit.end..].trim_start().starts_with([':', '：']))
        || !super::dates::find(text, super::dates::Order::DayFirst).is_empty() && text.len() < 60
}

fn looks_like_headline(text: &str, stats: &Stats) -> bool {
    let length = stats.length();
    let is_address = text.contains("://") || text.starts_with("www.");
    let bars = text.matches(['|', '>', '»', '›', '｜']).count();
    let full_stop = text.ends_with(['.', '。', ';', '；', ',', '，', ':', '：']);
    (6.0..=200.0).contains(&length)
        && stats.digits * 3 < stats.chars
        && !full_stop
        && bars < 2
        && !is_address
        && stats.symbols * 4 < stats.chars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sites(names: &[&str], host: &[&str]) -> Sites {
        Sites {
            names: names.iter().map(|n| key(n)).collect(),
            host: host.iter().map(|&n| n.to_owned()).collect(),
        }
    }

    #[test]
    fn the_sites_name_goes() {
        let shore = sites(&["The Shore"], &["theshore"]);
        assert_eq!(shore.strip("Tides - and moons - The Shore"), "Tides - and moons");
        assert_eq!(shore.strip("The Shore | Tides"), "Tides");
        assert_eq!(shore.strip("Low-water tides"), "Low-water tides");
        assert_eq!(shore.strip("The Shore"), "The Shore");
        let unknown = sites(&[], &[]);
        assert_eq!(unknown.strip("Tides and their moons | Shoreline"), "Tides and their moons");
        assert_eq!(unknown.strip("潮汐与月亮_海岸网"), "潮汐与月亮");
        assert_eq!(unknown.strip("跟着潮水走的人 - 海岸周刊"), "跟着潮水走的人");
        assert_eq!(unknown.strip("Part one - part two"), "Part one - part two");
        assert_eq!(unknown.strip(""), "");
    }

    #[test]
    fn keys_agree_when_one_is_cut() {
        assert!(agree(&key("Tides and moons of Jupiter"), &key("Tides and Moons of Jup")));
        assert!(!agree(&key("Tides"), &key("Tides and moons of Jupiter")));
        assert!(!agree("", ""));
    }
}
