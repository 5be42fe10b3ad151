//! Checks whether an action is available now and, if not, why.

use crate::app::act::composer::{another, switching};
use crate::app::act::themes;
use crate::app::act::{compare, details, matrix, not_saved, note, profile_search, profiles, review};
use crate::app::action::Action;
use crate::app::missing;
use crate::app::model::Model;
use crate::app::overlay::Overlay;
use crate::app::overlay::compare::Compare;
use crate::app::overlay::profiles::Switcher;
use crate::app::overlay::reading::NotSaved;
use crate::app::overlay::review::Review;
use crate::app::screen::Screen;
use crate::app::selection::{here, refused, repeated, selected_row, selected_target};
use crate::domain::distribution::Target;
use crate::domain::submission::Stage;
use crate::engine::edge::{can_look_at_draft, can_look_at_row};
use crate::engine::row::row;
use crate::engine::session::Session;
use crate::engine::whose;

/// Checks whether an action is available now.
///
/// # Errors
/// A sentence explaining why it is not; empty if the action has no meaning on this page.
pub fn is_available(model: &Model, action: Action) -> Result<(), String> {
    match action {
        Action::Repeat
        | Action::Invalidate
        | Action::InvalidateAllTenants
        | Action::InvalidateHere
        | Action::CopyToNew
        | Action::CompareToNew
            if model.engine.is_read_only() =>
        {
            model.engine.must_not_be_read_only("nothing can be sent")
        }
        Action::Discard if model.overlays.top::<NotSaved>().is_some() => Ok(()),
        Action::SaveElsewhere => not_saved::must_have_drafts(model),
        Action::RetryNow | Action::Cancel | Action::Discard | Action::SendLeftOver if model.engine.is_read_only() => {
            model
                .engine
                .must_not_be_read_only("waiting submissions cannot be changed")
        }
        Action::SendLeftOver | Action::Discard => decides(model),
        Action::Theme => themes::can_choose(model),
        Action::FindInProfiles => profile_search::wanted(model).map(drop),
        Action::OpenDemo => opens_demo(model),
        Action::CopyPolicy => missing::must_be_denied(model),
        Action::LogIn if model.overlays.top::<Switcher>().is_some() => logs_in(model),
        Action::LogIn if model.engine.preferences.demo => Err("the demo needs no login".to_owned()),
        Action::Submit => review::may_submit(model),
        Action::WhenDeployed => review::may_wait(model),
        Action::Invalidate | Action::OpenInvalidations | Action::Favorite | Action::Describe => a_target(model),
        Action::OpenTenants | Action::InvalidateAllTenants => a_target(model).and_then(|()| has_tenants(model)),
        Action::InvalidateHere => must_be(here(model), "select a target first"),
        Action::OpenDetails | Action::WhoMade => must_be(selected_row(model), "no invalidation selected"),
        Action::CopyToNew | Action::CopyCommand => items_known(model),
        Action::CopyConsoleLink => must_be(
            selected_row(model).and_then(|key| details::console_link(model, &row(&model.engine, key)?)),
            "only accepted invalidations of distributions have a console page",
        ),
        Action::CheckEdge => {
            let key = selected_row(model).ok_or("no invalidation selected")?;
            can_look_at_row(&model.engine, key)
        }
        Action::ReviewCheckEdge => match model.overlays.find::<Review>() {
            Some(review) => review
                .targets
                .first()
                .ok_or_else(String::new)
                .and_then(|(target, _)| can_look_at_draft(&model.engine, target)),
            None => Err(String::new()),
        },
        Action::Repeat => repeated(model).map(drop),
        Action::OpenMatrix => matrix::of_selected(model).map(drop),
        Action::SendAgain | Action::SendAllAgain => matrix::is_available(model, action),
        Action::EditResend => refused(model).map(drop),
        Action::RetryNow => waits(model, true),
        Action::Cancel => waits(model, false),
        Action::EditNote => note::subject(model).map(drop),
        Action::Compare => compare::pair(model).map(drop),
        Action::CompareToNew => compares(model),
        Action::Export => match model.screen() {
            Screen::History(page) if page.counts.found > 0 => Ok(()),
            _ => Err("nothing to export".to_owned()),
        },
        Action::Mark if matches!(model.screen(), Screen::Details(_)) => Err(String::new()),
        Action::MarkAll if !matches!(model.screen(), Screen::Distributions(_) | Screen::Tenants(_)) => {
            Err(String::new())
        }
        Action::Filter | Action::Sort | Action::SortReverse | Action::Columns | Action::CopyId
            if matches!(model.screen(), Screen::Details(_)) =>
        {
            if action == Action::CopyId {
                Ok(())
            } else {
                Err(String::new())
            }
        }
        Action::SwitchTarget => must_be(
            switching::owner_here(model),
            "this line is not a URL of another distribution",
        ),
        Action::AddTwin => must_be(
            switching::twin_here(model),
            "this distribution has no known staging distribution",
        ),
        Action::NextDraft => another::has_another(model).then_some(()).ok_or_else(String::new),
        Action::Suspend if cfg!(not(unix)) => Err(String::new()),
        _ => Ok(()),
    }
}

