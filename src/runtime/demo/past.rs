//! The demo's history: what its ledger and its emulator contain at startup.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use ulid::Ulid;

use crate::domain::batch::{Batch, CallerReference};
use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, Refusal};
use crate::domain::invalidation::{InvalidationId, Status};
use crate::domain::submission::{JobId, Scope, State, Submission, SubmissionId};
use crate::emulator::{Emulator, Past};

const LEDGER: &str = include_str!("../../../assets/demo/ledger.json");

/// The submissions to one target.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    target: String,
    label: String,
    count: u32,
    every_minutes: u32,
    /// The completion times in seconds, used in turn.
    took: Vec<u32>,
    /// The items, used in turn.
    batches: Vec<Vec<String>>,
    /// The notes, used in turn.
    notes: Vec<Option<String>>,
    running: Option<Running>,
    /// The refusal that every submission received; `None` means CloudFront accepted them.
    refused: Option<Refused>,
}

/// A submission that is in progress at startup.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Running {
    items: Vec<String>,
    seconds: u32,
    note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    code: String,
    message: String,
    http_status: u16,
}

/// Returns all submissions for the ledger, and adds their invalidations to the emulator.
pub(super) fn submissions(emulator: &Emulator, scope: &Scope, now: DateTime<Utc>) -> Vec<Submission> {
    // A test ensures that the file can be parsed.
    let sent: Vec<Sent> = serde_json::from_str(LEDGER).unwrap_or_default();
    let places = sent.iter().flat_map(|sent| {
        let old = (0..sent.count).filter_map(|number| sent.ended(number, emulator, scope, now));
        old.chain(sent.in_progress(emulator, scope, now))
    });
    let mut all: Vec<Submission> = places.collect();
    // The ledger numbers submissions in the order it receives them, and the history is read by number.
    all.sort_by_key(|one| one.created);
    all
}

impl Sent {
    /// Returns a finished submission by its number, counting back from the present.
    fn ended(&self, number: u32, emulator: &Emulator, scope: &Scope, now: DateTime<Utc>) -> Option<Submission> {
        let every = i64::from(self.every_minutes) * 60;
        // Adds some irregularity, because users do not work at regular intervals.
        let early = i64::from(number) * 7_919 * 60 % (every / 2).max(1);
        let created = now - TimeDelta::seconds(every * i64::from(number + 1) - early);
        let items = in_turn(&self.batches, number)?.clone();
        let note = in_turn(&self.notes, number).cloned().flatten();
        let planned = self.planned(items, note, scope, created)?;
        let state = match &self.refused {
            Some(refused) => State::Rejected {
                failure: refused.failure(),
            },
            None => self.completed(&planned, *in_turn(&self.took, number)?, emulator, now),
        };
        Some(Submission { state, ..planned })
    }

    fn completed(&self, planned: &Submission, took: u32, emulator: &Emulator, now: DateTime<Utc>) -> State {
        let seen = planned.created + TimeDelta::seconds(took.into());
        State::Completed {
            id: self.remembered(planned, seen, emulator, now),
            create_time: planned.created,
            last_in_progress: Some(seen - TimeDelta::seconds(1)),
            seen: Some(seen),
        }
    }

    fn in_progress(&self, emulator: &Emulator, scope: &Scope, now: DateTime<Utc>) -> Option<Submission> {
        let running = self.running.as_ref()?;
        let created = now - TimeDelta::seconds(2);
        let planned = self.planned(running.items.clone(), Some(running.note.clone()), scope, created)?;
        let ends = created + TimeDelta::seconds(running.seconds.into());
        let state = State::InProgress {
            id: self.remembered(&planned, ends, emulator, now),
            status: Status::new("InProgress"),
            create_time: created,
            last_in_progress: None,
        };
        Some(Submission { state, ..planned })
    }

    /// Adds the invalidation to the emulator and returns its id.
    fn remembered(
        &self,
        planned: &Submission,
        ends: DateTime<Utc>,
        emulator: &Emulator,
        now: DateTime<Utc>,
    ) -> InvalidationId {
        let past = Past {
            reference: planned.reference.as_str().to_owned(),
            items: planned.batch.items().to_vec(),
            created: planned.created,
            completed: ends,
        };
        InvalidationId::new(emulator.remember(&self.target, &past, now))
    }

    fn planned(
        &self,
        items: Vec<String>,
        note: Option<String>,
        scope: &Scope,
        created: DateTime<Utc>,
    ) -> Option<Submission> {
        let made = u64::try_from(created.timestamp_millis()).unwrap_or_default();
        let ulid = || Ulid::from_parts(made, u128::from(Ulid::generate())).to_string();
        let (id, batch) = (ulid(), Batch::new(items)?);
        Some(Submission {
            reference: CallerReference::for_batch(&id, 1, &batch),
            id: SubmissionId::new(id),
            job: JobId::new(ulid()),
            scope: scope.clone(),
            target: Target::from_id(&self.target),
            label: self.label.clone(),
            number: 1,
            batch,
            created,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            state: State::Planned,
            maybe_sent: false,
            attempts: 1,
            first_sent: Some(created),
            request_id: None,
            note,
            when_deployed: false,
        })
    }
}

impl Refused {
    fn failure(&self) -> Failure {
        Failure::Refused(Refusal {
            code: self.code.clone(),
            message: self.message.clone(),
            http_status: self.http_status,
            request_id: None,
        })
    }
}

fn in_turn<T>(all: &[T], number: u32) -> Option<&T> {
    let number = usize::try_from(number).unwrap_or_default();
    number.checked_rem(all.len()).and_then(|place| all.get(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::Options;

    #[test]
    fn the_emulator_remembers_what_the_ledger_holds() {
        let (emulator, now) = (Emulator::new(Options::demo()), Utc::now());
        let scope = Scope {
            account: None,
            endpoint: "http://127.0.0.1:1".to_owned(),
            profile: "demo".to_owned(),
        };
        let all = submissions(&emulator, &scope, now);
        let sent: Vec<Sent> = serde_json::from_str(LEDGER).unwrap_or_else(|error| unreachable!("{error}"));
        let expected: u32 = sent
            .iter()
            .map(|sent| sent.count + u32::from(sent.running.is_some()))
            .sum();
        assert_eq!(all.len(), expected as usize);
        let running = all.iter().filter(|one| matches!(one.state, State::InProgress { .. }));
        assert_eq!(running.count(), 1);
        assert!(
            all.is_sorted_by_key(|one| one.created),
            "as if sent one after the other"
        );
        assert!(all.iter().all(|one| one.created <= now));
        assert!(all.iter().any(|one| now - one.created > TimeDelta::days(60)));
    }
}
