//! The overlay for switching profiles.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::theme::mark;
use super::super::widget::columns::{Column, GAP, share};
use super::super::widget::pen::{Pen, line_of, rows_from, text_lines};
use super::super::widget::text::{fit, width, wrap};
use super::kit::{Opened, choices, columns, input_line, list_above, open};
use crate::app::overlay::profiles::{Switcher, in_use};
use crate::domain::distribution::AccountId;
use crate::domain::profile::Profile;
use crate::engine::session::Session;

/// The preferred width, in columns.
const WIDTH: usize = 126;
/// The minimum and maximum number of lines in the list. The number does not depend on the input, so that the box does
/// not move.
const ROWS: (usize, usize) = (4, 30);
/// The maximum number of lines for a reason.
const REASON: usize = 4;

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    state: &Switcher,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let theme = look.theme;
    let columns = columns(WIDTH, room);
    let said = said(look, state, columns);
    let all = look.model.engine.profiles.as_ref().map_or(0, Vec::len);
    let rows = all.clamp(ROWS.0, ROWS.1);
    let Opened { body, .. } = open(look, buffer, room, "Profiles", (columns, 2 + rows + 1 + said.len()));
    let cursor = input_line(look, &state.input, buffer, line_of(body, 0));
    let list = list_above(rows_from(body, 2), said.len() + 1);
    draw_list(look, state, memory, buffer, list);
    let below = rows_from(body, usize::from(body.height).saturating_sub(said.len()));
    let style = if state.failed.is_some() { theme.wrong } else { theme.dim };
    text_lines(buffer, below, &said, style);
    cursor
}

/// Describes the switch in progress, the reason why the last one failed, or everything wrong with the selected
/// profile. There is always at least one line, so that the box does not move.
fn said(look: ViewContext<'_>, state: &Switcher, columns: usize) -> Vec<String> {
    let text = match (&state.trying, &state.failed) {
        (Some(name), _) => {
            let engine = &look.model.engine;
            match engine.login.waits_for(engine.now) {
                Some(what) => format!("{name}: {what}…"),
                None => format!("Loading the credentials for {name}…"),
            }
        }
        (None, Some((name, reason))) => format!("{name}: {reason}"),
        (None, None) if state.waits_for_list => "The selected profile will be used when the list loads".to_owned(),
        (None, None) => return vec![trouble_of_selected(look, state)],
    };
    let mut lines = wrap(&text, columns);
    lines.truncate(REASON);
    lines
}

fn trouble_of_selected(look: ViewContext<'_>, state: &Switcher) -> String {
    let found = state.entries(&look.model.engine);
    let selected = found.get(state.selected.min(found.len().saturating_sub(1)));
    selected.and_then(|profile| profile.trouble.clone()).unwrap_or_default()
}

fn draw_list(look: ViewContext<'_>, state: &Switcher, memory: &mut ViewMemory, buffer: &mut Buffer, list: Rect) {
    let found = state.entries(&look.model.engine);
    if found.is_empty() {
        let words = match &look.model.engine.profiles {
            None => "loading…",
            Some(all) if all.is_empty() => "No profiles in ~/.aws/config or ~/.aws/credentials",
            Some(_) => "No matching profile",
        };
        Pen::new(buffer, list).text(words, look.theme.dim);
    }
    let all: Vec<&Profile> = look.model.engine.profiles.iter().flatten().collect();
    let widths = layout(look, &all, list.width.saturating_sub(4));
    choices(
        (look, memory),
        (&found, state.selected),
        buffer,
        list,
        |profile, pen| {
            draw_row(look, profile, widths, pen);
        },
    );
}

/// Returns the cells of a profile's row: name, kind, account, role, trouble.
fn cells(look: ViewContext<'_>, profile: &Profile) -> [String; 5] {
    [
        profile.name.clone(),
        profile.kind.word().to_owned(),
        account(look, profile),
        profile.role.clone().unwrap_or_default(),
        profile.trouble.clone().unwrap_or_default(),
    ]
}

/// Returns the account with its label.
fn account(look: ViewContext<'_>, profile: &Profile) -> String {
    let preferences = &look.model.engine.preferences;
    let account = profile.account.clone();
    let account = account.or_else(|| preferences.account_of_profile(&profile.name));
    let id = account.as_ref().map(AccountId::as_str).unwrap_or_default();
    let known = preferences.account(account.as_ref());
    known.map_or_else(|| id.to_owned(), |account| format!("{id} {}", account.label))
}

fn layout(look: ViewContext<'_>, profiles: &[&Profile], room: u16) -> [u16; 5] {
    let rows: Vec<[String; 5]> = profiles.iter().map(|profile| cells(look, profile)).collect();
    let widest = |column: usize| {
        let widest = rows.iter().map(|row| width(&row[column])).max().unwrap_or(0);
        u16::try_from(widest).unwrap_or(u16::MAX)
    };
    let column = |place: usize, min: u16, most: u16, importance: u8| {
        let content = widest(place);
        Column::new(content.min(most), min, importance)
    };
    share(
        [
            column(0, 8, 30, 4),
            column(1, 4, 12, 1),
            column(2, 12, 26, 2),
            column(3, 6, 20, 0),
            column(4, 8, 60, 3),
        ],
        room,
    )
}

fn draw_row(look: ViewContext<'_>, profile: &Profile, widths: [u16; 5], pen: &mut Pen<'_>) {
    let theme = look.theme;
    let engine = &look.model.engine;
    let is_used = in_use(engine) == Some(profile.name.as_str());
    let (mark, style) = match engine.session {
        _ if !is_used => (" ", theme.text),
        Session::Connected(_) => (mark::DONE, theme.done),
        Session::Connecting => (mark::LOADING, theme.dim),
        Session::Failed(_) => (mark::WRONG, theme.wrong),
    };
    pen.text(mark, style).skip(1);
    let styles = [theme.text, theme.dim, theme.text, theme.dim, theme.wrong];
    for ((text, columns), style) in cells(look, profile).iter().zip(widths).zip(styles) {
        if columns > 0 {
            let text = fit(text, usize::from(columns));
            let rest = usize::from(columns).saturating_sub(width(&text)) + usize::from(GAP);
            pen.text(&text, style).skip(rest);
        }
    }
}
