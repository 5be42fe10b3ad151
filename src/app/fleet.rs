//! Who we are, which distributions there are, and which one a person means.

use super::effect::{Call, Effect};
use super::model::{Level, Model, Purpose, Session};
use super::news::News;
use super::reads;
use crate::domain::distribution::{AccountId, Distribution, DistributionConfig, DistributionId, Target};
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::Page;
use crate::domain::submission::{Ownership, Scope};
use crate::domain::target::TargetName;

/// Loads the profile and its credentials.
pub(super) fn connect(model: &mut Model, profile: Option<String>) {
    model.session = Session::Connecting;
    ask_who(model, profile);
    model.touch();
}

/// Loads them once more while the old ones stay in sight: somebody may have logged in, perhaps to another account.
pub(super) fn reconnect(model: &mut Model) {
    let profile = model.preferences.profile.clone();
    ask_who(model, profile);
}

/// Only the newest answer counts, and what the old connection tells of the account no longer does.
fn ask_who(model: &mut Model, profile: Option<String>) {
    model.pending.retain(|_, purpose| {
        !matches!(
            purpose,
            Purpose::Connect | Purpose::Identify | Purpose::Distributions | Purpose::Describe(_)
        )
    });
    model.fleet.freshness.loading = None;
    model.queue.account_told = false;
    let request = model.request(Purpose::Connect);
    model.ask(Effect::Connect { request, profile });
}

/// Another profile: what was known of the old account is forgotten, what was typed is kept.
pub(super) fn change_profile(model: &mut Model, profile: String) {
    model.preferences.profile = Some(profile.clone());
    super::queue::change_scope(model);
    model.fleet = super::data::Fleet::default();
    model.tenants = super::data::tenants::Tenants::default();
    model.histories = super::data::Histories::default();
    model.edge = super::edge::Edge::default();
    model.reads.change_account();
    // Answers that are on their way belong to the old account; what was sent is still waited for.
    model.pending.retain(|_, purpose| {
        purpose.writes() || matches!(purpose, Purpose::Create(_) | Purpose::Keep | Purpose::OpenLedger)
    });
    model.rows_changed();
    connect(model, Some(profile));
}

/// We know who we are, or why not.
pub(super) fn connected(model: &mut Model, result: Result<Scope, Failure>) {
    model.touch();
    match result {
        Ok(scope) => {
            model.session = Session::Connected(scope);
            claim_left_over(model);
            super::queue::hold_forgotten(model);
            settle_left_over(model);
            super::queue::pump(model);
            list(model, None);
        }
        // Old credentials stay in use while new ones are only looked for; what waited for the answer goes on with them.
        Err(_) if matches!(model.session, Session::Connected(_)) => super::queue::pump(model),
        Err(failure) => model.session = Session::Failed(failure),
    }
}

/// Asks which account it is, in the background: the distributions did not tell it.
fn identify(model: &mut Model) {
    if model.pending.values().all(|purpose| *purpose != Purpose::Identify) {
        let request = model.request(Purpose::Identify);
        model.ask(Effect::Identify { request });
    }
}

/// It is known which account it is, or that it cannot be known: not knowing is no trouble, it only shows less.
pub(super) fn identified(model: &mut Model, account: Option<AccountId>) {
    learn_account(model, account);
    let known = model.account().is_some();
    let hidden = model.fleet.complete || model.fleet.freshness.failure.as_ref().is_some_and(is_denied);
    if known || (hidden && !model.queue.account_told) {
        account_told(model);
    }
    model.rows_changed();
    model.touch();
}

/// The account of the session is told, or known to be beyond these credentials' rights: what waited for that goes on.
fn account_told(model: &mut Model) {
    model.queue.account_told = true;
    super::queue::logged_in(model);
    settle_left_over(model);
}

/// Claims what an earlier run left, as soon as it is known who we are: another profile's is left to a window of its own.
pub(super) fn claim_left_over(model: &mut Model) {
    if matches!(model.session, Session::Connected(_)) {
        super::watch::look_at_ledger(model);
    }
}

/// Carries on what an earlier run left, as soon as ledger and session are known; asks once about the rest, when the
/// account is known as well.
pub(super) fn settle_left_over(model: &mut Model) {
    let Session::Connected(scope) = model.session.clone() else {
        return;
    };
    if !model.ledger.is_open() {
        return;
    }
    let before = model.queue.held().len();
    let asked_about = super::queue::resume_young(model, &scope);
    if before > asked_about {
        let count = before - asked_about;
        model.say(
            Level::Info,
            format!("carrying on {count} that an earlier run left, with the same CallerReference"),
        );
    }
    let asked = model.asked_for.as_ref() == Some(&scope);
    if asked_about > 0 && model.queue.account_told && !asked && !model.preferences.read_only {
        model.tell(News::LeftOver(Some(asked_about)));
        model.asked_for = Some(scope.clone());
    }
    super::whose::tell_left(model);
    watch_all(model, &scope);
}

