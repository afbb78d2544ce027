//! Rows to files that survive the death of the run: [`RowSink`].
//!
//! A row is a JSON object on a line, made once on any thread. The sink takes rows in the order of the inputs and
//! writes them in the container and packing that the file's name asks for (`.jsonl`, `.jsonl.gz`, `.jsonl.zst`,
//! `.parquet`), as one file or as shards of so many pages (`out-00000.jsonl`, ...). The pages of a run, its rejects
//! and its cuts are three sinks, each with a [`Table`] of its own.
//!
//! # Runs that can be resumed
//!
//! A run that keeps a journal opens its sinks with [`RowSink::durable`] and at fixed points, after every so many
//! entries of the input, calls [`RowSink::commit`] on each. The [`Mark`] that comes back says how far the rows are
//! safe on disk; the run writes the marks and the number of entries done into its journal, in one step. After a death
//! at any moment [`RowSink::resume`] cuts the files back to the marks, the run skips the entries that are done, and
//! goes on. At the end: `commit`, journal "complete", then [`RowSink::finish`], which is safe to repeat.
//!
//! How it works: rows go to a hidden file beside the output (`.dehusk-out.jsonl.part`), which outlives the process. A
//! commit closes the packed stream (a gzip member, a zstd frame), syncs the file and notes its length. What a dead
//! run wrote behind its last mark is cut off. A shard gets its name only when a mark behind it has been taken and
//! the next commit comes: then the journal has that mark and will never go back. Parquet has its index at the end and
//! cannot be cut: there the hidden file holds the packed rows, and the Parquet file is assembled from them when it
//! gets its name.
//!
//! Bytes do not depend on deaths if commits come after fixed entries of the input, not after fixed times. They do
//! not depend on whether the sink is durable either, as long as both commit at the same points: without durability a
//! commit closes the packed stream and does nothing else.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::packing::{Packer, Packing};
#[cfg(feature = "formats")]
use super::parquet::ParquetFile;
use super::sink::{Stream, TEMPORARY};
use super::table::Table;
use super::{Container, OutputFormat};
use crate::error::Error;

/// What rows go to.
#[derive(Clone, Debug)]
pub(crate) struct RowFile {
    /// The file, or the name that shards get theirs from; `None` is standard output.
    pub(crate) path: Option<PathBuf>,
    pub(crate) container: Container,
    pub(crate) packing: Packing,
    /// What the rows are.
    pub(crate) table: &'static Table,
    /// Pages in a shard; `None` puts all into one file.
    pub(crate) shard_size: Option<NonZeroU64>,
}

impl RowFile {
    /// A file whose name tells the format; what has no known extension gets JSON lines.
    pub(crate) fn named(path: &Path, table: &'static Table) -> Self {
        let found = OutputFormat::by_path(path);
        let container = found.and_then(|format| format.container).unwrap_or(Container::JsonLines);
        Self::new(Some(path), container, table)
    }

    /// A file, or standard output, in a format that was chosen apart from its name.
    pub(crate) fn new(path: Option<&Path>, container: Container, table: &'static Table) -> Self {
        let packing = match container {
            Container::JsonLines => path.map_or(Packing::Plain, |path| Packing::of(path).0),
            #[cfg(feature = "formats")]
            Container::Parquet => Packing::Plain,
        };
        Self { path: path.map(Path::to_owned), container, packing, table, shard_size: None }
    }

    /// The file of a shard: its number goes before the extensions.
    fn shard(&self, number: u32) -> PathBuf {
        let path = self.path.as_deref().unwrap_or(Path::new("standard output"));
        if self.shard_size.is_none() {
            return path.to_owned();
        }
        let bare = Packing::of(path).1.with_extension("");
        let (Some(name), Some(stem)) = (path.file_name(), bare.file_name()) else { return path.to_owned() };
        let extensions = &name.as_encoded_bytes()[stem.len()..];
        let mut numbered = stem.to_owned();
        numbered.push(format!("-{number:05}{}", String::from_utf8_lossy(extensions)));
        path.with_file_name(numbered)
    }

    /// The hidden file that a shard grows in.
    fn part(&self, number: u32) -> PathBuf {
        let path = self.shard(number);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        path.with_file_name(format!("{TEMPORARY}{name}.part"))
    }

    /// How a part is packed: one that Parquet is made of is small, not lasting.
    fn part_packing(&self) -> Packing {
        match self.container {
            Container::JsonLines => self.packing,
            #[cfg(feature = "formats")]
            Container::Parquet => Packing::Zstd,
        }
    }
}

/// How far the rows of a sink are safe: what a journal keeps of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// The shard that is being written.
    shard: u32,
    /// Pages in it.
    pages: u64,
    /// The length of its part in bytes.
    bytes: u64,
}

