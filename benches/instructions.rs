//! Instructions that one page takes, counted by valgrind: the same on a busy machine as on an idle one.
use dehusk::{BenchParser, Cleaner, Hints, Scratch};
use scraper::Html;
use std::hint::black_box;
use std::path::Path;

#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
}

fn main() {
    let mut args = std::env::args().skip(1).filter(|a| a != "--bench");
    let what = args.next().unwrap();
    let dir = args.next().unwrap();
    let step: usize = args.next().map_or(1, |s| s.parse().unwrap());
    let mut paths: Vec<_> = std::fs::read_dir(Path::new(&dir)).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let pages: Vec<Vec<u8>> = paths.iter().step_by(step).map(|p| std::fs::read(p).unwrap()).collect();
    let texts: Vec<String> = pages.iter().map(|p| String::from_utf8_lossy(p).into_owned()).collect();
    eprintln!("{} pages", pages.len());
    match what.as_str() {
        "clean" => {
            let c = Cleaner::default();
            let mut s = Scratch::default();
            let mut w = || {
                for p in &pages {
                    black_box(c.clean_with(&mut s, p, Hints::default()).text());
                }
            };
            w();
            measured(&mut w);
        }
        "parse" => {
            let mut parser = BenchParser::default();
            measured(&mut || {
                for t in &texts {
                    black_box(parser.parse(t));
                }
            });
        }
        _ => measured(&mut || {
            for t in &texts {
                drop(black_box(Html::parse_document(t)));
            }
        }),
    }
}
