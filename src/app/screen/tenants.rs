//! The tenants page: whose site is it?

use crate::app::list::{List, Source, arranged};
use crate::app::model::Model;
use crate::app::table::{self, Table, Value};
use crate::domain::distribution::{DistributionId, Target, Tenant, TenantId};

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
        let table = (Table::Tenants, &model.arrangements);
        let rows = arranged(all.iter().collect(), table, self.list.view.filter.value(), model);
        let rows = rows.into_iter().map(|tenant| tenant.id.clone()).collect();
        self.list.show(rows, all.len());
    }
}

impl Source<&Tenant> for Model {
    fn whole(&self, tenant: &&Tenant) -> String {
        haystack(tenant)
    }

    fn value(&self, tenant: &&Tenant, column: usize) -> Value {
        let domains = || tenant.domains.iter().map(|own| own.domain.as_str());
        match table::TENANTS.get(column).map_or("", |column| column.name) {
            "Domains" => Value::text(domains().collect::<Vec<_>>().join(" ")),
            "Name" => Value::text(&tenant.name),
            "Id" => Value::text(tenant.id.as_str()),
            // What is not as it should be comes first.
            "Status" => Value::Number(
                i64::from(tenant.is_deployed()) * 2 + i64::from(tenant.enabled),
                tenant.status.clone(),
            ),
            _ => Value::Nothing,
        }
    }

    fn is_pinned(&self, tenant: &&Tenant) -> bool {
        is_favourite(self, &tenant.id)
    }
}

/// Whether a person keeps it at the top.
#[must_use]
pub fn is_favourite(model: &Model, id: &TenantId) -> bool {
    // No favourites, no id to build: this runs for every row.
    !model.engine.favourites.is_empty() && model.engine.favourites.contains(&Target::Tenant(id.clone()))
}

/// Everything by which a person may know it.
pub(in crate::app) fn haystack(tenant: &Tenant) -> String {
    let domains = tenant.domains.iter().map(|own| own.domain.as_str());
    let words = domains.chain([tenant.name.as_str(), tenant.id.as_str()]);
    words.collect::<Vec<_>>().join(" ")
}
