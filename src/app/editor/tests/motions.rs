//! Tests of cursor motions.

use super::*;

#[track_caller]
fn moves(before: &str, motion: Motion, after: &str) {
    let change = story(before, Command::Move(motion), after);
    assert_eq!(
        change,
        Change {
            moved: true,
            ..Change::default()
        }
    );
}

#[test]
fn left_and_right_go_by_graphemes_and_over_line_ends() {
    moves("/e\u{301}|x", Motion::Left, "/|e\u{301}x");
    moves("a\n|b", Motion::Left, "a|\nb");
    moves("|👩‍🚀x", Motion::Right, "👩‍🚀|x");
    moves("a|\nb", Motion::Right, "a\n|b");
    idle("|a", Command::Move(Motion::Left));
    idle("a|", Command::Move(Motion::Right));
}

#[test]
fn left_and_right_collapse_a_selection_to_its_end() {
    moves("a^bc|d", Motion::Left, "a|bcd");
    moves("a|bc^d", Motion::Left, "a|bcd");
    moves("a|bc^d", Motion::Right, "abc|d");
    moves("a^bc|d", Motion::LineStart, "|abcd");
}

#[test]
fn words_are_parts_of_a_path() {
    moves("/en/top-10|", Motion::WordLeft, "/en/top-|10");
    moves("/en/|top", Motion::WordLeft, "/|en/top");
    moves("a\n|b", Motion::WordLeft, "a|\nb");
    moves("/en|/caf%C3%A9?x", Motion::WordRight, "/en/caf%C3%A9|?x");
    moves("a|\nb", Motion::WordRight, "a\n|b");
    moves("a|//\nb", Motion::WordRight, "a//|\nb");
    moves("/\u{301}a|", Motion::WordLeft, "|/\u{301}a");
}

#[test]
fn vertical_moves_keep_their_column_over_short_lines() {
    let mut editor = picture("日本語/|x\na\n/index.html");
    all(&mut editor, [Command::Move(Motion::Down), Command::Move(Motion::Down)]);
    assert_eq!(drawn(&editor), "日本語/x\na\n/index.|html");
    all(&mut editor, [Command::Move(Motion::Up), Command::Move(Motion::Up)]);
    assert_eq!(drawn(&editor), "日本語/|x\na\n/index.html");
}

#[test]
fn another_move_or_an_edit_ends_the_kept_column() {
    for other in [Command::Move(Motion::LineEnd), Edit::InsertChar('x').into()] {
        let mut editor = picture("abcdef|\n\nabcdef");
        all(
            &mut editor,
            [Command::Move(Motion::Down), other, Command::Move(Motion::Down)],
        );
        assert_eq!(editor.cursor().line, 2);
        assert!(editor.cursor().byte <= 1);
    }
}

#[test]
fn a_column_within_a_wide_character_is_its_start() {
    moves("a|b\n日本", Motion::Down, "ab\n|日本");
    idle("日|本", Command::Move(Motion::Up));
}

#[test]
fn pages_lines_and_ends_stop_at_the_text() {
    moves("a\nb\nc\nd|", Motion::PageUp(2), "a\nb|\nc\nd");
    moves("a|\nb\nc", Motion::PageDown(usize::MAX), "a\nb\nc|");
    moves("a\nb|", Motion::Top, "|a\nb");
    moves("a|\nbb", Motion::Bottom, "a\nbb|");
    moves("a|\nbb\nc", Motion::Line(1), "a\n|bb\nc");
    moves("a|\nbb", Motion::Line(9), "a\n|bb");
    moves("a|b", Motion::LineEnd, "ab|");
    idle("a|", Command::Move(Motion::Down));
    idle("a|\nb", Command::Move(Motion::PageUp(3)));
}

#[test]
fn places_from_outside_are_clamped() {
    moves("|ae\u{301}b", Motion::Position(Position::new(0, 3)), "a|e\u{301}b");
    moves("|ab\ncd", Motion::Position(Position::new(0, 99)), "ab|\ncd");
    moves("|ab\ncd", Motion::Position(Position::new(7, 0)), "ab\ncd|");
    let select = Command::Select {
        anchor: Position::new(0, 1),
        cursor: Position::new(usize::MAX, usize::MAX),
    };
    story("|ab\ncd", select, "a^b\ncd|");
}

#[test]
fn every_motion_can_extend_the_selection() {
    story("a|bc", Command::Extend(Motion::Right), "a^b|c");
    story("a^b|c", Command::Extend(Motion::Right), "a^bc|");
    story("a^b|c", Command::Extend(Motion::Left), "a|bc");
    story("a^b|c\nd", Command::Extend(Motion::Down), "a^bc\nd|");
    story("ab|\nc", Command::Extend(Motion::Top), "|ab^\nc");
    story("a|b\nc", Command::SelectAll, "^ab\nc|");
    idle("|", Command::SelectAll);
}
