//! A QR code of half blocks: two rows of it in one of the terminal.

use qrcodegen::{QrCode, QrCodeEcc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::theme::Theme;

/// The empty border, in modules. The standard asks for four; phones are content with two.
const QUIET: i32 = 2;

/// A picture that a phone reads.
pub(crate) struct Qr(QrCode);

impl Qr {
    /// That of a text; `None` for one that is too long.
    pub(crate) fn of(text: &str) -> Option<Self> {
        QrCode::encode_text(text, QrCodeEcc::Low).ok().map(Self)
    }

    /// How many columns it takes.
    pub(crate) fn columns(&self) -> usize {
        usize::try_from(self.0.size() + 2 * QUIET).unwrap_or(usize::MAX)
    }

    /// How many rows.
    pub(crate) fn rows(&self) -> usize {
        self.columns().div_ceil(2)
    }

    /// Draws it, dark on light: on a terminal without colours what is light is the text, as on a dark background.
    pub(crate) fn draw(&self, theme: &Theme, buffer: &mut Buffer, place: Rect) {
        let colours = theme.scanned.bg.is_some();
        let style = Style::reset().patch(theme.scanned);
        let place = place.intersection(buffer.area);
        for position in place.positions() {
            let (x, y) = (
                i32::from(position.x - place.x) - QUIET,
                2 * i32::from(position.y - place.y) - QUIET,
            );
            if x >= self.0.size() + QUIET || y >= self.0.size() + QUIET {
                continue;
            }
            let filled = |y: i32| self.0.get_module(x, y) == colours;
            let symbol = match (filled(y), filled(y + 1)) {
                (true, true) => "█",
                (true, false) => "▀",
                (false, true) => "▄",
                (false, false) => " ",
            };
            if let Some(cell) = buffer.cell_mut(position) {
                cell.set_symbol(symbol).set_style(style);
            }
        }
    }
}
