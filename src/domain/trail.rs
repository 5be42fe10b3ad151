//! Who made an invalidation, according to CloudTrail: what an event tells, and which invalidation it belongs to
//! (`docs/cloudfront.md`, "CloudTrail").

mod record;
mod search;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::distribution::Target;
use super::invalidation::InvalidationId;

pub use search::{Events, Next, Outcome, PACE, Query, Search};

/// The action that the searches need, with its service.
pub const RIGHT: &str = "cloudtrail:LookupEvents";

/// The time before and after an invalidation in which its event is searched for: clocks and retries differ by less.
const AROUND: TimeDelta = TimeDelta::minutes(5);

/// The time within which CloudTrail has delivered an event.
const DELIVERED: TimeDelta = TimeDelta::minutes(15);

/// How long CloudTrail keeps events.
const KEPT: TimeDelta = TimeDelta::days(90);

/// An event: somebody called `CreateInvalidation` or its tenant equivalent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// CloudTrail's id of the event.
    pub id: String,
    /// When CloudFront received the request.
    pub time: DateTime<Utc>,
    /// Who called.
    pub caller: Caller,
    /// The IP address that the request came from, or the name of the AWS service that made it.
    pub address: String,
    /// The program that sent the request, in its own words.
    pub agent: String,
    /// The ids that the request named: the distribution or tenant among them.
    pub targets: Vec<String>,
    /// The `CallerReference`.
    pub reference: Option<String>,
    /// The id of the invalidation; `None` if the request was refused, or CloudTrail left the response out.
    pub invalidation: Option<String>,
    /// The error code of a refused request.
    pub error: Option<String>,
}

/// The identity of a caller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// CloudTrail's type of the identity, such as `IAMUser` or `AssumedRole`.
    pub kind: String,
    /// The name of the user or role.
    pub name: Option<String>,
    /// The session name of a role.
    pub session: Option<String>,
    /// The ARN.
    pub arn: Option<String>,
    /// The account of the identity.
    pub account: Option<String>,
}

impl Caller {
    /// Returns a description such as `user anna` or `ci-4711 as role deploy`: the session of a role names the person or the run.
    #[must_use]
    pub fn words(&self) -> String {
        let kind = match self.kind.as_str() {
            "Root" => return "the root user of the account".to_owned(),
            "IAMUser" => "user",
            "AssumedRole" | "Role" => "role",
            "FederatedUser" => "federated user",
            "AWSService" => "AWS service",
            "" => "identity",
            other => other,
        };
        let name = self.name.as_deref().or(self.arn.as_deref());
        let named = name.map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}"));
        match &self.session {
            Some(session) => format!("{session} as {named}"),
            None => named,
        }
    }
}

/// Identifies an invalidation, or a refused request for one, for good: by its id, else by its reference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrailKey {
    /// The endpoint, as in [`super::submission::Scope::endpoint`].
    pub endpoint: String,
    /// The target.
    pub target: Target,
    /// The invalidation's id; empty for a refused request.
    pub invalidation: String,
    /// The reference of a refused request; empty if there is an id.
    pub reference: String,
}

/// What an event is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The target.
    pub target: Target,
    /// The invalidation's id; `None`: the request was refused.
    pub id: Option<InvalidationId>,
    /// The reference, if it is known.
    pub reference: Option<String>,
    /// When the request was made, at the earliest.
    pub from: DateTime<Utc>,
    /// When the request was made, at the latest.
    pub to: DateTime<Utc>,
}

impl Wanted {
    /// Returns what identifies it at this endpoint.
    #[must_use]
    pub fn key(&self, endpoint: &str) -> TrailKey {
        let id = self.id.as_ref().map(|id| id.as_str().to_owned());
        let reference = self.reference.clone().filter(|_| id.is_none());
        TrailKey {
            endpoint: endpoint.to_owned(),
            target: self.target.clone(),
            invalidation: id.unwrap_or_default(),
            reference: reference.unwrap_or_default(),
        }
    }

    /// Returns whether CloudTrail no longer has events of that time.
    #[must_use]
    pub fn is_too_old(&self, now: DateTime<Utc>) -> bool {
        now - self.to > KEPT
    }

    /// Returns whether CloudTrail may not have delivered the event yet.
    #[must_use]
    pub fn is_young(&self, now: DateTime<Utc>) -> bool {
        now - self.to < DELIVERED
    }

    /// Returns whether an event is the request that made it: by the id in the response, else by reference and time. An
    /// earlier attempt that was refused is not the one that made it.
    #[must_use]
    pub fn is_made_by(&self, event: &Event) -> bool {
        match (&self.id, &event.invalidation) {
            (Some(id), Some(made)) => id.as_str() == made,
            (Some(_), None) => event.error.is_none() && self.is_requested_by(event),
            (None, _) => self.is_requested_by(event),
        }
    }

    fn is_requested_by(&self, event: &Event) -> bool {
        let names_target = event.targets.is_empty() || event.targets.iter().any(|id| id == self.target.id());
        let (from, to) = self.window();
        self.reference.is_some()
            && self.reference == event.reference
            && names_target
            && (from..=to).contains(&event.time)
    }

    /// Returns the first and last time of the events to search.
    fn window(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let from = self.from.checked_sub_signed(AROUND).unwrap_or(self.from);
        let to = self.to.checked_add_signed(AROUND).unwrap_or(self.to);
        (from, to)
    }

    /// Returns the event among these that made it: a reference that was sent again gives several, of which the first
    /// one did. CloudTrail's events are in no order.
    fn find(&self, events: Vec<Event>) -> Option<Event> {
        let made = events.into_iter().filter(|event| self.is_made_by(event));
        if self.id.is_some() {
            made.min_by_key(|event| event.time)
        } else {
            // Of a request that was refused in the end, the last attempt.
            made.max_by_key(|event| event.time)
        }
    }
}

#[cfg(test)]
mod tests;
