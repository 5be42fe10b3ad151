//! Data about a command's targets, collected before anything is sent to them.

use std::collections::BTreeSet;

use super::engine::Known;
use super::error::Error;
use super::policies::Policies;
use super::targets;
use crate::domain::behavior::CacheBehavior;
use crate::domain::distribution::{
    AccountId, Distribution, DistributionConfig, DistributionId, Target, Tenant, TenantFilter, TenantId, account_of,
};
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::lint::Context;
use crate::domain::target::TargetName;
use crate::engine::effect::{Answer, Call};
use crate::runtime::cloudfront::CloudFront;

/// A target with the data that CloudFront returns about it, as far as the permissions allow.
#[derive(Clone, Debug)]
pub(super) struct Aim {
    /// The target.
    pub(super) target: Target,
    /// The distribution, or the tenant's distribution.
    pub(super) distribution: Option<Distribution>,
    /// The response from `GetDistribution`.
    config: Option<DistributionConfig>,
    /// The tenant, if the target is one.
    pub(super) tenant: Option<Tenant>,
}

/// A command's targets, and the other distributions of the account.
pub(super) struct Aims {
    /// The targets in the order in which they were named, without duplicates.
    pub(super) all: Vec<Aim>,
    /// All distributions; `None` if they may not be listed.
    listed: Option<Vec<Distribution>>,
    /// The policies of the targets.
    policies: Policies,
    /// The account named in a refusal.
    refused: Option<AccountId>,
}

impl Aim {
    /// Returns the target's display name.
    pub(super) fn label(&self) -> String {
        match (&self.tenant, &self.distribution) {
            (Some(tenant), _) => tenant.label().to_owned(),
            (None, Some(distribution)) => distribution.label().to_owned(),
            (None, None) => self.target.to_string(),
        }
    }

    /// Returns whether the target is itself a multi-tenant distribution.
    pub(super) fn is_multi_tenant(&self) -> bool {
        let distribution = self
            .distribution
            .as_ref()
            .filter(|_| matches!(self.target, Target::Distribution(_)));
        distribution.is_some_and(Distribution::is_multi_tenant)
    }

    /// Returns whether the distribution's configuration is known.
    pub(super) fn is_described(&self) -> bool {
        self.config.is_some()
    }

    /// Returns whether the target was deployed when it was read; `false` if the target may not be read.
    pub(super) fn is_deployed(&self) -> bool {
        match (&self.target, &self.tenant, &self.distribution) {
            (Target::Tenant(_), tenant, _) => tenant.as_ref().is_some_and(Tenant::is_deployed),
            (Target::Distribution(_), _, distribution) => distribution.as_ref().is_some_and(Distribution::is_deployed),
        }
    }

    /// Returns the account that owns the target.
    pub(super) fn account(&self) -> Option<AccountId> {
        let of_tenant = self.tenant.as_ref().and_then(|tenant| account_of(&tenant.arn));
        of_tenant.or_else(|| self.distribution.as_ref().and_then(Distribution::account))
    }

    fn context(&self, policies: &Policies) -> Context {
        let context = self
            .distribution
            .as_ref()
            .map(|one| Context::of(one, self.config.as_ref()));
        let mut context = context.unwrap_or_default().with_keys(|policy| policies.key(policy));
        context.tags_denied = self.config.is_none();
        match (context, &self.tenant) {
            (context, Some(tenant)) => context.for_tenant(tenant),
            (context, None) => context,
        }
    }
}

impl Aims {
    /// Returns the lint context for a list that is sent to all of these targets.
    pub(super) fn context(&self, of: &[Aim]) -> Context {
        let known = of.iter().map(|aim| aim.context(&self.policies)).reduce(Context::and);
        let mut known = known.unwrap_or_default();
        known.staging_twin = of.iter().find_map(|aim| self.twin(aim));
        known.among(self.listed.iter().flatten())
    }

