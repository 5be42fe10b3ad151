//! The invalidations page: those in progress, those that have completed, and those that need the user's attention.

mod panel;
mod title;
mod took;

use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::context::ViewContext;
use super::memory::ViewMemory;
use super::page::{self, Areas, Marks};
use super::table::{self, Cells, Visible};
use super::widget::columns::{self, Column, Shown};
use super::widget::pen::{Pen, columns_of, line_of};
use super::widget::placeholder::Placeholder;
use super::widget::text::width;
use super::{clock, freshness, last, status, words};
use crate::app::action::Action;
use crate::app::model::Times;
use crate::app::overview;
use crate::app::screen::invalidations::Invalidations;
use crate::app::table::{INVALIDATIONS, Table};
use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::invalidation::InvalidationId;
use crate::engine::row::{Row, RowKey, row};

/// The number of columns in the table.
const COLUMNS: usize = INVALIDATIONS.len();

/// The tag of an invalidation that was not created by this ledger.
const NOT_FROM_HERE: &str = "not from here";

/// Draws the page. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    screen: &Invalidations,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    areas: &Areas,
) -> Option<Position> {
    let cursor = page::note(look, &screen.list, screen.list.rows().len(), buffer, areas);
    let mut sort_is_seen = true;
    if let Some(notice) = nothing(look, screen) {
        notice.draw(buffer, areas.body);
    } else {
        sort_is_seen = draw_table(look, screen, memory, buffer, areas.body);
        panel::draw(look, screen, buffer, areas);
    }
    title::draw(look, screen, sort_is_seen, buffer, areas);
    cursor
}

/// Draws the table; returns whether the sorted column is visible.
fn draw_table(
    look: ViewContext<'_>,
    screen: &Invalidations,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    body: Rect,
) -> bool {
    let memory = memory.invalidations(screen.target.as_ref());
    let keys = screen.list.rows();
    let seen = memory.seen(&screen.list, body);
    let visible = keys.get(seen.clone()).unwrap_or_default();
    let rows: Vec<_> = visible.iter().map(|key| (key, row(&look.model.engine, key))).collect();
    let visible = Visible {
        rows: &rows,
        first: seen.start,
        selected: screen.list.selected(),
    };
    let cells = Rows {
        look,
        table: screen.table(),
    };
    let sort_is_seen = table::draw(look, &cells, &visible, memory, buffer, body);
    if seen.end == keys.len() {
        panel::older(look, screen, buffer, line_of(body, rows.len() + 1));
    }
    sort_is_seen
}

/// The context for drawing rows.
struct Rows<'a> {
    look: ViewContext<'a>,
    table: Table,
}

impl<'a> Cells<COLUMNS> for Rows<'a> {
    type Row = (&'a RowKey, Option<Row<'a>>);

    fn table(&self) -> Table {
        self.table
    }

    fn contents(&self, (_, row): &Self::Row) -> Option<[usize; COLUMNS]> {
        let row = row.as_ref()?;
        Some([
            2 + width(row.status).max(10),
            row.create_time
                .or(ended(row))
                .map_or(NOT_MADE, |time| width(&made(self.look, time))),
            took::contents(self.look, row),
            width(&self.look.model.engine.label(row.target)).max(6),
            before_items(self.look, row).map_or(0, |reason| width(&reason) + 2) + words::items_width(row),
            row.id.map_or(14, |id| width(id.as_str())),
            // An empty column is not shown.
            note(row).map_or(0, |note| width(note).max(4)),
            if row.submission.is_none() {
                width(NOT_FROM_HERE)
            } else {
                0
            },
            JOB,
        ])
    }

