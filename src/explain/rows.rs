//! A block as a row of the report: its mark, score, text and reason, and under them what spoke for and against it.

use std::fmt::Write;

use super::{Contribution, Escaped, Judged};

/// Writes a row. `named` is how many features are told for a block and how many against; `None` tells the strongest on
/// one line.
pub(super) fn row(at: usize, block: &Judged, named: Option<usize>, out: &mut String) {
    let class = match (block.keep, block.parts.is_empty()) {
        (false, _) => "c",
        (true, true) => "k",
        (true, false) => "k p",
    };
    let hidden = if block.hidden { " h" } else { "" };
    let mark = match class {
        "c" => "✕ cut",
        "k" => "✓ kept",
        _ => "✓ in part",
    };
    let _ = write!(
        out,
        "<li id=b{at} class=\"{class}{hidden}\" data-r=\"{}\"><details><summary><b>{mark}</b><i>{:.2}</i>\
         <span dir=auto>",
        reasons(block),
        block.in_place
    );
    text(block, out);
    out.push_str("</span>");
    if block.hidden {
        out.push_str("<em class=eye>hidden</em>");
    }
    if block.reason != "hidden" {
        let _ = write!(out, "<em>{}</em>", block.reason);
    }
    for part in &block.parts {
        let _ = write!(out, "<em>{}</em>", part.rule);
    }
    out.push_str("</summary><div>");
    evidence(block, out);
    match named {
        Some(named) => details(at, block, named, out),
        None => line(block, out),
    }
    // The end of the details is that of all inside them.
    out.push_str("</details>");
}

/// All reasons of a block, for the filter.
fn reasons(block: &Judged) -> String {
    let parts = block.parts.iter().map(|part| part.rule);
    std::iter::once(block.reason).chain(parts).collect::<Vec<_>>().join(" ")
}

/// The text of a block, with the parts struck out that were cut from it.
fn text(block: &Judged, out: &mut String) {
    let mut rest = block.text.as_str();
    for part in &block.parts {
        if let Some((before, after)) = rest.split_once(part.text.as_str()) {
            let _ = write!(out, "{}<del>{}</del>", Escaped(before), Escaped(&part.text));
            rest = after;
        }
    }
    let _ = write!(out, "{}", Escaped(rest));
}

fn evidence(block: &Judged, out: &mut String) {
    if let Some(evidence) = &block.evidence {
        let _ = write!(out, "<p><strong>{}</strong> saw: {}</p>", block.reason, Escaped(evidence));
    }
    for part in &block.parts {
        let _ = write!(
            out,
            "<p><strong>{}</strong> cut “{}”: {}</p>",
            part.rule,
            Escaped(&part.text),
            Escaped(&part.evidence)
        );
    }
}

/// The details of a block on a long page.
fn line(block: &Judged, out: &mut String) {
    let _ = write!(out, "<p class=f>{} · links {:.0} %", block.role, 100.0 * block.link_density);
    for named in block.pro.first().into_iter().chain(block.contra.first()) {
        feature(named, out);
    }
}

fn details(at: usize, block: &Judged, named: usize, out: &mut String) {
    let _ = write!(
        out,
        "<p class=dim>block {at} · {} · {} · score {:.3}, in its place {:.3} · links {:.0} % · {} characters",
        block.role,
        if block.path.is_empty() { "plain text" } else { &block.path },
        block.score,
        block.in_place,
        100.0 * block.link_density,
        block.chars
    );
    if !block.concepts.is_empty() {
        let _ = write!(out, " · named {}", block.concepts.join(", "));
    }
    out.push_str("</p>");
    list("for keeping it", &block.pro, named, out);
    list("against", &block.contra, named, out);
}

/// Features with their weights.
fn list(word: &str, named: &[Contribution], most: usize, out: &mut String) {
    if named.is_empty() {
        return;
    }
    let _ = write!(out, "<p class=f>{word}");
    for named in named.iter().take(most) {
        feature(named, out);
    }
    out.push_str("</p>");
}

/// A feature with its weight; the script adds a bar and the meaning.
fn feature(named: &Contribution, out: &mut String) {
    let sign = if named.weight < 0.0 { '−' } else { '+' };
    let (weight, name, value) = (named.weight.abs(), Escaped(&named.feature), number(named.value));
    let _ = write!(out, " <span>{sign}{weight:.2} <code>{name}</code> = {value}</span>");
}

/// A value with as many digits as tell something.
fn number(value: f32) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
