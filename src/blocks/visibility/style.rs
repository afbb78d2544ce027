//! What the declarations about one element do together.

use super::colour::Colour;
use super::declaration::{Declaration, PROPERTIES, Property, Value};
use crate::page::Cover;
use crate::parse::Tag;

/// Opacity up to which nothing is seen.
pub(super) const CLEAR: f32 = 0.02;

/// Pixels to the left or above from which on a positioned element is off the screen.
pub(super) const FAR: f32 = 500.0;

/// Pixels to the right: pages scroll, but not that far.
pub(super) const FAR_RIGHT: f32 = 5000.0;

/// Pixels of a negative margin; smaller ones move the tracks of carousels.
const FAR_MARGIN: f32 = 900.0;

/// The values of an element's properties, each from the declaration that wins.
#[derive(Debug, Clone, Default)]
pub(super) struct Style {
    slots: [Option<(u64, Value)>; PROPERTIES],
    /// Some declaration may hide text, whether it won or not.
    pub(super) may_hide: bool,
}

/// A position in the cascade that is behind all rules.
const INLINE: u32 = 1 << 24;

impl Style {
    /// Sets a property, unless a stronger declaration did.
    pub(super) fn set(&mut self, declaration: Declaration, specificity: u32, order: u32) {
        let important = u64::from(declaration.important) << 60;
        let strength = important | u64::from(specificity.min(INLINE)) << 32 | u64::from(order);
        let slot = &mut self.slots[declaration.property as usize];
        if slot.is_none_or(|(old, _)| old <= strength) {
            *slot = Some((strength, declaration.value));
        }
        self.may_hide |= !declaration.shows() && !declaration.property.is_harmless();
    }

    /// Sets a property by the element's own `style`.
    pub(super) fn set_inline(&mut self, declaration: Declaration) {
        self.set(declaration, INLINE, 0);
    }

    pub(super) fn get(&self, property: Property) -> Option<Value> {
        self.slots[property as usize].map(|(_, value)| value)
    }

    fn flag(&self, property: Property) -> bool {
        self.get(property) == Some(Value::Flag(true))
    }

    fn px(&self, property: Property) -> Option<f32> {
        match self.get(property) {
            Some(Value::Px(px)) => Some(px),
            _ => None,
        }
    }

    pub(super) fn colour(&self, property: Property) -> Option<Colour> {
        match self.get(property) {
            Some(Value::Colour(colour)) => Some(colour),
            _ => None,
        }
    }

    /// How the element is kept out of sight with all that it holds. What is inherited and may be undone inside
    /// (visibility, font size, indent, colour) is not looked at.
    pub(super) fn cover(&self, tag: Tag) -> Cover {
        if self.is_off_screen() || self.is_clipped() {
            return Cover::Trick;
        }
        let is_shrunk = self.px_of_flag(Property::Transform);
        let is_clear = self.px(Property::Opacity).is_some_and(|value| value <= CLEAR);
        if self.flag(Property::Display)
            || is_clear && !self.flag(Property::Motion) && !self.glides()
            || is_shrunk && !self.flag(Property::Motion)
            || self.is_flat(tag)
        {
            return Cover::Waiting;
        }
        Cover::Shown
    }

    /// Whether the element is moved or turned a little: with it, clear text is about to fade in.
    fn glides(&self) -> bool {
        self.get(Property::Transform) == Some(Value::Flag(false))
    }

    fn px_of_flag(&self, property: Property) -> bool {
        self.get(property) == Some(Value::Px(0.0))
    }

    fn is_off_screen(&self) -> bool {
        let width = self.px(Property::Width).unwrap_or(0.0);
        // A wide element that is moved to the left shows its right part: the track of a carousel.
        let beyond = |property, bound: f32| self.px(property).is_some_and(|px| px <= -bound && width < -px);
        let placed = self.flag(Property::Position)
            && ([Property::Left, Property::Top, Property::Right, Property::Bottom]
                .iter()
                .any(|&p| beyond(p, FAR))
                || [Property::Left, Property::Top]
                    .iter()
                    .any(|&p| self.px(p).is_some_and(|px| px >= FAR_RIGHT)));
        let pulled = [Property::MarginLeft, Property::MarginTop].iter().any(|&p| beyond(p, FAR_MARGIN));
        placed || pulled && !self.flag(Property::Padding) || self.flag(Property::Transform) && width < FAR
    }

