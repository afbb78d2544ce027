//! What a page says about itself: title, author, dates, site, language, address.
//!
//! In: the tree (if any), the blocks and which of them are kept, the caller's hints. Out: one value a field. Each
//! source is a file of its own here and gives [`Candidates`]; a candidate has a rank, and the best one of a field
//! wins, the first among equals. Every winner knows its origin. Nothing here changes a verdict.

mod byline;
mod collect;
mod dates;
mod jsonld;
mod language;
mod meta_tags;
mod names;
mod title;

use jiff::civil::Date;

use crate::blocks::chars::fold_blanks;
use crate::lexicon::Lexicon;
use crate::page::{Hints, Metadata, Page, Verdict};
use crate::parse::Dom;
use crate::sites::{SITE_RULE, Values};

use collect::Collected;
use dates::Order;

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) value: String,
    /// The source in a few words, for a report.
    pub(crate) origin: &'static str,
}

/// The winners.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) url: Option<Found>,
    pub(crate) title: Option<Found>,
    pub(crate) author: Option<Found>,
    pub(crate) published: Option<Found>,
    pub(crate) modified: Option<Found>,
    pub(crate) site_name: Option<Found>,
    pub(crate) language: Option<Found>,
}

impl From<Findings> for Metadata {
    fn from(found: Findings) -> Self {
        let value = |found: Option<Found>| found.map(|found| found.value);
        Self {
            url: value(found.url),
            title: value(found.title),
            author: value(found.author),
            published: value(found.published),
            modified: value(found.modified),
            site_name: value(found.site_name),
            language: value(found.language),
        }
    }
}

impl Findings {
    /// Puts what the rules of a site found over what the page says in general.
    pub(crate) fn prescribe(&mut self, values: &Values) {
        let fields = [
            (&mut self.title, &values.title),
            (&mut self.author, &values.author),
            (&mut self.published, &values.date),
        ];
        for (field, value) in fields {
            if let Some(value) = value {
                *field = Some(Found { value: value.clone(), origin: SITE_RULE });
            }
        }
        if let Some(date) = &values.date {
            self.modified.take_if(|modified| modified.value < *date);
        }
    }
}

/// An origin as a reader of a report knows it.
pub(crate) fn described(origin: &str) -> String {
    if meta_tags::is_name(origin) { format!("meta {origin}") } else { origin.to_owned() }
}

/// A title as it is written down.
#[cfg(feature = "sites")]
pub(crate) fn title_of(value: &str) -> String {
    folded(value)
}

/// The names in a text that is known to name the author.
#[cfg(feature = "sites")]
pub(crate) fn author_of(value: &str) -> String {
    let value = folded(value);
    names::clean(&value).unwrap_or(value)
}

/// The date in a text that is known to hold it, on a page with this language tag.
#[cfg(feature = "sites")]
pub(crate) fn date_of(value: &str, language_tag: &str) -> Option<String> {
    dates::parse(value, Order::of_language(language_tag)).map(|date| date.to_string())
}

/// The address that the page itself names.
#[cfg(feature = "sites")]
pub(crate) fn address_in(dom: &Dom, lexicon: &Lexicon) -> Option<String> {
    address(&Collected::of(dom, lexicon), &Hints::default()).map(|found| found.value)
}

/// Reads the metadata and says where each value came from. `dom` is missing in text mode.
pub(crate) fn find(
    dom: Option<&Dom>,
    page: &Page,
    verdicts: &[Verdict],
    hints: &Hints<'_>,
    lexicon: &Lexicon,
) -> Findings {
    let collected = dom.map(|dom| Collected::of(dom, lexicon)).unwrap_or_default();
    let order = Order::of_language(collected.language_tag());
    let mut candidates = Candidates::default();
    jsonld::read(&collected, &page.title, order, &mut candidates);
    meta_tags::read(&collected, order, &mut candidates);
    let url = address(&collected, hints);
    let site_name = candidates.site_name.winner();
    let title = title::choose(&title::Sources {
        page,
        verdicts,
        collected: &collected,
        candidates: &candidates,
        site_name: site_name.as_ref().map(|found| found.value.as_str()),
        url: hints.url.or(url.as_ref().map(|found| found.value.as_str())),
        lexicon,
    });
    let anchor = title.as_ref().map_or("", |found| found.value.as_str());
    byline::read(&byline::Sources { page, verdicts, title: anchor, lexicon, order }, &mut candidates);
    let in_url = url.as_ref().and_then(|found| dates::in_url(&found.value));
    candidates.published.extend(in_url.map(|date| Candidate {
        value: date,
        origin: "address",
        rank: rank::ADDRESS,
    }));
    let published = candidates.published.winner_of_dates();
    let modified = candidates.modified.winner_of_dates();
    Findings {
        author: candidates.author.winner_of_names(site_name.as_ref().map(|found| found.value.as_str())),
        modified: modified
            .filter(|(date, _)| published.as_ref().is_none_or(|(first, _)| date >= first))
            .map(dated),
        published: published.map(dated),
        language: language::choose(page, verdicts, &collected),
        title,
        site_name,
        url,
    }
}

