//! Exports the history: JSON for programs, CSV for spreadsheets. The format is a stable interface; `docs/usage.md`
//! lists the fields.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;

use super::observation::Took;
use super::price::Money;
use super::record::price;
use super::secret::redacted;
use super::submission::Submission;

/// The file format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON document: an object with a list of submissions.
    Json,
    /// One line per submission after a header line.
    Csv,
}

impl Format {
    /// Returns the file name extension.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Json => ".json",
            Self::Csv => ".csv",
        }
    }

    /// Returns the other format.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Json => Self::Csv,
            Self::Csv => Self::Json,
        }
    }

    /// Returns the format that a file name's extension indicates, if any.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let ends = |format: &Self| {
            let at = name.len().checked_sub(format.ending().len());
            at.and_then(|at| name.get(at..))
                .is_some_and(|ending| ending.eq_ignore_ascii_case(format.ending()))
        };
        [Self::Json, Self::Csv].into_iter().find(ends)
    }

    /// Returns the text before the first submission.
    #[must_use]
    pub fn head(self) -> String {
        match self {
            Self::Json => "{\"submissions\":[".to_owned(),
            Self::Csv => line(NAMES),
        }
    }

    /// Returns the text of one submission; `first` indicates whether it is the first one in the file.
    #[must_use]
    pub fn row(self, submission: &Submission, first: bool) -> String {
        let entry = Entry::of(submission);
        match self {
            Self::Json => {
                let comma = if first { "\n" } else { ",\n" };
                // Serializing strings, numbers and lists of them cannot fail.
                let object = serde_json::to_string(&entry).unwrap_or_default();
                format!("{comma}{object}")
            }
            Self::Csv => line(&entry.cells()),
        }
    }

    /// Returns the text after the last submission.
    #[must_use]
    pub fn foot(self) -> &'static str {
        match self {
            Self::Json => "\n]}\n",
            Self::Csv => "",
        }
    }
}

/// Defines the exported form of a submission, and the names of its fields: the JSON keys and the CSV columns.
macro_rules! exported {
    ($($name:ident: $kind:ty,)*) => {
        /// An exported submission, the same in a file from the dashboard and in the standard output of `history`.
        #[derive(Serialize)]
        pub struct Entry<'a> {
            $($name: $kind,)*
        }

        /// The CSV columns, which are the JSON keys in the same order.
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

exported! {
    id: &'a str,
    job: &'a str,
    confirmed: String,
    account: Option<&'a str>,
    profile: &'a str,
    endpoint: &'a str,
    target_kind: &'static str,
    target: &'a str,
    target_label: &'a str,
    status: &'a str,
    invalidation_id: Option<&'a str>,
    create_time: Option<String>,
    seen_completed: Option<String>,
    seconds: Option<i64>,
    error_code: Option<&'a str>,
    error_message: Option<String>,
    note: Option<Cow<'a, str>>,
    item_count: usize,
    at_most_usd: Option<String>,
    items: Vec<Cow<'a, str>>,
    caller_reference: &'a str,
    batch_number: u32,
    attempts: u32,
    first_sent: Option<String>,
    request_id: Option<&'a str>,
    maybe_sent: bool,
    items_sha256: String,
    version: &'a str,
    last_in_progress: Option<String>,
}

impl<'a> Entry<'a> {
    /// Creates the exported form of a submission.
    #[must_use]
    pub fn of(submission: &'a Submission) -> Self {
        let state = &submission.state;
        let (id, create_time) = state.accepted().unzip();
        let measured = state.took().and_then(Took::measured);
        Self {
            id: submission.id.as_str(),
            job: submission.job.as_str(),
            confirmed: timestamp(submission.created),
            account: submission
                .scope
                .account
                .as_ref()
                .map(super::distribution::AccountId::as_str),
            profile: &submission.scope.profile,
            endpoint: &submission.scope.endpoint,
            target_kind: submission.target.kind(),
            target: submission.target.id(),
            target_label: &submission.label,
            status: state.word(),
            invalidation_id: id.map(super::invalidation::InvalidationId::as_str),
            create_time: create_time.map(timestamp),
            seen_completed: state.seen_completed().map(timestamp),
            seconds: measured.map(|span| span.num_seconds()),
            error_code: state.refusal().map(|refusal| refusal.code.as_str()),
            error_message: state
                .refusal()
                .map(|refusal| refusal.message.clone())
                .or_else(|| state.reason()),
            // Earlier versions stored notes unredacted.
            note: submission.note.as_deref().map(redacted),
            item_count: submission.batch.items().len(),
            at_most_usd: price(submission).map(Money::usd),
            items: submission.batch.items().iter().map(|item| redacted(item)).collect(),
            caller_reference: submission.reference.as_str(),
            batch_number: submission.number,
            attempts: submission.attempts,
            first_sent: submission.first_sent.map(timestamp),
            request_id: submission.request_id.as_deref(),
            maybe_sent: submission.maybe_sent,
            items_sha256: submission.batch.sha256().to_owned(),
            version: &submission.version,
            last_in_progress: state.last_in_progress().map(timestamp),
        }
    }

    /// Returns the cells of the CSV line: the values of the JSON object, in column order.
    fn cells(self) -> Vec<String> {
        // Serializing strings, numbers and lists of them cannot fail.
        let object = serde_json::to_value(self).unwrap_or_default();
        NAMES
            .iter()
            .map(|name| object.get(name).map(cell).unwrap_or_default())
            .collect()
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("\n"),
        other => other.to_string(),
    }
}

/// Formats a time for programs: RFC 3339 in UTC.
#[must_use]
pub fn timestamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Formats one line as RFC 4180 CSV.
fn line(cells: &[impl AsRef<str>]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(&harmless(cell.as_ref()))).collect();
    cells.join(",") + "\r\n"
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', ';', '\t', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// Prepends an apostrophe to a cell that a spreadsheet would run as a formula. A cell that already starts with an
/// apostrophe gets another one, so that removing one apostrophe always restores the original.
fn harmless(cell: &str) -> String {
    const BEGINNINGS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\'', '＝', '＋', '－', '＠'];
    if cell.starts_with(BEGINNINGS) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_run_and_none_is_lost() {
        let cases = [
            ("/index.html", "/index.html"),
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("+1", "'+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("\n=1", "\"'\n=1\""),
            ("'quoted", "''quoted"),
            ("＝1", "'＝1"),
            ("a,b", "\"a,b\""),
            ("a\nb", "\"a\nb\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("", ""),
        ];
        for (cell, written) in cases {
            assert_eq!(quoted(&harmless(cell)), written, "{cell:?}");
            let harmless = harmless(cell);
            assert_eq!(harmless.strip_prefix('\'').unwrap_or(&harmless), cell);
        }
    }

    #[test]
    fn the_ending_tells_the_format() {
        let cases = [
            ("a.json", Some(Format::Json)),
            ("A.CSV", Some(Format::Csv)),
            ("csv", None),
            ("é", None),
            ("", None),
        ];
        for (name, format) in cases {
            assert_eq!(Format::of_name(name), format, "{name}");
        }
    }
}
