//! The nouns that the stages hand on: a page comes in with [`Hints`], is taken apart into the [`Block`]s of a
//! [`Page`], every block gets a [`Verdict`], and a [`Cleaned`] goes out.
//!
//! Both kinds of input, HTML and plain text, meet here: after this module no stage asks which it was, except where
//! a model has weights of its own.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use crate::blocks::chars::Signs;
use crate::cuts::{self, Cut};
use crate::lexicon::Concepts;
use crate::output;
use crate::parse::{Tag, Tags};
use crate::spam::Spam;

/// What the caller knows about a page besides its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints<'a> {
    /// The address the page came from.
    pub url: Option<&'a str>,
    /// The charset that the HTTP header named.
    pub charset: Option<&'a str>,
    /// Whether the bytes are markup; by default they are looked at.
    pub media: Option<Media>,
}

/// What a page's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Media {
    /// HTML or XHTML.
    Html,
    /// Text without markup: each line is a block.
    Text,
}

/// A page as the later stages see it: its visible text in reading order, cut into blocks, and the containers that
/// hold them.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The text of all blocks, each followed by a line feed. Offsets everywhere are bytes into this string.
    pub text: String,
    /// The blocks in reading order.
    pub blocks: Vec<Block>,
    /// The elements that hold text, in document order, so that a container's blocks are a range and its parent
    /// comes before it. The first is the root. In text mode: the root and the paragraphs.
    pub(crate) containers: Vec<Container>,
    /// Inline markup in order of start; see [`Block::spans`].
    pub(crate) spans: Vec<Span>,
    /// Targets of links, one after another.
    pub(crate) hrefs: String,
    /// Offsets in `text` of spaces that stand for a wide gap: several blanks, no-break or ideographic spaces.
    pub(crate) gaps: Vec<u32>,
    /// The page's title as its head or first line gives it.
    pub(crate) title: String,
    /// What the page was made from.
    pub(crate) media: Option<Media>,
}

impl Page {
    /// The text of a block.
    #[must_use]
    pub fn text_of(&self, block: &Block) -> &str {
        &self.text[block.text.start as usize..block.text.end as usize]
    }

    /// Characters without white space in a range of the text.
    pub(crate) fn chars_in(&self, text: &Range<u32>) -> u64 {
        let text = &self.text[text.start as usize..text.end as usize];
        text.chars().filter(|c| !c.is_whitespace()).count() as u64
    }

    /// The inline markup inside a block.
    pub(crate) fn spans_of(&self, block: &Block) -> &[Span] {
        &self.spans[block.spans.start as usize..block.spans.end as usize]
    }

    /// The container with the highest gain, of several the innermost; nothing if the page has none.
    pub(crate) fn best_container(&self, gain: impl Fn(&Container) -> f64) -> Option<usize> {
        let (mut highest, mut best) = (f64::NEG_INFINITY, None);
        for (id, container) in self.containers.iter().enumerate() {
            let gain = gain(container);
            if gain >= highest {
                (highest, best) = (gain, Some(id));
            }
        }
        best
    }

    /// Whether two blocks stand in the same innermost container.
    #[must_use]
    pub fn share_container(&self, one: &Block, other: &Block) -> bool {
        one.container == other.container
    }

    /// The text of a block, cut where inline markup starts or ends.
    pub fn text_nodes(&self, block: &Block) -> impl Iterator<Item = &str> {
        let mut cuts: Vec<u32> =
            self.spans_of(block).iter().flat_map(|s| [s.text.start, s.text.end]).collect();
        cuts.extend([block.text.start, block.text.end]);
        cuts.sort_unstable();
        cuts.dedup();
        let pieces: Vec<&str> = cuts.windows(2).map(|w| &self.text[w[0] as usize..w[1] as usize]).collect();
        pieces.into_iter()
    }

    /// The target of a link.
    pub(crate) fn href(&self, span: &Span) -> &str {
        match &span.kind {
            SpanKind::Link(href) => &self.hrefs[href.start as usize..href.end as usize],
            _ => "",
        }
    }
}

/// No container: the parent of the root.
pub(crate) const NONE: u32 = u32::MAX;

