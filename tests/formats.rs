//! Files with many pages, made by other tools, and what becomes of damaged ones.
//!
//! `samples/formats/make.py` made the files, of the pages beside it. Each must give the articles of the pages
//! themselves, byte for byte.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tempfile::TempDir;

const PAGES: usize = 7;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/formats").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(sample(name)).expect("a sample")
}

struct Ran {
    code: Option<i32>,
    rows: Vec<Value>,
    stderr: String,
}

impl Ran {
    fn new(output: &Output) -> Self {
        let stdout = String::from_utf8(output.stdout.clone()).expect("rows are UTF-8");
        let rows = stdout.lines().map(|line| serde_json::from_str(line).expect("a row is JSON")).collect();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Self { code: output.status.code(), rows, stderr }
    }

    /// The texts, or any other field that is a string.
    fn field(&self, name: &str) -> Vec<&str> {
        self.rows.iter().map(|row| row[name].as_str().unwrap_or("null")).collect()
    }

    #[track_caller]
    fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.stderr);
        self
    }

    /// Standard error has a line with all of these.
    #[track_caller]
    fn tells(self, parts: &[&str]) -> Self {
        let told = self.stderr.lines().any(|line| parts.iter().all(|part| line.contains(part)));
        assert!(told, "{parts:?}: {}", self.stderr);
        self
    }
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dehusk"));
    command.args(["clean", "--format", "jsonl"]).args(args);
    command
}

fn clean(args: &[&str]) -> Ran {
    Ran::new(&command(args).stdin(Stdio::null()).output().expect("the program starts"))
}

fn clean_file(path: &Path, args: &[&str]) -> Ran {
    clean(&[&[path.to_str().expect("a name")], args].concat())
}

/// Cleans a damaged file of this name.
fn clean_bytes(name: &str, content: &[u8]) -> Ran {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join(name);
    fs::write(&path, content).expect("a file");
    clean_file(&path, &[])
}

fn articles() -> Vec<String> {
    let ran = clean_file(&sample("pages"), &[]).ends(0);
    assert_eq!(ran.rows.len(), PAGES);
    ran.field("text").into_iter().map(str::to_owned).collect()
}

#[track_caller]
fn without(articles: &[String], missing: usize) -> Vec<&str> {
    articles
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != missing)
        .map(|(_, text)| text.as_str())
        .collect()
}

#[test]
fn every_container_gives_the_articles_of_its_pages() {
    let articles = articles();
    let files = [
        "pages.warc",
        "pages.warc.gz",
        "whole.warc.gz",
        "dictionary.warc.zst",
        "pages.jsonl",
        "pages.jsonl.gz",
        "pages.jsonl.zst",
        "array.json",
        "snappy.parquet",
        "zstd.parquet",
        "pages.tar",
    ];
    for name in files {
        let ran = clean_file(&sample(name), &[]).ends(0);
        assert_eq!(ran.field("text"), articles, "{name}");
        // A tar knows no addresses.
        assert!(name == "pages.tar" || ran.field("url")[0].starts_with("https://example.org/"), "{name}");
    }
    let named = ["--content-field", "page", "--url-field", "address", "--base64"];
    let ran = clean_file(&sample("base64.jsonl"), &named).ends(0);
    assert_eq!(ran.field("text"), articles);
    assert_eq!(ran.field("url")[0], "https://example.org/bridge.html");
}

#[test]
fn standard_input_is_known_by_its_first_bytes() {
    let articles = articles();
    for name in ["pages.warc", "pages.warc.gz", "dictionary.warc.zst", "pages.jsonl.zst", "array.json"] {
        let file = fs::File::open(sample(name)).expect("a sample");
        let ran = Ran::new(&command(&["-"]).stdin(file).output().expect("the program starts")).ends(0);
        assert_eq!(ran.field("text"), articles, "{name}");
    }
    let file = fs::File::open(sample("zstd.parquet")).expect("a sample");
    let output = command(&["-"]).stdin(file).output().expect("the program starts");
    Ran::new(&output).ends(1).tells(&["Parquet", "cannot be read from a pipe"]);
}

#[test]
fn an_archive_may_be_packed_and_cut_short() {
    let articles = articles();
    let tar = bytes("pages.tar");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&tar).expect("memory takes all");
    let ran = clean_bytes("a.tgz", &encoder.finish().expect("memory takes all")).ends(0);
    assert_eq!(ran.field("text"), articles);
    assert!(ran.field("source")[1].ends_with("a.tgz#crawl/clock.html"));
    let ran = clean_bytes("a.tar", &tar[..2048]).ends(1).tells(&["a.tar"]);
    assert!(ran.rows.len() <= 1);
}

