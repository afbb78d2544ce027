//! Style sheets to rules, found by the id, class or tag of an element.
//!
//! The text of a page's `style` elements is cut at braces; of a rule, the declarations that bear on visibility and
//! the selectors that are known are kept. Sheets are a tenth of what pages weigh, so what does not matter is passed
//! over quickly. That is why no CSS tokenizer from elsewhere reads them: the usual one takes 0.45 ms for the sheets of
//! a page, a seventh of the time of all stages together. Work per page is bounded by [`MAX_SELECTORS`] and by units
//! of work in proportion to the page.

use memchr::{memchr2, memchr3, memmem, memrchr};

use super::declaration::{self, Declaration, Property, SCREEN, Value};
use super::names::{AllNames, Asked, Names, Trail};
use super::selector::{self, Part, Selector, Simple, Trust, last_compound, rank};
use super::style::Style;
use crate::blocks::chars::ascii_lower;
use crate::parse::{Attr, Dom};

/// Selectors a page has at most, all sheets together; the rest is ignored. The largest of 1,563 real pages has 17,000.
const MAX_SELECTORS: usize = 30_000;

/// Selectors without id, class or tag; they are held against every element.
const MAX_EVERYWHERE: usize = 200;

/// At-rules inside each other.
const MAX_NESTING: usize = 16;

/// Units of work to hold selectors against elements: for any page, and an element.
const WORK_A_PAGE: u64 = 1 << 20;
const WORK_AN_ELEMENT: u64 = 128;

/// The rules of a page.
#[derive(Debug, Default)]
pub(super) struct Sheet<'a> {
    parts: Vec<Part<'a>>,
    /// For each part the hash of the name that it asks for; 0 if it asks for none.
    keys: Vec<u32>,
    declarations: Vec<Declaration>,
    rules: Vec<Rule>,
    /// The rules of each [`Effect`].
    indexes: [Index; 2],
    /// The names that selectors ask for: most names of a page are in no rule.
    asked: AllNames,
    /// The attributes that selectors ask for, besides ids and classes as such.
    attrs: Vec<Attr>,
    work: u64,
}

/// Rules by what they ask of an element.
#[derive(Debug, Default)]
struct Index {
    /// Hashes of ids, classes and tags with the rules that ask for them last, sorted.
    by_name: Vec<(u32, u32)>,
    everywhere: Vec<u32>,
}

/// What a rule can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It may hide text or paint it.
    Acts,
    /// It only undoes what hides, as nine in ten do: nobody asks for it where nothing is hidden.
    Undoes,
}

#[derive(Debug)]
struct Rule {
    selector: Selector,
    declarations: std::ops::Range<u32>,
    effect: Effect,
    /// Names that the element must have, and those that must stand on elements around it.
    here: Asked,
    above: Asked,
}

/// What becomes of a block of rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// They hold on the screen that the page is read for.
    Holds,
    /// They hold on some screen, so that what they show is no secret.
    Shows,
    /// They do not concern screens.
    Ignored,
}

