//! What a page declares itself to be: types of schema.org in JSON-LD and microdata, and Open Graph's `og:type`.

use memchr::memmem;

use crate::parse::{Attr, Dom, Piece, Tag};

/// More entities of a type say no more.
const MAX_ENTITIES: f32 = 10.0;

/// The types that are counted, a feature a row.
const TYPES: [&[&str]; 12] = [
    &["Article", "BlogPosting", "NewsArticle", "TechArticle"],
    &["Product"],
    &["Offer"],
    &["CollectionPage", "ItemList", "SearchResultsPage"],
    &["FAQPage"],
    &["DiscussionForumPosting", "QAPage"],
    &["LocalBusiness", "Organization", "Service"],
    &["WebPage"],
    &["BreadcrumbList"],
    &["Review"],
    &["Person"],
    &["VideoObject"],
];

/// The kinds of Open Graph object that are told apart.
const OBJECTS: [&str; 3] = ["article", "website", "product"];

/// Names of the features, with their meanings.
pub(super) const FEATURES: &[(&str, &str)] = &[
    ("declared.articles", "articles, news and posts that the page declares, at most 10"),
    ("declared.products", "products"),
    ("declared.offers", "offers"),
    ("declared.lists", "lists and collections"),
    ("declared.questions", "pages of questions and answers that a site asks itself"),
    ("declared.threads", "threads and questions of users"),
    ("declared.organizations", "organisations and services"),
    ("declared.pages", "web pages"),
    ("declared.crumbs", "paths through the site"),
    ("declared.reviews", "reviews"),
    ("declared.persons", "persons"),
    ("declared.videos", "videos"),
    ("declared.og.article", "its Open Graph type is an article"),
    ("declared.og.website", "a site"),
    ("declared.og.product", "a product"),
    ("declared.og", "it has an Open Graph type"),
];

/// The values of [`FEATURES`]; all 0 where there is no markup.
pub(super) fn values(dom: Option<&Dom>) -> Vec<f32> {
    let mut values = vec![0.0; FEATURES.len()];
    let Some(dom) = dom else { return values };
    for (id, tag) in dom.elements() {
        let attr = |name| dom.attr(id, name);
        if let Some(value) = attr(Attr::ItemType) {
            count(value.trim_end().rsplit('/').next().unwrap_or_default(), &mut values);
        }
        match tag {
            Tag::Script => {
                if let Some(Piece::Text(json)) = dom.first_child(id).and_then(|child| dom.piece(child)) {
                    types_in(json).for_each(|name| count(name, &mut values));
                }
            }
            Tag::Meta if attr(Attr::Property).is_some_and(|name| name.eq_ignore_ascii_case("og:type")) => {
                let object = attr(Attr::Content).unwrap_or_default().to_ascii_lowercase();
                let known = OBJECTS.iter().map(|name| object.contains(name)).chain([true]);
                values
                    .iter_mut()
                    .skip(TYPES.len())
                    .zip(known)
                    .for_each(|(value, is)| *value = f32::from(u8::from(is)));
            }
            _ => {}
        }
    }
    values
}

fn count(name: &str, values: &mut [f32]) {
    let index = TYPES.iter().position(|types| types.contains(&name));
    if let Some(value) = index.map(|index| &mut values[index]) {
        *value = (*value + 1.0).min(MAX_ENTITIES);
    }
}

/// The values of `@type` in a script, the first of each list. Broken JSON has them too.
fn types_in(json: &str) -> impl Iterator<Item = &str> {
    const KEY: &str = "\"@type\"";
    memmem::find_iter(json.as_bytes(), KEY).filter_map(|at| {
        let value = json[at + KEY.len()..].trim_start().strip_prefix(':')?.trim_start();
        let value = value.strip_prefix('[').unwrap_or(value).trim_start().strip_prefix('"')?;
        value.split('"').next()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Limits;
    use crate::parse::Parser;

    #[test]
    fn types_are_counted_wherever_they_are_declared() {
        let page = r#"<meta property=og:type content="og:product"><script type="application/ld+json">
            [{"@type": ["Product", "Thing"], "offers": {"@type":"Offer"}}, {"@type" : "Offer", </script>
            <div itemscope itemtype="https://schema.org/Review"></div>"#;
        let mut dom = Dom::default();
        Parser::default().parse_into(&mut dom, page, &Limits::default());
        let found = values(Some(&dom));
        let named: Vec<_> = FEATURES
            .iter()
            .zip(&found)
            .filter(|(_, value)| **value > 0.0)
            .map(|((name, _), value)| (&name[9..], *value))
            .collect();
        assert_eq!(
            named,
            [("products", 1.0), ("offers", 2.0), ("reviews", 1.0), ("og.product", 1.0), ("og", 1.0)]
        );
        assert!(values(None).iter().all(|value| *value == 0.0));
    }
}
