//! Arguments of the commands that work only with this machine.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::Output;
use super::numbers::limit;

/// The sort order of the history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    // No doc comments here: they would turn the help of an option with few values into a list.
    #[default]
    #[expect(missing_docs, reason = "the option's help says it")]
    Newest,
    #[expect(missing_docs, reason = "the option's help says it")]
    Target,
    #[expect(missing_docs, reason = "the option's help says it")]
    Result,
    #[expect(missing_docs, reason = "the option's help says it")]
    Price,
}

/// Arguments of `history`.
#[derive(Clone, Debug, Args)]
pub struct History {
    /// Show only submissions that contain all these words in their items, targets, notes, ids, accounts, profiles or results
    #[arg(value_name = "FILTER")]
    pub filter: Vec<String>,

    /// Newest first, or by target, result or price
    #[arg(long, value_enum, default_value_t, value_name = "ORDER")]
    pub sort: Sort,

    /// Show at most N
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = limit)]
    pub limit: Option<usize>,

    /// Write to a file instead, as JSON or CSV by its extension
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["limit", "output"])]
    pub export: Option<PathBuf>,

    /// With --export: replace an existing file
    #[arg(long, requires = "export")]
    pub replace: bool,

    /// Aligned columns (table), one JSON document (json), one object per line (jsonl), or tab-separated cells (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
}

/// Arguments of `config`.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// The action; without one, the default file is printed.
    #[command(subcommand)]
    pub action: Option<ConfigAction>,
}

impl Config {
    /// Returns the output format of the command.
    pub(super) const fn output(&self) -> Output {
        match &self.action {
            Some(ConfigAction::Check(arguments)) => arguments.output,
            None => Output::Table,
        }
    }
}

/// The actions on a configuration file.
#[derive(Clone, Debug, Subcommand)]
pub enum ConfigAction {
    /// Check a configuration file
    Check(ConfigCheck),
}

/// Arguments of `config check`.
#[derive(Clone, Debug, Args)]
pub struct ConfigCheck {
    /// The file; default: the one in use
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// One error per line (table), one JSON document (json), the same on one line (jsonl), or tab-separated cells (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
}

/// The shells that have completions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    #[expect(missing_docs, reason = "the names are those of the shells")]
    Bash,
    #[expect(missing_docs, reason = "the names are those of the shells")]
    Zsh,
    #[expect(missing_docs, reason = "the names are those of the shells")]
    Fish,
    #[expect(missing_docs, reason = "the names are those of the shells")]
    #[value(name = "powershell", alias = "pwsh")]
    PowerShell,
    #[expect(missing_docs, reason = "the names are those of the shells")]
    #[value(name = "nushell", alias = "nu")]
    Nushell,
}
