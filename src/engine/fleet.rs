//! The identity of the credentials, the account's distributions, and the search for the target that the user means.

mod kept;

pub(crate) use crate::engine::connecting::{connect, is_trying};
pub(crate) use kept::{ask_for_kept, kept};

use crate::domain::distribution::{AccountId, Distribution, DistributionConfig, DistributionId, Target};
use crate::domain::failure::Failure;
use crate::domain::invalidation::Page;
use crate::domain::mfa::MfaCode;
use crate::domain::submission::{Ownership, Scope};
use crate::domain::target::TargetName;
use crate::engine::connecting::{by_a_person, forget_asked, reconnect};
use crate::engine::effect::{Call, Effect, RequestId};
use crate::engine::news::News;
use crate::engine::notices::state::Level;
use crate::engine::pending::{AccountRequest, CallRequest, ConnectionRequest, LoginPlanRequest};
use crate::engine::preferences::Front;
use crate::engine::queue::{left_over, login, logins, send};
use crate::engine::reads;
use crate::engine::refused::state::Rights;
use crate::engine::session::Session;
use crate::engine::state::Engine;
use crate::engine::watch::following;

/// Logs in to the current profile with the effect that `by` creates, then determines the identity.
pub(crate) fn log_in(engine: &mut Engine, by: impl Fn(RequestId, Option<String>) -> Effect) {
    let profile = engine.preferences.profile.clone();
    forget_asked(engine);
    let request = engine.request(ConnectionRequest::LogIn);
    engine.ask(by(request, profile));
    engine.touch();
}

/// Loads the credentials of the current profile with a code from an MFA device.
pub(crate) fn connect_with(engine: &mut Engine, code: MfaCode) -> RequestId {
    let profile = engine.preferences.profile.clone();
    forget_asked(engine);
    if !matches!(engine.session, Session::Connected(_)) {
        engine.session = Session::Connecting;
    }
    let request = engine.request(ConnectionRequest::Connect);
    let code = Some(code);
    engine.ask(Effect::Connect { request, profile, code });
    request
}

/// Applies the result of a login. If the login failed while a connection exists, shows the error.
pub(crate) fn logged_in(engine: &mut Engine, result: Result<Scope, Failure>) {
    if let (Err(failure), Session::Connected(_)) = (&result, &engine.session) {
        engine.say(Level::Error, failure.to_string());
    }
    connected(engine, result);
}

/// Checks whether another profile can be used, while the current one stays in use.
pub(crate) fn try_profile(engine: &mut Engine, profile: String, code: Option<MfaCode>) {
    engine.pending.of_mut::<ConnectionRequest>().clear();
    let request = engine.request(ConnectionRequest::TryProfile(profile.clone()));
    let effect = match code {
        None => by_a_person(engine, request, Some(profile)),
        code => Effect::Connect {
            request,
            profile: Some(profile),
            code,
        },
    };
    engine.ask(effect);
}

/// Logs in to another profile with the effect that `by` creates, then checks whether the profile can be used.
pub(crate) fn log_in_to(engine: &mut Engine, profile: String, by: impl Fn(RequestId, Option<String>) -> Effect) {
    engine.pending.of_mut::<ConnectionRequest>().clear();
    let request = engine.request(ConnectionRequest::TryProfile(profile.clone()));
    engine.ask(by(request, Some(profile)));
}

/// Stops trying another profile, and cancels every request made for it. The connection may already use that profile, so
/// the current one is reloaded.
pub(crate) fn stop_trying(engine: &mut Engine) {
    engine.pending.of_mut::<LoginPlanRequest>().clear();
    for request in std::mem::take(engine.pending.of_mut::<ConnectionRequest>()).into_keys() {
        engine.ask(Effect::CancelConnect(request));
    }
    reconnect(engine);
}

/// Keeps the current profile because another one cannot be used; reloads it if it was not connected.
pub(crate) fn stay(engine: &mut Engine) {
    if matches!(engine.session, Session::Connected(_)) {
        send::pump(engine);
    } else {
        reconnect(engine);
    }
}

/// Switches to another profile, dropping data about the old account but keeping what the user typed.
pub(crate) fn change_profile(engine: &mut Engine, profile: &str, scope: Scope) {
    engine.preferences.profile = Some(profile.to_owned());
    login::change_scope(engine);
    engine.fleet = crate::engine::data::Fleet::default();
    engine.tenants = crate::engine::data::tenants::Tenants::default();
    engine.histories = crate::engine::data::Histories::default();
    engine.overview = crate::engine::overview::Overview::default();
    engine.edge = crate::engine::edge::Edge::default();
    engine.reads.change_account();
    engine.counting = crate::domain::month::Counting::default();
    engine.trail.forget();
    engine.pending.change_account();
    engine.queue.account_told = false;
    engine.rows_changed();
    connected(engine, Ok(scope));
}

