//! **Drops** Runs of headlines of other texts: eight or more neighbouring short lines without full stops that share
//! next to nothing with the article, numbered or not, linked or not.
//!
//! **Why** Sites pad articles with links to their other pages. With the links lost, what is left looks like a list
//! in the article.
//!
//! **Example** Under an article on tides: `1. Council opens new bus lane` … `100. Market hall to be painted blue`
//!
//! **Near miss** Steps, agendas, ingredients, rankings and tables of contents: they use the article's words, open
//! with numbers or times, are introduced by a colon, or stand again as headings.
//!
//! **Languages** Any.
//!
//! **Source** A crawled page: 100 lines of 18 characters on average after a report on another city.

use std::collections::HashMap;

use super::items::{self, length, unnumbered};
use super::{Context, Findings};
use crate::page::{Role, Stats};

/// Headlines in a list inside the article.
const MIN_LINES: usize = 8;
/// Headlines in a list after the article's end.
const MIN_LINES_OUTSIDE: usize = 5;
/// A headline's length in letters, and the shortest mean of a list.
const HEADLINE: std::ops::RangeInclusive<f32> = 18.0..=160.0;
const MIN_MEAN: f32 = 25.0;
/// Short lines (dates, counts) that may stand between two headlines.
const MAX_STRAYS: usize = 2;
/// Share of headlines in a run without links: what lists other things comes with prices, names, labels.
const MIN_DENSITY: f32 = 0.9;
/// Share of lines with a digit; with a comma; that stand elsewhere on the page, too; in table cells; that are headings.
const MAX_DIGITS: f32 = 0.4;
const MAX_COMMAS: f32 = 0.35;
const MAX_ECHOES: f32 = 0.3;
const MAX_CELLS: f32 = 0.2;
const MAX_HEADINGS: f32 = 0.2;
/// Share of tokens with the article: after its end, inside it, inside it and linked, in the cells of a table.
const MAX_OVERLAP_OUTSIDE: f32 = 0.4;
const MAX_OVERLAP: f32 = 0.3;
const MAX_OVERLAP_LINKED: f32 = 0.2;
const MAX_OVERLAP_CELLS: f32 = 0.25;
/// The shortest article, in letters, and its share of the page without the list. Shops, forums and manuals list
/// their own things in this shape; on the development pages these bounds part them from articles.
const MIN_BODY: f32 = 400.0;
const MIN_BODY_SHARE: f32 = 0.3;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().length() < MIN_BODY {
        return;
    }
    let repeated = repeated_lines(context);
    let mut close = |run: Run| {
        if let Some(evidence) = run.evidence(context, &repeated) {
            run.cut(&evidence, findings);
        }
    };
    let mut run = Run::default();
    for (index, block) in context.blocks() {
        let text = unnumbered(context.text(index));
        let fixed = context.is_code(index) || context.body().is_prose(index);
        match kind(&block.stats, text) {
            Kind::Headline if !fixed => {
                run.headlines.push(index);
                run.strays = 0;
            }
            Kind::Stray if !fixed && run.strays < MAX_STRAYS => {
                run.strays += 1;
                run.introduced |= run.headlines.is_empty() && text.ends_with(COLONS);
            }
            _ => {
                let introduced = text.ends_with(COLONS);
                close(std::mem::replace(&mut run, Run { introduced, ..Run::default() }));
            }
        }
    }
    close(run);
}

const COLONS: [char; 2] = [':', '：'];

/// How often each line stands on the page: entries of a table of contents come back as headings.
fn repeated_lines<'a>(context: &Context<'a>) -> HashMap<&'a str, u32> {
    let mut lines = HashMap::new();
    for (index, _) in context.blocks() {
        *lines.entry(unnumbered(context.text(index))).or_default() += 1;
    }
    lines
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Headline,
    /// A date, a count, a button.
    Stray,
    Other,
}

fn kind(stats: &Stats, text: &str) -> Kind {
    let length = stats.length();
    if length < *HEADLINE.start() || stats.words < 4 {
        return Kind::Stray;
    }
    let stop = text.ends_with(['.', '。']) && !text.ends_with("...");
    if length > *HEADLINE.end() || stop || stats.sentence_ends > 3 || stats.commas > 2 {
        return Kind::Other;
    }
    Kind::Headline
}

/// Headlines that stand together.
#[derive(Default)]
struct Run {
    headlines: Vec<usize>,
    /// Other short lines since the last headline.
    strays: usize,
    /// The line before ended with a colon.
    introduced: bool,
}

impl Run {
    /// What makes it a list of headlines of other texts.
    fn evidence(&self, context: &Context<'_>, repeated: &HashMap<&str, u32>) -> Option<String> {
        let (first, last) = (*self.headlines.first()?, *self.headlines.last()?);
        let lines = self.headlines.len();
        if lines < MIN_LINES_OUTSIDE || self.introduced {
            return None;
        }
        let text = |index: usize| unnumbered(context.text(index));
        let sum = |value: &dyn Fn(usize) -> f32| self.headlines.iter().map(|&i| value(i)).sum::<f32>();
        let share = |holds: &dyn Fn(usize) -> bool| sum(&|i| f32::from(u8::from(holds(i)))) / lines as f32;
        let block = |index: usize| &context.page.blocks[index];

        let total = sum(&|i| length(text(i)));
        if total < MIN_MEAN * lines as f32 || context.body().share_without(total) < MIN_BODY_SHARE {
            return None;
        }
        let mut own: HashMap<&str, u32> = HashMap::new();
        self.headlines.iter().for_each(|&i| *own.entry(text(i)).or_default() += 1);
        let has_comma = |text: &str| text.contains([',', '，', '、', ';', '；', '،']);
        let plain = share(&|i| has_comma(text(i))) <= MAX_COMMAS
            && share(&|i| repeated[text(i)] > own[text(i)]) <= MAX_ECHOES
            && share(&|i| text(i).contains(|c: char| c.is_ascii_digit())) <= MAX_DIGITS;
        let tabular = share(&|i| matches!(block(i).layout.role, Role::Cell { .. })) > MAX_CELLS;
        let outside = context.body().ends_before(first);
        let linked = items::linked(context, &self.headlines) > 0.5;
        let density = lines as f32 / (last - first + 1) as f32;
        let bare = density >= MIN_DENSITY && share(&|i| context.is_heading(i)) <= MAX_HEADINGS;
        if !plain || !linked && !bare || (!outside || tabular) && lines < MIN_LINES {
            return None;
        }
        let overlap = sum(&|i| context.body().overlap(text(i))) / lines as f32;
        let most = match (outside, linked) {
            _ if tabular => MAX_OVERLAP_CELLS,
            (true, _) => MAX_OVERLAP_OUTSIDE,
            (false, true) => MAX_OVERLAP_LINKED,
            (false, false) => MAX_OVERLAP,
        };
        (overlap <= most).then(|| format!("{lines} headlines, {overlap:.2} of their words in the article"))
    }

    /// Cuts the headlines and what stands between them.
    fn cut(&self, evidence: &str, findings: &mut Findings) {
        if let (Some(&first), Some(&last)) = (self.headlines.first(), self.headlines.last()) {
            for index in first..=last {
                findings.cut(index, evidence);
            }
        }
    }
}
