//! The invalidations page: newest first, those in progress and completed, from here and not from here.

use std::collections::BTreeSet;

use ulid::Ulid;

use crate::app::list::{List, matching};
use crate::app::model::Model;
use crate::domain::distribution::Target;
use crate::domain::invalidation::InvalidationId;
use crate::domain::observation::Took;
use crate::domain::submission::Submission;
use crate::engine::row::{Row, RowKey, row};

/// The columns it can be sorted by.
pub const SORTS: [&str; 5] = ["CreateTime", "Status", "Took", "Job", "Target"];

/// Those of the page of a target, or of the page of all, which can be grouped by target.
#[must_use]
pub fn sorts(target: Option<&Target>) -> &'static [&'static str] {
    let [same @ .., _] = &SORTS;
    if target.is_some() { same } else { &SORTS }
}

/// What a click on each heading sorts by; empty: nothing.
pub const SORT_OF_COLUMN: [&str; 9] = ["Status", "CreateTime", "CreateTime", "Took", "Target", "", "", "", ""];

/// The state of the page.
#[derive(Debug, Default)]
pub struct Invalidations {
    /// Whose invalidations; `None`: all that were looked at.
    pub target: Option<Target>,
    /// The rows.
    pub list: List<RowKey>,
}

impl Invalidations {
    /// The page of a target, or of all.
    #[must_use]
    pub fn new(target: Option<Target>) -> Self {
        Self {
            target,
            list: List::default(),
        }
    }

    /// Fills the rows anew.
    pub(crate) fn refill(&mut self, model: &Model) {
        let mut keys = self.keys(model);
        let total = keys.len();
        if self.list.is_filtered() {
            keys = matching(keys, self.list.filter.value(), |key| haystack(model, key));
        }
        let sort = self.list.sort;
        keys.sort_by_cached_key(|key| sort_key(model, key, sort));
        self.list.show(keys, total);
    }

    fn keys(&self, model: &Model) -> Vec<RowKey> {
        let wanted = |target: &Target| self.target.as_ref().is_none_or(|only| only == target);
        // What another place has is shown as long as something may become of it: the history has the rest.
        let shown = |s: &&Submission| wanted(&s.target) && (model.engine.is_here(&s.scope) || !s.state.is_final());
        let ours: Vec<&Submission> = model.engine.queue.all().filter(shown).collect();
        let known: BTreeSet<(&Target, &InvalidationId)> = ours
            .iter()
            .filter_map(|s| s.state.accepted().map(|(id, _)| (&s.target, id)))
            .collect();
        let mut keys: Vec<RowKey> = ours.iter().map(|s| RowKey::Submission(s.id.clone())).collect();
        for (target, history) in model.engine.histories.iter().filter(|(target, _)| wanted(target)) {
            let others = history.summaries().filter(|row| !known.contains(&(target, &row.id)));
            keys.extend(others.map(|row| RowKey::Invalidation(target.clone(), row.id.clone())));
        }
        keys
    }
}

fn haystack(model: &Model, key: &RowKey) -> String {
    let Some(row) = row(&model.engine, key) else {
        return String::new();
    };
    let mut text = format!(
        "{} {} {}",
        row.status,
        row.id.map_or("", InvalidationId::as_str),
        model.engine.label(row.target)
    );
    for item in row.items.into_iter().flatten().take(50) {
        text.push(' ');
        text.push_str(item);
    }
    text
}

/// Sorts rows without CreateTime first, then the newest.
fn sort_key(model: &Model, key: &RowKey, sort: usize) -> (i64, String, i64) {
    let Some(row) = row(&model.engine, key) else {
        return (0, String::new(), 0);
    };
    let age = match (row.create_time, row.submission) {
        (Some(time), _) => -time.timestamp_millis(),
        (None, Some(submission)) if submission.state.is_final() => -submission.created.timestamp_millis(),
        (None, Some(submission)) => i64::MIN / 2 - submission.created.timestamp_millis(),
        (None, None) => 0,
    };
    let first = match SORTS.get(sort).copied() {
        Some("Status") => row.meaning as i64,
        Some("Job") => -job_time(&row),
        Some("Took") => -row
            .took
            .and_then(Took::measured)
            .map_or(-1, |span| span.num_milliseconds()),
        _ => 0,
    };
    let group = match SORTS.get(sort).copied() {
        Some("Target") => model.engine.label(row.target),
        Some("Job") => row
            .submission
            .map_or(String::new(), |submission| submission.job.to_string()),
        _ => String::new(),
    };
    (first, group, age)
}

/// When the job of a row was confirmed; of one without a job, when it was made.
fn job_time(row: &Row<'_>) -> i64 {
    let job = row.submission.and_then(|s| Ulid::from_string(s.job.as_str()).ok());
    let confirmed = job.and_then(|job| i64::try_from(job.timestamp_ms()).ok());
    let made = row.submission.map(|s| s.created).or(row.create_time);
    confirmed.unwrap_or_else(|| made.map_or(0, |made| made.timestamp_millis()))
}