/// A stretch of text that a browser would lay out in a box of its own: inline elements never split one, `br`,
/// `td` and `li` do. In text mode: a line.
#[derive(Clone, Debug)]
pub struct Block {
    /// Where its text stands in [`Page::text`], in bytes.
    pub text: Range<u32>,
    /// How it is laid out.
    pub layout: Layout,
    /// Why a browser would not show it, if so.
    pub hidden: bool,
    /// How it is kept out of sight.
    pub(crate) cover: Cover,
    /// Its inline markup, as a range of the page's spans.
    pub(crate) spans: Range<u32>,
    /// The innermost container.
    pub(crate) container: u32,
    /// Elements around it, by tag.
    pub(crate) within: Tags,
    /// What class and id names around it speak of.
    pub(crate) concepts: Concepts,
    /// Counts over its text.
    pub(crate) stats: Stats,
}

/// How an element or block is kept out of sight, the surest last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cover {
    /// It is seen.
    #[default]
    Shown,
    /// Its colour is that of the background, if a sheet from elsewhere does not paint one.
    Doubtful,
    /// It is kept from those who do not see.
    Unspoken,
    /// It is hidden in a way that scripts undo.
    Waiting,
    /// It is hidden in a way that pages do not use for text that they mean to show.
    Trick,
}

impl Cover {
    /// Whether it is hidden for all that is known.
    pub(crate) fn hides(self) -> bool {
        self >= Self::Unspoken
    }
}

/// How a block is laid out, as far as an output format needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Layout {
    /// What the block is.
    pub role: Role,
    /// How many block quotes it stands in.
    pub quotes: u8,
    /// How many lists it stands in.
    pub lists: u8,
    /// Whether it goes on in the paragraph of the block before it, on a new line (`br`).
    pub continues: bool,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Role {
    /// Running text, or anything without a role of its own.
    #[default]
    Paragraph,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// The start of a list item, numbered or not (0).
    Item(u32),
    /// Text in a table cell: which row of the page it belongs to, which column, whether the row is a header.
    Cell {
        /// Counts the rows of all tables of the page.
        row: u32,
        /// Counts the cells of the row from 0.
        column: u16,
        /// The cell is a `th`.
        header: bool,
    },
    /// Preformatted text: white space counts.
    Preformatted,
    /// The caption of a picture or table.
    Caption,
}

/// Counts over a block's text. Lengths are in characters without white space.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stats {
    /// All characters.
    pub(crate) chars: u32,
    /// Han, kana, Hangul: each says as much as two or three letters.
    pub(crate) cjk: u32,
    /// Words; a CJK character counts as one.
    pub(crate) words: u32,
    /// Words that begin with a capital letter.
    pub(crate) capitalised: u32,
    /// Words of one to three letters: mostly function words, in any alphabetic language.
    pub(crate) short_words: u32,
    /// Chinese and Japanese function characters.
    pub(crate) function_chars: u32,
    /// Decimal digits.
    pub(crate) digits: u32,
    /// Commas and their like, in any script.
    pub(crate) commas: u32,
    /// Full stops, question and exclamation marks.
    pub(crate) sentence_ends: u32,
    /// Any other punctuation and symbols.
    pub(crate) symbols: u32,
    /// Characters without width that stand among the letters; they are not in the text.
    pub(crate) widthless: u32,
    /// Which telling ones are among them.
    pub(crate) signs: Signs,
    /// Characters inside links.
    pub(crate) link_chars: u32,
    /// Words inside links.
    pub(crate) link_words: u32,
    /// Links.
    pub(crate) links: u32,
    /// Characters in bold or emphasised text.
    pub(crate) bold_chars: u32,
    /// The last character ends a sentence.
    pub(crate) ends_sentence: bool,
}

impl Stats {
    /// Length in characters of an alphabetic script: a CJK character counts 2.5.
    pub(crate) fn length(&self) -> f32 {
        self.chars as f32 + 1.5 * self.cjk as f32
    }

    /// Share of the characters that stand in links, 0 to 1.
    pub(crate) fn link_density(&self) -> f32 {
        self.link_chars as f32 / self.chars.max(1) as f32
    }
}

