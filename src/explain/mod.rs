//! Why a page was cleaned as it was: verdicts, scores and features come in, an [`Explanation`] goes out.
//!
//! It is for people and for tools that ask about one page: as data (it serialises to JSON), as one HTML file that
//! needs nothing else ([`Explanation::html`]), or in a terminal ([`Explanation::terminal`]). It decides nothing, and
//! cleaning never builds one.

mod escape;
mod html;
mod plot;
mod rows;
mod terminal;

use serde::Serialize;

use crate::decide;
use crate::features::{Context, Features, columns, context_columns};
use crate::kind::Estimate;
use crate::lexicon::CONCEPTS;
use crate::metadata::{self, Findings, Found};
use crate::page::{Block, Cleaned, Kind, Limit, Media, NONE, Page, Reason, Role, SiteUse};
use crate::rules::{RULES, Rule};
use crate::score::Paths;
use crate::sites::SITE_RULE;
use crate::spam::Spam;

pub(crate) use escape::Escaped;

/// How many features are named for a block, and how many against it.
const MAX_NAMED: usize = 5;

/// Features that move the log odds by less are not named.
const MIN_WEIGHT: f32 = 0.02;

/// What became of a page, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// What the page is called; the caller may set it.
    pub source: String,
    /// What kind of page it is.
    pub kind: Kind,
    /// Whether it has an article.
    pub article: bool,
    /// The probability that it has a body of text, 0 to 1.
    pub confidence: f32,
    /// How much spam came with it.
    pub spam: Spam,
    /// Markup or plain text.
    pub media: Option<Media>,
    /// The charset that it was read as.
    pub charset: &'static str,
    /// Bounds that it met.
    pub limits: Vec<Limit>,
    /// The rules of its site, if there are some.
    pub site: Option<SiteUse>,
    /// Characters without white space that were kept.
    pub chars_kept: u64,
    /// Characters without white space that were cut.
    pub chars_cut: u64,
    /// The lowest score in place of a block that was kept for its densities.
    pub cut: Option<f32>,
    /// The log odds from which every block starts.
    pub start: f32,
    /// What the page says about itself, and where.
    pub metadata: Vec<Field>,
    /// How many blocks have which reason, in the order of first use.
    pub reasons: Vec<Count>,
    /// The blocks in reading order.
    pub blocks: Vec<Judged>,
}

/// A value of the metadata.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// The value, if one was found.
    pub value: Option<String>,
    /// Where it came from: `meta og:title`, `JSON-LD`, `heading`, ...
    pub origin: Option<String>,
}

/// How often something decided.
#[derive(Clone, Debug, Serialize)]
pub struct Count {
    /// The name of the reason: a word, or the id of a rule.
    pub reason: &'static str,
    /// How many blocks, and parts of kept blocks.
    pub blocks: usize,
    /// How many characters without white space.
    pub chars: u64,
    /// What the reason means, in a sentence.
    pub meaning: String,
}

/// A block with everything that spoke about it.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// Where its text starts in [`Page::text`], in bytes.
    pub offset: u32,
    /// Its text.
    pub text: String,
    /// What it is: `paragraph`, `heading 2`, `item`, `cell`, `preformatted`, `caption`.
    pub role: String,
    /// The elements around it that hold text, from the outermost.
    pub path: String,
    /// What class and id names around it speak of.
    pub concepts: Vec<&'static str>,
    /// Whether it was kept.
    pub keep: bool,
    /// What decided: a word, or the id of a rule.
    pub reason: &'static str,
    /// What the rule saw.
    pub evidence: Option<String>,
    /// Whether a browser would not show it.
    pub hidden: bool,
    /// The probability that it is body text, by its features alone.
    pub score: f32,
    /// The same after the pull towards the container of the body.
    pub in_place: f32,
    /// Characters without white space; CJK characters count 2.5.
    pub length: f32,
    /// Characters without white space, each counted once.
    pub chars: u64,
    /// Share of its characters in links, 0 to 1.
    pub link_density: f32,
    /// The features that spoke for keeping it, the strongest first.
    pub pro: Vec<Contribution>,
    /// The features that spoke against it, the strongest first.
    pub contra: Vec<Contribution>,
    /// Parts of it that were cut although the rest stayed.
    pub parts: Vec<Part>,
}

/// What one feature added to a block's score.
#[derive(Clone, Debug, Serialize)]
pub struct Contribution {
    /// The name of the feature, as [`columns`] and [`context_columns`] give it.
    pub feature: String,
    /// Its value on this block.
    pub value: f32,
    /// What it added to the log odds.
    pub weight: f32,
}

/// A part of a kept block that a rule cut.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// Its text.
    pub text: String,
    /// The id of the rule.
    pub rule: &'static str,
    /// What the rule saw.
    pub evidence: String,
}

/// What the features said, a pair of lists a block: for and against.
pub(crate) struct Reasons {
    start: f32,
    blocks: Vec<(Vec<Contribution>, Vec<Contribution>)>,
}

