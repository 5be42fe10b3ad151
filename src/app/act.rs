//! What each action does. The long ones live with their page.

mod again;
pub(super) mod layer;
pub(super) mod table;

use again::{copy_to_new, edit_and_resend, on_submission};
pub(super) use layer::open;
use layer::{accept, choose, discard, plan};

use super::action::Action;
use super::aws_command::{FRESH, SAME, aws_command};
use super::copying::copy;
use super::keys::{here, reviewed, selected_row, selected_target};
use super::list::{Step, View};
use super::model::Model;
use super::overlay::{
    Overlay, collapse, compare, export, import, left_over, lists, matrix, not_saved, note, profiles, quit, resend,
    review,
};
use super::screen::details::Details;
use super::screen::{Screen, composer, history};
use super::scroll::Scroll;
use super::update::{filtered, page, step};
use super::{ending, opening, resting, screen};
use crate::domain::distribution::Target;
use crate::domain::submission::Event;
use crate::engine::effect::Effect;
use crate::engine::notices::Level;
use crate::engine::row::{RowKey, row};
use crate::engine::unsaved::{self, Matter};
use crate::engine::{edge, fleet, past, queue, tenants, watch};

/// Does it. Whether it can be done was asked before.
pub(super) fn act(model: &mut Model, action: Action) {
    match action {
        Action::Complete => complete(model),
        Action::Help | Action::Palette | Action::Messages | Action::Profiles | Action::GoTo | Action::Theme => {
            layer::open_for(model, action);
        }
        Action::LogIn => fleet::log_in(&mut model.engine),
        Action::Back | Action::Leave => back(model),
        Action::Quit => quit_or_back(model),
        Action::QuitNow => quit_now(model),
        Action::GoDistributions => while screen::pop(model) {},
        Action::GoHistory => history::open(model),
        Action::GoInvalidations => screen::open_invalidations(model, None),
        Action::Refresh => refresh(model),
        Action::Repaint => repaint(model),
        Action::Suspend => model.engine.ask(Effect::Suspend),
        Action::Mouse => switch_mouse(model),
        Action::Up | Action::Down | Action::Top | Action::Bottom | Action::PageUp | Action::PageDown => {
            move_page(model, action);
        }
        Action::Filter => set_filtering(model, true),
        Action::Sort | Action::SortReverse | Action::Columns | Action::Mark | Action::MarkAll => {
            table::act(model, action);
        }
        Action::Repeat => again::repeat(model),
        Action::Times => next_times(model),
        Action::CopyId => copy_id(model),
        Action::OpenInvalidations | Action::OpenTenant => open_selected(model),
        Action::Invalidate | Action::InvalidateTenants => compose_chosen(model),
        Action::OpenTenants => open_tenants(model),
        Action::InvalidateAllTenants | Action::InvalidateShownTenants => invalidate_tenants(model),
        Action::Favourite | Action::FavouriteTenant => favourite(model),
        Action::Describe => describe(model),
        Action::OpenDetails => open_details(model),
        Action::CopyToNew | Action::CopyDetailsToNew => copy_to_new(model),
        Action::InvalidateHere => compose_here(model),
        Action::LookAtEdge | Action::DetailsLookAtEdge | Action::ReviewLookAtEdge => open_edge(model),
        Action::LookAgain => look_again(model),
        Action::EditNote | Action::DetailsNote => note::open(model),
        Action::ReviewNote => note::open_for_review(model),
        Action::Export => export::open(model),
        Action::ExportFormat => export::toggle(model),
        Action::Compare | Action::CompareLeft | Action::CompareRight | Action::CompareToNew => {
            compare::act(model, action);
        }
        Action::RetryNow => on_submission(model, &Event::RetryNow),
        Action::Cancel => on_submission(model, &Event::Cancel),
        Action::CopyReference => copy_reference(model),
        Action::CopyCommand => copy_command(model),
        Action::CopyConsoleLink => copy_console_link(model),
        Action::Review
        | Action::FixSafe
        | Action::TakeOffer
        | Action::SwitchTarget
        | Action::KeepLine
        | Action::NextProblem
        | Action::ExternalEditor
        | Action::ToggleComment
        | Action::SortLines
        | Action::Undo
        | Action::Redo
        | Action::Find
        | Action::FindNext
        | Action::SelectAll
        | Action::CopyText
        | Action::CutText
        | Action::ClearDraft
        | Action::NextDraft => composer::act(model, action),
        Action::Tools => open(model, Overlay::Tools(0)),
        Action::Collapse => collapse::open(model),
        Action::PlanLeft | Action::PlanRight | Action::MoreOverreach | Action::LessOverreach => plan(model, action),
        Action::Import | Action::ToggleFolders | Action::ToggleEndings => import::act(model, action),
        Action::Lists => {
            // Its key repaints everywhere else.
            repaint(model);
            lists::act(model, action);
        }
        Action::SaveList | Action::MergeList | Action::DeleteList => lists::act(model, action),
        Action::EditResend | Action::EditDetailsResend => edit_and_resend(model),
        Action::OpenMatrix | Action::OpenDetailsMatrix => matrix::open(model),
        Action::CellLeft | Action::CellRight | Action::SendAgain | Action::SendAllAgain => matrix::act(model, action),
        Action::Submit => match model.overlays.last() {
            Some(Overlay::Resend(_)) => resend::submit(model),
            _ => review::submit(model),
        },
        Action::DryRun => review::toggle_dry_run(model),
        Action::CopyReviewCommand => review::copy_command(model),
        Action::OverlayUp
        | Action::OverlayDown
        | Action::OverlayPageUp
        | Action::OverlayPageDown
        | Action::OverlayTop
        | Action::OverlayBottom => layer::step(model, action),
        Action::Choose => choose(model),
        Action::SendLeftOver => left_over::send(model),
        Action::Discard => discard(model),
        Action::SaveAgain => not_saved::try_again(model),
        Action::SaveElsewhere => not_saved::export(model),
        Action::Accept => accept(model),
    }
}

