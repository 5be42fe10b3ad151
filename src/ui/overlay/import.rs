//! The import overlay: the kind of source, one line of input, and a preview.

mod preview;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;
use tui_input::Input;

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::theme::mark;
use super::super::widget::field::field;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::{fit, width, wrap};
use super::super::{clock, words};
use super::{Opened, open};
use crate::app::act::import::earlier::entries;
use crate::app::overlay::import::earlier::Earlier;
use crate::app::overlay::import::kind::Ask;
use crate::app::overlay::import::kind::{KINDS, Kind, KindEntry};
use crate::app::overlay::import::{Importing, Step};
use crate::app::pointer::Hit;
use crate::app::scroll::Scrolled;
use crate::engine::row::row;

/// The preferred width, in columns.
const WIDTH: usize = 76;
/// The width of a kind's name, in columns.
const NAME: usize = 24;
/// The maximum number of lines below a field: the error, or the names to choose from.
const BELOW: usize = 5;
/// The number of earlier invalidations visible at once if there is room.
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
    WIDTH.min(usize::from(room.width).saturating_sub(6))
}

fn menu(look: ViewContext<'_>, selected: usize, buffer: &mut Buffer, room: Rect) {
    let Opened { body, .. } = open(look, buffer, room, "Import", (inside(room), KINDS.len()));
    for (number, entry) in KINDS.iter().enumerate() {
        look.hits.put(line_of(body, number), Hit::Choice(number));
        draw_kind(look, entry, number == selected, buffer, line_of(body, number));
    }
}

fn draw_kind(look: ViewContext<'_>, entry: &KindEntry, selected: bool, buffer: &mut Buffer, line: Rect) {
    let theme = look.theme;
    let before = if selected { theme.selected_mark } else { " " };
    Pen::new(buffer, line)
        .text(before, theme.accent)
        .skip(1)
        .text(&entry.letter.to_string(), theme.accent)
        .skip(2)
        .text(entry.title, theme.text)
        .skip(NAME.saturating_sub(width(entry.title)))
        .text(entry.help, theme.dim);
    if selected {
        theme.select(buffer, line);
    }
}

fn title(kind: Kind) -> String {
    format!("Import: {}", kind.entry().title)
}

/// Draws an input field after its mark.
fn input_line(look: ViewContext<'_>, input: &Input, buffer: &mut Buffer, line: Rect) -> Option<Position> {
    Pen::new(buffer, line).text("›", look.theme.accent);
    let typed = columns_of(line, 2, usize::from(line.width));
    field(buffer, typed, input.value(), input.cursor(), look.theme.strong)
}

fn draw_ask(look: ViewContext<'_>, ask: &Ask, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let theme = look.theme;
    let entry = ask.kind.entry();
    let mistake = ask.mistake.as_ref().map(|mistake| format!("{} {mistake}", mark::WRONG));
    let mistake = mistake.map(|mistake| wrap(&mistake, inside(room))).unwrap_or_default();
    let names = wrap(&ask.completing.names.join(" · "), inside(room));
    let (below, style) = if mistake.is_empty() {
        (names, theme.dim)
    } else {
        (mistake, theme.wrong)
    };
    let rows = 5 + below.len().min(BELOW) + usize::from(!below.is_empty());
    let Opened { body, .. } = open(look, buffer, room, &title(ask.kind), (inside(room), rows));
    Pen::new(buffer, line_of(body, 0)).text(entry.prompt, theme.text);
    Pen::new(buffer, line_of(body, 1)).spans(&[
        Span::styled("e.g.  ", theme.dim),
        Span::styled(entry.example, theme.dim),
    ]);
    for (number, line) in below.iter().take(BELOW).enumerate() {
        Pen::new(buffer, line_of(body, 5 + number)).text(line, style);
    }
    input_line(look, &ask.input, buffer, line_of(body, 3))
}

fn paste(look: ViewContext<'_>, input: &Input, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let title = title(Kind::Paste);
    let Opened { body, .. } = open(look, buffer, room, &title, (inside(room), 4));
    Pen::new(buffer, line_of(body, 0)).text("paste now (Cmd-V or Ctrl-Shift-V)", look.theme.text);
    Pen::new(buffer, line_of(body, 1)).text(
        "paths are used as they are, URLs of this distribution as paths",
        look.theme.dim,
    );
    input_line(look, input, buffer, line_of(body, 3))
}

fn waiting(look: ViewContext<'_>, ask: &Ask, buffer: &mut Buffer, room: Rect) {
    let size = (inside(room), 1);
    let Opened { body, .. } = open(look, buffer, room, &title(ask.kind), size);
    let text = format!("reading {} …", ask.input.value().trim());
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
    let list = Rect::new(
        body.x,
        body.y.saturating_add(2),
        body.width,
        body.height.saturating_sub(2),
    );
    if found.is_empty() {
        let words = if earlier.filter.value().is_empty() {
            "no invalidations of it known yet"
        } else {
            "no match"
        };
        Pen::new(buffer, list).text(words, theme.dim);
    }
    let selected = earlier.selected.min(found.len().saturating_sub(1));
    let seen = memory.overlay.around(selected, found.len(), usize::from(list.height));
    for (number, place) in seen.enumerate() {
        let Some(row) = found.get(place).and_then(|key| row(&model.engine, key)) else {
            continue;
        };
        let line = line_of(list, number);
        look.hits.put(line, Hit::Choice(place));
        let when = row
            .create_time
            .map_or_else(String::new, |time| clock::moment(theme, model.engine.now, time));
        let before = if place == selected { theme.selected_mark } else { " " };
        let (first, more) = words::items(&row);
        let id = row.id.map_or("", |id| id.as_str());
        let items = usize::from(line.width).saturating_sub(width(id) + width(&more) + 19);
        Pen::new(buffer, line)
            .text(before, theme.accent)
            .skip(1)
            .text(&format!("{when:13}"), theme.dim)
            .text(&fit(&first, items), theme.text)
            .skip(1)
            .text(&more, theme.dim)
            .skip(1)
            .right(id, theme.dim);
        if place == selected {
            theme.select(buffer, line);
        }
    }
    input_line(look, &earlier.filter, buffer, line_of(body, 0))
}
