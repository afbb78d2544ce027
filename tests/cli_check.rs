//! `dehusk check` from outside: cases, baselines, reports, annotated sets, and the exit code for a build.

mod common;

use std::path::Path;

use common::{Sandbox, page};
use dehusk::Cleaner;
use dehusk::config::{CheckSettings, Config};

/// The body of a page, as a person would take it.
fn gold(topic: &str) -> String {
    let page = page(topic);
    let paragraphs = page.split("<p>").skip(1).filter_map(|rest| rest.split("</p>").next());
    paragraphs.collect::<Vec<_>>().join("\n") + "\n"
}

/// A sandbox with two cases that pass.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    for topic in ["letters", "ships"] {
        sandbox.write(format!("cases/town/{topic}/page.html"), page(topic));
        sandbox.write(format!("cases/town/{topic}/gold.txt"), gold(topic));
    }
    sandbox.write(
        "cases/town/ships/about.toml",
        "must = ['The story of ships']\n[metadata]\ntitle = 'All about ships'\n[spam]\nnav = ['About\\nHome', 'Home']\n",
    );
    sandbox
}

#[test]
fn cases_that_are_as_expected_pass() {
    let sandbox = sandbox();
    let ran = sandbox.run(&["check", "cases"]);
    let table = ran.ends(0).stdout();
    assert!(table.contains("town/letters  ok") && table.contains("leaked of nav: 0/2"), "{table}");
    assert!(table.contains("2 cases: 2 passed, 0 failed, 0 known gaps"), "{table}");
    sandbox.run(&["check", "cases/town/ships"]).ends(0);
}

#[test]
fn a_failure_names_the_case_and_the_line() {
    let sandbox = sandbox();
    sandbox.write("cases/town/letters/gold.txt", gold("letters") + "The town is still there.\n");
    sandbox.write("cases/town/letters/must-not", "harbour town\n");
    let ran = sandbox.run(&["check", "cases", "--junit", "j.xml", "--json", "j.json", "--html", "h.html"]);
    let told = ran.ends(1).stdout();
    assert!(told.contains("town/letters: text: word F1 0."), "{told}");
    assert!(told.contains("    lost    The town is still there.\n"), "{told}");
    assert!(told.contains("    leaked  must_not: harbour town: The story of letters begins"), "{told}");
    let junit = sandbox.read("j.xml");
    assert!(junit.contains("tests=\"3\" failures=\"1\""), "{junit}");
    assert!(junit.contains("<testcase classname=\"town\" name=\"letters\"><failure message=\"text: word F1"));
    let json: serde_json::Value = serde_json::from_str(&sandbox.read("j.json")).expect("JSON");
    assert_eq!(json["totals"]["failed"], 1);
    assert_eq!(json["cases"][0]["failures"][0]["lost"][0], "The town is still there.");
    assert_eq!(json["totals"]["leaks"]["must_not"]["found"], 1);
    let html = sandbox.read("h.html");
    assert!(html.contains("<del>The town is still there.\n</del>"), "{html}");
    assert!(html.contains("default-src 'none'") && !html.contains("<script"));
}

#[test]
fn a_rule_that_is_switched_off_fails_the_case_that_needs_it() {
    let sandbox = Sandbox::new();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/spam/zh-report-text");
    for file in ["page.txt", "gold.txt", "about.toml"] {
        sandbox.write(format!("cases/report/{file}"), std::fs::read(samples.join(file)).expect("a sample"));
    }
    sandbox.run(&["check", "cases"]).ends(0);
    let rules = "hotline,disclaimer,reedit_stamp,link_farm,headline_list,advert,foreign_paragraph,friend_links,site_talk,appeal";
    let told = sandbox.run(&["check", "cases", "--off", rules]).ends(1).stdout();
    assert!(told.starts_with("report: text: word F1"), "{told}");
    assert!(told.lines().any(|line| line.starts_with("    leaked  must_not: ")), "{told}");
    sandbox
        .write("dehusk.toml", format!("[clean]\nrules-off = {:?}\n", rules.split(',').collect::<Vec<_>>()));
    sandbox.run(&["check", "cases"]).ends(1);
}

