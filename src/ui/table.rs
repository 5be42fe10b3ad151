//! How every table is drawn: columns by their importance, headings with the mark of the sort, rows with their marks.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::memory::Table as Memory;
use super::page::{self, Marks};
use super::widget::columns::{self, Column};
use super::widget::pen::{Pen, line_of};
use super::widget::text::{fit, width};
use super::{Theme, ViewContext};
use crate::app::model::Times;
use crate::app::pointer::Hit;
use crate::app::table::{Direction, Sort, Table};

/// A table that can be drawn.
pub(super) trait Cells<const N: usize> {
    /// What a row is made from.
    type Row;

    /// Which table it is.
    fn table(&self) -> Table;
    /// The columns of the terminal that each cell of a row would fill.
    fn contents(&self, row: &Self::Row) -> Option<[usize; N]>;
    /// What the columns ask for, after what was seen in them, with so much room for all.
    fn layout(&self, wanted: [u16; N], room: u16) -> [Column; N];
    /// The marks beside a row, but for the selection's.
    fn marks(&self, row: &Self::Row) -> Marks;
    /// Draws the cells of a row; those that are left out have no width.
    fn draw(&self, row: &Self::Row, buffer: &mut Buffer, cells: [Rect; N]);
    /// The cell that has just changed.
    fn changed(&self, _row: &Self::Row) -> Option<usize> {
        None
    }
    /// Whether a column stands to the right, and so does its heading.
    fn is_right(&self, _column: usize) -> bool {
        false
    }
}

/// The rows that are seen.
pub(super) struct Visible<'a, R> {
    /// The rows.
    pub rows: &'a [R],
    /// The place of the first one in the list.
    pub first: usize,
    /// The place of the selected one in the list.
    pub selected: usize,
}

/// Draws a heading and the rows below it, of which one may be selected. Returns whether the column that it is sorted by is
/// seen.
pub(super) fn draw<const N: usize, C: Cells<N>>(
    look: ViewContext<'_>,
    cells: &C,
    visible: &Visible<'_, C::Row>,
    memory: &mut Memory<N>,
    buffer: &mut Buffer,
    body: Rect,
) -> bool {
    let heading = page::cells_of(line_of(body, 0));
    let widest = memory.widen(visible.rows.iter().filter_map(|row| cells.contents(row)));
    let widths = share(look, cells, widest, heading.width);
    let sort = look.model.arrangements.of(cells.table()).sort;
    for (place, cell) in columns::cells(widths, heading).into_iter().enumerate() {
        look.hits.put(cell, Hit::Heading(place));
        draw_heading(look, cells, (place, sort), buffer, cell);
    }
    for (number, row) in visible.rows.iter().enumerate() {
        let (line, place) = (line_of(body, number + 1), visible.first + number);
        look.hits.put(line, Hit::Row(place));
        let marks = Marks {
            selected: place == visible.selected,
            ..cells.marks(row)
        };
        let places = columns::cells(widths, page::gutter(look, buffer, line, marks));
        cells.draw(row, buffer, places);
        if marks.selected {
            page::select(look, buffer, line);
        }
        if let Some(cell) = cells.changed(row).and_then(|column| places.get(column)) {
            buffer.set_style(cell.intersection(buffer.area), look.theme.changed);
        }
    }
    sort.is_none_or(|sort| widths.get(sort.column).is_some_and(|width| *width > 0))
}

/// The widths: those that a person took away have none, and a heading with the mark of the sort is whole.
fn share<const N: usize, C: Cells<N>>(look: ViewContext<'_>, cells: &C, mut wanted: [u16; N], room: u16) -> [u16; N] {
    let table = cells.table();
    let arrangement = look.model.arrangements.of(table);
    let is_seen = |place: usize| table.has(place) && arrangement.shows(place);
    for (place, wanted) in wanted.iter_mut().enumerate() {
        let marked = arrangement.sort.is_some_and(|sort| sort.column == place);
        let name = width(&heading(look, table, place));
        let least = if marked { name + 2 } else { 0 };
        let least = u16::try_from(least).unwrap_or(0);
        *wanted = if is_seen(place) { (*wanted).max(least) } else { 0 };
    }
    let mut columns = cells.layout(wanted, room);
    for (place, column) in columns.iter_mut().enumerate() {
        if !is_seen(place) {
            *column = Column::new(0, 0, 0, column.importance);
        }
    }
    columns::share(columns, room)
}

fn draw_heading<const N: usize, C: Cells<N>>(
    look: ViewContext<'_>,
    cells: &C,
    (place, sort): (usize, Option<Sort>),
    buffer: &mut Buffer,
    cell: Rect,
) {
    let name = heading(look, cells.table(), place);
    let theme = look.theme;
    let mut pen = Pen::new(buffer, cell);
    let Some(sort) = sort.filter(|sort| sort.column == place) else {
        if cells.is_right(place) {
            pen.right(&name, theme.dim);
        } else {
            pen.text(&name, theme.dim);
        }
        return;
    };
    let name = format!(
        "{} {}",
        fit(&name, usize::from(cell.width).saturating_sub(2)),
        mark(theme, sort.direction)
    );
    if cells.is_right(place) {
        pen.right(&name, theme.text);
    } else {
        pen.text(&name, theme.text);
    }
}

/// The heading of a column; those of times say that they are in UTC.
fn heading(look: ViewContext<'_>, table: Table, place: usize) -> Cow<'static, str> {
    let name = table.columns().get(place).map_or("", |column| column.name);
    match (name, look.model.times) {
        ("CreateTime" | "Confirmed" | "LastModified", Times::Utc) => format!("{name} Z").into(),
        _ => name.into(),
    }
}

/// The mark of a direction.
pub(super) fn mark(theme: &Theme, direction: Direction) -> &'static str {
    let [up, down] = theme.sort_marks;
    match direction {
        Direction::Ascending => up,
        Direction::Descending => down,
    }
}

/// By what a table is sorted, where the heading that says it is not seen.
pub(super) fn sorted_by(look: ViewContext<'_>, table: Table, is_seen: bool) -> Option<Span<'static>> {
    let sort = look.model.arrangements.of(table).sort.filter(|_| !is_seen)?;
    let name = table.columns().get(sort.column)?.name;
    Some(Span::styled(
        format!("by {name} {}", mark(look.theme, sort.direction)),
        look.theme.dim,
    ))
}
