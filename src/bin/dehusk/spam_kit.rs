//! `dehusk spam-kit`: plants spam in pages, and grades a cleaner by what it leaves of it. Reads and writes files;
//! what is planted and counted is the library's business.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use dehusk::Cleaner;
use dehusk::metrics::WordScorer;
use dehusk::spam_kit::{Grade, Half, Planted, Planting, infest};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::exit::Exit;
use crate::report::complain;

type Outcome = Result<(), Box<dyn Error>>;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dehusk spam-kit inject articles/*.html -o kit
  dehusk clean kit/pages -o texts.jsonl
  dehusk spam-kit score kit/truth.jsonl texts.jsonl")]
pub(crate) struct SpamKit {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Plant spam in pages: OUT gets pages/, the same pages as they were in clean/, and truth.jsonl
    Inject(Inject),
    /// Grade a cleaner: how much of what was planted is in its texts
    Score(Score),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dehusk spam-kit inject articles/*.html -o kit
  dehusk spam-kit inject articles/*.html -o kit --seed 7 --per-page 1 --kinds hotline,link_farm
  dehusk spam-kit inject articles/*.html -o kit --text        as lines of text, without markup")]
struct Inject {
    /// Pages with an article, HTML or text
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// The directory to write
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Chooses words, places and looks
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only these kinds of spam
    #[arg(long, value_delimiter = ',', value_name = "KIND")]
    kinds: Vec<String>,
    /// Kinds of spam that each page gets
    #[arg(long, default_value_t = 3, value_name = "N")]
    per_page: usize,
    /// Flatten HTML to lines of text first
    #[arg(long)]
    text: bool,
    /// Half of the words and looks to use
    #[arg(long, value_enum, default_value = "all")]
    half: HalfName,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum HalfName {
    All,
    Development,
    HeldOut,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dehusk spam-kit score kit/truth.jsonl texts.jsonl
  dehusk spam-kit score kit/truth.jsonl texts.jsonl --clean texts-of-clean.jsonl --survivors")]
struct Score {
    /// The truth.jsonl that `inject` wrote
    #[arg(value_name = "TRUTH")]
    truth: PathBuf,
    /// The cleaner's texts of pages/: rows of JSON with `text` and `id` or `source`
    #[arg(value_name = "TEXTS")]
    texts: PathBuf,
    /// Its texts of clean/, to see what the articles lost
    #[arg(long, value_name = "TEXTS")]
    clean: Option<PathBuf>,
    /// The articles' own texts, rows with `id` and `text`; else the texts of clean/ stand for them
    #[arg(long, value_name = "GOLD")]
    gold: Vec<PathBuf>,
    /// Show what survived
    #[arg(long)]
    survivors: bool,
}

#[derive(Debug, Deserialize, Serialize)]
struct Truth {
    id: String,
    planted: Vec<Entry>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Entry {
    kind: String,
    text: String,
    look: String,
}

pub(crate) fn run(args: &SpamKit) -> Exit {
    let outcome = match &args.action {
        Action::Inject(inject) => plant(inject),
        Action::Score(score) => grade(score),
    };
    match outcome {
        Ok(()) => Exit::Fine,
        Err(error) => {
            complain(&error.to_string());
            Exit::Usage
        }
    }
}

fn plant(args: &Inject) -> Outcome {
    let half = match args.half {
        HalfName::All => Half::All,
        HalfName::Development => Half::Development,
        HalfName::HeldOut => Half::HeldOut,
    };
    let how = Planting {
        seed: args.seed,
        kinds: &args.kinds,
        kinds_per_page: args.per_page,
        half,
        as_text: args.text,
    };
    let cleaner = Cleaner::default();
    for folder in ["pages", "clean"] {
        fs::create_dir_all(args.output.join(folder))?;
    }
    let mut truth = String::new();
    let mut index = 0;
    for path in &args.pages {
        let id = stem(path);
        let bytes = fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        let Some(page) = infest(&cleaner, &id, &bytes, index, &how) else { continue };
        index += 1;
        let extension = if args.text || !page.clean.contains('<') { "txt" } else { "html" };
        let name = format!("{id}.{extension}");
        fs::write(args.output.join("pages").join(&name), &page.page)?;
        fs::write(args.output.join("clean").join(&name), &page.clean)?;
        let entry = |p: Planted| Entry { kind: p.kind.to_owned(), text: p.text, look: p.look };
        let row = Truth { id, planted: page.planted.into_iter().map(entry).collect() };
        writeln!(truth, "{}", serde_json::to_string(&row)?)?;
    }
    fs::write(args.output.join("truth.jsonl"), truth)?;
    writeln!(io::stderr(), "spam planted in {index} of {} pages", args.pages.len())?;
    Ok(())
}

fn grade(args: &Score) -> Outcome {
    let texts = texts(&args.texts)?;
    let clean = args.clean.as_deref().map(self::texts).transpose()?.unwrap_or_default();
    let mut gold = BTreeMap::new();
    for path in &args.gold {
        gold.extend(self::texts(path)?);
    }
    let words = WordScorer::new();
    let mut grade = Grade::default();
    let mut out = String::new();
    for line in fs::read_to_string(&args.truth)?.lines() {
        let truth: Truth = serde_json::from_str(line)?;
        let text = texts.get(&truth.id).map_or("", String::as_str);
        let planted: Vec<(String, String)> =
            truth.planted.iter().map(|entry| (entry.kind.clone(), entry.text.clone())).collect();
        let survived = grade.count(text, &planted);
        if args.survivors {
            for entry in
                truth.planted.iter().filter(|e| survived.iter().any(|s| s.0 == e.kind && s.1 == e.text))
            {
                writeln!(out, "{}\t{}\t{}\t{}", entry.kind, truth.id, entry.look, entry.text)?;
            }
        }
        if let Some(clean) = clean.get(&truth.id) {
            grade.compare(&words, gold.get(&truth.id).unwrap_or(clean), clean, text);
        }
    }
    for (kind, (planted, survived)) in &grade.kinds {
        writeln!(out, "{kind:<18} {planted:>6} {survived:>6}  {:.3}", grade.leak(kind))?;
    }
    writeln!(out, "mean over kinds                  {:.3}", grade.mean_leak())?;
    if grade.pages > 0 {
        let (before, after) = grade.f1();
        writeln!(
            out,
            "word F1 of {} articles: {before:.4} clean, {after:.4} with spam, {:.4} lost",
            grade.pages,
            before - after
        )?;
    }
    io::stdout().write_all(out.as_bytes())?;
    Ok(())
}

/// The texts of a file of rows, by id.
fn texts(path: &Path) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let file =
        fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let mut texts = BTreeMap::new();
    for line in file.lines() {
        let row: Value = serde_json::from_str(line)?;
        let id = row["id"].as_str().map(str::to_owned);
        let id =
            id.or_else(|| row["source"].as_str().map(|source| stem(Path::new(source)))).unwrap_or_default();
        texts.insert(id, row["text"].as_str().unwrap_or_default().to_owned());
    }
    Ok(texts)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
