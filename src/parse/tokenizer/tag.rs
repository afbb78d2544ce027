//! Tags and their attributes.
//!
//! Most attributes of a page are for scripts and styles. They are passed over; a formatting element's, though, decide
//! whether two are the same one, so there the tree builder gets a hash of all that is not kept as one attribute without a
//! name.

use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind::ScriptData;
use html5ever::tokenizer::{EndTag, StartTag, Tag, TagToken, TokenSink, TokenSinkResult};
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use memchr::{memchr, memchr2};

use super::{Content, Scope, Tokenizer, charref, without_nul};
use crate::hash;
use crate::parse::vocabulary::{Attr, is_formatting, is_json_ld};

/// Attributes that a tag has at most where all are wanted: each is held against those before it.
const MAX_ATTRIBUTES: usize = 256;

const SPACE: u8 = 1;
const ENDS_TAG_NAME: u8 = 2;
const ENDS_ATTRIBUTE_NAME: u8 = 4;
const ENDS_VALUE: u8 = 8;
const NOT_AS_IT_STANDS: u8 = 16;

/// What a byte means inside a tag.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'\t' | b'\n' | b'\x0c' | b' ' => SPACE | ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME | ENDS_VALUE,
            b'/' => ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME,
            b'>' => ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME | ENDS_VALUE,
            b'=' => ENDS_ATTRIBUTE_NAME,
            0 | b'A'..=b'Z' => NOT_AS_IT_STANDS,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// Which attributes of a tag are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// None.
    None,
    /// Those that the tree keeps.
    Kept,
    /// Those that the tree keeps, and one that stands for the others.
    Comparable,
    All,
}

/// An attribute: where its name and its value stand.
struct Found {
    name: Range<usize>,
    value: Range<usize>,
}

/// What is asked of the attributes of one tag.
struct Filter<'t> {
    tag: &'t LocalName,
    wanted: Wanted,
    /// The kept attributes that the tag has so far, a bit each: only the first of a name counts.
    seen: u64,
}

