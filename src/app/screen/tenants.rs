//! The tenants page.

use crate::app::list::{List, Source, arranged};
use crate::app::table::{self, Arrangements, Table, Value};
use crate::domain::distribution::{DistributionId, Target, Tenant, TenantId};
use crate::engine::state::Engine;

/// The state of the tenants page.
#[derive(Debug)]
pub struct Tenants {
    /// The distribution whose tenants are shown.
    pub distribution: DistributionId,
    /// The rows.
    pub list: List<TenantId>,
    /// Whether the user wants to invalidate all tenants that match the filter once all tenants are loaded.
    pub wants_all: bool,
}

impl Tenants {
    /// Creates the page for a distribution's tenants.
    #[must_use]
    pub fn new(distribution: DistributionId) -> Self {
        Self {
            distribution,
            list: List::default(),
            wants_all: false,
        }
    }

    /// Rebuilds the rows: favorites first, then sorted by the chosen column.
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
            // Tenants that need attention come first.
            "Status" => Value::Number(
                i64::from(tenant.is_deployed()) * 2 + i64::from(tenant.enabled),
                tenant.status.clone(),
            ),
            "" => Value::Nothing,
            _ => Value::text(tenant.cell(column)),
        }
    }

    fn is_pinned(&self, tenant: &&Tenant) -> bool {
        is_favorite(self, &tenant.id)
    }
}

/// Returns whether the user has pinned a tenant.
#[must_use]
pub fn is_favorite(engine: &Engine, id: &TenantId) -> bool {
    // This runs for every row, so it avoids cloning the id if there are no favorites.
    !engine.favorites.is_empty() && engine.favorites.contains(&Target::Tenant(id.clone()))
}
