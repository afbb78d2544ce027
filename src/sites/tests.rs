//! Site rules on pages.

use super::*;
use crate::{Cleaned, Cleaner, Hints};

const URL: &str = "https://news.example.org/2024/tides.html";

/// A page whose body the model would not take: short lines, links, and spam between them.
const PAGE: &str = "<!doctype html><html lang=en-GB><head><title>Tides - The Example</title>\
    <meta name=author content='The Example'></head><body>\
    <nav><a href=/>Home</a> <a href=/a>About us</a></nav>\
    <h2 class=head>High and low</h2><span class=by>By Ann Sands</span>\
    <div class=when><time datetime=2024-03-05T10:00:00Z>yesterday</time></div>\
    <div id=story><p>High 06:12<p>Low 12:40 <span class=ad>Boats for hire</span> at noon<p class=more>Read on\
    <ul><li><a href=/1>Harbour</a><li><a href=/2>Pier</a></ul></div>\
    <article><p>This is a long and well written paragraph about something else, with commas, full stops and all \
    that a model of body text would like to see. It goes on for a second sentence, too.</article></body></html>";

fn clean_from(rules: &str, page: &str, url: Option<&str>) -> Cleaned {
    let sites = Sites::parse(rules, "sites.toml".as_ref()).expect("valid");
    let hints = Hints { url, ..Hints::default() };
    Cleaner::default().with_sites(sites).clean(page.as_bytes(), hints)
}

fn clean(rules: &str) -> Cleaned {
    clean_from(&format!("[[site]]\nhost = '*.example.org'\n{rules}"), PAGE, Some(URL))
}

fn notes(cleaned: &Cleaned) -> Vec<SiteNote> {
    cleaned.site.as_ref().map(|site| site.notes.clone()).unwrap_or_default()
}

#[test]
fn a_body_stays_and_nothing_else() {
    let cleaned = clean("body = '#story'\ndrop = ['.ad', '.more']");
    assert_eq!(cleaned.text(), "High 06:12\n\nLow 12:40 at noon\n\nHarbour\nPier");
    assert_eq!(notes(&cleaned), []);
    assert!(cleaned.is_article() && cleaned.kind != crate::Kind::Empty);
    let cuts = cleaned.cut_list();
    let cut = |text: &str| cuts.iter().find(|cut| cut.text.contains(text)).expect("it is cut");
    let evidence = |text| (cut(text).class, cut(text).evidence.as_deref().unwrap_or(""), cut(text).partial);
    assert_eq!(evidence("long and well"), ("site_rule", "outside body #story", false));
    assert_eq!(evidence("Boats"), ("site_rule", "drop .ad", true));
    assert_eq!(evidence("Read on"), ("site_rule", "drop .more", false));
    assert!(cleaned.cut_counts()["site_rule"] >= 3);
    let restored = crate::restore(&cleaned.text(), &cuts);
    assert!(restored.contains("Boats for hire"));
}

#[test]
fn a_drop_alone_leaves_the_rest_to_the_usual_decision() {
    let cleaned = clean("drop = 'article'");
    assert!(!cleaned.text().contains("well written"));
    let usual = clean_from("", PAGE, Some(URL));
    assert!(usual.text().contains("well written") && usual.site.is_none());
}

#[test]
fn rules_and_hiding_still_cut_inside_the_body() {
    let page = "<div id=story><p>High 06:12<p>Call our hotline now: 400-123-4567, agents needed, free quote\
        <p style='display:none'>cheap boats cheap boats</div>";
    let rules = "[[site]]\nhost = '*.example.org'\nbody = '#story'";
    let cleaned = clean_from(rules, page, Some(URL));
    assert!(
        cleaned.text().starts_with("High 06:12") && !cleaned.text().contains("cheap"),
        "{}",
        cleaned.text()
    );
    let hidden = page.replace("<div id=story>", "<div id=story style='display:none'>");
    assert!(clean_from(rules, &hidden, Some(URL)).text().starts_with("High 06:12"));
}

#[test]
fn what_stands_twice_in_the_body_stays_once() {
    let told = "One two three four five six seven eight nine ten eleven twelve.";
    let lines = "<p>And<p>so<p>on<p>and<p>on";
    let page = format!("<div class=b><p>{told}{lines}</div><div class=b><p>{told}<p>End</div>");
    let cleaned = clean_from("[[site]]\nhost = '*.example.org'\nbody = '.b'", &page, Some(URL));
    assert_eq!(cleaned.text(), format!("{told}\n\nAnd\n\nso\n\non\n\nand\n\non\n\nEnd"));
    assert!(
        cleaned.cuts().all(|(_, verdict)| verdict.reason == Reason::Duplicate && verdict.evidence.is_none())
    );
}

