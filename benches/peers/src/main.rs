//! Speeds of dehusk and its peers on the same pages in one run, as ratios. `../README.md` has the method.

#[path = "../../pages/mod.rs"]
mod pages;

use std::error::Error;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use dehusk::{BenchParser, Cleaner, Hints, Scratch};

/// A tool from Python, measured by a process that goes through the same rounds.
const PYTHON: &[&str] = &["resiliparse", "trafilatura"];

/// What all others are compared with.
const UNIT: &str = "dehusk";

/// A page, as the tools take it: bytes for dehusk, text for those that leave the decoding to the caller.
struct Page {
    bytes: Vec<u8>,
    text: String,
}

type Tool = (&'static str, Box<dyn FnMut(&[Page])>);

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let directory = args.next().ok_or("usage: dehusk-peers DIR [ROUNDS [STEP]]")?;
    let rounds: usize = args.next().map_or(Ok(5), |rounds| rounds.parse())?;
    let step: usize = args.next().map_or(Ok(1), |step| step.parse())?;
    let page = |bytes: Vec<u8>| Page { text: String::from_utf8_lossy(&bytes).into_owned(), bytes };
    let pages: Vec<Page> = pages::read(Path::new(&directory), &["html"], step)?.into_iter().map(page).collect();
    if pages.is_empty() {
        return Err(format!("{directory} holds no .html files").into());
    }
    let mut tools = tools();
    let mut python: Vec<Python> = PYTHON.iter().filter_map(|tool| Python::start(tool, &directory, step)).collect();
    let names = tools.iter().map(|tool| tool.0).chain(python.iter().map(|tool| tool.name));
    let mut taken: Vec<(&str, Vec<Duration>)> = names.map(|name| (name, Vec::new())).collect();
    for round in 0..=rounds {
        let own = tools.iter_mut().map(|(_, work)| {
            let start = processor_time();
            work(&pages);
            Ok(processor_time() - start)
        });
        let times: Vec<Duration> = own.chain(python.iter_mut().map(Python::round)).collect::<Result<_, Box<dyn Error>>>()?;
        // The first round warms up memory and caches.
        if round > 0 {
            taken.iter_mut().zip(times).for_each(|((_, all), time)| all.push(time));
        }
    }
    report(&pages, taken);
    Ok(())
}

/// What this thread took so far: on a busy machine a clock would measure the others.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

fn tools() -> Vec<Tool> {
    let cleaner = Cleaner::default();
    let mut scratch = Scratch::default();
    let mut parser = BenchParser::default();
    vec![
        (
            "dehusk",
            Box::new(move |pages| {
                for page in pages {
                    black_box(cleaner.clean_with(&mut scratch, &page.bytes, Hints::default()).text());
                }
            }),
        ),
        (
            "dehusk, parse alone",
            Box::new(move |pages| pages.iter().for_each(|page| parse(&mut parser, &page.text))),
        ),
        (
            "scraper, parse alone",
            Box::new(|pages| {
                for page in pages {
                    black_box(scraper::Html::parse_document(&page.text));
                }
            }),
        ),
        (
            "dom_smoothie",
            Box::new(|pages| {
                for page in pages {
                    let article = dom_smoothie::Readability::new(page.text.as_str(), None, None);
                    let _ = black_box(article.and_then(|mut article| article.parse()));
                }
            }),
        ),
        (
            "rs-trafilatura",
            Box::new(|pages| {
                for page in pages {
                    let _ = black_box(rs_trafilatura::extract(&page.text));
                }
            }),
        ),
    ]
}

fn parse(parser: &mut BenchParser, text: &str) {
    black_box(parser.parse(text));
}

/// A process that cleans all pages whenever it is told to, and answers with the seconds.
struct Python {
    name: &'static str,
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Python {
    /// None, with a word on it, where the tool is not installed.
    fn start(name: &'static str, directory: &str, step: usize) -> Option<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers.py");
        let mut command = Command::new("python3");
        command.arg(script).args([name, directory, &step.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().ok()?;
        let (input, output) = (process.stdin.take()?, process.stdout.take()?);
        let mut output = BufReader::new(output);
        let mut line = String::new();
        output.read_line(&mut line).ok()?;
        if line.trim() != "ready" {
            eprintln!("{name} is left out: pip install {name}");
            return None;
        }
        Some(Self { name, process, input, output })
    }

    fn round(&mut self) -> Result<Duration, Box<dyn Error>> {
        writeln!(self.input, "round")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(Duration::from_secs_f64(line.trim().parse()?))
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn report(pages: &[Page], mut taken: Vec<(&str, Vec<Duration>)>) {
    let bytes: usize = pages.iter().map(|page| page.bytes.len()).sum();
    let rounds = taken[0].1.len();
    println!("{} pages, {} KB mean, one thread, medians of {rounds} rounds", pages.len(), bytes / 1000 / pages.len());
    println!("{:<22} {:>9} {:>9} {:>10} {:>8}", "", "pages/s", "MB/s", "x dehusk", "spread");
    let unit = taken.iter().position(|(name, _)| *name == UNIT).unwrap_or_default();
    // Tools are held against dehusk round by round, so that a slow spell counts for both.
    let base = taken[unit].1.clone();
    for (name, times) in &mut taken {
        let ratios = times.iter().zip(&base).map(|(time, base)| time.as_secs_f64() / base.as_secs_f64());
        let (ratio, _) = median(ratios.collect());
        let (seconds, spread) = median(times.iter().map(Duration::as_secs_f64).collect());
        let (rate, speed) = (pages.len() as f64 / seconds, bytes as f64 / 1e6 / seconds);
        println!("{name:<22} {rate:>9.0} {speed:>9.1} {ratio:>10.2} {:>6.0} %", 100.0 * spread);
    }
}

/// The middle of some values, and how far they are apart as a share of it.
fn median(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let middle = values[values.len() / 2];
    (middle, (values[values.len() - 1] - values[0]) / middle)
}
