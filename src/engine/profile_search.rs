//! Finds the profiles whose account has a target. The search lists the distributions of each profile once, one profile
//! at a time, while the user waits. The user is never asked to log in or to enter a code, and a failure affects only
//! the profile concerned.

pub(crate) mod state;

pub use state::{ListResult, ProfileSearch, Searched, Status};

use std::time::Duration;

use chrono::TimeDelta;

use crate::domain::distribution::{AccountId, Distribution, Target, Tenant};
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::invalidation::Page;
use crate::domain::kept_list::KeptList;
use crate::domain::profile::Profile;
use crate::domain::submission::Scope;
use crate::domain::target::{TargetName, TypedTarget};
use crate::engine::effect::{Answer, Effect, LedgerOperation, ProfileQuestion};
use crate::engine::pending::{LedgerRequest, ProfileRequest};
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;
use state::{Current, Pages};

/// The timeout for one response, including the time to load credentials.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a list counts as fresh and is not reloaded.
const FRESH: TimeDelta = TimeDelta::hours(1);

/// Starts a search. If `takes_kept` is set, fresh lists from earlier searches are reused.
pub(crate) fn begin(engine: &mut Engine, wanted: TypedTarget, takes_kept: bool) {
    end(engine);
    engine.profile_search = Some(ProfileSearch {
        wanted,
        profiles: Vec::new(),
        takes_kept,
        begins: true,
        current: None,
    });
    // The list of profiles is reloaded because a login may have expired in the meantime.
    engine.ask(Effect::ListProfiles);
    engine.touch();
}

/// Restarts the search and reloads every list.
pub(crate) fn again(engine: &mut Engine) {
    if let Some(search) = engine.profile_search.take() {
        cancel(engine, &search);
        begin(engine, search.wanted, false);
    }
}

/// Ends the search and cancels its pending requests.
pub(crate) fn end(engine: &mut Engine) {
    if let Some(search) = engine.profile_search.take() {
        cancel(engine, &search);
        engine.touch();
    }
}

fn cancel(engine: &mut Engine, search: &ProfileSearch) {
    engine.cancel_timer(&TimerKind::ProfileSearch);
    let reads = engine.pending.of_mut::<LedgerRequest>();
    reads.retain(|_, kind| *kind != LedgerRequest::KeptLists);
    if let Some(current) = &search.current {
        engine.pending.take::<ProfileRequest>(current.request);
        engine.ask(Effect::CancelAskProfile(current.request));
    }
}

/// Requests the stored lists of distributions from the ledger once the profiles have been listed.
pub(crate) fn profiles_listed(engine: &mut Engine) {
    let begins = engine.profile_search.as_mut().filter(|search| search.begins);
    let Some(search) = begins else { return };
    search.begins = false;
    let name = search.wanted.name.clone();
    let all = engine.profiles.clone().unwrap_or_default();
    let searched = all.iter().map(|profile| searched(engine, profile, &all, &name));
    let searched: Vec<Searched> = searched.collect();
    if let Some(search) = &mut engine.profile_search {
        search.profiles = searched;
    }
    let endpoint = engine.scope().map(|scope| scope.endpoint.clone());
    match endpoint.filter(|_| engine.ledger.is_open()) {
        Some(endpoint) => {
            engine.ask_ledger(LedgerRequest::KeptLists, LedgerOperation::KeptLists(endpoint));
        }
        None => go_on(engine),
    }
    engine.touch();
}

/// Returns the initial result for a profile, before any request.
fn searched(engine: &Engine, profile: &Profile, all: &[Profile], name: &TargetName) -> Searched {
    let is_in_use = engine.scope().is_some_and(|scope| scope.profile == profile.name);
    let known = engine
        .fleet
        .freshness
        .as_of
        .filter(|_| is_in_use && engine.fleet.complete);
    let list = known.map(|as_of| of_profile_in_use(engine, ListResult::of(engine.fleet.all(), as_of, name), name));
    let left_out = left_out(engine, profile, all).map(Status::LeftOut);
    Searched {
        profile: profile.name.clone(),
        account: account(engine, profile, is_in_use),
        status: match &list {
            Some(told) if !told.may_be_tenant => Status::Done,
            Some(_) | None => left_out.unwrap_or(Status::Waits),
        },
        is_fresh: list.is_some(),
        list,
    }
}