fn repaint(model: &mut Model) {
    model.engine.ask(Effect::Repaint);
    model.engine.touch();
}

fn compose_here(model: &mut Model) {
    if let Some(target) = here(model) {
        composer::open(model, vec![target], None);
    }
}

/// Moves the selection of a table, or scrolls a page that is read.
fn move_page(model: &mut Model, action: Action) {
    let (by, scroll) = match action {
        Action::Up => (Step::By(-1), Scroll::Lines(-1)),
        Action::Down => (Step::By(1), Scroll::Lines(1)),
        Action::Top => (Step::Top, Scroll::Top),
        Action::Bottom => (Step::Bottom, Scroll::Bottom),
        Action::PageUp => (Step::By(-page(model)), Scroll::Pages(-1)),
        _ => (Step::By(page(model)), Scroll::Pages(1)),
    };
    match model.screen() {
        Screen::Details(_) => model.scroll(scroll),
        _ => step(model, by),
    }
}

fn back(model: &mut Model) {
    model.engine.touch();
    let went_back = match model.overlays.last() {
        Some(Overlay::Profiles(_)) => profiles::back(model),
        Some(Overlay::Import(_)) => import::back(model),
        Some(Overlay::Lists(_)) => lists::back(model),
        Some(Overlay::Countdown) => {
            queue::stop(&mut model.engine);
            true
        }
        Some(Overlay::Export(_)) => export::back(model),
        _ => false,
    };
    if went_back || model.overlays.pop().is_some() {
        return;
    }
    if let Some(view) = model.screen_mut().view_mut()
        && (view.filtering || view.is_filtered())
    {
        *view = View::default();
        return filtered(model);
    }
    if !screen::pop(model) {
        model.marked.clear();
    }
}

