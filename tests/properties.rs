//! What holds for any page: cleaning neither panics nor invents text, and depends on nothing but its input.
//!
//! Pages come from three sources: arbitrary bytes, tag soup put together from fragments that strain a parser, and
//! samples that were cut, spliced and garbled. How good a result is, is none of this file's business.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use dehusk::config::{Config, Limits};
use dehusk::{Cleaned, Cleaner, Hints, Limit, Media};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use rayon::prelude::*;

/// Small enough for all properties to be checked in a few seconds without optimisation.
const CASES: u32 = 128;

/// Building a cleaner compiles the word lists, so the cases of a test share one, as threads do.
static CLEANER: LazyLock<Cleaner> = LazyLock::new(Cleaner::default);

/// Bounds that most pages meet.
const TIGHT: Limits = Limits { max_bytes: 150, max_depth: 4, max_nodes: 50, max_blocks: 5 };

static TIGHT_CLEANER: LazyLock<Cleaner> = LazyLock::new(|| cleaner_within(TIGHT));

fn cleaner_within(limits: Limits) -> Cleaner {
    Cleaner::new(Config { limits, ..Config::default() }).expect("the limits are in range")
}

/// Pieces of markup that break, nest, hide, or move what comes after them.
const FRAGMENTS: &[&str] = &[
    "<p>",
    "</p>",
    "<div class='content'>",
    "</div>",
    "<table><tr><td>",
    "</table>",
    "<tr>",
    "<td>",
    "<li>",
    "<ul>",
    "</ul>",
    "<b><i></b>",
    "</i>",
    "<a href='/x'>",
    "<a>",
    "</a>",
    "<br>",
    "<pre>\n\n",
    "</pre>",
    "<noscript>",
    "</noscript>",
    "<script>var a = '<p>';",
    "</script>",
    "<style>p{}",
    "</style>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<template>",
    "</template>",
    "<svg><title>",
    "</svg>",
    "<math><mi>",
    "<select><option>",
    "<textarea>",
    "</textarea>",
    "<title>",
    "</title>",
    "<head>",
    "<body hidden>",
    "<html lang=de>",
    "<frameset>",
    "<plaintext>",
    "<div style='display:none'>",
    "<h1>",
    "</h2>",
    "<blockquote>",
    "<article>",
    "</article>",
    "<form><form>",
    "<meta charset=gbk>",
    "<",
    "</",
    "<a b=\"",
    "&amp;",
    "&#x0;",
    "&notit;",
    "&#xD800;",
    "\u{0}",
    "\u{200b}",
    "\u{a0}\u{a0}",
    "\r\n\r\n",
    "\t  ",
    "。",
    "2023-09-30",
    "The sea rises and falls twice a day, drawn by the moon.",
    "今天下午，河水又涨了一尺。",
    "Home",
    "العربية",
    "ﬁ",
    "e\u{301}",
];

fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![8 => select(FRAGMENTS).prop_map(str::to_owned), 1 => "\\PC{0,12}"];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// A sample, cut at any byte, with another one's tail put in its place and a few bytes garbled.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let samples = samples();
    let one = || select(samples.clone());
    (one(), one(), any::<prop::sample::Index>(), vec((any::<prop::sample::Index>(), any::<u8>()), 0..8))
        .prop_map(|(mut page, other, cut, garbled)| {
            let cut = cut.index(page.len());
            page.truncate(cut);
            page.extend_from_slice(&other[cut.min(other.len())..]);
            for (at, byte) in garbled {
                let at = at.index(page.len().max(1));
                page.get_mut(at).into_iter().for_each(|old| *old = byte);
            }
            page
        })
}

fn any_page() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![vec(any::<u8>(), 0..400), soup().prop_map(String::into_bytes), mutated()]
}

fn samples() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files =
        walkdir::WalkDir::new(root).sort_by_file_name().into_iter().map(|file| file.expect("a sample"));
    let pages = files.filter(|file| file.path().file_stem().is_some_and(|stem| stem == "page"));
    pages.map(|file| fs::read(file.path()).expect("a sample can be read")).collect()
}

/// Whether `text` is `whole` with characters left out; white space does not count.
fn is_subsequence(text: &str, whole: &str) -> bool {
    let mut rest = whole.chars().filter(|c| !c.is_whitespace());
    text.chars().filter(|c| !c.is_whitespace()).all(|c| rest.any(|other| other == c))
}

