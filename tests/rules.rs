//! Walks `samples/<rule>/`: in a `hit-*` folder the rule must cut exactly the blocks that `cut.txt` lists, one a
//! line, in reading order; in a `near-*` folder no rule may cut anything.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use dehusk::{Cleaned, Cleaner, Hints, RULES, Reason};

/// All sample folders of rules whose name starts with `prefix`, with the rule's id.
fn folders(prefix: &str) -> Vec<(String, PathBuf)> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut found = Vec::new();
    for rule in fs::read_dir(samples).expect("samples/ is part of the repository").flatten() {
        for sample in fs::read_dir(rule.path()).into_iter().flatten().flatten() {
            if sample.file_name().to_string_lossy().starts_with(prefix) {
                found.push((rule.file_name().to_string_lossy().into_owned(), sample.path()));
            }
        }
    }
    found.sort();
    found
}

/// The page of a folder, with its name.
fn page(folder: &Path) -> (&'static str, Vec<u8>) {
    let read = |name: &'static str| Some((name, fs::read(folder.join(name)).ok()?));
    let page = ["page.html", "page.txt"].into_iter().find_map(read);
    page.unwrap_or_else(|| panic!("{} has no page", folder.display()))
}

fn clean(cleaner: &Cleaner, folder: &Path) -> Cleaned {
    cleaner.clean(&page(folder).1, Hints::default())
}

/// What rules cut, with the rule of each block.
fn cuts(cleaned: &Cleaned) -> Vec<(&'static str, String)> {
    let by_rule = |reason| if let Reason::Rule(id) = reason { Some(id) } else { None };
    let cut = |(block, verdict): (&_, &dehusk::Verdict)| {
        by_rule(verdict.reason).map(|id| (id, cleaned.page.text_of(block).to_owned()))
    };
    let mut all: Vec<_> = cleaned.cuts().filter_map(cut).collect();
    for (_, verdict) in cleaned.judged() {
        let part = |span: &dehusk::CutSpan| {
            (span.rule, cleaned.page.text[span.text.start as usize..span.text.end as usize].to_owned())
        };
        all.extend(verdict.cut_spans.iter().map(part));
    }
    all
}

#[test]
fn rules_cut_what_their_samples_list() {
    let cleaner = Cleaner::default();
    let mut wrong = String::new();
    for (rule, folder) in folders("hit-") {
        let listed = fs::read_to_string(folder.join("cut.txt")).expect("a hit has a cut.txt");
        let page = clean(&cleaner, &folder);
        let cut: Vec<_> =
            cuts(&page).into_iter().filter(|(id, _)| *id == rule).map(|(_, text)| text).collect();
        if cut != listed.lines().collect::<Vec<_>>() {
            let _ = writeln!(wrong, "{}\n  all cuts {:?}", folder.display(), cuts(&page));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn near_misses_lose_nothing_to_any_rule() {
    let cleaner = Cleaner::default();
    let mut wrong = String::new();
    for (_, folder) in folders("near-") {
        let cut = cuts(&clean(&cleaner, &folder));
        if !cut.is_empty() {
            let _ = writeln!(wrong, "{}\n  {cut:?}", folder.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn near_misses_lose_nothing_among_boilerplate() {
    const MENU: &[&str] = &["Home", "Jobs", "Weather", "About us", "Sitemap"];
    const FOOTER: &[&str] =
        &["Share this article: Facebook Twitter WhatsApp", "© 2021 The Example. All rights reserved."];
    let cleaner = Cleaner::default();
    let mut wrong = String::new();
    for (_, folder) in folders("near-") {
        let alone = clean(&cleaner, &folder);
        let around = |page: &str| match page.split_once("<body>").zip(page.rsplit_once("</body>")) {
            Some(((head, _), (_, tail))) => {
                let body = &page[head.len() + "<body>".len()..page.len() - tail.len() - "</body>".len()];
                let links: Vec<_> =
                    MENU.iter().map(|name| format!("<li><a href=/>{name}</a></li>")).collect();
                let footer: Vec<_> = FOOTER.iter().map(|line| format!("<p>{line}</p>")).collect();
                format!(
                    "{head}<body><ul>{}</ul>{body}<div>{}</div></body>{tail}",
                    links.concat(),
                    footer.concat()
                )
            }
            None => format!("{}\n\n{page}\n\n{}\n", MENU.join(" | "), FOOTER.join("\n\n")),
        };
        let (name, bytes) = page(&folder);
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let is_text = Path::new(&name).extension().is_some_and(|extension| extension == "txt");
        assert!(is_text || text.contains("<body>"), "{}", folder.display());
        let result = cleaner.clean(around(&text).as_bytes(), Hints::default());
        let lines: Vec<_> = alone.page.blocks.iter().map(|block| alone.page.text_of(block)).collect();
        let lost: Vec<_> =
            cuts(&result).into_iter().filter(|(_, text)| lines.contains(&text.as_str())).collect();
        if !lost.is_empty() {
            let _ = writeln!(wrong, "{}\n  {lost:?}", folder.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// All rules as a page, from the heads of their files.
fn reference() -> String {
    let mut page = "# Rules\n\n\
         Each rule cuts one kind of spam or boilerplate. `dehusk rules` lists them, `--off ID` switches one off, and \
         counts, `--cuts` rows and samples name them by these ids. They are asked in this order: the first to hit a \
         block gives the reason.\n\n\
         This page is written from the heads of the rules' source files by `DEHUSK_WRITE_DOCS=1 cargo test --test \
         rules`, and must not be edited.\n"
        .to_owned();
    for rule in RULES {
        let kind = if rule.spam { "spam" } else { "boilerplate" };
        let _ = write!(page, "\n## `{}`\n\nCuts {kind}.\n\n{}", rule.id, rule.docs());
    }
    page
}

#[test]
fn the_reference_says_what_the_rules_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    if std::env::var_os("DEHUSK_WRITE_DOCS").is_some() {
        fs::write(&path, reference()).expect("docs/ can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == reference(), "docs/rules.md is stale: DEHUSK_WRITE_DOCS=1 cargo test --test rules");
}
