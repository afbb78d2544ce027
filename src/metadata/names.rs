//! Names of authors: what is one, and how it is written down.

use std::borrow::Cow;

use crate::blocks::chars::{fold_blanks, is_cjk};
use crate::lexicon::{AND, is_name_suffix, is_nobody, is_particle};

use super::dates::{self, Order};

/// Characters of a list of names.
const MAX_LIST: usize = 400;

/// Characters of one name.
const MAX_NAME: usize = 60;

/// Words of one name.
const MAX_WORDS: usize = 8;

/// The names in a value that a source gave, joined by `"; "`, if there are any.
pub(super) fn clean(raw: &str) -> Option<String> {
    let raw = raw.trim();
    if raw.chars().count() > MAX_LIST {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for part in split(raw) {
        let name = tidy(&part);
        if is_name(&name) && !names.contains(&name) {
            names.push(name);
        }
    }
    match names.as_slice() {
        [] => None,
        [_] => names.pop(),
        _ => Some(names.join("; ")),
    }
}

/// A list of names to its parts: by semicolons and "and", and by commas where each part is a full name.
fn split(raw: &str) -> Vec<Cow<'_, str>> {
    let mut parts = vec![raw];
    for and in AND {
        if raw.contains(and) {
            parts = parts.into_iter().flat_map(|part| part.split(and)).collect();
        }
    }
    let mut names = Vec::with_capacity(parts.len());
    for part in parts {
        split_commas(part, &mut names);
    }
    names
}

fn split_commas<'a>(part: &'a str, names: &mut Vec<Cow<'a, str>>) {
    let commas = [',', '，'];
    if !part.contains(commas) {
        return names.push(part.into());
    }
    let pieces: Vec<&str> = part.split(commas).map(str::trim).filter(|piece| !piece.is_empty()).collect();
    let (own, suffixes): (Vec<&str>, Vec<&str>) = pieces.iter().partition(|piece| !is_name_suffix(piece));
    let full =
        |piece: &&str| piece.chars().any(is_cjk) || (2..=4).contains(&piece.split_whitespace().count());
    if suffixes.is_empty() && own.len() > 1 && own.iter().all(full) {
        return names.extend(own.into_iter().map(Cow::from));
    }
    // `Sand, Ann` is one person, as bibliographies write it.
    let single = |piece: &str| !piece.contains(' ');
    names.push(match own.as_slice() {
        [family, given] if suffixes.is_empty() && single(family) && single(given) => {
            format!("{given} {family}").into()
        }
        _ => part.into(),
    });
}

/// A name without what bylines put around it.
fn tidy(name: &str) -> String {
    let mut name = name.trim();
    for prefix in ["by ", "von ", "par ", "por ", "written by ", "and "] {
        if name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix)) {
            name = name[prefix.len()..].trim_start();
        }
    }
    let end = name.find(['<', '(', '（', '|', '[', '\n']).filter(|&at| at > 0).unwrap_or(name.len());
    let is_edge = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ':' | '：' | ';' | '-' | '–' | '—' | '·' | '•' | '/' | '"' | '“' | '”' | '，' | '*'
            )
    };
    fold_blanks(name[..end].trim_matches(is_edge))
}

/// Whether a tidied value may be somebody's name.
pub(super) fn is_name(name: &str) -> bool {
    let chars = name.chars().count();
    let is_address = name.contains("://")
        || name.contains("www.")
        || name.contains('@')
        || name
            .len()
            .checked_sub(4)
            .and_then(|at| name.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(".com"));
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let shape =
        (2..=MAX_NAME).contains(&chars) && letters * 2 >= chars && name.split(' ').count() <= MAX_WORDS;
    let markup = name.contains(['{', '}', '%', '=', '#', '>', '?', '!', '。']);
    // A key that a template failed to look up.
    let is_key = !name.contains(' ') && name.matches('.').count() > 1;
    shape
        && !markup
        && !is_key
        && !is_address
        && !is_nobody(name)
        && dates::find(name, Order::DayFirst).is_empty()
}

