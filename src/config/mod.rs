//! Every number and switch that changes what dehusk does, in one struct a stage.
//!
//! [`Config`] is what cleaning one page depends on, [`Filter`] which cleaned pages are wanted, [`RunSettings`] how a
//! batch is run; [`Settings`] holds all three, as the tables of a configuration file do. All of it is plain data: it
//! is read from TOML or built in code, the command line fills it from flags of the same names, and it is checked once,
//! before anything is read. Nothing outside it changes a result.

#[cfg(feature = "config-file")]
mod file;
mod settings;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

#[cfg(feature = "sites")]
pub(crate) use file::closest;
pub use settings::{CheckSettings, Dedup, Filter, RunSettings, Settings, Shard};

use crate::error::Error;

/// All settings of a [`Cleaner`](crate::Cleaner).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Which kind of mistake to avoid when a block is doubtful.
    pub favor: Favor,
    /// What to do with readers' comments.
    pub comments: Comments,
    /// What to do with text that a browser would not show.
    pub hidden: Hidden,
    /// Ids of rules that are switched off, as `dehusk rules` lists them.
    pub rules_off: Vec<String>,
    /// A file of selectors for the pages of certain sites; see `docs/sites.md`. A [`Cleaner`](crate::Cleaner) reads it
    /// once, when it is built.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sites: Option<PathBuf>,
    /// Bounds on the work that one page may cause.
    pub limits: Limits,
}

impl Config {
    /// Checks ranges and names.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] names the first key whose value is out of range or unknown.
    pub fn validate(&self) -> Result<(), Error> {
        let known = |id: &&String| !crate::rules::RULES.iter().any(|rule| rule.id == id.as_str());
        if let Some(id) = self.rules_off.iter().find(known) {
            return Err(Error::config("rules-off", format!("there is no rule {id:?}")));
        }
        let limits = &self.limits;
        let bounds = [
            ("limits.max-bytes", limits.max_bytes),
            ("limits.max-depth", limits.max_depth),
            ("limits.max-nodes", limits.max_nodes),
            ("limits.max-blocks", limits.max_blocks),
        ];
        match bounds.iter().find(|(_, value)| *value == 0) {
            Some((key, _)) => Err(Error::config(key, "must be at least 1".to_owned())),
            None => Ok(()),
        }
    }
}

/// Which kind of mistake to avoid when a block is doubtful.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Favor {
    /// Keep less: what stays is body text with high probability.
    Precision,
    /// The cut with the highest expected F1.
    #[default]
    Balanced,
    /// Keep more: what goes is boilerplate with high probability.
    Recall,
}

/// What to do with readers' comments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Comments {
    /// Keep the posts of a forum thread, drop the comments under an article.
    #[default]
    Auto,
    /// Keep comments as part of the text.
    Keep,
    /// Drop whatever stands in a comment section.
    Drop,
}

/// What to do with text that a browser would not show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hidden {
    /// Drop it, unless it is the page's body waiting for a script to show it.
    #[default]
    Strip,
    /// Judge it like any other text.
    Keep,
}

/// Bounds on the work that one page may cause, in units of work and not of time, so that a result does not depend
/// on the machine. A bound that was met is noted in [`Cleaned::limits`](crate::Cleaned::limits).
///
/// The largest of 1,870 crawled pages had 5.3 MB, 34,445 nodes and a depth of 52: the defaults leave room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Bytes of a page that are read; the rest is ignored. Default 10 MiB.
    pub max_bytes: usize,
    /// Depth of element nesting; deeper elements are flattened into the deepest kept one. Default 512.
    pub max_depth: usize,
    /// Nodes in the tree; later markup is ignored. Default 1,000,000.
    pub max_nodes: usize,
    /// Blocks of text on a page; later text is ignored. Default 200,000. Beyond 10,000, a page has at most one for 64
    /// bytes: what is cut up smaller is data, and costs many times as much as text of its size. Of 3,793 real pages one
    /// has 6,571 blocks, the others up to 2,739.
    pub max_blocks: usize,
}

impl Limits {
    /// Blocks that any page may have, and the fewest bytes for each of more.
    const BLOCKS_A_PAGE: usize = 10_000;
    const BYTES_A_BLOCK: usize = 64;

    /// The bounds for a page of so many bytes.
    pub(crate) fn of_page(&self, bytes: usize) -> Self {
        let in_proportion = Self::BLOCKS_A_PAGE.max(bytes / Self::BYTES_A_BLOCK);
        Self { max_blocks: self.max_blocks.min(in_proportion), ..self.clone() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_bytes: 10 << 20, max_depth: 512, max_nodes: 1_000_000, max_blocks: 200_000 }
    }
}
