//! Actions for the review overlay: submits the reviewed job, or explains why that is impossible.

use crate::app::action::Action;
use crate::app::aws_command::FRESH;
use crate::app::overlay::resend::Resend;
use crate::app::overlay::review::CacheTags;
use tui_input::Input;

use crate::app::act::navigation;
use crate::app::copying::copy;
use crate::app::model::Model;
use crate::app::overlay::review::{Confirmation, DryRun, Review};
use crate::app::screen::Screen;
use crate::domain::danger::{Asks, Danger, Job, UnknownTags};
use crate::domain::distribution::{Distribution, Target};
use crate::domain::submission::Scope;
use crate::engine::session::Session;
use crate::engine::state::Engine;
use crate::engine::{fleet, queue};

/// Submits the reviewed job if it is confirmed. The job is written to the ledger before it is sent.
pub(in crate::app) fn submit(model: &mut Model) {
    let Some(review) = model.overlays.top::<Review>() else {
        return;
    };
    if !review.is_confirmed() {
        return;
    }
    let review = review.clone();
    model.overlays.pop();
    model.marked.clear();
    let held = Some(review.deploying(&model.engine)).filter(|_| review.when_deployed);
    let plan = queue::Plan {
        scope: &review.scope,
        targets: &review.targets,
        batches: &review.batches,
        note: review.note.as_deref(),
        when_deployed: held.as_deref().unwrap_or_default(),
    };
    queue::plan(&mut model.engine, &plan, Some(review.draft.clone()));
    let only = match review.targets.as_slice() {
        [(target, _)] => Some(target.clone()),
        _ => None,
    };
    // The list has been submitted, so its page closes without saving the text again.
    model.screens.retain(|screen| !matches!(screen, Screen::Composer(_)));
    navigation::open_invalidations(model, only);
}

/// Toggles whether submissions for targets that are being deployed are held until the deployment finishes.
pub(in crate::app) fn toggle_when_deployed(model: &mut Model) {
    if let Some(review) = model.overlays.top_mut::<Review>() {
        review.when_deployed = !review.when_deployed;
        model.engine.touch();
    }
}

/// Checks whether any submission could be held until a deployment finishes.
///
/// # Errors
/// An empty string if nothing is being deployed.
pub(in crate::app) fn may_wait(model: &Model) -> Result<(), String> {
    // The help may be above the review.
    let review = model.overlays.find::<Review>();
    let deploys = review.is_some_and(|review| !review.deploying(&model.engine).is_empty());
    if deploys { Ok(()) } else { Err(String::new()) }
}

/// Shows the requests instead of the items, in an overlay that cannot send anything. The same key closes it.
pub(in crate::app) fn toggle_dry_run(model: &mut Model) {
    if model.overlays.top::<DryRun>().is_some() || model.overlays.top::<Review>().is_some() {
        model.toggle(DryRun);
    }
}

/// Checks whether Enter would send: sending must be possible, and no confirmation may be missing.
///
/// # Errors
/// A sentence explaining why Enter would not send.
pub(in crate::app) fn may_submit(model: &Model) -> Result<(), String> {
    blocked(&model.engine)?;
    let missing = if let Some(review) = model.overlays.top::<Review>() {
        let targets = &review.targets;
        targets
            .iter()
            .try_for_each(|(target, _)| fleet::must_be_read(&model.engine, target))?;
        must_be_loaded(review.tags)?;
        review.confirmation.as_ref()
    } else if let Some(resend) = model.overlays.top::<Resend>() {
        must_be_loaded(resend.tags)?;
        resend.confirmation.as_ref()
    } else {
        None
    };
    match missing.filter(|confirmation| !confirmation.is_given()) {
        Some(confirmation) => Err(format!("type {} to submit", confirmation.expected)),
        None => Ok(()),
    }
}

