//! The common parts of all pages: the layout, the title, the filter, and the marks next to a row.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;
use tui_input::Input;

use super::context::ViewContext;
use super::theme::mark;
use super::widget::field::field;
use super::widget::pen::{Pen, columns_of, line_of, two_sided};
use super::widget::placeholder::Placeholder;
use super::widget::text::{fit, thousands, width};
use super::{freshness, glance, table, words};
use crate::app::action::Action;
use crate::app::availability::is_available;
use crate::app::keys::entry;
use crate::app::list::List;
use crate::app::screen::Screen;
use crate::app::table::Table;
use crate::app::{keys, layout};
use crate::domain::failure::{Failure, RefusalKind};
use crate::domain::filter::Filter;
use crate::domain::reasons::denied;

/// The width of the gutter next to a table's rows, in columns: the selection's mark, the row's own marks, a space.
pub(super) const GUTTER: u16 = 4;

/// The areas of a page, from top to bottom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Areas {
    /// The header: program, account, freshness.
    pub bar: Rect,
    /// The page's title.
    pub title: Rect,
    /// The filter, or what is wrong with the page's data.
    pub note: Rect,
    /// The table with its heading.
    pub body: Rect,
    /// The panel of the selected row; empty if there is no room.
    pub panel: Rect,
    /// The selected row in full, next to the table; empty if there is no room.
    pub beside: Rect,
    /// The activity strip; empty if there is no room.
    pub activity: Rect,
    /// The latest notice.
    pub notice: Rect,
    /// The keys.
    pub footer: Rect,
}

impl Areas {
    /// Splits the area in the same way as the core does.
    pub(super) fn of(area: Rect) -> Self {
        Self::shared(area, layout::panel_rows(area.height), 0, 0)
    }

    /// Splits the area for a list of `listed` distributions. If there is room, the panel of the selected distribution
    /// is next to the table and the activity strip rather than between them.
    pub(super) fn dashboard(area: Rect, listed: usize) -> Self {
        let size = (area.width, area.height);
        let beside = layout::beside_columns(size);
        let panel = if beside > 0 { 0 } else { layout::panel_rows(area.height) };
        Self::shared(area, panel, beside, layout::activity_rows(size, listed))
    }

    fn shared(area: Rect, panel: u16, beside: u16, activity: u16) -> Self {
        let footer = layout::NOTICE + layout::FOOTER;
        let body = area.height.saturating_sub(layout::HEADER + panel + activity + footer);
        let part =
            |from: u16, rows: u16| Rect::new(area.x, area.y.saturating_add(from), area.width, rows).intersection(area);
        let left = |part: Rect| columns_high(part, 0, part.width.saturating_sub(beside));
        let page = part(1, layout::HEADER - 1 + body + activity);
        Self {
            bar: part(0, 1),
            title: left(part(1, 1)),
            note: left(part(2, 1)),
            body: left(part(layout::HEADER, body)),
            panel: part(layout::HEADER + body, panel),
            beside: columns_high(page, page.width.saturating_sub(beside), beside),
            activity: left(part(layout::HEADER + body + panel, activity)),
            notice: part(area.height.saturating_sub(footer), layout::NOTICE),
            footer: part(area.height.saturating_sub(layout::FOOTER), layout::FOOTER),
        }
    }
}

/// Returns the part of an area with this many columns, starting at column `from`, at full height.
fn columns_high(area: Rect, from: u16, columns: u16) -> Rect {
    Rect::new(area.x.saturating_add(from), area.y, columns, area.height).intersection(area)
}

/// Returns a line without its margins.
pub(super) fn inset(line: Rect) -> Rect {
    columns_of(line, 1, usize::from(line.width.saturating_sub(2)))
}

/// Draws the page's title with its details on the left, and further information on the right.
pub(super) fn title(buffer: &mut Buffer, areas: &Areas, left: &[Span<'_>], right: &[Span<'_>]) {
    two_sided(buffer, inset(areas.title), left, right);
}

