//! Tests of typing, pasting, deleting and copying.

use super::*;

#[test]
fn an_editor_begins_with_one_empty_line() {
    let editor = Editor::default();
    assert_eq!((editor.len(), editor.line(0), editor.text().as_str()), (1, "", ""));
    assert_eq!((editor.cursor(), editor.selection()), (Position::default(), None));
    assert_eq!(Editor::from_lines(Vec::<String>::new()).len(), 1);
}

#[test]
fn text_goes_in_at_the_cursor() {
    story("/a|c", Edit::InsertChar('b'), "/ab|c");
    story("/a|c", Edit::InsertChar('\r'), "/a\n|c");
    story("/a|c", Edit::Newline, "/a\n|c");
    story("/a|c", paste("b\n/d\n/e"), "/ab\n/d\n/e|c");
    story("x^y|z", Edit::InsertChar('é'), "xé|z");
    story("/a^\n/b\n/|c", paste("-"), "/a-|c");
    story("|a^b", Edit::Newline, "\n|b");
}

#[test]
fn every_line_break_of_a_paste_ends_a_line() {
    story("|", paste("a\r\nb\rc\nd"), "a\nb\nc\nd|");
    story("|", paste("\n\r\r\n"), "\n\n\n|");
    story("|", paste("a\r\n"), "a\n|");
}

#[test]
fn everything_else_is_kept_byte_for_byte() {
    let hostile = "\t\0\u{1b}[2J\u{7f}\u{85}\u{b}\u{c}\u{2028}\u{202e}\u{feff}e\u{301}";
    let mut editor = Editor::default();
    editor.apply(paste(hostile).into());
    assert_eq!((editor.len(), editor.text().as_str()), (1, hostile));
}

#[test]
fn lines_from_outside_carry_no_line_breaks() {
    let editor = Editor::from_lines(["a\r\nb", "", "c\r"]);
    assert_eq!(editor.lines().collect::<Vec<_>>(), ["a", "b", "", "c", ""]);
}

#[test]
fn deleting_goes_by_graphemes() {
    story("/cafe\u{301}|", Edit::Backspace, "/caf|");
    story("👩‍🚀|x", Edit::Backspace, "|x");
    story("|🇩🇪🇫🇷", Edit::Delete, "|🇫🇷");
    story("a\n|b", Edit::Backspace, "a|b");
    story("a|\nb", Edit::Delete, "a|b");
    story("^a\n|b", Edit::Backspace, "|b");
    story("|a\n^b", Edit::Delete, "|b");
    idle("|a", Edit::Backspace);
    idle("a|", Edit::Delete);
}

#[test]
fn deleting_goes_by_words_of_a_path() {
    story(
        "/images/summer-sale/a.jpg|",
        Edit::DeleteWordBack,
        "/images/summer-sale/a.|",
    );
    story("/images/summer-|", Edit::DeleteWordBack, "/images/|");
    story("/images/|", Edit::DeleteWordBack, "/|");
    story("/caf%C3%A9|", Edit::DeleteWordBack, "/|");
    story("/日本 語|", Edit::DeleteWordBack, "/日本 |");
    story("a\n|b", Edit::DeleteWordBack, "a|b");
    story("|/en/index.html", Edit::DeleteWordForward, "|/index.html");
    story("a|\nb", Edit::DeleteWordForward, "a|b");
    story("a^b c|d", Edit::DeleteWordBack, "a|d");
}

#[test]
fn deleting_goes_to_the_ends_of_the_line_and_not_over_them() {
    story("/a|b", Edit::DeleteToLineStart, "|b");
    story("/a|b", Edit::DeleteToLineEnd, "/a|");
    story("a^b\nc|d", Edit::DeleteToLineEnd, "a|d");
    idle("x\n|ab", Edit::DeleteToLineStart);
    idle("ab|\nx", Edit::DeleteToLineEnd);
}

#[test]
fn the_cursor_stays_out_of_graphemes_that_grow_together() {
    story("|\u{301}x", Edit::InsertChar('e'), "e\u{301}|x");
    story("🇩^x|🇪", Edit::Delete, "🇩🇪|");
}

#[test]
fn copying_takes_the_selection_or_the_line() {
    let copied = |text: &str| Change {
        copied: Some(text.to_owned()),
        ..Change::default()
    };
    assert_eq!(story("a^b\nc\nd|e", Command::Copy, "a^b\nc\nd|e"), copied("b\nc\nd"));
    assert_eq!(story("a|b\nc", Command::Copy, "a|b\nc"), copied("ab\n"));
    idle("a\n|", Command::Copy);
}

#[test]
fn cutting_deletes_what_it_copies() {
    let change = story("a^b\nc|d\ne", Command::Cut, "a|d\ne");
    assert_eq!(
        (change.copied.as_deref(), change.splices),
        (Some("b\nc"), vec![splice(0, 2, 1)])
    );
    let change = story("a\nb|b\nc", Command::Cut, "a\n|c");
    assert_eq!(
        (change.copied.as_deref(), change.splices),
        (Some("bb\n"), vec![splice(1, 1, 0)])
    );
}

#[test]
fn a_line_cut_and_pasted_is_where_it_was() {
    let mut editor = picture("a\nb|b\nc");
    let line = editor.apply(Command::Cut).copied.unwrap();
    editor.apply(paste(&line).into());
    assert_eq!(drawn(&editor), "a\nbb\n|c");
}

#[test]
fn splices_name_no_line_that_stays() {
    let of = |before: &str, edit: Edit| picture(before).apply(edit.into()).splices;
    assert_eq!(of("a\nb|\nc", Edit::InsertChar('x')), [splice(1, 1, 1)]);
    assert_eq!(of("a\nb|\nc", Edit::Newline), [splice(2, 0, 1)]);
    assert_eq!(of("a\n|b\nc", Edit::Newline), [splice(1, 0, 1)]);
    assert_eq!(of("a\nb|b\nc", Edit::Newline), [splice(1, 1, 2)]);
    assert_eq!(of("a\n|\nc", Edit::Delete), [splice(1, 1, 0)]);
    assert_eq!(of("a\nb\n|", paste("c\nd\n")), [splice(2, 0, 2)]);
    assert_eq!(of("^a\nb\nc|", paste("a\nx\nc")), [splice(1, 1, 1)]);
}

#[test]
fn pasting_what_is_selected_changes_no_text() {
    let change = story("a^b\nc|d", paste("b\r\nc"), "ab\nc|d");
    assert_eq!(
        change,
        Change {
            moved: true,
            ..Change::default()
        }
    );
    idle("a|b", paste(""));
    idle("a^b|", paste(""));
}

#[test]
fn a_change_is_empty_only_if_nothing_at_all_happened() {
    let change = |splices: &[Splice], moved, copied: Option<&str>| {
        Change {
            splices: splices.to_vec(),
            moved,
            copied: copied.map(str::to_owned),
        }
        .is_empty()
    };
    assert!(change(&[], false, None));
    assert!(!change(&[splice(0, 1, 1)], false, None));
    assert!(!change(&[], true, None));
    assert!(!change(&[], false, Some("/a")));
}
