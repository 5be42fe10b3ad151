//! The transitions of the state machine: how each event changes a submission. An event that is impossible in a state
//! changes nothing.

use chrono::{DateTime, TimeDelta, Utc};

use super::delay::{quota_delay, unknown_delay};
use super::{State, Submission};
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::invalidation::{Invalidation, Status};

/// An event in the life of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The ledger has stored the submission durably.
    Stored,
    /// The submission can be cancelled until this time.
    CountDown(DateTime<Utc>),
    /// The submission can no longer be cancelled.
    Counted,
    /// The ledger could not store the submission, so it is never sent.
    NotStored(String),
    /// The submission's request is being sent now.
    Sent,
    /// CloudFront accepted the submission, or returned the earlier invalidation with this reference. The string is the
    /// request ID.
    Accepted(Invalidation, Option<String>),
    /// Nothing was sent because the attempt could not be stored durably.
    NotSent(String),
    /// The request did not return an invalidation.
    Failed(Failure),
    /// CloudFront returned this status for a query sent at this time.
    Looked(Status, DateTime<Utc>),
    /// The search for the reference was inconclusive. The sentence describes both sides so that the user can decide.
    Unsettled(String),
    /// The invalidation does not exist, and no request in flight can still create it, so the refusal is final.
    Absent,
    /// The target's invalidations cannot be read; the search is retried later.
    SearchFailed(String),
    /// The current credentials differ from the ones the submission was created with. The sentence names both.
    Guarded(String),
    /// The items are stored durably in this many smaller submissions.
    Divided(usize),
    /// The credentials work again.
    LoggedIn,
    /// The user wants the submission sent now.
    RetryNow,
    /// The user no longer wants the submission to wait for the deployment.
    NotHeld,
    /// The user cancels the submission.
    Cancel,
    /// The same job is requested again under the reference that a script chose. If the submission had no effect, it is
    /// now sent.
    Reopened,
}

/// How long a request without a definite response is retried, counted from the first attempt, before the user is
/// asked.
pub const ASKED_AGAIN_FOR: TimeDelta = TimeDelta::hours(1);

/// The retry time of a request that is sent again without delay.
const AT_ONCE: Option<DateTime<Utc>> = Some(DateTime::<Utc>::UNIX_EPOCH);

impl Submission {
    /// Applies an event and returns whether anything changed. Events that are impossible in the current state change
    /// nothing, so late or duplicate responses are harmless.
    pub fn apply(&mut self, event: Event, now: DateTime<Utc>) -> bool {
        let before = self.clone();
        match event {
            Event::Stored => self.on_stored(),
            Event::CountDown(until) => self.on_count_down(until),
            Event::Counted => self.on_counted(),
            Event::NotStored(reason) => self.on_not_stored(reason),
            Event::Sent => self.on_sent(now),
            Event::Accepted(invalidation, request_id) => self.on_accepted(&invalidation, request_id, now),
            Event::NotSent(reason) => self.on_not_sent(reason, now),
            Event::Failed(failure) => self.on_failed(failure, now),
            Event::Looked(status, asked) => self.on_looked(status, asked, now),
            Event::Unsettled(reason) => self.on_unsettled(reason),
            Event::Absent => self.on_absent(),
            Event::Guarded(reason) => self.on_guarded(reason),
            Event::Divided(into) => self.on_divided(into),
            Event::SearchFailed(reason) => self.on_search_failed(reason, now),
            Event::LoggedIn => self.on_logged_in(),
            Event::RetryNow => self.on_retry_now(),
            Event::NotHeld => self.when_deployed = false,
            Event::Cancel => self.on_cancel(),
            Event::Reopened => self.on_reopened(),
        }
        self.is_news_after(before)
    }

    /// Returns whether the change is worth storing and showing. Another report that the invalidation is still in
    /// progress is not.
    fn is_news_after(&self, mut before: Self) -> bool {
        if let (
            State::InProgress {
                last_in_progress: last, ..
            },
            State::InProgress { last_in_progress, .. },
        ) = (&self.state, &mut before.state)
        {
            *last_in_progress = *last;
        }
        *self != before
    }

    /// Resumes a submission read from the ledger. If it was being sent, it may have reached CloudFront.
    pub fn wake(&mut self) {
        if self.state == State::Sending {
            self.maybe_sent = true;
            self.state = State::unknown("the program exited before the response arrived", AT_ONCE);
        } else {
            self.on_stored();
        }
    }

