//! The details of one invalidation: everything known about it, and all of its items.

use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::context::ViewContext;
use super::memory::{Scroller, ViewMemory};
use super::page::{self, Areas, inset};
use super::theme::mark;
use super::widget::pen::{Pen, columns_of, hanging, line_of, rows_from, span_lines};
use super::widget::placeholder::Placeholder;
use super::widget::text::{chunks, thousands, width, wrap};
use super::{clock, status, words};
use crate::app::action::Action;
use crate::app::screen::details::Details;
use crate::app::scroll::Scrolled;
use crate::domain::duration::short;
use crate::domain::maker::Maker;
use crate::domain::observation::Took;
use crate::domain::record::price;
use crate::domain::submission::Submission;
use crate::domain::text::visible;
use crate::engine::effect::Attempt;
use crate::engine::row::{Row, RowKey, row, usual_of_row};
use crate::engine::{past, trail};

/// The minimum page width, in columns, for showing the items next to the facts.
const BESIDE_FROM: u16 = 120;
/// The width of the facts, in columns, when the items are next to them.
const FACTS: usize = 76;
/// The width of a fact's name, in columns.
const NAME: usize = 17;

/// The maximum number of attempts listed individually, counted from the newest.
const ATTEMPTS: usize = 4;

/// A fact's name and value.
type Fact<'a> = (&'static str, Vec<Span<'a>>);

/// Draws the page.
pub(super) fn draw(
    look: ViewContext<'_>,
    screen: &Details,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    areas: &Areas,
) {
    let area = areas.body.union(areas.panel);
    let Some(row) = row(&look.model.engine, &screen.key) else {
        page::title(buffer, areas, &[Span::styled("Invalidation", look.theme.strong)], &[]);
        return unknown(look, screen).draw(buffer, area);
    };
    let mut left = vec![Span::styled("Invalidation  ", look.theme.strong)];
    left.extend(words::named(look, row.target));
    page::title(buffer, areas, &left, &[]);
    page::stale(look, buffer, inset(areas.note));
    let columns = if area.width >= BESIDE_FROM {
        FACTS
    } else {
        usize::from(area.width)
    };
    let lines = lines(look, &row, columns - 3);
    span_lines(buffer, inset(area), &lines);
    let rest = if area.width >= BESIDE_FROM {
        columns_of(area, FACTS, usize::from(area.width) - FACTS)
    } else {
        rows_from(area, lines.len() + 1)
    };
    let scroller = memory.scroller(look.model, Scrolled::Page(screen.serial));
    items(look, &row, scroller, buffer, inset(rest));
}

/// Returns the placeholder shown while the invalidation is loaded from the ledger, or if it is no longer there.
fn unknown<'a>(look: ViewContext<'a>, screen: &Details) -> Placeholder<'a> {
    match &screen.key {
        RowKey::Submission(id) if past::is_reading(&look.model.engine, id) => {
            page::waiting(look, "Loading from the ledger")
        }
        _ => page::placeholder(look, "No longer in the ledger").steps([page::step(look, Action::Back, "go back")]),
    }
}

/// Returns the facts as lines of at most this width; long ones wrap.
fn lines<'a>(look: ViewContext<'a>, row: &Row<'a>, columns: usize) -> Vec<Vec<Span<'a>>> {
    let mut lines = Vec::new();
    let state = row.submission.and_then(|submission| status::reason(look, submission));
    let told = state.map(|reason| (reason, status::marked(look.theme, row, false)));
    // The mark is only a warning, because reading the invalidation failed, not the invalidation itself.
    let unread = || Some((row.unreadable?.to_owned(), (mark::WARNING, look.theme.under_way)));
    if let Some((reason, (mark, style))) = told.or_else(unread) {
        let reason = wrap(&reason, columns.saturating_sub(2));
        lines.extend(hanging(
            &Span::styled(format!("{mark} "), style),
            reason,
            look.theme.text,
        ));
        lines.extend(advice(look, row, columns));
        lines.push(Vec::new());
    }
    for (name, spans) in facts(look, row) {
        lines.extend(fact(look, name, spans, columns));
    }
    lines
}

/// Explains why CloudFront usually returns this error code, and what to do about it.
fn advice<'a>(look: ViewContext<'a>, row: &Row<'_>, columns: usize) -> Vec<Vec<Span<'a>>> {
    let advice = row.submission.and_then(|submission| status::advice(look, submission));
    let lines = advice.map(|advice| wrap(&advice, columns.saturating_sub(2)));
    lines
        .into_iter()
        .flatten()
        .map(|line| vec![Span::raw("  "), Span::styled(line, look.theme.dim)])
        .collect()
}

