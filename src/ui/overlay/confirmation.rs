//! The confirmation field for dangerous actions: the user has to type a name.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::context::ViewContext;
use super::super::widget::field::field;
use super::super::widget::pen::{Pen, columns_of, line_of};
use super::super::widget::text::{width, wrap};
use crate::app::overlay::review::Confirmation;

/// Returns the prompt as lines; the field follows the last one, with enough room for the expected text.
pub(super) fn asked(confirmation: &Confirmation, columns: usize) -> Vec<String> {
    let whole = format!("type {} to submit › ", confirmation.expected);
    if width(&whole) + width(&confirmation.expected) < columns {
        return vec![whole];
    }
    let mut lines = wrap(&format!("type {} to submit", confirmation.expected), columns);
    lines.push("› ".to_owned());
    lines
}

/// Draws the field. Returns the position of the terminal's cursor.
pub(super) fn confirm(
    look: ViewContext<'_>,
    confirmation: &Confirmation,
    buffer: &mut Buffer,
    area: Rect,
) -> Option<Position> {
    let theme = look.theme;
    let lines = asked(confirmation, usize::from(area.width));
    for (number, line) in lines.iter().enumerate() {
        let mut pen = Pen::new(buffer, line_of(area, number));
        match line.split_once(&confirmation.expected) {
            Some((before, after)) => pen
                .text(before, theme.text)
                .text(&confirmation.expected, theme.strong)
                .text(after, theme.text),
            None => pen.text(line, theme.text),
        };
    }
    let last = line_of(area, lines.len().saturating_sub(1));
    let used = lines.last().map_or(0, |line| width(line));
    let place = columns_of(last, used, usize::from(last.width));
    let style = if confirmation.is_given() {
        theme.done
    } else {
        theme.wrong
    };
    field(
        buffer,
        place,
        confirmation.typed.value(),
        confirmation.typed.cursor(),
        style,
    )
}
