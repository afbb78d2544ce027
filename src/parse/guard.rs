//! Keeps hostile pages from the tree builder's quadratic corners.
//!
//! html5ever's tree builder walks its stack of open elements for most tags, and its list of formatting elements for
//! many; a page that keeps both long makes it walk for minutes. The guard stands between tokenizer and tree builder
//! and counts in units of work, never in seconds, so that a page has one result:
//!
//! - elements that stand too deep are left out, with their end tags, and their text goes to the deepest kept one;
//! - when the steps taken, or the nodes made, are out of proportion to the page, the tree is full: what follows is
//!   plain text at the end of the body.
//!
//! A page that no one made to harm meets neither. The guard knows nothing of the tokenizer.

use std::cell::{Cell, RefCell};

use html5ever::interface::Tracer;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    CharacterTokens, EOFToken, StartTag, Tag as TagOf, TagKind, TagToken, Token, TokenSink, TokenSinkResult,
};
use html5ever::tree_builder::TreeBuilder;
use html5ever::{LocalName, local_name};

use super::sink::{Handle, Sink};
use super::vocabulary::{Tag, is_formatting};
use crate::config::Limits;

/// Units of work that a page may cause, a byte. Of 3,438 real pages half take less than 1.7, one in a hundred more
/// than 4, six more than this. A unit is a few nanoseconds.
const WORK_A_BYTE: u64 = 8;

/// Units of work that any page may cause. The most laborious real page, of 46 kB, takes half of what it may.
const WORK_A_PAGE: u64 = 25 << 15;

/// Nodes that any page may have; beyond, it may have one for two bytes, which is as dense as markup gets.
const NODES_A_PAGE: usize = 10_000;

/// Formatting tags between two counts of the open ones.
const CENSUS_EVERY: usize = 8;

/// Units of work that it counts for to compare the attributes of two formatting elements.
const COMPARISON_WORK: u64 = 64;

/// End tags of names that never started which the tree builder gets to see: it walks all open elements for each, only
/// to leave the tree as it is.
const MAX_STRAY_ENDS: u32 = 200;

/// End tags of left-out elements are looked for among so many of the last ones.
const LEFT_OUT_SEARCHED: usize = 64;

/// Units of work that a page of so many bytes may cause.
pub(super) fn most_work(bytes: usize) -> u64 {
    WORK_A_PAGE + WORK_A_BYTE * bytes as u64
}

/// Passes tokens on to the tree builder, as long as it can bear them.
pub(super) struct Guard<'p> {
    pub(super) builder: TreeBuilder<Handle, Sink<'p>>,
    max_depth: usize,
    max_nodes: usize,
    max_work: u64,
    census: Census,
    /// Elements made at the last census.
    created: Cell<usize>,
    /// Whether the last census found no room for another element, and no tag has gone through since.
    has_no_room: Cell<bool>,
    /// Formatting tags since the last census.
    formatting_tags: Cell<usize>,
    /// Elements so far that may leave a marker in the list of formatting elements, which is then walked for ever.
    marked: Cell<u64>,
    /// Which names start tags had, by their hashes, and how many end tags had others.
    started: Cell<u64>,
    stray_ends: Cell<u32>,
    /// Hashes of the names of open elements that were left out. The names would stay interned.
    left_out: RefCell<Vec<u64>>,
    in_raw: Cell<bool>,
    is_full: Cell<bool>,
}

/// Counts what the tree builder holds.
#[derive(Default)]
struct Census {
    /// Open elements and formatting elements.
    held: Cell<usize>,
    /// Formatting elements, open ones twice.
    formatting: Cell<usize>,
}

impl Census {
    /// Roughly the depth at which the next element would stand.
    fn depth(&self) -> usize {
        self.held.get() - self.formatting.get() / 2
    }
}

impl Tracer for Census {
    type Handle = Handle;

    fn trace_handle(&self, node: &Handle) {
        self.held.set(self.held.get() + 1);
        if node.is_html() && is_formatting(&node.local) {
            self.formatting.set(self.formatting.get() + 1);
        }
    }
}

impl<'p> Guard<'p> {
    /// A guard for a page of so many bytes.
    pub(super) fn new(builder: TreeBuilder<Handle, Sink<'p>>, bytes: usize, limits: &Limits) -> Self {
        Self {
            builder,
            max_depth: limits.max_depth,
            max_nodes: limits.max_nodes.min(bytes / 2 + NODES_A_PAGE),
            max_work: most_work(bytes),
            census: Census::default(),
            created: Cell::new(0),
            has_no_room: Cell::new(false),
            formatting_tags: Cell::new(0),
            marked: Cell::new(0),
            started: Cell::new(0),
            stray_ends: Cell::new(0),
            left_out: RefCell::default(),
            in_raw: Cell::new(false),
            is_full: Cell::new(false),
        }
    }

