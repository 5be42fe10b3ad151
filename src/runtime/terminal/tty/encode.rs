//! Encodes cells compactly, because on a slow connection the byte count determines how quickly a key takes effect.

use std::io::Write as _;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// The modifiers, with the parameters that switch each on and off. Bold and dim are switched off together.
const MODIFIERS: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// The terminal's current style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pen {
    foreground: Color,
    background: Color,
    modifier: Modifier,
}

/// The modifiers that are visible on a blank.
const SEEN_ON_BLANKS: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::CROSSED_OUT);

/// The length of the shortest run of blanks that takes fewer bytes to erase and skip than to write.
const ERASED: u16 = 12;
/// The length of the shortest run of blanks at the end of a line that takes fewer bytes to erase than to write.
const ERASED_AT_END: u16 = 6;

impl Pen {
    /// Returns whether a blank looks the same in both styles: the background is the same, and nothing else is visible.
    fn is_same_on_blanks(self, other: Self) -> bool {
        let is_plain = |pen: Self| (pen.modifier & SEEN_ON_BLANKS).is_empty();
        self.background == other.background && is_plain(self) && is_plain(other)
    }

    /// Returns whether every terminal can erase in this style. Some cannot erase with a background color.
    fn erases(self) -> bool {
        self.background == Color::Reset
    }
}

/// An encoder that writes cells one after another.
pub(super) struct Encoder<'a> {
    bytes: &'a mut Vec<u8>,
    pen: Pen,
    /// The position after the last cell.
    next: Option<(u16, u16)>,
    /// Whether everything since the last absolute position was ASCII. Terminals do not agree on the width of other
    /// characters, so a relative movement could end elsewhere.
    certain: bool,
    /// The number of blanks before `next` that are not written yet.
    blanks: u16,
}

impl<'a> Encoder<'a> {
    /// Creates an encoder for a terminal in its default style.
    pub(super) fn new(bytes: &'a mut Vec<u8>) -> Self {
        Self {
            bytes,
            pen: Pen::default(),
            next: None,
            certain: false,
            blanks: 0,
        }
    }

    /// Writes a cell at a position.
    pub(super) fn put(&mut self, x: u16, y: u16, cell: &Cell) {
        let pen = Pen {
            foreground: cell.fg,
            background: cell.bg,
            modifier: cell.modifier,
        };
        if cell.symbol() == " " && pen.is_same_on_blanks(pen) {
            return self.blank(x, y, pen);
        }
        self.go_to(x, y);
        self.take(pen);
        let symbol = cell.symbol();
        self.bytes.extend_from_slice(symbol.as_bytes());
        self.certain &= symbol.len() == 1;
        self.next = Some((x.saturating_add(1), y));
    }

    /// Ends the frame and returns to the terminal's default style.
    pub(super) fn end(mut self) {
        self.write_blanks(ERASED_AT_END);
        self.take(Pen::default());
    }

    /// Adds a blank to the pending ones. If only its background is visible, the style need not change for it.
    fn blank(&mut self, x: u16, y: u16, pen: Pen) {
        let continues = self.blanks > 0 && self.next == Some((x, y)) && pen.is_same_on_blanks(self.pen);
        if !continues {
            self.go_to(x, y);
            if !pen.is_same_on_blanks(self.pen) {
                self.take(pen);
            }
        }
        self.blanks += 1;
        self.next = Some((x.saturating_add(1), y));
    }

    /// Writes the pending blanks, or erases them if there are at least `erased_from`. Erasing leaves the cursor before
    /// them.
    fn write_blanks(&mut self, erased_from: u16) {
        let blanks = std::mem::take(&mut self.blanks);
        if blanks < erased_from || !self.pen.erases() {
            self.bytes.extend(std::iter::repeat_n(b' ', usize::from(blanks)));
            return;
        }
        let _ = write!(self.bytes, "\x1b[{blanks}X");
        self.next = self.next.map(|(x, y)| (x.saturating_sub(blanks), y));
    }

    fn go_to(&mut self, x: u16, y: u16) {
        let follows = self.next.is_some_and(|(_, line)| line == y);
        self.write_blanks(if follows { ERASED } else { ERASED_AT_END });
        match self.next {
            Some(next) if next == (x, y) => {}
            Some((from, line)) if line == y && from < x && self.certain => self.step(x - from),
            // This sets the column even if the terminal measured the line's text differently.
            Some((_, line)) if line == y => {
                let _ = write!(self.bytes, "\x1b[{}G", u32::from(x) + 1);
                self.certain = true;
            }
            _ => {
                // Writing to a vector cannot fail.
                let _ = write!(self.bytes, "\x1b[{};{}H", u32::from(y) + 1, u32::from(x) + 1);
                self.certain = true;
            }
        }
    }

