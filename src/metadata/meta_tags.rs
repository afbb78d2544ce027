//! `meta` elements, microdata, `time` and `rel=author`: what the markup names.

use crate::lexicon::is_author_label;

use super::collect::Collected;
use super::dates::{self, Order};
use super::{Candidates, folded, rank};

/// Names of `meta` elements by what they hold, the most telling first.
const TITLES: &[&str] = &[
    "og:title",
    "citation_title",
    "parsely-title",
    "sailthru.title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "headline",
    "title",
];
const AUTHORS: &[&str] = &[
    "citation_author",
    "parsely-author",
    "sailthru.author",
    "article:author",
    "author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "og:article:author",
    "article:author_name",
    "book:author",
    "authors",
    "cxenseparse:author",
    "article.author",
];
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "citation_publication_date",
    "citation_online_date",
    "dc.date.issued",
    "dcterms.issued",
    "publishdate",
    "publish_date",
    "publish-date",
    "pubdate",
    "published_time",
    "article.published",
    "article:published",
    "published",
    "publication_date",
    "date.created",
    "datecreated",
    "dcterms.created",
    "dc.date.created",
    "weibo: article:create_at",
    "cxenseparse:recs:publishtime",
    "article_date_original",
];
/// May be the day of the request, of the last change, or of an event.
const VAGUE_DATES: &[&str] =
    &["date", "dc.date", "dcterms.date", "citation_date", "article.created", "og:pubdate"];
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "og:modified_time",
    "datemodified",
    "last-modified",
    "lastmod",
    "dcterms.modified",
    "dc.date.modified",
    "article.updated",
    "weibo: article:update_at",
    "revised",
];
const SITES: &[&str] = &["og:site_name", "application-name", "apple-mobile-web-app-title"];

/// Whether it is the name of a `meta` element that is read here.
pub(super) fn is_name(origin: &str) -> bool {
    let lists = [TITLES, AUTHORS, PUBLISHED, VAGUE_DATES, MODIFIED, SITES];
    matches!(origin, "og:url" | "twitter:data1") || lists.iter().any(|names| names.contains(&origin))
}

/// Reads what the walk gathered.
pub(super) fn read(collected: &Collected<'_>, order: Order, candidates: &mut Candidates) {
    for (at, name) in TITLES.iter().enumerate() {
        if let Some(value) = collected.meta(name) {
            let rank = if at == 0 { rank::META } else { rank::MICRODATA };
            candidates.headline.add(folded(value), name, rank);
        }
    }
    for name in AUTHORS {
        let values: Vec<String> = collected.all(name).take(20).map(folded).collect();
        if !values.is_empty() {
            candidates.author.add(values.join("; "), name, rank::META);
        }
    }
    if let Some(name) = labelled_by_twitter(collected) {
        candidates.author.add(folded(name), "twitter:data1", rank::MICRODATA);
    }
    let date = |name: &&'static str| Some((dates::parse(collected.meta(name)?, order)?, *name));
    for (date, name) in PUBLISHED.iter().filter_map(date) {
        candidates.published.add(date, name, rank::META);
    }
    for (date, name) in VAGUE_DATES.iter().filter_map(date) {
        candidates.published.add(date, name, rank::LABELLED);
    }
    for (date, name) in MODIFIED.iter().filter_map(date) {
        candidates.modified.add(date, name, rank::META);
    }
    for (at, name) in SITES.iter().enumerate() {
        candidates.site_name.extend(collected.meta(name).map(|value| super::Candidate {
            value: folded(value),
            origin: name,
            rank: if at == 0 { rank::META } else { rank::VAGUE },
        }));
    }
    microdata(collected, order, candidates);
    times(collected, order, candidates);
    for name in &collected.author_links {
        candidates.author.add(name.clone(), "rel=author", rank::NAMED);
    }
}

/// `twitter:label1` "Written by" with the name in `twitter:data1`.
fn labelled_by_twitter<'a>(collected: &Collected<'a>) -> Option<&'a str> {
    let label = collected.meta("twitter:label1")?.to_lowercase();
    is_author_label(&label).then(|| collected.meta("twitter:data1"))?
}

fn microdata(collected: &Collected<'_>, order: Order, candidates: &mut Candidates) {
    const ORIGIN: &str = "microdata";
    let mut authors: Vec<&str> = Vec::new();
    for (property, value) in &collected.properties {
        let value = value.as_ref();
        match *property {
            "headline" => candidates.headline.add(value.to_owned(), ORIGIN, rank::MICRODATA),
            "author" if !authors.contains(&value) => authors.push(value),
            "publisher" => candidates.site_name.add(value.to_owned(), ORIGIN, rank::NAMED),
            "datepublished" | "datecreated" => {
                candidates.published.extend(found(value, order, ORIGIN, rank::MICRODATA));
            }
            "datemodified" => candidates.modified.extend(found(value, order, ORIGIN, rank::MICRODATA)),
            _ => {}
        }
    }
    // Many authors of one page are those of its teasers or posts.
    match authors.as_slice() {
        [] => {}
        [first, _, _, _, ..] => candidates.author.add((*first).to_owned(), ORIGIN, rank::NAMED),
        _ => candidates.author.add(authors.join("; "), ORIGIN, rank::MICRODATA),
    }
}

fn times(collected: &Collected<'_>, order: Order, candidates: &mut Candidates) {
    const ORIGIN: &str = "time element";
    for time in &collected.times {
        if time.modified {
            let rank = if time.aside { rank::VAGUE } else { rank::MICRODATA };
            candidates.modified.extend(found(&time.value, order, ORIGIN, rank));
            continue;
        }
        let rank = match (time.aside, time.published) {
            (true, _) => rank::VAGUE,
            (_, true) => rank::LABELLED,
            _ => rank::NAMED,
        };
        candidates.published.extend(found(&time.value, order, ORIGIN, rank));
    }
}

fn found(
    value: &str,
    order: Order,
    origin: &'static str,
    rank: u8,
) -> Option<super::Candidate<jiff::civil::Date>> {
    Some(super::Candidate { value: dates::parse(value, order)?, origin, rank })
}
