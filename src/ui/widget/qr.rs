//! A QR code drawn with half blocks: two rows of modules per terminal row.

use qrcodegen::{QrCode, QrCodeEcc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::theme::Theme;

/// The empty border, in modules. The standard requires four, but two are enough for phones.
const QUIET: i32 = 2;

/// A QR code.
pub(crate) struct Qr(QrCode);

impl Qr {
    /// Creates the QR code of a text; `None` if the text is too long.
    pub(crate) fn of(text: &str) -> Option<Self> {
        QrCode::encode_text(text, QrCodeEcc::Low).ok().map(Self)
    }

    /// Returns its width in columns.
    pub(crate) fn columns(&self) -> usize {
        usize::try_from(self.0.size() + 2 * QUIET).unwrap_or(usize::MAX)
    }

    /// Returns its height in rows.
    pub(crate) fn rows(&self) -> usize {
        self.columns().div_ceil(2)
    }

    /// Draws it, dark on light. On a terminal without colors, the light modules have the color of text, as on a dark
    /// background.
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
