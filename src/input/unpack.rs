//! A file or pipe, unpacked as it is read: gzip, zstd (with the dictionary that a `.warc.zst` begins with), or plain.
//!
//! What it is, is seen from its first bytes. A packed file is a chain of members or frames; where one is damaged,
//! reading gives an error that says where, and goes on at the next one that can be read. One buffer never holds
//! bytes of two members, so that a reader can see where a member begins.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// The first bytes of any gzip member: two of magic, one for the only method there is.
const GZIP: [u8; 3] = [0x1F, 0x8B, 8];

#[cfg(feature = "formats")]
const ZSTD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// The frame at the head of a `.warc.zst` that holds the dictionary.
#[cfg(feature = "formats")]
const DICTIONARY: [u8; 4] = [0x5D, 0x2A, 0x4D, 0x18];

/// The longest dictionary that is taken. Those of large crawls have about a megabyte.
#[cfg(feature = "formats")]
const MAX_DICTIONARY: usize = 16 << 20;

/// How much is read and unpacked at once.
const CHUNK: usize = 64 << 10;

/// How far back into a damaged member the search for the next one can begin.
const KEPT: usize = 4 << 20;

/// Bytes, unpacked.
pub(super) struct Unpacked {
    state: State,
    buffer: Vec<u8>,
    at: usize,
    /// Bytes that were handed on.
    offset: u64,
    /// The buffer begins with the first byte of a member.
    starts_member: bool,
    #[cfg(feature = "formats")]
    dictionary: Vec<u8>,
}

enum State {
    /// Before a member, or before anything.
    Between(Window),
    Plain(Window),
    Gzip(Box<GzDecoder<Window>>),
    #[cfg(feature = "formats")]
    Zstd(Box<zstd::Decoder<'static, Window>>),
    Ended,
}

impl Unpacked {
    pub(super) fn new(input: Box<dyn Read + Send>) -> Self {
        Self {
            state: State::Between(Window::new(input)),
            buffer: Vec::new(),
            at: 0,
            offset: 0,
            starts_member: false,
            #[cfg(feature = "formats")]
            dictionary: Vec::new(),
        }
    }

    /// How many bytes, unpacked, were taken.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the next byte is the first of a member.
    pub(super) fn at_member(&self) -> bool {
        self.starts_member && self.at == 0 && !self.buffer.is_empty()
    }

    /// Whether the file is not packed.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.state, State::Plain(_))
    }

    /// Puts bytes back that were taken too many.
    pub(super) fn unread(&mut self, bytes: &[u8]) {
        self.offset -= bytes.len() as u64;
        self.buffer.drain(..self.at);
        self.buffer.splice(..0, bytes.iter().copied());
        self.at = 0;
        self.starts_member = false;
    }

