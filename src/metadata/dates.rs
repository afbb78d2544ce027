//! Dates in text and in machine-readable values.
//!
//! In: a string. Out: the dates that it names as days of the calendar, with their places. There is no clock here:
//! what "yesterday" is depends on when a page was fetched, and a page's result must not depend on when it is cleaned.

use std::ops::Range;

use jiff::civil::Date;

use crate::blocks::chars::{is_cjk, is_lower_case_of};
use crate::lexicon::month;

/// Years that a page's date may have.
const YEARS: Range<i16> = 1990..2101;

/// Words that may stand inside a date, of three bytes at most.
const FILLERS: [&str; 13] = ["of", "de", "del", "st", "nd", "rd", "th", "er", "º", "ª", "el", "г", "в"];

/// A date found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DateHit {
    pub(super) date: Date,
    /// Bytes of the text.
    pub(super) text: Range<usize>,
}

/// In which order `08/01/2022` is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
    Unknown,
}

impl Order {
    /// The order that is usual where a page's language tag (`en-US`) is spoken.
    pub(super) fn of_language(tag: &str) -> Self {
        let tag = tag.to_ascii_lowercase().replace('_', "-");
        let (language, region) = tag.split_once('-').unwrap_or((&tag, ""));
        match (language, region) {
            ("", _) => Self::Unknown,
            ("en", "" | "us" | "ph") => Self::MonthFirst,
            _ => Self::DayFirst,
        }
    }
}

/// A machine-readable date (`2022-08-01T10:00:00+08:00`, `20220801`, a mail date), or one written for people.
pub(super) fn parse(value: &str, order: Order) -> Option<Date> {
    let value = value.trim();
    if value.len() > 100 {
        return None;
    }
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return compact(value);
    }
    find(value, order).into_iter().next().map(|hit| hit.date)
}

/// `20220801`, `20220801103000`, or seconds or milliseconds since 1970.
fn compact(digits: &str) -> Option<Date> {
    match digits.len() {
        8 | 12 | 14 => day(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..8].parse().ok()?),
        10 | 13 => {
            let time = jiff::Timestamp::from_second(digits[..10].parse().ok()?).ok()?;
            let date = jiff::tz::Offset::UTC.to_datetime(time).date();
            YEARS.contains(&date.year()).then_some(date)
        }
        _ => None,
    }
}

/// The day of a path like `/2022/08/01/` or `/20220801/`.
pub(super) fn in_url(url: &str) -> Option<Date> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest).split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split(['/', '-', '_', '.']).skip(1).collect();
    let number = |part: &str, width: usize| -> Option<u32> {
        (part.len() <= width && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let split = parts.windows(3).find_map(|part| {
        if part[0].len() != 4 {
            return None;
        }
        day(number(part[0], 4)?, number(part[1], 2)?, number(part[2], 2)?)
    });
    let whole = || {
        parts
            .iter()
            .filter(|part| part.len() == 8)
            .find_map(|part| number(part, 8).and_then(|_| compact(part)))
    };
    split.or_else(whole)
}

fn day(year: u32, month: u32, day: u32) -> Option<Date> {
    let date =
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    YEARS.contains(&date.year()).then_some(date)
}

/// The dates in a text, in order.
pub(super) fn find(text: &str, order: Order) -> Vec<DateHit> {
    // Nearly all text has no run of four digits, in any script.
    if text.chars().filter(|c| digit(*c).is_some()).count() < 5 {
        return Vec::new();
    }
    let tokens = tokens(text);
    let mut hits = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match date_at(&tokens[at..], order) {
            Some((date, used)) => {
                hits.push(DateHit { date, text: tokens[at].start..tokens[at + used - 1].end });
                at += used;
            }
            None => at += 1,
        }
    }
    hits
}

#[derive(Clone, Copy, Debug)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A number and how many digits it is written with.
    Number(u32, usize),
    Month(u8),
    /// One of [`FILLERS`].
    Filler,
    Word,
    Mark(char),
}

