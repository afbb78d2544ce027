//! Declarations to values: of the properties of CSS, those by which text is hidden or shown again.
//!
//! In comes what stands between braces or in a `style` attribute, out come typed [`Declaration`]s. A value that is
//! not understood comes out, too: it overrides. What the values do together is none of this file's business.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use super::colour::{self, Colour};
use super::style::{CLEAR, FAR, FAR_RIGHT};

/// CSS pixels an `em`, where nothing is known of the font.
const EM: f32 = 16.0;

/// Width and height of the screen that pages are read for.
pub(super) const SCREEN: (f32, f32) = (1280.0, 800.0);

/// A property that bears on whether text is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Property {
    Display,
    Visibility,
    Opacity,
    Position,
    Left,
    Top,
    Right,
    Bottom,
    MarginLeft,
    MarginTop,
    Padding,
    Indent,
    Width,
    Height,
    MaxHeight,
    MinHeight,
    Flex,
    Overflow,
    FontSize,
    Clip,
    ClipPath,
    Transform,
    Color,
    Background,
    /// What is animated or fades does not stay as it starts.
    Motion,
    /// Text cut out of a picture has no colour of its own.
    BackgroundClip,
}

impl Property {
    /// Whether it hides nothing unless another property does.
    pub(super) fn is_harmless(self) -> bool {
        use Property as P;
        matches!(
            self,
            P::Color | P::Background | P::BackgroundClip | P::Position | P::Overflow | P::MinHeight
        )
    }
}

/// How many properties there are.
pub(super) const PROPERTIES: usize = Property::BackgroundClip as usize + 1;

/// A value, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    /// Whether the property does what may hide: `none`, `hidden`, `absolute`, an empty clip.
    Flag(bool),
    /// A length.
    Px(f32),
    /// A share of something else, in percent.
    Percent(f32),
    Colour(Colour),
    /// Set, but to what is not known.
    Unknown,
}

/// A property set to a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Declaration {
    pub(super) property: Property,
    pub(super) value: Value,
    pub(super) important: bool,
}

impl Declaration {
    /// Whether it can only make text seen, whatever else holds.
    pub(super) fn shows(self) -> bool {
        match (self.property, self.value) {
            (Property::Color | Property::Background, _) => false,
            (Property::Motion | Property::Padding | Property::Flex | Property::BackgroundClip, _) => true,
            (_, Value::Flag(hides)) => !hides,
            (Property::Opacity, Value::Px(value)) => value > CLEAR,
            (
                Property::Left
                | Property::Top
                | Property::Right
                | Property::Bottom
                | Property::MarginLeft
                | Property::MarginTop
                | Property::Indent,
                Value::Px(px),
            ) => px > -FAR && px < FAR_RIGHT,
            (_, Value::Px(value)) => value > 1.0,
            (_, Value::Percent(value)) => value > 0.0,
            _ => true,
        }
    }
}