    /// Passes over everything before this byte, as was done before: damage has been told already.
    pub(super) fn skip_to(&mut self, offset: u64) {
        while self.offset < offset {
            let left = offset - self.offset;
            match self.fill_buf().map(<[u8]>::len) {
                Ok(0) => return,
                Ok(count) => self.consume(count.min(left.try_into().unwrap_or(usize::MAX))),
                Err(_) => {}
            }
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.at = 0;
        self.starts_member = false;
        loop {
            self.buffer.resize(CHUNK, 0);
            let read = match &mut self.state {
                State::Ended => Ok(0),
                State::Plain(window) => window.read(&mut self.buffer),
                State::Gzip(decoder) => decoder.read(&mut self.buffer),
                #[cfg(feature = "formats")]
                State::Zstd(decoder) => decoder.read(&mut self.buffer),
                State::Between(_) => {
                    self.buffer.clear();
                    self.begin()?;
                    self.starts_member = true;
                    continue;
                }
            };
            self.buffer.truncate(*read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) => match std::mem::replace(&mut self.state, State::Ended) {
                    State::Gzip(decoder) => self.state = State::Between(decoder.into_inner()),
                    #[cfg(feature = "formats")]
                    State::Zstd(decoder) => self.state = State::Between(decoder.finish()),
                    _ => return Ok(()),
                },
                Ok(_) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.damaged(&error)),
            }
        }
    }

    /// Looks at what comes next and starts to unpack it.
    fn begin(&mut self) -> io::Result<()> {
        let State::Between(mut window) = std::mem::replace(&mut self.state, State::Ended) else {
            return Ok(());
        };
        let head: Vec<u8> = window.peek(4)?.iter().take(4).copied().collect();
        #[cfg(feature = "formats")]
        if is_skippable(&head) {
            self.skippable(&mut window, &head)?;
            self.state = State::Between(window);
            return Ok(());
        }
        let first = window.position() == 0 && self.offset == 0;
        self.state = match head.as_slice() {
            [] => State::Ended,
            head if head.starts_with(&GZIP) => {
                window.mark();
                State::Gzip(Box::new(GzDecoder::new(window)))
            }
            #[cfg(feature = "formats")]
            head if head.starts_with(&ZSTD) => {
                window.mark();
                let decoder = zstd::Decoder::with_dictionary(window, &self.dictionary)?;
                State::Zstd(Box::new(decoder.single_frame()))
            }
            _ if first => State::Plain(window),
            // Tapes and some tools fill up with zeros.
            head if head.iter().all(|byte| *byte == 0) && only_zeros(&mut window)? => State::Ended,
            _ => {
                let reason = format!("no packed data at byte {} of the file", window.position());
                self.state = next_member(window);
                return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
            }
        };
        Ok(())
    }

    /// Passes over a frame without data; keeps it if it is the dictionary.
    #[cfg(feature = "formats")]
    fn skippable(&mut self, window: &mut Window, magic: &[u8]) -> io::Result<()> {
        let head = window.peek(8)?;
        let Some(Ok(length)) = head.get(4..8).map(<[u8; 4]>::try_from) else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let length = u32::from_le_bytes(length) as usize;
        let is_dictionary = magic == DICTIONARY && window.position() == 0 && length <= MAX_DICTIONARY;
        let start = window.position();
        window.consume(8);
        let mut content = window.take(length as u64);
        let mut bytes = Vec::new();
        let found = if is_dictionary {
            content.read_to_end(&mut bytes)? as u64
        } else {
            io::copy(&mut content, &mut io::sink())?
        };
        if found < length as u64 {
            let reason = format!(
                "the zstd frame that begins at byte {start} of the file claims {length} bytes and has {found}"
            );
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, reason));
        }
        if !is_dictionary {
            return Ok(());
        }
        self.dictionary = if bytes.starts_with(&ZSTD) {
            let mut unpacked = Vec::new();
            zstd::Decoder::new(&bytes[..])?.take(MAX_DICTIONARY as u64).read_to_end(&mut unpacked)?;
            unpacked
        } else {
            bytes
        };
        Ok(())
    }

    /// Says what is damaged, and finds the next member.
    fn damaged(&mut self, error: &io::Error) -> io::Error {
        let (mut window, kind) = match std::mem::replace(&mut self.state, State::Ended) {
            State::Gzip(decoder) => (decoder.into_inner(), "gzip"),
            #[cfg(feature = "formats")]
            State::Zstd(decoder) => (decoder.finish(), "zstd"),
            _ => return io::Error::new(error.kind(), error.to_string()),
        };
        let start = window.marked;
        let reason = match error.kind() {
            _ if error.raw_os_error().is_some() => return io::Error::new(error.kind(), error.to_string()),
            io::ErrorKind::UnexpectedEof => {
                format!("the {kind} data that begins at byte {start} of the file is cut short")
            }
            _ => format!("the {kind} data that begins at byte {start} of the file is broken: {error}"),
        };
        window.rewind();
        self.state = next_member(window);
        io::Error::new(io::ErrorKind::InvalidData, reason)
    }
}

