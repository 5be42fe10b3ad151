//! The first line: which account is billed, how much is in flight, and how recent the page is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::context::ViewContext;
use super::freshness::Seen;
use super::page::inset;
use super::theme::mark;
use super::widget::gauge::share;
use super::widget::pen::{Pen, columns_of, spans_width, two_sided};
use super::widget::text::thousands;
use super::{clock, freshness, words};
use crate::app::layout::WIDE_FROM;
use crate::domain::price::FREE_PATHS;
use crate::domain::submission::Scope;
use crate::engine::counting;
use crate::engine::identity::ends_soon;
use crate::engine::ledger;
use crate::engine::session::Session;
use crate::engine::watch::seen_in_flight;

/// The rank of the freshness. On a narrow terminal, only the program's name is dropped before it.
const FRESHNESS: u8 = 6;

/// A piece of the line with its rank: on a narrow terminal, the piece with the highest rank is dropped first.
struct Piece<'a> {
    spans: Vec<Span<'a>>,
    rank: u8,
}

fn piece<'a>(rank: u8, text: impl Into<std::borrow::Cow<'a, str>>, style: Style) -> Piece<'a> {
    Piece {
        spans: vec![Span::styled(text, style)],
        rank,
    }
}

/// Draws the line.
pub(super) fn draw(look: ViewContext<'_>, buffer: &mut Buffer, line: Rect) {
    const GAP: usize = 2;
    let columns = line.width;
    let line = inset(line);
    let room = usize::from(line.width);
    let (mut left, mut right) = (who(look), state(look, columns));
    while joined_width(&left) + GAP + joined_width(&right) > room && drop_least(&mut left, &mut right) {}
    let fresh = right
        .iter()
        .rfind(|piece| piece.rank == FRESHNESS)
        .map(|piece| spans_width(&piece.spans));
    let separator = Span::styled(" · ", look.theme.dim);
    two_sided(buffer, line, &join(left, &separator), &join(right, &separator));
    if let Some(width) = fresh.filter(|_| freshness::of_page(look.model).is_some_and(|seen| seen.loading)) {
        // The mark has a fixed place, in the separator, so that nothing shifts when it appears and disappears.
        let place = columns_of(line, room.saturating_sub(width + 2), 1);
        Pen::new(buffer, place).text(mark::LOADING, look.theme.accent);
    }
}