/// Everything of a result that a caller can see, to compare two of them.
fn seen(cleaned: &Cleaned) -> impl PartialEq + std::fmt::Debug + use<> {
    let kind = (cleaned.kind, cleaned.confidence.to_bits(), cleaned.charset, cleaned.limits.clone());
    (cleaned.text(), cleaned.markdown(), cleaned.verdicts.clone(), cleaned.metadata.clone(), kind)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_is_taken_from_the_page(page in any_page()) {
        let cleaned = CLEANER.clean(&page, Hints::default());
        prop_assert!(is_subsequence(&cleaned.text(), &cleaned.page.text));
    }

    #[test]
    fn text_of_tag_soup_is_taken_from_its_source(page in soup()) {
        let media = Some(Media::Text);
        let cleaned = CLEANER.clean(page.as_bytes(), Hints { media, charset: Some("utf-8"), url: None });
        prop_assert!(is_subsequence(&cleaned.text(), &page), "plain text has no other source");
    }

    #[test]
    fn every_block_has_a_verdict_and_text_of_its_own(page in any_page()) {
        let cleaned = CLEANER.clean(&page, Hints::default());
        prop_assert_eq!(cleaned.verdicts.len(), cleaned.page.blocks.len());
        prop_assert_eq!(cleaned.kept().count() + cleaned.cuts().count(), cleaned.page.blocks.len());
        prop_assert_eq!(cleaned.cut_counts().values().sum::<usize>(), cleaned.cut_list().len());
        let mut end = 0;
        for (block, verdict) in cleaned.judged() {
            prop_assert!(block.text.start >= end && block.text.end > block.text.start, "blocks are in order");
            prop_assert!(!cleaned.page.text_of(block).trim().is_empty());
            prop_assert!((0.0..=1.0).contains(&verdict.score), "a score is a probability, not {}", verdict.score);
            end = block.text.end;
        }
        prop_assert!((0.0..=1.0).contains(&cleaned.confidence));
    }

    #[test]
    fn cuts_can_be_put_back(page in any_page()) {
        let cleaned = CLEANER.clean(&page, Hints::default());
        let (text, cuts) = (cleaned.text(), cleaned.cut_list());
        let whole = dehusk::restore(&text, &cuts);
        prop_assert!(whole.split_whitespace().eq(cleaned.page.text.split_whitespace()));
        for cut in &cuts {
            prop_assert!(cleaned.page.text[cut.offset..].starts_with(&cut.text), "{:?}", cut);
            prop_assert!(text.is_char_boundary(cut.at), "{:?}", cut);
        }
        prop_assert!(cuts.is_sorted_by_key(|cut| (cut.offset, cut.at)));
        prop_assert!((0.0..=1.0).contains(&cleaned.spam.score));
    }

    #[test]
    fn a_cleaner_keeps_no_memory_of_other_pages(page in any_page(), other in any_page()) {
        let first = CLEANER.clean(&page, Hints::default());
        let _ = CLEANER.clean(&other, Hints::default());
        prop_assert_eq!(seen(&first), seen(&CLEANER.clean(&page, Hints::default())));
    }

    #[test]
    fn hints_may_be_wrong(page in any_page(), charset in "[a-z0-9-]{0,12}", url in "\\PC{0,40}", text in any::<bool>()) {
        let media = Some(if text { Media::Text } else { Media::Html });
        let hints = Hints { url: Some(&url), charset: Some(&charset), media };
        let cleaned = CLEANER.clean(&page, hints);
        prop_assert!(is_subsequence(&cleaned.text(), &cleaned.page.text));
    }

    #[test]
    fn limits_bound_the_work_and_are_noted(page in any_page()) {
        let cleaned = TIGHT_CLEANER.clean(&page, Hints::default());
        prop_assert!(cleaned.page.blocks.len() <= TIGHT.max_blocks);
        prop_assert_eq!(cleaned.limits.contains(&Limit::Bytes), page.len() > TIGHT.max_bytes);
        prop_assert!(cleaned.limits.is_sorted());
    }
}

#[test]
fn samples_give_the_same_result_on_any_number_of_threads() {
    let samples = samples();
    let clean = |page: &Vec<u8>| seen(&CLEANER.clean(page, Hints::default()));
    let expected: Vec<_> = samples.iter().map(clean).collect();
    for threads in [1, 2, 4] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool");
        let found: Vec<_> = pool.install(|| samples.par_iter().map(clean).collect());
        assert!(found == expected, "{threads} threads");
    }
}

#[test]
fn pages_of_very_many_blocks_say_what_bounds_they_met() {
    let limits = |item: &str, count| CLEANER.clean(item.repeat(count).as_bytes(), Hints::default()).limits;
    let (short, long) = ("<li>An item", "<li>An item that says so much that it is as long as a line of text");
    assert_eq!(limits(short, 10_000), []);
    assert_eq!(limits(short, 10_001), [Limit::Blocks]);
    assert_eq!(limits(long, 10_001), [Limit::Scores]);
}

#[test]
fn deep_and_wide_pages_are_cut_short_not_refused() {
    let deep = format!("{}<p>The bottom of the well.", "<div>".repeat(100_000));
    assert!(CLEANER.clean(deep.as_bytes(), Hints::default()).limits.contains(&Limit::Depth));
    let cleaner = cleaner_within(Limits { max_nodes: 1_000, ..Limits::default() });
    let wide = "<p>One of many.</p>".repeat(2_000);
    assert!(cleaner.clean(wide.as_bytes(), Hints::default()).limits.contains(&Limit::Nodes));
}
