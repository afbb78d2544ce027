//! JSON-LD: what a page tells search engines.
//!
//! Only the page's own entities are read: the top level, `@graph`, `mainEntity`. Comments, related articles and list
//! items hang on other keys. Broken JSON is mended where the mistake is a common one, else skipped.

mod value;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::collect::Collected;
use super::dates::{self, Order};
use super::{Candidates, folded, rank, title};
use value::{Entity, Value};

/// Bytes of all scripts together that are parsed.
const MAX_BYTES: usize = 2 << 20;

/// Entities that are looked at.
const MAX_ENTITIES: usize = 1000;

/// Values of names by the ids of their entities, which others refer to.
type Named<'a> = BTreeMap<&'a str, &'a Value<'a>>;

/// Reads all scripts.
pub(super) fn read(collected: &Collected<'_>, page_title: &str, order: Order, candidates: &mut Candidates) {
    let mut left = MAX_BYTES;
    let mended = vec![OnceCell::new(); collected.scripts.len()];
    let mut roots = Vec::new();
    for (script, mended) in collected.scripts.iter().zip(&mended) {
        let Some(rest) = left.checked_sub(script.len()) else { continue };
        left = rest;
        roots.extend(parse(script, mended));
    }
    let entities = entities(&roots);
    let named = named(&entities);
    let articles = || entities.iter().filter(|entity| is_article(entity));
    let titles: OnceCell<Vec<String>> = OnceCell::new();
    let titles = || {
        let all = || collected.headings.iter().take(20).map(String::as_str).chain([page_title]);
        titles.get_or_init(|| all().map(title::key).collect())
    };
    let about_page = articles().find(|entity| {
        let headline =
            text(entity.get("headline").or(entity.get("name"))).map(|headline| title::key(&headline));
        headline.is_some_and(|key| key.len() > 8 && titles().iter().any(|title| title.contains(&key)))
    });
    // Several articles that the title does not tell apart are a list of teasers.
    let article = about_page.or_else(|| articles().next().filter(|_| articles().count() <= 2));
    if let Some(article) = article {
        describe(article, &named, order, rank::ARTICLE, candidates);
    }
    for entity in entities.iter().filter(|entity| has_type(entity, "WebPage") || has_type(entity, "ItemPage"))
    {
        describe(entity, &named, order, rank::WEB_PAGE, candidates);
    }
    for entity in entities.iter().filter(|entity| has_type(entity, "WebSite")) {
        if let Some(name) = text(entity.get("name")) {
            candidates.site_name.add(name, "JSON-LD WebSite", rank::MICRODATA);
        }
    }
}

/// What an entity says of itself.
fn describe(entity: &Entity<'_>, named: &Named<'_>, order: Order, rank: u8, candidates: &mut Candidates) {
    const ORIGIN: &str = "JSON-LD";
    let date = |key: &str| text(entity.get(key)).and_then(|value| dates::parse(&value, order));
    let headline = text(entity.get("headline")).or_else(|| text(entity.get("name")));
    candidates.headline.extend(headline.map(|value| candidate(value, rank)));
    let author = entity.get("author").or_else(|| entity.get("creator"));
    let author = author.map(|author| people(author, named)).filter(|names| !names.is_empty());
    candidates.author.extend(author.map(|names| candidate(names.join("; "), rank)));
    let first = date("datePublished").or_else(|| date("dateCreated")).or_else(|| date("uploadDate"));
    if let Some(date) = first {
        candidates.published.add(date, ORIGIN, rank);
    }
    if let Some(date) = date("dateModified") {
        candidates.modified.add(date, ORIGIN, rank);
    }
    let publisher = entity.get("publisher").map(|publisher| people(publisher, named)).unwrap_or_default();
    candidates.site_name.extend(publisher.into_iter().next().map(|value| candidate(value, rank::MICRODATA)));
}

fn candidate(value: String, rank: u8) -> super::Candidate<String> {
    super::Candidate { value, origin: "JSON-LD", rank }
}

