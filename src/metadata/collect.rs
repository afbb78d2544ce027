//! One walk over the tree that gathers what the sources read: `meta`, JSON-LD, microdata, headings, times.
//!
//! Each list is bounded, so that asking for an element's ancestors stays linear in the page.

use std::borrow::Cow;

use crate::blocks::chars::{fold_blanks, has_in_any_case};
use crate::lexicon::{Concept, Lexicon};
use crate::parse::{Attr, Dom, NodeId, Piece, Tag};

/// Entries of one list; later ones are ignored.
const MAX_ENTRIES: usize = 200;

/// Characters of an element's text that are read.
const MAX_TEXT: usize = 400;

/// Properties of microdata that are read.
const PROPERTIES: [&str; 6] =
    ["author", "datepublished", "datemodified", "datecreated", "headline", "publisher"];

/// What the tree says about the page, in document order.
#[derive(Debug, Default)]
pub(super) struct Collected<'a> {
    /// The language that `html` names.
    pub(super) html_lang: Option<&'a str>,
    /// `link rel=canonical`.
    pub(super) canonical: Option<&'a str>,
    /// `meta` elements: name, value.
    pub(super) metas: Vec<(&'a str, &'a str)>,
    /// JSON-LD scripts.
    pub(super) scripts: Vec<&'a str>,
    /// Texts of first-level headings outside navigation and side bars; all of them if there are no others.
    pub(super) headings: Vec<String>,
    /// Microdata outside comments: property in lower case, value.
    pub(super) properties: Vec<(&'static str, Cow<'a, str>)>,
    /// `time` elements outside comments.
    pub(super) times: Vec<Time<'a>>,
    /// Texts of `rel=author` links outside comments.
    pub(super) author_links: Vec<String>,
}

/// A `time` element.
#[derive(Debug)]
pub(super) struct Time<'a> {
    /// Its `datetime`, or its text.
    pub(super) value: Cow<'a, str>,
    /// It says by a class name or property that it is the last change.
    pub(super) modified: bool,
    /// It says so of the publication.
    pub(super) published: bool,
    /// It stands in a list of other pages, in navigation or in a side bar.
    pub(super) aside: bool,
}

impl<'a> Collected<'a> {
    pub(super) fn of(dom: &'a Dom, lexicon: &Lexicon) -> Self {
        let mut gather = Gather { dom, lexicon, out: Self::default(), asides: Vec::new(), looked: 0 };
        dom.elements().for_each(|(id, tag)| gather.element(id, tag));
        let Gather { mut out, asides, .. } = gather;
        if out.headings.is_empty() {
            out.headings = asides;
        }
        out
    }

    /// The value of the first `meta` element of a name that is not blank.
    pub(super) fn meta(&self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    /// The values of the `meta` elements of a name that are not blank.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let of_name =
            move |(found, value): &(&str, &'a str)| found.eq_ignore_ascii_case(name).then(|| value.trim());
        self.metas.iter().filter_map(of_name).filter(|value| !value.is_empty())
    }

    /// The language that the page declares, as it is written.
    pub(super) fn language_tag(&self) -> &'a str {
        let named =
            [self.html_lang, self.meta("content-language"), self.meta("og:locale"), self.meta("language")];
        named.into_iter().flatten().map(str::trim).find(|tag| tag.len() >= 2).unwrap_or_default()
    }
}

struct Gather<'a, 'b> {
    dom: &'a Dom,
    lexicon: &'b Lexicon,
    out: Collected<'a>,
    /// First-level headings in navigation and the like.
    asides: Vec<String>,
    /// Elements whose ancestors were asked for.
    looked: usize,
}

/// What an element stands in.
#[derive(Clone, Copy, Default)]
struct Place {
    comment: bool,
    aside: bool,
}

