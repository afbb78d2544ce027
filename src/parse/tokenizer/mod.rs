//! Text to tokens: cuts the whole page, which is in memory, at the few bytes that mean something, and feeds the
//! tokens to html5ever's tree builder.
//!
//! html5ever's own tokenizer takes its input in pieces of any size, character by character, and interns every
//! attribute; that is three quarters of the time of a parse. This one jumps from mark to mark with `memchr`, looks
//! at attributes only if the tree or the tree builder asks for them, and passes over the bodies of scripts. The
//! states of the HTML standard are the functions: [`markup`] has what begins with `<!`, [`tag`] tags and attributes,
//! [`raw`] the elements whose text is not markup, [`charref`] character references.
//!
//! It reports no parse errors and builds no tree.

mod charref;
mod markup;
mod raw;
mod tag;
mod window;

use std::borrow::Cow;
use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    CharacterTokens, EOFToken, NullCharacterToken, Token, TokenSink, TokenSinkResult,
};
use html5ever::{Attribute, LocalName, local_name};
use memchr::{memchr, memchr2};

use super::pool::Pool;
use window::Window;

/// Which tokens are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// What changes the tree: comments are empty, attributes that neither the tree nor the tree builder asks for
    /// are left out, and so are the bodies of scripts.
    Tree,
    /// All that the standard says, but for the attributes of a tag that has very many.
    #[cfg_attr(not(any(test, feature = "sites")), expect(dead_code, reason = "only selectors want it"))]
    Everything,
}

/// How the text at hand is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Markup,
    /// Text up to the end tag of the last start tag.
    Raw(RawKind),
    /// Text to the end of the page.
    Plain,
    /// Text up to `]]>`.
    Cdata,
}

/// What becomes of a NUL in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nul {
    /// A token of its own: the tree builder decides.
    Token,
    /// U+FFFD.
    Replaced,
}

/// Buffers that are used from tag to tag and from page to page.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    name: String,
    value: String,
    /// Attributes that only serve comparison: where name and value stand.
    others: Vec<(Range<usize>, Range<usize>)>,
}

/// Reads one page.
pub(super) struct Tokenizer<'a, S> {
    html: &'a str,
    /// How far the page is read.
    at: usize,
    sink: &'a S,
    scope: Scope,
    content: Content,
    /// The last start tag: only its end tag ends raw text.
    last_start: LocalName,
    /// Whether the last start tag is a script that nobody reads.
    skips_script: bool,
    /// Whether a doctype was seen; later ones mean nothing.
    has_doctype: bool,
    attrs: Vec<Attribute>,
    window: Window<'a>,
    scratch: &'a mut Scratch,
    pool: &'a Pool,
}

