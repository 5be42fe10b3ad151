//! The invalidations page: what is under way, what is done, newest first, ours and those made elsewhere.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use ulid::Ulid;

use crate::app::list::{List, matching};
use crate::app::model::Model;
use crate::app::past;
use crate::domain::distribution::Target;
use crate::domain::duration::{SLOW_WITHOUT_HISTORY, UNUSUAL, Usual, short};
use crate::domain::invalidation::{InvalidationId, Status};
use crate::domain::observation::Took;
use crate::domain::submission::{Meaning, Submission, SubmissionId};

/// The columns it can be sorted by.
pub const SORTS: [&str; 5] = ["CreateTime", "Status", "Took", "Job", "Target"];

/// Those of the page of a target, or of the page of all, which can be grouped by target.
#[must_use]
pub fn sorts(target: Option<&Target>) -> &'static [&'static str] {
    let [same @ .., _] = &SORTS;
    if target.is_some() { same } else { &SORTS }
}

/// A row's name, which stays the same from the plan to the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowKey {
    /// One of ours.
    Submission(SubmissionId),
    /// One made elsewhere, or before this ledger.
    Invalidation(Target, InvalidationId),
}

/// A row as it is seen.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// What it is aimed at.
    pub target: &'a Target,
    /// The status word.
    pub status: &'a str,
    /// What the word means.
    pub meaning: Meaning,
    /// When CloudFront accepted it.
    pub create_time: Option<DateTime<Utc>>,
    /// How long it took, as far as anyone saw.
    pub took: Option<Took>,
    /// Its items, if they were read.
    pub items: Option<&'a [String]>,
    /// CloudFront's id.
    pub id: Option<&'a InvalidationId>,
    /// Our record of it.
    pub submission: Option<&'a Submission>,
    /// Why its items or its status cannot be read.
    pub unreadable: Option<&'a str>,
}

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
        let shown = |s: &&Submission| wanted(&s.target) && (model.is_here(&s.scope) || !s.state.is_final());
        let ours: Vec<&Submission> = model.queue.all().filter(shown).collect();
        let known: BTreeSet<(&Target, &InvalidationId)> = ours
            .iter()
            .filter_map(|s| s.state.accepted().map(|(id, _)| (&s.target, id)))
            .collect();
        let mut keys: Vec<RowKey> = ours.iter().map(|s| RowKey::Submission(s.id.clone())).collect();
        for (target, history) in model.histories.iter().filter(|(target, _)| wanted(target)) {
            let others = history.summaries().filter(|row| !known.contains(&(target, &row.id)));
            keys.extend(others.map(|row| RowKey::Invalidation(target.clone(), row.id.clone())));
        }
        keys
    }
}

/// The row behind a key, from what is known now.
#[must_use]
pub fn row<'a>(model: &'a Model, key: &'a RowKey) -> Option<Row<'a>> {
    match key {
        RowKey::Submission(id) => past::submission(model, id).map(|submission| ours(model, submission)),
        RowKey::Invalidation(target, id) => elsewhere(model, target, id),
    }
}

fn ours<'a>(model: &'a Model, submission: &'a Submission) -> Row<'a> {
    let state = &submission.state;
    let accepted = state.accepted();
    let id = accepted.map(|(id, _)| id);
    let (status, meaning) = stands(model, submission, id);
    Row {
        target: &submission.target,
        status,
        meaning,
        create_time: accepted.map(|(_, create_time)| create_time),
        took: state.took(),
        items: Some(submission.batch.items()),
        id,
        submission: Some(submission),
        unreadable: id.and_then(|id| model.histories.unreadable(&submission.target, id)),
    }
}

/// CloudFront's own word stands as it came, where it gave one. Of what nobody carries on it is the newest that is known.
fn stands<'a>(model: &'a Model, submission: &'a Submission, id: Option<&InvalidationId>) -> (&'a str, Meaning) {
    let state = &submission.state;
    let id = id.filter(|_| model.is_here(&submission.scope));
    let told = id.and_then(|id| model.histories.get(&submission.target)?.get(id));
    match told.map(|summary| &summary.status) {
        Some(status) if status.is_completed() == state.is_final() => (status.as_str(), state.meaning()),
        Some(status) if model.queue.is_left(&submission.id) => (status.as_str(), meaning(status)),
        Some(_) | None => (state.word(), state.meaning()),
    }
}

