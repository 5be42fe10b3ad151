//! The saved-lists overlay, which loads a list or saves the current lines.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;

use super::super::clock;
use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::widget::pen::{Pen, line_of, rows_from, text_lines};
use super::super::widget::text::{fit, thousands};
use super::kit::{Opened, ask, choices, columns, input_line, list_above, mistake_lines, open};
use crate::app::overlay::lists::{Entry, Lists, Question};

/// The preferred width, in columns.
const WIDTH: usize = 72;
/// The minimum and maximum number of lines for the lists. The number does not depend on the input, so that the box does
/// not move.
const ROWS: (usize, usize) = (4, 12);

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    state: &Lists,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let columns = columns(WIDTH, room);
    let question = match &state.question {
        Some(Question::Exists(name)) => {
            format!("The list “{name}” already exists. Replace it with the current lines, or append the missing ones?")
        }
        Some(Question::Delete(name)) => format!("Delete the list “{name}”? This deletes its file."),
        None => return browse(look, state, memory, columns, buffer, room),
    };
    ask(look, ("Saved lists", &question), columns, buffer, room);
    None
}

fn browse(
    look: ViewContext<'_>,
    state: &Lists,
    memory: &mut ViewMemory,
    columns: usize,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let theme = look.theme;
    let said = said(state, columns);
    // One line is reserved for the new name.
    let lists = state.lists.as_ref().map_or(0, Vec::len) + 1;
    let rows = 2 + lists.clamp(ROWS.0, ROWS.1) + 1 + said.len();
    let entries = state.entries();
    let Opened { body, .. } = open(look, buffer, room, "Saved lists", (columns, rows));
    let cursor = input_line(look, &state.input, buffer, line_of(body, 0));
    let list = list_above(rows_from(body, 2), said.len() + 1);
    draw_entries(look, state, &entries, memory, buffer, list);
    let below = rows_from(body, 2 + usize::from(list.height));
    text_lines(buffer, below, &said, theme.wrong);
    let bottom = line_of(body, usize::from(body.height).saturating_sub(1));
    Pen::new(buffer, bottom).text(&state.folder, theme.dim);
    cursor
}

/// Returns the error, or what is wrong with the name.
fn said(state: &Lists, columns: usize) -> Vec<String> {
    let sentence = state.mistake.clone().or_else(|| state.problem());
    mistake_lines(sentence.as_deref(), columns)
}

fn draw_entries(
    look: ViewContext<'_>,
    state: &Lists,
    entries: &[Entry],
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    list: Rect,
) {
    let theme = look.theme;
    if entries.is_empty() {
        let words = match (&state.lists, state.input.value()) {
            (None, _) if state.mistake.is_some() => "",
            (None, _) => "reading…",
            (Some(lists), "") if lists.is_empty() => "no saved lists yet; enter a name to save the current lines",
            (Some(_), _) => "no list with that name",
        };
        Pen::new(buffer, list).text(words, theme.dim);
    }
    choices((look, memory), (entries, state.selected), buffer, list, |entry, pen| {
        draw_entry(look, entry, pen);
    });
}

fn draw_entry(look: ViewContext<'_>, entry: &Entry, pen: &mut Pen<'_>) {
    let theme = look.theme;
    pen.skip(1);
    match entry {
        Entry::Load(list) => {
            let when = list
                .changed
                .map_or_else(String::new, |time| clock::moment(theme, look.model.engine.now, time));
            let facts = format!("{when}  {:>7} B", thousands(list.bytes));
            let name = pen.room().saturating_sub(facts.chars().count() + 2);
            pen.text(&fit(list.name.as_str(), name), theme.text)
                .skip(2)
                .right(&facts, theme.dim);
        }
        Entry::SaveAs(name) => {
            pen.spans(&[
                Span::styled("save the current lines as ", theme.dim),
                Span::styled(name.to_string(), theme.strong),
            ]);
        }
    }
}
