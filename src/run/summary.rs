//! What is known of a run: counts over its pages, and where the time went.
//!
//! In: the [`Facts`] of one page after the other, in the order of the inputs. Out: a [`Summary`] whose size does not
//! grow with the number of pages. Everything but [`Timing`] is the same for every run over the same pages.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::address::host;
use crate::page::Cleaned;

/// Hosts that are counted apart; later ones are counted together, under [`OTHER_HOSTS`].
const MAX_HOSTS: usize = 10_000;

/// The name for all further hosts.
const OTHER_HOSTS: &str = "(other)";

/// Failures that are listed.
const MAX_FAILURES: usize = 1000;

/// Slow pages that are listed.
const MAX_SLOWEST: usize = 20;

/// Points of the curve of speed; at twice as many, every other one goes.
const MAX_SAMPLES: usize = 240;

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Pages cleaned and written.
    pub pages: u64,
    /// Pages of these that an earlier, interrupted session of the same run had finished.
    pub resumed: u64,
    /// Files of directories that are no pages.
    pub skipped: u64,
    /// Inputs that could not be read or cleaned.
    pub failed: u64,
    /// Pages whose output could not be written.
    pub unwritten: u64,
    /// Pages that were not wanted, by the name of the setting that they did not meet.
    pub filtered: BTreeMap<String, u64>,
    /// Bytes of the pages, unpacked.
    pub bytes: u64,
    /// Characters kept, without white space.
    pub chars_kept: u64,
    /// Characters cut, without white space.
    pub chars_cut: u64,
    /// Blocks cut, by reason.
    pub cuts: BTreeMap<String, u64>,
    /// Pages by kind.
    pub kinds: BTreeMap<String, u64>,
    /// Pages that have an article.
    pub articles: u64,
    /// Pages by their share of spam, in tenths.
    pub spam: [u64; 10],
    /// Pages by the kinds of spam that they have.
    pub spam_kinds: BTreeMap<String, u64>,
    /// Pages by language; `unknown` where it could not be told.
    pub languages: BTreeMap<String, u64>,
    /// Pages by their confidence to have an article, in tenths.
    pub confidence: [u64; 10],
    /// Pages by size: how many have at most so many bytes, in powers of two, and more than the power before.
    pub sizes: BTreeMap<u64, u64>,
    /// The hosts that pages came from, as far as their addresses are known.
    pub hosts: BTreeMap<String, Host>,
    /// Pages that the rules of a site were applied to, by its host pattern.
    #[serde(default)]
    pub sites: BTreeMap<String, SiteCount>,
    /// Pages that met a limit.
    pub limited: u64,
    /// What failed and why; the first thousand.
    pub failures: Vec<String>,
    /// Whether the observer, or a reader that went away, stopped the run.
    pub stopped: bool,
    /// Where the time went: all that differs between runs.
    pub timing: Timing,
}

/// The pages of one host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Pages written.
    pub pages: u64,
    /// Characters kept, without white space.
    pub chars_kept: u64,
    /// Characters cut, without white space.
    pub chars_cut: u64,
}

/// The pages of a site with rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteCount {
    /// Pages written.
    pub pages: u64,
    /// How many of them had what amiss, by [`SiteNote`](crate::SiteNote).
    pub notes: BTreeMap<String, u64>,
}

/// Where the time of a run went.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// Seconds from start to end, over all sessions.
    pub seconds: f64,
    /// Seconds of work in each stage, summed over all threads, in the order of the stages.
    pub stages: Vec<(String, f64)>,
    /// The pages that took longest, with their seconds.
    pub slowest: Vec<(String, f64)>,
    /// Seconds since the start and pages done by then.
    pub speed: Vec<(f64, u64)>,
}

