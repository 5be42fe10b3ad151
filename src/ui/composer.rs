//! The composer page: the text, with lint results beside or below each line, and the totals of the list.
//!
//! Only the visible lines are processed, because a list may have a hundred thousand of them.

mod invite;
mod notes;
mod panel;

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use invite::{invite, next_step};
use notes::Notes;

use super::context::ViewContext;
use super::memory::{ComposerMemory, ViewMemory};
use super::page::{self, Areas};
use super::theme::mark;
use super::widget::pen::{Pen, columns_of, line_of};
use super::widget::text::count;
use super::words;
use crate::app::editor::columns;
use crate::app::layout;
use crate::app::pointer::Hit;
use crate::app::screen::composer::Composer;
use crate::domain::analysis::Row;
use crate::domain::lint::{Severity, Shape};
use crate::domain::text::{is_invisible, visible};
use crate::engine::ledger::LedgerState;

/// The minimum width of line numbers, in columns.
const DIGITS: usize = 4;
/// The number of columns kept visible next to the cursor when the text scrolls sideways.
const BESIDE: usize = 4;

/// Draws the page. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    composer: &Composer,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    area: Rect,
    areas: &Areas,
) -> Option<Position> {
    title(look, composer, buffer, areas);
    let (text, panel) = shared(area);
    if panel.height > 0 {
        panel::draw(look, composer, buffer, (panel, text_columns(composer, text)));
    }
    lines(look, composer, &mut memory.composer, buffer, text)
}

/// Splits the area into the text and the panel, which is beside or below the text.
fn shared(area: Rect) -> (Rect, Rect) {
    let size = (area.width, area.height);
    let rows = layout::composer_rows(size);
    let top = area.y.saturating_add(layout::HEADER);
    let panel_columns = layout::composer_panel_columns(size);
    let text = Rect::new(area.x, top, area.width.saturating_sub(panel_columns), rows);
    let panel = if panel_columns > 0 {
        Rect::new(text.right(), top, panel_columns, rows)
    } else {
        let below = top.saturating_add(rows);
        Rect::new(
            area.x,
            below,
            area.width,
            area.bottom()
                .saturating_sub(layout::NOTICE + layout::FOOTER)
                .saturating_sub(below),
        )
    };
    (text.intersection(area), panel.intersection(area))
}

fn title(look: ViewContext<'_>, composer: &Composer, buffer: &mut Buffer, areas: &Areas) {
    let theme = look.theme;
    let mut left = vec![Span::styled("Invalidate  ", theme.strong)];
    match composer.targets.as_slice() {
        [target] => {
            let label = look.model.engine.label(target);
            if label != target.id() {
                left.push(Span::styled(format!("{label}  "), theme.text));
            }
            left.push(Span::styled(target.id().to_owned(), theme.dim));
        }
        targets => {
            let tenants = words::of_them_tenants(targets.iter());
            let text = format!("{}{tenants}", count(targets.len(), "target"));
            left.push(Span::styled(text, theme.text));
        }
    }
    let right: Vec<_> = kept(look, composer).into_iter().collect();
    page::title(buffer, areas, &left, &right);
}

/// Describes whether the draft has been saved or, until the ledger is open, why the stored draft is not loaded yet.
fn kept<'a>(look: ViewContext<'a>, composer: &Composer) -> Option<Span<'a>> {
    let theme = look.theme;
    Some(match &look.model.engine.ledger {
        LedgerState::Closed { .. } => Span::styled("the stored draft cannot be loaded yet", theme.wrong),
        LedgerState::Opening => Span::styled("loading the stored draft…", theme.dim),
        LedgerState::Open if composer.is_empty() => return None,
        LedgerState::Open if look.model.engine.unsaved.is_draft_failed(composer.draft) => {
            Span::styled("draft not saved yet", theme.wrong)
        }
        LedgerState::Open if composer.is_kept() => {
            Span::styled(format!("draft saved{}", which(look, composer)), theme.dim)
        }
        LedgerState::Open => Span::styled("saving the draft…", theme.dim),
    })
}

/// Describes which of several drafts for the same targets is open.
fn which(look: ViewContext<'_>, composer: &Composer) -> String {
    let targets = composer.targets_key();
    let keys: Vec<_> = look.model.engine.drafts.of(&targets).map(|(key, _)| key).collect();
    match keys.iter().position(|key| *key == composer.draft) {
        Some(at) if keys.len() > 1 => format!(" ({} of {})", at + 1, keys.len()),
        Some(_) | None => String::new(),
    }
}

