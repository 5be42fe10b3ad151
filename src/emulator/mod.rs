//! A local CloudFront: its API, and a small edge.
//!
//! One function, [`Emulator::handle`], turns a request into an [`Outcome`]. A transport carries it out: either the
//! loopback [`server`], or a connector in the same process under virtual time. Time is always passed in and randomness
//! comes from a seed, so the same requests at the same times have the same outcomes.
//!
//! This is an independent interpretation of the facts about CloudFront. It shares no code with the rest of the crate,
//! so that the client and the emulator check each other.

mod api;
mod control;
mod distribution;
mod edge;
mod error;
mod fault;
mod http_date;
mod invalidation;
mod item;
mod lookup;
mod message;
mod past;
mod quota;
mod random;
mod received;
mod route;
mod sample;
pub mod server;
mod settings;
mod signing;
mod state;
mod trail;
mod xml;

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

pub use distribution::{
    Behavior, CacheKey, CachePolicy, ContinuousDeployment, Distribution, Function, Origin, PolicyQuery, Rewrite, Tenant,
};
pub use error::ApiError;
pub use fault::{Fault, Trouble};
pub use item::Item;
pub use message::{Outcome, Reply, Request};
pub use past::Past;
pub use received::{Call, Creation, Received};
pub use route::Operation;
pub use settings::{Options, ReferenceClash, Settings, TenantOnly, WildcardRate};

use state::State;

/// An emulated CloudFront. It can be shared between threads without a wrapper.
#[derive(Debug)]
pub struct Emulator {
    state: Mutex<State>,
}

impl Emulator {
    /// Creates an emulator with these options. Sample data is generated on first use, with times relative to that
    /// moment.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            state: Mutex::new(State::new(options)),
        }
    }

    /// Returns the outcome of `request` at `now`.
    pub fn handle(&self, request: &Request, now: DateTime<Utc>) -> Outcome {
        let (mut state, now) = self.begun(now);
        if request.path.starts_with(control::PREFIX) {
            return Outcome::Reply(control::handle(&mut state, request, now));
        }
        let site = request
            .host()
            .filter(|host| may_be_a_site(host))
            .and_then(|host| edge::site_of(&state, host, request));
        let outcome = match site {
            Some(site) => edge::handle(&mut state, &site, request, now),
            None if lookup::is_asked(request) => lookup::handle(&mut state, request, now),
            None => api::handle(&mut state, request, now),
        };
        let latency = state.settings.latency();
        if latency.is_zero() {
            outcome
        } else {
            Outcome::Delayed {
                by: latency,
                then: Box::new(outcome),
            }
        }
    }

    /// Injects a fault for future calls.
    pub fn inject(&self, fault: Fault) {
        self.lock().faults.list.push(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.lock().faults.list.clear();
    }

    /// Returns the current settings.
    pub fn settings(&self) -> Settings {
        self.lock().settings.clone()
    }

    /// Changes settings; existing invalidations keep their times.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.lock().settings);
    }

    /// Returns what the emulator has received so far.
    pub fn received(&self) -> Received {
        self.lock().received.received.clone()
    }

    /// Returns the latest calls individually, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.lock().received.calls.iter().cloned().collect()
    }

    /// Adds a distribution, or replaces the one with the same id.
    pub fn put(&self, distribution: Distribution, now: DateTime<Utc>) {
        self.begun(now).0.put(distribution);
    }

    /// Adds a tenant of a multi-tenant distribution, or replaces the one with the same id.
    pub fn put_tenant(&self, tenant: Tenant, now: DateTime<Utc>) {
        self.begun(now).0.put_tenant(tenant);
    }

    /// Clears the call log.
    pub fn forget_received(&self) {
        self.lock().received.forget();
    }

    /// Deletes a distribution (but not its tenants) or a tenant. Returns whether it existed.
    pub fn remove(&self, id: &str, now: DateTime<Utc>) -> bool {
        self.begun(now).0.remove(id)
    }

    /// Publishes a new version of every page at the origin of a distribution, or of every distribution if `None`.
    /// Returns the number of distributions that published one.
    pub fn publish(&self, distribution: Option<&str>, now: DateTime<Utc>) -> usize {
        let (mut state, now) = self.begun(now);
        state.publish(distribution, now)
    }

    /// Returns the state with the sample data in place, and the emulator's time.
    fn begun(&self, now: DateTime<Utc>) -> (MutexGuard<'_, State>, DateTime<Utc>) {
        let mut state = self.lock();
        let now = state.settings.time(now);
        state.begin(now);
        (state, now)
    }

    /// Locks the state. A poisoned lock is safe to use, because every change is a single push or assignment.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether a host may be a site. A numeric address never is, which spares the API a search through thousands of
/// distributions.
fn may_be_a_site(host: &str) -> bool {
    host.bytes().any(|byte| byte.is_ascii_alphabetic())
}
