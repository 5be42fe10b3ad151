//! The job overlay: a table of targets by batches with the state of each cell, and a description of the selected cell
//! below it.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::status;
use super::super::theme::mark;
use super::super::widget::pen::{Pen, columns_of, line_of, rows_from, span_lines};
use super::super::widget::text::{agree, count, fit, thousands, width, wrap};
use super::kit::{Opened, open};
use crate::app::overlay::matrix::Matrix;
use crate::app::pointer::Hit;
use crate::domain::job::Job;
use crate::domain::submission::Submission;
use crate::engine::row::{RowKey, row};

/// The minimum and maximum width of the target names, in columns.
const NAMES: (usize, usize) = (10, 36);
/// The width of a cell that shows only its mark, in columns: the mark between two spaces, or a number of three digits.
const NARROW: usize = 4;
/// The minimum preferred width, in columns. Explaining failures takes room.
const WIDTH: usize = 84;
/// The number of lines below the targets.
const BELOW: usize = 6;
/// The number of lines below the targets if there is little room: a blank line, the batch, and its state.
const LEAST_BELOW: usize = 3;

/// The layout of the table's columns.
struct Layout {
    names: usize,
    cell: usize,
    /// Whether a cell has room for its word.
    worded: bool,
    /// The visible batches.
    seen: Range<usize>,
}

impl Layout {
    fn of(job: &Job<'_>, matrix: &Matrix, cells: &[Cell], room: usize) -> Self {
        let batches = job.numbers().len();
        let longest = cells.iter().map(|cell| width(cell.name)).max().unwrap_or(0);
        let names = longest.clamp(NAMES.0, NAMES.1).min(room / 3);
        let word = cells.iter().map(|cell| width(cell.word) + 4).max().unwrap_or(NARROW);
        let left = room.saturating_sub(names + 2);
        let worded = batches * word <= left;
        let cell = if worded { word } else { NARROW };
        let fitting = (left / cell).clamp(1, batches.max(1));
        let first = matrix
            .column
            .saturating_sub(fitting / 2)
            .min(batches - fitting.min(batches));
        Self {
            names,
            cell,
            worded,
            seen: first..(first + fitting).min(batches),
        }
    }
}

/// The data displayed for a submission.
struct Cell<'a> {
    part: &'a Submission,
    name: &'a str,
    mark: &'static str,
    word: &'a str,
    style: Style,
}

fn cells<'a>(look: ViewContext<'a>, job: &Job<'a>) -> Vec<Cell<'a>> {
    let of = |part: &'a Submission| {
        let key = RowKey::Submission(part.id.clone());
        let found = row(&look.model.engine, &key).map(|row| status::marked(look.theme, &row, false));
        let (mark, style) = found.unwrap_or((mark::QUIET, look.theme.dim));
        Cell {
            part,
            name: &part.label,
            mark,
            word: part.state.word(),
            style,
        }
    };
    job.parts().map(of).collect()
}

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, matrix: &Matrix, memory: &mut ViewMemory, buffer: &mut Buffer, room: Rect) {
    let job = matrix.job(&look.model.engine);
    let cells = cells(look, &job);
    let columns = usize::from(room.width).saturating_sub(6);
    let layout = Layout::of(&job, matrix, &cells, columns);
    let asked = (layout.names + 2 + layout.cell * layout.seen.len())
        .max(WIDTH)
        .min(columns);
    let totals = totals(look, &cells, asked);
    let above = totals.len() + 2;
    let rows = above + job.targets().len() + BELOW;
    let batches = job.numbers().len();
    let title = format!(
        "{} · {} {}",
        count(job.targets().len(), "target"),
        thousands(batches as u64),
        agree(batches, "batch", "batches")
    );
    let opened = open(look, buffer, room, &title, (asked, rows));
    let Opened { body, .. } = opened;
    span_lines(buffer, body, &totals);
    heading(look, &job, matrix, &layout, buffer, line_of(body, above - 1));
    let height = usize::from(body.height).saturating_sub(above + LEAST_BELOW).max(1);
    let targets = memory.overlay.around(matrix.row, job.targets().len(), height);
    for (number, place) in targets.clone().enumerate() {
        let line = line_of(body, above + number);
        draw_target(look, &job, &cells, (matrix, place), &layout, buffer, line);
    }
    opened.tell(look, buffer, &targets, job.targets().len());
    let below = rows_from(body, above + targets.len() + 1);
    about(look, matrix.selected(&job), &cells, buffer, below);
}

