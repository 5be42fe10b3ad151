//! From a key to an action: where it is looked up, whether it can be done now, and what a text field does with it.

use std::collections::HashSet;

use tui_input::{Input, InputRequest};

use super::action::{ACTIONS, Action, Entry, Scope};
use super::key::{Code, Key};
use super::model::Model;
use super::overlay::keys::ALWAYS;
use super::overlay::{Overlay, compare, matrix, not_saved, note, review, themes};
use super::screen::Screen;
use super::screen::composer::{has_another, owner_here};
use super::screen::details::console_link;
use crate::domain::distribution::Target;
use crate::domain::submission::{Stage, Submission};
use crate::engine::edge::{Subject, can_look_at_draft, can_look_at_row};
use crate::engine::latest::latest;
use crate::engine::row::{RowKey, row};
use crate::engine::session::Session;
use crate::engine::whose;

/// The scopes of the page itself, whatever lies above it.
#[must_use]
pub fn page_scopes(model: &Model) -> &'static [Scope] {
    match model.screen() {
        Screen::Distributions(_) => &[Scope::Distributions, Scope::Tables, Scope::Everywhere],
        Screen::Tenants(_) => &[Scope::Tenants, Scope::Tables, Scope::Everywhere],
        Screen::Invalidations(_) => &[Scope::Invalidations, Scope::Tables, Scope::Everywhere],
        Screen::Details(_) => &[Scope::Details, Scope::Tables, Scope::Everywhere],
        Screen::History(_) => &[Scope::Invalidations, Scope::History, Scope::Tables, Scope::Everywhere],
        Screen::Composer(_) => &[Scope::Composer, Scope::Everywhere],
    }
}

/// The scopes in which a key of the page is looked up, in order.
fn scopes(model: &Model) -> &'static [Scope] {
    if model.screen().is_filtering() {
        &[Scope::Field, Scope::Tables, Scope::Everywhere]
    } else {
        page_scopes(model)
    }
}

/// Whether letters are text now.
#[must_use]
pub fn is_text(model: &Model) -> bool {
    is_text_at(model, model.overlays.len())
}

/// Whether letters are text with the keys at this place: as many overlays as `under`, or the page.
fn is_text_at(model: &Model, under: usize) -> bool {
    match under.checked_sub(1).and_then(|top| model.overlays.get(top)) {
        Some(overlay) => overlay.is_field(),
        None => model.screen().is_filtering() || matches!(model.screen(), Screen::Composer(_)),
    }
}

/// Whether a key means something to the text itself, so that no action has it. The composer's own editing gives way to
/// actions, a one-line field does not.
fn is_for_text(model: &Model, under: usize, key: Key) -> bool {
    let composing = under == 0 && matches!(model.screen(), Screen::Composer(_));
    is_text_at(model, under) && (key.typed().is_some() || (!composing && field_request(key).is_some()))
}

/// What a key means now. In a text field letters are text: only Esc, Enter, Tab and chords act. Above a page only what the
/// overlay on top lists acts.
#[must_use]
pub fn action_of(model: &Model, key: Key) -> Option<Action> {
    if is_for_text(model, model.overlays.len(), key) {
        return None;
    }
    let keymap = &model.keymap;
    match model.overlays.last() {
        Some(overlay) => heard_by(overlay).find(|action| keymap.keys(*action).contains(&key)),
        None => keymap
            .action(scopes(model), key)
            .filter(|action| is_heard_in_text(model, 0, *action)),
    }
}

/// What an overlay hears, its own actions first.
fn heard_by(overlay: &Overlay) -> impl Iterator<Item = Action> {
    let own = overlay.keys().iter().map(|(action, _)| *action);
    let always = ALWAYS.iter().map(|(action, _)| *action);
    let text = overlay.is_field();
    own.chain(always.filter(move |action| !(text && *action == Action::Suspend)))
}

/// Ctrl-Z suspends outside text fields alone.
fn is_heard_in_text(model: &Model, under: usize, action: Action) -> bool {
    action != Action::Suspend || !is_text_at(model, under)
}

/// A heading of the help, with the actions below it and the keys that mean them there.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// Actions that have a key there and a meaning.
    pub actions: Vec<(Action, Vec<Key>)>,
}

