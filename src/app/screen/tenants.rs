//! The tenants page: whose site is it? And the way to all of them at once.

use chrono::TimeDelta;

use super::{Screen, composer};
use crate::app::keys::is_text;
use crate::app::list::{List, Source, arranged};
use crate::app::model::Model;
use crate::app::table::{self, Table, Value};
use crate::domain::distribution::{DistributionId, Target, Tenant, TenantId};
use crate::engine::data::tenants::TenantList;
use crate::engine::notices::Level;
use crate::engine::tenants;

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
pub fn is_favourite(model: &Model, id: &TenantId) -> bool {
    // No favourites, no id to build: this runs for every row.
    !model.engine.favourites.is_empty() && model.engine.favourites.contains(&Target::Tenant(id.clone()))
}

/// A list that was read so recently is taken for whole: nobody waits twice for the same pages.
const FRESH: TimeDelta = TimeDelta::minutes(1);

/// A person wants all tenants that the filter shows: they are composed for as soon as every page was read.
pub(in crate::app) fn want_all(model: &mut Model) {
    let Screen::Tenants(screen) = model.screen_mut() else {
        return;
    };
    screen.wants_all = true;
    let distribution = screen.distribution.clone();
    let now = model.engine.now;
    let is_fresh = |list: &TenantList| list.is_whole() && list.freshness.as_of.is_some_and(|read| now - read < FRESH);
    if !model.engine.tenants.of(&distribution).is_some_and(is_fresh) {
        tenants::refresh(&mut model.engine, &distribution);
        let text = "reading all tenants; the composer opens when they are read";
        model.engine.say(Level::Info, text);
    }
}

/// Opens the composer for all tenants that the filter shows, once they were all read and nobody is typing.
pub(in crate::app) fn follow(model: &mut Model) {
    let waits = matches!(model.screen(), Screen::Tenants(screen) if screen.wants_all);
    if !waits || !model.overlays.is_empty() || is_text(model) {
        return;
    }
    let Screen::Tenants(screen) = model.screen() else {
        return;
    };
    let list = model.engine.tenants.of(&screen.distribution);
    let answered = list.filter(|list| list.freshness.loading.is_none());
    let failure = answered.and_then(|list| list.freshness.failure.clone());
    if failure.is_none() && !list.is_some_and(TenantList::is_whole) {
        return;
    }
    let targets: Vec<Target> = screen.list.rows().iter().cloned().map(Target::Tenant).collect();
    if let Screen::Tenants(screen) = model.screen_mut() {
        screen.wants_all = false;
    }
    match failure {
        Some(failure) => model.engine.say(
            Level::Warning,
            format!("not all tenants could be read, so none was chosen: {failure}"),
        ),
        None if targets.is_empty() => model.engine.say(Level::Info, "no tenants to invalidate here"),
        None => composer::open(model, targets, None),
    }
}
