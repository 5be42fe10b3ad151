//! Arguments of the commands that wait for something or change something.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args, ValueEnum};

use super::{Output, seconds};

/// What happens when credentials end in the middle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OnLogin {
    #[default]
    #[expect(missing_docs, reason = "the option's help says it")]
    Fail,
    #[expect(missing_docs, reason = "the option's help says it")]
    Wait,
}

/// How a command waits and tells of it.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Waiting")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Waiting {
    /// Give up after so many seconds, with exit code 5; no limit when not given
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds)]
    pub timeout: Option<Duration>,

    /// Ask the edge afterwards what viewers get; exit code 6 when that is stale
    #[arg(long)]
    pub look: bool,

    /// With --look: exit code 7 when nothing can be told
    #[arg(long, requires = "look")]
    pub strict: bool,

    /// When credentials expire: fail with exit code 4, or wait until somebody logged in
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub on_login: OnLogin,

    /// Ring, notify and run the command `on_completed` as the configuration says for the dashboard
    #[arg(long)]
    pub notify: bool,

    /// Tell no progress on standard error
    #[arg(long, short)]
    pub quiet: bool,
}

/// Arguments of `wait`.
#[derive(Clone, Debug, Args)]
#[command(group(ArgGroup::new("which").required(true).args(["ids", "all_mine", "job"])))]
pub struct Wait {
    /// Distribution or tenant: an id, ARN, alias, domain name or URL; may be repeated. With --all-mine and --job: only these
    #[arg(long, required_unless_present_any = ["all_mine", "job"], value_name = "TARGET", value_parser = NonEmptyStringValueParser::new())]
    pub distribution: Vec<String>,

    /// Ids of invalidations
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub ids: Vec<String>,

    /// Everything of this ledger that is in progress
    #[arg(long)]
    pub all_mine: bool,

    /// Everything of this job that is in progress; the history has its id
    #[arg(long, value_name = "ID")]
    pub job: Option<String>,

    /// How it waits.
    #[command(flatten)]
    pub waiting: Waiting,

    /// Aligned columns (table), one JSON document (json), one object a line (jsonl), or tab-separated cells (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
}

/// Arguments of `resume`.
#[derive(Clone, Debug, Args)]
pub struct Resume {
    /// Wait until everything is Completed, too
    #[arg(long)]
    pub wait: bool,

    /// How it waits.
    #[command(flatten)]
    pub waiting: Waiting,

    /// Aligned columns (table), one JSON document (json), one object a line (jsonl), or tab-separated cells (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
}

/// Arguments of `create`.
#[derive(Clone, Debug, Args)]
#[command(group(ArgGroup::new("items").required(true).multiple(true).args(["paths", "paths_from", "from_sitemap", "from_git", "from_dirs", "list"])))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Create {
    /// Distribution or tenant: an id, ARN, alias, domain name or URL; may be repeated. Without it every item is a URL
    #[arg(long, value_name = "TARGET", value_parser = NonEmptyStringValueParser::new())]
    pub distribution: Vec<String>,

    /// Paths, wildcards, #tags and URLs
    #[arg(value_name = "ITEM")]
    pub paths: Vec<String>,

    /// File that holds one item a line; - reads standard input
    #[arg(long, value_name = "FILE", help_heading = "Sources")]
    pub paths_from: Option<PathBuf>,

    /// Pages of a sitemap: a URL or file; add "since 2d" for those that changed
    #[arg(long, value_name = "SITEMAP", help_heading = "Sources")]
    pub from_sitemap: Option<String>,

    /// Files that differ between two commits, such as main..HEAD
    #[arg(long, value_name = "A..B", help_heading = "Sources")]
    pub from_git: Option<String>,

    /// Files that differ between two folders
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], help_heading = "Sources")]
    pub from_dirs: Vec<String>,

    /// With --from-git and --from-dirs: which folder is served where, such as dist/=/
    #[arg(long, value_name = "FOLDER=PREFIX", help_heading = "Sources")]
    pub map: Vec<String>,

    /// A saved list
    #[arg(long, value_name = "NAME", help_heading = "Sources")]
    pub list: Option<String>,

    /// Apply the fixes that clear the same
    #[arg(long)]
    pub fix: bool,

    /// Send items that another one covers, too
    #[arg(long, conflicts_with = "skip_covered")]
    pub keep_covered: bool,

    /// Skip items that another one covers; the default
    #[arg(long)]
    pub skip_covered: bool,

    /// Print account, targets, items, price and requests, and send nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask on a terminal
    #[arg(long, short)]
    pub yes: bool,

    /// Send it once, wherever and however often this runs with the same key
    #[arg(long, value_name = "KEY", help_heading = "Exactly once")]
    pub reference: Option<String>,

    /// The same with a key made from the items
    #[arg(long, conflicts_with = "reference", help_heading = "Exactly once")]
    pub reference_from_items: bool,

    /// With --reference-from-items: part of the key, such as the day, so that the same items can be sent again
    #[arg(
        long,
        value_name = "TEXT",
        requires = "reference_from_items",
        help_heading = "Exactly once"
    )]
    pub since: Option<String>,

    /// Journal nothing: for containers without a disk that is kept
    #[arg(long, help_heading = "Exactly once")]
    pub no_ledger: bool,

    /// Why it is made; kept in the ledger
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,

    /// What is dangerous, and allowed.
    #[command(flatten)]
    pub allowed: Allowed,

    /// Wait until everything is Completed, too
    #[arg(long)]
    pub wait: bool,

    /// How it waits.
    #[command(flatten)]
    pub waiting: Waiting,

    /// Aligned columns (table), one JSON document (json), one object a line (jsonl), or tab-separated cells (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
}

/// What is refused where nobody can be asked, unless it is allowed.
#[derive(Clone, Copy, Debug, Default, Args)]
#[command(next_help_heading = "Allowing what is dangerous")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub struct Allowed {
    /// Allow /*, which clears everything
    #[arg(long)]
    pub allow_whole_site: bool,

    /// Allow wildcards that clear a whole folder of the first level, such as /images/*
    #[arg(long)]
    pub allow_first_level: bool,

    /// Allow accounts that the configuration calls production
    #[arg(long)]
    pub allow_production: bool,

    /// Allow a multi-tenant distribution itself
    #[arg(long)]
    pub allow_multi_tenant: bool,

    /// Allow cache tags where it is not known whether they work
    #[arg(long)]
    pub allow_unknown_tags: bool,

    /// Allow more items and targets than the guard of the configuration names; without it 1,000 billable items and 20 targets
    #[arg(long)]
    pub allow_many: bool,
}
