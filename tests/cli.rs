//! The command line from outside: files in, files out, exit codes, and every way in which a run can go wrong.

mod common;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;

use common::{Ran, Sandbox, gzip, page, rows, sources};

#[test]
fn one_page_goes_to_standard_output() {
    let sandbox = Sandbox::new();
    sandbox.write("a.html", page("letters"));
    let ran = sandbox.run(&["clean", "a.html"]);
    ran.ends(0).tells(&["1 pages", "0 failed"]).tells(&["kept"]);
    assert!(ran.stdout().contains("The story of letters begins"));
    assert!(!ran.stdout().contains("About\n"));
    assert!(ran.stdout().ends_with("them.\n"));
    let markdown = sandbox.run(&["clean", "a.html", "-o", "-", "--format", "markdown"]);
    assert!(markdown.ends(0).stdout().contains("The story"));
}

#[test]
fn standard_input_is_a_page() {
    let sandbox = Sandbox::new();
    for bytes in [page("letters").into_bytes(), gzip(page("letters").as_bytes())] {
        let ran = sandbox.run_with(&["clean", "-", "--format", "jsonl"], &bytes);
        let rows = ran.ends(0).rows();
        assert_eq!(sources(&rows), ["-"]);
        assert!(rows[0]["text"].as_str().expect("text").contains("letters"));
    }
    sandbox.run_with(&["clean", "-", "-o", "out"], b"x").ends(0);
    assert_eq!(sandbox.files("out"), ["stdin.txt"]);
    sandbox.write("a.html", "x");
    sandbox.run_with(&["clean", "-", "a.html", "-o", "out2"], b"").ends(2).tells(&["standard input"]);
}

