//! What was typed, to a command and a [`Run`]. Nothing is read or written here, but whether a path is a directory is
//! looked up.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use dehusk::config::{RunSettings, Settings};
use dehusk::{OUTPUTS, OutputFormat, Run, Shape, Target};

use crate::exit;
use crate::explain::Explain;
use crate::flags::Flags;

/// Strips spam and boilerplate from scraped web pages and writes the article as clean text.
#[derive(Debug, Parser)]
#[command(version, after_help = format!("{FIRST_EXAMPLES}\n\n{}", exit::HELP), max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Clean pages: files, directories or standard input
    #[command(after_long_help = format!("{EXAMPLES}\n\n{NAMES}\n\n{}", exit::HELP))]
    Clean(Box<Clean>),
    /// Show why a page was cleaned as it was: an HTML report, JSON, or lines for a terminal
    Explain(Box<Explain>),
    /// Hold cleaned pages against the texts that a person took from them: a regression test with an exit code
    Check(Box<crate::check::Check>),
    /// Show where two results differ, word by word, the most different page first
    Compare(Box<crate::compare::Compare>),
    /// Print the settings in effect, as a configuration file
    #[command(after_help = CONFIG_EXAMPLES)]
    Config(Box<Flags>),
    /// Draw what came of a run: one page of HTML, made of its --report file or its --state directory
    Report(crate::runs::Report),
    /// Print completions for a shell
    Completions(crate::shell::Completions),
    /// Print the manual page
    Man(crate::shell::Man),
    /// List the rules, or show what one of them does
    #[command(after_help = RULES_EXAMPLES)]
    Rules {
        /// Show the documentation of this rule
        id: Option<String>,
    },
    /// Plant spam in pages, and grade a cleaner by how much of it stays
    #[cfg(feature = "spam-kit")]
    SpamKit(crate::spam_kit::SpamKit),
}

const FIRST_EXAMPLES: &str = "\
Examples:
  dehusk clean page.html                       the article of one page, on the terminal
  dehusk clean crawl -o articles               a directory of pages to a directory of texts
  dehusk clean crawl.warc.gz -o out.jsonl      a crawl to rows of JSON
  dehusk explain page.html -o why.html         why each block was kept or cut
  dehusk clean --help                          all inputs, outputs and settings, with more examples";

const CONFIG_EXAMPLES: &str = "\
Examples:
  dehusk config > dehusk.toml                  a file of all settings, to begin with
  dehusk config --favor precision --lang en,zh > strict.toml
  dehusk config --config strict.toml           what a file comes to, with the defaults";

const RULES_EXAMPLES: &str = "\
Examples:
  dehusk rules                                 all rules, a line each
  dehusk rules hotline                         what one drops, why, and what it leaves";

