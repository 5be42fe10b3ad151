//! The invalidations page, newest first: invalidations in progress and completed ones, whether or not they were created
//! from this machine.

use std::collections::BTreeSet;

use ulid::Ulid;

use crate::app::list::{List, Source, arranged};
use crate::app::table::{self, Arrangements, Table, Value};
use crate::domain::distribution::Target;
use crate::domain::duration::short;
use crate::domain::invalidation::InvalidationId;
use crate::domain::observation::Took;
use crate::domain::submission::Submission;
use crate::engine::row::{Row, RowKey, row};
use crate::engine::state::Engine;

/// The state of the invalidations page.
#[derive(Debug, Default)]
pub struct Invalidations {
    /// The target; `None` means all targets.
    pub target: Option<Target>,
    /// The rows.
    pub list: List<RowKey>,
}

impl Invalidations {
    /// Creates the page for one target, or for all targets.
    #[must_use]
    pub fn new(target: Option<Target>) -> Self {
        Self {
            target,
            list: List::default(),
        }
    }

    /// Returns the table that the page shows.
    #[must_use]
    pub fn table(&self) -> Table {
        match self.target {
            Some(_) => Table::Invalidations,
            None => Table::AllInvalidations,
        }
    }

    /// Rebuilds the rows, sorted by the chosen column; ties are sorted newest first.
    pub(crate) fn refill(&mut self, engine: &Engine, arrangements: &Arrangements) {
        let mut keys = self.keys(engine);
        let total = keys.len();
        keys.sort_by_cached_key(|key| age(engine, key));
        let table = (self.table(), arrangements);
        let keys = arranged(keys, table, self.list.view.filter.value(), engine);
        self.list.show(keys, total);
    }

    fn keys(&self, engine: &Engine) -> Vec<RowKey> {
        let wanted = |target: &Target| self.target.as_ref().is_none_or(|only| only == target);
        // Submissions of another scope are shown only until they finish; after that, they appear only in the history.
        let shown = |s: &&Submission| wanted(&s.target) && (engine.is_here(&s.scope) || !s.state.is_final());
        let ours: Vec<&Submission> = engine.queue.all().filter(shown).collect();
        let known: BTreeSet<(&Target, &InvalidationId)> = ours
            .iter()
            .filter_map(|s| s.state.accepted().map(|(id, _)| (&s.target, id)))
            .collect();
        let mut keys: Vec<RowKey> = ours.iter().map(|s| RowKey::Submission(s.id.clone())).collect();
        for (target, history) in engine.histories.iter().filter(|(target, _)| wanted(target)) {
            let others = history.summaries().filter(|row| !known.contains(&(target, &row.id)));
            keys.extend(others.map(|row| RowKey::Invalidation(target.clone(), row.id.clone())));
        }
        keys
    }
}

fn haystack(engine: &Engine, key: &RowKey) -> String {
    let Some(row) = row(engine, key) else {
        return String::new();
    };
    let mut text = format!(
        "{} {} {}",
        row.status,
        row.id.map_or("", InvalidationId::as_str),
        engine.label(row.target)
    );
    for item in row.items.into_iter().flatten().take(50) {
        text.push(' ');
        text.push_str(item);
    }
    text
}

/// Returns a sort key: unfinished rows without a CreateTime come first, then the newest rows.
fn age(engine: &Engine, key: &RowKey) -> i64 {
    let Some(row) = row(engine, key) else {
        return 0;
    };
    match (row.create_time, row.submission) {
        (Some(time), _) => -time.timestamp_millis(),
        (None, Some(submission)) if submission.state.is_final() => -submission.created.timestamp_millis(),
        (None, Some(submission)) => i64::MIN / 2 - submission.created.timestamp_millis(),
        (None, None) => 0,
    }
}

impl Source<RowKey> for Engine {
    fn whole(&self, key: &RowKey) -> String {
        haystack(self, key)
    }

    fn value(&self, key: &RowKey, column: usize) -> Value {
        let Some(row) = row(self, key) else {
            return Value::Nothing;
        };
        let submission = row.submission;
        match table::INVALIDATIONS.get(column).map_or("", |column| column.name) {
            "Status" => Value::Number(row.meaning as i64, row.status.to_owned()),
            "CreateTime" => Value::Number(
                -age(self, key),
                row.create_time
                    .map_or_else(String::new, |time| Value::Time(time).words()),
            ),
            "Took" => row.took.and_then(Took::measured).map_or(Value::Nothing, |span| {
                Value::Number(span.num_milliseconds(), short(span))
            }),
            "Target" => Value::text(self.label(row.target)),
            "Items" => Value::text(row.items.unwrap_or_default().join(" ")),
            "Id" => Value::text(row.id.map_or("", InvalidationId::as_str)),
            "Note" => Value::text(submission.and_then(|s| s.note.as_deref()).unwrap_or_default()),
            "Job" => Value::Number(
                job_time(&row),
                submission.map_or_else(String::new, |s| s.job.to_string()),
            ),
            _ => Value::Nothing,
        }
    }
}

/// Returns when the row's job was confirmed or, for a row without a job, when the invalidation was created.
fn job_time(row: &Row<'_>) -> i64 {
    let job = row.submission.and_then(|s| Ulid::from_string(s.job.as_str()).ok());
    let confirmed = job.and_then(|job| i64::try_from(job.timestamp_ms()).ok());
    let made = row.submission.map(|s| s.created).or(row.create_time);
    confirmed.unwrap_or_else(|| made.map_or(0, |made| made.timestamp_millis()))
}