/// Returns the right side of a title: the number of marked rows on this or another page, and the sort order if no
/// visible heading shows it.
pub(super) fn marked_and_sorted(look: ViewContext<'_>, table: Table, sort_is_seen: bool) -> Vec<Span<'_>> {
    let (model, theme) = (look.model, look.theme);
    let mut spans = Vec::new();
    let marked = model.marked.len();
    if marked > 0 {
        let tenants = words::of_them_tenants(model.marked.iter());
        spans.push(Span::styled(
            format!("{} {marked} marked{tenants}", mark::MARKED),
            theme.accent,
        ));
    }
    if let Some(sorted) = table::sorted_by(look, table, sort_is_seen) {
        spans.push(Span::raw(if marked > 0 { "  " } else { "" }));
        spans.push(sorted);
    }
    spans
}

/// Draws the line below the title: the active filter, or why the data is old, or else what completed last and what the
/// month has cost. Returns the cursor's position.
pub(super) fn note<K: Clone + Ord>(
    look: ViewContext<'_>,
    list: &List<K>,
    found: usize,
    buffer: &mut Buffer,
    areas: &Areas,
) -> Option<Position> {
    let line = inset(areas.note);
    let view = &list.view;
    if !view.filtering && !view.is_filtered() {
        // The history shows the month in its title, and other accounts below it.
        let is_history = matches!(look.model.screen(), Screen::History(_));
        if !stale(look, buffer, line) && !is_history {
            glance::draw(look, areas.bar.width, buffer, areas.note);
        }
        return None;
    }
    let found = format!("{} of {}", thousands(found as u64), thousands(list.total() as u64));
    let names = look.model.screen().table().map(Table::names).unwrap_or_default();
    let found = match Filter::parse(view.filter.value(), &names).mistake() {
        Some(mistake) => format!("{} {mistake} · {found}", mark::WARNING),
        None => found,
    };
    let left = usize::from(line.width).saturating_sub(width(&found) + 2);
    Pen::new(buffer, line).right(&found, look.theme.dim);
    filter(look, &view.filter, view.filtering, buffer, columns_of(line, 0, left))
}

fn filter(look: ViewContext<'_>, input: &Input, typing: bool, buffer: &mut Buffer, line: Rect) -> Option<Position> {
    let style = if typing { look.theme.strong } else { look.theme.text };
    Pen::new(buffer, line).text("/", look.theme.accent);
    let room = columns_of(line, 2, usize::from(line.width));
    field(buffer, room, input.value(), input.cursor(), style).filter(|_| typing)
}

/// Explains why the visible data is old: why the last request failed, and which key helps. Returns whether the data is
/// old.
pub(super) fn stale(look: ViewContext<'_>, buffer: &mut Buffer, line: Rect) -> bool {
    let seen = freshness::of_page(look.model).filter(|seen| seen.as_of.is_some());
    let Some(failure) = seen.and_then(|seen| seen.failure) else {
        return false;
    };
    let title = format!("{} not refreshed: ", mark::WARNING);
    try_again(look, (&title, &failure.to_string()), true, buffer, line);
    true
}

/// Draws what went wrong and, unless keys type text, the key that retries.
fn try_again(look: ViewContext<'_>, (title, reason): (&str, &str), keys: bool, buffer: &mut Buffer, line: Rect) {
    let again = if keys {
        format!("{} try again", key(look, Action::Refresh))
    } else {
        String::new()
    };
    let left = [
        Span::styled(title, look.theme.wrong),
        Span::styled(reason, look.theme.text),
    ];
    let room = usize::from(line.width).saturating_sub(width(&again) + 2);
    Pen::new(buffer, columns_of(line, 0, room)).spans(&left);
    Pen::new(buffer, line).right(&again, look.theme.dim);
}

/// Explains that the ledger cannot be opened: the consequences, the reason, and which key helps. While a filter is
/// being typed, the filter is shown instead.
pub(super) fn ledger_closed(look: ViewContext<'_>, buffer: &mut Buffer, areas: &Areas) {
    let Some(failure) = look.model.engine.ledger.failure() else {
        return;
    };
    if look.model.screen().is_filtering() {
        return;
    }
    let line = inset(areas.note);
    let blank = " ".repeat(usize::from(line.width));
    Pen::new(buffer, line).text(&blank, look.theme.text);
    let title = format!("{} Nothing is sent and drafts are not saved: ", mark::WRONG);
    let keys = !keys::is_text(look.model);
    try_again(look, (&title, &failure.sentence), keys, buffer, line);
}

/// Returns the first key of an action for display; a dash if the user removed all its keys.
pub(super) fn key(look: ViewContext<'_>, action: Action) -> String {
    let keys = look.model.keymap.keys(entry(look.model, action));
    keys.first().map_or_else(|| "–".to_owned(), ToString::to_string)
}

/// The marks next to a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// Whether the row is selected.
    pub selected: bool,
    /// Whether the row is marked for an action on several rows.
    pub marked: bool,
    /// Whether the row is pinned to the top.
    pub favorite: bool,
}

