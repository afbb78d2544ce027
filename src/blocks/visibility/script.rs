//! What short scripts do to visibility: they write wrappers around text, and hide elements by their id.
//!
//! Nothing is run. Two habits are read: `document.write` of a tag that a later one closes, and a style set on
//! `getElementById` outside of any function. The parser keeps the scripts that may do either.

use std::borrow::Cow;

use super::declaration;
use super::style::Style;
use crate::page::Cover;
use crate::parse::Tag;

/// Elements that a script writes and leaves open, or closes.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Written {
    /// End tags without a start.
    pub(super) closes: usize,
    /// Start tags without an end, the outer ones first: whether each hides.
    pub(super) opens: Vec<bool>,
}

/// The elements that a script writes.
pub(super) fn written(script: &str) -> Option<Written> {
    let (_, text) = script.split_once("document.write")?;
    let text = joined(text);
    let mut found = Written::default();
    for tag in text.split('<').skip(1) {
        let (tag, closing) = tag.strip_prefix('/').map_or((tag, false), |tag| (tag, true));
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        if !matches!(
            Tag::from_name(&tag[..end].to_ascii_lowercase()),
            Tag::Div | Tag::Span | Tag::P | Tag::Ul | Tag::Section | Tag::Font | Tag::Marquee
        ) {
            continue;
        }
        if !closing {
            found.opens.push(hides(tag.split('>').next().unwrap_or(tag)));
        } else if found.opens.pop().is_none() {
            found.closes += 1;
        }
    }
    (found != Written::default()).then_some(found)
}

/// Whether the attributes of a written tag hide it.
fn hides(tag: &str) -> bool {
    let lower = tag.to_ascii_lowercase();
    let mut style = Style::default();
    if let Some((_, value)) = lower.split_once("style=") {
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = quote.map_or(value.split(' ').next(), |quote| value[1..].split(quote).next());
        declaration::parse(value.unwrap_or_default(), &mut |declaration| style.set_inline(declaration));
    }
    let flat = lower.starts_with("marquee") && lower.contains("height");
    flat || style.cover(Tag::Div) > Cover::Shown
        || style.tiny() == Some(true)
        || style.indented() == Some(true)
        || style.invisible() == Some(true)
        || lower.split_ascii_whitespace().any(|word| word == "hidden")
}

/// The text of a script with strings put together that it takes apart, and without backslashes.
fn joined(text: &str) -> Cow<'_, str> {
    if !text.contains(['+', '\\']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'', '\\']) {
        let quote = rest.as_bytes()[at];
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if quote == b'\\' {
            rest = after;
            continue;
        }
        let again = after.trim_start().strip_prefix('+').map(str::trim_start);
        if let Some(inner) = again.and_then(|again| again.strip_prefix(char::from(quote))) {
            rest = inner;
        } else {
            out.push(char::from(quote));
            rest = after;
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Hands on the elements that a script hides or shows, each with a declaration.
pub(super) fn styled_ids<'a>(script: &'a str, each: &mut impl FnMut(&'a str, &str)) {
    const CALL: &str = "getElementById(";
    let mut depth = 0_i64;
    let mut from = 0;
    while let Some(at) = script[from..].find(CALL) {
        let before = &script[from..from + at];
        depth += before.bytes().map(|b| i64::from(b == b'{') - i64::from(b == b'}')).sum::<i64>();
        from += at + CALL.len();
        if depth == 0
            && let Some((id, property, value)) = assignment(&script[from..])
        {
            each(id, &format!("{}:{value}", in_kebab_case(property)));
        }
    }
}

/// `'id').style.property = 'value'`.
fn assignment(text: &str) -> Option<(&str, &str, &str)> {
    let string = |text: &'_ str| -> Option<(usize, usize)> {
        let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        Some((1, 1 + text[1..].find(quote)?))
    };
    let text = text.trim_start();
    let (start, end) = string(text)?;
    let id = &text[start..end];
    let rest = text[end + 1..].trim_start().strip_prefix(')')?.trim_start().strip_prefix(".style.")?;
    let (property, value) = rest.split_once('=')?;
    let value = value.trim_start();
    let (start, end) = string(value)?;
    let property = property.trim();
    (id.len() <= 100 && property.len() <= 30).then_some((id, property, &value[start..end]))
}

fn in_kebab_case(property: &str) -> String {
    let mut out = String::new();
    for c in property.chars() {
        if c.is_ascii_uppercase() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(script: &str) -> Vec<bool> {
        written(script).unwrap_or_default().opens
    }

    #[test]
    fn written_wrappers() {
        assert_eq!(opens("document.write('<div style=\"display:none\">')"), [true]);
        assert_eq!(opens("document.write(\"<div style=\\\"display:none\\\">\")"), [true]);
        assert_eq!(opens("document.write('<d'+'iv style=\"dis' + 'play:none\">')"), [true]);
        assert_eq!(
            opens("document.writeln('<div class=a><div style=position:absolute;left:-999px>');"),
            [false, true]
        );
        assert_eq!(opens("document.write('<span>x</span><script src=a><\\/script>')"), [false; 0]);
        assert_eq!(written("document.write('<\\/div>')").map(|w| w.closes), Some(1));
        assert_eq!(written("x = '<div hidden>'"), None);
    }

    #[test]
    fn styled_elements() {
        let all = |script| {
            let mut found = Vec::new();
            styled_ids(script, &mut |id, style| found.push(format!("{id} {style}")));
            found
        };
        assert_eq!(all("document.getElementById(\"x\").style.display='none';"), ["x display:none"]);
        assert_eq!(
            all("document.getElementById( 'x' ).style.textIndent = \"-9999px\""),
            ["x text-indent:-9999px"]
        );
        assert_eq!(all("function f(){document.getElementById('x').style.display='none'}"), [""; 0]);
        assert_eq!(all("getElementById('x').style"), [""; 0]);
        assert_eq!(all("getElementById('é"), [""; 0]);
    }
}
