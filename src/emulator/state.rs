//! The entire state of the emulator, behind its only lock.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::distribution::{Distribution, Tenant};
use super::edge::Edge;
use super::error::ApiError;
use super::fault::{Faults, Scene};
use super::invalidation::{History, Invalidation};
use super::item::Item;
use super::message::{Outcome, Reply, Request};
use super::quota::{self, Rates};
use super::random::Random;
use super::received::CallLog;
use super::route::Route;
use super::sample;
use super::settings::{Options, Settings};
use super::trail::Trail;

#[derive(Debug)]
pub(crate) struct State {
    /// The options for the sample data, kept until first use. Only then is the data generated, because its times are
    /// relative to the first use.
    unborn: Option<Options>,
    pub(crate) settings: Settings,
    pub(crate) random: Random,
    /// The distributions, in the order they are listed.
    pub(crate) distributions: Vec<Distribution>,
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) histories: HashMap<String, History>,
    rates: Rates,
    pub(crate) faults: Faults,
    pub(crate) received: CallLog,
    pub(crate) edge: Edge,
    /// The events that CloudTrail has recorded.
    pub(crate) trail: Trail,
}

impl State {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            settings: options.settings.clone(),
            random: Random::new(options.seed),
            distributions: Vec::new(),
            tenants: Vec::new(),
            histories: HashMap::new(),
            rates: Rates::default(),
            faults: Faults::default(),
            received: CallLog::default(),
            edge: Edge::default(),
            trail: Trail::default(),
            unborn: Some(options),
        }
    }

    /// Generates the sample data on first use.
    pub(crate) fn begin(&mut self, now: DateTime<Utc>) {
        if let Some(options) = self.unborn.take() {
            sample::lay_out(self, &options, now);
        }
    }

    pub(crate) fn distribution(&self, id: &str) -> Result<&Distribution, ApiError> {
        self.distributions
            .iter()
            .find(|one| one.id == id)
            .ok_or(ApiError::NO_SUCH_DISTRIBUTION)
    }

    pub(crate) fn tenant(&self, id: &str) -> Result<&Tenant, ApiError> {
        self.tenants
            .iter()
            .find(|one| one.id == id)
            .ok_or(ApiError::ENTITY_NOT_FOUND)
    }

    /// Refuses a call whose target does not exist.
    pub(crate) fn require(&self, route: &Route) -> Result<(), ApiError> {
        if route.operation.is_for_tenants() {
            self.tenant(&route.target).map(|_| ())
        } else {
            self.distribution(&route.target).map(|_| ())
        }
    }

    /// Returns the outcome of a request with this id and time, applying any fault due for it, and records the request
    /// and its outcome. `refused` receives the error if a fault refuses the request.
    pub(crate) fn respond(
        &mut self,
        route: &Route,
        request: &Request,
        (request_id, now): (&str, DateTime<Utc>),
        refused: impl FnOnce(&mut Self, &ApiError),
        work: impl FnOnce(&mut Self) -> Reply,
    ) -> Outcome {
        self.received.arrived(route, request);
        let outcome = match self.faults.take(route.operation, &route.target) {
            None => Outcome::Reply(work(self)),
            Some(fault) => {
                let account = self.settings.account.clone();
                let scene = Scene {
                    route,
                    request_id,
                    account: &account,
                    now,
                };
                if let Some(error) = fault.refusal(&scene) {
                    refused(self, &error);
                }
                fault.play(&scene, || work(self))
            }
        };
        self.received.answered(route, &outcome, now);
        outcome
    }

    pub(crate) fn history(&self, target: &str) -> Option<&History> {
        self.histories.get(target)
    }

    pub(crate) fn remember(&mut self, target: &str, invalidation: Invalidation) {
        self.edge.announce(target, &invalidation.id, invalidation.effective);
        self.histories.entry(target.to_owned()).or_default().push(invalidation);
    }

    /// Sorts the invalidations of a target by creation time.
    pub(crate) fn sort_history(&mut self, target: &str) {
        if let Some(history) = self.histories.get_mut(target) {
            history.sort();
        }
    }

    pub(crate) fn put(&mut self, distribution: Distribution) {
        match self.distributions.iter_mut().find(|one| one.id == distribution.id) {
            Some(place) => *place = distribution,
            None => self.distributions.push(distribution),
        }
    }

    pub(crate) fn put_tenant(&mut self, tenant: Tenant) {
        match self.tenants.iter_mut().find(|one| one.id == tenant.id) {
            Some(place) => *place = tenant,
            None => self.tenants.push(tenant),
        }
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.distributions.len() + self.tenants.len();
        self.distributions.retain(|one| one.id != id);
        self.tenants.retain(|one| one.id != id);
        self.distributions.len() + self.tenants.len() < before
    }

    pub(crate) fn publish(&mut self, id: Option<&str>, now: DateTime<Utc>) -> usize {
        let publishing = self.distributions.iter().filter(|one| id.is_none_or(|id| one.id == id));
        publishing.map(|one| self.edge.publish(one, now)).count()
    }

    pub(crate) fn throttle(&mut self, now: DateTime<Utc>) -> Result<(), ApiError> {
        self.rates.call(&self.settings, now)
    }

    pub(crate) fn check_quotas(&mut self, target: &str, items: &[Item], now: DateTime<Utc>) -> Result<(), ApiError> {
        quota::check_in_progress(self.histories.get(target), items, &self.settings, now)?;
        self.rates.items(items, &self.settings, now)
    }
}
