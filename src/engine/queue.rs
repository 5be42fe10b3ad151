//! The submissions of this program: what waits, what is under way, what ended; and the order in which they are sent.
//!
//! A submission leaves in three steps, each waiting for the one before: the ledger holds its plan, the ledger holds the
//! attempt, the request is sent.

mod change;
mod countdown;
mod divide;
mod left_over;
mod login;
mod others;
mod plan;
mod reserve;
mod search;
mod send;
mod store;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use change::{apply, tell};
pub(crate) use change::{as_it_stands, by_hand, change, noted};
pub use countdown::Countdown;
pub(crate) use countdown::stop;
pub(crate) use countdown::until;
pub(crate) use divide::{Owner, divided, learned, remember, sizes};
pub use left_over::Pause;
pub(crate) use left_over::{adopt, discard, discard_held, hold_forgotten, reopen, resume_held, resume_young};
pub(crate) use login::{
    await_login, change_scope, files_seen, logged_in, look_at_files, look_for_login, renew, watch_files,
};
use login::{guard, is_ours, open_scope};
pub(crate) use others::{others_ended, others_have};
pub(crate) use plan::{Cell, Plan, plan, plan_cells, planned, resend};
pub(crate) use reserve::{held_back, in_progress};
use search::Search;
pub(crate) use search::{search_again, searched_candidate, searched_page};
use send::accept;
pub(crate) use send::{attempted, created, pump, settle};
use store::Submissions;

use crate::domain::batch::Sizes;
use crate::domain::distribution::Target;
use crate::domain::duration::{Durations, Usual};
use crate::domain::invalidation::InvalidationId;
use crate::domain::job::Job;
use crate::domain::pace::Lane;
use crate::domain::submission::{JobId, Ownership, Scope, State, Submission, SubmissionId};

/// How submissions leave, as the person set it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// How long what was confirmed can still be stopped.
    pub countdown: TimeDelta,
    /// The most that goes into one request.
    pub sizes: Sizes,
    /// What is left for others of what CloudFront has in progress at once for a distribution.
    pub reserve: Sizes,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            countdown: TimeDelta::zero(),
            sizes: Sizes::default(),
            reserve: Sizes { exact: 0, wildcards: 0 },
        }
    }
}

/// What this message made of the room for what was held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// There is as much as before.
    AsBefore,
    /// Something of ours completed.
    PerhapsMore,
}

/// All submissions, and the lane they leave by.
#[derive(Clone, Debug)]
pub struct Queue {
    submissions: Submissions,
    /// Those without an end that this window has not claimed: seen here, never sent from here.
    others: Submissions,
    /// Those of them that no live window carries on.
    left: BTreeSet<SubmissionId>,
    /// Those of which a person was told that they wait for other credentials.
    pub(crate) told_left: BTreeSet<SubmissionId>,
    /// Whether another window shares the ledger.
    pub(crate) shared: bool,
    /// How long those took that were watched to their end, here or elsewhere.
    durations: Durations,
    /// Those that an earlier run left and that a person has not yet been asked about: never sent.
    held: BTreeSet<SubmissionId>,
    /// What kept those held from being sent in this run; `None`: an earlier run left them.
    pause: Option<Pause>,
    /// What can still be stopped.
    pub(crate) countdowns: Vec<Countdown>,
    searches: BTreeMap<SubmissionId, Search>,
    lane: Lane,
    /// The one that is being sent: its attempt is being written, or its request is under way.
    leaving: Option<SubmissionId>,
    /// What was seen to be refused, halved: larger batches are not tried again for the account.
    learned: BTreeMap<Owner, Sizes>,
    /// Whether there may be room for what was held back, which is seen to at the end of the message.
    room: Room,
    /// Whether the account of the session was told, or is known to be beyond our rights.
    pub(crate) account_told: bool,
    /// How often credentials were looked for since they last worked.
    pub(crate) logins_looked_for: u32,
    /// When what waits was last seen to.
    awake: Option<DateTime<Utc>>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            submissions: Submissions::default(),
            others: Submissions::default(),
            left: BTreeSet::new(),
            told_left: BTreeSet::new(),
            shared: false,
            durations: Durations::default(),
            held: BTreeSet::new(),
            pause: None,
            countdowns: Vec::new(),
            searches: BTreeMap::new(),
            lane: Lane::creates(),
            leaving: None,
            learned: BTreeMap::new(),
            room: Room::AsBefore,
            account_told: false,
            logins_looked_for: 0,
            awake: None,
        }
    }
}

