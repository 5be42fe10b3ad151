//! Implements the create, get and list operations for invalidations of distributions and of tenants.

use chrono::{DateTime, Utc};
use http::StatusCode;

use super::answer::{Answer, time};
use super::batch::Batch;
use super::page::requested;
use crate::emulator::error::ApiError;
use crate::emulator::invalidation::{History, Invalidation};
use crate::emulator::message::Request;
use crate::emulator::route::{Operation, Route};
use crate::emulator::settings::{ReferenceClash, Settings, TenantOnly};
use crate::emulator::state::State;
use crate::emulator::trail::Caller;
use crate::emulator::xml::Writer;

pub(crate) fn create(
    state: &mut State,
    route: &Route,
    request: &Request,
    now: DateTime<Utc>,
) -> Result<Answer, ApiError> {
    let batch = Batch::read(&request.body, state.settings.batch_limit)?;
    check_target(state, route)?;
    if let Some(earlier) = state
        .history(&route.target)
        .and_then(|history| history.by_reference(&batch.caller_reference))
    {
        if !earlier.has_items(&batch.items) || state.settings.replay_clashes {
            return Err(clash(&state.settings));
        }
        let earlier = earlier.clone();
        state.trail.made(&earlier, &route.target, Caller::of(request), now);
        return Ok(created(route, &earlier, now));
    }
    state.check_quotas(&route.target, &batch.items, now)?;
    let invalidation = commit(state, route, batch, now);
    state.trail.made(&invalidation, &route.target, Caller::of(request), now);
    Ok(created(route, &invalidation, now))
}

pub(crate) fn get(state: &State, route: &Route, now: DateTime<Utc>) -> Result<Answer, ApiError> {
    state.require(route)?;
    let found = state
        .history(&route.target)
        .and_then(|history| history.get(&route.invalidation));
    let invalidation = found
        .filter(|one| one.visible <= now)
        .ok_or(ApiError::NO_SUCH_INVALIDATION)?;
    Ok(Answer::ok(document(invalidation, now)))
}

pub(crate) fn list(state: &State, route: &Route, request: &Request, now: DateTime<Utc>) -> Result<Answer, ApiError> {
    state.require(route)?;
    let all = state.history(&route.target).into_iter().flat_map(History::newest_first);
    let page = requested(all, |one| &one.id, request, state.settings.page_limit)?;
    Ok(Answer::ok(Writer::document("InvalidationList", |xml| {
        page.write(xml, |xml, one| {
            xml.node("InvalidationSummary", |xml| {
                xml.leaf("Id", &one.id);
                xml.leaf("CreateTime", time(one.created));
                xml.leaf("Status", one.status(now));
            });
        });
    })))
}

fn check_target(state: &State, route: &Route) -> Result<(), ApiError> {
    state.require(route)?;
    if route.operation != Operation::CreateInvalidation || !state.distribution(&route.target)?.tenant_only {
        return Ok(());
    }
    match state.settings.tenant_only {
        TenantOnly::NoSuchDistribution => Err(ApiError::NO_SUCH_DISTRIBUTION),
        TenantOnly::Refused => Err(ApiError::invalid_argument(
            "The distribution is multi-tenant. Invalidate its distribution tenants.",
        )),
        TenantOnly::ClearsAllTenants | TenantOnly::ClearsNothing => Ok(()),
    }
}

fn commit(state: &mut State, route: &Route, batch: Batch, now: DateTime<Utc>) -> Invalidation {
    // The ids of tenants' invalidations are longer, as the AWS CLI examples show.
    let length = if route.operation.is_for_tenants() { 24 } else { 13 };
    let id = state.random.id("I", length);
    let invalidation = Invalidation::create(
        id,
        &batch.caller_reference,
        batch.items,
        now,
        &state.settings,
        &mut state.random,
    );
    state
        .received
        .created(&route.target, &invalidation.caller_reference, &invalidation.id);
    state.remember(&route.target, invalidation.clone());
    invalidation
}

fn clash(settings: &Settings) -> ApiError {
    match settings.reference_clash {
        ReferenceClash::InvalidArgument => ApiError::REFERENCE_USED,
        ReferenceClash::InvalidationBatchAlreadyExists => ApiError::BATCH_ALREADY_EXISTS,
    }
}

fn created(route: &Route, invalidation: &Invalidation, now: DateTime<Utc>) -> Answer {
    let kind = route.operation.resource();
    let location = format!(
        "https://cloudfront.amazonaws.com/2020-05-31/{kind}/{}/invalidation/{}",
        route.target, invalidation.id
    );
    Answer {
        status: StatusCode::CREATED,
        location: Some(location),
        ..Answer::ok(document(invalidation, now))
    }
}

fn document(invalidation: &Invalidation, now: DateTime<Utc>) -> String {
    Writer::document("Invalidation", |xml| {
        xml.leaf("Id", &invalidation.id);
        xml.leaf("Status", invalidation.status(now));
        xml.leaf("CreateTime", time(invalidation.created));
        xml.node("InvalidationBatch", |xml| {
            xml.node("Paths", |xml| {
                xml.items(&invalidation.items, |xml, item| xml.leaf("Path", item.text()));
            });
            xml.leaf("CallerReference", &invalidation.caller_reference);
        });
    })
}
