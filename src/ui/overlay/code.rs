//! The field for an MFA code: six digits, which are masked.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::context::ViewContext;
use super::super::page::sentence_case;
use super::super::theme::mark;
use super::super::widget::pen::{Pen, line_of, rows_from, text_lines};
use super::super::widget::text::wrap;
use super::kit::{Opened, columns, open, typed};
use crate::app::overlay::code::CodeEntry;
use crate::engine::connecting;

/// The preferred width, in columns.
const WIDTH: usize = 64;

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(look: ViewContext<'_>, entry: &CodeEntry, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let theme = look.theme;
    let columns = columns(WIDTH, room);
    let device = wrap(&entry.device, columns);
    let said = said(look, entry, columns);
    let rows = 1 + device.len() + 2 + said.len();
    let Opened { body, .. } = open(look, buffer, room, "MFA code", (columns, rows));
    Pen::new(buffer, line_of(body, 0)).text("The six digits currently shown on this device", theme.text);
    text_lines(buffer, rows_from(body, 1), &device, theme.dim);
    let style = if entry.mistake.is_some() {
        theme.wrong
    } else {
        theme.dim
    };
    text_lines(buffer, rows_from(body, 3 + device.len()), &said, style);
    let hidden = "*".repeat(entry.input.value().chars().count());
    let line = line_of(body, 2 + device.len());
    typed(look, ("›", &hidden), entry.input.cursor(), buffer, line)
}

/// Returns the error, or what the login is waiting for. There is always at least one line, so that the box does not
/// move.
fn said(look: ViewContext<'_>, entry: &CodeEntry, columns: usize) -> Vec<String> {
    let engine = &look.model.engine;
    let text = match &entry.mistake {
        Some(mistake) => format!("{} {mistake}", mark::WRONG),
        None if connecting::is_trying_code(engine) || connecting::is_trying(engine) => {
            let what = engine.login.waits_for(engine.now).map(sentence_case);
            format!("{} {}", what.unwrap_or_else(|| "Checking".to_owned()), mark::LOADING)
        }
        None => return vec![String::new()],
    };
    wrap(&text, columns)
}
