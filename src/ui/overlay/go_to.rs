//! One line to type: a target to open, or a text to find.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_input::Input;

use super::super::Look;
use super::super::widget::field::field;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::{Opened, open};
use crate::app::action::Action;

/// What is asked.
pub(super) struct Question {
    title: &'static str,
    about: &'static str,
    keys: &'static [(Action, &'static str)],
}

/// Open a target by name.
pub(super) const OPEN: Question = Question {
    title: "Open",
    about: "an id, an alias, a domain or a URL",
    keys: &[(Action::Accept, "open"), (Action::Leave, "close")],
};

/// Find a text in the list being composed.
pub(super) const FIND: Question = Question {
    title: "Find",
    about: "a text in the list; without a capital in it, capitals do not matter",
    keys: &[(Action::Accept, "find"), (Action::Leave, "close")],
};

/// Draws it. Returns where the terminal's cursor belongs.
pub(super) fn draw(
    look: Look<'_>,
    input: &Input,
    buffer: &mut Buffer,
    room: Rect,
    question: &Question,
) -> Option<Position> {
    let theme = look.theme;
    let Opened { body, .. } = open(look, buffer, room, question.title, (67, 3), question.keys);
    Pen::new(buffer, line_of(body, 0)).text(question.about, theme.dim);
    let line = line_of(body, 2);
    Pen::new(buffer, line).text("›", theme.accent);
    let typed = columns_of(line, 2, usize::from(line.width));
    field(buffer, typed, input.value(), input.cursor(), theme.strong)
}
