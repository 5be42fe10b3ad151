//! The submission: one batch for one target under one caller reference, and the state machine that carries it from a
//! person's word to CloudFront's answer, over lost answers, crashes and restarts.
//!
//! Two rules hold in every state. A reference never changes. And once an attempt ended without a definite answer
//! (`maybe_sent`), neither `Rejected` nor `Cancelled` can be reached until the invalidation is found.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::batch::{Batch, CallerReference};
use super::distribution::{AccountId, Target, id};
use super::failure::{Failure, Refusal, RefusalKind};
use super::invalidation::{Invalidation, InvalidationId, Status};

id! {
    /// The ULID of a submission.
    SubmissionId
}
id! {
    /// The ULID of a job: what a person confirmed.
    JobId
}

/// Whose credentials and which server a submission was made with. It is only ever carried on against the same ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// The account, where the credentials' rights let us know it.
    pub account: Option<AccountId>,
    /// The address asked, in plain words; `CloudFront` when it is the real one.
    pub endpoint: String,
    /// The profile's name; `default` when none was chosen, `environment` when keys came from variables.
    pub profile: String,
}

/// Where a submission stands. The words are INTERFACE's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "word")]
pub enum State {
    /// Being written to the ledger; nothing may be sent.
    Planned,
    /// In the ledger, waiting for its turn.
    Queued,
    /// A request is under way.
    Sending,
    /// CloudFront said "later": asked again at `until`, with the same reference.
    Retrying {
        /// CloudFront's code.
        reason: String,
        /// When it is asked again.
        until: DateTime<Utc>,
    },
    /// Sent, and no definite answer came: asked again with the same bytes.
    Unknown {
        /// What happened, in a sentence.
        reason: String,
        /// When it is asked again; `None`: only when a person says so.
        until: Option<DateTime<Utc>>,
    },
    /// The reference was used before: looking for it in the target's history.
    Reconciling,
    /// Waiting for credentials.
    NeedsLogin {
        /// What to do, in a sentence.
        reason: String,
    },
    /// CloudFront accepted it.
    InProgress {
        /// CloudFront's id for it.
        id: InvalidationId,
        /// The status word as it last came.
        status: Status,
        /// When CloudFront accepted it.
        create_time: DateTime<Utc>,
    },
    /// It has reached every edge.
    Completed {
        /// CloudFront's id for it.
        id: InvalidationId,
        /// When CloudFront accepted it.
        create_time: DateTime<Utc>,
        /// When it was first seen completed; `None` when nobody watched.
        seen: Option<DateTime<Utc>>,
    },
    /// CloudFront refused it, or it could never be sent; it did nothing.
    Rejected {
        /// Why.
        failure: Failure,
    },
    /// CloudFront refused it for its size or a quota; its items went into smaller submissions of the same job.
    Split {
        /// Into how many.
        into: usize,
    },
    /// Taken back before it was ever sent.
    Cancelled,
}

impl State {
    /// The word on the screen.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Planned => "Planned",
            Self::Queued => "Queued",
            Self::Sending => "Sending",
            Self::Retrying { .. } => "Retrying",
            Self::Unknown { .. } => "Unknown",
            Self::Reconciling => "Reconciling",
            Self::NeedsLogin { .. } => "NeedsLogin",
            Self::InProgress { status, .. } => status.as_str(),
            Self::Completed { .. } => "Completed",
            Self::Rejected { .. } => "Rejected",
            Self::Split { .. } => "Split",
            Self::Cancelled => "Cancelled",
        }
    }

    /// Whether nothing more will happen to it.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Completed { .. } | Self::Rejected { .. } | Self::Split { .. } | Self::Cancelled => true,
            Self::Planned
            | Self::Queued
            | Self::Sending
            | Self::Retrying { .. }
            | Self::Unknown { .. }
            | Self::Reconciling
            | Self::NeedsLogin { .. }
            | Self::InProgress { .. } => false,
        }
    }

    /// CloudFront's id for it, and when it was accepted: from then on it counts for the bill.
    #[must_use]
    pub fn accepted(&self) -> Option<(&InvalidationId, DateTime<Utc>)> {
        match self {
            Self::InProgress { id, create_time, .. } | Self::Completed { id, create_time, .. } => {
                Some((id, *create_time))
            }
            Self::Planned
            | Self::Queued
            | Self::Sending
            | Self::Retrying { .. }
            | Self::Unknown { .. }
            | Self::Reconciling
            | Self::NeedsLogin { .. }
            | Self::Rejected { .. }
            | Self::Split { .. }
            | Self::Cancelled => None,
        }
    }

    /// CloudFront's refusal, where that was its end.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        let Self::Rejected { failure } = self else { return None };
        failure.refusal()
    }

    /// Whether nothing happens to it until a person says so.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        matches!(self, Self::Unknown { until: None, .. })
    }

    /// Whether CloudFront has not yet accepted it and still may.
    #[must_use]
    pub fn waits_to_be_sent(&self) -> bool {
        !self.is_final() && !matches!(self, Self::InProgress { .. })
    }
}