#[test]
fn values_come_from_attributes_and_text() {
    let cleaned = clean("title = ['.gone', '.head']\nauthor = '.by'\ndate = '.when time'");
    let about = &cleaned.metadata;
    assert_eq!(about.title.as_deref(), Some("High and low"));
    assert_eq!(about.author.as_deref(), Some("Ann Sands"));
    assert_eq!(about.published.as_deref(), Some("2024-03-05"));
    assert_eq!(notes(&cleaned), []);
    let hints = Hints { url: Some(URL), ..Hints::default() };
    let sites = Sites::parse("[[site]]\nhost = '*'\ntitle = 'h2'\n", "s".as_ref()).expect("valid");
    let explained = Cleaner::default().with_sites(sites).explain(PAGE.as_bytes(), hints);
    let title = explained.metadata.iter().find(|field| field.name == "title").expect("a title");
    assert_eq!(title.origin.as_deref(), Some("site_rule"));
    assert!(explained.html().contains("Site rules: *"));
}

#[test]
fn what_matches_nothing_is_noted_and_changes_nothing() {
    let usual = clean_from("", PAGE, Some(URL));
    let cleaned = clean("body = '.gone'\ntitle = '.gone'\nauthor = 'wbr'\ndate = '.by'\ndrop = '.gone'");
    assert_eq!(cleaned.text(), usual.text());
    assert_eq!(cleaned.metadata, usual.metadata);
    let expected = [SiteNote::NoBody, SiteNote::NoTitle, SiteNote::NoAuthor, SiteNote::BadDate];
    assert_eq!(notes(&cleaned), expected);
    // An element without text is no body.
    let empty = clean_from("[[site]]\nhost = '*'\nbody = '#b'", "<p>Text<div id=b></div>", Some(URL));
    assert_eq!(notes(&empty), [SiteNote::NoBody]);
}

#[test]
fn the_host_is_the_callers_or_the_pages_own() {
    let rules = "[[site]]\nhost = 'news.example.org'\nbody = '#b'";
    let page = |head: &str| format!("{head}<p>Outside<div id=b>In</div>");
    let canonical = page("<link rel=canonical href=https://news.example.org/a>");
    assert_eq!(clean_from(rules, &canonical, None).text(), "In");
    assert!(clean_from(rules, &canonical, Some("https://elsewhere.example/a")).site.is_none());
    assert!(clean_from(rules, &page(""), None).site.is_none());
    assert_eq!(clean_from(rules, &page(""), Some("http://NEWS.example.org:8080/a")).text(), "In");
    let text = clean_from(rules, "Just a line of text.", Some(URL));
    assert_eq!(notes(&text), [SiteNote::PlainText]);
}

#[test]
fn broken_markup_is_matched_as_a_browser_would() {
    // Foster parenting, templates, noscript, misnested formatting, and attributes that our tree does without.
    let page = "<template><p class=x>inert</template><table><p class=x data-a=1>fostered<tr><td><b><i>cell</b>\
        <p class=x data-a=2>in cell</i></table><noscript><p class=x data-a=3>without script</noscript>\
        <svg><title>pic</title><a class=x data-a=4>drawn</a></svg><p class=x>plain";
    let rules = "[[site]]\nhost = '*'\nbody = '[data-a]'\n";
    let cleaned = clean_from(rules, page, Some(URL));
    assert_eq!(notes(&cleaned), []);
    let text = cleaned.text();
    assert!(["fostered", "in cell", "without script"].iter().all(|part| text.contains(part)), "{text}");
    assert!(!text.contains("plain") && !text.contains("inert"), "{text}");
}

#[test]
fn a_page_that_met_a_limit_is_judged_as_usual() {
    let deep = format!("{}<p id=b>Deep</p>", "<div>".repeat(2_000));
    let rules = "[[site]]\nhost = '*'\nbody = '#b'";
    assert_eq!(notes(&clean_from(rules, &deep, Some(URL))), [SiteNote::Altered]);
    let wide = "<p>x".repeat(60_000);
    assert_eq!(notes(&clean_from(rules, &wide, Some(URL))), [SiteNote::TooLarge]);
    // Selectors that look back at all siblings take quadratic time: not on many of them.
    let siblings = format!("{}<p id=b>In</p>", "<p>x</p>".repeat(8_000));
    let body = |selector: &str| format!("[[site]]\nhost = '*'\nbody = '{selector}'");
    assert_eq!(notes(&clean_from(&body("h6 ~ p"), &siblings, Some(URL))), [SiteNote::TooLarge]);
    assert_eq!(clean_from(&body("[id~=b]"), &siblings, Some(URL)).text(), "In");
    let few = format!("<div>{}</div><p id=b>In</p>", "<p>x</p>".repeat(4_000));
    assert_eq!(clean_from(&body("div ~ p"), &few, Some(URL)).text(), "In");
    // A tag with very many attributes takes no longer than its length.
    let many = (0..200_000).map(|n| format!(" a{n}")).collect::<Vec<_>>().concat();
    assert_eq!(clean_from(rules, &format!("<p{many}>x<p id=b>In"), Some(URL)).text(), "In");
}
