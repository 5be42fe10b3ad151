//! The running timers, indexed by id and by kind, because thousands of targets may each have one.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::domain::distribution::Target;
use crate::domain::submission::SubmissionId;
use crate::engine::effect::TimerId;

/// The kind of a timer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TimerKind {
    /// Polls the invalidations in flight on a target.
    Poll(Target),
    /// Reloads the first page of the visible target.
    Reread,
    /// Ends the highlighting of changed rows.
    Changed,
    /// Reads what other windows wrote.
    Ledger,
    /// Retries opening the ledger.
    OpenLedger,
    /// Sends the next waiting read.
    Reads,
    /// Requests the next page of events from CloudTrail.
    Trail,
    /// Sends waiting submissions.
    Pump,
    /// Reads the deployment status of targets that submissions wait for.
    Deployment,
    /// Repeats the search for a refused submission, once none of its earlier requests can still arrive.
    Search(SubmissionId),
    /// Checks whether the user has logged in.
    Login,
    /// Checks whether the credential files were written.
    LoginFiles,
    /// Shows what the login is waiting for once the wait has become long.
    Waits,
    /// Gives up waiting for the response to a query with another profile.
    ProfileSearch,
    /// Checks whether the current credentials have expired or are about to.
    KeysEnd,
    /// Removes a passing notice.
    Notice,
    /// Updates the displayed seconds while something is in flight.
    Tick,
    /// Updates the displayed ages, if the user chose ages instead of times.
    Ages,
    /// Fetches missing data of the selected row once the selection has not moved for a moment.
    Rest,
    /// Requests the next URL from the edge.
    NextVisit,
    /// Saves the draft.
    Draft,
    /// Deletes old submissions.
    Prune,
    /// Reports that the program is waiting for the ledger before it exits.
    EndingTold,
    /// Exits without waiting for the ledger any longer.
    Ending,
    /// Retries writing the changes that could not be saved.
    Save,
    /// Shows that saving is taking a long time.
    Saving,
}

/// The running timers.
#[derive(Clone, Debug, Default)]
pub struct Timers {
    by_id: HashMap<TimerId, TimerKind>,
    by_due: HashMap<TimerKind, BTreeSet<TimerId>>,
    deadlines: HashMap<TimerId, DateTime<Utc>>,
    by_deadline: BTreeSet<(DateTime<Utc>, TimerId)>,
}

impl Timers {
    /// Returns all timers, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (&TimerId, &TimerKind)> {
        self.by_id.iter()
    }

    /// Returns the kinds of all timers, in no particular order.
    pub fn values(&self) -> impl Iterator<Item = &TimerKind> {
        self.by_id.values()
    }

    /// Returns whether a timer of this kind is running.
    #[must_use]
    pub fn has(&self, due: &TimerKind) -> bool {
        self.by_due.contains_key(due)
    }

    /// Returns when the first timer is due.
    pub(crate) fn earliest(&self) -> Option<DateTime<Utc>> {
        self.by_deadline.first().map(|(deadline, _)| *deadline)
    }

    /// Adds a running timer.
    pub(crate) fn insert(&mut self, id: TimerId, due: TimerKind, deadline: DateTime<Utc>) {
        self.by_due.entry(due.clone()).or_default().insert(id);
        self.by_id.insert(id, due);
        self.deadlines.insert(id, deadline);
        self.by_deadline.insert((deadline, id));
    }

    /// Removes a timer and returns its kind.
    pub(crate) fn remove(&mut self, id: TimerId) -> Option<TimerKind> {
        let due = self.by_id.remove(&id)?;
        self.forget_deadline(id);
        if let Some(ids) = self.by_due.get_mut(&due) {
            ids.remove(&id);
            if ids.is_empty() {
                self.by_due.remove(&due);
            }
        }
        Some(due)
    }

    /// Removes all timers of this kind and returns their ids.
    pub(crate) fn remove_all(&mut self, due: &TimerKind) -> BTreeSet<TimerId> {
        let ids = self.by_due.remove(due).unwrap_or_default();
        for id in &ids {
            self.by_id.remove(id);
            self.forget_deadline(*id);
        }
        ids
    }

    fn forget_deadline(&mut self, id: TimerId) {
        if let Some(deadline) = self.deadlines.remove(&id) {
            self.by_deadline.remove(&(deadline, id));
        }
    }
}
