//! The submissions of this program in memory, and the data that determines their order.

use super::store::Submissions;
use crate::domain::batch::{Batch, CallerReference};
use crate::domain::distribution::AccountId;
use crate::engine::drafts::state::Draft;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::batch::Sizes;
use crate::domain::distribution::Target;
use crate::domain::duration::{Durations, Usual};
use crate::domain::invalidation::InvalidationId;
use crate::domain::job::Job;
use crate::domain::options::SendOptions;
use crate::domain::pace::Lane;
use crate::domain::submission::{JobId, Ownership, Scope, State, Submission, SubmissionId};

/// How this message changed the available quota for submissions held back by the reserve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) enum Room {
    /// Unchanged.
    #[default]
    AsBefore,
    /// One of our submissions completed, so more may be available.
    PerhapsMore,
}

/// The last response about a target's deployment status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Read {
    /// When CloudFront was queried.
    pub(in crate::engine) asked: DateTime<Utc>,
    /// Whether the target is deployed, or why that could not be determined.
    pub(in crate::engine) deployed: Result<bool, String>,
}

/// The last deployment status of each target that submissions wait for.
pub(in crate::engine) type Deployments = BTreeMap<Target, Read>;

/// All submissions, and the lane in which they are sent.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    pub(in crate::engine) submissions: Submissions,
    /// The unfinished submissions that this window has not claimed. This window shows them, but never sends them.
    pub(in crate::engine) others: Submissions,
    /// The ids of unfinished submissions that no running window has claimed.
    pub(in crate::engine) left: BTreeSet<SubmissionId>,
    /// The ids of submissions that have been reported to the user as waiting for other credentials.
    pub(crate) told_left: BTreeSet<SubmissionId>,
    /// Whether another window shares the ledger.
    pub(crate) shared: bool,
    /// The durations of submissions that were watched until they completed, in this window or another.
    pub(in crate::engine) durations: Durations,
    /// The submissions from an earlier run, or from before a pause, that are not sent until the user decides.
    pub(in crate::engine) held: BTreeSet<SubmissionId>,
    /// Why submissions of this run are held; `None` means that the held submissions are from an earlier run.
    pub(in crate::engine) pause: Option<Pause>,
    /// The running countdowns.
    pub(crate) countdowns: Vec<Countdown>,
    pub(in crate::engine) searches: BTreeMap<SubmissionId, Search>,
    pub(in crate::engine) lane: Lane,
    /// The submission being sent: its attempt is being written, or its request is in flight.
    pub(in crate::engine) leaving: Option<SubmissionId>,
    /// Half the batch sizes that CloudFront refused, by account. Larger batches are not tried again.
    pub(in crate::engine) learned: BTreeMap<Owner, Sizes>,
    /// Whether quota may have become available for held-back submissions. They are sent after the message is handled.
    pub(in crate::engine) room: Room,
    /// Whether the session's account is known, or cannot be determined with the current permissions.
    pub(crate) account_told: bool,
    /// The number of attempts to find new credentials since the credentials last worked.
    pub(crate) logins_looked_for: u32,
    /// When waiting submissions were last processed.
    pub(in crate::engine) awake: Option<DateTime<Utc>>,
    /// The last deployment status of each target that submissions wait for.
    pub(in crate::engine) deployments: Deployments,
}

impl Queue {
    /// Creates a queue with the given settings for sending.
    #[must_use]
    pub fn new(sending: &SendOptions) -> Self {
        Self {
            lane: Lane::creates(sending.requests_per_minute),
            ..Self::default()
        }
    }

    /// Returns how long it takes to send this many requests at the current rate.
    #[must_use]
    pub fn takes(&self, requests: usize) -> TimeDelta {
        self.lane.takes(requests)
    }