impl<S: TokenSink> Tokenizer<'_, S> {
    /// At the `<` of a start tag.
    pub(super) fn start_tag(&mut self) {
        self.at += 1;
        let name = self.tag_name();
        let wanted = match self.scope {
            Scope::Tree if is_formatting(&name) => Wanted::Comparable,
            Scope::Tree => Wanted::Kept,
            Scope::Everything => Wanted::All,
        };
        let Some(self_closing) = self.attributes(&name, wanted) else { return };
        let attrs = std::mem::take(&mut self.attrs);
        self.skips_script = self.scope == Scope::Tree && name == local_name!("script") && !is_data(&attrs);
        self.last_start = name.clone();
        let tag = Tag { kind: StartTag, name, self_closing, attrs, had_duplicate_attributes: false };
        self.content = match self.sink.process_token(TagToken(tag), 1) {
            TokenSinkResult::RawData(kind) => Content::Raw(kind),
            TokenSinkResult::Plaintext => Content::Plain,
            _ => Content::Markup,
        };
        // A body that nobody reads needs no state of its own.
        if self.content == Content::Raw(ScriptData) {
            self.raw(ScriptData);
        }
    }

    /// At the `<` of an end tag. Its attributes mean nothing.
    pub(super) fn end_tag(&mut self) {
        self.at += 2;
        let name = self.tag_name();
        let Some(self_closing) = self.attributes(&name, Wanted::None) else { return };
        let attrs = Vec::new();
        let tag = Tag { kind: EndTag, name, self_closing, attrs, had_duplicate_attributes: false };
        let _ = self.sink.process_token(TagToken(tag), 1);
    }

    fn tag_name(&mut self) -> LocalName {
        let range = self.take_until(ENDS_TAG_NAME);
        let name = &self.html[range];
        if name.bytes().all(|byte| CLASSES[byte as usize] & NOT_AS_IT_STANDS == 0) {
            return LocalName::from(name);
        }
        self.scratch.name.clear();
        push_name(name, &mut self.scratch.name);
        LocalName::from(self.scratch.name.as_str())
    }

    /// Goes on to a byte of a class, or to the end of the page, and returns what lies between.
    fn take_until(&mut self, class: u8) -> Range<usize> {
        let start = self.at;
        let rest = &self.html.as_bytes()[start..];
        let length = rest.iter().position(|&byte| CLASSES[byte as usize] & class != 0);
        self.at = start + length.unwrap_or(rest.len());
        start..self.at
    }

    fn skip_space(&mut self) {
        let rest = &self.html.as_bytes()[self.at..];
        let length = rest.iter().position(|&byte| CLASSES[byte as usize] & SPACE == 0);
        self.at += length.unwrap_or(rest.len());
    }

    /// Reads attributes to the end of the tag and tells whether it closes itself; nothing if the page ends first,
    /// and then there is no tag.
    fn attributes(&mut self, tag: &LocalName, wanted: Wanted) -> Option<bool> {
        let bytes = self.html.as_bytes();
        let mut filter = Filter { tag, wanted, seen: 0 };
        let self_closing = loop {
            self.skip_space();
            match *bytes.get(self.at)? {
                b'>' => break false,
                b'/' if bytes.get(self.at + 1) == Some(&b'>') => {
                    self.at += 1;
                    break true;
                }
                b'/' => self.at += 1,
                _ => {
                    let found = self.attribute()?;
                    self.keep(&mut filter, found);
                }
            }
        };
        self.at += 1;
        if !self.scratch.others.is_empty() {
            self.push_others();
        }
        Some(self_closing)
    }

    /// One attribute; nothing if the page ends inside its value.
    fn attribute(&mut self) -> Option<Found> {
        let bytes = self.html.as_bytes();
        let start = self.at;
        // A name may begin with `=`.
        self.at += 1;
        let name = start..self.take_until(ENDS_ATTRIBUTE_NAME).end;
        self.skip_space();
        if bytes.get(self.at) != Some(&b'=') {
            return Some(Found { name, value: 0..0 });
        }
        self.at += 1;
        self.skip_space();
        let value = match *bytes.get(self.at)? {
            quote @ (b'"' | b'\'') => {
                let start = self.at + 1;
                let Some(length) = memchr(quote, &bytes[start..]) else {
                    self.at = bytes.len();
                    return None;
                };
                self.at = start + length + 1;
                start..start + length
            }
            _ => self.take_until(ENDS_VALUE),
        };
        Some(Found { name, value })
    }

    /// Takes an attribute that is wanted and is the first of its name.
    fn keep(&mut self, filter: &mut Filter<'_>, found: Found) {
        let text = &self.html[found.name.clone()];
        match filter.wanted {
            Wanted::None => return,
            Wanted::All => {
                let mut name = String::new();
                push_name(text, &mut name);
                return self.push_first(LocalName::from(name), found.value);
            }
            Wanted::Kept | Wanted::Comparable => {}
        }
        if let Some(attr) = Attr::from_name(text) {
            let bit = 1 << attr as u64;
            if filter.seen & bit == 0 {
                filter.seen |= bit;
                self.push(attr.local_name(), found.value);
            }
        } else if let Some(name) = asked_by_the_tree_builder(filter.tag, text) {
            self.push_first(name, found.value);
        } else if filter.wanted == Wanted::Comparable {
            self.scratch.others.push((found.name, found.value));
        }
    }

    fn push_first(&mut self, name: LocalName, value: Range<usize>) {
        if self.attrs.len() < MAX_ATTRIBUTES && !self.attrs.iter().any(|attr| attr.name.local == name) {
            self.push(name, value);
        }
    }

    fn push(&mut self, name: LocalName, value: Range<usize>) {
        let value = self.value(value);
        if self.attrs.capacity() == 0 {
            self.attrs = self.pool.take();
        }
        self.attrs.push(Attribute { name: QualName::new(None, ns!(), name), value });
    }

    fn value(&mut self, range: Range<usize>) -> StrTendril {
        let source = &self.html[range.clone()];
        if memchr2(b'&', 0, source.as_bytes()).is_none() {
            return self.window.cut(range);
        }
        self.scratch.value.clear();
        push_value(source, &mut self.scratch.value);
        // In addresses, most stand for themselves.
        if self.scratch.value == source {
            return self.window.cut(range);
        }
        StrTendril::from_slice(&self.scratch.value)
    }

    /// Adds one attribute that stands for those that are not kept: the same for the same set of them.
    fn push_others(&mut self) {
        let mut others = std::mem::take(&mut self.scratch.others);
        let name = |range: &Range<usize>| self.html[range.clone()].bytes().map(|b| b.to_ascii_lowercase());
        if others.len() > 1 {
            others.sort_by(|(a, _), (b, _)| name(a).cmp(name(b)));
            others.dedup_by(|(later, _), (first, _)| name(later).eq(name(first)));
        }
        let mut all = std::mem::take(&mut self.scratch.value);
        all.clear();
        for (name, value) in others.drain(..) {
            push_name(&self.html[name], &mut all);
            all.push('\0');
            push_value(&self.html[value], &mut all);
            all.push('\0');
        }
        if self.attrs.capacity() == 0 {
            self.attrs = self.pool.take();
        }
        let name = QualName::new(None, ns!(), local_name!(""));
        self.attrs.push(Attribute { name, value: digest(&all) });
        (self.scratch.others, self.scratch.value) = (others, all);
    }
}

/// Attributes that are not kept, but change the tree inside pictures and formulas.
fn asked_by_the_tree_builder(tag: &LocalName, name: &str) -> Option<LocalName> {
    let asked = match *tag {
        local_name!("font") => [local_name!("face"), local_name!("size")],
        local_name!("annotation-xml") => [local_name!("encoding"), local_name!("encoding")],
        _ => return None,
    };
    asked.into_iter().find(|asked| asked.as_str().eq_ignore_ascii_case(name))
}

/// A few characters in the place of a text, the same for the same text. So few take no memory of their own.
fn digest(text: &str) -> StrTendril {
    let hash = hash::of_many(hash::SEED, text.as_bytes());
    hash.to_le_bytes().into_iter().map(|byte| char::from(byte & 0x7F)).collect()
}

/// Whether a script is data that the tree keeps.
fn is_data(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| attr.name.local == local_name!("type") && is_json_ld(&attr.value))
}

/// A name as the tree has it: in lower case, without NULs.
fn push_name(name: &str, to: &mut String) {
    to.extend(name.chars().map(|c| if c == '\0' { '\u{fffd}' } else { c.to_ascii_lowercase() }));
}

/// A value as the tree has it: with character references resolved, without NULs.
fn push_value(source: &str, to: &mut String) {
    let mut rest = source;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        to.push_str(&without_nul(&rest[..at]));
        rest = &rest[at + 1..];
        match charref::resolve(rest, true) {
            Some((characters, length)) => {
                to.extend(characters);
                rest = &rest[length..];
            }
            None => to.push('&'),
        }
    }
    to.push_str(&without_nul(rest));
}