/// Applies the result of determining the identity: starts the session, keeps the old one, or records the failure.
pub(crate) fn connected(engine: &mut Engine, result: Result<Scope, Failure>) {
    engine.touch();
    match result {
        Ok(scope) => {
            engine.session = Session::Connected(scope);
            engine.rights = Rights::default();
            crate::engine::reads::unlock(engine);
            crate::engine::watch::read_what_was_locked(engine);
            claim_left_over(engine);
            left_over::hold_forgotten(engine);
            settle_left_over(engine);
            send::pump(engine);
            if engine.preferences.front == Front::Script {
                learn_who(engine);
            } else {
                list(engine, None);
                ask_for_kept(engine);
            }
        }
        // Getting new credentials failed, but the old ones stay in use, and work that waited for the result continues
        // with them.
        Err(_) if matches!(engine.session, Session::Connected(_)) => send::pump(engine),
        Err(failure) => {
            engine.session = Session::Failed(failure);
            // Another profile may work, so the user needs the list of profiles.
            if engine.profiles.is_none() && engine.preferences.front != Front::Script {
                engine.ask(Effect::ListProfiles);
            }
        }
    }
}

/// Determines the account for a headless command. Distributions are listed only if the account is unknown and the
/// command may send something.
fn learn_who(engine: &mut Engine) {
    if engine.account().is_some() {
        account_told(engine);
    } else if !engine.is_read_only() {
        list(engine, None);
    }
}

/// Requests the account in the background, because the distributions did not reveal it.
fn identify(engine: &mut Engine) {
    if engine.pending.of::<AccountRequest>().is_empty() {
        let request = engine.request(AccountRequest);
        engine.ask(Effect::Identify { request });
    }
}

/// Stores the account. An account that cannot be determined is not a failure; fewer details are shown.
pub(crate) fn identified(engine: &mut Engine, account: Option<AccountId>) {
    learn_account(engine, account);
    let known = engine.account().is_some();
    let hidden = engine.fleet.complete
        || engine.preferences.front == Front::Script
        || engine.fleet.freshness.failure.as_ref().is_some_and(Failure::is_denied);
    if known || (hidden && !engine.queue.account_told) {
        account_told(engine);
    }
    engine.redraw_rows();
}

/// Continues the work that waited for the session's account, which is now known or cannot be determined with these
/// permissions.
pub(crate) fn account_told(engine: &mut Engine) {
    engine.queue.account_told = true;
    login::logged_in(engine);
    settle_left_over(engine);
}

/// Claims the unfinished submissions of earlier runs as soon as the identity is known. Those of another profile are
/// left to a window that uses that profile.
pub(crate) fn claim_left_over(engine: &mut Engine) {
    if matches!(engine.session, Session::Connected(_)) && engine.preferences.front != Front::Script {
        crate::engine::watch::look_at_ledger(engine);
    }
}

/// Resumes the unfinished submissions of earlier runs as soon as the ledger and the session are ready. Once the account
/// is also known, asks the user once about the rest.
pub(crate) fn settle_left_over(engine: &mut Engine) {
    let Session::Connected(scope) = engine.session.clone() else {
        return;
    };
    if !engine.ledger.is_open() {
        return;
    }
    if engine.preferences.front == Front::Script {
        return watch_all(engine, &scope);
    }
    let before = engine.queue.held().len();
    let asked_about = left_over::resume_young(engine, &scope);
    if before > asked_about {
        let count = before - asked_about;
        engine.say(
            Level::Info,
            format!("Resuming {count} from an earlier run, with the same CallerReference"),
        );
    }
    let asked = engine.asked_for.as_ref() == Some(&scope);
    if asked_about > 0 && engine.queue.account_told && !asked && !engine.is_read_only() {
        engine.tell(News::LeftOver(Some(asked_about)));
        engine.asked_for = Some(scope.clone());
    }
    crate::engine::whose::tell_left(engine);
    watch_all(engine, &scope);
}

/// Watches every target that has invalidations in flight with these credentials.
fn watch_all(engine: &mut Engine, scope: &Scope) {
    let targets: std::collections::BTreeSet<Target> = engine
        .queue
        .iter()
        .filter(|s| !s.state.is_final() && s.ownership(scope) == Ownership::Ours)
        .map(|s| s.target.clone())
        .collect();
    for target in targets {
        following::follow(engine, &target);
    }
}

/// Requests a page of the distributions.
fn list(engine: &mut Engine, marker: Option<String>) {
    if marker.is_none() {
        engine.fleet.begin();
    }
    let request = reads::open(engine, CallRequest::Distributions, Call::ListDistributions { marker });
    engine.fleet.freshness.asked(request);
}

/// Reloads the distributions, unless they are already being loaded.
pub(crate) fn refresh(engine: &mut Engine) {
    if engine.fleet.freshness.loading.is_none() {
        list(engine, None);
        engine.touch();
    }
}

