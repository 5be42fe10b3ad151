//! The transitions of the state machine: how each event changes a submission. An event that is impossible in a state
//! changes nothing.

use chrono::{DateTime, TimeDelta, Utc};

use super::delay::{quota_delay, unknown_delay};
use super::{State, Submission};
use crate::domain::failure::{Failure, REFERENCE_USED, Refusal, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, Status};
use crate::domain::text::count;

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
    /// The current credentials differ from the ones the submission was made with. The sentence names both.
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

    fn on_accepted(&mut self, invalidation: &Invalidation, request_id: Option<String>, now: DateTime<Utc>) {
        if !self.state.waits_to_be_sent() || self.attempts == 0 {
            return;
        }
        self.request_id = request_id.or_else(|| self.request_id.take());
        if self.reference.is_cut_to(&invalidation.caller_reference) {
            // The reference comes after the paths in the response and was cut off, wholly or in part. The rest
            // matches.
            self.maybe_sent = true;
            return self.ask_again("the response was truncated".to_owned(), now);
        }
        if self.is_used_for_others(invalidation) {
            self.maybe_sent = false;
            self.state = State::refused(used_for_others(invalidation));
            return;
        }
        if let Some(reason) = self.differs_from(invalidation) {
            self.maybe_sent = true;
            self.state = State::unknown(reason, None);
            return;
        }
        self.maybe_sent = false;
        // The status may date from before the response arrived, but not from before the first request.
        let observed = Observed {
            last_in_progress: None,
            asked: self.first_sent,
            now,
        };
        self.state = found(
            invalidation.id.clone(),
            invalidation.status.clone(),
            invalidation.create_time,
            observed,
        );
    }

    /// Returns whether CloudFront has already used the script's reference for different items, in which case this
    /// submission never had any effect.
    fn is_used_for_others(&self, invalidation: &Invalidation) -> bool {
        self.reference.is_chosen()
            && self.reference.as_str() == invalidation.caller_reference
            && !invalidation.items.is_empty()
            && !self.batch.is_same_set(&invalidation.items)
    }

    /// Returns a sentence that describes the difference if an invalidation differs from this submission.
    fn differs_from(&self, invalidation: &Invalidation) -> Option<String> {
        let (id, items) = (&invalidation.id, &invalidation.items);
        if self.reference.as_str() != invalidation.caller_reference {
            let theirs = &invalidation.caller_reference;
            return Some(format!(
                "CloudFront returned {id}, which has a different CallerReference: {theirs}"
            ));
        }
        (!items.is_empty() && !self.batch.is_same_set(items)).then(|| {
            format!(
                "{id} has this CallerReference but different items ({} there, {} here)",
                count(items.len(), "item"),
                self.batch.items().len()
            )
        })
    }

    fn on_failed(&mut self, failure: Failure, now: DateTime<Utc>) {
        if self.state != State::Sending {
            return;
        }
        match failure {
            Failure::Refused(refusal) => self.on_refused(refusal, now),
            Failure::Credentials(reason) => self.state = State::NeedsLogin { reason },
            Failure::CodeNeeded(needed) => {
                self.state = State::NeedsLogin {
                    reason: needed.sentence,
                }
            }
            Failure::Unknown(reason) => {
                self.maybe_sent = true;
                self.ask_again(reason, now);
            }
            Failure::Unreachable(reason) if self.maybe_sent => self.ask_again(reason, now),
            Failure::Unreachable(reason) => {
                self.state = State::Retrying {
                    reason,
                    until: now + unknown_delay(self.attempts),
                };
            }
            Failure::Setup(reason) if self.maybe_sent => self.state = State::unknown(reason, None),
            Failure::Setup(_) => self.state = State::Rejected { failure },
        }
    }

    fn on_refused(&mut self, refusal: Refusal, now: DateTime<Utc>) {
        self.request_id = refusal.request_id.clone().or_else(|| self.request_id.take());
        match refusal.kind() {
            RefusalKind::TooManyInProgress | RefusalKind::Throttled => {
                self.state = State::Retrying {
                    reason: refusal.code,
                    until: now + quota_delay(self.attempts),
                };
            }
            RefusalKind::ReferenceClash => self.state = State::Reconciling { refused: None },
            RefusalKind::Credentials => {
                self.state = State::NeedsLogin {
                    reason: refusal.message,
                }
            }
            RefusalKind::ClockSkew
            | RefusalKind::AccessDenied
            | RefusalKind::NotFound
            | RefusalKind::BatchTooLarge
            | RefusalKind::Invalid => {
                // A refusal of this attempt does not apply to an earlier attempt whose response was lost.
                self.state = if self.maybe_sent {
                    State::Reconciling {
                        refused: Some(Box::new(refusal)),
                    }
                } else {
                    State::refused(refusal)
                };
            }
        }
    }

    fn ask_again(&mut self, reason: String, now: DateTime<Utc>) {
        let since = self.first_sent.unwrap_or(self.created);
        let until = (now - since < ASKED_AGAIN_FOR).then(|| now + unknown_delay(self.attempts));
        self.state = State::unknown(reason, until);
    }

    fn on_looked(&mut self, word: Status, asked: DateTime<Utc>, now: DateTime<Utc>) {
        if let State::InProgress {
            id,
            create_time,
            last_in_progress,
            ..
        } = &self.state
        {
            let observed = Observed {
                last_in_progress: *last_in_progress,
                asked: Some(asked),
                now,
            };
            self.state = found(id.clone(), word, *create_time, observed);
        }
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

    /// Marks the submission as split into smaller ones, which is only possible if it certainly had no effect.
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
            self.state = self.waiting("the response was lost before the login");
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
            self.state = self.waiting("requested again under the same reference");
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
            _ if self.maybe_sent => State::unknown("no longer retried; it may have arrived", None),
            _ => State::Cancelled,
        };
    }
}

fn used_for_others(earlier: &Invalidation) -> Refusal {
    Refusal {
        code: REFERENCE_USED.to_owned(),
        message: format!(
            "the CallerReference was already used for different items, in {} of {}",
            earlier.id,
            earlier.create_time.format("%Y-%m-%d %H:%M:%S UTC")
        ),
        http_status: 400,
        request_id: None,
    }
}

/// The times of a status query and of the last report before it.
#[derive(Clone, Copy)]
struct Observed {
    /// When CloudFront last reported the invalidation as in progress.
    last_in_progress: Option<DateTime<Utc>>,
    /// When the query was sent.
    asked: Option<DateTime<Utc>>,
    /// When the response arrived.
    now: DateTime<Utc>,
}

/// Returns the state for an invalidation that CloudFront reports with this status.
fn found(id: InvalidationId, status: Status, create_time: DateTime<Utc>, observed: Observed) -> State {
    if status.is_completed() {
        State::Completed {
            id,
            create_time,
            last_in_progress: observed.last_in_progress,
            seen: Some(observed.now),
        }
    } else {
        State::InProgress {
            id,
            status,
            create_time,
            last_in_progress: observed.asked,
        }
    }
}
