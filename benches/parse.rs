//! Bytes to tree: this parser against scraper's `Html::parse_document`, which is html5ever from end to end. And the heap
//! allocations of both, and of cleaning as a whole.
//!
//! `DEHUSK_PAGES=DIR cargo bench --bench parse` takes the pages of a directory, without it the project's samples are
//! parsed. Rounds are interleaved, so that both meet the same machine, and each ratio compares one round; the medians
//! are printed. Times are of the processor, where the system tells, so that other work on the machine counts for
//! little. `DEHUSK_ROUNDS` sets the number of rounds, 5 by default.
//!
//! What favours whom: both get text, not bytes; scraper keeps comments and all attributes, dehusk only what it asks
//! for; dehusk uses its buffers from page to page, scraper's interface has no such thing.

#![expect(clippy::print_stdout, reason = "a bench prints")]

mod pages;

use std::env;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Instant;

use allocation_counter::{AllocationInfo, measure};
use dehusk::{BenchParser, Cleaner, Hints, Scratch};
use scraper::Html;

fn main() {
    let samples = || Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let dir = env::var_os("DEHUSK_PAGES").map_or_else(samples, PathBuf::from);
    let rounds = env::var("DEHUSK_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    let bytes = pages::read(&dir, &["html"], 1).expect("the pages can be read");
    let pages: Vec<_> = bytes.iter().map(|page| String::from_utf8_lossy(page)).collect();
    if pages.is_empty() {
        println!("no pages in {}", dir.display());
        return;
    }
    let megabytes = pages.iter().map(|page| page.len()).sum::<usize>() as f64 / 1e6;
    println!("{} pages, {megabytes:.1} MB, {rounds} rounds", pages.len());

    let mut parser = BenchParser::default();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(seconds(|| pages.iter().for_each(|page| _ = black_box(parser.parse(page)))));
        theirs.push(seconds(|| pages.iter().for_each(|page| drop(black_box(Html::parse_document(page))))));
    }
    let ratio = median(ours.iter().zip(&theirs).map(|(ours, theirs)| theirs / ours).collect());
    let speed = |times: Vec<f64>| megabytes / median(times);
    println!("dehusk  {:6.1} MB/s", speed(ours));
    println!("scraper {:6.1} MB/s", speed(theirs));
    println!("ratio   {ratio:6.2}");

    let ours = measure(|| pages.iter().for_each(|page| _ = black_box(parser.parse(page))));
    let theirs = measure(|| pages.iter().for_each(|page| drop(black_box(Html::parse_document(page)))));
    report("dehusk", &ours, pages.len());
    report("scraper", &theirs, pages.len());
    let (cleaner, mut scratch) = (Cleaner::default(), Scratch::default());
    let mut clean =
        |page: &Vec<u8>| drop(black_box(cleaner.clean_with(&mut scratch, page, Hints::default())));
    // What is built once is no page's.
    bytes.iter().take(1).for_each(&mut clean);
    let whole = measure(|| bytes.iter().for_each(clean));
    report("clean", &whole, pages.len());
    let of_theirs = |info: &AllocationInfo| info.count_total as f64 / theirs.count_total as f64;
    println!("of scraper's allocations: dehusk {:.2}, clean {:.2}", of_theirs(&ours), of_theirs(&whole));
}

fn report(name: &str, info: &AllocationInfo, pages: usize) {
    let [count, bytes] = [info.count_total, info.bytes_total].map(|total| total / pages as u64);
    println!(
        "{name:7} {count:6} allocations a page, {bytes} bytes; at most {} bytes at once",
        info.bytes_max
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Seconds that the work takes on the processor, or by the clock.
fn seconds(work: impl FnOnce()) -> f64 {
    let start = now();
    work();
    now() - start
}

fn now() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = stat.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok());
    nanos.map_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64(), |nanos| nanos / 1e9)
}
