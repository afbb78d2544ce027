//! Runs that are killed and go on: whatever the moment, the output is that of a run that was never interrupted.
//!
//! `DEHUSK_KILL_ROUNDS` sets how often each format's run is killed; the default is small, for every day.

#![cfg(unix)]

mod common;

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use common::{Ran, Sandbox, page, rows};

/// Pages of the input; a tenth repeats another one.
const PAGES: usize = 240;

fn rounds() -> usize {
    std::env::var("DEHUSK_KILL_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3)
}

/// A crawl with repeats, pages that are filtered, and files that cannot be read.
fn crawl(sandbox: &Sandbox) {
    for number in 0..PAGES {
        let topic = format!("topic number {}", number % (PAGES * 9 / 10));
        let content = if number % 17 == 5 { "<p>Short.</p>".to_owned() } else { page(&topic) };
        sandbox.write(format!("in/{}/{number:04}.html", number % 5), content);
    }
    sandbox.write("in/3/broken.html.gz", b"\x1F\x8B\x08broken");
    sandbox.write("in/3/style.css", "");
    // The same in one file.
    let mut lines = String::new();
    for file in sandbox.files("in").iter().filter(|file| !file.contains("broken") && !file.contains("style"))
    {
        let row = serde_json::json!({ "id": file, "html": sandbox.read(&format!("in/{file}")) });
        lines.push_str(&(row.to_string() + "\n"));
    }
    lines.push_str("{ broken\n");
    sandbox.write("in.jsonl", lines);
}

fn args<'a>(input: &'a str, output: &'a str, rejects: &'a str, cuts: &'a str) -> Vec<&'a str> {
    let filters = ["--dedup", "near", "--min-chars", "50"];
    let mut args =
        vec!["clean", input, "-o", output, "--rejects", rejects, "--cuts", cuts, "--commit-every", "7"];
    args.extend(filters);
    args
}

/// Names and bytes of everything below a directory, hidden files too.
fn content(sandbox: &Sandbox, name: &str) -> Vec<(String, Vec<u8>)> {
    let files = sandbox.files(name);
    files
        .into_iter()
        .map(|file| (file.clone(), fs::read(sandbox.path(name).join(&file)).expect("a file")))
        .collect()
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below.max(1)
    }
}