/// One batch for one target under one reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Its own id.
    pub id: SubmissionId,
    /// The job it is a cell of.
    pub job: JobId,
    /// Whose it is.
    pub scope: Scope,
    /// What it is aimed at.
    pub target: Target,
    /// What the target was called when the person confirmed.
    pub label: String,
    /// The number of the batch within its job and target, from 1.
    pub number: u32,
    /// What is sent, byte for byte.
    pub batch: Batch,
    /// What makes it happen once.
    pub reference: CallerReference,
    /// When the person confirmed.
    pub created: DateTime<Utc>,
    /// The version of the program that made it.
    pub version: String,
    /// Where it stands.
    pub state: State,
    /// Whether CloudFront may have acted on an attempt whose answer nobody saw.
    pub maybe_sent: bool,
    /// How many times it was sent.
    pub attempts: u32,
    /// When it was first sent.
    pub first_sent: Option<DateTime<Utc>>,
    /// The last request id that CloudFront gave for it.
    pub request_id: Option<String>,
    /// Why it was made, in the person's own words.
    pub note: Option<String>,
}

/// What may happen to a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The ledger holds it, durably.
    Stored,
    /// The ledger could not hold it: it is never sent.
    NotStored(String),
    /// It is its turn: a request leaves now.
    Sent,
    /// CloudFront accepted it, or told of the earlier one with this reference.
    Accepted(Invalidation, Option<String>),
    /// Nothing left after all: the attempt could not be made durable.
    NotSent(String),
    /// The request ended without an invalidation.
    Failed(Failure),
    /// The invalidation was looked at.
    Looked(Status),
    /// The search for the reference ended without the invalidation: a sentence with both sides, for a person to settle.
    Unsettled(String),
    /// The history cannot be read; the search starts again later.
    SearchFailed(String),
    /// The credentials in use are not those it was made with: a sentence with both.
    Guarded(String),
    /// Its items are, durably, in so many smaller submissions.
    Divided(usize),
    /// Credentials work again.
    LoggedIn,
    /// A person wants it sent now.
    RetryNow,
    /// A person takes it back.
    Cancel,
}

/// How long a submission that is younger goes on by itself after a restart; an older one is asked about first.
pub const FORGOTTEN_AFTER: TimeDelta = TimeDelta::minutes(10);

/// How long after the first attempt a request without a definite answer is sent again before a person is asked.
pub const ASKED_AGAIN_FOR: TimeDelta = TimeDelta::hours(1);

/// Whether the credentials in use are those that a submission was made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// They are, as far as anybody can tell.
    Ours,
    /// The account is not known yet, and the submission's is.
    NotYetKnown,
    /// They are not; the sentence names both sides.
    Foreign(String),
}

impl Submission {
    /// Moves on. What cannot happen in the present state changes nothing, so that a late or doubled answer is harmless.
    /// Returns whether anything changed.
    pub fn apply(&mut self, event: Event, now: DateTime<Utc>) -> bool {
        let before = self.clone();
        match event {
            Event::Stored => self.on_stored(),
            Event::NotStored(reason) => self.on_not_stored(reason),
            Event::Sent => self.on_sent(now),
            Event::Accepted(invalidation, request_id) => self.on_accepted(&invalidation, request_id, now),
            Event::NotSent(reason) => self.on_not_sent(reason, now),
            Event::Failed(failure) => self.on_failed(failure, now),
            Event::Looked(status) => self.on_looked(status, now),
            Event::Unsettled(reason) => self.on_unsettled(reason),
            Event::Guarded(reason) => self.on_guarded(reason),
            Event::Divided(into) => self.on_divided(into),
            Event::SearchFailed(reason) => self.on_search_failed(reason, now),
            Event::LoggedIn => self.on_logged_in(),
            Event::RetryNow => self.on_retry_now(),
            Event::Cancel => self.on_cancel(),
        }
        *self != before
    }

