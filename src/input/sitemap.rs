//! A sitemap to the paths in it: what each `loc` names.
//!
//! A sitemap lists a site's pages; one of files, as tools write it for a copy of a site on disk, has `file:` addresses
//! or paths. What is an address of the web stays one, and is refused as an input by its name: dehusk fetches nothing.
//! An index of sitemaps has the same form, with files that are sitemaps themselves.

use std::borrow::Cow;
use std::io;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, Event};

/// What a sitemap lists.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sitemap {
    /// Whether these are sitemaps, not pages.
    pub(super) is_index: bool,
    pub(super) places: Vec<Vec<u8>>,
}

/// Whether a list of paths is a sitemap.
pub(super) fn looks_like_sitemap(list: &[u8]) -> bool {
    let list = list.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(list).trim_ascii_start();
    [&b"<?xml"[..], b"<urlset", b"<sitemapindex"].iter().any(|start| list.starts_with(start))
}

/// Reads a sitemap; an error has the byte at which it is broken.
pub(super) fn parse(xml: &[u8]) -> Result<Sitemap, (u64, io::Error)> {
    let invalid = |reason: String| io::Error::new(io::ErrorKind::InvalidData, reason);
    let text = std::str::from_utf8(xml)
        .map_err(|error| (error.valid_up_to() as u64, invalid("a sitemap is UTF-8".to_owned())))?;
    let mut reader = Reader::from_str(text);
    let mut sitemap = Sitemap::default();
    let mut open: Vec<String> = Vec::new();
    let mut place = String::new();
    loop {
        let event = reader.read_event();
        let event = event
            .map_err(|error| (reader.error_position(), invalid(format!("the sitemap is broken: {error}"))))?;
        let is_place = match open.as_slice() {
            [.., outer, inner] => inner == "loc" && (outer == "url" || outer == "sitemap"),
            _ => false,
        };
        match event {
            Event::Start(tag) => {
                let name = tag.local_name().as_ref().to_owned();
                sitemap.is_index |= open.is_empty() && name == "sitemapindex";
                open.push(name);
            }
            Event::End(_) => {
                open.pop();
                if is_place && !place.trim().is_empty() {
                    sitemap.places.push(file(place.trim()).into_owned());
                }
                place.clear();
            }
            Event::Text(text) if is_place => place.push_str(&text.xml10_content()),
            Event::CData(text) if is_place => place.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) if is_place => {
                let at = reader.buffer_position();
                let meant =
                    resolved(&entity).ok_or_else(|| (at, invalid(format!("nobody knows &{};", &*entity))))?;
                place.push_str(&meant);
            }
            Event::Eof if open.is_empty() => return Ok(sitemap),
            Event::Eof => return Err((xml.len() as u64, invalid("the sitemap is cut short".to_owned()))),
            _ => {}
        }
    }
}

/// What an entity stands for.
fn resolved(entity: &BytesRef<'_>) -> Option<String> {
    match entity.resolve_char_ref().ok()? {
        Some(character) => Some(character.to_string()),
        None => resolve_xml_entity(entity).map(str::to_owned),
    }
}

/// The path of a `file:` address; anything else as it is.
fn file(place: &str) -> Cow<'_, [u8]> {
    let Some(rest) = place.strip_prefix("file://") else { return place.as_bytes().into() };
    let escaped = rest.strip_prefix("localhost").unwrap_or(rest).as_bytes();
    let mut path = Vec::with_capacity(escaped.len());
    let mut at = 0;
    while let Some(byte) = escaped.get(at) {
        let digits =
            escaped.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|hex| str::from_utf8(hex).ok());
        let escape = digits.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        path.push(escape.unwrap_or(*byte));
        at += if escape.is_some() { 3 } else { 1 };
    }
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(xml: &str) -> Vec<String> {
        let found = parse(xml.as_bytes()).expect("sound");
        found.places.iter().map(|place| String::from_utf8_lossy(place).into_owned()).collect()
    }

    #[test]
    fn every_loc_is_a_place() {
        let xml = "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a copy -->\n\
            <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:image=\"http://i\">\n\
            <url><loc> pages/a.html\n</loc><lastmod>2026-01-02</lastmod><image:image><image:loc>x.png</image:loc>\
            </image:image></url>\n<url><loc>file:///x/b%20c%E4.html</loc></url>\
            <url><loc>file://localhost/d&amp;e&#x21;.html</loc></url><url><loc><![CDATA[f&g.html]]></loc></url>\
            <url><loc>https://example.org/?a=1&amp;b=2</loc></url><url><loc/></url></urlset>";
        assert!(looks_like_sitemap(xml.as_bytes()));
        let expected =
            ["pages/a.html", "/x/b c\u{FFFD}.html", "/d&e!.html", "f&g.html", "https://example.org/?a=1&b=2"];
        assert_eq!(places(xml), expected);
        assert!(!looks_like_sitemap(b"<a>.html\npages/b.html"));
    }

    #[test]
    fn an_index_is_told() {
        let xml = "<sitemapindex><sitemap><loc>a.xml.gz</loc></sitemap></sitemapindex>";
        let found = parse(xml.as_bytes()).expect("sound");
        assert!(found.is_index && found.places == [b"a.xml.gz"]);
    }

    #[test]
    fn what_is_broken_is_told_with_its_place() {
        for (xml, at, reason) in [
            ("<urlset><url><loc>a</url></urlset>", 19, "the sitemap is broken"),
            ("<urlset><url><loc>a</loc>", 25, "cut short"),
            ("<urlset><url><loc>&nbsp;</loc></url></urlset>", 24, "nobody knows &nbsp;"),
        ] {
            let (found, error) = parse(xml.as_bytes()).expect_err(xml);
            assert!(found == at && error.to_string().contains(reason), "{xml}: {found}: {error}");
        }
        assert_eq!(parse(b"<urlset>\xFF</urlset>").expect_err("no UTF-8").0, 8);
    }
}
