//! Carries out actions. Longer actions are implemented in the submodule of their page or overlay.

pub(in crate::app) mod again;
pub(in crate::app) mod browser;
pub(in crate::app) mod code;
pub(in crate::app) mod collapse;
pub(in crate::app) mod columns;
pub(in crate::app) mod compare;
pub(in crate::app) mod composer;
pub(in crate::app) mod copies;
pub(in crate::app) mod deliberate;
pub(in crate::app) mod details;
pub(in crate::app) mod edge;
pub(in crate::app) mod export;
pub(in crate::app) mod following;
pub mod go_to;
pub mod help;
pub(in crate::app) mod history;
pub mod import;
pub(in crate::app) mod left_over;
pub(in crate::app) mod lists;
pub(in crate::app) mod maker;
pub(in crate::app) mod matrix;
pub(in crate::app) mod navigation;
pub(in crate::app) mod not_saved;
pub(in crate::app) mod note;
pub(in crate::app) mod overlay;
pub mod palette;
pub(in crate::app) mod profile_search;
pub(in crate::app) mod profiles;
pub(in crate::app) mod quit;
pub(in crate::app) mod refreshing;
pub(in crate::app) mod resend;
pub mod review;
pub(in crate::app) mod rows;
pub(in crate::app) mod table;
pub(in crate::app) mod tenants;
pub mod themes;
pub(in crate::app) mod tools;
pub(in crate::app) mod who;

use super::action::Action;
use super::list::{Step, View};
use super::model::Model;
use super::screen::Screen;
use super::scroll::Scroll;
use crate::app::act::composer::editing::give;
use crate::app::act::composer::{
    another, completion, compose, draft, external_editor, fixes, searching, sending, switching,
};
use crate::app::act::rows::{filtered, page, step};
use crate::app::editor::{Command, Edit};
use crate::app::overlay::edge::EdgeLook;
use crate::app::overlay::import::Importing;
use crate::app::overlay::profiles::Switcher;
use crate::app::overlay::quit::Quit;
use crate::app::overlay::reading::{Facts, NotSaved};
use crate::app::overlay::resend::Resend;
use crate::app::overlay::tools::Tools;
use crate::app::selection::{chosen_targets, here, reviewed, selected_row, selected_target};
use crate::app::{ending, missing, opening};
use crate::domain::distribution::Target;
use crate::domain::submission::Event;
use crate::engine;
use crate::engine::edge::Subject;
use crate::engine::effect::Effect;
use crate::engine::notices::Level;
use crate::engine::unsaved::UnsavedChange;
use crate::engine::{fleet, login, unsaved};

/// Defines `act` from a table. Each row lists one or more actions and the call that carries them out. If an action has
/// no row, the compiler reports it by name.
macro_rules! carried_out {
    ($model:ident $action:ident: $($($name:ident)|+ => $call:expr;)*) => {
        /// Carries out an action. The caller has checked that it is available.
        pub(super) fn act($model: &mut Model, $action: Action) {
            match $action {
                $($(Action::$name)|+ => $call,)*
            }
        }
    };
}

