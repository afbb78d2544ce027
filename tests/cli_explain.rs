//! `dehusk explain` from outside: a report, data, lines for a terminal, and what cannot be explained.

mod common;

use common::{Sandbox, page};

/// A page with hidden spam, and an anchor that was put into a sentence.
fn planted() -> String {
    let spam = "<p style='display:none'>Buy cheap pills from us today, cheap pills, the best pills there are.</p></article>";
    page("letters").replace("</article>", spam)
}

#[test]
fn a_report_goes_to_a_file_or_into_a_pipe() {
    let sandbox = Sandbox::new();
    sandbox.write("page.html", planted());
    sandbox.run(&["explain", "page.html", "-o", "why.html"]).ends(0);
    let html = sandbox.read("why.html");
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("Content-Security-Policy"));
    for part in ["✓ kept", "✕ cut", "<em class=eye>hidden</em>", "All about letters", "heading"] {
        assert!(html.contains(part), "{part}");
    }
    assert_eq!(sandbox.run(&["explain", "page.html"]).ends(0).stdout(), html);
    assert_eq!(sandbox.run(&["explain", "page.html", "-o", "-"]).ends(0).stdout(), html);
}

#[test]
fn the_same_as_data_and_as_lines() {
    let sandbox = Sandbox::new();
    sandbox.write("page.html", planted());
    let json: serde_json::Value =
        serde_json::from_str(&sandbox.run(&["explain", "page.html", "--json"]).ends(0).stdout())
            .expect("JSON");
    let blocks = json["blocks"].as_array().expect("blocks");
    assert!(blocks.iter().any(|block| block["hidden"] == true && block["keep"] == false));
    assert_eq!(json["metadata"][0]["origin"], "heading");
    let counted: u64 =
        json["reasons"].as_array().expect("reasons").iter().filter_map(|r| r["chars"].as_u64()).sum();
    assert_eq!(counted, json["chars_kept"].as_u64().unwrap_or(0) + json["chars_cut"].as_u64().unwrap_or(0));
    let lines = sandbox.run(&["explain", "page.html", "--tty"]).ends(0).stdout();
    assert!(lines.contains("\x1b[32m+ kept") && lines.contains("- hidden"), "{lines}");
    assert!(lines.contains("  blocks     "), "{lines}");
}

#[test]
fn what_cannot_be_explained_is_an_error() {
    let sandbox = Sandbox::new();
    sandbox.write("page.html", planted());
    sandbox.run(&["explain", "nowhere.html"]).ends(1).tells(&["nowhere.html"]);
    sandbox.run(&["explain", "page.html", "-o", "no/where.html"]).ends(3).tells(&["no/where.html"]);
    sandbox.run(&["explain", "page.html", "--rules-off", "no_rule"]).ends(2).tells(&["no_rule"]);
    sandbox.run(&["explain", "page.html", "--json", "--tty"]).ends(2);
}
