//! The command line as it was typed. [`crate::settings`] combines it with the configuration file and the environment.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser};
use clap::error::ErrorKind;
use clap::{ArgGroup, Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::domain::target::{NotATarget, TargetName, TypedTarget};
use crate::settings::log_level::LogLevel;

mod local;
mod numbers;
mod reading;
mod text;
mod unknown;
mod work;

use numbers::{distributions, port, seconds, seed};

pub use local::{Config, ConfigAction, ConfigCheck, History, Shell, Sort};
pub use reading::{Distributions, List, Show, Usage};
pub use work::{Allowed, Create, OnLogin, Resume, Wait, Waiting};

/// The parsed command line.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "invalidash",
    version,
    about = text::ABOUT,
    long_about = text::LONG_ABOUT,
    after_help = text::AFTER_HELP,
    after_long_help = text::after_long_help(),
    override_usage = text::USAGE,
    subcommand_help_heading = "Commands"
)]
pub struct Arguments {
    /// The options of the dashboard and of every command.
    #[command(flatten)]
    pub options: Options,

    /// Open the dashboard on this distribution: an id, ARN, alias, domain name or URL, or a tenant's name
    #[arg(value_name = "TARGET", help_heading = "Arguments", value_parser = target)]
    pub target: Option<TypedTarget>,

    /// The command; without one, the dashboard opens.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The global options.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Global options")]
pub struct Options {
    /// Profile to use, from ~/.aws/config or ~/.aws/credentials
    #[arg(long, global = true, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub profile: Option<String>,

    /// Region to sign requests for; default us-east-1
    #[arg(long, global = true, value_name = "REGION", value_parser = NonEmptyStringValueParser::new())]
    pub region: Option<String>,

    /// Use this endpoint instead of CloudFront
    #[arg(long, global = true, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    pub endpoint_url: Option<String>,

    /// Use sample data: no account or credentials needed, nothing saved
    #[arg(long, global = true, conflicts_with_all = ["profile", "region", "endpoint_url"])]
    pub demo: bool,

    /// Disable everything that writes
    #[arg(long, global = true)]
    pub read_only: bool,

    /// Configuration file to use instead of the default one
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Log level: off, error, warn, info, debug, trace
    #[arg(long, global = true, value_name = "LEVEL", hide_possible_values = true, value_parser = PossibleValuesParser::new(LogLevel::NAMES))]
    pub log_level: Option<String>,
}

/// The commands without a screen.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// List the distributions of the account, all pages
    #[command(after_help = text::DISTRIBUTIONS)]
    Distributions(Distributions),

    /// List the invalidations of a target, newest first
    #[command(after_help = text::LIST)]
    List(List),

    /// Show one invalidation with its items
    #[command(after_help = text::SHOW)]
    Show(Show),

    /// Check and send an invalidation, exactly once
    #[command(long_about = text::CREATE_ABOUT, after_help = text::CREATE)]
    Create(Box<Create>),

    /// Finish the submissions that an earlier run confirmed but did not complete
    #[command(after_help = text::RESUME)]
    Resume(Resume),

    /// Wait until invalidations are Completed
    #[command(long_about = text::WAIT_ABOUT, after_help = text::WAIT)]
    Wait(Wait),

    /// Show what was sent from this machine, newest first
    #[command(long_about = text::HISTORY_ABOUT, after_help = text::HISTORY)]
    History(History),

    /// Count the paths invalidated this month, by anyone
    #[command(long_about = text::USAGE_ABOUT, after_help = text::USAGE_OF_MONTH)]
    Usage(Usage),

    /// Check paths and cache tags; works offline
    #[command(long_about = text::CHECK_ABOUT, after_help = text::CHECK)]
    Check(Check),

    /// Run a local CloudFront emulator in the foreground, for testing
    #[command(long_about = text::EMULATOR_ABOUT, after_help = text::EMULATOR)]
    Emulator(Emulator),

    /// Show where files are, and which profile, region and endpoint would be used
    #[command(after_help = text::INFO)]
    Info(Info),

    /// Print the commented default configuration, or check a file
    #[command(after_help = text::CONFIG, subcommand_help_heading = "Commands", disable_help_subcommand = true)]
    Config(Config),

    /// Print the completion script for a shell
    #[command(long_about = text::COMPLETIONS_ABOUT, after_help = text::COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },

    /// Print the manual page
    #[command(after_help = text::MAN)]
    Man,
}

