//! Writes what the model is trained on, and judges predictions of it.
//!
//! `train_data dump OUT [--text|--bare] SET...` reads annotated sets (folders with `gold.jsonl` and `pages/ID.html`) and
//! writes `OUT/features.f32` (rows of little-endian floats), `OUT/blocks.tsv` (set, page, host, type, tokens, tokens
//! in the gold text, a row a block) and `OUT/columns.txt`. With `--text` the pages are flattened to lines first, with
//! `--bare` class names and telling elements are taken out of them.
//!
//! `train_data clean OUT SCORES PREDICTIONS [--text]` cleans the same pages by the scores in a file of floats, one a
//! block in the order of `blocks.tsv`, and writes `PREDICTIONS/SET.jsonl`, rows of page id and text. `OUT/kinds.f32` has
//! the probabilities of the kinds of page, rows of seven floats a page.
//!
//! `train_data context OUT SCORES ROWS [--text]` writes what the second model is trained on: ROWS, the features that it
//! reads off these scores and `OUT/kinds.f32`, in rows like those of `features.f32`, and `OUT/context.txt`, their names.
//!
//! `train_data kinds OUT SCORES ROWS [--text]` writes what the model of kinds is trained on: ROWS, a line a page of JSON
//! with set, host, type and features, by the same scores, and `OUT/kinds.txt`, the names of the features.

use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use dehusk::metrics::WordScorer;
use dehusk::{Cleaner, Config, Hints, Media, Page, align};
use rayon::prelude::*;
use regex::bytes::{Captures, Regex};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let text = args.iter().any(|arg| arg == "--text");
    let bare = args.iter().any(|arg| arg == "--bare");
    let words: Vec<&str> = args.iter().map(String::as_str).filter(|arg| !arg.starts_with("--")).collect();
    match words[..] {
        ["dump", out, ref sets @ ..] if !sets.is_empty() => dump(Path::new(out), sets, text, bare),
        ["clean", data, scores, out] => clean(Path::new(data), Path::new(scores), Path::new(out), text),
        ["context", data, scores, out] => context(Path::new(data), Path::new(scores), Path::new(out), text),
        ["kinds", data, scores, out] => kinds(Path::new(data), Path::new(scores), Path::new(out), text),
        _ => Err("usage: train_data dump OUT [--text|--bare] SET... | clean OUT SCORES PREDICTIONS [--text] | context OUT SCORES ROWS [--text] | kinds OUT SCORES ROWS [--text]".into()),
    }
}

/// How many kinds of page the annotations tell apart.
const KINDS: usize = 7;

/// An annotated page.
struct Case {
    set: String,
    id: String,
    host: String,
    kind: String,
    gold: String,
    bytes: Vec<u8>,
}

impl Case {
    fn read(dir: &Path, line: &str) -> Outcome<Self> {
        let row: Value = serde_json::from_str(line)?;
        let field = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let id = field("id");
        let url = field("url");
        let host = url.split('/').nth(2).filter(|host| !host.is_empty()).unwrap_or(&id).to_owned();
        let bytes = fs::read(dir.join("pages").join(format!("{id}.html")))?;
        let set = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { set, id, host, kind: field("type"), gold: field("text"), bytes })
    }

    /// The page as it is cleaned: as it stands, or flattened to lines.
    fn input(&self, cleaner: &Cleaner, text: bool) -> (Vec<u8>, Hints<'static>) {
        if !text {
            return (self.bytes.clone(), Hints { media: Some(Media::Html), ..Hints::default() });
        }
        let page = cleaner.features(&self.bytes, Hints { media: Some(Media::Html), ..Hints::default() }).0;
        (flatten(&page, &self.id).into_bytes(), Hints { media: Some(Media::Text), ..Hints::default() })
    }
}

