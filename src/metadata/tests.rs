//! The sources together.

use crate::config::Limits;
use crate::page::Reason;
use crate::{blocks, parse};

use super::*;

fn keep_all(page: &Page) -> Vec<Verdict> {
    let kept =
        Verdict { keep: true, score: 1.0, reason: Reason::Content, evidence: None, cut_spans: Vec::new() };
    vec![kept; page.blocks.len()]
}

fn of_html(html: &str) -> Findings {
    let (lexicon, limits) = (Lexicon::new(), Limits::default());
    let dom = parse::parse(html, &limits);
    let (page, _) = blocks::from_dom(&dom, &lexicon, &limits);
    find(Some(&dom), &page, &keep_all(&page), &Hints::default(), &lexicon)
}

fn of_text(text: &str) -> Findings {
    let (page, _) = blocks::from_text(text, &Limits::default());
    find(None, &page, &keep_all(&page), &Hints::default(), &Lexicon::new())
}

fn value<'a>(found: impl Into<Option<&'a Found>>) -> &'a str {
    found.into().map_or("", |found| found.value.as_str())
}

const BODY: &str = "The sea rises and falls twice a day, drawn by the moon and, more weakly, by the sun. Nobody \
                    who lives at the shore needs to be told, and yet few can tell why there are two tides a day.";

#[test]
fn text_of_a_flattened_page() {
    let text = "客服热线:0755-1234 5678\n\n海岸潮汐情况年度报告\n\nAdmin - admin 于2022年08月01日发表\n\n\
                按照年度工作的要求，我们认真组织开展了海岸潮汐的观测，现将有关情况报告如下。\n\n\
                一、观测情况\n\n全年共观测潮汐七百余次，数据完整，质量良好，超过往年同期的水平。\n\n\
                2023-09-30 08:22:02重新编辑\n";
    for found in [of_text(text), of_html(&format!("<html><body><p>{}</p>", text.replace("\n\n", "</p><p>")))]
    {
        assert_eq!(value(&found.published), "2022-08-01");
        assert_eq!(value(&found.modified), "2023-09-30");
        assert_eq!(value(&found.language), "zh");
        assert_eq!(found.author, None);
    }
    assert_eq!(value(&of_text(text).title), "海岸潮汐情况年度报告");
}

#[test]
fn a_stamp_far_below_the_title() {
    let list = "<p>潮汐表</p>".repeat(60);
    let page = |stamp: &str| {
        of_html(&format!(
            "<title>海岸潮汐年报</title><h1>海岸潮汐年报</h1><p>{BODY}</p>{list}<p>{stamp}</p>{list}"
        ))
    };
    assert_eq!(value(&page("2023-09-30 08:22:02重新编辑").modified), "2023-09-30");
    assert_eq!(value(&page("Last edited by ann (2023-09-30)").modified), "");
}

#[test]
fn visible_bylines() {
    let page = |line: &str| {
        of_html(&format!(
            "<html lang=en><title>Why tides | Shore</title><h1>Why tides</h1><p>{line}</p><p>{BODY}</p>"
        ))
    };
    for (line, author, published, modified) in [
        ("By Ann Sand | August 1, 2022", "Ann Sand", "2022-08-01", ""),
        ("Written by Ann Sand and Bo Ebb, updated 2 August 2022", "Ann Sand; Bo Ebb", "", "2022-08-02"),
        (
            "Published 1 Aug 2022 · Last updated 3 Aug 2022 · By Ann Sand in Nature",
            "Ann Sand",
            "2022-08-01",
            "2022-08-03",
        ),
        ("作者：王小明 来源：海岸日报 发布时间：2022-08-01 10:20 责任编辑：李四", "王小明", "2022-08-01", ""),
        ("文/张三 2022年8月1日", "张三", "2022-08-01", ""),
        ("公開日：2022年8月1日 更新日：2022年8月3日 著者：山田太郎", "山田太郎", "2022-08-01", "2022-08-03"),
        ("김철수 기자 입력 2022.08.01 10:20", "김철수", "2022-08-01", ""),
        ("Автор: Иван Петров, 1 августа 2022", "Иван Петров", "2022-08-01", ""),
        ("Von Anna Sand, 1. August 2022", "Anna Sand", "2022-08-01", ""),
    ] {
        let found = page(line);
        assert_eq!(value(&found.author), author, "{line}");
        assert_eq!(value(&found.published), published, "{line}");
        assert_eq!(value(&found.modified), modified, "{line}");
        assert_eq!(value(&found.title), "Why tides");
    }
}

#[test]
fn markup_wins_over_text_and_says_so() {
    let found = of_html(&format!(
        "<html lang=de><head><title>Why tides - The Shore</title><meta property=og:site_name content='The Shore'>\
         <meta name=author content='Ann Sand'><meta property=article:published_time content=2022-08-01T10:00:00Z>\
         <link rel=canonical href=https://a.example/tides></head><h1>Why tides</h1><p>By Somebody Else, 3 May 2021</p>\
         <p>{BODY}</p><aside><time datetime=2020-01-01>x</time></aside>"
    ));
    assert_eq!(value(&found.author), "Ann Sand");
    assert_eq!(value(&found.published), "2022-08-01");
    assert_eq!(value(&found.site_name), "The Shore");
    assert_eq!(value(&found.url), "https://a.example/tides");
    assert_eq!(value(&found.language), "en", "the text overrules what the template declares");
    assert_eq!(found.author.map(|found| found.origin), Some("author"));
}

#[test]
fn dates_of_comments_and_teasers_are_not_the_pages() {
    let found = of_html(&format!(
        "<title>Why tides</title><h1>Why tides</h1><p>{BODY}</p><div class=comments><p>By Ann Sand, 3 May 2021</p>\
         <time datetime=2021-05-03>x</time></div>"
    ));
    assert_eq!((found.author, found.published), (None, None));
}

#[test]
fn a_heading_that_is_the_sites() {
    let found = of_html(&format!(
        "<title>Notes from the pier: Why tides</title><meta property=og:title content='Why tides'>\
         <h1>Notes from the pier</h1><h3>Why tides</h3><p>{BODY}</p>"
    ));
    assert_eq!(value(&found.title), "Why tides");
}

#[test]
fn nothing_gives_nothing() {
    let found = of_html("");
    assert_eq!((found.title, found.author, found.url), (None, None, None));
    assert_eq!(of_text("").title, None);
}

#[test]
fn many_elements_are_bounded() {
    let deep = "<div class=a>".repeat(400);
    let many = "<time>2021-05-03</time><a rel=author>x</a><b itemprop=author>y</b><h1>z</h1>".repeat(5000);
    let found = of_html(&format!("{deep}{many}"));
    assert_eq!(value(&found.title), "z");
}