fn quit_or_back(model: &mut Model) {
    if matches!(model.overlays.last(), Some(Overlay::Quit(_))) {
        return ending::quit(model);
    }
    if model.overlays.is_empty() && model.screens.len() == 1 {
        quit::quit(model);
    } else {
        back(model);
    }
}

/// Ctrl-C quits from everywhere; what is being composed is kept first, and what waits is asked about once.
fn quit_now(model: &mut Model) {
    if model.overlays.last() == Some(&Overlay::NotSaved) {
        return not_saved::leave(model);
    }
    composer::keep_draft(model);
    quit::quit(model);
}

fn refresh(model: &mut Model) {
    crate::engine::ledger::try_again(&mut model.engine);
    if queue::renew(&mut model.engine) {
        return;
    }
    match model.screen() {
        Screen::Distributions(_) => {
            model.engine.overview.begin_again(model.engine.now);
            model.engine.rights.forget_denied(|_| true);
            fleet::refresh(&mut model.engine);
        }
        Screen::Invalidations(screen) => match screen.target.clone() {
            Some(target) => refresh_target(model, &target),
            None => refresh_all(model),
        },
        Screen::Details(screen) => {
            if let RowKey::Invalidation(target, _) = screen.key.clone() {
                model.engine.histories.try_again(&target);
                model.engine.rights.forget_denied(|of| of == Some(&target));
            }
            resting::rested(model);
        }
        Screen::Tenants(screen) => {
            let distribution = screen.distribution.clone();
            tenants::refresh(&mut model.engine, &distribution);
        }
        Screen::History(_) => history::reread(model),
        Screen::Composer(_) => {}
    }
}

fn refresh_all(model: &mut Model) {
    let targets: Vec<Target> = model
        .engine
        .histories
        .iter()
        .map(|(target, _)| target.clone())
        .collect();
    for target in targets {
        refresh_target(model, &target);
    }
}

/// Reads the newest page again, and lets what could not be read before be tried once more.
fn refresh_target(model: &mut Model, target: &Target) {
    model.engine.rights.forget_denied(|of| of == Some(target));
    model.engine.histories.try_again(target);
    watch::read_first_page(&mut model.engine, target);
    resting::rest(model);
}

fn set_filtering(model: &mut Model, on: bool) {
    if let Some(view) = model.screen_mut().view_mut() {
        view.filtering = on;
        model.engine.touch();
    }
}

fn copy_id(model: &mut Model) {
    let id = match model.screen() {
        Screen::Distributions(_) | Screen::Tenants(_) => selected_target(model).map(|target| target.to_string()),
        Screen::Invalidations(_) | Screen::Details(_) => selected_row(model)
            .and_then(|key| row(&model.engine, key))
            .and_then(|row| row.id)
            .map(ToString::to_string),
        Screen::History(screen) => {
            let state = screen.selected().and_then(|record| model.engine.state_of(record));
            state.and_then(|state| state.accepted()).map(|(id, _)| id.to_string())
        }
        Screen::Composer(_) => None,
    };
    match id {
        Some(id) => copy(model, id.clone(), id),
        None => model.engine.say(Level::Info, "no id to copy yet"),
    }
}

fn open_selected(model: &mut Model) {
    if let Some(target) = selected_target(model) {
        screen::open_invalidations(model, Some(target));
    }
}

fn open_tenants(model: &mut Model) {
    if let Some(Target::Distribution(id)) = selected_target(model) {
        opening::open_tenants(model, id);
    }
}

/// Composes for all tenants of the selected distribution, or for those that the tenants page shows.
fn invalidate_tenants(model: &mut Model) {
    open_tenants(model);
    screen::tenants::want_all(model);
}

/// What an invalidation is aimed at: everything that is marked, on whichever page, else what is selected.
fn compose_chosen(model: &mut Model) {
    let targets: Vec<Target> = if model.marked.is_empty() {
        selected_target(model).into_iter().collect()
    } else {
        model.marked.iter().cloned().collect()
    };
    composer::open(model, targets, None);
}

