//! Blocks to numbers: what the model sees of a page.
//!
//! Every block becomes a row of [`width`] numbers: what it is itself, what the containers around it are, what its
//! neighbours and the whole page are. Each group of features is one file with one list of names, meanings and
//! formulas; [`columns`] strings them together. Training reads the same rows that running scores, so that the two
//! cannot drift. Two passes over the page suffice: [`Profile`] takes the sums, the lists read them.
//!
//! Hardly a feature knows a word of any language: what class names speak of, and labels of comments, further reading,
//! sharing and rights, which stand in the lexicon.

mod block;
mod container;
mod context;
mod neighbour;
mod page;
mod profile;
mod section;

use crate::kind::Shares;
use crate::lexicon::CONCEPTS;
use crate::page::Page;

pub(crate) use context::Context;
pub use context::context_columns;
pub(crate) use profile::Profile;

/// Where the numbers of a row go, in the order of the columns.
pub(crate) trait Row {
    /// Adds the next ones.
    fn push<const N: usize>(&mut self, values: [f32; N]);
}

impl Row for Vec<f32> {
    fn push<const N: usize>(&mut self, values: [f32; N]) {
        self.extend_from_slice(&values);
    }
}

/// Declares a list of features: name, meaning and formula of each, in one place. Yields `FEATURES`, names with
/// meanings, and `values`.
macro_rules! features {
    (|$($arg:ident: $type:ty),*| $($name:literal $doc:literal => $value:expr;)*) => {
        /// The names of this group's features and what they mean.
        pub(in crate::features) const FEATURES: &[(&str, &str)] = &[$(($name, $doc)),*];

        /// The values, in the order of the names.
        #[inline]
        pub(in crate::features) fn values($($arg: $type),*) -> [f32; FEATURES.len()] {
            [$($value as f32),*]
        }
    };
}
use features;

/// How many containers around a block are looked at, from the innermost.
const LEVELS: usize = 6;

/// The neighbours that are looked at, by distance in blocks.
const NEIGHBOURS: [isize; 6] = [-3, -2, -1, 1, 2, 3];

/// The names of all features, in the order of the columns, with their meanings.
#[must_use]
pub fn columns() -> Vec<(String, &'static str)> {
    let plain = |list: &[(&'static str, &'static str)], prefix: &str| -> Vec<(String, &'static str)> {
        list.iter().map(|(name, doc)| (format!("{prefix}{name}"), *doc)).collect()
    };
    let mut all = plain(block::FEATURES, "");
    all.extend(CONCEPTS.iter().map(|(_, name)| {
        (
            format!("concept.{name}"),
            "steps up to a container whose class or id speaks of it; 9: none within 8",
        )
    }));
    for level in 0..LEVELS {
        all.extend(plain(container::FEATURES, &format!("container{level}.")));
    }
    for offset in NEIGHBOURS {
        all.extend(plain(neighbour::FEATURES, &format!("neighbour{offset:+}.")));
    }
    all.extend(plain(neighbour::windows::FEATURES, "window."));
    all.extend(plain(section::FEATURES, "section."));
    all.extend(plain(page::FEATURES, "page."));
    all
}

/// The features of a whole page.
pub(crate) fn page_row(page: &Page, profile: &Profile) -> Vec<f32> {
    page::values(page, profile).to_vec()
}

/// The features of a page's blocks: one row a block, filled when they are wanted. All rows of a long page at once
/// would take a hundred times the memory of its text.
pub(crate) struct Features<'a> {
    page: &'a Page,
    profile: &'a Profile,
    /// What all rows share.
    whole: Vec<f32>,
    /// What the containers give to the rows of their blocks.
    around: Vec<container::Numbers>,
}

impl<'a> Features<'a> {
    /// What all blocks of a page share is computed here.
    pub(crate) fn new(page: &'a Page, profile: &'a Profile) -> Self {
        Self { page, profile, whole: page_row(page, profile), around: container::all(page, profile) }
    }