#[test]
fn what_is_no_page_is_counted() {
    // A picture and a redirect.
    clean_file(&sample("pages.warc.gz"), &[]).ends(0).tells(&["7 pages", "2 skipped"]);
}

#[test]
fn a_wet_file_holds_texts() {
    let ran = clean_file(&sample("texts.warc.wet.gz"), &[]).ends(0);
    assert_eq!(ran.rows.len(), 2);
    assert!(ran.field("text")[0].starts_with("Ein Text ohne Auszeichnung"));
}

#[test]
fn records_have_places_and_files_of_their_own() {
    let directory = tempfile::tempdir().expect("a directory");
    for name in ["pages.warc.gz", "pages.jsonl"] {
        fs::copy(sample(name), directory.path().join(name)).expect("a copy");
    }
    let out = directory.path().join("out");
    let input = directory.path().to_str().expect("a name");
    let jsonl = format!("{input}/pages.jsonl");
    let warc = format!("{input}/pages.warc.gz");
    // Of a directory, tables are taken only if they are asked for.
    assert_eq!(clean(&[input]).ends(0).rows.len(), PAGES);
    let ran = clean(&[&jsonl, &warc, "-j", "2"]).ends(0);
    assert_eq!(ran.rows.len(), 2 * PAGES);
    assert!(ran.field("source")[0].ends_with("pages.jsonl#bridge.html"));
    assert!(ran.field("source")[PAGES].ends_with("pages.warc.gz#2"));
    let mut text = Command::new(env!("CARGO_BIN_EXE_dehusk"));
    text.args(["clean", "--format", "text", input, "-o"]).arg(&out);
    assert!(text.output().expect("the program starts").status.success());
    let first = fs::read_to_string(out.join("pages.warc.gz/00000002.txt")).expect("an article");
    assert_eq!(first.trim_end(), articles()[0]);
}

#[test]
fn a_damaged_gzip_member_costs_one_record() {
    let articles = articles();
    let whole = bytes("pages.warc.gz");
    let starts: Vec<usize> =
        whole.windows(4).enumerate().filter(|(_, w)| w[..3] == [0x1F, 0x8B, 8]).map(|(at, _)| at).collect();
    // Each page has a request before it: the third page is the sixth record.
    let (start, end) = (starts[5], starts[6]);
    let cut = [&whole[..end - 40], &whole[end..]].concat();
    let ran =
        clean_bytes("a.warc.gz", &cut).ends(1).tells(&["a.warc.gz", &format!("byte {start} of the file")]);
    assert_eq!(ran.field("text"), without(&articles, 2));
    let mut flipped = whole.clone();
    flipped[usize::midpoint(start, end)] ^= 0x55;
    let ran = clean_bytes("a.warc.gz", &flipped).ends(1).tells(&["a.warc.gz", "gzip"]);
    assert_eq!(ran.field("text"), without(&articles, 2));
    // Cut in the last page of the file.
    let ran = clean_bytes("a.warc.gz", &whole[..starts[13] + 200]).ends(1).tells(&["cut short"]);
    assert_eq!(ran.field("text"), without(&articles, 6));
}

#[test]
fn a_bad_zstd_frame_costs_one_record() {
    let articles = articles();
    let mut whole = bytes("dictionary.warc.zst");
    let starts: Vec<usize> = whole
        .windows(4)
        .enumerate()
        .filter(|(_, w)| *w == [0x28, 0xB5, 0x2F, 0xFD])
        .map(|(at, _)| at)
        .collect();
    // The first record is the request of the first page.
    let start = starts[5];
    for byte in &mut whole[start + 8..start + 30] {
        *byte = 0xFF;
    }
    let ran = clean_bytes("a.warc.zst", &whole).ends(1).tells(&["a.warc.zst", "zstd"]);
    assert_eq!(ran.field("text"), without(&articles, 2));
}

#[test]
fn a_bad_parquet_footer_is_named_and_other_inputs_go_on() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut broken = bytes("zstd.parquet");
    let length = broken.len();
    broken[length - 60..length - 20].fill(0xFF);
    fs::write(directory.path().join("a.parquet"), broken).expect("a file");
    fs::write(directory.path().join("b.parquet"), &bytes("zstd.parquet")[..900]).expect("a file");
    fs::write(directory.path().join("c.parquet"), bytes("zstd.parquet")).expect("a file");
    let ran = clean_file(directory.path(), &["--input-format", "parquet"]).ends(1);
    let footer = format!("a.parquet at byte {}", length - 8);
    let ran = ran.tells(&[&footer, "the index of the Parquet file is broken"]);
    let ran = ran.tells(&["b.parquet at byte 892", "the index of the Parquet file is broken"]);
    assert_eq!(ran.rows.len(), PAGES);
}

