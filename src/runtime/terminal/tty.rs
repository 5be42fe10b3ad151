//! The ratatui backend. It writes each frame in a single write, and nothing if the frame is unchanged.

use std::{cell::Cell as Remembered, io};

use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
    style::Color,
};
use rustix::{stdio, termios::tcgetwinsize};

use self::encode::Encoder;
use super::modes;

mod ascii;
mod encode;

const BEGIN_SYNCHRONIZED: &[u8] = b"\x1b[?2026h";
const END_SYNCHRONIZED: &[u8] = b"\x1b[?2026l";
const HIDE_CURSOR: &[u8] = b"\x1b[?25l";
const SHOW_CURSOR: &[u8] = b"\x1b[?25h";

/// A ratatui backend on standard output.
///
/// It differs from ratatui's own: cells are encoded in fewer bytes; a frame is a single synchronized write instead of
/// three; the cursor is only moved when necessary; it never queries the terminal; it writes nothing once the terminal
/// is restored; and `NO_COLOR` removes colors, but not bold or reverse.
#[derive(Debug)]
pub struct Tty {
    /// Encoded cells that have not been flushed yet ([`Backend::flush`]).
    cells: Vec<u8>,
    colors: bool,
    /// Whether the screen's own symbols are written in ASCII.
    ascii: bool,
    /// The cursor that ratatui requests.
    cursor: Cursor,
    /// The cursor that the terminal shows, if it was set by this backend.
    shown: Cursor,
    position: Position,
    /// The last known size, kept because a terminal that is disappearing has none, and some (serial lines, containers)
    /// never have one.
    size: Remembered<Size>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    Hidden,
    At(Position),
}

impl Tty {
    /// Creates a backend with or without colors.
    pub(super) fn new(colors: bool) -> Self {
        Self {
            cells: Vec::with_capacity(16 * 1024),
            colors,
            ascii: false,
            cursor: Cursor::Hidden,
            shown: Cursor::Hidden,
            position: Position::ORIGIN,
            size: Remembered::new(size_told(|name| std::env::var(name).ok())),
        }
    }

    /// Sets whether the screen's own symbols are written in ASCII from now on.
    pub(super) fn set_ascii(&mut self, ascii: bool) {
        self.ascii = ascii;
    }

    /// Discards pending cells and the known cursor. The modes were just set, which hides the cursor.
    pub(super) fn forget(&mut self) {
        self.cells.clear();
        self.shown = Cursor::Hidden;
    }

    fn encoder(&mut self) -> CrosstermBackend<&mut Vec<u8>> {
        CrosstermBackend::new(&mut self.cells)
    }

    /// Returns the bytes that change the terminal from its current to the desired contents; empty if they are the same.
    fn take_frame(&mut self) -> Vec<u8> {
        let mut frame = Vec::new();
        if self.cells.is_empty() && self.shown == self.cursor {
            return frame;
        }
        frame.reserve(self.cells.len() + 64);
        frame.extend_from_slice(BEGIN_SYNCHRONIZED);
        if self.shown != Cursor::Hidden {
            frame.extend_from_slice(HIDE_CURSOR);
        }
        frame.append(&mut self.cells);
        if let Cursor::At(position) = self.cursor {
            frame.extend_from_slice(format!("\x1b[{};{}H", position.y + 1, position.x + 1).as_bytes());
            frame.extend_from_slice(SHOW_CURSOR);
        }
        frame.extend_from_slice(END_SYNCHRONIZED);
        self.shown = self.cursor;
        frame
    }
}

impl Backend for Tty {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        let (colors, ascii) = (self.colors, self.ascii);
        let plainer = |cell: &Cell| {
            let mut cell = if colors { cell.clone() } else { without_colors(cell) };
            if let Some(sign) = ascii.then(|| ascii::of(cell.symbol())).flatten() {
                cell.set_symbol(sign);
            }
            cell
        };
        let mut encoder = Encoder::new(&mut self.cells);
        for (x, y, cell) in content {
            if colors && !ascii {
                encoder.put(x, y, cell);
            } else {
                encoder.put(x, y, &plainer(cell));
            }
        }
        encoder.end();
        Ok(())
    }

    fn append_lines(&mut self, lines: u16) -> io::Result<()> {
        self.encoder().append_lines(lines)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor = Cursor::Hidden;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.cursor = Cursor::At(self.position);
        Ok(())
    }

    /// Returns the position last set. If the terminal were queried, the input reader would consume its response.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.position)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.position = position.into();
        if self.cursor != Cursor::Hidden {
            self.cursor = Cursor::At(self.position);
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.encoder().clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        if let Ok(window) = tcgetwinsize(stdio::stdout())
            && window.ws_col > 0
            && window.ws_row > 0
        {
            self.size.set(Size::new(window.ws_col, window.ws_row));
        }
        Ok(self.size.get())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        let window = tcgetwinsize(stdio::stdout())?;
        Ok(WindowSize {
            columns_rows: Size::new(window.ws_col, window.ws_row),
            pixels: Size::new(window.ws_xpixel, window.ws_ypixel),
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        let frame = self.take_frame();
        if frame.is_empty() { Ok(()) } else { modes::emit(&frame) }
    }
}

/// The size assumed for a terminal that does not report one.
pub(super) const ASSUMED: Size = Size::new(80, 24);

/// Returns the size from COLUMNS and LINES, with a default for each one that is not set.
fn size_told(variable: impl Fn(&str) -> Option<String>) -> Size {
    let number = |name, assumed| {
        let told = variable(name).and_then(|text| text.parse().ok());
        told.filter(|number| (1..=1_000).contains(number)).unwrap_or(assumed)
    };
    Size::new(number("COLUMNS", ASSUMED.width), number("LINES", ASSUMED.height))
}

fn without_colors(cell: &Cell) -> Cell {
    let mut cell = cell.clone();
    cell.fg = Color::Reset;
    cell.bg = Color::Reset;
    cell.underline_color = Color::Reset;
    cell
}

#[cfg(test)]
mod tests;
