//! A [`Summary`] to the numbers and shapes of the page, and those to HTML.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;

use crate::run::{Host, SiteCount, Summary};

/// Rows in a list of bars; the rest is summed up.
const MAX_BARS: usize = 20;

/// Failures on the page; the report has more.
const MAX_FAILURES: usize = 100;

/// The size of the plots with axes, in the units of their drawings.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 180.0;

/// A row of a bar chart.
#[derive(Debug, PartialEq, Serialize)]
struct Bar {
    label: String,
    /// The length, 0 to 100.
    percent: f64,
    value: String,
}

/// A column of a histogram.
#[derive(Debug, Serialize)]
struct Column {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    label: String,
    count: u64,
}

/// The curve of speed.
#[derive(Debug, Default, Serialize)]
struct Curve {
    points: String,
    /// The highest speed and the last moment, as the axes show them.
    top: String,
    end: String,
}

/// What the template gets.
#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    version: &'static str,
    width: f64,
    height: f64,
    tiles: Vec<(&'static str, String)>,
    stopped: bool,
    speed: Option<Curve>,
    charts: Vec<(&'static str, &'static str, Vec<Bar>)>,
    sizes: Vec<Column>,
    confidence: Vec<Column>,
    spam: Vec<Column>,
    slowest: Vec<(&'a str, String)>,
    failures: &'a [String],
    more_failures: usize,
}

pub(super) fn render(summary: &Summary, name: &str) -> String {
    let shown = summary.failures.len().min(MAX_FAILURES);
    let slowest = summary.timing.slowest.iter();
    let view = View {
        name,
        version: env!("CARGO_PKG_VERSION"),
        width: WIDTH,
        height: HEIGHT,
        tiles: tiles(summary),
        stopped: summary.stopped,
        speed: curve(summary),
        charts: charts(summary),
        sizes: columns(summary.sizes.iter().map(|(size, count)| (bytes(*size), *count)).collect()),
        confidence: columns(tenths(&summary.confidence)),
        spam: columns(tenths(&summary.spam)),
        slowest: slowest.map(|(page, time)| (page.as_str(), seconds(*time))).collect(),
        failures: &summary.failures[..shown],
        more_failures: summary.failures.len() - shown,
    };
    let environment = environment();
    let template = environment.get_template("page.html");
    let page = template.and_then(|template| template.render(Serde(&view)));
    page.unwrap_or_else(|error| format!("<!DOCTYPE html><title>dehusk</title><p>{error}"))
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    // The template is part of the program; a test renders it.
    let _ = environment.add_template("page.html", include_str!("page.html"));
    environment
}

/// The numbers at the top.
fn tiles(summary: &Summary) -> Vec<(&'static str, String)> {
    let time = summary.timing.seconds;
    let mut tiles = vec![
        ("pages", number(summary.pages)),
        ("with an article", share(summary.articles, summary.pages)),
        ("of the text kept", share(summary.chars_kept, summary.chars_kept + summary.chars_cut)),
        ("read", bytes(summary.bytes)),
        ("taken", seconds(time)),
        (
            "pages a second",
            if time > 0.0 { format!("{:.0}", summary.pages as f64 / time) } else { "–".into() },
        ),
    ];
    let counts = [
        ("filtered out", summary.filtered.values().sum()),
        ("failed", summary.failed),
        ("not written", summary.unwritten),
        ("skipped, no pages", summary.skipped),
        ("met a limit", summary.limited),
        ("done by earlier sessions", summary.resumed),
    ];
    tiles.extend(
        counts.into_iter().filter(|(_, count)| *count > 0).map(|(name, count)| (name, number(count))),
    );
    tiles
}

/// All bar charts with something in them.
fn charts(summary: &Summary) -> Vec<(&'static str, &'static str, Vec<Bar>)> {
    let stages: Vec<(String, f64)> = summary.timing.stages.clone();
    let all: f64 = stages.iter().map(|(_, time)| time).sum();
    let longest = stages.iter().map(|(_, time)| *time).fold(0.0, f64::max);
    let stages = stages.into_iter().map(|(label, time)| Bar {
        label,
        percent: percent(time, longest),
        value: format!("{} · {:.0} %", seconds(time), percent(time, all)),
    });
    let charts = vec![
        ("Kept by host", "share of the characters; the hosts with most pages", hosts(&summary.hosts)),
        ("Cut by rule", "blocks", counts(&summary.cuts)),
        ("Pages with spam, by kind", "pages", counts(&summary.spam_kinds)),
        ("Site rules that did not fit", "pages, by host pattern and note", counts(&site_notes(summary))),
        ("Filtered out", "pages, by the setting that they did not meet", counts(&summary.filtered)),
        ("Languages", "pages", counts(&summary.languages)),
        ("Kinds of pages", "pages", counts(&summary.kinds)),
        ("Time by stage", "summed over all threads", stages.collect()),
    ];
    charts.into_iter().filter(|(.., bars)| !bars.is_empty()).collect()
}

/// What was amiss with the rules of which site.
fn site_notes(summary: &Summary) -> BTreeMap<String, u64> {
    let of_site = |(host, site): (&String, &SiteCount)| {
        site.notes.iter().map(|(note, n)| (format!("{host} {note}"), *n)).collect::<Vec<_>>()
    };
    summary.sites.iter().flat_map(of_site).collect()
}

fn hosts(hosts: &BTreeMap<String, Host>) -> Vec<Bar> {
    let mut hosts: Vec<_> = hosts.iter().collect();
    hosts.sort_by_key(|(_, host)| Reverse(host.pages));
    let bar = |(name, host): (&String, &Host)| {
        let all = host.chars_kept + host.chars_cut;
        Bar {
            label: name.clone(),
            percent: percent(host.chars_kept as f64, all as f64),
            value: format!("{} · {} pages", share(host.chars_kept, all), number(host.pages)),
        }
    };
    hosts.into_iter().take(MAX_BARS).map(bar).collect()
}

fn counts(counts: &BTreeMap<String, u64>) -> Vec<Bar> {
    let mut counts: Vec<_> = counts.iter().map(|(name, count)| (name.clone(), *count)).collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    if counts.len() > MAX_BARS {
        let rest: Vec<_> = counts.drain(MAX_BARS - 1..).collect();
        counts.push((format!("{} others", rest.len()), rest.iter().map(|(_, count)| count).sum()));
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let bar = |(label, count): (String, u64)| Bar {
        label,
        percent: percent(count as f64, most as f64),
        value: number(count),
    };
    counts.into_iter().map(bar).collect()
}

fn tenths(counts: &[u64; 10]) -> Vec<(String, u64)> {
    counts.iter().enumerate().map(|(tenth, count)| (format!(".{tenth}"), *count)).collect()
}

fn columns(counts: Vec<(String, u64)>) -> Vec<Column> {
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    if most == 0 {
        return Vec::new();
    }
    let step = WIDTH / counts.len() as f64;
    let column = |(index, (label, count)): (usize, (String, u64))| {
        let height = (HEIGHT - 20.0) * count as f64 / most as f64;
        let x = round(index as f64 * step + step * 0.08);
        Column {
            x,
            y: round(HEIGHT - height),
            width: round(step * 0.84),
            height: round(height),
            label,
            count,
        }
    };
    counts.into_iter().enumerate().map(column).collect()
}

/// Pages a second between the points of the summary.
fn curve(summary: &Summary) -> Option<Curve> {
    let samples = &summary.timing.speed;
    let mut speeds = Vec::with_capacity(samples.len());
    let mut last = (0.0, 0);
    for &(at, pages) in samples {
        if at > last.0 {
            speeds.push((at, pages.saturating_sub(last.1) as f64 / (at - last.0)));
            last = (at, pages);
        }
    }
    let end = speeds.last()?.0;
    let top = speeds.iter().map(|(_, speed)| *speed).fold(0.0, f64::max);
    if speeds.len() < 2 || top <= 0.0 {
        return None;
    }
    let mut points = String::new();
    for (at, speed) in speeds {
        let _ = write!(points, "{:.1},{:.1} ", WIDTH * at / end, HEIGHT - (HEIGHT - 20.0) * speed / top);
    }
    Some(Curve { points: points.trim_end().to_owned(), top: format!("{top:.0}"), end: seconds(end) })
}

fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { round(100.0 * part / whole) } else { 0.0 }
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{:.1} %", 100.0 * part as f64 / whole as f64) }
}

/// A count with its thousands parted.
fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{202F}');
        }
        out.push(digit);
    }
    out
}

