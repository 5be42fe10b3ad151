//! The layers above a page, one file each. A layer says its own keys, at its bottom, where the eye is.

mod facts;
mod go_to;
mod help;
mod left_over;
mod messages;
mod palette;
mod profiles;
mod quit;
mod review;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::memory::ViewMemory;
use super::widget::dialog::Dialog;
use super::{Look, footer};
use crate::app::action::Action;
use crate::app::overlay::Overlay;

/// Draws the layers from the lowest to the one with the keys. Returns where the terminal's cursor belongs.
pub(super) fn draw(look: Look<'_>, memory: &mut ViewMemory, buffer: &mut Buffer, area: Rect) -> Option<Position> {
    // The first line stays in sight: it says whose account this is. So does the last one: it says what just happened.
    let room = Rect::new(area.x, area.y + 1, area.width, area.height.saturating_sub(2));
    let mut cursor = None;
    for overlay in &look.model.overlays {
        cursor = draw_one(look, overlay, memory, buffer, room);
    }
    cursor
}

fn draw_one(
    look: Look<'_>,
    overlay: &Overlay,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    match overlay {
        Overlay::Help(scroll) => help::draw(look, *scroll, buffer, room),
        Overlay::Messages(scroll) => messages::draw(look, *scroll, buffer, room),
        Overlay::Facts(id, scroll) => facts::draw(look, id, *scroll, buffer, room),
        Overlay::Profiles(selected) => profiles::draw(look, *selected, memory, buffer, room),
        Overlay::Palette(state) => return palette::draw(look, state, memory, buffer, room),
        Overlay::GoTo(input) => return go_to::draw(look, input, buffer, room),
        Overlay::Review(state) => return review::draw(look, state, buffer, room),
        Overlay::Quit => quit::draw(look, buffer, room),
        Overlay::LeftOver => left_over::draw(look, buffer, room),
    }
    None
}

/// The keys of a layer that is read, not chosen from.
const READING: &[(Action, &str)] = &[
    (Action::OverlayUp, "up"),
    (Action::OverlayDown, "down"),
    (Action::Back, "close"),
];

/// Opens a box of so many columns and rows of content, draws its keys, and returns the place of the content.
fn open(
    look: Look<'_>,
    buffer: &mut Buffer,
    room: Rect,
    title: &str,
    (columns, rows): (usize, usize),
    keys: &[(Action, &'static str)],
) -> Rect {
    const KEYS: u16 = 2;
    let theme = look.theme;
    let dialog = Dialog {
        title,
        title_style: theme.strong,
        border: theme.dim,
    };
    let size = |wanted: usize| u16::try_from(wanted).unwrap_or(u16::MAX);
    let inside = dialog.draw(buffer, room, (size(columns), size(rows).saturating_add(KEYS)));
    let last = Rect::new(inside.x, inside.bottom().saturating_sub(1), inside.width, inside.height.min(1));
    footer::actions(look, buffer, last, keys);
    Rect::new(inside.x, inside.y, inside.width, inside.height.saturating_sub(KEYS))
}
