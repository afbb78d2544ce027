//! What is planted: a kind of spam and a language come in, the strings of one [`Plant`] go out, without markup.

use super::random::Random;
use super::words::Words;

/// A kind of spam.
#[derive(Debug)]
pub struct Kind {
    /// Its name in reports.
    pub name: &'static str,
    /// Where it may stand.
    pub(super) places: &'static [Place],
    make: fn(&Words, &Words, &mut Random) -> Plant,
}

/// Where spam stands, seen from the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Before its first paragraph.
    Before,
    /// Between two of its paragraphs.
    Middle,
    /// After its last paragraph, inside its container.
    End,
    /// At the end of the page.
    After,
}

/// What is to be planted.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Plant {
    /// Entries of a list.
    Items { items: Vec<String>, linked: bool },
    /// A line, or a paragraph, perhaps with a link.
    Line { text: String, linked: bool },
    /// Words within a paragraph of the article.
    Anchor { before: String, text: String, after: String },
}

use Place::{After, Before, End, Middle};

const ANYWHERE: &[Place] = &[Before, Middle, End, After];
const INSIDE: &[Place] = &[Middle, End];
const LATE: &[Place] = &[End, After];

/// All kinds. The first argument of each is the language of the spam, the second one that is not the page's.
pub const KINDS: &[Kind] = &[
    Kind { name: "farm_linked", places: ANYWHERE, make: |words, _, random| names(words, random, true) },
    Kind { name: "farm_text", places: ANYWHERE, make: |words, _, random| names(words, random, false) },
    Kind {
        name: "headlines_linked",
        places: INSIDE,
        make: |words, _, random| headlines(words, random, true),
    },
    Kind { name: "headlines_text", places: LATE, make: |words, _, random| headlines(words, random, false) },
    Kind { name: "stuffing", places: ANYWHERE, make: |words, _, random| line(words, "stuffing", random, 20) },
    Kind {
        name: "topic",
        places: INSIDE,
        make: |words, _, random| line(words, "topic_paragraph", random, 30),
    },
    Kind {
        name: "foreign",
        places: INSIDE,
        make: |_, other, random| line(other, "topic_paragraph", random, 30),
    },
    Kind { name: "anchor", places: INSIDE, make: |words, _, random| anchor(words, random) },
    Kind { name: "disclaimer", places: LATE, make: |words, _, random| line(words, "disclaimer", random, 10) },
    Kind { name: "stamp", places: &[Before, End], make: |words, _, random| line(words, "stamp", random, 0) },
    Kind { name: "hotline", places: ANYWHERE, make: |words, _, random| line(words, "hotline", random, 10) },
    Kind { name: "follow", places: INSIDE, make: |words, _, random| line(words, "follow", random, 40) },
    Kind { name: "prev_next", places: LATE, make: |words, _, random| line(words, "prev_next", random, 70) },
    Kind { name: "related", places: INSIDE, make: |words, _, random| line(words, "related", random, 70) },
    Kind { name: "tags", places: LATE, make: |words, _, random| line(words, "tag_line", random, 50) },
    Kind { name: "footer", places: LATE, make: |words, _, random| line(words, "footer", random, 60) },
    Kind { name: "friend_links", places: LATE, make: |words, _, random| friends(words, random) },
    Kind { name: "share", places: ANYWHERE, make: |words, _, random| line(words, "share", random, 50) },
    Kind { name: "notice", places: ANYWHERE, make: |words, _, random| line(words, "notice", random, 30) },
    Kind { name: "credit", places: LATE, make: |words, _, random| credit(words, random) },
    Kind { name: "obfuscated", places: INSIDE, make: |words, _, random| obfuscated(words, random) },
];

impl Kind {
    /// Something of this kind.
    pub(super) fn plant(&self, words: &Words, other: &Words, random: &mut Random) -> Plant {
        (self.make)(words, other, random)
    }
}

fn line(words: &Words, list: &str, random: &mut Random, linked: usize) -> Plant {
    Plant::Line { text: words.draw(list, random), linked: random.percent(linked) }
}

/// Names of one pattern, or of two: a grid.
fn names(words: &Words, random: &mut Random, linked: bool) -> Plant {
    let services: Vec<String> = (0..random.between(1, 3)).map(|_| words.draw("service", random)).collect();
    let patterns: Vec<String> =
        (0..random.between(1, 2)).map(|_| words.pattern("farm_name", random)).collect();
    let mut items = Vec::new();
    for _ in 0..random.between(9, 40) {
        let service = random.pick(&services).clone();
        let name = random.pick(&patterns).replace("{service}", &service);
        items.push(words.fill(&name, random));
    }
    items.sort_by_key(|item| (item.len() * 31) % 7);
    items.dedup();
    Plant::Items { items, linked }
}

fn headlines(words: &Words, random: &mut Random, linked: bool) -> Plant {
    let mut items: Vec<String> = (0..random.between(8, 30)).map(|_| words.draw("headline", random)).collect();
    items.dedup();
    Plant::Items { items, linked }
}

fn friends(words: &Words, random: &mut Random) -> Plant {
    let label = words.draw("friend_label", random);
    let names: Vec<String> = (0..random.between(4, 9)).map(|_| words.draw("friend", random)).collect();
    let separator = *random.pick(&[" ", " | ", " · "]);
    Plant::Line { text: format!("{label} {}", names.join(separator)), linked: random.percent(50) }
}

/// Credits are a habit of Chinese pages; elsewhere the copyright line stands for them.
fn credit(words: &Words, random: &mut Random) -> Plant {
    if words.has("icp") {
        return line(words, "icp", random, 10);
    }
    let year = random.between(2009, 2024);
    let text = match random.below(2) {
        0 => format!("© {year} {}", words.draw("friend", random)),
        _ => format!("Copyright {year} {}", words.draw("friend", random)),
    };
    Plant::Line { text, linked: false }
}

fn anchor(words: &Words, random: &mut Random) -> Plant {
    let phrase = words.pattern("anchor_phrase", random);
    let (before, after) = phrase.split_once("{a}").unwrap_or_default();
    Plant::Anchor { before: before.to_owned(), text: words.draw("anchor", random), after: after.to_owned() }
}

fn obfuscated(words: &Words, random: &mut Random) -> Plant {
    let plain = words.draw("obfuscate", random);
    let join = |separator: &str| {
        plain.chars().filter(|c| !c.is_whitespace()).map(String::from).collect::<Vec<_>>().join(separator)
    };
    let text = match random.below(4) {
        0 => join(" "),
        1 if plain.is_ascii() => plain.chars().map(full_width).collect(),
        2 => join("\u{200b}"),
        3 if plain.is_ascii() => plain.chars().map(look_alike).collect(),
        _ => join("."),
    };
    Plant::Line { text, linked: random.percent(20) }
}

fn full_width(c: char) -> char {
    match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// Cyrillic letters that look like Latin ones.
fn look_alike(c: char) -> char {
    match c {
        'a' => 'а',
        'e' => 'е',
        'o' => 'о',
        'c' => 'с',
        'p' => 'р',
        _ => c,
    }
}
