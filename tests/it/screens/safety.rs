//! No size and no data make the view panic, and no external text controls the terminal.

use invalidash::domain::text::is_invisible;
use invalidash::ui::ViewMemory;
use ratatui::buffer::{Buffer, Cell, CellWidth as _};
use ratatui::style::{Color, Modifier};

use super::{scenes, theme};
use crate::support::screen::{frame, frame_after, rows};

/// Sizes at which something changes: too small, no panel, a panel, air above the footer, a panel beside the composer …
const WIDTHS: [u16; 12] = [40, 41, 47, 55, 63, 79, 80, 99, 100, 119, 120, 161];
const HEIGHTS: [u16; 9] = [8, 9, 12, 15, 16, 17, 23, 24, 51];

#[test]
fn every_scene_is_drawn_at_every_size() {
    let theme = theme("default");
    for (_, scene) in scenes::all().into_iter().chain(super::shown::more()) {
        let (scene, mut memory) = (scene(), ViewMemory::default());
        let small = (0..=40).flat_map(|width| (0..=20).map(move |height| (width, height)));
        let steps = WIDTHS
            .into_iter()
            .flat_map(|width| HEIGHTS.map(|height| (width, height)));
        let odd = [
            (1, 500),
            (500, 1),
            (40, 500),
            (500, 8),
            (500, 200),
            (220, 70),
            (60, 16),
            (40, 10),
        ];
        for size in small.chain(steps).chain(odd) {
            frame_after(&scene.model, &theme, &mut memory, size);
        }
    }
}

#[test]
fn no_cell_holds_a_character_that_steers_or_hides() {
    let theme = theme("default");
    for (name, scene) in scenes::all() {
        let scene = scene();
        for size in [(40, 8), (80, 24), (120, 40), (161, 50)] {
            let (buffer, _) = frame(&scene.model, &theme, size);
            let faults: Vec<_> = buffer
                .content
                .iter()
                .map(Cell::symbol)
                .filter(|symbol| steers(symbol))
                .collect();
            assert_eq!(faults, [""; 0], "{name} at {size:?}");
        }
    }
}

/// A variation selector may follow the symbol that it chooses the picture of; nothing else invisible may stand anywhere.
fn steers(symbol: &str) -> bool {
    let chosen = symbol.trim_end_matches('\u{fe0f}');
    chosen.is_empty() || chosen.chars().any(|c| c.is_control() || is_invisible(c))
}

#[test]
fn no_wide_character_hides_what_stands_beside_it() {
    let theme = theme("default");
    for (name, scene) in scenes::all() {
        let scene = scene();
        for size in WIDTHS.map(|width| (width, 24)) {
            let (buffer, _) = frame(&scene.model, &theme, size);
            for row in buffer.content.chunks(usize::from(size.0)) {
                let hidden = row
                    .windows(2)
                    .filter(|pair| pair[0].symbol().cell_width() > 1 && pair[1].symbol() != " ");
                assert_eq!(hidden.count(), 0, "{name} at {size:?}");
                let last = row.last().map_or(1, |cell| cell.symbol().cell_width());
                assert_eq!(last, 1, "{name} at {size:?}");
            }
        }
    }
}

#[test]
fn the_borders_of_every_layer_are_whole() {
    let theme = theme("default");
    for (name, scene) in scenes::all() {
        let scene = scene();
        for size in WIDTHS.iter().flat_map(|width| HEIGHTS.map(|height| (*width, height))) {
            let (buffer, _) = frame(&scene.model, &theme, size);
            for corner in corners(&buffer) {
                assert!(is_whole(&buffer, corner), "{name} at {size:?}: {corner:?}");
            }
            let boxes = corners(&buffer).len();
            assert_eq!(boxes, scene.model.overlays.len().min(1), "{name} at {size:?}");
        }
    }
}

/// Where boxes begin: their upper left corners.
fn corners(buffer: &Buffer) -> Vec<(u16, u16)> {
    let at = |x: u16, y: u16| buffer.cell((x, y)).map_or("", Cell::symbol) == "╭";
    let rows = 0..buffer.area.height;
    rows.flat_map(|y| (0..buffer.area.width).map(move |x| (x, y)))
        .filter(|(x, y)| at(*x, *y))
        .collect()
}

