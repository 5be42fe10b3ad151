//! Logs in to a profile, and tracks what the login is waiting for.

use crate::domain::failure::{CodeNeeded, Failure};
use crate::domain::login::{BrowserLogin, LoginWay};
use crate::domain::mfa::MfaCode;
use crate::engine::effect::{Effect, RequestId};
use crate::engine::fleet;
use crate::engine::logging_in::{LONG, LoggingIn};
use crate::engine::news::{Asked, News};
use crate::engine::notices::Level;
use crate::engine::pending::{ConnectionRequest, LoginPlanRequest};
use crate::engine::session::Session;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// Records which service or program the login is waiting for; `None` means that it is not waiting.
pub(crate) fn waits(engine: &mut Engine, what: Option<String>) {
    let was_shown = engine.login.waits_for(engine.now).is_some();
    engine.cancel_timer(&TimerKind::Waits);
    if what.is_some() {
        engine.timer(TimerKind::Waits, LONG);
    }
    engine.login.waits = what.map(|what| (what, engine.now));
    if was_shown {
        engine.touch();
    }
}

/// Finds out how to log in to the current profile, then logs in.
pub(crate) fn log_in(engine: &mut Engine) {
    let is_planned = engine.pending.has(&LoginPlanRequest(None));
    if is_planned || engine.pending.has(&ConnectionRequest::LogIn) {
        return;
    }
    engine.login.declined = false;
    let profile = engine.preferences.profile.clone();
    let request = engine.request(LoginPlanRequest(None));
    engine.ask(Effect::PlanLogin { request, profile });
}

/// Finds out how to log in to another profile, then logs in and switches to that profile.
pub(crate) fn log_in_to(engine: &mut Engine, profile: String) {
    engine.pending.of_mut::<LoginPlanRequest>().clear();
    let request = engine.request(LoginPlanRequest(Some(profile.clone())));
    let profile = Some(profile);
    engine.ask(Effect::PlanLogin { request, profile });
}

/// Logs in to another profile with the method that was found.
pub(crate) fn planned_for(engine: &mut Engine, profile: String, way: &LoginWay) {
    match way {
        LoginWay::Terminal => fleet::log_in_to(engine, profile, |request, profile| Effect::LogIn { request, profile }),
        LoginWay::Browser => {
            let of = Some(profile.clone());
            fleet::log_in_to(engine, profile, |request, profile| Effect::LogInByBrowser {
                request,
                profile,
            });
            engine.tell(News::BrowserBegins(of));
        }
        // Trying the profile prompts for the code.
        LoginWay::Code(_) => fleet::try_profile(engine, profile, None),
    }
}

/// Logs in to the current profile with the method that was found, or reports why none was found.
pub(crate) fn planned(engine: &mut Engine, result: Result<LoginWay, Failure>) {
    match result {
        Ok(LoginWay::Terminal) => fleet::log_in(engine, |request, profile| Effect::LogIn { request, profile }),
        Ok(LoginWay::Browser) => {
            fleet::log_in(engine, |request, profile| Effect::LogInByBrowser { request, profile });
            engine.tell(News::BrowserBegins(None));
        }
        Ok(LoginWay::Code(device)) => {
            let needed = CodeNeeded {
                device,
                refused: false,
                sentence: String::new(),
            };
            engine.tell(News::CodeWanted(needed, Asked::Now));
        }
        Err(failure) => fleet::logged_in(engine, Err(failure)),
    }
}

/// Restarts the browser login to this profile, or to the current profile if `None`.
pub(crate) fn browse_again(engine: &mut Engine, profile: Option<String>) {
    match profile {
        Some(profile) => planned_for(engine, profile, &LoginWay::Browser),
        None => planned(engine, Ok(LoginWay::Browser)),
    }
}

/// Records a login that the user can now complete in a browser.
pub(crate) fn browser_waits(engine: &mut Engine, request: RequestId, login: BrowserLogin) {
    let asked = engine.pending.of().get(&request);
    if matches!(asked, Some(ConnectionRequest::LogIn | ConnectionRequest::TryProfile(_))) {
        engine.login.browser = Some(login);
        engine.touch();
    }
}

/// Connects with the current profile and an MFA code.
pub(crate) fn enter_code(engine: &mut Engine, code: MfaCode) {
    engine.login.code = Some(fleet::connect_with(engine, code).0);
    engine.touch();
}

/// Records that the user dismissed the prompt for a code, and cancels any attempt that uses one.
pub(crate) fn decline(engine: &mut Engine) {
    engine.login.declined = true;
    if let Some(request) = engine.login.code.take() {
        stop(engine, RequestId(request));
        if engine.session == Session::Connecting {
            engine.session = Session::Failed(cancelled());
        }
    }
}

/// Ends a login attempt, and announces whether it succeeded, failed or needs a code.
pub(crate) fn ended(engine: &mut Engine, request: RequestId, failure: Option<&Failure>) {
    let with_code = engine.login.code.take_if(|asked| *asked == request.0).is_some();
    let asked = if with_code { Asked::Now } else { Asked::ByItself };
    match failure {
        None => {
            engine.login = LoggingIn {
                waits: engine.login.waits.take(),
                ..LoggingIn::default()
            };
            engine.tell(News::LoginEnded(None));
        }
        Some(Failure::CodeNeeded(needed)) if with_code || !engine.login.declined => {
            engine.login.browser = None;
            engine.tell(News::CodeWanted(needed.clone(), asked));
        }
        Some(failure) => {
            engine.login.browser = None;
            engine.tell(News::LoginEnded(Some(failure.to_string())));
        }
    }
}

/// Cancels a browser login.
pub(crate) fn stop_browsing(engine: &mut Engine) {
    engine.login.browser = None;
    let request = engine.pending.newest(&ConnectionRequest::LogIn);
    if let Some(request) = request {
        stop(engine, request);
        engine.say(Level::Info, "the login was cancelled");
    }
}

/// Stops determining the identity. Returns whether anything was in progress.
pub(crate) fn stop_connecting(engine: &mut Engine) -> bool {
    let request = engine.pending.newest(&ConnectionRequest::Connect);
    let is_named = engine.login.waits_for(engine.now).is_some();
    let is_seen = engine.session == Session::Connecting || is_named;
    let Some(request) = request.filter(|_| is_seen) else {
        if is_named {
            // A call to CloudFront may be loading the credentials.
            engine.ask(Effect::CancelLoading);
        }
        return false;
    };
    stop(engine, request);
    if engine.session == Session::Connecting {
        engine.session = Session::Failed(cancelled());
    }
    true
}

fn stop(engine: &mut Engine, request: RequestId) {
    engine.pending.take::<ConnectionRequest>(request);
    engine.ask(Effect::CancelConnect(request));
    waits(engine, None);
    engine.touch();
}

fn cancelled() -> Failure {
    Failure::Unreachable("cancelled before the credentials were loaded".to_owned())
}
