//! Numbers to call whose figures are written as something else.

use crate::blocks::chars;

/// The fewest figures of a number to call.
pub(super) const MIN_FIGURES: usize = 7;

/// Whether a letter stands for nought behind a figure.
pub(super) fn has_figure_o(text: &str) -> bool {
    chars::count_pairs(text.as_bytes(), 1, |a, b| a.is_ascii_digit() && b == b'O') > 0
}

/// Whether a number to call has letters, characters or circles among its figures or in their place.
pub(super) fn has_spelled_number(text: &str) -> bool {
    let is_figure = |c: char| c.is_ascii_digit() || c == 'O' || is_numeral(c) || is_circled(c);
    text.split(|c| !is_figure(c)).filter(|run| run.len() >= MIN_FIGURES).any(|run| {
        let count = |holds: &dyn Fn(char) -> bool| run.chars().filter(|c| holds(*c)).count();
        let plain = count(&|c| c.is_ascii_digit());
        let wide = count(&|c| !c.is_ascii());
        let all = run.chars().count();
        all >= MIN_FIGURES && plain < all && (plain >= MIN_FIGURES / 2 || wide >= MIN_FIGURES)
    })
}

/// Whether a character stands for a figure.
fn is_numeral(c: char) -> bool {
    "〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖".contains(c)
}

fn is_circled(c: char) -> bool {
    matches!(c, '①'..='⑳' | '⓪'..='⓿' | '❶'..='➓' | '㊀'..='㊰')
}

/// How many digits in circles stand behind letters, digits or others that they do not count on from.
pub(super) fn circled(text: &str) -> usize {
    let stands = |before: char, c: char| {
        before.is_ascii_alphanumeric() || is_circled(before) && u32::from(c) != u32::from(before) + 1
    };
    text.chars().zip(text.chars().skip(1)).filter(|&(before, c)| is_circled(c) && stands(before, c)).count()
}
