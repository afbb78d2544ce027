//! Text that is put into HTML or XML: whatever it holds, it stays text.

use std::fmt::{self, Display, Write};

/// Shows a text with the characters escaped that mean something in markup, in content and in quoted attributes.
/// Control characters, which XML does not allow, become replacement characters.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => formatter.write_str("&amp;")?,
                '<' => formatter.write_str("&lt;")?,
                '>' => formatter.write_str("&gt;")?,
                '"' => formatter.write_str("&quot;")?,
                '\'' => formatter.write_str("&#39;")?,
                '\t' | '\n' => formatter.write_char(c)?,
                '\u{FFFE}' | '\u{FFFF}' => formatter.write_char('\u{FFFD}')?,
                c if c.is_control() => formatter.write_char('\u{FFFD}')?,
                c => formatter.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        let hostile = "</script><img src=x onerror='a(\"b\")'>&\0";
        let shown = Escaped(hostile).to_string();
        assert_eq!(shown, "&lt;/script&gt;&lt;img src=x onerror=&#39;a(&quot;b&quot;)&#39;&gt;&amp;\u{FFFD}");
    }
}