/// The name that a text begins with, as bylines go on with other things after it: `Jane Doe in Travel`.
pub(super) fn at_start(text: &str) -> Option<String> {
    let is_colon = |c: char| {
        c.is_whitespace() || matches!(c, ':' | '：' | '=' | '＝' | '/' | '|' | '｜' | '-' | '·' | '】' | ']')
    };
    let text = text.trim_start_matches(is_colon);
    let is_end = |c: char| {
        matches!(
            c,
            '|' | '｜'
                | '·'
                | '•'
                | '—'
                | '–'
                | '('
                | '（'
                | '<'
                | '['
                | '【'
                | '。'
                | '，'
                | '/'
                | '…'
                | '→'
        ) || c.is_numeric()
            || c == '\u{2022}'
    };
    let text = &text[..text.find(is_end).unwrap_or(text.len())];
    if text.chars().find(|c| c.is_alphabetic()).is_some_and(is_cjk) {
        let name = text.split(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | ';' | '；')).next()?;
        return Some(name.to_owned())
            .filter(|name| (2..=12).contains(&name.chars().count()) && is_name(name));
    }
    alphabetic(text)
}

/// Whether only particles stand before the next capital.
fn leads_to_name(words: &[&str]) -> bool {
    let next = words.iter().take(3).find(|word| !is_particle(word));
    next.is_some_and(|word| is_capital(word))
}

/// Whether a word begins with a capital, or in a script that has none.
fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(|c| c.is_uppercase() || c.is_alphabetic() && !c.is_lowercase())
}

/// Capitalised words, particles between them, and lists joined by "and".
fn alphabetic(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().take(4 * MAX_WORDS).collect();
    let joins = |word: &str| matches!(word, "and" | "&" | "und" | "et" | "y" | "и");
    let mut taken = 0;
    for (at, word) in words.iter().enumerate() {
        let next_is_name = words.get(at + 1).is_some_and(|next| is_capital(next));
        let goes_on = is_capital(word)
            || at > 0 && next_is_name && joins(word)
            || is_particle(word) && leads_to_name(&words[at + 1..]);
        if !goes_on || *word == "-" {
            break;
        }
        taken = at + 1;
        let lists = words[at + 1..].iter().take(6).any(|word| joins(word));
        let suffix = words.get(at + 1).is_some_and(|next| is_name_suffix(next));
        if word.ends_with(',') && !lists && !suffix {
            break;
        }
    }
    // A user's name in small letters stands alone.
    if taken == 0 && words.len() == 1 && words[0].chars().count() > 3 {
        taken = 1;
    }
    let name = words[..taken].join(" ");
    let name = name.trim_end_matches([',', ':', ';', '.']);
    clean(name).filter(|name| name.split("; ").all(|name| name.split(' ').count() <= 5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_sources() {
        let names = |raw| clean(raw).unwrap_or_default();
        assert_eq!(names("By Ann Sand and Bo Ebb"), "Ann Sand; Bo Ebb");
        assert_eq!(names("Ann Sand, Bo Ebb, Cy Flood"), "Ann Sand; Bo Ebb; Cy Flood");
        assert_eq!(names("Ann Sand, MD, FACP"), "Ann Sand, MD, FACP");
        assert_eq!(names("Sand, Ann"), "Ann Sand");
        assert_eq!(names("Ann Sand <ann@a.example>"), "Ann Sand");
        assert_eq!(names("张三、李四"), "张三; 李四");
        for nobody in
            ["admin", "https://a.example/ann", "ann@a.example", "", "12345", "2021-02-03", "{{author}}"]
        {
            assert_eq!(clean(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn bylines_go_on() {
        let name = |text| at_start(text).unwrap_or_default();
        assert_eq!(name("Ann Sand in Travel"), "Ann Sand");
        assert_eq!(name("Ann van der Sand | 3 May 2021"), "Ann van der Sand");
        assert_eq!(name("ANN SAND, Staff Writer"), "ANN SAND");
        assert_eq!(name("Ann Sand, Bo Ebb and Cy Flood on May 3"), "Ann Sand; Bo Ebb; Cy Flood");
        assert_eq!(name("：王小明 来源：日报"), "王小明");
        assert_eq!(name("the time you read this"), "");
        assert_eq!(name("galitsyn"), "galitsyn");
    }
}
