//! The quality gate: mean word F1 over annotated sets must not fall below the floors in `quality.toml`.
//!
//! The sets are not part of the project. `DEHUSK_DATA` names a folder with a folder for each set: `gold.jsonl` and
//! `pages/ID.html`. Without it there is nothing to do here; the samples are judged by `samples.rs` in any case. A set
//! that has a floor and is not there is a fault, so that a gate cannot pass by looking at nothing. Best built with
//! `--release`.

#![expect(clippy::print_stderr, reason = "the table is what a person wants to see")]

use std::collections::BTreeMap;
use std::path::Path;

use dehusk::{Cleaner, Error, check};
use serde::Deserialize;

#[derive(Deserialize)]
struct Floors {
    floors: BTreeMap<String, f64>,
}

#[test]
fn quality_does_not_fall() -> Result<(), Error> {
    let Some(data) = std::env::var_os("DEHUSK_DATA") else { return Ok(()) };
    let floors: Floors = toml::from_str(include_str!("quality.toml")).expect("floors are TOML");
    let cleaner = Cleaner::default();
    let mut measured = BTreeMap::new();
    for set in floors.floors.keys().filter(|name| !name.contains('/')) {
        let folder = Path::new(&data).join(set);
        let report = check::gold(&folder.join("gold.jsonl"), &folder.join("pages"), None, &cleaner)?;
        assert_eq!(report.missing, 0, "{set}: every row has its page");
        measured.insert(set.clone(), report.f1());
        measured.extend(report.by_type.iter().map(|(kind, mean)| (format!("{set}/{kind}"), mean.f1)));
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
    Ok(())
}