/// Line ends as the standard wants them: CR LF and CR become LF.
pub(super) fn normalise<'a>(html: &'a str, buffer: &'a mut String) -> &'a str {
    if memchr(b'\r', html.as_bytes()).is_none() {
        return html;
    }
    buffer.clear();
    buffer.reserve_exact(html.len());
    let mut rest = html;
    while let Some(at) = memchr(b'\r', rest.as_bytes()) {
        buffer.push_str(&rest[..at]);
        buffer.push('\n');
        rest = &rest[at + 1..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    buffer.push_str(rest);
    buffer
}

impl<'a, S: TokenSink> Tokenizer<'a, S> {
    /// A tokenizer for a page whose line ends are normalised.
    pub(super) fn new(html: &'a str, sink: &'a S, scratch: &'a mut Scratch, pool: &'a Pool) -> Self {
        // A page that ended inside a tag left some.
        scratch.others.clear();
        Self {
            html,
            at: 0,
            sink,
            scope: Scope::Tree,
            content: Content::Markup,
            last_start: local_name!(""),
            skips_script: false,
            has_doctype: false,
            attrs: Vec::new(),
            window: Window::new(html),
            scratch,
            pool,
        }
    }

    /// Begins in the middle, as conformance tests do.
    #[cfg(test)]
    pub(super) fn starting(mut self, content: Content, last_start: &str) -> Self {
        (self.scope, self.content, self.last_start) =
            (Scope::Everything, content, LocalName::from(last_start));
        self
    }

    /// Wants everything.
    #[cfg(feature = "sites")]
    pub(super) fn whole(mut self) -> Self {
        self.scope = Scope::Everything;
        self
    }

    /// Reads the page to its end.
    pub(super) fn run(mut self) {
        while self.at < self.html.len() {
            match self.content {
                Content::Markup => self.data(),
                Content::Raw(kind) => self.raw(kind),
                Content::Cdata => self.cdata(),
                Content::Plain => {
                    self.text(self.at..self.html.len(), false, Nul::Replaced);
                    self.at = self.html.len();
                }
            }
        }
        self.send(EOFToken);
    }

    /// Text up to the next markup, and that markup.
    fn data(&mut self) {
        let bytes = self.html.as_bytes();
        let mut from = self.at;
        let end = loop {
            match memchr(b'<', &bytes[from..]) {
                None => break bytes.len(),
                Some(offset) if opens_markup(&bytes[from + offset + 1..]) => break from + offset,
                Some(offset) => from += offset + 1,
            }
        };
        self.text(self.at..end, true, Nul::Token);
        self.at = end;
        if end < bytes.len() {
            self.markup();
        }
    }

    /// Markup, at its `<`.
    fn markup(&mut self) {
        match self.html.as_bytes()[self.at + 1] {
            b'!' => self.declaration(),
            b'?' => self.bogus_comment(self.at + 1),
            b'/' => match self.html.as_bytes()[self.at + 2] {
                b'>' => self.at += 3,
                letter if letter.is_ascii_alphabetic() => self.end_tag(),
                _ => self.bogus_comment(self.at + 2),
            },
            _ => self.start_tag(),
        }
    }

    /// Sends a stretch of the page as text.
    fn text(&mut self, range: Range<usize>, refs: bool, nul: Nul) {
        let bytes = &self.html.as_bytes()[..range.end];
        let (mut start, mut from) = (range.start, range.start);
        loop {
            let rest = &bytes[from..];
            let found = if refs { memchr2(b'&', 0, rest) } else { memchr(0, rest) };
            let Some(offset) = found else { break };
            let at = from + offset;
            if bytes[at] == 0 {
                self.run_of_text(start..at);
                self.send(match nul {
                    Nul::Token => NullCharacterToken,
                    Nul::Replaced => CharacterTokens(StrTendril::from_char('\u{fffd}')),
                });
                (start, from) = (at + 1, at + 1);
            } else if let Some((reference, length)) = charref::resolve(&self.html[at + 1..range.end], false) {
                self.run_of_text(start..at);
                let mut text = StrTendril::new();
                reference.for_each(|c| text.push_char(c));
                self.send(CharacterTokens(text));
                (start, from) = (at + 1 + length, at + 1 + length);
            } else {
                from = at + 1;
            }
        }
        self.run_of_text(start..range.end);
    }

    fn run_of_text(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            let text = self.window.cut(range);
            self.send(CharacterTokens(text));
        }
    }

    /// Sends a token that never changes how the page is read.
    fn send(&self, token: Token) {
        let result = self.sink.process_token(token, 1);
        debug_assert!(matches!(result, TokenSinkResult::Continue), "only tags switch the tokenizer's state");
    }
}

/// Whether what follows a `<` makes it markup.
fn opens_markup(rest: &[u8]) -> bool {
    match rest.first() {
        Some(b'/') => rest.len() > 1,
        Some(b'!' | b'?') => true,
        Some(byte) => byte.is_ascii_alphabetic(),
        None => false,
    }
}

/// A stretch of the page without NULs.
fn without_nul(text: &str) -> Cow<'_, str> {
    match memchr(0, text.as_bytes()) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.replace('\0', "\u{fffd}")),
    }
}
