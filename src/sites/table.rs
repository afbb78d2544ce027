//! The file of sites: host patterns with selectors, from TOML, compiled.
//!
//! In: the text of a file and its name for messages. Out: [`Sites`], or an error that names the file, the line, the
//! site and the key. It is checked as a whole when it is read, so that a run does not stumble over a selector in its
//! third hour. Which elements a selector matches is not asked here.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use globset::{Glob, GlobSet, GlobSetBuilder};
use scraper::Selector;
use serde::Deserialize;
use toml::{Spanned, Value};
use xxhash_rust::xxh3::xxh3_64;

use super::select;
use super::{Prescription, Selected};
use crate::address::{host, readable};
use crate::config::closest;
use crate::error::Error;
use crate::lexicon::Lexicon;
use crate::metadata;
use crate::page::{Hints, SiteNote, SiteUse};
use crate::parse::Dom;

/// The keys of a site.
const KEYS: [&str; 6] = ["host", "body", "title", "author", "date", "drop"];

/// Rules for the pages of certain sites: which elements are the body, the title, the author and the date, and which
/// go. Compiled once, then shared by all threads.
///
/// ```
/// use dehusk::{Cleaner, Hints, Sites};
///
/// let rules = "[[site]]\nhost = '*.example.org'\nbody = '.story'\ndrop = '.share'\n";
/// let cleaner = Cleaner::default().with_sites(Sites::parse(rules, "sites.toml".as_ref())?);
/// let page = "<p>Menu<div class=story><p>High tide.<p class=share>Share this</div>";
/// let hints = Hints { url: Some("https://news.example.org/tides"), ..Hints::default() };
/// assert_eq!(cleaner.clean(page.as_bytes(), hints).text(), "High tide.");
/// # Ok::<(), dehusk::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Sites {
    rules: Vec<Site>,
    hosts: GlobSet,
    /// The site of each pattern.
    owners: Vec<usize>,
    hash: Option<u64>,
}

/// The rules of one site. Of a list of selectors the first that matches counts, but for those of `drop`.
#[derive(Debug, Default)]
pub(super) struct Site {
    /// Its patterns, for people.
    pub(super) host: String,
    pub(super) body: Vec<Pattern>,
    pub(super) title: Vec<Pattern>,
    pub(super) author: Vec<Pattern>,
    pub(super) date: Vec<Pattern>,
    pub(super) drop: Vec<Pattern>,
}

/// A selector.
#[derive(Debug)]
pub(super) struct Pattern {
    /// As it was written.
    pub(super) text: Arc<str>,
    pub(super) selector: Selector,
}