carried_out! {
    model action:
    Complete => complete(model);
    Who => who::open(model);
    Help | Palette | Messages | Profiles | GoTo | Theme => overlay::open_for(model, action);
    Usage | FindInProfiles => overlay::open_for(model, action);
    LogIn => log_in(model);
    CopyLoginUrl => browser::copy_url(model);
    OpenDemo => open_demo(model);
    Back | Leave => back(model);
    Quit => quit_or_back(model);
    QuitNow => quit_now(model);
    GoDistributions => while navigation::pop(model) {};
    GoHistory => history::open(model);
    GoInvalidations => navigation::open_invalidations(model, None);
    Refresh => refreshing::refresh(model);
    Repaint => repaint(model);
    Suspend => model.engine.ask(Effect::Suspend);
    Mouse => switch_mouse(model);
    Up | Down | Top | Bottom | PageUp | PageDown => go(model, action);
    Filter => rows::set_filtering(model, true);
    Sort | SortReverse | Columns | Mark | MarkAll => table::act(model, action);
    Repeat => again::repeat(model);
    Times => next_times(model);
    CopyId => copies::copy_id(model);
    CopyPolicy => missing::copy_policy(model);
    CopyReference => copies::copy_reference(model);
    CopyCommand => copies::copy_command(model);
    CopyConsoleLink => copies::copy_console_link(model);
    OpenInvalidations => open_selected(model);
    Invalidate => compose_chosen(model);
    OpenTenants => open_tenants(model);
    InvalidateAllTenants => invalidate_tenants(model);
    Favorite => pin(model);
    Describe => describe(model);
    OpenDetails => open_details(model);
    WhoMade => maker::open(model);
    CopyToNew => again::copy_to_new(model);
    InvalidateHere => compose_here(model);
    CheckEdge | ReviewCheckEdge => open_edge(model);
    CheckEdgeAgain => look_again(model);
    EditNote => note::open(model);
    ReviewNote => note::begin_in_review(model);
    Export => export::open(model);
    ExportFormat => export::toggle(model);
    Compare | CompareLeft | CompareRight | CompareToNew => compare::act(model, action);
    RetryNow => again::on_submission(model, &Event::RetryNow);
    Cancel => again::on_submission(model, &Event::Cancel);
    Review => sending::review(model);
    FixSafe => fixes::fix_all(model);
    TakeOffer => fixes::take_offer(model);
    SwitchTarget => switching::switch(model);
    AddTwin => switching::add_twin(model);
    KeepLine => fixes::keep_line(model);
    NextProblem => fixes::next_problem(model);
    ExternalEditor => external_editor::open(model);
    ToggleComment => give(model, Edit::ToggleComment.into());
    SortLines => give(model, Edit::SortLines.into());
    Undo => give(model, Command::Undo);
    Redo => give(model, Command::Redo);
    Find => searching::ask_what_to_find(model);
    FindNext => searching::find_next(model);
    SelectAll => give(model, Command::SelectAll);
    CopyText => give(model, Command::Copy);
    CutText => give(model, Command::Cut);
    ClearDraft => composer::clear(model);
    NextDraft => another::show_next(model);
    Tools => model.toggle(Tools::default());
    Collapse => collapse::open(model);
    PlanLeft | PlanRight | MoreOverreach | LessOverreach => collapse::act(model, action);
    Import | ToggleFolders | ToggleEndings => import::act(model, action);
    Lists => open_lists(model);
    SaveList | MergeList | DeleteList => lists::act(model, action);
    EditResend => again::edit_and_resend(model);
    OpenMatrix => matrix::open(model);
    CellLeft | CellRight | SendAgain | SendAllAgain => matrix::act(model, action);
    Submit => submit(model);
    DryRun => review::toggle_dry_run(model);
    WhenDeployed => review::toggle_when_deployed(model);
    CopyReviewCommand => review::copy_command(model);
    SearchHelp => help::search(model);
    Choose => drop(overlay::enter(model));
    SendLeftOver => left_over::send(model);
    Discard => overlay::discard(model);
    SaveAgain => not_saved::try_again(model);
    SaveElsewhere => not_saved::export(model);
    Accept => accept(model);
}

/// Opens the saved lists. On every other page, this action's key repaints the screen, so this function does so too.
fn open_lists(model: &mut Model) {
    repaint(model);
    lists::act(model, Action::Lists);
}

/// Handles Enter in a text field: accepts the text of the top overlay's field, or else leaves the filter field.
fn accept(model: &mut Model) {
    if !overlay::enter(model) {
        rows::set_filtering(model, false);
    }
}

/// Logs in to the profile selected in the profile list or, if the list is not open, to the current profile.
fn log_in(model: &mut Model) {
    if model.overlays.top::<Switcher>().is_some() {
        profiles::log_in(model);
    } else {
        login::log_in(&mut model.engine);
    }
}

/// Quits and starts the demo instead.
fn open_demo(model: &mut Model) {
    model.then_demo = true;
    quit::quit(model);
}

/// Sends the reviewed submissions if the key press was deliberate.
fn submit(model: &mut Model) {
    if !deliberate::is_given(model) {
        return;
    }
    if model.overlays.top::<Resend>().is_some() {
        resend::submit(model);
    } else {
        review::submit(model);
    }
}

