//! What the pages have in common: how they share the rows, the title, the filter, and the marks beside a row.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;
use tui_input::Input;

use super::theme::mark;
use super::widget::field::field;
use super::widget::pen::{Pen, columns_of, line_of, two_sided};
use super::widget::placeholder::Placeholder;
use super::widget::text::{fit, thousands, width};
use super::{ViewContext, freshness, table, words};
use crate::app::action::Action;
use crate::app::list::List;
use crate::app::table::Table;
use crate::app::{keys, layout};
use crate::domain::filter::Filter;

/// The columns beside a table's rows: the selection's mark, a row's own marks, a blank.
pub(super) const GUTTER: u16 = 4;

/// The parts of a page, from the top to the bottom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Areas {
    /// The program, the account, the freshness.
    pub bar: Rect,
    /// The page's name.
    pub title: Rect,
    /// The filter, or what is wrong with the page's data.
    pub note: Rect,
    /// The table, with its heading.
    pub body: Rect,
    /// What is known of the selected row; no rows where there is no room.
    pub panel: Rect,
    /// The selected row in full, beside the table; no columns where there is no room.
    pub beside: Rect,
    /// What is under way; no rows where there is no room.
    pub activity: Rect,
    /// What was just said.
    pub notice: Rect,
    /// The keys.
    pub footer: Rect,
}

impl Areas {
    /// Shares out the rows as the core counts them.
    pub(super) fn of(area: Rect) -> Self {
        Self::shared(area, layout::panel_rows(area.height), 0, 0)
    }

    /// The same for the distributions: with room beside them the selected one stands there and not below.
    pub(super) fn dashboard(area: Rect) -> Self {
        let size = (area.width, area.height);
        let beside = layout::beside_columns(size);
        let panel = if beside > 0 { 0 } else { layout::panel_rows(area.height) };
        Self::shared(area, panel, beside, layout::activity_rows(size))
    }

    fn shared(area: Rect, panel: u16, beside: u16, activity: u16) -> Self {
        let footer = layout::NOTICE + layout::FOOTER;
        let body = area.height.saturating_sub(layout::HEADER + panel + activity + footer);
        let part =
            |from: u16, rows: u16| Rect::new(area.x, area.y.saturating_add(from), area.width, rows).intersection(area);
        let left = |part: Rect| columns_high(part, 0, part.width.saturating_sub(beside));
        let page = part(1, layout::HEADER - 1 + body);
        Self {
            bar: part(0, 1),
            title: left(part(1, 1)),
            note: left(part(2, 1)),
            body: left(part(layout::HEADER, body)),
            panel: part(layout::HEADER + body, panel),
            beside: columns_high(page, page.width.saturating_sub(beside), beside),
            activity: part(layout::HEADER + body + panel, activity),
            notice: part(area.height.saturating_sub(footer), layout::NOTICE),
            footer: part(area.height.saturating_sub(layout::FOOTER), layout::FOOTER),
        }
    }
}

/// Some columns of an area, as high as it is.
fn columns_high(area: Rect, from: u16, columns: u16) -> Rect {
    Rect::new(area.x.saturating_add(from), area.y, columns, area.height).intersection(area)
}

/// A line without its margins.
pub(super) fn inset(line: Rect) -> Rect {
    columns_of(line, 1, usize::from(line.width.saturating_sub(2)))
}

/// The page's name with what belongs to it, and something on the right.
pub(super) fn title(buffer: &mut Buffer, areas: &Areas, left: &[Span<'_>], right: &[Span<'_>]) {
    two_sided(buffer, inset(areas.title), left, right);
}

/// What stands at the right of a title: how much is marked, on this page or another, and by what is sorted where no heading
/// says it.
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

/// The line below the title: the filter while there is one, and why old data is old. Returns the cursor's place.
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
        stale(look, buffer, line);
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

/// What is seen is old, since the last request for it failed: why, and what to press.
pub(super) fn stale(look: ViewContext<'_>, buffer: &mut Buffer, line: Rect) {
    let Some(seen) = freshness::of_page(look.model) else {
        return;
    };
    let (Some(failure), Some(_)) = (seen.failure, seen.as_of) else {
        return;
    };
    let again = format!("{} try again", key(look, Action::Refresh));
    let left = [
        Span::styled(format!("{} not refreshed: ", mark::WARNING), look.theme.wrong),
        Span::styled(failure.to_string(), look.theme.text),
    ];
    let room = usize::from(line.width).saturating_sub(width(&again) + 2);
    Pen::new(buffer, columns_of(line, 0, room)).spans(&left);
    Pen::new(buffer, line).right(&again, look.theme.dim);
}