    /// Returns the column layout, from the widest cells drawn so far. The note is shown only if the items have enough
    /// room without it, and "not from here" only if no other cell is truncated. In the list of all targets, the
    /// duration is more important than the id.
    fn layout(&self, wanted: [u16; COLUMNS], room: u16) -> [Column; COLUMNS] {
        let [status, create_time, took, target, items, id, note, not_from_here, job] = wanted;
        let target_min = target.min(12);
        // Ids of tenants' invalidations are long, so the id is truncated before the creation time is dropped.
        let gaps = if target > 0 { 4 } else { 3 } * columns::GAP;
        let crowded = status + create_time + target_min + 9 + id + gaps > room;
        let id_min = if crowded { 14 } else { id };
        let items_min = if target > 0 { 16 } else { 9 };
        // Where target names are truncated, durations have no bar.
        let took = if target > 0 && room < ROOMY { took.min(7) } else { took };
        [
            Column::whole(status, 9),
            Column::whole(create_time, 5),
            Column::new(took::preferred(took), 7, 8).enough(took).taking_rest(),
            Column::new(target, target_min, 7),
            Column::new(items, items_min, 6).enough(24).taking_rest(),
            Column::new(id, id_min, if target > 0 { 4 } else { 8 }).enough(id),
            Column::new(note, 12, 3).shown(Shown::WhereEnough),
            Column::whole(not_from_here, 1).shown(Shown::WhereSpare),
            Column::whole(job, 3),
        ]
    }

    fn marks(&self, (key, _): &Self::Row) -> Marks {
        Marks {
            marked: self.look.model.marked_rows.contains(*key),
            ..Marks::default()
        }
    }

    fn draw(&self, (_, row): &Self::Row, buffer: &mut Buffer, cells: [Rect; COLUMNS]) {
        if let Some(row) = row {
            draw_row(self.look, row, buffer, cells);
        }
    }

    fn changed(&self, (key, _): &Self::Row) -> Option<usize> {
        self.look.model.engine.changed.contains(*key).then_some(0)
    }

    /// Returns whether a column is right-aligned, as the durations and their heading are.
    fn is_right(&self, column: usize) -> bool {
        column == TOOK
    }
}

/// The minimum width of the table, in columns, for showing targets and progress bars next to each other.
const ROOMY: u16 = 94;

/// The index of the duration column.
const TOOK: usize = 2;

/// Formats the creation time, as an age only if the user chose ages, because nothing redraws an idle page.
fn made(look: ViewContext<'_>, time: DateTime<Utc>) -> String {
    let now = look.model.engine.now;
    match look.model.times {
        Times::Local | Times::Utc => clock::moment(look.theme, now, time),
        Times::Relative => clock::long_ago(now, time),
    }
}

/// Returns when a submission was confirmed, if it ended without being accepted.
fn ended(row: &Row<'_>) -> Option<DateTime<Utc>> {
    let submission = row.submission.filter(|submission| submission.state.is_final())?;
    row.create_time.is_none().then_some(submission.created)
}

/// Returns why a submission ended without being accepted, which is shown before its items.
fn before_items(look: ViewContext<'_>, row: &Row<'_>) -> Option<String> {
    ended(row)?;
    row.submission.map(|submission| status::situation(look, submission))
}

/// The width of a job id, in columns. Only the end of the id is shown, because it distinguishes the job from others.
const JOB: usize = 8;

fn job<'a>(row: &Row<'a>) -> &'a str {
    let id = row.submission.map_or("–", |submission| submission.job.as_str());
    id.char_indices().nth_back(JOB - 1).map_or(id, |(at, _)| &id[at..])
}

/// The width reserved for the creation time of a submission that has none, in columns.
const NOT_MADE: usize = 12;

