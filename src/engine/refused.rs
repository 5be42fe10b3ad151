//! What credentials may and may not do, as far as it was seen: what was refused is not asked for again and again.

use std::collections::BTreeMap;

use crate::domain::distribution::{DistributionId, Target};
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::engine::effect::Answer;
use crate::engine::purpose::Purpose;
use crate::engine::state::Engine;

/// So many targets of an operation may be denied before nothing is asked of the others that no person asked for.
const FEW: usize = 2;

/// An operation, and the target where it has one.
pub type Right = (String, Option<Target>);

/// What was allowed and denied since the credentials were loaded.
#[derive(Clone, Debug, Default)]
pub struct Rights {
    seen: BTreeMap<Right, Result<(), String>>,
}

impl Rights {
    /// All that was seen: `Err` is CloudFront's sentence.
    pub fn seen(&self) -> impl Iterator<Item = (&Right, &Result<(), String>)> {
        self.seen.iter()
    }

    /// Why this was denied, if it was.
    pub(crate) fn denied(&self, right: &Right) -> Option<&str> {
        self.seen.get(right)?.as_ref().err().map(String::as_str)
    }

    /// Whether what only `GetDistribution` tells of a distribution is denied.
    pub(crate) fn may_not_describe(&self, id: &DistributionId) -> bool {
        let right = (DESCRIBE.to_owned(), Some(Target::Distribution(id.clone())));
        self.denied(&right).is_some()
    }

    /// Whether an operation was denied on as many targets as tell of the others.
    pub(crate) fn is_denied_everywhere(&self, operation: &str) -> bool {
        let denied = self
            .seen
            .iter()
            .filter(|((of, _), seen)| *of == operation && seen.is_err());
        denied.take(FEW).count() == FEW
    }

    /// A person asks again: what was denied may be granted by now.
    pub(crate) fn forget_denied(&mut self, concerns: impl Fn(Option<&Target>) -> bool) {
        self.seen
            .retain(|(_, target), seen| seen.is_ok() || !concerns(target.as_ref()));
    }
}

/// What a call needs to be allowed.
pub(crate) fn right_of(purpose: &Purpose) -> Option<Right> {
    let (operation, target) = match purpose {
        Purpose::Distributions => ("ListDistributions".to_owned(), None),
        Purpose::Describe(id) => (DESCRIBE.to_owned(), Some(Target::Distribution(id.clone()))),
        Purpose::Tenants(_) => ("ListDistributionTenants".to_owned(), None),
        Purpose::DescribeTenant(id) => ("GetDistributionTenant".to_owned(), Some(Target::Tenant(id.clone()))),
        Purpose::FirstPage(target, _) | Purpose::OlderPage(target) => {
            (target.operation("ListInvalidations"), Some(target.clone()))
        }
        Purpose::Look(target, _) | Purpose::Items(target, _) => (target.operation(GET), Some(target.clone())),
        _ => return None,
    };
    Some((operation, target))
}

/// The operation that tells whether a distribution has cache tags.
const DESCRIBE: &str = "GetDistribution";

/// The operation that the overview reads of many distributions.
pub(crate) const GET: &str = "GetInvalidation";

/// Learns from an answer what is allowed, and whether the credentials are any good.
pub(crate) fn answered(engine: &mut Engine, purpose: &Purpose, result: &Result<Answer, Failure>) {
    learn(engine, purpose, result);
    match result {
        Ok(_) => {
            engine.queue.logins_looked_for = 0;
            crate::engine::reads::unlock(engine);
        }
        Err(failure) if failure.needs_login() => crate::engine::reads::lock(engine),
        Err(_) => {}
    }
}

fn learn(engine: &mut Engine, purpose: &Purpose, result: &Result<Answer, Failure>) {
    let right = match purpose {
        Purpose::Create(id) => engine.queue.get(id).map(|submission| {
            let target = submission.target.clone();
            (target.operation("CreateInvalidation"), Some(target))
        }),
        purpose => right_of(purpose),
    };
    let seen = match result {
        Ok(_) => Ok(()),
        Err(failure) if is_denied(failure) => Err(failure.to_string()),
        Err(_) => return,
    };
    if let Some(right) = right {
        engine.rights.seen.insert(right, seen);
    }
}

fn is_denied(failure: &Failure) -> bool {
    failure.refusal().map(Refusal::kind) == Some(RefusalKind::AccessDenied)
}
