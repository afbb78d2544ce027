//! An [`Explanation`] as one HTML file.
//!
//! Whatever the page holds is written through [`Escaped`], so it is text to the browser; should that ever fail, the
//! content security policy lets nothing run but the one script below, and nothing load at all. Without scripts the
//! report reads just as well; the script only searches, filters, draws bars and moves the focus.
//!
//! Rows beyond the first [`MAX_SHOWN`] stand in a `noscript` element. To a browser that runs scripts that is a piece of
//! text, which costs it nothing; the script makes elements of the rows that are looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::{Escaped, Explanation, plot, rows};
use crate::features::{columns, context_columns};
use crate::spam::SpamKind;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// What the browser is told to run: the script and the style of this report, by their SHA-256.
const SCRIPT_HASH: &str = "sha256-S0JlON1uWtQzdc8uUZaVDYGC9TLvnKNDzPQt2ccBPYE=";
const STYLE_HASH: &str = "sha256-aazew8u8V0GpHZelNhZyZudpPME1yBCVi3BXfjpi1Zs=";

/// Features named in all, so that a long page's report stays small enough to open.
const MAX_NAMED: usize = 40_000;
/// With more blocks than this, each has its details on one line.
const MAX_FULL: usize = 4000;
/// Bytes of a report after which no more blocks are listed.
const MAX_BYTES: usize = 4_900_000;
/// Blocks that a browser lays out at once; the script has the same number.
const MAX_SHOWN: usize = 500;

pub(super) fn report(explained: &Explanation) -> String {
    let mut out = String::with_capacity(20_000 + 1000 * explained.blocks.len());
    head(explained, &mut out);
    summary(explained, &mut out);
    if explained.blocks.is_empty() {
        out.push_str("<p class=\"none\">The page has no text.</p>");
        metadata(explained, &mut out);
    } else {
        picture(explained, &mut out);
        out.push_str("<div class=\"two\">");
        metadata(explained, &mut out);
        reasons(explained, &mut out);
        out.push_str("</div>");
        tools(explained, &mut out);
        list(explained, &mut out);
        glossary(explained, &mut out);
    }
    let _ = writeln!(out, "</main><script>{SCRIPT}</script></body></html>");
    out
}

fn head(explained: &Explanation, out: &mut String) {
    let _ = write!(
        out,
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src '{SCRIPT_HASH}'; \
         style-src '{STYLE_HASH}'; base-uri 'none'; form-action 'none'\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"referrer\" content=\"no-referrer\">\
         <title>dehusk explain: {}</title><style>{STYLE}</style></head><body><main>",
        Escaped(&explained.source)
    );
}

fn summary(explained: &Explanation, out: &mut String) {
    let title = explained.metadata.first().and_then(|field| field.value.as_deref());
    let _ = write!(
        out,
        "<header><p class=\"brand\">dehusk explain</p><h1 dir=\"auto\">{}</h1><p class=\"source\">{}</p>",
        Escaped(title.unwrap_or("(no title)")),
        Escaped(&explained.source)
    );
    facts(explained, out);
    if !explained.limits.is_empty() {
        let _ = write!(out, "<p class=\"warn\">Limits met: {:?}</p>", explained.limits);
    }
    if let Some(site) = &explained.site {
        let class = if site.notes.is_empty() { "" } else { " class=\"warn\"" };
        let _ = write!(out, "<p{class}>Site rules: {}</p>", Escaped(&super::site(site)));
    }
    out.push_str("</header>");
}

/// The figures of the whole page.
fn facts(explained: &Explanation, out: &mut String) {
    let all = (explained.chars_kept + explained.chars_cut).max(1);
    let kept = explained.blocks.iter().filter(|block| block.keep).count();
    let share = percent(explained.chars_kept, all);
    let blocks = format!("{kept} of {} blocks", explained.blocks.len());
    let kind = format!("{:?}", explained.kind).to_lowercase();
    let sure = format!("{:.2} sure that there is a body", explained.confidence);
    let share_of = |kind: &SpamKind| format!("{} {:.2}", kind.rule, kind.share);
    let mut kinds: Vec<&SpamKind> = explained.spam.kinds.iter().collect();
    kinds.sort_by(|a, b| b.share.total_cmp(&a.share));
    let kinds: Vec<String> = kinds.into_iter().map(share_of).collect();
    let read_as = explained.media.map(|media| format!("{media:?}").to_lowercase()).unwrap_or_default();
    out.push_str("<dl class=\"facts\">");
    for (name, value, more) in [
        ("kept", share.as_str(), blocks.as_str()),
        ("kind", &kind, &sure),
        ("spam", &format!("{:.2}", explained.spam.score), &kinds.join(", ")),
        ("read as", &read_as, explained.charset),
    ] {
        let (value, more) = (Escaped(value), Escaped(more));
        let _ = write!(out, "<div><dt>{name}</dt><dd>{value} <small>{more}</small></dd></div>");
    }
    out.push_str("</dl>");
}