/// Whether the box that begins here has its right and its lower border, and nothing in between breaks them.
fn is_whole(buffer: &Buffer, (left, top): (u16, u16)) -> bool {
    let symbol = |x: u16, y: u16| buffer.cell((x, y)).map_or("", Cell::symbol);
    let right = (left..buffer.area.width).find(|x| symbol(*x, top) == "╮");
    let bottom = (top..buffer.area.height).find(|y| symbol(left, *y) == "╰");
    let (Some(right), Some(bottom)) = (right, bottom) else {
        return false;
    };
    symbol(right, bottom) == "╯" && (top + 1..bottom).all(|y| symbol(left, y) == "│" && symbol(right, y) == "│")
}

#[test]
fn the_mono_theme_has_no_color_at_all() {
    let theme = theme("mono");
    for (name, scene) in scenes::all() {
        let (buffer, _) = frame(&scene().model, &theme, (120, 40));
        let plain = |cell: &Cell| cell.fg == Color::Reset && cell.bg == Color::Reset;
        assert!(buffer.content.iter().all(plain), "{name}");
    }
}

/// A background or a hard black or white would be wrong on half of all terminals; the selected row brings both with it, and so
/// does a picture that a phone reads.
#[test]
fn the_colors_leave_dark_and_light_terminals_as_they_are() {
    let theme = theme("default");
    // The gray and the amber are between dark and light; the contrast of both is measured beside the palette.
    let between = [Color::Indexed(244), Color::Indexed(136)];
    let known = [Color::Reset, Color::Cyan, Color::Green, Color::Red];
    for (name, scene) in scenes::all() {
        let (buffer, _) = frame(&scene().model, &theme, (120, 40));
        let selected = |cell: &Cell| {
            let colors = (Some(cell.fg), Some(cell.bg));
            [theme.selected, theme.selected_under_way]
                .iter()
                .any(|style| colors == (style.fg, style.bg))
        };
        let scanned = |cell: &Cell| (Some(cell.fg), Some(cell.bg)) == (theme.scanned.fg, theme.scanned.bg);
        // Half of the mark's cell shows the mark's color next to the terminal's background.
        let marked = |cell: &Cell| (Some(cell.fg), Some(cell.bg)) == (theme.accent.fg, theme.selected.bg);
        let fits = |cell: &Cell| {
            (selected(cell) && cell.symbol() != theme.selected_mark)
                || (marked(cell) && cell.symbol() == theme.selected_mark)
                || scanned(cell)
                || cell.bg == Color::Reset && known.iter().chain(&between).any(|one| *one == cell.fg)
        };
        assert!(buffer.content.iter().all(fits), "{name}");
        let blinks = |cell: &Cell| cell.modifier.intersects(Modifier::SLOW_BLINK | Modifier::RAPID_BLINK);
        assert!(!buffer.content.iter().any(blinks), "{name}");
    }
}

/// Narrow or wide, low or high: an id stands whole as long as any lesser column is seen.
#[test]
fn no_id_is_cut_while_a_lesser_column_is_seen() {
    let theme = theme("default");
    let scenes: [(scenes::Named, &[&str]); 4] = [
        (("distributions", scenes::distributions), &["Last inv", "Comment"]),
        (("invalidations", scenes::invalidations), &["Took", "Items", "Note"]),
        (("tenants", scenes::tenants), &["Name", "Status"]),
        (("history", super::history::history), &["Took", "Items", "Note"]),
    ];
    for ((name, scene), lesser) in scenes {
        let (scene, mut memory) = (scene(), ViewMemory::default());
        for (width, height) in (1..=220).flat_map(|width| SWEPT.map(|height| (width, height))) {
            let (buffer, ..) = frame_after(&scene.model, &theme, &mut memory, (width, height));
            let lines = rows(&buffer);
            let Some(heading) = lines
                .get(3)
                .filter(|line| lesser.iter().any(|name| line.contains(name)))
            else {
                continue;
            };
            for line in lines.iter().skip(4).take_while(|line| !line.contains('─')) {
                let cut = line.split_whitespace().filter(|word| is_cut_id(word));
                assert_eq!(cut.count(), 0, "{name} at {width}×{height}:\n{heading}\n{line}");
            }
        }
    }
}

/// Heights at which a page has other parts, up to a screen of 70 rows.
const SWEPT: [u16; 10] = [1, 2, 5, 8, 12, 16, 24, 30, 40, 70];

/// Whether a word is the beginning of an id with the mark of what is missing.
fn is_cut_id(word: &str) -> bool {
    let Some(begin) = word.strip_suffix('…') else {
        return false;
    };
    let is_id = |first: &str| begin.starts_with(first) && begin.len() > 3;
    (is_id("E") || is_id("I") || is_id("dt_"))
        && begin
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || begin.starts_with("dt_"))
}
