//! `usage`: counts how many of the month's free paths have been used, by anyone.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::connect::{connect, lookup};
use super::error::Error;
use super::report::tell;
use super::signal::Signals;
use super::table::Table;
use super::{output, report, signal};
use crate::cli::{self, Output};
use crate::domain::export::timestamp;
use crate::domain::month::{Count, Figures, MonthKey, Share, TargetFigure, price};
use crate::domain::price::{FREE_PATHS, at_most_usd};
use crate::domain::text::{count as counted, grouped};
use crate::engine::month::{is_old, resumed};
use crate::runtime::clock::ServiceClock;
use crate::runtime::cloudfront::CloudFront;
use crate::runtime::counting::{Counter, Interrupted, known};
use crate::runtime::ledger::Ledger;
use crate::settings::Settings;

const HOW: &str = "counting, one request per second; progress is saved, so you can stop and resume later";
const NOT_YET: &str = "this month has not been counted yet; count it with `invalidash usage --month`";

/// Counts the month's paths, or prints the last count.
pub(super) fn run(arguments: &cli::Usage, settings: &Settings) -> Result<u8, Error> {
    if arguments.month {
        return super::runtime::runtime()?.block_on(count(arguments, settings));
    }
    signal::until_signal(async {
        let (clock, scope) = (ServiceClock::of_machine(), lookup(settings).await?.scope());
        let ledger = Ledger::open(&settings.state_dir).map_err(Error::Unread)?;
        let key = MonthKey::of(&scope.endpoint, &scope.profile, clock.now());
        let count = known(&ledger, key, &clock).await.map_err(Error::Unread)?;
        if !count.is_begun() {
            return Err(Error::Target(NOT_YET.to_owned()));
        }
        print(&count, clock.now(), arguments.output)?;
        Ok(0)
    })
}

async fn count(arguments: &cli::Usage, settings: &Settings) -> Result<u8, Error> {
    let mut signals = Signals::listen()?;
    let clock = ServiceClock::of_machine();
    let connection = connect(settings).await?.timed_by(clock.clone());
    let counter = Counter {
        cloudfront: CloudFront::new(connection),
        ledger: Ledger::open(&settings.state_dir).map_err(Error::Unread)?,
        clock,
    };
    if arguments.output == Output::Table {
        tell(HOW);
    }
    let mut count = counter.known().await.map_err(Error::Unread)?;
    loop {
        count = resumed(count, counter.clock.now());
        let is_old = is_old(&count, counter.clock.now());
        match counter.go_on(&mut count, signals.exit_code()).await {
            // The count is outdated, so repeat it.
            Ok(()) if is_old => {}
            Ok(()) => break,
            Err(Interrupted::CloudFront(failure)) => return Err(failure.into()),
            Err(Interrupted::Ledger(failure)) => return Err(Error::Unread(failure)),
            Err(Interrupted::Stopped(code)) => {
                let count = counter.known().await.map_err(Error::Unread)?;
                print(&count, counter.clock.now(), arguments.output)?;
                return Ok(code);
            }
        }
    }
    for action in &count.discovery.lacks {
        let lack = format!("the count is a lower bound: the identity lacks cloudfront:{action}");
        report::warn(&lack, arguments.output);
    }
    // Read back from the ledger, which can tell its own references from others.
    let count = counter.known().await.map_err(Error::Unread)?;
    print(&count, counter.clock.now(), arguments.output)?;
    Ok(0)
}

fn print(count: &Count, now: DateTime<Utc>, form: Output) -> Result<(), Error> {
    let figures = count.figures();
    let document = Document::of(count, &figures, now);
    let text = || targets(&figures).tabbed();
    output::print_as(form, &document, text, || sheets(count, &figures, now))
}

fn sheets(count: &Count, figures: &Figures, now: DateTime<Utc>) -> String {
    let tables = [
        facts(count, figures, now),
        targets(figures),
        days(figures),
        makers(figures),
    ];
    tables.map(|table| table.render(output::width())).join("\n")
}

