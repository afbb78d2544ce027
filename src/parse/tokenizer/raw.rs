//! Elements whose text is not markup: titles and text areas with character references, styles without, scripts
//! with their comments.

use html5ever::tokenizer::TokenSink;
use html5ever::tokenizer::states::RawKind::{self, Rcdata, ScriptData};
use memchr::{memchr, memchr2, memmem};

use super::{Content, Nul, Tokenizer};

/// Bytes of a script that is looked into at most: those that hide text do nothing else.
const MAX_READ_SCRIPT: usize = 2 << 10;

impl<S: TokenSink> Tokenizer<'_, S> {
    /// Text up to the element's end tag, and that tag.
    pub(super) fn raw(&mut self, kind: RawKind) {
        let rest = &self.html.as_bytes()[self.at..];
        let length = match kind {
            ScriptData => end_of_script(rest, self.last_start.as_bytes()),
            _ => end_of_text(rest, self.last_start.as_bytes()),
        };
        let end = length.map_or(self.html.len(), |length| self.at + length);
        if kind != ScriptData || !self.skips_script || may_hide(&self.html.as_bytes()[self.at..end]) {
            self.text(self.at..end, kind == Rcdata, Nul::Replaced);
        }
        self.at = end;
        self.content = Content::Markup;
        if length.is_some() {
            self.end_tag();
        }
    }
}

/// Whether a script is one of those short ones that write wrappers around text or hide an element.
fn may_hide(script: &[u8]) -> bool {
    script.len() <= MAX_READ_SCRIPT
        && [b"document.write".as_slice(), b"getElementById("]
            .iter()
            .any(|call| memmem::find(script, call).is_some())
}

/// Where the end tag of `name` begins.
fn end_of_text(text: &[u8], name: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(offset) = memchr(b'<', &text[from..]) {
        let at = from + offset;
        if is_end_tag(&text[at..], name) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// How deep in a script's comment we are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Plain,
    /// Behind a `<!--`.
    Escaped,
    /// Behind a `<!--` and a `<script>`: an end tag only ends that one.
    DoubleEscaped,
}

/// Where the end tag of a script begins. `<!-- <script>` hides an end tag until `-->`.
fn end_of_script(text: &[u8], name: &[u8]) -> Option<usize> {
    let mut state = Script::Plain;
    let mut from = 0;
    // Where the dashes of a `-->` may begin.
    let mut dashes = 0;
    loop {
        let rest = &text[from..];
        let found = if state == Script::Plain { memchr(b'<', rest) } else { memchr2(b'<', b'>', rest) };
        let at = from + found?;
        from = at + 1;
        if text[at] == b'>' {
            if text[dashes..at].ends_with(b"--") {
                state = Script::Plain;
            }
            continue;
        }
        let tag = &text[at..];
        match state {
            Script::Plain | Script::Escaped if is_end_tag(tag, name) => return Some(at),
            Script::Plain if tag.starts_with(b"<!--") => {
                state = Script::Escaped;
                dashes = at + 2;
            }
            Script::Escaped if is_tag(&tag[1..], b"script") => state = Script::DoubleEscaped,
            Script::DoubleEscaped if is_end_tag(tag, b"script") => state = Script::Escaped,
            _ => {}
        }
    }
}

/// Whether an end tag of this name begins here.
fn is_end_tag(text: &[u8], name: &[u8]) -> bool {
    !name.is_empty() && text.get(1) == Some(&b'/') && is_tag(&text[2..], name)
}

/// Whether this name stands here and ends.
fn is_tag(text: &[u8], name: &[u8]) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        && matches!(text.get(name.len()), Some(b'\t' | b'\n' | b'\x0c' | b' ' | b'/' | b'>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(text: &str) -> Option<usize> {
        end_of_script(text.as_bytes(), b"script")
    }

    #[test]
    fn text_ends_at_its_own_end_tag() {
        assert_eq!(end_of_text(b"a</titles></b></TITLE >", b"title"), Some(14));
        assert_eq!(end_of_text(b"a</title", b"title"), None);
        assert_eq!(end_of_text(b"</>", b""), None);
    }

    #[test]
    fn scripts_hide_scripts_in_comments() {
        assert_eq!(script("x</script>"), Some(1));
        assert_eq!(script("<!-- </script>"), Some(5));
        assert_eq!(script("<!-- <script> </script> --> </script>"), Some(28));
        assert_eq!(script("<!-- <script> </script> </script>"), Some(24));
        assert_eq!(script("<!-- <script> --> </script>"), Some(18));
        assert_eq!(script("<!--><script></script>"), Some(13));
        assert_eq!(script("<!-- <scripts></script>"), Some(14));
        assert_eq!(script("<!-- <script></script"), None);
    }
}
