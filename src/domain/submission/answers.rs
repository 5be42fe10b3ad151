//! How each response from CloudFront changes a submission.

use chrono::{DateTime, Utc};

use super::delay::{quota_delay, unknown_delay};
use super::{State, Submission};
use crate::domain::failure::{Failure, REFERENCE_USED, Refusal, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, Status};
use crate::domain::text::count;

impl Submission {
    pub(super) fn on_accepted(&mut self, invalidation: &Invalidation, request_id: Option<String>, now: DateTime<Utc>) {
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

    /// Describes how an invalidation differs from this submission. Returns `None` if it does not.
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
                "{id} has this CallerReference but different items ({}, expected {})",
                count(items.len(), "item"),
                self.batch.items().len()
            )
        })
    }

    pub(super) fn on_failed(&mut self, failure: Failure, now: DateTime<Utc>) {
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

    pub(super) fn on_looked(&mut self, word: Status, asked: DateTime<Utc>, now: DateTime<Utc>) {
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
}

fn used_for_others(earlier: &Invalidation) -> Refusal {
    Refusal {
        code: REFERENCE_USED.to_owned(),
        message: format!(
            "the CallerReference was already used for different items in {}, created {}",
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