/// Everything that acts below the overlay with this number of overlays under it: what the help shows there.
#[must_use]
pub fn sections(model: &Model, under: usize) -> Vec<Section> {
    let headings: Vec<(&'static str, Vec<Action>)> = match under.checked_sub(1).and_then(|top| model.overlays.get(top))
    {
        Some(overlay) => {
            let own = overlay.keys().len();
            vec![
                (overlay.title(), heard_by(overlay).take(own).collect()),
                (Scope::Everywhere.title(), heard_by(overlay).skip(own).collect()),
            ]
        }
        None => scopes(model)
            .iter()
            .map(|scope| (scope.title(), of_scope(model, *scope)))
            .collect(),
    };
    // A key means the first action that has it.
    let mut taken = HashSet::new();
    let sections = headings.into_iter().map(|(title, actions)| Section {
        title,
        actions: actions
            .into_iter()
            .filter_map(|action| {
                let mut keys = keys_at(model, under, action);
                keys.retain(|key| taken.insert(*key));
                let means = is_available(model, action) != Err(String::new());
                (means && !keys.is_empty()).then_some((action, keys))
            })
            .collect(),
    });
    sections.filter(|section| !section.actions.is_empty()).collect()
}

/// The actions of a scope that the page hears now.
fn of_scope(model: &Model, scope: Scope) -> Vec<Action> {
    let entries = ACTIONS.iter().filter(|entry| entry.scope == scope);
    entries
        .map(|entry| entry.action)
        .filter(|action| is_heard_in_text(model, 0, *action))
        .collect()
}

/// The keys that mean an action at a place.
fn keys_at(model: &Model, under: usize, action: Action) -> Vec<Key> {
    let keys = model.keymap.keys(action).iter();
    keys.filter(|key| !is_for_text(model, under, **key)).copied().collect()
}

/// Whether an action can be done now.
///
/// # Errors
/// Why not, in a sentence; an empty one where the action has no meaning on this page.
pub fn is_available(model: &Model, action: Action) -> Result<(), String> {
    match action {
        Action::Repeat
        | Action::Invalidate
        | Action::InvalidateTenants
        | Action::InvalidateAllTenants
        | Action::InvalidateShownTenants
        | Action::InvalidateHere
        | Action::CopyToNew
        | Action::CopyDetailsToNew
        | Action::CompareToNew
            if model.engine.is_read_only() =>
        {
            model.engine.must_not_be_read_only("nothing can be sent")
        }
        Action::Discard if model.overlays.last() == Some(&Overlay::NotSaved) => Ok(()),
        Action::SaveElsewhere => not_saved::must_have_drafts(model),
        Action::RetryNow | Action::Cancel | Action::Discard | Action::SendLeftOver if model.engine.is_read_only() => {
            model.engine.must_not_be_read_only("what waits stays as it is")
        }
        Action::SendLeftOver | Action::Discard => decides(model),
        Action::Theme => themes::can_choose(model),
        Action::LogIn if model.engine.preferences.demo => Err("the demo needs no login".to_owned()),
        Action::Submit => review::may_submit(model),
        Action::Invalidate | Action::OpenInvalidations | Action::Favourite | Action::Describe => a_distribution(model),
        Action::OpenTenants | Action::InvalidateAllTenants => a_distribution(model).and_then(|()| has_tenants(model)),
        Action::OpenTenant | Action::InvalidateTenants | Action::InvalidateShownTenants | Action::FavouriteTenant => {
            selected_target(model)
                .map(drop)
                .ok_or_else(|| "no tenant selected".to_owned())
        }
        Action::InvalidateHere => here(model)
            .map(drop)
            .ok_or_else(|| "choose a row of a target first".to_owned()),
        Action::OpenDetails => selected_row(model)
            .map(drop)
            .ok_or_else(|| "no invalidation selected".to_owned()),
        Action::CopyToNew | Action::CopyDetailsToNew | Action::CopyCommand => items_known(model),
        Action::CopyConsoleLink => selected_row(model)
            .and_then(|key| console_link(model, &row(&model.engine, key)?))
            .map(drop)
            .ok_or_else(|| {
                "only an invalidation that CloudFront itself accepted for a distribution has a console page".to_owned()
            }),
        Action::LookAtEdge | Action::DetailsLookAtEdge => {
            let key = selected_row(model).ok_or("no invalidation selected")?;
            can_look_at_row(&model.engine, key)
        }
        Action::ReviewLookAtEdge => match review::open_review(model) {
            Some(review) => review
                .targets
                .first()
                .ok_or_else(String::new)
                .and_then(|(target, _)| can_look_at_draft(&model.engine, target)),
            None => Err(String::new()),
        },
        Action::Repeat => repeated(model).map(drop),
        Action::OpenMatrix | Action::OpenDetailsMatrix => matrix::of_selected(model).map(drop),
        Action::SendAgain | Action::SendAllAgain => matrix::is_available(model, action),
        Action::EditResend | Action::EditDetailsResend => refused(model).map(drop),
        Action::RetryNow => waits(model, true),
        Action::Cancel => waits(model, false),
        Action::EditNote | Action::DetailsNote => note::subject(model).map(drop),
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
        Action::SwitchTarget => owner_here(model)
            .map(drop)
            .ok_or_else(|| "this line is not a URL of another distribution".to_owned()),
        Action::NextDraft => has_another(model).then_some(()).ok_or_else(String::new),
        Action::Suspend if cfg!(not(unix)) => Err(String::new()),
        _ => Ok(()),
    }
}

/// Whether the overlay that asks lists anything to decide about.
fn decides(model: &Model) -> Result<(), String> {
    match model.overlays.last() {
        Some(Overlay::LeftOver(left)) if left.ids.is_empty() => {
            Err("it was made with other credentials; use its profile to decide".to_owned())
        }
        Some(Overlay::Quit(quit)) if quit.ids.is_empty() => {
            Err("it may have arrived already: CloudFront cannot cancel what it accepted".to_owned())
        }
        _ => Ok(()),
    }
}

fn a_distribution(model: &Model) -> Result<(), String> {
    let Screen::Distributions(screen) = model.screen() else {
        return Ok(());
    };
    match (screen.list.selected_key(), &model.engine.session) {
        (Some(_), _) => Ok(()),
        (None, Session::Failed(failure)) => Err(failure.to_string()),
        (None, Session::Connecting | Session::Connected(_)) => Err("no distribution selected".to_owned()),
    }
}

/// A distribution may serve its viewers by itself: then there are no tenants to open.
fn has_tenants(model: &Model) -> Result<(), String> {
    let Some(Target::Distribution(id)) = selected_target(model) else {
        return Ok(());
    };
    match model.engine.fleet.get(&id) {
        Some(distribution) if !distribution.is_multi_tenant() => Err(format!(
            "{} has no tenants: it is not multi-tenant",
            distribution.label()
        )),
        Some(_) | None => Ok(()),
    }
}

/// The distribution or tenant that is selected, on a page of those.
#[must_use]
pub fn selected_target(model: &Model) -> Option<Target> {
    match model.screen() {
        Screen::Distributions(screen) => screen.list.selected_key().cloned().map(Target::Distribution),
        Screen::Tenants(screen) => screen.list.selected_key().cloned().map(Target::Tenant),
        Screen::Invalidations(_) | Screen::Details(_) | Screen::History(_) | Screen::Composer(_) => None,
    }
}

/// The row that is selected, or whose details are seen.
#[must_use]
pub fn selected_row(model: &Model) -> Option<&RowKey> {
    match model.screen() {
        Screen::Invalidations(screen) => screen.list.selected_key(),
        Screen::Details(screen) => Some(&screen.key),
        Screen::History(screen) => screen.list.selected_key(),
        Screen::Distributions(_) | Screen::Tenants(_) | Screen::Composer(_) => None,
    }
}

/// What the review is about, as something to look at: of several targets the first.
#[must_use]
pub(crate) fn reviewed(model: &Model) -> Option<Subject> {
    let review = review::open_review(model)?;
    let (target, _) = review.targets.first()?;
    Some(Subject::Draft {
        target: target.clone(),
        items: review.batch.items().to_vec(),
    })
}

/// The target that an invalidation composed here is aimed at.
#[must_use]
pub fn here(model: &Model) -> Option<Target> {
    match model.screen() {
        Screen::Invalidations(screen) if screen.target.is_some() => screen.target.clone(),
        Screen::History(screen) => screen.selected().map(|record| record.target.clone()),
        _ => selected_row(model)
            .and_then(|key| row(&model.engine, key))
            .map(|row| row.target.clone()),
    }
}

fn items_known(model: &Model) -> Result<(), String> {
    let key = selected_row(model).ok_or("no invalidation selected")?;
    let Some(row) = row(&model.engine, key) else {
        // The ledger has them: they are read when they are wanted.
        return if matches!(model.screen(), Screen::History(_)) {
            Ok(())
        } else {
            Err("its items are still loading".to_owned())
        };
    };
    match (row.items, row.unreadable) {
        (Some(_), _) => Ok(()),
        (None, Some(why)) => Err(why.to_owned()),
        (None, None) => Err("its items are still loading".to_owned()),
    }
}

/// The target that is looked at, and the items of its last invalidation.
///
/// # Errors
/// Why that cannot be sent again, in a sentence.
pub(crate) fn repeated(model: &Model) -> Result<(Target, Vec<String>), String> {
    let target = selected_target(model)
        .or_else(|| here(model))
        .ok_or("no target selected")?;
    let key = latest(&model.engine, &target).ok_or_else(|| format!("no invalidation of {target} is known yet"))?;
    let items = row(&model.engine, &key).and_then(|row| row.items.map(<[String]>::to_vec));
    items
        .map(|items| (target, items))
        .ok_or_else(|| "the items of the last invalidation are still loading".to_owned())
}

/// The selected submission, when its items may be sent under a new reference.
pub(crate) fn refused(model: &Model) -> Result<&Submission, String> {
    let submission = selected_row(model)
        .and_then(|key| row(&model.engine, key))
        .and_then(|row| row.submission);
    let refused = submission.filter(|s| s.state.did_nothing()).ok_or_else(|| {
        let copy = model.keymap.spoken(Action::CopyToNew);
        format!(
            "only a refused or cancelled batch can be edited and sent again; {copy} copies the items into a new one"
        )
    })?;
    model.engine.unsaved.must_be_savable(&refused.id)?;
    Ok(refused)
}

fn compares(model: &Model) -> Result<(), String> {
    let open = model.overlays.iter().find_map(|overlay| match overlay {
        Overlay::Compare(compare) => Some(compare),
        _ => None,
    });
    let Some(compare) = open else {
        return Err(String::new());
    };
    match (&compare.difference, compare.items(compare.part)) {
        (None, _) => Err("the items are still loading".to_owned()),
        (Some(_), []) => Err("no items here".to_owned()),
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
        "cancelled; CloudFront cannot cancel what it accepted"
    };
    waiting
        .then_some(())
        .ok_or_else(|| format!("only what waits to be sent can be {what}"))
}

/// The hints of the footer: what can be pressed now, the most useful first.
#[must_use]
pub fn hints(model: &Model) -> Vec<&'static Entry> {
    let scopes = scopes(model);
    let text = is_text(model);
    let mut hints: Vec<_> = ACTIONS
        .iter()
        .filter(|entry| scopes.contains(&entry.scope) && !entry.hint.is_empty())
        .filter(|entry| entry.scope != Scope::Tables || !matches!(model.screen(), Screen::Details(_)))
        .filter(|entry| {
            matches!(
                entry.action,
                Action::RetryNow | Action::Cancel | Action::Mark | Action::Compare | Action::SwitchTarget
            ) <= is_available(model, entry.action).is_ok()
        })
        .filter(|entry| entry.action != Action::Mark || marks_choose(model))
        .filter(|entry| is_available(model, entry.action) != Err(String::new()))
        .filter(|entry| {
            model
                .keymap
                .keys(entry.action)
                .iter()
                .any(|key| !text || key.typed().is_none())
        })
        .collect();
    hints.sort_by_key(|entry| scopes.iter().position(|scope| *scope == entry.scope));
    hints
}

