//! Reports in a real browser: nothing of the page runs or loads, nothing is complained of, and the report's own script
//! does its work. Without Chromium the tests say that they were skipped.
//!
//! The pictures that are taken stand in `target/tmp/reports`, to be looked at.

#![cfg(unix)]
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

mod browser;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use browser::{Browser, chromium};
use dehusk::compare::{self, Texts};
use dehusk::config::CheckSettings;
use dehusk::{Cleaner, Hints, check};

/// The largest report that the largest page may have.
const MAX_REPORT: usize = 5_000_000;
/// Rows that a browser has to lay out at once.
const MAX_SHOWN: u64 = 500;

/// A page that tries everything.
const HOSTILE: &str = "<title></title><script>document.title='ran'</script>'\"><script>document.title='ran'</script></title>\
    <body onload=\"document.title='ran'\"><p>&lt;/span&gt;&lt;script&gt;document.title='ran'&lt;/script&gt; is the first \
    thing that they wrote into our guest book, and it was not the last one.</p><p>&lt;img src=https://evil.example/x.png \
    onerror=\"document.title='ran'\"&gt; came a day later, with a greeting to all of the readers of it.</p>\
    <p>&lt;/noscript&gt;&lt;/template&gt;&lt;/script&gt;&lt;svg onload=\"document.title='ran'\"&gt; was the third one, by \
    somebody who had read how such pages are made.</p>\
    <iframe src=https://evil.example></iframe><a href=\"javascript:document.title='ran'\">free</a>\
    <style>@import url(https://evil.example/x.css);</style><img src=https://evil.example/y.png onerror=\"document.title='ran'\">";