fn joined_width(pieces: &[Piece<'_>]) -> usize {
    let gaps = pieces.len().saturating_sub(1) * 3;
    pieces.iter().map(|piece| spans_width(&piece.spans)).sum::<usize>() + gaps
}

fn join<'a>(pieces: Vec<Piece<'a>>, separator: &Span<'a>) -> Vec<Span<'a>> {
    let mut spans = Vec::new();
    for piece in pieces {
        if !spans.is_empty() {
            spans.push(separator.clone());
        }
        spans.extend(piece.spans);
    }
    spans
}

/// Drops the least important piece, but never one of the last two, which name the billed account.
fn drop_least<'a, 'p>(left: &'p mut Vec<Piece<'a>>, right: &'p mut Vec<Piece<'a>>) -> bool {
    if left.len() + right.len() <= 2 {
        return false;
    }
    let highest = |pieces: &[Piece<'_>]| pieces.iter().map(|piece| piece.rank).max().unwrap_or(0);
    let pieces = if highest(left) >= highest(right) { left } else { right };
    let least = highest(pieces);
    if let Some(place) = pieces.iter().position(|piece| piece.rank == least) {
        pieces.remove(place);
    }
    true
}

/// Returns the current credentials and the user's label for the account.
fn who(look: ViewContext<'_>) -> Vec<Piece<'_>> {
    let (model, theme) = (look.model, look.theme);
    let mut pieces = vec![piece(7, "invalidash", theme.accent)];
    if model.engine.preferences.demo {
        pieces.push(piece(1, "demo", theme.strong));
    }
    match &model.engine.session {
        Session::Connecting => {
            pieces.extend(wanted_profile(look));
            pieces.push(piece(4, "connecting…", theme.dim));
        }
        Session::Connected(scope) => {
            pieces.extend(scope_pieces(look, scope));
            if let Some(what) = model.engine.login.waits_for(model.engine.now) {
                pieces.push(piece(5, format!("{what} {}", mark::LOADING), theme.dim));
            }
            if let Some(ends) = ends_soon(&model.engine).filter(|_| !model.engine.reads.are_locked()) {
                let time = clock::moment(theme, model.engine.now, ends);
                let text = format!("{} login expires {time}", mark::WARNING);
                pieces.push(piece(2, text, theme.under_way));
            }
            if model.engine.reads.are_locked() {
                pieces.push(piece(2, format!("{} not logged in", mark::WRONG), theme.wrong));
            }
        }
        Session::Failed(failure) => {
            pieces.extend(wanted_profile(look));
            let word = if failure.needs_login() {
                "not logged in"
            } else {
                "not connected"
            };
            pieces.push(piece(2, format!("{} {word}", mark::WRONG), theme.wrong));
        }
    }
    if let Some(label) = model.engine.account_options().filter(|label| !label.label.is_empty()) {
        let style = if label.production { theme.danger } else { theme.strong };
        let text = if label.production {
            format!(" {} ", label.label)
        } else {
            label.label.clone()
        };
        pieces.push(piece(0, text, style));
    }
    if let Some(failure) = model.engine.ledger.failure() {
        let text = format!("{} {}", mark::WRONG, ledger::word(failure.kind));
        pieces.push(piece(1, text, theme.wrong));
    }
    if model.engine.is_read_only() {
        pieces.push(piece(1, "read-only", theme.strong));
    }
    pieces
}

fn wanted_profile(look: ViewContext<'_>) -> Option<Piece<'_>> {
    let profile = look.model.engine.preferences.profile.as_deref()?;
    (!look.model.engine.preferences.demo).then(|| piece(3, profile, look.theme.text))
}

/// Returns the account and profile. In the demo, there is no real account.
fn scope_pieces<'a>(look: ViewContext<'a>, scope: &'a Scope) -> Vec<Piece<'a>> {
    let theme = look.theme;
    if look.model.engine.preferences.demo {
        return Vec::new();
    }
    let mut pieces = vec![piece(3, scope.profile.as_str(), theme.text)];
    match &scope.account {
        Some(account) => pieces.push(piece(4, account.as_str(), theme.text)),
        None => pieces.push(piece(4, "account unknown", theme.dim)),
    }
    if scope.endpoint != "CloudFront" {
        pieces.push(piece(2, scope.endpoint.as_str(), theme.strong));
    }
    pieces
}

/// Returns how much is in flight, and how recent the page is.
fn state(look: ViewContext<'_>, columns: u16) -> Vec<Piece<'_>> {
    let (model, theme) = (look.model, look.theme);
    let mut pieces = Vec::new();
    let unsaved = model.engine.unsaved.failed();
    if unsaved > 0 {
        let text = format!("{} {unsaved} not saved", mark::WARNING);
        pieces.push(piece(1, text, theme.wrong));
    }
    pieces.extend(free_paths(look, columns));
    let in_flight = seen_in_flight(&model.engine);
    if in_flight > 0 {
        let text = format!("{} {in_flight} in flight", mark::UNDER_WAY);
        pieces.push(piece(5, text, theme.under_way));
    }
    pieces.extend(freshness::of_page(model).and_then(|seen| fresh(look, seen)));
    pieces
}

/// Returns whether a terminal of this width shows the month's cost in the header rather than below the title.
pub(super) fn shows_month(columns: u16) -> bool {
    columns >= WIDE_FROM
}

/// Returns the month's known usage of free paths and its cost, if the terminal is wide enough.
fn free_paths(look: ViewContext<'_>, columns: u16) -> Option<Piece<'_>> {
    let (model, theme) = (look.model, look.theme);
    words::used_this_month(model).filter(|_| shows_month(columns))?;
    let counting::Used { paths: used, exact, .. } = counting::used(&model.engine);
    let style = if used > FREE_PATHS { theme.under_way } else { theme.dim };
    let at_least = if exact { "" } else { "at least " };
    let of = format!(" {at_least}{} of {} used", thousands(used), thousands(FREE_PATHS));
    let said = format!("{of} · {}", words::likely(used));
    Some(Piece {
        spans: vec![
            Span::styled("free paths ", theme.dim),
            Span::styled(share(used, FREE_PATHS, 10), style),
            Span::styled(said, theme.dim),
        ],
        rank: FRESHNESS,
    })
}

/// Describes how recent the visible data is: polled live, as of a certain time, or loading for the first time.
fn fresh<'a>(look: ViewContext<'a>, seen: Seen<'_>) -> Option<Piece<'a>> {
    let theme = look.theme;
    let Some(as_of) = seen.as_of else {
        return seen.loading.then(|| piece(FRESHNESS, "reading", theme.dim));
    };
    let time = clock::moment(theme, look.model.engine.now, as_of);
    Some(match seen.failure {
        Some(_) => piece(FRESHNESS, format!("{} as of {time}", mark::WARNING), theme.wrong),
        None if seen.live => piece(FRESHNESS, "live", theme.dim),
        None => piece(FRESHNESS, format!("as of {time}"), theme.dim),
    })
}
