//! Outcomes to a [`Report`]: a table for a terminal, JSON, `JUnit` XML for build servers, HTML with the differences.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use serde::Serialize;

use super::judge::{Count, Outcome};
use crate::compare::{difference, html};
use crate::config::CheckSettings;
use crate::explain::Escaped;
use crate::metrics::{Score, WordScorer};

/// What came of all cases.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The figures of all cases together.
    pub totals: Totals,
    /// What is wrong with the totals.
    pub faults: Vec<String>,
    /// What came of each case, by name.
    pub cases: Vec<Outcome>,
}

/// The figures of all cases together.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Totals {
    /// All cases.
    pub cases: usize,
    /// Those that failed.
    pub failed: usize,
    /// Checks that failed and are known to fail.
    pub known_gaps: usize,
    /// Means over the cases with gold; `None` without any.
    pub score: Option<Score>,
    /// Snippets that the texts must have.
    pub must: Count,
    /// Snippets that the texts must not have, by kind of spam.
    pub leaks: BTreeMap<String, Count>,
}

impl Report {
    pub(super) fn new(cases: Vec<Outcome>, settings: &CheckSettings) -> Self {
        let mut totals = Totals { cases: cases.len(), score: mean(&cases), ..Totals::default() };
        for case in &cases {
            totals.failed += usize::from(!case.passed());
            totals.known_gaps += case.known.len();
            totals.must.add(case.must);
            for (kind, count) in &case.leaks {
                totals.leaks.entry(kind.clone()).or_default().add(*count);
            }
        }
        let mut faults = Vec::new();
        if let Some(score) = totals.score.filter(|score| score.f1 + 0.000_05 < settings.min_mean_f1) {
            faults.push(format!("mean word F1 {:.4}, floor {:.4}", score.f1, settings.min_mean_f1));
        }
        Self { totals, faults, cases }
    }

    /// Whether every case and the totals are as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.totals.failed == 0 && self.faults.is_empty()
    }

    /// A line for each case and the totals.
    #[must_use]
    pub fn table(&self) -> String {
        let width = self.cases.iter().map(|case| case.name.chars().count()).max().unwrap_or(0).max(5);
        let mut out = format!("{:<width$}        F1       P       R   floor    must  leaked\n", "case");
        for case in &self.cases {
            let state = if case.passed() { if case.known.is_empty() { "ok" } else { "gap" } } else { "FAIL" };
            let (figures, must, leaked) = (figures(case.score), case.must, leaked(&case.leaks));
            let _ = writeln!(
                out,
                "{:<width$}  {state:<4}{figures}  {:.4}  {:>6}  {:>6}",
                case.name,
                case.floor,
                share(must),
                share(leaked)
            );
        }
        let totals = &self.totals;
        let _ = writeln!(
            out,
            "{:<width$}      {}          {:>6}  {:>6}",
            "mean",
            figures(totals.score),
            share(totals.must),
            share(leaked(&totals.leaks))
        );
        for (kind, count) in totals.leaks.iter().filter(|(kind, _)| *kind != "must_not") {
            let _ = writeln!(out, "leaked of {kind}: {}", share(*count));
        }
        let _ = writeln!(out, "{}", self.summary());
        out
    }

    fn summary(&self) -> String {
        let Totals { cases, failed, known_gaps, .. } = self.totals;
        format!("{cases} cases: {} passed, {failed} failed, {known_gaps} known gaps", cases - failed)
    }

    /// The report as JSON.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "strings and numbers are always JSON")]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and numbers") + "\n"
    }

    /// The report as `JUnit` XML: a test a case, in suites by the folder above it.
    #[must_use]
    pub fn junit(&self) -> String {
        let failures = self.totals.failed + usize::from(!self.faults.is_empty());
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n\
             <testsuite name=\"dehusk check\" tests=\"{}\" failures=\"{failures}\" errors=\"0\">\n",
            self.cases.len() + 1
        );
        for case in &self.cases {
            let (class, name) = case.name.rsplit_once('/').unwrap_or(("cases", &case.name));
            test(class, name, &complaints(case), &mut out);
        }
        test("totals", "mean", &self.faults, &mut out);
        out.push_str("</testsuite>\n</testsuites>\n");
        out
    }

    /// The report as one HTML file: the figures, and each failure as a difference between gold and text. It loads
    /// nothing and runs nothing.
    #[must_use]
    pub fn html(&self) -> String {
        let words = WordScorer::new();
        let mut body = format!("<p>{}</p>", self.summary());
        for fault in &self.faults {
            let _ = write!(body, "<p><strong>{}</strong></p>", Escaped(fault));
        }
        if !self.cases.iter().all(Outcome::passed) {
            body.push_str("<p><del>lost: in the gold alone</del> <ins>leaked: in the text alone</ins></p>");
        }
        for case in self.cases.iter().filter(|case| !case.passed()) {
            let facts = case.score.map(|score| format!("F1 {:.4}, floor {:.4}", score.f1, case.floor));
            html::section(&case.name, &facts.unwrap_or_default(), &mut body, |body| {
                let _ = write!(body, "<pre>{}</pre>", Escaped(&complaints(case).join("\n")));
                if let Some(gold) = &case.gold {
                    html::pieces(&difference(gold, &case.text, &words), body);
                }
            });
        }
        let _ = write!(
            body,
            "<details><summary>All cases</summary><pre class=\"wide\">{}</pre></details>",
            Escaped(&self.table())
        );
        html::document("dehusk check", &body)
    }
}