/// A page as older or other makers write it: no class, id or role, and no elements that say what they hold.
fn strip_names(bytes: &[u8]) -> Vec<u8> {
    let tag = Regex::new(r"</?[A-Za-z][^>]*>").expect("the pattern is valid");
    let names = Regex::new(
        r#"(?i)\s(?:class|id|role|itemprop|itemtype|aria-label|data-[\w-]+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)"#,
    )
    .expect("the pattern is valid");
    let semantic = Regex::new(r"(?i)^(</?)(?:article|main|nav|aside|header|footer|section|figure)\b")
        .expect("the pattern is valid");
    tag.replace_all(bytes, |found: &Captures<'_>| {
        let bare = names.replace_all(&found[0], &b""[..]);
        semantic.replace(&bare, &b"${1}div"[..]).into_owned()
    })
    .into_owned()
}

/// The text of a page as tools that drop markup leave it. They differ in where they break lines; the page's name
/// chooses one of the ways.
fn flatten(page: &Page, id: &str) -> String {
    let way = id.bytes().fold(7u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte))) % 4;
    let mut out = String::new();
    for (before, block) in page.blocks.iter().enumerate() {
        let same = before.checked_sub(1).is_some_and(|at| page.share_container(&page.blocks[at], block));
        match way {
            0 => out.push('\n'),
            1 => out.push_str("\n\n"),
            _ => out.push_str(if same { "\n" } else { "\n\n" }),
        }
        if way == 3 {
            page.text_nodes(block).for_each(|piece| {
                out.push_str(piece.trim());
                out.push('\n');
            });
        } else {
            out.push_str(page.text_of(block));
        }
    }
    out
}

fn read_sets(sets: &[impl AsRef<Path>]) -> Outcome<Vec<Case>> {
    let mut cases = Vec::new();
    for set in sets {
        let dir = set.as_ref();
        for line in fs::read_to_string(dir.join("gold.jsonl"))?.lines() {
            cases.push(Case::read(dir, line)?);
        }
    }
    Ok(cases)
}

fn dump(out: &Path, sets: &[&str], text: bool, bare: bool) -> Outcome<()> {
    fs::create_dir_all(out)?;
    let cleaner = Cleaner::new(Config::default())?;
    let scorer = WordScorer::new();
    let mut cases = read_sets(sets)?;
    if bare {
        cases.par_iter_mut().for_each(|case| case.bytes = strip_names(&case.bytes));
    }
    let parts: Vec<(Vec<u8>, String)> =
        cases.par_iter().map(|case| rows(&cleaner, &scorer, case, text)).collect();
    let mut features = BufWriter::new(fs::File::create(out.join("features.f32"))?);
    let mut blocks = BufWriter::new(fs::File::create(out.join("blocks.tsv"))?);
    for (values, lines) in parts {
        features.write_all(&values)?;
        blocks.write_all(lines.as_bytes())?;
    }
    let columns: Vec<String> = dehusk::columns().into_iter().map(|(name, _)| name).collect();
    fs::write(out.join("columns.txt"), columns.join("\n"))?;
    fs::write(out.join("sets.txt"), sets.join("\n"))?;
    Ok(())
}

fn rows(cleaner: &Cleaner, scorer: &WordScorer, case: &Case, text: bool) -> (Vec<u8>, String) {
    let (bytes, hints) = case.input(cleaner, text);
    let (page, rows) = cleaner.features(&bytes, hints);
    let values = rows.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
    let line = |(words, hits): (u32, u32)| {
        format!("{}\t{}\t{}\t{}\t{words}\t{hits}\n", case.set, case.id, case.host, case.kind)
    };
    (values, align::matched(&page, &case.gold, scorer).into_iter().map(line).collect())
}

