//! `history`: prints the ledger's record of everything sent from this machine, page by page.

use std::path::Path;

use super::error::Error;
use super::print::Rows;
use super::report;
use super::report::tell;
use super::signal::until_signal;
use crate::cli::{self, Output, Sort};
use crate::domain::export::{Entry, Format, timestamp};
use crate::domain::record::{Order, PageFrom, Query, price};
use crate::domain::secret::redacted;
use crate::domain::submission::Submission;
use crate::domain::text::{agree, grouped};
use crate::engine::effect::{LedgerContents, LedgerOperation, Unwritten};
use crate::runtime::clock;
use crate::runtime::export::export;
use crate::runtime::ledger::Ledger;
use crate::settings::Settings;

/// The number of submissions read at a time, kept small because each may have thousands of items.
const PAGE: usize = 100;

const NOTHING: &str = "nothing sent from this machine yet";

const HEADINGS: [&str; 7] = ["Confirmed", "Result", "Target", "Id", "Max. cost", "Items", "Note"];

/// Reads the history, and prints or writes it.
pub(super) fn run(arguments: &cli::History, settings: &Settings) -> Result<u8, Error> {
    let file = settings.ledger_file();
    let nothing = matches!(file.try_exists(), Ok(false));
    if nothing && arguments.export.is_none() {
        rows(arguments).finish()?;
        return Ok(0);
    }
    until_signal(async {
        // A command that only reads does not create a ledger.
        let ledger = if nothing {
            Ledger::in_memory()
        } else {
            Ledger::open(&settings.state_dir)
        };
        let ledger = ledger.map_err(Error::Unread)?;
        match &arguments.export {
            Some(path) => write(&ledger, path, arguments).await?,
            None => print(&ledger, arguments).await?,
        }
        Ok(0)
    })
}

fn rows(arguments: &cli::History) -> Rows {
    let nothing = if arguments.filter.is_empty() {
        NOTHING
    } else {
        "no submission contains these words"
    };
    Rows::new(arguments.output, "submissions", &HEADINGS, nothing).right("Max. cost")
}

fn query(arguments: &cli::History) -> Query {
    Query {
        filter: arguments.filter.join(" "),
        reversed: false,
        order: match arguments.sort {
            Sort::Newest => Order::Newest,
            Sort::Target => Order::Target,
            Sort::Result => Order::Result,
            Sort::Price => Order::Price,
        },
        from: PageFrom::Start,
        limit: PAGE,
    }
}

async fn print(ledger: &Ledger, arguments: &cli::History) -> Result<(), Error> {
    let (mut query, mut rows) = (query(arguments), rows(arguments));
    let mut left = arguments.limit.unwrap_or(usize::MAX);
    while left > 0 {
        query.limit = left.min(PAGE);
        let page = page(ledger, query.clone()).await?;
        page.warning
            .iter()
            .for_each(|warning| report::warn(warning, arguments.output));
        for (_, submission) in &page.whole {
            if !rows.push(&Entry::of(submission), || cells(submission))? {
                return Ok(());
            }
        }
        // Records that cannot be parsed have already been reported, and do not count toward the limit.
        left = left.saturating_sub(page.whole.len());
        match page.next {
            Some(cursor) => query.from = PageFrom::After(cursor),
            None => break,
        }
    }
    rows.finish()
}

async fn page(ledger: &Ledger, query: Query) -> Result<LedgerContents, Error> {
    let contents = ledger.carry_out(LedgerOperation::Whole(query), clock::now()).await;
    Ok(contents
        .map_err(Error::Unread)?
        .map_or_else(Default::default, |page| *page))
}

/// Writes the same file as the dashboard's export.
async fn write(ledger: &Ledger, path: &Path, arguments: &cli::History) -> Result<(), Error> {
    let name = path.to_string_lossy();
    let format = Format::of_name(&name).ok_or_else(|| {
        Error::Source(format!(
            "--export: {name} is neither JSON nor CSV; use the extension .json or .csv"
        ))
    })?;
    let ask = |operation| ledger.carry_out(operation, clock::now());
    let written = export(query(arguments), format, path.to_owned(), arguments.replace, ask).await;
    let written = written.map_err(|unwritten| match unwritten {
        Unwritten::Exists(file) => Error::File(format!("{file} already exists; add --replace, or choose another name")),
        Unwritten::Failed(sentence) => Error::File(sentence),
    })?;
    if let Some(warning) = &written.warning {
        report::warn(warning, Output::Table);
    }
    let entries = agree(written.rows, "submission", "submissions");
    tell(&format!(
        "{} {entries} written to {}",
        grouped(written.rows as u64),
        written.file
    ));
    Ok(())
}

fn cells(submission: &Submission) -> Vec<String> {
    let filled = |text: Option<String>| text.filter(|text| !text.is_empty()).unwrap_or_else(|| "-".to_owned());
    vec![
        timestamp(submission.created),
        submission.state.word().to_owned(),
        submission.label.clone(),
        filled(submission.state.accepted().map(|(id, _)| id.to_string())),
        filled(price(submission).map(|price| price.to_string())),
        items(submission.batch.items()),
        filled(submission.note.as_deref().map(|note| redacted(note).into_owned())),
    ]
}

/// Formats items as the first one and the number of others.
fn items(items: &[String]) -> String {
    match items {
        [] => "-".to_owned(),
        [only] => redacted(only).into_owned(),
        [first, others @ ..] => format!("{} +{}", redacted(first), others.len()),
    }
}
