//! A tar of pages to records, in the order of the archive.
//!
//! Its files are chosen as those of a directory are: by extension, and by their look where that does not tell. Each
//! may be packed with gzip. Behind a damaged header nothing can be found again: the rest of the archive is given up.

use std::collections::HashSet;
use std::io::{self, Read};
use std::path::PathBuf;

use tar::{Archive, EntryType};

use super::many::{Emit, Source};
use super::unpack::Unpacked;
use super::{Entry, Guess, Record, guess, mhtml, page};
use crate::error::Error;

/// Reads all files.
pub(super) fn read(source: &Source, input: Unpacked, emit: &mut Emit<'_>) {
    let mut archive = Archive::new(input);
    let Err(error) = files(source, &mut archive, emit) else { return };
    // The library quotes the bytes that are none of a header.
    let reason = if error.kind() == io::ErrorKind::Other {
        io::Error::other("no header of a tar file is here")
    } else {
        error
    };
    emit(Err(source.damage(archive.into_inner().offset(), reason)));
}

fn files(source: &Source, archive: &mut Archive<Unpacked>, emit: &mut Emit<'_>) -> io::Result<()> {
    let mut names = HashSet::new();
    for file in archive.entries()? {
        let file = file?;
        if file.header().entry_type() != EntryType::Directory && !emit(one(source, file, &mut names)) {
            break;
        }
    }
    Ok(())
}

fn one(
    source: &Source,
    file: tar::Entry<'_, Unpacked>,
    names: &mut HashSet<PathBuf>,
) -> Result<Entry, Error> {
    let path = PathBuf::from(String::from_utf8_lossy(&file.path_bytes()).into_owned());
    let guess = guess(&path);
    let is_page = matches!(guess, Guess::Page | Guess::Unknown);
    if !is_page || !file.header().entry_type().is_file() {
        return Ok(Entry::Skipped);
    }
    let place = PathBuf::from(format!("{}#{}", source.path.display(), path.display()));
    let size = file.size();
    let mut input = file.take(u64::MAX);
    let doubtful = matches!(guess, Guess::Unknown);
    let content = page::content(input.by_ref(), &place, doubtful, source.max_bytes, Vec::new())?;
    let read = u64::MAX - input.limit();
    let Some(bytes) = content else { return Ok(Entry::Skipped) };
    // The archive may end within the file; the reader of files would not know.
    if read < size && matches!(input.read(&mut [0]), Ok(0)) {
        let reason = format!("the archive has {read} of {size} bytes");
        let error = io::Error::new(io::ErrorKind::UnexpectedEof, reason);
        return Err(Error::Read { path: place, offset: Some(read), source: error });
    }
    // An archive may hold a file twice; no two pages share a name.
    let mut name = source.name.join(path.strip_prefix("/").unwrap_or(&path));
    while !names.insert(name.clone()) {
        name.as_mut_os_string().push("+");
    }
    let mut record =
        Record { source: place.to_string_lossy().into_owned(), name, bytes, ..Record::default() };
    mhtml::unwrap(&mut record);
    Ok(Entry::Record(record))
}
