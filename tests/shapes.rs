//! One page of spam in every shape in which sites deliver such a page: the report stays whole and the spam goes,
//! whatever the markup is or was.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use dehusk::{Cleaner, Hints};

/// A sample whose lines are a hotline, a byline, a report, a notice, a stamp, a farm of names and a list of headlines.
const SAMPLE: &str = "samples/spam/zh-report-text";

/// Its headline and byline.
const HEAD: std::ops::Range<usize> = 1..3;

/// What the shapes are made of.
struct Report {
    /// All lines of the page, with their gaps.
    lines: Vec<String>,
    /// The lines of the report.
    body: Vec<String>,
}

impl Report {
    fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE);
        let lines = |name: &str| {
            let text = fs::read_to_string(folder.join(name)).expect("the sample is part of the repository");
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        Self { lines: lines("page.txt"), body: lines("gold.txt") }
    }

    /// The lines as markup, gaps as no-break spaces.
    fn markup(&self) -> Vec<String> {
        self.lines.iter().map(|line| line.replace("  ", "&nbsp;&nbsp;")).collect()
    }

    /// The lines behind the report as blocks of links, the names on one line each in a block of its own.
    fn linked(&self) -> String {
        let last =
            self.lines.iter().rposition(|line| self.body.contains(line)).expect("the page holds the report");
        let mut page = String::new();
        for (at, line) in self.lines.iter().enumerate() {
            if at <= last {
                let _ = write!(page, "<div>{line}</div>");
                continue;
            }
            let names = line.split("    ").map(str::trim).filter(|name| !name.is_empty());
            let link = |(entry, name)| format!("<div><a href=/{at}/{entry}>{name}</a></div>");
            let _ = write!(page, "<div>{}</div>", names.enumerate().map(link).collect::<Vec<_>>().join(" "));
        }
        page
    }

    /// What is wrong with a cleaned text, if anything.
    fn faults(&self, text: &str) -> Vec<String> {
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        let (whole, body) = (squeezed(text), squeezed(&self.body.concat()));
        let lost = self.body.iter().filter(|line| !whole.contains(&squeezed(line)));
        // The headline and the byline are not spam.
        let allowed = body + &squeezed(&self.lines[HEAD].concat());
        let left =
            text.lines().filter(|line| !allowed.contains(&squeezed(line.trim_matches([' ', '|', '\t']))));
        lost.map(|line| format!("lost {line}")).chain(left.map(|line| format!("left {line}"))).collect()
    }
}

#[test]
fn a_spammed_report_stays_whole_in_every_shape() {
    let report = Report::read();
    let lines = report.markup();
    let each = |open: &str, close: &str| {
        lines.iter().map(|l| format!("{open}{l}{close}")).collect::<Vec<_>>().concat()
    };
    let shapes = [
        ("breaks", format!("<div>{}</div>", lines.join("<br>\n"))),
        ("paragraphs", each("<p>", "</p>\n")),
        ("cells", format!("<table>{}</table>", each("<tr><td>", "</td></tr>"))),
        ("one cell on one line", format!("<table><tr><td>{}</td></tr></table>", lines.join("<br/>"))),
        ("nested blocks of links", format!("<div class=wrap><div>{}</div></div>", report.linked())),
    ];
    let page =
        |body| format!("<!doctype html><html><head><meta charset=utf-8></head><body>{body}</body></html>");
    let pages = shapes.into_iter().map(|(name, body)| (name, page(body)));
    let mut wrong = String::new();
    for (name, page) in pages.chain([("text", report.lines.join("\n\n"))]) {
        let cleaned = Cleaner::default().clean(page.as_bytes(), Hints::default());
        for fault in report.faults(&cleaned.text()) {
            let _ = writeln!(wrong, "{name}: {fault}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
