//! The collapse overlay: three plans, one line each, and the items of the selected one.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::super::theme::mark;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::{count, thousands, wrap};
use super::confirmation::{asked, confirm};
use super::kit::{Sheet, columns};
use crate::app::overlay::collapse::Collapse;
use crate::app::overlay::review::Confirmation;
use crate::app::pointer::Hit;
use crate::domain::collapse::{Besides, Plan};

/// The preferred width, in columns.
const WIDTH: usize = 84;
/// The number of items of the selected plan that are shown if there is room.
const SHOWN: usize = 10;
/// The column offsets within a plan's line.
const COLUMNS: [usize; 4] = [2, 17, 42, 58];

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(look: ViewContext<'_>, state: &Collapse, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let choices = state.choices();
    let items = choices.get(state.selected).map_or(0, |(_, plan)| plan.items.len());
    let apart = usize::from(choices.iter().any(|(_, plan)| plan.is_whole_site()));
    let columns = columns(WIDTH, room);
    let reason = state
        .confirmation
        .as_ref()
        .map_or_else(Vec::new, |typed| reason(typed, columns));
    let field = state
        .confirmation
        .as_ref()
        .map_or(0, |typed| asked(typed, columns).len());
    let below = reason.len() + field;
    let end = choices.len() + apart;
    let sheet = Sheet {
        title: "Collapse",
        size: (columns, end + 4 + items.min(SHOWN) + below),
        border: if state.is_whole_site() {
            look.theme.wrong
        } else {
            look.theme.dim
        },
    };
    let body = sheet.open(look, buffer, room).body;
    for (number, (name, plan)) in choices.iter().enumerate() {
        // The plan that clears everything is set apart from the others.
        let row = if plan.is_whole_site() { number + apart } else { number };
        let line = line_of(body, row);
        look.hits.put(line, Hit::Choice(number));
        draw_plan(look, state, (name, plan), number == state.selected, buffer, line);
    }
    Pen::new(buffer, line_of(body, end + 1)).text(&among(state), look.theme.dim);
    let last = usize::from(body.height).saturating_sub(below);
    if let Some((_, plan)) = choices.get(state.selected) {
        draw_items(look, plan, buffer, (body, end + 3..last));
    }
    let typed = state.confirmation.as_ref()?;
    for (number, line) in reason.iter().enumerate() {
        Pen::new(buffer, line_of(body, last + number)).text(line, look.theme.wrong);
    }
    let first = line_of(body, last + reason.len());
    let rows = u16::try_from(field).unwrap_or(u16::MAX);
    let height = body.bottom().saturating_sub(first.y).min(rows);
    confirm(look, typed, buffer, Rect { height, ..first })
}

/// Returns why a confirmation is required.
fn reason(typed: &Confirmation, columns: usize) -> Vec<String> {
    wrap(&format!("{} {}", mark::WARNING, typed.reason), columns)
}

/// Describes how many paths are known, and how many extra objects the bounded plan may clear.
fn among(state: &Collapse) -> String {
    if state.known() == 0 {
        return "no known paths yet, so invalidash cannot tell what else a wildcard clears".to_owned();
    }
    let keys = count(state.known(), "known path");
    format!(
        "{keys} from earlier invalidations; bounded: up to {} extra",
        thousands(state.allowed() as u64)
    )
}

fn draw_plan(
    look: ViewContext<'_>,
    state: &Collapse,
    (name, plan): (&str, &Plan),
    here: bool,
    buffer: &mut Buffer,
    line: Rect,
) {
    let theme = look.theme;
    let style = match (plan.is_whole_site(), here) {
        (true, _) => theme.wrong,
        (false, true) => theme.strong,
        (false, false) => theme.text,
    };
    if here {
        Pen::new(buffer, columns_of(line, 0, 1)).text(theme.selected_mark, theme.accent);
    }
    let wildcards = if plan.wildcards == 0 {
        String::new()
    } else {
        format!(", {}", count(plan.wildcards, "wildcard"))
    };
    let size = format!("{}{wildcards}", count(plan.items.len(), "item"));
    let (besides, besides_style) = if plan.is_whole_site() {
        ("clears everything".to_owned(), theme.wrong)
    } else {
        besides(look, state, plan)
    };
    let cells = [
        (name.to_owned(), style),
        (size, style),
        (format!("max. {}", plan.price), style),
        (besides, besides_style),
    ];
    for (number, (text, style)) in cells.into_iter().enumerate() {
        let from = COLUMNS[number];
        let to = COLUMNS.get(number + 1).copied().unwrap_or(usize::from(line.width));
        Pen::new(buffer, columns_of(line, from, to.saturating_sub(from + 1))).text(&text, style);
    }
    if here {
        theme.select(buffer, line);
    }
}

/// Describes the extra objects that a plan clears.
fn besides(look: ViewContext<'_>, state: &Collapse, plan: &Plan) -> (String, ratatui::style::Style) {
    let theme = look.theme;
    match &plan.besides {
        Besides::Unknown if plan.wildcards == 0 => ("nothing extra".to_owned(), theme.dim),
        Besides::Unknown => ("extra objects unknown".to_owned(), theme.under_way),
        Besides::Known { count: 0, .. } => ("no known extra objects".to_owned(), theme.dim),
        Besides::Known { count, .. } => (
            format!(
                "{} of {} extra",
                thousands(*count as u64),
                thousands(state.known() as u64)
            ),
            theme.under_way,
        ),
    }
}

fn draw_items(look: ViewContext<'_>, plan: &Plan, buffer: &mut Buffer, (body, seen): (Rect, Range<usize>)) {
    let (from, rows) = (seen.start, seen.len());
    let shown = if plan.items.len() > rows {
        rows.saturating_sub(1)
    } else {
        rows
    };
    for (number, item) in plan.items.iter().take(shown).enumerate() {
        let line = line_of(body, from + number);
        let reach = item.reach();
        Pen::new(buffer, line).skip(2).spans(&[
            Span::styled(item.wire().to_owned(), look.theme.text),
            Span::raw("  "),
            Span::styled(reach, look.theme.dim),
        ]);
    }
    if plan.items.len() > shown && rows > 0 {
        let rest = format!("and {} more", thousands((plan.items.len() - shown) as u64));
        Pen::new(buffer, line_of(body, from + shown))
            .skip(2)
            .text(&rest, look.theme.dim);
    }
}