    /// Returns the submission as the ledger stores it: waiting to be sent.
    #[must_use]
    pub fn held(mut self) -> Self {
        self.on_stored();
        self
    }

    /// Makes the submission cancellable until this time, unless an attempt to send it has already been made.
    fn on_count_down(&mut self, until: DateTime<Utc>) {
        let fresh = self.state == State::Queued && self.attempts == 0 && !self.maybe_sent;
        if fresh || self.state.is_counting() {
            self.state = State::Counting { until };
        }
    }

    fn on_counted(&mut self) {
        if self.state.is_counting() {
            self.state = State::Queued;
        }
    }

    fn on_stored(&mut self) {
        if self.state == State::Planned {
            self.state = State::Queued;
        }
    }

    fn on_not_stored(&mut self, reason: String) {
        if self.state == State::Planned {
            self.state = State::Rejected {
                failure: Failure::Setup(reason),
            };
        }
    }

    fn on_sent(&mut self, now: DateTime<Utc>) {
        if self.due().is_some() && !self.state.is_counting() {
            self.attempts += 1;
            self.first_sent.get_or_insert(now);
            self.state = State::Sending;
        }
    }

    fn on_not_sent(&mut self, reason: String, now: DateTime<Utc>) {
        if self.state == State::Sending {
            self.attempts -= 1;
            if self.attempts == 0 {
                // Nothing has been sent so far, so the next attempt that is really sent counts as the first.
                self.first_sent = None;
            }
            let until = now + quota_delay(self.attempts);
            self.state = if self.maybe_sent {
                State::unknown(reason, Some(until))
            } else {
                State::Retrying { reason, until }
            };
        }
    }

    pub(super) fn ask_again(&mut self, reason: String, now: DateTime<Utc>) {
        let since = self.first_sent.unwrap_or(self.created);
        let until = (now - since < ASKED_AGAIN_FOR).then(|| now + unknown_delay(self.attempts));
        self.state = State::unknown(reason, until);
    }

    /// Makes the refusal final. A batch that was too large had no effect, so it is queued again and then split.
    fn on_absent(&mut self) {
        let State::Reconciling { refused: Some(refusal) } = &self.state else {
            return;
        };
        self.state = if refusal.kind() == RefusalKind::BatchTooLarge {
            State::Queued
        } else {
            State::refused(Refusal::clone(refusal))
        };
        self.maybe_sent = false;
    }

    fn on_unsettled(&mut self, reason: String) {
        if let State::Reconciling { refused } = &self.state {
            self.maybe_sent = true;
            self.state = State::Unknown {
                reason,
                until: None,
                reference_used: refused.is_none(),
            };
        }
    }

    fn on_guarded(&mut self, reason: String) {
        if self.due().is_some() || matches!(self.state, State::NeedsLogin { .. }) {
            self.state = State::NeedsLogin { reason };
        }
    }

    /// Marks the submission as split into smaller ones, unless it may have had an effect.
    fn on_divided(&mut self, into: usize) {
        if !self.maybe_sent && matches!(self.state, State::Queued | State::Sending | State::Retrying { .. }) {
            self.state = State::Split { into };
        }
    }

    fn on_search_failed(&mut self, reason: String, now: DateTime<Utc>) {
        if matches!(self.state, State::Reconciling { .. }) {
            self.maybe_sent = true;
            self.ask_again(reason, now);
        }
    }

    fn on_logged_in(&mut self) {
        if matches!(self.state, State::NeedsLogin { .. }) {
            self.state = self.waiting("the response was lost before you logged in");
        }
    }

    fn on_retry_now(&mut self) {
        if self.state.is_delayed() {
            self.state = self.waiting("retried manually");
        }
        self.on_counted();
    }

    fn waiting(&self, reason: &str) -> State {
        if self.maybe_sent {
            State::unknown(reason, AT_ONCE)
        } else {
            State::Queued
        }
    }

    /// Reopens the submission. A reference that a script chose may be reused any number of times, because CloudFront
    /// acts on it only once.
    fn on_reopened(&mut self) {
        if self.reference.is_chosen() && self.state.may_be_replaced() {
            self.state = self.waiting("requested again with the same reference");
        }
    }

    fn on_cancel(&mut self) {
        if !self.state.is_cancellable() {
            return;
        }
        self.state = match &self.state {
            State::Unknown {
                reason, until: None, ..
            } => State::Dismissed { reason: reason.clone() },
            _ if self.maybe_sent => State::unknown("no longer retried; the request may have arrived", None),
            _ => State::Cancelled,
        };
    }
}
