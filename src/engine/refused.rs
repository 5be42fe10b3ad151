//! Tracks which actions the current credentials were allowed or denied, so that denied requests are not repeated again
//! and again.

pub(crate) mod state;

pub use state::{Right, Rights};

use std::collections::BTreeSet;

use crate::domain::distribution::{Target, partition_of};
use crate::domain::failure::Failure;
use crate::domain::policy::{self, Denied};
use crate::domain::submission::{State, Submission};
use crate::engine::effect::Answer;
use crate::engine::pending::CallRequest;
use crate::engine::refused::state::right_of;
use crate::engine::state::Engine;

/// Records from a response whether an action is allowed or denied, and whether the credentials work.
pub(crate) fn answered(engine: &mut Engine, kind: &CallRequest, result: &Result<Answer, Failure>) {
    learn(engine, kind, result);
    match result {
        Ok(_) => {
            engine.queue.logins_looked_for = 0;
            crate::engine::reads::unlock(engine);
        }
        Err(failure) if failure.needs_login() => crate::engine::reads::lock(engine),
        Err(_) => {}
    }
}

fn learn(engine: &mut Engine, kind: &CallRequest, result: &Result<Answer, Failure>) {
    let right = match kind {
        CallRequest::Create(id) => engine.queue.get(id).map(|submission| {
            let target = submission.target.clone();
            (target.operation("CreateInvalidation"), Some(target))
        }),
        kind => right_of(kind),
    };
    let seen = match result {
        Ok(_) => Ok(()),
        Err(failure) if failure.is_denied() => Err(failure.to_string()),
        Err(_) => return,
    };
    if let Some(right) = right {
        engine.rights.seen.insert(right, seen);
    }
}

impl Engine {
    /// Returns the actions denied since the credentials were loaded, in the form that a policy would use to allow them.
    #[must_use]
    pub fn denied(&self, concerns: impl Fn(&Right) -> bool) -> BTreeSet<Denied> {
        let seen = self.rights.seen().filter(|(right, _)| concerns(right));
        seen.filter_map(|(right, seen)| Some(self.missing(right, seen.as_ref().err()?)))
            .collect()
    }

    /// Returns the missing permission to create invalidations that caused a submission to be refused.
    #[must_use]
    pub fn denied_to(&self, submission: &Submission) -> Option<Denied> {
        let State::Rejected { failure } = &submission.state else {
            return None;
        };
        let target = submission.target.clone();
        let right = (target.operation("CreateInvalidation"), Some(target));
        failure.is_denied().then(|| self.missing(&right, &failure.to_string()))
    }

    fn missing(&self, (operation, target): &Right, sentence: &str) -> Denied {
        let resource = target.as_ref().map(|target| self.arn_of(target, sentence));
        Denied {
            operation: operation.clone(),
            resource: resource.unwrap_or_else(|| "*".to_owned()),
        }
    }

    /// Returns a target's ARN: from a list, from CloudFront's message, or built from the account.
    fn arn_of(&self, target: &Target, sentence: &str) -> String {
        let listed = match target {
            Target::Distribution(id) => self.fleet.get(id).map(|d| d.arn.clone()),
            Target::Tenant(id) => self.tenants.get(id).map(|tenant| tenant.arn.clone()),
        };
        let named = policy::resource_in(sentence);
        let own = named.filter(|arn| arn.rsplit('/').next() == Some(target.id()));
        let partition = named.and_then(partition_of).unwrap_or("aws");
        listed
            .filter(|arn| arn.starts_with("arn:"))
            .or_else(|| own.map(str::to_owned))
            .unwrap_or_else(|| policy::arn(partition, self.account(), target))
    }
}
