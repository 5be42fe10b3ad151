//! Tests of edits that affect whole lines.

use super::*;

fn fixes(fixes: &[(usize, &str)]) -> Edit {
    Edit::ReplaceLines(fixes.iter().map(|(line, text)| (*line, (*text).to_owned())).collect())
}

fn import(at: usize, lines: &[&str]) -> Edit {
    Edit::InsertLines {
        at,
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
    }
}

#[test]
fn lines_are_deleted_and_one_is_left() {
    story("a\nb|b\nc", Edit::DeleteLines, "a\n|c");
    story("a\nb\nc|c", Edit::DeleteLines, "a\n|b");
    story("a^a\nb|b\nc", Edit::DeleteLines, "|c");
    story("^a\nb\n|c", Edit::DeleteLines, "|c");
    assert_eq!(story("a^\nb|", Edit::DeleteLines, "|").splices, [splice(0, 2, 1)]);
    idle("|", Edit::DeleteLines);
}

#[test]
fn lines_move_and_take_cursor_and_selection_with_them() {
    assert_eq!(
        story("a\nb|b\nc", Edit::MoveLinesUp, "b|b\na\nc").splices,
        [splice(0, 1, 0), splice(1, 0, 1)]
    );
    assert_eq!(
        story("a\nb|b\nc", Edit::MoveLinesDown, "a\nc\nb|b").splices,
        [splice(1, 0, 1), splice(3, 1, 0)]
    );
    story("a\nb^b\nc|c\nd", Edit::MoveLinesUp, "b^b\nc|c\na\nd");
    story("a|a\nb^b\nc", Edit::MoveLinesDown, "c\na|a\nb^b");
    story("^a\nb\n|c\nd", Edit::MoveLinesDown, "c\n^a\nb\n|d");
    // A selection of whole lines cannot end below the last line, so it ends at that line's end.
    story("^a\nb\n|c", Edit::MoveLinesDown, "c\n^a\nb|");
    idle("a|\nb", Edit::MoveLinesUp);
    idle("a\nb|", Edit::MoveLinesDown);
}

#[test]
fn comments_are_toggled_and_tags_are_none() {
    story("/a|b", Edit::ToggleComment, "# /a|b");
    story("# /a|b", Edit::ToggleComment, "/a|b");
    story("#ta|g", Edit::ToggleComment, "# #ta|g");
    story("# #ta|g", Edit::ToggleComment, "#ta|g");
    story("#| x", Edit::ToggleComment, "|x");
    idle(" |\n/a", Edit::ToggleComment);
}

#[test]
fn a_mixed_selection_becomes_comments_and_back_the_same() {
    let mixed = "/^a\n# b\n\n/c|\nd";
    let commented = "# /^a\n# # b\n\n# /c|\nd";
    assert_eq!(story(mixed, Edit::ToggleComment, commented).splices, [splice(0, 4, 4)]);
    story(commented, Edit::ToggleComment, mixed);
}

#[test]
fn sorting_goes_by_bytes_and_puts_blank_lines_last() {
    story("/b\n\n/a|x\n#t\n/B\n", Edit::SortLines, "#t\n/B\n/a|x\n/b\n\n");
    story("c\n^b\na\n|0", Edit::SortLines, "c\n^a\nb\n|0");
    story("c\n^b|\na", Edit::SortLines, "a\n^b|\nc");
    story("b\na|\na\n", Edit::SortLines, "a|\na\nb\n");
    idle("a|\na\nb\n", Edit::SortLines);
    idle("b\n^a\nc\n|", Edit::SortLines);
}

#[test]
fn a_fix_replaces_its_line_under_the_cursor() {
    assert_eq!(
        story("a\n/x |y\nc", fixes(&[(1, "/x%20y")]), "a\n/x%|20y\nc").splices,
        [splice(1, 1, 1)]
    );
    story("a\nlong|\nc", fixes(&[(1, "é")]), "a\né|\nc");
    story("index.html|", fixes(&[(0, "/index.html")]), "/index.html|");
    idle("a|\nb", fixes(&[(1, "b"), (7, "x")]));
    idle("a|", fixes(&[]));
}

#[test]
fn all_fixes_are_one_step() {
    let mut editor = picture("a\nb\nc|c\nd\ne");
    let change = editor.apply(fixes(&[(4, "E"), (0, "A"), (2, "x"), (1, "B"), (2, "C"), (3, "d")]).into());
    assert_eq!(drawn(&editor), "A\nB\nC|\nd\nE");
    assert_eq!(change.splices, [splice(0, 3, 3), splice(4, 1, 1)]);
    assert_eq!(editor.apply(Command::Undo).splices, [splice(0, 3, 3), splice(4, 1, 1)]);
    assert_eq!((drawn(&editor).as_str(), editor.can_undo()), ("a\nb\nc|c\nd\ne", false));
}

#[test]
fn a_fix_may_make_several_lines() {
    let change = story(
        "x\n/d|\n/e",
        fixes(&[(1, "/d\n/d/\n/d/index.html")]),
        "x\n/d|\n/d/\n/d/index.html\n/e",
    );
    assert_eq!(change.splices, [splice(2, 0, 2)]);
    let change = story(
        "a\nb\n^c\nd|",
        fixes(&[(0, "a\r\n1"), (1, "2"), (3, "3\n4")]),
        "a\n1\n2\n^c\n3|\n4",
    );
    assert_eq!(change.splices, [splice(1, 1, 2), splice(4, 1, 2)]);
}

#[test]
fn an_import_comes_in_as_whole_lines() {
    assert_eq!(
        story("a\nb|b", import(1, &["x", "y\nz"]), "a\nx\ny\nz\nb|b").splices,
        [splice(1, 0, 3)]
    );
    story("a\nb|b", import(99, &["x"]), "a\nb|b\nx");
    story("^a|\nb", import(1, &["x"]), "^a|\nx\nb");
    story("|", import(0, &["x", "y"]), "|x\ny");
    idle("a|", import(0, &[]));
    idle("|", import(0, &[]));
}

#[test]
fn the_whole_text_is_exchanged_in_one_step() {
    let mut editor = picture("a\nb^b\nc|c");
    let change = editor.apply(Edit::SetText("a\nx\ny\r\nc".to_owned()).into());
    assert_eq!(
        (drawn(&editor).as_str(), change.splices),
        ("a\nx\ny|\nc", vec![splice(1, 2, 3)])
    );
    editor.apply(Command::Undo);
    assert_eq!(drawn(&editor), "a\nb^b\nc|c");
    story("a\nb|", Edit::SetText(String::new()), "|");
    idle("a\nb|\n", Edit::SetText("a\nb\n".to_owned()));
}
