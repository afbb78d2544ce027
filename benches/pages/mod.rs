//! The pages that the benches measure with.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The contents of every so many of the files below a directory that have one of these extensions, by path.
pub(crate) fn read(directory: &Path, extensions: &[&str], step: usize) -> io::Result<Vec<Vec<u8>>> {
    let is_page =
        |path: &Path| path.extension().is_some_and(|own| extensions.iter().any(|known| own == *known));
    let mut found: Vec<PathBuf> = Vec::new();
    let mut open = vec![directory.to_owned()];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if is_page(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    found.iter().step_by(step.max(1)).map(fs::read).collect()
}