/// What is counted of a page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Facts {
    pub(super) source: String,
    pub(super) host: Option<String>,
    pub(super) bytes: u64,
    pub(super) chars: (u64, u64),
    pub(super) cuts: BTreeMap<Cow<'static, str>, usize>,
    pub(super) kind: String,
    pub(super) language: Option<String>,
    pub(super) confidence: f32,
    pub(super) is_article: bool,
    pub(super) spam: f32,
    pub(super) spam_kinds: Vec<Cow<'static, str>>,
    pub(super) limited: bool,
    /// The pattern of its site's rules, and what was amiss with them.
    #[serde(default)]
    pub(super) site: Option<(String, Vec<Cow<'static, str>>)>,
    /// Microseconds in each stage.
    pub(super) times: Vec<(Cow<'static, str>, u64)>,
}

impl Facts {
    pub(super) fn new(source: &str, bytes: usize, cleaned: &Cleaned) -> Self {
        let kind = serde_json::to_value(cleaned.kind);
        let about = &cleaned.metadata;
        Self {
            source: source.to_owned(),
            host: about.url.as_deref().and_then(host).map(str::to_ascii_lowercase),
            bytes: bytes as u64,
            chars: cleaned.chars(),
            cuts: cleaned
                .cut_counts()
                .into_iter()
                .map(|(reason, count)| (Cow::from(reason), count))
                .collect(),
            kind: kind.ok().and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default(),
            language: about.language.clone(),
            confidence: cleaned.confidence,
            is_article: cleaned.is_article(),
            spam: cleaned.spam.score,
            spam_kinds: cleaned.spam.kinds.iter().map(|kind| kind.rule.into()).collect(),
            limited: !cleaned.limits.is_empty(),
            site: cleaned
                .site
                .as_ref()
                .map(|site| (site.host.clone(), site.notes.iter().map(|note| note.name().into()).collect())),
            times: Vec::new(),
        }
    }
}

impl Summary {
    /// Adds the counts of further entries. The bounds on what is listed hold here and not within those entries, so
    /// that the result is the same however often a run was interrupted.
    pub(super) fn merge(&mut self, more: &Self) {
        self.pages += more.pages;
        self.resumed += more.resumed;
        self.skipped += more.skipped;
        self.failed += more.failed;
        self.unwritten += more.unwritten;
        self.bytes += more.bytes;
        self.chars_kept += more.chars_kept;
        self.chars_cut += more.chars_cut;
        self.limited += more.limited;
        self.articles += more.articles;
        let counts = [
            (&mut self.filtered, &more.filtered),
            (&mut self.cuts, &more.cuts),
            (&mut self.kinds, &more.kinds),
            (&mut self.languages, &more.languages),
            (&mut self.spam_kinds, &more.spam_kinds),
        ];
        for (sum, more) in counts {
            for (name, count) in more {
                *entry(sum, name) += count;
            }
        }
        self.confidence.iter_mut().zip(more.confidence).for_each(|(sum, more)| *sum += more);
        self.spam.iter_mut().zip(more.spam).for_each(|(sum, more)| *sum += more);
        for (size, count) in &more.sizes {
            *self.sizes.entry(*size).or_default() += count;
        }
        for (name, more) in &more.hosts {
            let full = self.hosts.len() >= MAX_HOSTS && !self.hosts.contains_key(name);
            let host = entry(&mut self.hosts, if full { OTHER_HOSTS } else { name });
            host.pages += more.pages;
            host.chars_kept += more.chars_kept;
            host.chars_cut += more.chars_cut;
        }
        for (name, more) in &more.sites {
            let site = entry(&mut self.sites, name);
            site.pages += more.pages;
            for (note, count) in &more.notes {
                *entry(&mut site.notes, note) += count;
            }
        }
        let room = MAX_FAILURES.saturating_sub(self.failures.len());
        self.failures.extend(more.failures.iter().take(room).cloned());
        self.timing.merge(&more.timing);
    }

    /// Counts a page that was written.
    pub(super) fn add(&mut self, facts: &Facts) {
        self.pages += 1;
        self.bytes += facts.bytes;
        self.chars_kept += facts.chars.0;
        self.chars_cut += facts.chars.1;
        self.limited += u64::from(facts.limited);
        for (reason, count) in &facts.cuts {
            *entry(&mut self.cuts, reason) += *count as u64;
        }
        *entry(&mut self.kinds, &facts.kind) += 1;
        *entry(&mut self.languages, facts.language.as_deref().unwrap_or("unknown")) += 1;
        self.articles += u64::from(facts.is_article);
        self.confidence[tenth(facts.confidence)] += 1;
        self.spam[tenth(facts.spam)] += 1;
        for kind in &facts.spam_kinds {
            *entry(&mut self.spam_kinds, kind) += 1;
        }
        *self.sizes.entry(facts.bytes.max(1).next_power_of_two()).or_default() += 1;
        if let Some(name) = &facts.host {
            let host = entry(&mut self.hosts, name);
            host.pages += 1;
            host.chars_kept += facts.chars.0;
            host.chars_cut += facts.chars.1;
        }
        if let Some((host, notes)) = &facts.site {
            let site = entry(&mut self.sites, host);
            site.pages += 1;
            for note in notes {
                *entry(&mut site.notes, note) += 1;
            }
        }
        self.timing.add(facts);
    }

    /// Counts a page that is not wanted.
    pub(super) fn reject(&mut self, reason: &str, facts: Option<&Facts>) {
        *entry(&mut self.filtered, reason) += 1;
        if let Some(facts) = facts {
            self.timing.add(facts);
        }
    }

    /// Counts what failed.
    pub(super) fn fail(&mut self, message: &str, is_output: bool) {
        if is_output {
            self.unwritten += 1;
        } else {
            self.failed += 1;
        }
        self.failures.push(message.to_owned());
    }
}

impl Timing {
    fn add(&mut self, facts: &Facts) {
        let mut total = 0.0;
        for (stage, micros) in &facts.times {
            let seconds = *micros as f64 / 1e6;
            total += seconds;
            self.stage(stage, seconds);
        }
        self.slow(&facts.source, total);
    }

    fn merge(&mut self, more: &Self) {
        self.seconds += more.seconds;
        more.stages.iter().for_each(|(stage, seconds)| self.stage(stage, *seconds));
        more.slowest.iter().for_each(|(source, seconds)| self.slow(source, *seconds));
    }

    fn stage(&mut self, stage: &str, seconds: f64) {
        match self.stages.iter_mut().find(|(name, _)| name == stage) {
            Some((_, sum)) => *sum += seconds,
            None => self.stages.push((stage.to_owned(), seconds)),
        }
    }

    fn slow(&mut self, source: &str, seconds: f64) {
        let place = self.slowest.partition_point(|(_, other)| *other >= seconds);
        if place < MAX_SLOWEST && seconds > 0.0 {
            self.slowest.insert(place, (source.to_owned(), seconds));
            self.slowest.truncate(MAX_SLOWEST);
        }
    }

    /// Adds a point to the curve of speed, if enough time has passed since the last one.
    pub(super) fn sample(&mut self, seconds: f64, pages: u64) {
        let last = self.speed.last().map_or(0.0, |(at, _)| *at);
        if seconds - last < seconds / MAX_SAMPLES as f64 || seconds - last < 0.1 {
            return;
        }
        self.speed.push((seconds, pages));
        if self.speed.len() > 2 * MAX_SAMPLES {
            let mut odd = false;
            self.speed.retain(|_| {
                odd = !odd;
                !odd
            });
        }
    }
}

/// The tenth of the way from 0 to 1 that a share falls in.
fn tenth(share: f32) -> usize {
    ((share * 10.0) as usize).min(9)
}

/// The value of a key, made if it is missing.
fn entry<'a, V: Default>(map: &'a mut BTreeMap<String, V>, key: &str) -> &'a mut V {
    if !map.contains_key(key) {
        map.insert(key.to_owned(), V::default());
    }
    map.get_mut(key).expect("it was just made")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_summary_is_bounded() {
        let mut summary = Summary::default();
        for number in 0..MAX_HOSTS + 50 {
            let facts = Facts {
                host: Some(format!("h{number}.example")),
                times: vec![("parse".into(), number as u64)],
                ..Facts::default()
            };
            let mut more = Summary::default();
            more.add(&facts);
            more.fail("gone", false);
            summary.merge(&more);
            summary.timing.sample(number as f64, number as u64);
        }
        assert_eq!(summary.hosts.len(), MAX_HOSTS + 1);
        assert_eq!(summary.hosts[OTHER_HOSTS].pages, 50);
        assert_eq!((summary.failures.len(), summary.failed), (MAX_FAILURES, MAX_HOSTS as u64 + 50));
        assert_eq!(summary.timing.slowest.len(), MAX_SLOWEST);
        assert!(summary.timing.slowest.is_sorted_by(|a, b| a.1 >= b.1));
        assert!((MAX_SAMPLES / 2..=2 * MAX_SAMPLES).contains(&summary.timing.speed.len()));
    }

    #[test]
    fn counts_of_parts_are_the_counts_of_the_whole() {
        let facts = |number: u64| Facts {
            source: number.to_string(),
            host: Some(format!("{}.example", number % 3)),
            bytes: number * 100,
            chars: (number, 1),
            cuts: [("nav".into(), 2)].into(),
            kind: "article".to_owned(),
            confidence: number as f32 / 10.0,
            is_article: number > 4,
            spam_kinds: vec!["link_farm".into()],
            limited: number == 3,
            times: vec![("parse".into(), 1 << number)],
            ..Facts::default()
        };
        let (mut whole, mut merged) = (Summary::default(), Summary::default());
        for number in 0..10 {
            let mut part = Summary::default();
            for summary in [&mut whole, &mut part] {
                summary.add(&facts(number));
                summary.reject("lang", None);
                summary.fail("gone", number == 1);
                summary.skipped += 1;
            }
            merged.merge(&part);
        }
        assert_eq!(merged, whole);
        assert_eq!(
            (whole.pages, whole.limited, whole.cuts["nav"], whole.timing.slowest.len(), whole.articles),
            (10, 1, 20, 10, 5)
        );
    }

    #[test]
    fn pages_are_counted_by_size() {
        let mut summary = Summary::default();
        for bytes in [0, 1000, 1024, 1025] {
            summary.add(&Facts { bytes, ..Facts::default() });
        }
        assert_eq!(summary.sizes, [(1, 1), (1024, 2), (2048, 1)].into());
    }
}