fn bytes(count: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.into_iter().find(|(size, _)| count >= *size) {
        Some((size, unit)) => {
            let value = count as f64 / size as f64;
            if value < 10.0 && value.fract() > 0.05 {
                format!("{value:.1} {unit}")
            } else {
                format!("{value:.0} {unit}")
            }
        }
        None => format!("{count} B"),
    }
}

fn seconds(time: f64) -> String {
    match time {
        _ if time >= 5400.0 => format!("{:.1} h", time / 3600.0),
        _ if time >= 90.0 => format!("{:.1} min", time / 60.0),
        _ if time >= 1.0 => format!("{time:.1} s"),
        _ => format!("{:.1} ms", time * 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Timing;

    fn summary() -> Summary {
        Summary {
            pages: 1_234_567,
            articles: 1_000_000,
            chars_kept: 300,
            chars_cut: 100,
            sizes: [(1024, 3), (2048, 9)].into(),
            confidence: [0, 0, 0, 0, 0, 0, 0, 0, 1, 5],
            cuts: (0..30).map(|rule| (format!("rule-{rule:02}"), 100 - rule)).collect(),
            hosts: [("<b>.example".to_owned(), Host { pages: 2, chars_kept: 3, chars_cut: 1 })].into(),
            failures: vec!["cannot read <x>".to_owned(); 150],
            timing: Timing {
                seconds: 100.0,
                stages: vec![("parse".to_owned(), 3.0), ("score".to_owned(), 1.0)],
                slowest: vec![("slow.html".to_owned(), 0.25)],
                speed: vec![(1.0, 100), (2.0, 300)],
            },
            ..Summary::default()
        }
    }

    #[test]
    fn the_page_has_everything_and_nothing_from_elsewhere() {
        let page = render(&summary(), "run.json");
        for part in
            ["1\u{202F}234\u{202F}567", "75.0 %", "&lt;b&gt;.example", "slow.html", "250.0 ms", "11 others"]
        {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(page.contains("cannot read &lt;x&gt;") && page.contains("50 more"));
        assert!(page.contains("<polyline") && page.contains("320.0,100.0 640.0,20.0"), "{page}");
        for foreign in ["<script", "http://", "https://", "@import", "url("] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        assert!(page.trim_end().ends_with("</html>"));
    }

    #[test]
    fn a_run_without_pages_is_drawn_too() {
        let page = render(&Summary::default(), "empty");
        assert!(page.trim_end().ends_with("</html>"), "{page}");
        assert!(!page.contains("NaN") && !page.contains("<polyline"));
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(
            (bytes(900), bytes(1536), bytes(1 << 31)),
            ("900 B".into(), "1.5 KiB".into(), "2 GiB".into())
        );
        assert_eq!(
            (seconds(0.02), seconds(12.0), seconds(7200.0)),
            ("20.0 ms".into(), "12.0 s".into(), "2.0 h".into())
        );
    }
}