/// Checks whether an action has something to act on; `lacks` is the error sentence if it does not.
fn must_be<T>(subject: Option<T>, lacks: &str) -> Result<(), String> {
    subject.map(drop).ok_or_else(|| lacks.to_owned())
}

/// Checks whether the user can log in to the selected profile from the list.
fn logs_in(model: &Model) -> Result<(), String> {
    let switcher = model.overlays.top::<Switcher>().ok_or_else(String::new)?;
    profiles::may_log_in(model, switcher)
}

/// Checks whether the demo can be opened. It replaces this program, so no submissions may be waiting.
fn opens_demo(model: &Model) -> Result<(), String> {
    match &model.engine.session {
        Session::Failed(_) if model.engine.waiting().next().is_some() => {
            Err("some invalidations have not been sent yet; run `invalidash --demo` instead".to_owned())
        }
        Session::Failed(_) => Ok(()),
        Session::Connecting | Session::Connected(_) => Err(String::new()),
    }
}

/// Checks whether the top overlay, if it asks for a decision, lists any submissions to decide about.
fn decides(model: &Model) -> Result<(), String> {
    match model.overlays.last() {
        Some(Overlay::LeftOver(left)) if left.ids.is_empty() => {
            Err("created with different credentials; switch to that profile first".to_owned())
        }
        Some(Overlay::Quit(quit)) if quit.ids.is_empty() => {
            Err("nothing to discard; every request may already have reached CloudFront".to_owned())
        }
        _ => Ok(()),
    }
}

/// Checks whether a distribution or tenant is selected, on a page that lists them.
fn a_target(model: &Model) -> Result<(), String> {
    let screen = match model.screen() {
        Screen::Distributions(screen) => screen,
        Screen::Tenants(_) if selected_target(model).is_none() => return Err("no tenant selected".to_owned()),
        _ => return Ok(()),
    };
    match (screen.list.selected_key(), &model.engine.session) {
        (Some(_), _) => Ok(()),
        (None, Session::Failed(failure)) => Err(failure.to_string()),
        (None, Session::Connecting | Session::Connected(_)) => Err("no distribution selected".to_owned()),
    }
}

/// Checks whether the selected distribution can have tenants: only a multi-tenant one can.
fn has_tenants(model: &Model) -> Result<(), String> {
    let Some(Target::Distribution(id)) = selected_target(model) else {
        return Ok(());
    };
    match model.engine.fleet.get(&id) {
        Some(distribution) if !distribution.is_multi_tenant() => Err(format!(
            "{} has no tenants because it is not multi-tenant",
            distribution.label()
        )),
        Some(_) | None => Ok(()),
    }
}

fn items_known(model: &Model) -> Result<(), String> {
    let key = selected_row(model).ok_or("no invalidation selected")?;
    let Some(row) = row(&model.engine, key) else {
        // The items are in the ledger, and are loaded when needed.
        return if matches!(model.screen(), Screen::History(_)) {
            Ok(())
        } else {
            Err("the items are still loading".to_owned())
        };
    };
    match (row.items, row.unreadable) {
        (Some(_), _) => Ok(()),
        (None, Some(why)) => Err(why.to_owned()),
        (None, None) => Err("the items are still loading".to_owned()),
    }
}

fn compares(model: &Model) -> Result<(), String> {
    let Some(compare) = model.overlays.find::<Compare>() else {
        return Err(String::new());
    };
    match (&compare.difference, compare.items(compare.part)) {
        (None, _) => Err("the items are still loading".to_owned()),
        (Some(_), []) => Err("no items in this part".to_owned()),
        (Some(_), _) => Ok(()),
    }
}

fn waits(model: &Model, again: bool) -> Result<(), String> {
    let submission = selected_row(model)
        .and_then(|key| row(&model.engine, key))
        .and_then(|row| row.submission);
    if let Some(submission) = submission {
        whose::may_decide(&model.engine, submission, again)?;
    }
    let waiting = submission.is_some_and(|s| {
        let searched_for = s.state.stage() == Stage::Searching && model.engine.queue.held().contains(&s.id);
        s.state.is_waiting() || (again && searched_for)
    });
    let what = if again {
        "retried"
    } else {
        "cancelled; CloudFront cannot cancel an accepted invalidation"
    };
    waiting
        .then_some(())
        .ok_or_else(|| format!("only submissions that are waiting to be sent can be {what}"))
}
