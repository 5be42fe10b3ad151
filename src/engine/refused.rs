//! What the credentials were seen to be allowed and denied: what was refused is not requested again and again.

pub(crate) mod state;

pub use state::{Right, Rights};

use crate::domain::failure::Failure;
use crate::engine::effect::Answer;
use crate::engine::purpose::Purpose;
use crate::engine::refused::state::right_of;
use crate::engine::state::Engine;

/// Learns from a response what is allowed, and whether the credentials work.
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
        Err(failure) if failure.is_denied() => Err(failure.to_string()),
        Err(_) => return,
    };
    if let Some(right) = right {
        engine.rights.seen.insert(right, seen);
    }
}