/// An element that holds blocks, directly or deeper; inline elements are none.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    /// The container around it, [`NONE`] for the root.
    pub(crate) parent: u32,
    /// Its tag.
    pub(crate) tag: Tag,
    /// Distance from the root.
    pub(crate) depth: u16,
    /// Its blocks.
    pub(crate) blocks: Range<u32>,
    /// Elements that start up to its end, less those up to its start: its size in tags.
    pub(crate) elements: u32,
    /// Pictures inside.
    pub(crate) images: u32,
    /// A hash of its tag and class names: siblings of one template share it.
    pub(crate) signature: u32,
    /// The same without class names that tell a state; 0 if there are no others.
    pub(crate) kin: u32,
    /// How it is kept out of sight.
    pub(crate) cover: Cover,
    /// It is hidden, and its names or those of the element around it speak of text that a click shows.
    pub(crate) discloses: bool,
    /// What its own class and id names speak of.
    pub(crate) concepts: Concepts,
}

/// Inline markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Bytes of [`Page::text`].
    pub(crate) text: Range<u32>,
    /// What it is.
    pub(crate) kind: SpanKind,
}

/// Kinds of inline markup that an output format may keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SpanKind {
    /// A link, with its target as a range of [`Page::hrefs`].
    Link(Range<u32>),
    Strong,
    Emphasis,
    Code,
}

/// What becomes of a block, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Whether the block belongs to the text.
    pub keep: bool,
    /// The probability that it is body text, before rules and decision.
    pub score: f32,
    /// What decided.
    pub reason: Reason,
    /// What the rule saw, for cuts by a rule.
    pub evidence: Option<String>,
    /// Parts of a kept block that do not belong to the text, in reading order and apart from each other.
    pub cut_spans: Vec<CutSpan>,
}

impl Verdict {
    /// The parts of a kept block that stay, as ranges of [`Page::text`].
    pub(crate) fn kept_parts(&self, block: &Block) -> impl Iterator<Item = Range<u32>> {
        let cut = self.cut_spans.iter().map(|span| &span.text);
        let starts = std::iter::once(block.text.start).chain(cut.clone().map(|cut| cut.end));
        let ends = cut.map(|cut| cut.start).chain([block.text.end]);
        starts.zip(ends).map(|(start, end)| start..end).filter(|part| !part.is_empty())
    }
}

/// A part of a block that a rule cut although the rest stays: an anchor that was put into a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutSpan {
    /// Bytes of [`Page::text`].
    pub text: Range<u32>,
    /// The id of the rule.
    pub rule: &'static str,
    /// What the rule saw.
    pub evidence: String,
}

/// What decided about a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Kept: the densities say body text.
    Content,
    /// Cut: the densities say boilerplate.
    Boilerplate,
    /// Cut: the same text stands earlier in the output.
    Duplicate,
    /// Cut: a browser would not show it.
    Hidden,
    /// Cut: a reader's comment.
    Comment,
    /// Cut by the rule of this id; or kept or cut by `site_rule`: what the caller says of the page's site.
    Rule(&'static str),
}

impl Reason {
    /// The name under which it is counted: a word, or the rule's id.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Boilerplate => "boilerplate",
            Self::Duplicate => "duplicate",
            Self::Hidden => "hidden",
            Self::Comment => "comment",
            Self::Rule(id) => id,
        }
    }
}

/// What kind of page it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One text: news, a blog post, a report.
    #[default]
    Article,
    /// Posts of several people.
    Forum,
    /// Teasers of other pages.
    Listing,
    /// Something for sale.
    Product,
    /// A manual or reference.
    Documentation,
    /// The server's or the site's error message.
    Error,
    /// No text worth the name.
    Empty,
}

/// What a page says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Metadata {
    /// The canonical address, if the page or the caller names one.
    pub url: Option<String>,
    /// The headline, without the site's name.
    pub title: Option<String>,
    /// Who wrote it; several names are joined by `"; "`.
    pub author: Option<String>,
    /// When it was published, `YYYY-MM-DD`.
    pub published: Option<String>,
    /// When it was last changed, `YYYY-MM-DD`.
    pub modified: Option<String>,
    /// The site's name.
    pub site_name: Option<String>,
    /// The language of the text as an ISO 639-1 code, where there is one.
    pub language: Option<String>,
}

/// A bound that a page met: one of [`Limits`](crate::config::Limits), or that on scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Bytes beyond `max_bytes` were ignored.
    Bytes,
    /// Elements below `max_depth` were flattened.
    Depth,
    /// Markup beyond `max_nodes` was ignored.
    Nodes,
    /// Text beyond `max_blocks` was ignored.
    Blocks,
    /// Of more than 10,000 blocks, only every second or third … was scored, for those up to the next.
    Scores,
}