/// A share in whole percent; what is there at all is not nothing.
fn percent(part: u64, all: u64) -> String {
    match 100.0 * part as f64 / all as f64 {
        share if share > 0.0 && share < 1.0 => "< 1 %".to_owned(),
        share => format!("{share:.0} %"),
    }
}

fn metadata(explained: &Explanation, out: &mut String) {
    out.push_str("<details class=\"meta\" open><summary>Metadata and where it came from</summary><table>");
    let mut missing = Vec::new();
    for field in &explained.metadata {
        let (Some(value), Some(origin)) = (&field.value, &field.origin) else {
            missing.push(field.name);
            continue;
        };
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td dir=\"auto\">{}</td><td class=\"dim\">{}</td></tr>",
            field.name,
            Escaped(value),
            Escaped(origin)
        );
    }
    out.push_str("</table>");
    if !missing.is_empty() {
        let _ = write!(out, "<p class=\"dim\">Not found: {}.</p>", missing.join(", "));
    }
    out.push_str("</details>");
}

/// How much was kept and cut for what; each reason leads to its blocks.
fn reasons(explained: &Explanation, out: &mut String) {
    out.push_str("<details class=\"meta\" open><summary>What was kept and cut, and why</summary><table>");
    let all = explained.reasons.iter().map(|count| count.chars).sum::<u64>().max(1);
    let mut counts: Vec<&super::Count> = explained.reasons.iter().collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.chars));
    for count in counts {
        let _ = write!(
            out,
            "<tr><th scope=\"row\"><a href=\"#tools\" data-why=\"{0}\">{0}</a></th><td class=\"n\">{1}</td>\
             <td class=\"n\">{2}</td><td class=\"dim\">{3}</td></tr>",
            count.reason,
            count.blocks,
            Escaped(&percent(count.chars, all)),
            Escaped(&count.meaning)
        );
    }
    out.push_str("</table></details>");
}

fn picture(explained: &Explanation, out: &mut String) {
    out.push_str("<figure><div class=\"plot\"><div class=\"axis\" aria-hidden=\"true\"><span>1</span><span>½</span><span>0</span></div>");
    plot::draw(explained, out);
    out.push_str(
        "</div><figcaption><span class=\"kt\">length of text</span> <span class=\"kl\">share of links</span> \
         <span class=\"ks\">score</span> <span class=\"kx\">lowest score kept</span> <span class=\"kk\">kept</span> \
         <span class=\"kc\">cut</span></figcaption><output id=\"at\" dir=\"auto\">One column a block, in the order of the \
         page; a click, or <kbd>←</kbd> <kbd>→</kbd> and <kbd>Enter</kbd>, leads to it.</output></figure>",
    );
}

fn tools(explained: &Explanation, out: &mut String) {
    out.push_str(
        "<form id=\"tools\" role=\"search\"><input type=\"search\" id=\"find\" placeholder=\"Search (/)\" \
         aria-label=\"Search the blocks\"><select id=\"show\" aria-label=\"Show\"><option value=\"\">kept and cut\
         </option><option value=\"k\">kept</option><option value=\"p\">kept in part</option>\
         <option value=\"c\">cut</option><option value=\"h\">hidden</option></select>\
         <select id=\"why\" aria-label=\"Reason\"><option value=\"\">any reason</option>",
    );
    for count in &explained.reasons {
        let _ = write!(out, "<option value=\"{0}\">{0} ({1})</option>", count.reason, count.blocks);
    }
    let _ = write!(
        out,
        "</select><output id=\"count\" aria-live=\"polite\">{} blocks</output>\
         <span class=\"dim keys\"><kbd>j</kbd> <kbd>k</kbd> next, previous · <kbd>Enter</kbd> details</span></form>",
        explained.blocks.len()
    );
}