/// Returns a fact as a line, or as several lines if its value is too long for one. A reference must be shown in full.
fn fact<'a>(look: ViewContext<'a>, name: &str, spans: Vec<Span<'a>>, columns: usize) -> Vec<Vec<Span<'a>>> {
    let room = columns.saturating_sub(NAME);
    let name = Span::styled(format!("{name:NAME$}"), look.theme.dim);
    match spans.as_slice() {
        [only] if width(&only.content) > room => hanging(&name, chunks(&only.content, room), only.style),
        _ => vec![std::iter::once(name).chain(spans).collect()],
    }
}

fn facts<'a>(look: ViewContext<'a>, row: &Row<'a>) -> Vec<Fact<'a>> {
    let theme = look.theme;
    let plain = |text: String| vec![Span::styled(text, theme.text)];
    let mut facts = vec![
        ("Status", stands(look, row)),
        (
            "Id",
            plain(
                row.id
                    .map_or("– (not accepted by CloudFront)".to_owned(), ToString::to_string),
            ),
        ),
    ];
    if let Some(time) = row.create_time {
        let mut spans = plain(clock::full(theme, time));
        // Nothing redraws the page once the invalidation has ended, so its age would soon be wrong.
        let ago = status::running(look, row).and_then(|_| clock::ago(look.model.engine.now, time));
        let ago = ago.map(|ago| format!("  {ago}"));
        spans.extend(ago.map(|ago| Span::styled(ago, theme.dim)));
        facts.push(("CreateTime", spans));
    }
    facts.extend(took(look, row).map(|spans| ("Took", spans)));
    facts.extend(status::expected(look, row).map(|text| ("Expected", plain(text))));
    facts.push(("Target", words::named(look, row.target)));
    facts.extend(words::tenant_of(look, row.target).map(|spans| ("Tenant of", spans)));
    let reference = words::reference(look.model, row).unwrap_or_else(|| "not loaded yet".to_owned());
    facts.push(("CallerReference", plain(reference)));
    let recorded = recorded(look, row);
    if let Some(submission) = row.submission {
        facts.extend(ours(look, submission));
    } else if recorded.is_empty() {
        facts.push(("Created", not_from_here(look, row)));
        facts.extend(looks_up(look).map(|spans| ("", spans)));
    }
    facts.extend(recorded);
    facts
}