impl Reasons {
    pub(crate) fn of(features: &Features<'_>, context: &Context<'_>) -> Self {
        let paths = Paths::new(features.page());
        let names: Vec<String> =
            columns().into_iter().chain(context_columns()).map(|(name, _)| name).collect();
        let mut blocks = Vec::with_capacity(features.blocks());
        for block in 0..features.blocks() {
            let mut row = features.row(block);
            let own = row.len();
            row.extend(context.row(block));
            let weights = paths.contributions(&row[..own], &row[own..]);
            let mut order: Vec<usize> =
                (0..row.len()).filter(|&at| weights[at].abs() >= MIN_WEIGHT).collect();
            order.sort_by(|&a, &b| weights[b].abs().total_cmp(&weights[a].abs()).then(a.cmp(&b)));
            let side_of = |for_it: bool| -> Vec<Contribution> {
                let side = order.iter().filter(|&&at| (weights[at] > 0.0) == for_it).take(MAX_NAMED);
                side.map(|&at| Contribution {
                    feature: names[at].clone(),
                    value: row[at],
                    weight: weights[at],
                })
                .collect()
            };
            blocks.push((side_of(true), side_of(false)));
        }
        Self { start: paths.start(), blocks }
    }
}

impl Explanation {
    pub(crate) fn new(cleaned: &Cleaned, reasons: Reasons, estimate: &Estimate, origins: Findings) -> Self {
        let scores: Vec<f32> = cleaned.verdicts.iter().map(|verdict| verdict.score).collect();
        let open = |at: usize| !matches!(cleaned.verdicts[at].reason, Reason::Rule(_) | Reason::Hidden);
        let in_place = decide::pulled(&cleaned.page, &scores, &open, estimate);
        let mut blocks = Vec::with_capacity(scores.len());
        for (at, (pro, contra)) in reasons.blocks.into_iter().enumerate() {
            blocks.push(Judged { in_place: in_place[at], pro, contra, ..judged(cleaned, at) });
        }
        let kept = blocks.iter().filter(|block| block.keep && block.reason == Reason::Content.name());
        let (chars_kept, chars_cut) = cleaned.chars();
        Self {
            source: cleaned.metadata.url.clone().unwrap_or_default(),
            kind: cleaned.kind,
            article: cleaned.is_article(),
            confidence: cleaned.confidence,
            spam: cleaned.spam.clone(),
            media: cleaned.page.media,
            charset: cleaned.charset,
            limits: cleaned.limits.clone(),
            site: cleaned.site.clone(),
            chars_kept,
            chars_cut,
            cut: kept.map(|block| block.in_place).reduce(f32::min),
            start: reasons.start,
            metadata: fields(origins),
            reasons: counts(&blocks),
            blocks,
        }
    }

    /// The explanation as one HTML file, which loads nothing and holds the page's content as text only.
    #[must_use]
    pub fn html(&self) -> String {
        html::report(self)
    }

    /// The explanation in lines for a terminal, with colours or without.
    #[must_use]
    pub fn terminal(&self, colours: bool) -> String {
        terminal::summary(self, colours)
    }

    /// The explanation as JSON.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "strings and numbers are always JSON")]
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and numbers") + "\n"
    }
}

/// What the verdict and the block itself say.
fn judged(cleaned: &Cleaned, at: usize) -> Judged {
    let (page, block, verdict) = (&cleaned.page, &cleaned.page.blocks[at], &cleaned.verdicts[at]);
    let part = |span: &crate::page::CutSpan| Part {
        text: page.text[span.text.start as usize..span.text.end as usize].to_owned(),
        rule: span.rule,
        evidence: span.evidence.clone(),
    };
    Judged {
        offset: block.text.start,
        text: page.text_of(block).to_owned(),
        role: role(block.layout.role),
        path: path(page, block),
        concepts: CONCEPTS.iter().filter(|(c, _)| block.concepts.has(*c)).map(|(_, name)| *name).collect(),
        keep: verdict.keep,
        reason: verdict.reason.name(),
        evidence: verdict.evidence.clone(),
        hidden: block.hidden,
        score: verdict.score,
        in_place: verdict.score,
        length: block.stats.length(),
        chars: u64::from(block.stats.chars),
        link_density: block.stats.link_density(),
        pro: Vec::new(),
        contra: Vec::new(),
        parts: verdict.cut_spans.iter().map(part).collect(),
    }
}

fn role(role: Role) -> String {
    match role {
        Role::Paragraph => "paragraph".to_owned(),
        Role::Heading(level) => format!("heading {level}"),
        Role::Item(_) => "item".to_owned(),
        Role::Cell { .. } => "cell".to_owned(),
        Role::Preformatted => "preformatted".to_owned(),
        Role::Caption => "caption".to_owned(),
    }
}

/// The innermost containers that are named; deeper nesting says nothing more to a reader.
const MAX_PATH: usize = 8;

fn path(page: &Page, block: &Block) -> String {
    let mut names = Vec::new();
    let mut at = block.container;
    while at != NONE && names.len() < MAX_PATH {
        let Some(container) = page.containers.get(at as usize) else { break };
        names.extend(Some(container.tag.name()).filter(|name| !name.is_empty()));
        at = container.parent;
    }
    if at != NONE {
        names.push("…");
    }
    names.reverse();
    names.join(" › ")
}