fn lines(
    look: ViewContext<'_>,
    composer: &Composer,
    memory: &mut ComposerMemory,
    buffer: &mut Buffer,
    area: Rect,
) -> Option<Position> {
    let cursor = composer.editor.cursor();
    let rows = usize::from(area.height);
    let gutter = gutter(composer);
    let room = text_columns(composer, area);
    let column = composer.editor.column_at(cursor);
    memory.scroll_to(column, room, BESIDE);
    // Only the cursor's line scrolls horizontally, so that the beginning of every other line stays readable.
    let first_column = |line: usize| if line == cursor.line { memory.first_column } else { 0 };
    let notes = |line: usize| notes_of(look, composer, (line, first_column(line)), room);
    let height = |line: usize| 1 + notes(line).below.len();
    let window = memory.window.turned(composer.turned());
    let seen = window.around_tall(cursor.line, composer.editor.len(), rows, height);
    below(look, composer, area);
    let (mut number, mut at) = (0, None);
    for line in seen {
        if line == cursor.line {
            at = Some(number);
        }
        let (notes, place) = (notes(line), line_of(area, number));
        clickable(look, line, (first_column(line), gutter), place);
        draw_line(look, composer, (line, first_column(line)), &notes, buffer, place);
        for (row, spans) in notes.below.iter().enumerate() {
            let place = line_of(area, number + 1 + row);
            look.hits.put(
                place,
                Hit::Text {
                    line,
                    column: usize::from(u16::MAX),
                },
            );
            Pen::new(buffer, columns_of(place, gutter, room)).spans(spans);
        }
        number += 1 + notes.below.len();
    }
    if composer.is_empty() {
        invite(look, composer, buffer, area);
    } else if number < rows {
        next_step(look, composer, buffer, columns_of(line_of(area, number), gutter, room));
    }
    let row = u16::try_from(at?).ok()?;
    let offset = u16::try_from(gutter + column.saturating_sub(memory.first_column)).ok()?;
    let place = Position::new(area.x.saturating_add(offset), area.y.saturating_add(row));
    area.contains(place).then_some(place)
}

/// Makes a line clickable: a click on the text moves the cursor there; one before the text moves it to the start.
fn clickable(look: ViewContext<'_>, line: usize, (first_column, gutter): (usize, usize), place: Rect) {
    let text = columns_of(place, gutter, usize::from(place.width));
    let before = columns_of(place, 0, gutter);
    for x in before.left()..before.right() {
        let cell = Rect { x, width: 1, ..before };
        look.hits.put(cell, Hit::Text { line, column: 0 });
    }
    let column = first_column;
    look.hits.put(text, Hit::Text { line, column });
}

/// Makes the area below the text clickable: a click there moves the cursor to the end of the text.
fn below(look: ViewContext<'_>, composer: &Composer, area: Rect) {
    let line = composer.editor.len().saturating_sub(1);
    let column = usize::from(u16::MAX);
    look.hits.put(area, Hit::Text { line, column });
}

/// Returns the width of the gutter: the cursor's mark, the line number, the line's mark, and the spaces between them.
fn gutter(composer: &Composer) -> usize {
    digits(composer) + 5
}

fn digits(composer: &Composer) -> usize {
    let digits = composer.editor.len().checked_ilog10().map_or(1, |log| log as usize + 1);
    digits.max(DIGITS)
}

/// Returns the number of columns for the text, excluding the one reserved for the cursor at the end of a line.
fn text_columns(composer: &Composer, area: Rect) -> usize {
    usize::from(area.width).saturating_sub(gutter(composer) + 1)
}

/// Returns the notes on a line that is drawn starting at `first_column`.
fn notes_of(look: ViewContext<'_>, composer: &Composer, (line, first_column): (usize, usize), room: usize) -> Notes {
    let Some(row) = composer.analysis.row(line).filter(|row| !row.codes.is_empty()) else {
        return Notes::default();
    };
    let cells = columns::cells(composer.editor.line(line), first_column..first_column + room);
    let end = cells.last().map_or(0, |cell| cell.column + cell.width);
    let used = end.saturating_sub(first_column).min(room);
    notes::of(look, composer, &row, (used, room))
}

