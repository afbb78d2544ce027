//! Colours as style sheets and old attributes write them, as far as text and background are compared.

use crate::blocks::chars::has_in_any_case;

/// Red, green, blue, and whether anything is seen of it at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour {
    pub(super) rgb: [u8; 3],
    pub(super) clear: bool,
}

/// What a page is painted on.
pub(super) const WHITE: [u8; 3] = [255; 3];

/// Channels that differ by no more are one colour to a reader.
const SAME: u8 = 12;

/// Alpha up to which nothing is seen.
const CLEAR: f32 = 0.05;

/// The names that are used for text and backgrounds.
const NAMES: [(&str, [u8; 3]); 12] = [
    ("white", [255; 3]),
    ("black", [0; 3]),
    ("snow", [255, 250, 250]),
    ("ivory", [255, 255, 240]),
    ("whitesmoke", [245; 3]),
    ("gray", [128; 3]),
    ("grey", [128; 3]),
    ("silver", [192; 3]),
    ("red", [255, 0, 0]),
    ("green", [0, 128, 0]),
    ("blue", [0, 0, 255]),
    ("yellow", [255, 255, 0]),
];

/// Whether text of one colour is not seen on the other.
pub(super) fn alike(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.abs_diff(b) <= SAME)
}

/// A colour.
pub(super) fn parse(value: &str) -> Option<Colour> {
    let value = value.trim();
    if value.eq_ignore_ascii_case("transparent") {
        return Some(Colour { rgb: [0; 3], clear: true });
    }
    if let Some(digits) = value.strip_prefix('#') {
        return hexadecimal(digits);
    }
    if let Some((function, rest)) = value.split_once('(') {
        let function = function.trim();
        let is_rgb = function.eq_ignore_ascii_case("rgb") || function.eq_ignore_ascii_case("rgba");
        return if is_rgb { channels(rest) } else { None };
    }
    let named = NAMES.iter().find(|(name, _)| value.eq_ignore_ascii_case(name));
    named.map(|&(_, rgb)| Colour { rgb, clear: false })
}

/// The value of an old attribute: also without its `#`.
pub(super) fn of_attribute(value: &str) -> Option<Colour> {
    parse(value).or_else(|| hexadecimal(value.trim()))
}

/// The colour of a background; nothing for pictures and gradients.
pub(super) fn of_background(value: &str) -> Option<Colour> {
    if value.is_empty() || value.eq_ignore_ascii_case("none") || value == "0" {
        return Some(Colour { rgb: [0; 3], clear: true });
    }
    let picture = |word: &str| has_in_any_case(value, word);
    if value.len() > 200 || picture("url(") || picture("gradient(") || picture("var(") {
        return None;
    }
    parse(value).or_else(|| value.split_whitespace().find_map(parse))
}

#[expect(clippy::many_single_char_names, reason = "the digits of a colour")]
fn hexadecimal(digits: &str) -> Option<Colour> {
    let digit = |c: char| c.to_digit(16).map(|digit| digit as u8);
    let mut read = [0; 8];
    let mut count = 0;
    for c in digits.chars() {
        *read.get_mut(count)? = digit(c)?;
        count += 1;
    }
    let (rgb, alpha) = match read[..count] {
        [r, g, b] => ([r * 17, g * 17, b * 17], 15),
        [r, g, b, a] => ([r * 17, g * 17, b * 17], a),
        [r, s, g, h, b, c] => ([r * 16 + s, g * 16 + h, b * 16 + c], 15),
        [r, s, g, h, b, c, a, _] => ([r * 16 + s, g * 16 + h, b * 16 + c], a),
        _ => return None,
    };
    Some(Colour { rgb, clear: alpha == 0 })
}

/// What stands between the brackets of `rgb()`.
fn channels(text: &str) -> Option<Colour> {
    let text = text.split(')').next()?;
    let mut words = text.split([',', ' ', '/']).filter(|word| !word.is_empty());
    let mut rgb = [0; 3];
    for channel in &mut rgb {
        let word = words.next()?;
        let (number, scale) = word.strip_suffix('%').map_or((word, 1.0), |number| (number, 2.55));
        *channel = (number.parse::<f32>().ok()? * scale) as u8;
    }
    let alpha = words.next().map_or(Some(1.0), |alpha| alpha.trim_end_matches('%').parse::<f32>().ok())?;
    Some(Colour { rgb, clear: alpha <= CLEAR })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rgb(value: &str) -> Option<[u8; 3]> {
        parse(value).map(|colour| colour.rgb)
    }

    #[test]
    fn all_notations_of_white() {
        for white in ["#fff", "#FFFFFF", "white", "rgb(255,255,255)", "rgb(100% 100% 100%)", "#ffffffff"] {
            assert_eq!(rgb(white), Some(WHITE), "{white}");
        }
        assert_eq!(of_attribute("ffffff").map(|c| c.rgb), Some(WHITE));
        for nothing in ["", "#", "#ff", "rgb(1,2)", "hsl(0,0%,100%)", "inherit", "#ggg"] {
            assert_eq!(rgb(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn what_is_not_seen() {
        assert!(alike([255; 3], [250, 255, 250]) && !alike([255; 3], [220; 3]));
        assert!(
            parse("rgba(0,0,0,0)").is_some_and(|c| c.clear) && parse("transparent").is_some_and(|c| c.clear)
        );
    }

    #[test]
    fn backgrounds() {
        assert_eq!(of_background("#000 none").map(|c| c.rgb), Some([0; 3]));
        assert_eq!(of_background("#fff url(a.png)"), None);
        assert!(of_background("none").is_some_and(|c| c.clear));
    }
}
