//! The tree must be the one that html5ever's own tokenizer gives, without a guard, through the same sink.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{ParseError, Token, TokenSinkResult, TokenizerOpts};
use proptest::prelude::*;

use super::*;

/// The tree builder without the tokenizer's errors: html5ever takes one between `<pre>` and a line feed for a token
/// and then keeps the line feed, against the standard.
struct WithoutErrors<S>(S);

impl<S: TokenSink> TokenSink for WithoutErrors<S> {
    type Handle = S::Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<S::Handle> {
        match token {
            ParseError(_) => TokenSinkResult::Continue,
            token => self.0.process_token(token, line),
        }
    }

    fn end(&self) {
        self.0.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.0.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// Parses a document with html5ever's tokenizer.
fn parse_reference(html: &str) -> Dom {
    let pool = Pool::default();
    let sink = WithoutErrors(builder(Sink::new(Dom::default(), &pool)));
    // A mark at the start of the page goes; html5ever would drop one behind each script, too.
    let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
    let tokenizer = html5ever::tokenizer::Tokenizer::new(sink, options);
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html.strip_prefix('\u{feff}').unwrap_or(html)));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.0.sink.finish()
}

/// Whether a node is the text of a script that is no data: our tokenizer keeps only those that are read.
fn is_of_script(dom: &Dom, id: NodeId) -> bool {
    let above = dom.parent(id).filter(|&above| dom.tag(above) == Tag::Script);
    above.is_some_and(|above| !dom.attr(above, Attr::Type).is_some_and(vocabulary::is_json_ld))
}

/// The tree with its attributes, a node a line; text that stands in several nodes side by side is one.
fn dump(dom: &Dom) -> String {
    let mut out = String::new();
    let mut depth = 0;
    let mut text_of = None;
    let mut last = Dom::ROOT;
    for id in dom.descendants(Dom::ROOT) {
        if dom.parent(id) == Some(last) {
            depth += 1;
        } else {
            let mut up = last;
            while dom.parent(up) != dom.parent(id) {
                up = dom.parent(up).expect("descendants come in document order");
                depth -= 1;
            }
        }
        last = id;
        match dom.piece(id) {
            Some(Piece::Text(_)) if is_of_script(dom, id) => continue,
            Some(Piece::Text(text)) => {
                if text_of != dom.parent(id) {
                    let _ = write!(out, "\n{:depth$}", "");
                }
                let _ = write!(out, "{text:?}");
                text_of = dom.parent(id);
                continue;
            }
            _ => {
                let _ = write!(out, "\n{:depth$}<{}", "", dom.tag(id).name());
            }
        }
        text_of = None;
        for (name, value) in dom.attributes(id) {
            let _ = write!(out, " {}={value:?}", name.local_name());
        }
    }
    out.replace("\"\"", "")
}

/// Where two trees part.
fn difference(html: &str) -> Option<String> {
    let ours = parse(html, &Limits::default());
    let (ours, theirs) = (dump(&ours), dump(&parse_reference(html)));
    if ours == theirs {
        return None;
    }
    let line = ours.lines().zip(theirs.lines()).position(|(a, b)| a != b);
    let line = line.unwrap_or(ours.lines().count().min(theirs.lines().count()));
    let from = line.saturating_sub(3);
    let show = |dump: &str| {
        let lines = dump.lines().skip(from).take(6);
        lines.map(|line| line.chars().take(200).collect()).collect::<Vec<String>>().join("\n")
    };
    Some(format!("line {line}\nours:\n{}\ntheirs:\n{}", show(&ours), show(&theirs)))
}

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(dir)
        .expect("the directory can be read")
        .map(|entry| entry.expect("its entries can be read").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|it| it == "html" || it == "htm") {
            found.push(path);
        }
    }
}

