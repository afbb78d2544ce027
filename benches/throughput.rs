//! Pages and megabytes a second: of each stage, of a page as a whole, and of all cores. `benches/README.md` has the
//! method.

mod pages;

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use dehusk::{Cleaner, Hints, OUTPUTS, Scratch};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

/// The order in which a page goes through them; `free` gives its memory back.
const STAGES: &[&str] = &[
    "decode", "parse", "blocks", "features", "score", "kind", "context", "rules", "decide", "metadata",
    "free", "text", "jsonl",
];

fn main() -> Result<(), Box<dyn Error>> {
    let argument = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let directory = argument.or_else(|| std::env::var("DEHUSK_PAGES").ok()).unwrap_or("samples".to_owned());
    let rounds = std::env::var("DEHUSK_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(7_usize).max(1);
    let pages = pages::read(Path::new(&directory), &["html", "txt"], 1)?;
    if pages.is_empty() {
        return Err(format!("{directory} holds no pages").into());
    }
    let cleaner = Cleaner::default();
    let mut taken = vec![Vec::new(); STAGES.len() + 2];
    for round in 0..=rounds {
        let mut times: Vec<Duration> = by_stage(&cleaner, &pages);
        times.push(whole(|| clean_all(&cleaner, &pages)));
        times.push(whole(|| {
            pages.par_iter().for_each_init(Scratch::default, |s, page| clean(&cleaner, s, page));
        }));
        // The first round warms up memory and caches.
        if round > 0 {
            taken.iter_mut().zip(times).for_each(|(all, one)| all.push(one));
        }
    }
    report(&directory, &pages, rounds, &mut taken)?;
    report_cost_of_size(&cleaner, &pages, rounds)?;
    Ok(())
}

/// The time that each stage took for all pages.
fn by_stage(cleaner: &Cleaner, pages: &[Vec<u8>]) -> Vec<Duration> {
    let mut times = vec![Duration::ZERO; STAGES.len()];
    let mut scratch = Scratch::default();
    for page in pages {
        let mut last = Instant::now();
        let mut lap = |stage: &str| {
            let now = Instant::now();
            let at = STAGES.iter().position(|known| *known == stage).expect("each stage has a row");
            times[at] += now - last;
            last = now;
        };
        let result = cleaner.clean_observed(&mut scratch, page, Hints::default(), &mut lap);
        lap("free");
        for format in OUTPUTS.iter().filter(|format| STAGES.contains(&format.name)) {
            std::hint::black_box(format.render("page", &result));
            lap(format.name);
        }
        drop(result);
        lap("free");
    }
    times
}

fn clean_all(cleaner: &Cleaner, pages: &[Vec<u8>]) {
    let mut scratch = Scratch::default();
    for page in pages {
        clean(cleaner, &mut scratch, page);
    }
}

fn clean(cleaner: &Cleaner, scratch: &mut Scratch, page: &[u8]) {
    std::hint::black_box(cleaner.clean_with(scratch, page, Hints::default()).text());
}

/// What a cleaner costs before its first page, and how much longer pages take that are put together from two or four
/// copies of another: 2 and 4 where the work is in proportion to the page.
fn report_cost_of_size(cleaner: &Cleaner, pages: &[Vec<u8>], rounds: usize) -> io::Result<()> {
    let copies: Vec<Vec<Vec<u8>>> =
        [1, 2, 4].iter().map(|&times| pages.iter().map(|page| page.repeat(times)).collect()).collect();
    let mut ratios = [Vec::new(), Vec::new()];
    let mut new = Vec::new();
    for _ in 0..rounds {
        let [one, two, four] = [0, 1, 2].map(|at| whole(|| clean_all(cleaner, &copies[at])).as_secs_f64());
        ratios[0].push(two / one);
        ratios[1].push(four / one);
        new.push(whole(|| drop(std::hint::black_box(Cleaner::default()))).as_secs_f64());
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let mut out = io::stdout().lock();
    writeln!(out, "a cleaner takes {:.2} ms to build", 1e3 * median(&mut new))?;
    let [two, four] = &mut ratios;
    writeln!(out, "pages twice as long take {:.2} times as long, four times {:.2}", median(two), median(four))
}

fn whole(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn report(directory: &str, pages: &[Vec<u8>], rounds: usize, taken: &mut [Vec<Duration>]) -> io::Result<()> {
    let bytes: usize = pages.iter().map(Vec::len).sum();
    let megabytes = bytes as f64 / 1e6;
    let cores = format!("{} threads", rayon::current_num_threads());
    let names = STAGES.iter().copied().chain(["one thread", cores.as_str()]);
    let mut out = io::stdout().lock();
    let count = pages.len();
    writeln!(out, "{directory}: {count} pages, {megabytes:.1} MB, median of {rounds} rounds")?;
    writeln!(out, "{:<12} {:>10} {:>10} {:>10} {:>8}", "", "ms", "pages/s", "MB/s", "spread")?;
    for (name, times) in names.zip(taken) {
        times.sort_unstable();
        let median = times[times.len() / 2].as_secs_f64().max(1e-9);
        let spread = 100.0 * (times[times.len() - 1].as_secs_f64() - times[0].as_secs_f64()) / median;
        let (rate, speed) = (count as f64 / median, megabytes / median);
        let milliseconds = median * 1e3;
        writeln!(out, "{name:<12} {milliseconds:>10.2} {rate:>10.0} {speed:>10.1} {spread:>6.0} %")?;
    }
    Ok(())
}
