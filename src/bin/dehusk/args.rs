//! What was typed, to a [`Config`] and a [`Run`]. Nothing is read or written here, but whether a path is a
//! directory is looked up.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use dehusk::config::{Comments, Favor, Hidden};
use dehusk::{Config, INPUTS, OUTPUTS, OutputFormat, Reading, Run, Shape, Target};
use serde::de::DeserializeOwned;

use crate::exit;

/// Strips spam and boilerplate from scraped web pages and writes the article as clean text.
#[derive(Debug, Parser)]
#[command(version, after_help = exit::HELP, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Clean pages: files, directories or standard input
    #[command(after_long_help = format!("{EXAMPLES}\n\n{NAMES}\n\n{}", exit::HELP))]
    Clean(Box<Clean>),
    /// List the rules, or show what one of them does
    Rules {
        /// Show the documentation of this rule
        id: Option<String>,
    },
}

const EXAMPLES: &str = "\
Examples:
  dehusk clean page.html                       the article of one page, on the terminal
  dehusk clean crawl -o articles               a directory of pages to a directory of texts
  dehusk clean crawl -o articles --format markdown
  dehusk clean crawl -o articles.jsonl         one line of JSON for each page, with metadata
  curl -s https://example.org/ | dehusk clean -
  dehusk clean crawl --format jsonl | jq -r .title
  dehusk clean crawl -o articles --favor precision --off hotline";

const NAMES: &str = "\
Inputs:
  HTML, XHTML and plain text, each also packed with gzip; WARC, JSON lines, JSON arrays, Parquet, tar
  and MHTML, packed with gzip or zstd. What a file is, is seen from its content;
  the extension only tells which files of a directory are worth opening. Of a directory, files with a
  known extension are taken, and files with an unknown one if they look like text. Hidden files are
  passed over, and so are tables (JSON lines, Parquet) unless --input-format asks for them. A file that
  is named on the command line is always taken.

Names of outputs:
  OUT mirrors the directory that holds all inputs. The format's extension is added to the full name:
  a.html becomes a.html.txt, so that no two pages share an output. A directory that is itself called
  like an output (x.txt) is written as x.txt.d. Files appear under their names only when they are whole.";

#[derive(Args, Debug)]
pub(crate) struct Clean {
    /// Files or directories; - is standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    /// A directory for text and Markdown, a file for rows or a single page; - is standard output
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,

    /// The format of the output [default: by the extension of OUT, else text]
    #[arg(short, long, value_parser = PossibleValuesParser::new(OUTPUTS.iter().map(|format| format.name)))]
    format: Option<String>,

    /// Which mistake to avoid when text is doubtful: keep less, or keep more
    #[arg(long, default_value = "balanced", value_parser = setting::<Favor>(&["precision", "balanced", "recall"]))]
    favor: Favor,

    /// Readers' comments: auto keeps the posts of a forum and drops comments under an article
    #[arg(long, default_value = "auto", value_parser = setting::<Comments>(&["auto", "keep", "drop"]))]
    comments: Comments,

    /// Text that a browser would not show
    #[arg(long, default_value = "strip", value_parser = setting::<Hidden>(&["strip", "keep"]))]
    hidden: Hidden,

    /// Switch off rules, as `dehusk rules` lists them
    #[arg(long = "rules-off", alias = "off", value_name = "RULE", value_delimiter = ',')]
    rules_off: Vec<String>,

    /// Threads [default: one a core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,

    /// No progress bar and no summary; failures are still told
    #[arg(short, long)]
    pub(crate) quiet: bool,

    #[command(flatten)]
    reading: ReadingArgs,
}

/// How to read inputs that do not speak for themselves.
#[derive(Args, Debug)]
struct ReadingArgs {
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

impl ReadingArgs {
    fn reading(&self) -> Reading {
        Reading {
            format: self.input_format.clone(),
            content_field: self.content_field.clone(),
            url_field: self.url_field.clone(),
            id_field: self.id_field.clone(),
            base64: self.base64,
        }
    }
}

/// Reads a setting by the names that it has in a configuration file.
fn setting<T: DeserializeOwned + Clone + Send + Sync + 'static>(
    names: &'static [&'static str],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names).try_map(|name| serde_json::from_value(serde_json::Value::String(name)))
}

