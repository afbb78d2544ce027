//! The tags and attributes that later stages ask for; all others are [`Tag::Other`] or left out of the tree.

use std::sync::LazyLock;

use html5ever::{LocalName, local_name};

use super::lookup::Lookup;

/// Whether a browser reopens the element in the next paragraph if it is left open in this one.
pub(super) fn is_formatting(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("a")
            | local_name!("b")
            | local_name!("big")
            | local_name!("code")
            | local_name!("em")
            | local_name!("font")
            | local_name!("i")
            | local_name!("nobr")
            | local_name!("s")
            | local_name!("small")
            | local_name!("strike")
            | local_name!("strong")
            | local_name!("tt")
            | local_name!("u")
    )
}

/// Whether a script of this type is data about the page.
pub(super) fn is_json_ld(kind: &str) -> bool {
    kind.trim().eq_ignore_ascii_case("application/ld+json")
}

/// Declares the known tags, once.
macro_rules! tags {
    ($($variant:ident $name:literal,)*) => {
        /// An element's tag.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub(crate) enum Tag {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
            /// Any other element.
            Other,
        }

        impl Tag {
            /// The tag of this lower-case name.
            pub(crate) fn from_name(name: &str) -> Self {
                const ALL: &[Tag] = &[$(Tag::$variant,)*];
                static NAMES: Lookup<{ ALL.len() }> = Lookup::new([$($name,)*]);
                NAMES.find(name).map_or(Self::Other, |index| ALL[index])
            }

            /// Its name, empty for an unknown tag.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other => "",
                }
            }
        }
    };
}

tags! {
    A "a", Abbr "abbr", Address "address", Area "area", Article "article", Aside "aside", Audio "audio", B "b",
    Base "base", Big "big", Blockquote "blockquote", Body "body", Br "br", Button "button", Canvas "canvas",
    Caption "caption", Center "center", Cite "cite", Code "code", Dd "dd", Del "del", Details "details",
    Dialog "dialog", Div "div", Dl "dl", Dt "dt", Em "em", Embed "embed", Fieldset "fieldset",
    Figcaption "figcaption", Figure "figure", Font "font", Footer "footer", Form "form", H1 "h1", H2 "h2", H3 "h3",
    H4 "h4", H5 "h5", H6 "h6", Head "head", Header "header", Hr "hr", Html "html", I "i", Iframe "iframe",
    Img "img", Input "input", Ins "ins", Kbd "kbd", Label "label", Legend "legend", Li "li", Link "link",
    Main "main", Mark "mark", Marquee "marquee", Math "math", Meta "meta", Nav "nav", Noembed "noembed",
    Noframes "noframes", Noscript "noscript", Object "object", Ol "ol", Option "option", P "p", Picture "picture",
    Pre "pre", Q "q", Rp "rp", Rt "rt", Ruby "ruby", S "s", Samp "samp", Script "script", Section "section",
    Select "select", Small "small", Span "span", Strike "strike", Strong "strong", Style "style", Sub "sub",
    Summary "summary", Sup "sup", Svg "svg", Table "table", Tbody "tbody", Td "td", Template "template",
    Textarea "textarea", Tfoot "tfoot", Th "th", Thead "thead", Time "time", Title "title", Tr "tr", Tt "tt",
    U "u", Ul "ul", Var "var", Video "video",
}

impl Tag {
    /// Whether a browser lays the element out within a line, so that it does not part text into blocks.
    pub(crate) fn is_inline(self) -> bool {
        matches!(
            self,
            Self::A
                | Self::Abbr
                | Self::B
                | Self::Big
                | Self::Cite
                | Self::Code
                | Self::Del
                | Self::Em
                | Self::Font
                | Self::I
                | Self::Img
                | Self::Input
                | Self::Ins
                | Self::Kbd
                | Self::Label
                | Self::Mark
                | Self::Picture
                | Self::Q
                | Self::Rt
                | Self::Ruby
                | Self::S
                | Self::Samp
                | Self::Small
                | Self::Span
                | Self::Strike
                | Self::Strong
                | Self::Sub
                | Self::Sup
                | Self::Time
                | Self::Tt
                | Self::U
                | Self::Var
                | Self::Area
        )
    }

