//! [`Settings`] from and to TOML.
//!
//! In: the text of a file and its name for messages. Out: settings, or an error that says where. An unknown key is an
//! error and not passed over, since a misspelt setting that does nothing is the hardest of all to find; the message
//! names the key that was probably meant, in whatever table it belongs. Values are checked later, with those of the
//! command line.

use std::fs;
use std::path::Path;

use serde::de::value::Error as NoValue;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};

use super::{CheckSettings, Config, Filter, Limits, RunSettings, Settings};
use crate::error::Error;
use crate::input::Reading;

/// How alike a key has to be to one that was typed, 0 to 1, to be suggested.
const MIN_LIKENESS: f64 = 0.7;

impl Settings {
    /// Reads a configuration file.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] if it cannot be read, [`Error::File`] with file, line and key if it is no valid TOML, has an
    /// unknown key or a value of the wrong type.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|source| Error::open(path, source))?;
        Self::from_toml(&text).map_err(|(line, reason)| Error::File { path: path.to_owned(), line, reason })
    }

    /// The settings as a configuration file.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "no setting is of a type that TOML lacks")]
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("tables of numbers, strings and lists are valid TOML")
    }

    fn from_toml(text: &str) -> Result<Self, (Option<usize>, String)> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
            let span = error.span().unwrap_or_default();
            let message = error.message().trim();
            let before = text[..span.start].rsplit('\n').next().unwrap_or_default();
            let reason = match text.get(span) {
                Some(key) if message.starts_with("unknown field") => unknown(key),
                // The parser tells where a value stands, not what it is for.
                _ => match before.split_once('=') {
                    Some((key, _)) => format!("{}: {message}", key.trim()),
                    None => message.to_owned(),
                },
            };
            (line, reason)
        })
    }
}

/// Says that a key is unknown, and which one was meant.
fn unknown(key: &str) -> String {
    let typed = key.trim_matches(['"', '\'', '[', ']', ' ']);
    let last = typed.rsplit('.').next().unwrap_or(typed).replace('_', "-");
    match closest(&last, keys()) {
        Some(meant) => format!("unknown key `{typed}`; did you mean `{meant}`?"),
        None => format!("unknown key `{typed}`; `dehusk config` prints all keys"),
    }
}

/// The key that was probably meant, if one is like what was typed. Keys may have tables before them.
pub(crate) fn closest<K: AsRef<str>>(typed: &str, known: impl IntoIterator<Item = K>) -> Option<K> {
    let likeness = |known: &K| {
        let known = known.as_ref();
        strsim::jaro_winkler(typed, known.rsplit('.').next().unwrap_or(known))
    };
    let alike = known.into_iter().map(|known| (likeness(&known), known));
    let alike = alike.filter(|(likeness, _)| *likeness >= MIN_LIKENESS);
    // The first of equals, so that the message is the same on every run.
    alike.reduce(|best, other| if other.0 > best.0 { other } else { best }).map(|(_, known)| known)
}

/// All keys with the tables that they stand in.
fn keys() -> Vec<String> {
    let tables = [
        ("", fields::<Settings>()),
        ("input.", fields::<Reading>()),
        ("run.", fields::<RunSettings>()),
        ("filter.", fields::<Filter>()),
        ("clean.", fields::<Config>()),
        ("clean.limits.", fields::<Limits>()),
        ("check.", fields::<CheckSettings>()),
    ];
    tables
        .iter()
        .flat_map(|(table, fields)| fields.iter().map(move |field| format!("{table}{field}")))
        .collect()
}

/// The names of a struct's fields as it is read.
fn fields<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &[&str] = &[];
    // It gives names and no values, so that this is always an error.
    let _ = T::deserialize(Names(&mut names));
    names
}

