//! What the first scores of a page say of each of its blocks: where the expected body lies, and what the blocks
//! around it, in its containers and in containers of its template are held to be.
//!
//! A block is judged better when its surroundings have been judged: one doubtful line among forty of a thread below
//! the article is a comment. The second model reads these numbers and nothing else. What the page as a whole is, it
//! takes from the model of kinds: the page's own features, a row a page, would teach it the pages by heart.

use std::ops::Range;

use super::profile::Profile;
use super::{Row, features, ratio};
use crate::kind::{CLASSES, Shares};
use crate::page::{Container, NONE, Page};

/// How many containers around a block are looked at, from the innermost.
const LEVELS: usize = 4;

/// A block with a higher probability counts as body.
const BODY: f32 = 0.5;

/// Scores above which a block adds to a run of blocks: for each, the run with the highest sum of words x (p - bound)
/// is looked for. What containers are to a page with markup, runs are to text that has none.
const RUN_BOUNDS: [f64; 2] = [0.3, 0.5];

/// Log odds beyond this are all alike.
const MAX_ODDS: f64 = 14.0;

/// Sums over a run of blocks.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    /// Expected words of body.
    mass: f64,
    words: f64,
    /// Words in blocks that are likelier body than not.
    body: f64,
    blocks: f64,
    /// Dates and times.
    stamps: f64,
    /// Labels that speak of comments.
    comments: f64,
}

impl Tally {
    fn zip(self, o: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            mass: f(self.mass, o.mass),
            words: f(self.words, o.words),
            body: f(self.body, o.body),
            blocks: f(self.blocks, o.blocks),
            stamps: f(self.stamps, o.stamps),
            comments: f(self.comments, o.comments),
        }
    }

    fn plus(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }

    fn minus(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }

    /// Expected words of body a word.
    fn density(&self) -> f64 {
        ratio(self.mass, self.words)
    }
}

/// What the containers of one template add up to.
#[derive(Clone, Copy, Debug, Default)]
struct Template {
    /// Of the containers themselves.
    all: Tally,
    containers: u32,
    /// Of the blocks that stand in them and in no container within.
    own: Tally,
}

/// A page with first scores.
pub(crate) struct Context<'a> {
    page: &'a Page,
    profile: &'a Profile,
    scores: &'a [f32],
    /// Sums over the blocks before each, and over all.
    prefix: Vec<Tally>,
    /// The container with the highest sum of words x (p - .5), of several the innermost.
    best: usize,
    /// For each of [`RUN_BOUNDS`], the blocks of the best run.
    runs: [Range<usize>; RUN_BOUNDS.len()],
    /// For each container, the outermost one around it that leaves the way from the root to the best one: a child of
    /// a container on that way. [`NONE`] on the way itself.
    branch: Vec<u32>,
    /// The containers' templates, and for each container which of them is its own.
    templates: Vec<Template>,
    template_of: Vec<u32>,
    /// For each block, the share of the page's words in it and in blocks with higher scores.
    rank: Vec<f64>,
    /// The lowest score of the cut with the highest expected F1, and that F1.
    cut: (f32, f64),
    highest: f32,
    /// What all rows share.
    whole: Vec<f32>,
}

impl<'a> Context<'a> {
    /// Takes the sums over first scores, one a block, of a page that is likely of these kinds.
    pub(crate) fn new(page: &'a Page, profile: &'a Profile, scores: &'a [f32], kinds: &Shares) -> Self {
        let mut context = Self {
            page,
            profile,
            scores,
            prefix: Vec::with_capacity(page.blocks.len() + 1),
            best: 0,
            runs: [0..0, 0..0],
            branch: Vec::with_capacity(page.containers.len()),
            templates: Vec::new(),
            template_of: vec![0; page.containers.len()],
            rank: Vec::new(),
            cut: (0.0, 0.0),
            highest: scores.iter().copied().fold(0.0, f32::max),
            whole: Vec::new(),
        };
        context.prefix.push(Tally::default());
        for index in 0..page.blocks.len() {
            let sum = context.prefix[index].plus(context.tally(index));
            context.prefix.push(sum);
        }
        context.find_best();
        context.runs = RUN_BOUNDS.map(|bound| context.best_run(bound));
        context.find_branches();
        context.take_templates();
        context.rank_blocks();
        context.whole = [&whole::values(&context)[..], kinds].concat();
        context
    }

    /// The first scores.
    pub(crate) fn scores(&self) -> &[f32] {
        self.scores
    }

    /// How many rows there are.
    pub(crate) fn blocks(&self) -> usize {
        self.page.blocks.len()
    }

