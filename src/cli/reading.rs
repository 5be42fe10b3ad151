//! Arguments of the commands that only read from CloudFront.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::Output;
use super::numbers::limit;

/// Arguments of `distributions`.
#[derive(Clone, Debug, Args)]
pub struct Distributions {
    /// Aligned columns (table), one JSON document (json), one object per line (jsonl), or tab-separated cells (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
}

/// Arguments of `list`.
#[derive(Clone, Debug, Args)]
pub struct List {
    /// Distribution or tenant: an id, ARN, alias, domain name or URL; can be repeated
    #[arg(long, required = true, value_name = "TARGET", value_parser = NonEmptyStringValueParser::new())]
    pub distribution: Vec<String>,

    /// Show only the newest N of each target
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = limit)]
    pub limit: Option<usize>,

    /// Aligned columns (table), one JSON document (json), one object per line (jsonl), or tab-separated cells (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
}

/// Arguments of `show`.
#[derive(Clone, Debug, Args)]
pub struct Show {
    /// Distribution or tenant: an id, ARN, alias, domain name or URL
    #[arg(long, value_name = "TARGET", value_parser = NonEmptyStringValueParser::new())]
    pub distribution: String,

    /// Id of the invalidation
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    pub id: String,

    /// Also look up who created it in CloudTrail (not with --output text)
    #[arg(long)]
    pub who: bool,

    /// Details and items (table), one JSON document (json), the same on one line (jsonl), or its items, one per line
    /// (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
}

/// Arguments of `usage`.
#[derive(Clone, Debug, Args)]
pub struct Usage {
    /// Count now, one request per second; otherwise the last count is shown
    #[arg(long)]
    pub month: bool,

    /// Summary and tables (table), one JSON document (json), the same on one line (jsonl), or a line for each target
    /// (text)
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    pub output: Output,
}
