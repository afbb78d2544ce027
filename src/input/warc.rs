//! WARC to records: responses, resources and conversions (the texts of a WET file), one after another.
//!
//! Written by hand: the crates that read WARC are either slow, or want to seek and so cannot read a pipe, and the
//! format is a few headers and a length. No length is believed before its bytes have come: a record is handed on only
//! if the next one, or the end, stands right behind it. Behind damage reading goes on at the next line that begins a
//! record.

use std::fs::File;
use std::io::{self, BufRead, Read};

use super::http::{self, Response};
use super::many::{Emit, Source};
use super::unpack::Unpacked;
use super::{Entry, page};
use crate::error::Error;
use crate::page::Media;

/// The longest header line, and the longest header of a record or of the response in it.
const MAX_LINE: u64 = 64 << 10;
const MAX_HEADER: usize = 1 << 20;

/// No record is longer than this, whatever it claims: 1 TiB.
const MAX_CLAIM: u64 = 1 << 40;

/// How often a file is read again from its beginning, because a record lied about more bytes than are kept.
const MAX_REREADS: u32 = 4;

/// Reads all records. `length` is that of the file, if it is a file.
pub(super) fn read(source: &Source, input: Unpacked, length: Option<u64>, emit: &mut Emit<'_>) {
    let mut reader =
        Reader { source, input, length, number: 0, rereads: 0, line: Vec::new(), pending: false };
    loop {
        let entry = match reader.next() {
            Ok(Step::End) => return,
            Ok(Step::NoPage) => continue,
            Ok(Step::Entry(entry)) => Ok(entry),
            Err(error) => Err(error),
        };
        let failed = entry.is_err();
        if !emit(entry) {
            return;
        }
        if failed {
            while let Err(error) = reader.find_next() {
                if !emit(Err(error)) {
                    return;
                }
            }
        }
    }
}

struct Reader<'a> {
    source: &'a Source,
    input: Unpacked,
    length: Option<u64>,
    /// Records so far.
    number: u64,
    rereads: u32,
    line: Vec<u8>,
    /// The line is the first of the next record.
    pending: bool,
}

/// What a record turned out to be.
enum Step {
    Entry(Entry),
    /// A record of a kind that holds none.
    NoPage,
    /// There is no further one.
    End,
}

/// The headers of a record that matter.
#[derive(Default)]
struct Head {
    kind: String,
    url: Option<String>,
    content_type: Option<String>,
    length: Option<u64>,
    is_cut: bool,
    is_segment: bool,
}

