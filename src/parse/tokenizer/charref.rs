//! Character references: `&amp;`, `&#8217;`, and `&copy` without its semicolon.

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Bytes of the longest name, `CounterClockwiseContourIntegral`.
const LONGEST: usize = 31;

/// Bytes of the longest and the shortest name that counts without a semicolon.
const WITHOUT_SEMICOLON: std::ops::RangeInclusive<usize> = 2..=6;

/// The characters that a reference stands for and how many bytes it takes; `text` begins behind the `&`. Nothing if
/// the `&` stands for itself.
pub(super) fn resolve(text: &str, in_attribute: bool) -> Option<(impl Iterator<Item = char> + use<>, usize)> {
    let (first, second, length) = match text.as_bytes().first()? {
        b'#' => {
            let (character, length) = numeric(text)?;
            (character, '\0', length)
        }
        byte if byte.is_ascii_alphanumeric() => named(text, in_attribute)?,
        _ => return None,
    };
    Some((std::iter::once(first).chain((second != '\0').then_some(second)), length))
}

/// `#` and digits, or `#x` and hexadecimal digits.
fn numeric(text: &str) -> Option<(char, usize)> {
    let (start, radix) = if matches!(text.as_bytes().get(1), Some(b'x' | b'X')) { (2, 16) } else { (1, 10) };
    let mut code = 0_u32;
    let mut end = start;
    while let Some(digit) = text.as_bytes().get(end).and_then(|&byte| char::from(byte).to_digit(radix)) {
        code = code.saturating_mul(radix).saturating_add(digit);
        end += 1;
    }
    if end == start {
        return None;
    }
    let length = end + usize::from(text.as_bytes().get(end) == Some(&b';'));
    let character = match code {
        0 => '\u{fffd}',
        0x80..=0x9f => C1_REPLACEMENTS[code as usize - 0x80].unwrap_or(char::from(code as u8)),
        _ => char::from_u32(code).unwrap_or('\u{fffd}'),
    };
    Some((character, length))
}

/// The longest name that stands here.
fn named(text: &str, in_attribute: bool) -> Option<(char, char, usize)> {
    let bytes = text.as_bytes();
    let letters = bytes.iter().take(LONGEST + 1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if bytes.get(letters) == Some(&b';')
        && let Some((first, second)) = entity(&text[..=letters])
    {
        return Some((first, second, letters + 1));
    }
    for length in WITHOUT_SEMICOLON.rev().filter(|&length| length <= letters) {
        let Some((first, second)) = entity(&text[..length]) else { continue };
        // In old addresses, `&copy=1` is a parameter and not a sign.
        let goes_on = bytes.get(length).is_some_and(|&next| next == b'=' || next.is_ascii_alphanumeric());
        return (!in_attribute || !goes_on).then_some((first, second, length));
    }
    None
}

fn entity(name: &str) -> Option<(char, char)> {
    let &(first, second) = NAMED_ENTITIES.get(name)?;
    // Beginnings of names are in the table, too, with a first code of 0.
    let first = char::from_u32(first).filter(|&first| first != '\0')?;
    Some((first, char::from_u32(second)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reference stands for and how long it is; empty if it is none.
    fn text(reference: &str) -> (String, usize) {
        let none = || (String::new(), 0);
        resolve(reference, false).map_or_else(none, |(characters, length)| (characters.collect(), length))
    }

    fn found(characters: &str, length: usize) -> (String, usize) {
        (characters.to_owned(), length)
    }

    #[test]
    fn names_with_and_without_semicolon() {
        assert_eq!(text("amp;x"), found("&", 4));
        assert_eq!(text("notit;"), found("¬", 3));
        assert_eq!(text("notin;"), found("∉", 6));
        assert_eq!(text("NotEqualTilde;"), found("≂\u{338}", 14));
        assert_eq!(text("CounterClockwiseContourIntegral;"), found("∳", 32));
        assert_eq!(text("nosuch;"), found("", 0));
        assert_eq!(text("a"), found("", 0));
        assert_eq!(text(" amp;"), found("", 0));
        assert_eq!(text(""), found("", 0));
    }

    #[test]
    fn parameters_in_attributes_are_no_references() {
        let in_attribute = |text| resolve(text, true).is_some();
        assert!(!in_attribute("copy=1") && !in_attribute("copyx"));
        assert!(in_attribute("copy;=1") && in_attribute("copy ") && in_attribute("copy"));
    }

    #[test]
    fn numbers() {
        assert_eq!(text("#8217;"), found("’", 6));
        assert_eq!(text("#x2019 "), found("’", 6));
        assert_eq!(text("#146;"), found("’", 5));
        assert_eq!(text("#0;"), found("\u{fffd}", 3));
        assert_eq!(text("#xD800;"), found("\u{fffd}", 7));
        assert_eq!(text("#99999999999999999999;"), found("\u{fffd}", 22));
        assert_eq!(text("#;"), found("", 0));
        assert_eq!(text("#x;"), found("", 0));
    }
}
