//! Bytes to files that are whole or not there: written under a temporary name in the same directory, then renamed.
//!
//! [`Tree`] writes a file for each page and can be shared by threads; [`Stream`] writes one after another into one
//! file, or into what is no regular file: standard output, a pipe, a device.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Component, Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use crate::error::Error;

/// How the names of files that are still being written begin. Names like this are never inputs.
pub(crate) const TEMPORARY: &str = ".dehusk-";

/// A directory that mirrors the inputs.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    extension: &'static str,
    /// Where files are written before they get their names; by default beside them.
    scratch: Option<PathBuf>,
}

impl Tree {
    /// A tree in this directory, which is made if it is missing.
    pub(crate) fn create(root: &Path, extension: &'static str) -> Result<Self, Error> {
        fs::create_dir_all(root).map_err(|error| Error::write(root, error))?;
        if !root.is_dir() {
            return Err(Error::write(root, io::ErrorKind::NotADirectory.into()));
        }
        Ok(Self { root: root.to_owned(), extension, scratch: None })
    }

    /// A tree that leaves no temporary files behind even if the process dies: they are in a directory of the run's
    /// own, which is emptied here and removed by [`Tree::finish`]. `run` tells runs apart that share a tree.
    pub(crate) fn durable(root: &Path, extension: &'static str, run: u64) -> Result<Self, Error> {
        let tree = Self::create(root, extension)?;
        let scratch = root.join(format!("{TEMPORARY}{run:016x}"));
        let emptied = remove_directory(&scratch).and_then(|()| fs::create_dir(&scratch));
        emptied.map_err(|error| Error::write(&scratch, error))?;
        Ok(Self { scratch: Some(scratch), ..tree })
    }

    /// Makes the files that were written so far outlast a power cut, not only the process.
    pub(crate) fn commit(&self) -> Result<(), Error> {
        match &self.scratch {
            Some(_) => sync_file_system(&self.root).map_err(|error| Error::write(&self.root, error)),
            None => Ok(()),
        }
    }

    /// Ends a run: its temporary directory is removed.
    pub(crate) fn finish(self) -> Result<(), Error> {
        match &self.scratch {
            Some(scratch) => remove_directory(scratch).map_err(|error| Error::write(scratch, error)),
            None => Ok(()),
        }
    }

    /// Writes the file of a page.
    pub(crate) fn write(&self, name: &Path, content: &[u8]) -> Result<(), Error> {
        let path = self.root.join(output_name(name, self.extension));
        write_whole(&path, content, self.scratch.as_deref()).map_err(|error| Error::write(&path, error))
    }
}

/// The output's name for an input's: the extension is added, never replaced, so that `a.html` and `a.txt` stay
/// apart. A directory that is itself called like an output gets a `.d` behind it, so that no page can claim its
/// name.
fn output_name(name: &Path, extension: &str) -> PathBuf {
    let parts: Vec<&OsStr> = name
        .components()
        .filter_map(|component| match component {
            Component::Normal(part) => Some(part),
            _ => None,
        })
        .collect();
    let Some((file, directories)) = parts.split_last() else {
        return PathBuf::from(format!("_.{extension}"));
    };
    let suffix = format!(".{extension}");
    let directory = |part: &&OsStr| {
        let mut stem = part.as_encoded_bytes();
        while let Some(shorter) = stem.strip_suffix(b".d") {
            stem = shorter;
        }
        let mut part = part.to_os_string();
        if stem.ends_with(suffix.as_bytes()) {
            part.push(".d");
        }
        part
    };
    let mut path: PathBuf = directories.iter().map(directory).collect();
    let mut file: OsString = (*file).to_owned();
    file.push(suffix);
    path.push(file);
    path
}

fn write_whole(path: &Path, content: &[u8], scratch: Option<&Path>) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let (mut file, mut written) = match temporary(scratch.unwrap_or(directory)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(directory)?;
            temporary(directory)?
        }
        other => other?,
    };
    file.write_all(content)?;
    match written.persist(path) {
        Err(error) if error.error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(directory)?;
            written = error.path;
            written.persist(path).map_err(|error| bare(error.error))
        }
        persisted => persisted.map_err(|error| bare(error.error)),
    }
}

/// Syncs all files at once: one call for each of thousands would take many times as long.
#[cfg(target_os = "linux")]
fn sync_file_system(directory: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(directory)?)?)
}

