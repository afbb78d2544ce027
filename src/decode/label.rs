//! The charset that a page names in its own head: `meta charset`, `meta http-equiv`, the XML declaration.

use encoding_rs::Encoding;

/// The first charset that the head names and that exists.
pub(super) fn of(head: &[u8]) -> Option<&'static Encoding> {
    let head = head.to_ascii_lowercase();
    let mut tags = head.split(|&byte| byte == b'<').filter_map(|tag| {
        let end = memchr::memchr(b'>', tag).unwrap_or(tag.len());
        let tag = &tag[..end];
        match tag {
            _ if tag.starts_with(b"meta") => value(tag, b"charset"),
            _ if tag.starts_with(b"?xml") => value(tag, b"encoding"),
            _ => None,
        }
    });
    tags.find_map(Encoding::for_label)
}

/// What stands after `name` and an equals sign, with or without quotes.
fn value<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace();
    memchr::memmem::find_iter(tag, name).find_map(|at| {
        let rest = tag[at + name.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let quoted = rest.first().filter(|byte| matches!(byte, b'"' | b'\''));
        let rest = if quoted.is_some() { &rest[1..] } else { rest };
        let ends = |byte: &u8| is_blank(byte) || matches!(byte, b'"' | b'\'' | b';' | b',' | b'/');
        let end = rest.iter().position(ends).unwrap_or(rest.len());
        (end > 0).then_some(&rest[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(head: &str) -> Option<&'static str> {
        of(head.as_bytes()).map(Encoding::name)
    }

    #[test]
    fn ways_to_name_a_charset() {
        assert_eq!(name("<META CHARSET = 'GB2312' />"), Some("GBK"));
        assert_eq!(name("<meta http-equiv=a content=\"text/html; charset=euc-kr\">"), Some("EUC-KR"));
        assert_eq!(name("<meta charset=shift_jis/>"), Some("Shift_JIS"));
        assert_eq!(name("<?xml version='1.0' encoding='ISO-8859-2'?><html>"), Some("ISO-8859-2"));
    }

    #[test]
    fn names_that_are_none() {
        assert_eq!(name("<meta name=description content='what a charset is'>"), None);
        assert_eq!(name("<p>charset=gbk</p>"), None);
        assert_eq!(name("<meta charset=nonsense><meta charset=big5>"), Some("Big5"));
        assert_eq!(name("<meta charset="), None);
    }
}
