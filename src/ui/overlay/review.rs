//! The review overlay, the last check before sending: the account, the targets, the exact items, the price, and the
//! text to type.

mod above;

use std::ops::Range;

use above::above;
pub(super) use above::target_line;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::theme::mark;
use super::super::widget::field::field;
use super::super::widget::pen::{Pen, columns_of, line_of, two_sided};
use super::super::widget::text::{chunks, count, width, wrap};
use super::confirmation::{asked, confirm};
use super::kit::{Sheet, columns, part};
use crate::app::act::review::blocked;
use crate::app::overlay::review::{Review, ReviewedItem};

/// The preferred width, in columns.
const WIDTH: usize = 92;
/// The maximum number of targets, and of skipped lines, that are listed individually.
const NAMED: usize = 4;

/// The number of item rows that are always visible; other lines are dropped to make room for them.
const FEWEST: usize = 2;

/// A line of the review.
struct Line<'a> {
    left: Vec<Span<'a>>,
    right: Vec<Span<'a>>,
    /// How early the line is dropped if there are too few rows.
    yields: Priority,
}

/// How early a line is dropped when there is little room. Lines with a later variant are dropped first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Priority {
    Never,
    Last,
    Late,
    Early,
    First,
}

impl<'a> Line<'a> {
    fn of(left: Vec<Span<'a>>) -> Self {
        Self {
            left,
            right: Vec::new(),
            yields: Priority::Never,
        }
    }

    fn blank() -> Self {
        Self::of(Vec::new()).yielding(Priority::Early)
    }

    fn yielding(self, yields: Priority) -> Self {
        Self { yields, ..self }
    }

    fn draw(&self, buffer: &mut Buffer, line: Rect) {
        two_sided(buffer, line, &self.left, &self.right);
    }
}

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    review: &Review,
    scroller: Scroller<'_>,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let columns = columns(WIDTH, room);
    let (mut above, mut below) = (above(look, review, columns), below(look, review, columns));
    let middle = rows_of(review, columns, usize::from(room.height));
    let danger = review.confirmation.is_some() && !review.is_confirmed();
    let sheet = Sheet {
        title: "Review",
        size: (columns, above.len() + middle + below.len()),
        border: if danger { look.theme.wrong } else { look.theme.dim },
    };
    let opened = sheet.open(look, buffer, room);
    let body = opened.body;
    // Everything that the user must know or type keeps its lines. The list of items shrinks and scrolls, but is never
    // hidden.
    give_way(
        &mut above,
        &mut below,
        usize::from(body.height).saturating_sub(middle.min(FEWEST)),
    );
    let fixed = above.len() + below.len();
    if fixed + middle.min(1) > usize::from(body.height) {
        too_small(look, columns, buffer, body);
        return None;
    }
    let middle = middle.min(usize::from(body.height).saturating_sub(fixed));
    for (number, line) in above.iter().enumerate() {
        line.draw(buffer, line_of(body, number));
    }
    let seen = draw_items(look, review, scroller, buffer, part(body, above.len(), middle));
    opened.tell(look, buffer, &seen, review.items.len());
    let end = above.len() + middle;
    for (number, line) in below.iter().enumerate() {
        line.draw(buffer, line_of(body, end + number));
    }
    let at_note = note_field(look, review, buffer, line_of(body, end));
    let Some(typed) = &review.confirmation else {
        return at_note;
    };
    let rows = asked(typed, columns).len();
    let at_confirmation = confirm(look, typed, buffer, part(body, end + below.len() - rows, rows));
    at_note.or(at_confirmation)
}

fn too_small(look: ViewContext<'_>, columns: usize, buffer: &mut Buffer, body: Rect) {
    let text = format!(
        "{} too small to show what will be sent; make the window larger",
        mark::WARNING
    );
    for (number, line) in sentence(&text, look.theme.wrong, columns).iter().enumerate() {
        line.draw(buffer, line_of(body, number));
    }
}

/// Drops lines until at most `most` are left or no more may be dropped.
fn give_way<'a>(above: &mut Vec<Line<'a>>, below: &mut Vec<Line<'a>>, most: usize) {
    while above.len() + below.len() > most {
        let first = above.iter().chain(below.iter()).map(|line| line.yields).max();
        let Some(yields) = first.filter(|yields| *yields != Priority::Never) else {
            return;
        };
        let lines = if below.iter().any(|line| line.yields == yields) {
            &mut *below
        } else {
            &mut *above
        };
        if let Some(place) = lines.iter().rposition(|line| line.yields == yields) {
            lines.remove(place);
        }
    }
}

