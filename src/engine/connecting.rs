//! Loads credentials and determines the identity behind them.

use crate::engine::effect::{Effect, RequestId};
use crate::engine::pending::{ConnectionRequest, LoginPlanRequest};
use crate::engine::session::Session;
use crate::engine::state::Engine;

/// Loads the profile and its credentials.
pub(crate) fn connect(engine: &mut Engine, profile: Option<String>) {
    engine.session = Session::Connecting;
    forget_asked(engine);
    let request = engine.request(ConnectionRequest::Connect);
    let effect = by_a_person(engine, request, profile);
    engine.ask(effect);
    engine.touch();
}

/// Reloads the credentials, because the user may have logged in, perhaps to another account. Meanwhile, the old
/// credentials stay in use.
pub(in crate::engine) fn reconnect(engine: &mut Engine) {
    // An automatic reload must not interrupt anything that the user started.
    let begun = is_trying_code(engine) || engine.pending.has(&ConnectionRequest::LogIn);
    if is_trying(engine) || begun {
        return;
    }
    let profile = engine.preferences.profile.clone();
    forget_asked(engine);
    let request = engine.request(ConnectionRequest::Connect);
    let code = None;
    engine.ask(Effect::Connect { request, profile, code });
}

/// Returns whether a code from an MFA device is being tried.
pub(crate) fn is_trying_code(engine: &Engine) -> bool {
    let code = engine.login.code.map(RequestId);
    code.is_some_and(|request| engine.pending.of::<ConnectionRequest>().contains_key(&request))
}

/// Returns whether another profile is being tried, or its login method is being determined.
pub(crate) fn is_trying(engine: &Engine) -> bool {
    let pending = &engine.pending;
    pending.any(|kind| matches!(kind, ConnectionRequest::TryProfile(_)))
        || pending.any(|LoginPlanRequest(profile)| profile.is_some())
}

/// Discards pending identity requests, because only the newest reply counts and account details from the old connection
/// no longer apply.
pub(in crate::engine) fn forget_asked(engine: &mut Engine) {
    engine.pending.forget_identity();
    engine.fleet.freshness.loading = None;
    engine.queue.account_told = false;
}

/// Returns the effect that loads a profile at the user's request. A credential source that prompts in the terminal is
/// allowed to do so.
pub(in crate::engine) fn by_a_person(engine: &Engine, request: RequestId, profile: Option<String>) -> Effect {
    if engine.preferences.interactive.asks(profile.as_deref()) {
        Effect::LogIn { request, profile }
    } else {
        let code = None;
        Effect::Connect { request, profile, code }
    }
}