/// The ledger cannot be opened: what that means, why, and what to press. It gives way to a filter that is being typed.
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
    let again = if keys::is_text(look.model) {
        String::new()
    } else {
        format!("{} try again", key(look, Action::Refresh))
    };
    let left = [
        Span::styled(
            format!("{} Nothing is sent, drafts are not kept: ", mark::WRONG),
            look.theme.wrong,
        ),
        Span::styled(failure.sentence.as_str(), look.theme.text),
    ];
    let room = usize::from(line.width).saturating_sub(width(&again) + 2);
    Pen::new(buffer, columns_of(line, 0, room)).spans(&left);
    Pen::new(buffer, line).right(&again, look.theme.dim);
}

/// The first key of an action, as it is shown; a dash where a person took all its keys away.
pub(super) fn key(look: ViewContext<'_>, action: Action) -> String {
    let keys = look.model.keymap.keys(action);
    keys.first().map_or_else(|| "–".to_owned(), ToString::to_string)
}

/// The marks beside a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// The selection is here.
    pub selected: bool,
    /// Marked, to do something with several.
    pub marked: bool,
    /// Kept at the top.
    pub favourite: bool,
}

/// A name that gives way to what follows it directly.
pub(super) fn named(buffer: &mut Buffer, cell: Rect, (name, style): (&str, Style), (extra, quiet): (&str, Style)) {
    let gap = usize::from(!extra.is_empty()) * 2;
    let room = usize::from(cell.width).saturating_sub(width(extra) + gap);
    let name = fit(name, room);
    Pen::new(buffer, cell).text(&name, style).skip(gap).text(extra, quiet);
}

/// Draws them, and returns where the row's cells begin.
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
    if marks.favourite {
        put(3, mark::FAVOURITE, theme.accent);
    }
    cells_of(row)
}

/// Where the cells of a row lie: right of the gutter, with a blank at the end.
pub(super) fn cells_of(row: Rect) -> Rect {
    columns_of(
        row,
        usize::from(GUTTER) + 1,
        usize::from(row.width.saturating_sub(GUTTER + 2)),
    )
}

/// Puts the selection's style over a row, after it was drawn.
pub(super) fn select(look: ViewContext<'_>, buffer: &mut Buffer, row: Rect) {
    let row = columns_of(row, 1, usize::from(row.width.saturating_sub(2)));
    look.theme.select(buffer, row);
}

/// The two lines of the panel below its rule.
pub(super) fn panel(look: ViewContext<'_>, buffer: &mut Buffer, areas: &Areas) -> [Rect; 2] {
    super::widget::pen::rule(buffer, inset(line_of(areas.panel, 0)), look.theme.dim);
    [1, 2].map(|line| inset(line_of(areas.panel, line)))
}

/// A key and what it does, for a page without rows.
pub(super) fn step(look: ViewContext<'_>, action: Action, what: impl Into<String>) -> (String, String) {
    (key(look, action), what.into())
}

/// The filter hides every row.
pub(super) fn no_match<'a>(look: ViewContext<'a>, typed: &str, total: usize) -> Placeholder<'a> {
    Placeholder {
        title: vec![
            Span::styled(format!("{} ", mark::QUIET), look.theme.dim),
            Span::styled(format!("Nothing matches {typed}"), look.theme.strong),
        ],
        text: Vec::new(),
        steps: vec![step(
            look,
            if look.model.screen().is_filtering() {
                Action::Leave
            } else {
                Action::Back
            },
            format!("shows all {}", thousands(total as u64)),
        )],
        key: look.theme.accent,
    }
}

/// Something is being fetched for the first time.
pub(super) fn waiting<'a>(look: ViewContext<'a>, what: &str) -> Placeholder<'a> {
    Placeholder {
        title: vec![Span::styled(format!("{what} {}", mark::LOADING), look.theme.dim)],
        text: Vec::new(),
        steps: Vec::new(),
        key: look.theme.accent,
    }
}
