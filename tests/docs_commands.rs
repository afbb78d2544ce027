//! The commands of the documentation, run exactly as they are written.
//!
//! Each `sh` block, and each command of a list in a `text` block, runs in one directory for its document, with what the
//! text speaks of: a page, a crawl, cases, the samples. `cargo run --` is a stand-in that runs the program that is being tested;
//! `.ci/run` runs the real one. `curl` is a stand-in that gives a crawl file, so that nothing leaves the machine.

#![cfg(unix)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use common::{Sandbox, page};

/// Documents with commands.
const DOCUMENTS: [&str; 6] = [
    "README.md",
    "docs/benchmarks.md",
    "docs/crawler.md",
    "docs/crawls.md",
    "docs/samples.md",
    "docs/sites.md",
];

#[test]
fn the_commands_of_the_documentation_work() {
    for document in DOCUMENTS {
        let sandbox = sandbox();
        let text = fs::read_to_string(root().join(document)).expect("the document is there");
        let scripts = scripts(&text);
        assert!(!scripts.is_empty(), "{document}");
        for script in scripts {
            let path = std::env::var("PATH").expect("a path");
            let ran = Command::new("bash")
                .args(["-euo", "pipefail", "-c", &script])
                .current_dir(sandbox.0.path())
                .env("PATH", format!("{}:{path}", sandbox.path("bin").display()))
                .output()
                .expect("there is a shell");
            let told = String::from_utf8_lossy(&ran.stderr);
            assert!(ran.status.success(), "{document}:\n{script}\n{told}");
        }
    }
}

/// What is to be run, in order: `sh` blocks as they are, and the commands of lists, which end at a gap before what they do.
fn scripts(document: &str) -> Vec<String> {
    let mut scripts = Vec::new();
    for block in document.split("\n```").skip(1).step_by(2) {
        match block.split_once('\n') {
            Some(("sh", script)) => scripts.push(script.to_owned()),
            Some(("text", list)) => {
                let commands =
                    list.lines().filter(|line| line.starts_with("dehusk ") || line.starts_with("curl "));
                scripts.extend(commands.map(|line| line.split("  ").next().unwrap_or(line).to_owned()));
            }
            _ => {}
        }
    }
    scripts
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
    sandbox.write("crawl.warc.gz", sample("pages.warc.gz"));
    sandbox.write("crawl.jsonl", serde_json::json!({"html": page("tides")}).to_string());
    sandbox.write("cases/letters/page.html", page("letters"));
    sandbox.write("cases/letters/must", "The story of letters\n");
    sandbox.write("set/pages/1.html", page("letters"));
    sandbox
        .write("set/gold.jsonl", serde_json::json!({"id": "1", "text": "The story of letters"}).to_string());
    sandbox.write("sites.toml", "[[site]]\nhost = \"news.example.org\"\nbody = \"article\"\n");
    for name in ["old.jsonl", "new.jsonl", "theirs.jsonl"] {
        sandbox.write(name, serde_json::json!({"id": "1", "text": name}).to_string());
    }
    for name in ["old.toml", "new.toml"] {
        sandbox.write(name, "[clean]\nfavor = \"recall\"\n");
    }
    sandbox.write("crawl/a.warc.gz", sample("pages.warc.gz"));
    let row = serde_json::json!({"page": data_encoding::BASE64.encode(page("tides").as_bytes())});
    sandbox
        .write("shard.jsonl.zst", zstd::encode_all(row.to_string().as_bytes(), 3).expect("memory takes all"));
    sandbox
        .write("bin/curl", format!("#!/bin/sh\nexec cat '{}'\n", sandbox.path("crawl/a.warc.gz").display()));
    sandbox.write(
        "bin/cargo",
        "#!/bin/sh\ncase \"$*\" in 'run --release -- '*) shift 3; exec dehusk \"$@\";; 'test'|*--example*) ;; *) exit 1;; esac\n",
    );
    for script in ["bin/cargo", "bin/curl"] {
        fs::set_permissions(sandbox.path(script), fs::Permissions::from_mode(0o755)).expect("a script");
    }
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_dehusk"), sandbox.path("bin/dehusk")).expect("a link");
    std::os::unix::fs::symlink(root().join("samples"), sandbox.path("samples")).expect("a link");
    sandbox
}