    fn is_clipped(&self) -> bool {
        self.flag(Property::Clip) && self.flag(Property::Position) || self.flag(Property::ClipPath)
    }

    /// Whether the box has no size and what it holds does not hang out.
    fn is_flat(&self, tag: Tag) -> bool {
        let none = |property| self.px(property).is_some_and(|px| (0.0..=1.0).contains(&px));
        if !self.flag(Property::Overflow) || matches!(tag, Tag::Td | Tag::Th) {
            return false;
        }
        // Pictures are put into boxes without height whose padding keeps the place; flexible boxes grow.
        if self.flag(Property::Padding) || self.px(Property::MinHeight).is_some_and(|px| px > 1.0) {
            return false;
        }
        none(Property::Height)
            || none(Property::MaxHeight)
            || none(Property::Width) && !self.flag(Property::Flex)
    }

    /// Whether text is moved out of its line; nothing if the style does not say.
    pub(super) fn indented(&self) -> Option<bool> {
        Some(match self.get(Property::Indent)? {
            Value::Px(px) => px <= -FAR || px >= FAR_RIGHT,
            Value::Percent(percent) => percent <= -100.0 || percent >= 100.0 && self.flag(Property::Overflow),
            _ => false,
        })
    }

    /// Whether letters have no size; nothing if that stays as it is around the element.
    pub(super) fn tiny(&self) -> Option<bool> {
        match self.get(Property::FontSize)? {
            Value::Px(px) => Some(px <= 1.0),
            Value::Percent(percent) if percent > 3.0 => None,
            Value::Percent(_) => Some(true),
            _ => Some(false),
        }
    }

    /// Whether the element is invisible; nothing if the style does not say.
    pub(super) fn invisible(&self) -> Option<bool> {
        self.get(Property::Visibility).map(|value| value == Value::Flag(true))
    }

    /// Whether the background is a picture, or not known.
    pub(super) fn has_picture(&self) -> bool {
        self.get(Property::Background) == Some(Value::Unknown) || self.flag(Property::BackgroundClip)
    }
}

#[cfg(test)]
mod tests {
    use super::super::declaration;
    use super::*;

    fn cover(style: &str) -> Cover {
        let mut all = Style::default();
        declaration::parse(style, &mut |declaration| all.set_inline(declaration));
        all.cover(Tag::Div)
    }

    #[test]
    fn tricks() {
        for style in [
            "position:absolute;left:-9999px",
            "position:fixed; top:-999em",
            "margin-left:-9999px",
            "margin:-99999px 0 0",
            "transform:translateX(-9999px)",
            "position:absolute;clip:rect(0,0,0,0)",
            "clip-path:inset(50%)",
        ] {
            assert_eq!(cover(style), Cover::Trick, "{style}");
        }
    }

    #[test]
    fn what_a_script_may_show() {
        for style in [
            "display:none",
            "opacity:0",
            "height:0;overflow:hidden",
            "width:1px;height:1px;overflow:hidden",
            "max-height:0;overflow:hidden;transition:max-height .2s",
            "transform:scale(0)",
        ] {
            assert_eq!(cover(style), Cover::Waiting, "{style}");
        }
    }

    #[test]
    fn what_is_seen() {
        for style in [
            "left:-9999px",
            "position:absolute;left:-20px",
            "position:relative;left:-1200px;width:4800px",
            "width:9999px;transform:translate3d(-2340px,0,0)",
            "margin-left:-9999px;padding-left:9999px",
            "height:0;overflow:hidden;padding-bottom:56.25%",
            "height:0",
            "width:0;flex:1;overflow:hidden",
            "opacity:0;transition:opacity .3s",
            "opacity:0;transform:translateY(20px)",
            "opacity:.5",
            "position:absolute;clip:rect(0,60px,200px,0)",
            "display:none;display:block",
            "display:block!important;display:none",
        ] {
            assert_eq!(cover(style), Cover::Shown, "{style}");
        }
    }
}