fn facts(count: &Count, figures: &Figures, now: DateTime<Utc>) -> Table {
    let mut table = Table::bare(2);
    let mut fact = |what: &str, value: String| table.push([what.to_owned(), value]);
    fact("Month", count.key.start.format("%Y-%m, UTC").to_string());
    fact("Paths", figures.used());
    fact("Counted", format!("{} · {}", timestamp(count.begun), figures.counted()));
    fact("Invalidations", counted(figures.invalidations, "invalidation"));
    fact("Price so far", figures.price().to_string());
    if let Some(paths) = figures.at_this_pace(count, now) {
        let whole = format!("{} paths, {} at list price", grouped(paths), price(paths));
        fact("At this pace", whole);
    }
    table
}

fn targets(figures: &Figures) -> Table {
    let table = Table::new(&["Target", "Label", "Invalidations", "Paths"]);
    let mut table = table.right("Invalidations").right("Paths");
    for one in &figures.targets {
        let at_least = if one.exact { "" } else { "≥ " };
        table.push([
            one.target.to_string(),
            one.label.clone(),
            grouped(one.invalidations as u64),
            format!("{at_least}{}", grouped(one.paths)),
        ]);
    }
    table
}

fn days(figures: &Figures) -> Table {
    let mut table = Table::new(&["Day", "Paths"]).right("Paths");
    for (day, paths) in &figures.days {
        table.push([day.to_string(), grouped(*paths)]);
    }
    table
}

fn makers(figures: &Figures) -> Table {
    let mut table = Table::new(&["Created by", "Paths"]).right("Paths");
    for (maker, paths) in &figures.makers {
        table.push([(*maker).to_owned(), grouped(*paths)]);
    }
    table
}

/// The `--output json` document.
#[derive(Serialize)]
struct Document<'a> {
    month: String,
    counted_at: DateTime<Utc>,
    ended: bool,
    exact: bool,
    paths: u64,
    free_paths: u64,
    price_usd: String,
    at_this_pace: Option<Pace>,
    invalidations: usize,
    unread: usize,
    distributions: Share,
    tenants: Share,
    missing_actions: Vec<String>,
    targets: Vec<Row<'a>>,
    days: Vec<Day>,
    made_by: Vec<Made>,
}

#[derive(Serialize)]
struct Pace {
    paths: u64,
    price_usd: String,
}

#[derive(Serialize)]
struct Row<'a> {
    target: &'a str,
    target_kind: &'static str,
    label: &'a str,
    invalidations: usize,
    paths: u64,
    exact: bool,
}

#[derive(Serialize)]
struct Day {
    day: NaiveDate,
    paths: u64,
}

#[derive(Serialize)]
struct Made {
    maker: &'static str,
    paths: u64,
}

impl<'a> Document<'a> {
    fn of(count: &Count, figures: &'a Figures, now: DateTime<Utc>) -> Self {
        let pace = figures.at_this_pace(count, now);
        Self {
            month: count.key.start.format("%Y-%m").to_string(),
            counted_at: count.begun,
            ended: count.ended.is_some(),
            exact: figures.exact,
            paths: figures.paths,
            free_paths: FREE_PATHS,
            price_usd: usd(figures.paths),
            at_this_pace: pace.map(|paths| Pace {
                paths,
                price_usd: usd(paths),
            }),
            invalidations: figures.invalidations,
            unread: figures.unread,
            distributions: figures.distributions,
            tenants: figures.tenants,
            missing_actions: count
                .discovery
                .lacks
                .iter()
                .map(|one| format!("cloudfront:{one}"))
                .collect(),
            targets: figures.targets.iter().map(Row::of).collect(),
            days: figures
                .days
                .iter()
                .map(|(day, paths)| Day {
                    day: *day,
                    paths: *paths,
                })
                .collect(),
            made_by: figures
                .makers
                .iter()
                .map(|(maker, paths)| Made { maker, paths: *paths })
                .collect(),
        }
    }
}

impl<'a> Row<'a> {
    fn of(one: &'a TargetFigure) -> Self {
        Self {
            target: one.target.id(),
            target_kind: one.target.kind(),
            label: &one.label,
            invalidations: one.invalidations,
            paths: one.paths,
            exact: one.exact,
        }
    }
}

fn usd(paths: u64) -> String {
    at_most_usd(usize::try_from(paths.saturating_sub(FREE_PATHS)).unwrap_or(usize::MAX))
}
