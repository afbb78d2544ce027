//! JSON lines and JSON arrays to records: an object for each page.
//!
//! In a file of lines a line is an object, and a line that is none is a failure of its own. In an array the objects
//! are told apart by their brackets, so that an array of any length is read one object at a time. Of an object only
//! the fields that matter are kept.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead};

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Entry;
use super::many::{Emit, Source};
use super::reading::{Role, from_base64};
use super::unpack::Unpacked;
use crate::error::Error;

/// The mark at the head of a file that some editors put before UTF-8.
pub(super) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// How many bytes a byte of a page can take in JSON, as `\u0000`.
const ESCAPED: usize = 6;

/// Room for the other fields of an object.
const MAX_OTHER: usize = 1 << 20;

/// Reads an object a line.
pub(super) fn read_lines(source: &Source, mut input: Unpacked, emit: &mut Emit<'_>) {
    let mut number = 0;
    loop {
        let mut line = Piece::new(source);
        let more = skip_empty(&mut input, &mut number);
        let at = input.offset();
        let more = more.and_then(|()| line.line(&mut input));
        let entry = match more {
            Err(error) => Err(source.damage(at, error)),
            Ok(false) => return,
            Ok(true) => {
                number += 1;
                if !line.is_long && line.bytes.trim_ascii().is_empty() {
                    continue;
                }
                line.entry(source, number, &format!("line {number}"), at)
            }
        };
        if !emit(entry) {
            return;
        }
    }
}

/// Reads an array of objects, or objects one after another.
pub(super) fn read_values(source: &Source, mut input: Unpacked, emit: &mut Emit<'_>) {
    let mut number = 0;
    loop {
        let mut object = Piece::new(source);
        let mut at = input.offset();
        let entry = match object.object(&mut input, &mut at) {
            Err(error) => Err(source.damage(at, error)),
            Ok(false) => return,
            Ok(true) => {
                number += 1;
                object.entry(source, number, &format!("object {number}"), at)
            }
        };
        if !emit(entry) {
            return;
        }
    }
}

/// Passes over empty lines and counts them.
fn skip_empty(input: &mut Unpacked, number: &mut u64) -> io::Result<()> {
    loop {
        let chunk = input.fill_buf()?;
        let count = chunk.iter().position(|byte| !matches!(byte, b'\n' | b'\r')).unwrap_or(chunk.len());
        *number += memchr::memchr_iter(b'\n', &chunk[..count]).count() as u64;
        if count == 0 {
            return Ok(());
        }
        input.consume(count);
    }
}

/// The text of one object.
struct Piece {
    bytes: Vec<u8>,
    room: usize,
    is_long: bool,
}

impl Piece {
    fn new(source: &Source) -> Self {
        let room = source.room().saturating_mul(ESCAPED).saturating_add(MAX_OTHER);
        Self { bytes: Vec::new(), room, is_long: false }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.is_long || self.bytes.len() + bytes.len() > self.room {
            self.is_long = true;
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(bytes);
        }
    }

