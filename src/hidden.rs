//! Hidden text to verdicts: what a browser would not show is cut, unless it is the page's own text that waits.
//!
//! Pages hide their body until a script has run, and show one of several tabs at a time; the same properties hide
//! links for search engines. The covers of blocks cannot tell them apart; here they are held against the scores. Text
//! is judged by group: what the same hidden element holds, and elements of one kind together. What was hidden by a
//! trick that no page needs for its own text always goes.

use std::collections::{HashMap, HashSet};

use crate::lexicon::Common;
use crate::page::{Block, Container, Cover, NONE, Page, Reason, Verdict};

/// Hidden text that holds more than this share of the page's expected body is the body, waiting for a script.
const BODY_SHARE: f32 = 0.4;

/// Text behind a tab or under a heading that opens it has at least this mean score.
const MIN_SCORE: f32 = 0.5;

/// It has at most this share of its words in links.
const MAX_LINKS: f32 = 0.3;

/// It is on the page's subject with this share of its telling words in the body that is seen: text that scripts show
/// is, whatever opens it, and text for search engines is not.
const MIN_OVERLAP: f32 = 0.3;

/// So many words are no chance.
const MIN_SHARED: usize = 2;

/// Text that may be hidden by its colour goes with at least this share of its words in links.
const DOUBTFUL_LINKS: f32 = 0.5;

/// Sums over blocks that are hidden together.
#[derive(Clone, Copy, Default)]
struct Sums {
    words: f32,
    link_words: f32,
    /// Words times scores.
    body: f32,
    groups: u32,
}

impl Sums {
    fn add(&mut self, block: &Block, score: f32) {
        let words = block.stats.words as f32;
        self.words += words;
        self.link_words += block.stats.link_words as f32;
        self.body += words * score;
    }

    fn reads_well(self) -> bool {
        self.body >= MIN_SCORE * self.words && self.link_words <= MAX_LINKS * self.words
    }
}

/// Gives hidden blocks that no rule took the reason [`Reason::Hidden`], but for those that stay.
pub(crate) fn strip(page: &Page, verdicts: &mut [Verdict], common: &Common) {
    if page.blocks.iter().all(|block| block.cover == Cover::Shown) {
        return;
    }
    let mut groups = Groups::new(page, verdicts);
    groups.find_subject(page, verdicts, common);
    for (block, verdict) in page.blocks.iter().zip(verdicts) {
        if verdict.reason == Reason::Boilerplate && goes(page, block, &groups) {
            verdict.reason = Reason::Hidden;
        }
    }
}

fn goes(page: &Page, block: &Block, groups: &Groups) -> bool {
    let words = block.stats.words as f32;
    match block.cover {
        Cover::Shown => false,
        Cover::Doubtful => block.stats.link_words as f32 >= DOUBTFUL_LINKS * words,
        Cover::Trick => true,
        Cover::Unspoken | Cover::Waiting => !groups.stays(page, block),
    }
}

/// What is hidden together.
struct Groups {
    /// For each container, the outermost hidden one around it, or [`NONE`].
    tops: Vec<u32>,
    /// Sums of hidden containers of one kind and of hidden text in lines.
    kinds: HashMap<u32, Sums>,
    /// Sums of what each outermost hidden container holds.
    held: HashMap<u32, Sums>,
    /// Parents of hidden containers with their children's kinds of which one is seen.
    seen: HashSet<(u32, u32)>,
    /// What the page is expected to hold as body, and what of it waits.
    body: f32,
    waiting: f32,
    /// The outermost hidden containers that speak of what the page speaks of.
    on_subject: HashSet<u32>,
}