/// The entities of the page itself.
fn entities<'r, 'a>(roots: &'r [Value<'a>]) -> Vec<&'r Entity<'a>> {
    let mut found = Vec::new();
    let mut open: Vec<&Value<'_>> = roots.iter().rev().collect();
    while let Some(value) = open.pop() {
        if found.len() >= MAX_ENTITIES {
            break;
        }
        match value {
            Value::List(values) => open.extend(values.iter().rev().take(MAX_ENTITIES)),
            Value::Entity(entity) => {
                found.push(entity);
                open.extend(
                    ["mainEntityOfPage", "mainEntity", "@graph"].iter().filter_map(|key| entity.get(key)),
                );
            }
            _ => {}
        }
    }
    found
}

/// The names of those entities that have both id and name.
fn named<'a>(entities: &[&'a Entity<'a>]) -> Named<'a> {
    let pair = |entity: &&'a Entity<'a>| {
        let name = entity.get("name")?;
        plain(Some(name)).and(Some((entity.get("@id")?.as_str()?, name)))
    };
    entities.iter().filter_map(pair).collect()
}

fn types<'e>(entity: &'e Entity<'_>) -> impl Iterator<Item = &'e str> {
    let listed = entity.get("@type").map_or(&[][..], Value::listed);
    listed.iter().filter_map(Value::as_str).map(|name| name.rsplit(['/', ':', '#']).next().unwrap_or(name))
}

fn has_type(entity: &Entity<'_>, name: &str) -> bool {
    types(entity).any(|found| found == name)
}

/// Whether the entity is a text with an author and a date.
fn is_article(entity: &Entity<'_>) -> bool {
    types(entity).any(|name| {
        name.ends_with("Article")
            || name.ends_with("Posting")
            || matches!(
                name,
                "Report" | "Recipe" | "HowTo" | "Question" | "CreativeWork" | "Review" | "Guide" | "Course"
            )
    })
}

/// A string, or what stands for one.
fn text(value: Option<&Value<'_>>) -> Option<String> {
    plain(value).map(|text| folded(&text))
}