/// Hands on every declaration that matters.
pub(super) fn parse(text: &str, each: &mut impl FnMut(Declaration)) {
    let text = without_comments(text);
    let mut rest = &*text;
    while !rest.is_empty() {
        let end = memchr(b';', rest.as_bytes()).unwrap_or(rest.len());
        let declaration = &rest[..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let name = name.trim();
        let Some(kind) = kind(name) else { continue };
        let value = value.trim();
        let (value, important) = match value.rsplit_once('!') {
            Some((value, mark)) => (value.trim_end(), mark.trim().eq_ignore_ascii_case("important")),
            None => (value, false),
        };
        values(kind, value, &mut |property, value| each(Declaration { property, value, important }));
    }
}

/// The text without what stands between `/*` and `*/`.
fn without_comments(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    if !memchr_iter(b'/', bytes).any(|at| bytes.get(at + 1) == Some(&b'*')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What a property name stands for: one property, or several.
#[derive(Clone, Copy)]
enum Kind {
    One(Property),
    Margin,
    Inset,
    Font,
    Filter,
    ContentVisibility,
}

fn kind(name: &str) -> Option<Kind> {
    use Property as P;
    // Most declarations of a page are of other properties: look at them no longer than needed.
    if name.len() > 24 || !name.is_ascii() {
        return None;
    }
    let mut buffer = [0; 24];
    let lower = &mut buffer[..name.len()];
    lower.copy_from_slice(name.as_bytes());
    lower.make_ascii_lowercase();
    let lower: &[u8] = match lower {
        [b'-', ..] => ["-webkit-", "-moz-", "-ms-", "-o-"]
            .iter()
            .find_map(|prefix| lower.strip_prefix(prefix.as_bytes()))
            .unwrap_or(lower),
        _ => lower,
    };
    Some(Kind::One(match lower {
        b"display" => P::Display,
        b"visibility" => P::Visibility,
        b"opacity" => P::Opacity,
        b"position" => P::Position,
        b"left" | b"inset-inline-start" => P::Left,
        b"top" | b"inset-block-start" => P::Top,
        b"right" => P::Right,
        b"bottom" => P::Bottom,
        b"margin-left" | b"margin-inline-start" => P::MarginLeft,
        b"margin-top" => P::MarginTop,
        b"padding" | b"padding-top" | b"padding-bottom" | b"padding-left" => P::Padding,
        b"text-indent" => P::Indent,
        b"width" | b"max-width" => P::Width,
        b"height" => P::Height,
        b"max-height" => P::MaxHeight,
        b"min-height" | b"min-width" => P::MinHeight,
        b"flex" | b"flex-grow" => P::Flex,
        b"overflow" | b"overflow-y" => P::Overflow,
        b"font-size" => P::FontSize,
        b"clip" => P::Clip,
        b"clip-path" => P::ClipPath,
        b"transform" | b"scale" | b"translate" => P::Transform,
        b"color" | b"text-fill-color" => P::Color,
        b"background" | b"background-color" => P::Background,
        b"background-image" | b"background-clip" => P::BackgroundClip,
        b"transition"
        | b"transition-property"
        | b"transition-duration"
        | b"animation"
        | b"animation-name" => P::Motion,
        b"margin" => return Some(Kind::Margin),
        b"inset" => return Some(Kind::Inset),
        b"font" => return Some(Kind::Font),
        b"filter" => return Some(Kind::Filter),
        b"content-visibility" => return Some(Kind::ContentVisibility),
        _ => return None,
    }))
}

fn values(kind: Kind, value: &str, each: &mut impl FnMut(Property, Value)) {
    use Property as P;
    match kind {
        Kind::One(property) => {
            if let Some(value) = one(property, value) {
                each(property, value);
            }
        }
        Kind::Margin => {
            let (top, left) = top_and_left(value);
            each(P::MarginTop, top);
            each(P::MarginLeft, left);
        }
        Kind::Inset => {
            let (top, left) = top_and_left(value);
            each(P::Top, top);
            each(P::Left, left);
        }
        Kind::Font => {
            let size = value.split_whitespace().map(|word| word.split('/').next().unwrap_or(word));
            each(
                P::FontSize,
                size.map(length).find(|size| *size != Value::Unknown).unwrap_or(Value::Unknown),
            );
        }
        Kind::Filter => {
            let lower = value.to_ascii_lowercase();
            if let Some((_, rest)) = lower.split_once("opacity") {
                let number = rest.trim_start_matches(['=', '(', ' ']).split([')', '%']).next();
                each(P::Opacity, number.map_or(Value::Unknown, length));
            }
        }
        Kind::ContentVisibility => each(P::Clip, Value::Flag(value.eq_ignore_ascii_case("hidden"))),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the arms of the match leave by none")]
/// The value of a property; nothing if browsers would skip the declaration or it does not matter.
fn one(property: Property, value: &str) -> Option<Value> {
    use Property as P;
    let is = |words: &[&str]| words.iter().any(|word| value.eq_ignore_ascii_case(word));
    let first = value.split_whitespace().next().unwrap_or_default();
    Some(match property {
        P::Display => Value::Flag(is(&["none"])),
        P::Visibility => Value::Flag(is(&["hidden", "collapse"])),
        P::Position => Value::Flag(is(&["absolute", "fixed", "relative", "sticky"])),
        P::Overflow => Value::Flag(["hidden", "clip"].iter().any(|word| first.eq_ignore_ascii_case(word))),
        P::Motion => Value::Flag(!is(&["none", "0", "0s", "initial", "unset"])),
        P::Flex => Value::Flag(!is(&["none", "0", "initial"])),
        P::BackgroundClip => Value::Flag(!is(&["none", "border-box", "padding-box", "initial"])),
        P::Padding => Value::Flag(
            value.split_whitespace().any(|word| !matches!(length(word), Value::Px(x) if x <= 1.0)),
        ),
        P::Clip => Value::Flag(is_empty_rect(value)),
        P::ClipPath => Value::Flag(is_empty_path(value)),
        P::Transform => transform(value),
        P::Color => colour::parse(value).map_or(Value::Unknown, Value::Colour),
        P::Background => colour::of_background(value).map_or(Value::Unknown, Value::Colour),
        P::Opacity => match length(value) {
            Value::Percent(percent) => Value::Px(percent / 100.0),
            other => other,
        },
        P::FontSize => match length(value) {
            Value::Unknown if is(&["inherit", "smaller", "larger"]) => Value::Percent(100.0),
            value => value,
        },
        _ => length(value),
    })
}

/// The first and the fourth of up to four lengths.
fn top_and_left(value: &str) -> (Value, Value) {
    let mut words = value.split_whitespace().map(length);
    let top = words.next().unwrap_or(Value::Unknown);
    let right = words.next().unwrap_or(top);
    let left = words.nth(1).unwrap_or(right);
    (top, left)
}

/// A length in pixels or percent; lengths in units of the font count as such.
pub(super) fn length(value: &str) -> Value {
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    let end = value.find(|c| !digits(c)).unwrap_or(value.len());
    let Ok(number) = value[..end].parse::<f32>() else { return Value::Unknown };
    let unit = &value[end..];
    let is = |name: &str| unit.eq_ignore_ascii_case(name);
    if number == 0.0 || unit.is_empty() || is("px") {
        Value::Px(number)
    } else if is("%") {
        Value::Percent(number)
    } else if is("em") || is("rem") || is("ch") || is("ex") || is("pc") {
        Value::Px(number * EM)
    } else if is("pt") {
        Value::Px(number * 4.0 / 3.0)
    } else if is("vw") || is("vmax") {
        Value::Px(number * SCREEN.0 / 100.0)
    } else if is("vh") || is("vmin") {
        Value::Px(number * SCREEN.1 / 100.0)
    } else if is("in") || is("cm") || is("mm") {
        Value::Px(
            number
                * if is("in") {
                    96.0
                } else if is("cm") {
                    37.8
                } else {
                    3.78
                },
        )
    } else {
        Value::Unknown
    }
}

/// The arguments of a function, if it is that one.
fn arguments<'a>(value: &'a str, function: &str) -> Option<&'a str> {
    let name = value.get(..function.len())?;
    let rest = value[function.len()..].trim_start().strip_prefix('(')?;
    name.eq_ignore_ascii_case(function).then(|| rest.split(')').next().unwrap_or(rest))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', '\t', '\n']).filter(|word| !word.is_empty())
}

/// Whether a `rect()` holds nothing: its sides are a pixel apart at most.
fn is_empty_rect(value: &str) -> bool {
    let Some(sides) = arguments(value, "rect") else { return false };
    let mut px = [0.0; 4];
    let mut count = 0;
    for (side, word) in px.iter_mut().zip(words(sides)) {
        let Value::Px(length) = length(word) else { return false };
        (*side, count) = (length, count + 1);
    }
    let [top, right, bottom, left] = px;
    count == 4 && (bottom - top <= 1.0 || right - left <= 1.0)
}

/// Whether a clip path leaves nothing.
fn is_empty_path(value: &str) -> bool {
    if let Some(sides) = arguments(value, "inset") {
        let mut sides = words(sides);
        return sides.next().map(length).is_some_and(|side| matches!(side, Value::Percent(p) if p >= 50.0));
    }
    let circle = arguments(value, "circle").or_else(|| arguments(value, "ellipse"));
    if let Some(radius) = circle.and_then(|radii| words(radii).next()) {
        return matches!(length(radius), Value::Px(r) | Value::Percent(r) if r <= 0.0);
    }
    let points = arguments(value, "polygon");
    points.is_some_and(|points| {
        words(points).all(|word| matches!(length(word), Value::Px(0.0) | Value::Percent(0.0)))
    })
}

/// A transformation: far off (`Flag`), down to nothing (`Px(0)`), or anything else.
fn transform(value: &str) -> Value {
    for function in ["scale3d", "scaleX", "scaleY", "scale"] {
        if let Some(factors) = arguments(value, function) {
            let empty = words(factors).any(|word| matches!(length(word), Value::Px(0.0)));
            return if empty { Value::Px(0.0) } else { Value::Unknown };
        }
    }
    for function in ["translate3d", "translateX", "translateY", "translate"] {
        if let Some(offsets) = arguments(value, function) {
            let far = words(offsets).any(|word| match length(word) {
                Value::Px(px) => px <= -FAR || px >= FAR_RIGHT,
                Value::Percent(percent) => percent <= -900.0,
                _ => false,
            });
            return Value::Flag(far);
        }
    }
    if length(value) == Value::Px(0.0) { Value::Px(0.0) } else { Value::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(Property, Value, bool)> {
        let mut found = Vec::new();
        parse(text, &mut |d| found.push((d.property, d.value, d.important)));
        found
    }

    #[test]
    fn what_hides_and_what_does_not_matter() {
        assert_eq!(
            all("cursor:pointer; DISPLAY : None !important"),
            [(Property::Display, Value::Flag(true), true)]
        );
        assert_eq!(all("/* a: b; */visibility:collapse"), [(Property::Visibility, Value::Flag(true), false)]);
        assert_eq!(all("font:0/0 a"), [(Property::FontSize, Value::Px(0.0), false)]);
        assert_eq!(all("filter: alpha(opacity=0)"), [(Property::Opacity, Value::Px(0.0), false)]);
        assert_eq!(all(":;:;;display"), []);
    }

    #[test]
    fn shorthands_are_taken_apart() {
        let lengths =
            [(Property::MarginTop, Value::Px(0.0), false), (Property::MarginLeft, Value::Px(-9999.0), false)];
        assert_eq!(all("margin:0 0 0 -9999px"), lengths);
        assert_eq!(all("margin: 0 -9999px")[1].1, Value::Px(-9999.0));
    }

    #[test]
    fn lengths_in_any_unit() {
        assert_eq!(length("-999em"), Value::Px(-15984.0));
        assert_eq!(length("0%"), Value::Px(0.0));
        assert_eq!(length("120%"), Value::Percent(120.0));
        assert_eq!(length(".5px"), Value::Px(0.5));
        assert_eq!(length("auto"), Value::Unknown);
        assert_eq!(length("--"), Value::Unknown);
        assert_eq!(length(""), Value::Unknown);
    }

    #[test]
    fn clips_that_leave_nothing() {
        assert!(is_empty_rect("rect(0 0 0 0)") && is_empty_rect("rect(1px, 1px, 1px, 1px)"));
        assert!(
            !is_empty_rect("rect(0,60px,200px,0)") && !is_empty_rect("auto") && !is_empty_rect("rect(auto)")
        );
        assert!(
            is_empty_path("inset(50%)") && is_empty_path("circle(0)") && is_empty_path("polygon(0 0, 0 0)")
        );
        assert!(!is_empty_path("circle(50%)") && !is_empty_path("none") && !is_empty_path("inset(10%)"));
    }

    #[test]
    fn transformations() {
        assert_eq!(transform("translate(-9999px, 0)"), Value::Flag(true));
        assert_eq!(transform("translateX(-100%)"), Value::Flag(false));
        assert_eq!(transform("scale(0)"), Value::Px(0.0));
        assert_eq!(transform("rotate(3deg)"), Value::Unknown);
    }
}