fn dated((date, origin): (Date, &'static str)) -> Found {
    Found { value: date.to_string(), origin }
}

/// A value with white space folded and the character references read that were escaped twice.
fn folded(value: &str) -> String {
    let text = fold_blanks(value);
    if !text.contains('&') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(10).position(|byte| byte == b';');
        if let Some((c, end)) = end.and_then(|end| Some((reference(&rest[1..end])?, end))) {
            out.push(c);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// The character of a reference, as far as titles and names have them.
fn reference(name: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name {
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "nbsp" => Some(' '),
        "reg" => Some('®'),
        "trade" => Some('™'),
        "ndash" => Some('–'),
        "mdash" => Some('—'),
        "rsquo" => Some('’'),
        "lsquo" => Some('‘'),
        "rdquo" => Some('”'),
        "ldquo" => Some('“'),
        "hellip" => Some('…'),
        _ => {
            let digits = name.strip_prefix('#')?;
            digits.strip_prefix(['x', 'X']).map_or_else(|| number(digits, 10), |hex| number(hex, 16))
        }
    }
    .filter(|c| !c.is_control())
}

/// The canonical address, or the one that the caller gave.
fn address(collected: &Collected<'_>, hints: &Hints<'_>) -> Option<Found> {
    let absolute = |value: &&str| value.starts_with("https://") || value.starts_with("http://");
    let has_path = |url: &str| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.trim_end_matches('/').contains(['/', '?'])
    };
    let hint = hints.url.map(str::trim).filter(|url| !url.is_empty());
    let named = [(collected.canonical, "link canonical"), (collected.meta("og:url"), "og:url")];
    // A canonical address that is the site's front page, on a page that is not, is a template's mistake.
    let fits = |url: &&str| has_path(url) || hint.is_none_or(|hint| !has_path(hint));
    let found = named.into_iter().find_map(|(url, origin)| {
        let url = url.map(str::trim).filter(absolute).filter(fits)?;
        Some(Found { value: url.to_owned(), origin })
    });
    found.or_else(|| hint.map(|url| Found { value: url.to_owned(), origin: "caller" }))
}

/// How far sources are believed, the lowest first.
pub(super) mod rank {
    /// JSON-LD of the article itself.
    pub(in crate::metadata) const ARTICLE: u8 = 0;
    /// A `meta` element that means just this.
    pub(in crate::metadata) const META: u8 = 1;
    /// Microdata.
    pub(in crate::metadata) const MICRODATA: u8 = 2;
    /// Text that says what it is, near the title.
    pub(in crate::metadata) const LABELLED: u8 = 3;
    /// JSON-LD of the page around the article.
    pub(in crate::metadata) const WEB_PAGE: u8 = 4;
    /// An element that says what it is by its name, near the title.
    pub(in crate::metadata) const NAMED: u8 = 5;
    /// Text near the title.
    pub(in crate::metadata) const PLAIN: u8 = 6;
    /// The page's address.
    pub(in crate::metadata) const ADDRESS: u8 = 7;
    /// A `meta` element that may mean something else.
    pub(in crate::metadata) const VAGUE: u8 = 8;
}

/// A value that a source proposes.
#[derive(Clone, Debug)]
pub(super) struct Candidate<T> {
    value: T,
    origin: &'static str,
    rank: u8,
}

/// What the sources propose for one field.
#[derive(Debug)]
pub(super) struct Field<T>(Vec<Candidate<T>>);

impl<T> Default for Field<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Clone> Field<T> {
    fn add(&mut self, value: T, origin: &'static str, rank: u8) {
        self.0.push(Candidate { value, origin, rank });
    }

    fn extend(&mut self, more: impl IntoIterator<Item = Candidate<T>>) {
        self.0.extend(more);
    }

    fn best(&self) -> Option<&Candidate<T>> {
        // The first of the lowest rank.
        self.0.iter().min_by_key(|candidate| candidate.rank)
    }
}

impl Field<String> {
    fn winner(&self) -> Option<Found> {
        self.best().map(|best| Found { value: best.value.clone(), origin: best.origin })
    }

    /// The best that is not the site; the site itself if nobody else is named.
    fn winner_of_names(&self, site: Option<&str>) -> Option<Found> {
        let site = site.map(title::key);
        let mut sorted: Vec<_> = self.0.iter().collect();
        sorted.sort_by_key(|candidate| candidate.rank);
        let mut names = sorted.into_iter().filter_map(|candidate| {
            names::clean(&candidate.value).map(|value| Found { value, origin: candidate.origin })
        });
        let first = names.next()?;
        let is_site = |found: &Found| Some(title::key(&found.value)) == site;
        if is_site(&first) { names.find(|found| !is_site(found)).or(Some(first)) } else { Some(first) }
    }
}

impl Field<Date> {
    fn winner_of_dates(&self) -> Option<(Date, &'static str)> {
        self.best().map(|best| (best.value, best.origin))
    }
}

/// What the sources propose.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    headline: Field<String>,
    author: Field<String>,
    published: Field<Date>,
    modified: Field<Date>,
    site_name: Field<String>,
}

#[cfg(test)]
mod tests;
