//! Selectors on a page: the tree that they are matched on, and which of our elements the matched ones are.
//!
//! Both trees come from one tokenizer and one tree builder, so that they have the same elements in the same order: the
//! nth element of the one is the nth of the other. That is checked by the names of all of them. A page that met a
//! limit has another tree here than there, and a very large one, or one with very many siblings for selectors with `~`,
//! would take long: on these nothing is matched, and the result says so.

use std::collections::HashMap;
use std::sync::Arc;

use scraper::{ElementRef, Html, HtmlTreeSink};

use super::table::{Pattern, Site};
use super::{Match, Selected, Values};
use crate::metadata;
use crate::page::SiteNote;
use crate::parse::{self, Dom, NodeId, Tag};

/// Elements of a page that selectors are tried on at most. The largest of 1,870 crawled pages had 34,445 nodes.
const MAX_ELEMENTS: usize = 50_000;

/// Steps from sibling to sibling that a selector with `~` may take at most: for each element back to the first. Some
/// 4,500 siblings; for 20,000 it would be eleven seconds.
const MAX_STEPS: u64 = 10_000_000;

/// Characters of a value that are looked at.
const MAX_VALUE: usize = 2_000;

/// What a site's selectors match on a page.
pub(super) fn select(site: &Site, dom: &Dom, html: &str) -> Selected {
    let mut selected = Selected { host: site.host.clone(), ..Selected::default() };
    let is_large = elements_of(dom).nth(MAX_ELEMENTS).is_some();
    if is_large || site.looks_back() && steps_back(dom) > MAX_STEPS {
        selected.notes.push(SiteNote::TooLarge);
        return selected;
    }
    let whole = (!dom.met_depth() && !dom.met_nodes())
        .then(|| parse::parse_whole(html, HtmlTreeSink::new(Html::new_document())));
    let Some(tree) = whole.as_ref().and_then(|html| Tree::pair(html, dom)) else {
        selected.notes.push(SiteNote::Altered);
        return selected;
    };
    selected.drops = site.drop.iter().flat_map(|pattern| tree.matches(pattern)).collect();
    selected.wants_body = !site.body.is_empty();
    let bodies = site.body.iter().map(|pattern| tree.matches(pattern));
    selected.body = bodies.into_iter().find(|matches| !matches.is_empty()).unwrap_or_default();
    values(site, &tree, &mut selected);
    selected
}

fn elements_of(dom: &Dom) -> impl Iterator<Item = NodeId> {
    dom.elements().map(|(id, _)| id)
}

/// How many siblings stand before all elements, together.
fn steps_back(dom: &Dom) -> u64 {
    let mut siblings: HashMap<NodeId, u64> = HashMap::new();
    let mut steps = 0;
    for parent in elements_of(dom).filter_map(|id| dom.parent(id)) {
        let before = siblings.entry(parent).or_default();
        steps += *before;
        *before += 1;
    }
    steps
}

fn values(site: &Site, tree: &Tree<'_>, selected: &mut Selected) {
    let mut find = |patterns: &[Pattern], note| {
        let found = patterns.iter().find_map(|pattern| tree.value(pattern));
        if found.is_none() && !patterns.is_empty() {
            selected.notes.push(note);
        }
        found
    };
    let title = find(&site.title, SiteNote::NoTitle);
    let author = find(&site.author, SiteNote::NoAuthor);
    let date_text = find(&site.date, SiteNote::NoDate);
    let language = tree.root.attr("lang").unwrap_or_default();
    let date = date_text.as_deref().and_then(|text| metadata::date_of(text, language));
    if date_text.is_some() && date.is_none() {
        selected.notes.push(SiteNote::BadDate);
    }
    selected.values = Values {
        title: title.map(|title| metadata::title_of(&title)),
        author: author.map(|author| metadata::author_of(&author)),
        date,
    };
}

/// The tree that selectors see.
struct Tree<'h> {
    root: ElementRef<'h>,
    /// All elements in document order, with what they are in our tree; those inside templates are nothing there.
    elements: Vec<(ElementRef<'h>, Option<NodeId>)>,
}

impl<'h> Tree<'h> {
    /// Pairs the elements of both trees; nothing if they are not the same.
    fn pair(html: &'h Html, dom: &Dom) -> Option<Self> {
        let mut ours = elements_of(dom);
        let mut elements = Vec::new();
        let mut open = vec![(html.tree.root(), false)];
        while let Some((node, around)) = open.pop() {
            let in_template = around || node.value().is_fragment();
            if let Some(element) = ElementRef::wrap(node) {
                let same = |id: &NodeId| dom.tag(*id) == Tag::from_name(element.value().name());
                let own = if in_template { None } else { Some(ours.next().filter(same)?) };
                elements.push((element, own));
            }
            open.extend(node.children().rev().map(|child| (child, in_template)));
        }
        let root = elements.first()?.0;
        ours.next().is_none().then_some(Self { root, elements })
    }

    /// Our elements that a selector matches, in document order.
    fn matches(&self, pattern: &Pattern) -> Vec<Match> {
        // Both come in document order.
        let mut rest = self.elements.iter();
        let found = self.root.select(&pattern.selector);
        let own = found.filter_map(|found| rest.find(|(element, _)| *element == found)?.1);
        own.map(|node| (node, Arc::clone(&pattern.text))).collect()
    }

    /// The value of the first element that a selector matches: what an attribute says for machines, or its text.
    fn value(&self, pattern: &Pattern) -> Option<String> {
        let element = self.root.select(&pattern.selector).next()?;
        let named = ["content", "datetime"].into_iter().filter_map(|name| element.attr(name));
        let text = element.text().flat_map(str::chars).take(MAX_VALUE).collect::<String>();
        let mut values = named.map(|value| value.chars().take(MAX_VALUE).collect()).chain([text]);
        values.find(|value: &String| !value.trim().is_empty())
    }
}