impl<'a> Sheet<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The attributes that rules ask for, besides ids and classes as such.
    pub(super) fn attrs(&self) -> &[Attr] {
        &self.attrs
    }

    /// Whether a selector may ask for the name with this hash; where one does, it may.
    pub(super) fn asks_for(&self, name: u32) -> bool {
        self.asked.may_have(name)
    }

    /// Adds the rules of a sheet, without those that ask for names that no element of the page has.
    pub(super) fn add(&mut self, css: &'a str, scope: Scope, page: &AllNames) {
        let mut scopes = vec![scope];
        let mut from = 0;
        let mut braces = Braces::of(css);
        while let Some(brace) = braces.next(from) {
            let prelude = prelude(&css[from..brace]);
            from = brace + 1;
            if css.as_bytes()[brace] == b'}' {
                if scopes.len() > 1 {
                    scopes.pop();
                }
                continue;
            }
            let outer = scopes[scopes.len() - 1];
            if let Some(inner) = at_rule(prelude, outer)
                && scopes.len() < MAX_NESTING
            {
                scopes.push(inner);
                continue;
            }
            let (end, nested) = braces.end_of_block(from);
            if !prelude.starts_with('@') && outer != Scope::Ignored {
                let body = &css[from..nested.unwrap_or(end)];
                // In front of a rule inside a rule stands its selector.
                let own = if nested.is_some() { body.rfind(';').map_or("", |at| &body[..at]) } else { body };
                self.rule(prelude, own, outer, page);
            }
            from = (end + 1).min(css.len());
        }
    }

    fn rule(&mut self, selectors: &'a str, body: &str, scope: Scope, page: &AllNames) {
        let mut selectors =
            selector::split(selectors).filter(|selector| selector::may_match(selector, page)).peekable();
        if selectors.peek().is_none() {
            return;
        }
        let first = self.declarations.len();
        declaration::parse(body, &mut |declaration| {
            if scope == Scope::Holds || declaration.shows() {
                self.declarations.push(declaration);
            }
        });
        let declarations = first as u32..self.declarations.len() as u32;
        if declarations.is_empty() {
            return;
        }
        for selector in selectors {
            if self.rules.len() >= MAX_SELECTORS {
                return;
            }
            if let Some(selector) = selector::parse(selector, &mut self.parts) {
                self.push_rule(selector, declarations.clone());
            }
        }
    }

    /// Adds a rule about one element.
    pub(super) fn add_for_id(&mut self, id: &'a str, body: &str) {
        let first = self.declarations.len() as u32;
        declaration::parse(body, &mut |mut declaration| {
            // A script writes into the element's own style, which comes after all rules.
            declaration.important = true;
            self.declarations.push(declaration);
        });
        let part = self.parts.len() as u32;
        self.parts.push(Part::Is(Simple::Id(id.into())));
        let selector = Selector { parts: part..part + 1, specificity: 1 << 16, trust: Trust::Full };
        if self.rules.len() < MAX_SELECTORS {
            self.push_rule(selector, first..self.declarations.len() as u32);
        }
    }

    fn push_rule(&mut self, selector: Selector, declarations: std::ops::Range<u32>) {
        let parts = &self.parts[selector.parts.start as usize..selector.parts.end as usize];
        let (before, last) = parts.split_at(last_compound(parts));
        let (here, above) = (asked(last), asked(before));
        let fresh = &self.parts[self.keys.len()..];
        self.keys.extend(fresh.iter().map(selector::name_of));
        for part in parts {
            if let Part::Is(Simple::Attr(attr, _)) | Part::Not(Simple::Attr(attr, _)) = part
                && !self.attrs.contains(attr)
            {
                self.attrs.push(*attr);
            }
        }
        let own = &self.declarations[declarations.start as usize..declarations.end as usize];
        let is_idle = |declaration: &Declaration| {
            let undoes = declaration.shows() || selector.trust == Trust::Shows;
            undoes && declaration.property != Property::BackgroundClip
        };
        let effect = if own.iter().all(is_idle) { Effect::Undoes } else { Effect::Acts };
        self.rules.push(Rule { selector, declarations, effect, here, above });
    }

    /// Lays out the index, for a page of so many elements.
    pub(super) fn finish(&mut self, elements: usize) {
        self.work = WORK_A_PAGE + WORK_AN_ELEMENT * elements as u64;
        for (number, rule) in self.rules.iter().enumerate() {
            let parts = &self.parts[rule.selector.parts.start as usize..rule.selector.parts.end as usize];
            let index = &mut self.indexes[rule.effect as usize];
            match key(parts) {
                Some(key) => index.by_name.push((key, number as u32)),
                None if index.everywhere.len() < MAX_EVERYWHERE => index.everywhere.push(number as u32),
                None => {}
            }
        }
        self.indexes.iter_mut().for_each(|index| index.by_name.sort_unstable());
        self.keys.iter().filter(|key| **key != 0).for_each(|key| self.asked.insert(*key));
    }

    /// Sets what the rules of an effect say about an element.
    pub(super) fn apply(&mut self, effect: Effect, element: &Element<'_>, style: &mut Option<Style>) {
        for &name in element.trail.innermost() {
            let mut at = self.index(effect).by_name.partition_point(|(other, _)| *other < name);
            while let Some(&(_, rule)) =
                self.index(effect).by_name.get(at).filter(|(other, _)| *other == name)
                && self.work > 0
            {
                self.apply_rule(element, rule, style);
                at += 1;
            }
        }
        for at in 0..self.index(effect).everywhere.len() {
            self.apply_rule(element, self.index(effect).everywhere[at], style);
        }
    }

    fn index(&self, effect: Effect) -> &Index {
        &self.indexes[effect as usize]
    }

    fn apply_rule(&mut self, element: &Element<'_>, number: u32, style: &mut Option<Style>) {
        let Rule { selector, declarations, here, above, .. } = &self.rules[number as usize];
        self.work = self.work.saturating_sub(1);
        // Most rules that share a name with an element fail by another one.
        if !element.here.may_have(*here) || !element.above.may_have(*above) {
            return;
        }
        let range = selector.parts.start as usize..selector.parts.end as usize;
        let (parts, keys) = (&self.parts[range.clone()], &self.keys[range]);
        self.work = self.work.saturating_sub(declarations.len() as u64);
        if self.work == 0 || !selector::matches(parts, keys, element.dom, element.trail, &mut self.work) {
            return;
        }
        let style = style.get_or_insert_default();
        for declaration in &self.declarations[declarations.start as usize..declarations.end as usize] {
            if selector.trust == Trust::Full || declaration.shows() {
                style.set(*declaration, selector.specificity, number);
            }
        }
    }
}

