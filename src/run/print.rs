//! What an entry of the inputs was, so that a later session sees whether it has changed.
//!
//! A file is known by its path, size and time of change, as far as these are the same; where they are not, its content
//! is read and decides. A record of a container is read in any case, so that its content decides alone.

use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::error::Error;
use crate::input::{self, Entry, PageFile, Record};

/// What an entry was, so that a change of it is noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(super) struct Print {
    /// A hash of its name.
    pub(super) name: u64,
    /// Bytes of the file, 0 if it is not one.
    pub(super) size: u64,
    /// Its time of change in nanoseconds, 0 if it is not a file.
    pub(super) time: u64,
    /// A hash of its content, 0 if it was not read.
    pub(super) content: u64,
}

impl From<Print> for String {
    fn from(print: Print) -> Self {
        format!("{:x}.{:x}.{:x}.{:x}", print.name, print.size, print.time, print.content)
    }
}

impl TryFrom<String> for Print {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut parts = text.split('.').map(|part| u64::from_str_radix(part, 16));
        let mut next = || parts.next().and_then(Result::ok).ok_or_else(|| format!("{text} is no print"));
        Ok(Self { name: next()?, size: next()?, time: next()?, content: next()? })
    }
}

impl Print {
    /// What is known of a file before it is read.
    pub(super) fn of_file(file: &PageFile) -> Self {
        let (size, time) = stat(&file.path);
        Self { name: name(&file.path), size, time, content: 0 }
    }

    /// Adds what is known of a page that was read.
    pub(super) fn add_record(&mut self, record: &Record) {
        if self.name == 0 {
            self.name = name(&record.name);
        }
        self.content = xxh3_64(&record.bytes).max(1);
    }

    /// Whether this is what an entry still is; else its name. What a container holds has been read for that.
    pub(super) fn check(self, entry: &Result<Entry, Error>, max_bytes: usize) -> Result<(), String> {
        match entry {
            Ok(Entry::File(file)) => {
                let now = Self { content: self.content, ..Self::of_file(file) };
                let is_same = now == self || now.name == self.name && self.has_content_of(file, max_bytes);
                if is_same { Ok(()) } else { Err(file.path.display().to_string()) }
            }
            Ok(Entry::Record(record)) => {
                let mut now = Self::default();
                now.add_record(record);
                if now == self { Ok(()) } else { Err(record.source.clone()) }
            }
            Ok(Entry::Skipped) | Err(_) if self.name == 0 => Ok(()),
            Ok(Entry::Skipped) => Err("a page is gone".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn has_content_of(self, file: &PageFile, max_bytes: usize) -> bool {
        let read = input::read(file, max_bytes).ok().flatten();
        self.content > 0 && read.is_some_and(|record| xxh3_64(&record.bytes).max(1) == self.content)
    }
}

fn name(path: &Path) -> u64 {
    xxh3_64(path.as_os_str().as_encoded_bytes()).max(1)
}

/// Size, and time of change in nanoseconds.
fn stat(path: &Path) -> (u64, u64) {
    let Ok(metadata) = path.metadata() else { return (0, 0) };
    let time = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    (metadata.len(), time.map_or(0, |time| time.as_nanos() as u64))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn prints_are_read_as_they_are_written() {
        let print = Print { name: 1, size: 0, time: u64::MAX, content: 0xABC };
        let text = String::from(print);
        assert_eq!(Print::try_from(text), Ok(print));
        assert!(Print::try_from("1.2.x.4".to_owned()).is_err());
    }

    #[test]
    fn a_file_is_the_same_by_time_or_by_content() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("a.html");
        let entry = || {
            let file = PageFile { path: path.clone(), name: "a.html".into(), doubtful: false };
            Ok(Entry::File(file))
        };
        fs::write(&path, "one").expect("written");
        let Ok(Entry::File(file)) = entry() else { unreachable!("it is a file") };
        let mut print = Print::of_file(&file);
        print.add_record(&input::read(&file, 100).expect("readable").expect("a page"));
        assert_eq!(print.check(&entry(), 100), Ok(()));
        // Written again with the same bytes: another time, the same page.
        fs::write(&path, "one").expect("written");
        let later = Print { time: print.time - 1, ..print };
        assert_eq!(later.check(&entry(), 100), Ok(()));
        fs::write(&path, "two!").expect("written");
        assert_eq!(print.check(&entry(), 100), Err(path.display().to_string()));
        assert!(print.check(&Ok(Entry::Skipped), 100).is_err());
        assert_eq!(Print::default().check(&Ok(Entry::Skipped), 100), Ok(()));
        assert!(Print::default().check(&entry(), 100).is_err());
    }
}
