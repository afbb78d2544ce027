//! Settings: flags over `dehusk.toml` over defaults, and what is said of a setting that is wrong.

mod common;

use common::{Sandbox, page, sources};

#[test]
fn a_configuration_file_is_taken_and_flags_win() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page("letters"));
    sandbox.write("in/b.txt", "short");
    sandbox.write("dehusk.toml", "[run]\nformat = \"jsonl\"\nquiet = true\n[filter]\nmin-chars = 100\n");
    let ran = sandbox.run(&["clean", "in"]);
    assert_eq!(sources(&ran.ends(0).rows()), ["in/a.html"]);
    assert_eq!(ran.stderr(), "");
    let all = sandbox.run(&["clean", "in", "--min-chars", "0"]);
    assert_eq!(sources(&all.ends(0).rows()).len(), 2);
    sandbox.write("other.toml", "[run]\noutput = \"out\"\n");
    sandbox.run(&["clean", "in", "--config", "other.toml"]).ends(0).tells(&["2 pages"]);
    assert_eq!(sandbox.files("out"), ["a.html.txt", "b.txt.txt"]);
}

#[test]
fn the_settings_in_effect_are_printed_and_can_be_used() {
    let sandbox = Sandbox::new();
    sandbox.write("dehusk.toml", "[clean]\nfavor = \"recall\"\ncomments = \"keep\"\n");
    let printed = sandbox.run(&["config", "--comments", "drop", "--lang", "en,zh", "-o", "out"]);
    let text = printed.ends(0).stdout();
    for line in ["favor = \"recall\"", "comments = \"drop\"", "output = \"out\"", "max-depth = 512"] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
    sandbox.write("effective.toml", &text);
    assert_eq!(sandbox.run(&["config", "--config", "effective.toml"]).ends(0).stdout(), text);
}

#[test]
fn wrong_settings_are_named_with_file_and_line() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.html", page("letters"));
    let cases = [
        (
            "[clean]\nfavour = \"recall\"\n",
            &["dehusk.toml, line 2", "`favour`", "did you mean `clean.favor`?"][..],
        ),
        ("[run]\njobs = \"all\"\n", &["dehusk.toml, line 2", "jobs", "invalid type"]),
        ("[clean.limits]\nmax-nodes = 0\n", &["limits.max-nodes", "at least 1"]),
        ("[filter]\nlang = [\"english\"]\n", &["lang", "english"]),
        ("[filter]\ninclude = [\"a[\"]\n", &["include", "a["]),
        ("[filter]\nmin-article-confidence = 2.0\n", &["min-article-confidence", "between 0 and 1"]),
        ("[run]\nformat = \"docx\"\n", &["format", "docx", "jsonl"]),
        ("[clean]\nrules-off = [\"spam\"]\n", &["rules-off", "spam"]),
    ];
    for (text, parts) in cases {
        sandbox.write("dehusk.toml", text);
        sandbox.run(&["clean", "in", "-o", "out"]).ends(2).tells(parts);
    }
    assert_eq!(sandbox.files("").len(), 2, "nothing was written");
    sandbox.run(&["clean", "in", "--config", "gone.toml"]).ends(2).tells(&["cannot read", "gone.toml"]);
}