/// Stores a page of the distributions and requests the next one, or records why the page could not be read.
pub(crate) fn listed(engine: &mut Engine, result: Result<Page<Distribution>, Failure>) {
    if let Ok(page) = &result {
        learn_account(engine, page.items.first().and_then(Distribution::account));
    }
    // A missing permission will still be missing later; other failures may be temporary.
    let later = result.as_ref().is_err_and(|failure| !failure.is_denied());
    let locked_out = result.as_ref().is_err_and(Failure::needs_login);
    match result {
        Ok(page) => {
            let now = engine.now;
            if let Some(marker) = engine.fleet.take_page(page, now) {
                list(engine, Some(marker));
            } else {
                kept::keep(engine);
                engine.tell(News::RowsCame);
            }
        }
        Err(failure) => drop(engine.fleet.freshness.failed(failure)),
    }
    if later {
        logins::await_login(engine);
    }
    match engine.account() {
        Some(_) if !engine.queue.account_told => account_told(engine),
        None if !locked_out => identify(engine),
        Some(_) | None => {}
    }
    engine.redraw_rows();
}

/// Stores the account, usually found in an ARN without an extra call. Returns whether it was unknown until now.
pub(crate) fn learn_account(engine: &mut Engine, account: Option<AccountId>) -> bool {
    let Session::Connected(scope) = &mut engine.session else {
        return false;
    };
    let news = scope.account.is_none() && account.is_some();
    if news {
        scope.account = account;
    }
    if let Some(account) = engine.account().cloned() {
        engine.fleet.keep_only(&account);
    }
    news
}

/// Fetches those details of a distribution that the list does not contain, unless they are up to date.
pub(crate) fn describe(engine: &mut Engine, id: &DistributionId) {
    let etag = engine.fleet.get(id).and_then(|d| d.etag.clone());
    let known = engine
        .fleet
        .configs
        .get(id)
        .is_some_and(|config| config.distribution.etag == etag || etag.is_none());
    let asked = engine.pending.has(&CallRequest::Describe(id.clone()));
    if known || asked || engine.rights.may_not_describe(id) || !matches!(engine.session, Session::Connected(_)) {
        return;
    }
    reads::open(
        engine,
        CallRequest::Describe(id.clone()),
        Call::GetDistribution(id.clone()),
    );
}

/// Returns whether the details of a target's distribution are being fetched.
pub(crate) fn is_being_described(engine: &Engine, target: &Target) -> bool {
    let distribution = engine.distribution_of(target);
    engine.pending.any(|kind| match (kind, target) {
        (CallRequest::Describe(one), _) => Some(one) == distribution,
        (CallRequest::DescribeTenant(one), Target::Tenant(id)) => one == id,
        _ => false,
    })
}

/// Ensures that the review shows current data: a distribution known only from an earlier run must be loaded first.
///
/// # Errors
/// Returns a sentence while the distribution is being loaded. If loading fails, the review shows the age of the data
/// instead.
pub(crate) fn must_be_read(engine: &Engine, target: &Target) -> Result<(), String> {
    let Target::Distribution(id) = target else {
        return Ok(());
    };
    let read = engine.pending.any(|kind| match kind {
        CallRequest::Distributions => true,
        CallRequest::Describe(one) => one == id,
        _ => false,
    });
    if read && engine.fleet.is_unconfirmed(id) {
        return Err(format!("{id} is still refreshing; try again in a moment"));
    }
    Ok(())
}

/// Stores a distribution's details. A failure is ignored, because the permission is optional.
pub(crate) fn described(engine: &mut Engine, id: &DistributionId, result: Result<DistributionConfig, Failure>) {
    if result.as_ref().is_err_and(Failure::is_denied) {
        engine.tell(News::Described(Target::Distribution(id.clone())));
    }
    if let Ok(config) = result {
        if learn_account(engine, config.distribution.account()) {
            account_told(engine);
        }
        engine.fleet.confirm(config);
        engine.tell(News::Described(Target::Distribution(id.clone())));
        engine.redraw_rows();
    }
}

/// Explains why no known target has this name.
pub(crate) fn why_not_found(engine: &Engine, name: &TargetName) -> String {
    if let TargetName::Tenant(name) = name {
        return format!("No tenant named {name} is visible to you");
    }
    if engine.fleet.complete {
        format!("No distribution matches {name} in this account. Wrong profile?")
    } else {
        format!("{name} cannot be looked up without the list of distributions; enter its id instead")
    }
}

/// Returns the target with this name. An id is used as is, whether known or not; any other name is looked up.
pub(crate) fn find(engine: &Engine, name: &TargetName) -> Option<Target> {
    match name {
        TargetName::Id(target) => Some(target.clone()),
        TargetName::Host(host) => {
            let distribution = || engine.fleet.by_host(host).map(|d| Target::Distribution(d.id.clone()));
            let tenant = engine
                .tenants
                .by_host(host)
                .map(|tenant| Target::Tenant(tenant.id.clone()));
            tenant.or_else(distribution)
        }
        TargetName::Tenant(name) => {
            let named = engine.tenants.all().find(|tenant| tenant.name == *name);
            named.map(|tenant| Target::Tenant(tenant.id.clone()))
        }
    }
}
