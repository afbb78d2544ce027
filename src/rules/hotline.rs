//! **Drops** Contact lines: a phone number, messenger id or address with its label and little else.
//!
//! **Why** Site owners put them above, below and between paragraphs of texts that are not theirs.
//!
//! **Example** `Hotline: 020 7946 0018 (24 hours), WhatsApp +44 7700 900123`
//!
//! **Near miss** A sentence that reports a number; scores, dates and account figures; a contact page without an
//! article.
//!
//! **Languages** Labels of twenty-six; the shape of numbers in any.
//!
//! **Source** A crawled page whose first line is a service hotline.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use super::{Context, Findings};
use crate::blocks::chars::Sign;
use crate::lexicon::Group;

/// The longest line, in letters.
const MAX_LENGTH: f32 = 200.0;
/// Share of the line that labels, numbers, ids and calls to act must make up.
const MIN_EXPLAINED: f32 = 0.5;
/// The longest line with a number that asks for a call in whatever words, in letters; the digits and the share of the
/// line that a number makes up; and what the line may share with the article.
const MAX_LENGTH_STRANGE: f32 = 130.0;
const MIN_DIGITS: u32 = 7;
const MIN_NUMBERS: f32 = 0.15;
const MAX_OVERLAP: f32 = 0.1;
/// Words that ask for it.
const CALLS: u64 = Group::set(&[Group::ContactLabel, Group::ContactCall, Group::ContactWord, Group::Sell]);
/// With more contacts than this the page is a directory.
const MAX_DIFFERENT: usize = 6;
/// Bytes between a label and its number: a colon, a word.
const MAX_BETWEEN: usize = 24;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    if context.body().is_thin() {
        return;
    }
    let found: Vec<_> =
        context.blocks().filter_map(|(i, _)| contact_line(context, i).map(|found| (i, found))).collect();
    let different: BTreeSet<&str> = found.iter().map(|(_, contact)| *contact).collect();
    if different.len() <= MAX_DIFFERENT {
        for (index, contact) in found {
            findings.cut(index, format!("contact {contact:?}"));
        }
    }
}

/// The number or account of a line that holds little else.
fn contact_line<'a>(context: &Context<'a>, index: usize) -> Option<&'a str> {
    // Numbers have figures, accounts figures, an at sign or a slash.
    let stats = &context.page.blocks[index].stats;
    if stats.digits == 0 && !stats.signs.has(Sign::At) && !stats.signs.has(Sign::Bar) {
        return None;
    }
    let phrases = context.phrases(index);
    let label = phrases.has(Group::ContactLabel);
    if !label && !may_call(context, index)
        || context.length(index) > MAX_LENGTH
        || context.is_code(index)
        || context.is_heading(index)
        || context.is_tabular(index)
    {
        return None;
    }
    let text = context.text(index);
    let mut contacts = contacts(context, text, stats.digits);
    let labelled = contacts.iter().any(|&(from, to)| {
        let near = |(start, end): (usize, usize)| {
            end <= from && from - end <= MAX_BETWEEN || start >= to && start - to <= MAX_BETWEEN
        };
        phrases.of(Group::ContactLabel).any(near)
    });
    let bytes = |contacts: &[(usize, usize)]| contacts.iter().map(|(from, to)| to - from).sum::<usize>();
    let numbers = bytes(&contacts);
    let words = phrases.covered(Group::ContactLabel.bit() | Group::ContactCall.bit());
    let marks = text.chars().filter(|c| !c.is_alphanumeric()).map(char::len_utf8).sum::<usize>();
    let explained = (numbers + words) as f32 >= MIN_EXPLAINED * (text.len() - marks) as f32;
    // A mail address alone is how articles name a source.
    let (from, to) = *contacts
        .iter()
        .find(|(from, to)| !text[*from..*to].contains('@') || text[*from..].starts_with('@'))?;
    contacts.retain(|(from, to)| !text[*from..*to].contains(char::is_alphabetic));
    (labelled && explained || is_strange_call(context, index, bytes(&contacts))).then(|| &text[from..to])
}

/// Whether a line has what a number to call needs, and asks for something.
fn may_call(context: &Context<'_>, index: usize) -> bool {
    context.page.blocks[index].stats.digits >= MIN_DIGITS && context.phrases(index).groups() & CALLS != 0
}

/// Whether a line with so many bytes of numbers asks for a call, and shares nothing with the article.
fn is_strange_call(context: &Context<'_>, index: usize, numbers: usize) -> bool {
    may_call(context, index)
        && context.length(index) <= MAX_LENGTH_STRANGE
        && numbers as f32 >= MIN_NUMBERS * context.text(index).len() as f32
        && context.body().overlap_with_others(index) <= MAX_OVERLAP
}

/// Where numbers and accounts stand.
fn contacts(context: &Context<'_>, text: &str, digits: u32) -> Vec<(usize, usize)> {
    let patterns = context.patterns();
    let dates = LazyCell::new(|| patterns.date.find_iter(text).map(|m| m.range()).collect::<Vec<_>>());
    let is_date = |at: usize| dates.iter().any(|date| date.contains(&at));
    let with_number = if digits >= MIN_DIGITS { text } else { "" };
    let numbers = patterns.phone.find_iter(with_number).filter(|m| !is_date(m.start()));
    let mut found: Vec<_> = numbers
        .chain(patterns.account.find_iter(text).filter(|m| !text[..m.start()].ends_with('/')))
        .map(|m| (m.start(), m.end()))
        .collect();
    found.sort_unstable();
    found
}