fn favourite(model: &mut Model) {
    let Some(target) = selected_target(model) else { return };
    if !model.engine.favourites.remove(&target) {
        model.engine.favourites.insert(target.clone());
    }
    unsaved::save(&mut model.engine, &[Matter::Favourite(target)]);
    model.engine.rows_changed();
    model.engine.touch();
}

fn describe(model: &mut Model) {
    let Screen::Distributions(screen) = model.screen() else {
        return;
    };
    if let Some(id) = screen.list.selected_key().cloned() {
        fleet::describe(&mut model.engine, &id);
        open(model, Overlay::Facts(id));
    }
}

fn open_details(model: &mut Model) {
    if let Some(key) = selected_row(model).cloned() {
        open_details_of(model, key);
    }
}

/// Opens the page of a row.
fn open_details_of(model: &mut Model, key: RowKey) {
    if let RowKey::Submission(id) = &key {
        past::look(&mut model.engine, id);
    }
    let serial = model.engine.number();
    screen::push(model, Screen::Details(Details { key, serial }));
    screen::details::read_attempts(model);
}

fn copy_reference(model: &mut Model) {
    let Some(row) = selected_row(model).and_then(|key| row(&model.engine, key)) else {
        return;
    };
    let known = row
        .id
        .and_then(|id| model.engine.histories.invalidation(row.target, id))
        .map(|i| i.caller_reference.clone());
    let reference = row.submission.map(|s| s.reference.to_string()).or(known);
    match reference {
        Some(reference) => copy(model, reference, "the CallerReference"),
        None => model.engine.say(Level::Info, "its CallerReference is still being read"),
    }
}

fn copy_command(model: &mut Model) {
    let crate::engine::session::Session::Connected(scope) = &model.engine.session else {
        return;
    };
    let Some(row) = selected_row(model).and_then(|key| row(&model.engine, key)) else {
        return;
    };
    let scope = row.submission.map_or(scope, |s| &s.scope);
    let known = row
        .id
        .and_then(|id| model.engine.histories.invalidation(row.target, id));
    let of_another = || known.map(|known| known.caller_reference.clone());
    let reference = row.submission.map(|s| s.reference.to_string()).or_else(of_another);
    let command = aws_command(scope, row.target, row.items.unwrap_or_default(), reference.as_deref());
    let does = if reference.is_some() { SAME } else { FRESH };
    copy(model, command, format!("the aws command ({does})"));
}

fn copy_console_link(model: &mut Model) {
    let row = selected_row(model).and_then(|key| row(&model.engine, key));
    if let Some(link) = row.and_then(|row| screen::details::console_link(model, &row)) {
        copy(model, link, "the URL of its page in the console");
    }
}

fn switch_mouse(model: &mut Model) {
    model.mouse = !model.mouse;
    model.engine.ask(Effect::Mouse(model.mouse));
    let text = if model.mouse {
        "mouse on: Shift-drag selects text"
    } else {
        "mouse off: the terminal has it"
    };
    model.engine.say(Level::Info, text);
}

/// Completes the path in the field of an import, or the line of the composer.
fn complete(model: &mut Model) {
    if let Some(Overlay::Import(_)) = model.overlays.last() {
        import::path::complete(model);
    } else {
        composer::act(model, Action::Complete);
    }
}

fn next_times(model: &mut Model) {
    model.times = model.times.next();
    let name = model.times.name();
    model.engine.say(Level::Info, format!("times: {name}"));
}

/// Looks at what the review is about, or at the row.
fn open_edge(model: &mut Model) {
    let row = || selected_row(model).cloned().map(edge::Subject::Row);
    if let Some(subject) = reviewed(model).or_else(row) {
        super::overlay::edge::open(model, subject);
    }
}

fn look_again(model: &mut Model) {
    if let Some(Overlay::Edge(look)) = model.overlays.last() {
        let plan = look.plan.clone();
        edge::look(&mut model.engine, &plan);
    }
}
