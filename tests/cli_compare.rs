//! `dehusk compare` from outside: rows of any tool, two configurations, and what cannot be compared.

mod common;

use common::{Sandbox, page};

#[test]
fn rows_of_two_tools_are_compared() {
    let sandbox = Sandbox::new();
    sandbox.write("crawl/a.html", page("letters"));
    sandbox.write("crawl/b.html", page("ships"));
    sandbox.run(&["clean", "crawl", "-o", "ours.jsonl"]).ends(0);
    let ours = sandbox.read("ours.jsonl");
    let text = |row: usize| common::rows(&ours)[row]["text"].as_str().expect("a text").to_owned();
    let theirs = [("a", text(0)), ("b", text(1).replace("harbour", "fishing") + " <b>Share</b>")];
    let rows = theirs.map(|(key, body)| serde_json::json!({"key": key, "main": body}).to_string());
    sandbox.write("theirs.jsonl", rows.join("\n"));
    let args =
        ["compare", "ours.jsonl", "theirs.jsonl", "--id-b", "key", "--text-b", "main", "--html", "d.html"];
    let told = sandbox.run(&args).ends(0).stdout();
    assert!(told.starts_with("2 pages on both sides: 1 the same, 1 differ; 0 only in the first"), "{told}");
    assert!(told.contains("[-harbour-] {+fishing+} town"), "{told}");
    let html = sandbox.read("d.html");
    assert!(html.contains("<del>harbour </del><ins>fishing </ins>"), "{html}");
    assert!(html.contains("Share&lt;/") && !html.contains("<b>Share"), "{html}");
    assert!(html.contains("default-src 'none'"));
}

#[test]
fn two_configurations_are_compared_on_the_same_pages() {
    let sandbox = Sandbox::new();
    let hidden = "<p style='display:none'>Nobody is meant to read this sentence, and yet it stands in the page, as \
        long as any other, with commas and a full stop.</p></article>";
    sandbox.write("crawl/a.html", page("letters").replace("</article>", hidden));
    sandbox.write("old.toml", "[clean]\nhidden = \"strip\"\n");
    sandbox.write("new.toml", "[clean]\nhidden = \"keep\"\n");
    let told = sandbox.run(&["compare", "old.toml", "new.toml", "--pages", "crawl"]).ends(0).stdout();
    assert!(told.contains(": a.html\n") && told.contains("{+Nobody is meant"), "{told}");
}

#[test]
fn pages_of_an_archive_come_with_their_addresses() {
    let sandbox = Sandbox::new();
    let row = serde_json::json!({"url": "https://news.example.org/a", "html": page("letters")});
    sandbox.write("crawl.jsonl", row.to_string());
    sandbox.write("sites.toml", "[[site]]\nhost = \"news.example.org\"\ndrop = [\"p:last-child\"]\n");
    sandbox.write("old.toml", "");
    sandbox.write("new.toml", "[clean]\nsites = \"sites.toml\"\n");
    let args = ["compare", "old.toml", "new.toml", "--pages", "crawl.jsonl"];
    let told = sandbox.run(&args).ends(0).stdout();
    assert!(told.starts_with("1 pages on both sides: 0 the same, 1 differ"), "{told}");
    assert!(told.contains(": crawl.jsonl#1\n") && told.contains("[-"), "{told}");
    sandbox.run(&["compare", "old.toml", "new.toml", "--pages", "nowhere"]).ends(2).tells(&["nowhere"]);
}

#[test]
fn what_cannot_be_compared_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox.write("a.jsonl", "{\"id\":\"1\",\"text\":\"x\"}\n{\"id\":\"1\",\"text\":\"y\"}\n");
    sandbox.write("b.jsonl", "{\"id\":\"1\"}\n");
    sandbox.run(&["compare", "a.jsonl", "b.jsonl"]).ends(2).tells(&["a.jsonl, line 2", "second time"]);
    sandbox.run(&["compare", "b.jsonl", "b.jsonl"]).ends(2).tells(&["b.jsonl, line 1", "no field with text"]);
    sandbox.run(&["compare", "b.jsonl", "none"]).ends(2);
}