fn draw_row(look: ViewContext<'_>, row: &Row<'_>, buffer: &mut Buffer, cells: [Rect; COLUMNS]) {
    let [
        status_cell,
        create_time,
        took_cell,
        target,
        items,
        id,
        note_cell,
        not_from_here,
        job_cell,
    ] = cells;
    let theme = look.theme;
    let (mark, style) = status::marked(theme, row, status::slow(look, row).is_some());
    Pen::new(buffer, status_cell)
        .text(mark, style)
        .skip(1)
        .text(row.status, status::word(theme, row, style));
    match (row.create_time.or(ended(row)), row.submission) {
        (Some(time), _) => {
            let style = if row.create_time.is_some() {
                theme.text
            } else {
                theme.dim
            };
            Pen::new(buffer, create_time).text(&made(look, time), style);
            took::draw(look, row, buffer, took_cell);
        }
        (None, Some(submission)) => {
            let across = if took_cell.width > 0 {
                create_time.union(took_cell)
            } else {
                create_time
            };
            let words = status::situation_in(look, submission, usize::from(across.width));
            Pen::new(buffer, across).text(&words, style);
        }
        (None, None) => {}
    }
    if target.width > 0 {
        Pen::new(buffer, target).text(&look.model.engine.label(row.target), theme.text);
    }
    draw_items(look, row, style, buffer, items);
    Pen::new(buffer, id).text(row.id.map_or("–", InvalidationId::as_str), theme.text);
    Pen::new(buffer, note_cell).text(note(row).unwrap_or_default(), theme.text);
    if row.submission.is_none() {
        Pen::new(buffer, not_from_here).text(NOT_FROM_HERE, theme.dim);
    }
    Pen::new(buffer, job_cell).text(job(row), theme.dim);
}

/// Draws the items, after the reason why they were not sent.
fn draw_items(look: ViewContext<'_>, row: &Row<'_>, style: Style, buffer: &mut Buffer, cell: Rect) {
    let mut items = cell;
    if let Some(reason) = before_items(look, row) {
        Pen::new(buffer, cell).text(&reason, style);
        items = columns_of(cell, width(&reason) + 2, usize::from(cell.width));
    }
    last::draw_items(look, row, false, buffer, items);
}

/// Returns the user's note, if there is one.
fn note<'a>(row: &Row<'a>) -> Option<&'a str> {
    row.submission.and_then(|submission| submission.note.as_deref())
}

/// Returns the placeholder for a table without rows.
fn nothing<'a>(look: ViewContext<'a>, screen: &Invalidations) -> Option<Placeholder<'a>> {
    let list = &screen.list;
    if !list.rows().is_empty() {
        return None;
    }
    if list.total() > 0 {
        return Some(page::no_match(look, list.view.filter.value(), list.total()));
    }
    let Some(target) = &screen.target else {
        return Some(none_at_all(look));
    };
    let seen = freshness::of_target(look.model, target);
    Some(match (seen.failure, seen.as_of) {
        (Some(failure), _) => failed(look, target, failure),
        (None, None) => page::waiting(look, "Loading the invalidations"),
        (None, Some(_)) => none_yet(look),
    })
}

fn none_at_all(look: ViewContext<'_>) -> Placeholder<'_> {
    let known = overview::loaded(look.model);
    let title = match known {
        Some(known) if known.goes_on => return page::waiting(look, "Loading the invalidations of all distributions"),
        Some(known) if known.loaded > 0 => "No invalidations yet",
        Some(_) | None => "No distribution opened yet",
    };
    let about = "Invalidations of every distribution you open appear here, along with those you send.";
    page::placeholder(look, title)
        .text([about.to_owned()], look.theme.text)
        .steps([page::step(look, Action::GoDistributions, "choose a distribution")])
}

fn none_yet(look: ViewContext<'_>) -> Placeholder<'_> {
    page::placeholder(look, "No invalidations yet")
        .steps(invalidate(look, "create the first one"))
        .steps([page::step(look, Action::Back, "go back")])
}

fn failed<'a>(look: ViewContext<'a>, target: &Target, failure: &Failure) -> Placeholder<'a> {
    let title = match failure.kind() {
        Some(RefusalKind::NotFound) => format!("CloudFront cannot find {target}"),
        _ => page::failed_title(failure, "ListInvalidations", "The invalidations could not be loaded"),
    };
    let right = target.operation("ListInvalidations");
    let hint = format!(
        "Missing: cloudfront:{right}. You can still invalidate; invalidations sent from this machine are still listed."
    );
    page::failed(
        look,
        title,
        failure,
        (hint, invalidate(look, "compose an invalidation")),
    )
}

fn invalidate(look: ViewContext<'_>, what: &str) -> Option<(String, String)> {
    page::available(look, Action::InvalidateHere, what)
}