    /// When it wants to be sent: at once, at a time, or not at all.
    #[must_use]
    pub fn due(&self) -> Option<DateTime<Utc>> {
        match &self.state {
            State::Queued => Some(DateTime::<Utc>::UNIX_EPOCH),
            State::Retrying { until, .. } => Some(*until),
            State::Unknown { until, .. } => *until,
            State::Planned
            | State::Sending
            | State::Reconciling
            | State::NeedsLogin { .. }
            | State::InProgress { .. }
            | State::Completed { .. }
            | State::Rejected { .. }
            | State::Split { .. }
            | State::Cancelled => None,
        }
    }

    /// Whether a restarted program may carry it on without asking: same scope, and young enough.
    #[must_use]
    pub fn may_resume(&self, scope: &Scope, now: DateTime<Utc>) -> bool {
        // A clock that was set back makes an age negative; that is not "young".
        self.ownership(scope) == Ownership::Ours && (TimeDelta::zero()..FORGOTTEN_AFTER).contains(&(now - self.created))
    }

    /// Whether it was made with this account, endpoint and profile. A submission made without knowing the account goes by
    /// the other two.
    #[must_use]
    pub fn ownership(&self, scope: &Scope) -> Ownership {
        let made = &self.scope;
        if made.endpoint != scope.endpoint {
            return Ownership::Foreign(format!("made for {}; now {} is used", made.endpoint, scope.endpoint));
        }
        if made.profile != scope.profile {
            return Ownership::Foreign(format!(
                "made with profile {}; now {} is used",
                made.profile, scope.profile
            ));
        }
        match (&made.account, &scope.account) {
            (Some(made), Some(now)) if made != now => {
                Ownership::Foreign(format!("made for account {made}; the credentials now belong to {now}"))
            }
            (Some(_), None) => Ownership::NotYetKnown,
            (Some(_), Some(_)) | (None, _) => Ownership::Ours,
        }
    }

    /// Whether it was made for another account, endpoint or profile.
    #[must_use]
    pub fn is_foreign(&self, scope: &Scope) -> bool {
        matches!(self.ownership(scope), Ownership::Foreign(_))
    }

