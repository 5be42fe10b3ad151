//! The profiles, to use another one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::Look;
use super::super::memory::ViewMemory;
use super::super::theme::mark;
use super::super::widget::pen::{Pen, line_of};
use super::super::widget::text::width;
use super::{Opened, open};
use crate::engine::session::Session;

/// Draws them.
pub(super) fn draw(look: Look<'_>, selected: usize, memory: &mut ViewMemory, buffer: &mut Buffer, room: Rect) {
    let theme = look.theme;
    let profiles = &look.model.engine.profiles;
    let widest = profiles.iter().map(|profile| width(profile) + 12).max().unwrap_or(0);
    let Opened { body, .. } = open(
        look,
        buffer,
        room,
        "Profiles",
        (widest.clamp(46, 72), profiles.len().max(1)),
    );
    if profiles.is_empty() {
        Pen::new(buffer, body).text("no profile was found in ~/.aws", theme.dim);
    }
    let seen = memory
        .overlay
        .around(selected, profiles.len(), usize::from(body.height));
    for (number, place) in seen.enumerate() {
        let line = line_of(body, number);
        let Some(profile) = profiles.get(place) else { continue };
        let used = current(look) == Some(profile.as_str());
        let mark = if used { mark::DONE } else { " " };
        let selected = place == selected;
        let before = if selected { theme.selected_mark } else { " " };
        let mut pen = Pen::new(buffer, line);
        pen.text(before, theme.accent)
            .text(mark, theme.done)
            .skip(1)
            .text(profile, theme.text);
        if used {
            pen.skip(2).text("in use", theme.dim);
        }
        if selected {
            buffer.set_style(line.intersection(buffer.area), theme.selected);
        }
    }
}

fn current(look: Look<'_>) -> Option<&str> {
    match &look.model.engine.session {
        Session::Connected(scope) => Some(&scope.profile),
        Session::Connecting | Session::Failed(_) => look.model.engine.preferences.profile.as_deref(),
    }
}