/// Kills a run again and again, lets it end, and compares.
fn survive(input: &str, name: &str) {
    let sandbox = Sandbox::new();
    crawl(&sandbox);
    fs::create_dir_all(sandbox.path("whole")).expect("a directory");
    fs::create_dir_all(sandbox.path("killed")).expect("a directory");
    let start = Instant::now();
    let (output, rejects, cuts) = (format!("whole/{name}"), "whole/no.jsonl.gz", "whole/cuts.jsonl");
    let whole = sandbox.run(&args(input, &output, rejects, cuts));
    let taken = start.elapsed().as_millis() as u64;
    whole.ends(1);

    let output = format!("killed/{name}");
    let mut args = args(input, &output, "killed/no.jsonl.gz", "killed/cuts.jsonl");
    args.extend(["--state", "state"]);
    let same = || {
        let (expected, found) = (content(&sandbox, "whole"), content(&sandbox, "killed"));
        let names =
            |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&found), names(&expected), "{name}");
        for (one, other) in expected.iter().zip(&found) {
            assert!(one == other, "{} differs", one.0);
        }
    };
    let mut dice = Dice(name.bytes().map(u64::from).sum());
    let mut kills = 0;
    for _ in 0..100 * rounds() {
        let mut child = sandbox.command(&args).stderr(Stdio::null()).spawn().expect("the program starts");
        thread::sleep(Duration::from_millis(dice.roll(taken * 2 / 3)));
        child.kill().expect("it is ours");
        if child.wait().expect("it ends").code().is_none() {
            kills += 1;
        } else {
            // It was done before it could be killed: compare, and begin anew.
            same();
            fs::remove_dir_all(sandbox.path("killed")).expect("it is there");
            fs::remove_dir_all(sandbox.path("state")).expect("it is there");
            fs::create_dir_all(sandbox.path("killed")).expect("a directory");
        }
        if kills == rounds() {
            break;
        }
    }
    assert_eq!(kills, rounds());
    let last = sandbox.run(&args);
    last.ends(1);
    same();
    // The counts are those of the whole run too, but for the time.
    let counts = |ran: &Ran| {
        ran.stderr().lines().filter(|line| line.contains(": ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let filtered = |ran: &Ran| counts(ran).into_iter().find(|line| line.starts_with("pages filtered"));
    assert_eq!(filtered(&last), filtered(&whole));
    // Once more: nothing is left to do, and nothing changes.
    sandbox.run(&args).ends(1).tells(&["of the pages were done before"]);
    same();
}

#[test]
fn a_killed_tree_is_whole_in_the_end() {
    survive("in", "tree");
}

#[test]
fn killed_json_lines_are_whole_in_the_end() {
    survive("in.jsonl", "rows.jsonl");
}

#[test]
fn killed_packed_rows_are_whole_in_the_end() {
    survive("in", "rows.jsonl.gz");
}

#[cfg(feature = "formats")]
#[test]
fn a_killed_parquet_file_is_whole_in_the_end() {
    survive("in.jsonl", "rows.parquet");
}

#[test]
fn changed_inputs_and_options_are_noticed() {
    let sandbox = Sandbox::new();
    for number in 0..30 {
        sandbox.write(format!("in/{number:02}.html"), page(&format!("number {number}")));
    }
    let run = |args: &[&str]| {
        let mut all = vec!["clean", "in", "-o", "out.jsonl", "--state", "state", "--commit-every", "10"];
        all.extend(args);
        sandbox.run(&all)
    };
    run(&[]).ends(0);
    run(&["--favor", "recall"]).ends(2).tells(&[
        "cannot resume",
        "clean.favor",
        "balanced",
        "recall",
        "--restart",
    ]);
    run(&["--lang", "en"]).ends(2).tells(&["filter.lang"]);
    // The same bytes at another time are the same page.
    sandbox.write("in/03.html", page("number 3"));
    run(&[]).ends(0);
    sandbox.write("in/03.html", page("something else"));
    run(&[]).ends(2).tells(&["inputs have changed", "in/03.html", "--restart"]);
    let before = sandbox.read("out.jsonl");
    run(&["--restart"]).ends(0);
    assert_ne!(sandbox.read("out.jsonl"), before);
    sandbox.write("in/99.html", page("late"));
    run(&[]).ends(2).tells(&["inputs have changed", "more of them"]);
    fs::remove_file(sandbox.path("in/99.html")).expect("it is there");
    fs::remove_file(sandbox.path("in/07.html")).expect("it is there");
    run(&[]).ends(2).tells(&["inputs have changed", "in/08.html"]);
    assert_eq!(rows(&sandbox.read("out.jsonl")).len(), 30);
}

#[test]
fn a_state_needs_an_output_that_can_wait() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page("letters"));
    for args in [
        &["clean", "in", "--format", "jsonl", "--state", "state"][..],
        &["clean", "in/a.html", "-o", "a.txt", "--state", "state"],
        &["clean", "in", "-o", "out", "--restart"],
    ] {
        sandbox.run(args).ends(2).tells(&["state"]);
    }
}