/// An element that rules are held against.
pub(super) struct Element<'d> {
    pub(super) dom: &'d Dom,
    pub(super) here: &'d Names,
    /// The names of all elements around it.
    pub(super) above: &'d Names,
    /// It and the elements around it.
    pub(super) trail: &'d Trail<'d>,
}

/// The names that these parts ask for.
fn asked(parts: &[Part<'_>]) -> Asked {
    let names = parts.iter().filter_map(|part| match part {
        Part::Is(simple) => rank(simple),
        _ => None,
    });
    Asked::of(names.map(|(_, name)| name))
}

/// The name by which a selector is found.
fn key(parts: &[Part<'_>]) -> Option<u32> {
    let ranked = parts[last_compound(parts)..].iter().filter_map(|part| match part {
        Part::Is(simple) => rank(simple),
        _ => None,
    });
    ranked.min().map(|(_, key)| key)
}

/// The braces of a sheet that are in no comment and no string, from front to back.
struct Braces<'a> {
    bytes: &'a [u8],
    /// The first quote at or behind where the search stood last.
    quote: Option<usize>,
}

impl<'a> Braces<'a> {
    fn of(css: &'a str) -> Self {
        Self { bytes: css.as_bytes(), quote: Some(0) }
    }

    /// Where the next one stands, at or behind `from`, which never goes back.
    fn next(&mut self, from: usize) -> Option<usize> {
        let bytes = self.bytes;
        let mut at = from;
        loop {
            at = at.min(bytes.len());
            if self.quote.is_some_and(|quote| quote <= at) {
                self.quote = memchr2(b'"', b'\'', &bytes[at..]).map(|quote| at + quote);
            }
            let stop = memchr3(b'{', b'}', b'/', &bytes[at..]).map(|stop| at + stop);
            match (self.quote, stop) {
                (Some(quote), None) => at = end_of_string(bytes, quote + 1, bytes[quote]),
                (Some(quote), Some(stop)) if quote < stop => {
                    at = end_of_string(bytes, quote + 1, bytes[quote]);
                }
                (_, None) => return None,
                (_, Some(stop)) if bytes[stop] != b'/' => return Some(stop),
                (_, Some(stop)) if bytes.get(stop + 1) == Some(&b'*') => {
                    at = stop + 4 + memmem::find(&bytes[stop + 2..], b"*/")?;
                }
                (_, Some(stop)) => at = stop + 1,
            }
        }
    }

    /// Where a block ends whose inside begins here, and where the first one inside it begins.
    fn end_of_block(&mut self, from: usize) -> (usize, Option<usize>) {
        let (mut depth, mut at, mut nested) = (0, from, None);
        while let Some(brace) = self.next(at) {
            if self.bytes[brace] == b'{' {
                depth += 1;
                nested = nested.or(Some(brace));
            } else if depth == 0 {
                return (brace, nested);
            } else {
                depth -= 1;
            }
            at = brace + 1;
        }
        (self.bytes.len(), nested)
    }
}

/// What follows a string; one that is not closed ends with its line.
fn end_of_string(bytes: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            _ if byte == quote => return at,
            _ => {}
        }
    }
    bytes.len()
}

