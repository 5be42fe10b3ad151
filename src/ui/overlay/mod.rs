//! The overlays above a page, one file each. Each overlay shows its own keys at its bottom, where the user looks.

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
mod left_over;
mod lists;
mod matrix;
mod messages;
mod month;
mod not_saved;
mod note;
mod palette;
mod profiles;
mod quit;
mod request;
mod resend;
mod review;
mod themes;
mod tools;
mod waiting;
mod who;

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use super::context::ViewContext;
use super::footer;
use super::memory::ViewMemory;
use super::widget::dialog::Dialog;
use super::widget::pen::{Pen, columns_of, line_of};
use super::widget::text::thousands;
use crate::app::overlay::Overlay;
use crate::app::scroll::Scrolled;

/// Draws the overlays from the lowest to the one with the keyboard focus. Returns the position of the terminal's
/// cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    area: Rect,
) -> Option<Position> {
    // The first line stays visible, because it shows the account, and so does the last one, because it shows the latest
    // notice.
    let room = Rect::new(area.x, area.y + 1, area.width, area.height.saturating_sub(2));
    let mut cursor = None;
    if !matches!(look.model.overlays.last(), Some(Overlay::Themes(_))) {
        look.theme.recede(buffer, room);
    }
    for (place, overlay) in look.model.overlays.iter().enumerate() {
        // The top overlay gets the mouse as well as the keys.
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
        keys: overlay.parts().keys(),
        ..look
    };
    match overlay {
        Overlay::Help(state) => help::draw(look, (place, state.selected), memory, buffer, room),
        Overlay::Messages(_) => messages::draw(look, memory.scroller(look.model, of), buffer, room),
        Overlay::Month(_) => month::draw(look, memory.scroller(look.model, of), buffer, room),
        Overlay::Who(_) => who::draw(look, memory.scroller(look.model, of), buffer, room),
        Overlay::Facts(state) => facts::draw(look, &state.0, memory.scroller(look.model, of), buffer, room),
        Overlay::Columns(state) => columns::draw(look, **state, memory, buffer, room),
        Overlay::Themes(state) => themes::draw(look, state.selected, buffer, room),
        Overlay::Tools(state) => tools::draw(look, state.selected, memory, buffer, room),
        Overlay::Profiles(state) => return profiles::draw(look, state, memory, buffer, room),
        Overlay::Code(state) => return code::draw(look, state, buffer, room),
        Overlay::Browser(state) => browser::draw(look, state, buffer, room),
        Overlay::Palette(state) => return palette::draw(look, state, memory, buffer, room),
        Overlay::GoTo(state) => return go_to::draw(look, state, memory, buffer, room),
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
        Overlay::Collapse(state) => collapse::draw(look, state, buffer, room),
        Overlay::Matrix(state) => matrix::draw(look, state, memory, buffer, room),
        Overlay::Countdown(_) => countdown::draw(look, buffer, room),
        Overlay::Quit(state) => quit::draw(look, state, memory.scroller(look.model, of), buffer, room),
        Overlay::NotSaved(_) => not_saved::draw(look, memory.scroller(look.model, of), buffer, room),
        Overlay::LeftOver(state) => left_over::draw(look, state, memory.scroller(look.model, of), buffer, room),
    }
    None
}

/// A box to draw.
struct Sheet<'a> {
    /// The title.
    title: &'a str,
    /// The size of the content in columns and rows, if there is room.
    size: (usize, usize),
    /// The style of the border.
    border: Style,
}

impl Sheet<'_> {
    /// Draws the box, with the available keys at its bottom.
    fn open(&self, look: ViewContext<'_>, buffer: &mut Buffer, room: Rect) -> Opened {
        const KEYS: u16 = 2;
        let dialog = Dialog {
            title: self.title,
            title_style: look.theme.strong.remove_modifier(Modifier::DIM),
            border: self.border,
            base: look.theme.base,
        };
        let size = |wanted: usize| u16::try_from(wanted).unwrap_or(u16::MAX);
        let (columns, rows) = self.size;
        let (inside, outside) = dialog.draw(buffer, room, (size(columns), size(rows).saturating_add(KEYS)));
        let last = Rect::new(
            inside.x,
            inside.bottom().saturating_sub(1),
            inside.width,
            inside.height.min(1),
        );
        footer::actions(look, buffer, last);
        // There is a blank line before the keys, unless the content needs it.
        let keys = if inside.height > size(rows) { KEYS } else { 1 };
        Opened {
            body: Rect::new(inside.x, inside.y, inside.width, inside.height.saturating_sub(keys)),
            border: line_of(outside, usize::from(outside.height).saturating_sub(1)),
        }
    }
}

/// A box that was drawn.
struct Opened {
    /// The area of the content.
    body: Rect,
    /// The line of the lower border.
    border: Rect,
}

impl Opened {
    /// Shows on the border which part of a list is visible, unless all of it is.
    fn tell(&self, look: ViewContext<'_>, buffer: &mut Buffer, seen: &Range<usize>, len: usize) {
        if seen.len() >= len || seen.is_empty() {
            return;
        }
        let (from, to, all) = (seen.start as u64 + 1, seen.end as u64, len as u64);
        let text = format!(" {}–{} of {} ", thousands(from), thousands(to), thousands(all));
        let line = columns_of(self.border, 2, usize::from(self.border.width.saturating_sub(4)));
        Pen::new(buffer, line).right(&text, look.theme.dim_over());
    }
}

/// Draws an ordinary box.
fn open(look: ViewContext<'_>, buffer: &mut Buffer, room: Rect, title: &str, size: (usize, usize)) -> Opened {
    let sheet = Sheet {
        title,
        size,
        border: look.theme.dim,
    };
    sheet.open(look, buffer, room)
}
