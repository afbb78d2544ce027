//! The commands of the documentation, run exactly as they are written.
//!
//! Each `sh` block runs in one directory for its document, with what the text speaks of: a page, a crawl, the samples.
//! `cargo` lines are left to the build; `curl` is a stand-in that gives a crawl file, so that nothing leaves the machine.

#![cfg(unix)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use common::{Sandbox, page};

#[test]
fn the_commands_of_the_documentation_work() {
    for document in ["README.md", "docs/crawls.md", "docs/samples.md"] {
        let sandbox = sandbox();
        let text = fs::read_to_string(root().join(document)).expect("the document is there");
        let blocks: Vec<&str> =
            text.split("```sh\n").skip(1).filter_map(|rest| rest.split("\n```").next()).collect();
        assert!(!blocks.is_empty(), "{document}");
        for block in blocks {
            let lines: Vec<&str> = block.lines().filter(|line| !line.starts_with("cargo ")).collect();
            let path = std::env::var("PATH").expect("a path");
            let ran = Command::new("bash")
                .args(["-euo", "pipefail", "-c", &lines.join("\n")])
                .current_dir(sandbox.0.path())
                .env("PATH", format!("{}:{path}", sandbox.path("bin").display()))
                .output()
                .expect("there is a shell");
            let told = String::from_utf8_lossy(&ran.stderr);
            assert!(ran.status.success(), "{document}:\n{block}\n{told}");
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A directory with everything that the documents speak of.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let sample = |name: &str| fs::read(root().join("samples/formats").join(name)).expect("a sample");
    sandbox.write("page.html", page("letters"));
    sandbox.write("crawl/a.html", page("ships"));
    sandbox.write("crawl/a.warc.gz", sample("pages.warc.gz"));
    let row = serde_json::json!({"page": data_encoding::BASE64.encode(page("tides").as_bytes())});
    sandbox
        .write("shard.jsonl.zst", zstd::encode_all(row.to_string().as_bytes(), 3).expect("memory takes all"));
    sandbox
        .write("bin/curl", format!("#!/bin/sh\nexec cat '{}'\n", sandbox.path("crawl/a.warc.gz").display()));
    fs::set_permissions(sandbox.path("bin/curl"), fs::Permissions::from_mode(0o755)).expect("a script");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_dehusk"), sandbox.path("bin/dehusk")).expect("a link");
    std::os::unix::fs::symlink(root().join("samples"), sandbox.path("samples")).expect("a link");
    sandbox
}