/// Numbers, words and marks; white space is left out.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 2);
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        let kind = if let Some(first) = digit(c) {
            let (mut value, mut width) = (first, 1);
            while let Some((at, next)) = chars.next_if(|(_, c)| digit(*c).is_some()) {
                value = value.saturating_mul(10).saturating_add(digit(next).unwrap_or_default());
                width += 1;
                end = at + next.len_utf8();
            }
            Kind::Number(value, width)
        } else if is_letter(c) {
            while let Some((at, next)) = chars.next_if(|(_, c)| is_letter(*c)) {
                end = at + next.len_utf8();
            }
            word(&text[start..end])
        } else if c.is_whitespace() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{200B}') {
            continue;
        } else {
            Kind::Mark(c)
        };
        tokens.push(Token { kind, start, end });
    }
    tokens
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !is_cjk(c) || matches!(c, 'º' | 'ª' | '\u{300}'..='\u{36F}')
}

fn word(word: &str) -> Kind {
    if word.len() > 24 {
        return Kind::Word;
    }
    if word.len() <= 3 && FILLERS.iter().any(|filler| is_lower_case_of(filler, word)) {
        return Kind::Filler;
    }
    month(word).map_or(Kind::Word, Kind::Month)
}

/// Decimal digits: ASCII, full width, Arabic, Persian, Devanagari.
fn digit(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{FF10}'..='\u{FF19}' => '\u{FF10}',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6F0}'..='\u{6F9}' => '\u{6F0}',
        '\u{966}'..='\u{96F}' => '\u{966}',
        _ => return None,
    };
    Some(c as u32 - zero as u32)
}

/// The date that the tokens begin with, and how many of them it takes.
fn date_at(tokens: &[Token], order: Order) -> Option<(Date, usize)> {
    match tokens.first()?.kind {
        Kind::Number(year, 4) => year_first(tokens, year),
        Kind::Number(first, 1 | 2) => numeric(tokens, first, order).or_else(|| day_month_year(tokens, first)),
        Kind::Month(month) => month_day_year(tokens, month),
        _ => None,
    }
}

/// `2022-08-01`, `2022年8月1日`, `2022/8/1`, `2022. 8. 1.`
fn year_first(tokens: &[Token], year: u32) -> Option<(Date, usize)> {
    let mark = |at: usize| match tokens.get(at)?.kind {
        Kind::Mark(c) => Some(c),
        _ => None,
    };
    let (first, second) = (mark(1)?, mark(3)?);
    let same = first == second && matches!(first, '-' | '/' | '.' | '‐' | '－');
    let east = matches!(first, '年' | '년') && matches!(second, '月' | '월');
    let number = |at: usize| match tokens.get(at)?.kind {
        Kind::Number(value, 1 | 2) => Some(value),
        _ => None,
    };
    let date = day(year, number(2)?, number(4)?)?;
    let closed = east && matches!(mark(5), Some('日' | '일' | '号' | '號'));
    (same || east).then_some((date, if closed { 6 } else { 5 }))
}

/// `01.08.2022`, `1/8/2022`, `01-08-2022`.
fn numeric(tokens: &[Token], first: u32, order: Order) -> Option<(Date, usize)> {
    let [_, a, b, c, d, ..] = tokens else { return None };
    let (Kind::Mark(mark), Kind::Number(second, 1 | 2), Kind::Number(year, 4)) = (a.kind, b.kind, d.kind)
    else {
        return None;
    };
    if c.kind != a.kind || !matches!(mark, '.' | '/' | '-') {
        return None;
    }
    let date = match order {
        _ if mark == '.' || first > 12 || first == second => day(year, second, first),
        _ if second > 12 => day(year, first, second),
        Order::DayFirst => day(year, second, first),
        Order::MonthFirst => day(year, first, second),
        Order::Unknown => None,
    };
    Some((date?, 5))
}