    pub(crate) fn page(&self) -> &'a Page {
        self.page
    }

    pub(crate) fn profile(&self) -> &'a Profile {
        self.profile
    }

    /// The same page with first scores, one a block, and what kind they make it.
    pub(crate) fn with_scores<'s>(&self, scores: &'s [f32], kinds: &Shares) -> Context<'s>
    where
        'a: 's,
    {
        Context::new(self.page, self.profile, scores, kinds)
    }

    /// How many rows there are.
    pub(crate) fn blocks(&self) -> usize {
        self.page.blocks.len()
    }

    /// How many columns a block has to itself: those before [`whole`](Self::whole).
    pub(crate) fn own_width() -> usize {
        block::FEATURES.len()
            + CONCEPTS.len()
            + LEVELS * container::FEATURES.len()
            + NEIGHBOURS.len() * neighbour::FEATURES.len()
            + neighbour::windows::FEATURES.len()
            + section::FEATURES.len()
    }

    /// The last columns, which are the same for all blocks.
    pub(crate) fn whole(&self) -> &[f32] {
        &self.whole
    }

    /// Adds a block's own columns to a row.
    pub(crate) fn fill(&self, index: usize, row: &mut impl Row) {
        let block = &self.page.blocks[index];
        row.push(block::values(&block::View::new(self.page, self.profile, index)));
        row.push(self.profile.concept_steps(block).map(f32::from));
        container::push_around(&self.around, self.page, block, row);
        for offset in NEIGHBOURS {
            row.push(neighbour::values(&neighbour::View::new(self.page, self.profile, index, offset)));
        }
        row.push(neighbour::windows::values(&neighbour::windows::View::new(self.profile, index)));
        row.push(section::values(&section::View::new(self.profile, index)));
    }

    /// All columns of a block.
    pub(crate) fn row(&self, index: usize) -> Vec<f32> {
        let mut row = Vec::with_capacity(Self::own_width() + self.whole.len());
        self.fill(index, &mut row);
        row.extend_from_slice(&self.whole);
        row
    }

    /// The rows of all blocks.
    pub(crate) fn rows(&self) -> Vec<Vec<f32>> {
        (0..self.blocks()).map(|index| self.row(index)).collect()
    }
}

/// `numerator / denominator`, 0 where there is nothing to divide by.
fn ratio(numerator: impl Into<f64>, denominator: impl Into<f64>) -> f64 {
    let denominator = denominator.into();
    if denominator > 0.0 { numerator.into() / denominator } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Limits;
    use crate::lexicon::Lexicon;
    use crate::{blocks, parse};

    const HTML: &str = "<title>Tides</title><nav><ul><li><a href=/>Home</a><li><a href=/b>News</a></ul></nav>\
        <article class=content><h1>Tides</h1><p>The sea rises and falls twice a day, and has always done so.\
        <p>Drawn by the moon, and by the sun.</article>";

    fn html_page() -> Page {
        let limits = Limits::default();
        blocks::from_dom(&parse::parse(HTML, &limits), &Lexicon::new(), &limits).0
    }

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let page = html_page();
        let profile = Profile::new(&page, &Lexicon::new());
        let features = Features::new(&page, &profile);
        let mut names: Vec<_> = columns().into_iter().map(|(name, _)| name).collect();
        let width = Features::own_width() + features.whole().len();
        assert_eq!(names.len(), width);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), width);
        assert!(features.rows().iter().all(|row| row.len() == names.len()));
    }

    #[test]
    fn values_are_finite() {
        for text in ["", "x", "。", "12 34\n\n5", HTML] {
            let page = blocks::from_text(text, &Limits::default()).0;
            let rows = Features::new(&page, &Profile::new(&page, &Lexicon::new())).rows();
            assert_eq!(rows.len(), page.blocks.len());
            assert!(rows.into_iter().flatten().all(f32::is_finite));
        }
    }

    #[test]
    fn values_say_what_their_names_do() {
        let page = html_page();
        let rows = Features::new(&page, &Profile::new(&page, &Lexicon::new())).rows();
        let columns = columns();
        let value = |row: usize, name: &str| {
            let column = columns.iter().position(|(n, _)| n == name).expect("a known feature");
            rows[row][column]
        };
        let close = |a: f32, b: f32| (a - b).abs() < 1e-6;
        assert!(close(value(0, "link_density"), 1.0) && close(value(3, "link_density"), 0.0));
        assert!(close(value(0, "within.nav"), 1.0) && close(value(3, "within.nav"), 0.0));
        assert!(close(value(2, "title_overlap"), 1.0));
        assert!(close(value(3, "concept.body"), 1.0) && close(value(0, "concept.body"), 9.0));
        assert!(close(value(1, "neighbour-1.link_density"), 1.0));
        assert!(close(value(0, "container1.link_density"), 1.0));
    }
}