/// The rules of a site that were applied to a page, and what was amiss with them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SiteUse {
    /// The host pattern that fitted, as the file of sites has it.
    pub host: String,
    /// What was amiss, sorted.
    pub notes: Vec<SiteNote>,
}

/// What was amiss with the rules of a site on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteNote {
    /// No selector of `body` matched an element with text: the page was judged as if there were none.
    NoBody,
    /// No selector of `title` matched an element with text.
    NoTitle,
    /// No selector of `author` matched an element with text.
    NoAuthor,
    /// No selector of `date` matched an element with text.
    NoDate,
    /// What `date` matched is no date.
    BadDate,
    /// The tree is not the one that selectors see, because the page met a limit: nothing was applied.
    Altered,
    /// The page has more elements than selectors are tried on: nothing was applied.
    TooLarge,
    /// The page is plain text: nothing was applied.
    PlainText,
}

impl SiteNote {
    /// The name under which it is counted.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NoBody => "no_body",
            Self::NoTitle => "no_title",
            Self::NoAuthor => "no_author",
            Self::NoDate => "no_date",
            Self::BadDate => "bad_date",
            Self::Altered => "altered",
            Self::TooLarge => "too_large",
            Self::PlainText => "plain_text",
        }
    }
}

/// The result for one page: every block with its verdict, and what the page says about itself.
#[derive(Clone, Debug, Default)]
pub struct Cleaned {
    /// The page's text and blocks.
    pub page: Page,
    /// One verdict a block.
    pub verdicts: Vec<Verdict>,
    /// What the page says about itself.
    pub metadata: Metadata,
    /// What kind of page it is.
    pub kind: Kind,
    /// Probability that the page has a body of text at all, 0 to 1, whatever else is on it.
    pub confidence: f32,
    /// How much spam came with it, and of what kinds.
    pub spam: Spam,
    /// The charset that the bytes were read as, by its WHATWG name.
    pub charset: &'static str,
    /// Bounds that were met, sorted.
    pub limits: Vec<Limit>,
    /// The rules of its site, if there are some.
    pub site: Option<SiteUse>,
}

impl Cleaned {
    /// The body as plain text: paragraphs parted by an empty line, list items and table rows on lines of their own.
    #[must_use]
    pub fn text(&self) -> String {
        output::text(self)
    }

    /// Whether the page has an article, rather than not.
    #[must_use]
    pub fn is_article(&self) -> bool {
        self.confidence >= 0.5
    }

    /// Everything that was cut and where it would go back, in reading order.
    #[must_use]
    pub fn cut_list(&self) -> Vec<Cut> {
        cuts::list(self)
    }

    /// The body as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        output::markdown(self)
    }

    /// The kept blocks, in reading order.
    pub fn kept(&self) -> impl Iterator<Item = &Block> {
        self.judged().filter(|(_, verdict)| verdict.keep).map(|(block, _)| block)
    }

    /// The cut blocks with the reason of each, in reading order.
    pub fn cuts(&self) -> impl Iterator<Item = (&Block, &Verdict)> {
        self.judged().filter(|(_, verdict)| !verdict.keep)
    }

    /// How many blocks were cut for which reason.
    #[must_use]
    pub fn cut_counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for verdict in &self.verdicts {
            if !verdict.keep {
                *counts.entry(verdict.reason.name()).or_default() += 1;
            }
            for span in &verdict.cut_spans {
                *counts.entry(span.rule).or_default() += 1;
            }
        }
        counts
    }

    /// Characters of the page's text, without white space: how many were kept, how many cut.
    #[must_use]
    pub fn chars(&self) -> (u64, u64) {
        self.judged().fold((0, 0), |(kept, cut), (block, verdict)| {
            let chars = u64::from(block.stats.chars);
            if !verdict.keep {
                return (kept, cut + chars);
            }
            let spans = verdict.cut_spans.iter().map(|span| self.page.chars_in(&span.text)).sum::<u64>();
            (kept + chars.saturating_sub(spans), cut + spans)
        })
    }

    /// All blocks with their verdicts, in reading order.
    pub fn judged(&self) -> impl Iterator<Item = (&Block, &Verdict)> {
        self.page.blocks.iter().zip(&self.verdicts)
    }
}
