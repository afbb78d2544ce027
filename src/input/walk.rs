//! Named paths to entries, in a fixed order: the arguments as given, each directory's files sorted by name.
//!
//! A page's name in an output tree is its path below the deepest directory that holds all arguments. Two pages never
//! share a name, since two arguments that overlap are refused here. Directories are walked as the run goes on, one
//! listing at a time, so that a crawl of millions of files needs no list of them in memory.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::many::{self, Source};
use super::unpack::Unpacked;
use super::{
    Amount, Entry, Guess, InputFormat, PageFile, Progress, Reading, format_of, guess, json, page, warc,
};
use crate::error::Error;
use crate::output::TEMPORARY;

/// The path that stands for standard input.
pub(crate) const STDIN: &str = "-";

/// What the caller named, checked.
#[derive(Debug)]
pub(crate) struct Inputs {
    arguments: Vec<Argument>,
    /// The deepest directory that holds all arguments.
    base: PathBuf,
    /// The output, which is never an input.
    output: Option<PathBuf>,
    /// Other files and directories of the run, which are passed over as well.
    avoided: Vec<PathBuf>,
    max_bytes: usize,
    reading: Reading,
    progress: Progress,
}

/// What an argument or a file of a directory is, before it is opened.
enum Found {
    Stdin,
    Page(PageFile),
    /// A file that was named: its content tells what it is.
    Named(PageFile),
    /// A file of a directory whose name says that it holds many pages.
    Many(PageFile),
    Skipped,
}

type Entries<'a> = Box<dyn Iterator<Item = Result<Entry, Error>> + Send + 'a>;

/// A path that the caller named.
#[derive(Debug)]
struct Argument {
    /// As it was given.
    shown: PathBuf,
    /// Absolute, without symbolic links.
    real: PathBuf,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Stdin,
    File,
    Directory,
}

impl Inputs {
    /// Checks the paths; those that cannot be taken are returned as errors. `output` is where results will go.
    pub(crate) fn new(paths: &[PathBuf], output: Option<&Path>, max_bytes: usize) -> (Self, Vec<Error>) {
        let output = output.map(real);
        let mut errors = Vec::new();
        let mut found = Vec::new();
        for path in paths {
            match Argument::find(path) {
                Ok(argument) => found.push(argument),
                Err(error) => errors.push(error),
            }
        }
        let directories: BTreeSet<PathBuf> =
            found.iter().filter(|a| a.kind == Kind::Directory).map(|a| a.real.clone()).collect();
        let mut seen = BTreeSet::new();
        let mut arguments = Vec::new();
        for argument in found {
            let holder = argument.real.ancestors().skip(1).find(|outer| directories.contains(*outer));
            let refusal = if output.as_ref().is_some_and(|output| argument.real.starts_with(output)) {
                Some("it is the output, or lies in it".to_owned())
            } else if let Some(holder) = holder {
                Some(format!("it is given twice, also by {}", holder.display()))
            } else if !seen.insert(argument.real.clone()) {
                Some("it is given twice".to_owned())
            } else {
                None
            };
            match refusal {
                Some(reason) => errors.push(Error::input(&argument.shown, reason)),
                None => arguments.push(argument),
            }
        }
        let base = base(&arguments);
        let inputs = Self {
            arguments,
            base,
            output,
            avoided: Vec::new(),
            max_bytes,
            reading: Reading::default(),
            progress: Progress::default(),
        };
        (inputs, errors)
    }