fn list(explained: &Explanation, out: &mut String) {
    let all = explained.blocks.len();
    let named = (MAX_NAMED / all / 2).clamp(1, super::MAX_NAMED);
    out.push_str("<ol id=\"blocks\">");
    let mut listed = 0;
    for (at, block) in explained.blocks.iter().enumerate() {
        if out.len() > MAX_BYTES {
            break;
        }
        listed += 1;
        if at == MAX_SHOWN {
            out.push_str("<noscript>");
        }
        rows::row(at, block, (all <= MAX_FULL).then_some(named), out);
    }
    out.push_str(if listed > MAX_SHOWN { "</noscript></ol>" } else { "</ol>" });
    out.push_str(
        "<p id=\"pages\" hidden><button type=\"button\" id=\"earlier\">Earlier blocks</button> \
         <button type=\"button\" id=\"later\">Later blocks</button></p>",
    );
    if all > listed {
        let _ = write!(out, "<p class=\"none\">{} more blocks; --json has them all.</p>", all - listed);
    }
}

/// What the features mean that are named anywhere.
fn glossary(explained: &Explanation, out: &mut String) {
    let meanings: BTreeMap<String, &'static str> = columns().into_iter().chain(context_columns()).collect();
    let named = explained.blocks.iter().flat_map(|block| block.pro.iter().chain(&block.contra));
    let used: BTreeSet<&str> = named.map(|named| named.feature.as_str()).collect();
    out.push_str(
        "<details class=\"meta\"><summary>What the numbers mean</summary><p>A block's score is the probability that it \
         is body text, 0 to 1. “In its place” is the same after the pull towards the container that holds the body; the \
         plot and the list show it. A feature's number is what it added to the log odds of the block: \
         +0.7 doubles the odds, −0.7 halves them. Rules and hiding decide before scores do.</p>\
         <table id=\"features\">",
    );
    for name in used {
        let meaning = meanings.get(name).copied().unwrap_or_default();
        let _ = write!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td></tr>",
            Escaped(name),
            Escaped(meaning)
        );
    }
    out.push_str("</table></details>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cleaner, Hints};

    fn sha256(text: &str) -> String {
        use sha2::Digest;
        format!("sha256-{}", data_encoding::BASE64.encode(&sha2::Sha256::digest(text)))
    }

    #[test]
    fn the_policy_allows_this_script_and_style_alone() {
        assert_eq!(sha256(SCRIPT), SCRIPT_HASH, "the script has changed");
        assert_eq!(sha256(STYLE), STYLE_HASH, "the style has changed");
        assert!(!SCRIPT.contains("innerHTML") && !SCRIPT.contains("</") && !STYLE.contains("</"));
    }

    #[test]
    fn a_long_report_has_few_rows_to_lay_out_and_all_of_them() {
        let lines: Vec<String> = (0..2000).map(|n| format!("Line number {n} & <nothing> else.")).collect();
        let html = Cleaner::default().explain(lines.join("\n").as_bytes(), Hints::default()).html();
        let (laid_out, rest) = html.split_once("<noscript>").expect("rows that wait");
        let (waiting, _) = rest.split_once("</noscript>").expect("an end");
        assert_eq!(
            (laid_out.matches("<li ").count(), waiting.matches("<li ").count()),
            (MAX_SHOWN, 2000 - MAX_SHOWN)
        );
        assert!(SCRIPT.contains(&format!("SHOWN = {MAX_SHOWN};")), "the script counts otherwise");
    }

    #[test]
    fn the_page_is_text_in_its_report() {
        let page = "<title></title><script>alert(1)</script><p onclick=alert(2)>&lt;script&gt;alert(3)&lt;/script&gt; \
            &lt;img src=//evil.example/x onerror=alert(4)&gt; is what they wrote in the guest book, again and again.";
        let html = Cleaner::default().explain(page.as_bytes(), Hints::default()).html();
        assert_eq!(html.matches("<script").count(), 1);
        assert!(!html.contains("<img") && html.contains("&lt;img src=//evil.example/x"));
    }
}
