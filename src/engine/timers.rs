//! The timers that run, by their ids and by what they are for: there may be one for each of thousands of targets.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::domain::distribution::Target;
use crate::domain::submission::SubmissionId;
use crate::engine::effect::TimerId;

/// The purpose of a timer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TimerKind {
    /// To look at what is in flight on a target.
    Poll(Target),
    /// To read the first page of the screen one looks at.
    Reread,
    /// To let a changed row be a row like any other.
    Changed,
    /// To see what other windows wrote.
    Ledger,
    /// To try to open the ledger again.
    OpenLedger,
    /// To make the next read of those that wait.
    Reads,
    /// To send what waits.
    Pump,
    /// To look once more for a submission that was refused: from then on no earlier request of it can arrive.
    Search(SubmissionId),
    /// To see whether somebody has logged in.
    Login,
    /// To see whether the files were written that credentials come from.
    LoginFiles,
    /// To take a passing notice away.
    Notice,
    /// To show the seconds that pass while something is in flight.
    Tick,
    /// To fetch what the selected row lacks, once the selection rests.
    Rest,
    /// To ask the edge for the next address.
    NextVisit,
    /// To write the draft.
    Draft,
    /// To let go of what is old.
    Prune,
    /// To say that the end waits for the ledger.
    EndingTold,
    /// To end without the ledger's answer.
    Ending,
    /// To write again what could not be saved.
    Save,
    /// To show what takes long to be saved.
    Saving,
}

/// Timers that are waited for.
#[derive(Clone, Debug, Default)]
pub struct Timers {
    by_id: HashMap<TimerId, TimerKind>,
    by_due: HashMap<TimerKind, BTreeSet<TimerId>>,
    deadlines: HashMap<TimerId, DateTime<Utc>>,
    by_deadline: BTreeSet<(DateTime<Utc>, TimerId)>,
}

impl Timers {
    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&TimerId, &TimerKind)> {
        self.by_id.iter()
    }

    /// What they are for, in no order.
    pub fn values(&self) -> impl Iterator<Item = &TimerKind> {
        self.by_id.values()
    }

    /// Whether one for this runs.
    #[must_use]
    pub fn has(&self, due: &TimerKind) -> bool {
        self.by_due.contains_key(due)
    }

    /// When the first of them is due.
    pub(crate) fn earliest(&self) -> Option<DateTime<Utc>> {
        self.by_deadline.first().map(|(deadline, _)| *deadline)
    }

    /// One more runs.
    pub(crate) fn insert(&mut self, id: TimerId, due: TimerKind, deadline: DateTime<Utc>) {
        self.by_due.entry(due.clone()).or_default().insert(id);
        self.by_id.insert(id, due);
        self.deadlines.insert(id, deadline);
        self.by_deadline.insert((deadline, id));
    }

    /// It is over; what it was for.
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

    /// None for this runs any more; which ones did.
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