/// Extends the result for the current profile by searching its loaded tenants as well.
fn of_profile_in_use(engine: &Engine, told: ListResult, name: &TargetName) -> ListResult {
    let TargetName::Host(host) = name else { return told };
    let found = told.found.or_else(|| engine.tenants.by_host(host).map(named));
    ListResult {
        may_be_tenant: told.may_be_tenant && found.is_none(),
        found,
        ..told
    }
}

fn named(tenant: &Tenant) -> (Target, String) {
    (Target::Tenant(tenant.id.clone()), tenant.label().to_owned())
}

fn account(engine: &Engine, profile: &Profile, is_in_use: bool) -> Option<AccountId> {
    let of_session = engine.account().filter(|_| is_in_use);
    let written = of_session.or(profile.account.as_ref()).cloned();
    written.or_else(|| engine.preferences.account_of_profile(&profile.name))
}

/// Returns why a profile is skipped, in a few words.
fn left_out(engine: &Engine, profile: &Profile, all: &[Profile]) -> Option<String> {
    if let Some(trouble) = &profile.trouble {
        return Some(trouble.clone());
    }
    if engine.preferences.interactive.profiles.contains(&profile.name) {
        return Some("prompts for input".to_owned());
    }
    let account = account(engine, profile, false)?;
    let other = engine.preferences.profile_of_account(&account)?;
    let is_usable = |one: &Profile| one.name == other && one.trouble.is_none();
    (other != profile.name && all.iter().any(is_usable)).then(|| format!("same account as {other}"))
}

/// Takes over the lists of distributions that the ledger returned, then starts querying the profiles.
pub(crate) fn kept(engine: &mut Engine, lists: Vec<KeptList>) {
    let now = engine.now;
    let Some(search) = &mut engine.profile_search else {
        return;
    };
    let name = search.wanted.name.clone();
    for list in lists {
        let of_list = |one: &&mut Searched| one.profile == list.scope.profile;
        if let Some(one) = search.profiles.iter_mut().find(of_list) {
            let is_fresh = now - list.as_of < FRESH && search.takes_kept;
            one.take_kept(&list, &name, is_fresh);
        }
    }
    engine.touch();
    go_on(engine);
}

/// Queries the next waiting profile, if there is one.
fn go_on(engine: &mut Engine) {
    let Some(search) = &mut engine.profile_search else {
        return;
    };
    search.current = None;
    let name = search.wanted.name.clone();
    let waits = |(_, one): &(usize, &Searched)| one.status == Status::Waits;
    if let Some((place, one)) = search.profiles.iter().enumerate().find(waits) {
        let question = match name {
            TargetName::Host(host) if one.is_fresh => ProfileQuestion::Tenant(host),
            _ => ProfileQuestion::Distributions { marker: None },
        };
        ask(engine, place, question, Pages::default());
    }
    engine.touch();
}

fn ask(engine: &mut Engine, place: usize, question: ProfileQuestion, pages: Pages) {
    let request = engine.request(ProfileRequest);
    let Some(search) = &mut engine.profile_search else {
        return;
    };
    let Some(one) = search.profiles.get_mut(place) else {
        return;
    };
    one.status = Status::Asked(pages.list.len());
    let profile = one.profile.clone();
    search.current = Some(Current {
        place,
        request,
        pages,
        seeks_tenant: matches!(question, ProfileQuestion::Tenant(_)),
    });
    engine.reads.count_elsewhere(engine.now);
    engine.restart_timer(TimerKind::ProfileSearch, PATIENCE);
    engine.ask(Effect::AskProfile {
        request,
        profile,
        question,
    });
}

/// Marks the query in progress as failed because the profile's response is overdue.
pub(crate) fn late(engine: &mut Engine) {
    let current = engine
        .profile_search
        .as_ref()
        .and_then(|search| search.current.as_ref());
    let Some(request) = current.map(|current| current.request) else {
        return;
    };
    engine.pending.take::<ProfileRequest>(request);
    engine.ask(Effect::CancelAskProfile(request));
    let sentence = format!("no response within {} s", PATIENCE.as_secs());
    close(engine, Status::Failed(sentence));
}

