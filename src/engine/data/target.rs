//! The invalidations of one target.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Freshness;
use super::newest::Newest;
use crate::domain::invalidation::{InvalidationId, InvalidationSummary, Page};
use crate::domain::observation::{Took, took};
use crate::engine::effect::{RequestId, TimerId};

/// The invalidations of one target that have been loaded, newest first.
#[derive(Clone, Debug, Default)]
pub struct TargetInvalidations {
    summaries: BTreeMap<InvalidationId, InvalidationSummary>,
    newest: Newest<(DateTime<Utc>, InvalidationId)>,
    in_progress: BTreeMap<InvalidationId, DateTime<Utc>>,
    took: BTreeMap<InvalidationId, Took>,
    /// The marker of the next older page.
    pub older: Option<String>,
    /// Whether the list is loaded down to the oldest invalidation.
    pub complete: bool,
    /// The age of the first page.
    pub freshness: Freshness,
    /// When loading an older page last failed. The page is not requested again right away.
    pub older_failed: Option<DateTime<Utc>>,
    /// The request in flight for an older page.
    pub loading_older: Option<RequestId>,
    /// The timer for the next poll of the invalidations in progress.
    pub poll: Option<TimerId>,
    /// The number of consecutive failed polls.
    pub failures: u32,
}

impl TargetInvalidations {
    /// Returns all loaded invalidations, in no particular order.
    pub fn summaries(&self) -> impl Iterator<Item = &InvalidationSummary> {
        self.summaries.values()
    }

    /// Returns the invalidation with this id.
    #[must_use]
    pub fn get(&self, id: &InvalidationId) -> Option<&InvalidationSummary> {
        self.summaries.get(id)
    }

    /// Returns whether any invalidation is still in progress.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.summaries().any(|row| !row.status.is_completed())
    }

    /// Inserts or updates an invalidation. Returns whether anything changed.
    pub fn put(&mut self, summary: InvalidationSummary) -> bool {
        match self.summaries.get(&summary.id) {
            // A completed invalidation never changes, so a late response must not make it active again.
            Some(known) if *known == summary || (known.status.is_completed() && !summary.status.is_completed()) => {
                false
            }
            Some(_) | None => {
                self.newest.add((summary.create_time, summary.id.clone()));
                self.summaries.insert(summary.id.clone(), summary);
                true
            }
        }
    }

    /// Returns the newest few invalidations, newest first.
    pub fn newest(&self) -> impl Iterator<Item = &InvalidationSummary> {
        self.newest.iter().filter_map(|(_, id)| self.summaries.get(id))
    }

    /// Returns how long an invalidation took, if this run saw it in progress and then completed. CloudFront does not
    /// report the duration.
    #[must_use]
    pub fn took(&self, id: &InvalidationId) -> Option<Took> {
        self.took.get(id).copied()
    }

    /// Records whether CloudFront reported an invalidation as in progress or completed, and when.
    pub(super) fn observe(&mut self, summary: &InvalidationSummary, now: DateTime<Utc>) {
        if !summary.status.is_completed() {
            self.in_progress.insert(summary.id.clone(), now);
        } else if let Some(last) = self.in_progress.remove(&summary.id) {
            let span = took(summary.create_time, Some(last), Some(now));
            self.took.extend(span.map(|span| (summary.id.clone(), span)));
        }
    }

    /// Adds the newest page. Returns whether anything changed.
    pub fn take_first_page(&mut self, page: Page<InvalidationSummary>, now: DateTime<Utc>) -> bool {
        let first_time = self.freshness.as_of.is_none();
        let mut changed = first_time || self.freshness.failure.is_some();
        self.freshness.answered(now);
        if first_time {
            self.complete = page.next.is_none();
            self.older = page.next;
        }
        for summary in page.items {
            self.observe(&summary, now);
            changed |= self.put(summary);
        }
        changed
    }

    /// Adds an older page.
    pub fn take_older_page(&mut self, page: Page<InvalidationSummary>) {
        self.loading_older = None;
        self.older_failed = None;
        self.complete = page.next.is_none();
        self.older = page.next;
        for summary in page.items {
            self.put(summary);
        }
    }
}