    /// How a submission read back from the ledger goes on: one that was being sent may have reached CloudFront.
    pub fn wake(&mut self) {
        match &self.state {
            State::Sending => {
                self.maybe_sent = true;
                self.state = State::Unknown {
                    reason: "the program ended before the answer came".to_owned(),
                    until: Some(DateTime::<Utc>::UNIX_EPOCH),
                };
            }
            State::Planned => self.state = State::Queued,
            State::Queued
            | State::Retrying { .. }
            | State::Unknown { .. }
            | State::Reconciling
            | State::NeedsLogin { .. }
            | State::InProgress { .. }
            | State::Completed { .. }
            | State::Rejected { .. }
            | State::Split { .. }
            | State::Cancelled => {}
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
        if self.due().is_some() {
            self.attempts += 1;
            self.first_sent.get_or_insert(now);
            self.state = State::Sending;
        }
    }

    fn on_not_sent(&mut self, reason: String, now: DateTime<Utc>) {
        if self.state == State::Sending {
            self.attempts -= 1;
            let until = now + quota_delay(self.attempts);
            self.state = if self.maybe_sent {
                State::Unknown {
                    reason,
                    until: Some(until),
                }
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
        if let Some(reason) = self.differs_from(invalidation) {
            self.maybe_sent = true;
            self.state = State::Unknown { reason, until: None };
            return;
        }
        self.maybe_sent = false;
        self.state = found(
            invalidation.id.clone(),
            invalidation.status.clone(),
            invalidation.create_time,
            now,
        );
    }

    /// Why an answer is not taken for ours: both sides.
    fn differs_from(&self, invalidation: &Invalidation) -> Option<String> {
        let (id, items) = (&invalidation.id, &invalidation.items);
        if self.reference.as_str() != invalidation.caller_reference {
            let theirs = &invalidation.caller_reference;
            return Some(format!(
                "{id} was answered, which has another CallerReference: {theirs}"
            ));
        }
        (!items.is_empty() && !self.batch.is_same_set(items)).then(|| {
            format!(
                "{id} has this CallerReference and holds {} other than these {}",
                words(items.len()),
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
            Failure::Setup(reason) if self.maybe_sent => self.state = State::Unknown { reason, until: None },
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
            RefusalKind::ReferenceClash => self.state = State::Reconciling,
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
                // A refusal of this attempt says nothing of an earlier one whose answer was lost.
                let failure = Failure::Refused(refusal);
                self.state = if self.maybe_sent {
                    State::Unknown {
                        reason: failure.to_string(),
                        until: None,
                    }
                } else {
                    State::Rejected { failure }
                };
            }
        }
    }

    fn ask_again(&mut self, reason: String, now: DateTime<Utc>) {
        let since = self.first_sent.unwrap_or(self.created);
        let until = (now - since < ASKED_AGAIN_FOR).then(|| now + unknown_delay(self.attempts));
        self.state = State::Unknown { reason, until };
    }

    fn on_looked(&mut self, word: Status, now: DateTime<Utc>) {
        if let State::InProgress { id, create_time, .. } = &self.state {
            self.state = found(id.clone(), word, *create_time, now);
        }
    }

    fn on_unsettled(&mut self, reason: String) {
        if self.state == State::Reconciling {
            self.maybe_sent = true;
            self.state = State::Unknown { reason, until: None };
        }
    }

    fn on_guarded(&mut self, reason: String) {
        if self.due().is_some() || matches!(self.state, State::NeedsLogin { .. }) {
            self.state = State::NeedsLogin { reason };
        }
    }

    /// Only what surely did nothing gives way to others with the same items.
    fn on_divided(&mut self, into: usize) {
        if !self.maybe_sent && matches!(self.state, State::Queued | State::Sending | State::Retrying { .. }) {
            self.state = State::Split { into };
        }
    }

    fn on_search_failed(&mut self, reason: String, now: DateTime<Utc>) {
        if self.state == State::Reconciling {
            self.maybe_sent = true;
            self.ask_again(reason, now);
        }
    }

    fn on_logged_in(&mut self) {
        if matches!(self.state, State::NeedsLogin { .. }) {
            self.state = self.waiting("the answer was lost before the login");
        }
    }

    fn on_retry_now(&mut self) {
        if matches!(
            self.state,
            State::Retrying { .. } | State::Unknown { .. } | State::NeedsLogin { .. }
        ) {
            self.state = self.waiting("asked again by hand");
        }
    }

    fn waiting(&self, reason: &str) -> State {
        if self.maybe_sent {
            State::Unknown {
                reason: reason.to_owned(),
                until: Some(DateTime::<Utc>::UNIX_EPOCH),
            }
        } else {
            State::Queued
        }
    }

    fn on_cancel(&mut self) {
        let waiting = match &self.state {
            State::Planned
            | State::Queued
            | State::Retrying { .. }
            | State::NeedsLogin { .. }
            | State::Unknown { .. } => true,
            State::Sending
            | State::Reconciling
            | State::InProgress { .. }
            | State::Completed { .. }
            | State::Rejected { .. }
            | State::Split { .. }
            | State::Cancelled => false,
        };
        if waiting && self.maybe_sent {
            self.state = State::Unknown {
                reason: "no longer asked again; it may have arrived".to_owned(),
                until: None,
            };
        } else if waiting {
            self.state = State::Cancelled;
        }
    }
}

/// The state of an invalidation that CloudFront tells of with this status word.
fn found(id: InvalidationId, status: Status, create_time: DateTime<Utc>, now: DateTime<Utc>) -> State {
    if status.is_completed() {
        State::Completed {
            id,
            create_time,
            seen: Some(now),
        }
    } else {
        State::InProgress {
            id,
            status,
            create_time,
        }
    }
}

fn words(items: usize) -> String {
    if items == 1 {
        "1 item".to_owned()
    } else {
        format!("{items} items")
    }
}

/// How long to wait after a lost answer: 1, 2, 4, 8, 15, 30, then 60 seconds.
fn unknown_delay(attempts: u32) -> TimeDelta {
    TimeDelta::seconds(match attempts {
        0 | 1 => 1,
        2 => 2,
        3 => 4,
        4 => 8,
        5 => 15,
        6 => 30,
        _ => 60,
    })
}

/// How long to wait when CloudFront says "too many": 2, 4, 8, 16, then 30 seconds (DOMAIN §7.1).
fn quota_delay(attempts: u32) -> TimeDelta {
    TimeDelta::seconds(match attempts {
        0 | 1 => 2,
        2 => 4,
        3 => 8,
        4 => 16,
        _ => 30,
    })
}

#[cfg(test)]
mod tests;