/// What stands in front of a brace, without comments and statements before it.
fn prelude(text: &str) -> &str {
    let text = end_of_comments(text).map_or(text, |at| &text[at..]);
    let text = memrchr(b';', text.as_bytes()).map_or(text, |at| &text[at + 1..]);
    let mut text = text.trim();
    while let Some(inside) = text.strip_prefix("<!--") {
        text = inside;
    }
    text.trim_start()
}

/// Where the last comment ends.
fn end_of_comments(text: &str) -> Option<usize> {
    let mut rest = text.as_bytes();
    while let Some(at) = memrchr(b'/', rest) {
        rest = &rest[..at];
        if rest.ends_with(b"*") {
            return Some(at + 1);
        }
    }
    None
}

/// The scope of the rules inside an at-rule; nothing if there are none.
fn at_rule(prelude: &str, outer: Scope) -> Option<Scope> {
    if !prelude.starts_with('@') {
        return None;
    }
    let name_end = prelude.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(prelude.len());
    let (name, condition) = prelude.split_at(name_end);
    let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
    if is("@media") {
        Some(outer.max(media(condition)))
    } else if is("@supports") || is("@layer") {
        Some(outer)
    } else if is("@container") || is("@scope") || is("@starting-style") {
        Some(outer.max(Scope::Shows))
    } else {
        None
    }
}

/// The scope of a media query.
pub(super) fn media(list: &str) -> Scope {
    let query = |query: &str| {
        let query = ascii_lower(query.trim());
        let plain = query.strip_prefix("only ").unwrap_or(&query).trim_start();
        let kind = plain.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
        match kind {
            "" | "screen" | "all" => conditions(plain),
            "not" if plain.contains("print") => Scope::Holds,
            "not" => Scope::Shows,
            _ => Scope::Ignored,
        }
    };
    list.split(',').map(query).min().unwrap_or(Scope::Holds)
}

