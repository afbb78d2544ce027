//! The quality gate: mean word F1 over annotated sets must not fall below the floors in `quality.toml`.
//!
//! The sets are not part of the project. `DEHUSK_DATA` names a folder with a folder for each set: `gold.jsonl` and
//! `pages/ID.html`. Without it there is nothing to do here; the samples are judged by `samples.rs` in any case. A set
//! that has a floor and is not there is a fault, so that a gate cannot pass by looking at nothing. Best built with
//! `--release`.

#![expect(clippy::print_stderr, reason = "the table is what a person wants to see")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dehusk::metrics::{WordScorer, has_snippet};
use dehusk::{Cleaner, Hints, Media};
use rayon::prelude::*;
use serde::Deserialize;

/// A row of `gold.jsonl`: a text, or snippets that a cleaned page must and must not have.
#[derive(Deserialize)]
struct Gold {
    id: String,
    text: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
}

#[derive(Deserialize)]
struct Floors {
    floors: BTreeMap<String, f64>,
}

/// What one page adds to the figure of its set.
enum Outcome {
    F1 { kind: Option<String>, f1: f64 },
    Snippets { wanted: usize, found: usize, leaked: usize },
}

#[test]
fn quality_does_not_fall() {
    let Some(data) = std::env::var_os("DEHUSK_DATA") else { return };
    let floors: Floors = toml::from_str(include_str!("quality.toml")).expect("floors are TOML");
    let cleaner = Cleaner::default();
    let words = WordScorer::new();
    let mut measured = BTreeMap::new();
    for set in floors.floors.keys().filter(|name| !name.contains('/')) {
        measure(&Path::new(&data).join(set), set, &cleaner, &words, &mut measured);
    }
    let mut faults = Vec::new();
    for (name, floor) in &floors.floors {
        let figure = measured.get(name).copied().unwrap_or(0.0);
        eprintln!("{name:<20} {figure:.4} (floor {floor})");
        if figure < *floor {
            faults.push(format!("{name}: {figure:.4} is below {floor}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The figures of a set and of the kinds of page in it.
fn measure(
    folder: &Path,
    set: &str,
    cleaner: &Cleaner,
    words: &WordScorer,
    into: &mut BTreeMap<String, f64>,
) {
    let gold = fs::read_to_string(folder.join("gold.jsonl")).expect("a set with a floor is there");
    let rows: Vec<Gold> =
        gold.lines().map(|line| serde_json::from_str(line).expect("gold is JSON")).collect();
    let outcomes: Vec<Outcome> = rows.par_iter().map(|row| judge(folder, row, cleaner, words)).collect();
    let mut f1s: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let (mut wanted, mut found, mut leaked) = (0, 0, 0);
    for outcome in outcomes {
        match outcome {
            Outcome::F1 { kind, f1 } => {
                f1s.entry(set.to_owned()).or_default().push(f1);
                if let Some(kind) = kind {
                    f1s.entry(format!("{set}/{kind}")).or_default().push(f1);
                }
            }
            Outcome::Snippets { wanted: w, found: f, leaked: l } => {
                (wanted, found, leaked) = (wanted + w, found + f, leaked + l);
            }
        }
    }
    into.extend(f1s.into_iter().map(|(name, values)| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (name, mean)
    }));
    if wanted > 0 {
        into.insert(set.to_owned(), 2.0 * found as f64 / (found + leaked + wanted) as f64);
    }
}

fn judge(folder: &Path, row: &Gold, cleaner: &Cleaner, words: &WordScorer) -> Outcome {
    let page =
        fs::read(folder.join("pages").join(format!("{}.html", row.id))).expect("every row has its page");
    let hints = Hints { media: Some(Media::Html), ..Hints::default() };
    let text = cleaner.clean(&page, hints).text();
    if let Some(gold) = &row.text {
        return Outcome::F1 { kind: row.kind.clone(), f1: words.score(&text, gold).f1 };
    }
    let count = |snippets: &[String]| snippets.iter().filter(|snippet| has_snippet(&text, snippet)).count();
    Outcome::Snippets { wanted: row.with.len(), found: count(&row.with), leaked: count(&row.without) }
}
