//! The last line: what can be pressed now, or what was just said.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Look;
use super::theme::{Theme, mark};
use super::widget::pen::{Pen, columns_of};
use super::widget::text::width;
use crate::app::action::Action;
use crate::app::keys;
use crate::app::model::{Level, Note};

/// Blank columns between two hints.
const GAP: usize = 2;

/// Draws the line.
pub(super) fn draw(look: Look<'_>, buffer: &mut Buffer, line: Rect) {
    let line = columns_of(line, 1, usize::from(line.width.saturating_sub(2)));
    match &look.model.toast {
        Some(note) => toast(look.theme, note, buffer, line),
        None => hints(look, buffer, line),
    }
}

/// The mark and the style of a level.
pub(super) fn level(theme: &Theme, level: Level) -> (&'static str, Style) {
    match level {
        Level::Info => (mark::QUIET, theme.dim),
        Level::Done => (mark::DONE, theme.done),
        Level::Warning => (mark::WARNING, theme.under_way),
        Level::Error => (mark::WRONG, theme.wrong),
    }
}

fn toast(theme: &Theme, note: &Note, buffer: &mut Buffer, line: Rect) {
    let (mark, style) = level(theme, note.level);
    Pen::new(buffer, line)
        .text(mark, style)
        .skip(1)
        .text(&note.text, theme.text);
}

/// A key and what it does.
struct Hint {
    key: String,
    word: &'static str,
    rank: u8,
}

impl Hint {
    fn width(&self) -> usize {
        width(&self.key) + 1 + width(self.word)
    }
}

fn hints(look: Look<'_>, buffer: &mut Buffer, line: Rect) {
    let mut hints = all_hints(look);
    while total(&hints) > usize::from(line.width) && hints.len() > 1 {
        let least = hints.iter().map(|hint| hint.rank).max();
        if let Some(place) = hints.iter().rposition(|hint| Some(hint.rank) == least) {
            hints.remove(place);
        }
    }
    let mut pen = Pen::new(buffer, line);
    for hint in &hints {
        pen.text(&hint.key, look.theme.accent)
            .skip(1)
            .text(hint.word, look.theme.dim)
            .skip(GAP);
    }
}

fn total(hints: &[Hint]) -> usize {
    let gaps = hints.len().saturating_sub(1) * GAP;
    hints.iter().map(Hint::width).sum::<usize>() + gaps
}

fn all_hints(look: Look<'_>) -> Vec<Hint> {
    let model = look.model;
    let text = keys::is_text(model);
    let table = keys::hints(model);
    let mut hints: Vec<Hint> = table
        .iter()
        .filter_map(|entry| hint(look, entry.action, entry.hint, entry.rank, text))
        .collect();
    if let Some(word) = back(look) {
        hints.extend(hint(look, Action::Back, word, 2, text));
    }
    hints
}

/// What Esc does here, where it does anything.
fn back(look: Look<'_>) -> Option<&'static str> {
    let model = look.model;
    if !model.overlays.is_empty() {
        return Some("close");
    }
    let filtered = match model.screen() {
        crate::app::screen::Screen::Distributions(screen) => screen.list.is_filtered(),
        crate::app::screen::Screen::Invalidations(screen) => screen.list.is_filtered(),
        crate::app::screen::Screen::Details(_) | crate::app::screen::Screen::Composer(_) => false,
    };
    match (model.screen().is_filtering(), filtered) {
        (true, _) => None,
        (false, true) => Some("clear filter"),
        (false, false) => (model.screens.len() > 1).then_some("back"),
    }
}

/// In a text field a letter is text: the first key that is not one is told.
fn hint(look: Look<'_>, action: Action, word: &'static str, rank: u8, text: bool) -> Option<Hint> {
    let keys = look.model.preferences.keymap.keys(action);
    let key = keys.iter().find(|key| !text || key.typed().is_none())?;
    Some(Hint {
        key: key.to_string(),
        word,
        rank,
    })
}
