//! An [`Explanation`] as one HTML file.
//!
//! Whatever the page holds is written through [`Escaped`], so it is text to the browser; should that ever fail, the
//! content security policy lets nothing run but the one script below, and nothing load at all. Without scripts the
//! report reads just as well; the script only searches and filters.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Contribution, Escaped, Explanation, Judged, plot};
use crate::features::{columns, context_columns};

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// What the browser is told to run: the script and the style of this report, by their SHA-256.
const SCRIPT_HASH: &str = "sha256-+FKSgPYPC8hxwaGxobEnekMldbLWPwUEJMyGoz/m+yo=";
const STYLE_HASH: &str = "sha256-VDFmniiQ6rzbA4k9i6WMCa9Va1amjfuvgIeFo5QE/8s=";

/// Features named in all, so that a long page's report stays small enough to open.
const MAX_NAMED: usize = 40_000;
/// With more blocks than this, each has its details on one line.
const MAX_FULL: usize = 4000;
/// Blocks listed at most.
const MAX_LISTED: usize = 12_000;

pub(super) fn report(explained: &Explanation) -> String {
    let mut out = String::with_capacity(20_000 + 1000 * explained.blocks.len());
    head(explained, &mut out);
    summary(explained, &mut out);
    if explained.blocks.is_empty() {
        out.push_str("<p class=\"none\">The page has no text.</p>");
    } else {
        picture(explained, &mut out);
        tools(explained, &mut out);
        let named = (MAX_NAMED / explained.blocks.len() / 2).clamp(1, super::MAX_NAMED);
        out.push_str("<ol id=\"blocks\" start=\"0\">");
        let brief = explained.blocks.len() > MAX_FULL;
        for (at, block) in explained.blocks.iter().enumerate().take(MAX_LISTED) {
            item(at, block, &mut out);
            if brief {
                line(block, &mut out);
            } else {
                details(block, named, &mut out);
            }
            out.push_str("</div></details></li>");
        }
        out.push_str("</ol>");
        if let Some(more) = explained.blocks.len().checked_sub(MAX_LISTED + 1) {
            let _ = write!(out, "<p class=\"none\">{} more blocks; --json has them all.</p>", more + 1);
        }
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
    let kind = format!("{:?}", explained.kind).to_lowercase();
    let all = (explained.chars_kept + explained.chars_cut).max(1);
    let title = explained.metadata.first().and_then(|field| field.value.as_deref());
    let _ = write!(
        out,
        "<header><p class=\"brand\">dehusk explain</p><h1 dir=\"auto\">{}</h1><p class=\"source\">{}</p>\
         <dl class=\"facts\"><div><dt>kind</dt><dd>{kind}</dd></div>\
         <div><dt>confidence</dt><dd>{:.2}</dd></div><div><dt>spam</dt><dd>{:.2}</dd></div>\
         <div><dt>kept</dt><dd>{:.0} %<small> {} of {all} characters</small></dd></div>\
         <div><dt>charset</dt><dd>{}</dd></div></dl>",
        Escaped(title.unwrap_or("(no title)")),
        Escaped(&explained.source),
        explained.confidence,
        explained.spam.score,
        100.0 * explained.chars_kept as f64 / all as f64,
        explained.chars_kept,
        Escaped(explained.charset)
    );
    if !explained.limits.is_empty() {
        let _ = write!(out, "<p class=\"warn\">Limits met: {:?}</p>", explained.limits);
    }
    if let Some(site) = &explained.site {
        let class = if site.notes.is_empty() { "" } else { " class=\"warn\"" };
        let _ = write!(out, "<p{class}>Site rules: {}</p>", Escaped(&super::site(site)));
    }
    out.push_str("<details class=\"meta\" open><summary>Metadata and where it came from</summary><table>");
    for field in &explained.metadata {
        let (value, origin) = (field.value.as_deref().unwrap_or("–"), field.origin.unwrap_or(""));
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td dir=\"auto\">{}</td><td class=\"dim\">{}</td></tr>",
            field.name,
            Escaped(value),
            Escaped(origin)
        );
    }
    out.push_str("</table></details></header>");
}

fn picture(explained: &Explanation, out: &mut String) {
    out.push_str("<figure>");
    plot::draw(explained, out);
    out.push_str(
        "<figcaption><span class=\"kt\">text</span> <span class=\"kl\">links</span> <span class=\"ks\">score in its \
         place</span> <span class=\"kx\">the cut</span> <span class=\"kk\">kept</span> <span class=\"kc\">cut</span> \
         <span class=\"dim\">A click leads to the block.</span></figcaption></figure>",
    );
}