impl Groups {
    fn new(page: &Page, verdicts: &[Verdict]) -> Self {
        let tops = tops(&page.containers);
        let mut new = Self {
            tops,
            kinds: HashMap::new(),
            held: HashMap::new(),
            seen: HashSet::new(),
            body: 0.0,
            waiting: 0.0,
            on_subject: HashSet::new(),
        };
        for (block, verdict) in page.blocks.iter().zip(verdicts) {
            let score = verdict.score;
            new.body += block.stats.words as f32 * score;
            if !block.hidden {
                continue;
            }
            if block.cover != Cover::Trick {
                new.waiting += block.stats.words as f32 * score;
            }
            let top = new.tops[block.container as usize];
            let held = new.held.entry(top).or_default();
            let is_new = held.words == 0.0;
            held.add(block, score);
            let kind = new.kinds.entry(kind(page, top)).or_default();
            kind.groups += u32::from(is_new);
            kind.add(block, score);
        }
        let ids = || page.containers.iter().zip(0_u32..);
        let mut holds_hidden = vec![false; page.containers.len()];
        for (container, _) in ids().filter(|(_, id)| new.tops[*id as usize] == *id) {
            if let Some(holds) = holds_hidden.get_mut(container.parent as usize) {
                *holds = true;
            }
        }
        let has_hidden_sibling =
            |container: &Container| holds_hidden.get(container.parent as usize) == Some(&true);
        for (container, id) in ids() {
            if container.kin != 0 && new.tops[id as usize] == NONE && has_hidden_sibling(container) {
                new.seen.insert((container.parent, container.kin));
            }
        }
        new
    }

    /// Compares what reads well with the body that is seen.
    fn find_subject(&mut self, page: &Page, verdicts: &[Verdict], common: &Common) {
        let doubtful: Vec<u32> = self
            .held
            .iter()
            .filter(|(top, held)| **top != NONE && held.reads_well())
            .map(|(top, _)| *top)
            .collect();
        if doubtful.is_empty() {
            return;
        }
        let seen =
            page.blocks.iter().zip(verdicts).filter(|(b, verdict)| !b.hidden && verdict.score >= MIN_SCORE);
        let mut subject = HashSet::new();
        let mut tokens = Vec::new();
        for (block, _) in seen {
            common.read_telling_tokens(page.text_of(block), &mut tokens);
            subject.extend(tokens.iter().copied());
        }
        self.on_subject = doubtful
            .into_iter()
            .filter(|&top| {
                let blocks = &page.containers[top as usize].blocks;
                let text: Vec<&str> = page.blocks[blocks.start as usize..blocks.end as usize]
                    .iter()
                    .map(|block| page.text_of(block))
                    .collect();
                common.read_telling_tokens(&text.join("\n"), &mut tokens);
                let shared = tokens.iter().filter(|token| subject.contains(token)).count();
                shared >= MIN_SHARED && shared as f32 >= MIN_OVERLAP * tokens.len() as f32
            })
            .collect();
    }

    fn stays(&self, page: &Page, block: &Block) -> bool {
        let top = self.tops[block.container as usize];
        let kind = self.kinds.get(&kind(page, top)).copied().unwrap_or_default();
        if kind.body > BODY_SHARE * self.body {
            return true;
        }
        // Several kinds of hidden parts make up the body.
        if self.waiting > BODY_SHARE * self.body && kind.reads_well() {
            return true;
        }
        let held = self.held.get(&top).copied().unwrap_or_default();
        if top == NONE || !held.reads_well() {
            return false;
        }
        let container = &page.containers[top as usize];
        let has_seen_twin = container.kin != 0 && self.seen.contains(&(container.parent, container.kin));
        self.on_subject.contains(&top)
            || container.discloses
            || has_seen_twin
            || kind.groups > 1 && container.kin != 0 && is_opened_by_label(page, container)
    }
}

/// For each container, the outermost hidden one around it.
fn tops(containers: &[Container]) -> Vec<u32> {
    let mut tops: Vec<u32> = Vec::with_capacity(containers.len());
    for (id, container) in containers.iter().enumerate() {
        let above = if container.parent == NONE { NONE } else { tops[container.parent as usize] };
        let own = if container.cover.hides() { id as u32 } else { NONE };
        tops.push(if above != NONE && own != NONE { above } else { own });
    }
    tops
}

/// What hidden containers of one make have in common; hidden text in lines is a kind of its own.
fn kind(page: &Page, top: u32) -> u32 {
    if top == NONE { NONE } else { page.containers[top as usize].signature }
}

fn parent<'a>(page: &'a Page, container: &Container) -> Option<&'a Container> {
    page.containers.get(container.parent as usize)
}