/// Other systems write files back in their own time.
#[cfg(not(target_os = "linux"))]
fn sync_file_system(_directory: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes a directory, unless it is gone already.
fn remove_directory(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// A file with the permissions that a new file of this user has.
fn temporary(directory: &Path) -> io::Result<(File, TempPath)> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY).suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory).map(NamedTempFile::into_parts).map_err(bare)
}

/// The error without the name of the temporary file, which is not the one that was meant.
fn bare(error: io::Error) -> io::Error {
    use io::ErrorKind as Kind;
    let kind = error.kind();
    let says_enough = matches!(
        kind,
        Kind::InvalidFilename
            | Kind::NotADirectory
            | Kind::NotFound
            | Kind::PermissionDenied
            | Kind::ReadOnlyFilesystem
            | Kind::StorageFull
    );
    if says_enough { kind.into() } else { error }
}

/// One output for all pages.
#[derive(Debug)]
pub(crate) struct Stream {
    path: PathBuf,
    to: To,
}

#[derive(Debug)]
enum To {
    Stdout(BufWriter<Stdout>),
    /// What can only be written as it comes.
    Direct(BufWriter<File>),
    /// A file that gets its name in the end.
    Temporary(BufWriter<File>, TempPath),
}

impl Stream {
    /// Writes to standard output.
    pub(crate) fn stdout() -> Self {
        Self { path: PathBuf::from("standard output"), to: To::Stdout(BufWriter::new(io::stdout())) }
    }

    /// Writes to a file; one that is there is replaced in the end, in one step.
    pub(crate) fn create(path: &Path) -> Result<Self, Error> {
        Self::open_at(path).map_err(|error| Error::write(path, error))
    }

    /// The same for callers that name the file themselves when something fails.
    pub(super) fn open_at(path: &Path) -> io::Result<Self> {
        // A link stays, what it points to is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let to = Self::open(&path)?;
        Ok(Self { path, to })
    }

    /// Writes to a regular file through a temporary file of this name, which an earlier process may have left.
    #[cfg(feature = "formats")]
    pub(super) fn through(temporary: &Path, path: &Path) -> io::Result<Self> {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let file = BufWriter::new(File::create(temporary)?);
        let temporary = TempPath::try_from_path(temporary)?;
        Ok(Self { path, to: To::Temporary(file, temporary) })
    }

    fn open(path: &Path) -> io::Result<To> {
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(there) if !there.is_file() => {
                Ok(To::Direct(BufWriter::new(File::options().write(true).open(path)?)))
            }
            _ => {
                let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
                let (file, temporary) = temporary(parent.unwrap_or(Path::new(".")))?;
                Ok(To::Temporary(BufWriter::new(file), temporary))
            }
        }
    }

    /// Adds bytes.
    pub(crate) fn write(&mut self, content: &[u8]) -> Result<(), Error> {
        self.write_all(content).map_err(|error| Error::write(&self.path, error))
    }

    /// Makes the output visible. Without this call a file is left as it was.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let path = self.path.clone();
        self.publish().map_err(|error| Error::write(&path, error))
    }

    /// The same for callers that name the file themselves when something fails.
    pub(super) fn publish(self) -> io::Result<()> {
        match self.to {
            To::Stdout(mut out) => out.flush(),
            To::Direct(mut out) => out.flush(),
            To::Temporary(mut out, temporary) => {
                out.flush()?;
                temporary.persist(&self.path).map_err(|error| error.error)
            }
        }
    }
}

impl Write for Stream {
    fn write(&mut self, content: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            To::Stdout(out) => out.write(content),
            To::Direct(out) | To::Temporary(out, _) => out.write(content),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::Stdout(out) => out.flush(),
            To::Direct(out) | To::Temporary(out, _) => out.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_outputs_never_meet() {
        let inputs =
            ["a", "a.txt", "a.html", "a.html.gz", "a.txt/b", "a.txt.d/b", "a.txt.d.d/b", "a.d/b", "a/b"];
        let mut outputs: Vec<PathBuf> =
            inputs.iter().map(|name| output_name(Path::new(name), "txt")).collect();
        let directories: Vec<PathBuf> =
            outputs.iter().filter_map(|o| o.parent()).map(Path::to_owned).collect();
        assert!(outputs.iter().all(|output| !directories.contains(output)), "{outputs:?}");
        outputs.sort();
        outputs.dedup();
        assert_eq!(outputs.len(), inputs.len(), "{outputs:?}");
    }

    #[test]
    fn names_of_outputs_stay_inside() {
        for name in ["../../x", "/x", "./../x"] {
            assert_eq!(output_name(Path::new(name), "md"), Path::new("x.md"), "{name}");
        }
    }
}
