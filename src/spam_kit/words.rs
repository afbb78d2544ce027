//! The kit's vocabulary: files of lists by language come in, filled-in phrases go out.
//!
//! It is kept apart from the rules' lexicon on purpose: what tests a rule must not be what the rule was written
//! from. Every second entry of each list is held out, for figures on words that nobody looked at.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::random::Random;

const FILES: &[&str] = &[
    include_str!("words/ar.toml"),
    include_str!("words/de.toml"),
    include_str!("words/en.toml"),
    include_str!("words/es.toml"),
    include_str!("words/fr.toml"),
    include_str!("words/ja.toml"),
    include_str!("words/ru.toml"),
    include_str!("words/zh.toml"),
];

/// Which half of the vocabulary and of the markup is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Half {
    /// The one to write rules with.
    Development,
    /// The one to judge them by.
    HeldOut,
    /// Both.
    #[default]
    All,
}

impl Half {
    /// The entries of a list that belong to the half; all of them if none does.
    pub(super) fn of<T: Clone>(self, list: &[T]) -> Vec<T> {
        let own = |index: &usize| match self {
            Self::Development => index.is_multiple_of(2),
            Self::HeldOut => !index.is_multiple_of(2),
            Self::All => true,
        };
        let taken: Vec<T> = (0..list.len()).filter(own).map(|index| list[index].clone()).collect();
        if taken.is_empty() { list.to_vec() } else { taken }
    }
}

/// The lists of one language.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Words {
    pub(super) language: String,
    #[serde(flatten)]
    lists: BTreeMap<String, Vec<String>>,
}

impl Words {
    /// All languages, with the entries of one half.
    pub(super) fn all(half: Half) -> Vec<Self> {
        let read = |file: &&str| -> Self { toml::from_str(file).expect("the kit's own files are valid") };
        let mut all: Vec<Self> = FILES.iter().map(read).collect();
        for words in &mut all {
            for list in words.lists.values_mut() {
                *list = half.of(list);
            }
        }
        all
    }

    /// Whether there is a list of this name.
    pub(super) fn has(&self, list: &str) -> bool {
        self.lists.contains_key(list)
    }

    /// An entry of a list as it stands, with its slots.
    pub(super) fn pattern(&self, list: &str, random: &mut Random) -> String {
        self.lists.get(list).map(|entries| random.pick(entries).clone()).unwrap_or_default()
    }

    /// An entry of a list with its slots filled.
    pub(super) fn draw(&self, list: &str, random: &mut Random) -> String {
        let entry = self.pattern(list, random);
        self.fill(&entry, random)
    }

    /// Fills the slots of a phrase: `{name}` from the list of that name, a few by number.
    pub(super) fn fill(&self, phrase: &str, random: &mut Random) -> String {
        let mut out = String::new();
        let mut keyword = None;
        let mut rest = phrase;
        while let Some((before, after)) = rest.split_once('{') {
            let (slot, tail) = after.split_once('}').unwrap_or((after, ""));
            out.push_str(before);
            match slot {
                "phone" => out.push_str(&phone(random)),
                "qq" => out.push_str(&(10_000_000 + random.below(89_999_999)).to_string()),
                "id" => {
                    out.push_str("vip");
                    out.push_str(&random.between(10_000, 99_999).to_string());
                }
                "date" => out.push_str(&date(random)),
                "k" => out.push_str(keyword.get_or_insert_with(|| self.draw("keyword", random))),
                "a" => out.push_str(&self.draw("anchor", random)),
                list => out.push_str(&self.draw(list, random)),
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

/// A number that nobody has: from ranges for drama where there are some.
fn phone(random: &mut Random) -> String {
    let last = random.between(100, 999);
    match random.below(4) {
        0 => format!("020 7946 0{last}"),
        1 => format!("+44 7700 900{last}"),
        2 => format!("0755-0000 {}", 7000 + last),
        _ => format!("400-000-{}", 4000 + last),
    }
}

fn date(random: &mut Random) -> String {
    let (year, month, day) = (random.between(2012, 2023), random.between(1, 12), random.between(1, 28));
    match random.below(3) {
        0 => format!("{year}-{month:02}-{day:02}"),
        1 => format!("{day:02}.{month:02}.{year}"),
        _ => format!("{year}/{month:02}/{day:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_name_lists() {
        let numbers = ["phone", "qq", "id", "date", "k", "a"];
        for words in Words::all(Half::All) {
            for entry in words.lists.values().flatten() {
                for slot in entry.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or_default()) {
                    assert!(numbers.contains(&slot) || words.has(slot), "{}: {entry}", words.language);
                }
            }
        }
    }

    #[test]
    fn halves_are_apart() {
        let list = ["a", "b", "c"];
        assert_eq!(Half::Development.of(&list), ["a", "c"]);
        assert_eq!(Half::HeldOut.of(&list), ["b"]);
        assert_eq!(Half::HeldOut.of(&["a"]), ["a"]);
    }
}
