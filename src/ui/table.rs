//! Draws all tables: columns by importance, headings with the sort mark, and rows with their marks.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::context::ViewContext;
use super::memory::Table as Memory;
use super::page::{self, Marks};
use super::theme::Theme;
use super::widget::columns::{self, Column};
use super::widget::pen::{Pen, line_of};
use super::widget::text::{fit, width};
use crate::app::list::List;
use crate::app::model::Times;
use crate::app::pointer::Hit;
use crate::app::table::{Direction, Sort, Table};

/// The width of the sort mark next to a heading, with the blank before it.
const MARK: usize = 2;

/// A table that can be drawn.
pub(super) trait Cells<const N: usize> {
    /// The data of a row.
    type Row;

    /// Returns which table this is.
    fn table(&self) -> Table;
    /// Returns the width that each cell of a row needs.
    fn contents(&self, row: &Self::Row) -> Option<[usize; N]>;
    /// Returns the column layout, from the widest cells drawn so far and the total available width.
    fn layout(&self, wanted: [u16; N], room: u16) -> [Column; N];
    /// Returns the marks next to a row, except the selection mark.
    fn marks(&self, row: &Self::Row) -> Marks;
    /// Draws the cells of a row; hidden columns have no width.
    fn draw(&self, row: &Self::Row, buffer: &mut Buffer, cells: [Rect; N]);
    /// Returns the index of the cell that has just changed.
    fn changed(&self, _row: &Self::Row) -> Option<usize> {
        None
    }
    /// Returns whether a column and its heading are right-aligned.
    fn is_right(&self, _column: usize) -> bool {
        false
    }
}

/// The visible rows.
pub(super) struct Visible<'a, R> {
    /// The rows.
    pub rows: &'a [R],
    /// The index of the first visible row in the list.
    pub first: usize,
    /// The index of the selected row in the list.
    pub selected: usize,
}

/// Draws the part of a list around its selection. Returns whether the sorted column is visible.
pub(super) fn draw_list<const N: usize, C: Cells<N, Row: Clone + Ord>>(
    look: ViewContext<'_>,
    cells: &C,
    list: &List<C::Row>,
    memory: &mut Memory<N>,
    buffer: &mut Buffer,
    body: Rect,
) -> bool {
    let seen = memory.seen(list, body);
    let visible = Visible {
        rows: list.rows().get(seen.clone()).unwrap_or_default(),
        first: seen.start,
        selected: list.selected(),
    };
    draw(look, cells, &visible, memory, buffer, body)
}

/// Draws a heading and the rows below it, one of which may be selected. Returns whether the sorted column is visible.
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

/// Returns the column widths: hidden columns have none, and the heading with the sort mark is not truncated.
fn share<const N: usize, C: Cells<N>>(look: ViewContext<'_>, cells: &C, mut wanted: [u16; N], room: u16) -> [u16; N] {
    let table = cells.table();
    let arrangement = look.model.arrangements.of(table);
    let is_seen = |place: usize| table.has(place) && arrangement.shows(place);
    for (place, wanted) in wanted.iter_mut().enumerate() {
        let marked = arrangement.sort.is_some_and(|sort| sort.column == place);
        let name = width(&heading(look, table, place));
        // Sortable columns always reserve room for the sort mark, so that sorting moves no column.
        let sorts = table.columns().get(place).is_some_and(|column| column.sorts.is_some());
        let least = u16::try_from(if sorts { name + MARK } else { name }).unwrap_or(0);
        // A column without contents has no heading either, unless the rows are sorted by it.
        let is_any = marked || *wanted > 0;
        *wanted = if is_seen(place) && is_any {
            (*wanted).max(least)
        } else {
            0
        };
    }
    let mut columns = cells.layout(wanted, room);
    for (place, column) in columns.iter_mut().enumerate() {
        if !is_seen(place) {
            *column = Column::whole(0, column.importance);
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
        fit(&name, usize::from(cell.width).saturating_sub(MARK)),
        mark(theme, sort.direction)
    );
    if cells.is_right(place) {
        pen.right(&name, theme.text);
    } else {
        pen.text(&name, theme.text);
    }
}

/// Returns the heading of a column. The heading of a time column shows whether times are in UTC. The heading of the
/// cost column is short, because amounts are short.
fn heading(look: ViewContext<'_>, table: Table, place: usize) -> Cow<'static, str> {
    let name = table.columns().get(place).map_or("", |column| column.name);
    match (name, look.model.times) {
        ("CreateTime" | "Confirmed" | "LastModified", Times::Utc) => format!("{name} Z").into(),
        ("Max. cost", _) => "Max.".into(),
        _ => name.into(),
    }
}

/// Returns the mark of a sort direction.
pub(super) fn mark(theme: &Theme, direction: Direction) -> &'static str {
    let [up, down] = theme.sort_marks;
    match direction {
        Direction::Ascending => up,
        Direction::Descending => down,
    }
}

/// Returns the sort order as text, if the heading that shows it is not visible.
pub(super) fn sorted_by(look: ViewContext<'_>, table: Table, is_seen: bool) -> Option<Span<'static>> {
    let sort = look.model.arrangements.of(table).sort.filter(|_| !is_seen)?;
    let name = table.columns().get(sort.column)?.name;
    Some(Span::styled(
        format!("by {name} {}", mark(look.theme, sort.direction)),
        look.theme.dim,
    ))
}