    /// How many columns a block has to itself: those before [`whole`](Self::whole).
    pub(crate) fn own_width() -> usize {
        FEATURES.len()
            + LEVELS * level::FEATURES.len()
            + branch::FEATURES.len()
            + RUN_BOUNDS.len() * run::FEATURES.len()
    }

    /// The last columns, which are the same for all blocks.
    pub(crate) fn whole(&self) -> &[f32] {
        &self.whole
    }

    /// Adds a block's own columns to a row.
    pub(crate) fn fill(&self, index: usize, row: &mut impl Row) {
        let own = self.page.blocks[index].container;
        row.push(values(&View { context: self, index }));
        let mut id = own;
        for _ in 0..LEVELS {
            row.push(level::values(&level::View::new(self, id as usize)));
            let parent = self.page.containers[id as usize].parent;
            id = if parent == NONE { id } else { parent };
        }
        row.push(branch::values(&branch::View::new(self, own as usize)));
        for blocks in &self.runs {
            row.push(run::values(&run::View { context: self, blocks, index }));
        }
    }

    /// All columns of a block.
    pub(crate) fn row(&self, index: usize) -> Vec<f32> {
        let mut row = Vec::with_capacity(Self::own_width() + self.whole.len());
        self.fill(index, &mut row);
        row.extend_from_slice(&self.whole);
        row
    }

    fn tally(&self, index: usize) -> Tally {
        let (score, words) = (self.scores[index], f64::from(self.page.blocks[index].stats.words));
        let sections = &self.profile.sections;
        Tally {
            mass: words * f64::from(score),
            words,
            body: if score > BODY { words } else { 0.0 },
            blocks: 1.0,
            stamps: f64::from(u8::from(sections.is_stamp(index))),
            comments: f64::from(u8::from(sections.speaks_of_comments(index))),
        }
    }

    fn over(&self, blocks: &Range<u32>) -> Tally {
        self.prefix[blocks.end as usize].minus(self.prefix[blocks.start as usize])
    }

    fn container(&self, id: usize) -> Tally {
        self.over(&self.page.containers[id].blocks)
    }

    fn total(&self) -> Tally {
        self.prefix[self.prefix.len() - 1]
    }

    fn best(&self) -> Tally {
        self.page.containers.get(self.best).map_or(Tally::default(), |best| self.over(&best.blocks))
    }

    fn best_blocks(&self) -> Range<usize> {
        let blocks = self.page.containers.get(self.best).map_or(0..0, |best| best.blocks.clone());
        blocks.start as usize..blocks.end as usize
    }

    fn outside(&self) -> Tally {
        self.total().minus(self.best())
    }

    fn find_best(&mut self) {
        let gain = |container: &Container| {
            let tally = self.over(&container.blocks);
            tally.mass - f64::from(BODY) * tally.words
        };
        self.best = self.page.best_container(gain).unwrap_or_default();
    }

    /// The blocks one after another that gain most, where a block gains words x (p - bound).
    fn best_run(&self, bound: f64) -> Range<usize> {
        let gain = |at: usize| self.prefix[at].mass - bound * self.prefix[at].words;
        let (mut start, mut best, mut highest) = (0, 0..0, 0.0);
        for end in 1..self.prefix.len() {
            if gain(end - 1) < gain(start) {
                start = end - 1;
            }
            if gain(end) - gain(start) > highest {
                (highest, best) = (gain(end) - gain(start), start..end);
            }
        }
        best
    }

    fn find_branches(&mut self) {
        let containers = &self.page.containers;
        let mut on_way = vec![false; containers.len()];
        let mut at = self.best as u32;
        while let Some(container) = containers.get(at as usize) {
            on_way[at as usize] = true;
            at = container.parent;
        }
        for (id, container) in containers.iter().enumerate() {
            let outer = self.branch.get(container.parent as usize).copied().unwrap_or(NONE);
            self.branch.push(match (on_way[id], outer) {
                (true, _) => NONE,
                (false, NONE) => id as u32,
                (false, outer) => outer,
            });
        }
    }

    fn take_templates(&mut self) {
        let mut order: Vec<(u32, u32)> = self.page.containers.iter().map(|c| c.signature).zip(0..).collect();
        order.sort_unstable();
        for (template, alike) in order.chunk_by(|(one, _), (other, _)| one == other).enumerate() {
            for (_, id) in alike {
                self.template_of[*id as usize] = template as u32;
            }
            self.templates.push(Template { containers: alike.len() as u32, ..Template::default() });
        }
        for id in 0..self.page.containers.len() {
            let tally = self.container(id);
            let template = &mut self.templates[self.template_of[id] as usize];
            template.all = template.all.plus(tally);
        }
        for index in 0..self.blocks() {
            let (tally, container) = (self.tally(index), self.page.blocks[index].container);
            let template = &mut self.templates[self.template_of[container as usize] as usize];
            template.own = template.own.plus(tally);
        }
    }