    fn step(&mut self, columns: u16) {
        let _ = match columns {
            1 => write!(self.bytes, "\x1b[C"),
            _ => write!(self.bytes, "\x1b[{columns}C"),
        };
    }

    /// Changes the style with one sequence.
    fn take(&mut self, pen: Pen) {
        if pen == self.pen {
            return;
        }
        if pen == Pen::default() {
            self.bytes.extend_from_slice(b"\x1b[m");
        } else {
            self.bytes.extend_from_slice(b"\x1b[");
            let begin = self.bytes.len();
            self.modify(pen.modifier);
            if pen.foreground != self.pen.foreground {
                self.color(pen.foreground, 30);
            }
            if pen.background != self.pen.background {
                self.color(pen.background, 40);
            }
            // Each parameter is followed by a separator; the last one ends the sequence.
            match self.bytes.last_mut().filter(|last| **last == b';') {
                Some(last) => *last = b'm',
                None => self.bytes.truncate(begin - 2),
            }
        }
        self.pen = pen;
    }

    fn modify(&mut self, wanted: Modifier) {
        const INTENSITY: Modifier = Modifier::BOLD.union(Modifier::DIM);
        let mut worn = self.pen.modifier;
        for (modifier, _, off) in MODIFIERS {
            if worn.contains(modifier) && !wanted.contains(modifier) {
                self.parameter(off);
                worn.remove(if off == 22 { INTENSITY } else { modifier });
            }
        }
        for (modifier, on, _) in MODIFIERS {
            if wanted.contains(modifier) && !worn.contains(modifier) {
                self.parameter(on);
            }
        }
    }

    /// Writes the parameters of a color; `first` is the parameter for the first of the sixteen colors, 30 or 40.
    fn color(&mut self, color: Color, first: u8) {
        let _ = match color {
            Color::Reset => write!(self.bytes, "{};", first + 9),
            Color::Indexed(number) => write!(self.bytes, "{};5;{number};", first + 8),
            Color::Rgb(red, green, blue) => write!(self.bytes, "{};2;{red};{green};{blue};", first + 8),
            Color::Black => write!(self.bytes, "{first};"),
            Color::Red => write!(self.bytes, "{};", first + 1),
            Color::Green => write!(self.bytes, "{};", first + 2),
            Color::Yellow => write!(self.bytes, "{};", first + 3),
            Color::Blue => write!(self.bytes, "{};", first + 4),
            Color::Magenta => write!(self.bytes, "{};", first + 5),
            Color::Cyan => write!(self.bytes, "{};", first + 6),
            Color::Gray => write!(self.bytes, "{};", first + 7),
            Color::DarkGray => write!(self.bytes, "{};", first + 60),
            Color::LightRed => write!(self.bytes, "{};", first + 61),
            Color::LightGreen => write!(self.bytes, "{};", first + 62),
            Color::LightYellow => write!(self.bytes, "{};", first + 63),
            Color::LightBlue => write!(self.bytes, "{};", first + 64),
            Color::LightMagenta => write!(self.bytes, "{};", first + 65),
            Color::LightCyan => write!(self.bytes, "{};", first + 66),
            Color::White => write!(self.bytes, "{};", first + 67),
        };
    }

    fn parameter(&mut self, number: u8) {
        let _ = write!(self.bytes, "{number};");
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use proptest::prelude::*;
    use ratatui::backend::{Backend as _, CrosstermBackend};
    use ratatui::style::Style;

    use super::*;

    fn cell(symbol: &str, style: Style) -> Cell {
        let mut cell = Cell::default();
        cell.set_symbol(symbol).set_style(style);
        cell
    }

    fn encoded(cells: &[(u16, u16, Cell)]) -> String {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes);
        for (x, y, cell) in cells {
            encoder.put(*x, *y, cell);
        }
        encoder.end();
        String::from_utf8_lossy(&bytes).replace('\x1b', "^")
    }

