//! The overlay for exporting the history to a file: format and file name.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::super::theme::mark;
use super::super::widget::pen::{Pen, line_of, rows_from, text_lines};
use super::super::widget::text::count;
use super::kit::{Opened, ask, columns, input_line, mistake_lines, open};
use crate::app::overlay::export::Export;
use crate::app::screen::Screen;
use crate::domain::export::Format;

/// The preferred width, in columns.
const WIDTH: usize = 72;

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(look: ViewContext<'_>, export: &Export, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let columns = columns(WIDTH, room);
    if let Some(file) = &export.exists {
        let question = format!("{file} already exists. Replace it with the rows shown?");
        ask(look, ("Export", &question), columns, buffer, room);
        return None;
    }
    ask_name(look, export, columns, buffer, room)
}

fn ask_name(
    look: ViewContext<'_>,
    export: &Export,
    columns: usize,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let theme = look.theme;
    let wrong = mistake_lines(export.mistake.as_deref(), columns);
    let Opened { body, .. } = open(look, buffer, room, "Export", (columns, 5 + wrong.len()));
    Pen::new(buffer, line_of(body, 0)).text(&what(look, export), theme.dim);
    let format = |format: Format, name: &'static str| {
        let here = export.format == format;
        let before = if here { theme.selected_mark } else { " " };
        let style = if here { theme.strong } else { theme.dim };
        [
            Span::styled(format!("{before} "), theme.accent),
            Span::styled(name, style),
        ]
    };
    let [json, csv] = [format(Format::Json, "JSON    "), format(Format::Csv, "CSV")];
    Pen::new(buffer, line_of(body, 2)).spans(&json).spans(&csv);
    text_lines(buffer, rows_from(body, 5), &wrong, theme.wrong);
    input_line(look, &export.input, buffer, line_of(body, 4))
}

fn what(look: ViewContext<'_>, export: &Export) -> String {
    let rows = match look.model.screen() {
        Screen::History(page) => page.counts.found,
        _ => 0,
    };
    let rows = count(rows, "submission");
    match (export.request, export.query.filter.as_str()) {
        (Some(_), _) => format!("{rows} {}", mark::LOADING),
        (None, "") => format!("{rows}, with all items; ~ is your home folder"),
        (None, filter) => format!("{rows} matching {filter}, with all items; ~ is your home folder"),
    }
}