#[test]
fn a_directory_becomes_a_tree() {
    let sandbox = Sandbox::new();
    for name in ["a.html", "a.txt", "a.htm", "sub/b.xhtml", "sub/deep/c", "sub/a.txt/d.html"] {
        sandbox.write(Path::new("in").join(name), page(name));
    }
    sandbox.write("in/a.html.gz", gzip(page("packed").as_bytes()));
    sandbox.write("in/style.css", "p { color: red }");
    sandbox.write("in/picture", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR");
    sandbox.write("in/.hidden/e.html", page("hidden"));
    let ran = sandbox.run(&["clean", "in", "-o", "out"]);
    ran.ends(0).tells(&["7 pages", "3 skipped"]);
    let expected = [
        "a.htm.txt",
        "a.html.gz.txt",
        "a.html.txt",
        "a.txt.txt",
        "sub/a.txt.d/d.html.txt",
        "sub/b.xhtml.txt",
        "sub/deep/c.txt",
    ];
    assert_eq!(sandbox.files("out"), expected);
    assert!(sandbox.read("out/a.html.gz.txt").contains("The story of packed"));
    sandbox.run(&["clean", "in", "-o", "md", "--format", "markdown"]).ends(0);
    assert!(sandbox.path("md/sub/deep/c.md").exists());
}

#[test]
fn several_arguments_share_one_tree() {
    let sandbox = Sandbox::new();
    sandbox.write("x/p/a.html", page("one"));
    sandbox.write("y/p/a.html", page("two"));
    sandbox.run(&["clean", "x/p", "y/p/a.html", "-o", "out"]).ends(0);
    assert_eq!(sandbox.files("out"), ["x/p/a.html.txt", "y/p/a.html.txt"]);
}

#[test]
fn rows_follow_the_inputs_for_any_number_of_threads() {
    let sandbox = Sandbox::new();
    for number in 0..300 {
        let repeated = page(&format!("number {number}")).repeat(if number % 40 == 0 { 60 } else { 1 });
        sandbox.write(format!("in/{:03}/{number}.html", number % 7), repeated);
    }
    sandbox.write("in/001/broken.html.gz", &gzip(b"x")[..12]);
    let one = sandbox.run(&["clean", "in", "--format", "jsonl", "--jobs", "1", "--quiet"]);
    let many = sandbox.run(&["clean", "in", "--format", "jsonl", "--jobs", "7", "--quiet"]);
    assert_eq!(one.ends(1).stdout(), many.ends(1).stdout());
    assert_eq!(one.stderr(), many.stderr());
    let rows = one.rows();
    assert_eq!(rows.len(), 300);
    let sources = sources(&rows);
    assert!(sources.is_sorted());
    sandbox.run(&["clean", "in", "-o", "rows.jsonl", "--jobs", "2"]).ends(1);
    assert_eq!(sandbox.read("rows.jsonl"), one.stdout());
    // Without a window that moves on, a run of more pages than fit into it would not end.
    assert!(sources.len() > 2 * 64);
}

#[test]
fn arguments_keep_their_order() {
    let sandbox = Sandbox::new();
    for name in ["b.html", "a.html", "c/z.html", "c/y.html"] {
        sandbox.write(name, page(name));
    }
    let rows = sandbox.run(&["clean", "b.html", "c", "a.html", "--format", "jsonl"]).ends(0).rows();
    assert_eq!(sources(&rows), ["b.html", "c/y.html", "c/z.html", "a.html"]);
    assert_eq!(rows[0]["title"], "All about b.html");
    assert_eq!(rows[0]["author"], serde_json::Value::Null);
    assert!(rows[0]["cuts"].is_object() && rows[0]["limits"].is_array());
}

#[test]
fn the_format_follows_the_name_of_the_output() {
    let sandbox = Sandbox::new();
    sandbox.write("a.html", page("one"));
    for name in ["o.jsonl", "o.txt", "o.md"] {
        sandbox.run(&["clean", "a.html", "-o", name]).ends(0);
        assert!(sandbox.path(name).is_file(), "{name}");
    }
    assert_eq!(rows(&sandbox.read("o.jsonl")).len(), 1);
}

#[test]
fn an_extension_may_lie() {
    let sandbox = Sandbox::new();
    sandbox.write("in/markup.txt", page("markup"));
    sandbox.write(
        "in/text.html",
        "A letter came in from the coast, and everybody in the town read it.\n\nIt was long.",
    );
    sandbox.write("in/packed.html", gzip(page("packed").as_bytes()));
    sandbox.write("in/plain.html.gz", page("plain"));
    let rows = sandbox.run(&["clean", "in", "--format", "jsonl"]).ends(0).rows();
    let texts: Vec<_> = rows.iter().map(|row| row["text"].as_str().expect("text")).collect();
    assert!(texts[0].contains("The story of markup") && !texts[0].contains('<'), "{}", texts[0]);
    assert!(texts[1].contains("packed") && texts[2].contains("plain"), "{texts:?}");
    assert!(texts[3].contains("A letter came in"), "{}", texts[3]);
}

#[test]
fn a_named_file_is_always_a_page() {
    let sandbox = Sandbox::new();
    let noise: Vec<u8> = (0..=255).cycle().take(5000).collect();
    sandbox.write("noise.bin", noise);
    sandbox.write("empty", "");
    let rows = sandbox.run(&["clean", "noise.bin", "empty", "--format", "jsonl"]).ends(0).rows();
    assert_eq!(sources(&rows), ["noise.bin", "empty"]);
    assert_eq!(rows[1]["text"], "");
}

#[cfg(unix)]
#[test]
fn names_need_not_be_unicode() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    let name = OsStr::from_bytes(b"caf\xE9.html");
    sandbox.write(Path::new("in").join(name), page("one"));
    sandbox.run(&["clean", "in", "-o", "out"]).ends(0);
    assert!(sandbox.path("out").join(OsStr::from_bytes(b"caf\xE9.html.txt")).is_file());
    let rows = sandbox.run(&["clean", "in", "--format", "jsonl"]).ends(0).rows();
    assert_eq!(sources(&rows), ["in/caf\u{FFFD}.html"]);
}