/// Takes rows.
pub(crate) struct RowSink {
    file: RowFile,
    /// Whether rows outlive the process.
    is_durable: bool,
    shard: u32,
    /// Pages in this shard.
    pages: u64,
    /// The shard that is open.
    open: Option<Open>,
    /// The shard of the last mark that was given out: those before it can get their names.
    marked: u32,
    /// Shards that have their names.
    named: u32,
}

/// A shard that is being written.
enum Open {
    /// To its own name, in the end.
    Lines(Packer<Stream>),
    #[cfg(feature = "formats")]
    Parquet(Box<ParquetFile<Stream>>),
    /// To its part.
    Part(Packer<BufWriter<File>>),
}

impl RowSink {
    /// A sink whose files appear when they are whole, and vanish if they are not finished.
    pub(crate) fn create(file: RowFile) -> Result<Self, Error> {
        let mut sink = Self::new(file, false, Mark::default());
        // What cannot be written is told before work begins.
        sink.start()?;
        Ok(sink)
    }

    /// A sink that can be resumed. What an earlier run left of its parts is deleted.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] for standard output and other pipes, which cannot be cut back.
    pub(crate) fn durable(file: RowFile) -> Result<Self, Error> {
        Self::resume(file, Mark::default())
    }

    /// Goes on behind a mark: what was written after it is deleted.
    pub(crate) fn resume(file: RowFile, mark: Mark) -> Result<Self, Error> {
        let path =
            file.path.as_deref().filter(|path| !is_special(path)).ok_or_else(|| {
                Error::config("output", "a run that can be resumed writes to files".to_owned())
            })?;
        if path.is_dir() {
            return Err(Error::write(path, io::ErrorKind::IsADirectory.into()));
        }
        let mut sink = Self::new(file, true, mark);
        if sink.file.shard_size.is_some() {
            sink.delete_parts(mark.shard + 1)?;
        }
        if mark.pages > 0 {
            sink.reopen(mark)?;
            return Ok(sink);
        }
        sink.delete_parts(mark.shard)?;
        // A shard after the first begins with its first page, so that none is empty.
        if mark.shard == 0 {
            sink.start()?;
        }
        Ok(sink)
    }

    fn new(file: RowFile, is_durable: bool, mark: Mark) -> Self {
        let Mark { shard, pages, .. } = mark;
        Self { file, is_durable, shard, pages, open: None, marked: shard, named: 0 }
    }

    /// Adds the rows of a page, each with its line feed.
    pub(crate) fn write(&mut self, rows: &[u8]) -> Result<(), Error> {
        if self.open.is_none() {
            if self.shard > 0 && self.file.shard_size.is_none() {
                return Err(self.failed(io::Error::other("it was finished before")));
            }
            self.start()?;
        }
        let written = match &mut self.open {
            Some(Open::Lines(out)) => out.write_all(rows),
            Some(Open::Part(out)) => out.write_all(rows),
            #[cfg(feature = "formats")]
            Some(Open::Parquet(out)) => out.write(rows),
            None => Ok(()),
        };
        written.map_err(|error| self.failed(error))?;
        self.pages += 1;
        if self.file.shard_size.is_some_and(|size| self.pages >= size.get()) {
            self.end_shard()?;
        }
        Ok(())
    }

    /// Closes the packed stream. A durable sink makes all rows safe, and gives their names to the shards that lie
    /// before the mark of the last commit.
    pub(crate) fn commit(&mut self) -> Result<Mark, Error> {
        if self.is_durable {
            self.name_shards(self.marked)?;
        }
        let mut mark = Mark { shard: self.shard, pages: self.pages, bytes: 0 };
        let committed = match &mut self.open {
            Some(Open::Part(out)) => close(out).map(|bytes| mark.bytes = bytes),
            Some(Open::Lines(out)) => out.close().map(|_| ()),
            _ => Ok(()),
        };
        committed.map_err(|error| self.failed(error))?;
        self.marked = self.shard;
        Ok(mark)
    }

