//! One line to type: a target to open, or a text to find.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use tui_input::Input;

use super::super::ViewContext;
use super::super::theme::mark;
use super::super::widget::field::field;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::wrap;
use super::{Opened, open};
use crate::app::overlay::go_to::GoTo;

/// The columns that are asked for.
const WIDTH: usize = 67;

/// Draws the dialog that opens a target. Returns where the terminal's cursor belongs.
pub(super) fn draw(look: ViewContext<'_>, state: &GoTo, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let columns = WIDTH.min(usize::from(room.width).saturating_sub(6));
    let below = match (&state.mistake, &state.looking) {
        (Some(mistake), _) => (format!("{} {mistake}", mark::WRONG), look.theme.wrong),
        (None, Some(name)) => (format!("looking for {name} …"), look.theme.dim),
        (None, None) => (String::new(), look.theme.dim),
    };
    let about = "a distribution ID, tenant ID, alias, domain or URL";
    ask(
        look,
        "Open",
        about,
        &state.input,
        (&wrap(&below.0, columns), below.1),
        buffer,
        room,
    )
}

/// Draws the dialog that finds a text in the list being composed. Returns where the terminal's cursor belongs.
pub(super) fn draw_find(look: ViewContext<'_>, input: &Input, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let about = "a text in the list; case matters only if it has a capital letter";
    ask(look, "Find", about, input, (&[], look.theme.dim), buffer, room)
}

fn ask(
    look: ViewContext<'_>,
    title: &str,
    about: &str,
    input: &Input,
    (below, style): (&[String], Style),
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let theme = look.theme;
    let below = below.iter().filter(|line| !line.is_empty());
    let rows = 3 + below.clone().count();
    let Opened { body, .. } = open(look, buffer, room, title, (WIDTH, rows));
    Pen::new(buffer, line_of(body, 0)).text(about, theme.dim);
    let line = line_of(body, 2);
    Pen::new(buffer, line).text("›", theme.accent);
    for (number, text) in below.enumerate() {
        Pen::new(buffer, line_of(body, 3 + number)).text(text, style);
    }
    let typed = columns_of(line, 2, usize::from(line.width));
    field(buffer, typed, input.value(), input.cursor(), theme.strong)
}
