//! The REST-XML API, from the call to the response.

pub(crate) mod answer;
pub(crate) mod batch;
mod distributions;
mod invalidations;
mod page;
mod policies;
mod tenants;

use chrono::{DateTime, Utc};

use self::answer::{Answer, accepted, refusal};
use super::error::ApiError;
use super::message::{Outcome, Reply, Request};
use super::route::{Operation, Route};
use super::signing;
use super::state::State;
use super::trail::Caller;
use batch::RawBatch;

/// Handles one call, applying any fault that is due for it.
pub(crate) fn handle(state: &mut State, request: &Request, now: DateTime<Utc>) -> Outcome {
    let request_id = state.random.uuid();
    let Some(route) = Route::read(request) else {
        return Outcome::Reply(refusal(&ApiError::UNKNOWN_OPERATION, &request_id, now));
    };
    state.respond(
        &route,
        request,
        (&request_id, now),
        |state, error| record(state, &route, request, error, now),
        |state| work(state, &route, request, &request_id, now),
    )
}

fn work(state: &mut State, route: &Route, request: &Request, request_id: &str, now: DateTime<Utc>) -> Reply {
    match perform(state, route, request, now) {
        Ok(answer) => accepted(answer, request_id, now),
        Err(error) => {
            record(state, route, request, &error, now);
            refusal(&error, request_id, now)
        }
    }
}

/// Records a refused request to create an invalidation.
fn record(state: &mut State, route: &Route, request: &Request, error: &ApiError, now: DateTime<Utc>) {
    if route.operation.creates() {
        let batch = RawBatch::read(&request.body).unwrap_or_default();
        state
            .trail
            .refused(&route.target, batch, Caller::of(request), error, now);
    }
}

fn perform(state: &mut State, route: &Route, request: &Request, now: DateTime<Utc>) -> Result<Answer, ApiError> {
    signing::check(request, "cloudfront", &state.settings, now)?;
    if route.operation.creates() {
        state.throttle(now)?;
    }
    match route.operation {
        Operation::ListDistributions => distributions::list(state, request, now),
        Operation::GetDistribution => distributions::get(state, &route.target, now),
        Operation::GetDistributionConfig => distributions::get_config(state, &route.target),
        Operation::GetCachePolicy => policies::cache(state, &route.target),
        Operation::GetContinuousDeploymentPolicy => policies::deployment(state, &route.target),
        Operation::CreateInvalidation | Operation::CreateInvalidationForDistributionTenant => {
            invalidations::create(state, route, request, now)
        }
        Operation::GetInvalidation | Operation::GetInvalidationForDistributionTenant => {
            invalidations::get(state, route, now)
        }
        Operation::ListInvalidations | Operation::ListInvalidationsForDistributionTenant => {
            invalidations::list(state, route, request, now)
        }
        Operation::ListDistributionTenants => tenants::list(state, request),
        Operation::GetDistributionTenant => tenants::get(state, &route.target),
        Operation::GetDistributionTenantByDomain => tenants::get_by_domain(state, request),
        Operation::GetConnectionGroup => tenants::group(state, &route.target),
        Operation::LookupEvents | Operation::Edge => Err(ApiError::UNKNOWN_OPERATION),
    }
}

/// Returns the response to a request whose body is too large to read.
pub(crate) fn too_large(now: DateTime<Utc>) -> Reply {
    refusal(&ApiError::BATCH_TOO_LARGE, "unread", now)
}