/// The same as it stands there.
fn plain<'v>(value: Option<&'v Value<'_>>) -> Option<Cow<'v, str>> {
    let value = match value? {
        Value::List(values) => values.first()?,
        value => value,
    };
    let value = match value {
        Value::Entity(inner) => inner.get("@value").or_else(|| inner.get("name"))?,
        value => value,
    };
    let text = match value {
        Value::Text(text) => Cow::Borrowed(&**text),
        Value::Number(number) => Cow::Owned(number.to_string()),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

/// The names of people and organisations: strings, entities, references, or lists of them. Organisations count only
/// where there are no people.
fn people(value: &Value<'_>, named: &Named<'_>) -> Vec<String> {
    let listed = value.listed();
    let is_organisation =
        |value: &Value<'_>| matches!(value, Value::Entity(entity) if has_type(entity, "Organization"));
    let only_people = listed.iter().any(|value| !is_organisation(value));
    let mut found = Vec::new();
    for value in listed.iter().filter(|value| !only_people || !is_organisation(value)).take(MAX_ENTITIES) {
        if let Some(name) = person(value, named).filter(|name| !found.contains(name)) {
            found.push(name);
        }
    }
    found
}

fn person(value: &Value<'_>, named: &Named<'_>) -> Option<String> {
    let Value::Entity(entity) = value else { return text(Some(value)) };
    let name = text(entity.get("name"));
    let parts = || {
        let (given, family) = (text(entity.get("givenName"))?, text(entity.get("familyName"))?);
        Some(format!("{given} {family}"))
    };
    let referred = || text(named.get(entity.get("@id")?.as_str()?).copied());
    name.or_else(parts).or_else(referred)
}

/// The values of a script, with the usual mistakes mended, which takes a script of its own.
fn parse<'a>(script: &'a str, mended: &'a OnceCell<String>) -> Vec<Value<'a>> {
    let script =
        script.trim().trim_start_matches("<!--").trim_end_matches("-->").trim().trim_end_matches(';');
    match stream(script) {
        (values, true) => values,
        (values, false) => {
            let (mended, _) = stream(mended.get_or_init(|| mend(script)));
            if mended.len() > values.len() { mended } else { values }
        }
    }
}

/// The values one after another, and whether all could be read.
fn stream(script: &str) -> (Vec<Value<'_>>, bool) {
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(script).into_iter() {
        match value {
            Ok(value) => values.push(value),
            Err(_) => return (values, false),
        }
    }
    (values, true)
}

/// Escapes line ends in strings, and leaves out comments around the data and commas before a closing bracket.
fn mend(script: &str) -> String {
    let script =
        script.replace("//<![CDATA[", "").replace("//]]>", "").replace("<![CDATA[", "").replace("]]>", "");
    let mut out = String::with_capacity(script.len());
    let (mut in_string, mut escaped) = (false, false);
    for c in script.chars() {
        if in_string {
            match c {
                '\n' => out.push_str("\\n"),
                '\0'..='\x1F' => out.push(' '),
                _ => out.push(c),
            }
            in_string = c != '"' || escaped;
            escaped = c == '\\' && !escaped;
            continue;
        }
        if matches!(c, '}' | ']') {
            let kept = out.trim_end().trim_end_matches(',').len();
            out.truncate(kept);
        }
        in_string = c == '"';
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(scripts: &[&str]) -> Candidates {
        let mut candidates = Candidates::default();
        let collected = Collected { scripts: scripts.to_vec(), ..Collected::default() };
        read(&collected, "Tides and moons", Order::Unknown, &mut candidates);
        candidates
    }

    fn author(scripts: &[&str]) -> Option<String> {
        read_all(scripts).author.best().map(|best| best.value.clone())
    }

    #[test]
    fn an_article_in_a_graph() {
        let script = r##"{"@graph":[{"@type":"WebSite","name":"The Shore"},{"@type":"Person","@id":"#p","name":"Ann Sand"},
            {"@type":["NewsArticle"],"headline":"Tides and moons","author":[{"@id":"#p"},{"@type":"Person","name":"Bo Ebb"}],
             "datePublished":"2021-02-03T04:05:06Z","dateModified":"2021-03-04"}]}"##;
        let found = read_all(&[script]);
        assert_eq!(found.author.best().map(|a| a.value.as_str()), Some("Ann Sand; Bo Ebb"));
        assert_eq!(found.published.best().map(|a| a.value.to_string()).as_deref(), Some("2021-02-03"));
        assert_eq!(found.modified.best().map(|a| a.value.to_string()).as_deref(), Some("2021-03-04"));
        assert_eq!(found.site_name.best().map(|a| a.value.as_str()), Some("The Shore"));
    }

    #[test]
    fn broken_json_is_mended() {
        let script = "//<![CDATA[\n{\"@type\":\"Article\",\"description\":\"two\nlines\",\"author\":\"Ann Sand\",}\n//]]>";
        assert_eq!(author(&[script]).as_deref(), Some("Ann Sand"));
        assert_eq!(
            author(&["{\"@type\":\"Article\",\"author\":\"Ann Sand\"} {\"a\":1}"]).as_deref(),
            Some("Ann Sand")
        );
        assert_eq!(author(&["{\"@type\":", "", "[]", "nonsense"]), None);
    }

    #[test]
    fn people_before_organisations_and_others_are_left_alone() {
        let script = r#"{"@type":"BlogPosting","author":[{"@type":"Organization","name":"Shore Ltd"},{"name":"Ann Sand"}],
            "comment":[{"@type":"Comment","author":"Troll"}]}"#;
        assert_eq!(author(&[script]).as_deref(), Some("Ann Sand"));
        let teasers = r#"[{"@type":"Article","author":"A"},{"@type":"Article","author":"B"},{"@type":"Article","author":"C"}]"#;
        assert_eq!(author(&[teasers]), None);
    }

    #[test]
    fn hostile_scripts_are_bounded() {
        let deep = "[".repeat(1 << 20);
        let wide = format!("[{}0]", "{},".repeat(300_000));
        let huge = format!("{{\"@type\":\"Article\",\"author\":\"A\",\"x\":\"{}\"}}", "y".repeat(MAX_BYTES));
        let commas = ",]".repeat(1 << 18);
        assert_eq!(author(&[&deep, &wide, &huge, &commas]), None);
    }
}