/// The rules of a site in a line: the pattern, and what was amiss.
fn site(site: &SiteUse) -> String {
    let notes: Vec<&str> = site.notes.iter().map(|note| note.name()).collect();
    if notes.is_empty() { site.host.clone() } else { format!("{} ({})", site.host, notes.join(", ")) }
}

fn fields(origins: Findings) -> Vec<Field> {
    let field = |name, found: Option<Found>| {
        let origin = found.as_ref().map(|found| metadata::described(found.origin));
        Field { name, value: found.map(|found| found.value), origin }
    };
    vec![
        field("title", origins.title),
        field("author", origins.author),
        field("published", origins.published),
        field("modified", origins.modified),
        field("site_name", origins.site_name),
        field("language", origins.language),
        field("url", origins.url),
    ]
}

fn counts(blocks: &[Judged]) -> Vec<Count> {
    let mut counts: Vec<Count> = Vec::new();
    let mut add = |reason: &'static str, chars: u64| match counts.iter_mut().find(|c| c.reason == reason) {
        Some(count) => {
            count.blocks += 1;
            count.chars += chars;
        }
        None => counts.push(Count { reason, blocks: 1, chars, meaning: meaning(reason) }),
    };
    for block in blocks {
        let mut rest = block.chars;
        for part in &block.parts {
            let chars = part.text.chars().filter(|c| !c.is_whitespace()).count() as u64;
            rest = rest.saturating_sub(chars);
            add(part.rule, chars);
        }
        add(block.reason, rest);
    }
    counts
}

/// What a reason means, in a sentence.
fn meaning(reason: &str) -> String {
    let word = match reason {
        "content" => "Kept for its score and its place.",
        "boilerplate" => "Cut for its score or its place.",
        "duplicate" => "Cut: the same text stands earlier.",
        "hidden" => "Cut: a browser would not show it.",
        "comment" => "Cut: a reader's comment.",
        SITE_RULE => "Kept or cut by a selector of the rules for its site.",
        _ => "",
    };
    let rule = RULES.iter().find(|rule| rule.id == reason).map(Rule::summary);
    // Behind its first colon a rule lists its conditions or examples; `dehusk rules` has them.
    let rule = rule.map(|docs| docs.split_once(':').map_or(docs.clone(), |(what, _)| format!("{what}.")));
    rule.unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::{Cleaner, Hints};

    const PAGE: &str = "<title>Tides</title><meta name=author content='Ann Lee'><nav><a href=/>Home</a> <a href=/b>\
        Boats</a></nav><article><h1>Tides</h1><p>The sea rises and falls twice a day, drawn by the moon and, more \
        weakly, by the sun. Where the coast narrows, the difference can be as high as a house.</p>\
        <p>Fishermen have known this for as long as there have been boats, and wrote it down in tables.</p>\
        <p style='display:none'>Buy cheap pills from us today, cheap pills, the best pills.</p></article>";

    #[test]
    fn every_block_has_its_reasons() {
        let explained = Cleaner::default().explain(PAGE.as_bytes(), Hints::default());
        let cleaned = Cleaner::default().clean(PAGE.as_bytes(), Hints::default());
        assert_eq!(explained.blocks.len(), cleaned.page.blocks.len());
        for (block, verdict) in explained.blocks.iter().zip(&cleaned.verdicts) {
            assert_eq!((block.keep, block.reason), (verdict.keep, verdict.reason.name()), "{}", block.text);
            assert!(!block.pro.is_empty() || !block.contra.is_empty(), "{}", block.text);
            assert!(block.pro.iter().all(|named| named.weight > 0.0));
            assert!(block.contra.windows(2).all(|pair| pair[0].weight <= pair[1].weight));
        }
        let body = explained.blocks.iter().find(|block| block.text.starts_with("The sea")).expect("a body");
        assert!(body.keep && body.path.contains("article"), "{}", body.path);
        assert!(explained.cut.is_some_and(|cut| cut <= body.in_place));
        assert!(explained.blocks.iter().any(|block| block.hidden && !block.keep));
    }

    #[test]
    fn metadata_knows_its_origin() {
        let explained = Cleaner::default().explain(PAGE.as_bytes(), Hints::default());
        let author = explained.metadata.iter().find(|field| field.name == "author").expect("a field");
        assert_eq!(author.value.as_deref(), Some("Ann Lee"));
        assert!(author.origin.is_some());
        let json: serde_json::Value = serde_json::from_str(&explained.json()).expect("JSON");
        assert_eq!(json["metadata"][1]["value"], "Ann Lee");
    }

    #[test]
    fn nothing_is_explained_too() {
        let explained = Cleaner::default().explain(b"", Hints::default());
        assert!(explained.blocks.is_empty() && explained.cut.is_none());
        assert!(explained.html().contains("no text"));
        assert!(!explained.terminal(true).is_empty());
    }
}
