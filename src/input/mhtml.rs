//! A page that a browser saved with everything in it (MHTML), to the bytes of the page alone.
//!
//! The page is the first part that is HTML; frames, styles and pictures are left. A file that cannot be taken apart
//! is left as it is: then it is cleaned as the text that it looks like.

use mailparse::{MailHeaderMap, ParsedMail};

use super::{Record, http};

/// How far the headers reach in which a file says what it is.
const HEAD: usize = 4 << 10;

/// Parts within parts are taken apart by recursion: a file with more boundaries than a browser writes is not.
const MAX_BOUNDARIES: usize = 32;

/// Puts the page in place of the file.
pub(super) fn unwrap(record: &mut Record) {
    if !looks_like_mhtml(&record.bytes) {
        return;
    }
    let Ok(mail) = mailparse::parse_mail(&record.bytes) else { return };
    let Some((page, bytes)) = page(&mail).and_then(|page| Some((page, page.get_body_raw().ok()?))) else {
        return;
    };
    let own = page.headers.get_first_value("Content-Location");
    let url = mail.headers.get_first_value("Snapshot-Content-Location").or(own);
    let kind = page.headers.get_first_value("Content-Type").map(|value| http::content_type(&value));
    record.url = url.filter(|url| url.starts_with("http"));
    record.charset = kind.and_then(|kind| kind.charset);
    record.bytes = bytes;
}

fn page<'a>(mail: &'a ParsedMail<'a>) -> Option<&'a ParsedMail<'a>> {
    mail.parts().find(|part| part.subparts.is_empty() && part.ctype.mimetype == "text/html")
}

/// Whether it begins with the headers of a message that has related parts.
pub(super) fn looks_like_mhtml(bytes: &[u8]) -> bool {
    let head = bytes[..bytes.len().min(HEAD)].to_ascii_lowercase();
    let name = head.iter().take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'-').count();
    let has = |wanted: &[u8]| memchr::memmem::find(&head, wanted).is_some();
    name > 0
        && head.get(name) == Some(&b':')
        && has(b"multipart/related")
        && has(b"boundary=")
        && memchr::memmem::find_iter(bytes, b"oundary=").take(MAX_BOUNDARIES + 1).count() <= MAX_BOUNDARIES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_taken_out() {
        let file = "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://example.org/a\r\n\
            MIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"--x\"\r\n\r\n\
            ----x\r\nContent-Type: text/html; charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\
            Content-Location: https://example.org/b\r\n\r\n<p>caf=E9 =\r\nau lait\r\n----x\r\n\
            Content-Type: text/css\r\n\r\np {}\r\n----x--\r\n";
        let mut record = Record { bytes: file.as_bytes().to_vec(), ..Record::default() };
        unwrap(&mut record);
        assert_eq!(record.bytes.trim_ascii_end(), b"<p>caf\xE9 au lait");
        assert_eq!(record.url.as_deref(), Some("https://example.org/a"));
        assert_eq!(record.charset.as_deref(), Some("windows-1252"));
    }

    #[test]
    fn what_is_none_is_left() {
        for page in ["<p>multipart/related; boundary=x", "Subject: multipart\n\ntext", ""] {
            assert!(!looks_like_mhtml(page.as_bytes()), "{page}");
        }
        let nested = format!("A: b\nContent-Type: multipart/related; {}", "boundary=x\n".repeat(100));
        assert!(!looks_like_mhtml(nested.as_bytes()));
    }
}
