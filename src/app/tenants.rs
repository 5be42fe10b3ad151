//! The tenants of multi-tenant distributions: read page by page while somebody looks at them, or one by its id.

use super::effect::Call;
use super::model::{Model, Purpose, Session};
use super::news::News;
use super::seen::Seen;
use super::{fleet, reads};
use crate::domain::distribution::{Distribution, DistributionId, Target, Tenant, TenantId, account_of};
use crate::domain::failure::Failure;
use crate::domain::invalidation::Page;
use crate::domain::target::TargetName;

/// The distribution whose tenants are looked at.
fn looked_at(model: &Model) -> Option<DistributionId> {
    match &model.seen {
        Seen::Tenants(distribution) => Some(distribution.clone()),
        Seen::Distributions | Seen::Invalidations(_) | Seen::Row(_) | Seen::History | Seen::List => None,
    }
}

/// Another page is looked at: what is missing of its tenants is read, from where the reading stopped.
pub(super) fn looked_at_changed(model: &mut Model) {
    let Some(distribution) = looked_at(model) else { return };
    match model.tenants.of(&distribution) {
        Some(list) if list.next.is_some() => go_on(model, &distribution),
        Some(list) if list.complete || list.freshness.failure.is_some() => {}
        Some(_) | None => refresh(model, &distribution),
    }
}

/// Reads the tenants of a distribution from the first page on, unless they are being read.
pub(super) fn refresh(model: &mut Model, distribution: &DistributionId) {
    let list = model.tenants.entry(distribution);
    if list.freshness.loading.is_none() {
        list.begin();
        ask(model, distribution, None);
    }
}

/// Reads the next page while somebody looks: a distribution may have thousands of tenants.
fn go_on(model: &mut Model, distribution: &DistributionId) {
    let seen = looked_at(model).as_ref() == Some(distribution);
    let list = model.tenants.entry(distribution);
    if let Some(marker) = list.next.take_if(|_| seen && list.freshness.loading.is_none()) {
        ask(model, distribution, Some(marker));
    }
}

/// Asks for a page, as soon as the pace allows.
fn ask(model: &mut Model, distribution: &DistributionId, marker: Option<String>) {
    let call = Call::ListTenants {
        distribution: distribution.clone(),
        marker,
    };
    let request = reads::open(model, Purpose::Tenants(distribution.clone()), call);
    model.tenants.entry(distribution).freshness.asked(request);
    model.touch();
}

/// A page of a distribution's tenants came, or none will.
pub(super) fn listed(model: &mut Model, distribution: &DistributionId, result: Result<Page<Tenant>, Failure>) {
    match result {
        Ok(page) => {
            fleet::learn_account(model, page.items.first().and_then(|tenant| account_of(&tenant.arn)));
            let now = model.now;
            model.tenants.take_page(distribution, page, now);
            go_on(model, distribution);
        }
        Err(failure) => {
            model.tenants.entry(distribution).freshness.failed(failure);
        }
    }
    model.rows_changed();
    model.touch();
}

/// Asks who a tenant is that no list told of: opened by its id, or known from an earlier run alone.
pub(super) fn describe(model: &mut Model, id: &TenantId) {
    if matches!(model.session, Session::Connected(_)) && model.tenants.must_ask(id) {
        let purpose = Purpose::DescribeTenant(id.clone());
        reads::open(model, purpose, Call::GetTenant(id.clone()));
    }
}

/// A tenant is known better. That it cannot be is no news: a right for it is not needed.
pub(super) fn described(model: &mut Model, id: &TenantId, result: Result<Tenant, Failure>) {
    let Ok(tenant) = result else { return };
    fleet::learn_account(model, account_of(&tenant.arn));
    model.tenants.describe(tenant);
    model.tell(News::Described(Target::Tenant(id.clone())));
    model.rows_changed();
    model.touch();
}

/// Asks CloudFront for a name that no distribution has: it may be a tenant's domain. Returns whether it asks; it does not
/// where there is surely no tenant.
pub(super) fn find(model: &mut Model, name: &TargetName) -> bool {
    let none = model.fleet.complete && !model.fleet.all().iter().any(Distribution::is_multi_tenant);
    match name {
        TargetName::Host(host) if !none && matches!(model.session, Session::Connected(_)) => {
            reads::open(model, Purpose::FindTenant(name.clone()), Call::FindTenant(host.clone()));
            true
        }
        TargetName::Host(_) | TargetName::Id(_) => false,
    }
}

/// The tenant with this domain came, or there is none. Without the right for it nobody knows more than before.
pub(super) fn found(model: &mut Model, name: &TargetName, result: Result<Tenant, Failure>) {
    let target = result.ok().map(|tenant| {
        let target = Target::Tenant(tenant.id.clone());
        model.tenants.describe(tenant);
        target
    });
    model.tell(News::Named(name.clone(), target));
}
