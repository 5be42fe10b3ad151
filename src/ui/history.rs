//! The history page: which invalidations were sent where, when and why, and with what result.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Span;

use super::context::ViewContext;
use super::memory::ViewMemory;
use super::page::{self, Areas, Marks};
use super::table::{self, Cells, Visible};
use super::theme::mark;
use super::widget::columns::{Column, Shown};
use super::widget::pen::{Pen, columns_of, spans_width, two_sided};
use super::widget::placeholder::Placeholder;
use super::widget::text::{count, fit, thousands, width};
use super::{clock, status, words};
use crate::app::action::Action;
use crate::app::model::Times;
use crate::app::screen::history::History;
use crate::app::table::{HISTORY, Table};
use crate::domain::distribution::AccountId;
use crate::domain::record::Record;
use crate::domain::submission::State;
use crate::engine::row::RowKey;

/// The number of columns in the table.
const COLUMNS: usize = HISTORY.len();

/// Draws the page. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    screen: &History,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    areas: &Areas,
) -> Option<Position> {
    let cursor = page::note(look, &screen.list, screen.counts.found, buffer, areas);
    if let Some(notice) = nothing(look, screen) {
        title(look, screen, true, buffer, areas);
        notice.draw(buffer, areas.body);
        return cursor;
    }
    if !screen.list.view.filtering && !screen.list.view.is_filtered() {
        below_title(look, screen, buffer, page::inset(areas.note));
    }
    let sort_is_seen = draw_table(look, screen, memory, buffer, areas.body);
    title(look, screen, sort_is_seen, buffer, areas);
    panel(look, screen, buffer, areas);
    cursor
}

fn title(look: ViewContext<'_>, screen: &History, sort_is_seen: bool, buffer: &mut Buffer, areas: &Areas) {
    let theme = look.theme;
    let mut right = Vec::new();
    if let Some(sorted) = table::sorted_by(look, Table::History, sort_is_seen) {
        right.extend([sorted, Span::raw("  ")]);
    }
    if screen.is_reading() {
        right.push(Span::styled(format!("{} ", mark::LOADING), theme.accent));
    }
    if screen.read {
        let place = screen.above + screen.list.selected() + usize::from(!screen.list.rows().is_empty());
        let found = thousands(screen.counts.found as u64);
        right.push(Span::styled(
            format!("{} of {found}", thousands(place as u64)),
            theme.dim,
        ));
    }
    let mut left = vec![Span::styled("History  ", theme.strong)];
    let room = usize::from(page::inset(areas.title).width).saturating_sub(11 + spans_width(&right));
    if screen.counts.total > 0 && look.model.engine.scope().is_some() {
        left.push(Span::styled(month(look, room), theme.dim));
    }
    page::title(buffer, areas, &left, &right);
}

/// Describes the month's usage of free paths in the current account and its cost, in the longest form that fits; empty
/// if none does, because a truncated figure would be misleading.
fn month(look: ViewContext<'_>, columns: usize) -> String {
    let forms = words::used_this_month(look.model).unwrap_or_default();
    let fits = forms.into_iter().find(|text| width(text) <= columns);
    fits.unwrap_or_default()
}

fn paths(used: u64) -> String {
    count(usize::try_from(used).unwrap_or(usize::MAX), "path")
}

/// Draws the usage in other accounts, or why the visible data is old.
fn below_title(look: ViewContext<'_>, screen: &History, buffer: &mut Buffer, line: Rect) {
    let theme = look.theme;
    if let Some(reason) = &screen.failure {
        let left = [
            Span::styled(format!("{} not refreshed: ", mark::WARNING), theme.wrong),
            Span::styled(reason.as_str(), theme.text),
        ];
        let again = format!("{} try again", page::key(look, Action::Refresh));
        return two_sided(buffer, line, &left, &[Span::styled(again, theme.dim)]);
    }
    let others = used_by_others(look).into_iter();
    let others = others.map(|(name, used)| format!("{name} {}, {}", paths(used), words::at_most(used)));
    let others: Vec<String> = others.collect();
    if !others.is_empty() {
        let text = format!("other accounts {}", others.join(" · "));
        Pen::new(buffer, columns_of(line, 9, usize::from(line.width))).text(&text, theme.dim);
    }
}

/// Returns how many free paths each other account has used this month, by account name.
fn used_by_others(look: ViewContext<'_>) -> Vec<(String, u64)> {
    let mut others: Vec<(String, u64)> = Vec::new();
    let own = look.model.engine.scope();
    for (made, used) in &look.model.engine.used_this_month {
        if own.is_some_and(|own| own.is_same_payer(made)) {
            continue;
        }
        let account = account_name(look, made.account.as_ref());
        let name = match made.endpoint.as_str() {
            "CloudFront" => account,
            endpoint => format!("{account} at {endpoint}"),
        };
        match others.iter_mut().find(|(other, _)| *other == name) {
            Some((_, sum)) => *sum += used,
            None => others.push((name, *used)),
        }
    }
    others
}