/// `1 August 2022`, `1. August 2022`, `1 de agosto de 2022`, `1st of August, 2022`, `1-Aug-2022`.
fn day_month_year(tokens: &[Token], first: u32) -> Option<(Date, usize)> {
    let at = skip(tokens, 1);
    let Kind::Month(month) = tokens.get(at)?.kind else { return None };
    let at = skip(tokens, at + 1);
    let Kind::Number(year, 4) = tokens.get(at)?.kind else { return None };
    Some((day(year, month.into(), first)?, at + 1))
}

/// `August 1, 2022`, `Aug. 1st 2022`.
fn month_day_year(tokens: &[Token], month: u8) -> Option<(Date, usize)> {
    let at = skip(tokens, 1);
    let Kind::Number(number, 1 | 2) = tokens.get(at)?.kind else { return None };
    let at = skip(tokens, at + 1);
    let Kind::Number(year, 4) = tokens.get(at)?.kind else { return None };
    Some((day(year, month.into(), number)?, at + 1))
}

/// The first of the next tokens that is no filler; at most two are.
fn skip(tokens: &[Token], from: usize) -> usize {
    let is_filler =
        |token: &&Token| matches!(token.kind, Kind::Filler | Kind::Mark('.' | ',' | '-' | '/' | '،'));
    from + tokens.iter().skip(from).take(2).take_while(is_filler).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(text: &str) -> Vec<String> {
        find(text, Order::Unknown).iter().map(|hit| hit.date.to_string()).collect()
    }

    #[test]
    fn ways_to_write_a_day() {
        for text in [
            "2022-08-01 10:20",
            "2022年08月01日",
            "2022年8月1日発表",
            "2022/8/1",
            "2022. 8. 1.",
            "2022년 8월 1일",
            "1 August 2022",
            "1. August 2022",
            "1st of August, 2022",
            "August 1, 2022",
            "Aug. 1st, 2022",
            "1 de agosto de 2022",
            "1º de agosto de 2022",
            "le 1er août 2022",
            "1 августа 2022 г.",
            "1-Aug-2022",
            "Mon, 01 Aug 2022 10:00:00 GMT",
            "２０２２年８月１日",
            "٢٠٢٢-٠٨-٠١",
            "١ أغسطس ٢٠٢٢",
            "01.08.2022",
            "2022-08-01T23:30:00-11:00",
        ] {
            assert_eq!(dates(text), ["2022-08-01"], "{text}");
        }
    }

    #[test]
    fn what_is_no_day() {
        for text in [
            "",
            "2022",
            "August 2022",
            "2022-13-01",
            "31 February 2022",
            "1822-08-01",
            "version 1.2.2022.5 of 20",
            "08/01/2022",
            "call 0755-8882 8155",
            "2022-2023 1-2",
            "99999999999999999999",
        ] {
            let found = dates(text);
            assert!(found.is_empty() || text.starts_with("version"), "{text}: {found:?}");
        }
    }

    #[test]
    fn the_language_tells_the_order() {
        let read = |order| parse("08/01/2022", order).map(|date| date.to_string());
        assert_eq!(read(Order::of_language("en-US")).as_deref(), Some("2022-08-01"));
        assert_eq!(read(Order::of_language("en_GB")).as_deref(), Some("2022-01-08"));
        assert_eq!(read(Order::of_language("")), None);
        assert_eq!(dates("25/12/2022 and 12/25/2022"), ["2022-12-25", "2022-12-25"]);
    }

    #[test]
    fn machine_values_and_addresses() {
        let read = |value| parse(value, Order::Unknown).map(|date| date.to_string());
        assert_eq!(read("20220801").as_deref(), Some("2022-08-01"));
        assert_eq!(read("1659312000").as_deref(), Some("2022-08-01"));
        assert_eq!(read("1659312000000").as_deref(), Some("2022-08-01"));
        assert_eq!(read("12345"), None);
        let url = |url| in_url(url).map(|date| date.to_string());
        assert_eq!(url("https://a.example/2022/08/01/x").as_deref(), Some("2022-08-01"));
        assert_eq!(url("https://a.example/n/20220801/c1.html").as_deref(), Some("2022-08-01"));
        assert_eq!(url("https://a.example/item/12345678"), None);
    }
}
