//! The tenants page: whose site is it?

use crate::app::list::{List, Source, arranged};
use crate::app::table::{self, Arrangements, Table, Value};
use crate::domain::distribution::{DistributionId, Target, Tenant, TenantId};
use crate::engine::state::Engine;

/// The state of the page.
#[derive(Debug)]
pub struct Tenants {
    /// Whose tenants.
    pub distribution: DistributionId,
    /// The rows.
    pub list: List<TenantId>,
    /// Whether a person wants to invalidate all that the filter shows, as soon as all of them were read.
    pub wants_all: bool,
}

impl Tenants {
    /// The tenants of a distribution.
    #[must_use]
    pub fn new(distribution: DistributionId) -> Self {
        Self {
            distribution,
            list: List::default(),
            wants_all: false,
        }
    }

    /// Fills the rows anew: favourites first, then by the chosen column.
    pub(crate) fn refill(&mut self, engine: &Engine, arrangements: &Arrangements) {
        let all = engine.tenants.of(&self.distribution).map_or(&[][..], |list| list.all());
        let table = (Table::Tenants, arrangements);
        let rows = arranged(all.iter().collect(), table, self.list.view.filter.value(), engine);
        let rows = rows.into_iter().map(|tenant| tenant.id.clone()).collect();
        self.list.show(rows, all.len());
    }
}

impl Source<&Tenant> for Engine {
    fn whole(&self, tenant: &&Tenant) -> String {
        tenant.haystack()
    }

    fn value(&self, tenant: &&Tenant, column: usize) -> Value {
        match table::TENANTS.get(column).map_or("", |column| column.name) {
            // What is not as it should be comes first.
            "Status" => Value::Number(
                i64::from(tenant.is_deployed()) * 2 + i64::from(tenant.enabled),
                tenant.status.clone(),
            ),
            "" => Value::Nothing,
            _ => Value::text(tenant.cell(column)),
        }
    }

    fn is_pinned(&self, tenant: &&Tenant) -> bool {
        is_favourite(self, &tenant.id)
    }
}

/// Whether a person keeps it at the top.
#[must_use]
pub fn is_favourite(engine: &Engine, id: &TenantId) -> bool {
    // No favourites, no id to build: this runs for every row.
    !engine.favourites.is_empty() && engine.favourites.contains(&Target::Tenant(id.clone()))
}