#[test]
fn invalid_json_in_a_line_costs_that_line() {
    let articles = articles();
    let text = String::from_utf8(bytes("pages.jsonl")).expect("JSON is UTF-8");
    let mut lines: Vec<&str> = text.lines().collect();
    let short = &lines[6][..100];
    lines[6] = short;
    lines.push(r#"{"url":"https://example.org/empty"}"#);
    let offset: usize = lines[..6].iter().map(|line| line.len() + 1).sum();
    let ran = clean_bytes("a.jsonl", lines.join("\n").as_bytes()).ends(1);
    let ran = ran.tells(&["a.jsonl", "line 7", &format!("at byte {offset}")]).tells(&["line 8", "html"]);
    assert_eq!(ran.field("text"), without(&articles, 6));
}

#[test]
fn a_record_that_lies_about_its_length_costs_itself() {
    let articles = articles();
    let whole = bytes("pages.warc");
    let record = |number: usize| {
        let starts: Vec<usize> = memchr::memmem::find_iter(&whole, b"WARC/1.0\r\n").collect();
        (starts[number - 1], starts[number])
    };
    let (start, end) = record(6);
    let head = memchr::memmem::find(&whole[start..], b"Content-Length: ").expect("a length") + start;
    let line_end = memchr::memchr(b'\r', &whole[head..]).expect("a line") + head;
    for (length, told) in [
        ("Content-Length: 10995116277760", "claims 10995116277760 bytes"),
        ("X-Nothing: 1", "no Content-Length"),
        ("Content-Length: 900", "does not end behind"),
        ("Content-Length: 1800", "claims 1800 bytes"),
    ] {
        let changed = [&whole[..head], length.as_bytes(), &whole[line_end..]].concat();
        let ran = clean_bytes("a.warc", &changed).ends(1);
        let ran = ran.tells(&["a.warc", &format!("at byte {start}"), told]);
        assert_eq!(ran.field("text"), without(&articles, 2), "{length}");
    }
    let junk = [&whole[..start], &[0, 255, 10, 7, 200].repeat(3000), &whole[end..]].concat();
    let ran = clean_bytes("a.warc", &junk).ends(1).tells(&["a.warc", "no WARC record begins here"]);
    assert_eq!(ran.field("text"), without(&articles, 2));
}

#[test]
fn a_record_that_claims_more_than_there_is_costs_itself_in_a_stream_too() {
    let articles = articles();
    let whole = bytes("pages.warc");
    let starts: Vec<usize> = memchr::memmem::find_iter(&whole, b"WARC/1.0\r\n").collect();
    // The third page, and the request before it.
    for (record, missing) in [(6, Some(2)), (5, None)] {
        let start = starts[record - 1];
        let head = memchr::memmem::find(&whole[start..], b"Content-Length: ").expect("a length") + start;
        let line_end = memchr::memchr(b'\r', &whole[head..]).expect("a line") + head;
        for claim in [2500, 20_000_000, 500_000_000] {
            let length = format!("Content-Length: {claim}");
            let changed = [&whole[..head], length.as_bytes(), &whole[line_end..]].concat();
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(&changed).expect("memory takes all");
            let ran = clean_bytes("a.warc.gz", &encoder.finish().expect("memory takes all")).ends(1);
            let ran =
                ran.tells(&["a.warc.gz", &format!("at byte {start}"), &format!("claims {claim} bytes")]);
            let expected =
                missing.map_or(articles.iter().map(String::as_str).collect(), |m| without(&articles, m));
            assert_eq!(ran.field("text"), expected, "{record} {claim}");
        }
    }
}

#[test]
fn a_record_that_lies_about_more_than_is_kept_costs_itself() {
    let articles = articles();
    let record = |claim: usize, content: &[u8]| {
        let head = format!("WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: {claim}\r\n\r\n");
        [head.as_bytes(), content, b"\r\n\r\n"].concat()
    };
    let liar = record(15_000_000, b"a: b");
    let long = record(20_000_000, &vec![b'x'; 20_000_000]);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&[&liar[..], &bytes("pages.warc"), &long].concat()).expect("memory takes all");
    let ran = clean_bytes("a.warc.gz", &encoder.finish().expect("memory takes all")).ends(1);
    assert_eq!(ran.tells(&["a.warc.gz at byte 0", "claims 15000000 bytes"]).field("text"), articles);
}

