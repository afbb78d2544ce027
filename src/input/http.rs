//! An HTTP response as a crawler stored it, to the page in it: headers read, transfer and content codings undone.
//!
//! Crawlers often store a body unpacked and leave the header that says it is packed; so a coding is undone only where
//! the bytes have it.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::page::Media;

/// A response.
#[derive(Debug, Default)]
pub(super) struct Response<'a> {
    /// The status code; 0 if there is none.
    pub(super) status: u16,
    content_type: Option<String>,
    content_encoding: Option<String>,
    transfer_encoding: Option<String>,
    body: &'a [u8],
}

/// What a media type says of a body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ContentType {
    /// Whether it can be a page; `None` if nothing is said.
    pub(super) is_page: Option<bool>,
    pub(super) media: Option<Media>,
    pub(super) charset: Option<String>,
}

impl<'a> Response<'a> {
    /// Takes headers and body apart. Anything else is all body.
    pub(super) fn parse(bytes: &'a [u8]) -> Self {
        if !bytes.starts_with(b"HTTP/") {
            return Self { body: bytes, ..Self::default() };
        }
        let mut response = Self::default();
        let mut rest = bytes;
        let mut first = true;
        while let Some((line, after)) = line(rest) {
            rest = after;
            if line.is_empty() {
                break;
            }
            let line = String::from_utf8_lossy(line);
            if std::mem::take(&mut first) {
                response.status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
            } else if let Some((name, value)) = line.split_once(':') {
                response.header(name.trim(), value.trim());
            }
        }
        response.body = rest;
        response
    }

    fn header(&mut self, name: &str, value: &str) {
        match name.to_ascii_lowercase().as_str() {
            "content-type" => self.content_type = Some(value.to_owned()),
            "content-encoding" => self.content_encoding = Some(value.to_ascii_lowercase()),
            "transfer-encoding" => self.transfer_encoding = Some(value.to_ascii_lowercase()),
            _ => {}
        }
    }

    pub(super) fn content_type(&self) -> ContentType {
        self.content_type.as_deref().map(content_type).unwrap_or_default()
    }

    /// The body without its codings, at most so many bytes of it. What can be read of a damaged one is taken if the
    /// crawler says that it cut it (`is_cut`).
    pub(super) fn body(&self, max_bytes: usize, is_cut: bool) -> io::Result<Vec<u8>> {
        let is_chunked = self.transfer_encoding.as_deref().is_some_and(|codings| codings.contains("chunked"));
        let joined = if is_chunked { unchunked(self.body) } else { None };
        let mut body = joined.unwrap_or_else(|| self.body.to_vec());
        // What was done last is undone first.
        let codings = [&self.transfer_encoding, &self.content_encoding];
        for coding in codings.into_iter().flatten().flat_map(|codings| codings.rsplit(',')) {
            let mut out = Vec::new();
            let Some(decoder) = decoder(coding.trim(), &body) else { continue };
            match decoder.take(max_bytes as u64).read_to_end(&mut out) {
                Err(_) if is_cut && !out.is_empty() => {}
                read => {
                    read.map_err(|error| {
                        io::Error::other(format!("the body is not sound {}: {error}", coding.trim()))
                    })?;
                }
            }
            body = out;
        }
        body.truncate(max_bytes);
        Ok(body)
    }
}

fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(b'\n', bytes)?;
    let line = &bytes[..end];
    Some((line.strip_suffix(b"\r").unwrap_or(line), &bytes[end + 1..]))
}

/// What undoes a coding, if the bytes have it.
fn decoder<'a>(coding: &str, body: &'a [u8]) -> Option<Box<dyn Read + 'a>> {
    match coding {
        "gzip" | "x-gzip" if body.starts_with(&[0x1F, 0x8B]) => Some(Box::new(MultiGzDecoder::new(body))),
        // Half of the servers mean it with the zlib header, half without.
        "deflate" => match body {
            [first, second, ..]
                if first & 0x0F == 8 && u16::from_be_bytes([*first, *second]).is_multiple_of(31) =>
            {
                Some(Box::new(ZlibDecoder::new(body)))
            }
            body if looks_like_markup(body) => None,
            body => Some(Box::new(DeflateDecoder::new(body))),
        },
        #[cfg(feature = "formats")]
        "br" if !looks_like_markup(body) => Some(Box::new(brotli::Decompressor::new(body, 16 << 10))),
        #[cfg(feature = "formats")]
        "zstd" if body.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) => {
            zstd::Decoder::new(body).ok().map(|decoder| Box::new(decoder) as Box<dyn Read + 'a>)
        }
        _ => None,
    }
}