/// Returns the number of submissions in each state, on as many lines as needed. This also explains the marks when there
/// is no room for words.
fn totals<'a>(look: ViewContext<'a>, cells: &[Cell<'a>], room: usize) -> Vec<Vec<Span<'a>>> {
    const GAP: usize = 3;
    let mut kinds: Vec<(&Cell, usize)> = Vec::new();
    for cell in cells {
        let same = |(kind, _): &&mut (&Cell, usize)| (kind.word, kind.mark) == (cell.word, cell.mark);
        match kinds.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => kinds.push((cell, 1)),
        }
    }
    kinds.sort_by_key(|(cell, _)| (cell.part.state.meaning(), cell.word));
    let mut lines: Vec<Vec<Span>> = vec![Vec::new()];
    let mut used = 0;
    for (cell, count) in kinds {
        let text = format!(" {count} {}", cell.word);
        let needed = width(cell.mark) + width(&text);
        if used > 0 && used + GAP + needed > room {
            lines.push(Vec::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(Span::raw("   "));
                used += GAP;
            }
            line.extend([Span::styled(cell.mark, cell.style), Span::styled(text, look.theme.text)]);
        }
        used += needed;
    }
    lines
}

fn heading(look: ViewContext<'_>, job: &Job<'_>, matrix: &Matrix, layout: &Layout, buffer: &mut Buffer, line: Rect) {
    let numbers = job.numbers();
    let part = if layout.seen.len() < numbers.len() {
        format!("of {}", numbers.len())
    } else {
        String::new()
    };
    Pen::new(buffer, columns_of(line, 0, layout.names))
        .text("Target", look.theme.dim)
        .right(&part, look.theme.dim);
    for place in layout.seen.clone() {
        let Some(number) = numbers.get(place) else { continue };
        let style = if place == matrix.column {
            look.theme.accent
        } else {
            look.theme.dim
        };
        let text = if layout.worded {
            format!("batch {number}")
        } else {
            number.to_string()
        };
        Pen::new(buffer, cell_at(layout, line, place))
            .skip(1)
            .text(&text, style);
    }
}

/// Returns the area of a batch's cell in a line.
fn cell_at(layout: &Layout, line: Rect, place: usize) -> Rect {
    let from = layout.names + 2 + (place - layout.seen.start) * layout.cell;
    columns_of(line, from, layout.cell)
}

fn draw_target(
    look: ViewContext<'_>,
    job: &Job<'_>,
    cells: &[Cell],
    (matrix, row): (&Matrix, usize),
    layout: &Layout,
    buffer: &mut Buffer,
    line: Rect,
) {
    let theme = look.theme;
    let Some(target) = job.targets().get(row) else { return };
    let mine: Vec<_> = cells.iter().filter(|cell| cell.part.target == **target).collect();
    let name = mine.first().map_or(target.id(), |cell| cell.name);
    let style = if row == matrix.row { theme.strong } else { theme.text };
    look.hits.put(line, Hit::Choice(row));
    Pen::new(buffer, line).text(&fit(name, layout.names), style);
    for (place, number) in job.numbers().iter().enumerate() {
        if !layout.seen.contains(&place) {
            continue;
        }
        let at = cell_at(layout, line, place);
        look.hits.put(at, Hit::Cell { row, column: place });
        let mut pen = Pen::new(buffer, at);
        pen.skip(1);
        match mine.iter().find(|cell| cell.part.number == *number) {
            Some(cell) => {
                pen.text(cell.mark, cell.style);
                if layout.worded {
                    pen.skip(1).text(cell.word, cell.style);
                }
            }
            None => drop(pen.text(" ", theme.dim)),
        }
        if (row, place) == (matrix.row, matrix.column) {
            let marked = columns_of(at, 0, layout.cell - 1);
            Pen::new(buffer, marked).text(theme.selected_mark, theme.accent);
            theme.select(buffer, marked);
        }
    }
}

/// Describes the selected submission in words.
fn about(look: ViewContext<'_>, part: Option<&Submission>, cells: &[Cell], buffer: &mut Buffer, area: Rect) {
    let theme = look.theme;
    let Some(part) = part else {
        Pen::new(buffer, line_of(area, 0)).text("no batch in this column for this target", theme.dim);
        return;
    };
    let items = part.batch.items();
    let first = items.first().map_or("", String::as_str);
    Pen::new(buffer, line_of(area, 0)).spans(&[
        Span::styled(format!("batch {}", part.number), theme.strong),
        Span::styled(format!(" · {} · ", count(items.len(), "item")), theme.dim),
        Span::styled(first, theme.text),
        Span::styled(if items.len() > 1 { " …" } else { "" }, theme.dim),
    ]);
    let Some(cell) = cells.iter().find(|cell| cell.part.id == part.id) else {
        return;
    };
    let said = status::reason(look, part).unwrap_or_else(|| match part.state.accepted() {
        Some((id, _)) => id.to_string(),
        None => status::situation(look, part),
    });
    let said = format!("{} {} · {said}", cell.mark, cell.word);
    let room = usize::from(area.height).saturating_sub(1);
    let lines = wrap(&said, usize::from(area.width).saturating_sub(2));
    for (number, line) in lines.iter().take(room).enumerate() {
        let mut pen = Pen::new(buffer, line_of(area, 1 + number));
        pen.text(line, cell.style);
        if number + 1 == room && lines.len() > room {
            pen.text(" …", theme.dim);
        }
    }
}
