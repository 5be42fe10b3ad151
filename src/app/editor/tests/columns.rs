//! Tests of the mapping between bytes and cells.

use super::super::columns::{Cell, byte_at, cells, column_at, grapheme_width, width};
use super::*;

#[test]
fn a_grapheme_takes_at_least_one_cell() {
    let widths = [
        "a",
        "日",
        "e\u{301}",
        "👩‍🚀",
        "🇩🇪",
        "\u{7}",
        "\0",
        "\u{200b}",
        "\u{202e}",
        "\u{301}",
        "\u{feff}",
        "\t",
    ]
    .map(grapheme_width);
    assert_eq!(widths, [1, 2, 1, 2, 2, 1, 1, 1, 1, 1, 1, 1]);
}

#[test]
fn bytes_and_columns_answer_each_other() {
    let line = "/e\u{301}日x";
    let places: Vec<(usize, usize)> = [0, 1, 4, 7, 8].map(|byte| (byte, column_at(line, byte))).to_vec();
    assert_eq!(places, [(0, 0), (1, 1), (4, 2), (7, 4), (8, 5)]);
    assert!(places.iter().all(|(byte, column)| byte_at(line, *column) == *byte));
    assert_eq!(
        (byte_at(line, 3), byte_at(line, 99), byte_at(line, usize::MAX)),
        (4, 8, 8)
    );
    assert_eq!(
        (column_at(line, 2), column_at(line, 3), column_at(line, 99), width(line)),
        (1, 1, 5, 5)
    );
}

#[test]
fn a_window_shows_what_it_covers_even_in_part() {
    let cell = |text, byte, column, width| Cell {
        text,
        byte,
        column,
        width,
    };
    let line = "ab日本c";
    let shown: Vec<Cell> = cells(line, 3..5).collect();
    assert_eq!(shown, [cell("日", 2, 2, 2), cell("本", 5, 4, 2)]);
    assert_eq!(cells(line, 0..2).map(|cell| cell.text).collect::<String>(), "ab");
    assert_eq!(cells(line, 6..99).collect::<Vec<_>>(), [cell("c", 8, 6, 1)]);
    assert_eq!(cells(line, 7..9).count(), 0);
}

#[test]
fn a_letter_before_a_combining_mark_is_not_taken_for_a_cell_of_its_own() {
    let line = "abcde\u{301}f";
    let shown: Vec<(&str, usize)> = cells(line, 4..6).map(|cell| (cell.text, cell.column)).collect();
    assert_eq!(shown, [("e\u{301}", 4), ("f", 5)]);
    assert_eq!(column_at(line, 7), 5);
}

#[test]
fn a_click_finds_its_place() {
    let editor = Editor::from_lines(["日本", "x"]);
    assert_eq!(editor.position_at(0, 1), Position::new(0, 0));
    assert_eq!(editor.position_at(0, 2), Position::new(0, 3));
    assert_eq!(editor.position_at(0, 50), Position::new(0, 6));
    assert_eq!(editor.position_at(50, 50), Position::new(1, 1));
    assert_eq!(editor.column_at(Position::new(0, 3)), 2);
}
