//! The curve of a page as SVG: text, links and score along the blocks, the cut, and what was kept.
//!
//! Each column links to its block, so that a place in the picture leads to the words.

use std::fmt::Write;

use super::{Explanation, Judged};

/// Columns of the plot at most; longer pages share them.
const MAX_COLUMNS: usize = 400;
/// Size of the drawing.
const WIDTH: f32 = 1000.0;
const HEIGHT: f32 = 200.0;
/// Where the band of verdicts begins.
const BAND: f32 = 172.0;
/// A mean length at which the text's bar is full, in characters.
const FULL_LENGTH: f32 = 1000.0;

/// Neighbouring blocks that share a column.
struct Column {
    first: usize,
    text: f32,
    links: f32,
    score: f32,
    kept: f32,
}

pub(super) fn draw(explained: &Explanation, out: &mut String) {
    let columns = columns(&explained.blocks);
    let step = WIDTH / columns.len().max(1) as f32;
    let _ = write!(
        out,
        "<svg id=\"plot\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"group\" tabindex=\"0\" \
         aria-label=\"Length of text, links and score along the page; arrow keys move, Enter leads to a block\" \
         aria-describedby=\"at\" data-share=\"{}\">",
        share(explained.blocks.len())
    );
    // Bars overlap a little, or rounding leaves gaps between some of them.
    let wide = step + 0.3;
    for (at, column) in columns.iter().enumerate() {
        let height = column.text * BAND;
        let x = at as f32 * step;
        let _ = write!(
            out,
            "<rect class=\"pt\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{wide:.2}\" height=\"{height:.1}\"/>",
            BAND - height
        );
        let (class, tall) = if column.kept >= 0.5 { ("pk", 28.0) } else { ("pc", 10.0) };
        let _ = write!(
            out,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{wide:.2}\" height=\"{tall}\"/>",
            HEIGHT - tall
        );
    }
    line(out, "pl", columns.iter().map(|column| column.links), step);
    line(out, "ps", columns.iter().map(|column| column.score), step);
    if let Some(cut) = explained.cut {
        let y = BAND * (1.0 - cut);
        let _ = write!(out, "<path class=\"px\" d=\"M0 {y:.1}H{WIDTH}\"/>");
    }
    for (at, column) in columns.iter().enumerate() {
        let x = at as f32 * step;
        let _ = write!(
            out,
            "<a href=\"#b{0}\" tabindex=\"-1\"><rect class=\"ph\" x=\"{x:.1}\" y=\"0\" width=\"{step:.2}\" \
             height=\"{HEIGHT}\"><title>block {0}, {1}: score {2:.2}, links {3:.2}</title></rect></a>",
            column.first,
            if column.kept >= 0.5 { "kept" } else { "cut" },
            column.score,
            column.links
        );
    }
    let _ = write!(
        out,
        "<rect id=\"here\" y=\"0\" width=\"{step:.2}\" height=\"{HEIGHT}\" x=\"-{WIDTH}\"/></svg>"
    );
}

/// A curve through the middles of the columns.
fn line(out: &mut String, class: &str, values: impl Iterator<Item = f32>, step: f32) {
    let _ = write!(out, "<path class=\"{class}\" d=\"");
    for (at, value) in values.enumerate() {
        let command = if at == 0 { 'M' } else { 'L' };
        let _ = write!(out, "{command}{:.1} {:.1}", (at as f32 + 0.5) * step, BAND * (1.0 - value));
    }
    out.push_str("\"/>");
}

/// How many blocks share a column.
fn share(blocks: usize) -> usize {
    blocks.div_ceil(MAX_COLUMNS).max(1)
}

fn columns(blocks: &[Judged]) -> Vec<Column> {
    let share = share(blocks.len());
    let column = |(at, chunk): (usize, &[Judged])| {
        let length: f32 = chunk.iter().map(|block| block.length).sum();
        // A block counts by its length: one paragraph among ten links is what a reader sees.
        let mean = |value: &dyn Fn(&Judged) -> f32| {
            let sum: f32 = chunk.iter().map(|block| block.length.max(1.0) * value(block)).sum();
            sum / chunk.iter().map(|block| block.length.max(1.0)).sum::<f32>()
        };
        let density = (1.0 + length / chunk.len() as f32).ln() / (1.0 + FULL_LENGTH).ln();
        Column {
            first: at * share,
            text: density.min(1.0),
            links: mean(&|block| block.link_density),
            score: mean(&|block| block.in_place),
            kept: mean(&|block| f32::from(u8::from(block.keep))),
        }
    };
    blocks.chunks(share).enumerate().map(column).collect()
}