fn floats(path: &Path) -> Outcome<Vec<f32>> {
    let bytes = fs::read(path)?;
    Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

/// The annotated pages of a dump, each with the scores of its blocks and those after it.
struct Scored {
    sets: Vec<PathBuf>,
    cases: Vec<Case>,
    scores: Vec<f32>,
    starts: Vec<usize>,
}

/// The probabilities of the kinds of each page.
fn shares(data: &Path) -> Outcome<Vec<[f32; KINDS]>> {
    Ok(floats(&data.join("kinds.f32"))?.as_chunks().0.to_vec())
}

impl Scored {
    fn read(data: &Path, scores: &Path, cleaner: &Cleaner, text: bool) -> Outcome<Self> {
        let sets: Vec<PathBuf> =
            fs::read_to_string(data.join("sets.txt"))?.lines().map(PathBuf::from).collect();
        let scores = floats(scores)?;
        let cases = read_sets(&sets)?;
        let counts: Vec<usize> = cases
            .par_iter()
            .map(|case| {
                let (bytes, hints) = case.input(cleaner, text);
                cleaner.features(&bytes, hints).0.blocks.len()
            })
            .collect();
        let starts: Vec<usize> = counts
            .iter()
            .scan(0, |sum, count| {
                *sum += count;
                Some(*sum - count)
            })
            .collect();
        Ok(Self { sets, cases, scores, starts })
    }
}

fn context(data: &Path, scores: &Path, out: &Path, text: bool) -> Outcome<()> {
    let cleaner = Cleaner::new(Config::default())?;
    let pages = Scored::read(data, scores, &cleaner, text)?;
    let kinds = shares(data)?;
    let one = |((case, start), kinds): ((&Case, &usize), &[f32; KINDS])| -> Vec<u8> {
        let (bytes, hints) = case.input(&cleaner, text);
        let rows = cleaner.context_features(&bytes, hints, &pages.scores[*start..], kinds);
        rows.iter().flatten().flat_map(|value| value.to_le_bytes()).collect()
    };
    let rows: Vec<Vec<u8>> = pages.cases.par_iter().zip(&pages.starts).zip(&kinds).map(one).collect();
    let names: Vec<String> = dehusk::context_columns().into_iter().map(|(name, _)| name).collect();
    fs::write(data.join("context.txt"), names.join("\n"))?;
    fs::write(out, rows.concat())?;
    Ok(())
}

fn kinds(data: &Path, scores: &Path, out: &Path, text: bool) -> Outcome<()> {
    let cleaner = Cleaner::new(Config::default())?;
    let pages = Scored::read(data, scores, &cleaner, text)?;
    let one = |(case, start): (&Case, &usize)| {
        let (bytes, hints) = case.input(&cleaner, text);
        let row = cleaner.kind_features(&bytes, hints, &pages.scores[*start..]);
        json!({ "set": case.set, "host": case.host, "type": case.kind, "row": row }).to_string() + "\n"
    };
    let lines: String = pages.cases.par_iter().zip(&pages.starts).map(one).collect();
    fs::write(data.join("kinds.txt"), dehusk::kind_columns().join("\n"))?;
    fs::write(out, lines)?;
    Ok(())
}

fn clean(data: &Path, scores: &Path, out: &Path, text: bool) -> Outcome<()> {
    fs::create_dir_all(out)?;
    let cleaner = Cleaner::new(Config::default())?;
    let Scored { sets, cases, scores, starts } = Scored::read(data, scores, &cleaner, text)?;
    let kinds = shares(data)?;
    let one = |((case, start), kinds): ((&Case, &usize), &[f32; KINDS])| {
        let (bytes, hints) = case.input(&cleaner, text);
        let text = cleaner.clean_with_scores(&bytes, hints, &scores[*start..], kinds).text();
        (case.set.clone(), json!({ "id": case.id, "text": text }).to_string())
    };
    let lines: Vec<(String, String)> = cases.par_iter().zip(&starts).zip(&kinds).map(one).collect();
    for set in &sets {
        let name = set.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let own = lines.iter().filter(|(set, _)| *set == name).map(|(_, line)| format!("{line}\n"));
        fs::write(out.join(format!("{name}.jsonl")), own.collect::<String>())?;
    }
    Ok(())
}
