//! The panel for the selected distribution on a wide terminal: origins, completion times, newest invalidations, and
//! drafts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::super::last;
use super::super::widget::gauge::sparkline;
use super::super::widget::pen::{Pen, columns_of, line_of, two_sided};
use super::super::widget::text::{count, fit, thousands, width, wrap};
use crate::app::activity;
use crate::app::screen::distributions::drafts_of;
use crate::domain::distribution::{Distribution, Target};
use crate::domain::duration::short;
use crate::domain::quota;
use crate::engine::queue::in_progress;
use crate::engine::row::{row, slow_from, usual_of};

/// The width of the sparkline, in columns, if the numbers next to it leave enough room.
const TIMES: usize = 20;
/// The minimum useful width of the sparkline, in columns.
const FEWEST: usize = 5;
const TOOK: &str = "took ";
const BEHAVIORS: &str = "behaviors ";
/// The maximum number of lines each for drafts, comments, aliases and path patterns.
const FEW: usize = 3;

/// Draws the panel with its separator line.
pub(super) fn draw(look: ViewContext<'_>, d: Option<&Distribution>, buffer: &mut Buffer, area: Rect) {
    between(look, buffer, area);
    let Some(d) = d else { return };
    let width = usize::from(area.width).saturating_sub(3);
    let inside = columns_of(area, 2, width);
    let inside = Rect {
        height: area.height,
        ..inside
    };
    let target = Target::Distribution(d.id.clone());
    let mut at = about(look, d, &target, buffer, inside) + 1;
    at = took(look, &target, buffer, inside, at);
    let drafts = drafts(look, &target);
    let below = if drafts.is_empty() { 0 } else { drafts.len() + 1 };
    let rows = usize::from(inside.height).saturating_sub(at + below);
    at += newest(look, &target, rows, buffer, inside, at);
    for (number, line) in drafts.iter().enumerate() {
        Pen::new(buffer, line_of(inside, at + 1 + number)).spans(line);
    }
}

fn between(look: ViewContext<'_>, buffer: &mut Buffer, area: Rect) {
    let area = area.intersection(buffer.area);
    for y in area.top()..area.bottom() {
        if let Some(cell) = buffer.cell_mut((area.x, y)).filter(|_| area.width > 0) {
            cell.set_symbol("│").set_style(look.theme.dim);
        }
    }
}

/// Draws the distribution's names and origins. Returns the number of lines used.
fn about(look: ViewContext<'_>, d: &Distribution, target: &Target, buffer: &mut Buffer, area: Rect) -> usize {
    let theme = look.theme;
    let name = [Span::styled(d.label(), theme.strong)];
    two_sided(
        buffer,
        line_of(area, 0),
        &name,
        &[Span::styled(d.id.as_str(), theme.dim)],
    );
    let mut lines: Vec<(Style, String)> = Vec::new();
    let room = usize::from(area.width);
    lines.extend(
        wrap(&d.comment, room)
            .into_iter()
            .take(FEW)
            .map(|line| (theme.text, line)),
    );
    if d.aliases.len() > 1 {
        let others = d.aliases.iter().skip(1).map(String::as_str).collect::<Vec<_>>();
        let names = wrap(&others.join(" "), room).into_iter().take(FEW);
        lines.extend(names.map(|line| (theme.dim, line)));
    }
    for (number, (style, line)) in lines.iter().enumerate() {
        Pen::new(buffer, line_of(area, 1 + number)).text(line, *style);
    }
    let at = 1 + lines.len();
    Pen::new(buffer, line_of(area, at)).spans(&super::origin(look, d, room));
    let behaviors = behaviors(d, room.saturating_sub(BEHAVIORS.len()));
    for (number, line) in behaviors.iter().enumerate() {
        let mut pen = Pen::new(buffer, line_of(area, at + 1 + number));
        pen.text(if number == 0 { BEHAVIORS } else { "" }, theme.dim);
        Pen::new(buffer, line_of(area, at + 1 + number))
            .skip(BEHAVIORS.len())
            .text(line, theme.text);
    }
    let at = at + 1 + behaviors.len();
    Pen::new(buffer, line_of(area, at)).text(&facts(look, d, target, room), theme.dim);
    at + 1
}

