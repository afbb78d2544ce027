//! The settings of a whole run: how pages are cleaned, which of them are wanted, and where they go.
//!
//! They are what a configuration file holds, a table each. A value that is not set there has its default; the names
//! are those of the flags. What a run reads is no setting: it is named where the run is started.

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::Config;
use crate::error::Error;
use crate::input::{InputFormat, Reading};

/// All settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// What inputs are that do not speak for themselves.
    pub input: Reading,
    /// How a batch of pages is run and where it goes.
    pub run: RunSettings,
    /// Which cleaned pages are wanted.
    pub filter: Filter,
    /// How a page is cleaned.
    pub clean: Config,
    /// What the cases of a check must reach.
    pub check: CheckSettings,
}

impl Settings {
    /// Checks ranges, names and patterns.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] names the first key whose value cannot be used.
    pub fn validate(&self) -> Result<(), Error> {
        self.clean.validate()?;
        if let Some(name) = self.input.format.as_deref().filter(|name| InputFormat::by_name(name).is_none()) {
            return Err(Error::config("input-format", format!("there is no format {name:?}")));
        }
        if self.run.commit_every == 0 {
            return Err(Error::config("commit-every", "must be at least 1".to_owned()));
        }
        self.check.validate()?;
        self.filter.validate()
    }
}

/// What the cases of [`check`](crate::check) must reach, where a case does not say it itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CheckSettings {
    /// Word F1 that the text of a case must reach if the case has neither a floor nor a baseline. Default 0.95.
    pub min_f1: f64,
    /// How far word F1 may fall below the baseline of a case. Default 0.005.
    pub tolerance: f64,
    /// Word F1 that all cases or pages together must reach, as a mean. Default 0.
    pub min_mean_f1: f64,
}

impl Default for CheckSettings {
    fn default() -> Self {
        Self { min_f1: 0.95, tolerance: 0.005, min_mean_f1: 0.0 }
    }
}

impl CheckSettings {
    /// Checks ranges.
    fn validate(&self) -> Result<(), Error> {
        let all = [("min-f1", self.min_f1), ("tolerance", self.tolerance), ("min-mean-f1", self.min_mean_f1)];
        match all.iter().find(|(_, value)| !(0.0..=1.0).contains(value)) {
            Some((key, _)) => Err(Error::config(key, "must be between 0 and 1".to_owned())),
            None => Ok(()),
        }
    }
}

/// How a batch of pages is read and written. Paths are relative to the working directory, as in flags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RunSettings {
    /// Where the results go: a directory, a file, or `-`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output: Option<PathBuf>,
    /// The name of the output's format; by default the extension of the output tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Where filtered pages are listed, with the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rejects: Option<PathBuf>,
    /// Where cut blocks are listed, with the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cuts: Option<PathBuf>,
    /// Where the counts of the run are written in the end, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<PathBuf>,
    /// Pages in a file of rows, which is then one of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard_size: Option<NonZeroU64>,
    /// A directory that remembers what is done, so that a run that died can be resumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<PathBuf>,
    /// The part of the inputs that is taken, as `I/N`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// After how many entries of the input everything is made safe on disk, at least 1. Packed outputs end a stream
    /// there, so that smaller numbers make larger files. Default 512: at a thousand pages a second, two syncs a second.
    pub commit_every: u64,
    /// Threads; 0 is one a core.
    pub jobs: usize,
    /// No progress bar and no summary.
    pub quiet: bool,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            output: None,
            format: None,
            rejects: None,
            cuts: None,
            report: None,
            shard_size: None,
            state: None,
            shard: None,
            commit_every: 512,
            jobs: 0,
            quiet: false,
        }
    }
}

/// Which cleaned pages are wanted. What is not wanted is counted under the name of the setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Filter {
    /// Only pages whose path fits one of these globs. One without a leading `/` fits from any directory on.
    pub include: Vec<String>,
    /// No pages whose path fits one of these globs.
    pub exclude: Vec<String>,
    /// Only pages whose address fits one of these globs; `*` takes any characters, slashes too.
    pub url_include: Vec<String>,
    /// No pages whose address fits one of these globs.
    pub url_exclude: Vec<String>,
    /// Only pages in these languages, as ISO 639-1 codes. Empty is any.
    pub lang: Vec<String>,
    /// Only pages that keep at least so many characters, white space not counted. Default 0.
    pub min_chars: u64,
    /// Only pages with at least this confidence to have an article, 0 to 1. Default 0.
    pub min_article_confidence: f32,
    /// Only pages with at most this share of spam in body and spam together, 0 to 1. Default 1: any.
    pub max_spam: f32,
    /// Whether pages go whose text an earlier page has.
    pub dedup: Dedup,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            include: Vec::new(),
            exclude: Vec::new(),
            url_include: Vec::new(),
            url_exclude: Vec::new(),
            lang: Vec::new(),
            min_chars: 0,
            min_article_confidence: 0.0,
            max_spam: 1.0,
            dedup: Dedup::Off,
        }
    }
}

impl Filter {
    /// Checks ranges and patterns.
    fn validate(&self) -> Result<(), Error> {
        let shares = [("min-article-confidence", self.min_article_confidence), ("max-spam", self.max_spam)];
        if let Some((key, _)) = shares.iter().find(|(_, share)| !(0.0..=1.0).contains(share)) {
            return Err(Error::config(key, "must be between 0 and 1".to_owned()));
        }
        let is_code = |code: &String| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase());
        if let Some(code) = self.lang.iter().find(|code| !is_code(code)) {
            return Err(Error::config("lang", format!("{code:?} is no ISO 639-1 code, such as \"en\"")));
        }
        crate::run::check_patterns(self)
    }
}

/// Which later pages of a run are dropped as duplicates. The first in the order of the inputs stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dedup {
    /// None.
    #[default]
    Off,
    /// Those with the same text, white space aside.
    Exact,
    /// Those that share most of their phrases with an earlier one.
    Near,
}

/// One of so many parts of the inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Shard {
    index: u32,
    count: u32,
}

impl Shard {
    /// Whether a page of this name belongs to the part.
    ///
    /// The name alone decides, by a hash that is the same everywhere: what else there is does not matter, so that
    /// machines agree even if one of them sees a file more.
    pub(crate) fn takes(self, name: &[u8]) -> bool {
        (xxh3_64(name) % u64::from(self.count)) as u32 == self.index - 1
    }

    /// Whether it is the first part, which counts what has no name.
    pub(crate) fn is_first(self) -> bool {
        self.index == 1
    }
}

impl Default for Shard {
    /// All of it.
    fn default() -> Self {
        Self { index: 1, count: 1 }
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((index, count)) if 1 <= index && index <= count => Ok(Self { index, count }),
            _ => Err(format!("{text:?} is no part: 1/4 is the first of four, 4/4 the last")),
        }
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        format!("{}/{}", shard.index, shard.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_parts_that_do_not_overlap() {
        let shards: Vec<Shard> = ["1/3", "2/3", "3/3"].map(|text| text.parse().expect("valid")).into();
        let mut sizes = [0; 3];
        for number in 0..300 {
            let name = format!("page {number}");
            let takers: Vec<usize> = (0..3).filter(|&i| shards[i].takes(name.as_bytes())).collect();
            assert_eq!(takers.len(), 1);
            sizes[takers[0]] += 1;
        }
        assert!(sizes.iter().all(|size| (70..130).contains(size)), "{sizes:?}");
        for text in ["0/3", "4/3", "1/0", "x", "1", "1/2/3"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        assert!(Shard::default().takes(b"anything"));
    }
}