fn meaning(status: &Status) -> Meaning {
    if status.is_completed() {
        Meaning::Done
    } else {
        Meaning::UnderWay
    }
}

fn elsewhere<'a>(model: &'a Model, target: &'a Target, id: &'a InvalidationId) -> Option<Row<'a>> {
    let summary = model.histories.get(target)?.get(id)?;
    let invalidation = model.histories.invalidation(target, id);
    Some(Row {
        target,
        status: summary.status.as_str(),
        meaning: meaning(&summary.status),
        create_time: Some(summary.create_time),
        took: None,
        items: invalidation.map(|invalidation| invalidation.items.as_slice()),
        id: Some(id),
        submission: None,
        unreadable: model.histories.unreadable(target, id),
    })
}

fn haystack(model: &Model, key: &RowKey) -> String {
    let Some(row) = row(model, key) else {
        return String::new();
    };
    let mut text = format!(
        "{} {} {}",
        row.status,
        row.id.map_or("", InvalidationId::as_str),
        model.label(row.target)
    );
    for item in row.items.into_iter().flatten().take(50) {
        text.push(' ');
        text.push_str(item);
    }
    text
}

/// What has no CreateTime yet stands at the top, then the newest.
fn sort_key(model: &Model, key: &RowKey, sort: usize) -> (i64, String, i64) {
    let Some(row) = row(model, key) else {
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
        Some("Target") => model.label(row.target),
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

/// How long invalidations of this target usually take at the server in use, from those that were watched to their end.
#[must_use]
pub fn usual_of(model: &Model, target: &Target) -> Option<Usual> {
    model.queue.usual(&model.scope()?.endpoint, target)
}

/// The same for what a row is aimed at, if that is seen from here.
#[must_use]
pub fn usual_of_row(model: &Model, row: &Row<'_>) -> Option<Usual> {
    let here = row.submission.is_none_or(|submission| model.is_here(&submission.scope));
    usual_of(model, row.target).filter(|_| here)
}

/// From which age on an invalidation is called slow.
#[must_use]
pub fn slow_from(usual: Option<Usual>) -> TimeDelta {
    usual.map_or(SLOW_WITHOUT_HISTORY, |usual| usual.p95.max(TimeDelta::seconds(10)))
}

/// When one that is under way may be done, in words: measured against this target's own, and never a promise.
#[must_use]
pub fn expectation(age: TimeDelta, usual: Option<Usual>) -> String {
    let Some(usual) = usual else {
        return match slowness(age, None) {
            Some(_) => "later than most, of which no usual time is known here yet".to_owned(),
            None => "no usual time is known here yet".to_owned(),
        };
    };
    let p95 = short(usual.p95);
    if age > slow_from(Some(usual)) {
        format!("later than usual: 19 of 20 took {p95} at most")
    } else if age < usual.median {
        // A second that has begun is a whole one, so that "0 s more" is never said.
        let left = usual.median - age + TimeDelta::milliseconds(999);
        format!("usually done in about {} more", short(left))
    } else {
        format!("any moment now: 19 of 20 took {p95} at most")
    }
}

/// What to say of one that takes long.
#[must_use]
pub fn slowness(age: TimeDelta, usual: Option<Usual>) -> Option<&'static str> {
    let slow_from = slow_from(usual);
    if age >= UNUSUAL {
        Some("unusual")
    } else if age > slow_from {
        Some("slow")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_is_said_in_words_and_promises_nothing() {
        let seconds = TimeDelta::seconds;
        let usual = Usual {
            median: seconds(9),
            p95: seconds(21),
            count: 14,
        };
        let said = |age| expectation(age, Some(usual));
        let table = [
            (TimeDelta::milliseconds(2_500), "usually done in about 7 s more"),
            (TimeDelta::milliseconds(8_999), "usually done in about 1 s more"),
            (seconds(9), "any moment now: 19 of 20 took 21 s at most"),
            (seconds(21), "any moment now: 19 of 20 took 21 s at most"),
            (seconds(22), "later than usual: 19 of 20 took 21 s at most"),
            (seconds(3_600), "later than usual: 19 of 20 took 21 s at most"),
        ];
        for (age, words) in table {
            assert_eq!(said(age), words, "{age}");
        }
        assert_eq!(expectation(seconds(120), None), "no usual time is known here yet");
        assert!(expectation(seconds(121), None).starts_with("later than most"));
    }
}
