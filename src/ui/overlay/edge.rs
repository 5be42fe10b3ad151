//! The edge check overlay: for each URL, the responses before and after, and what they do and do not prove.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::super::clock;
use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::theme::mark;
use super::super::widget::pen::hanging;
use super::super::widget::text::{fit, thousands, wrap};
use super::kit::{self, columns};
use crate::app::overlay::edge::EdgeLook;
use crate::domain::duration::short;
use crate::domain::edge::{EdgeResponse, EdgeSample, Verdict};
use crate::engine::edge::{Report, Seen, report};

/// The preferred width, in columns.
const WIDTH: usize = 92;
/// The indentation of a sentence below a URL, in columns.
const INDENT: usize = 2;

type Line<'a> = Vec<Span<'a>>;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, state: &EdgeLook, scroller: Scroller<'_>, buffer: &mut Buffer, room: Rect) {
    let columns = columns(WIDTH, room).max(1);
    let lines = match report(&look.model.engine, &state.subject, &state.plan) {
        Ok(report) => lines(look, &report, columns),
        Err(reason) => sentence(look, mark::WARNING, look.theme.under_way, &reason, columns),
    };
    kit::report((look, "At the edge"), &lines, (60, WIDTH), scroller, buffer, room);
}

fn lines<'a>(look: ViewContext<'a>, report: &Report<'a>, columns: usize) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for seen in &report.seen {
        lines.extend(address(look, seen, report.made.is_some(), columns));
        lines.push(Vec::new());
    }
    if report.seen.is_empty() {
        let text = "no URLs can be checked";
        lines.extend(sentence(look, mark::QUIET, look.theme.dim, text, columns));
    }
    for text in report.left_out.iter().chain(&report.remarks) {
        lines.extend(sentence(look, mark::QUIET, look.theme.dim, text, columns));
    }
    lines.pop_if(|last| last.is_empty());
    lines
}

/// Returns the lines for a URL: the verdict, its reason, and the responses.
fn address<'a>(look: ViewContext<'a>, seen: &Seen<'a>, made: bool, columns: usize) -> Vec<Line<'a>> {
    let theme = look.theme;
    let (mark, style, word) = verdict(look, seen);
    let room = columns.saturating_sub(15);
    let mut lines = vec![vec![
        Span::styled(format!("{mark} "), style),
        Span::styled(format!("{word:12} "), style),
        Span::styled(fit(&seen.address.to_string(), room).into_owned(), theme.strong),
    ]];
    // If there is no response, the line for the response already explains why.
    let answered = seen.now.is_some_and(|now| now.result.is_ok()) && !seen.awaited;
    if let Some(verdict) = seen.verdict.as_ref().filter(|_| answered) {
        lines.extend(sentence(look, " ", theme.text, verdict.reason(), columns));
    }
    if let Some(before) = seen.before {
        lines.push(visit(look, "before", before, columns));
    }
    if let Some(now) = seen.now {
        lines.push(visit(look, if made { "after" } else { "now" }, now, columns));
        if let (Some(Verdict::Stale(_)), Ok(EdgeResponse { edge_id: Some(id), .. })) = (&seen.verdict, &now.result) {
            lines.extend(sentence(look, " ", theme.dim, &format!("X-Amz-Cf-Id {id}"), columns));
        }
    }
    lines
}

/// Returns the mark, style and word for the verdict on a URL.
fn verdict<'a>(look: ViewContext<'a>, seen: &Seen<'_>) -> (&'static str, Style, &'a str) {
    let theme = look.theme;
    match &seen.verdict {
        _ if seen.awaited => (mark::LOADING, theme.dim, "checking"),
        Some(verdict @ Verdict::Fresh(_)) => (mark::DONE, theme.done, verdict.word()),
        Some(verdict @ Verdict::Stale(_)) => (mark::WRONG, theme.wrong, verdict.word()),
        Some(verdict @ Verdict::CannotTell(_)) => (mark::WARNING, theme.under_way, verdict.word()),
        None => (mark::QUIET, theme.dim, "seen"),
    }
}

/// Returns one line for a response: time, X-Cache, age, status, and the headers that distinguish the contents.
fn visit<'a>(look: ViewContext<'a>, name: &str, visit: &EdgeSample, columns: usize) -> Line<'a> {
    let theme = look.theme;
    let time = clock::moment(theme, look.model.engine.now, visit.at);
    let before = format!("  {name:7}{time:9} ");
    let text = match &visit.result {
        Ok(response) => seen(response),
        Err(reason) => reason.clone(),
    };
    let room = columns.saturating_sub(before.len());
    vec![
        Span::styled(before, theme.dim),
        Span::styled(fit(&text, room).into_owned(), theme.text),
    ]
}

fn seen(response: &EdgeResponse) -> String {
    let age = response.age.map_or("Age –".to_owned(), |age| {
        format!("Age {}", short(chrono::TimeDelta::seconds(age)))
    });
    let word = response.cache_word().unwrap_or("no X-Cache");
    let mut text = format!("{word:10} {age:11} {}", response.status);
    let others = [
        response
            .content_length
            .map(|bytes| format!("{} bytes", thousands(bytes))),
        response.etag.as_ref().map(|etag| format!("ETag {}", fit(etag, 14))),
        response.cache_control.clone(),
    ];
    for other in others.into_iter().flatten() {
        text.push_str("  ");
        text.push_str(&other);
    }
    text
}

fn sentence<'a>(look: ViewContext<'a>, mark: &str, style: Style, text: &str, columns: usize) -> Vec<Line<'a>> {
    let text_style = if mark == mark::QUIET {
        look.theme.dim
    } else {
        look.theme.text
    };
    let lines = wrap(text, columns.saturating_sub(INDENT).max(1));
    hanging(&Span::styled(format!("{mark} "), style), lines, text_style)
}
