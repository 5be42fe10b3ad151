//! CloudTrail events, which show who created an invalidation: their contents, and how they are matched to invalidations
//! (`docs/cloudfront.md`, "CloudTrail").

mod record;
mod search;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::distribution::Target;
use super::invalidation::InvalidationId;

pub use search::{Events, Next, Outcome, PACE, Query, Search};

/// The IAM action that a search needs.
pub const RIGHT: &str = "cloudtrail:LookupEvents";

/// How far before and after an invalidation to search for its event, which allows for clock differences and retries.
const AROUND: TimeDelta = TimeDelta::minutes(5);

/// The maximum time that CloudTrail takes to deliver an event.
const DELIVERED: TimeDelta = TimeDelta::minutes(15);

/// How long CloudTrail keeps events.
const KEPT: TimeDelta = TimeDelta::days(90);

/// A recorded call to `CreateInvalidation` or its tenant equivalent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// CloudTrail's id of the event.
    pub id: String,
    /// When CloudFront received the request.
    pub time: DateTime<Utc>,
    /// The caller.
    pub caller: Caller,
    /// The IP address that the request came from, or the name of the AWS service that made it.
    pub address: String,
    /// The user agent of the program that sent the request.
    pub agent: String,
    /// The ids in the request, including that of the distribution or tenant.
    pub targets: Vec<String>,
    /// The `CallerReference`.
    pub reference: Option<String>,
    /// The id of the invalidation; `None` if the request was refused, or CloudTrail omitted the response.
    pub invalidation: Option<String>,
    /// The error code of a refused request.
    pub error: Option<String>,
}

/// The identity of a caller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// CloudTrail's identity type, such as `IAMUser` or `AssumedRole`.
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
    /// Returns a description such as `user anna` or `ci-4711 as role deploy`. The session of a role names the person or
    /// the run.
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

/// The permanent key of an invalidation, or of a refused request for one: the id if there is one, otherwise the
/// reference.
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

/// The invalidation, or the refused request for one, whose event is being searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The target.
    pub target: Target,
    /// The invalidation's id; `None` means the request was refused.
    pub id: Option<InvalidationId>,
    /// The reference, if it is known.
    pub reference: Option<String>,
    /// The earliest possible time of the request.
    pub from: DateTime<Utc>,
    /// The latest possible time of the request.
    pub to: DateTime<Utc>,
}

impl Wanted {
    /// Returns the key under which the result is stored for this endpoint.
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

    /// Returns whether CloudTrail no longer keeps events from the time of the request.
    #[must_use]
    pub fn is_too_old(&self, now: DateTime<Utc>) -> bool {
        now - self.to > KEPT
    }

    /// Returns whether CloudTrail may not have delivered the event yet.
    #[must_use]
    pub fn is_young(&self, now: DateTime<Utc>) -> bool {
        now - self.to < DELIVERED
    }

    /// Returns whether an event belongs to the wanted request, judging by the id in the response, or else by reference
    /// and time. A refused earlier attempt does not match an invalidation.
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

    /// Returns the start and end of the time range to search.
    fn window(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let from = self.from.checked_sub_signed(AROUND).unwrap_or(self.from);
        let to = self.to.checked_add_signed(AROUND).unwrap_or(self.to);
        (from, to)
    }

    /// Returns the wanted event, if `events` contains it. If a reference was sent more than once, several events match,
    /// and the first one created the invalidation. CloudTrail returns events in no particular order.
    fn find(&self, events: Vec<Event>) -> Option<Event> {
        let made = events.into_iter().filter(|event| self.is_made_by(event));
        if self.id.is_some() {
            made.min_by_key(|event| event.time)
        } else {
            // If the request was ultimately refused, the last attempt counts.
            made.max_by_key(|event| event.time)
        }
    }
}

#[cfg(test)]
mod tests;