#[test]
fn a_rule_that_is_broken_fails_its_own_samples() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    for rule in dehusk::RULES {
        let folder = samples.join(rule.id);
        let whole =
            dehusk::check::run(&folder, &Cleaner::default(), &CheckSettings::default()).expect("cases");
        assert!(whole.passed() && !whole.cases.is_empty(), "{}\n{whole}", rule.id);
        let config = Config { rules_off: vec![rule.id.to_owned()], ..Config::default() };
        let broken = Cleaner::new(config).expect("a rule");
        let report = dehusk::check::run(&folder, &broken, &CheckSettings::default()).expect("cases");
        assert_eq!(report.totals.failed, report.cases.len(), "{}", rule.id);
        let told = report.to_string();
        for case in &report.cases {
            let cut = std::fs::read_to_string(case.folder.join("cut.txt")).expect("a list of cuts");
            let line = cut.lines().next().expect("a line").chars().take(40).collect::<String>();
            assert!(told.contains(&format!("{}: cuts: {} cuts 0 of", case.name, rule.id)), "{told}");
            assert!(told.contains(&format!("    leaked  {}: {}", rule.id, line.trim_end())), "{told}");
        }
    }
}

#[test]
fn a_case_starts_from_todays_output_and_never_again() {
    let sandbox = Sandbox::new();
    sandbox.write("crawl/a.html", page("letters"));
    sandbox.write("crawl/b/index.html", page("ships"));
    let args = ["check", "cases", "--init", "crawl/a.html", "--init", "crawl/b/index.html"];
    assert!(sandbox.run(&args).ends(0).stdout().contains("cases/a: correct gold.txt"));
    assert_eq!(sandbox.files("cases").len(), 6);
    assert_eq!(sandbox.read("cases/b/page.html"), page("ships"));
    assert!(sandbox.read("cases/a/gold.txt").contains("The story of letters"));
    assert!(sandbox.read("cases/a/about.toml").contains("title = \"All about letters\""));
    sandbox.run(&["check", "cases"]).ends(0);
    sandbox.write("cases/a/gold.txt", "corrected");
    sandbox.run(&args[..4]).ends(2).tells(&["cases/a", "never overwritten"]);
    assert_eq!(sandbox.read("cases/a/gold.txt"), "corrected");
}

#[test]
fn a_case_that_starts_with_its_address_follows_the_rules_of_its_site() {
    let sandbox = Sandbox::new();
    sandbox.write("a.html", page("letters"));
    sandbox.write(
        "sites.toml",
        "[[site]]\nhost = \"news.example.org\"\nbody = \"article\"\ndrop = [\"p:last-child\"]\n",
    );
    let url = "https://news.example.org/a";
    sandbox.run(&["check", "cases", "--init", "a.html", "--url", url, "--sites", "sites.toml"]).ends(0);
    assert!(sandbox.read("cases/a/about.toml").contains(&format!("url = \"{url}\"")));
    let plain = gold("letters");
    let last = plain.lines().last().expect("a line");
    assert!(!sandbox.read("cases/a/gold.txt").contains(last), "{last}");
    sandbox.run(&["check", "cases", "--sites", "sites.toml"]).ends(0);
    let told = sandbox.run(&["check", "cases", "--min-f1", "1"]).ends(1).stdout();
    assert!(told.contains(&format!("leaked  {}", &last[..60])), "{told}");
    let two = ["check", "cases", "--init", "a.html", "--init", "b.html", "--url", url];
    sandbox.run(&two).ends(2).tells(&["one for each --init"]);
}

#[test]
fn a_blessed_case_may_not_get_worse() {
    let sandbox = sandbox();
    let half: String = gold("letters").lines().take(1).collect();
    sandbox.write("cases/town/letters/gold.txt", &half);
    sandbox.run(&["check", "cases"]).ends(1);
    let blessed = sandbox.run(&["check", "cases", "--bless"]);
    assert!(blessed.ends(0).stdout().contains("2 baselines written"));
    sandbox.run(&["check", "cases"]).ends(0);
    assert!(sandbox.run(&["check", "cases", "--bless"]).ends(0).stdout().contains("0 baselines written"));
    assert_eq!(sandbox.read("cases/town/letters/gold.txt"), half);
    let worse = sandbox.read("cases/town/letters/baseline.toml").replace("f1 = 0.", "f1 = 0.9");
    sandbox.write("cases/town/letters/baseline.toml", worse);
    let told = sandbox.run(&["check", "cases"]).ends(1).stdout();
    assert!(told.contains("town/letters: text: word F1"), "{told}");
    sandbox.run(&["check", "cases", "--tolerance", "1"]).ends(0);
}

