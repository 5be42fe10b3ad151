//! Display rows for invalidations, our own and other people's, with keys that stay the same from plan to completion.

pub(crate) mod key;

pub use key::RowKey;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::distribution::Target;
use crate::domain::duration::{SLOW_WITHOUT_HISTORY, UNUSUAL, Usual, short};
use crate::domain::invalidation::{InvalidationId, Status};
use crate::domain::observation::Took;
use crate::domain::submission::{Meaning, Submission};
use crate::engine::past;
use crate::engine::state::Engine;

/// The display data of an invalidation.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// The target.
    pub target: &'a Target,
    /// The status word.
    pub status: &'a str,
    /// The meaning of the status.
    pub meaning: Meaning,
    /// When CloudFront accepted the invalidation.
    pub create_time: Option<DateTime<Utc>>,
    /// How long the invalidation took, as precisely as possible.
    pub took: Option<Took>,
    /// The items, if they have been loaded.
    pub items: Option<&'a [String]>,
    /// CloudFront's invalidation id.
    pub id: Option<&'a InvalidationId>,
    /// Our own submission, if we created the invalidation.
    pub submission: Option<&'a Submission>,
    /// Why the invalidation's items or its status cannot be read.
    pub unreadable: Option<&'a str>,
}

impl Row<'_> {
    /// Returns when the invalidation was created: accepted by CloudFront, or else confirmed by the user.
    #[must_use]
    pub fn made(&self) -> Option<DateTime<Utc>> {
        self.create_time
            .or_else(|| self.submission.map(|submission| submission.created))
    }

    /// Returns whether CloudFront has not accepted the invalidation yet but still may. Such an invalidation is newer
    /// than all others.
    #[must_use]
    pub fn is_to_come(&self) -> bool {
        let waits = |submission: &Submission| !submission.state.is_final();
        self.create_time.is_none() && self.submission.is_some_and(waits)
    }
}

/// Returns the row for a key, from the current data.
#[must_use]
pub fn row<'a>(engine: &'a Engine, key: &'a RowKey) -> Option<Row<'a>> {
    match key {
        RowKey::Submission(id) => past::submission(engine, id).map(|submission| ours(engine, submission)),
        RowKey::Invalidation(target, id) => elsewhere(engine, target, id),
    }
}

fn ours<'a>(engine: &'a Engine, submission: &'a Submission) -> Row<'a> {
    let state = &submission.state;
    let accepted = state.accepted();
    let id = accepted.map(|(id, _)| id);
    let (status, meaning) = stands(engine, submission, id);
    Row {
        target: &submission.target,
        status,
        meaning,
        create_time: accepted.map(|(_, create_time)| create_time),
        took: state.took(),
        items: Some(submission.batch.items()),
        id,
        submission: Some(submission),
        unreadable: id.and_then(|id| engine.histories.unreadable(&submission.target, id)),
    }
}

/// Returns the status word of a submission and its meaning. CloudFront's own word is used if it agrees with the
/// submission's state, or if no window has claimed the submission, because it is then the most recent information.
fn stands<'a>(engine: &'a Engine, submission: &'a Submission, id: Option<&InvalidationId>) -> (&'a str, Meaning) {
    let state = &submission.state;
    let id = id.filter(|_| engine.is_here(&submission.scope));
    let told = id.and_then(|id| engine.histories.get(&submission.target)?.get(id));
    match told.map(|summary| &summary.status) {
        Some(status) if status.is_completed() == state.is_final() => (status.as_str(), state.meaning()),
        Some(status) if engine.queue.is_left(&submission.id) => (status.as_str(), meaning(status)),
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

fn elsewhere<'a>(engine: &'a Engine, target: &'a Target, id: &'a InvalidationId) -> Option<Row<'a>> {
    let summary = engine.histories.get(target).and_then(|history| history.get(id));
    let invalidation = engine.histories.invalidation(target, id);
    // The status stored by an earlier run applies until CloudFront reports a newer one.
    let told = summary.map(|summary| (&summary.status, summary.create_time));
    let kept = invalidation.map(|invalidation| (&invalidation.status, invalidation.create_time));
    let (status, create_time) = told.or(kept)?;
    Some(Row {
        target,
        status: status.as_str(),
        meaning: meaning(status),
        create_time: Some(create_time),
        took: engine.histories.get(target).and_then(|history| history.took(id)),
        items: invalidation.map(|invalidation| invalidation.items.as_slice()),
        id: Some(id),
        submission: None,
        unreadable: engine.histories.unreadable(target, id),
    })
}

/// Returns the typical durations for this target at the current endpoint, from invalidations that were watched until
/// they completed.
#[must_use]
pub fn usual_of(engine: &Engine, target: &Target) -> Option<Usual> {
    engine.queue.usual(&engine.scope()?.endpoint, target)
}

/// Returns the typical durations for a row's target, if the row belongs to the current endpoint and account.
#[must_use]
pub fn usual_of_row(engine: &Engine, row: &Row<'_>) -> Option<Usual> {
    let here = row
        .submission
        .is_none_or(|submission| engine.is_here(&submission.scope));
    usual_of(engine, row.target).filter(|_| here)
}

/// Returns the age above which an invalidation counts as slow.
#[must_use]
pub fn slow_from(usual: Option<Usual>) -> TimeDelta {
    usual.map_or(SLOW_WITHOUT_HISTORY, |usual| usual.p95.max(TimeDelta::seconds(10)))
}

/// Describes when an invalidation in progress is expected to complete, based on this target's own durations. This is
/// only an estimate.
#[must_use]
pub fn expectation(age: TimeDelta, usual: Option<Usual>) -> String {
    let Some(usual) = usual else {
        return match slowness(age, None) {
            Some(_) => "slower than most".to_owned(),
            None => "no typical time yet (needs 3 runs)".to_owned(),
        };
    };
    let p95 = short(usual.p95);
    if age > slow_from(Some(usual)) {
        format!("slower than usual: 95% finish within {p95}")
    } else if age < usual.median {
        // Seconds are rounded up, so the text never shows "0 s".
        let left = usual.median - age + TimeDelta::milliseconds(999);
        format!("about {} left", short(left))
    } else {
        format!(
            "past the typical {}, slow after {}",
            short(usual.median),
            short(slow_from(Some(usual)))
        )
    }
}

/// Returns a word for how slow an invalidation is, if it is slow.
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
    use crate::engine::row::*;

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
            (TimeDelta::milliseconds(2_500), "about 7 s left"),
            (TimeDelta::milliseconds(8_999), "about 1 s left"),
            (seconds(9), "past the typical 9 s, slow after 21 s"),
            (seconds(21), "past the typical 9 s, slow after 21 s"),
            (seconds(22), "slower than usual: 95% finish within 21 s"),
            (seconds(3_600), "slower than usual: 95% finish within 21 s"),
        ];
        for (age, words) in table {
            assert_eq!(said(age), words, "{age}");
        }
        assert_eq!(expectation(seconds(120), None), "no typical time yet (needs 3 runs)");
        assert!(expectation(seconds(121), None).starts_with("slower than most"));
    }
}
