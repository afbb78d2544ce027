//! Text to tree: the HTML of a page becomes a [`Dom`], an arena of nodes that the next stage walks once.
//!
//! html5ever builds the tree, so that broken markup comes out as in a browser. It gets its tokens from a tokenizer of
//! our own, through a guard that keeps hostile pages from its slow corners, and writes through a sink to the arena:
//!
//! ```text
//! text -> tokenizer -> guard -> html5ever's tree builder -> sink -> Dom
//! ```
//!
//! Nothing here judges text.

mod dom;
mod guard;
mod lookup;
mod pool;
mod sink;
mod streamed;
mod tokenizer;
mod vocabulary;

#[cfg(test)]
mod tests;

use html5ever::tokenizer::TokenSink;
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};

use crate::buffers;
use crate::config::Limits;

pub(crate) use dom::{Dom, NodeId, Piece};
pub(crate) use vocabulary::{Attr, Tag, Tags};

use guard::Guard;
use pool::Pool;
use sink::Sink;
use tokenizer::{Scratch, Tokenizer, normalise};

/// Bytes of a page that are read at most: offsets in a tree have 32 bits.
const MAX_BYTES: usize = 1 << 30;

/// Parses a document. Any text gives a tree.
#[cfg(test)]
pub(crate) fn parse(html: &str, limits: &Limits) -> Dom {
    let mut dom = Dom::default();
    Parser::default().parse_into(&mut dom, html, limits);
    dom
}

/// Parses one document after the other and keeps its buffers.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    text: String,
    scratch: Scratch,
    pool: Pool,
    work: u64,
}

impl Parser {
    /// Parses a document into a tree whose buffers are used again.
    pub(crate) fn parse_into(&mut self, dom: &mut Dom, html: &str, limits: &Limits) {
        let html = html.strip_prefix('\u{feff}').unwrap_or(html);
        let html = normalise(floor(html, MAX_BYTES), &mut self.text);
        let builder = builder(Sink::new(std::mem::take(dom), &self.pool));
        let guard = Guard::new(builder, html.len(), limits);
        Tokenizer::new(html, &guard, &mut self.scratch, &self.pool).run();
        guard.end();
        let sink = guard.builder.sink;
        self.work = sink.work();
        *dom = sink.finish();
        buffers::empty_text(&mut self.text);
    }

    /// Units of work that the last page took in the tree builder.
    pub(crate) fn work(&self) -> u64 {
        self.work
    }
}

/// Parses a document into a tree of another make, with all attributes: the same elements in the same order as in a
/// [`Dom`] that met no limit. There is no guard, so that only such pages may come here.
#[cfg(feature = "sites")]
pub(crate) fn parse_whole<S: TreeSink>(html: &str, sink: S) -> S::Output {
    let mut text = String::new();
    let html = html.strip_prefix('\u{feff}').unwrap_or(html);
    let html = normalise(floor(html, MAX_BYTES), &mut text);
    let builder = TreeBuilder::new(sink, options());
    let (mut scratch, pool) = (Scratch::default(), Pool::default());
    Tokenizer::new(html, &builder, &mut scratch, &pool).whole().run();
    builder.end();
    builder.sink.finish()
}

/// The parser as benches see it; not part of the interface.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct BenchParser {
    parser: Parser,
    dom: Dom,
}

impl BenchParser {
    /// Parses a page and tells how many units of work the tree builder took.
    pub fn parse(&mut self, html: &str) -> u64 {
        self.parser.parse_into(&mut self.dom, html, &Limits::default());
        self.parser.work()
    }
}

/// A tree builder for documents.
fn builder(sink: Sink<'_>) -> TreeBuilder<sink::Handle, Sink<'_>> {
    TreeBuilder::new(sink, options())
}

fn options() -> TreeBuilderOpts {
    // Scripts do not run here, so that `noscript` holds markup: whole forum threads stand in it.
    TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() }
}

/// At most so many bytes of the text's beginning, in whole characters.
pub(crate) fn floor(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
