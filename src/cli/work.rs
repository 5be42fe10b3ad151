//! Arguments of the commands that wait for something or change something.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args, ValueEnum};

use super::Output;
use super::numbers::seconds;

/// What a command does if the credentials expire while it is running.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OnLogin {
    #[default]
    #[expect(missing_docs, reason = "the option's help says it")]
    Fail,
    #[expect(missing_docs, reason = "the option's help says it")]
    Wait,
}

/// How a command waits, and how it reports its progress.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Waiting")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Waiting {
    /// Give up after this many seconds, with exit code 5; no limit by default
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = seconds)]
    pub timeout: Option<Duration>,

    /// Check the edge afterwards; exit code 6 if it is stale
    #[arg(long)]
    pub look: bool,

    /// With --look: exit code 7 if the check is inconclusive
    #[arg(long, requires = "look")]
    pub strict: bool,

    /// If credentials expire: fail with exit code 4, or wait for a new login
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub on_login: OnLogin,

    /// Notify as the dashboard does: bell, desktop notification and `on_completed`, as configured
    #[arg(long)]
    pub notify: bool,

    /// Show no progress on standard error
    #[arg(long, short)]
    pub quiet: bool,
}

/// Arguments of `wait`.
#[derive(Clone, Debug, Args)]
#[command(group(ArgGroup::new("which").required(true).args(["ids", "all_mine", "job"])))]
pub struct Wait {
    /// Distribution or tenant: an id, ARN, alias, domain name or URL; can be repeated. With --all-mine or --job: wait only for these
    #[arg(long, required_unless_present_any = ["all_mine", "job"], value_name = "TARGET", value_parser = NonEmptyStringValueParser::new())]
    pub distribution: Vec<String>,

    /// Ids of invalidations
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub ids: Vec<String>,

    /// Wait for everything in this ledger that is in progress
    #[arg(long)]
    pub all_mine: bool,

    /// Wait for everything in this job that is in progress; `history` shows job ids
    #[arg(long, value_name = "ID")]
    pub job: Option<String>,

    /// Aligned columns (table), one JSON document (json), one object per line (jsonl), or tab-separated cells (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,

    /// How the command waits.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// Arguments of `resume`.
#[derive(Clone, Debug, Args)]
pub struct Resume {
    /// Wait until everything is Completed
    #[arg(long, help_heading = "Waiting")]
    pub wait: bool,

    /// Aligned columns (table), one JSON document (json), one object per line (jsonl), or tab-separated cells (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,

    /// How the command waits.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// Arguments of `create`.
#[derive(Clone, Debug, Args)]
#[command(group(ArgGroup::new("items").required(true).multiple(true).args(["paths", "paths_from", "from_sitemap", "from_git", "from_dirs", "list"])))]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Create {
    /// Distribution or tenant: an id, ARN, alias, domain name or URL; can be repeated. Without it, each item must be a URL
    #[arg(long, value_name = "TARGET", value_parser = NonEmptyStringValueParser::new())]
    pub distribution: Vec<String>,

    /// Send to all tenants of each multi-tenant distribution
    #[arg(long, requires = "distribution")]
    pub all_tenants: bool,

    /// With --all-tenants: only those that match the filter, such as "enabled:yes connectiongroup:cg_…"
    #[arg(long, value_name = "FILTER", requires = "all_tenants")]
    pub tenants: Option<String>,

    /// Paths, wildcards, #tags and URLs
    #[arg(value_name = "ITEM")]
    pub paths: Vec<String>,

    /// File with one item per line; - reads standard input
    #[arg(long, value_name = "FILE", help_heading = "Sources")]
    pub paths_from: Option<PathBuf>,

    /// Pages in a sitemap: a URL or file; add "since 2d" for recently changed pages only
    #[arg(long, value_name = "SITEMAP", help_heading = "Sources")]
    pub from_sitemap: Option<String>,

    /// Files that differ between two commits, such as main..HEAD
    #[arg(long, value_name = "A..B", help_heading = "Sources")]
    pub from_git: Option<String>,

    /// Files that differ between two folders
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], help_heading = "Sources")]
    pub from_dirs: Vec<String>,

    /// With --from-git and --from-dirs: which folder is served at which path, such as dist/=/
    #[arg(long, value_name = "FOLDER=PREFIX", help_heading = "Sources")]
    pub map: Vec<String>,

    /// A saved list
    #[arg(long, value_name = "NAME", help_heading = "Sources")]
    pub list: Option<String>,

    /// Apply the safe fixes, which clear the same objects
    #[arg(long)]
    pub fix: bool,

    /// Also send items that another item covers
    #[arg(long, conflicts_with = "skip_covered")]
    pub keep_covered: bool,

    /// Skip items that another item covers (default)
    #[arg(long)]
    pub skip_covered: bool,

    /// If a target is being deployed, wait until it is Deployed before sending
    #[arg(long)]
    pub when_deployed: bool,

    /// Print account, targets, items, price and requests; send nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Do not ask for confirmation on a terminal
    #[arg(long, short)]
    pub yes: bool,

    /// Send only once per key, no matter how often or on which machine this runs
    #[arg(long, value_name = "KEY", help_heading = "Exactly once")]
    pub reference: Option<String>,

    /// Like --reference, with a key made from the items
    #[arg(long, conflicts_with = "reference", help_heading = "Exactly once")]
    pub reference_from_items: bool,

    /// With --reference-from-items: part of the key, such as the date, so that the same items can be sent again
    #[arg(
        long,
        value_name = "TEXT",
        requires = "reference_from_items",
        help_heading = "Exactly once"
    )]
    pub since: Option<String>,

    /// Write nothing to the ledger, for containers without a persistent disk
    #[arg(long, help_heading = "Exactly once")]
    pub no_ledger: bool,

    /// Why you are invalidating; stored in the ledger
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,

    /// Aligned columns (table), one JSON document (json), one object per line (jsonl), or tab-separated cells (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,

    /// The flags that allow dangerous requests.
    #[command(flatten)]
    pub allowed: Allowed,

    /// Wait until everything is Completed
    #[arg(long, help_heading = "Waiting")]
    pub wait: bool,

    /// How the command waits.
    #[command(flatten)]
    pub waiting: Waiting,
}

/// The flags that allow what would otherwise be rejected, because a command cannot ask the user.
#[derive(Clone, Copy, Debug, Default, Args)]
#[command(next_help_heading = "Guard")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub struct Allowed {
    /// Allow /*, which clears everything
    #[arg(long)]
    pub allow_whole_site: bool,

    /// Allow wildcards at the top level, such as /images/*
    #[arg(long)]
    pub allow_first_level: bool,

    /// Allow a production account
    #[arg(long)]
    pub allow_production: bool,

    /// Allow invalidating a multi-tenant distribution itself
    #[arg(long)]
    pub allow_multi_tenant: bool,

    /// Allow cache tags even if it is unknown whether they are switched on
    #[arg(long)]
    pub allow_unknown_tags: bool,

    /// Allow exceeding the guard's limits; by default 1,000 billable items and 20 targets
    #[arg(long)]
    pub allow_many: bool,
}