#[test]
fn broken_gzip_fails_alone() {
    let sandbox = Sandbox::new();
    let packed = gzip(page("one").as_bytes());
    sandbox.write("in/a.html", page("fine"));
    sandbox.write("in/cut.html.gz", &packed[..packed.len() / 2]);
    sandbox.write("in/empty.html.gz", "");
    sandbox.write("in/header.html.gz", &packed[..2]);
    let mut broken = packed.clone();
    let checksum = broken.len() - 6;
    broken[checksum] ^= 1;
    sandbox.write("in/sum.html.gz", &broken);
    let ran = sandbox.run(&["clean", "in", "-o", "out"]);
    ran.ends(1).tells(&["1 pages", "4 failed"]);
    for name in ["cut", "empty", "header", "sum"] {
        ran.tells(&["cannot read", &format!("in/{name}.html.gz"), "gzip data"]);
    }
    assert_eq!(sandbox.files("out"), ["a.html.txt"]);
    let rows = sandbox.run(&["clean", "in", "--format", "jsonl"]).ends(1).rows();
    assert_eq!(sources(&rows), ["in/a.html"]);
}

#[test]
fn a_gzip_bomb_costs_the_limit() {
    let sandbox = Sandbox::new();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(page("bomb").as_bytes()).expect("memory takes all");
    let blank = vec![b' '; 1 << 20];
    for _ in 0..40 {
        encoder.write_all(&blank).expect("memory takes all");
    }
    sandbox.write("bomb.html.gz", encoder.finish().expect("memory takes all"));
    let rows = sandbox.run(&["clean", "bomb.html.gz", "--format", "jsonl"]).ends(0).rows();
    assert_eq!(rows[0]["limits"], serde_json::json!(["bytes"]));
    assert!(rows[0]["text"].as_str().expect("text").contains("bomb"));
}

#[test]
fn missing_and_unreadable_inputs_fail_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("a.html", page("fine"));
    let ran = sandbox.run(&["clean", "gone.html", "a.html", "nowhere/", "-o", "out"]);
    ran.ends(1).tells(&["cannot read", "gone.html"]).tells(&["cannot read", "nowhere"]);
    assert_eq!(sandbox.files("out"), ["a.html.txt"]);
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_back_fail_alone() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page("fine"));
    sandbox.write("else/b.html", page("linked"));
    symlink("missing.html", sandbox.path("in/dangling.html")).expect("a link");
    symlink("../in", sandbox.path("in/loop")).expect("a link");
    symlink("../else/b.html", sandbox.path("in/linked.html")).expect("a link");
    sandbox.write("in/secret.html", page("secret"));
    let secret = sandbox.path("in/secret.html");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).expect("permissions");
    // The superuser may read everything.
    let is_readable = fs::read(&secret).is_ok();
    let ran = sandbox.run(&["clean", "in", "-o", "out"]);
    ran.ends(1).tells(&["cannot read", "in/dangling.html"]).tells(&["cannot read", "in/loop", "leads back"]);
    if !is_readable {
        ran.tells(&["cannot read", "in/secret.html"]);
    }
    let files = sandbox.files("out");
    let expected: &[&str] = &["a.html.txt", "linked.html.txt", "secret.html.txt"];
    assert_eq!(files, expected[..if is_readable { 3 } else { 2 }]);
}

#[cfg(unix)]
#[test]
fn pipes_in_a_directory_do_not_block() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page("fine"));
    let made = Command::new("mkfifo").arg(sandbox.path("in/b.html")).status();
    if made.is_ok_and(|status| status.success()) {
        sandbox.run(&["clean", "in", "-o", "out"]).ends(0).tells(&["1 pages", "1 skipped"]);
    }
}

