//! Filters: which pages are written, which are listed with a reason instead, and that repeats are found in the order
//! of the inputs.

mod common;

use common::{Sandbox, page, rows, sources};

/// A page that names its address.
fn page_at(url: &str, topic: &str) -> String {
    page(topic).replace("<title>", &format!("<link rel=canonical href=\"{url}\"><title>"))
}

const CHINESE: &str = "<title>春天</title><article><p>春天来了，河边的柳树发芽了，孩子们在草地上放风筝，老人们坐在长椅上\
    晒太阳，说着去年的收成和今年的打算。</p><p>天黑以前，大家才慢慢走回家去，路上还在谈论那只飞得最高的风筝。</p></article>";

#[test]
fn filtered_pages_are_counted_and_listed_with_the_reason() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page_at("https://news.example/a", "ships"));
    sandbox.write("in/b.html", page_at("https://news.example/tag/b", "boats"));
    sandbox.write("in/c.html", page("rafts"));
    sandbox.write("in/d.html", CHINESE);
    sandbox.write("in/drafts/e.html", page("drafts"));
    sandbox.write("in/f.txt", "Too short.");
    sandbox.write("in/g.php", page_at("https://news.example/g", "coasts"));
    let args = [
        "clean",
        "in",
        "--format",
        "jsonl",
        "--rejects",
        "rejects.jsonl",
        "--include",
        "*.html",
        "--include",
        "f.*",
        "--exclude",
        "drafts/*",
        "--url-exclude",
        "*/tag/*",
        "--lang",
        "en",
        "--min-chars",
        "100",
    ];
    let ran = sandbox.run(&args);
    assert_eq!(sources(&ran.ends(0).rows()), ["in/a.html", "in/c.html"]);
    ran.tells(&["2 pages"]).tells(&["pages filtered", "exclude 1", "include 1", "lang 2", "url-exclude 1"]);
    let rejects = rows(&sandbox.read("rejects.jsonl"));
    let reasons: Vec<_> =
        rejects.iter().map(|row| (row["source"].as_str(), row["reason"].as_str())).collect();
    let expected = [
        ("in/b.html", "url-exclude"),
        ("in/d.html", "lang"),
        ("in/drafts/e.html", "exclude"),
        ("in/f.txt", "lang"),
        ("in/g.php", "include"),
    ];
    assert_eq!(reasons, expected.map(|(source, reason)| (Some(source), Some(reason))));
    assert_eq!(rejects[1]["detail"], "zh");
    assert!(rejects[1]["text"].as_str().expect("it was cleaned").contains("风筝"));
    assert_eq!(rejects[2]["text"], serde_json::Value::Null);
    let short = sandbox.run(&["clean", "in/f.txt", "--min-chars", "100"]);
    assert_eq!(short.ends(0).tells(&["pages filtered: min-chars 1"]).stdout(), "");
    let addressed =
        sandbox.run(&["clean", "in", "--format", "jsonl", "--url-include", "https://news.example/?"]);
    assert_eq!(sources(&addressed.ends(0).rows()), ["in/a.html", "in/g.php"]);
}

#[test]
fn of_repeats_the_first_input_stays_for_any_number_of_threads() {
    let sandbox = Sandbox::new();
    for number in 0..120 {
        // The first of each topic is the slowest to clean.
        let topic = format!("topic number {}", number % 10);
        let slow = "<span></span>".repeat(if number < 10 { 20_000 } else { 1 });
        let stamp = format!("<p>Copied from elsewhere, copy {number}.</p></article>");
        sandbox.write(format!("in/{number:03}.html"), page(&topic).replace("</article>", &stamp) + &slow);
    }
    let firsts: Vec<String> = (0..10).map(|number| format!("in/{number:03}.html")).collect();
    for jobs in ["1", "5"] {
        let args =
            ["clean", "in", "--format", "jsonl", "--dedup", "near", "--rejects", "no.jsonl", "-j", jobs];
        let ran = sandbox.run(&args);
        assert_eq!(
            sources(&ran.ends(0).tells(&["pages filtered: dedup 110"]).rows()),
            firsts,
            "{jobs} threads"
        );
        let rejects = rows(&sandbox.read("no.jsonl"));
        let last = rejects.last().expect("many");
        assert_eq!((last["source"].as_str(), last["reason"].as_str()), (Some("in/119.html"), Some("dedup")));
        assert!(last["detail"].as_str().expect("a detail").ends_with("like page 10"), "{last}");
    }
    // The texts differ, so that none is an exact repeat of another.
    sandbox.run(&["clean", "in", "-o", "all", "--dedup", "exact"]).ends(0).tells(&["120 pages"]);
    sandbox.run(&["clean", "in", "-o", "some", "--dedup", "near"]).ends(0).tells(&["10 pages"]);
    assert_eq!(sandbox.files("some").len(), 10);
}

#[test]
fn exact_repeats_are_found_whatever_stands_around_them() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page("ships"));
    sandbox.write("in/b.html", page("ships").replace("About", "Imprint"));
    sandbox.write("in/c.html", page("boats"));
    let ran = sandbox.run(&["clean", "in", "--format", "jsonl", "--dedup", "exact"]);
    assert_eq!(sources(&ran.ends(0).rows()), ["in/a.html", "in/c.html"]);
}