    /// Returns the id, or else the domain name, of a target's staging distribution, unless that is itself one of the
    /// targets.
    fn twin(&self, aim: &Aim) -> Option<String> {
        let config = aim
            .config
            .as_ref()
            .filter(|_| matches!(aim.target, Target::Distribution(_)))?;
        let name = self.policies.staging_name(config.continuous_deployment.as_ref()?)?;
        let Some(twin) = self.listed.iter().flatten().find(|one| one.answers_to(name)) else {
            return Some(name.to_owned());
        };
        let is_aim = |aim: &Aim| aim.target == Target::Distribution(twin.id.clone());
        (!self.all.iter().any(is_aim)).then(|| twin.id.to_string())
    }

    /// Reads each of the targets' policies once, and returns the actions that were denied.
    pub(super) async fn read_policies(&mut self, cloudfront: &CloudFront) -> Vec<&'static str> {
        let distributions = self.all.iter().filter_map(|aim| aim.distribution.as_ref());
        let behaviors = distributions.flat_map(|one| &one.behaviors);
        let keys: BTreeSet<_> = behaviors.filter_map(CacheBehavior::unknown_policy).cloned().collect();
        let configs = self.all.iter().filter_map(|aim| aim.config.as_ref());
        let configs = configs.filter(|config| !config.distribution.staging);
        let deployments = configs
            .filter_map(|config| config.continuous_deployment.clone())
            .collect();
        self.policies.read(cloudfront, keys, deployments).await
    }

    /// Returns the target that serves a host.
    pub(super) async fn with_host(&self, cloudfront: &CloudFront, host: &str) -> Result<Target, Error> {
        let of_tenant = self
            .all
            .iter()
            .find(|aim| aim.tenant.as_ref().is_some_and(|tenant| tenant.answers_to(host)));
        match of_tenant {
            Some(aim) => Ok(aim.target.clone()),
            None => targets::with_host(cloudfront, self.listed.as_deref().unwrap_or_default(), host).await,
        }
    }

    /// Returns the data to pass to the core.
    pub(super) fn known(&self) -> Known {
        Known {
            distributions: self.all.iter().filter_map(|aim| aim.distribution.clone()).collect(),
            tenants: self.all.iter().filter_map(|aim| aim.tenant.clone()).collect(),
            invalidations: Vec::new(),
        }
    }

    /// Returns the account, if it can be determined from the targets.
    pub(super) fn account(&self) -> Option<AccountId> {
        let listed = self.listed.iter().flatten().find_map(Distribution::account);
        let told = self.all.iter().find_map(Aim::account).or(listed);
        told.or_else(|| self.refused.clone())
    }
}

/// Finds all targets and reads their details. If a target does not exist, the error names it.
pub(super) async fn find(cloudfront: &CloudFront, names: &[String]) -> Result<Aims, Error> {
    let names: Vec<TargetName> = names
        .iter()
        .map(|name| targets::parse(name))
        .collect::<Result<_, _>>()?;
    let (listed, refused) = match targets::all(cloudfront).await {
        Ok(all) => (Some(all), None),
        Err(failure) if failure.is_denied() => (None, who(&failure)),
        Err(failure) => return Err(failure.into()),
    };
    let mut aims = Aims {
        all: Vec::new(),
        listed,
        policies: Policies::default(),
        refused,
    };
    for name in names {
        let target = match name {
            TargetName::Id(target) => target,
            TargetName::Tenant(word) => Target::Tenant(TenantId::new(word)),
            TargetName::Host(host) => match &aims.listed {
                Some(listed) => targets::with_host(cloudfront, listed, &host).await?,
                None => return Err(unlisted(&host)),
            },
        };
        let aim = describe(cloudfront, aims.listed.as_deref(), target).await?;
        if aims.all.iter().all(|known| known.target != aim.target) {
            aims.all.push(aim);
        }
    }
    Ok(aims)
}

/// Finds every tenant of these multi-tenant distributions that satisfies the filter. The list contains enough data
/// about the tenants, so none is requested individually.
pub(super) async fn find_tenants(
    cloudfront: &CloudFront,
    names: &[String],
    which: &TenantFilter,
) -> Result<Aims, Error> {
    let parents = find(cloudfront, names).await?;
    let (mut all, mut met) = (Vec::new(), BTreeSet::new());
    for parent in &parents.all {
        let tenants = targets::tenants(cloudfront, parent_id(parent)?).await?;
        // If tenants are created while the pages are being read, a tenant may be on two of them.
        let found = tenants
            .into_iter()
            .filter(|tenant| which.finds(tenant) && met.insert(tenant.id.clone()));
        let found: Vec<Aim> = found.map(|tenant| of_parent(parent, tenant)).collect();
        if found.is_empty() {
            return Err(Error::Target(format!(
                "{} has no such tenant, so nothing was sent; list them with `aws cloudfront list-distribution-tenants`",
                parent.target
            )));
        }
        all.extend(found);
    }
    Ok(Aims { all, ..parents })
}

