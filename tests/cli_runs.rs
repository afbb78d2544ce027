//! What a run leaves behind: files of rows in parts, lists of rejects and cuts in every format, reports; and inputs
//! that come from a list.

mod common;

use std::fs;

use common::{Sandbox, page, rows, sources};

fn crawl(count: usize) -> Sandbox {
    let sandbox = Sandbox::new();
    for number in 0..count {
        sandbox.write(format!("in/{number:02}.html"), page(&format!("number {number}")));
    }
    sandbox
}

#[test]
fn rows_are_parted_after_so_many_pages() {
    let sandbox = crawl(10);
    fs::create_dir(sandbox.path("whole")).expect("a directory");
    sandbox.run(&["clean", "in", "-o", "whole/a.jsonl"]).ends(0);
    for state in [&[][..], &["--state", "state"]] {
        let args = ["clean", "in", "-o", "parts/a.jsonl", "--shard-size", "4"];
        fs::create_dir(sandbox.path("parts")).expect("a directory");
        sandbox.run(&[&args[..], state].concat()).ends(0);
        let names = ["a-00000.jsonl", "a-00001.jsonl", "a-00002.jsonl"];
        assert_eq!(sandbox.files("parts"), names);
        let parts = names.map(|name| sandbox.read(&format!("parts/{name}")));
        assert_eq!(parts.each_ref().map(|part| part.lines().count()), [4, 4, 2]);
        assert_eq!(parts.concat(), sandbox.read("whole/a.jsonl"));
        fs::remove_dir_all(sandbox.path("parts")).expect("it is there");
    }
    for args in [
        &["clean", "in", "-o", "tree", "--shard-size", "4"][..],
        &["clean", "in", "--format", "jsonl", "--shard-size", "4"],
        &["clean", "in", "-o", "a.jsonl", "--shard-size", "0"],
    ] {
        sandbox.run(args).ends(2).tells(&["shard-size"]);
    }
}

#[test]
fn inputs_come_from_a_list() {
    let sandbox = crawl(4);
    sandbox.write("list", "in/02.html\n\nin/00.html\r\nin/99.html\n");
    let ran = sandbox.run(&["clean", "--files-from", "list", "--format", "jsonl"]);
    let got = ran.ends(1).tells(&["in/99.html"]).rows();
    assert_eq!(sources(&got), ["in/02.html", "in/00.html"]);
    let ran =
        sandbox.run_with(&["clean", "in/01.html", "--files-from", "-", "--format", "jsonl"], b"in/03.html\0");
    assert_eq!(sources(&ran.ends(0).rows()), ["in/01.html", "in/03.html"]);
    sandbox.run(&["clean", "-", "--files-from", "-"]).ends(2).tells(&["standard input"]);
    sandbox.run(&["clean", "--files-from", "nowhere"]).ends(2).tells(&["nowhere"]);
    sandbox.run(&["clean"]).ends(2);
}

#[cfg(feature = "formats")]
#[test]
fn inputs_come_from_a_sitemap() {
    let sandbox = crawl(3);
    let names: Vec<String> = sandbox.files("in").iter().map(|name| format!("in/{name}")).collect();
    let absolute = format!("file://{}", sandbox.path(&names[1]).display());
    let sitemap = |places: &[&str]| {
        let places: String = places.iter().flat_map(|place| ["<url><loc>", place, "</loc></url>"]).collect();
        format!(
            "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{places}</urlset>"
        )
    };
    sandbox.write("a.xml", sitemap(&[&names[2], &absolute]));
    sandbox.write("b.xml.gz", common::gzip(sitemap(&[&names[0], "https://example.org/a"]).as_bytes()));
    sandbox.write(
        "index.xml",
        "<sitemapindex><sitemap><loc>a.xml</loc></sitemap><sitemap><loc>b.xml.gz</loc></sitemap></sitemapindex>",
    );
    let ran = sandbox.run(&["clean", "--files-from", "a.xml", "--format", "jsonl"]);
    assert_eq!(ran.ends(0).rows().len(), 2);
    let ran = sandbox.run(&["clean", "--files-from", "index.xml", "--format", "jsonl"]);
    ran.ends(1).tells(&["https://example.org/a", "nothing is fetched"]);
    let rows = ran.rows();
    assert_eq!(sources(&rows), [&names[2], absolute.trim_start_matches("file://"), &names[0]]);
    sandbox.write("broken.xml", "<urlset><url><loc>in/a.html</url></urlset>");
    sandbox
        .run(&["clean", "--files-from", "broken.xml", "--format", "jsonl"])
        .ends(2)
        .tells(&["broken.xml at byte"]);
}

