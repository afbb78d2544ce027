//! The memory of a run that can be resumed: what was finished before the process died.
//!
//! In: after every so many entries of the input, a [`Segment`] that says what came of them; out: the segments of the
//! sessions before, when the run starts again. The rows themselves are not here: they are in the outputs, which say
//! by their marks how far they are safe on disk.
//!
//! The journal is one file that only grows, a line a segment: a checksum and a JSON object. It is not an embedded
//! store, because there is one writer, nothing is ever looked up by key, and the only question asked is how long the
//! prefix of finished work is. An append with a checksum answers that with the least that can go wrong: a line is there
//! as a whole or it is the last one and is cut off. Since pages are written in the order of the inputs, the finished
//! work is a prefix of the input, and resuming means to skip it.
//!
//! The first line is the [`Plan`]: the version of dehusk and all options that change the output. A run with other
//! options is refused with the name of the option. A segment has a [`Print`] of each entry, so that inputs that have
//! changed are noticed: a file whose size and time are the same is taken to be the same, any other is read and
//! compared by its hash.
//!
//! What a segment costs is bounded: counts over its pages, 32 bytes a page, and what repeats are known by. All of it
//! is synced to disk after the outputs are, so that a mark is never ahead of its rows.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_64;

use super::dedup::Signature;
use super::print::Print;
use super::summary::Summary;
use crate::error::Error;
use crate::output::Mark;

/// The name of the journal in the directory of the state.
const NAME: &str = "journal.jsonl";

/// What a run does, as far as it changes the output: the value of each option, by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Plan {
    dehusk: String,
    options: BTreeMap<String, Value>,
}

impl Plan {
    /// Adds an option; the members of an object are options of their own.
    pub(super) fn set(&mut self, name: &str, value: &impl Serialize) {
        env!("CARGO_PKG_VERSION").clone_into(&mut self.dehusk);
        match serde_json::to_value(value) {
            Ok(Value::Object(members)) => {
                members.iter().for_each(|(member, value)| self.set(&format!("{name}.{member}"), value));
            }
            Ok(value) => drop(self.options.insert(name.to_owned(), value)),
            Err(error) => drop(self.options.insert(name.to_owned(), error.to_string().into())),
        }
    }

    /// What differs in a later plan, in words.
    fn difference(&self, now: &Self) -> Option<String> {
        if self.dehusk != now.dehusk {
            return Some(format!("it was begun by dehusk {}, this is {}", self.dehusk, now.dehusk));
        }
        let keys = self.options.keys().chain(now.options.keys());
        let differs = |key: &&String| self.options.get(*key) != now.options.get(*key);
        let value =
            |plan: &Self, key: &str| plan.options.get(key).map_or("nothing".to_owned(), Value::to_string);
        keys.into_iter().find(differs).map(|key| {
            format!("it was begun with {key} = {}, now it is {}", value(self, key), value(now, key))
        })
    }
}

/// How far each output is safe, those that there are.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Marks {
    pub(super) output: Option<Mark>,
    pub(super) rejects: Option<Mark>,
    pub(super) cuts: Option<Mark>,
}

/// What came of so many entries of the input.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Segment {
    /// How many.
    pub(super) entries: u64,
    /// Whether they are the last ones.
    pub(super) is_last: bool,
    /// How far the outputs are safe.
    pub(super) marks: Marks,
    /// The counts over these entries alone.
    pub(super) summary: Summary,
    /// What each entry was.
    pub(super) prints: Vec<Print>,
    /// What the repeats of pages are known by, with the number of the page.
    pub(super) signatures: Vec<(u64, Signature)>,
}

/// The journal of a run, open for more.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
}

/// What the sessions before have left.
#[derive(Debug)]
pub(super) struct Segments {
    reader: BufReader<File>,
    path: PathBuf,
    line: usize,
    /// Where the whole lines end.
    end: u64,
    at: u64,
}

