//! The core: a model, messages that may change it, and effects it asks for. Pure.
//!
//! [`update::update`] takes a [`message::Message`] and returns [`effect::Effect`]s; nothing else changes the
//! [`model::Model`].

mod act;
pub mod action;
pub mod data;
pub mod edge;
pub mod editor;
pub mod effect;
mod fleet;
pub mod key;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod list;
pub mod message;
pub mod model;
pub mod overlay;
pub mod past;
pub mod polling;
pub mod queue;
pub mod reads;
mod retention;
pub mod screen;
mod settle;
pub mod telling;
mod tenants;
pub mod update;
pub mod watch;

use model::Model;
use overlay::Overlay;

/// How many lines the layer with the keys has to go through.
fn overlay_lines(model: &Model) -> usize {
    match model.overlays.last() {
        Some(Overlay::Help(_)) => action::ACTIONS.len(),
        Some(Overlay::Messages(_)) => model.notes.len(),
        Some(Overlay::Facts(id, _)) => model
            .fleet
            .get(id)
            .map_or(0, |d| 12 + d.aliases.len() + d.origins.len()),
        Some(Overlay::Profiles(_)) => model.profiles.len(),
        Some(Overlay::Palette(state)) => overlay::palette::entries(model, state).len(),
        Some(Overlay::Review(review)) => review.items.len() + review.left_out.len(),
        Some(Overlay::Import(importing)) => importing.lines(model),
        Some(Overlay::Matrix(matrix)) => matrix.job(model).targets().len(),
        Some(Overlay::Compare(compare)) => compare.items(compare.part).len(),
        Some(Overlay::Lists(lists)) => lists.entries().len(),
        Some(Overlay::Edge(look)) => edge::report(model, &look.subject, &look.plan).map_or(1, |report| {
            3 * report.seen.len() + report.left_out.len() + report.remarks.len() + 2
        }),
        Some(
            Overlay::Note(_)
            | Overlay::Export(_)
            | Overlay::GoTo(_)
            | Overlay::Find(_)
            | Overlay::Collapse(_)
            | Overlay::Countdown(_)
            | Overlay::Quit
            | Overlay::LeftOver,
        )
        | None => 0,
    }
}
