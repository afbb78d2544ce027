//! **Drops** A paragraph or two in a language that is not the article's: whole sentences that nobody is quoted with,
//! or anything that sells.
//!
//! **Why** Spam is planted in the language of those whom it is for, not of the page.
//!
//! **Example** In an English article: `Быстрый займ онлайн без отказа, деньги на карту за 5 минут.`
//!
//! **Near miss** Quotations, verses, mottoes and titles in another language; pages in two languages.
//!
//! **Languages** Those that can be told by their script; of one script, those that the detector is sure of.
//!
//! **Source** Hacked pages carry Japanese, Russian and Indonesian offers whatever their own language is.

use std::cell::OnceCell;

use whatlang::{Lang, Script};

use super::advert::has_brand;
use super::injected_topic::TRADING;
use super::{Context, Findings, odds};
use crate::lexicon::{Group, is_english};
use crate::page::Block;

/// The shortest and longest paragraph, in letters.
const LENGTHS: std::ops::RangeInclusive<f32> = 40.0..=900.0;
/// The shortest text of which the detector tells one of several languages of a script, in letters.
const MIN_DETECTED: f32 = 55.0;
/// Confidence from which on a language counts; the detector calls itself reliable from more.
const MIN_CONFIDENCE: f64 = 0.6;
/// What the densities give less than this needs no rule. It is what most pages have most of, and as lists of names and
/// places the detector takes much of it for another language.
const MIN_SCORE: f32 = 0.02;
/// What the densities give less than this they doubt.
const MAX_SCORE: f32 = 0.8;
/// What parts the lines of verses that stand on one.
const VERSE: [char; 4] = [';', '；', '/', '／'];
/// Share of tokens with the rest of the article, at most.
const MAX_OVERLAP: f32 = 0.12;
/// Blocks of running text that tell the article's language.
const SAMPLE: usize = 8;
/// Such paragraphs in a page at most: more of them make a page in two languages.
const MAX_FOUND: usize = 3;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let suspects: Vec<usize> = context
        .blocks()
        .filter(|(index, block)| is_suspect(context, *index, block))
        .map(|(index, _)| index)
        .collect();
    // To tell languages costs more than all else here: only what shares few words is asked for its own.
    let strange = |&index: &usize| context.body().overlap_with_others(index) <= MAX_OVERLAP;
    let strangers: Vec<usize> = suspects.iter().copied().filter(strange).collect();
    if strangers.is_empty() {
        return;
    }
    let sample = sample(context, &strangers);
    let home = Tongue::of(&sample);
    let foreign = |&index: &usize| home.differs(&Tongue::of(context.text(index)), context.length(index));
    let found: Vec<usize> = strangers.into_iter().filter(foreign).collect();
    if found.len() <= MAX_FOUND {
        for index in found {
            findings.cut(index, "in another language than the article");
        }
    }
}

/// Whether a paragraph sells or promises something, or is a sentence of its own, and is no quotation.
fn is_suspect(context: &Context<'_>, index: usize, block: &Block) -> bool {
    if context.scores[index] < MIN_SCORE || !LENGTHS.contains(&context.length(index)) {
        return false;
    }
    let text = context.text(index);
    let phrases = context.phrases(index);
    let sells = phrases.groups() & (TRADING | Group::Sell.bit()) != 0;
    let quoted = || block.layout.quotes > 0 || text.contains(odds::QUOTES);
    !context.is_code(index)
        && !context.is_heading(index)
        && !text.starts_with(['"', '“', '„', '«', '「', '『', '‘', '—', '–'])
        && (sells
            || block.stats.links > 0
            || block.stats.digits > 0
            || context.scores[index] < MAX_SCORE
            || has_brand(text)
            || !quoted() && (context.body().is_in_other_script(index) || is_sentence(context, index)))
}

/// Whether a block is a sentence. Verses part their lines by marks.
fn is_sentence(context: &Context<'_>, index: usize) -> bool {
    context.page.blocks[index].stats.ends_sentence && !context.text(index).contains(VERSE)
}

/// The beginning of the running text, without some blocks.
fn sample(context: &Context<'_>, except: &[usize]) -> String {
    let prose = context.blocks().map(|(index, _)| index).filter(|&index| context.body().is_prose(index));
    let others = prose.filter(|index| except.binary_search(index).is_err());
    others.take(SAMPLE).fold(String::new(), |all, index| all + context.text(index) + "\n")
}

/// What a text is written in. The language is looked for when it is asked for.
struct Tongue<'a> {
    text: &'a str,
    script: Option<Script>,
    language: OnceCell<Option<Lang>>,
    english: OnceCell<bool>,
}

impl<'a> Tongue<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, script: script(text), language: OnceCell::new(), english: OnceCell::new() }
    }

    fn is_english(&self) -> bool {
        *self.english.get_or_init(|| is_english(self.text))
    }

    fn language(&self) -> Option<Lang> {
        let sure = |info: &whatlang::Info| info.is_reliable() || info.confidence() >= MIN_CONFIDENCE;
        let find = || whatlang::detect(self.text).filter(sure).map(|info| info.lang());
        *self.language.get_or_init(find)
    }

    fn differs(&self, other: &Self, length: f32) -> bool {
        match (self.script, other.script) {
            (Some(one), Some(two)) if one != two => true,
            (Some(_), Some(_)) if length >= MIN_DETECTED => {
                // Most of what is asked about is English in an English article: that is told by its words.
                if self.is_english() && other.is_english() {
                    return false;
                }
                // Of the shorter text, the other one, the detector is seldom sure.
                other.language().is_some_and(|two| self.language().is_some_and(|one| one != two))
            }
            _ => false,
        }
    }
}

/// The script of most letters of a text; text with kana is Japanese, whatever else it has.
fn script(text: &str) -> Option<Script> {
    if text.is_ascii() {
        return text.contains(|c: char| c.is_ascii_alphabetic()).then_some(Script::Latin);
    }
    let kana = text.chars().filter(|c| ('\u{3041}'..='\u{30FF}').contains(c)).count();
    whatlang::detect_script(text).map(|script| match script {
        Script::Mandarin | Script::Hiragana | Script::Katakana if kana > 4 => Script::Hiragana,
        script => script,
    })
}
