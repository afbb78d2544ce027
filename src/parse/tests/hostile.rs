//! Pages made to keep a parser busy. What is asserted is work and size, never time.

use super::*;

/// A page that repeats something so often, with a number in place of `#`.
fn repeat(piece: &str, times: usize) -> String {
    (0..times).map(|number| piece.replace('#', &number.to_string())).collect()
}

/// The pages, by name.
pub(super) fn pages() -> Vec<(&'static str, String)> {
    let nested = |piece: &str| repeat(piece, 40_000);
    let reopened =
        |close: &str| format!("<p>{}{close}{}", repeat("<font size=#>", 1000), repeat("<p>x</p>", 1000));
    let attributes = |tag: &str| format!("<{tag} {}>x", repeat(" a#=#", 40_000));
    vec![
        ("div", nested("<div>")),
        ("ul li", nested("<ul><li>")),
        ("dl dd", nested("<dl><dd>")),
        ("b with ids", nested("<b id=#>")),
        ("a b", nested("<a><b>")),
        ("a div", nested("<a><div>")),
        ("b div, closed b", format!("{}{}", repeat("<b><div>", 250), repeat("</b>x", 40_000))),
        ("span, then unknown ends", format!("{}{}", nested("<span>"), nested("</x>"))),
        ("span to the limit, then p", format!("{}{}", repeat("<span>", 500), repeat("<p>", 100_000))),
        ("fonts reopened", reopened("</p>")),
        ("fonts reopened often", reopened("</p>").repeat(20)),
        ("fonts opened and closed", repeat("<font size=#>", 100) + &repeat("<font size=#>x</font>", 40_000)),
        ("attributes", attributes("p")),
        ("attributes of a link", attributes("a")),
        ("the same attribute", format!("<a {}>x", " a".repeat(100_000))),
        ("new attribute names", repeat("<p x-attribute-#=1>", 100_000)),
        ("new attribute names of links", repeat("<a x-attribute-#=1>", 100_000)),
        ("new element names, open", repeat("<x-element-#>", 100_000)),
        ("new element names, closed", repeat("<x-element-#></x-element-#>", 50_000)),
        ("ampersands", "&".repeat(1 << 20)),
        ("names of references", "&CounterClockwiseContour".repeat(40_000)),
        ("references without semicolon", "&notin&ampx&copyrights".repeat(40_000)),
        ("less-than signs", "<".repeat(1 << 20)),
        ("NULs", "\0".repeat(1 << 20)),
        ("NULs in a formula", format!("<math><mi>{}", "\0".repeat(1 << 20))),
        ("one text", "word ".repeat(1 << 18)),
        ("text before a table", format!("<table>{}", repeat("x<tr>", 100_000))),
        ("elements before a table", format!("<table>{}", repeat("<div>x</div>", 50_000))),
        ("tables in tables", nested("<table><tr><td>")),
        (
            "markers left behind",
            format!("<table>{}{}", repeat("<td><object>", 40_000), repeat("<b>x</b>", 60_000)),
        ),
        ("templates", nested("<template>")),
        ("templates with cells", repeat("<template><td></template><b>x</b>", 30_000)),
        ("pictures", nested("<svg><g>")),
        ("styles in pictures", format!("<svg>{}", nested("<style>"))),
        ("formulas with HTML", nested("<math><annotation-xml encoding=text/html>")),
        ("selects", nested("<select><option>")),
        ("forms and buttons", nested("<form><button>")),
        ("doctypes", repeat("<!doctype>", 100_000)),
        ("open comments", repeat("<!--", 200_000)),
        ("almost closed comments", format!("<!--{}", "--!->".repeat(200_000))),
        ("almost closed scripts", format!("<script>{}", "<!--<script</script ".repeat(50_000))),
        ("almost closed titles", format!("<title>{}", "</titl</title".repeat(80_000))),
        ("open quotes", "<a b='\"".repeat(150_000)),
        ("roots with attributes", repeat("<html class=# lang=x><body id=#>", 40_000)),
        (
            "large values reopened",
            format!("<p><font color={}></p>{}", "x".repeat(100_000), repeat("<p>x</p>", 50_000)),
        ),
        ("CDATA in HTML", "<![CDATA[".repeat(100_000)),
        ("framesets", nested("<frameset>")),
    ]
}

