//! Pages with a trick each, and pages that look alike and hide nothing.

use super::super::from_dom;
use crate::config::Limits;
use crate::lexicon::Lexicon;
use crate::page::Cover;
use crate::parse;

/// Text of a page's blocks with their covers.
fn blocks(html: &str) -> Vec<(String, Cover)> {
    let dom = parse::parse(html, &Limits::default());
    let page = from_dom(&dom, &Lexicon::new(), &Limits::default()).0;
    page.blocks.iter().map(|block| (page.text_of(block).to_owned(), block.cover)).collect()
}

/// How the text `x` is covered.
fn cover(html: &str) -> Cover {
    let found = blocks(html).into_iter().find(|(text, _)| text == "x");
    found.unwrap_or_else(|| panic!("no block x in {html}")).1
}

#[test]
fn tricks_that_hide() {
    for html in [
        "<div style='display:none'>x</div>",
        "<div style='visibility:hidden'><p>x</div>",
        "<div style='position:absolute;top:-999px'>x</div>",
        "<div style='text-indent:-9999px'><a href=a>x</a></div>",
        "<div style='height:1px;overflow:hidden'>x</div>",
        "<div style='font-size:0'><a href=a>x</a></div>",
        "<p style='font-size:1px'>x",
        "<div style='opacity:0'>x</div>",
        "<div style='color:#fff;background:#ffffff'>x</div>",
        "<body bgcolor=white><p><font color=#ffffff>x</font>",
        "<p style='color:white'>x",
        "<p style='color:transparent'>x",
        "<div hidden>x</div>",
        "<div aria-hidden=true>x</div>",
        "<marquee height=1 width=4 scrollamount=3000>x</marquee>",
        "<marquee scrollamount=3000>x</marquee>",
        "<style>.q{display:none}</style><div class=q>x</div>",
        "<style>body .q a{position:fixed;left:-99em}.q{}</style><div class=q><p><a>x</a></div>",
        "<p>a</p><script>document.write('<div style=\"display:none\">');</script><p>x</p><script>document.write('</div>')</script>",
        "<div id=q>x</div><script>document.getElementById('q').style.display='none'</script>",
        "<noscript><div style='display:none'>x</div></noscript>",
    ] {
        assert!(cover(html) >= Cover::Unspoken, "{html}");
    }
}

#[test]
fn what_hides_nothing() {
    for html in [
        "<body style='visibility:hidden'>x",
        "<style>body{opacity:0;transition:opacity 1s}html{visibility:hidden}</style>x",
        "<style>body{animation:-amp-start 8s steps(1,end)}@keyframes -amp-start{from{visibility:hidden}}</style>x",
        "<style>.js .q{display:none}</style><html class=no-js><div class=q>x</div>",
        "<noscript><style>.q{display:none}</style></noscript><div class=q>x</div>",
        "<style media=print>p{display:none}</style><p>x",
        "<details><summary>more</summary><p>x</details>",
        "<noscript><p>x</noscript>",
        "<marquee>x</marquee>",
        "<div style='visibility:hidden'><p style='visibility:visible'>x</div>",
        "<ul style='font-size:0'><li style='font-size:16px'>x</ul>",
        "<link rel=stylesheet href=a><ul style='font-size:0'><li class=q>x</ul>",
        "<div style='background:#000'><p style='color:#fff'>x</div>",
        "<table bgcolor=black><td><font color=white>x</font></table>",
        "<h1 style='background:linear-gradient(red,blue);-webkit-background-clip:text;color:transparent'>x</h1>",
        "<script>document.write('<div style=\"display:none\">a</div>');</script><p>x",
        "<script>document.write('<div style=\"display:none\">');</script>a<script>document.write('</div>')</script><p>x",
        "<div id=q>x</div><script>function f(){document.getElementById('q').style.display='none'}</script>",
        "<!-- <style>p{display:none}</style> --><p>x",
        "<template><style>p{display:none}</style></template><p>x",
    ] {
        assert_eq!(cover(html), Cover::Shown, "{html}");
    }
}

#[test]
fn white_on_what_may_be_painted_is_doubtful() {
    assert_eq!(
        cover("<div style='background:url(night.jpg)'><p style='color:#fff'>x</div>"),
        Cover::Doubtful
    );
    assert_eq!(
        cover("<link rel=stylesheet href=a><div class=hero><p style='color:#fff'>x</div>"),
        Cover::Doubtful
    );
    assert_eq!(
        cover("<link rel=stylesheet href=a><div class=hero><p style='color:#fff;background:#fff'>x"),
        Cover::Trick
    );
}

#[test]
fn hidden_text_inside_a_paragraph_is_a_block_of_its_own() {
    let found = blocks("<p>The tide <span style='font-size:0'><a href=a>cheap</a> pills</span>rises.");
    assert_eq!(found, [("The tide rises.".into(), Cover::Shown), ("cheap pills".into(), Cover::Trick)]);
    let found = blocks("<ul><li><i hidden>a</i>b</ul><p><b hidden>only</b></p>");
    assert_eq!(found[0], ("b".into(), Cover::Shown));
    assert_eq!(found[1].1, Cover::Waiting);
    assert_eq!(found[2], ("only".into(), Cover::Waiting));
    // What is only kept from screen readers is seen.
    assert_eq!(blocks("<p>E = <span aria-hidden=true>mc</span> squared").len(), 1);
}
