//! The tenants page: whose site is it?

use crate::app::list::{List, matching};
use crate::app::model::Model;
use crate::domain::distribution::{DistributionId, Target, Tenant, TenantId};

/// The columns it can be sorted by; the first is CloudFront's own order.
pub const SORTS: [&str; 5] = ["as listed", "Domains", "Name", "Id", "Status"];

/// What a click on each heading sorts by; empty: nothing.
pub const SORT_OF_COLUMN: [&str; 5] = ["Domains", "Name", "Id", "Status", "Status"];

/// The state of the page.
#[derive(Debug)]
pub struct Tenants {
    /// Whose tenants.
    pub distribution: DistributionId,
    /// The rows.
    pub list: List<TenantId>,
}

impl Tenants {
    /// The tenants of a distribution.
    #[must_use]
    pub fn new(distribution: DistributionId) -> Self {
        Self {
            distribution,
            list: List::default(),
        }
    }

    /// Fills the rows anew: favourites first, then by the chosen column.
    pub(crate) fn refill(&mut self, model: &Model) {
        let all = model
            .engine
            .tenants
            .of(&self.distribution)
            .map_or(&[][..], |list| list.all());
        let mut rows = matching(all.iter().collect(), self.list.filter.value(), |tenant| {
            haystack(tenant)
        });
        let sort = self.list.sort;
        rows.sort_by_cached_key(|tenant| (!is_favourite(model, &tenant.id), sort_key(tenant, sort)));
        let rows = rows.into_iter().map(|tenant| tenant.id.clone()).collect();
        self.list.show(rows, all.len());
    }
}

/// Whether a person keeps it at the top.
#[must_use]
pub fn is_favourite(model: &Model, id: &TenantId) -> bool {
    // No favourites, no id to build: this runs for every row.
    !model.engine.favourites.is_empty() && model.engine.favourites.contains(&Target::Tenant(id.clone()))
}

/// Everything by which a person may know it.
fn haystack(tenant: &Tenant) -> String {
    let domains = tenant.domains.iter().map(|own| own.domain.as_str());
    let words = domains.chain([tenant.name.as_str(), tenant.id.as_str()]);
    words.collect::<Vec<_>>().join(" ")
}

fn sort_key(tenant: &Tenant, sort: usize) -> String {
    match SORTS.get(sort).copied() {
        Some("Domains") => tenant.label().to_lowercase(),
        Some("Name") => tenant.name.to_lowercase(),
        Some("Id") => tenant.id.to_string(),
        Some("Status") => format!("{}{}{}", !tenant.is_deployed(), tenant.enabled, tenant.label()),
        _ => String::new(),
    }
}