const EXAMPLES: &str = "\
Examples:
  dehusk clean page.html                       the article of one page, on the terminal
  dehusk clean crawl -o articles               a directory of pages to a directory of texts
  dehusk clean crawl -o articles --format markdown
  dehusk clean crawl -o articles.jsonl         one line of JSON for each page, with metadata
  dehusk clean crawl -o pages --format html    clean HTML instead of text
  curl -s https://example.org/ | dehusk clean -
  dehusk clean crawl --format jsonl | jq -r .title
  find crawl -newer stamp -print0 | dehusk clean --files-from - -o new.parquet
  dehusk clean crawl/*.warc.gz -o out.jsonl.gz --shard-size 100000 --state run-1 --report run-1.json
  dehusk report run-1.json > run-1.html        the run as a page with plots
  dehusk clean crawl -o articles --favor precision --off hotline
  dehusk clean crawl.warc.gz -o out.jsonl --sites sites.toml --cuts cuts.jsonl
  dehusk clean shard.parquet -o out.parquet --content-field raw --lang en --dedup near";

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
    #[arg(required_unless_present = "files_from", value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    /// Further inputs, from a list of paths: one a line, or parted by NUL; - is standard input
    #[arg(long, value_name = "FILE", help_heading = "Inputs")]
    files_from: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) flags: Flags,
}

impl Clean {
    /// What to clean, and to where.
    pub(crate) fn run(&self, settings: &Settings) -> Result<Run, String> {
        let output = settings.run.output.as_deref();
        let format = format(&settings.run)?;
        let inputs = self.inputs()?;
        Ok(Run {
            reading: settings.input.clone(),
            progress: dehusk::Progress::default(),
            format,
            target: target(&inputs, output, format)?,
            inputs,
            jobs: settings.run.jobs,
            filter: settings.filter.clone(),
            rejects: settings.run.rejects.clone(),
            cuts: settings.run.cuts.clone(),
            report: settings.run.report.clone(),
            shard_size: settings.run.shard_size,
            state: settings.run.state.clone(),
            commit_every: settings.run.commit_every,
            restart: self.flags.restart(),
            shard: settings.run.shard.unwrap_or_default(),
        })
    }

    /// What was named, and what the list names.
    fn inputs(&self) -> Result<Vec<PathBuf>, String> {
        let mut inputs = self.inputs.clone();
        if let Some(list) = &self.files_from {
            let stdin = Path::new("-");
            if list == stdin && inputs.iter().any(|path| path == stdin) {
                return Err("standard input cannot be a page and the list of inputs".to_owned());
            }
            inputs.extend(dehusk::read_list(list).map_err(|error| error.to_string())?);
        }
        Ok(inputs)
    }
}

fn target(inputs: &[PathBuf], output: Option<&Path>, format: &OutputFormat) -> Result<Target, String> {
    let one_page = dehusk::holds_one_page(inputs);
    match output {
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

/// The format that is named, or that the name of the output tells.
fn format(settings: &RunSettings) -> Result<&'static OutputFormat, String> {
    let Some(name) = &settings.format else {
        return Ok(settings.output.as_deref().and_then(format_of).unwrap_or(&OUTPUTS[0]));
    };
    OutputFormat::by_name(name).ok_or_else(|| {
        let known: Vec<&str> = OUTPUTS.iter().map(|format| format.name).collect();
        format!("configuration: format: there is no format {name:?}; there are {}", known.join(", "))
    })
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
            _ => unreachable!("the command is clean"),
        }
    }

    #[test]
    fn the_definition_is_sound() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    /// All commands with the names that lead to them.
    fn commands(command: &clap::Command, path: &str, found: &mut Vec<(String, clap::Command)>) {
        for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
            let path = format!("{path} {}", inner.get_name());
            commands(inner, &path, found);
            found.push((path, inner.clone()));
        }
    }

    /// The lines of the examples in a help text, each without its explanation.
    fn examples(help: &str) -> impl Iterator<Item = &str> {
        let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
        let lines = lines.take_while(|line| line.starts_with("  "));
        lines.map(|line| line.trim().split("   ").next().unwrap_or_default())
    }

    #[test]
    fn every_command_teaches_by_examples_that_parse() {
        use clap::CommandFactory;
        let mut cli = Cli::command();
        cli.build();
        let mut all = vec![(String::from("dehusk"), cli.clone())];
        commands(&cli, "dehusk", &mut all);
        assert!(all.len() > 10);
        for (path, mut command) in all {
            let help = command.render_long_help().to_string();
            let mut count = 0;
            for part in examples(&help).flat_map(|line| line.split(" | ")).flat_map(|part| part.split(" && "))
            {
                let typed = part.split(" > ").next().unwrap_or_default();
                if !typed.starts_with("dehusk") {
                    continue;
                }
                let parsed = Cli::try_parse_from(typed.split_whitespace());
                let is_help = |error: &clap::Error| error.kind() == clap::error::ErrorKind::DisplayHelp;
                assert!(parsed.as_ref().err().is_none_or(is_help), "{path}: {typed}: {:?}", parsed.err());
                count += usize::from(typed.starts_with(&path));
            }
            assert!(count > 0, "{path} has no examples: {help}");
        }
    }

    fn settings(line: &str) -> Settings {
        parse(line).expect("valid").flags.settings().expect("valid")
    }

    #[test]
    fn every_listed_value_of_a_setting_is_read() {
        for (flag, values) in [
            ("favor", &["precision", "balanced", "recall"][..]),
            ("comments", &["auto", "keep", "drop"]),
            ("hidden", &["strip", "keep"]),
            ("dedup", &["off", "exact", "near"]),
        ] {
            for value in values {
                assert!(parse(&format!("a --{flag} {value}")).is_ok(), "{flag} {value}");
            }
        }
        assert_eq!(settings("a"), Settings::default());
        assert_eq!(settings("a --off hotline,nav --off icp").clean.rules_off, ["hotline", "nav", "icp"]);
    }

    #[test]
    fn every_setting_has_a_flag_of_its_name() {
        use clap::CommandFactory;
        let command = Cli::command();
        let clean = command.find_subcommand("clean").expect("it is there");
        let flags: Vec<&str> = clean.get_arguments().filter_map(clap::Arg::get_long).collect();
        let mut settings = Settings::default();
        settings.run.output = Some("out".into());
        settings.run.format = Some("text".to_owned());
        settings.run.rejects = Some("rejects".into());
        settings.run.cuts = Some("cuts".into());
        settings.run.report = Some("report".into());
        settings.run.shard_size = std::num::NonZeroU64::new(1);
        settings.run.state = Some("state".into());
        settings.clean.sites = Some("sites.toml".into());
        settings.run.shard = Some(dehusk::config::Shard::default());
        let text = settings.to_toml();
        let tables = text.split("[clean.limits]").next().expect("a text");
        for key in tables.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key) {
            assert!(flags.contains(&key), "{key}");
        }
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
            match parse(line).expect("valid").run(&settings(line)) {
                Ok(run) => assert_eq!((run.format.name, run.target), (format, target), "{line}"),
                Err(_) => assert_eq!(format, "", "{line}"),
            }
        }
    }
}