#[test]
fn what_is_given_twice_is_cleaned_once() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page("fine"));
    let ran = sandbox.run(&["clean", "in/a.html", "in", "./in/../in", "--format", "jsonl"]);
    ran.ends(1).tells(&["in/a.html", "given twice"]).tells(&["./in/../in", "given twice"]);
    assert_eq!(ran.rows().len(), 1);
}

#[test]
fn an_output_is_never_an_input() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page("fine"));
    sandbox.write("b.html", page("other"));
    for _ in 0..2 {
        sandbox.run(&["clean", "in", "-o", "in/out"]).ends(0).tells(&["1 pages"]);
        sandbox.run(&["clean", "in", "-o", "in/rows.jsonl"]).ends(0);
    }
    assert_eq!(sandbox.files("in/out"), ["a.html.txt"]);
    sandbox.write("out/c.html", page("inside"));
    let ran = sandbox.run(&["clean", "out/c.html", "b.html", "-o", "out"]);
    ran.ends(1).tells(&["out/c.html", "it is the output, or lies in it"]);
    assert_eq!(sandbox.files("out"), ["b.html.txt", "c.html"]);
    let before = sandbox.read("b.html");
    sandbox
        .run(&["clean", "b.html", "-o", "b.html", "--format", "jsonl"])
        .ends(1)
        .tells(&["b.html", "output"]);
    assert_ne!(before, "");
}

#[test]
fn an_output_of_the_wrong_kind_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page("fine"));
    sandbox.write("file", "precious");
    sandbox.write("dir/x", "");
    sandbox.run(&["clean", "in", "-o", "file"]).ends(3).tells(&["cannot write", "file"]);
    sandbox.run(&["clean", "in", "-o", "file/below"]).ends(3).tells(&["cannot write", "file/below"]);
    assert_eq!(sandbox.read("file"), "precious");
    sandbox.run(&["clean", "in", "-o", "dir", "--format", "jsonl"]).ends(3).tells(&["cannot write", "dir"]);
    sandbox
        .run(&["clean", "in", "-o", "no/such/rows.jsonl"])
        .ends(3)
        .tells(&["cannot write", "no/such/rows.jsonl"]);
    sandbox.write("taken/a.html.txt/x", "");
    let ran = sandbox.run(&["clean", "in", "-o", "taken"]);
    ran.ends(3).tells(&["cannot write", "taken/a.html.txt"]).tells(&["1 not written"]);
    assert_eq!(sandbox.files("taken"), ["a.html.txt/x"]);
    // The temporary name means nothing to whoever reads the message.
    let long = format!("in/{}.html", "n".repeat(250));
    sandbox.write(&long, page("long"));
    let ran = sandbox.run(&["clean", "in", "-o", "out"]);
    ran.ends(3).tells(&["cannot write", "nnn.html.txt", "name"]);
    assert!(!ran.stderr().contains(".dehusk-"), "{}", ran.stderr());
    assert_eq!(sandbox.files("out"), ["a.html.txt"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page("fine"));
    let ran = sandbox.run(&["clean", "in", "-o", "/dev/full", "--format", "jsonl"]);
    ran.ends(3).tells(&["cannot write", "/dev/full", "No space"]);
    let many = page("letters ").repeat(200);
    for number in 0..100 {
        sandbox.write(format!("many/{number}.html"), &many);
    }
    sandbox.run(&["clean", "many", "-o", "/dev/full", "--format", "jsonl"]).ends(3).tells(&["/dev/full"]);
}

#[test]
fn a_run_replaces_what_was_there_in_one_step() {
    let sandbox = Sandbox::new();
    sandbox.write("a.html", page("one"));
    sandbox.write("rows.jsonl", "old\n".repeat(1000));
    sandbox.run(&["clean", "a.html", "-o", "rows.jsonl"]).ends(0);
    assert_eq!(rows(&sandbox.read("rows.jsonl")).len(), 1);
    assert_eq!(sandbox.files(""), ["a.html", "rows.jsonl"]);
}