#[test]
fn work_and_size_stay_in_proportion() {
    let limits = Limits::default();
    let mut parser = Parser::default();
    let mut dom = Dom::default();
    for (name, html) in pages() {
        parser.parse_into(&mut dom, &html, &limits);
        let bytes = html.len();
        // One tag may still take as much as a full stack allows.
        let most_work = guard::most_work(bytes) + (1 << 20);
        assert!(parser.work() <= most_work, "{name}: {} units for {bytes} bytes", parser.work());
        let nodes = dom.nodes.len();
        assert!(nodes <= bytes / 2 + 12_000, "{name}: {nodes} nodes for {bytes} bytes");
        assert!(dom.depth() <= 2 * limits.max_depth, "{name}: depth {}", dom.depth());
        assert!(dom.capacity_bytes() < 40 * bytes + (16 << 20), "{name}: {} bytes", dom.capacity_bytes());
    }
}

#[test]
fn end_tags_that_end_nothing_cost_little_and_change_nothing() {
    let mut parser = Parser::default();
    let mut parsed = |ends: String| {
        let mut dom = Dom::default();
        parser.parse_into(&mut dom, &format!("{}{ends}x", "<span>".repeat(400)), &Limits::default());
        (dom.outline(), parser.work())
    };
    let (plain, _) = parsed(String::new());
    let (some, work) = parsed("</x></b>".repeat(1000));
    let (many, more_work) = parsed("</x></b>".repeat(10_000));
    assert!(some == plain && many == plain);
    assert!(more_work < 2 * work, "{more_work} units, {work} for a tenth of the end tags");
    let (breaks, _) = parsed("</br>".repeat(1000));
    assert_eq!(breaks.matches("br").count(), 1000);
}

#[test]
fn deep_elements_are_flattened_and_what_follows_is_in_place() {
    let limits = Limits { max_depth: 10, ..Limits::default() };
    let html = format!("{}deep{}<p>after", "<section><p>".repeat(50), "</p></section>".repeat(50));
    let dom = parse(&html, &limits);
    assert!(dom.met_depth() && !dom.met_nodes());
    assert!(dom.depth() <= 10, "{}", dom.depth());
    assert!(dom.outline().ends_with("p('after')))"), "{}", dom.outline());
    assert!(dom.outline().contains("deep"));
}

#[test]
fn text_goes_on_when_the_tree_is_full() {
    let limits = Limits { max_nodes: 12, ..Limits::default() };
    let html = "<p>1<p>2<p>3<p>4<p>5<script>no</script><title>no</title>6<b>7</b><style>no</style>8";
    let dom = parse(html, &limits);
    assert!(dom.met_nodes() && !dom.met_depth());
    let text = dom.text_content(Dom::ROOT);
    assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["1234", "5", "67", "8"]);
    assert!(dom.nodes.len() <= 14);
}

#[test]
fn scripts_are_no_text_when_the_tree_is_full_inside_one() {
    for max_nodes in 1..12 {
        let limits = Limits { max_nodes, ..Limits::default() };
        let dom = parse("<p>1<div><script>no</script><style>no</style>2", &limits);
        assert!(dom.text_content(Dom::ROOT).split("no").next().is_some_and(|text| text.contains('1')));
    }
}

/// Milliseconds that this thread was on a processor, where the system tells.
fn cpu_millis() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e6
}

#[test]
#[ignore = "prints times; run with --release --nocapture"]
#[expect(clippy::print_stderr, reason = "a measurement on demand")]
fn times() {
    let mut parser = Parser::default();
    let mut dom = Dom::default();
    for (name, html) in pages() {
        // The fastest of several runs: others use the machine, too.
        let run = |_| {
            let start = cpu_millis();
            parser.parse_into(&mut dom, &html, &Limits::default());
            cpu_millis() - start
        };
        let millis = (0..5).map(run).fold(f64::INFINITY, f64::min);
        let megabytes = html.len() as f64 / f64::from(1 << 20);
        let work = parser.work() as f64 / html.len() as f64;
        eprintln!("{:7.1} ms/MB {megabytes:6.2} MB {work:6.1} units/byte {name}", millis / megabytes);
    }
}
