//! Provides the lint with data about a list's targets.

use crate::app::act::composer::completion;
use crate::app::model::Model;
use crate::domain::distribution::{DistributionId, Target};
use crate::domain::lint::Context;
use crate::engine::{groups, policies};

/// Requests the data about a target that the lint needs and that the lists of targets do not contain.
pub(in crate::app) fn describe(model: &mut Model, target: &Target) {
    if let Target::Tenant(id) = target {
        groups::learn(&mut model.engine, id);
    }
    match (target, parent(model, target)) {
        (Target::Tenant(id), None) => crate::engine::tenants::describe(&mut model.engine, id),
        (_, Some(distribution)) => {
            crate::engine::fleet::describe(&mut model.engine, &distribution);
            policies::learn(&mut model.engine, &distribution);
        }
        (Target::Distribution(_), None) => {}
    }
}

/// Returns the distribution whose configuration applies to a target: the target itself or, for a tenant, its
/// distribution if known.
fn parent(model: &Model, target: &Target) -> Option<DistributionId> {
    match target {
        Target::Distribution(id) => Some(id.clone()),
        Target::Tenant(id) => model.engine.tenants.get(id).map(|tenant| tenant.distribution.clone()),
    }
}

/// Collects what the lint needs to know about the targets.
pub(in crate::app) fn context(model: &Model, targets: &[Target]) -> Context {
    let known = targets.iter().map(|target| {
        let distribution = parent(model, target).and_then(|id| model.engine.fleet.get(&id));
        let config = distribution.and_then(|distribution| model.engine.fleet.configs.get(&distribution.id));
        let context = distribution.map(|distribution| Context::of(distribution, config));
        let policies = &model.engine.fleet.policies;
        let mut context = context.unwrap_or_default().with_keys(|policy| policies.key(policy));
        context.staging_twin = twin(model, target, targets);
        context.tags_denied = parent(model, target).is_some_and(|id| model.engine.rights.may_not_describe(&id));
        match target {
            Target::Tenant(id) => match model.engine.tenants.get(id) {
                Some(tenant) => context.for_tenant(tenant),
                None => context,
            },
            Target::Distribution(_) => context,
        }
    });
    let known = known.reduce(Context::and).unwrap_or_default();
    known
        .among(model.engine.fleet.all())
        .among_tenants(model.engine.tenants.all())
}

/// Checks the lines again if new information about a distribution or tenant affects the composer's targets.
pub(in crate::app) fn context_changed(model: &mut Model, known: &Target) {
    let Some(targets) = model.composer_mut().map(|composer| composer.targets.clone()) else {
        return;
    };
    let concerns = |target: &Target| {
        let parent = parent(model, target).map(Target::Distribution);
        target == known || parent.as_ref() == Some(known)
    };
    if targets.iter().any(concerns) {
        describe(model, known);
        renew(model, &targets);
    }
}

/// Checks the lines again after a policy has been loaded, because it may belong to one of the targets.
pub(in crate::app) fn policy_read(model: &mut Model) {
    if let Some(targets) = model.composer().map(|composer| composer.targets.clone()) {
        renew(model, &targets);
    }
}

/// Checks the lines again with the current data about the targets.
fn renew(model: &mut Model, targets: &[Target]) {
    let context = context(model, targets);
    if let Some(composer) = model.composer_mut() {
        composer.analysis.set_context(context);
    }
    completion::refresh(model);
    model.engine.touch();
}

/// Returns the id of a distribution's staging distribution, or its domain name if the id is unknown. Returns `None` if
/// the staging distribution is already one of the targets.
fn twin(model: &Model, target: &Target, targets: &[Target]) -> Option<String> {
    let Target::Distribution(id) = target else { return None };
    let (name, twin) = policies::staging_twin(&model.engine, id)?;
    let Some(twin) = twin else { return Some(name.to_owned()) };
    let is_meant = targets.contains(&Target::Distribution(twin.id.clone()));
    (!is_meant).then(|| twin.id.to_string())
}