    fn rank_blocks(&mut self) {
        let mut order: Vec<usize> = (0..self.blocks()).collect();
        order.sort_by(|&a, &b| self.scores[b].total_cmp(&self.scores[a]).then(a.cmp(&b)));
        let total = self.total();
        let mut kept = Tally::default();
        self.rank = vec![0.0; order.len()];
        for index in order {
            kept = kept.plus(self.tally(index));
            self.rank[index] = ratio(kept.words, total.words);
            let f1 = ratio(2.0 * kept.mass, kept.words + total.mass);
            if f1 > self.cut.1 {
                self.cut = (self.scores[index], f1);
            }
        }
    }

    /// What the containers of a container's template add up to.
    fn template(&self, container: u32) -> &Template {
        &self.templates[self.template_of[container as usize] as usize]
    }
}

/// The names of the second model's features, in the order of the columns, with their meanings.
#[must_use]
pub fn context_columns() -> Vec<(String, &'static str)> {
    let plain = |list: &[(&'static str, &'static str)], prefix: &str| -> Vec<(String, &'static str)> {
        list.iter().map(|(name, doc)| (format!("context.{prefix}{name}"), *doc)).collect()
    };
    let mut all = plain(FEATURES, "");
    for at in 0..LEVELS {
        all.extend(plain(level::FEATURES, &format!("container{at}.")));
    }
    all.extend(plain(branch::FEATURES, "branch."));
    for at in 0..RUN_BOUNDS.len() {
        all.extend(plain(run::FEATURES, &format!("run{at}.")));
    }
    all.extend(plain(whole::FEATURES, "page."));
    all.extend(
        CLASSES
            .iter()
            .map(|class| (format!("context.kind.{}", class.name), "probability of the kind of page")),
    );
    all
}

/// A block with its surroundings.
pub(super) struct View<'a> {
    context: &'a Context<'a>,
    index: usize,
}

impl View<'_> {
    fn score(&self, offset: isize) -> f32 {
        let at = self.index.checked_add_signed(offset);
        at.and_then(|at| self.context.scores.get(at)).copied().unwrap_or(-1.0)
    }

    fn odds(&self) -> f64 {
        let score = f64::from(self.score(0));
        (score / (1.0 - score)).ln().clamp(-MAX_ODDS, MAX_ODDS)
    }

    /// Expected body a word over the blocks up to so many away.
    fn density(&self, reach: usize) -> f64 {
        let end = (self.index + reach + 1).min(self.context.blocks());
        self.context.over(&(self.index.saturating_sub(reach) as u32..end as u32)).density()
    }

    /// What the other blocks in containers of its template add up to.
    fn peers(&self) -> Tally {
        let template = self.context.template(self.context.page.blocks[self.index].container);
        template.own.minus(self.context.tally(self.index))
    }
}

/// Blocks from the edge of a run, negative before it, 0 inside.
fn outside(index: usize, run: &Range<usize>) -> f64 {
    if index < run.start {
        index as f64 - run.start as f64
    } else {
        (index + 1).saturating_sub(run.end) as f64
    }
}

features! { |v: &View<'_>|
    "odds" "log odds of its first score" => v.odds();
    "density1" "expected body words a word in the blocks up to 1 away" => v.density(1);
    "density3" "the same up to 3 away" => v.density(3);
    "density10" "the same up to 10 away" => v.density(10);
    "density30" "the same up to 30 away" => v.density(30);
    "previous" "first score of the block before; -1: none" => v.score(-1);
    "next" "first score of the block after; -1: none" => v.score(1);
    "before" "share of the expected body before it" => ratio(v.context.prefix[v.index].mass, v.context.total().mass);
    "inside" "it stands in the best container" => u8::from(v.context.best_blocks().contains(&v.index));
    "outside" "blocks from the edge of the best container, negative before it" => outside(v.index, &v.context.best_blocks());
    "peers.density" "expected body words a word in other blocks of containers of its template" => v.peers().density();
    "peers" "other blocks in containers of its template" => v.peers().blocks;
    "rank" "share of the page's words in it and in blocks with higher scores" => v.context.rank[v.index];
    "margin" "first score above that of the best cut" => v.score(0) - v.context.cut.0;
}

/// The containers around a block.
mod level {
    use super::{Context, Tally, Template, features, ratio};