fn repaint(model: &mut Model) {
    model.engine.ask(Effect::Repaint);
    model.engine.touch();
}

fn compose_here(model: &mut Model) {
    if let Some(target) = here(model) {
        compose::open(model, vec![target], None);
    }
}

/// Moves the selection in the top overlay or in a table, or scrolls text.
fn go(model: &mut Model, action: Action) {
    if !model.overlays.is_empty() {
        return overlay::step(model, action);
    }
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
    if overlay::back(model) {
        return;
    }
    if let Some(view) = model.screen_mut().view_mut()
        && (view.filtering || view.is_filtered())
    {
        *view = View::default();
        return filtered(model);
    }
    // Pages are closed first: only on the first page does the key cancel a pending login.
    if !navigation::pop(model) && !login::stop_connecting(&mut model.engine) {
        model.marked.clear();
    }
}

fn quit_or_back(model: &mut Model) {
    if model.overlays.top::<Quit>().is_some() {
        return ending::quit(model);
    }
    if model.overlays.is_empty() && model.screens.len() == 1 {
        quit::quit(model);
    } else {
        back(model);
    }
}

/// Handles Ctrl-C, which quits from anywhere: saves the composed text first, and asks the user once about submissions
/// that are waiting to be sent.
fn quit_now(model: &mut Model) {
    if model.overlays.top::<NotSaved>().is_some() {
        return not_saved::leave(model);
    }
    draft::keep_draft(model);
    quit::quit(model);
}

fn open_selected(model: &mut Model) {
    if let Some(target) = selected_target(model) {
        navigation::open_invalidations(model, Some(target));
    }
}

fn open_tenants(model: &mut Model) {
    if let Some(Target::Distribution(id)) = selected_target(model) {
        opening::open_tenants(model, id);
    }
}

/// Opens the composer for all tenants of the selected distribution, or for those that the tenants page shows.
fn invalidate_tenants(model: &mut Model) {
    open_tenants(model);
    tenants::want_all(model);
}

/// Opens the composer for the chosen targets.
fn compose_chosen(model: &mut Model) {
    let targets = chosen_targets(model);
    compose::open(model, targets, None);
}

fn pin(model: &mut Model) {
    let Some(target) = selected_target(model) else { return };
    if !model.engine.favorites.remove(&target) {
        model.engine.favorites.insert(target.clone());
    }
    unsaved::save(&mut model.engine, &[UnsavedChange::Favorite(target)]);
    model.engine.redraw_rows();
}

fn describe(model: &mut Model) {
    let Screen::Distributions(screen) = model.screen() else {
        return;
    };
    if let Some(id) = screen.list.selected_key().cloned() {
        fleet::describe(&mut model.engine, &id);
        model.toggle(Facts(id));
    }
}

fn open_details(model: &mut Model) {
    if let Some(key) = selected_row(model).cloned() {
        details::open(model, key);
    }
}

fn switch_mouse(model: &mut Model) {
    model.mouse = !model.mouse;
    model.engine.ask(Effect::Mouse(model.mouse));
    let text = if model.mouse {
        "mouse on; Shift-drag to select text"
    } else {
        "mouse off; drag to select text"
    };
    model.engine.say(Level::Info, text);
}

/// Completes the path in an import's input field, or the current line of the composer.
fn complete(model: &mut Model) {
    if model.overlays.top::<Importing>().is_some() {
        import::path::complete(model);
    } else {
        completion::complete(model);
    }
}

fn next_times(model: &mut Model) {
    model.times = model.times.next();
    let name = model.times.name();
    model.engine.say(Level::Info, format!("times: {name}"));
}

/// Opens the edge check for the reviewed items or for the selected row.
fn open_edge(model: &mut Model) {
    let row = || selected_row(model).cloned().map(Subject::Row);
    if let Some(subject) = reviewed(model).or_else(row) {
        edge::open(model, subject);
    }
}

fn look_again(model: &mut Model) {
    if let Some(look) = model.overlays.top::<EdgeLook>() {
        let plan = look.plan.clone();
        engine::edge::look(&mut model.engine, &plan);
    }
}