fn looks_like_markup(body: &[u8]) -> bool {
    body.trim_ascii_start().first().is_none_or(|byte| *byte == b'<')
}

/// Joins the chunks of a body; `None` if it has none. What is there of a body that is cut short is taken.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(rest.len());
    let mut any = false;
    while let Some((head, after)) = line(rest) {
        let digits = head.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        let size = std::str::from_utf8(digits).ok().and_then(|digits| usize::from_str_radix(digits, 16).ok());
        let Some(size) = size else { return any.then_some(out) };
        any = true;
        if size == 0 {
            break;
        }
        out.extend_from_slice(&after[..size.min(after.len())]);
        rest = after.get(size..).unwrap_or_default();
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
    any.then_some(out)
}

/// Reads the value of a `Content-Type` header.
pub(super) fn content_type(value: &str) -> ContentType {
    let mut parts = value.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    });
    let (is_page, media) = match kind.as_str() {
        "text/html" | "application/xhtml+xml" => (Some(true), Some(Media::Html)),
        // Servers call anything plain text.
        "text/plain" => (Some(true), None),
        "" | "unknown/unknown" => (None, None),
        _ => (Some(false), None),
    };
    ContentType { is_page, media, charset: charset.filter(|charset| !charset.is_empty()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(head: &str, body: &[u8], max: usize) -> io::Result<String> {
        let bytes = [b"HTTP/1.1 200 OK\r\n", head.as_bytes(), b"\r\n", body].concat();
        let body = Response::parse(&bytes).body(max, false)?;
        Ok(String::from_utf8(body).expect("the page is ASCII"))
    }

    #[test]
    fn headers_and_body_part() {
        let response =
            Response::parse(b"HTTP/1.0 404 Not Found\ncontent-TYPE: text/HTML; Charset=\"GBK\"\n\n<p>x");
        assert_eq!((response.status, response.body), (404, &b"<p>x"[..]));
        let expected =
            ContentType { is_page: Some(true), media: Some(Media::Html), charset: Some("GBK".to_owned()) };
        assert_eq!(response.content_type(), expected);
        assert_eq!(content_type("image/png").is_page, Some(false));
        assert_eq!(Response::parse(b"<p>no headers").body, b"<p>no headers");
    }

    #[test]
    fn chunks_are_joined() {
        let chunked = "Transfer-Encoding: chunked\r\n";
        assert_eq!(body(chunked, b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", 99).expect("sound"), "abcde");
        assert_eq!(body(chunked, b"5\r\nab", 99).expect("cut"), "ab");
        assert_eq!(
            body(chunked, b"<p>stored without chunks\n", 99).expect("sound"),
            "<p>stored without chunks\n"
        );
    }

    #[test]
    fn codings_are_undone_where_they_are() {
        use std::io::Write;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(&[b'x'; 5000]).expect("memory takes all");
        let gzip = gzip.finish().expect("memory takes all");
        let head = "Content-Encoding: gzip\r\n";
        assert_eq!(body(head, &gzip, 9999).expect("sound").len(), 5000);
        assert_eq!(body(head, &gzip, 100).expect("sound").len(), 100);
        assert_eq!(body(head, b"<p>unpacked", 100).expect("sound"), "<p>unpacked");
        assert!(body(head, &gzip[..gzip.len() - 9], 9999).is_err());
        let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        deflate.write_all(b"<p>raw").expect("memory takes all");
        let deflate = deflate.finish().expect("memory takes all");
        assert_eq!(body("Content-Encoding: deflate\r\n", &deflate, 99).expect("sound"), "<p>raw");
        let chunk = [format!("{:x}\r\n", gzip.len()).as_bytes(), &gzip, b"\r\n0\r\n\r\n"].concat();
        for head in [
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: Chunked\r\nContent-Encoding: gzip\r\n",
        ] {
            assert_eq!(body(head, &chunk, 9999).expect("sound").len(), 5000, "{head}");
        }
    }
}
