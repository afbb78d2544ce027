//! Selectors: what stands before the braces of a rule to parts that can be held against an element.
//!
//! Known are type, class, id and attribute selectors, `:not` of one of them, and chains by descendant and child. What
//! else a selector says about the element itself (its place among its siblings, its state) is not known here: such a
//! selector is [`Trust::Shows`], and its rule may only show. One about a state that only the pointer brings about is
//! left out.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2, memchr3};

use super::names::{AllNames, Trail, hash};
use crate::parse::{Attr, Dom, Tag};

/// Compounds a selector has at most; real ones have five.
const MAX_COMPOUNDS: usize = 12;

/// A part of a selector.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part<'a> {
    Descendant,
    Child,
    Is(Simple<'a>),
    Not(Simple<'a>),
}

/// A condition on an element.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Simple<'a> {
    Any,
    Tag(Tag),
    Id(Cow<'a, str>),
    Class(Cow<'a, str>),
    Attr(Attr, Test<'a>),
}

/// A condition on an attribute's value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test<'a> {
    Present,
    Equals(Cow<'a, str>),
    Contains(Cow<'a, str>),
    Starts(Cow<'a, str>),
    Ends(Cow<'a, str>),
    Word(Cow<'a, str>),
}

impl Test<'_> {
    fn holds(&self, value: &str) -> bool {
        match self {
            Self::Present => true,
            Self::Equals(wanted) => value == wanted,
            Self::Contains(wanted) => !wanted.is_empty() && value.contains(&**wanted),
            Self::Starts(wanted) => !wanted.is_empty() && value.starts_with(&**wanted),
            Self::Ends(wanted) => !wanted.is_empty() && value.ends_with(&**wanted),
            Self::Word(wanted) => value.split_ascii_whitespace().any(|word| word == wanted),
        }
    }
}

/// What a rule with this selector may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    Full,
    /// The selector matches more than it says.
    Shows,
}

/// A selector, as a range of parts.
#[derive(Debug, Clone)]
pub(super) struct Selector {
    pub(super) parts: Range<u32>,
    pub(super) specificity: u32,
    pub(super) trust: Trust,
}

/// The selectors of a list, cut at its commas.
pub(super) fn split(list: &str) -> impl Iterator<Item = &str> {
    let has_brackets = memchr2(b'(', b'[', list.as_bytes()).is_some();
    let mut rest = Some(list);
    std::iter::from_fn(move || {
        let text = rest?;
        let bytes = text.as_bytes();
        let end = if has_brackets { end_of_first(bytes) } else { memchr(b',', bytes).unwrap_or(bytes.len()) };
        rest = text.get(end + 1..);
        Some(&text[..end])
    })
}

/// Where the first selector of a list ends.
fn end_of_first(list: &[u8]) -> usize {
    let (mut depth, mut at) = (0_u32, 0);
    loop {
        let rest = &list[at..];
        // Most of a list is outside of brackets.
        let next = if depth == 0 {
            memchr3(b',', b'(', b'[', rest)
        } else {
            rest.iter().position(|byte| matches!(byte, b'(' | b')' | b'[' | b']'))
        };
        let Some(next) = next else { return list.len() };
        at += next + 1;
        match rest[next] {
            b',' => return at - 1,
            b'(' | b'[' => depth += 1,
            _ => depth -= 1,
        }
    }
}

/// Whether all ids and classes that a selector asks for may be on a page. What is not plain counts as there.
pub(super) fn may_match(selector: &str, page: &AllNames) -> bool {
    let bytes = selector.as_bytes();
    let mut missing = false;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        match BYTES[usize::from(byte)] {
            Byte::Odd => return true,
            Byte::Mark => {
                let length = bytes[at..].iter().take_while(|byte| is_name(**byte)).count();
                let name = &bytes[at..at + length];
                at += length;
                missing |= length > 0 && !missing && !page.may_have(hash(byte, name));
            }
            Byte::Name | Byte::Other => {}
        }
    }
    !missing
}

/// What a byte is in a selector.
#[derive(Clone, Copy, PartialEq)]
enum Byte {
    /// Part of a name.
    Name,
    /// What a class or an id begins with.
    Mark,
    /// What is not plain begins or is escaped with it.
    Odd,
    Other,
}

static BYTES: [Byte; 256] = {
    let mut bytes = [Byte::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        bytes[byte] = match byte as u8 {
            b'.' | b'#' => Byte::Mark,
            b'(' | b'[' | b'\\' | b'+' | b'~' => Byte::Odd,
            b'-' | b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | 128.. => Byte::Name,
            _ => Byte::Other,
        };
        byte += 1;
    }
    bytes
};

/// Whether a byte may be part of a name.
fn is_name(byte: u8) -> bool {
    BYTES[usize::from(byte)] == Byte::Name
}

/// Adds a selector's parts; nothing if it is left out.
pub(super) fn parse<'a>(text: &'a str, parts: &mut Vec<Part<'a>>) -> Option<Selector> {
    let start = parts.len();
    let mut reader = Reader { rest: text.trim(), parts, specificity: 0, trust: Trust::Full, compounds: 1 };
    let read = reader.read(start);
    let (specificity, trust) = (reader.specificity, reader.trust);
    let is_empty = parts.len() == start || matches!(parts.last(), Some(Part::Descendant | Part::Child));
    if read.is_none() || is_empty {
        parts.truncate(start);
        return None;
    }
    Some(Selector { parts: start as u32..parts.len() as u32, specificity, trust })
}

struct Reader<'a, 'p> {
    rest: &'a str,
    parts: &'p mut Vec<Part<'a>>,
    specificity: u32,
    trust: Trust,
    compounds: usize,
}

impl<'a> Reader<'a, '_> {
    fn read(&mut self, start: usize) -> Option<()> {
        while let Some(c) = self.rest.chars().next() {
            if c.is_ascii_whitespace() || matches!(c, '>' | '+' | '~') {
                self.combinator(start)?;
                continue;
            }
            if c == ':' {
                self.pseudo()?;
                continue;
            }
            let simple = self.simple()?;
            let begins = matches!(self.parts[start..].last(), None | Some(Part::Descendant | Part::Child));
            if simple != Simple::Any || begins {
                self.parts.push(Part::Is(simple));
            }
        }
        Some(())
    }

    fn combinator(&mut self, start: usize) -> Option<()> {
        let after =
            self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '+' | '~'));
        let between = &self.rest[..self.rest.len() - after.len()];
        self.rest = after;
        self.compounds += 1;
        if self.compounds > MAX_COMPOUNDS || self.parts.len() == start {
            return None;
        }
        if between.contains(['+', '~']) {
            // What stands before is a sibling: nothing is asked of it, nor of what is around it.
            self.parts.truncate(start);
            self.trust = Trust::Shows;
            self.parts.push(Part::Is(Simple::Any));
        } else {
            self.parts.push(if between.contains('>') { Part::Child } else { Part::Descendant });
        }
        Some(())
    }

    /// One condition; [`Simple::Any`] for one that is not known.
    fn simple(&mut self) -> Option<Simple<'a>> {
        let first = self.rest.chars().next()?;
        match first {
            '*' => {
                self.rest = &self.rest[1..];
                Some(Simple::Any)
            }
            '.' => {
                self.rest = &self.rest[1..];
                self.specificity += 1 << 8;
                Some(Simple::Class(self.name()?))
            }
            '#' => {
                self.rest = &self.rest[1..];
                self.specificity += 1 << 16;
                Some(Simple::Id(self.name()?))
            }
            '[' => self.attribute(),
            _ => {
                self.specificity += 1;
                let name = self.name()?;
                let tag = Tag::from_name(&name);
                // Elements that the tree has no name for.
                (tag != Tag::Other).then_some(Simple::Tag(tag))
            }
        }
    }

    fn attribute(&mut self) -> Option<Simple<'a>> {
        let (inner, after) = self.rest[1..].split_once(']')?;
        self.rest = after;
        self.specificity += 1 << 8;
        let end = inner.find(['=', '~', '|', '^', '$', '*']).unwrap_or(inner.len());
        let Some(attr) = Attr::from_name(inner[..end].trim()) else {
            self.trust = Trust::Shows;
            return Some(Simple::Any);
        };
        if end == inner.len() {
            return Some(Simple::Attr(attr, Test::Present));
        }
        let (operator, value) = inner[end..].split_once('=')?;
        let value = value.trim();
        let value = value.strip_suffix(" i").unwrap_or(value).trim_matches(['"', '\'', ' ']);
        let value = unescaped(value);
        Some(Simple::Attr(
            attr,
            match operator.trim() {
                "" => Test::Equals(value),
                "^" | "|" => Test::Starts(value),
                "$" => Test::Ends(value),
                "*" => Test::Contains(value),
                _ => Test::Word(value),
            },
        ))
    }

    fn pseudo(&mut self) -> Option<()> {
        self.rest = &self.rest[1..];
        // Pseudo-elements are not the text.
        if self.rest.starts_with(':') {
            return None;
        }
        let name = self.name()?;
        let arguments = self.rest.strip_prefix('(').map(|rest| {
            let end = closing(rest);
            self.rest = rest.get(end + 1..).unwrap_or("");
            &rest[..end]
        });
        match (&*name, arguments) {
            (
                "hover" | "focus" | "active" | "visited" | "before" | "after" | "first-line" | "first-letter"
                | "focus-within" | "focus-visible" | "disabled" | "invalid" | "empty" | "host"
                | "placeholder",
                _,
            ) => {
                return None;
            }
            ("root", _) => self.parts.push(Part::Is(Simple::Tag(Tag::Html))),
            ("link" | "any-link", _) => {}
            ("not", Some(inner)) => self.negation(inner),
            _ => self.trust = Trust::Shows,
        }
        self.specificity += 1 << 8;
        Some(())
    }

    fn negation(&mut self, inner: &'a str) {
        let (rest, trust) = (self.rest, self.trust);
        self.rest = inner.trim();
        let simple = if self.rest.starts_with(':') { None } else { self.simple() };
        let is_one = self.rest.is_empty();
        (self.rest, self.trust) = (rest, trust);
        match simple {
            Some(simple) if is_one && simple != Simple::Any => self.parts.push(Part::Not(simple)),
            _ => self.trust = Trust::Shows,
        }
    }

    fn name(&mut self) -> Option<Cow<'a, str>> {
        let bytes = self.rest.as_bytes();
        let mut end = 0;
        loop {
            end += bytes[end..].iter().position(|byte| !is_name(*byte)).unwrap_or(bytes.len() - end);
            if bytes.get(end) != Some(&b'\\') {
                break;
            }
            // What a backslash stands before is part of the name.
            end += 1 + self.rest[end + 1..].chars().next().map_or(0, char::len_utf8);
        }
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!name.is_empty()).then(|| unescaped(name))
    }
}