/// Draws a name, which is truncated to leave room for the text that follows it.
pub(super) fn named(buffer: &mut Buffer, cell: Rect, (name, style): (&str, Style), (extra, quiet): (&str, Style)) {
    let gap = usize::from(!extra.is_empty()) * 2;
    let room = usize::from(cell.width).saturating_sub(width(extra) + gap);
    let name = fit(name, room);
    Pen::new(buffer, cell).text(&name, style).skip(gap).text(extra, quiet);
}

/// Draws the marks, and returns the area of the row's cells.
pub(super) fn gutter(look: ViewContext<'_>, buffer: &mut Buffer, row: Rect, marks: Marks) -> Rect {
    let theme = look.theme;
    let mut put = |at: usize, text: &str, style| {
        Pen::new(buffer, columns_of(row, at, 1)).text(text, style);
    };
    if marks.selected {
        put(1, theme.selected_mark, theme.accent);
    }
    if marks.marked {
        put(2, mark::MARKED, theme.accent);
    }
    if marks.favorite {
        put(3, mark::FAVORITE, theme.accent);
    }
    cells_of(row)
}

/// Returns the area of a row's cells: right of the gutter, with a blank column at the end.
pub(super) fn cells_of(row: Rect) -> Rect {
    columns_of(
        row,
        usize::from(GUTTER) + 1,
        usize::from(row.width.saturating_sub(GUTTER + 2)),
    )
}

/// Applies the selection's style to a row that has been drawn.
pub(super) fn select(look: ViewContext<'_>, buffer: &mut Buffer, row: Rect) {
    let row = columns_of(row, 1, usize::from(row.width.saturating_sub(2)));
    look.theme.select(buffer, row);
}

/// Draws the panel's rule, and returns the two lines below it.
pub(super) fn panel(look: ViewContext<'_>, buffer: &mut Buffer, areas: &Areas) -> [Rect; 2] {
    super::widget::pen::rule(buffer, inset(line_of(areas.panel, 0)), look.theme.dim);
    [1, 2].map(|line| inset(line_of(areas.panel, line)))
}

/// Returns a key and its action, for a page without rows.
pub(super) fn step(look: ViewContext<'_>, action: Action, what: impl Into<String>) -> (String, String) {
    (key(look, action), what.into())
}

/// Returns a step if its action is available.
pub(super) fn available(look: ViewContext<'_>, action: Action, what: &str) -> Option<(String, String)> {
    let is_available = is_available(look.model, action).is_ok();
    is_available.then(|| step(look, action, what))
}

