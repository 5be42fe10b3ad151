//! The import overlay: the kind of source, one line of input, and a preview.

mod preview;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;
use tui_input::Input;

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::widget::pen::{Pen, line_of, rows_from, text_lines};
use super::super::widget::text::{fit, width, wrap};
use super::super::{clock, words};
use super::kit::{Opened, choice, choices, columns, input_line, mistake_lines, open};
use crate::app::act::import::earlier::entries;
use crate::app::overlay::import::earlier::Earlier;
use crate::app::overlay::import::kind::Ask;
use crate::app::overlay::import::kind::{KINDS, Kind, KindEntry};
use crate::app::overlay::import::{Importing, Step};
use crate::app::scroll::Scrolled;
use crate::engine::row::{Row, row};

/// The preferred width, in columns.
const WIDTH: usize = 76;
/// The width of a kind's name, in columns.
const NAME: usize = 24;
/// The maximum number of lines below a field: the error, or the names to choose from.
const BELOW: usize = 5;
/// The maximum number of earlier invalidations shown at a time.
const EARLIER: usize = 12;

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    state: &Importing,
    (memory, of): (&mut ViewMemory, Scrolled),
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    match &state.step {
        Step::Menu(selected) => menu(look, *selected, buffer, room),
        Step::Ask(ask) => return draw_ask(look, ask, buffer, room),
        Step::Paste(input) => return paste(look, input, buffer, room),
        Step::Earlier(earlier) => return draw_earlier(look, earlier, memory, buffer, room),
        Step::Waiting(ask, _) => waiting(look, ask, buffer, room),
        Step::Preview(state) => preview::draw(look, state, memory.scroller(look.model, of), buffer, room),
    }
    None
}

/// Returns the width of the text in the box, in columns.
fn inside(room: Rect) -> usize {
    columns(WIDTH, room)
}

fn menu(look: ViewContext<'_>, selected: usize, buffer: &mut Buffer, room: Rect) {
    let Opened { body, .. } = open(look, buffer, room, "Import", (inside(room), KINDS.len()));
    for (number, entry) in KINDS.iter().enumerate() {
        choice(look, (number, selected), buffer, line_of(body, number), |pen| {
            draw_kind(look, entry, pen);
        });
    }
}

fn draw_kind(look: ViewContext<'_>, entry: &KindEntry, pen: &mut Pen<'_>) {
    let theme = look.theme;
    pen.skip(1)
        .text(&entry.letter.to_string(), theme.accent)
        .skip(2)
        .text(entry.title, theme.text)
        .skip(NAME.saturating_sub(width(entry.title)))
        .text(entry.help, theme.dim);
}

fn title(kind: Kind) -> String {
    format!("Import: {}", kind.entry().title)
}

fn draw_ask(look: ViewContext<'_>, ask: &Ask, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let theme = look.theme;
    let entry = ask.kind.entry();
    let (mut below, style) = if ask.mistake.is_some() {
        (mistake_lines(ask.mistake.as_deref(), inside(room)), theme.wrong)
    } else {
        (wrap(&ask.completing.names.join(" · "), inside(room)), theme.dim)
    };
    below.truncate(BELOW);
    let rows = 5 + below.len() + usize::from(!below.is_empty());
    let Opened { body, .. } = open(look, buffer, room, &title(ask.kind), (inside(room), rows));
    Pen::new(buffer, line_of(body, 0)).text(entry.prompt, theme.text);
    Pen::new(buffer, line_of(body, 1)).spans(&[
        Span::styled("e.g.  ", theme.dim),
        Span::styled(entry.example, theme.dim),
    ]);
    text_lines(buffer, rows_from(body, 5), &below, style);
    input_line(look, &ask.input, buffer, line_of(body, 3))
}

fn paste(look: ViewContext<'_>, input: &Input, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let title = title(Kind::Paste);
    let Opened { body, .. } = open(look, buffer, room, &title, (inside(room), 4));
    Pen::new(buffer, line_of(body, 0)).text("paste now (Cmd-V or Ctrl-Shift-V)", look.theme.text);
    Pen::new(buffer, line_of(body, 1)).text(
        "paths are used as they are; URLs of this distribution become paths",
        look.theme.dim,
    );
    input_line(look, input, buffer, line_of(body, 3))
}

fn waiting(look: ViewContext<'_>, ask: &Ask, buffer: &mut Buffer, room: Rect) {
    let size = (inside(room), 1);
    let Opened { body, .. } = open(look, buffer, room, &title(ask.kind), size);
    let text = format!("reading {}…", ask.input.value().trim());
    Pen::new(buffer, line_of(body, 0)).text(&text, look.theme.text);
}

fn draw_earlier(
    look: ViewContext<'_>,
    earlier: &Earlier,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let (theme, model) = (look.theme, look.model);
    let title = title(Kind::Earlier);
    let Opened { body, .. } = open(look, buffer, room, &title, (inside(room), 2 + EARLIER));
    let found = entries(model, earlier);
    let list = rows_from(body, 2);
    if found.is_empty() {
        let words = if earlier.filter.value().is_empty() {
            "no known invalidations yet"
        } else {
            "no match"
        };
        Pen::new(buffer, list).text(words, theme.dim);
    }
    choices((look, memory), (&found, earlier.selected), buffer, list, |key, pen| {
        if let Some(row) = row(&model.engine, key) {
            draw_row(look, &row, pen);
        }
    });
    input_line(look, &earlier.filter, buffer, line_of(body, 0))
}

fn draw_row(look: ViewContext<'_>, row: &Row<'_>, pen: &mut Pen<'_>) {
    let (theme, now) = (look.theme, look.model.engine.now);
    let when = row
        .create_time
        .map_or_else(String::new, |time| clock::moment(theme, now, time));
    let (first, more) = words::items(row);
    let id = row.id.map_or("", |id| id.as_str());
    let items = pen.room().saturating_sub(width(id) + width(&more) + 18);
    pen.skip(1)
        .text(&format!("{when:13}"), theme.dim)
        .text(&fit(&first, items), theme.text)
        .skip(1)
        .text(&more, theme.dim)
        .skip(1)
        .right(id, theme.dim);
}