#[test]
fn an_output_without_room_stops_the_run_which_goes_on_when_there_is_some() {
    let sandbox = Sandbox::new();
    for number in 0..60 {
        sandbox.write(format!("in/{number:02}.html"), page(&format!("number {number}")).repeat(8));
    }
    sandbox.run(&["clean", "in", "-o", "whole.jsonl", "--cuts", "whole-cuts.jsonl"]).ends(0);
    for (output, limit) in [("out.jsonl", 64), ("tree", 1)] {
        // A limit on the size of files, in blocks of 512 bytes, stands for a disk that is full.
        let command = format!(
            "trap '' XFSZ; ulimit -f {limit}; exec {} clean in -o {output} --state state-{output} --commit-every 5",
            env!("CARGO_BIN_EXE_dehusk")
        );
        let shell =
            std::process::Command::new("sh").current_dir(sandbox.0.path()).args(["-c", &command]).output();
        let ran = Ran(shell.expect("a shell"));
        ran.ends(3).tells(&["cannot write"]);
        assert!(!sandbox.path("out.jsonl").exists(), "nothing torn is visible");
        let again =
            ["clean", "in", "-o", output, "--state", &format!("state-{output}"), "--commit-every", "5"];
        sandbox.run(&again).ends(0).tells(&["60 pages"]);
        if output == "out.jsonl" {
            assert_eq!(sandbox.read(output), sandbox.read("whole.jsonl"));
            fs::remove_file(sandbox.path(output)).expect("it is there");
        } else {
            assert_eq!(sandbox.files(output).len(), 60);
        }
    }
}

/// A small disk of its own, as long as the value lives. Only the super-user can have one.
struct Disk(std::path::PathBuf);

impl Disk {
    fn new(sandbox: &Sandbox) -> Option<Self> {
        let path = sandbox.path("disk");
        fs::create_dir(&path).expect("a directory");
        let disk = Self(path);
        disk.mount("size=128k").then_some(disk)
    }

    fn mount(&self, options: &str) -> bool {
        let command = ["-t", "tmpfs", "-o", options, "tmpfs"];
        let ran = std::process::Command::new("mount").args(command).arg(&self.0).output();
        ran.is_ok_and(|ran| ran.status.success())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).output();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_the_run_which_goes_on_when_there_is_room() {
    let sandbox = Sandbox::new();
    for number in 0..120 {
        sandbox.write(format!("in/{number:03}.html"), page(&format!("number {number}")).repeat(8));
    }
    let Some(disk) = Disk::new(&sandbox) else { return };
    sandbox.run(&["clean", "in", "-o", "whole.jsonl"]).ends(0);
    let args = ["clean", "in", "-o", "disk/out.jsonl", "--state", "disk/state", "--commit-every", "5"];
    sandbox.run(&args).ends(3).tells(&["cannot write", "disk/", "No space left"]);
    assert!(!sandbox.path("disk/out.jsonl").exists(), "nothing torn is visible");
    // Without room it says so again.
    sandbox.run(&args).ends(3).tells(&["No space left"]);
    assert!(disk.mount("remount,size=8m"), "the disk grows");
    sandbox.run(&args).ends(0).tells(&["120 pages"]);
    assert_eq!(sandbox.read("disk/out.jsonl"), sandbox.read("whole.jsonl"));
}

#[test]
fn shards_are_the_whole_run_in_parts() {
    let sandbox = Sandbox::new();
    crawl(&sandbox);
    let whole = sandbox.run(&["clean", "in", "--format", "jsonl"]);
    let (mut parts, mut failures) = (Vec::new(), 0);
    for shard in ["1/3", "2/3", "3/3"] {
        let state = format!("state-{}", &shard[..1]);
        let output = format!("part-{}.jsonl", &shard[..1]);
        let ran = sandbox.run(&["clean", "in", "-o", &output, "--shard", shard, "--state", &state]);
        failures += ran.0.status.code().expect("it ends");
        let text = sandbox.read(&output);
        assert!(text.lines().count() > PAGES / 6, "{shard}");
        parts.extend(text.lines().map(str::to_owned));
        sandbox.run(&["clean", "in", "-o", "tree", "--shard", shard, "--state", &format!("{state}-tree")]);
    }
    assert_eq!(failures, 1, "the broken file belongs to one part");
    let text = whole.ends(1).stdout();
    let mut expected: Vec<&str> = text.lines().collect();
    expected.sort_unstable();
    parts.sort_unstable();
    assert_eq!(parts, expected);
    sandbox.run(&["clean", "in", "-o", "tree-of-all"]).ends(1);
    assert!(content(&sandbox, "tree") == content(&sandbox, "tree-of-all"));
    sandbox.run(&["clean", "in", "-o", "x", "--shard", "4/3"]).ends(2).tells(&["4/3"]);
}