#[test]
fn floors_come_from_the_settings_too() {
    let sandbox = sandbox();
    sandbox.write("cases/town/letters/gold.txt", gold("letters") + "Really.\n");
    sandbox.run(&["check", "cases"]).ends(0);
    let told = sandbox.run(&["check", "cases", "--min-mean-f1", "0.999"]).ends(1).stdout();
    assert!(told.contains("all cases: mean word F1 0.9"), "{told}");
    sandbox.write("dehusk.toml", "[check]\nmin-f1 = 0.999\n");
    let told = sandbox.run(&["check", "cases"]).ends(1).stdout();
    assert!(told.contains("town/letters: text") && !told.contains("town/ships: text"), "{told}");
}

#[test]
fn what_cannot_be_judged_is_an_error() {
    let sandbox = sandbox();
    sandbox.run(&["check", "nowhere"]).ends(2).tells(&["nowhere"]);
    sandbox.run(&["check"]).ends(2);
    sandbox.run(&["check", "cases", "--min-f1", "2"]).ends(2).tells(&["min-f1", "between 0 and 1"]);
    sandbox.run(&["check", "cases", "--json", "no/where.json"]).ends(3).tells(&["no/where.json"]);
    sandbox.write("cases/town/ships/about.toml", "mist = []");
    sandbox.run(&["check", "cases"]).ends(2).tells(&["about.toml, line 1", "mist"]);
    sandbox.write("empty/readme", "");
    sandbox.run(&["check", "empty"]).ends(2).tells(&["there are no cases"]);
}

#[test]
fn a_set_with_texts_is_measured() {
    let sandbox = Sandbox::new();
    sandbox.write("set/pages/1.html", page("letters"));
    sandbox.write("set/pages/2.html", "");
    let row = |id: &str, text: &str, kind: &str| serde_json::json!({"id": id, "text": text, "type": kind, "split": "dev", "with": [text], "without": ["x"]});
    let clean = sandbox.run(&["clean", "set/pages/1.html"]).ends(0).stdout();
    let rows = [row("1", &clean, "article"), row("2", "", "listing"), row("3", "gone away", "listing")];
    sandbox.write("set/gold.jsonl", rows.map(|row| row.to_string()).join("\n"));
    let args = ["check", "--gold", "set/gold.jsonl", "--pages", "set/pages"];
    let ran = sandbox.run(&[&args[..], &["--json", "f.json"]].concat());
    let table = ran.ends(0).stdout();
    assert!(table.contains("set: 3 pages, 1 missing, 2 empty"), "{table}");
    assert!(table.contains("3  F1 0.6667  P 0.6667  R 0.6667"), "{table}");
    let json: serde_json::Value = serde_json::from_str(&sandbox.read("f.json")).expect("JSON");
    assert_eq!((&json["by_type"][0][0], &json["by_type"][0][1]["f1"]), (&"listing".into(), &0.5.into()));
    // The empty page has no shingles on either side, so that it counts only as exact.
    assert_eq!((&json["shingles"]["precision"], &json["shingles"]["recall"]), (&1.0.into(), &0.5.into()));
    assert_eq!(json["without_leaked"], 0.0);
    sandbox.run(&[&args[..], &["--min-mean-f1", "0.7"]].concat()).ends(1).tells(&["0.6667", "0.7"]);
    sandbox.run(&[&args[..], &["--split", "held"]].concat()).ends(2).tells(&["no rows"]);
}

#[test]
fn a_set_with_snippets_is_measured() {
    let sandbox = Sandbox::new();
    sandbox.write("set/pages/1.html", page("letters"));
    let with = ["The story", "the story", "Much\nlater, when"];
    let row = serde_json::json!({"id": "1", "with": with, "without": ["harbour town", "Home"]});
    sandbox.write("set/gold.jsonl", row.to_string());
    let ran = sandbox.run(&["check", "--gold", "set/gold.jsonl", "--pages", "set/pages"]);
    let table = ran.ends(0).stdout();
    // Case counts, and a gap is any white space.
    assert!(table.contains("F1 0.6667  TP 2  FN 1  FP 1  TN 1"), "{table}");
}
