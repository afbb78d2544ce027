//! Whether a browser would show an element, as far as the page itself tells.
//!
//! In come the elements of a tree in document order, out comes the [`Cover`] of each. What is known: attributes,
//! inline style, the rules of the page's own style sheets, and what short scripts write. What is not: sheets that
//! stand elsewhere, layout, and scripts that compute. This is a stage of its own because blocks, features and
//! decision all ask. Nothing here judges text: a body that waits for a script to show it is hidden, too.

mod colour;
mod declaration;
mod names;
mod script;
mod selector;
mod sheet;
mod style;

use crate::blocks::chars::has_in_any_case;
use crate::page::Cover;
use crate::parse::{Attr, Dom, NodeId, Piece, Tag};
use colour::{Colour, WHITE, alike};
use declaration::Property;
use names::{AllNames, Names, Trail, each_name};
use sheet::{Effect, Element, Scope, Sheet};
use style::Style;

/// Pixels up to which a marquee shows nothing, and pixels a step from which on it is too fast to read.
const FLAT_MARQUEE: f32 = 5.0;
const FAST_MARQUEE: f32 = 200.0;

/// Elements above a style sheet among which a `noscript` is looked for.
const NOSCRIPT_SEARCHED: usize = 4;

/// Styles that are remembered.
const SHARED: usize = 256;

/// What an element passes on to those inside it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is inherited by itself")]
struct Look {
    /// Nothing inside is seen, whatever its style.
    cover: Cover,
    invisible: bool,
    tiny: bool,
    indented: bool,
    /// The colour of text, if the page says.
    colour: Option<Colour>,
    /// The colour behind it.
    ground: [u8; 3],
    /// Nothing but what is known here may paint between the background and the text.
    ground_is_sure: bool,
    /// Elements that scripts wrote around what follows, and at which of them hiding began.
    written: usize,
    hidden_from: usize,
}

impl Look {
    fn cover(&self) -> Cover {
        let mut cover = self.cover.max(self.colour_cover());
        if self.invisible || self.hidden_from > 0 {
            cover = cover.max(Cover::Waiting);
        }
        if self.tiny || self.indented {
            cover = cover.max(Cover::Trick);
        }
        cover
    }

    fn colour_cover(&self) -> Cover {
        match self.colour {
            Some(colour) if colour.clear => Cover::Trick,
            Some(colour) if !alike(colour.rgb, self.ground) => Cover::Shown,
            Some(_) if self.ground_is_sure => Cover::Trick,
            Some(_) => Cover::Doubtful,
            None => Cover::Shown,
        }
    }
}

/// Follows a walk through a tree.
pub(super) struct Visibility<'a> {
    dom: &'a Dom,
    sheet: Sheet<'a>,
    /// Sheets from elsewhere may paint any element that they can name.
    has_foreign_sheets: bool,
    looks: Vec<Look>,
    /// The names of the elements that were gone into, each with those around it. Kept only for sheets, and only those
    /// that a sheet asks for.
    names: Vec<Names>,
    /// The same elements, as selectors look at them.
    trail: Trail<'a>,
    /// What the sheets say of elements like the last ones, by a few bits of their likeness.
    styles: Vec<Remembered>,
}

/// What the sheets say of elements of a likeness.
#[derive(Debug, Clone, Default)]
struct Remembered {
    likeness: u64,
    style: Option<Style>,
    /// Rules that only undo what others do have been asked, too.
    is_whole: bool,
}

impl<'a> Visibility<'a> {
    pub(super) fn new(dom: &'a Dom) -> Self {
        let root = Look {
            cover: Cover::Shown,
            invisible: false,
            tiny: false,
            indented: false,
            colour: None,
            ground: WHITE,
            ground_is_sure: true,
            written: 0,
            hidden_from: 0,
        };
        let mut new = Self {
            dom,
            sheet: Sheet::default(),
            has_foreign_sheets: false,
            looks: vec![root],
            names: Vec::new(),
            trail: Trail::default(),
            styles: Vec::new(),
        };
        new.read_sheets();
        new
    }