impl BufRead for Unpacked {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.buffer.len() {
            self.refill()?;
        }
        Ok(&self.buffer[self.at..])
    }

    fn consume(&mut self, count: usize) {
        self.at += count;
        self.offset += count as u64;
    }
}

impl Read for Unpacked {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(out.len());
        out[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

#[cfg(feature = "formats")]
fn is_skippable(head: &[u8]) -> bool {
    matches!(head, [low, 0x2A, 0x4D, 0x18] if low & 0xF0 == 0x50)
}

fn only_zeros(window: &mut Window) -> io::Result<bool> {
    loop {
        let bytes = window.fill_buf()?;
        let count = bytes.len();
        match bytes.iter().position(|byte| *byte != 0) {
            Some(zeros) => {
                window.consume(zeros);
                return Ok(false);
            }
            None if count == 0 => return Ok(true),
            None => window.consume(count),
        }
    }
}

/// Moves behind the byte that it stands on, to the next member that can be read.
fn next_member(mut window: Window) -> State {
    let mut skip = 1;
    loop {
        window.consume(skip);
        let Ok(bytes) = window.peek(CHUNK) else { return State::Ended };
        if bytes.len() < GZIP.len() {
            return State::Ended;
        }
        if let Some(found) = (0..bytes.len()).find(|at| can_be_read(&bytes[*at..])) {
            window.consume(found);
            return State::Between(window);
        }
        skip = bytes.len().saturating_sub(CHUNK / 4).max(1);
    }
}

/// Whether a member begins here: three bytes occur by chance, some unpacked bytes behind them do not.
fn can_be_read(bytes: &[u8]) -> bool {
    let gzip = bytes.starts_with(&GZIP) && bytes.get(3).is_some_and(|flags| flags & 0xE0 == 0);
    if gzip {
        let mut probe = [0; 256];
        return matches!(GzDecoder::new(bytes).read(&mut probe), Ok(1..));
    }
    #[cfg(feature = "formats")]
    if bytes.starts_with(&ZSTD) {
        return true;
    }
    false
}

/// A reader that can look ahead, and back to a mark.
struct Window {
    input: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    at: usize,
    /// Where in the file the buffer begins.
    start: u64,
    /// Where in the file the mark is.
    marked: u64,
}

impl Window {
    fn new(input: Box<dyn Read + Send>) -> Self {
        Self { input, buffer: Vec::new(), at: 0, start: 0, marked: 0 }
    }

    fn position(&self) -> u64 {
        self.start + self.at as u64
    }

    fn mark(&mut self) {
        self.marked = self.position();
    }

    /// Goes back to the mark, if it is still in the buffer.
    fn rewind(&mut self) {
        if self.marked >= self.start {
            self.at = (self.marked - self.start) as usize;
        }
    }

    /// The next bytes: at least so many, unless the file ends.
    fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.buffer.len() - self.at < count && self.more()? {}
        Ok(&self.buffer[self.at..])
    }

    fn more(&mut self) -> io::Result<bool> {
        let kept = self.marked.saturating_sub(self.start).min(self.at as u64) as usize;
        let kept = if self.at - kept > KEPT { self.at } else { kept };
        if kept >= CHUNK || kept == self.buffer.len() {
            self.buffer.drain(..kept);
            self.at -= kept;
            self.start += kept as u64;
        }
        let length = self.buffer.len();
        self.buffer.resize(length + CHUNK, 0);
        let read = loop {
            match self.input.read(&mut self.buffer[length..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.buffer.truncate(length + *read.as_ref().unwrap_or(&0));
        Ok(read? > 0)
    }
}

impl BufRead for Window {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.buffer.len() {
            self.more()?;
        }
        Ok(&self.buffer[self.at..])
    }

    fn consume(&mut self, count: usize) {
        self.at = (self.at + count).min(self.buffer.len());
    }
}

impl Read for Window {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(out.len());
        out[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}
