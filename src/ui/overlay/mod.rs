//! The overlays above a page, one file each. Each overlay shows its own keys at the bottom.

mod browser;
mod code;
mod collapse;
mod columns;
mod compare;
mod confirmation;
mod countdown;
mod dry_run;
mod edge;
mod export;
mod facts;
mod go_to;
mod help;
mod import;
mod kit;
mod left_over;
mod lists;
mod maker;
mod matrix;
mod messages;
mod month;
mod not_saved;
mod note;
mod palette;
mod profile_search;
mod profiles;
mod quit;
mod request;
mod resend;
mod review;
mod themes;
mod tools;
mod waiting;
mod who;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::context::ViewContext;
use super::memory::ViewMemory;
use crate::app::overlay::Overlay;
use crate::app::scroll::Scrolled;

/// Draws the overlays from bottom to top; the top one has the keyboard focus. Returns the position of the terminal's
/// cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    area: Rect,
) -> Option<Position> {
    // The first line remains visible because it shows the account, and so does the last one, because it shows the
    // latest notice.
    let room = Rect::new(area.x, area.y + 1, area.width, area.height.saturating_sub(2));
    let mut cursor = None;
    if !matches!(look.model.overlays.last(), Some(Overlay::Themes(_))) {
        look.theme.recede(buffer, room);
    }
    for (place, overlay) in look.model.overlays.iter().enumerate() {
        // The top overlay receives mouse events as well as keys.
        look.hits.cover();
        cursor = draw_one(look, (place, overlay), memory, buffer, room);
    }
    cursor
}

fn draw_one(
    look: ViewContext<'_>,
    (place, overlay): (usize, &Overlay),
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let of = Scrolled::Overlay(look.model.overlays.serial(place));
    let look = ViewContext {
        keys: overlay.keys(),
        ..look
    };
    match overlay {
        Overlay::Help(state) => return help::draw(look, (place, state), memory, buffer, room),
        Overlay::Messages(_) => messages::draw(look, memory.scroller(look.model, of), buffer, room),
        Overlay::Month(_) => month::draw(look, memory.scroller(look.model, of), buffer, room),
        Overlay::Who(_) => who::draw(look, memory.scroller(look.model, of), buffer, room),
        Overlay::Maker(state) => maker::draw(look, &state.0, memory.scroller(look.model, of), buffer, room),
        Overlay::Facts(state) => facts::draw(look, &state.0, memory.scroller(look.model, of), buffer, room),
        Overlay::Columns(state) => columns::draw(look, **state, memory, buffer, room),
        Overlay::Themes(state) => themes::draw(look, state.selected, buffer, room),
        Overlay::Tools(state) => tools::draw(look, state.selected, memory, buffer, room),
        Overlay::Profiles(state) => return profiles::draw(look, state, memory, buffer, room),
        Overlay::Code(state) => return code::draw(look, state, buffer, room),
        Overlay::Browser(state) => browser::draw(look, state, buffer, room),
        Overlay::Palette(state) => return palette::draw(look, state, memory, buffer, room),
        Overlay::GoTo(state) => return go_to::draw(look, state, memory, buffer, room),
        Overlay::ProfileSearch(state) => profile_search::draw(look, **state, memory, buffer, room),
        Overlay::Find(state) => return go_to::draw_find(look, state, buffer, room),
        Overlay::Review(state) => return review::draw(look, state, memory.scroller(look.model, of), buffer, room),
        Overlay::DryRun(_) => dry_run::draw(look, memory.scroller(look.model, of), buffer, room),
        Overlay::Resend(state) => return resend::draw(look, state, memory.scroller(look.model, of), buffer, room),
        Overlay::Note(state) => return note::draw(look, state, buffer, room),
        Overlay::Export(state) => return export::draw(look, state, buffer, room),
        Overlay::Compare(state) => compare::draw(look, state, memory.scroller(look.model, of), buffer, room),
        Overlay::Import(state) => return import::draw(look, state, (memory, of), buffer, room),
        Overlay::Lists(state) => return lists::draw(look, state, memory, buffer, room),
        Overlay::Edge(state) => edge::draw(look, state, memory.scroller(look.model, of), buffer, room),
        Overlay::Collapse(state) => return collapse::draw(look, state, buffer, room),
        Overlay::Matrix(state) => matrix::draw(look, state, memory, buffer, room),
        Overlay::Countdown(_) => countdown::draw(look, buffer, room),
        Overlay::Quit(state) => quit::draw(look, state, memory.scroller(look.model, of), buffer, room),
        Overlay::NotSaved(_) => not_saved::draw(look, memory.scroller(look.model, of), buffer, room),
        Overlay::LeftOver(state) => left_over::draw(look, state, memory.scroller(look.model, of), buffer, room),
    }
    None
}