impl Reader<'_> {
    fn next(&mut self) -> Result<Step, Error> {
        let start = self.input.offset();
        self.first_line().map_err(|error| self.source.damage(start, error))?;
        if self.line.is_empty() {
            return Ok(Step::End);
        }
        self.number += 1;
        let at = self.input.offset() - self.line.len() as u64;
        let damage = |error| self.source.damage(at, error);
        if !is_start(&self.line) {
            return Err(damage(invalid("no WARC record begins here")));
        }
        let head = self.head().map_err(|error| self.source.damage(at, error))?;
        self.content(&head).map_err(|error| self.source.damage(at, error))
    }

    /// Moves to the first line of the next record, or to the end.
    fn first_line(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.pending) {
            return Ok(());
        }
        loop {
            self.read_line()?;
            if self.line.is_empty() || !self.line.trim_ascii().is_empty() {
                return Ok(());
            }
        }
    }

    /// Behind damage: moves to the next line that begins a record.
    fn find_next(&mut self) -> Result<(), Error> {
        self.pending = false;
        loop {
            let at = self.input.offset();
            self.read_line().map_err(|error| self.source.damage(at, error))?;
            if self.line.is_empty() || is_start(&self.line) {
                self.pending = !self.line.is_empty();
                return Ok(());
            }
        }
    }

    fn read_line(&mut self) -> io::Result<()> {
        self.line.clear();
        self.input.by_ref().take(MAX_LINE).read_until(b'\n', &mut self.line).map(|_| ())
    }

    fn head(&mut self) -> io::Result<Head> {
        let mut head = Head::default();
        let mut size = 0;
        loop {
            self.read_line()?;
            size += self.line.len();
            if self.line.is_empty() || size > MAX_HEADER {
                return Err(invalid("the header of the record does not end"));
            }
            let line = String::from_utf8_lossy(self.line.trim_ascii_end());
            if line.is_empty() {
                return Ok(head);
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "warc-type" => head.kind = value.to_ascii_lowercase(),
                // Some writers put it into angle brackets.
                "warc-target-uri" => head.url = Some(value.trim_matches(['<', '>']).to_owned()),
                "content-type" => head.content_type = Some(value.to_ascii_lowercase()),
                "content-length" => head.length = value.parse().ok(),
                "warc-truncated" => head.is_cut = true,
                "warc-segment-number" => head.is_segment = true,
                _ => {}
            }
        }
    }

    fn content(&mut self, head: &Head) -> io::Result<Step> {
        let Some(length) = head.length else {
            return Err(invalid("the record has no Content-Length"));
        };
        let left =
            self.length.filter(|_| self.input.is_plain()).map(|all| all.saturating_sub(self.input.offset()));
        if length > left.unwrap_or(MAX_CLAIM) {
            let message = match left {
                Some(left) => format!("the record claims {length} bytes, the file has {left} more"),
                None => format!("the record claims {length} bytes"),
            };
            return Err(invalid(&message));
        }
        let wanted = matches!(head.kind.as_str(), "response" | "resource" | "conversion");
        let bytes = self.body(length, self.source.room().saturating_add(MAX_HEADER))?;
        self.end(&bytes, length)?;
        Ok(if wanted { Step::Entry(self.entry(head, bytes)?) } else { Step::NoPage })
    }

    /// Takes the bytes of the content, and keeps as many as there is room for.
    fn body(&mut self, length: u64, room: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut done = 0;
        while done < length {
            let chunk = self.input.fill_buf()?;
            let is_short = chunk.is_empty() || (chunk.starts_with(b"WARC/1.") && self.input.at_member());
            if is_short {
                if !self.input.at_member() {
                    self.go_back(&bytes, done, &[]);
                }
                return Err(invalid(&format!("the record claims {length} bytes and has {done}")));
            }
            let chunk = self.input.fill_buf()?;
            let count = chunk.len().min((length - done).try_into().unwrap_or(usize::MAX));
            bytes.extend_from_slice(&chunk[..count.min(room.saturating_sub(bytes.len()))]);
            self.input.consume(count);
            done += count as u64;
        }
        Ok(bytes)
    }

    /// Behind the content come two line ends, then the next record or nothing. If not, the length was wrong.
    fn end(&mut self, bytes: &[u8], length: u64) -> io::Result<()> {
        for _ in 0..2 {
            self.read_line()?;
            if self.line.is_empty() {
                return Ok(());
            }
            if is_start(&self.line) {
                self.pending = true;
                return Ok(());
            }
            if self.line.trim_ascii().is_empty() {
                continue;
            }
            let line = std::mem::take(&mut self.line);
            self.go_back(bytes, length, &line);
            return Err(invalid(&format!("the record claims {length} bytes and does not end behind them")));
        }
        Ok(())
    }

    /// Goes back to where a content begins whose length was wrong: it may hold the records behind it. `bytes` is what
    /// was kept of the `done` bytes that were taken, `line` what was taken behind them.
    fn go_back(&mut self, bytes: &[u8], done: u64, line: &[u8]) {
        if bytes.len() as u64 == done {
            self.input.unread(&[bytes, line].concat());
        } else if self.rereads < MAX_REREADS && self.source.path.is_file() {
            self.rereads += 1;
            let start = self.input.offset() - done - line.len() as u64;
            if let Ok(file) = File::open(&self.source.path) {
                let mut again = Unpacked::new(Box::new(file));
                again.skip_to(start);
                self.input = again;
            }
        }
    }

    fn entry(&self, head: &Head, bytes: Vec<u8>) -> io::Result<Entry> {
        if head.is_segment {
            return Ok(Entry::Skipped);
        }
        let own = head.content_type.as_deref().map(http::content_type).unwrap_or_default();
        let is_http = head.kind == "response"
            && head.content_type.as_deref().is_none_or(|kind| kind.starts_with("application/http"));
        let (bytes, kind) = if is_http {
            let response = Response::parse(&bytes);
            let kind = response.content_type();
            // A redirect has no page of its own, and neither has "no content".
            if kind.is_page == Some(false) || matches!(response.status, 100..=199 | 204 | 300..=399) {
                return Ok(Entry::Skipped);
            }
            (response.body(self.source.room(), head.is_cut)?, kind)
        } else {
            (bytes, own)
        };
        if kind.is_page == Some(false) || (kind.is_page.is_none() && !page::looks_like_text(&bytes)) {
            return Ok(Entry::Skipped);
        }
        let mut record = self.source.record(self.number, None, bytes);
        record.bytes.truncate(self.source.room());
        record.url.clone_from(&head.url);
        record.charset = kind.charset;
        record.media = if head.kind == "conversion" { Some(Media::Text) } else { kind.media };
        Ok(Entry::Record(record))
    }
}

fn is_start(line: &[u8]) -> bool {
    line.starts_with(b"WARC/1.") || line.starts_with(b"WARC/0.")
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.to_owned())
}