    /// Makes the output visible. Without this call a sink that is not durable leaves nothing behind.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        if self.open.is_some() {
            self.end_shard()?;
        }
        if self.is_durable { self.name_shards(self.shard) } else { Ok(()) }
    }

    /// Opens the next shard.
    fn start(&mut self) -> Result<(), Error> {
        self.open = Some(self.opened().map_err(|error| self.failed(error))?);
        Ok(())
    }

    fn opened(&self) -> io::Result<Open> {
        if self.is_durable {
            let part = File::options().write(true).create_new(true).open(self.file.part(self.shard))?;
            return Ok(Open::Part(Packer::new(self.file.part_packing(), BufWriter::new(part))));
        }
        let stream = match &self.file.path {
            None => Stream::stdout(),
            Some(_) => Stream::open_at(&self.file.shard(self.shard))?,
        };
        match self.file.container {
            Container::JsonLines => Ok(Open::Lines(Packer::new(self.file.packing, stream))),
            #[cfg(feature = "formats")]
            Container::Parquet => Ok(Open::Parquet(Box::new(ParquetFile::new(self.file.table, stream)?))),
        }
    }

    /// Opens the part of a mark and cuts it there.
    fn reopen(&mut self, mark: Mark) -> Result<(), Error> {
        let path = self.file.part(mark.shard);
        let opened = File::options().read(true).write(true).open(&path);
        if matches!(&opened, Err(error) if error.kind() == io::ErrorKind::NotFound)
            && self.file.shard(mark.shard).exists()
        {
            // The run was complete and died while it gave names.
            self.shard = mark.shard + 1;
            return Ok(());
        }
        let cut = opened.and_then(|mut part| {
            if part.metadata()?.len() < mark.bytes {
                return Err(io::Error::other("it is shorter than the journal says"));
            }
            part.set_len(mark.bytes)?;
            part.seek(SeekFrom::End(0))?;
            Ok(part)
        });
        let part = cut.map_err(|error| Error::write(&path, error))?;
        self.open = Some(Open::Part(Packer::new(self.file.part_packing(), BufWriter::new(part))));
        Ok(())
    }

    fn end_shard(&mut self) -> Result<(), Error> {
        let is_empty = self.pages == 0;
        let ended = match self.open.take() {
            Some(Open::Lines(mut out)) => {
                let opened = if is_empty { out.open() } else { Ok(()) };
                opened.and_then(|()| out.into_inner()).and_then(Stream::publish)
            }
            #[cfg(feature = "formats")]
            Some(Open::Parquet(out)) => out.finish().and_then(Stream::publish),
            Some(Open::Part(mut out)) => {
                let opened = if is_empty { out.open() } else { Ok(()) };
                opened.and_then(|()| close(&mut out)).map(|_| ())
            }
            None => Ok(()),
        };
        ended.map_err(|error| self.failed(error))?;
        self.shard += 1;
        self.pages = 0;
        Ok(())
    }

    /// Gives their names to the shards before this one.
    fn name_shards(&mut self, end: u32) -> Result<(), Error> {
        while self.named < end {
            let (part, path) = (self.file.part(self.named), self.file.shard(self.named));
            if part.exists() {
                self.name_shard(&part, &path).map_err(|error| Error::write(&path, error))?;
            }
            self.named += 1;
        }
        Ok(())
    }

    fn name_shard(&self, part: &Path, path: &Path) -> io::Result<()> {
        match self.file.container {
            Container::JsonLines => fs::rename(part, path)?,
            #[cfg(feature = "formats")]
            Container::Parquet => {
                let stream = Stream::through(&part.with_extension("whole"), path)?;
                let mut file = ParquetFile::new(self.file.table, stream)?;
                copy_lines(zstd::Decoder::new(File::open(part)?)?, |lines| file.write(lines))?;
                file.finish()?.publish()?;
                fs::remove_file(part)?;
            }
        }
        sync_directory(path)
    }

    fn delete_parts(&self, from: u32) -> Result<(), Error> {
        for number in from.. {
            let part = self.file.part(number);
            match fs::remove_file(&part) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                removed => removed.map_err(|error| Error::write(&part, error))?,
            }
            if self.file.shard_size.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn failed(&self, error: io::Error) -> Error {
        Error::write(&self.file.shard(self.shard), error)
    }
}

/// Closes the packed stream of a part and makes it safe; gives its length.
fn close(part: &mut Packer<BufWriter<File>>) -> io::Result<u64> {
    let out = part.close()?;
    out.flush()?;
    out.get_ref().sync_data()?;
    out.stream_position()
}