/// Whether all bracketed conditions hold.
fn conditions(query: &str) -> Scope {
    let hold = query.split('(').skip(1).all(|condition| {
        let condition = condition.split(')').next().unwrap_or_default();
        let Some((name, value)) = condition.split_once(':') else { return condition.trim() == "color" };
        let Value::Px(px) = declaration::length(value.trim()) else { return false };
        match name.trim() {
            "min-width" => SCREEN.0 >= px,
            "max-width" => SCREEN.0 <= px,
            "min-height" => SCREEN.1 >= px,
            "max-height" => SCREEN.1 <= px,
            _ => false,
        }
    });
    if hold { Scope::Holds } else { Scope::Shows }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::visibility::names::each_name;
    use crate::config::Limits;
    use crate::page::Cover;
    use crate::parse::{self, NodeId};

    /// Applies a sheet as a walk to the element would.
    fn apply(sheet: &mut Sheet<'_>, dom: &Dom, id: NodeId, style: &mut Option<Style>) {
        let up = |&id: &NodeId| dom.parent(id).filter(|&id| id != Dom::ROOT);
        let mut line: Vec<_> = std::iter::successors(Some(id), up).collect();
        line.reverse();
        let (mut trail, mut above, mut here) = (Trail::default(), Names::default(), Names::default());
        for id in line {
            above.add(&here);
            here = trail.enter(dom, id, |name| sheet.asks_for(name), sheet.attrs());
        }
        let element = Element { dom, here: &here, above: &above, trail: &trail };
        for effect in [Effect::Acts, Effect::Undoes] {
            sheet.apply(effect, &element, style);
        }
    }

    fn names(dom: &Dom) -> AllNames {
        let mut names = AllNames::default();
        dom.descendants(Dom::ROOT).for_each(|id| each_name(dom, id, |name, _| names.insert(name)));
        names
    }

    /// Whether the last element of a page is hidden by a sheet.
    fn hides(css: &str, html: &str) -> bool {
        let dom = parse::parse(html, &Limits::default());
        let mut sheet = Sheet::default();
        sheet.add(css, Scope::Holds, &names(&dom));
        sheet.finish(10);
        let last = dom.descendants(Dom::ROOT).last().expect("a page has elements");
        let mut style = None;
        apply(&mut sheet, &dom, last, &mut style);
        style.unwrap_or_default().cover(dom.tag(last)) > Cover::Shown
    }

    const P: &str = "<body class=x><p class='a b' id=i>";

    #[test]
    fn rules_are_found_by_id_class_and_tag() {
        for css in [
            "p{display:none}",
            "#i{display:none}",
            "h1,.b{display:none}",
            "*{display:none}",
            "[id]{display:none}",
        ] {
            assert!(hides(css, P), "{css}");
        }
        for css in
            ["h1{display:none}", ".c{display:none}", "p{display:block}", "p{}", "", "p{display:none", "}}p{"]
        {
            assert_eq!(hides(css, P), css == "p{display:none", "{css}");
        }
    }

    #[test]
    fn the_cascade() {
        assert!(!hides("p{display:none}p{display:block}", P), "the later one wins");
        assert!(hides("#i{display:none}.a{display:block}p{display:block}", P), "the more specific one wins");
        assert!(hides("p{display:none!important}#i{display:block}", P), "importance wins");
        assert!(!hides(".a{display:none}.a:first-child{display:block}", P), "what may show does show");
        assert!(!hides(".a:nth-child(2){display:none}", P), "what is not known does not hide");
    }

    #[test]
    fn rules_for_other_media_do_not_hide() {
        assert!(hides("@media screen and (min-width:600px){p{display:none}}", P));
        assert!(hides("@media screen{@supports (x:y){p{display:none}}}", P));
        assert!(!hides("@media print{p{display:none}}", P));
        assert!(!hides("@media (max-width: 600px){p{display:none}}", P));
        assert!(
            !hides("p{display:none}@media (max-width:40em){p{display:block}}", P),
            "shown on a small screen"
        );
        assert!(hides("p{display:none}@media print{p{display:block}}", P));
        assert!(hides("@media print{p{color:red}}p{display:none}", P), "the rules behind a block are read");
    }

    #[test]
    fn what_looks_like_a_rule_and_is_none() {
        assert!(!hides("/* p{display:none} */ h1{color:red}", P));
        assert!(!hides("@keyframes p{from{display:none}}@font-face{display:none}", P));
        assert!(!hides("h1:after{content:'} p{display:none}'}", P));
        assert!(hides("@charset 'utf-8'; /* x */ p{display:none}", P));
        assert!(hides("h1{content:\"{\"} p{display:none}", P));
        assert!(hides("p{display:none; .z{display:block}}", P));
    }

    #[test]
    fn media_queries() {
        assert_eq!(media("print"), Scope::Ignored);
        assert_eq!(media(""), Scope::Holds);
        assert_eq!(media("print, screen"), Scope::Holds);
        assert_eq!(media("only screen and (max-width: 767px)"), Scope::Shows);
        assert_eq!(media("(prefers-color-scheme: dark)"), Scope::Shows);
        assert_eq!(media("not print"), Scope::Holds);
    }

    #[test]
    fn work_is_bounded() {
        let css = "div div div .a{display:none} ".repeat(60_000);
        let html = format!("{}<p class=a>", "<div>".repeat(200));
        let dom = parse::parse(&html, &Limits::default());
        let mut sheet = Sheet::default();
        sheet.add(&css, Scope::Holds, &names(&dom));
        assert_eq!(sheet.rules.len(), MAX_SELECTORS);
        sheet.finish(200);
        let p = dom.descendants(Dom::ROOT).last().expect("a page has elements");
        let before = sheet.work;
        for _ in 0..200 {
            apply(&mut sheet, &dom, p, &mut None);
        }
        assert!(before <= WORK_A_PAGE + 200 * WORK_AN_ELEMENT && sheet.work < before);
    }
}