/// Returns the ways to resolve a failure: logging in and, if a permission is missing, copying the policy for an
/// administrator.
pub(super) fn ways_out(look: ViewContext<'_>, failure: &Failure) -> impl Iterator<Item = (String, String)> {
    let log_in = failure.needs_login().then(|| step(look, Action::LogIn, "log in"));
    let policy = available(look, Action::CopyPolicy, "copy the missing policy statement");
    log_in.into_iter().chain(policy)
}

/// Returns the title for a failed request: a refusal, a problem with the credentials, or `otherwise`.
pub(super) fn failed_title(failure: &Failure, operation: &str, otherwise: &str) -> String {
    match failure {
        Failure::Refused(refusal) if refusal.kind() == RefusalKind::AccessDenied => denied(operation),
        Failure::Refused(refusal) => refusal.reason().what.to_owned(),
        _ if failure.needs_login() => "The credentials do not work".to_owned(),
        _ => otherwise.to_owned(),
    }
}

/// Returns the placeholder for a filter that hides every row.
pub(super) fn no_match<'a>(look: ViewContext<'a>, typed: &str, total: usize) -> Placeholder<'a> {
    let back = if look.model.screen().is_filtering() {
        Action::Leave
    } else {
        Action::Back
    };
    let title = format!("Nothing matches {typed}");
    let all = format!("show all {}", thousands(total as u64));
    marked(look, (mark::QUIET, look.theme.dim), title).steps([step(look, back, all)])
}

/// Returns a placeholder with a title.
pub(super) fn placeholder<'a>(look: ViewContext<'a>, title: impl Into<Cow<'a, str>>) -> Placeholder<'a> {
    Placeholder {
        title: vec![Span::styled(title, look.theme.strong)],
        text: Vec::new(),
        steps: Vec::new(),
        key: look.theme.accent,
    }
}

/// Returns a placeholder whose title follows a mark.
fn marked<'a>(look: ViewContext<'a>, (mark, style): (&str, Style), title: impl Into<Cow<'a, str>>) -> Placeholder<'a> {
    let mut placeholder = placeholder(look, title);
    placeholder.title.insert(0, Span::styled(format!("{mark} "), style));
    placeholder
}

/// Returns a placeholder for an error.
pub(super) fn wrong<'a>(look: ViewContext<'a>, title: impl Into<Cow<'a, str>>) -> Placeholder<'a> {
    marked(look, (mark::WRONG, look.theme.wrong), title)
}

/// Returns the placeholder for a list that could not be read. `denied` describes what still works without the
/// permission, and the key for it.
pub(super) fn failed<'a>(
    look: ViewContext<'a>,
    title: String,
    failure: &Failure,
    denied: (String, Option<(String, String)>),
) -> Placeholder<'a> {
    let (hint, way) = if failure.is_denied() {
        (Some(denied.0), denied.1)
    } else {
        (failure.advice(), None)
    };
    wrong(look, title)
        .text([failure.to_string()], look.theme.text)
        .text(hint, look.theme.dim)
        .steps(way.into_iter().chain(ways_out(look, failure)))
        .steps([
            step(look, Action::Refresh, "try again"),
            step(look, Action::Back, "go back"),
        ])
}

/// Returns the placeholder shown while the credentials are being loaded. If loading takes a long time, it names the
/// step in progress.
pub(super) fn connecting(look: ViewContext<'_>) -> Placeholder<'_> {
    let engine = &look.model.engine;
    let what = engine.login.waits_for(engine.now);
    waiting(look, "Loading the credentials")
        .text(what.map(sentence_case), look.theme.text)
        .steps(what.map(|_| step(look, Action::Back, "cancel")))
}

/// Returns the text with a capital first letter.
pub(super) fn sentence_case(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + characters.as_str()
    })
}

/// Returns the placeholder for data that is loading for the first time.
pub(super) fn waiting<'a>(look: ViewContext<'a>, what: &str) -> Placeholder<'a> {
    Placeholder {
        title: vec![Span::styled(format!("{what} {}", mark::LOADING), look.theme.dim)],
        ..placeholder(look, "")
    }
}