fn parent_id(parent: &Aim) -> Result<DistributionId, Error> {
    match &parent.target {
        Target::Distribution(id) if parent.is_multi_tenant() || parent.distribution.is_none() => Ok(id.clone()),
        target => Err(Error::Target(format!(
            "{target} is not a multi-tenant distribution and has no tenants; remove --all-tenants"
        ))),
    }
}

fn of_parent(parent: &Aim, tenant: Tenant) -> Aim {
    Aim {
        target: Target::Tenant(tenant.id.clone()),
        tenant: Some(tenant),
        ..parent.clone()
    }
}

fn unlisted(host: &str) -> Error {
    Error::Target(format!(
        "{host} cannot be looked up without permission for cloudfront:ListDistributions; use the distribution's id"
    ))
}

/// Returns the data about a target, or an error if the target does not exist. Details that the permissions do not allow
/// are omitted.
pub(super) async fn describe(
    cloudfront: &CloudFront,
    listed: Option<&[Distribution]>,
    target: Target,
) -> Result<Aim, Error> {
    let tenant = match &target {
        Target::Tenant(id) => tenant(cloudfront, id).await?,
        Target::Distribution(_) => None,
    };
    let id = match (&target, &tenant) {
        (Target::Distribution(id), _) => Some(id.clone()),
        (Target::Tenant(_), tenant) => tenant.as_ref().map(|tenant| tenant.distribution.clone()),
    };
    let summary = listed
        .and_then(|all| all.iter().find(|one| Some(&one.id) == id.as_ref()))
        .cloned();
    if listed.is_some() && summary.is_none() && matches!(target, Target::Distribution(_)) {
        return Err(targets::unknown(target.id()));
    }
    let config = match &id {
        Some(id) => config(cloudfront, id, summary.is_none()).await?,
        None => None,
    };
    // If the target was given by a tenant's name, replace the name with the tenant's id, which requests need.
    let target = tenant
        .as_ref()
        .map_or(target, |tenant| Target::Tenant(tenant.id.clone()));
    Ok(Aim {
        target,
        distribution: summary.or_else(|| config.as_ref().map(|config| config.distribution.clone())),
        config,
        tenant,
    })
}

async fn tenant(cloudfront: &CloudFront, id: &TenantId) -> Result<Option<Tenant>, Error> {
    let found = cloudfront.call(Call::GetTenant(id.clone())).await;
    match found.and_then(Box::<Tenant>::try_from) {
        Ok(tenant) => Ok(Some(*tenant)),
        Err(failure) => match failure.kind() {
            Some(RefusalKind::NotFound) => Err(targets::unknown(id.as_str())),
            Some(RefusalKind::AccessDenied) => Ok(None),
            _ => Err(failure.into()),
        },
    }
}

/// Returns the configuration, which helps check the items, or `None` if it cannot be read. If `must_exist` is set, a
/// distribution that CloudFront does not find is an error.
async fn config(
    cloudfront: &CloudFront,
    id: &DistributionId,
    must_exist: bool,
) -> Result<Option<DistributionConfig>, Error> {
    match cloudfront.call(Call::GetDistribution(id.clone())).await {
        Ok(Answer::Distribution(config)) => Ok(Some(*config)),
        Err(failure) if must_exist && failure.kind() == Some(RefusalKind::NotFound) => {
            Err(targets::unknown(id.as_str()))
        }
        Ok(_) | Err(_) => Ok(None),
    }
}

/// Returns the account of the identity that was refused, if CloudFront names it.
fn who(failure: &Failure) -> Option<AccountId> {
    failure.refusal().and_then(Refusal::identity).and_then(account_of)
}