    /// Takes a line; `false` at the end.
    fn line(&mut self, input: &mut Unpacked) -> io::Result<bool> {
        let mut any = false;
        loop {
            let chunk = input.fill_buf()?;
            if chunk.is_empty() {
                return Ok(any);
            }
            any = true;
            let end = memchr::memchr(b'\n', chunk);
            let count = end.map_or(chunk.len(), |end| end + 1);
            self.keep(&chunk[..count]);
            input.consume(count);
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    /// Takes an object: from a brace to the one that closes it. `at` becomes the place of the first. `false` at the
    /// end.
    fn object(&mut self, input: &mut Unpacked, at: &mut u64) -> io::Result<bool> {
        let (mut depth, mut in_string, mut escaped) = (0_u32, false, false);
        loop {
            let offset = input.offset();
            let chunk = input.fill_buf()?;
            if chunk.is_empty() {
                let message = "the file ends within an object";
                return if depth == 0 {
                    Ok(false)
                } else {
                    Err(io::Error::new(io::ErrorKind::UnexpectedEof, message))
                };
            }
            let start = if depth > 0 { Some(0) } else { memchr::memchr(b'{', chunk) };
            let Some(start) = start else {
                let count = chunk.len();
                input.consume(count);
                continue;
            };
            if depth == 0 {
                *at = offset + start as u64;
            }
            let mut end = None;
            for (index, byte) in chunk.iter().enumerate().skip(start) {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    _ if in_string => {}
                    b'{' => depth += 1,
                    b'}' => {
                        depth -= 1;
                        if depth == 0 {
                            end = Some(index + 1);
                            break;
                        }
                    }
                    _ => {}
                }
            }
            let count = end.unwrap_or(chunk.len());
            self.keep(&chunk[start..count]);
            input.consume(count);
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    fn entry(&self, source: &Source, number: u64, place: &str, at: u64) -> Result<Entry, Error> {
        let damage = |reason: String| {
            source.damage(at, io::Error::new(io::ErrorKind::InvalidData, format!("{place}: {reason}")))
        };
        if self.is_long {
            return Err(damage(format!("it is longer than {} bytes", self.room)));
        }
        let bytes = self.bytes.strip_prefix(BOM).unwrap_or(&self.bytes);
        let repaired;
        let found = match (parsed(source, bytes), repaired_text(bytes)) {
            (Err(_), Some(text)) => {
                repaired = text;
                parsed(source, &repaired)
            }
            (found, _) => found,
        };
        // The line that the parser counts is always the first.
        let found =
            found.map_err(|error| damage(error.to_string().replace(" at line 1 column", " at column")))?;
        let Some((_, base64, content)) = found.content else {
            let fields = source.reading.content_fields();
            return Err(damage(format!("no page in it, it has none of the fields {fields}")));
        };
        let mut bytes = if base64 {
            from_base64(content.as_bytes()).map_err(damage)?
        } else {
            content.into_owned().into_bytes()
        };
        bytes.truncate(source.room());
        let mut record = source.record(number, found.id.as_ref().map(|(_, id)| id.as_str()), bytes);
        record.url = found.url.map(|(_, url)| url);
        record.charset = (!base64).then(|| "utf-8".to_owned());
        Ok(Entry::Record(record))
    }
}

fn parsed<'a>(source: &Source, bytes: &'a [u8]) -> serde_json::Result<Found<'a>> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let found = Wanted(source).deserialize(&mut deserializer)?;
    deserializer.end().map(|()| found)
}

/// JSON in which a page's text is no Unicode, made so: bytes that are no UTF-8, and half of a pair of surrogates, where
/// a string was cut in two. `None` if there is nothing of that.
fn repaired_text(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text = String::from_utf8_lossy(bytes).into_owned().into_bytes();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        let here = at + found;
        at = match (surrogate(&text, here), surrogate(&text, here + 6)) {
            (Some(0xD800..0xDC00), Some(0xDC00..)) => here + 12,
            (Some(_), _) => {
                text[here + 2..here + 6].copy_from_slice(b"fffd");
                here + 6
            }
            (None, _) => here + 2,
        };
    }
    (text != bytes).then_some(text)
}

/// The value of the escape that begins here, if it is a surrogate.
fn surrogate(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let value = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    (0xD800..0xE000).contains(&value).then_some(value)
}

/// The fields of an object that matter, each with its rank.
#[derive(Default)]
struct Found<'a> {
    content: Option<(usize, bool, Cow<'a, str>)>,
    url: Option<(usize, String)>,
    id: Option<(usize, String)>,
}

struct Wanted<'s>(&'s Source);

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = Found<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Found<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found<'de>, A::Error> {
        let mut found = Found::default();
        while let Some(Text(name)) = map.next_key::<Text<'_>>()? {
            match self.0.reading.role(&name) {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(role) => {
                    let Some(value) = map.next_value::<Scalar<'_>>()?.0 else { continue };
                    match role {
                        Role::Content { rank, base64 } => {
                            if found.content.as_ref().is_none_or(|(best, ..)| rank < *best) {
                                found.content = Some((rank, base64, value));
                            }
                        }
                        Role::Url { rank } => better(&mut found.url, rank, value),
                        Role::Id { rank } => better(&mut found.id, rank, value),
                    }
                }
            }
        }
        Ok(found)
    }
}

fn better(slot: &mut Option<(usize, String)>, rank: usize, value: Cow<'_, str>) {
    if slot.as_ref().is_none_or(|(best, _)| rank < *best) {
        *slot = Some((rank, value.into_owned()));
    }
}

/// A string that is borrowed where it can be.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A string, a number or a truth value as a string, or nothing: a list or an object is no page and no name.
struct Scalar<'a>(Option<Cow<'a, str>>);

impl<'de> serde::Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Scalar<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Borrowed(text))))
            }

            fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Owned(text.to_owned()))))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Owned(number.to_string()))))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Owned(number.to_string()))))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Owned(number.to_string()))))
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Scalar<'de>, E> {
                Ok(Scalar(Some(Cow::Owned(flag.to_string()))))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar<'de>, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar(None))
            }

            fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
                Ok(Scalar(None))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