impl Sites {
    /// Reads a file of sites.
    ///
    /// # Errors
    ///
    /// [`Error::Read`] if it cannot be read, and the errors of [`parse`](Self::parse).
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|source| Error::open(path, source))?;
        Self::parse(&text, path)
    }

    /// Takes the text of such a file; the path is for messages.
    ///
    /// # Errors
    ///
    /// [`Error::File`] with the line, the site and the key if it is no valid TOML, has an unknown key, a pattern that
    /// is no host, or a selector that is none.
    pub fn parse(text: &str, path: &Path) -> Result<Self, Error> {
        let refused = |(at, reason): Refusal| Error::File {
            path: path.to_owned(),
            line: Some(text[..at.min(text.len())].matches('\n').count() + 1),
            reason,
        };
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            refused((at, error.message().trim().to_owned()))
        })?;
        let mut sites = Self { hash: Some(xxh3_64(text.as_bytes())), ..Self::default() };
        let mut hosts = GlobSetBuilder::new();
        for table in file.site {
            let globs = sites.add(table).map_err(refused)?;
            for glob in globs {
                hosts.add(glob);
            }
        }
        sites.hosts = hosts.build().map_err(|error| refused((0, error.to_string())))?;
        Ok(sites)
    }

    /// Adds a site; returns its patterns.
    fn add(&mut self, table: Spanned<Table>) -> Result<Vec<Glob>, Refusal> {
        let start = table.span().start;
        let number = self.rules.len() + 1;
        let table = table.into_inner();
        let named = table.iter().find(|(key, _)| key.get_ref() == "host");
        let (host_at, hosts) = match named {
            Some((key, value)) => (value.span().start, strings(key, value)?),
            None => return Err((start, format!("site {number}: host is missing"))),
        };
        let name = hosts.join(", ");
        let mut site = Site { host: name.clone(), ..Site::default() };
        let mut keys: Vec<_> = table.iter().collect();
        keys.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in keys {
            let within = |(at, reason): Refusal| (at, format!("site `{name}`: {reason}"));
            site.set(key, value).map_err(within)?;
        }
        if site.is_empty() {
            let keys = KEYS[1..].join(", ");
            return Err((start, format!("site `{name}`: it has no selectors; there are {keys}")));
        }
        let mut globs = Vec::new();
        for host in &hosts {
            let refused = |reason: String| (host_at, format!("site `{name}`: host: {reason}"));
            globs.extend(patterns(host).map_err(refused)?);
        }
        self.owners.resize(self.owners.len() + globs.len(), self.rules.len());
        self.rules.push(site);
        Ok(globs)
    }

    /// A hash of the file; nothing if there is none.
    pub(crate) fn hash(&self) -> Option<u64> {
        self.hash
    }

    /// The rules of a host: of the first site with a pattern that fits.
    fn of_host(&self, host: &str) -> Option<&Site> {
        let first = self.hosts.matches(readable(host)).into_iter().min()?;
        self.rules.get(self.owners[first])
    }

    /// What is said of a page without markup.
    pub(crate) fn of_text(&self, hints: &Hints<'_>) -> Option<Prescription> {
        let site = self.of_host(hints.url.and_then(host)?)?;
        let about = SiteUse { host: site.host.clone(), notes: vec![SiteNote::PlainText] };
        Some(Prescription { about, ..Prescription::default() })
    }

    /// What the rules of a page's site match on it. Where the page came from is known from the caller, or else the
    /// page says so itself.
    pub(crate) fn select(
        &self,
        dom: &Dom,
        html: &str,
        hints: &Hints<'_>,
        lexicon: &Lexicon,
    ) -> Option<Selected> {
        if self.rules.is_empty() {
            return None;
        }
        let site = match hints.url.and_then(host) {
            Some(host) => self.of_host(host),
            None => self.of_host(host(&metadata::address_in(dom, lexicon)?)?),
        };
        site.map(|site| select::select(site, dom, html))
    }
}

/// What is wrong, and at which byte of the file.
type Refusal = (usize, String);

type Table = BTreeMap<Spanned<String>, Spanned<Value>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    site: Vec<Spanned<Table>>,
}

impl Site {
    fn set(&mut self, key: &Spanned<String>, value: &Spanned<Value>) -> Result<(), Refusal> {
        let list = match key.get_ref().as_str() {
            "host" => return Ok(()),
            "body" => &mut self.body,
            "title" => &mut self.title,
            "author" => &mut self.author,
            "date" => &mut self.date,
            "drop" => &mut self.drop,
            other => return Err((key.span().start, unknown(other))),
        };
        for text in strings(key, value)? {
            let selector = Selector::parse(&text).map_err(|error| {
                (value.span().start, format!("{}: {text:?} is no selector: {error}", key.get_ref()))
            })?;
            list.push(Pattern { text: text.into(), selector });
        }
        Ok(())
    }

    fn lists(&self) -> [&Vec<Pattern>; 5] {
        [&self.body, &self.title, &self.author, &self.date, &self.drop]
    }

    fn is_empty(&self) -> bool {
        self.lists().iter().all(|list| list.is_empty())
    }

    /// Whether a selector asks for earlier siblings, and so may take a time that is quadratic in them.
    pub(super) fn looks_back(&self) -> bool {
        let asks = |pattern: &Pattern| pattern.text.replace("~=", "").contains('~');
        self.lists().into_iter().flatten().any(asks)
    }
}

fn unknown(key: &str) -> String {
    match closest(&key.to_ascii_lowercase(), KEYS) {
        Some(meant) => format!("unknown key `{key}`; did you mean `{meant}`?"),
        None => format!("unknown key `{key}`; there are {}", KEYS.join(", ")),
    }
}

/// A string or a list of strings.
fn strings(key: &Spanned<String>, value: &Spanned<Value>) -> Result<Vec<String>, Refusal> {
    let all = match value.get_ref() {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(list) => list.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => None,
    };
    all.filter(|all| !all.is_empty()).ok_or_else(|| {
        (value.span().start, format!("{}: must be a string or a list of strings", key.get_ref()))
    })
}

