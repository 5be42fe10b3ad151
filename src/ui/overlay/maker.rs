//! The overlay that shows who created an invalidation, according to CloudTrail.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::memory::Scroller;
use super::super::widget::text::wrap;
use super::super::{ViewContext, clock, words};
use super::kit::{self, columns};
use super::who::fact;
use crate::domain::maker::Maker;
use crate::domain::text::visible;
use crate::domain::trail::{Event, Outcome, TrailKey, Wanted};
use crate::engine::row::{Row, RowKey, row};
use crate::engine::trail::{Known, known, wanted};

/// The minimum and maximum preferred width, in columns.
const WIDTH: (usize, usize) = (60, 96);

type Lines<'a> = Vec<Vec<Span<'a>>>;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, key: &RowKey, scroller: Scroller<'_>, buffer: &mut Buffer, room: Rect) {
    let lines = lines(look, key, columns(WIDTH.1, room));
    kit::report((look, "Who created it"), &lines, WIDTH, scroller, buffer, room);
}

fn lines<'a>(look: ViewContext<'a>, key: &RowKey, columns: usize) -> Lines<'a> {
    let row = row(&look.model.engine, key);
    let mut lines = row.as_ref().map_or_else(Lines::new, |row| head(look, row, columns));
    match wanted(&look.model.engine, key) {
        Err(why) => lines.extend(sentence(look, &why, columns)),
        Ok((key, wanted)) => lines.extend(told(look, &key, &wanted, columns)),
    }
    lines
}

/// Returns the lines that identify the invalidation, and the tool that its reference suggests.
fn head<'a>(look: ViewContext<'a>, row: &Row<'_>, columns: usize) -> Lines<'a> {
    let id = row.id.map_or("– (not accepted by CloudFront)", |id| id.as_str());
    let mut lines = fact(look, "Id", id, columns);
    let reference = words::reference(look.model, row);
    let maker = reference.as_deref().and_then(Maker::of);
    if let Some(reference) = &reference {
        lines.extend(fact(look, "Reference", &visible(reference), columns));
    }
    if let Some(maker) = maker.filter(|_| row.submission.is_none()) {
        lines.extend(fact(look, "Looks like", maker.words(), columns));
    }
    lines.push(Vec::new());
    lines
}

fn told<'a>(look: ViewContext<'a>, key: &TrailKey, wanted: &Wanted, columns: usize) -> Lines<'a> {
    let text = match known(&look.model.engine, key) {
        Known::Unasked => "CloudTrail was not searched: no connection".to_owned(),
        Known::Reading => "Loading from the ledger…".to_owned(),
        Known::Asking(page, false) => format!("Searching CloudTrail, page {page}…"),
        Known::Asking(page, true) => format!("Searching CloudTrail again, page {page}…"),
        Known::Ended(Outcome::Found(event)) => return found(look, event, wanted, columns),
        Known::Ended(outcome) => {
            let why = outcome.why_unknown(wanted, look.model.engine.now).unwrap_or_default();
            format!("Unknown: {why}")
        }
    };
    sentence(look, &text, columns)
}

fn found<'a>(look: ViewContext<'a>, event: &Event, wanted: &Wanted, columns: usize) -> Lines<'a> {
    let caller = &event.caller;
    let how = if wanted.id.is_some() && event.invalidation.is_some() {
        "by the invalidation's id"
    } else {
        "by CallerReference and time"
    };
    let facts = [
        ("Created by", caller.words()),
        ("ARN", caller.arn.clone().unwrap_or_default()),
        ("From", event.address.clone()),
        ("With", event.agent.clone()),
        ("At", clock::full(look.theme, event.time)),
        ("Refused", event.error.clone().unwrap_or_default()),
        ("Event", event.id.clone()),
        ("Matched", how.to_owned()),
    ];
    let told = facts
        .into_iter()
        .filter(|(name, value)| *name == "Created by" || !value.is_empty());
    told.flat_map(|(name, value)| fact(look, name, &visible(&value), columns))
        .collect()
}

fn sentence<'a>(look: ViewContext<'a>, text: &str, columns: usize) -> Lines<'a> {
    let lines = wrap(&visible(text), columns).into_iter();
    lines.map(|line| vec![Span::styled(line, look.theme.text)]).collect()
}