/// Follows every target that has something of these credentials in flight.
fn watch_all(model: &mut Model, scope: &Scope) {
    let targets: std::collections::BTreeSet<Target> = model
        .queue
        .iter()
        .filter(|s| !s.state.is_final() && s.ownership(scope) == Ownership::Ours)
        .map(|s| s.target.clone())
        .collect();
    for target in targets {
        super::watch::follow(model, &target);
    }
}

/// Asks for a page of the distributions.
fn list(model: &mut Model, marker: Option<String>) {
    let request = reads::open(model, Purpose::Distributions, Call::ListDistributions { marker });
    model.fleet.freshness.asked(request);
}

/// Reads the distributions again, unless they are being read.
pub(super) fn refresh(model: &mut Model) {
    if model.fleet.freshness.loading.is_none() {
        list(model, None);
        model.touch();
    }
}

/// A page of the distributions came, or none will.
pub(super) fn listed(model: &mut Model, result: Result<Page<Distribution>, Failure>) {
    if let Ok(page) = &result {
        learn_account(model, page.items.first().and_then(Distribution::account));
    }
    // Only a right that is missing will be missing again.
    let later = result.as_ref().is_err_and(|failure| !is_denied(failure));
    let locked_out = result.as_ref().is_err_and(Failure::needs_login);
    match result {
        Ok(page) => {
            let now = model.now;
            if let Some(marker) = model.fleet.take_page(page, now) {
                list(model, Some(marker));
            } else {
                model.tell(News::RowsCame);
            }
        }
        Err(failure) => drop(model.fleet.freshness.failed(failure)),
    }
    if later {
        super::queue::await_login(model);
    }
    match model.account() {
        Some(_) if !model.queue.account_told => account_told(model),
        None if !locked_out => identify(model),
        Some(_) | None => {}
    }
    model.rows_changed();
    model.touch();
}

fn is_denied(failure: &Failure) -> bool {
    failure
        .refusal()
        .is_some_and(|refusal| refusal.kind() == RefusalKind::AccessDenied)
}

/// The account stands in every ARN: no extra call. Returns whether that is news.
pub(super) fn learn_account(model: &mut Model, account: Option<AccountId>) -> bool {
    let Session::Connected(scope) = &mut model.session else {
        return false;
    };
    let news = scope.account.is_none() && account.is_some();
    if news {
        scope.account = account;
    }
    news
}

/// Fetches what the list does not tell of a distribution, unless nothing changed since.
pub(super) fn describe(model: &mut Model, id: &DistributionId) {
    let etag = model.fleet.get(id).and_then(|d| d.etag.clone());
    let known = model
        .fleet
        .configs
        .get(id)
        .is_some_and(|config| config.distribution.etag == etag || etag.is_none());
    let asked = model
        .pending
        .values()
        .any(|purpose| *purpose == Purpose::Describe(id.clone()));
    if known || asked || !matches!(model.session, Session::Connected(_)) {
        return;
    }
    reads::open(model, Purpose::Describe(id.clone()), Call::GetDistribution(id.clone()));
}

/// A distribution is known better. That it cannot be is no news: a right for it is not needed.
pub(super) fn described(model: &mut Model, id: &DistributionId, result: Result<DistributionConfig, Failure>) {
    if let Ok(config) = result {
        if learn_account(model, config.distribution.account()) {
            account_told(model);
        }
        model.fleet.configs.insert(id.clone(), config);
        model.tell(News::Described(Target::Distribution(id.clone())));
        model.rows_changed();
        model.touch();
    }
}

/// Why no target that is known here has this name.
pub(super) fn why_not_found(model: &Model, name: &TargetName) -> String {
    if model.fleet.complete {
        format!("No distribution matches {name} in this account. Wrong profile?")
    } else {
        format!("{name} cannot be found without the list of distributions; enter its id instead")
    }
}

/// The target that is meant: an id stands for itself, known or not; a host is looked up.
pub(super) fn find(model: &Model, name: &TargetName) -> Option<Target> {
    match name {
        TargetName::Id(target) => Some(target.clone()),
        TargetName::Host(host) => {
            let distribution = || model.fleet.by_host(host).map(|d| Target::Distribution(d.id.clone()));
            let tenant = model
                .tenants
                .by_host(host)
                .map(|tenant| Target::Tenant(tenant.id.clone()));
            tenant.or_else(distribution)
        }
    }
}