fn draw_line(
    look: ViewContext<'_>,
    composer: &Composer,
    (line, first_column): (usize, usize),
    notes: &Notes,
    buffer: &mut Buffer,
    place: Rect,
) {
    let theme = look.theme;
    let Some(row) = composer.analysis.row(line) else { return };
    let here = composer.editor.cursor().line == line;
    let (sign, sign_style) = sign(look, &row);
    if here {
        Pen::new(buffer, columns_of(place, 1, 1)).text(theme.selected_mark, theme.accent);
    }
    let (digits, gutter) = (digits(composer), gutter(composer));
    let number = format!("{:>digits$}", line + 1);
    Pen::new(buffer, columns_of(place, 2, digits)).text(&number, if here { theme.text } else { theme.dim });
    Pen::new(buffer, columns_of(place, digits + 3, 1)).text(sign, sign_style);
    let quiet = matches!(row.shape, Shape::Comment) || (row.ok && !row.sent);
    let style = if quiet { theme.dim } else { theme.text };
    let room = text_columns(composer, place);
    let area = columns_of(place, gutter, room);
    let mut used = text(composer, line, first_column, buffer, area, style);
    cut_marks(look, composer, (line, first_column), buffer, area);
    if let Some(rest) = composer.completion().filter(|_| here) {
        let place = columns_of(area, used, room.saturating_sub(used));
        let mut pen = Pen::new(buffer, place);
        pen.text(rest, theme.dim);
        used = room.saturating_sub(pen.room());
    }
    if let Some((column, words, style)) = &notes.beside {
        let from = (used + 2).max(*column);
        if from + 8 <= room {
            Pen::new(buffer, columns_of(area, from, room - from)).text(words, *style);
        }
    }
}

/// Draws the marks that show that a line is cut off at its beginning or end.
fn cut_marks(
    look: ViewContext<'_>,
    composer: &Composer,
    (line, first_column): (usize, usize),
    buffer: &mut Buffer,
    area: Rect,
) {
    const FEWEST: usize = 8;
    let room = usize::from(area.width);
    if room < FEWEST {
        return;
    }
    let raw = composer.editor.line(line);
    if first_column > 0 {
        Pen::new(buffer, columns_of(area, 0, 1)).raw("‹", look.theme.dim);
    }
    if columns::byte_at(raw, first_column + room) < raw.len() {
        Pen::new(buffer, columns_of(area, room - 1, 1)).raw("›", look.theme.dim);
    }
}

/// Returns the mark of a line and its style.
fn sign(look: ViewContext<'_>, row: &Row<'_>) -> (&'static str, Style) {
    let theme = look.theme;
    match (row.shape, row.severity()) {
        (Shape::Blank | Shape::Comment, _) => (" ", theme.dim),
        (Shape::Item(_), Some(Severity::Error)) => (mark::WRONG, theme.wrong),
        (Shape::Item(_), _) if !row.sent => (mark::QUIET, theme.dim),
        (Shape::Item(_), Some(Severity::Warning)) => (mark::WARNING, theme.under_way),
        (Shape::Item(_), Some(Severity::Info) | None) => (mark::DONE, theme.done),
    }
}

/// Draws the visible part of a line; returns the number of columns used.
fn text(composer: &Composer, line: usize, first: usize, buffer: &mut Buffer, area: Rect, style: Style) -> usize {
    let selected = selected_bytes(composer, line);
    let raw = composer.editor.line(line);
    let room = usize::from(area.width);
    let mut used = 0;
    for cell in columns::cells(raw, first..first + room) {
        let Some(at) = cell.column.checked_sub(first) else {
            continue;
        };
        if at + cell.width > room {
            break;
        }
        // A character that is escaped elsewhere is drawn as a single reversed cell, so that the columns match the
        // editor's.
        let hidden = matches!(visible(cell.text), Cow::Owned(_));
        let reversed = hidden || selected.contains(&cell.byte);
        let style = if reversed {
            style.add_modifier(Modifier::REVERSED)
        } else {
            style
        };
        let shown = if hidden { picture(cell.text) } else { cell.text };
        Pen::new(buffer, columns_of(area, at, cell.width)).raw(shown, style);
        used = at + cell.width;
    }
    // A reversed cell after the text shows that the line break is selected.
    if selected.end > raw.len() && used < room {
        Pen::new(buffer, columns_of(area, used, 1)).raw(" ", style.add_modifier(Modifier::REVERSED));
    }
    used
}

/// Returns the symbol for a grapheme that is, or contains, an invisible character.
fn picture(grapheme: &str) -> &str {
    match grapheme.chars().next() {
        Some('\t') => "→",
        Some('\0') => "0",
        Some('\u{1b}') => "^",
        Some(c) if !c.is_control() && !is_invisible(c) => grapheme.get(..c.len_utf8()).unwrap_or("?"),
        Some(_) | None => "?",
    }
}

/// Returns the selected bytes of a line; the range extends beyond the line if its line break is selected.
fn selected_bytes(composer: &Composer, line: usize) -> Range<usize> {
    let Some(selection) = composer.editor.selection() else {
        return 0..0;
    };
    if line < selection.start.line || line > selection.end.line {
        return 0..0;
    }
    let start = if line == selection.start.line {
        selection.start.byte
    } else {
        0
    };
    let end = if line == selection.end.line {
        selection.end.byte
    } else {
        composer.editor.line(line).len() + 1
    };
    start..end
}