#[test]
fn cuts_are_listed_with_place_and_reason() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page("ships"));
    sandbox.write("in/b.html", page("boats"));
    sandbox.run(&["clean", "in", "-o", "out", "--cuts", "cuts.jsonl"]).ends(0);
    let cuts = rows(&sandbox.read("cuts.jsonl"));
    let home = cuts.iter().find(|row| row["source"] == "in/b.html").expect("its link bar");
    assert!(home["text"].as_str().expect("text").contains("Home"), "{home}");
    assert!(home["offset"].is_u64() && home["score"].is_f64(), "{home}");
    assert_ne!(home["class"], "content");
    assert!(cuts.iter().any(|row| row["source"] == "in/a.html"));
}

/// A page with enough running text for rules to compare with.
fn long_page(topic: &str) -> String {
    let paragraphs = format!(
        "<p>The mill stopped in 1931, when somebody found the letters about {topic} in its pond, and the last miller \
         went to live on the mainland with his two daughters.</p><p>Volunteers have measured that the wheel would turn \
         for five hours on an ordinary day, long enough to grind what the village eats in a week of winter.</p>\
         <p>A report on the masonry is expected in autumn, after which the trust will decide whether to repair the \
         roof, whose beams have been wet for twenty winters and more.</p></article>"
    );
    page(topic).replace("</article>", &paragraphs)
}

const CASINO_ANCHOR: &str = "<a href=https://x.example/>best online casino bonus</a>";

#[test]
fn parts_of_a_block_are_listed_too_and_go_back() {
    let sandbox = Sandbox::new();
    let spammed = long_page("ships")
        .replace("somebody found the letters", &format!("somebody found the {CASINO_ANCHOR} letters"));
    sandbox.write("in/a.html", spammed);
    sandbox.run(&["clean", "in", "-o", "out", "--cuts", "cuts.jsonl"]).ends(0);
    let cuts = rows(&sandbox.read("cuts.jsonl"));
    let part = cuts.iter().find(|row| row["class"] == "planted_link").expect("the anchor");
    assert_eq!(part["text"].as_str().map(str::trim), Some("best online casino bonus"));
    assert_eq!(part["partial"], true);
    assert!(part["evidence"].is_string() && part["score"].is_f64() && part["offset"].is_u64(), "{part}");
    let text = sandbox.read("out/a.html.txt");
    let at = usize::try_from(part["at"].as_u64().expect("a place")).expect("small");
    assert!(text[..at].trim_end().ends_with("somebody found the"), "{}", &text[..at]);
    assert!(text[at..].trim_start().starts_with("letters about ships"), "{}", &text[at..]);
    assert!(cuts.iter().any(|row| row["partial"] == false && row["class"] == "boilerplate"), "{cuts:?}");
}

#[test]
fn pages_of_spam_and_pages_without_an_article_are_rejected_with_what_was_found() {
    let sandbox = Sandbox::new();
    let towns = ["Leeds", "York", "Hull", "Bath", "Ripon", "Derby", "Truro", "Wells"];
    let farm = towns.map(|town| format!("<p>{town} boiler repair</p>")).concat();
    sandbox.write("in/a.html", long_page("ships"));
    sandbox.write(
        "in/b.html",
        long_page("boats").replace("</article>", &format!("</article><div>{farm}</div>")),
    );
    sandbox.write("in/c.html", "<nav><a href=/>Home</a> <a href=/b>About us</a></nav><p>Log in</p>");
    let args = |more: &[&'static str]| -> Vec<&'static str> {
        let args = ["clean", "in", "--format", "jsonl", "--rejects", "no.jsonl", "--report", "report.json"];
        [&args, more].concat()
    };
    let ran = sandbox.run(&args(&["--max-spam", "0.05", "--min-article-confidence", "0.5"]));
    assert_eq!(sources(&ran.ends(0).rows()), ["in/a.html"]);
    ran.tells(&["pages filtered: max-spam 1, min-article-confidence 1"]);
    let rejects = rows(&sandbox.read("no.jsonl"));
    assert_eq!(sources(&rejects), ["in/b.html", "in/c.html"]);
    assert_eq!(rejects[0]["reason"], "max-spam");
    let detail = rejects[0]["detail"].as_str().expect("a detail");
    assert!(detail.starts_with("0.") && detail.contains(": link_farm 0."), "{detail}");
    assert!(rejects[0]["text"].as_str().expect("it was cleaned").contains("boats"));
    assert_eq!(rejects[1]["reason"], "min-article-confidence");
    let report: serde_json::Value = serde_json::from_str(&sandbox.read("report.json")).expect("JSON");
    assert!(report.to_string().contains("\"max-spam\":1"), "{report}");
    // The same from a file of settings, and what is out of range is refused by its name.
    sandbox.write("dehusk.toml", "[filter]\nmax-spam = 0.05\nmin-article-confidence = 0.5\n");
    assert_eq!(sources(&sandbox.run(&args(&[])).ends(0).rows()), ["in/a.html"]);
    assert_eq!(sandbox.run(&args(&["--max-spam", "1"])).ends(0).rows().len(), 2);
    sandbox.run(&args(&["--max-spam", "1.5"])).ends(2).tells(&["max-spam", "between 0 and 1"]);
}