    fn read_sheets(&mut self) {
        let dom = self.dom;
        let mut elements = 0;
        let mut sheets = Vec::new();
        for (id, tag) in dom.elements() {
            elements += 1;
            match tag {
                Tag::Style | Tag::Script => sheets.push((id, tag)),
                Tag::Link => {
                    let rel = dom.attr(id, Attr::Rel).unwrap_or_default();
                    self.has_foreign_sheets |= has_in_any_case(rel, "stylesheet");
                }
                _ => {}
            }
        }
        let mut names = AllNames::default();
        if sheets.iter().any(|(_, tag)| *tag == Tag::Style) {
            dom.elements().for_each(|(id, _)| each_name(dom, id, |name, _| names.insert(name)));
        }
        for (id, tag) in sheets {
            let scope = self.scope(id);
            for text in texts(dom, id) {
                if tag == Tag::Style {
                    self.sheet.add(text, scope, &names);
                } else {
                    script::styled_ids(text, &mut |id, style| self.sheet.add_for_id(id, style));
                }
            }
        }
        self.sheet.finish(elements);
    }

    fn scope(&self, style: NodeId) -> Scope {
        let media = self.dom.attr(style, Attr::Media).map_or(Scope::Holds, sheet::media);
        let above = std::iter::successors(self.dom.parent(style), |&id| self.dom.parent(id));
        // For readers without scripts: what it hides, others see.
        let without_scripts = above.take(NOSCRIPT_SEARCHED).any(|id| self.dom.tag(id) == Tag::Noscript);
        if without_scripts { media.max(Scope::Shows) } else { media }
    }

    /// Goes into an element; tells how it is covered.
    pub(super) fn enter(&mut self, id: NodeId, tag: Tag) -> Cover {
        let mut look = self.looks[self.looks.len() - 1].clone();
        if look.hidden_from > 0 {
            look.cover = look.cover.max(Cover::Waiting);
        }
        (look.written, look.hidden_from) = (0, 0);
        let here = if self.sheet.is_empty() {
            Names::default()
        } else {
            self.trail.enter(self.dom, id, |name| self.sheet.asks_for(name), self.sheet.attrs())
        };
        let is_hidden =
            look.invisible || look.tiny || look.indented || self.dom.attr(id, Attr::Hidden).is_some();
        let style = self.style(id, &here, is_hidden);
        // A page that hides all of itself waits for a script.
        if !matches!(tag, Tag::Html | Tag::Body) {
            look.cover = look.cover.max(self.own_cover(id, tag, style.as_ref()));
        }
        self.paint(id, tag, style.as_ref(), &mut look);
        if let Some(style) = style.as_ref().filter(|_| !matches!(tag, Tag::Html | Tag::Body)) {
            look.invisible = style.invisible().unwrap_or(look.invisible);
            look.indented = style.indented().unwrap_or(look.indented);
            look.tiny = style.tiny().unwrap_or(look.tiny);
        }
        // Lists without a font size lose the blanks between their items; a sheet from elsewhere gives it back.
        if look.tiny && !tag.is_inline() && self.has_foreign_sheets && self.has_name(id) {
            look.tiny = style.and_then(|style| style.tiny()).unwrap_or(false);
        }
        let cover = look.cover();
        self.looks.push(look);
        if !self.sheet.is_empty() {
            let mut names = here;
            self.names.last().into_iter().for_each(|above| names.add(above));
            self.names.push(names);
        }
        cover
    }

    /// Leaves the innermost element.
    pub(super) fn leave(&mut self) {
        self.looks.pop();
        self.names.pop();
        self.trail.leave();
    }

    /// Reads a script that stands among text; tells how what follows it in the same element is covered, if that
    /// changes.
    pub(super) fn pass_script(&mut self, id: NodeId) -> Option<Cover> {
        let written = texts(self.dom, id).next().and_then(script::written)?;
        let look = self.looks.last_mut()?;
        look.written = look.written.saturating_sub(written.closes);
        if look.written < look.hidden_from {
            look.hidden_from = 0;
        }
        for hides in written.opens {
            look.written += 1;
            if hides && look.hidden_from == 0 {
                look.hidden_from = look.written;
            }
        }
        Some(look.cover())
    }

    fn has_name(&self, id: NodeId) -> bool {
        [Attr::Class, Attr::Id]
            .iter()
            .any(|&attr| self.dom.attr(id, attr).is_some_and(|name| !name.is_empty()))
    }

