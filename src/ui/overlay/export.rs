//! The overlay that exports the history to a file: format and file name.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::super::theme::mark;
use super::super::widget::field::field;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::{count, wrap};
use super::{Opened, open};
use crate::app::overlay::export::Export;
use crate::app::screen::Screen;
use crate::domain::export::Format;

/// The preferred width, in columns.
const WIDTH: usize = 72;

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(look: ViewContext<'_>, export: &Export, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let columns = WIDTH.min(usize::from(room.width).saturating_sub(6));
    if let Some(file) = &export.exists {
        let question = format!("{file} already exists. Replace it with what the history shows?");
        let lines = wrap(&question, columns);
        let Opened { body, .. } = open(look, buffer, room, "Export", (columns, lines.len()));
        for (number, line) in lines.iter().enumerate() {
            Pen::new(buffer, line_of(body, number)).text(line, look.theme.text);
        }
        return None;
    }
    ask(look, export, columns, buffer, room)
}

fn ask(look: ViewContext<'_>, export: &Export, columns: usize, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let theme = look.theme;
    let mistake = export
        .mistake
        .as_ref()
        .map(|mistake| format!("{} {mistake}", mark::WRONG));
    let wrong = mistake.map(|mistake| wrap(&mistake, columns)).unwrap_or_default();
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
    let line = line_of(body, 4);
    Pen::new(buffer, line).text("›", theme.accent);
    for (number, words) in wrong.iter().enumerate() {
        Pen::new(buffer, line_of(body, 5 + number)).text(words, theme.wrong);
    }
    let typed = columns_of(line, 2, usize::from(line.width));
    field(buffer, typed, export.input.value(), export.input.cursor(), theme.strong)
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
