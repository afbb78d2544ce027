//! **Drops** Lines that speak of the site, its readers and its channels, in whatever words: next to a paragraph of the
//! article, with which they have nothing in common.
//!
//! **Why** Calls to follow, notices and pointers are worded anew on every site. The rules for each know the usual
//! wordings; what all have in common is that they are short, strange to the article and full of the words that sites
//! use of themselves.
//!
//! **Example** Between two paragraphs on tides: `Tap the bell to hear from our channel first`
//!
//! **Near miss** An article about sites and channels; headings; captions; items of a list; a sentence that quotes.
//!
//! **Languages** Words of twenty-six; that a line is strange to the article is seen in any.
//!
//! **Source** Lines between the paragraphs of crawled pages: what the rules for their kinds leave.

use super::{Context, Findings, disclaimer, odds};
use crate::lexicon::Group;
use crate::page::{Block, Role};

/// The shortest and the longest line, in letters.
const LENGTHS: std::ops::RangeInclusive<f32> = 7.0..=300.0;
/// The words that sites use of themselves, beside those of notices.
const WORDS: &[Group] = &[
    Group::DisclaimerLabel,
    Group::Notice,
    Group::Edited,
    Group::ContactLabel,
    Group::ContactCall,
    Group::NavItem,
    Group::Home,
    Group::Here,
    Group::PreviousNext,
    Group::Share,
    Group::ShareSite,
    Group::Follow,
    Group::FollowVerb,
    Group::Channel,
    Group::Ours,
    Group::Cookie,
    Group::Consent,
    Group::Newsletter,
    Group::SignUp,
    Group::Paywall,
    Group::Icp,
    Group::Credit,
    Group::TagsLabel,
    Group::Related,
    Group::Comments,
    Group::FriendLinks,
    Group::Button,
    Group::LegalWord,
    Group::ChannelWord,
    Group::AccessWord,
    Group::ContactWord,
    Group::MenuWord,
    Group::DateWord,
];
const ALL_WORDS: u64 = Group::set(disclaimer::TOPICS) | Group::set(WORDS);

/// What the signs are worth.
mod worth {
    /// A line with a word of one such group.
    pub(super) const PRIOR: f32 = -1.0;
    /// For each tenth of its words that the article uses.
    pub(super) const SHARED: f32 = -0.8;
    /// For the share of its letters that such words make up, to nine tenths.
    pub(super) const COVERED: f32 = 3.0;
    pub(super) const MAX_COVERED: f32 = 0.9;
    /// For each further group, to three.
    pub(super) const GROUP: f32 = 1.0;
    pub(super) const MAX_GROUPS: u32 = 3;
    /// For the doubt of the densities.
    pub(super) const DOUBT: f32 = 0.6;
    /// It ends as sentences do.
    pub(super) const SENTENCE: f32 = -2.5;
    /// It is long.
    pub(super) const LONG: f32 = -3.0;
    /// A paragraph of the article is its neighbour; both neighbours are.
    pub(super) const BESIDE: f32 = 2.5;
    pub(super) const BETWEEN: f32 = 1.0;
    /// It begins with a label.
    pub(super) const LABEL: f32 = 1.5;
    /// It has a number to call.
    pub(super) const NUMBER: f32 = 1.5;
    /// It quotes somebody.
    pub(super) const QUOTE: f32 = -3.0;
    /// What it takes.
    pub(super) const ENOUGH: f32 = 2.5;
}
/// The least share of its letters that such words make up.
const MIN_COVERED: f32 = 0.25;
/// A line from this many letters on is long.
const LONG: f32 = 120.0;
/// What the densities give less than this needs no rule.
const MIN_SCORE: f32 = 0.2;
/// Bytes in which a label ends.
const LABEL: usize = 40;
/// Digits of a number to call.
const MIN_DIGITS: u32 = 7;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    for (index, block) in context.blocks() {
        if is_site_talk(context, index, block) {
            findings.cut(index, "speaks of the site");
        }
    }
}

fn is_site_talk(context: &Context<'_>, index: usize, block: &Block) -> bool {
    let phrases = context.phrases(index);
    let groups = phrases.groups() & ALL_WORDS;
    let apart =
        matches!(block.layout.role, Role::Heading(_) | Role::Preformatted) || context.is_tabular(index);
    if groups == 0 || context.scores[index] < MIN_SCORE || apart || !LENGTHS.contains(&context.length(index))
    {
        return false;
    }
    let text = context.text(index);
    let is_prose = |at: usize| context.body().is_prose(at);
    let (before, after) = (index > 0 && is_prose(index - 1), is_prose(index + 1));
    let covered = context.covered(index, ALL_WORDS);
    if covered < MIN_COVERED {
        return false;
    }
    let further = (groups.count_ones() - 1).min(worth::MAX_GROUPS);
    let signs = [
        (block.stats.ends_sentence, worth::SENTENCE),
        (context.length(index) >= LONG, worth::LONG),
        (before || after, worth::BESIDE),
        (before && after, worth::BETWEEN),
        (has_label(text), worth::LABEL),
        (block.stats.digits >= MIN_DIGITS, worth::NUMBER),
        (text.contains(odds::QUOTES), worth::QUOTE),
    ];
    let known = worth::PRIOR
        + worth::COVERED * covered.min(worth::MAX_COVERED)
        + worth::GROUP * further as f32
        + worth::DOUBT * odds::doubt(context, index)
        + odds::sum(&signs);
    known >= worth::ENOUGH && known + worth::SHARED * odds::shared(context, index) >= worth::ENOUGH
}

/// Whether a text begins with words and a colon.
fn has_label(text: &str) -> bool {
    text.find([':', '：']).is_some_and(|at| at <= LABEL && text[..at].ends_with(char::is_alphabetic))
}