#[test]
fn a_dictionary_that_is_longer_than_its_file_is_told() {
    let mut broken = bytes("dictionary.warc.zst");
    broken[6] = 0xFF;
    clean_bytes("a.warc.zst", &broken).ends(1).tells(&[
        "a.warc.zst",
        "the zstd frame that begins at byte 0",
        "claims",
    ]);
}

#[test]
fn what_is_no_header_of_a_tar_is_told_in_plain_words() {
    let tar = [bytes("pages.tar")[..1024].to_vec(), b"\x1B[2J\n".repeat(2000)].concat();
    let ran = clean_bytes("a.tar", &tar).ends(1).tells(&["a.tar at byte", "no header of a tar file is here"]);
    assert!(!ran.stderr.contains('\x1B'), "{:?}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_known_by_its_first_bytes() {
    let articles = articles();
    let directory = tempfile::tempdir().expect("a directory");
    let pipe = directory.path().join("pipe");
    if !Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        return;
    }
    let through = |name: &str| {
        let mut file = fs::File::open(sample(name)).expect("a sample");
        let writer = std::thread::spawn({
            let pipe = pipe.clone();
            // Whoever refuses to read on may close the pipe.
            move || {
                std::io::copy(&mut file, &mut fs::File::options().write(true).open(pipe).expect("a pipe"))
                    .ok()
            }
        });
        let ran = clean_file(&pipe, &[]);
        writer.join().expect("it does not panic");
        ran
    };
    for name in ["pages.warc.gz", "pages.jsonl.zst", "pages.tar"] {
        assert_eq!(through(name).ends(0).field("text"), articles, "{name}");
    }
    assert_eq!(through("pages/bridge.html").ends(0).field("text"), articles[..1]);
    through("zstd.parquet").ends(1).tells(&["Parquet", "cannot be read from a pipe"]);
}

#[test]
fn json_that_is_a_little_off_is_read() {
    let page = "<p>The ferry leaves at noon, and comes back when the tide is high.";
    let row = |rest: &str| format!("{{\"html\": \"{page}\"{rest}}}");
    // A mark at the head, fields of other types than a page or a name can have, halves of a pair, bytes of Latin-1.
    let cut = page.replace("noon", "noon \\ud83d").replace("tide", "tide \\uDE00 \\\\ud83d \\ud83d\\ude00");
    let lines = [
        b"\xEF\xBB\xBF".to_vec(),
        row("").into_bytes(),
        row(", \"body\": {\"a\": [1]}, \"content\": [\"x\"], \"text\": null").into_bytes(),
        row(", \"id\": 1.5, \"url\": false").into_bytes(),
        format!("{{\"html\": \"{cut}\"}}").into_bytes(),
        page.replace("ferry", "fer\u{FF}y").chars().map(|c| c as u8).collect(),
    ];
    let last = [b"{\"html\": \"", &lines[5][..], b"\"}"].concat();
    let text = [&lines[..1].concat()[..], &lines[1..5].join(&b'\n'), b"\n", &last].concat();
    let ran = clean_bytes("a.jsonl", &text).ends(0);
    assert_eq!(ran.rows.len(), 5);
    assert_eq!(ran.field("text")[..3], [&page[3..]; 3]);
    assert!(ran.field("source")[2].ends_with("#1.5"));
    let expected =
        "The ferry leaves at noon \u{FFFD}, and comes back when the tide \u{FFFD} \\ud83d \u{1F600} is high.";
    assert_eq!(ran.field("text")[3], expected);
    assert!(ran.field("text")[4].contains("fer\u{FFFD}y"));
    for empty in ["[]", " [ ]\n", "\u{FEFF}[]"] {
        assert_eq!(clean_bytes("a.json", empty.as_bytes()).ends(0).rows.len(), 0, "{empty:?}");
    }
    let array = format!("\u{FEFF}[{}]", row(""));
    assert_eq!(clean_bytes("a.json", array.as_bytes()).ends(0).rows.len(), 1);
}

#[test]
fn columns_that_hold_no_text_are_passed_over() {
    // An `html` of numbers, an `id` of fractions, a `url` of truth values, and the page in `text`.
    let ran = clean_file(&sample("types.parquet"), &[]).ends(0);
    assert_eq!(ran.field("text"), articles());
    assert!(ran.field("source")[1].ends_with("#2"));
    clean_file(&sample("types.parquet"), &["--content-field", "html"])
        .ends(1)
        .tells(&["columns with text: html"]);
}

