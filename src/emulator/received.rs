//! The call log: every request that the emulator has received, so that tests can compare the log with what should have
//! been sent.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::api::batch::RawBatch;
use super::message::{Outcome, Request};
use super::route::{Operation, Route};

/// The number of calls kept individually; older calls are only counted.
const KEPT_CALLS: usize = 20_000;

/// Everything received since startup, or since the log was last cleared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Received {
    /// The number of calls by operation, whatever their outcome.
    pub operations: BTreeMap<Operation, u64>,
    /// The requests to create an invalidation, by target and CallerReference, in order of arrival.
    pub creations: Vec<Creation>,
}

/// All requests with the same CallerReference for the same target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Creation {
    /// The distribution or tenant id.
    pub target: String,
    /// The CallerReference as sent.
    pub caller_reference: String,
    /// The number of requests, including those that were refused, dropped or answered with an error.
    pub received: u64,
    /// The items of the first request, in the order sent.
    pub items: Vec<String>,
    /// Whether any later request differed in its items or their order.
    pub items_differed: bool,
    /// The ids of the invalidations created by these requests: exactly one, unless something is wrong.
    pub invalidations: Vec<String>,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The time of arrival.
    pub at: DateTime<Utc>,
    /// The operation.
    pub operation: Operation,
    /// The distribution or tenant id, or the host at the edge; empty if the operation has none.
    pub target: String,
    /// The HTTP status of the response; `None` if no complete response was sent.
    pub status: Option<u16>,
}

/// The log of all calls, in order of arrival.
#[derive(Debug, Default)]
pub(crate) struct CallLog {
    pub(crate) received: Received,
    index: HashMap<(String, String), usize>,
    pub(crate) calls: VecDeque<Call>,
}

impl CallLog {
    pub(crate) fn arrived(&mut self, route: &Route, request: &Request) {
        *self.received.operations.entry(route.operation).or_default() += 1;
        if route.operation.creates()
            && let Ok(batch) = RawBatch::read(&request.body)
        {
            self.batch_arrived(&route.target, batch);
        }
    }

    pub(crate) fn answered(&mut self, route: &Route, outcome: &Outcome, now: DateTime<Utc>) {
        if self.calls.len() == KEPT_CALLS {
            self.calls.pop_front();
        }
        let call = Call {
            at: now,
            operation: route.operation,
            target: route.target.clone(),
            status: status(outcome),
        };
        self.calls.push_back(call);
    }

    pub(crate) fn created(&mut self, target: &str, reference: &str, id: &str) {
        let index = self.index.get(&(target.to_owned(), reference.to_owned()));
        if let Some(creation) = index.and_then(|index| self.received.creations.get_mut(*index)) {
            creation.invalidations.push(id.to_owned());
        }
    }

    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    fn batch_arrived(&mut self, target: &str, batch: RawBatch) {
        let key = (target.to_owned(), batch.caller_reference.clone());
        let index = *self.index.entry(key).or_insert(self.received.creations.len());
        match self.received.creations.get_mut(index) {
            Some(creation) => {
                creation.received += 1;
                creation.items_differed |= creation.items != batch.items;
            }
            None => self.received.creations.push(Creation {
                target: target.to_owned(),
                caller_reference: batch.caller_reference,
                received: 1,
                items: batch.items,
                items_differed: false,
                invalidations: Vec::new(),
            }),
        }
    }
}

fn status(outcome: &Outcome) -> Option<u16> {
    match outcome {
        Outcome::Reply(reply) | Outcome::Slow { reply, .. } => Some(reply.status.as_u16()),
        Outcome::Delayed { then, .. } => status(then),
        Outcome::Drop | Outcome::Hang | Outcome::Cut { .. } => None,
    }
}