impl Clean {
    /// The settings of the cleaner.
    pub(crate) fn config(&self) -> Config {
        Config {
            favor: self.favor,
            comments: self.comments,
            hidden: self.hidden,
            rules_off: self.rules_off.clone(),
            ..Config::default()
        }
    }

    /// What to clean, and to where.
    pub(crate) fn run(&self) -> Result<Run, String> {
        let guessed = self.output.as_deref().and_then(format_of);
        let named = self.format.as_deref().and_then(OutputFormat::by_name);
        let format = named.or(guessed).unwrap_or(&OUTPUTS[0]);
        let target = self.target(format)?;
        let jobs = usize::from(self.jobs.unwrap_or(0));
        Ok(Run { inputs: self.inputs.clone(), reading: self.reading.reading(), format, target, jobs })
    }

    fn target(&self, format: &OutputFormat) -> Result<Target, String> {
        let one_page = dehusk::holds_one_page(&self.inputs);
        match self.output.as_deref() {
            None if format.shape == Shape::Row || one_page => Ok(Target::Stdout),
            None => Err("several pages need a directory: give -o OUT, or --format jsonl".to_owned()),
            Some(path) if path == Path::new("-") => Ok(Target::Stdout),
            Some(path) if format.shape == Shape::Row => Ok(Target::File(path.to_owned())),
            Some(path) if path.is_dir() => Ok(Target::Tree(path.to_owned())),
            Some(path)
                if format_of(path).is_some_and(|named| named.name == format.name) && !is_directory(path) =>
            {
                Ok(Target::File(path.to_owned()))
            }
            Some(path) if is_special(path) => Ok(Target::File(path.to_owned())),
            Some(path) => Ok(Target::Tree(path.to_owned())),
        }
    }
}

/// The format that the extension of an output names; directories name none.
fn format_of(path: &Path) -> Option<&'static OutputFormat> {
    if is_directory(path) {
        return None;
    }
    OutputFormat::by_path(path)
}

fn is_directory(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

/// Whether something is there that is neither a file nor a directory: a device or a pipe.
fn is_special(path: &Path) -> bool {
    path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Clean, clap::Error> {
        let cli = Cli::try_parse_from(["dehusk", "clean"].into_iter().chain(line.split_whitespace()))?;
        match cli.command {
            Command::Clean(clean) => Ok(*clean),
            Command::Rules { .. } => unreachable!("the command is clean"),
        }
    }

    #[test]
    fn the_definition_is_sound() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn every_listed_value_of_a_setting_is_read() {
        for (flag, values) in [
            ("favor", &["precision", "balanced", "recall"][..]),
            ("comments", &["auto", "keep", "drop"]),
            ("hidden", &["strip", "keep"]),
        ] {
            for value in values {
                assert!(parse(&format!("a --{flag} {value}")).is_ok(), "{flag} {value}");
            }
        }
        assert_eq!(parse("a").expect("valid").config(), Config::default());
        assert_eq!(parse("a --off x,y --off z").expect("valid").config().rules_off, ["x", "y", "z"]);
    }

    #[test]
    fn format_and_target_follow_the_output() {
        let cases = [
            ("a.html", "text", Target::Stdout),
            ("a.html -o -", "text", Target::Stdout),
            ("a.html -o out.md", "markdown", Target::File("out.md".into())),
            ("a.html -o out", "text", Target::Tree("out".into())),
            ("a.html -o out.md/", "text", Target::Tree("out.md/".into())),
            ("a.html -o out.md --format text", "text", Target::Tree("out.md".into())),
            ("a b", "", Target::Stdout),
            ("a b --format jsonl", "jsonl", Target::Stdout),
            ("a b -o x.JSONL", "jsonl", Target::File("x.JSONL".into())),
            ("a b -o x --format jsonl", "jsonl", Target::File("x".into())),
            ("a b -o x", "text", Target::Tree("x".into())),
        ];
        for (line, format, target) in cases {
            match parse(line).expect("valid").run() {
                Ok(run) => assert_eq!((run.format.name, run.target), (format, target), "{line}"),
                Err(_) => assert_eq!(format, "", "{line}"),
            }
        }
    }
}