    fn sink(&self) -> &Sink<'p> {
        &self.builder.sink
    }

    fn fills_up(&self) -> bool {
        if !self.is_full.get()
            && (self.sink().nodes() >= self.max_nodes || self.sink().work() > self.max_work)
        {
            self.is_full.set(true);
            self.sink().note_nodes();
        }
        self.is_full.get()
    }

    fn count(&self) {
        self.census.held.set(0);
        self.census.formatting.set(0);
        self.builder.trace_handles(&self.census);
        self.sink().charge(self.census.held.get() as u64);
        self.created.set(self.sink().created());
        self.formatting_tags.set(0);
    }

    fn is_too_deep(&self) -> bool {
        if self.has_no_room.get() {
            return true;
        }
        let at_most = self.census.depth() + self.sink().created() - self.created.get();
        if at_most < self.max_depth {
            return false;
        }
        self.count();
        self.has_no_room.set(self.census.depth() >= self.max_depth);
        self.has_no_room.get()
    }

    /// Counts work that the sink does not see.
    fn charge_hidden_work(&self, tag: &TagOf) {
        if is_formatting(&tag.name) {
            self.formatting_tags.set(self.formatting_tags.get() + 1);
            if self.formatting_tags.get() >= CENSUS_EVERY {
                self.count();
            }
            self.sink().charge(COMPARISON_WORK * self.census.formatting.get() as u64 + 2 * self.marked.get());
        } else if tag.kind == StartTag && leaves_a_marker(&tag.name) {
            self.marked.set(self.marked.get() + 1);
        }
    }

    /// Whether a tag goes to the tree builder.
    fn admits(&self, tag: &TagOf) -> bool {
        self.charge_hidden_work(tag);
        if tag.kind != StartTag {
            return !self.ends_left_out(&tag.name);
        }
        self.started.set(self.started.get() | bit(&tag.name));
        let in_html = || !self.builder.adjusted_current_node_present_but_not_in_html_namespace();
        if !self.is_too_deep() || (holds_no_elements(&tag.name) && in_html()) {
            return true;
        }
        self.sink().note_depth();
        if !tag.self_closing {
            self.left_out.borrow_mut().push(tag.name.get_hash());
        }
        false
    }

    /// Whether an end tag is one too many of those that end nothing. Two of them make an element instead.
    fn is_stray(&self, name: &LocalName) -> bool {
        let acts = matches!(*name, local_name!("p") | local_name!("br"));
        if acts || self.started.get() & bit(name) != 0 {
            return false;
        }
        self.stray_ends.set(self.stray_ends.get().saturating_add(1));
        self.stray_ends.get() > MAX_STRAY_ENDS
    }

    /// Whether an end tag belongs to an element that was left out.
    fn ends_left_out(&self, name: &LocalName) -> bool {
        let mut left_out = self.left_out.borrow_mut();
        if left_out.is_empty() {
            return false;
        }
        let found = left_out.iter().rev().take(LEFT_OUT_SEARCHED).position(|&open| open == name.get_hash());
        // Otherwise it ends an element around them.
        let open = found.map_or(0, |from_end| left_out.len() - 1 - from_end);
        left_out.truncate(open);
        found.is_some()
    }

    /// A tag that is left out still parts words.
    fn part_words(&self, tag: &TagOf) -> TokenSinkResult<Handle> {
        if Tag::from_name(&tag.name).is_inline() || self.in_raw.get() {
            return TokenSinkResult::Continue;
        }
        let line_feed = StrTendril::from_char('\n');
        if self.is_full.get() {
            self.sink().append_to_body(&line_feed);
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(CharacterTokens(line_feed), 1)
    }

    /// Takes a token when the tree is full.
    fn overflow(&self, token: Token) -> TokenSinkResult<Handle> {
        match token {
            CharacterTokens(text) if !self.in_raw.get() => self.sink().append_to_body(&text),
            TagToken(tag) if tag.kind == TagKind::EndTag => self.in_raw.set(false),
            TagToken(tag) => {
                let _ = self.part_words(&tag);
                let kind = match tag.name {
                    local_name!("script") => ScriptData,
                    local_name!("title") | local_name!("textarea") => Rcdata,
                    _ if is_raw(&tag.name) => Rawtext,
                    _ => return TokenSinkResult::Continue,
                };
                self.in_raw.set(true);
                return TokenSinkResult::RawData(kind);
            }
            // Text of a table may still wait in the tree builder.
            EOFToken => return self.builder.process_token(EOFToken, 1),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl TokenSink for Guard<'_> {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if self.fills_up() {
            return self.overflow(token);
        }
        if let TagToken(tag) = &token {
            if tag.kind == TagKind::EndTag && self.is_stray(&tag.name) {
                return TokenSinkResult::Continue;
            }
            if !self.admits(tag) {
                return self.part_words(tag);
            }
            self.in_raw.set(false);
            self.has_no_room.set(false);
        }
        let result = self.builder.process_token(token, line);
        if let TokenSinkResult::RawData(_) = result {
            self.in_raw.set(true);
        }
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// The bit of a name in a set of few names.
fn bit(name: &LocalName) -> u64 {
    // The last bits of a short name's hash say little but its length.
    1 << (name.get_hash().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58)
}

/// Elements whose start is noted in the list of formatting elements; badly nested, the note stays.
fn leaves_a_marker(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("applet") | local_name!("marquee") | local_name!("object") | local_name!("template")
    )
}

/// Elements whose text is not markup.
fn is_raw(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("iframe")
            | local_name!("noembed")
            | local_name!("noframes")
            | local_name!("script")
            | local_name!("style")
            | local_name!("textarea")
            | local_name!("title")
            | local_name!("xmp")
    )
}

/// Elements that nothing nests in.
fn holds_no_elements(name: &LocalName) -> bool {
    let is_void = matches!(
        *name,
        local_name!("area")
            | local_name!("base")
            | local_name!("br")
            | local_name!("embed")
            | local_name!("hr")
            | local_name!("img")
            | local_name!("input")
            | local_name!("link")
            | local_name!("meta")
            | local_name!("wbr")
    );
    is_void || is_raw(name)
}