    /// Returns all submissions that belong to this window or have ended, oldest first.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Submission> {
        self.submissions.iter()
    }

    /// Returns all submissions, with those of other windows last.
    pub fn all(&self) -> impl Iterator<Item = &Submission> {
        self.iter().chain(self.others.iter())
    }

    /// Returns the unfinished submissions, with those of other windows last.
    pub fn open(&self) -> impl Iterator<Item = &Submission> {
        self.submissions.open().chain(self.others.open())
    }

    /// Returns the unfinished submissions of this window.
    pub fn own_open(&self) -> impl Iterator<Item = &Submission> {
        self.submissions.open()
    }

    /// Returns a target's submissions that belong to this window or have ended, oldest first.
    pub(crate) fn of(&self, target: &Target) -> impl DoubleEndedIterator<Item = &Submission> {
        self.submissions.of(target)
    }

    /// Returns the unfinished submissions of a target, with those of other windows last.
    pub(crate) fn open_of(&self, target: &Target) -> impl Iterator<Item = &Submission> {
        self.submissions.open_of(target).chain(self.others.open_of(target))
    }

    /// Returns whether one of the submissions created the invalidation with this id on the target.
    pub(crate) fn is_accepted(&self, target: &Target, id: &InvalidationId) -> bool {
        self.submissions.is_accepted(target, id) || self.others.is_accepted(target, id)
    }

    /// Returns the job with this id, limited to the parts that belong to this window.
    #[must_use]
    pub fn job(&self, id: &JobId) -> Job<'_> {
        Job::of(self.submissions.of_job(id))
    }

    /// Returns whether a job of this window has more than one part. This must be fast, because it runs in every frame.
    pub(crate) fn has_several_parts(&self, id: &JobId) -> bool {
        let of_job = self.submissions.of_job(id);
        let mut parts = of_job
            .filter(|s| !matches!(s.state, State::Split { .. }))
            .map(|s| (&s.target, s.number));
        let first = parts.next();
        parts.any(|part| Some(part) != first)
    }

    /// Returns whether any part of a job of this window is unfinished.
    pub(crate) fn is_job_open(&self, id: &JobId) -> bool {
        self.submissions.is_job_open(id)
    }

    /// Returns whether the submission belongs to this window.
    pub(crate) fn is_own(&self, id: &SubmissionId) -> bool {
        self.submissions.contains(id)
    }

    /// Returns the submission with this id, no matter which window has claimed it.
    #[must_use]
    pub fn get(&self, id: &SubmissionId) -> Option<&Submission> {
        self.submissions.get(id).or_else(|| self.others.get(id))
    }

    /// Returns whether another running window has claimed the submission.
    #[must_use]
    pub fn is_elsewhere(&self, id: &SubmissionId) -> bool {
        self.others.contains(id) && !self.is_left(id)
    }

    /// Returns whether no running window has claimed the submission.
    #[must_use]
    pub fn is_left(&self, id: &SubmissionId) -> bool {
        self.left.contains(id)
    }

    /// Returns the typical durations of invalidations of this target at this endpoint.
    #[must_use]
    pub fn usual(&self, endpoint: &str, target: &Target) -> Option<Usual> {
        self.durations.usual(endpoint, target)
    }

    /// Adds durations from the ledger, by endpoint and target.
    pub(crate) fn took(&mut self, taken: Vec<(String, Target, Vec<TimeDelta>)>) {
        for (endpoint, target, spans) in taken {
            self.durations.extend(&endpoint, &target, spans);
        }
    }

    /// Returns the countdown that can still be cancelled.
    #[must_use]
    pub fn countdown(&self) -> Option<&Countdown> {
        self.countdowns.first()
    }

    /// Returns the ids of the submissions that wait for the user's decision.
    #[must_use]
    pub fn held(&self) -> &BTreeSet<SubmissionId> {
        &self.held
    }

    /// Returns why submissions wait for the user's decision; `None` means they are from an earlier run.
    #[must_use]
    pub fn pause(&self) -> Option<Pause> {
        self.pause
    }

    /// Returns the ids and creation times of a target's invalidations in flight that were sent with these credentials.
    #[must_use]
    pub fn watched(&self, target: &Target, scope: &Scope) -> Vec<(InvalidationId, DateTime<Utc>)> {
        self.accepted_of(target)
            .filter(|(s, ..)| s.ownership(scope) == Ownership::Ours)
            .map(|(_, id, created)| (id.clone(), created))
            .collect()
    }

    /// Returns the ids of a target's invalidations that other windows watch.
    pub(crate) fn watched_elsewhere(&self, target: &Target) -> Vec<&InvalidationId> {
        let of_target = self.others.open_of(target).filter(|s| !self.is_left(&s.id));
        of_target.filter_map(|s| Some(s.state.in_progress()?.0)).collect()
    }

    /// Returns the submissions behind a target's invalidations in progress, for this endpoint and account.
    pub(crate) fn in_progress(&self, target: &Target, scope: &Scope) -> BTreeMap<InvalidationId, SubmissionId> {
        self.accepted_of(target)
            .filter(|(s, ..)| scope.is_same_place(&s.scope))
            .map(|(s, id, _)| (id.clone(), s.id.clone()))
            .collect()
    }

    pub(in crate::engine) fn accepted_of(
        &self,
        target: &Target,
    ) -> impl Iterator<Item = (&Submission, &InvalidationId, DateTime<Utc>)> {
        let of_target = self.submissions.open_of(target);
        of_target.filter_map(|s| s.state.in_progress().map(|(id, created)| (s, id, created)))
    }

    pub(in crate::engine) fn is_held(&self, id: &SubmissionId) -> bool {
        self.held.contains(id)
    }

    /// Returns the submissions that are sent without asking the user, each with the time it is due.
    pub(in crate::engine) fn due(&self) -> impl Iterator<Item = (&Submission, DateTime<Utc>)> {
        let due = self.submissions.open().filter_map(|s| s.due().map(|due| (s, due)));
        due.filter(|(s, _)| !self.is_held(&s.id))
    }
}

