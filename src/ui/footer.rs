//! The bottom lines: the latest notice, and the available keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::context::ViewContext;
use super::page::inset;
use super::theme::{Theme, mark};
use super::widget::pen::{Pen, columns_of};
use super::widget::text::width;
use crate::app::action::{Action, Entry, Scope};
use crate::app::availability::is_available;
use crate::app::key::Key;
use crate::app::keys;
use crate::app::list::View;
use crate::app::model::Model;
use crate::app::overlay::keys::COUNT;
use crate::app::pointer::Hit;
use crate::app::screen::Screen;
use crate::app::selection::selected_row;
use crate::engine::notices::{Level, Notice};

/// The number of blank columns between two hints.
const GAP: usize = 2;

/// Draws the keys of the page.
pub(super) fn draw(look: ViewContext<'_>, buffer: &mut Buffer, line: Rect) {
    hints(look, buffer, inset(line), all_hints(look));
}

/// Draws the available keys of the overlay being drawn; if there is no room, the lowest-ranking ones are dropped.
pub(super) fn actions(look: ViewContext<'_>, buffer: &mut Buffer, line: Rect) {
    let text = keys::is_text(look.model);
    let found = look
        .keys
        .rows()
        .filter(|(action, word)| !word.is_empty() && is_available(look.model, *action).is_ok())
        .zip(2..)
        // The key that closes the overlay is always shown; of the others, the last one is dropped first.
        .filter_map(|((action, word), place)| {
            let rank = if matches!(action, Action::Back | Action::Leave) {
                0
            } else {
                place
            };
            let is_next = matches!(action, Action::Choose | Action::Accept | Action::Submit);
            let word = overlay_word(look.model, word);
            let hint = hint(look, keys::entry(look.model, action), word, rank, text)?;
            Some(Hint { is_next, ..hint })
        });
    hints(look, buffer, line, found.collect());
}

