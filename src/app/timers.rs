//! The timers that run, by their ids and by what they are for: there may be one for each of thousands of targets.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::effect::TimerId;
use super::model::Due;

/// Timers that are waited for.
#[derive(Clone, Debug, Default)]
pub struct Timers {
    by_id: HashMap<TimerId, Due>,
    by_due: HashMap<Due, BTreeSet<TimerId>>,
    deadlines: HashMap<TimerId, DateTime<Utc>>,
    by_deadline: BTreeSet<(DateTime<Utc>, TimerId)>,
}

impl Timers {
    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&TimerId, &Due)> {
        self.by_id.iter()
    }

    /// What they are for, in no order.
    pub fn values(&self) -> impl Iterator<Item = &Due> {
        self.by_id.values()
    }

    /// Whether one for this runs.
    #[must_use]
    pub fn has(&self, due: &Due) -> bool {
        self.by_due.contains_key(due)
    }

    /// When the first of them is due.
    pub(super) fn earliest(&self) -> Option<DateTime<Utc>> {
        self.by_deadline.first().map(|(deadline, _)| *deadline)
    }

    /// One more runs.
    pub(super) fn insert(&mut self, id: TimerId, due: Due, deadline: DateTime<Utc>) {
        self.by_due.entry(due.clone()).or_default().insert(id);
        self.by_id.insert(id, due);
        self.deadlines.insert(id, deadline);
        self.by_deadline.insert((deadline, id));
    }

    /// It is over; what it was for.
    pub(super) fn remove(&mut self, id: TimerId) -> Option<Due> {
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
    pub(super) fn remove_all(&mut self, due: &Due) -> BTreeSet<TimerId> {
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
