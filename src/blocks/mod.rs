//! Tree or lines to [`Page`]: the text of a page in reading order, cut where a browser would start a new box.
//!
//! [`html`] walks a tree, [`text`] reads lines; both feed the same [`Builder`], so that the stages after this one
//! know one shape only. White space is folded here, once, and counts are taken while the text is copied. Nothing
//! here judges text.

mod builder;
pub(crate) mod chars;
mod html;
mod text;
mod visibility;

#[cfg(test)]
pub(crate) use html::from_dom;
pub(crate) use html::{Asked, from_dom_asked};
pub(crate) use text::from_text;