impl Command {
    /// Returns the output format of the command.
    #[must_use]
    pub const fn output(&self) -> Output {
        match self {
            Self::Distributions(arguments) => arguments.output,
            Self::List(arguments) => arguments.output,
            Self::Show(arguments) => arguments.output,
            Self::Create(arguments) => arguments.output,
            Self::Resume(arguments) => arguments.output,
            Self::Wait(arguments) => arguments.output,
            Self::Check(arguments) => arguments.output,
            Self::Info(arguments) => arguments.output,
            Self::History(arguments) => arguments.output,
            Self::Usage(arguments) => arguments.output,
            Self::Config(arguments) => arguments.output(),
            Self::Emulator(_) | Self::Completions { .. } | Self::Man => Output::Table,
        }
    }

    /// Returns whether the command sends requests to CloudFront and is therefore worth logging.
    #[must_use]
    pub fn asks_the_network(&self) -> bool {
        match self {
            Self::Distributions(_)
            | Self::List(_)
            | Self::Show(_)
            | Self::Wait(_)
            | Self::Create(_)
            | Self::Resume(_) => true,
            Self::Usage(arguments) => arguments.month,
            Self::Check(_)
            | Self::Emulator(_)
            | Self::Info(_)
            | Self::History(_)
            | Self::Config(_)
            | Self::Completions { .. }
            | Self::Man => false,
        }
    }

    /// Returns whether the command ignores the settings and therefore works even with a damaged configuration file.
    #[must_use]
    pub const fn needs_no_settings(&self) -> bool {
        matches!(self, Self::Config(_) | Self::Completions { .. } | Self::Man)
    }
}

/// The output format of a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    // No doc comments here: they would turn the help of an option with few values into a list.
    #[default]
    #[expect(missing_docs, reason = "the option's help says it")]
    Table,
    #[expect(missing_docs, reason = "the option's help says it")]
    Json,
    #[expect(missing_docs, reason = "the option's help says it")]
    Jsonl,
    #[expect(missing_docs, reason = "the option's help says it")]
    Text,
}

impl Output {
    /// Returns whether the output is JSON; if so, errors are reported as JSON too.
    #[must_use]
    pub const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }
}

/// Arguments of `check`.
#[derive(Clone, Debug, Args)]
#[command(group(ArgGroup::new("source").required(true).multiple(true).args(["paths", "paths_from"])))]
pub struct Check {
    /// Paths, wildcards and #tags
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,

    /// File with one item per line; - reads standard input
    #[arg(long, value_name = "FILE")]
    pub paths_from: Option<PathBuf>,

    /// Aligned columns (table), one JSON document (json), one object per line (jsonl), or tab-separated cells (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
}

/// Arguments of `emulator`.
#[derive(Clone, Debug, Args)]
pub struct Emulator {
    /// Port on 127.0.0.1; 0 picks a free one
    #[arg(long, default_value_t = 4555, value_name = "N", allow_negative_numbers = true, value_parser = port)]
    pub port: u16,

    /// Number of distributions; by default only the samples
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = distributions)]
    pub distributions: Option<usize>,

    /// Seconds from an invalidation's creation to Completed
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds)]
    pub completion_delay: Option<std::time::Duration>,

    /// Seconds before each response
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds)]
    pub latency: Option<std::time::Duration>,

    /// Random seed: the same number gives the same ids
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = seed)]
    pub seed: Option<u64>,
}

/// Arguments of `info`.
#[derive(Clone, Debug, Args)]
pub struct Info {
    /// Aligned columns (table), one JSON document (json), one object per line (jsonl), or tab-separated cells (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
}

/// Parses the command line.
///
/// # Errors
/// The mistake that clap found, or the requested help or version; [`clap::Error::exit_code`] distinguishes them.
pub fn parse<I>(words: I) -> Result<Arguments, clap::Error>
where
    I: IntoIterator,
    I::Item: Into<OsString> + Clone,
{
    let words: Vec<OsString> = words.into_iter().map(Into::into).collect();
    let parsed = Arguments::try_parse_from(&words);
    if parsed.as_ref().is_ok_and(|arguments| arguments.command.is_some()) {
        return parsed.and_then(checked);
    }
    match unknown::refusal(&words, parsed.as_ref().err()) {
        Some(refusal) => Err(refusal),
        None => parsed.and_then(checked),
    }
}

/// Parses a target. A word with a hyphen that is not a command is taken as the name of a tenant.
fn target(text: &str) -> Result<TypedTarget, NotATarget> {
    let named = || TargetName::of_tenant(text).filter(|_| text.contains('-'));
    text.parse()
        .or_else(|refusal| named().map(TypedTarget::of).ok_or(refusal))
}

