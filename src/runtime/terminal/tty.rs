//! The ratatui backend: a frame becomes one write, and a frame without a change none.

use std::{cell::Cell as Remembered, io};

use ratatui::{
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
    style::Color,
};
use rustix::{stdio, termios::tcgetwinsize};

use super::modes;

mod ascii;

const BEGIN_SYNCHRONIZED: &[u8] = b"\x1b[?2026h";
const END_SYNCHRONIZED: &[u8] = b"\x1b[?2026l";
const HIDE_CURSOR: &[u8] = b"\x1b[?25l";
const SHOW_CURSOR: &[u8] = b"\x1b[?25h";

/// Standard output as a ratatui backend.
///
/// It adds to ratatui's own, which encodes the cells: a frame goes out as one synchronized write instead of three;
/// the cursor is moved only when it must be; it never asks the terminal anything; it writes nothing once the terminal
/// is given back; and `NO_COLOR` takes away colours, not bold or reverse.
#[derive(Debug)]
pub struct Tty {
    /// Encoded cells that wait for [`Backend::flush`].
    cells: Vec<u8>,
    colours: bool,
    /// Whether the screen's own signs are written in ASCII.
    ascii: bool,
    /// Where ratatui wants the cursor.
    cursor: Cursor,
    /// What the terminal shows, as far as we have told it.
    shown: Cursor,
    position: Position,
    /// The last size that could be had: a terminal that is going away has none, and some (serial lines, containers) have
    /// none to begin with.
    size: Remembered<Size>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cursor {
    Hidden,
    At(Position),
}

impl Tty {
    /// A backend with or without colours.
    pub(super) fn new(colours: bool) -> Self {
        // Under NO_COLOR crossterm writes `ESC[;m` for a colour, which is a full reset: bold and reverse go with it.
        // So crossterm is told to write colours, and cells without colours are what it gets.
        crossterm::style::force_color_output(true);
        Self {
            cells: Vec::with_capacity(16 * 1024),
            colours,
            ascii: false,
            cursor: Cursor::Hidden,
            shown: Cursor::Hidden,
            position: Position::ORIGIN,
            size: Remembered::new(size_told(|name| std::env::var(name).ok())),
        }
    }

    /// Writes the screen's own signs in ASCII from now on, or as they are.
    pub(super) fn set_ascii(&mut self, ascii: bool) {
        self.ascii = ascii;
    }

    /// Forgets what the terminal shows; the modes were just set, which hides the cursor.
    pub(super) fn forget(&mut self) {
        self.cells.clear();
        self.shown = Cursor::Hidden;
    }

    fn encoder(&mut self) -> CrosstermBackend<&mut Vec<u8>> {
        CrosstermBackend::new(&mut self.cells)
    }

    /// The bytes that bring the terminal from what it shows to what is wanted; none when that is the same.
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
        if self.colours && !self.ascii {
            return self.encoder().draw(content);
        }
        let (colours, ascii) = (self.colours, self.ascii);
        let plainer = |cell: &Cell| {
            let mut cell = if colours { cell.clone() } else { without_colours(cell) };
            if let Some(sign) = ascii.then(|| ascii::of(cell.symbol())).flatten() {
                cell.set_symbol(sign);
            }
            cell
        };
        let cells: Vec<_> = content.map(|(x, y, cell)| (x, y, plainer(cell))).collect();
        self.encoder().draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell)))
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

    /// The position last set: asking the terminal would wait for an answer that the input stream eats.
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

/// The size of a terminal that tells none.
pub(super) const ASSUMED: Size = Size::new(80, 24);

/// What COLUMNS and LINES say, each where it says something.
fn size_told(variable: impl Fn(&str) -> Option<String>) -> Size {
    let number = |name, assumed| {
        let told = variable(name).and_then(|text| text.parse().ok());
        told.filter(|number| (1..=1_000).contains(number)).unwrap_or(assumed)
    };
    Size::new(number("COLUMNS", ASSUMED.width), number("LINES", ASSUMED.height))
}

fn without_colours(cell: &Cell) -> Cell {
    let mut cell = cell.clone();
    cell.fg = Color::Reset;
    cell.bg = Color::Reset;
    cell.underline_color = Color::Reset;
    cell
}

#[cfg(test)]
mod tests;