fn must_be_loaded(tags: CacheTags) -> Result<(), String> {
    match tags {
        CacheTags::Loading => Err("the cache tag settings are still loading; try again in a moment".to_owned()),
        CacheTags::Known | CacheTags::Unknown(_) => Ok(()),
    }
}

/// Returns how much is known about the targets' support for cache tags, if any of these items is a cache tag.
pub(in crate::app) fn cache_tags<'a>(
    model: &Model,
    targets: &[Target],
    items: impl IntoIterator<Item = &'a String>,
) -> CacheTags {
    let engine = &model.engine;
    let of_target = |target: &Target| {
        let distribution = engine.distribution_of(target);
        if distribution.is_some_and(|id| engine.fleet.configs.contains_key(id)) {
            CacheTags::Known
        } else if fleet::is_being_described(engine, target) {
            CacheTags::Loading
        } else if distribution.is_some_and(|id| engine.rights.may_not_describe(id)) {
            CacheTags::Unknown(UnknownTags::Denied)
        } else {
            CacheTags::Unknown(UnknownTags::Unread)
        }
    };
    if items.into_iter().any(|item| item.starts_with('#')) {
        targets.iter().map(of_target).max().unwrap_or_default()
    } else {
        CacheTags::Known
    }
}

/// Returns what the guard requires the user to type before these items are sent to each of these targets.
pub(in crate::app) fn confirmation<'a>(
    model: &Model,
    targets: &[Target],
    items: impl IntoIterator<Item = &'a String>,
    billable: usize,
) -> Option<Confirmation> {
    let engine = &model.engine;
    let multi_tenant = targets.iter().find(|target| match target {
        Target::Distribution(id) => engine.fleet.get(id).is_some_and(Distribution::is_multi_tenant),
        Target::Tenant(_) => false,
    });
    let production = engine.account_options().filter(|label| label.production);
    let items: Vec<&String> = items.into_iter().collect();
    let unknown_tags = match cache_tags(model, targets, items.iter().copied()) {
        CacheTags::Unknown(why) => Some(why),
        CacheTags::Known | CacheTags::Loading => None,
    };
    let job = Job {
        billable,
        targets: targets.len(),
        multi_tenant: multi_tenant.map(|target| target.id().to_owned()),
        production: production.map(|label| label.label.clone()),
        // The header already shows that the account is unknown.
        unknown_account: false,
        unknown_tags,
    };
    let guard = engine.guard();
    let mut dangers = guard.dangers(items, job).into_iter();
    let danger = dangers.find(|danger| guard.asks(danger) == Asks::Always)?;
    let expected = guard.typed_before(&targets.iter().collect::<Vec<_>>(), &danger)?;
    Some(Confirmation {
        reason: reason(model, &danger),
        expected,
        typed: Input::default(),
    })
}

/// Returns the reason for a confirmation, with the key of a better alternative if there is one.
fn reason(model: &Model, danger: &Danger) -> String {
    match danger {
        Danger::MultiTenant(_) => {
            let key = model.keymap.spoken(Action::InvalidateAllTenants);
            format!("{danger}; press {key} on the distribution")
        }
        _ => danger.to_string(),
    }
}

/// Copies the equivalent AWS CLI command.
pub(in crate::app) fn copy_command(model: &mut Model) {
    let Some(review) = model.overlays.find::<Review>() else {
        return;
    };
    let commands = review.aws_commands();
    copy(model, commands, format!("the aws command ({FRESH})"));
}

/// Returns the current scope, unless nothing can be sent now.
///
/// # Errors
/// A sentence explaining why nothing can be sent.
pub fn blocked(engine: &Engine) -> Result<Scope, String> {
    engine.must_not_be_read_only("nothing can be sent")?;
    engine.ledger.must_not_be_closed()?;
    match &engine.session {
        Session::Connected(scope) => Ok(scope.clone()),
        Session::Connecting => Err("the credentials are still loading".to_owned()),
        Session::Failed(failure) => Err(failure.to_string()),
    }
}