impl Gather<'_, '_> {
    fn element(&mut self, id: NodeId, tag: Tag) {
        let attr = |name| self.dom.attr(id, name);
        match tag {
            Tag::Html => self.out.html_lang = attr(Attr::Lang),
            Tag::Meta => return self.meta(id),
            Tag::Link if attr(Attr::Rel).is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                self.out.canonical = self.out.canonical.or(attr(Attr::Href));
            }
            Tag::Script => {
                let child = self.dom.first_child(id).and_then(|child| self.dom.piece(child));
                if let (Some(Piece::Text(text)), true) = (child, self.out.scripts.len() < MAX_ENTRIES) {
                    self.out.scripts.push(text);
                }
            }
            Tag::H1 => self.heading(id),
            Tag::Time => self.time(id),
            Tag::A if attr(Attr::Rel).is_some_and(|rel| has_word(rel, "author")) => self.author_link(id),
            _ => {}
        }
        if let Some(property) = attr(Attr::ItemProp) {
            self.property(id, property);
        }
    }

    fn meta(&mut self, id: NodeId) {
        let attr = |name| self.dom.attr(id, name);
        let Some(content) = attr(Attr::Content) else { return };
        let names =
            [Attr::Property, Attr::Name, Attr::ItemProp, Attr::HttpEquiv].into_iter().filter_map(attr);
        for name in names {
            if self.out.metas.len() < MAX_ENTRIES {
                self.out.metas.push((name.trim(), content));
            }
        }
    }

    fn heading(&mut self, id: NodeId) {
        let text = text(self.dom, id);
        if text.is_empty() || self.out.headings.len() + self.asides.len() >= MAX_ENTRIES {
            return;
        }
        match self.place(id) {
            Some(place) if place.aside || place.comment => self.asides.push(text),
            _ => self.out.headings.push(text),
        }
    }

    fn author_link(&mut self, id: NodeId) {
        let room = self.out.author_links.len() < MAX_ENTRIES;
        if room && self.place(id).is_some_and(|place| !place.comment) {
            self.out.author_links.push(text(self.dom, id));
        }
    }

    fn time(&mut self, id: NodeId) {
        if self.out.times.len() >= MAX_ENTRIES {
            return;
        }
        let Some(place) = self.place(id).filter(|place| !place.comment) else { return };
        let dom = self.dom;
        let attr = |name| dom.attr(id, name).unwrap_or_default();
        let says =
            |word| [Attr::Class, Attr::ItemProp].into_iter().any(|name| has_in_any_case(attr(name), word));
        let modified = says("updated") || says("modified");
        let published = says("publi") || says("entry-date");
        let value = match attr(Attr::Datetime).trim() {
            "" => text(dom, id).into(),
            datetime => datetime.into(),
        };
        self.out.times.push(Time { value, modified: modified && !published, published, aside: place.aside });
    }

    fn property(&mut self, id: NodeId, property: &str) {
        let is_wanted = |known: &&str| known.eq_ignore_ascii_case(property.trim());
        let Some(property) = PROPERTIES.into_iter().find(is_wanted) else { return };
        if self.out.properties.len() >= MAX_ENTRIES {
            return;
        }
        if self.place(id).is_none_or(|place| place.comment || place.aside) {
            return;
        }
        let dom = self.dom;
        let attr = |name| dom.attr(id, name).map(str::trim).filter(|value| !value.is_empty());
        let value =
            attr(Attr::Content).or(attr(Attr::Datetime)).map_or_else(|| named_inside(dom, id), Cow::from);
        if !value.is_empty() {
            self.out.properties.push((property, value));
        }
    }

    /// What the element stands in; nothing once too many have asked.
    fn place(&mut self, id: NodeId) -> Option<Place> {
        self.looked += 1;
        if self.looked > 4 * MAX_ENTRIES {
            return None;
        }
        let mut place = Place::default();
        let around = std::iter::successors(self.dom.parent(id), |&id| self.dom.parent(id));
        for id in around {
            let tag = self.dom.tag(id);
            if matches!(tag, Tag::Body | Tag::Main | Tag::Html) {
                break;
            }
            place.aside |= matches!(tag, Tag::Aside | Tag::Nav | Tag::Footer);
            let names = |attr| self.lexicon.concepts(self.dom.attr(id, attr).unwrap_or_default());
            let own = names(Attr::Class).union(names(Attr::Id));
            place.comment |= own.has(Concept::Comment) && !own.has(Concept::Body);
            let other = [Concept::Side, Concept::Related, Concept::Navigation, Concept::Footer];
            place.aside |= other.iter().any(|&concept| own.has(concept)) && !own.has(Concept::Body);
        }
        Some(place)
    }
}

/// The name inside an element of microdata, or else its text.
fn named_inside(dom: &Dom, id: NodeId) -> Cow<'_, str> {
    let is_name =
        |&inner: &NodeId| dom.attr(inner, Attr::ItemProp).is_some_and(|property| has_word(property, "name"));
    match dom.descendants(id).take(MAX_ENTRIES).find(is_name) {
        Some(inner) => match dom.attr(inner, Attr::Content) {
            Some(content) => content.trim().into(),
            None => text(dom, inner).into(),
        },
        None => text(dom, id).into(),
    }
}

/// The text of an element with white space folded; nothing if it is long.
fn text(dom: &Dom, id: NodeId) -> String {
    let mut out = String::new();
    for inner in dom.descendants(id).take(MAX_TEXT) {
        if let Some(Piece::Text(text)) = dom.piece(inner) {
            // Pictures have titles of their own.
            if dom.parent(inner).is_some_and(|parent| dom.tag(parent).is_dropped()) {
                continue;
            }
            if out.len() + text.len() > 8 * MAX_TEXT {
                return String::new();
            }
            out.push_str(text);
        } else if !dom.tag(inner).is_inline() {
            out.push(' ');
        }
    }
    let folded = fold_blanks(&out);
    if folded.chars().count() > MAX_TEXT { String::new() } else { folded }
}

fn has_word(names: &str, word: &str) -> bool {
    names.split_ascii_whitespace().any(|name| name.eq_ignore_ascii_case(word))
}
