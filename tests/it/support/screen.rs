//! A frame as text, as a snapshot, and as facts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset, Utc};
use invalidash::app::model::Model;
use invalidash::app::pointer::Hits;
use invalidash::ui::{Theme, ViewMemory, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};

/// Returns the time one hour east of Greenwich, whatever time zone the machine has.
pub(crate) fn berlin(time: DateTime<Utc>) -> DateTime<FixedOffset> {
    FixedOffset::east_opt(3_600).map_or_else(|| time.fixed_offset(), |offset| time.with_timezone(&offset))
}

/// Draws a frame of this size. Returns it with the position of the cursor, if it is visible.
pub(crate) fn frame(model: &Model, theme: &Theme, size: (u16, u16)) -> (Buffer, Option<Position>) {
    let (buffer, _, cursor) = frame_after(model, theme, &mut ViewMemory::default(), size);
    (buffer, cursor)
}

/// Does the same with the memory of earlier frames, and also returns the clickable areas.
pub(crate) fn frame_after(
    model: &Model,
    theme: &Theme,
    memory: &mut ViewMemory,
    (width, height): (u16, u16),
) -> (Buffer, Hits, Option<Position>) {
    let Ok(mut terminal) = Terminal::new(TestBackend::new(width, height));
    let mut hits = Hits::default();
    let Ok(_) = terminal.draw(|frame| hits = view(model, theme, memory, frame));
    let backend = terminal.backend();
    let cursor = backend.cursor_visible().then(|| backend.cursor_position());
    (backend.buffer().clone(), hits, cursor)
}

/// Returns the rows of a frame without trailing spaces.
pub(crate) fn rows(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width).max(1);
    buffer.content.chunks(width).map(row).collect()
}

fn row(cells: &[Cell]) -> String {
    use ratatui::buffer::CellWidth as _;
    let (mut text, mut hidden) = (String::new(), 0);
    for cell in cells {
        if hidden > 0 {
            hidden -= 1;
            continue;
        }
        text.push_str(cell.symbol());
        hidden = usize::from(cell.symbol().cell_width()).saturating_sub(1);
    }
    text.trim_end().to_owned()
}

/// Returns the rows, the cursor, and a line that changes with any style: each style with the number of its cells, and a
/// hash of all of them.
pub(crate) fn picture(model: &Model, theme: &Theme, size: (u16, u16)) -> String {
    let (buffer, cursor) = frame(model, theme, size);
    let mut text = rows(&buffer).join("\n");
    if let Some(position) = cursor {
        let _ = write!(text, "\n\ncursor {},{}", position.x, position.y);
    }
    let _ = write!(text, "\n\n{}", styles(&buffer));
    text
}

fn styles(buffer: &Buffer) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut hash = FNV_OFFSET;
    for cell in &buffer.content {
        let name = style_name(cell);
        hash = fnv(hash, name.as_bytes());
        if !name.is_empty() {
            *counts.entry(name).or_default() += 1;
        }
    }
    let legend: Vec<_> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
    format!("styles {hash:016x}: {}", legend.join(", "))
}

fn style_name(cell: &Cell) -> String {
    let mut name = match cell.fg {
        Color::Reset => String::new(),
        color => color.to_string().to_lowercase(),
    };
    if cell.bg != Color::Reset {
        let _ = write!(name, " on {}", cell.bg.to_string().to_lowercase());
    }
    for (modifier, _) in cell
        .modifier
        .iter_names()
        .map(|(name, modifier)| (name.to_lowercase(), modifier))
    {
        let _ = write!(name, " {modifier}");
    }
    name.trim_start().to_owned()
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// Computes FNV-1a, which is the same on every machine and in every version, unlike the standard library's hash. A zero
/// byte ends each piece.
fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().chain(&[0]);
    bytes.fold(hash, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Returns the frame as the bytes that draw it on a terminal.
pub(crate) fn ansi(model: &Model, theme: &Theme, size: (u16, u16)) -> String {
    let (buffer, cursor) = frame(model, theme, size);
    let mut text = String::from("\x1b[2J");
    for y in 0..buffer.area.height {
        let _ = write!(text, "\x1b[{};1H", y + 1);
        let mut x = 0;
        while let Some(cell) = buffer.cell((x, y)) {
            use ratatui::buffer::CellWidth as _;
            let _ = write!(text, "\x1b[0{}m{}", sgr(cell), cell.symbol());
            x += cell.symbol().cell_width().max(1);
        }
    }
    let _ = match cursor {
        Some(position) => write!(text, "\x1b[0m\x1b[{};{}H\x1b[?25h", position.y + 1, position.x + 1),
        None => write!(text, "\x1b[0m\x1b[?25l"),
    };
    text
}

fn sgr(cell: &Cell) -> String {
    let mut codes = String::new();
    let modifiers = [
        (Modifier::BOLD, 1),
        (Modifier::DIM, 2),
        (Modifier::ITALIC, 3),
        (Modifier::UNDERLINED, 4),
        (Modifier::REVERSED, 7),
    ];
    for (modifier, code) in modifiers {
        if cell.modifier.contains(modifier) {
            let _ = write!(codes, ";{code}");
        }
    }
    codes + &color(cell.fg, 30) + &color(cell.bg, 40)
}

/// Returns the code of a color: from 30 on for text, from 40 on for the background.
fn color(color: Color, from: u8) -> String {
    const NAMED: [Color; 8] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::White,
    ];
    match color {
        Color::Rgb(red, green, blue) => format!(";{};2;{red};{green};{blue}", from + 8),
        Color::Indexed(number) => format!(";{};5;{number}", from + 8),
        named => {
            let place = NAMED.iter().position(|one| *one == named);
            place.map_or_else(String::new, |number| format!(";{}", usize::from(from) + number))
        }
    }
}
