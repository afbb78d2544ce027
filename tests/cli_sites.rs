//! Site rules on the command line: `clean`, `explain`, `check` and what is said of a file that is wrong.

mod common;

use common::{Sandbox, page, rows};

const SITES: &str = "[[site]]\nhost = '*.example.org'\nbody = '.story'\ntitle = '.head'\nauthor = '.by'\n\
    date = 'time'\ndrop = ['.ad']\n";

const PAGE: &str = "<title>Site name</title><p>Outside of it<div class=story><h2 class=head>Low tide</h2><p>06:12 \
    <b class=ad>Boats!</b> and 18:40<p class=ad>More boats</div><p class=by>Ann Sands</p><time>5 March 2024</time>";

fn row(id: &str, url: &str, html: &str) -> String {
    serde_json::json!({"id": id, "url": url, "html": html}).to_string() + "\n"
}

/// Rows of two hosts; on one page of the site the selectors match nothing.
fn crawl() -> Sandbox {
    let sandbox = Sandbox::new();
    let pages = [
        row("a", "https://news.example.org/a", PAGE),
        row("b", "https://elsewhere.example/b", &page("letters")),
        row("c", "https://example.org/c", &page("lamps")),
    ];
    sandbox.write("in.jsonl", pages.concat());
    sandbox.write("sites.toml", SITES);
    sandbox
}

#[test]
fn rules_of_a_site_hold_for_its_pages_alone() {
    let sandbox = crawl();
    let args = ["--sites", "sites.toml", "--cuts", "cuts.jsonl", "--report", "run.json"];
    let ran = sandbox.run(&[&["clean", "in.jsonl", "--format", "jsonl"], &args[..]].concat());
    let with = ran.ends(0).rows();
    assert_eq!(with[0]["text"], "Low tide\n\n06:12 and 18:40");
    let values = ["title", "author", "published"].map(|field| with[0][field].as_str().unwrap_or_default());
    assert_eq!(values, ["Low tide", "Ann Sands", "2024-03-05"]);
    assert_eq!((&with[0]["confidence"], &with[0]["site_notes"]), (&1.0.into(), &serde_json::json!([])));
    let without = sandbox.run(&["clean", "in.jsonl", "--format", "jsonl"]).ends(0).rows();
    assert_eq!(with[1], without[1], "another host");
    assert_eq!(with[2]["text"], without[2]["text"], "nothing matched");
    assert_eq!(with[2]["site_notes"], serde_json::json!(["no_body", "no_title", "no_author", "no_date"]));
    let cuts = rows(&sandbox.read("cuts.jsonl"));
    let of_site = cuts.iter().filter(|cut| cut["class"] == "site_rule");
    let evidence: Vec<&str> = of_site.filter_map(|cut| cut["evidence"].as_str()).collect();
    assert_eq!(
        evidence,
        ["outside body .story", "drop .ad", "drop .ad", "outside body .story", "outside body .story"]
    );
    let report: serde_json::Value = serde_json::from_str(&sandbox.read("run.json")).expect("JSON");
    assert_eq!(report["run"]["cuts"]["site_rule"], 5);
    assert_eq!(report["run"]["sites"]["*.example.org"]["pages"], 2);
    assert_eq!(report["run"]["sites"]["*.example.org"]["notes"]["no_body"], 1);
    let drawn = sandbox.run(&["report", "run.json"]).ends(0).stdout();
    assert!(drawn.contains("*.example.org no_body") && drawn.contains("site_rule"), "{drawn}");
}

#[test]
fn the_file_may_be_named_in_the_settings_and_its_page_name_itself() {
    let sandbox = crawl();
    sandbox.write("dehusk.toml", "[clean]\nsites = \"sites.toml\"\n");
    let canonical = format!("<link rel=canonical href=https://example.org/a>{PAGE}");
    sandbox.write("a.html", canonical);
    assert_eq!(sandbox.run(&["clean", "a.html"]).ends(0).stdout(), "Low tide\n\n06:12 and 18:40\n");
    let printed = sandbox.run(&["config"]).ends(0).stdout();
    assert!(printed.contains("sites = \"sites.toml\""), "{printed}");
}

#[test]
fn an_explanation_shows_what_the_rules_did() {
    let sandbox = crawl();
    sandbox.write("a.html", PAGE);
    let explain = |rest: &[&str]| {
        let args = ["explain", "a.html", "--sites", "sites.toml", "--url", "https://example.org/a"];
        sandbox.run(&[&args[..], rest].concat()).ends(0).stdout()
    };
    let lines = explain(&["--tty"]);
    for part in ["site rules *.example.org", "Low tide  (site_rule)", "outside body .story", "body .story"] {
        assert!(lines.contains(part), "{part}: {lines}");
    }
    let json: serde_json::Value = serde_json::from_str(&explain(&["--json"])).expect("JSON");
    assert_eq!(json["site"]["host"], "*.example.org");
    assert_eq!(json["blocks"][0]["reason"], "site_rule");
}

#[test]
fn a_case_of_check_is_held_against_the_rules_of_its_site() {
    let sandbox = crawl();
    sandbox.write("cases/tide/page.html", PAGE);
    sandbox.write("cases/tide/gold.txt", "Low tide\n06:12 and 18:40\n");
    let about = "url = 'https://news.example.org/a'\nmust-not = ['boats', 'Boats!']\n\
        [metadata]\nauthor = 'Ann Sands'\npublished = '2024-03-05'\n";
    sandbox.write("cases/tide/about.toml", about);
    sandbox.run(&["check", "cases", "--min-f1", "1", "--sites", "sites.toml"]).ends(0);
    sandbox.run(&["check", "cases", "--min-f1", "1"]).ends(1);
}

#[test]
fn a_wrong_file_is_refused_before_anything_is_read() {
    let sandbox = crawl();
    for (text, parts) in [
        (SITES.replace("'.story'", "'div['"), &["sites.toml, line 3", "*.example.org", "body", "div["][..]),
        (SITES.replace("drop", "dropp"), &["sites.toml, line 7", "`dropp`", "did you mean `drop`?"]),
        (SITES.replace("*.example.org", "https://example.org/"), &["sites.toml, line 2", "is no host"]),
    ] {
        sandbox.write("sites.toml", text);
        sandbox.run(&["clean", "in.jsonl", "-o", "out.jsonl", "--sites", "sites.toml"]).ends(2).tells(parts);
    }
    let gone = sandbox.run(&["clean", "in.jsonl", "-o", "out.jsonl", "--sites", "gone.toml"]);
    gone.ends(2).tells(&["cannot read gone.toml"]);
    assert!(!sandbox.path("out.jsonl").exists());
}

#[test]
fn a_run_is_not_resumed_with_other_rules() {
    let sandbox = crawl();
    let args = ["clean", "in.jsonl", "-o", "out.jsonl", "--state", "state", "--sites", "sites.toml"];
    sandbox.run(&args).ends(0);
    sandbox.run(&args).ends(0);
    sandbox.write("sites.toml", SITES.replace(".story", ".other"));
    sandbox.run(&args).ends(2).tells(&["cannot resume", "sites"]);
}
