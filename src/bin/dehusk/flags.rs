//! The flags that are settings, and how they come together with a configuration file: a flag that was typed wins over
//! the file, the file over the default.
//!
//! Every setting has one flag of the same name here. What was not typed is `None`, since only then the file has a say;
//! the defaults stand in the library alone.

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use dehusk::config::{Comments, Config, Dedup, Favor, Filter, Hidden, Settings, Shard};
use dehusk::{Error, INPUTS, OUTPUTS};
use serde::de::DeserializeOwned;

/// The configuration file that is taken if none is named.
const DEFAULT_FILE: &str = "dehusk.toml";

#[derive(Args, Debug, Default)]
pub(crate) struct Flags {
    /// Settings, as `dehusk config` prints them; flags win [default: dehusk.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    reading: ReadingFlags,

    #[command(flatten)]
    run: RunFlags,

    #[command(flatten)]
    durable: DurableFlags,

    #[command(flatten)]
    clean: CleanFlags,

    #[command(flatten)]
    filter: FilterFlags,
}

/// How to read inputs that do not speak for themselves.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Inputs")]
struct ReadingFlags {
    /// The format of the inputs [default: by content, then by extension]
    #[arg(long, value_parser = PossibleValuesParser::new(INPUTS.iter().map(|format| format.name)))]
    input_format: Option<String>,

    /// The field of JSON or the column of Parquet that holds the page [default: html, content, text, ...]
    #[arg(long, value_name = "NAME")]
    content_field: Option<String>,

    /// The field that holds the page's address [default: url, uri, ...]
    #[arg(long, value_name = "NAME")]
    url_field: Option<String>,

    /// The field that holds the page's name [default: `id`, `doc_id`]
    #[arg(long, value_name = "NAME")]
    id_field: Option<String>,

    /// The field that holds the page is in base64
    #[arg(long)]
    base64: bool,
}

#[derive(Args, Debug, Default)]
struct RunFlags {
    /// A directory for text, Markdown and HTML, a file for rows or a single page; - is standard output
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,

    /// The format of the output [default: by the extension of OUT, else text]
    #[arg(short, long, value_parser = PossibleValuesParser::new(OUTPUTS.iter().map(|format| format.name)))]
    format: Option<String>,

    /// Threads [default: one a core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,

    /// No progress bar and no summary; failures are still told
    #[arg(short, long)]
    quiet: bool,

    /// List the pages that the filters drop, with the reason: rows of JSON or Parquet
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,

    /// List the blocks that are cut, with the reason: rows of JSON or Parquet
    #[arg(long, value_name = "FILE")]
    cuts: Option<PathBuf>,

    /// Write the counts of the run as JSON: what `dehusk report` draws
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Begin a new file of rows after so many pages: OUT-00000.jsonl, OUT-00001.jsonl, ...
    #[arg(long, value_name = "PAGES")]
    shard_size: Option<NonZeroU64>,
}

#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Long runs")]
struct DurableFlags {
    /// Remember in this directory what is done: after a crash, the same command goes on where it was
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,

    /// Forget what the state remembers, and begin anew
    #[arg(long, requires = "state")]
    restart: bool,

    /// Take one part of the inputs: 1/4 is the first of four
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,

    /// Make everything safe on disk after so many entries of the input [default: 512]
    #[arg(long, value_name = "N")]
    commit_every: Option<u64>,
}

#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Cleaning")]
struct CleanFlags {
    /// Which mistake to avoid when text is doubtful: keep less, or keep more [default: balanced]
    #[arg(long, value_parser = setting::<Favor>(&["precision", "balanced", "recall"]))]
    favor: Option<Favor>,

    /// Readers' comments: auto keeps the posts of a forum and drops comments under an article [default: auto]
    #[arg(long, value_parser = setting::<Comments>(&["auto", "keep", "drop"]))]
    comments: Option<Comments>,

    /// Text that a browser would not show [default: strip]
    #[arg(long, value_parser = setting::<Hidden>(&["strip", "keep"]))]
    hidden: Option<Hidden>,

    /// Switch off rules, as `dehusk rules` lists them
    #[arg(long = "rules-off", alias = "off", value_name = "RULE", value_delimiter = ',')]
    rules_off: Option<Vec<String>>,

    /// Selectors for the pages of certain sites: body, title, author, date, and what to drop
    #[arg(long, value_name = "FILE")]
    sites: Option<PathBuf>,
}

#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Filters: only pages that")]
struct FilterFlags {
    /// ... have a path that fits a glob: *.html, news/**
    #[arg(long, value_name = "GLOB")]
    include: Option<Vec<String>>,

    /// ... have a path that fits none of these globs
    #[arg(long, value_name = "GLOB")]
    exclude: Option<Vec<String>>,

    /// ... have an address that fits a glob: https://*.example.org/*
    #[arg(long, value_name = "GLOB")]
    url_include: Option<Vec<String>>,

    /// ... have an address that fits none of these globs
    #[arg(long, value_name = "GLOB")]
    url_exclude: Option<Vec<String>>,