fn tools(explained: &Explanation, out: &mut String) {
    out.push_str(
        "<form id=\"tools\" role=\"search\"><input type=\"search\" id=\"find\" placeholder=\"Search (/)\" \
         aria-label=\"Search the blocks\"><select id=\"show\" aria-label=\"Show\"><option value=\"\">kept and cut\
         </option><option value=\"k\">kept</option><option value=\"c\">cut</option><option value=\"h\">hidden\
         </option></select><select id=\"why\" aria-label=\"Reason\"><option value=\"\">any reason</option>",
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

/// A block's line, up to where its details begin.
fn item(at: usize, block: &Judged, out: &mut String) {
    let class = if block.keep { 'k' } else { 'c' };
    let hidden = if block.hidden { " h" } else { "" };
    let _ = write!(
        out,
        "<li id=b{at} class=\"{class}{hidden}\" data-r=\"{}\"><details><summary><b>{}</b><i>{:.2}</i>\
         <span dir=auto>",
        reasons(block),
        if block.keep { "✓ kept" } else { "✕ cut" },
        block.in_place
    );
    text(block, out);
    let _ = write!(out, "</span><em>{}</em>", block.reason);
    if block.hidden {
        out.push_str("<em class=eye>hidden</em>");
    }
    out.push_str("</summary><div>");
    evidence(block, out);
}

/// The details of a block on a long page.
fn line(block: &Judged, out: &mut String) {
    let _ = write!(out, "<p>{} · links {:.0} %", block.role, 100.0 * block.link_density);
    for named in block.pro.first().into_iter().chain(block.contra.first()) {
        let _ = write!(out, " · {:+.2} {} = {}", named.weight, Escaped(&named.feature), number(named.value));
    }
    out.push_str("</p>");
}

fn details(block: &Judged, named: usize, out: &mut String) {
    let _ = write!(
        out,
        "<p class=\"dim\">{} · {} · score {:.3}, in its place {:.3} · links {:.0} % · {:.0} characters",
        block.role,
        if block.path.is_empty() { "plain text" } else { &block.path },
        block.score,
        block.in_place,
        100.0 * block.link_density,
        block.length
    );
    if !block.concepts.is_empty() {
        let _ = write!(out, " · named {}", block.concepts.join(", "));
    }
    out.push_str("</p>");
    list("for", "＋", &block.pro, named, out);
    list("against", "－", &block.contra, named, out);
}

/// All reasons of a block, for the filter.
fn reasons(block: &Judged) -> String {
    let parts = block.parts.iter().map(|part| part.rule);
    std::iter::once(block.reason).chain(parts).collect::<Vec<_>>().join(" ")
}

/// The text of a block, with the parts struck out that were cut from it.
fn text(block: &Judged, out: &mut String) {
    let mut rest = block.text.as_str();
    for part in &block.parts {
        if let Some((before, after)) = rest.split_once(part.text.as_str()) {
            let _ = write!(out, "{}<del>{}</del>", Escaped(before), Escaped(&part.text));
            rest = after;
        }
    }
    let _ = write!(out, "{}", Escaped(rest));
}

fn evidence(block: &Judged, out: &mut String) {
    if let Some(evidence) = &block.evidence {
        let _ = write!(out, "<p><strong>{}</strong> saw: {}</p>", block.reason, Escaped(evidence));
    }
    for part in &block.parts {
        let _ = write!(
            out,
            "<p><strong>{}</strong> cut “{}”: {}</p>",
            part.rule,
            Escaped(&part.text),
            Escaped(&part.evidence)
        );
    }
}

fn list(word: &str, sign: &str, named: &[Contribution], most: usize, out: &mut String) {
    if named.is_empty() {
        return;
    }
    let _ = write!(out, "<p class=\"f\"><b>{word}</b> ");
    for named in named.iter().take(most) {
        let _ = write!(
            out,
            "<span>{sign}{:.2} <code>{}</code> = {}</span> ",
            named.weight.abs(),
            Escaped(&named.feature),
            number(named.value)
        );
    }
    out.push_str("</p>");
}

/// A value with as many digits as tell something.
fn number(value: f32) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// What the features mean that are named anywhere.
fn glossary(explained: &Explanation, out: &mut String) {
    let meanings: BTreeMap<String, &'static str> = columns().into_iter().chain(context_columns()).collect();
    let named = explained.blocks.iter().flat_map(|block| block.pro.iter().chain(&block.contra));
    let used: std::collections::BTreeSet<&str> = named.map(|named| named.feature.as_str()).collect();
    out.push_str(
        "<details class=\"meta\"><summary>What the features mean</summary><p>A feature's number is what it added to \
         the log odds of the block being body text.</p><table>",
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
    fn the_page_is_text_in_its_report() {
        let page = "<title></title><script>alert(1)</script><p onclick=alert(2)>&lt;script&gt;alert(3)&lt;/script&gt; \
            &lt;img src=//evil.example/x onerror=alert(4)&gt; is what they wrote in the guest book, again and again.";
        let html = Cleaner::default().explain(page.as_bytes(), Hints::default()).html();
        assert_eq!(html.matches("<script").count(), 1);
        assert!(!html.contains("<img") && html.contains("&lt;img src=//evil.example/x"));
    }
}
