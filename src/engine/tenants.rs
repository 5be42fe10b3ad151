//! The tenants of multi-tenant distributions: loaded page by page while the user looks at them, or individually by id.

use crate::domain::distribution::{Distribution, DistributionId, Target, Tenant, TenantId, account_of};
use crate::domain::failure::Failure;
use crate::domain::invalidation::Page;
use crate::domain::target::TargetName;
use crate::engine::effect::Call;
use crate::engine::news::News;
use crate::engine::pending::CallRequest;
use crate::engine::seen::Seen;
use crate::engine::session::Session;
use crate::engine::state::Engine;
use crate::engine::{fleet, reads};

/// Returns the distribution whose tenants the user is looking at.
fn looked_at(engine: &Engine) -> Option<DistributionId> {
    match &engine.seen {
        Seen::Tenants(distribution) => Some(distribution.clone()),
        Seen::Distributions | Seen::Invalidations(_) | Seen::Row(_) | Seen::History | Seen::List => None,
    }
}

/// Loads the tenants that are still missing from the page that the user has just opened.
pub(crate) fn looked_at_changed(engine: &mut Engine) {
    let Some(distribution) = looked_at(engine) else { return };
    match engine.tenants.of(&distribution) {
        Some(list) if list.next.is_some() => go_on(engine, &distribution),
        Some(list) if list.complete || list.freshness.failure.is_some() => {}
        Some(_) | None => refresh(engine, &distribution),
    }
}

/// Reloads the tenants of a distribution from the first page, unless they are being loaded.
pub(crate) fn refresh(engine: &mut Engine, distribution: &DistributionId) {
    let list = engine.tenants.entry(distribution);
    if list.freshness.loading.is_none() {
        list.begin();
        ask(engine, distribution, None);
    }
}

/// Loads the next page, but only while the user is looking at the tenants, because there may be thousands.
fn go_on(engine: &mut Engine, distribution: &DistributionId) {
    let seen = looked_at(engine).as_ref() == Some(distribution);
    let list = engine.tenants.entry(distribution);
    if let Some(marker) = list.next.take_if(|_| seen && list.freshness.loading.is_none()) {
        ask(engine, distribution, Some(marker));
    }
}

/// Requests a page, as soon as the pace allows.
fn ask(engine: &mut Engine, distribution: &DistributionId, marker: Option<String>) {
    let call = Call::ListTenants {
        distribution: distribution.clone(),
        marker,
    };
    let request = reads::open(engine, CallRequest::Tenants(distribution.clone()), call);
    engine.tenants.entry(distribution).freshness.asked(request);
    engine.touch();
}

/// Adds a page of a distribution's tenants and requests the next one, or records the failure to read the page.
pub(crate) fn listed(engine: &mut Engine, distribution: &DistributionId, result: Result<Page<Tenant>, Failure>) {
    match result {
        Ok(page) => {
            fleet::learn_account(engine, page.items.first().and_then(|tenant| account_of(&tenant.arn)));
            let now = engine.now;
            engine.tenants.take_page(distribution, page, now);
            go_on(engine, distribution);
        }
        Err(failure) => {
            engine.tenants.entry(distribution).freshness.failed(failure);
        }
    }
    engine.redraw_rows();
}

/// Requests a tenant that is in no list because it was opened by its id, or is known only from an earlier run.
pub(crate) fn describe(engine: &mut Engine, id: &TenantId) {
    if matches!(engine.session, Session::Connected(_)) && engine.tenants.must_ask(id) {
        let kind = CallRequest::DescribeTenant(id.clone());
        reads::open(engine, kind, Call::GetTenant(id.clone()));
    }
}

/// Stores a tenant's details. A failure to read them is ignored, because the permission is optional.
pub(crate) fn described(engine: &mut Engine, id: &TenantId, result: Result<Tenant, Failure>) {
    let Ok(tenant) = result else { return };
    fleet::learn_account(engine, account_of(&tenant.arn));
    engine.tenants.describe(tenant);
    engine.tell(News::Described(Target::Tenant(id.clone())));
    engine.redraw_rows();
}

/// Returns whether CloudFront can be asked for a name. Asking is pointless if no distribution can have tenants.
pub(crate) fn can_find(engine: &Engine, name: &TargetName) -> bool {
    let none = engine.fleet.complete && !engine.fleet.all().iter().any(Distribution::is_multi_tenant);
    !matches!(name, TargetName::Id(_)) && !none && matches!(engine.session, Session::Connected(_))
}

/// Asks CloudFront for a name that no distribution has, because the name may be a tenant's domain. Returns whether a
/// request was made. No request is made if no such tenant can exist.
pub(crate) fn find(engine: &mut Engine, name: &TargetName) -> bool {
    let call = match name {
        TargetName::Host(host) => Call::FindTenant(host.clone()),
        // CloudFront accepts a name instead of an id.
        TargetName::Tenant(name) => Call::GetTenant(TenantId::new(name)),
        TargetName::Id(_) => return false,
    };
    let asks = can_find(engine, name);
    if asks {
        reads::open(engine, CallRequest::FindTenant(name.clone()), call);
    }
    asks
}

/// Reports which tenant was found for a name, or that there is none or it could not be read.
pub(crate) fn found(engine: &mut Engine, name: &TargetName, result: Result<Tenant, Failure>) {
    let target = result.ok().map(|tenant| {
        let target = Target::Tenant(tenant.id.clone());
        engine.tenants.describe(tenant);
        target
    });
    engine.tell(News::Named(name.clone(), target));
}
