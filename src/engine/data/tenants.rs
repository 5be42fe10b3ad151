//! The distribution tenants that have been loaded.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::domain::distribution::{ConnectionGroupId, DistributionId, Tenant, TenantId};
use crate::domain::invalidation::Page;
use crate::engine::data::Freshness;
use crate::engine::data::rows::Rows;

/// The tenants of one multi-tenant distribution.
#[derive(Clone, Debug, Default)]
pub struct TenantList {
    rows: Rows<Tenant>,
    /// Whether all pages have been loaded at least once.
    pub complete: bool,
    /// The marker of the next page to read; `None` means there is none, or it has already been requested.
    pub next: Option<String>,
    /// The age of the data.
    pub freshness: Freshness,
}

impl TenantList {
    /// Returns all tenants, in CloudFront's order.
    #[must_use]
    pub fn all(&self) -> &[Tenant] {
        self.rows.all()
    }

    /// Returns whether the last reload is complete, with no request in flight.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.complete && self.next.is_none() && self.freshness.loading.is_none() && self.freshness.failure.is_none()
    }

    /// Starts reloading the list from its first page.
    pub fn begin(&mut self) {
        self.rows.begin();
        self.next = None;
    }

    /// Adds a page.
    pub fn take_page(&mut self, page: Page<Tenant>, now: DateTime<Utc>) {
        self.rows.take_page(page.items, page.next.is_none());
        self.freshness.answered(now);
        self.complete |= page.next.is_none();
        self.next = page.next;
    }
}

/// The known tenants of all distributions.
#[derive(Clone, Debug, Default)]
pub struct Tenants {
    lists: HashMap<DistributionId, TenantList>,
    homes: HashMap<TenantId, DistributionId>,
    /// The tenants that `GetDistributionTenant` returned.
    described: HashMap<TenantId, Tenant>,
    /// The labels that tenants had when something was sent to them. The ledger stores nothing else about tenants.
    names: HashMap<TenantId, String>,
    /// The routing endpoints of the connection groups read so far; `None` means that the group has none.
    groups: HashMap<ConnectionGroupId, Option<String>>,
    /// The tenants requested so far. Each is requested only once, even if permission is denied.
    asked: HashSet<TenantId>,
}

impl Tenants {
    /// Returns the tenants of a distribution, if they have ever been requested.
    #[must_use]
    pub fn of(&self, distribution: &DistributionId) -> Option<&TenantList> {
        self.lists.get(distribution)
    }

    /// Returns the tenants of a distribution, creating an empty list if needed.
    pub fn entry(&mut self, distribution: &DistributionId) -> &mut TenantList {
        self.lists.entry(distribution.clone()).or_default()
    }

    /// Adds a page of a distribution's tenants.
    pub fn take_page(&mut self, distribution: &DistributionId, page: Page<Tenant>, now: DateTime<Utc>) {
        let ids = page.items.iter().map(|tenant| tenant.id.clone());
        self.homes.extend(ids.map(|id| (id, distribution.clone())));
        self.entry(distribution).take_page(page, now);
    }

    /// Stores the description of a tenant.
    pub fn describe(&mut self, tenant: Tenant) {
        self.described.insert(tenant.id.clone(), tenant);
    }

    /// Returns whether the tenant is unknown and has not been requested yet. If so, marks it as requested.
    pub fn must_ask(&mut self, id: &TenantId) -> bool {
        self.get(id).is_none() && self.asked.insert(id.clone())
    }

    /// Stores the routing endpoint of a connection group, or the fact that the group has none.
    pub fn take_endpoint(&mut self, group: ConnectionGroupId, endpoint: Option<String>) {
        self.groups.insert(group, endpoint);
    }

    /// Returns the routing endpoint of a connection group: `Some(None)` if it has none, `None` before it is read.
    #[must_use]
    pub fn endpoint(&self, group: &ConnectionGroupId) -> Option<Option<&str>> {
        self.groups.get(group).map(Option::as_deref)
    }

    /// Returns the tenant with this id.
    #[must_use]
    pub fn get(&self, id: &TenantId) -> Option<&Tenant> {
        let listed = self.homes.get(id).and_then(|home| self.lists.get(home)?.rows.get(id));
        listed.or_else(|| self.described.get(id))
    }

    /// Returns the loaded tenant that serves this host.
    #[must_use]
    pub fn by_host(&self, host: &str) -> Option<&Tenant> {
        self.all().find(|tenant| tenant.answers_to(host))
    }

    /// Returns all known tenants of all distributions; a tenant may appear twice.
    pub fn all(&self) -> impl Iterator<Item = &Tenant> {
        let listed = self.lists.values().flat_map(TenantList::all);
        listed.chain(self.described.values())
    }

    /// Stores the label that a tenant had when something was sent to it.
    pub fn remember_name(&mut self, id: &TenantId, name: &str) {
        if name != id.as_str() {
            self.names.insert(id.clone(), name.to_owned());
        }
    }

    /// Returns the tenant's display name: its domain if known, otherwise its earlier label or its id.
    #[must_use]
    pub fn label<'a>(&'a self, id: &'a TenantId) -> &'a str {
        match self.get(id) {
            Some(tenant) => tenant.label(),
            None => self.names.get(id).map_or(id.as_str(), String::as_str),
        }
    }
}
