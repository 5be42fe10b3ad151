//! The saved-lists overlay, which loads a list or saves the current lines.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;

use super::super::clock;
use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::theme::mark;
use super::super::widget::field::field;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::{fit, thousands, wrap};
use super::{Opened, open};
use crate::app::overlay::lists::{Entry, Lists, Question};
use crate::app::pointer::Hit;

/// The preferred width, in columns.
const WIDTH: usize = 72;
/// The minimum and maximum number of lines for the lists; it does not depend on the input, so that the box does not
/// move.
const ROWS: (usize, usize) = (4, 12);

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    state: &Lists,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let columns = WIDTH.min(usize::from(room.width).saturating_sub(6));
    match &state.question {
        Some(Question::Exists(name)) => {
            let words = format!(
                "The list “{name}” already exists. Replace it with the current lines, or append the missing ones?"
            );
            ask(look, &words, columns, buffer, room);
            None
        }
        Some(Question::Delete(name)) => {
            ask(
                look,
                &format!("Delete the list “{name}”? This deletes its file."),
                columns,
                buffer,
                room,
            );
            None
        }
        None => browse(look, state, memory, columns, buffer, room),
    }
}

fn ask(look: ViewContext<'_>, words: &str, columns: usize, buffer: &mut Buffer, room: Rect) {
    let lines = wrap(words, columns);
    let Opened { body, .. } = open(look, buffer, room, "Saved lists", (columns, lines.len()));
    for (number, line) in lines.iter().enumerate() {
        Pen::new(buffer, line_of(body, number)).text(line, look.theme.text);
    }
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
    let first = line_of(body, 0);
    Pen::new(buffer, first).text("›", theme.accent);
    let typed = columns_of(first, 2, usize::from(first.width));
    let cursor = field(buffer, typed, state.input.value(), state.input.cursor(), theme.strong);
    let below = u16::try_from(said.len() + 1).unwrap_or(u16::MAX);
    let height = body.height.saturating_sub(2).saturating_sub(below);
    let list = Rect::new(body.x, body.y.saturating_add(2), body.width, height);
    draw_entries(look, state, &entries, memory, buffer, list);
    for (number, line) in said.iter().enumerate() {
        let place = line_of(body, 2 + usize::from(height) + number);
        Pen::new(buffer, place).text(line, theme.wrong);
    }
    let bottom = line_of(body, usize::from(body.height).saturating_sub(1));
    Pen::new(buffer, bottom).text(&state.folder, theme.dim);
    cursor
}

/// Returns what went wrong, or what is wrong with the name.
fn said(state: &Lists, columns: usize) -> Vec<String> {
    let sentence = state.mistake.clone().or_else(|| state.problem());
    sentence
        .map(|sentence| wrap(&format!("{} {sentence}", mark::WRONG), columns))
        .unwrap_or_default()
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
            (None, _) => "reading …",
            (Some(lists), "") if lists.is_empty() => "no saved lists yet: enter a name for the current lines",
            (Some(_), _) => "no list with that name",
        };
        Pen::new(buffer, list).text(words, theme.dim);
    }
    let selected = state.selected.min(entries.len().saturating_sub(1));
    let seen = memory.overlay.around(selected, entries.len(), usize::from(list.height));
    for (number, place) in seen.enumerate() {
        if let Some(entry) = entries.get(place) {
            look.hits.put(line_of(list, number), Hit::Choice(place));
            draw_entry(look, entry, place == selected, buffer, line_of(list, number));
        }
    }
}

fn draw_entry(look: ViewContext<'_>, entry: &Entry, selected: bool, buffer: &mut Buffer, line: Rect) {
    let theme = look.theme;
    let before = if selected { theme.selected_mark } else { " " };
    let mut pen = Pen::new(buffer, line);
    pen.text(before, theme.accent).skip(1);
    match entry {
        Entry::Load(list) => {
            let when = list
                .changed
                .map_or_else(String::new, |time| clock::moment(theme, look.model.engine.now, time));
            let facts = format!("{when}  {:>7} B", thousands(list.bytes));
            let name = usize::from(line.width).saturating_sub(facts.chars().count() + 4);
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
    if selected {
        theme.select(buffer, line);
    }
}