    /// Passes over these files and directories too.
    pub(crate) fn avoiding<'a>(mut self, paths: impl IntoIterator<Item = &'a Path>) -> Self {
        self.avoided.extend(paths.into_iter().map(real));
        self
    }

    /// The same inputs, read in this way.
    pub(crate) fn read_as(mut self, reading: Reading) -> Self {
        self.reading = reading;
        self
    }

    /// The same inputs, counted here as they are read.
    pub(crate) fn counted(mut self, progress: &Progress) -> Self {
        self.progress = progress.clone();
        self
    }

    /// Whether there is at most one page to come, as one file or standard input.
    pub(crate) fn is_one_page(paths: &[PathBuf]) -> bool {
        match paths {
            [path] if path == Path::new(STDIN) => true,
            [path] if path.is_dir() => false,
            // What is in a pipe can be read once.
            [path] if !path.is_file() => true,
            [path] => !open(path).is_ok_and(|(_, format)| format.is_some_and(InputFormat::holds_many)),
            _ => false,
        }
    }

    /// Everything that the paths hold.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Result<Entry, Error>> + Send + '_ {
        self.found().flat_map(|found| match found {
            Ok(found) => self.entries_of(found),
            Err(error) => Box::new(std::iter::once(Err(error))),
        })
    }

    /// How much there is.
    pub(crate) fn amount(&self) -> Amount {
        let mut amount = Amount::default();
        for found in self.found() {
            match found {
                Ok(Found::Stdin) => amount.is_endless = true,
                Ok(Found::Named(file)) if !file.path.is_file() => amount.is_endless = true,
                Ok(Found::Many(file)) => amount.bytes += length(&file.path),
                Ok(Found::Named(file)) if self.holds_many(&file.path) => amount.bytes += length(&file.path),
                Ok(Found::Named(_) | Found::Page(_) | Found::Skipped) | Err(_) => amount.files += 1,
            }
        }
        amount
    }

    fn holds_many(&self, path: &Path) -> bool {
        let forced = self.forced().ok().flatten();
        let format = forced.or_else(|| open(path).ok().and_then(|(_, format)| format));
        format.is_some_and(InputFormat::holds_many)
    }

    fn found(&self) -> impl Iterator<Item = Result<Found, Error>> + Send + '_ {
        self.arguments.iter().flat_map(|argument| self.found_by(argument))
    }

    fn found_by<'a>(
        &'a self,
        argument: &'a Argument,
    ) -> Box<dyn Iterator<Item = Result<Found, Error>> + Send + 'a> {
        match argument.kind {
            Kind::Stdin => Box::new(std::iter::once(Ok(Found::Stdin))),
            Kind::File => {
                let name = self.name(&argument.real);
                let file = PageFile { path: argument.shown.clone(), name, doubtful: false };
                Box::new(std::iter::once(Ok(Found::Named(file))))
            }
            Kind::Directory => self.walk(argument),
        }
    }

    fn entries_of(&self, found: Found) -> Entries<'_> {
        let entries = match found {
            Found::Stdin => {
                let file = PageFile { path: STDIN.into(), name: "stdin".into(), doubtful: false };
                self.stream(file, Box::new(io::stdin()))
            }
            Found::Page(file) => return Box::new(std::iter::once(Ok(Entry::File(file)))),
            Found::Skipped => return Box::new(std::iter::once(Ok(Entry::Skipped))),
            // A pipe or device can be opened once.
            Found::Named(file) if !file.path.is_file() => match File::open(&file.path) {
                Ok(pipe) => self.stream(file, Box::new(pipe)),
                Err(source) => Err(Error::open(&file.path, source)),
            },
            Found::Named(file) | Found::Many(file) => self.file(file),
        };
        entries.unwrap_or_else(|error| Box::new(std::iter::once(Err(error))))
    }

    /// What comes through standard input or another pipe.
    fn stream(&self, file: PageFile, pipe: Box<dyn io::Read + Send>) -> Result<Entries<'_>, Error> {
        let mut input = Unpacked::new(self.progress.count(pipe));
        let damage = |source| Error::Read { path: file.path.clone(), offset: Some(0), source };
        let head = input.fill_buf().map_err(damage)?;
        let format = self.forced()?.or_else(|| format_of(head, &file.path));
        let max_bytes = self.max_bytes;
        match format.filter(|format| format.holds_many()) {
            Some(format) => self.many(format, &file, input),
            None => Ok(Box::new(std::iter::once_with(move || {
                page::read_stream(input, &file, max_bytes).map(Entry::Record)
            }))),
        }
    }

    fn file(&self, file: PageFile) -> Result<Entries<'_>, Error> {
        let forced = self.forced()?;
        let opened = open(&file.path);
        let format = forced.or_else(|| opened.as_ref().ok().and_then(|(_, format)| *format));
        match (opened, format.filter(|format| format.holds_many())) {
            (Ok(_), Some(format)) => {
                let opened = File::open(&file.path).map_err(|source| Error::open(&file.path, source))?;
                self.many(format, &file, Unpacked::new(self.progress.count(opened)))
            }
            // What is wrong with it, the reader of pages will say.
            _ => Ok(Box::new(std::iter::once(Ok(Entry::File(file))))),
        }
    }

    fn forced(&self) -> Result<Option<&'static InputFormat>, Error> {
        let Some(name) = self.reading.format.as_deref() else { return Ok(None) };
        let unknown = || Error::config("input_format", format!("there is no format {name:?}"));
        InputFormat::by_name(name).map(Some).ok_or_else(unknown)
    }

    /// The records of a file that holds many.
    fn many(&self, format: &InputFormat, file: &PageFile, input: Unpacked) -> Result<Entries<'_>, Error> {
        let source = Source {
            path: file.path.clone(),
            name: file.name.clone(),
            max_bytes: self.max_bytes,
            reading: self.reading.clone(),
            progress: self.progress.clone(),
        };
        let path = file.path.clone();
        Ok(match format.kind {
            super::Kind::Page => Box::new(std::iter::empty()),
            super::Kind::Warc => {
                let length = path.metadata().ok().filter(std::fs::Metadata::is_file).map(|there| there.len());
                Box::new(many::ahead(&path, move |emit| warc::read(&source, input, length, emit)))
            }
            super::Kind::JsonLines => {
                Box::new(many::ahead(&path, move |emit| json::read_lines(&source, input, emit)))
            }
            super::Kind::Json => {
                Box::new(many::ahead(&path, move |emit| json::read_values(&source, input, emit)))
            }
            #[cfg(feature = "formats")]
            super::Kind::Tar => {
                Box::new(many::ahead(&path, move |emit| super::tar::read(&source, input, emit)))
            }
            #[cfg(feature = "formats")]
            super::Kind::Parquet => {
                if !path.is_file() {
                    let reason = "Parquet has its index at the end and cannot be read from a pipe";
                    return Err(Error::input(&path, reason));
                }
                let opened = File::open(&path).map_err(|source| Error::open(&path, source))?;
                Box::new(many::ahead(&path, move |emit| super::parquet::read(&source, opened, emit)))
            }
        })
    }

    fn walk<'a>(
        &'a self,
        argument: &'a Argument,
    ) -> Box<dyn Iterator<Item = Result<Found, Error>> + Send + 'a> {
        let mut walk = WalkDir::new(&argument.shown).follow_links(true).sort_by_file_name().into_iter();
        Box::new(std::iter::from_fn(move || {
            loop {
                let entry = match walk.next()? {
                    Ok(entry) => entry,
                    Err(error) => return Some(Err(walk_error(error, &argument.shown))),
                };
                if entry.depth() == 0 {
                    continue;
                }
                let inner = entry.path().strip_prefix(&argument.shown).unwrap_or(entry.path());
                let real = argument.real.join(inner);
                let is_directory = entry.file_type().is_dir();
                let is_unfinished = entry.file_name().as_encoded_bytes().starts_with(TEMPORARY.as_bytes());
                if self.output.as_ref() == Some(&real) || self.avoided.contains(&real) || is_unfinished {
                    if is_directory {
                        walk.skip_current_dir();
                    }
                } else if is_hidden(entry.file_name()) {
                    if is_directory {
                        walk.skip_current_dir();
                    }
                    return Some(Ok(Found::Skipped));
                } else if !is_directory {
                    return Some(Ok(self.entry(&entry, &real)));
                }
            }
        }))
    }

    /// What a file of a directory is.
    fn entry(&self, entry: &DirEntry, real: &Path) -> Found {
        let guess = guess(entry.path());
        // Anything else, a named pipe for one, could block the run.
        if !entry.file_type().is_file() {
            return Found::Skipped;
        }
        let doubtful = matches!(guess, Guess::Unknown);
        let file = PageFile { path: entry.path().to_owned(), name: self.name(real), doubtful };
        match guess {
            Guess::NoPage => Found::Skipped,
            Guess::Table(format) if self.reading.format.as_deref() != Some(format.name) => Found::Skipped,
            Guess::Many | Guess::Table(_) => Found::Many(file),
            Guess::Unknown if self.reading.format.is_some() => Found::Named(file),
            _ => Found::Page(file),
        }
    }

    fn name(&self, real: &Path) -> PathBuf {
        real.strip_prefix(&self.base).unwrap_or(real).to_owned()
    }
}

