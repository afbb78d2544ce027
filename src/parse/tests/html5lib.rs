//! The public conformance tests for tokenizers. Errors are not compared: the tokenizer reports none.

use std::cell::RefCell;
use std::path::PathBuf;

use html5ever::tokenizer::states::RawKind::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    CharacterTokens, CommentToken, DoctypeToken, EndTag, NullCharacterToken, StartTag, TagToken, Token,
    TokenSinkResult,
};
use serde_json::{Map, Value, json};

use super::tokenizer::Content;
use super::*;

/// Tests that do not apply, with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("xmlViolation.test", "asks for text that XML can hold; a tree is never written as XML"),
    ("<!---- >", "a proposal of 2012 that the standard did not take: the comment's text is \"-- >\""),
];

/// Collects tokens in the form of the tests.
#[derive(Default)]
struct Collector(RefCell<Vec<Value>>);

impl Collector {
    fn text(&self, text: &str) {
        let mut tokens = self.0.borrow_mut();
        if let Some(Value::Array(last)) = tokens.last_mut()
            && last[0] == "Character"
        {
            let joined = format!("{}{text}", last[1].as_str().expect("text is a string"));
            last[1] = json!(joined);
        } else {
            tokens.push(json!(["Character", text]));
        }
    }
}

impl TokenSink for Collector {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let token = match token {
            TagToken(tag) if tag.kind == StartTag => {
                let pair = |attr: &html5ever::Attribute| (attr.name.local.to_string(), json!(&*attr.value));
                let attrs: Map<_, _> = tag.attrs.iter().map(pair).collect();
                let mut token = vec![json!("StartTag"), json!(&*tag.name), Value::Object(attrs)];
                token.extend(tag.self_closing.then_some(json!(true)));
                Value::Array(token)
            }
            TagToken(tag) => {
                assert_eq!(tag.kind, EndTag);
                json!(["EndTag", &*tag.name])
            }
            DoctypeToken(doctype) => json!([
                "DOCTYPE",
                doctype.name.as_deref(),
                doctype.public_id.as_deref(),
                doctype.system_id.as_deref(),
                !doctype.force_quirks
            ]),
            CommentToken(text) => json!(["Comment", &*text]),
            CharacterTokens(text) => {
                self.text(&text);
                return TokenSinkResult::Continue;
            }
            NullCharacterToken => {
                self.text("\0");
                return TokenSinkResult::Continue;
            }
            _ => return TokenSinkResult::Continue,
        };
        self.0.borrow_mut().push(token);
        TokenSinkResult::Continue
    }
}

fn tokens(html: &str, content: Content, last_start: &str) -> Vec<Value> {
    let mut buffer = String::new();
    let html = normalise(html, &mut buffer);
    let collector = Collector::default();
    let mut scratch = Scratch::default();
    let pool = Pool::default();
    Tokenizer::new(html, &collector, &mut scratch, &pool).starting(content, last_start).run();
    collector.0.into_inner()
}

fn content(state: &str) -> Content {
    match state {
        "Data state" => Content::Markup,
        "PLAINTEXT state" => Content::Plain,
        "RCDATA state" => Content::Raw(Rcdata),
        "RAWTEXT state" => Content::Raw(Rawtext),
        "Script data state" => Content::Raw(ScriptData),
        "CDATA section state" => Content::Cdata,
        _ => panic!("unknown state {state}"),
    }
}

/// Takes one level of `\uXXXX` off every string; nothing if a string then holds half of a surrogate pair.
fn unescaped(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => {
            let quoted = text.replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
            serde_json::from_str(&format!("\"{quoted}\"")).ok()
        }
        Value::Array(values) => values.iter().map(unescaped).collect::<Option<_>>().map(Value::Array),
        Value::Object(map) => {
            let pair = |(key, value): (&String, &Value)| {
                let key = unescaped(&json!(key))?.as_str()?.to_owned();
                Some((key, unescaped(value)?))
            };
            map.iter().map(pair).collect::<Option<_>>().map(Value::Object)
        }
        _ => Some(value.clone()),
    }
}

/// Runs one test in all its states; tells how many, and what went wrong.
fn run(test: &Value, wrong: &mut Vec<String>) -> usize {
    let states = test.get("initialStates").cloned().unwrap_or_else(|| json!(["Data state"]));
    let states = states.as_array().expect("states are a list");
    let decoded = match test.get("doubleEscaped") {
        Some(Value::Bool(true)) => unescaped(&json!([test["input"], test["output"]])),
        _ => Some(json!([test["input"], test["output"]])),
    };
    // A `str` cannot hold half of a surrogate pair, so that no page can.
    let Some(decoded) = decoded else { return 0 };
    let input = decoded[0].as_str().expect("the input is a string");
    let last_start = test.get("lastStartTag").and_then(Value::as_str).unwrap_or_default();
    for state in states {
        let state = state.as_str().expect("a state is a string");
        let found = Value::Array(tokens(input, content(state), last_start));
        if found != decoded[1] {
            wrong.push(format!("{} in {state}: {input:?}\n  {found}\n  {}", test["description"], decoded[1]));
        }
    }
    states.len()
}

#[test]
fn tokenizer_tests_pass() {
    let Some(dir) = std::env::var_os("DEHUSK_HTML5LIB_TESTS").map(PathBuf::from) else { return };
    let (mut count, mut wrong, mut skipped) = (0, Vec::new(), Vec::new());
    let is_skipped = |name: &str| EXCEPTIONS.iter().find(|(known, _)| *known == name);
    for entry in std::fs::read_dir(&dir).expect("the directory can be read") {
        let path = entry.expect("its entries can be read").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("names are text").to_owned();
        if path.extension().is_none_or(|extension| extension != "test") {
            continue;
        }
        if let Some((known, _)) = is_skipped(&name) {
            skipped.push(*known);
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("the file can be read");
        let file: Value = serde_json::from_str(&text).expect("the file is JSON");
        for test in file["tests"].as_array().expect("the file holds tests") {
            match is_skipped(test["description"].as_str().unwrap_or_default()) {
                Some((known, _)) => skipped.push(*known),
                None => count += run(test, &mut wrong),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} fail:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 6000, "only {count} tests in {}", dir.display());
    assert_eq!(skipped.len(), EXCEPTIONS.len(), "exceptions that no longer apply: {skipped:?}");
}

#[test]
fn tokens_of_a_page() {
    let html = "<!DOCTYPE html><P Class='a&amp;b' CLASS=c x/>1 &lt; 2<!-- c --></p\n><br/><?x>";
    let expected = json!([
        ["DOCTYPE", "html", null, null, true],
        ["StartTag", "p", {"class": "a&b", "x": ""}, true],
        ["Character", "1 < 2"],
        ["Comment", " c "],
        ["EndTag", "p"],
        ["StartTag", "br", {}, true],
        ["Comment", "?x"]
    ]);
    assert_eq!(Value::Array(tokens(html, Content::Markup, "")), expected);
}

#[test]
fn tags_that_the_page_cuts_off_are_none() {
    for html in ["<a", "<a b", "<a b=", "<a b='c", "<a b='c'", "<a /", "</a "] {
        assert_eq!(tokens(html, Content::Markup, ""), Vec::<Value>::new(), "{html}");
    }
    assert_eq!(tokens("a<", Content::Markup, ""), [json!(["Character", "a<"])]);
    assert_eq!(tokens("a</", Content::Markup, ""), [json!(["Character", "a</"])]);
}