impl fmt::Display for Report {
    /// What failed, case by case, with the lines that are lost or leak.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for case in &self.cases {
            for complaint in complaints(case) {
                writeln!(out, "{}: {complaint}", case.name)?;
            }
        }
        for fault in &self.faults {
            writeln!(out, "all cases: {fault}")?;
        }
        Ok(())
    }
}

/// What is wrong with a case.
fn complaints(case: &Outcome) -> Vec<String> {
    let failures = case.failures.iter().map(ToString::to_string);
    let closed = case.closed.iter().map(|check| format!("{check}: passes now, take it off known_gaps"));
    failures.chain(closed).collect()
}

fn test(class: &str, name: &str, complaints: &[String], out: &mut String) {
    let _ = write!(out, "<testcase classname=\"{}\" name=\"{}\"", Escaped(class), Escaped(name));
    let text = complaints.join("\n");
    let Some(first) = text.lines().next() else {
        out.push_str("/>\n");
        return;
    };
    let (message, text) = (Escaped(first), Escaped(&text));
    let _ = writeln!(out, "><failure message=\"{message}\">{text}</failure></testcase>");
}

/// The means over the cases that have gold.
fn mean(cases: &[Outcome]) -> Option<Score> {
    let scores: Vec<Score> = cases.iter().filter_map(|case| case.score).collect();
    let mean = |of: fn(&Score) -> f64| scores.iter().map(of).sum::<f64>() / scores.len() as f64;
    (!scores.is_empty()).then(|| Score {
        precision: mean(|s| s.precision),
        recall: mean(|s| s.recall),
        f1: mean(|s| s.f1),
    })
}

fn figures(score: Option<Score>) -> String {
    match score {
        Some(Score { precision, recall, f1 }) => format!("  {f1:.4}  {precision:.4}  {recall:.4}"),
        None => format!("  {:>6}  {:>6}  {:>6}", "-", "-", "-"),
    }
}

fn leaked(leaks: &BTreeMap<String, Count>) -> Count {
    let mut all = Count::default();
    for count in leaks.values() {
        all.add(*count);
    }
    all
}

fn share(count: Count) -> String {
    if count.of == 0 { "-".to_owned() } else { format!("{}/{}", count.found, count.of) }
}