impl Argument {
    fn find(path: &Path) -> Result<Self, Error> {
        if path == Path::new(STDIN) {
            return Ok(Self { shown: path.to_owned(), real: path.to_owned(), kind: Kind::Stdin });
        }
        let metadata = path.metadata().map_err(|source| match path.to_str() {
            Some(name) if ["http://", "https://"].iter().any(|start| name.starts_with(start)) => {
                Error::input(path, "it is an address, and nothing is fetched: name the file")
            }
            _ => Error::open(path, source),
        })?;
        let kind = if metadata.is_dir() { Kind::Directory } else { Kind::File };
        Ok(Self { shown: path.to_owned(), real: real(path), kind })
    }

    /// The directory below which its pages get their names.
    fn base(&self) -> Option<&Path> {
        match self.kind {
            Kind::Stdin => None,
            Kind::File => self.real.parent(),
            Kind::Directory => Some(&self.real),
        }
    }
}

fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |there| there.len())
}

/// Opens a file, and looks what it is.
fn open(path: &Path) -> Result<(Unpacked, Option<&'static InputFormat>), Error> {
    let unpacked = || {
        let file = File::open(path).map_err(|source| Error::open(path, source))?;
        Ok::<_, Error>(Unpacked::new(Box::new(file)))
    };
    let mut input = unpacked()?;
    match input.fill_buf() {
        Ok(head) => {
            let format = format_of(head, path);
            Ok((input, format))
        }
        // What is damaged, the reader will meet again and tell.
        Err(_) => Ok((unpacked()?, format_of(&[], path))),
    }
}