    /// ... are in one of these languages: en,zh
    #[arg(long, value_name = "LANG", value_delimiter = ',')]
    lang: Option<Vec<String>>,

    /// ... keep at least so many characters, white space not counted
    #[arg(long, value_name = "N")]
    min_chars: Option<u64>,

    /// ... have an article with at least this confidence, 0 to 1
    #[arg(long, value_name = "P")]
    min_article_confidence: Option<f32>,

    /// ... have at most this share of spam in body and spam together, 0 to 1
    #[arg(long, value_name = "P")]
    max_spam: Option<f32>,

    /// ... have a text that no earlier page has: the same words, or nearly the same [default: off]
    #[arg(long, value_parser = setting::<Dedup>(&["off", "exact", "near"]))]
    dedup: Option<Dedup>,
}

/// Reads a setting by the names that it has in a configuration file.
fn setting<T: DeserializeOwned + Clone + Send + Sync + 'static>(
    names: &'static [&'static str],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names).try_map(|name| serde_json::from_value(serde_json::Value::String(name)))
}

impl Flags {
    /// The settings in effect: defaults, the configuration file over them, what was typed over both.
    pub(crate) fn settings(&self) -> Result<Settings, Error> {
        let mut settings = file(self.config.as_deref())?;
        self.apply(&mut settings);
        settings.validate()?;
        Ok(settings)
    }

    /// Whether to begin anew: a request, not a setting.
    pub(crate) fn restart(&self) -> bool {
        self.durable.restart
    }

    fn apply(&self, settings: &mut Settings) {
        let (flags, input) = (&self.reading, &mut settings.input);
        set_some(&mut input.format, flags.input_format.as_ref());
        set_some(&mut input.content_field, flags.content_field.as_ref());
        set_some(&mut input.url_field, flags.url_field.as_ref());
        set_some(&mut input.id_field, flags.id_field.as_ref());
        input.base64 |= flags.base64;
        let (flags, run) = (&self.run, &mut settings.run);
        set_some(&mut run.output, flags.output.as_ref());
        set_some(&mut run.format, flags.format.as_ref());
        set_some(&mut run.rejects, flags.rejects.as_ref());
        set_some(&mut run.cuts, flags.cuts.as_ref());
        set_some(&mut run.report, flags.report.as_ref());
        set_some(&mut run.shard_size, flags.shard_size.as_ref());
        set(&mut run.jobs, flags.jobs.map(usize::from).as_ref());
        run.quiet |= flags.quiet;
        set_some(&mut run.state, self.durable.state.as_ref());
        set(&mut run.commit_every, self.durable.commit_every.as_ref());
        set_some(&mut run.shard, self.durable.shard.as_ref());
        self.clean.apply(&mut settings.clean);
        self.filter.apply(&mut settings.filter);
    }
}

/// The flags of a command that cleans pages and writes none.
#[derive(Args, Debug, Default)]
pub(crate) struct CleaningFlags {
    /// Settings, as `dehusk config` prints them; flags win [default: dehusk.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    clean: CleanFlags,
}

impl CleaningFlags {
    /// The settings in effect, not yet validated.
    pub(crate) fn settings(&self) -> Result<Settings, Error> {
        let mut settings = file(self.config.as_deref())?;
        self.clean.apply(&mut settings.clean);
        Ok(settings)
    }
}

impl CleanFlags {
    fn apply(&self, clean: &mut Config) {
        set(&mut clean.favor, self.favor.as_ref());
        set(&mut clean.comments, self.comments.as_ref());
        set(&mut clean.hidden, self.hidden.as_ref());
        set(&mut clean.rules_off, self.rules_off.as_ref());
        set_some(&mut clean.sites, self.sites.as_ref());
    }
}

impl FilterFlags {
    fn apply(&self, filter: &mut Filter) {
        set(&mut filter.include, self.include.as_ref());
        set(&mut filter.exclude, self.exclude.as_ref());
        set(&mut filter.url_include, self.url_include.as_ref());
        set(&mut filter.url_exclude, self.url_exclude.as_ref());
        set(&mut filter.lang, self.lang.as_ref());
        set(&mut filter.min_chars, self.min_chars.as_ref());
        set(&mut filter.min_article_confidence, self.min_article_confidence.as_ref());
        set(&mut filter.max_spam, self.max_spam.as_ref());
        set(&mut filter.dedup, self.dedup.as_ref());
    }
}

/// The settings of the file that is named, or of the usual one, if it is there.
fn file(named: Option<&Path>) -> Result<Settings, Error> {
    let default = Some(Path::new(DEFAULT_FILE)).filter(|path| path.is_file());
    named.or(default).map_or_else(|| Ok(Settings::default()), Settings::read)
}

fn set<T: Clone>(setting: &mut T, flag: Option<&T>) {
    if let Some(value) = flag {
        *setting = value.clone();
    }
}

fn set_some<T: Clone>(setting: &mut Option<T>, flag: Option<&T>) {
    if flag.is_some() {
        *setting = flag.cloned();
    }
}