/// A running countdown, and what cancelling it restores.
#[derive(Clone, Debug)]
pub struct Countdown {
    /// The submissions that are sent when the countdown ends.
    pub ids: Vec<SubmissionId>,
    /// The list of items as it was composed.
    pub(in crate::engine) draft: Option<Draft>,
    /// Whether the user has cancelled the countdown, but the ledger has not confirmed the plan yet.
    pub(in crate::engine) stopping: bool,
    /// The length of the countdown.
    pub(in crate::engine) span: TimeDelta,
}

impl Countdown {
    /// Returns whether the user has already cancelled the countdown.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping
    }
}

/// Why nothing could be sent for so long that the user is asked before sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// A timer fired far too late, because the program was not running or the clock was changed.
    StoodStill,
    /// The program was running, but had no credentials to send with.
    NoCredentials,
}

/// A search for a reference: the remaining candidates, newest last, and the marker of the next page.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Search {
    pub(in crate::engine) candidates: Vec<InvalidationId>,
    pub(in crate::engine) next: Option<String>,
    /// The number of candidates examined.
    pub(in crate::engine) seen: usize,
    /// Whether no request sent before this search started can still create the invalidation.
    pub(in crate::engine) last: bool,
}

/// The owner of a quota: the account, if known, and the endpoint.
pub(crate) type Owner = (Option<AccountId>, String);

/// One batch for one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// The target.
    pub(crate) target: Target,
    /// The target's label.
    pub(crate) label: String,
    /// The number of the batch within its job and target, starting at 1.
    pub(crate) number: u32,
    /// The items to send.
    pub(crate) batch: Batch,
    /// The CallerReference that a script chose; `None` means the submission generates one.
    pub(crate) reference: Option<CallerReference>,
    /// Whether the first request waits until the target is deployed.
    pub(crate) when_deployed: bool,
}