/// The absolute path without symbolic links. What does not exist yet is looked up by its parent; what has no path of
/// its own, a pipe of the shell, keeps the one it was given.
fn real(path: &Path) -> PathBuf {
    let by_parent = || {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(parent.canonicalize().ok()?.join(path.file_name()?))
    };
    path.canonicalize()
        .ok()
        .or_else(by_parent)
        .or_else(|| std::path::absolute(path).ok())
        .unwrap_or(path.into())
}

/// The deepest directory that holds all arguments.
fn base(arguments: &[Argument]) -> PathBuf {
    let mut bases = arguments.iter().filter_map(Argument::base);
    let Some(first) = bases.next() else { return PathBuf::new() };
    bases.fold(first.to_owned(), |base, other| {
        base.components().zip(other.components()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
    })
}

/// Whether an entry of a directory is hidden, by its name.
fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

fn walk_error(error: walkdir::Error, root: &Path) -> Error {
    let path = error.path().unwrap_or(root).to_owned();
    let source = match error.loop_ancestor() {
        Some(ancestor) => {
            io::Error::other(format!("a symbolic link that leads back to {}", ancestor.display()))
        }
        None => error.into_io_error().unwrap_or_else(|| io::Error::other("unreadable")),
    };
    Error::open(&path, source)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_directory_that_vanishes_is_named_and_the_rest_is_found() {
        let root = tempfile::tempdir().expect("a temporary directory");
        for name in ["a.html", "b/c.html", "d.html"] {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().expect("below the root")).expect("a directory");
            fs::write(path, "x").expect("a file");
        }
        let (inputs, errors) = Inputs::new(&[root.path().to_owned()], None, 10);
        assert!(errors.is_empty());
        let mut entries = inputs.entries();
        assert!(matches!(entries.next(), Some(Ok(Entry::File(_)))));
        fs::remove_dir_all(root.path().join("b")).expect("it was there");
        let rest: Vec<_> = entries.collect();
        let [Err(error), Ok(Entry::File(last))] = rest.as_slice() else { panic!("{rest:?}") };
        let message = error.to_string();
        assert!(message.starts_with("cannot read ") && message.contains("/b: "), "{message}");
        assert_eq!(last.name, Path::new("d.html"));
    }

    #[test]
    fn names_start_at_the_deepest_common_directory() {
        let argument = |path: &str, kind| Argument { shown: path.into(), real: path.into(), kind };
        let of = |arguments: &[Argument]| base(arguments);
        assert_eq!(of(&[argument("/x/y", Kind::Directory)]), Path::new("/x/y"));
        assert_eq!(of(&[argument("/x/y.html", Kind::File)]), Path::new("/x"));
        let both =
            [argument("/x/y", Kind::Directory), argument("/x/yz/a", Kind::File), argument("-", Kind::Stdin)];
        assert_eq!(of(&both), Path::new("/x"));
        assert_eq!(of(&[]), Path::new(""));
    }
}