#[cfg(unix)]
#[test]
fn outputs_have_the_permissions_of_new_files_and_links_stay_links() {
    use std::os::unix::fs::{MetadataExt, symlink};
    let sandbox = Sandbox::new();
    sandbox.write("a.html", page("one"));
    sandbox.write("new", "");
    sandbox.write("real.jsonl", "old");
    symlink("real.jsonl", sandbox.path("link.jsonl")).expect("a link");
    sandbox.run(&["clean", "a.html", "-o", "link.jsonl"]).ends(0);
    assert!(sandbox.path("link.jsonl").is_symlink());
    assert_eq!(rows(&sandbox.read("real.jsonl")).len(), 1);
    let mode = |name| fs::metadata(sandbox.path(name)).expect("there").mode();
    assert_eq!(mode("real.jsonl"), mode("new"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = Sandbox::new();
    let long = page("letters ").repeat(50);
    for number in 0..200 {
        sandbox.write(format!("in/{number}.html"), &long);
    }
    let mut command = sandbox.command(&["clean", "in", "--format", "jsonl", "--quiet"]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    let ran = Ran(child.wait_with_output().expect("the program ends"));
    assert_eq!(ran.ends(0).stderr(), "");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing_torn() {
    use std::io::Read;
    let sandbox = Sandbox::new();
    sandbox.write("rows.jsonl", "old\n");
    // The run waits for standard input when the signal comes.
    let mut command = sandbox.command(&["clean", "-", "-o", "rows.jsonl"]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"<p>one").expect("the program reads");
    while sandbox.files("").len() < 2 {
        std::thread::yield_now();
    }
    let killed = Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(killed.is_ok_and(|status| status.success()));
    // The handler has a thread of its own; a second signal would end the program at once.
    std::thread::sleep(std::time::Duration::from_millis(300));
    drop(stdin);
    let status = child.wait().expect("the program ends");
    let mut stderr = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("text");
    assert_eq!(status.code(), Some(130), "{stderr}");
    assert_eq!(sandbox.files(""), ["rows.jsonl"]);
    assert_eq!(sandbox.read("rows.jsonl"), "old\n");
}

#[test]
fn quiet_means_no_summary_but_failures() {
    let sandbox = Sandbox::new();
    sandbox.write("a.html", page("one"));
    assert_eq!(sandbox.run(&["clean", "a.html", "-q"]).ends(0).stderr(), "");
    let ran = sandbox.run(&["clean", "a.html", "gone", "-q", "--format", "jsonl"]);
    assert_eq!(ran.ends(1).stderr().lines().count(), 1);
}

#[test]
fn usage_errors_have_a_code_of_their_own() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page("one"));
    let cases: &[&[&str]] = &[
        &["clean"],
        &["clean", "in"],
        &["clean", "in", "-o", "-"],
        &["clean", "in", "-o", "one.txt"],
        &["clean", "in", "-o", "out", "--format", "docx"],
        &["clean", "in", "-o", "out", "--favor", "luck"],
        &["clean", "in", "-o", "out", "--jobs", "0"],
        &["clean", "in", "-o", "out", "--off", "no_such_rule"],
        &["rules", "no_such_rule"],
        &["tidy"],
    ];
    for args in cases {
        let ran = sandbox.run(args);
        assert_ne!(ran.ends(2).stderr(), "", "{args:?}");
    }
    assert_eq!(sandbox.files(""), ["in/a.html"]);
}

#[test]
fn the_help_teaches() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(&["clean", "--help"]);
    let text = help.ends(0).stdout();
    for part in ["Examples:", "Exit codes:", "--favor", "--off hotline", "a.html.txt"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let version = sandbox.run(&["--version"]);
    assert_eq!(version.ends(0).stdout(), format!("dehusk {}\n", env!("CARGO_PKG_VERSION")));
    let listed = sandbox.run(&["rules"]);
    assert_eq!(listed.ends(0).stdout().lines().count(), dehusk::RULES.len());
}