impl Journal {
    /// Opens the journal in a directory, which is made if it is missing. `restart` forgets what is there.
    ///
    /// # Errors
    ///
    /// [`Error::State`] if it belongs to a run with other options, is damaged or in use; [`Error::Write`] if it cannot
    /// be written.
    pub(super) fn open(directory: &Path, plan: &Plan, restart: bool) -> Result<(Self, Segments), Error> {
        fs::create_dir_all(directory).map_err(|error| Error::write(directory, error))?;
        let path = directory.join(NAME);
        let failed = |error| Error::write(&path, error);
        let file = File::options().read(true).append(true).create(true).open(&path).map_err(failed)?;
        lock(&file).map_err(|_| Error::state(&path, "another run is using it"))?;
        if restart {
            file.set_len(0).map_err(failed)?;
        }
        let end = whole_lines(&path)?;
        file.set_len(end).map_err(failed)?;
        let mut journal = Self { path: path.clone(), file };
        if end == 0 {
            journal.append(plan)?;
        }
        let end = journal.file.metadata().map_err(failed)?.len();
        let reader = BufReader::new(File::open(&path).map_err(|error| Error::open(&path, error))?);
        let mut past = Segments { reader, path: path.clone(), line: 0, end, at: 0 };
        let begun: Plan = past.line()?.ok_or_else(|| Error::state(&path, "it is empty"))?;
        match begun.difference(plan) {
            Some(difference) => Err(Error::state(&path, difference)),
            None => Ok((journal, past)),
        }
    }

    /// Adds a segment and makes it safe.
    pub(super) fn add(&mut self, segment: &Segment) -> Result<(), Error> {
        self.append(segment)
    }

    fn append(&mut self, value: &impl Serialize) -> Result<(), Error> {
        let json = serde_json::to_string(value).map_err(io::Error::from);
        let written = json.and_then(|json| {
            let line = format!("{:016x} {json}\n", xxh3_64(json.as_bytes()));
            self.file.write_all(line.as_bytes())?;
            self.file.sync_data()
        });
        written.map_err(|error| Error::write(&self.path, error))
    }
}

impl Segments {
    /// The next segment.
    pub(super) fn next(&mut self) -> Result<Option<Segment>, Error> {
        self.line()
    }

    /// What a state says without being taken: of a run that may go on or be dead.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] if there is none.
    pub(super) fn look(directory: &Path) -> Result<Self, Error> {
        let path = directory.join(NAME);
        let end = whole_lines(&path)?;
        let reader = BufReader::new(File::open(&path).map_err(|error| Error::open(&path, error))?);
        let mut segments = Self { reader, path, line: 0, end, at: 0 };
        // The plan, which is of no interest here.
        segments.line::<Plan>()?;
        Ok(segments)
    }

    /// Says that the inputs are not those that the journal is about.
    pub(super) fn changed(&self, what: &str) -> Error {
        Error::state(&self.path, format!("the inputs have changed since it was begun: {what}"))
    }

    fn line<T: for<'de> Deserialize<'de>>(&mut self) -> Result<Option<T>, Error> {
        if self.at >= self.end {
            return Ok(None);
        }
        let mut line = String::new();
        let read = self.reader.read_line(&mut line).map_err(|error| Error::open(&self.path, error))?;
        self.at += read as u64;
        self.line += 1;
        let value = checked(line.as_bytes()).and_then(|json| serde_json::from_slice(json).ok());
        match value {
            Some(value) => Ok(Some(value)),
            None => Err(Error::state(&self.path, format!("it is damaged in line {}", self.line))),
        }
    }
}

/// The JSON of a line whose checksum is right.
fn checked(line: &[u8]) -> Option<&[u8]> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, json) = line.split_at_checked(16)?;
    let json = json.strip_prefix(b" ")?;
    let sum = u64::from_str_radix(std::str::from_utf8(sum).ok()?, 16).ok()?;
    (sum == xxh3_64(json)).then_some(json)
}

/// Where the whole lines of a journal end: what a process wrote as it died is behind that.
fn whole_lines(path: &Path) -> Result<u64, Error> {
    let failed = |error| Error::open(path, error);
    let mut reader = BufReader::new(File::open(path).map_err(failed)?);
    let (mut end, mut line, mut number) = (0, Vec::new(), 0);
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line).map_err(failed)?;
        number += 1;
        if read == 0 {
            return Ok(end);
        }
        if checked(&line).is_none() {
            let is_last = reader.fill_buf().map_err(failed)?.is_empty();
            let damage = || Error::state(path, format!("it is damaged in line {number}"));
            return is_last.then_some(end).ok_or_else(damage);
        }
        end += read as u64;
    }
}