/// Returns the user's label for an account, or else its id.
fn account_name(look: ViewContext<'_>, account: Option<&AccountId>) -> String {
    let Some(account) = account else {
        return "account unknown".to_owned();
    };
    let called = look.model.engine.preferences.account(Some(account));
    let called = called
        .map(|called| called.label.clone())
        .filter(|label| !label.is_empty());
    called.unwrap_or_else(|| account.to_string())
}

/// Draws the table; returns whether the sorted column is visible.
fn draw_table(
    look: ViewContext<'_>,
    screen: &History,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    body: Rect,
) -> bool {
    let memory = &mut memory.history;
    let records = screen.records();
    let rows = usize::from(body.height.saturating_sub(1));
    // Rows are counted from the first row of the history, so that nothing shifts when other rows are loaded.
    let (above, selected) = (screen.above, screen.list.selected());
    let window = memory.window.turned(screen.list.turned());
    let seen = window.around(above + selected, above + records.len(), rows);
    let first = seen.start.saturating_sub(above);
    let visible = records.get(first..).unwrap_or_default();
    let visible = visible.get(..rows.min(visible.len())).unwrap_or_default();
    let visible = Visible {
        rows: visible,
        first,
        selected,
    };
    table::draw(look, &Rows { look }, &visible, memory, buffer, body)
}

/// The context for drawing rows.
struct Rows<'a> {
    look: ViewContext<'a>,
}

impl Cells<COLUMNS> for Rows<'_> {
    type Row = Record;

    fn table(&self) -> Table {
        Table::History
    }

    fn contents(&self, record: &Record) -> Option<[usize; COLUMNS]> {
        Some(contents(self.look, record))
    }

    fn layout(&self, wanted: [u16; COLUMNS], _room: u16) -> [Column; COLUMNS] {
        layout(wanted)
    }

    fn marks(&self, record: &Record) -> Marks {
        let key = RowKey::Submission(record.id.clone());
        Marks {
            marked: self.look.model.marked_rows.contains(&key),
            ..Marks::default()
        }
    }

    fn draw(&self, record: &Record, buffer: &mut Buffer, cells: [Rect; COLUMNS]) {
        draw_row(self.look, record, buffer, cells);
    }

    fn is_right(&self, column: usize) -> bool {
        column == PRICE
    }
}

/// The index of the price column.
const PRICE: usize = 4;

/// Returns the column layout, from the widest cells drawn so far. The id and the account appear only if the other
/// columns already have enough room.
fn layout([result, confirmed, target, items, price, note, id, account]: [u16; COLUMNS]) -> [Column; COLUMNS] {
    [
        Column::new(result, 16, 8).enough(result.min(32)),
        Column::whole(confirmed, 9),
        Column::new(target, 10, 7).enough(24),
        Column::new(items, 11, 6).enough(24),
        Column::whole(price, 4),
        Column::new(note, 8, 5).enough(16),
        Column::whole(id, 2).shown(Shown::WhereEnough),
        Column::new(account, 16, 1).shown(Shown::WhereEnough),
    ]
}

/// Returns the width that each cell of a row needs.
fn contents(look: ViewContext<'_>, record: &Record) -> [usize; COLUMNS] {
    let (first, more) = items(record);
    let (word, detail) = result(look, record);
    [
        2 + width(&word) + if detail.is_empty() { 0 } else { 1 + width(&detail) },
        12,
        width(&record.cursor.label).max(6),
        width(&first) + usize::from(!more.is_empty()) + more.len(),
        price(record).len().max(7),
        record.note.as_deref().map_or(0, width).max(4),
        id(look, record).map_or(14, |id| width(&id)),
        width(&account(look, record)),
    ]
}

fn draw_row(look: ViewContext<'_>, record: &Record, buffer: &mut Buffer, cells: [Rect; COLUMNS]) {
    let [
        result_cell,
        confirmed,
        target,
        items_cell,
        price_cell,
        note,
        id_cell,
        account_cell,
    ] = cells;
    let (theme, model) = (look.theme, look.model);
    let (mark, style) = status::mark_of(theme, model.engine.state_of(record));
    let (word, detail) = result(look, record);
    let quiet = if style == theme.done { theme.text } else { style };
    let mut pen = Pen::new(buffer, result_cell);
    pen.text(mark, style).skip(1).text(&word, quiet).skip(1);
    // A duration is shown in full or not at all.
    if style != theme.done || width(&detail) <= pen.room() {
        pen.text(&detail, theme.text);
    }
    let moment = match model.times {
        Times::Local | Times::Utc => clock::moment(theme, model.engine.now, record.created),
        Times::Relative => clock::long_ago(model.engine.now, record.created),
    };
    Pen::new(buffer, confirmed).text(&moment, theme.text);
    Pen::new(buffer, target).text(&record.cursor.label, theme.text);
    let (first, more) = items(record);
    let gap = usize::from(!more.is_empty());
    let room = usize::from(items_cell.width).saturating_sub(width(&more) + gap);
    Pen::new(buffer, items_cell)
        .text(&fit(&first, room), theme.text)
        .skip(gap)
        .text(&more, theme.dim);
    Pen::new(buffer, price_cell).right(&price(record), theme.text);
    Pen::new(buffer, note).text(record.note.as_deref().unwrap_or_default(), theme.text);
    Pen::new(buffer, id_cell).text(id(look, record).as_deref().unwrap_or("–"), theme.text);
    Pen::new(buffer, account_cell).text(&account(look, record), theme.dim);
}