    #[test]
    fn a_style_is_one_sequence_and_a_gap_a_short_step() {
        let green = Style::new().fg(Color::Green);
        let dim = Style::new().add_modifier(Modifier::DIM);
        let cells = [
            (0, 0, cell("a", green)),
            (1, 0, cell("b", dim)),
            (4, 0, cell("c", dim)),
            (6, 0, cell("✓", dim)),
            (9, 0, cell("d", Style::new())),
            (0, 1, cell("e", Style::new())),
        ];
        let expected = "^[1;1H^[32ma^[2;39mb^[2Cc^[C✓^[10G^[md^[2;1He";
        assert_eq!(encoded(&cells), expected);
    }

    #[test]
    fn blanks_have_no_style_of_their_own_and_many_are_erased() {
        let dim = Style::new().add_modifier(Modifier::DIM);
        let marked = Style::new().bg(Color::Indexed(24));
        let blanks = |y: u16, count: u16, style: Style| (0..count).map(move |x| (x + 1, y, cell(" ", style)));
        let line = |y: u16, count: u16, style: Style| {
            let ends = [(0, y, cell("a", style)), (count + 1, y, cell("b", dim))];
            let [first, last] = ends;
            [first].into_iter().chain(blanks(y, count, Style::new())).chain([last])
        };
        let cells: Vec<_> = line(0, 3, dim).chain(line(1, 12, dim)).collect();
        assert_eq!(encoded(&cells), "^[1;1H^[2ma   b^[2;1Ha^[12X^[12Cb^[m");
        let cells: Vec<_> = blanks(0, 6, dim).chain(blanks(1, 20, marked)).collect();
        assert_eq!(
            encoded(&cells),
            format!("^[1;2H^[6X^[2;2H^[48;5;24m{}^[m", " ".repeat(20))
        );
    }

    fn styles() -> impl Strategy<Value = Style> {
        let colors = || {
            prop::sample::select(vec![
                Color::Reset,
                Color::Red,
                Color::Gray,
                Color::DarkGray,
                Color::White,
                Color::Indexed(24),
                Color::Rgb(1, 20, 255),
            ])
        };
        let modifiers = prop::sample::select(vec![
            Modifier::empty(),
            Modifier::BOLD,
            Modifier::DIM,
            Modifier::BOLD | Modifier::DIM,
            Modifier::BOLD | Modifier::REVERSED,
            Modifier::UNDERLINED,
        ]);
        (colors(), colors(), modifiers).prop_map(|(fg, bg, modifier)| Style::new().fg(fg).bg(bg).add_modifier(modifier))
    }

    /// Returns what is visible of each cell; for a blank, that is only the background.
    fn shown(bytes: &[u8]) -> Vec<String> {
        let (rows, columns) = (NonZero::new(6), NonZero::new(20));
        let Some((rows, columns)) = rows.zip(columns) else {
            return Vec::new();
        };
        let mut terminal = vt100::Parser::new(rows, columns, 0);
        terminal.process(bytes);
        let places = (0..6).flat_map(|row| (0..20).map(move |column| (row, column)));
        let cells = places.filter_map(|(row, column)| terminal.screen().cell(row, column));
        cells
            .map(|cell| {
                let background = format!("{:?} {} {}", cell.bgcolor(), cell.inverse(), cell.underline());
                let is_blank = cell.contents().trim().is_empty();
                // This terminal has a single intensity, so whether it shows bold or dim depends on the preceding cells.
                let styled = (cell.fgcolor(), cell.bold() || cell.dim());
                let style = if is_blank && !cell.inverse() && !cell.underline() {
                    String::new()
                } else {
                    format!("{styled:?}")
                };
                format!("{:?} {background} {style}", cell.contents().trim())
            })
            .collect()
    }

    proptest! {
        /// Checks that a terminal shows the same cells as with ratatui's own encoder, whatever changes.
        #[test]
        fn it_means_what_ratatui_means(
            cells in prop::collection::btree_map((0_u16..6, 0_u16..20), (prop::sample::select(vec!["a", " ", " ", "é", "▰"]), styles()), 0..60)
        ) {
            let cells: Vec<_> = cells
                .into_iter()
                .map(|((y, x), (symbol, style))| (x, y, cell(symbol, style)))
                .collect();
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            let mut encoder = Encoder::new(&mut ours);
            for (x, y, cell) in &cells {
                encoder.put(*x, *y, cell);
            }
            encoder.end();
            crossterm::style::force_color_output(true);
            let content = cells.iter().map(|(x, y, cell)| (*x, *y, cell));
            prop_assert!(CrosstermBackend::new(&mut theirs).draw(content).is_ok());
            prop_assert_eq!(shown(&ours), shown(&theirs));
        }
    }
}