    pub(super) struct View {
        tally: Tally,
        template: Template,
        total: Tally,
    }

    impl View {
        pub(super) fn new(context: &Context<'_>, id: usize) -> Self {
            let template = *context.template(id as u32);
            Self { tally: context.container(id), template, total: context.total() }
        }
    }

    features! { |v: &View|
        "mass" "share of the expected body" => ratio(v.tally.mass, v.total.mass);
        "density" "expected body words a word" => v.tally.density();
        "body" "words in blocks likelier body than not" => v.tally.body;
        "template.density" "expected body words a word in all containers of its template" => v.template.all.density();
        "template.containers" "containers of its template" => v.template.containers;
        "template.mass" "share of the expected body in them; at most 3 where they nest" => ratio(v.template.all.mass, v.total.mass).min(3.0);
    }
}

/// The best run of blocks.
mod run {
    use super::{Context, Range, Tally, features, outside, ratio};

    pub(super) struct View<'a> {
        pub(super) context: &'a Context<'a>,
        pub(super) blocks: &'a Range<usize>,
        pub(super) index: usize,
    }

    features! { |v: &View<'_>|
        "outside" "blocks from its edge, negative before it, 0 inside" => outside(v.index, v.blocks);
        "mass" "share of the expected body in it" => ratio(v.tally().mass, v.context.total().mass);
        "density" "expected body words a word in it" => v.tally().density();
        "blocks" "share of the page's blocks in it" => ratio(v.blocks.len() as f64, v.context.blocks() as f64);
    }

    impl View<'_> {
        fn tally(&self) -> Tally {
            self.context.over(&(self.blocks.start as u32..self.blocks.end as u32))
        }
    }
}

/// The branch that leaves the way to the best container.
mod branch {
    use super::{Context, NONE, Tally, features, ratio};

    pub(super) struct View {
        tally: Option<Tally>,
        total: Tally,
        /// Levels below the best container, and siblings alike.
        depth: f64,
        alike: u32,
    }

    impl View {
        pub(super) fn new(context: &Context<'_>, container: usize) -> Self {
            let depth = |id: usize| f64::from(context.page.containers[id].depth);
            let total = context.total();
            match context.branch[container] {
                NONE => Self { tally: None, total, depth: 0.0, alike: 0 },
                id => Self {
                    tally: Some(context.container(id as usize)),
                    total,
                    depth: depth(id as usize) - depth(context.best),
                    alike: context.profile.alike[id as usize],
                },
            }
        }

        /// A number of the branch; -1 on the way itself.
        fn get(&self, value: impl Fn(&Tally) -> f64) -> f64 {
            self.tally.as_ref().map_or(-1.0, value)
        }
    }

    features! { |v: &View|
        "mass" "share of the expected body; -1 where there is no branch" => v.get(|t| ratio(t.mass, v.total.mass));
        "density" "expected body words a word" => v.get(Tally::density);
        "words" "its words" => v.get(|t| t.words);
        "blocks" "its blocks" => v.get(|t| t.blocks);
        "stamps" "its dates and times" => v.get(|t| t.stamps);
        "comments" "its labels that speak of comments" => v.get(|t| t.comments);
        "depth" "levels below the best container, negative above" => v.get(|_| v.depth);
        "alike" "siblings of the same tag and class" => v.get(|_| f64::from(v.alike));
        "body" "share of words in blocks likelier body than not" => v.get(|t| ratio(t.body, t.words));
        "stamped" "share of blocks that are dates or times" => v.get(|t| ratio(t.stamps, t.blocks));
    }
}

/// The whole page.
mod whole {
    use super::{Context, features, ratio};

    features! { |c: &Context<'_>|
        "best.mass" "share of the expected body in the best container" => ratio(c.best().mass, c.total().mass);
        "best.density" "expected body words a word in it" => c.best().density();
        "density" "expected body words a word" => c.total().density();
        "best.words" "words in the best container" => c.best().words;
        "mass" "expected body words" => c.total().mass;
        "best.stamps" "dates and times in the best container" => c.best().stamps;
        "outside.stamps" "dates and times outside" => c.outside().stamps;
        "best.comments" "labels that speak of comments in the best container" => c.best().comments;
        "outside.comments" "such labels outside" => c.outside().comments;
        "outside.density" "expected body words a word outside" => c.outside().density();
        "best.depth" "containers around the best one" => c.page.containers.get(c.best).map_or(0, |best| best.depth);
        "body" "words in blocks likelier body than not" => c.total().body;
        "f1" "expected F1 of the best cut" => c.cut.1;
        "highest" "highest first score" => c.highest;
    }
}