/// A deserializer that hears which fields are asked for.
struct Names<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = NoValue;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, NoValue> {
        *self.0 = fields;
        Err(NoValue::custom("there are no values"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, NoValue> {
        Err(NoValue::custom("there are no values"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Dedup, Favor};

    fn refusal(text: &str) -> (Option<usize>, String) {
        Settings::from_toml(text).expect_err("it is wrong")
    }

    #[test]
    fn a_file_sets_what_it_names() {
        let text = "[clean]\nfavor = \"precision\"\n[clean.limits]\nmax-depth = 7\n\
            [filter]\nlang = [\"en\"]\ndedup = \"near\"\n[run]\njobs = 3\n";
        let settings = Settings::from_toml(text).expect("valid");
        assert_eq!((settings.clean.favor, settings.clean.limits.max_depth), (Favor::Precision, 7));
        assert_eq!(settings.clean.limits.max_bytes, Limits::default().max_bytes);
        assert_eq!((settings.filter.dedup, settings.run.jobs), (Dedup::Near, 3));
        assert_eq!(Settings::from_toml("").expect("valid"), Settings::default());
    }

    #[test]
    fn what_is_printed_can_be_read() {
        let mut settings = Settings::default();
        settings.filter.exclude = vec!["a\"b/*".to_owned()];
        settings.run.output = Some("out".into());
        assert_eq!(Settings::from_toml(&settings.to_toml()).expect("valid"), settings);
    }

    #[test]
    fn unknown_keys_are_told_with_line_and_suggestion() {
        let cases = [
            ("[clean]\nfavour = 1", 2, "unknown key `favour`; did you mean `clean.favor`?"),
            ("[clean]\n\nrules_off = []", 3, "unknown key `rules_off`; did you mean `clean.rules-off`?"),
            ("lang = [\"en\"]", 1, "unknown key `lang`; did you mean `filter.lang`?"),
            ("[clean]\n[clean.limit]\nx = 1", 2, "unknown key `limit`; did you mean `clean.limits`?"),
            (
                "[clean.limits]\nmax-byte = 1",
                2,
                "unknown key `max-byte`; did you mean `clean.limits.max-bytes`?",
            ),
            ("zzz = 1", 1, "unknown key `zzz`; `dehusk config` prints all keys"),
        ];
        for (text, line, expected) in cases {
            assert_eq!(refusal(text), (Some(line), expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn wrong_values_and_wrong_toml_are_told_with_the_line() {
        for (text, line, part) in [
            ("[run]\njobs = \"two\"", 2, "invalid type"),
            ("[clean]\nfavor = \"luck\"", 2, "unknown variant `luck`, expected one of"),
            ("[clean\n", 1, ""),
            ("[run]\njobs = 1\njobs = 2", 3, "duplicate"),
        ] {
            let (found, reason) = refusal(text);
            assert_eq!(found, Some(line), "{text}: {reason}");
            assert!(reason.contains(part) && !reason.is_empty(), "{reason}");
        }
    }

    #[test]
    fn every_key_is_documented_with_its_default() {
        let page = include_str!("../../docs/configuration.md");
        let default: toml::Table = Settings::default().to_toml().parse().expect("it can be read");
        let mut documented = 0;
        for (table, key) in keys().iter().filter_map(|key| key.rsplit_once('.')) {
            // A table in a table is a heading and no row.
            if page.contains(&format!("## `[{table}.{key}]`")) {
                continue;
            }
            let section = page.split(&format!("## `[{table}]`")).nth(1).unwrap_or_default();
            let section = section.split("\n## ").next().unwrap_or_default();
            let row = section.lines().find(|line| line.starts_with(&format!("| `{key}` |")));
            let row = row.unwrap_or_else(|| panic!("{table}.{key} is not documented"));
            let mut names = table.split('.').chain([key]);
            let first = default.get(names.next().expect("a table"));
            let value = names.fold(first, |value, name| value.and_then(|value| value.get(name)));
            // What is not set has no value to print.
            let is_told = value.is_none_or(|value| row.contains(&format!("`{value}`")));
            assert!(is_told, "{table}.{key} is {value:?} by default: {row}");
            documented += 1;
        }
        let rows = page.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(documented, rows, "a key is documented that does not exist");
    }

    #[test]
    fn every_key_is_known_once() {
        let keys = keys();
        let unique: std::collections::BTreeSet<&String> = keys.iter().collect();
        assert_eq!(unique.len(), keys.len());
        assert!(keys.contains(&"clean.limits.max-nodes".to_owned()));
    }
}
