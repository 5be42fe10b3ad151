#![expect(clippy::unwrap_used, reason = "writing to memory cannot fail")]

use ratatui::style::{Modifier, Style};

use super::*;

fn cell(symbol: &'static str, style: Style) -> Cell {
    let mut cell = Cell::new(symbol);
    cell.set_style(style);
    cell
}

fn frame(tty: &mut Tty, cells: &[(u16, u16, Cell)]) -> String {
    tty.draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell))).unwrap();
    String::from_utf8(tty.take_frame()).unwrap()
}

fn selected() -> [(u16, u16, Cell); 2] {
    let style = Style::new()
        .fg(Color::White)
        .bg(Color::Blue)
        .add_modifier(Modifier::BOLD | Modifier::REVERSED);
    [(0, 0, cell("a", style)), (1, 0, cell("b", style))]
}

#[test]
fn a_frame_is_one_synchronized_piece() {
    let bytes = frame(&mut Tty::new(true), &selected());
    assert_eq!(bytes, "\x1b[?2026h\x1b[1;1H\x1b[1;7;97;44mab\x1b[m\x1b[?2026l");
}

#[test]
fn without_colors_bold_and_reverse_stay() {
    let bytes = frame(&mut Tty::new(false), &selected());
    assert_eq!(bytes, "\x1b[?2026h\x1b[1;1H\x1b[1;7mab\x1b[m\x1b[?2026l");
}

#[test]
fn nothing_to_change_is_nothing_to_write() {
    let mut tty = Tty::new(true);
    tty.hide_cursor().unwrap();
    assert_eq!(frame(&mut tty, &[]), "");
}

#[test]
fn the_cursor_is_told_when_it_changes_and_after_cells() {
    let mut tty = Tty::new(true);
    let x = [(0, 0, cell("x", Style::new()))];
    tty.show_cursor().unwrap();
    tty.set_cursor_position((4, 2)).unwrap();
    assert_eq!(frame(&mut tty, &[]), "\x1b[?2026h\x1b[3;5H\x1b[?25h\x1b[?2026l");
    assert_eq!(frame(&mut tty, &[]), "");
    assert_eq!(tty.get_cursor_position().unwrap(), Position::new(4, 2));

    let with_cell = frame(&mut tty, &x);
    assert!(with_cell.starts_with("\x1b[?2026h\x1b[?25l\x1b[1;1Hx"), "{with_cell:?}");
    assert!(with_cell.ends_with("\x1b[3;5H\x1b[?25h\x1b[?2026l"), "{with_cell:?}");

    tty.hide_cursor().unwrap();
    assert_eq!(frame(&mut tty, &[]), "\x1b[?2026h\x1b[?25l\x1b[?2026l");
}

#[test]
fn after_the_modes_were_set_again_the_cursor_is_told_again() {
    let mut tty = Tty::new(true);
    tty.show_cursor().unwrap();
    assert_ne!(frame(&mut tty, &[]), "");
    tty.forget();
    assert_eq!(frame(&mut tty, &[]), "\x1b[?2026h\x1b[1;1H\x1b[?25h\x1b[?2026l");
}

#[test]
fn in_ascii_nothing_but_data_is_wider_than_one_column() {
    let mut tty = Tty::new(true);
    tty.set_ascii(true);
    let signs = ["╭", "─", "│", "▌", "✓", "✗", "…", "▰", "▱", "é", "a"];
    let cells: Vec<_> = signs
        .iter()
        .zip(0..)
        .map(|(sign, x)| (x, 0, cell(sign, Style::new())))
        .collect();
    let written = frame(&mut tty, &cells);
    assert!(written.contains("+-||vx>#.éa"), "{written:?}");
}