#[test]
fn pages_are_written_as_clean_html() {
    let sandbox = crawl(1);
    sandbox.run(&["clean", "in", "-o", "out", "--format", "html"]).ends(0);
    let html = sandbox.read("out/00.html.html");
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("<h1>All about number 0</h1>"), "{html}");
    assert!(!html.contains("About</a>"), "{html}");
    // Cleaned again it is the same text.
    let (first, again) = (sandbox.run(&["clean", "in/00.html"]), sandbox.run(&["clean", "out/00.html.html"]));
    assert_eq!(first.stdout(), again.stdout());
}

#[cfg(feature = "formats")]
#[test]
fn rejects_and_cuts_have_every_format_of_rows() {
    let sandbox = crawl(6);
    sandbox.write("in/99.html", "<p>Short.</p>");
    let list = |rejects: &str, cuts: &str| {
        let args =
            ["clean", "in", "-o", "out.jsonl", "--min-chars", "50", "--rejects", rejects, "--cuts", cuts];
        sandbox.run(&args).ends(0);
    };
    list("no.jsonl", "cut.jsonl");
    let (rejects, cuts) = (rows(&sandbox.read("no.jsonl")), rows(&sandbox.read("cut.jsonl")));
    assert_eq!((rejects.len(), rejects[0]["reason"].as_str()), (1, Some("min-chars")));
    assert!(cuts.len() >= 6, "{}", cuts.len());
    for extension in ["jsonl.gz", "jsonl.zst", "parquet"] {
        let (no, cut) = (format!("no.{extension}"), format!("cut.{extension}"));
        list(&no, &cut);
        for (name, expected) in [(&no, &rejects), (&cut, &cuts)] {
            // Read back by the column that all of them have.
            let args =
                ["clean", name, "--content-field", "source", "--id-field", "text", "--format", "jsonl"];
            let texts: Vec<String> = expected
                .iter()
                .map(|row| format!("{name}#{}", row["text"].as_str().unwrap_or("null")))
                .collect();
            assert_eq!(sources(&sandbox.run(&args).ends(0).rows()), texts, "{name}");
        }
    }
}

#[test]
fn a_report_tells_what_came_of_a_run() {
    let sandbox = crawl(5);
    sandbox.write("in/98.html", "<link rel=canonical href='https://News.example.org/a'><p>Short.</p>");
    sandbox.write("in/99.html.gz", b"\x1F\x8B\x08broken");
    let args = ["clean", "in", "-o", "out.jsonl", "--report", "run.json", "--state", "state"];
    sandbox.run(&[&args[..], &["--exclude", "00.html"]].concat()).ends(1);
    let report: serde_json::Value = serde_json::from_str(&sandbox.read("run.json")).expect("JSON");
    let run = &report["run"];
    for (key, expected) in [("pages", 5), ("failed", 1)] {
        assert_eq!(run[key], expected, "{key}");
    }
    assert!(run["articles"].as_u64().is_some_and(|articles| articles >= 4));
    assert_eq!(run["filtered"]["exclude"], 1);
    assert_eq!(run["hosts"]["news.example.org"]["pages"], 1);
    assert!(run["failures"][0].as_str().expect("a reason").contains("in/99.html.gz"));
    assert!(run["cuts"].as_object().is_some_and(|cuts| !cuts.is_empty()));
    assert!(run["timing"]["stages"].as_array().is_some_and(|stages| stages.len() > 5));
    let page = sandbox.run(&["report", "run.json"]).ends(0).stdout();
    assert!(page.contains("news.example.org") && page.contains("99.html.gz"), "{page}");
    // The state tells the same, also of a run that died.
    sandbox.run(&["report", "state", "-o", "state.html"]).ends(0);
    assert!(sandbox.read("state.html").contains("news.example.org"));
    sandbox.run(&["report", "out.jsonl"]).ends(2).tells(&["out.jsonl", "no report"]);
    sandbox.run(&["report", "nowhere"]).ends(2).tells(&["nowhere"]);
}

#[test]
fn shells_and_manuals_know_the_flags() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.run(&["completions", shell]).ends(0).stdout();
        assert!(script.contains("shard-size"), "{shell}");
    }
    assert!(sandbox.run(&["man"]).ends(0).stdout().contains(".TH dehusk 1"));
    let page = sandbox.run(&["man", "clean"]).ends(0).stdout();
    assert!(page.contains("shard\\-size") && page.contains("Examples"), "{page}");
    sandbox.run(&["man", "nothing"]).ends(2).tells(&["nothing"]);
    assert!(sandbox.run(&["clean", "--help"]).ends(0).stdout().contains("Examples:"));
}