/// Where the bracket that is open at the start ends.
fn closing(text: &str) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return at,
            ')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// A name with its escapes resolved.
fn unescaped(name: &str) -> Cow<'_, str> {
    if !name.contains('\\') {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, escape)) = rest.split_once('\\') {
        out.push_str(before);
        let digits = escape.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        if let (1.., Ok(code)) = (digits, u32::from_str_radix(&escape[..digits], 16)) {
            out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
            rest = escape[digits..].strip_prefix(' ').unwrap_or(&escape[digits..]);
        } else {
            let mut chars = escape.chars();
            out.extend(chars.next());
            rest = chars.as_str();
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether the innermost element of the trail is what the parts ask for, each with the hash of the name that it asks
/// for, or 0. `work` goes down with every step; at nothing left, it is not.
pub(super) fn matches(
    parts: &[Part<'_>],
    keys: &[u32],
    dom: &Dom,
    trail: &Trail<'_>,
    work: &mut u64,
) -> bool {
    let selector = Against { dom, trail };
    trail.len().checked_sub(1).is_some_and(|depth| selector.matches(parts, keys, depth, work))
}

/// What selectors are held against.
struct Against<'d> {
    dom: &'d Dom,
    trail: &'d Trail<'d>,
}

impl Against<'_> {
    fn matches(&self, parts: &[Part<'_>], keys: &[u32], depth: usize, work: &mut u64) -> bool {
        let first = last_compound(parts);
        if !self.is_compound(&parts[first..], &keys[first..], depth, work) {
            return false;
        }
        let Some(at) = first.checked_sub(1) else { return true };
        let (parts, keys, is_child) = (&parts[..at], &keys[..at], parts[at] == Part::Child);
        let outer = last_compound(parts);
        for above in (0..depth).rev() {
            if *work == 0 {
                return false;
            }
            *work -= 1;
            // Most elements are told apart by the first name alone.
            let may_be = self.may_be(parts.get(outer).zip(keys.get(outer)), above, work);
            if may_be && self.matches(parts, keys, above, work) {
                return true;
            }
            if is_child {
                return false;
            }
        }
        false
    }

    /// Whether an element may be what a part asks for, as far as the hash of its name tells.
    fn may_be(&self, part: Option<(&Part<'_>, &u32)>, depth: usize, work: &mut u64) -> bool {
        let Some((Part::Is(_), key @ 1..)) = part else { return true };
        if !self.trail.may_have(depth, *key) {
            return false;
        }
        let names = self.trail.names(depth);
        let has = names.contains(key);
        if !has {
            *work = work.saturating_sub(names.len() as u64 / 4);
        }
        has
    }

    /// Whether an element is what the parts without combinators ask for.
    fn is_compound(&self, parts: &[Part<'_>], keys: &[u32], depth: usize, work: &mut u64) -> bool {
        *work = work.saturating_sub(self.trail.names(depth).len() as u64 / 4);
        parts.iter().zip(keys).all(|(part, key)| match part {
            Part::Is(simple) => self.is(simple, *key, depth, work),
            Part::Not(simple) => !self.is(simple, *key, depth, work),
            Part::Descendant | Part::Child => true,
        })
    }

    /// Whether an element is what a condition asks for, which asks for a name with this hash, or 0.
    fn is(&self, simple: &Simple<'_>, key: u32, depth: usize, work: &mut u64) -> bool {
        match simple {
            Simple::Any => true,
            Simple::Tag(tag) => self.dom.tag(self.trail.element(depth)) == *tag,
            Simple::Id(name) | Simple::Class(name) => {
                let has = self.trail.has(depth, key, name);
                *work = work.saturating_sub(if has { price(name) } else { 0 });
                has
            }
            Simple::Attr(attr, test) => {
                let value = self.dom.attr(self.trail.element(depth), *attr);
                let price = value.map_or(1, price);
                let paid = *work >= price;
                *work = work.saturating_sub(price);
                value.is_some_and(|value| paid && test.holds(value))
            }
        }
    }
}

/// Where the part of a selector begins that is about the element itself.
pub(super) fn last_compound(parts: &[Part<'_>]) -> usize {
    parts.iter().rposition(|part| matches!(part, Part::Descendant | Part::Child)).map_or(0, |at| at + 1)
}

/// How well a condition tells elements apart, and the hash of the name that it asks for.
pub(super) fn rank(simple: &Simple<'_>) -> Option<(u8, u32)> {
    match simple {
        Simple::Id(name) => Some((0, hash(b'#', name.as_bytes()))),
        Simple::Class(name) => Some((1, hash(b'.', name.as_bytes()))),
        Simple::Tag(tag) => Some((2, hash(b'<', &[*tag as u8]))),
        Simple::Any | Simple::Attr(..) => None,
    }
}

/// The hash of the name that a part asks for; 0 if it asks for none.
pub(super) fn name_of(part: &Part<'_>) -> u32 {
    match part {
        Part::Is(simple) | Part::Not(simple) => rank(simple).map_or(0, |(_, name)| name),
        Part::Descendant | Part::Child => 0,
    }
}

/// Units of work to look through a value.
fn price(value: &str) -> u64 {
    1 + value.len() as u64 / 16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Limits;
    use crate::parse::{self, NodeId};

    /// Whether parts match an element.
    fn matches_at(parts: &[Part<'_>], dom: &Dom, id: NodeId, mut work: u64) -> bool {
        let up = |&id: &NodeId| dom.parent(id).filter(|&id| id != Dom::ROOT);
        let mut line: Vec<_> = std::iter::successors(Some(id), up).collect();
        line.reverse();
        let mut trail = Trail::default();
        for id in line {
            trail.enter(dom, id, |_| true, &[]);
        }
        let keys: Vec<u32> = parts.iter().map(name_of).collect();
        matches(parts, &keys, dom, &trail, &mut work)
    }

    /// Whether a selector matches the last element of a page.
    fn hits(selector: &str, html: &str) -> Option<(bool, Trust)> {
        let dom = parse::parse(html, &Limits::default());
        let last =
            dom.descendants(Dom::ROOT).filter(|&id| dom.tag(id) != Tag::Other).last().expect("has elements");
        let mut parts = Vec::new();
        let found = parse(selector, &mut parts)?;
        Some((matches_at(&parts, &dom, last, 1000), found.trust))
    }

    const PAGE: &str = "<div class='a main' id=x><ul class=b><li class='c d' title='deep end'>";

    #[test]
    fn selectors_that_match() {
        let known = [
            "li",
            "LI.c",
            ".c.d",
            "#x li",
            "div > ul > .c",
            ".a .d",
            "[title]",
            "li[title='deep end']",
            "[class~=d]",
            "[title^=deep]",
            "[title$=\"end\"]",
            "[title*='p e']",
            "body .a>.b .c",
            "li:not(.z)",
            "*",
            "#x *",
            ":root li",
        ];
        for selector in known {
            assert_eq!(hits(selector, PAGE), Some((true, Trust::Full)), "{selector}");
        }
        // What is known of the first compound is nothing.
        assert_eq!(hits(".a :first-child > .c", PAGE), Some((true, Trust::Shows)));
    }

    #[test]
    fn selectors_that_do_not() {
        for selector in
            ["ul", ".C", ".a > .c", "#y li", "[hidden]", "[title=deep]", "li:not(.d)", "li.c.z", ".d .c"]
        {
            assert_eq!(hits(selector, PAGE).map(|(hit, _)| hit), Some(false), "{selector}");
        }
    }

    #[test]
    fn selectors_that_only_show() {
        for selector in
            ["li:first-child", ".z ~ li", "p + .c", "li:not(.x .y)", "[data-open] .c", "li:nth-child(2n + 1)"]
        {
            assert_eq!(hits(selector, PAGE), Some((true, Trust::Shows)), "{selector}");
        }
    }

    #[test]
    fn selectors_left_out() {
        for selector in [
            "",
            "li:hover",
            "li::before",
            "my-tag",
            "> li",
            "li >",
            "{",
            "..",
            "[title",
            "a".repeat(13).as_str(),
        ] {
            assert_eq!(hits(selector, PAGE), None, "{selector}");
        }
        assert_eq!(hits(&"li ".repeat(20), PAGE), None);
    }

    #[test]
    fn lists_and_escapes() {
        let cut: Vec<_> = split("a, :is(b, :not(c, d)), [x=','] e), f").collect();
        assert_eq!(cut, ["a", " :is(b, :not(c, d))", " [x=','] e)", " f"]);
        assert_eq!(hits(".sm\\:hidden", "<p class='sm:hidden'>"), Some((true, Trust::Full)));
        assert_eq!(unescaped("\\31 0\\"), "10");
    }

    #[test]
    fn what_asks_for_names_of_no_element_is_told() {
        let mut page = AllNames::default();
        for name in [hash(b'.', b"a"), hash(b'#', b"i"), hash(b'<', &[Tag::P as u8])] {
            page.insert(name);
        }
        for selector in [".a", "p.a > #i", "p", ".b + .a", ".\\62", ":not(.b)", "[title='.b']", ""] {
            assert!(may_match(selector, &page), "{selector}");
        }
        for selector in [".b", ".a.b", "#a", ".a .b:hover", "p > .ab"] {
            assert!(!may_match(selector, &page), "{selector}");
        }
    }

    #[test]
    fn no_work_no_match() {
        let dom = parse::parse("<p class=a>", &Limits::default());
        let mut parts = Vec::new();
        parse("html .a", &mut parts).expect("a selector");
        let p = dom.descendants(Dom::ROOT).last().expect("has elements");
        assert!(!matches_at(&parts, &dom, p, 0));
    }
}
