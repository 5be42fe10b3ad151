//! Deployments that submissions wait for. If an invalidation is sent before a deployment finishes, the old
//! configuration may fill the cache again.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::submission::Submission;
use crate::engine::effect::{Answer, Call};
use crate::engine::pending::CallRequest;
use crate::engine::queue::state::Read;
use crate::engine::reads;
use crate::engine::refused::state::right_of;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// The interval between two reads of a deployment status. A deployment takes minutes.
const AGAIN: Duration = Duration::from_secs(15);

/// Returns why the first request of a submission waits for a deployment, if it does.
pub(crate) fn awaits_deployment(engine: &Engine, submission: &Submission) -> Option<String> {
    if !submission.waits_for_deployment() {
        return None;
    }
    let target = &submission.target;
    // A status from before the confirmation does not reflect the change that the user waits for.
    let read = engine.queue.deployments.get(target);
    match read.filter(|read| read.asked >= submission.created) {
        Some(Read { deployed: Ok(true), .. }) => None,
        Some(Read {
            deployed: Ok(false), ..
        }) => Some(format!("waiting until {target} is Deployed (now InProgress)")),
        Some(Read {
            deployed: Err(reason), ..
        }) => Some(format!("cannot read the deployment status of {target}: {reason}")),
        None => Some(format!("reading the deployment status of {target}")),
    }
}

/// Periodically reads the deployment status of every target that submissions wait for.
pub(super) fn look_at_deployments(engine: &mut Engine) {
    let waiting = engine.queue.submissions.for_deployment();
    let waiting = waiting.filter(|s| engine.is_ours(s) && !engine.queue.is_held(&s.id));
    let waiting = waiting.filter(|s| awaits_deployment(engine, s).is_some());
    let targets: BTreeSet<Target> = waiting.map(|s| s.target.clone()).collect();
    if targets.is_empty() || engine.is_timed(&TimerKind::Deployment) {
        return;
    }
    for target in targets {
        let call = match &target {
            Target::Distribution(id) => Call::GetDistribution(id.clone()),
            Target::Tenant(id) => Call::GetTenant(id.clone()),
        };
        let kind = CallRequest::Deployment(target.clone());
        match right_of(&kind).and_then(|right| engine.rights.denied(&right).map(str::to_owned)) {
            Some(denied) => remember(engine, &target, engine.now, Err(denied)),
            None => drop(reads::watch(engine, kind, call)),
        }
    }
    engine.timer(TimerKind::Deployment, AGAIN);
}

/// Stores a target's deployment status, or the reason why it could not be read.
pub(crate) fn deployment_read(
    engine: &mut Engine,
    target: &Target,
    asked: DateTime<Utc>,
    result: Result<Answer, Failure>,
) {
    let deployed = match result {
        Ok(Answer::Distribution(config)) => {
            let deployed = is_deployed(&config.distribution.status);
            engine.fleet.confirm(*config);
            Ok(deployed)
        }
        Ok(Answer::Tenant(tenant)) => {
            let deployed = is_deployed(&tenant.status);
            engine.tenants.describe(*tenant);
            Ok(deployed)
        }
        Ok(_) => Err("unexpected response".to_owned()),
        // A target that no longer exists will never be deployed, so stop waiting. CloudFront's refusal explains it
        // best.
        Err(failure) if failure.refusal().map(Refusal::kind) == Some(RefusalKind::NotFound) => Ok(true),
        Err(failure) => Err(failure.to_string()),
    };
    remember(engine, target, asked, deployed);
}

fn remember(engine: &mut Engine, target: &Target, asked: DateTime<Utc>, deployed: Result<bool, String>) {
    let read = Read { asked, deployed };
    engine.queue.deployments.insert(target.clone(), read);
    engine.redraw_rows();
}

/// Returns whether a target with this status is deployed. If a server omits the status, there is nothing to wait for.
fn is_deployed(status: &str) -> bool {
    status.is_empty() || status.eq_ignore_ascii_case("deployed")
}
