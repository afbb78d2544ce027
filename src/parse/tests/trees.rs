//! What tree comes out of which markup.

use super::*;

#[test]
fn repairs_markup_as_a_browser_does() {
    assert_eq!(
        outline("<p>one<p>two<table><tr><td>cell"),
        "html(head()body(p('one')p('two'table(tbody(tr(td('cell')))))))"
    );
    assert_eq!(outline("<b>x<p>y</b>z"), "html(head()body(b('x')p(b('y')'z')))");
    assert_eq!(outline(""), "html(head()body())");
}

#[test]
fn text_moved_in_front_of_a_table_is_in_order() {
    assert_eq!(outline("<table>ab<tr>c<td>d"), "html(head()body('abc'table(tbody(tr(td('d'))))))");
}

#[test]
fn noscript_holds_markup() {
    assert_eq!(outline("<body><noscript><p>x"), "html(head()body(noscript(p('x'))))");
}

#[test]
fn scripts_are_empty_but_json_ld_stays() {
    assert_eq!(
        outline("<body><script>1</script><script type='application/ld+json'>{}</script>"),
        "html(head()body(script()script('{}')))"
    );
}

#[test]
fn attributes_are_kept_by_name_once_and_resolved() {
    let html = "<p CLASS=a class=b data-x=1 TITLE='x &amp; y&copy=1' id>";
    let dom = parse(html, &Limits::default());
    let p = dom.descendants(Dom::ROOT).find(|&id| dom.tag(id) == Tag::P).expect("there is a paragraph");
    assert_eq!(dom.attr(p, Attr::Class), Some("a"));
    assert_eq!(dom.attr(p, Attr::Title), Some("x & y&copy=1"));
    assert_eq!(dom.attr(p, Attr::Id), Some(""));
    assert_eq!(dom.attr(p, Attr::Href), None);
}

#[test]
fn line_ends_and_character_references_are_resolved() {
    assert_eq!(outline("<p>a\r\nb\rc&nbsp;&#8217;d"), "html(head()body(p('a\\nb\\nc\\u{a0}’d')))");
    assert_eq!(outline("\u{feff}<title>a &lt;b> c</TITLE>"), "html(head(title('a <b> c'))body())");
}

#[test]
fn formatting_elements_reopen_three_times_at_most_and_only_if_alike() {
    let alike = "<p><i x=1><i x=1><i x=1><i x=1></p>y";
    assert_eq!(outline(alike), "html(head()body(p(i(i(i(i()))))i(i(i('y')))))");
    let unlike = "<p><i x=1><i x=2><i x=3><i x=4></p>y";
    assert_eq!(outline(unlike), "html(head()body(p(i(i(i(i()))))i(i(i(i('y'))))))");
}

#[test]
fn buffers_are_used_again_but_a_huge_page_is_forgotten() {
    let mut parser = Parser::default();
    let mut dom = Dom::default();
    let limits = Limits::default();
    parser.parse_into(&mut dom, &"<p id=word>word\r\n".repeat(400_000), &limits);
    assert!(dom.capacity_bytes() > 8 << 20);
    parser.parse_into(&mut dom, "<p>small", &limits);
    assert_eq!(dom.outline(), "html(head()body(p('small')))");
    assert!(dom.capacity_bytes() <= 2 << 20, "{}", dom.capacity_bytes());
    assert!(dom.capacity_bytes() > 1 << 20, "{}", dom.capacity_bytes());
}