/// Returns the path patterns of all cache behaviors except the default one. Everything that matches a pattern is often
/// invalidated together.
fn behaviors(d: &Distribution, room: usize) -> Vec<String> {
    let patterns = d.behaviors.iter().map(|behavior| behavior.path_pattern.as_str());
    let patterns: Vec<_> = patterns.filter(|pattern| *pattern != "*").collect();
    if patterns.is_empty() {
        return Vec::new();
    }
    let mut lines = wrap(&patterns.join("  "), room);
    if lines.len() > FEW {
        lines.truncate(FEW);
        if let Some(last) = lines.last_mut() {
            *last = format!("{} …", fit(last, room.saturating_sub(2)));
        }
    }
    lines
}

/// Describes how much of the in-progress quota is used, and whether cache tags are enabled. The text is always one
/// line, so that nothing below it moves when an invalidation starts or ends.
fn facts(look: ViewContext<'_>, d: &Distribution, target: &Target, room: usize) -> String {
    let engine = &look.model.engine;
    let config = engine.fleet.configs.get(&d.id);
    let tags = config.map(|config| match &config.cache_tag_header {
        Some(header) => format!("tags from the {header} header"),
        None => "no cache tags".to_owned(),
    });
    let quota = quota::gauge(in_progress(engine, target)).map(|used| format!("{used} in progress"));
    let both = quota.iter().chain(&tags).cloned().collect::<Vec<_>>().join(" · ");
    match quota {
        Some(quota) if width(&both) > room => quota,
        _ => both,
    }
}

/// Draws the completion times. Returns the next free line.
fn took(look: ViewContext<'_>, target: &Target, buffer: &mut Buffer, area: Rect, at: usize) -> usize {
    let (theme, engine) = (look.theme, &look.model.engine);
    let said = usual_of(engine, target).map_or_else(String::new, |usual| {
        let (typical, slow) = (short(usual.median), short(slow_from(Some(usual))));
        let seen = thousands(usual.count as u64);
        format!("  typical {typical} · slow after {slow} · {seen} runs")
    });
    let room = usize::from(area.width).saturating_sub(TOOK.len() + width(&said));
    let times = activity::times(engine, target, TIMES.min(room.max(FEWEST)));
    if times.is_empty() {
        return at;
    }
    Pen::new(buffer, line_of(area, at)).spans(&[
        Span::styled(TOOK, theme.dim),
        Span::styled(sparkline(&times), theme.accent),
        Span::styled(said, theme.dim),
    ]);
    at + 2
}

/// Draws the newest invalidations. Returns the number of lines used.
fn newest(look: ViewContext<'_>, target: &Target, rows: usize, buffer: &mut Buffer, area: Rect, at: usize) -> usize {
    let engine = &look.model.engine;
    let keys = activity::of_target(engine, target, rows);
    if keys.is_empty() && rows > 0 {
        let history = engine.histories.get(target);
        let said = match history {
            Some(history) if history.complete => "no invalidations yet",
            Some(history) if history.freshness.failure.is_some() => "invalidations could not be loaded",
            _ => "invalidations not loaded yet",
        };
        Pen::new(buffer, line_of(area, at)).text(said, look.theme.dim);
        return 1;
    }
    for (number, key) in keys.iter().enumerate() {
        let line = line_of(area, at + number);
        let Some(row) = row(engine, key) else { continue };
        let aside = match row.submission {
            Some(submission) => submission.note.as_deref().unwrap_or_default(),
            None => "not from here",
        };
        let room = usize::from(line.width);
        // The note gets the room that the items do not need.
        let left = room.saturating_sub(last::columns(&row) + 2);
        let beside = width(aside).min(left.max(room / 4));
        last::draw_one_of_many(look, &row, buffer, columns_of(line, 0, room.saturating_sub(beside + 2)));
        let place = columns_of(line, room.saturating_sub(beside), beside);
        Pen::new(buffer, place).text(aside, look.theme.dim);
    }
    keys.len()
}

/// Returns the drafts for the distribution, one line each.
fn drafts<'a>(look: ViewContext<'a>, target: &Target) -> Vec<Vec<Span<'a>>> {
    let theme = look.theme;
    let drafts = drafts_of(&look.model.engine, target).into_iter().take(FEW);
    let line = |text: &'a str| {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let first = lines.next().unwrap_or_default();
        vec![
            Span::styled("draft ", theme.accent),
            Span::styled(count(1 + lines.count(), "line"), theme.dim),
            Span::styled("  ", theme.dim),
            Span::styled(first, theme.text),
        ]
    };
    drafts.map(|draft| line(&draft.text)).collect()
}
