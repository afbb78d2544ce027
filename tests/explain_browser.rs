//! The explain report in a real browser: nothing of the page runs or loads, and the report's own script does.
//!
//! Chromium is named by `CHROMIUM` or found in the path; without it the test says that it was skipped.

#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use dehusk::{Cleaner, Hints};

/// The largest report that the largest page may have.
const MAX_REPORT: usize = 5_000_000;

/// A page that tries everything.
const HOSTILE: &str = "<title></title><script>document.title='ran'</script>'\"><script>document.title='ran'</script></title>\
    <body onload=\"document.title='ran'\"><p>&lt;/span&gt;&lt;script&gt;document.title='ran'&lt;/script&gt; is the first \
    thing that they wrote into our guest book, and it was not the last one.</p><p>&lt;img src=https://evil.example/x.png \
    onerror=\"document.title='ran'\"&gt; came a day later, with a greeting to all of the readers of it.</p>\
    <iframe src=https://evil.example></iframe><a href=\"javascript:document.title='ran'\">free</a>\
    <style>@import url(https://evil.example/x.css);</style><img src=https://evil.example/y.png onerror=\"document.title='ran'\">";

#[test]
fn reports_open_in_a_browser() {
    let Some(chromium) = chromium() else {
        eprintln!("skipped: there is no Chromium; CHROMIUM names one");
        return;
    };
    let folder = tempfile::tempdir().expect("a directory");
    for (name, page) in pages() {
        let html = Cleaner::default().explain(&page, Hints::default()).html();
        assert!(html.len() < MAX_REPORT, "{name}: {} bytes", html.len());
        let path = folder.path().join("report.html");
        fs::write(&path, &html).expect("a file");
        let log = folder.path().join("net.json");
        let (dom, errors) = open(&chromium, &path, &log, folder.path());
        let blocks = html.matches("<li id=").count();
        assert_eq!(dom.matches("<li id=").count(), blocks, "{name}");
        assert_eq!(
            dom.contains("data-ready=\"yes\""),
            blocks > 0,
            "{name}: the script did not run\n{errors}"
        );
        assert!(!dom.contains("<title>ran") && !dom.contains("<img"), "{name}");
        let complaints: Vec<&str> = errors.lines().filter(|line| line.contains("CONSOLE")).collect();
        assert!(complaints.is_empty(), "{name}: {complaints:?}");
        let log = fs::read_to_string(&log).expect("Chromium logs its requests");
        assert!(!log.contains("evil.example"), "{name}: a request left");
    }
}

/// The document after the report's script ran, and what was complained of.
fn open(chromium: &Path, page: &Path, log: &Path, home: &Path) -> (String, String) {
    let ran = Command::new(chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--dump-dom",
        ])
        .args(["--enable-logging=stderr", "--v=0", "--virtual-time-budget=3000"])
        .arg(format!("--log-net-log={}", log.display()))
        .arg(format!("--user-data-dir={}", home.join("profile").display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("Chromium starts");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&ran.stdout), text(&ran.stderr))
}

fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    found.into_iter().find(|file| file.is_file())
}

/// Pages of all sorts.
fn pages() -> Vec<(String, Vec<u8>)> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut pages = vec![
        ("empty".to_owned(), Vec::new()),
        ("hostile".to_owned(), HOSTILE.as_bytes().to_vec()),
        ("hostile text".to_owned(), HOSTILE.replace("&lt;", "<").replace("&gt;", ">").into_bytes()),
        ("large".to_owned(), large()),
    ];
    for name in [
        "article/ar-news/page.html",
        "article/en-news-semantic/page.html",
        "article/zh-gbk/page.html",
        "article/en-layout-table/page.html",
        "forum/en-discourse-noscript/page.html",
        "forum/en-board-tables/page.html",
        "spam/en-injected-paragraphs/page.html",
    ] {
        let path = samples.join(name);
        pages.push((name.to_owned(), fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"))));
    }
    pages
}

/// Two megabytes of short blocks, which make the largest reports.
fn large() -> Vec<u8> {
    let mut page = String::from("<body><h1>Tides</h1>");
    let mut number = 0;
    while page.len() < 2_000_000 {
        number += 1;
        let _ = write!(
            page,
            "<div class=\"row item-{number}\"><p>In harbour number {number} the sea rises twice a day, drawn by the \
             moon, and the boats of the village rise with it, as they have for {number} years.</p></div>"
        );
    }
    page.into_bytes()
}