/// Processes the response for the profile being queried, or records why the query failed.
pub(crate) fn answered(engine: &mut Engine, result: Result<(Scope, Answer), Failure>) {
    engine.cancel_timer(&TimerKind::ProfileSearch);
    match result {
        Ok((scope, Answer::Distributions(page))) => take_page(engine, scope, page),
        Ok((_, Answer::Tenant(tenant))) => {
            if let Some(told) = current_mut(engine).and_then(|one| one.list.as_mut()) {
                told.found = Some(named(&tenant));
            }
            close(engine, Status::Done);
        }
        Ok((_, other)) => close(engine, Status::Failed(other.unexpected().to_string())),
        Err(failure) => fail(engine, &failure),
    }
}

fn current_mut(engine: &mut Engine) -> Option<&mut Searched> {
    let search = engine.profile_search.as_mut()?;
    let place = search.current.as_ref()?.place;
    search.profiles.get_mut(place)
}

fn fail(engine: &mut Engine, failure: &Failure) {
    let current = engine
        .profile_search
        .as_ref()
        .and_then(|search| search.current.as_ref());
    let seeks_tenant = current.is_some_and(|current| current.seeks_tenant);
    let is_gone = failure.refusal().map(Refusal::kind) == Some(RefusalKind::NotFound);
    let status = match failure {
        _ if seeks_tenant && is_gone => Status::Done,
        other if seeks_tenant => Status::Failed(format!("its tenants cannot be searched: {other}")),
        Failure::CodeNeeded(_) => Status::LeftOut("needs an MFA code".to_owned()),
        other => Status::Failed(other.to_string()),
    };
    close(engine, status);
}

/// Records the result of the profile that was queried, and continues with the next one.
fn close(engine: &mut Engine, status: Status) {
    if let Some(one) = current_mut(engine) {
        one.status = status;
    }
    go_on(engine);
}

/// Adds a page of distributions and requests the next one, unless its marker has already been requested.
fn take_page(engine: &mut Engine, scope: Scope, page: Page<Distribution>) {
    let search = engine.profile_search.as_mut();
    let current = search.and_then(|search| search.current.take());
    let Some(Current { place, mut pages, .. }) = current else {
        return;
    };
    pages.list.extend(page.items);
    match page.next.filter(|next| !pages.markers.contains(next)) {
        Some(next) => {
            pages.markers.push(next.clone());
            let question = ProfileQuestion::Distributions { marker: Some(next) };
            ask(engine, place, question, pages);
        }
        None => take_list(engine, place, scope, pages.list),
    }
    engine.touch();
}

/// Stores the complete list, and searches for a tenant if no distribution serves the host.
fn take_list(engine: &mut Engine, place: usize, scope: Scope, list: Vec<Distribution>) {
    let now = engine.now;
    let Some(search) = &mut engine.profile_search else {
        return;
    };
    let name = search.wanted.name.clone();
    let Some(one) = search.profiles.get_mut(place) else {
        return;
    };
    let account = list.iter().find_map(Distribution::account);
    one.account = account.clone().or_else(|| one.account.clone());
    let told = ListResult::of(&list, now, &name);
    let seeks_tenant = told.may_be_tenant;
    one.list = Some(told);
    one.status = Status::Done;
    keep(engine, Scope { account, ..scope }, list);
    match name {
        TargetName::Host(host) if seeks_tenant => {
            ask(engine, place, ProfileQuestion::Tenant(host), Pages::default());
        }
        _ => go_on(engine),
    }
}

/// Stores a list for later searches, and for the next start with the same profile.
fn keep(engine: &mut Engine, scope: Scope, distributions: Vec<Distribution>) {
    let kept = Box::new(KeptList {
        scope,
        as_of: engine.now,
        distributions,
    });
    engine.ask_ledger(LedgerRequest::Keep, LedgerOperation::KeepList(kept));
}
