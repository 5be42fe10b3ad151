//! Distribution tenants, as far as they were read.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::domain::distribution::{DistributionId, Tenant, TenantId};
use crate::domain::invalidation::Page;
use crate::engine::data::Freshness;
use crate::engine::data::rows::Rows;

/// The tenants of one multi-tenant distribution.
#[derive(Clone, Debug, Default)]
pub struct TenantList {
    rows: Rows<Tenant>,
    /// Whether all pages were read at least once.
    pub complete: bool,
    /// Where the next page of the reading begins; `None`: there is none, or it is being asked for.
    pub next: Option<String>,
    /// How fresh it is.
    pub freshness: Freshness,
}

impl TenantList {
    /// All of them, in CloudFront's order.
    #[must_use]
    pub fn all(&self) -> &[Tenant] {
        self.rows.all()
    }

    /// A reading begins with the first page.
    pub fn begin(&mut self) {
        self.rows.begin();
        self.next = None;
    }

    /// Takes a page.
    pub fn take_page(&mut self, page: Page<Tenant>, now: DateTime<Utc>) {
        self.rows.take_page(page.items, page.next.is_none());
        self.freshness.answered(now);
        self.complete |= page.next.is_none();
        self.next = page.next;
    }
}

/// Everything that is known of tenants.
#[derive(Clone, Debug, Default)]
pub struct Tenants {
    lists: HashMap<DistributionId, TenantList>,
    homes: HashMap<TenantId, DistributionId>,
    /// Those that `GetDistributionTenant` told of.
    described: HashMap<TenantId, Tenant>,
    /// What they were called when something was sent to them: all that an earlier run leaves of them.
    names: HashMap<TenantId, String>,
    /// Those that were asked about: once is enough, also where the right for it is missing.
    asked: HashSet<TenantId>,
}

impl Tenants {
    /// The tenants of a distribution, if any of them were asked for.
    #[must_use]
    pub fn of(&self, distribution: &DistributionId) -> Option<&TenantList> {
        self.lists.get(distribution)
    }

    /// The same, begun if need be.
    pub fn entry(&mut self, distribution: &DistributionId) -> &mut TenantList {
        self.lists.entry(distribution.clone()).or_default()
    }

    /// Takes a page of a distribution's tenants.
    pub fn take_page(&mut self, distribution: &DistributionId, page: Page<Tenant>, now: DateTime<Utc>) {
        let ids = page.items.iter().map(|tenant| tenant.id.clone());
        self.homes.extend(ids.map(|id| (id, distribution.clone())));
        self.entry(distribution).take_page(page, now);
    }

    /// Takes what is told of one.
    pub fn describe(&mut self, tenant: Tenant) {
        self.described.insert(tenant.id.clone(), tenant);
    }

    /// Whether it is not known and was not asked about; from now on it was.
    pub fn must_ask(&mut self, id: &TenantId) -> bool {
        self.get(id).is_none() && self.asked.insert(id.clone())
    }

    /// The tenant with this id.
    #[must_use]
    pub fn get(&self, id: &TenantId) -> Option<&Tenant> {
        let listed = self.homes.get(id).and_then(|home| self.lists.get(home)?.rows.get(id));
        listed.or_else(|| self.described.get(id))
    }

    /// The tenant that viewers reach under this host, among those that are known.
    #[must_use]
    pub fn by_host(&self, host: &str) -> Option<&Tenant> {
        self.all().find(|tenant| tenant.answers_to(host))
    }

    /// All that are known, of any distribution; one may come twice.
    pub fn all(&self) -> impl Iterator<Item = &Tenant> {
        let listed = self.lists.values().flat_map(TenantList::all);
        listed.chain(self.described.values())
    }

    /// Remembers what one was called when something was sent to it.
    pub fn remember_name(&mut self, id: &TenantId, name: &str) {
        if name != id.as_str() {
            self.names.insert(id.clone(), name.to_owned());
        }
    }

    /// What to call it: by its domain, else as it was called before, else by its id.
    #[must_use]
    pub fn label<'a>(&'a self, id: &'a TenantId) -> &'a str {
        match self.get(id) {
            Some(tenant) => tenant.label(),
            None => self.names.get(id).map_or(id.as_str(), String::as_str),
        }
    }
}