    /// Whether nothing inside is text for a reader.
    pub(crate) fn is_dropped(self) -> bool {
        matches!(
            self,
            Self::Script
                | Self::Style
                | Self::Template
                | Self::Svg
                | Self::Iframe
                | Self::Object
                | Self::Head
                | Self::Select
                | Self::Textarea
                | Self::Canvas
                | Self::Audio
                | Self::Video
                | Self::Noembed
                | Self::Noframes
                | Self::Title
                | Self::Meta
                | Self::Link
                | Self::Base
                | Self::Rp
                | Self::Embed
        )
    }

    /// The level of a heading.
    pub(crate) fn heading(self) -> Option<u8> {
        match self {
            Self::H1 => Some(1),
            Self::H2 => Some(2),
            Self::H3 => Some(3),
            Self::H4 => Some(4),
            Self::H5 => Some(5),
            Self::H6 => Some(6),
            _ => None,
        }
    }
}

/// A set of tags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tags(u128);

impl Tags {
    pub(crate) fn with(self, tag: Tag) -> Self {
        if tag == Tag::Other { self } else { Self(self.0 | 1 << tag as u8) }
    }

    pub(crate) fn has(self, tag: Tag) -> bool {
        self.0 >> tag as u8 & 1 == 1
    }

    pub(crate) fn has_any(self, tags: &[Tag]) -> bool {
        tags.iter().any(|&tag| self.has(tag))
    }
}

/// Declares the attributes that are kept, once.
macro_rules! attributes {
    ($($variant:ident $name:literal,)*) => {
        /// An attribute that the tree keeps.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Attr {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Attr {
            /// The attribute of this name, in any case, if it is one that is kept.
            pub(crate) fn from_name(name: &str) -> Option<Self> {
                const ALL: &[Attr] = &[$(Attr::$variant,)*];
                static NAMES: Lookup<{ ALL.len() }> = Lookup::new([$($name,)*]);
                NAMES.find(name).map(|index| ALL[index])
            }

            /// Its name as the tree builder has it.
            pub(super) fn local_name(self) -> LocalName {
                /// Constant: names are looked up once.
                static NAMES: LazyLock<Vec<LocalName>> =
                    LazyLock::new(|| [$($name,)*].into_iter().map(LocalName::from).collect());
                NAMES[self as usize].clone()
            }
        }
    };
}

attributes! {
    AriaHidden "aria-hidden", BgColor "bgcolor", Charset "charset", Class "class", Color "color",
    Content "content", Datetime "datetime", Height "height", Hidden "hidden", Href "href", HttpEquiv "http-equiv",
    Id "id", ItemProp "itemprop", ItemType "itemtype", Lang "lang", Media "media", Name "name", Property "property", Rel "rel",
    Role "role", ScrollAmount "scrollamount", Start "start", Style "style", Title "title", Type "type", Value "value", Width "width",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_tags_has_room_for_all() {
        assert!((Tag::Other as u32) < 128);
        let set = Tags::default().with(Tag::A).with(Tag::Video).with(Tag::Other);
        assert!(set.has(Tag::A) && set.has(Tag::Video) && !set.has(Tag::B) && !set.has(Tag::Other));
    }

    #[test]
    fn a_word_has_a_bit_for_every_attribute() {
        assert!((Attr::Width as u32) < 64);
    }

    #[test]
    fn names_lead_back_to_tags() {
        for name in ["a", "h1", "noscript", "video"] {
            assert_eq!(Tag::from_name(name).name(), name);
        }
        assert_eq!(Tag::from_name("blink"), Tag::Other);
    }
}
