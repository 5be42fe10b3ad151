//! Copies parts of the selected row for use in other programs.

use crate::app::act::details;
use crate::app::aws_command::{FRESH, SAME, aws_command};
use crate::app::copying::copy;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::app::selection::{selected_row, selected_target};
use crate::engine::notices::Level;
use crate::engine::row::row;

pub(in crate::app) fn copy_id(model: &mut Model) {
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

pub(in crate::app) fn copy_reference(model: &mut Model) {
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
        None => model.engine.say(Level::Info, "the CallerReference is still loading"),
    }
}

pub(in crate::app) fn copy_command(model: &mut Model) {
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

pub(in crate::app) fn copy_console_link(model: &mut Model) {
    let row = selected_row(model).and_then(|key| row(&model.engine, key));
    if let Some(link) = row.and_then(|row| details::console_link(model, &row)) {
        copy(model, link, "the invalidation's console URL");
    }
}
