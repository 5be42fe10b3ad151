//! A box drawn over the page.

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;
use ratatui::widgets::{Block, BorderType, Clear, Padding, Widget};

use super::pen::{Pen, columns_of, line_of};

/// The look of a box.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialog<'a> {
    /// The title.
    pub title: &'a str,
    /// The style of the title.
    pub title_style: Style,
    /// The style of the border.
    pub border: Style,
    /// The base style of the whole box.
    pub base: Style,
}

/// The number of columns and rows that the border and the padding take up.
pub(crate) const FRAME: (u16, u16) = (6, 2);

impl Dialog<'_> {
    /// Clears the background and draws the border in the middle of the area, with this many columns and rows inside if
    /// there is room. Returns the areas of the inside and of the whole box.
    pub(crate) fn draw(&self, buffer: &mut Buffer, area: Rect, (columns, rows): (u16, u16)) -> (Rect, Rect) {
        let area = area.intersection(buffer.area);
        let width = columns.saturating_add(FRAME.0).min(area.width);
        let height = rows.saturating_add(FRAME.1).min(area.height);
        let x = area.x + (area.width - width) / 2;
        let y = area.y + (area.height - height) / 2;
        let outside = Rect::new(x, y, width, height);
        // A blank column next to the border separates it from the page's text.
        let cleared = Rect::new(x.saturating_sub(1), y, width.saturating_add(2), height);
        let cleared = cleared.intersection(area);
        clear(buffer, cleared);
        buffer.set_style(cleared, self.base);
        let block = Block::bordered()
            .border_type(BorderType::Rounded)
            .border_style(self.border)
            .padding(Padding::horizontal(2));
        let inside = block.inner(outside).intersection(outside);
        block.render(outside, buffer);
        let title = columns_of(line_of(outside, 0), 2, usize::from(width.saturating_sub(4)));
        Pen::new(buffer, title).spans(&[
            Span::raw(" "),
            Span::styled(self.title, self.title_style),
            Span::raw(" "),
        ]);
        (inside, outside)
    }
}

/// Clears an area. A wide character that extends into the box from the left is removed entirely, because half of it
/// would shift the border.
fn clear(buffer: &mut Buffer, area: Rect) {
    if let Some(x) = area.x.checked_sub(1) {
        for y in area.top()..area.bottom() {
            if let Some(cell) = buffer.cell_mut((x, y)).filter(|cell| cell.symbol().cell_width() > 1) {
                cell.set_symbol(" ");
            }
        }
    }
    Clear.render(area, buffer);
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    #[test]
    fn a_wide_character_does_not_break_the_border() {
        let mut buffer = Buffer::with_lines(["日日日日日日", "日日日日日日", "日日日日日日"]);
        let dialog = Dialog {
            title: "",
            title_style: Style::new(),
            border: Style::new(),
            base: Style::new(),
        };
        let area = Rect::new(1, 0, 10, 3);
        dialog.draw(&mut buffer, area, (10, 3));
        assert_eq!(buffer.cell((0, 1)).unwrap().symbol(), " ");
        assert_eq!(buffer.cell((1, 1)).unwrap().symbol(), "│");
        assert_eq!(buffer.cell((10, 1)).unwrap().symbol(), "│");
    }
}