/// The globs of a host pattern. `*.` at the front stands for the host itself, too.
fn patterns(host: &str) -> Result<Vec<Glob>, String> {
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || "/:?#@".contains(c)) {
        return Err(format!("{host:?} is no host; one looks like news.example.org or *.example.org"));
    }
    let host = readable(host);
    let bare = host.strip_prefix("*.").filter(|bare| !bare.is_empty());
    let globs = [Some(host.as_str()), bare].into_iter().flatten().map(Glob::new);
    globs.collect::<Result<_, _>>().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Sites, String> {
        Sites::parse(text, "sites.toml".as_ref()).map_err(|error| error.to_string())
    }

    #[test]
    fn hosts_are_matched_by_pattern_the_first_site_first() {
        let sites = parse(
            "[[site]]\nhost = 'news.example.org'\nbody = 'a'\n\
             [[site]]\nhost = ['*.example.org', 'Example.NET']\nbody = 'b'\n\
             [[site]]\nhost = ['xn--bcher-kva.example', '*.例子.cn']\nbody = 'd'\n\
             [[site]]\nhost = '*'\nbody = 'c'\n",
        )
        .expect("valid");
        let body = |host| sites.of_host(host).map(|site| site.body[0].text.to_string());
        for (host, expected) in [
            ("news.example.org", "a"),
            ("NEWS.example.org.", "a"),
            ("old.example.org", "b"),
            ("example.org", "b"),
            ("a.b.example.org", "b"),
            ("example.net", "b"),
            ("bücher.example", "d"),
            ("xn--bcher-kva.EXAMPLE", "d"),
            ("a.xn--fsqu00a.cn", "d"),
            ("badexample.org", "c"),
            ("example.net.example.com", "c"),
        ] {
            assert_eq!(body(host).as_deref(), Some(expected), "{host}");
        }
        assert!(parse("").expect("valid").of_host("example.org").is_none());
    }

    #[test]
    fn what_is_wrong_is_told_with_line_site_and_key() {
        let site = "[[site]]\nhost = '*.example.org'\n";
        for (text, expected) in [
            (
                format!("{site}bodi = '.x'\n"),
                "sites.toml, line 3: site `*.example.org`: unknown key `bodi`; did you mean `body`?",
            ),
            (
                format!("{site}zzz = '.x'\n"),
                "sites.toml, line 3: site `*.example.org`: unknown key `zzz`; there are host, body, title,",
            ),
            (
                format!("{site}\ndrop = ['.x', 'div[']\n"),
                "sites.toml, line 4: site `*.example.org`: drop: \"div[\" is no selector: ",
            ),
            (
                format!("{site}title = ''\n"),
                "sites.toml, line 3: site `*.example.org`: title: \"\" is no selector",
            ),
            (format!("{site}title = 7\n"), "line 3: site `*.example.org`: title: must be a string or a list"),
            (site.to_owned(), "line 1: site `*.example.org`: it has no selectors"),
            ("\n[[site]]\nbody = 'p'\n".to_owned(), "sites.toml, line 2: site 1: host is missing"),
            (
                "[[site]]\nhost = 'https://a.example/'\nbody = 'p'\n".to_owned(),
                "line 2: site `https://a.example/`: host: \"https://a.example/\" is no host; one looks like",
            ),
            (
                "[[sites]]\nhost = 'a'\n".to_owned(),
                "sites.toml, line 1: unknown field `sites`, expected `site`",
            ),
            ("[[site]\n".to_owned(), "sites.toml, line 1: "),
        ] {
            let error = parse(&text).expect_err("it is wrong");
            assert!(error.contains(expected), "{text}\n{error}");
        }
    }

    #[test]
    fn the_documented_example_is_valid() {
        let page = include_str!("../../docs/sites.md");
        let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
        let sites = parse(example.expect("an example")).expect("valid");
        assert!(sites.of_host("news.example.org").is_some_and(|site| !site.drop.is_empty()));
        for key in KEYS {
            assert!(page.contains(&format!("| `{key}` |")), "{key} is not documented");
        }
    }
}