    /// The style of an element, if the page gives it any that matters. Where something is hidden, what shows it does.
    fn style(&mut self, id: NodeId, here: &Names, is_hidden: bool) -> Option<Style> {
        let inline = self.dom.attr(id, Attr::Style);
        let mut style =
            if self.sheet.is_empty() { None } else { self.sheet_style(here, is_hidden || inline.is_some()) };
        if let Some(inline) = inline {
            let style = style.get_or_insert_default();
            declaration::parse(inline, &mut |declaration| style.set_inline(declaration));
        }
        style
    }

    /// What the sheets say of the element that was gone into last. Pages repeat few elements over and over.
    fn sheet_style(&mut self, here: &Names, is_hidden: bool) -> Option<Style> {
        let likeness = self.trail.likeness();
        self.styles.resize(SHARED, Remembered::default());
        let slot = &mut self.styles[(likeness >> 56) as usize % SHARED];
        let none = Names::default();
        let above = self.names.last().unwrap_or(&none);
        let element = Element { dom: self.dom, here, above, trail: &self.trail };
        if slot.likeness != likeness {
            *slot = Remembered { likeness, ..Remembered::default() };
            self.sheet.apply(Effect::Acts, &element, &mut slot.style);
        }
        if !slot.is_whole && (is_hidden || slot.style.as_ref().is_some_and(|style| style.may_hide)) {
            self.sheet.apply(Effect::Undoes, &element, &mut slot.style);
            slot.is_whole = true;
        }
        slot.style.clone()
    }

    fn own_cover(&self, id: NodeId, tag: Tag, style: Option<&Style>) -> Cover {
        let attr = |attr| self.dom.attr(id, attr);
        let number =
            |name| attr(name).and_then(|value| value.trim().trim_end_matches("px").parse::<f32>().ok());
        if tag == Tag::Marquee
            && (number(Attr::Height).is_some_and(|px| px <= FLAT_MARQUEE)
                || number(Attr::Width).is_some_and(|px| px <= FLAT_MARQUEE)
                || number(Attr::ScrollAmount).is_some_and(|px| px >= FAST_MARQUEE))
        {
            return Cover::Trick;
        }
        let mut cover = style.map_or(Cover::Shown, |style| style.cover(tag));
        let shown =
            || style.and_then(|style| style.get(Property::Display)) == Some(declaration::Value::Flag(false));
        if attr(Attr::Hidden).is_some() && !shown() {
            cover = cover.max(Cover::Waiting);
        }
        if attr(Attr::AriaHidden).is_some_and(|value| value.trim().eq_ignore_ascii_case("true")) {
            cover = cover.max(Cover::Unspoken);
        }
        cover
    }

    /// Sets colour and background.
    fn paint(&self, id: NodeId, tag: Tag, style: Option<&Style>, look: &mut Look) {
        let attr = |attr| self.dom.attr(id, attr).and_then(colour::of_attribute);
        let colour_set = style.and_then(|style| style.get(Property::Color)).is_some();
        let old_colour = || if tag == Tag::Font { attr(Attr::Color) } else { None };
        let colour = style.and_then(|style| style.colour(Property::Color)).or_else(old_colour);
        if colour.is_some() || colour_set {
            look.colour = colour;
        }
        let ground =
            style.and_then(|style| style.colour(Property::Background)).filter(|ground| !ground.clear);
        let has_picture = style.is_some_and(Style::has_picture);
        if let Some(ground) = ground.or_else(|| attr(Attr::BgColor)) {
            (look.ground, look.ground_is_sure) = (ground.rgb, true);
        } else if self.has_foreign_sheets && self.has_name(id) {
            look.ground_is_sure = false;
            // What is named may have a colour of its own.
            if colour.is_none() && !tag.is_inline() {
                look.colour = None;
            }
        }
        if has_picture {
            look.ground_is_sure = false;
            look.colour = look.colour.filter(|colour| !colour.clear);
        }
    }
}

/// The texts directly inside an element.
fn texts(dom: &Dom, id: NodeId) -> impl Iterator<Item = &str> {
    let children = std::iter::successors(dom.first_child(id), |&child| dom.next_sibling(child));
    children.filter_map(|child| match dom.piece(child) {
        Some(Piece::Text(text)) => Some(text),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