impl Queue {
    /// All that are this window's or ended, the oldest first.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Submission> {
        self.submissions.iter()
    }

    /// All of them, those of other windows last.
    pub fn all(&self) -> impl Iterator<Item = &Submission> {
        self.iter().chain(self.others.iter())
    }

    /// Those without an end, those of other windows last.
    pub fn open(&self) -> impl Iterator<Item = &Submission> {
        self.submissions.open().chain(self.others.open())
    }

    /// Those of this window without an end.
    pub fn own_open(&self) -> impl Iterator<Item = &Submission> {
        self.submissions.open()
    }

    /// Those of a target that are this window's or ended, the oldest first.
    pub(crate) fn of(&self, target: &Target) -> impl DoubleEndedIterator<Item = &Submission> {
        self.submissions.of(target)
    }

    /// Those of a target without an end, those of other windows last.
    pub(crate) fn open_of(&self, target: &Target) -> impl Iterator<Item = &Submission> {
        self.submissions.open_of(target).chain(self.others.open_of(target))
    }

    /// Whether one of them is what CloudFront knows by this id on this target.
    pub(crate) fn is_accepted(&self, target: &Target, id: &InvalidationId) -> bool {
        self.submissions.is_accepted(target, id) || self.others.is_accepted(target, id)
    }

    /// The job with this id, as far as it is this window's.
    #[must_use]
    pub fn job(&self, id: &JobId) -> Job<'_> {
        Job::of(self.submissions.of_job(id))
    }

    /// Whether a job of this window has more than one part: cheap, since each frame asks.
    pub(crate) fn has_several_parts(&self, id: &JobId) -> bool {
        let of_job = self.submissions.of_job(id);
        let mut parts = of_job
            .filter(|s| !matches!(s.state, State::Split { .. }))
            .map(|s| (&s.target, s.number));
        let first = parts.next();
        parts.any(|part| Some(part) != first)
    }

    /// Whether any part of a job of this window has no end yet.
    pub(crate) fn is_job_open(&self, id: &JobId) -> bool {
        self.submissions.is_job_open(id)
    }

    /// Whether it is this window's.
    pub(crate) fn is_own(&self, id: &SubmissionId) -> bool {
        self.submissions.contains(id)
    }

    /// The submission with this id, whoever carries it on.
    #[must_use]
    pub fn get(&self, id: &SubmissionId) -> Option<&Submission> {
        self.submissions.get(id).or_else(|| self.others.get(id))
    }

    /// Whether another live window carries it on.
    #[must_use]
    pub fn is_elsewhere(&self, id: &SubmissionId) -> bool {
        self.others.contains(id) && !self.is_left(id)
    }

    /// Whether no live window carries it on.
    #[must_use]
    pub fn is_left(&self, id: &SubmissionId) -> bool {
        self.left.contains(id)
    }

    /// How long invalidations of this target usually take at this endpoint.
    #[must_use]
    pub fn usual(&self, endpoint: &str, target: &Target) -> Option<Usual> {
        self.durations.usual(endpoint, target)
    }

    /// So long took others, by endpoint and target.
    pub(crate) fn took(&mut self, taken: Vec<(String, Target, Vec<TimeDelta>)>) {
        for (endpoint, target, spans) in taken {
            self.durations.extend(&endpoint, &target, spans);
        }
    }

    /// What leaves in a moment and can still be stopped.
    #[must_use]
    pub fn countdown(&self) -> Option<&Countdown> {
        self.countdowns.first()
    }

    /// Those that wait for a person's word.
    #[must_use]
    pub fn held(&self) -> &BTreeSet<SubmissionId> {
        &self.held
    }

    /// What kept those from being sent that wait for a person's word; `None`: an earlier run left them.
    #[must_use]
    pub fn pause(&self) -> Option<Pause> {
        self.pause
    }

    /// The ids of a target's invalidations that are in flight and ours, with these credentials.
    #[must_use]
    pub fn watched(&self, target: &Target, scope: &Scope) -> Vec<(InvalidationId, DateTime<Utc>)> {
        self.accepted_of(target)
            .filter(|(s, ..)| s.ownership(scope) == Ownership::Ours)
            .map(|(_, id, created)| (id.clone(), created))
            .collect()
    }

    /// The ids of a target's invalidations that other windows watch.
    pub(crate) fn watched_elsewhere(&self, target: &Target) -> Vec<&InvalidationId> {
        let of_target = self.others.open_of(target).filter(|s| !self.is_left(&s.id));
        of_target.filter_map(|s| Some(s.state.in_progress()?.0)).collect()
    }

    /// Whose they are, of those that are seen from the same place.
    pub(crate) fn in_progress(&self, target: &Target, scope: &Scope) -> BTreeMap<InvalidationId, SubmissionId> {
        self.accepted_of(target)
            .filter(|(s, ..)| scope.is_same_place(&s.scope))
            .map(|(s, id, _)| (id.clone(), s.id.clone()))
            .collect()
    }

    fn accepted_of(&self, target: &Target) -> impl Iterator<Item = (&Submission, &InvalidationId, DateTime<Utc>)> {
        let of_target = self.submissions.open_of(target);
        of_target.filter_map(|s| s.state.in_progress().map(|(id, created)| (s, id, created)))
    }

    fn is_held(&self, id: &SubmissionId) -> bool {
        self.held.contains(id)
    }

    /// Those that are sent without anybody's word, each with its time.
    fn due(&self) -> impl Iterator<Item = (&Submission, DateTime<Utc>)> {
        let due = self.submissions.open().filter_map(|s| s.due().map(|due| (s, due)));
        due.filter(|(s, _)| !self.is_held(&s.id))
    }
}
