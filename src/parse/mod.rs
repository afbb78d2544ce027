//! Text to tree: the HTML of a page becomes a [`Dom`], an arena of nodes that the next stage walks once.
//!
//! html5ever builds the tree, so that broken markup comes out as in a browser; [`parse`] is the seam behind which
//! its tokenizer can be exchanged. Nothing here judges text.

mod dom;
mod sink;
mod vocabulary;

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, parse_document};

use crate::config::Limits;

pub(crate) use dom::{Dom, NodeId, Piece};
pub(crate) use vocabulary::{Attr, Tag, Tags};

use sink::Sink;

/// Parses a document. Any text gives a tree.
pub(crate) fn parse(html: &str, limits: &Limits) -> Dom {
    // Scripts do not run here, so that `noscript` holds markup: whole forum threads stand in it.
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    parse_document(Sink::new(limits), options).one(StrTendril::from_slice(html))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(html: &str) -> String {
        parse(html, &Limits::default()).outline()
    }

    #[test]
    fn repairs_markup_as_a_browser_does() {
        assert_eq!(
            tree("<p>one<p>two<table><tr><td>cell"),
            "html(head()body(p('one')p('two'table(tbody(tr(td('cell'))))))"
        );
        assert_eq!(tree("<b>x<p>y</b>z"), "html(head()body(b('x')p(b('y')'z')))");
        assert_eq!(tree(""), "html(head()body())");
    }

    #[test]
    fn text_moved_in_front_of_a_table_is_in_order() {
        assert_eq!(tree("<table>ab<tr>c<td>d"), "html(head()body('abc'table(tbody(tr(td('d'))))))");
    }

    #[test]
    fn noscript_holds_markup() {
        assert_eq!(tree("<body><noscript><p>x"), "html(head()body(noscript(p('x'))))");
    }

    #[test]
    fn scripts_are_empty_but_json_ld_stays() {
        assert_eq!(
            tree("<body><script>1</script><script type='application/ld+json'>{}</script>"),
            "html(head()body(script()script('{}')))"
        );
    }

    #[test]
    fn limits_are_noted() {
        let limits = Limits { max_depth: 4, max_nodes: 10, ..Limits::default() };
        let dom = parse(&"<div>x".repeat(20), &limits);
        assert!(dom.met_nodes());
    }
}
