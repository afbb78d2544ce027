//! What the tests of the command line share: pages, a directory for each test, the program run in it.

#![allow(dead_code, reason = "each test binary uses a part, and one may use all")]
#![expect(unreachable_pub, reason = "it is a module of several test binaries")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

/// Prose that any setting keeps, with a link bar that any setting drops.
pub fn page(topic: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>{topic}</title></head><body><nav><a href=/>Home</a> \
         <a href=/a>About</a></nav><article><h1>All about {topic}</h1><p>The story of {topic} begins a long time \
         ago, in a harbour town where ships from every coast came in, and where people liked to write things down.\
         </p><p>Much later, when the harbour had silted up, somebody found the letters about {topic} in an attic, \
         read them all, and decided that the town ought to know about them.</p></article></body></html>"
    )
}

pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// A directory of its own for one test, and the command run in it.
pub struct Sandbox(pub TempDir);

impl Sandbox {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("inside the sandbox")).expect("a directory");
        fs::write(path, content).expect("a file");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dehusk"));
        command.current_dir(self.0.path()).args(args).stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran(self.command(args).output().expect("the program starts"))
    }

    pub fn run_with(&self, args: &[&str], stdin: &[u8]) -> Ran {
        let mut command = self.command(args);
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().expect("the program starts");
        child.stdin.take().expect("a pipe").write_all(stdin).expect("the program reads");
        Ran(child.wait_with_output().expect("the program ends"))
    }

    /// All files below a directory, by name.
    pub fn files(&self, name: &str) -> Vec<String> {
        let root = self.path(name);
        let walk = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().filter_map(Result::ok);
        let files = walk.filter(|entry| entry.file_type().is_file());
        let name = |path: &Path| path.strip_prefix(&root).expect("below").to_string_lossy().into_owned();
        files.map(|entry| name(entry.path())).collect()
    }
}

pub struct Ran(pub Output);

impl Ran {
    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    #[track_caller]
    pub fn ends(&self, code: i32) -> &Self {
        assert_eq!(self.0.status.code(), Some(code), "stderr: {}", self.stderr());
        self
    }

    /// Standard error has a line with all of these.
    #[track_caller]
    pub fn tells(&self, parts: &[&str]) -> &Self {
        let stderr = self.stderr();
        assert!(
            stderr.lines().any(|line| parts.iter().all(|part| line.contains(part))),
            "{parts:?}: {stderr}"
        );
        self
    }

    /// The rows of JSON on standard output.
    pub fn rows(&self) -> Vec<serde_json::Value> {
        rows(&self.stdout())
    }
}

pub fn rows(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a row is JSON")).collect()
}

pub fn sources(rows: &[serde_json::Value]) -> Vec<&str> {
    rows.iter().map(|row| row["source"].as_str().expect("a name")).collect()
}