/// Whether a line that is seen stands before a hidden container, in the same parent.
fn is_opened_by_label(page: &Page, container: &Container) -> bool {
    let first = container.blocks.start;
    let starts = parent(page, container).map_or(0, |above| above.blocks.start);
    first > starts && page.blocks[first as usize - 1].cover == Cover::Shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Limits;
    use crate::lexicon::Lexicon;
    use crate::{blocks, parse};

    /// The text that stays, if every block but those with `spam` is body text.
    fn kept(html: &str) -> Vec<String> {
        let limits = Limits::default();
        let page = blocks::from_dom(&parse::parse(html, &limits), &Lexicon::new(), &limits).0;
        let score = |block: &Block| if page.text_of(block).contains("spam") { 0.1 } else { 0.9 };
        let verdict = |block| Verdict {
            keep: false,
            score: score(block),
            reason: Reason::Boilerplate,
            evidence: None,
            cut_spans: Vec::new(),
        };
        let mut verdicts: Vec<Verdict> = page.blocks.iter().map(verdict).collect();
        strip(&page, &mut verdicts, Lexicon::new().common());
        let kept = page.blocks.iter().zip(&verdicts).filter(|(_, verdict)| verdict.reason != Reason::Hidden);
        kept.map(|(block, _)| page.text_of(block).to_owned()).collect()
    }

    const SHOWN: &str = "<p>one two three four five six seven eight nine ten eleven twelve thirteen</p>";

    #[test]
    fn a_body_that_waits_stays() {
        let html = "<p>menu<div id=js_content style='visibility:hidden'><p>one two three<p>four five</div>";
        assert_eq!(kept(html), ["menu", "one two three", "four five"]);
        let html = "<style>.fade{opacity:0}</style><p>menu<p class=fade>one two<p class=fade>three four<p class=fade>five";
        assert_eq!(kept(html).len(), 4);
    }

    #[test]
    fn a_hidden_part_goes() {
        assert_eq!(kept(&format!("{SHOWN}<div style='display:none'><p>spam one two</div>")).len(), 1);
        assert_eq!(kept(&format!("{SHOWN}<div style='display:none'><p>one two</div>")).len(), 1);
        assert_eq!(kept("<p>a<div style='position:absolute;left:-999px'><p>one two three</div>"), ["a"]);
    }

    #[test]
    fn tabs_stay_and_links_in_them_go() {
        let tabs = |text: &str| {
            format!(
                "{SHOWN}<div><div class='pane-x active'>a</div><div class=pane-x hidden>{text}</div></div>"
            )
        };
        assert_eq!(kept(&tabs("one two")).len(), 3);
        assert_eq!(kept(&tabs("spam two")).len(), 2);
        assert_eq!(kept(&tabs("<a href=a>one two</a>")).len(), 2);
        assert_eq!(kept(&format!("{SHOWN}<div class=collapse hidden>one two</div>")).len(), 2);
    }

    #[test]
    fn answers_under_questions_stay() {
        let one = |n: usize| {
            format!("<div class=q><h3>Why {n}?</h3><div class=reply hidden>because {n}</div></div>")
        };
        assert_eq!(kept(&format!("{SHOWN}{}{}", one(1), one(2))).len(), 5);
        assert_eq!(kept(&format!("{SHOWN}{}", one(1))).len(), 2);
    }

    #[test]
    fn text_on_the_subject_stays_however_it_is_shown() {
        let page = |text: &str| {
            kept(&format!(
                "{SHOWN}<p>Harbour pilots climb the ladder of every tanker.<div style='display:none'>{text}</div>"
            ))
        };
        assert_eq!(page("A pilot waits for the tanker in the harbour.").len(), 3);
        assert_eq!(page("Cheap loans within the hour, whatever your score.").len(), 2);
        assert_eq!(page("<a href=a>A pilot waits for the tanker in the harbour.</a>").len(), 2);
    }

    #[test]
    fn white_links_go_and_white_text_stays() {
        let white = |text: &str| {
            kept(&format!(
                "<link rel=stylesheet href=a>{SHOWN}<div class=x><p style='color:#fff'>{text}</div>"
            ))
            .len()
        };
        assert_eq!((white("one two"), white("<a href=a>one two</a>")), (2, 1));
    }
}
