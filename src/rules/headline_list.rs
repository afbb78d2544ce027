//! **Drops** Runs of headlines of other texts: four or more neighbouring short lines without full stops that share
//! next to nothing with the article, numbered or not, linked or not, also such that nothing parts.
//!
//! **Why** Sites pad articles with links to their other pages. With the links lost, what is left looks like a list
//! in the article.
//!
//! **Example** Under an article on tides: `1. Council opens new bus lane` … `100. Market hall to be painted blue`
//!
//! **Near miss** Steps, agendas, ingredients, rankings and tables of contents: they use the article's words, open
//! with numbers, times or labels, are introduced by a colon that no other list follows, or stand again as headings.
//!
//! **Languages** Any.
//!
//! **Source** A crawled page: 100 lines of 18 characters on average after a report on another city.

mod kinship;
mod line;
mod run;

use std::collections::HashSet;

use self::line::{COLONS, HEADLINE, Kind, Line, MIN_UNITS};
use self::run::{MIN_LINES, Run};
use super::items::{self, unnumbered};
use super::{Context, Findings};
use crate::page::Block;

/// The shortest article, in letters.
const MIN_BODY: f32 = 400.0;
/// Headlines that nothing parts: the shortest such line in words, the share of long pieces between capitals, and what it
/// may share with the article beside what the article's paragraphs share with one another.
const MIN_RUN_ON: u32 = 18;
const MIN_LONG_PIECES: f32 = 0.6;
const MAX_RUN_ON_KIN: f32 = 0.4;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().length() < MIN_BODY {
        return;
    }
    let openings = openings(context);
    let close = |run: &Run<'_>, findings: &mut Findings| {
        // One list may follow on another.
        if !run.cut(context, &openings, findings) {
            for part in run.parts(context) {
                part.cut(context, &openings, findings);
            }
        }
    };
    let mut run = Run::default();
    let mut lines = Vec::new();
    for (index, block) in context.blocks() {
        lines.clear();
        if !context.is_code(index) {
            push_lines(context, index, &mut lines);
        }
        let one = lines.len() <= 1;
        if one && context.body().is_prose(index) || !run.take(index, &lines) {
            close(&run, findings);
            run.start(context.text(index).ends_with(COLONS));
        }
        if one && is_run_on(context, index, block) {
            close(&run, findings);
            run.start(false);
            findings.cut(index, "headlines run together");
        }
    }
    close(&run, findings);
}

/// Adds the lines of a block: what parts of a list it holds, or itself.
fn push_lines<'a>(context: &Context<'a>, index: usize, to: &mut Vec<Line<'a>>) {
    let parted = context.parted(index);
    if !parted.is_empty() {
        to.extend(parted.iter().map(|line| Line::of(line)));
        return;
    }
    // Commas part clauses, too: only what begins anew each time is a list of headlines.
    let begins = |line: &Line<'_>| line.text.starts_with(char::is_uppercase) && line.kind == Kind::Headline;
    // No character counts more than its bytes.
    let has_room = context.text(index).len() as f32 >= MIN_UNITS as f32 * HEADLINE.start();
    let pieces = has_room.then(|| items::between_commas(context, index)).flatten();
    if let Some(pieces) = pieces.filter(|pieces| pieces.len() >= MIN_UNITS) {
        let lines: Vec<Line<'_>> = pieces.into_iter().map(Line::of).collect();
        if lines.iter().all(begins) {
            to.extend(lines);
            return;
        }
    }
    // Running text ends a list whatever kind of line it is.
    if !context.body().is_prose(index) {
        to.push(Line::of(unnumbered(context.text(index))));
    }
}

/// Whether a block is one long line of headlines that have nothing to do with the article: long pieces between capitals,
/// and no mark.
fn is_run_on(context: &Context<'_>, index: usize, block: &Block) -> bool {
    let stats = &block.stats;
    stats.words >= MIN_RUN_ON
        && stats.links + stats.sentence_ends + stats.commas == 0
        && stats.digits * 10 <= stats.chars
        && !context.is_code(index)
        && !context.is_heading(index)
        && !context.is_tabular(index)
        && reads_like_headlines(context.text(index))
        && context.body().overlap_with_others(index) <= MAX_RUN_ON_KIN * context.body().cohesion()
}

/// Whether most pieces that begin with a capital have as many words as a headline.
fn reads_like_headlines(text: &str) -> bool {
    let capitals: Vec<bool> =
        text.split_whitespace().map(|word| word.starts_with(char::is_uppercase)).collect();
    let pieces = || capitals.chunk_by(|_, capital| !capital);
    let long = pieces().filter(|piece| piece[0] && piece.len() >= MIN_UNITS).count();
    long >= MIN_LINES && long as f32 >= MIN_LONG_PIECES * pieces().count() as f32
}

/// The lines that open a part of the article: entries of a table of contents come back as such.
fn openings<'a>(context: &Context<'a>) -> HashSet<&'a str> {
    let opens = |index: usize| {
        context.is_heading(index) && !context.is_bare_heading(index)
            || !context.body().is_prose(index)
                && index + 1 < context.page.blocks.len()
                && context.body().is_prose(index + 1)
    };
    context.blocks().filter(|(i, _)| opens(*i)).map(|(i, _)| unnumbered(context.text(i))).collect()
}