/// Returns the word for an overlay's hint. The key that starts counting the month's paths also stops the count.
fn overlay_word(model: &Model, word: &'static str) -> &'static str {
    if word == COUNT && model.engine.counting.goes_on {
        "stop"
    } else {
        word
    }
}

/// Returns the mark and the style for a notice's level.
pub(super) fn level(theme: &Theme, level: Level) -> (&'static str, Style) {
    match level {
        Level::Info => (mark::QUIET, theme.dim),
        Level::Done => (mark::DONE, theme.done),
        Level::Warning => (mark::WARNING, theme.under_way),
        Level::Error => (mark::WRONG, theme.wrong),
    }
}

/// Draws the latest notice, followed by the next steps that a single key performs.
pub(super) fn notice(look: ViewContext<'_>, buffer: &mut Buffer, line: Rect) {
    let Some(note) = &look.model.engine.notice else { return };
    let line = inset(line);
    let mut steps = next_steps(look, note);
    let columns = usize::from(line.width);
    let beside = |steps: &[Hint]| if steps.is_empty() { 0 } else { total(steps) + 2 * GAP };
    // The notice is shown in full; if there is no room, next steps are dropped, the last one first.
    while !steps.is_empty() && 2 + width(&note.text) + beside(&steps) > columns {
        steps.pop();
    }
    let room = columns.saturating_sub(beside(&steps));
    let (mark, style) = level(look.theme, note.level);
    let mut pen = Pen::new(buffer, columns_of(line, 0, room));
    pen.text(mark, style).skip(1).text(&note.text, look.theme.text);
    let used = usize::from(pen.position().0 - line.x) + 2 * GAP;
    if !steps.is_empty() {
        hints(look, buffer, columns_of(line, used, total(&steps)), steps);
    }
}

/// Returns the next steps for the invalidation that a notice is about, if it is selected and the keys apply to it.
fn next_steps(look: ViewContext<'_>, note: &Notice) -> Vec<Hint> {
    let model = look.model;
    let selected = selected_row(model);
    if note.about.is_none() || selected != note.about.as_ref() || !model.overlays.is_empty() {
        return Vec::new();
    }
    let steps = [
        (Action::CheckEdge, "check the edge"),
        (Action::CopyToNew, Action::CopyToNew.entry().hint),
    ];
    steps
        .into_iter()
        .filter(|(action, _)| is_available(model, *action).is_ok())
        .filter_map(|(action, word)| hint(look, keys::entry(model, action), word, 0, false))
        .collect()
}

/// A key and its action.
struct Hint {
    /// The key that a click on the hint presses.
    press: Key,
    key: String,
    word: &'static str,
    rank: u8,
    /// Whether this is the next step, which is drawn more prominently than the others.
    is_next: bool,
}

impl Hint {
    fn width(&self) -> usize {
        width(&self.key) + 1 + width(self.word)
    }
}

fn hints(look: ViewContext<'_>, buffer: &mut Buffer, line: Rect, mut hints: Vec<Hint>) {
    while total(&hints) > usize::from(line.width) && hints.len() > 1 {
        let least = hints.iter().map(|hint| hint.rank).max();
        if let Some(place) = hints.iter().rposition(|hint| Some(hint.rank) == least) {
            hints.remove(place);
        }
    }
    let mut pen = Pen::new(buffer, line);
    for hint in &hints {
        let (from, row) = pen.position();
        let (key, word) = if hint.is_next {
            (look.theme.accent.add_modifier(Modifier::BOLD), look.theme.strong)
        } else {
            (look.theme.accent, look.theme.dim)
        };
        pen.text(&hint.key, key).skip(1).text(hint.word, word);
        let columns = pen.position().0.saturating_sub(from);
        look.hits.put(Rect::new(from, row, columns, 1), Hit::Hint(hint.press));
        pen.skip(GAP);
    }
}

fn total(hints: &[Hint]) -> usize {
    let gaps = hints.len().saturating_sub(1) * GAP;
    hints.iter().map(Hint::width).sum::<usize>() + gaps
}

fn all_hints(look: ViewContext<'_>) -> Vec<Hint> {
    let model = look.model;
    let text = keys::is_text(model);
    let table = keys::hints(model);
    let mut hints: Vec<Hint> = table
        .iter()
        .filter(|entry| is_available(model, entry.action).is_ok() && has_rows(model, entry.scope))
        .filter_map(|entry| {
            let hint = hint(look, entry, word(model, entry), entry.rank, text)?;
            let is_next = keys::is_next_step(model, entry);
            Some(Hint { is_next, ..hint })
        })
        .collect();
    if let Some((word, rank)) = back(look) {
        hints.extend(hint(look, Action::Back.entry(), word, rank, text));
    }
    hints
}

/// Returns the word of a hint, which says what the key does now. The key that quits goes back from all pages but the
/// first, and the key for suggestions fills an empty list.
fn word(model: &Model, entry: &Entry) -> &'static str {
    match entry.action {
        Action::Quit if model.screens.len() > 1 => "back",
        Action::Complete if keys::reuses(model) => Action::Repeat.entry().hint,
        _ => entry.hint,
    }
}

/// Returns whether actions of this scope are useful. Actions on tables need rows.
fn has_rows(model: &Model, scope: Scope) -> bool {
    let total = match model.screen() {
        Screen::Distributions(screen) => screen.list.total(),
        Screen::Tenants(screen) => screen.list.total(),
        Screen::Invalidations(screen) => screen.list.total(),
        Screen::History(screen) => screen.counts.total,
        Screen::Details(_) | Screen::Composer(_) => 1,
    };
    scope != Scope::Tables || total > 0
}

/// Returns what Esc does in this context, if anything, with the rank of the hint.
fn back(look: ViewContext<'_>) -> Option<(&'static str, u8)> {
    let model = look.model;
    let filtered = model.screen().view().is_some_and(View::is_filtered);
    match (model.screen().is_filtering(), filtered) {
        (true, _) => None,
        (false, true) => Some(("clear filter", 2)),
        // On other pages, the hint for the key that quits already says "back"; in a text field, that key types a
        // letter.
        (false, false) if model.screens.len() > 1 => keys::is_text(model).then_some(("back", 2)),
        (false, false) => (!model.marked.is_empty()).then_some(("clear marks", 7)),
    }
}

/// Returns the hint for an action. In a text field, letters are text, so the first key that is not a letter is shown.
fn hint(look: ViewContext<'_>, entry: &Entry, word: &'static str, rank: u8, text: bool) -> Option<Hint> {
    let keys = look.model.keymap.keys(entry);
    let key = keys.iter().find(|key| !text || key.typed().is_none())?;
    Some(Hint {
        press: *key,
        key: key.to_string(),
        word,
        rank,
        is_next: false,
    })
}
