//! dehusk strips spam and boilerplate from scraped web pages and keeps the article.
//!
//! One page goes through seven steps, each a module here, in this order:
//!
//! ```text
//! bytes -> decode -> parse -> blocks -> features -> score, rules -> decide -> output
//!          charset   tree     text in   numbers     probabilities,  keep or   text, Markdown,
//!                             boxes     per block   named spam      cut, why  JSON
//! ```
//!
//! The common case is one call, which cannot fail:
//!
//! ```
//! let page = "<nav><a href=/>Home</a></nav><article><h1>Tides</h1><p>The sea rises and falls twice a day, \
//!             drawn by the moon and, more weakly, by the sun.</p></article>";
//! let cleaned = dehusk::clean(page);
//! assert!(cleaned.text().contains("drawn by the moon"));
//! assert!(!cleaned.text().contains("Home"));
//! ```
//!
//! A [`Cleaner`] takes bytes in any charset, hints from the crawler, and a [`Config`]; it is built once and shared
//! by all threads. [`Cleaned`] has the text, the metadata, and for every block whether it was kept and why.

// The nouns, and what changes behaviour.
mod page;

pub mod config;

mod error;

// The stages, in the order of the flow, and the words that they share.
mod buffers;

mod hash;

mod decode;

mod parse;

mod lexicon;

mod blocks;

mod features;

mod score;

mod kind;

mod rules;

mod hidden;

mod decide;

mod spam;

mod cuts;

mod metadata;

mod address;

mod sites;

mod output;

mod clean;

// Around them: a decision as a picture, many pages, and how good the result is.
pub mod explain;

mod input;

pub mod report;

mod run;

pub mod align;

pub mod metrics;

#[cfg(feature = "check")]
pub mod check;

#[cfg(feature = "check")]
pub mod compare;

#[cfg(feature = "spam-kit")]
pub mod spam_kit;

pub use clean::{Cleaner, Scratch, clean};
pub use config::Config;
pub use cuts::{Cut, restore};
pub use error::Error;
pub use features::{columns, context_columns};
pub use input::{Amount, INPUTS, InputFormat, Progress, Reading, read_list};
#[doc(hidden)]
pub use kind::{Shares, kind_columns};
pub use output::{OUTPUTS, OutputFormat, Shape};
pub use page::{
    Block, Cleaned, CutSpan, Hints, Kind, Layout, Limit, Media, Metadata, Page, Reason, Role, SiteNote,
    SiteUse, Verdict,
};
pub use rules::{RULES, Rule};
pub use run::{Host, Observer, Run, SiteCount, Summary, Target, Timing, holds_one_page};
#[cfg(feature = "sites")]
pub use sites::Sites;
pub use spam::{Spam, SpamKind};

#[doc(hidden)]
pub use parse::BenchParser;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../docs/crawler.md")]
struct InsideACrawler;
