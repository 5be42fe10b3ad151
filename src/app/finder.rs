//! Finds destinations and actions as the user types. The destinations are targets (found by alias, id, comment or
//! origin), pages, profiles and saved lists.

use super::action::{ACTIONS, Action, Entry, Scope};
use super::keys::page_scopes;
use super::list::{holding, matching};
use super::model::Model;
use super::screen::distributions;
use crate::app::act::{lists, profiles};
use crate::app::availability::is_available;
use crate::app::opening;
use crate::domain::distribution::{Target, Tenant};
use crate::domain::saved_list::ListName;
use crate::domain::target::TargetName;
use crate::engine::fleet;

/// A match for the typed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// An action to run.
    Action(&'static Entry),
    /// A distribution or a tenant to open.
    Target(Target),
    /// A profile to use.
    Profile(String),
    /// A saved list to load.
    List(ListName),
}

/// The pages that are offered as destinations.
const PAGES: [Action; 3] = [Action::GoDistributions, Action::GoInvalidations, Action::GoHistory];

/// Returns the matching destinations: targets, pages, profiles and saved lists.
#[must_use]
pub fn places(model: &Model, typed: &str) -> Vec<Found> {
    let distributions = model.engine.fleet.all().iter();
    let targets = distributions.map(|d| Found::Target(Target::Distribution(d.id.clone())));
    let tenants = model
        .engine
        .tenants
        .all()
        .map(|tenant| Found::Target(Target::Tenant(tenant.id.clone())));
    let pages = PAGES.map(|action| Found::Action(action.entry()));
    let profiles = model.engine.profiles.iter().flatten();
    let profiles = profiles.map(|profile| Found::Profile(profile.name.clone()));
    let lists = model.saved_lists.all().iter();
    let lists = lists.map(|list| Found::List(list.name.clone()));
    let all = targets
        .chain(tenants)
        .chain(pages)
        .chain(profiles)
        .chain(lists)
        .collect();
    let mut found = holding(all, typed, |found| whole(model, found));
    if let Some(exact) = exactly(model, typed).map(Found::Target) {
        // A URL identifies a single target, so all other matches are dropped.
        found.retain(|other| *other != exact && !typed.contains("://"));
        found.insert(0, exact);
    }
    found
}

/// Returns the known target with exactly this id or host. It is listed before targets that only contain the typed
/// text.
fn exactly(model: &Model, typed: &str) -> Option<Target> {
    let name = typed.trim().parse::<TargetName>().ok()?;
    fleet::find(&model.engine, &name).filter(|target| match target {
        Target::Distribution(id) => model.engine.fleet.get(id).is_some(),
        Target::Tenant(id) => model.engine.tenants.get(id).is_some(),
    })
}

/// Returns the matching actions: first those of the page itself, then those that every page has. Once something is
/// typed, also returns the matching destinations.
#[must_use]
pub fn actions_and_places(model: &Model, typed: &str) -> Vec<Found> {
    let scopes = page_scopes(model);
    let is_known = |entry: &&Entry| {
        scopes.contains(&entry.scope) && entry.action != Action::Palette && is_available(model, entry.action).is_ok()
    };
    let mut known: Vec<&Entry> = ACTIONS.iter().filter(is_known).collect();
    known.sort_by_key(|entry| order(scopes, entry));
    let known: Vec<Found> = known.into_iter().map(Found::Action).collect();
    let mut found = holding(known.clone(), typed, |found| whole(model, found));
    if !typed.trim().is_empty() {
        let places = places(model, typed).into_iter();
        let places: Vec<Found> = places.filter(|place| !found.contains(place)).collect();
        found.extend(places);
    }
    if found.is_empty() {
        // A fuzzy match is a guess, so it is only used if nothing contains the words.
        found = matching(known, typed, |found| whole(model, found));
    }
    found
}

/// Returns the sort key of an action. The page's own actions come first, led by the one that the user most likely
/// wants; actions that only move the selection come last.
fn order(scopes: &[Scope], entry: &Entry) -> (bool, Option<usize>, bool) {
    use Action::{Bottom, Down, PageDown, PageUp, Top, Up};
    let moves = matches!(entry.action, Up | Down | Top | Bottom | PageUp | PageDown);
    let scope = scopes.iter().position(|scope| *scope == entry.scope);
    (moves, scope, !entry.is_main())
}

/// Returns the searchable text of a match.
fn whole(model: &Model, found: &Found) -> String {
    match found {
        Found::Action(entry) => format!("{} {}", entry.id, entry.help),
        Found::Profile(name) => format!("profile {name}"),
        Found::List(name) => format!("saved list {name}"),
        Found::Target(Target::Distribution(id)) => model
            .engine
            .fleet
            .get(id)
            .map_or_else(String::new, distributions::haystack),
        Found::Target(Target::Tenant(id)) => model.engine.tenants.get(id).map_or_else(String::new, Tenant::haystack),
    }
}

/// Returns the name and the kind of a match.
#[must_use]
pub fn described(model: &Model, found: &Found) -> (String, String) {
    match found {
        Found::Action(entry) => (entry.help.to_owned(), String::new()),
        Found::Profile(name) => (format!("Use the profile {name}"), "profile".to_owned()),
        Found::List(name) => (format!("Load the list {name}"), "saved list".to_owned()),
        Found::Target(target) => {
            let comment = match target {
                Target::Distribution(id) => model.engine.fleet.get(id).map(|d| d.comment.clone()),
                Target::Tenant(id) => model.engine.tenants.get(id).map(|tenant| tenant.name.clone()),
            };
            let comment = comment.filter(|comment| !comment.is_empty());
            let label = model.engine.label(target);
            let name = comment.map_or(label.clone(), |comment| format!("{label}  {comment}"));
            (name, target.id().to_owned())
        }
    }
}

/// Goes to the match, or runs its action.
pub(super) fn choose(model: &mut Model, found: Found) {
    match found {
        Found::Action(entry) => model.chosen = Some(entry.action),
        Found::Target(target) => opening::open(model, target),
        Found::Profile(name) => profiles::open_for(model, &name),
        Found::List(name) => lists::load(model, name),
    }
}
