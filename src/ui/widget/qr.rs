//! A QR code drawn with half blocks: two rows of modules per terminal row.

use qrcodegen::{QrCode, QrCodeEcc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::theme::Theme;

/// The width of the empty border, in modules. The standard requires four, but phones can scan a code with two or, if
/// there is no room, with one.
const QUIET: i32 = 2;
const LEAST_QUIET: i32 = 1;

/// A QR code.
pub(crate) struct Qr {
    code: QrCode,
    quiet: i32,
}

impl Qr {
    /// Creates a QR code for text; `None` if the text is too long.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Low).ok()?;
        Some(Self { code, quiet: QUIET })
    }

    /// Returns the same code with the narrowest border.
    pub(crate) fn tight(self) -> Self {
        Self {
            quiet: LEAST_QUIET,
            ..self
        }
    }

    /// Returns the width of the code, in columns.
    pub(crate) fn columns(&self) -> usize {
        usize::try_from(self.code.size() + 2 * self.quiet).unwrap_or(usize::MAX)
    }

    /// Returns the height of the code, in rows.
    pub(crate) fn rows(&self) -> usize {
        self.columns().div_ceil(2)
    }

    /// Draws the code, dark on light. On a terminal without colors, the light modules have the text color, on the
    /// assumption that the background is dark.
    pub(crate) fn draw(&self, theme: &Theme, buffer: &mut Buffer, place: Rect) {
        let colors = theme.scanned.bg.is_some();
        let style = Style::reset().patch(theme.scanned);
        let place = place.intersection(buffer.area);
        for position in place.positions() {
            let (x, y) = (
                i32::from(position.x - place.x) - self.quiet,
                2 * i32::from(position.y - place.y) - self.quiet,
            );
            if x >= self.code.size() + self.quiet || y >= self.code.size() + self.quiet {
                continue;
            }
            let filled = |y: i32| self.code.get_module(x, y) == colors;
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