/// A browser, and a directory for its pictures.
fn start() -> Option<(Browser, PathBuf)> {
    let Some(chromium) = chromium() else {
        eprintln!("skipped: there is no Chromium; CHROMIUM names one");
        return None;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports");
    fs::create_dir_all(&folder).expect("a directory");
    Some((Browser::start(&chromium), folder))
}

#[test]
fn reports_are_quiet_and_whole() {
    let Some((mut browser, folder)) = start() else { return };
    for (name, page) in pages() {
        let explained = Cleaner::default().explain(&page, Hints::default());
        let html = explained.html();
        assert!(html.len() < MAX_REPORT, "{name}: {} bytes", html.len());
        let file = folder.join(format!("{name}.html"));
        fs::write(&file, &html).expect("a file");
        for (window, width, height, dark) in [("desktop", 1200, 900, false), ("phone-dark", 390, 844, true)] {
            browser.window(width, height, dark);
            browser.open(&file);
            let all = explained.blocks.len() as u64;
            let shown = browser.number("document.querySelectorAll('#blocks > li').length");
            assert_eq!(shown, all.min(MAX_SHOWN), "{name}: rows");
            let ready = browser.value("document.documentElement.dataset.ready === 'yes'");
            assert_eq!(ready, all > 0, "{name}: the script did not run");
            let beside = browser.number("document.documentElement.scrollWidth - innerWidth");
            assert_eq!(beside, 0, "{name}: wider than the {window}");
            assert!(browser.text("document.title").starts_with("dehusk explain:"), "{name}: a script ran");
            let strange =
                "document.querySelectorAll('img, iframe, style ~ style, a[href^=javascript]').length";
            assert_eq!(browser.number(strange), 0, "{name}: markup of the page");
            let picture = browser.picture();
            assert!(picture.len() > 5_000, "{name}: an empty picture");
            fs::write(folder.join(format!("{name}-{window}.png")), picture).expect("a file");
            assert_eq!(browser.complaints, Vec::<String>::new(), "{name}");
            let own = format!("file://{}", file.display());
            assert!(browser.requests.iter().all(|url| *url == own), "{name}: {:?}", browser.requests);
        }
    }
}

#[test]
fn a_report_is_searched_filtered_and_walked_by_keys() {
    let Some((mut browser, folder)) = start() else { return };
    let page = fs::read(samples().join("spam/en-hidden-links/page.html")).expect("a sample");
    let explained = Cleaner::default().explain(&page, Hints::default());
    let file = folder.join("walked.html");
    fs::write(&file, explained.html()).expect("a file");
    browser.window(1200, 900, false);
    browser.open(&file);
    let count = |is: &dyn Fn(&dehusk::explain::Judged) -> bool| {
        explained.blocks.iter().filter(|block| is(block)).count() as u64
    };
    let rows = "document.querySelectorAll('#blocks > li').length";
    let choose = |browser: &mut Browser, field: &str, value: &str| {
        let set = format!(
            "const field = document.getElementById('{field}'); field.value = '{value}'; \
            field.dispatchEvent(new Event('change')); document.getElementById('tools').requestSubmit()"
        );
        browser.value(&format!("{{{set}}}"));
        browser.number(rows)
    };
    assert_eq!(choose(&mut browser, "show", "k"), count(&|block| block.keep));
    assert_eq!(choose(&mut browser, "show", "c"), count(&|block| !block.keep));
    assert_eq!(choose(&mut browser, "show", "h"), count(&|block| block.hidden));
    assert!(
        browser.value("document.querySelector('#blocks .h .eye') !== null") == true,
        "hidden text is flagged"
    );
    choose(&mut browser, "show", "");
    assert_eq!(choose(&mut browser, "why", "link_farm"), count(&|block| block.reason == "link_farm"));
    choose(&mut browser, "why", "");
    assert_eq!(choose(&mut browser, "find", "REGATTA went"), 1);
    assert_eq!(browser.text("document.getElementById('count').textContent"), "1 of 9 blocks");
    choose(&mut browser, "find", "");
    // By keys alone: to the second block, open it, to the search.
    let focused = "document.activeElement.closest('li')?.id ?? document.activeElement.id";
    for (key, place) in [("j", "b0"), ("j", "b1"), ("Enter", "b1"), ("j", "b2"), ("k", "b1"), ("/", "find")] {
        browser.press(key);
        assert_eq!(browser.text(focused), place, "{key}");
    }
    assert!(
        browser.value(
            "document.querySelector('#b1 details').open && !document.querySelector('#b0 details').open"
        ) == true
    );
    assert!(browser.comes_true("document.querySelector('#b1 .f u') !== null"), "features have bars");
    // The plot and the list lead to each other.
    browser.value("document.getElementById('plot').focus()");
    for key in ["ArrowRight", "ArrowRight", "ArrowRight"] {
        browser.press(key);
    }
    assert!(browser.text("document.getElementById('at').textContent").starts_with("block 4, "));
    browser.press("Enter");
    assert_eq!(browser.text(focused), "b4");
    browser.value(
        "document.querySelector('#plot a[href=\"#b6\"]').dispatchEvent(new MouseEvent('click', \
        {bubbles: true, cancelable: true}))",
    );
    assert_eq!(browser.text(focused), "b6");
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn a_long_report_is_searched_whole_and_laid_out_in_parts() {
    let Some((mut browser, folder)) = start() else { return };
    let explained = Cleaner::default().explain(&large(), Hints::default());
    let all = explained.blocks.len();
    let file = folder.join("long.html");
    fs::write(&file, explained.html()).expect("a file");
    browser.open(&file);
    let count = "document.getElementById('count').textContent";
    assert_eq!(browser.text(count), format!("1 to 500 of {all} blocks"));
    browser.value("document.getElementById('later').click()");
    assert_eq!(browser.text(count), format!("501 to 1000 of {all} blocks"));
    let find = |words: &str| {
        format!(
            "{{document.getElementById('find').value = '{words}'; document.getElementById('tools').requestSubmit()}}"
        )
    };
    browser.value(&find("<b> & \"harbour\" number 9999"));
    assert_eq!(browser.text(count), format!("1 of {all} blocks"));
    assert_eq!(browser.text("document.querySelector('#blocks li').id"), "b9999");
    browser.value("location.hash = '#b7777'");
    browser.value("new Promise(done => setTimeout(done, 200))");
    assert_eq!(browser.text("document.activeElement.closest('li').id"), "b7777");
    // Without scripts every row is there as well.
    browser.ask("Emulation.setScriptExecutionDisabled", &serde_json::json!({"value": true}));
    browser.open(&file);
    assert_eq!(browser.number("document.querySelectorAll('#blocks li').length"), all as u64);
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn differences_are_quiet_too() {
    let Some((mut browser, folder)) = start() else { return };
    let texts =
        |text: &str| Texts::from([("<script>document.title='ran'</script>".to_owned(), text.to_owned())]);
    let compared =
        compare::compare(&texts("one <img src=https://evil.example/x> two"), &texts("one three two"));
    let cases = samples().join("spam");
    let strict = CheckSettings { min_mean_f1: 1.0, min_f1: 1.0, ..CheckSettings::default() };
    let report = check::run(&cases, &Cleaner::default(), &strict).expect("cases");
    for (name, html) in [("compare", compared.html(20)), ("check", report.html())] {
        let file = folder.join(format!("{name}.html"));
        fs::write(&file, html).expect("a file");
        for (window, width, height, dark) in [("desktop", 1200, 900, false), ("phone-dark", 390, 844, true)] {
            browser.window(width, height, dark);
            browser.open(&file);
            assert_eq!(browser.text("document.title"), format!("dehusk {name}"));
            assert_eq!(browser.number("document.documentElement.scrollWidth - innerWidth"), 0, "{name}");
            fs::write(folder.join(format!("{name}-{window}.png")), browser.picture()).expect("a file");
            assert_eq!(browser.complaints, Vec::<String>::new(), "{name}");
            assert_eq!(browser.requests.len(), 1, "{name}: {:?}", browser.requests);
        }
    }
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// Pages of all sorts: a page as text and in four shapes of HTML, a forum, right to left, nothing, two megabytes, malice.
fn pages() -> Vec<(String, Vec<u8>)> {
    let mut pages = vec![
        ("empty".to_owned(), Vec::new()),
        ("hostile".to_owned(), HOSTILE.as_bytes().to_vec()),
        ("hostile-text".to_owned(), HOSTILE.replace("&lt;", "<").replace("&gt;", ">").into_bytes()),
        ("large".to_owned(), large()),
    ];
    for name in [
        "spam/zh-report-text/page.txt",
        "spam/zh-report-flat/page.html",
        "spam/zh-report-inside-linked/page.html",
        "spam/zh-report-inside-unlinked/page.html",
        "spam/zh-report-outside/page.html",
        "forum/en-board-tables/page.html",
        "article/ar-news/page.html",
    ] {
        let page = fs::read(samples().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        pages.push((name.rsplit_once('/').map_or(name, |(folder, _)| folder).replace('/', "-"), page));
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
            "<div class=\"row item-{number}\"><p>In &lt;b&gt; &amp; &quot;harbour&quot; number {number} the sea rises \
             twice a day, drawn by the moon, and the boats rise with it, as they have for {number} years.</p></div>"
        );
    }
    page.into_bytes()
}
