//! Open a target by name.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use tui_input::Input;

use super::super::Look;
use super::super::widget::field::field;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::{Opened, open};
use crate::app::action::Action;

/// The keys of the layer.
const KEYS: &[(Action, &str)] = &[(Action::Accept, "open"), (Action::Leave, "close")];

/// Draws it. Returns where the terminal's cursor belongs.
pub(super) fn draw(look: Look<'_>, input: &Input, buffer: &mut Buffer, room: Rect) -> Option<Position> {
    let theme = look.theme;
    let Opened { body, .. } = open(look, buffer, room, "Open", (64, 3), KEYS);
    Pen::new(buffer, line_of(body, 0)).text("an id, an alias, a domain or a URL", theme.dim);
    let line = line_of(body, 2);
    Pen::new(buffer, line).text("›", theme.accent);
    let typed = columns_of(line, 2, usize::from(line.width));
    field(buffer, typed, input.value(), input.cursor(), theme.strong)
}