#[test]
fn same_trees_on_pages() {
    let named = std::env::var_os("DEHUSK_PAGES").map(PathBuf::from);
    let dir = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("samples"));
    let mut pages = Vec::new();
    if dir.is_dir() {
        files(&dir, &mut pages);
    }
    let mut wrong = Vec::new();
    let mut most_work = (0, PathBuf::new());
    for path in &pages {
        let bytes = std::fs::read(path).expect("the page can be read");
        let html: Cow<'_, str> = String::from_utf8_lossy(&bytes);
        if let Some(difference) = difference(&html) {
            wrong.push(format!("{}: {difference}", path.display()));
        }
        let mut parser = Parser::default();
        parser.parse_into(&mut Dom::default(), &html, &Limits::default());
        let share = parser.work() * 100 / guard::most_work(html.len());
        most_work = most_work.max((share, path.clone()));
    }
    let [count, bad] = [pages.len(), wrong.len()];
    assert!(wrong.is_empty(), "{bad} of {count} pages differ:\n{}", wrong.join("\n"));
    // Half of what the guard allows leaves room for the next page.
    assert!(most_work.0 <= 50, "{} takes {} % of the work it may", most_work.1.display(), most_work.0);
}

/// Pieces of markup that go wrong in interesting ways when put together.
const SOUP: &[&str] = &[
    "<a href=1>",
    "<a href=1 rel=x>",
    "</a>",
    "<b>",
    "<b id=1>",
    "<b x=1>",
    "<b x='1'>",
    "</b>",
    "<i>",
    "</i>",
    "<p>",
    "</p>",
    "<div class=c>",
    "</div>",
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</table>",
    "<caption>",
    "<col>",
    "<ul>",
    "<li>",
    "</ul>",
    "<h1>",
    "</h2>",
    "<select>",
    "<option>",
    "</select>",
    "<form>",
    "</form>",
    "<button>",
    "</button>",
    "<pre>",
    "<textarea>",
    "</textarea>",
    "<title>",
    "</title>",
    "<script>",
    "</script>",
    "<script type=application/ld+json>",
    "<style>",
    "</style>",
    "<!--",
    "-->",
    "--!>",
    "<![CDATA[",
    "]]>",
    "<svg>",
    "<svg/>",
    "</svg>",
    "<math>",
    "<mi>",
    "<annotation-xml encoding=text/html>",
    "<annotation-xml>",
    "</math>",
    "<foreignObject>",
    "<desc>",
    "<font>",
    "<font size=1>",
    "<font color=red>",
    "<template>",
    "</template>",
    "<body id=2>",
    "<html lang=x>",
    "<head>",
    "</head>",
    "</body>",
    "</html>",
    "<frameset>",
    "<frame>",
    "<noscript>",
    "</noscript>",
    "<noframes>",
    "<iframe>",
    "</iframe>",
    "<plaintext>",
    "<object>",
    "</object>",
    "<marquee>",
    "<br>",
    "</br>",
    "<img src=x alt=y>",
    "<input type=hidden>",
    "<input>",
    "<hr/>",
    "<nobr>",
    "<xmp>",
    "</xmp>",
    "<ruby>",
    "<rt>",
    "<dd>",
    "<meta charset=x>",
    "<!doctype html>",
    "<!DOCTYPE x PUBLIC '-//W3C//DTD HTML 3.2//EN'>",
    "<!x>",
    "<?x>",
    "</>",
    "</ x>",
    "<",
    "</",
    "<a",
    "<a b=",
    "<a b='",
    "&amp;",
    "&ampx",
    "&notin;",
    "&noti",
    "&#65",
    "&#x;",
    "&#0;",
    "&",
    "\0",
    "\r\n",
    "\r",
    "\n",
    " ",
    "x",
    "é漢",
    "\u{feff}",
    "</SCRIPT\t>",
    "<!--<script>",
    "<P\0 \0=\0>",
    "<Custom-Element title='&lt;&copy=1'>",
    "<b/>",
    "'",
    "\"",
    ">",
    "=",
    "/",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn same_trees_on_tag_soup(pieces in prop::collection::vec(prop::sample::select(SOUP), 0..40)) {
        let html = pieces.concat();
        prop_assert_eq!(difference(&html), None, "{:?}", html);
    }

    #[test]
    fn same_trees_on_any_text(html in "[<>/!a-b&;#'\"= \0\r\n-]{0,40}") {
        prop_assert_eq!(difference(&html), None, "{:?}", html);
    }
}
