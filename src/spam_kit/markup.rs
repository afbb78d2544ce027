//! Gives a plant its looks: strings come in, HTML or lines of text go out.
//!
//! The same strings are written as siblings, as one line, with breaks, in cells, numbered or not, bold or not, linked
//! or not, because a rule that knows one of these looks knows nothing.

use super::kinds::Plant;
use super::random::Random;
use super::words::Half;

/// How the entries of a list are written in HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Bullets,
    Numbered,
    Paragraphs,
    Blocks,
    Breaks,
    OneLine,
    Row,
    Column,
    Spans,
    Terms,
}

const LISTS: &[List] = &[
    List::Bullets,
    List::Paragraphs,
    List::OneLine,
    List::Breaks,
    List::Row,
    List::Numbered,
    List::Blocks,
    List::Column,
    List::Spans,
    List::Terms,
];

/// What parts entries on one line, in HTML and in text.
const SEPARATORS: &[(&str, &str)] = &[
    (" | ", " | "),
    ("&nbsp;&nbsp;&nbsp;&nbsp;", "    "),
    ("&nbsp;&middot; ", " · "),
    ("\u{3000}", "\u{3000}"),
    (" / ", " / "),
    ("&nbsp;|&nbsp;", "|"),
];

/// What stands before an entry.
const NUMBERS: &[&str] = &["", "", "{}. ", "", "{}、", "[{}] ", "({}) ", "• "];

/// How a line is written in HTML.
const LINES: &[(&str, &str)] = &[
    ("<p>", "</p>"),
    ("<div>", "</div>"),
    ("<br>", ""),
    ("<p><strong>", "</strong></p>"),
    ("<div class=\"c-note\"><span>", "</span></div>"),
    ("<table><tr><td>", "</td></tr></table>"),
    ("<ul><li>", "</li></ul>"),
    ("<section><p><em>", "</em></p></section>"),
    ("<p style=\"text-align:center\"><font color=\"#333\">", "</font></p>"),
];

/// A plant in HTML, and the name of its look.
pub(super) fn html(plant: &Plant, half: Half, random: &mut Random) -> (String, String) {
    match plant {
        Plant::Items { items, linked } => list(items, *linked, half, random),
        Plant::Line { text, linked } => {
            let (open, close) = *random.pick(&half.of(LINES));
            let name = open.trim_matches(['<', '>']).replace("><", " ");
            (format!("{open}{}{close}", link(&escape(text), *linked, random)), name)
        }
        Plant::Anchor { before, text, after } => {
            let anchor = link(&escape(text), true, random);
            (format!("{}{anchor}{}", escape(before), escape(after)), "a".to_owned())
        }
    }
}

/// A plant as lines of text, and the name of its look.
pub(super) fn lines(plant: &Plant, half: Half, random: &mut Random) -> (String, String) {
    let items = match plant {
        Plant::Items { items, .. } => items,
        Plant::Line { text, .. } => return (text.clone(), "line".to_owned()),
        Plant::Anchor { before, text, after } => {
            return (format!("{before}{text}{after}"), "words".to_owned());
        }
    };
    if random.percent(40) {
        let (_, separator) = *random.pick(&half.of(SEPARATORS));
        return (items.join(separator), format!("one line, {separator:?}"));
    }
    let number = *random.pick(&half.of(NUMBERS));
    let gap = if random.percent(30) { "\n\n" } else { "\n" };
    let lines: Vec<String> =
        (1..).zip(items).map(|(at, item)| format!("{}{item}", numbered(number, at))).collect();
    (lines.join(gap), format!("lines {number:?}"))
}

fn list(items: &[String], linked: bool, half: Half, random: &mut Random) -> (String, String) {
    let look = *random.pick(&half.of(LISTS));
    let (separator, _) = *random.pick(&half.of(SEPARATORS));
    let number = *random.pick(&half.of(NUMBERS));
    let bold = random.percent(15);
    let mut entries = Vec::new();
    for (at, item) in (1..).zip(items) {
        let entry = link(&escape(item), linked, random);
        let entry = if bold { format!("<b>{entry}</b>") } else { entry };
        let plain = matches!(look, List::Bullets | List::Numbered | List::OneLine | List::Spans);
        entries.push(if plain { entry } else { format!("{}{entry}", numbered(number, at)) });
    }
    let wrap = |open: &str, close: &str| -> String {
        entries.iter().flat_map(|entry| [open, entry, close, "\n"]).collect()
    };
    let html = match look {
        List::Bullets => format!("<ul>{}</ul>", wrap("<li>", "</li>")),
        List::Numbered => format!("<ol>{}</ol>", wrap("<li>", "</li>")),
        List::Paragraphs => wrap("<p>", "</p>"),
        List::Blocks => format!("<div class=\"box\">{}</div>", wrap("<div>", "</div>")),
        List::Breaks => format!("<div>{}</div>", entries.join("<br>\n")),
        List::OneLine => format!("<p>{}</p>", entries.join(separator)),
        List::Row => {
            let row = |row: &[String]| format!("<tr><td>{}</td></tr>", row.join("</td><td>"));
            format!("<table>{}</table>", entries.chunks(5).map(row).collect::<String>())
        }
        List::Column => format!("<table>{}</table>", wrap("<tr><td>", "</td></tr>")),
        List::Spans => format!("<div>{}</div>", wrap("<span>", "</span>")),
        List::Terms => format!("<dl>{}</dl>", wrap("<dd>", "</dd>")),
    };
    (html, format!("{look:?}"))
}

fn numbered(number: &str, at: usize) -> String {
    number.replace("{}", &at.to_string())
}

fn link(text: &str, linked: bool, random: &mut Random) -> String {
    if !linked {
        return text.to_owned();
    }
    let (host, page) = (random.between(10, 99), random.between(1000, 99_999));
    match random.below(3) {
        0 => format!("<a href=\"/news/{page}.html\">{text}</a>"),
        1 => format!("<a href=\"https://site{host}.example/\" target=\"_blank\">{text}</a>"),
        _ => {
            format!("<a href='https://s{host}.example/p/{page}' rel=\"nofollow\" title=\"{text}\">{text}</a>")
        }
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