/// Whether marks say what the next key is about. Elsewhere they only choose what is compared, which the help tells.
fn marks_choose(model: &Model) -> bool {
    !matches!(model.screen(), Screen::Invalidations(_) | Screen::History(_))
}

/// What a one-line text field does with a key; returns whether its text changed or its cursor moved.
pub fn edit_field(field: &mut Input, key: Key) -> bool {
    field_request(key).and_then(|request| field.handle(request)).is_some()
}

fn field_request(key: Key) -> Option<InputRequest> {
    Some(match (key.code, key.ctrl, key.alt) {
        (Code::Char(c), false, false) => InputRequest::InsertChar(c),
        // Ctrl-H is what some terminals send for Backspace without saying so.
        (Code::Backspace, false, false) | (Code::Char('h'), true, false) => InputRequest::DeletePrevChar,
        (Code::Delete, false, false) => InputRequest::DeleteNextChar,
        (Code::Left, false, false) => InputRequest::GoToPrevChar,
        (Code::Right, false, false) => InputRequest::GoToNextChar,
        (Code::Left, ..) | (Code::Char('b'), false, true) => InputRequest::GoToPrevWord,
        (Code::Right, ..) | (Code::Char('f'), false, true) => InputRequest::GoToNextWord,
        (Code::Home, ..) | (Code::Char('a'), true, _) => InputRequest::GoToStart,
        (Code::End, ..) | (Code::Char('e'), true, _) => InputRequest::GoToEnd,
        (Code::Char('w'), true, _) | (Code::Backspace, ..) => InputRequest::DeletePrevWord,
        (Code::Char('u'), true, _) => InputRequest::DeleteLine,
        (Code::Char('k'), true, _) => InputRequest::DeleteTillEnd,
        _ => return None,
    })
}
