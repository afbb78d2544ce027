//! What begins with `<!`: comments, doctypes, CDATA sections, and what only looks like one of them.

use std::cell::RefCell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    CommentToken, Doctype, DoctypeToken, Token, TokenSink, TokenSinkResult, TokenizerOpts,
};
use memchr::{memchr, memmem};

use super::{Content, Nul, Scope, Tokenizer, without_nul};

impl<S: TokenSink> Tokenizer<'_, S> {
    /// At `<!`.
    pub(super) fn declaration(&mut self) {
        const DOCTYPE: &str = "doctype";
        let rest = &self.html[self.at + 2..];
        if rest.starts_with("--") {
            self.comment();
        } else if rest
            .as_bytes()
            .get(..DOCTYPE.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(DOCTYPE.as_bytes()))
        {
            self.doctype();
        } else if rest.starts_with("[CDATA[")
            && self.sink.adjusted_current_node_present_but_not_in_html_namespace()
        {
            self.at += "<![CDATA[".len();
            self.content = Content::Cdata;
        } else {
            self.bogus_comment(self.at + 2);
        }
    }

    fn comment(&mut self) {
        let start = self.at + "<!--".len();
        let rest = &self.html[start..];
        let (length, end) = if rest.starts_with('>') {
            (0, 1)
        } else if rest.starts_with("->") {
            (0, 2)
        } else {
            end_of_comment(rest)
        };
        self.send_comment(start, start + length);
        self.at = start + end;
    }

    /// What begins like a comment or declaration and is none: it goes to the next `>`.
    pub(super) fn bogus_comment(&mut self, start: usize) {
        let length = memchr(b'>', &self.html.as_bytes()[start..]);
        let end = length.map_or(self.html.len(), |length| start + length);
        self.send_comment(start, end);
        self.at = (end + 1).min(self.html.len());
    }

    /// The tree builder wants to know that there was a comment, not what it says.
    fn send_comment(&mut self, start: usize, end: usize) {
        let text = match self.scope {
            Scope::Tree => StrTendril::new(),
            Scope::Everything => StrTendril::from_slice(&without_nul(&self.html[start..end])),
        };
        self.send(CommentToken(text));
    }

    /// A doctype goes to the next `>`, wherever that stands.
    fn doctype(&mut self) {
        let length = memchr(b'>', &self.html.as_bytes()[self.at..]);
        let end = length.map_or(self.html.len(), |length| self.at + length + 1);
        // Only the first one says how the page is laid out.
        let first = !std::mem::replace(&mut self.has_doctype, true);
        let wanted = first || self.scope != Scope::Tree;
        let doctype = if wanted { read_doctype(&self.html[self.at..end]) } else { Doctype::default() };
        self.send(DoctypeToken(doctype));
        self.at = end;
    }

    /// Text up to `]]>`.
    pub(super) fn cdata(&mut self) {
        let length = memmem::find(&self.html.as_bytes()[self.at..], b"]]>");
        let end = length.map_or(self.html.len(), |length| self.at + length);
        self.text(self.at..end, false, Nul::Token);
        self.at = (end + 3).min(self.html.len());
        self.content = Content::Markup;
    }
}

/// The length of a comment's text, and where what follows it begins.
fn end_of_comment(text: &str) -> (usize, usize) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(offset) = memchr(b'>', &bytes[from..]) {
        let at = from + offset;
        for end in ["--", "--!"] {
            if bytes[..at].ends_with(end.as_bytes()) {
                return (at - end.len(), at + 1);
            }
        }
        from = at + 1;
    }
    // At the end of the page, an unfinished end mark does not belong to the text.
    let trimmed = ["--!", "--", "-"].iter().find_map(|end| text.strip_suffix(end));
    (trimmed.unwrap_or(text).len(), text.len())
}

/// A page has one doctype, with states enough for a dozen: html5ever's tokenizer reads it.
fn read_doctype(source: &str) -> Doctype {
    struct Catch(RefCell<Doctype>);

    impl TokenSink for Catch {
        type Handle = ();

        fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
            if let DoctypeToken(doctype) = token {
                self.0.replace(doctype);
            }
            TokenSinkResult::Continue
        }
    }

    let catch = Catch(RefCell::new(Doctype::default()));
    let tokenizer = html5ever::tokenizer::Tokenizer::new(catch, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(source));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_end_where_browsers_end_them() {
        assert_eq!(end_of_comment(" a -- b --> c"), (8, 11));
        assert_eq!(end_of_comment("a--!>b"), (1, 5));
        assert_eq!(end_of_comment("--->"), (1, 4));
        assert_eq!(end_of_comment("a>b->c--"), (6, 8));
        assert_eq!(end_of_comment("a--!"), (1, 4));
    }

    #[test]
    fn doctypes() {
        let doctype = read_doctype("<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>");
        assert_eq!(doctype.name.as_deref(), Some("html"));
        assert_eq!(doctype.public_id.as_deref(), Some("-//W3C//DTD HTML 4.01//EN"));
        assert!(read_doctype("<!DOCTYPE html").force_quirks);
    }
}