/// Returns the word for the state, and how long completion took or, if CloudFront refused, the error code.
fn result(look: ViewContext<'_>, record: &Record) -> (String, String) {
    let Some(state) = look.model.engine.state_of(record) else {
        return (record.cursor.word.clone(), "cannot be read".to_owned());
    };
    let code = state.refusal().map(|refusal| refusal.code.clone());
    let took = || state.took().map(|took| took.to_string());
    (state.word().to_owned(), code.or_else(took).unwrap_or_default())
}

fn items(record: &Record) -> (String, String) {
    let first = record.head.first().cloned().unwrap_or_else(|| mark::QUIET.to_owned());
    let more = match record.cursor.items.saturating_sub(1) {
        0 => String::new(),
        more => format!("+{}", thousands(more as u64)),
    };
    (first, more)
}

fn price(record: &Record) -> String {
    record.price().map_or_else(|| "–".to_owned(), |price| price.to_string())
}

fn id(look: ViewContext<'_>, record: &Record) -> Option<String> {
    let (id, _) = look.model.engine.state_of(record)?.accepted()?;
    Some(id.to_string())
}

/// Returns the profile and the account. In the demo, there is no real account.
fn account(look: ViewContext<'_>, record: &Record) -> String {
    let profile = &record.scope.profile;
    if look.model.engine.preferences.demo {
        return profile.clone();
    }
    format!("{profile} · {}", account_name(look, record.scope.account.as_ref()))
}

/// Draws the panel with the selected row's items, note and result.
fn panel(look: ViewContext<'_>, screen: &History, buffer: &mut Buffer, areas: &Areas) {
    let Some(record) = screen.selected() else { return };
    let theme = look.theme;
    let [first, second] = page::panel(look, buffer, areas);
    let total = count(record.cursor.items, "item");
    let room = usize::from(first.width).saturating_sub(width(&total) + 2);
    let shown = words::listed(&record.head, record.cursor.items, room);
    two_sided(
        buffer,
        first,
        &[Span::styled(shown, theme.text)],
        &[Span::styled(total, theme.dim)],
    );
    two_sided(
        buffer,
        second,
        &why(look, record),
        &[Span::styled(ended(look, record), theme.dim)],
    );
}

fn why<'a>(look: ViewContext<'a>, record: &'a Record) -> Vec<Span<'a>> {
    let theme = look.theme;
    let state = look.model.engine.state_of(record);
    if let Some(note) = &record.note {
        return vec![
            Span::styled("note ", theme.dim),
            Span::styled(note.as_str(), theme.text),
        ];
    }
    let Some(reason) = state.and_then(State::reason) else {
        return vec![Span::styled(account(look, record), theme.dim)];
    };
    let (mark, style) = status::mark_of(theme, state);
    vec![
        Span::styled(format!("{mark} "), style),
        Span::styled(reason, theme.text),
    ]
}

fn ended(look: ViewContext<'_>, record: &Record) -> String {
    let took = look.model.engine.state_of(record).and_then(State::took);
    took.map_or_else(String::new, |took| format!("took {took}"))
}

/// Returns the placeholder for a table without rows.
fn nothing<'a>(look: ViewContext<'a>, screen: &History) -> Option<Placeholder<'a>> {
    if !screen.list.rows().is_empty() {
        return None;
    }
    if let Some(reason) = &screen.failure {
        return Some(failed(look, reason));
    }
    if !screen.read {
        return Some(page::waiting(look, "Reading the ledger"));
    }
    if screen.list.view.is_filtered() {
        return Some(page::no_match(
            look,
            screen.list.view.filter.value(),
            screen.counts.total,
        ));
    }
    Some(none_yet(look))
}

fn none_yet(look: ViewContext<'_>) -> Placeholder<'_> {
    let about = "Every invalidation you submit is kept here, with its items, result and price.";
    page::placeholder(look, "Nothing sent from this machine yet")
        .text([about.to_owned()], look.theme.text)
        .steps([page::step(look, Action::GoDistributions, "choose a distribution")])
}

fn failed<'a>(look: ViewContext<'a>, reason: &str) -> Placeholder<'a> {
    page::wrong(look, "The ledger could not be read")
        .text([reason.to_owned()], look.theme.text)
        .steps([
            page::step(look, Action::Refresh, "try again"),
            page::step(look, Action::Back, "go back"),
        ])
}
