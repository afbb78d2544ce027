//! Instructions that cleaning takes, counted by valgrind: the same on a busy machine as on an idle one.
//!
//!     cargo bench --bench instructions -- DIR [STEP]
//!
//! The bench calls itself under `valgrind --tool=callgrind` for each task in turn. Pages are read and all tasks gone
//! through once before counting starts, so that neither reading nor what is built once counts. Of the pages of the
//! directory, sorted by name, every `STEP`th is taken, each 20th without it: valgrind is fifty times as slow as the
//! machine. `callgrind.out.<task>` in the temporary directory is left for `callgrind_annotate`.

#![expect(clippy::print_stdout, reason = "a bench prints")]

mod pages;

use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use dehusk::{BenchParser, Cleaner, Hints, Scratch};
use scraper::Html;

/// The extensions of the pages that are taken.
const HTML: &[&str] = &["html"];

/// What is counted.
const TASKS: &[&str] = &["clean", "parse", "scraper"];

/// Takes the place of a directory where the bench calls itself.
const INSIDE: &str = "--inside";

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [inside, task, directory, step] = args.as_slice()
        && inside == INSIDE
    {
        return work(task, &pages::read(Path::new(directory), HTML, step.parse()?)?);
    }
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples").to_owned();
    let directory = args.first().cloned().or_else(|| std::env::var("DEHUSK_PAGES").ok()).unwrap_or(samples);
    let step = args.get(1).map_or("20", String::as_str);
    let pages = pages::read(Path::new(&directory), HTML, step.parse()?)?;
    let bytes: usize = pages.iter().map(Vec::len).sum();
    println!("{} pages, {:.1} MB", pages.len(), bytes as f64 / 1e6);
    let mut counts = Vec::new();
    for task in TASKS {
        let Some(count) = count(task, &directory, step)? else {
            println!("valgrind is not installed: nothing is counted");
            return Ok(());
        };
        let a_page = count as f64 / pages.len().max(1) as f64 / 1e6;
        println!(
            "{task:8} {a_page:8.2} M instructions a page, {:6.1} a byte",
            count as f64 / bytes.max(1) as f64
        );
        counts.push(count as f64);
    }
    println!("clean / scraper {:.2}, scraper / parse {:.2}", counts[0] / counts[2], counts[2] / counts[1]);
    Ok(())
}

/// Calls this program under valgrind; nothing where there is none.
fn count(task: &str, directory: &str, step: &str) -> Result<Option<u64>, Box<dyn Error>> {
    let out = std::env::temp_dir().join(format!("callgrind.out.{task}"));
    let mut command = Command::new("valgrind");
    command
        .args(["--tool=callgrind", "--collect-atstart=no", "--toggle-collect=instructions::measured"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe()?)
        .args([INSIDE, task, directory, step]);
    let Ok(output) = command.output() else { return Ok(None) };
    let said = String::from_utf8_lossy(&output.stderr);
    let count =
        said.lines().find_map(|line| line.split_once("Collected :")).map(|(_, count)| count.trim().parse());
    Ok(Some(count.ok_or_else(|| said.to_string())??))
}

/// What valgrind counts: by this name.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
}

fn work(task: &str, pages: &[Vec<u8>]) -> Result<(), Box<dyn Error>> {
    let texts: Vec<_> = pages.iter().map(|page| String::from_utf8_lossy(page)).collect();
    let (mut scratch, mut parser) = (Scratch::default(), BenchParser::default());
    let cleaner = Cleaner::default();
    let mut clean = || {
        for page in pages {
            black_box(cleaner.clean_with(&mut scratch, page, Hints::default()).text());
        }
    };
    let mut parse = || texts.iter().for_each(|page| _ = black_box(parser.parse(page)));
    let mut scraper = || texts.iter().for_each(|page| drop(black_box(Html::parse_document(page))));
    let task: &mut dyn FnMut() = match task {
        "clean" => &mut clean,
        "parse" => &mut parse,
        "scraper" => &mut scraper,
        _ => return Err(format!("no such task: {task}").into()),
    };
    task();
    measured(task);
    Ok(())
}