/// Returns the lines below the items: what is skipped, why it cannot be sent, and what to type.
fn below<'a>(look: ViewContext<'a>, review: &'a Review, columns: usize) -> Vec<Line<'a>> {
    let theme = look.theme;
    let mut lines = Vec::new();
    lines.push(note(look, review));
    for line in review.left_out.iter().take(NAMED) {
        let spans = vec![
            Span::styled("skipped (covered)  ", theme.dim),
            Span::styled(line.as_str(), theme.dim),
        ];
        lines.push(Line::of(spans).yielding(Priority::First));
    }
    if let Some(more) = review.left_out.len().checked_sub(NAMED).filter(|more| *more > 0) {
        let more = format!("skipped (covered)  {} more", count(more, "line"));
        lines.push(Line::of(vec![Span::styled(more, theme.dim)]).yielding(Priority::First));
    }
    if let Err(reason) = blocked(&look.model.engine) {
        lines.extend(sentence(&format!("{} {reason}", mark::WRONG), theme.wrong, columns));
    }
    if let Some(confirmation) = &review.confirmation {
        lines.push(Line::blank());
        let text = format!("{} {}", mark::WARNING, confirmation.reason);
        lines.extend(sentence(&text, theme.wrong, columns));
        // Empty lines reserve the space for the field.
        lines.extend(asked(confirmation, columns).iter().map(|_| Line::of(Vec::new())));
    }
    lines
}

/// The label of the note.
const NOTE: &str = "note  ";

/// Returns the line for the note, which is the first line below the items. While the user types the note, a text field
/// takes the place of its text.
fn note<'a>(look: ViewContext<'a>, review: &'a Review) -> Line<'a> {
    let theme = look.theme;
    let (text, yields) = match (&review.noting, &review.note) {
        (Some(typed), _) if typed.value().is_empty() => {
            let hint = Span::styled("reason, stored only on this machine", theme.dim);
            (hint, Priority::Never)
        }
        (Some(_), _) => (Span::raw(""), Priority::Never),
        (None, Some(note)) => (Span::styled(note.as_str(), theme.text), Priority::Late),
        (None, None) => (Span::styled("–", theme.dim), Priority::First),
    };
    Line::of(vec![Span::styled(NOTE, theme.dim), text]).yielding(yields)
}

/// Draws the note's text field while the user types in it. Returns the position of the terminal's cursor.
fn note_field(look: ViewContext<'_>, review: &Review, buffer: &mut Buffer, line: Rect) -> Option<Position> {
    let typed = review.noting.as_ref()?;
    let place = columns_of(line, width(NOTE), usize::from(line.width));
    field(buffer, place, typed.value(), typed.cursor(), look.theme.strong)
}

fn sentence<'a>(text: &str, style: Style, columns: usize) -> Vec<Line<'a>> {
    let lines = wrap(text, columns).into_iter();
    lines.map(|line| Line::of(vec![Span::styled(line, style)])).collect()
}

/// Returns the lines of an item and its note. The lines show in full what is sent; the note, beside or below them,
/// shows what was typed and what the item clears.
fn item_lines(item: &ReviewedItem, columns: usize) -> (Vec<String>, String) {
    let note = match (&item.typed, item.clears.is_empty()) {
        (Some(typed), true) => format!("typed: {typed}"),
        (Some(typed), false) => format!("{}; typed: {typed}", item.clears),
        (None, _) => item.clears.clone(),
    };
    (chunks(&item.wire, columns.saturating_sub(2)), note)
}

/// Returns the column of the notes, which are aligned if the items are short.
fn note_column(columns: usize) -> usize {
    columns * 2 / 5
}

fn item_height(item: &ReviewedItem, columns: usize) -> usize {
    let (lines, note) = item_lines(item, columns);
    lines.len() + usize::from(!beside(&lines, &note, columns))
}

/// Returns whether there is room for the note next to the item.
fn beside(lines: &[String], note: &str, columns: usize) -> bool {
    const GAP: usize = 2;
    note.is_empty() || matches!(lines, [line] if 2 + width(line) + GAP <= note_column(columns))
}

/// Returns the number of rows that the items would take, counted only up to the available room.
fn rows_of(review: &Review, columns: usize, most: usize) -> usize {
    let mut rows = 0;
    for item in review.items.iter().take(most) {
        rows += item_height(item, columns);
    }
    rows.min(most)
}

fn draw_items(
    look: ViewContext<'_>,
    review: &Review,
    mut scroller: Scroller<'_>,
    buffer: &mut Buffer,
    list: Rect,
) -> Range<usize> {
    let theme = look.theme;
    let columns = usize::from(list.width);
    let height = |place: usize| review.items.get(place).map_or(1, |item| item_height(item, columns));
    let seen = scroller.flowing(review.items.len(), usize::from(list.height), height);
    let mut row = 0;
    for item in review.items.get(seen.clone()).unwrap_or_default() {
        let (lines, note) = item_lines(item, columns);
        for (number, line) in lines.iter().enumerate() {
            Pen::new(buffer, line_of(list, row + number))
                .skip(2)
                .text(line, theme.text);
        }
        if beside(&lines, &note, columns) {
            Pen::new(buffer, line_of(list, row))
                .skip(note_column(columns))
                .text(&note, theme.dim);
        } else {
            Pen::new(buffer, line_of(list, row + lines.len()))
                .skip(4)
                .text(&note, theme.dim);
        }
        row += item_height(item, columns);
    }
    seen
}