#[test]
fn a_bomb_in_a_record_costs_the_limit() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(b"<p>A paragraph that stands before a very long nothing.").expect("memory takes all");
    for _ in 0..64 {
        encoder.write_all(&vec![b' '; 1 << 20]).expect("memory takes all");
    }
    let body = encoder.finish().expect("memory takes all");
    let http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n";
    let head = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n",
        http.len() + body.len()
    );
    let record = [head.as_bytes(), http, &body, b"\r\n\r\n"].concat();
    let ran = clean_bytes("a.warc", &[&record[..], &bytes("pages.warc")].concat()).ends(0);
    assert_eq!(ran.rows.len(), PAGES + 1);
    assert_eq!(ran.rows[0]["limits"], serde_json::json!(["bytes"]));
}

/// Text, then half a gigabyte of one byte, then text, in one member.
fn bomb(head: &[u8], byte: u8, tail: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let filling = vec![byte; 1 << 20];
    encoder.write_all(head).expect("memory takes all");
    for _ in 0..512 {
        encoder.write_all(&filling).expect("memory takes all");
    }
    encoder.write_all(tail).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

#[test]
#[cfg(target_os = "linux")]
fn a_packed_file_of_nothing_takes_no_memory() {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, content: &[u8]| fs::write(directory.path().join(name), content).expect("a file");
    write("dehusk.toml", b"[clean.limits]\nmax-bytes = 10000\n");
    let clean = |name: &str| {
        let mut shell = Command::new("sh");
        // Half of what the file unpacks to would not fit.
        shell.args(["-c", "ulimit -v 400000; exec \"$0\" clean --jobs 1 --format jsonl \"$1\""]);
        shell.args([env!("CARGO_BIN_EXE_dehusk"), name]).current_dir(directory.path());
        Ran::new(&shell.env("MALLOC_ARENA_MAX", "1").stdin(Stdio::null()).output().expect("it starts"))
    };
    write("a.html.gz", &bomb(b"<p>A paragraph that stands before nothing at all.", b' ', b"<p>The end."));
    let page = clean("a.html.gz").ends(0);
    assert_eq!(page.rows[0]["limits"], serde_json::json!(["bytes"]));
    let line = br#"{"url": "https://example.org/a", "html": "<p>High water is at noon."}"#;
    write("a.jsonl.gz", &bomb(b"", 0, &[b"\n", &line[..], b"\n"].concat()));
    let lines = clean("a.jsonl.gz").ends(1).tells(&["a.jsonl.gz", "line 1", "longer than"]);
    assert_eq!(lines.rows.len(), 1);
    write("a.json.gz", &bomb(b"[{\"html\": \"", b' ', &[b"\"}, ", &line[..], b"]"].concat()));
    let array = clean("a.json.gz").ends(1).tells(&["a.json.gz", "object 1", "longer than"]);
    assert_eq!(array.rows.len(), 1);
    write("a.warc.gz", &bomb(b"WARC/1.0\r\nX: ", b'x', b"\r\n\r\n"));
    let archive = clean("a.warc.gz").ends(1).tells(&["a.warc.gz"]);
    assert_eq!(archive.rows.len(), 0);
}

#[test]
fn how_much_there_is_to_read_is_known_and_counted() {
    let directory = tempfile::tempdir().expect("a directory");
    let containers = [sample("pages.warc.gz"), sample("pages.jsonl.zst")];
    let bytes = containers.iter().map(|path| path.metadata().expect("a sample").len()).sum();
    let inputs = [&containers[..], &[sample("pages/bridge.html")]].concat();
    let format = dehusk::OutputFormat::by_name("jsonl").expect("it is there");
    let target = dehusk::Target::File(directory.path().join("o.jsonl"));
    let run = dehusk::Run { inputs, format, target, ..dehusk::Run::default() };
    assert_eq!(run.amount(), dehusk::Amount { files: 1, bytes, is_endless: false });
    run.start(&dehusk::Cleaner::default(), &()).expect("the samples are sound");
    assert_eq!(run.progress.bytes(), bytes);
}

#[test]
fn rows_can_be_packed_or_typed() {
    let directory: TempDir = tempfile::tempdir().expect("a directory");
    let articles = articles();
    for name in ["o.jsonl", "o.jsonl.gz", "o.jsonl.zst", "o.parquet"] {
        let out = directory.path().join(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_dehusk"));
        command.arg("clean").arg(sample("pages.warc.gz")).arg("-o").arg(&out);
        assert!(command.output().expect("the program starts").status.success(), "{name}");
        // What was written is read again, by the column that holds the text.
        let ran = clean_file(&out, &["--content-field", "source", "--id-field", "text"]).ends(0);
        let texts: Vec<_> = ran
            .field("source")
            .into_iter()
            .map(|source| source.split_once('#').expect("a place").1)
            .collect();
        assert_eq!(texts, articles, "{name}");
    }
}
