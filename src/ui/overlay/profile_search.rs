//! The overlay that searches every profile for a target.

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::theme::mark;
use super::super::widget::columns::{Column, GAP, share};
use super::super::widget::pen::{Pen, line_of, rows_from, text_lines};
use super::super::widget::text::{fit, width, wrap};
use super::kit::{Opened, choices, columns, list_above, open};
use crate::app::overlay::profile_search::InProfiles;
use crate::domain::distribution::AccountId;
use crate::domain::duration::short;
use crate::domain::text::count;
use crate::engine::profile_search::{ListResult, ProfileSearch, Searched, Status};

/// The preferred width, in columns.
const WIDTH: usize = 92;
/// The minimum and maximum number of lines of the list.
const ROWS: (usize, usize) = (4, 14);
/// The number of lines for the details of the selected profile.
const REASON: usize = 3;
/// The number of lines above the list.
const HEAD: usize = 3;
/// The minimum number of visible profiles, even in the smallest terminal.
const AT_LEAST: usize = 2;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, state: InProfiles, memory: &mut ViewMemory, buffer: &mut Buffer, room: Rect) {
    let Some(search) = &look.model.engine.profile_search else {
        return;
    };
    let columns = columns(WIDTH, room);
    let rows = search.profiles.len().clamp(ROWS.0, ROWS.1);
    let Opened { body, .. } = open(look, buffer, room, "All profiles", (columns, HEAD + rows + 1 + REASON));
    Pen::new(buffer, line_of(body, 0)).text(&fit(&sought(search), columns), look.theme.strong);
    Pen::new(buffer, line_of(body, 1)).text(&fit(&progress(look, search), columns), look.theme.dim);
    let reason = reason_lines(body);
    let list = list_above(rows_from(body, HEAD), reason + 1);
    let shown = search.shown();
    let widths = layout(look, &shown, list.width.saturating_sub(4));
    choices((look, memory), (&shown, state.selected), buffer, list, |one, pen| {
        draw_row(look, one, widths, pen);
    });
    if let Some(one) = shown.get(state.selected.min(shown.len().saturating_sub(1))) {
        draw_reason(
            look,
            one,
            buffer,
            rows_from(body, usize::from(body.height).saturating_sub(reason)),
        );
    }
}

/// Returns the number of lines for the details of the selected profile: fewer if the list needs the room.
fn reason_lines(body: Rect) -> usize {
    let room = usize::from(body.height).saturating_sub(HEAD + AT_LEAST + 1);
    room.min(REASON)
}

fn sought(search: &ProfileSearch) -> String {
    let path = search.wanted.path.as_deref().unwrap_or_default();
    format!("{}{path}", search.wanted.name)
}

/// Describes the progress of the search.
fn progress(look: ViewContext<'_>, search: &ProfileSearch) -> String {
    let found = search.profiles.iter().filter(|one| one.found().is_some()).count();
    let all = count(search.profiles.len(), "profile");
    let asked = search
        .profiles
        .iter()
        .find(|one| matches!(one.status, Status::Asked(_)));
    let engine = &look.model.engine;
    match asked {
        Some(one) => match engine.login.waits_for(engine.now) {
            Some(what) => format!("found in {found} of {all} · {}: {what}…", one.profile),
            None => format!("found in {found} of {all} · searching {}…", one.profile),
        },
        None if search.goes_on() => "reading the profiles…".to_owned(),
        None => format!("found in {found} of {all}"),
    }
}

/// Draws the full details of the selected profile at the bottom, because its line may truncate them.
fn draw_reason(look: ViewContext<'_>, one: &Searched, buffer: &mut Buffer, below: Rect) {
    let (text, style) = told(look, one);
    let mut lines = wrap(&text, usize::from(below.width));
    lines.truncate(usize::from(below.height));
    text_lines(buffer, below, &lines, style);
}

/// Returns the text and style for a profile's search result.
fn told(look: ViewContext<'_>, one: &Searched) -> (String, Style) {
    let theme = look.theme;
    let read = |told: &ListResult| match look.model.engine.now - told.as_of {
        age if age < TimeDelta::minutes(1) => "read just now".to_owned(),
        age => format!("read {} ago", short(age)),
    };
    let found = one.list.as_ref().and_then(|told| Some((told.found.as_ref()?, told)));
    match (&one.status, found) {
        (Status::Done, Some(((target, label), told))) => {
            (format!("{label}  {}  {}", target.id(), read(told)), theme.text)
        }
        (status, Some(((target, label), told))) => {
            let why = in_words(status);
            (format!("{label}  {}  {}; {why}", target.id(), read(told)), theme.text)
        }
        (Status::Done, None) => {
            let list = one.list.as_ref();
            let text = list.map(|told| {
                format!(
                    "not among its {}, {}",
                    count(told.distributions, "distribution"),
                    read(told)
                )
            });
            (text.unwrap_or_default(), theme.dim)
        }
        (Status::Failed(_), None) => (in_words(&one.status), theme.wrong),
        (status, None) => (in_words(status), theme.dim),
    }
}

fn in_words(status: &Status) -> String {
    match status {
        Status::Waits => "waiting in line".to_owned(),
        Status::Asked(0) => "asking CloudFront…".to_owned(),
        Status::Asked(number) => format!("{} so far…", count(*number, "distribution")),
        Status::Done => String::new(),
        Status::LeftOut(why) => format!("not searched: {why}"),
        Status::Failed(why) => why.clone(),
    }
}

/// Returns the account with its label.
fn account(look: ViewContext<'_>, one: &Searched) -> String {
    let id = one.account.as_ref().map(AccountId::as_str).unwrap_or_default();
    let known = look.model.engine.preferences.account(one.account.as_ref());
    let label = known.map_or("", |account| account.label.as_str());
    format!("{id} {label}").trim().to_owned()
}

fn layout(look: ViewContext<'_>, shown: &[&Searched], room: u16) -> [u16; 3] {
    let widest = |text: &dyn Fn(&Searched) -> String| {
        let widest = shown.iter().map(|one| width(&text(one))).max().unwrap_or(0);
        u16::try_from(widest).unwrap_or(u16::MAX)
    };
    let (names, accounts) = (widest(&|one| one.profile.clone()), widest(&|one| account(look, one)));
    let texts = widest(&|one| told(look, one).0);
    share(
        [
            Column::new(names.min(24), 8, 2),
            Column::new(accounts.min(24), 12, 0),
            Column::new(texts.min(80), 20, 1).enough(48),
        ],
        room,
    )
}

fn draw_row(look: ViewContext<'_>, one: &Searched, widths: [u16; 3], pen: &mut Pen<'_>) {
    let theme = look.theme;
    let (mark, mark_style) = match (one.found(), &one.status) {
        (Some(_), _) => (mark::DONE, theme.done),
        (None, Status::Failed(_)) => (mark::WRONG, theme.wrong),
        (None, _) => (" ", theme.dim),
    };
    let (text, style) = told(look, one);
    pen.text(mark, mark_style).skip(1);
    let cells = [
        (one.profile.clone(), theme.text),
        (account(look, one), theme.dim),
        (text, style),
    ];
    for ((text, style), columns) in cells.iter().zip(widths) {
        if columns > 0 {
            let text = fit(text, usize::from(columns));
            let rest = usize::from(columns).saturating_sub(width(&text)) + usize::from(GAP);
            pen.text(&text, *style).skip(rest);
        }
    }
}