fn checked(arguments: Arguments) -> Result<Arguments, clap::Error> {
    match (&arguments.target, &arguments.command) {
        // `args_conflicts_with_subcommands` is not used, because it would also refuse the global options before a
        // command.
        (Some(_), Some(_)) => Err(command().error(
            ErrorKind::ArgumentConflict,
            "a TARGET opens the dashboard and cannot be combined with a command",
        )),
        _ => Ok(arguments),
    }
}

/// Returns the clap command that help, completions and the manual page are generated from.
#[must_use]
pub fn command() -> clap::Command {
    Arguments::command()
}

/// Returns the sections that the manual page has in addition to the options and commands: headings and lines, each
/// with a term, two spaces and its meaning.
pub(crate) fn sections() -> impl Iterator<Item = (&'static str, &'static str)> {
    text::SECTIONS.into_iter().chain([("Environment", text::ENVIRONMENT)])
}

/// Related pages, for the manual page.
pub(crate) const SEE_ALSO: &str = text::SEE_ALSO;

/// Returns whether the command line requests JSON; if so, mistakes in the command line itself are reported as JSON too.
#[must_use]
pub fn asks_for_json<S: AsRef<OsStr>>(words: &[S]) -> bool {
    let options: Vec<&OsStr> = words
        .iter()
        .map(AsRef::as_ref)
        .take_while(|word| *word != "--")
        .collect();
    let is_json = |form: &str| {
        options.contains(&OsStr::new(&format!("--output={form}")))
            || options.windows(2).any(|pair| pair == ["--output", form])
    };
    is_json("json") || is_json("jsonl")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Arguments, ErrorKind> {
        parse(std::iter::once(&"invalidash").chain(words)).map_err(|error| error.kind())
    }

    #[test]
    fn the_grammar_holds_together() {
        command().debug_assert();
    }

    #[test]
    fn a_target_or_a_command_never_both() {
        assert!(parsed(&["E2QWRUHEXAMPLE"]).is_ok_and(|a| a.target.is_some() && a.command.is_none()));
        assert!(parsed(&["--profile", "p", "distributions"]).is_ok_and(|a| a.target.is_none() && a.command.is_some()));
        assert_eq!(
            parsed(&["E2QWRUHEXAMPLE", "distributions"]).err(),
            Some(ErrorKind::ArgumentConflict)
        );
    }

    #[test]
    fn help_is_a_command_too() {
        for words in [&["help"][..], &["help", "check"], &["check", "--help"]] {
            assert_eq!(parsed(words).err(), Some(ErrorKind::DisplayHelp), "{words:?}");
        }
    }

    #[test]
    fn json_is_asked_for_by_the_option_alone() {
        for words in [&["check", "--output", "json"][..], &["--output=json", "info"]] {
            assert!(asks_for_json(words), "{words:?}");
        }
        for words in [
            &["check", "json"][..],
            &["--output", "table", "json"],
            &["check", "--", "--output", "json"],
        ] {
            assert!(!asks_for_json(words), "{words:?}");
        }
    }

    #[test]
    fn options_stand_before_or_after_the_command() {
        for words in [["--read-only", "info"], ["info", "--read-only"]] {
            assert!(parsed(&words).is_ok_and(|a| a.options.read_only), "{words:?}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        for (words, kind) in [
            (&["--demo", "--profile", "p"][..], ErrorKind::ArgumentConflict),
            (&["--demo", "--endpoint-url", "http://x"], ErrorKind::ArgumentConflict),
            (&["--profile", ""], ErrorKind::InvalidValue),
            (&["--log-level", "loud"], ErrorKind::InvalidValue),
            (&["distribtions"], ErrorKind::InvalidSubcommand),
            (&["check"], ErrorKind::MissingRequiredArgument),
            (&["emulator", "--completion-delay", "-1"], ErrorKind::ValueValidation),
            (&["emulator", "--distributions", "-1"], ErrorKind::ValueValidation),
            (
                &["emulator", "--distributions", "99999999999"],
                ErrorKind::ValueValidation,
            ),
            (&["emulator", "--distributions", "--seed", "1"], ErrorKind::InvalidValue),
            (&["emulator", "--seed", "-1"], ErrorKind::ValueValidation),
            (&["emulator", "--port", "-1"], ErrorKind::ValueValidation),
            (&["emulator", "--completion-delay=-1"], ErrorKind::ValueValidation),
            (&["emulator", "--completion-delay", "NaN"], ErrorKind::ValueValidation),
            (&["emulator", "--port", "70000"], ErrorKind::ValueValidation),
            (&["distributions", "--output", "xml"], ErrorKind::InvalidValue),
        ] {
            assert_eq!(parsed(words).err(), Some(kind), "{words:?}");
        }
    }
}