/// Returns a hint with the key that looks up who created the invalidation.
fn looks_up(look: ViewContext<'_>) -> Option<Vec<Span<'_>>> {
    let keys = words::keys(look, Action::WhoMade);
    let words = format!("press {keys} to look up who created it in CloudTrail");
    (!keys.is_empty()).then(|| vec![Span::styled(words, look.theme.dim)])
}

/// Names the caller that CloudTrail recorded, if it has been looked up.
fn recorded<'a>(look: ViewContext<'a>, row: &Row<'_>) -> Vec<Fact<'a>> {
    let key = match (row.submission, row.id) {
        (Some(submission), _) => RowKey::Submission(submission.id.clone()),
        (None, Some(id)) => RowKey::Invalidation(row.target.clone(), id.clone()),
        (None, None) => return Vec::new(),
    };
    let Some(event) = trail::event(&look.model.engine, &key) else {
        return Vec::new();
    };
    let by = format!("by {}", visible(&event.caller.words()));
    let from = format!("from {}", visible(&event.address));
    vec![
        ("Created", vec![Span::styled(by, look.theme.text)]),
        ("", vec![Span::styled(from, look.theme.dim)]),
    ]
}

/// Describes which tool created the invalidation, guessed from the caller reference.
fn not_from_here<'a>(look: ViewContext<'a>, row: &Row<'_>) -> Vec<Span<'a>> {
    let theme = look.theme;
    let maker = words::reference(look.model, row).and_then(|reference| Maker::of(&reference));
    let mut spans = match maker {
        Some(maker) => vec![Span::styled(format!("by {}", maker.words()), theme.text)],
        None => vec![Span::styled("elsewhere, or before this ledger existed", theme.dim)],
    };
    let time = maker.and_then(Maker::time).map(|time| clock::full(theme, time));
    spans.extend(time.map(|time| Span::styled(format!(", at {time} by its clock"), theme.dim)));
    spans
}

/// Returns the status: mark, word, and details.
fn stands<'a>(look: ViewContext<'a>, row: &Row<'a>) -> Vec<Span<'a>> {
    let slow = status::slow(look, row);
    let (mark, style) = status::marked(look.theme, row, slow.is_some());
    let mut spans = vec![
        Span::styled(format!("{mark} "), style),
        Span::styled(row.status, status::word(look.theme, row, style)),
    ];
    let more = row
        .submission
        .map(|submission| status::situation(look, submission))
        .unwrap_or_default();
    for word in [slow.unwrap_or_default().to_owned(), more]
        .into_iter()
        .filter(|word| !word.is_empty())
    {
        spans.push(Span::styled(format!("  {word}"), look.theme.dim));
    }
    spans
}

fn took<'a>(look: ViewContext<'a>, row: &Row<'_>) -> Option<Vec<Span<'a>>> {
    let theme = look.theme;
    let running = status::running(look, row).map(|span| format!("{} so far", short(span)));
    let said = running.or_else(|| row.took.map(|took| took.to_string()))?;
    let mut spans = vec![Span::styled(said, theme.text)];
    if let Some(Took::AtMost(_)) = row.took {
        spans.push(Span::styled(unwatched(look, row), theme.dim));
    }
    if let Some(usual) = usual_of_row(&look.model.engine, row) {
        let (median, seen) = (short(usual.median), thousands(usual.count as u64));
        spans.push(Span::styled(format!("  typical {median} ({seen} runs)"), theme.dim));
    }
    Some(spans)
}

/// Explains why the duration is only approximate.
fn unwatched(look: ViewContext<'_>, row: &Row<'_>) -> String {
    let last = row
        .submission
        .and_then(|submission| submission.state.last_in_progress());
    last.map_or_else(
        || "  completion not observed".to_owned(),
        |last| {
            format!(
                "  last seen InProgress at {}",
                clock::moment(look.theme, look.model.engine.now, last)
            )
        },
    )
}

/// Returns the facts that are known only from this ledger.
fn ours<'a>(look: ViewContext<'a>, submission: &'a Submission) -> Vec<Fact<'a>> {
    let theme = look.theme;
    let plain = |text: String| vec![Span::styled(text, theme.text)];
    let mut facts = Vec::new();
    facts.extend(submission.note.as_ref().map(|note| ("Note", plain(note.clone()))));
    facts.extend([
        ("Account", words::scope(look, &submission.scope)),
        ("Confirmed", plain(clock::full(theme, submission.created))),
        ("Max. cost", plain(max_cost(submission))),
        ("Attempts", plain(attempts(look, submission))),
    ]);
    let told = look
        .model
        .engine
        .attempts
        .get(&submission.id)
        .map_or(&[][..], Vec::as_slice);
    for attempt in told.iter().skip(told.len().saturating_sub(ATTEMPTS)) {
        facts.push(("", vec![Span::styled(one_attempt(look, attempt), theme.dim)]));
    }
    if let Some(id) = &submission.request_id {
        facts.push(("Request id", plain(id.clone())));
    }
    facts
}

fn max_cost(submission: &Submission) -> String {
    price(submission).map_or_else(
        || "$0.00 (not accepted by CloudFront)".to_owned(),
        |price| price.to_string(),
    )
}

/// Formats an attempt as `2  11:42:07 → 11:42:08  Retrying: Throttling`.
fn one_attempt(look: ViewContext<'_>, attempt: &Attempt) -> String {
    let time = |at: Option<DateTime<Utc>>| {
        at.map_or("…".to_owned(), |at| {
            clock::moment(look.theme, look.model.engine.now, at)
        })
    };
    let answer = attempt.answer.as_deref().unwrap_or("no response yet");
    let (sent, answered) = (time(attempt.sent), time(attempt.answered));
    format!("{}  {sent} → {answered}  {answer}", attempt.number)
}

fn attempts(look: ViewContext<'_>, submission: &Submission) -> String {
    let first = submission
        .first_sent
        .map(|time| clock::moment(look.theme, look.model.engine.now, time));
    match (submission.attempts, first) {
        (0, _) | (_, None) => "none (nothing was sent)".to_owned(),
        (1, Some(at)) => format!("1, at {at}"),
        (many, Some(at)) => format!("{many}, the first at {at}, all with the same CallerReference"),
    }
}

/// Draws the items in order; long ones wrap, because an item must be shown in full.
fn items(look: ViewContext<'_>, row: &Row<'_>, mut scroller: Scroller<'_>, buffer: &mut Buffer, area: Rect) {
    let theme = look.theme;
    let Some(items) = row.items else {
        let text = row.unreadable.unwrap_or("loading its items…");
        Pen::new(buffer, area).text(text, theme.dim);
        return;
    };
    let list = rows_from(area, 1);
    let rows = usize::from(list.height);
    let columns = usize::from(list.width).saturating_sub(2);
    let height = |item: usize| items.get(item).map_or(1, |item| chunks(item, columns).len());
    let seen = scroller.flowing(items.len(), rows, height);
    let mut heading = vec![
        Span::styled("Items ", theme.strong),
        Span::styled(thousands(items.len() as u64), theme.dim),
    ];
    if seen.len() < items.len() {
        let (from, to) = (thousands(seen.start as u64 + 1), thousands(seen.end as u64));
        heading.push(Span::styled(format!("  {from}–{to} shown"), theme.dim));
    }
    Pen::new(buffer, area).spans(&heading);
    let shown = items.get(seen).unwrap_or_default().iter();
    for (number, line) in shown.flat_map(|item| chunks(item, columns)).take(rows).enumerate() {
        Pen::new(buffer, line_of(list, number)).skip(2).text(&line, theme.text);
    }
}
