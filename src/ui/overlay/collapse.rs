//! The collapse overlay: three plans, one line each, and the items of the selected one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::{count, thousands};
use super::kit::{Opened, columns, open};
use crate::app::overlay::collapse::Collapse;
use crate::app::pointer::Hit;
use crate::domain::collapse::{Besides, Plan};

/// The preferred width, in columns.
const WIDTH: usize = 84;
/// The number of items of the selected plan that are shown if there is room.
const SHOWN: usize = 10;
/// The column offsets within a plan's line.
const COLUMNS: [usize; 4] = [2, 17, 42, 58];

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, state: &Collapse, buffer: &mut Buffer, room: Rect) {
    let choices = state.choices();
    let items = choices.get(state.selected).map_or(0, |(_, plan)| plan.items.len());
    let rows = choices.len() + 4 + items.min(SHOWN);
    let columns = columns(WIDTH, room);
    let Opened { body, .. } = open(look, buffer, room, "Collapse", (columns, rows));
    for (number, (name, plan)) in choices.iter().enumerate() {
        look.hits.put(line_of(body, number), Hit::Choice(number));
        draw_plan(
            look,
            state,
            (name, plan),
            number == state.selected,
            buffer,
            line_of(body, number),
        );
    }
    Pen::new(buffer, line_of(body, choices.len() + 1)).text(&among(state), look.theme.dim);
    if let Some((_, plan)) = choices.get(state.selected) {
        draw_items(look, plan, buffer, body, choices.len() + 3);
    }
}

/// Describes the known paths, and the limit of the bounded plan.
fn among(state: &Collapse) -> String {
    if state.known() == 0 {
        return "no known paths yet: what else a wildcard clears is unknown".to_owned();
    }
    let keys = count(state.known(), "known path");
    format!(
        "{keys} from earlier invalidations; bounded may clear {} extra",
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
    let style = if here { theme.strong } else { theme.text };
    if here {
        Pen::new(buffer, columns_of(line, 0, 1)).text(theme.selected_mark, theme.accent);
    }
    let wildcards = if plan.wildcards == 0 {
        String::new()
    } else {
        format!(", {}", count(plan.wildcards, "wildcard"))
    };
    let size = format!("{}{wildcards}", count(plan.items.len(), "item"));
    let (besides, besides_style) = besides(look, state, plan);
    let cells = [
        (name.to_owned(), style),
        (size, style),
        (format!("at most {}", plan.price), style),
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

fn draw_items(look: ViewContext<'_>, plan: &Plan, buffer: &mut Buffer, body: Rect, from: usize) {
    let rows = usize::from(body.height).saturating_sub(from);
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