/// A rename is safe when its directory is.
fn sync_directory(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if cfg!(unix) { File::open(parent.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}

/// Whether something is there that is neither a file nor a directory: a device or a pipe.
fn is_special(path: &Path) -> bool {
    path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir())
}

/// Hands on whole lines, many at once.
#[cfg(feature = "formats")]
fn copy_lines(input: impl io::Read, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut input = io::BufReader::new(input);
    let mut line = Vec::new();
    while io::BufRead::read_until(&mut input, b'\n', &mut line)? > 0 {
        take(&line)?;
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::super::jsonl::PAGES;
    use super::*;

    fn row(number: usize) -> String {
        let text = format!("page {number} ").repeat(1 + number * 7 % 50);
        format!("{{\"source\":\"{number}\",\"text\":\"{text}\"}}\n")
    }

    fn file(directory: &TempDir, name: &str, shard_size: u64) -> RowFile {
        let mut file = RowFile::named(&directory.path().join(name), &PAGES);
        file.shard_size = NonZeroU64::new(shard_size);
        file
    }

    /// Everything in a directory: names and bytes.
    fn content(directory: &TempDir) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<_> = fs::read_dir(directory.path())
            .expect("a directory")
            .map(|entry| entry.expect("an entry").path())
            .map(|path| {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                (name, fs::read(&path).expect("a file"))
            })
            .collect();
        files.sort();
        files
    }

    /// Writes pages with a commit every three, dies after each of `deaths` pages, goes on at the last mark.
    fn write(directory: &TempDir, name: &str, shard_size: u64, is_durable: bool, deaths: &[usize]) {
        let open = |mark| {
            let file = file(directory, name, shard_size);
            if is_durable { RowSink::resume(file, mark) } else { RowSink::create(file) }
        };
        let (mut mark, mut done) = (Mark::default(), 0);
        for death in deaths.iter().copied().chain([20]) {
            let mut sink = open(mark).expect("writable");
            let start = done;
            for number in start..death {
                sink.write(row(number).as_bytes()).expect("writable");
                if (number + 1) % 3 == 0 {
                    (mark, done) = (sink.commit().expect("writable"), number + 1);
                }
            }
            if death == 20 {
                mark = sink.commit().expect("writable");
                sink.finish().expect("writable");
                if is_durable {
                    // To finish again is harmless.
                    open(mark).expect("readable").finish().expect("writable");
                }
            } else {
                std::mem::forget(sink);
            }
        }
    }

    #[test]
    fn a_run_that_died_ends_with_the_same_bytes() {
        for name in ["out.jsonl", "out.jsonl.gz", "out.jsonl.zst", "out.parquet"] {
            for shard_size in [0, 4] {
                let [whole, plain, torn] = [(); 3].map(|()| tempfile::tempdir().expect("a directory"));
                write(&whole, name, shard_size, true, &[]);
                write(&plain, name, shard_size, false, &[]);
                write(&torn, name, shard_size, true, &[0, 1, 2, 4, 5, 8, 12, 13, 19]);
                let expected = content(&whole);
                assert_eq!(expected.len(), if shard_size == 0 { 1 } else { 5 }, "{name}");
                assert!(content(&torn) == expected, "{name} in shards of {shard_size}");
                assert!(content(&plain) == expected, "{name} in shards of {shard_size}");
            }
        }
    }

    #[test]
    fn shards_are_numbered_before_their_extensions() {
        let directory = tempfile::tempdir().expect("a directory");
        write(&directory, "my.out.jsonl.gz", 16, false, &[]);
        let names: Vec<String> = content(&directory).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["my.out-00000.jsonl.gz", "my.out-00001.jsonl.gz"]);
    }

    #[test]
    fn an_output_without_rows_is_a_sound_file() {
        let directory = tempfile::tempdir().expect("a directory");
        for name in ["a.jsonl", "b.jsonl.gz", "c.jsonl.zst", "d.parquet"] {
            RowSink::create(file(&directory, name, 0)).expect("writable").finish().expect("writable");
            let mut durable = RowSink::durable(file(&directory, &format!("x{name}"), 0)).expect("writable");
            durable.commit().expect("writable");
            durable.finish().expect("writable");
        }
        let files = content(&directory);
        assert_eq!(files.len(), 8);
        for pair in 0..4 {
            assert_eq!(files[pair].1, files[pair + 4].1, "{}", files[pair].0);
            assert_eq!(files[pair].1.is_empty(), pair == 0, "{}", files[pair].0);
        }
    }

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut sink = RowSink::create(file(&directory, "a.jsonl.gz", 0)).expect("writable");
        sink.write(b"{}\n").expect("writable");
        drop(sink);
        assert_eq!(content(&directory), []);
    }

    #[test]
    fn a_part_that_was_cut_from_outside_is_told() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut sink = RowSink::durable(file(&directory, "a.jsonl", 0)).expect("writable");
        sink.write(b"{}\n").expect("writable");
        let mark = sink.commit().expect("writable");
        drop(sink);
        fs::write(directory.path().join(".dehusk-a.jsonl.part"), "").expect("a file");
        let error = RowSink::resume(file(&directory, "a.jsonl", 0), mark).err().expect("it is too short");
        assert!(error.to_string().ends_with("it is shorter than the journal says"), "{error}");
    }
}