/// Takes the file for this process, until it ends in whatever way.
#[cfg(unix)]
fn lock(file: &File) -> io::Result<()> {
    Ok(rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive)?)
}

#[cfg(not(unix))]
fn lock(_file: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(favor: &str) -> Plan {
        let mut plan = Plan::default();
        plan.set("clean", &BTreeMap::from([("favor", favor)]));
        plan
    }

    fn segment(entries: u64) -> Segment {
        let print = Print { name: u64::MAX, size: 1, time: 0, content: 7 };
        Segment { entries, prints: vec![print], ..Segment::default() }
    }

    fn sizes(past: &mut Segments) -> Vec<u64> {
        std::iter::from_fn(|| past.next().expect("readable")).map(|segment| segment.entries).collect()
    }

    fn refusal(directory: &Path, plan: &Plan) -> String {
        Journal::open(directory, plan, false).expect_err("refused").to_string()
    }

    #[test]
    fn what_was_added_is_there_again() {
        let directory = tempfile::tempdir().expect("a directory");
        let at = directory.path().join("new/state");
        let (mut journal, mut past) = Journal::open(&at, &plan("recall"), false).expect("new");
        assert_eq!(sizes(&mut past), [0; 0]);
        journal.add(&segment(3)).expect("added");
        journal.add(&segment(4)).expect("added");
        drop(journal);
        let (_, mut past) = Journal::open(&at, &plan("recall"), false).expect("there");
        let first = past.next().expect("readable").expect("there");
        assert_eq!((first.entries, first.prints), (3, segment(3).prints));
        assert_eq!(sizes(&mut past), [4]);
    }

    #[test]
    fn a_torn_end_is_cut_off_wherever_it_is_torn() {
        let directory = tempfile::tempdir().expect("a directory");
        let (mut journal, _) = Journal::open(directory.path(), &plan("recall"), false).expect("new");
        journal.add(&segment(3)).expect("added");
        let path = directory.path().join(NAME);
        let kept = fs::metadata(&path).expect("there").len();
        journal.add(&segment(4)).expect("added");
        drop(journal);
        let whole = fs::read(&path).expect("there");
        for length in kept as usize..whole.len() {
            fs::write(&path, &whole[..length]).expect("written");
            let (mut journal, mut past) =
                Journal::open(directory.path(), &plan("recall"), false).expect("sound");
            assert_eq!(sizes(&mut past), [3], "{length}");
            journal.add(&segment(9)).expect("added");
            drop(journal);
            let (_, mut past) = Journal::open(directory.path(), &plan("recall"), false).expect("sound");
            assert_eq!(sizes(&mut past), [3, 9], "{length}");
        }
    }

    #[test]
    fn damage_other_options_and_other_processes_are_told() {
        let directory = tempfile::tempdir().expect("a directory");
        let (mut journal, _) = Journal::open(directory.path(), &plan("recall"), false).expect("new");
        journal.add(&segment(3)).expect("added");
        assert!(refusal(directory.path(), &plan("recall")).contains("another run is using it"));
        drop(journal);
        let other = refusal(directory.path(), &plan("precision"));
        assert!(
            other.contains("it was begun with clean.favor = \"recall\", now it is \"precision\""),
            "{other}"
        );
        let (journal, mut past) =
            Journal::open(directory.path(), &plan("precision"), true).expect("begun anew");
        assert_eq!(sizes(&mut past), [0; 0]);
        drop(journal);
        let (mut journal, _) = Journal::open(directory.path(), &plan("precision"), false).expect("there");
        journal.add(&segment(3)).expect("added");
        drop(journal);
        let path = directory.path().join(NAME);
        let mut bytes = fs::read(&path).expect("there");
        bytes[20] ^= 1;
        fs::write(&path, bytes).expect("written");
        assert!(refusal(directory.path(), &plan("precision")).contains("damaged in line 1"));
    }
}
