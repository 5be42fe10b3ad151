//! Tests of undo and redo.

use super::*;

fn erased(times: usize) -> Vec<Command> {
    vec![Edit::Backspace.into(); times]
}

/// Returns the pictures of all states back to the start, the current one first.
fn way_back(editor: &mut Editor) -> Vec<String> {
    let mut pictures = vec![drawn(editor)];
    while editor.can_undo() {
        editor.apply(Command::Undo);
        pictures.push(drawn(editor));
    }
    pictures
}

#[test]
fn a_run_of_typing_is_one_step() {
    let mut editor = picture("/|");
    all(&mut editor, typed("en/index"));
    assert_eq!(way_back(&mut editor), ["/en/index|", "/|"]);
    editor.apply(Command::Redo);
    assert_eq!(drawn(&editor), "/en/index|");
}

#[test]
fn a_move_a_newline_or_another_kind_of_edit_ends_a_run() {
    let mut editor = picture("|");
    all(&mut editor, typed("ab"));
    editor.apply(Edit::Newline.into());
    all(&mut editor, typed("cd"));
    all(&mut editor, [Command::Move(Motion::Left), Command::Move(Motion::Right)]);
    all(&mut editor, typed("ef"));
    all(&mut editor, erased(3));
    all(&mut editor, typed("g"));
    let back = ["ab\ncg|", "ab\nc|", "ab\ncdef|", "ab\ncd|", "ab\n|", "ab|", "|"];
    assert_eq!(way_back(&mut editor), back);
}

#[test]
fn a_typed_line_break_is_a_newline() {
    let mut editor = picture("|");
    all(&mut editor, typed("ab\ncd\ref"));
    assert_eq!(
        way_back(&mut editor),
        ["ab\ncd\nef|", "ab\ncd\n|", "ab\ncd|", "ab\n|", "ab|", "|"]
    );
}

#[test]
fn an_undo_ends_a_run() {
    let mut editor = picture("|");
    all(&mut editor, typed("ab"));
    all(&mut editor, [Command::Undo, Command::Redo]);
    all(&mut editor, typed("cd"));
    assert_eq!(way_back(&mut editor), ["abcd|", "ab|", "|"]);
}

#[test]
fn erasing_over_a_line_end_is_a_step_of_its_own() {
    let mut editor = picture("ab\ncd|");
    all(&mut editor, erased(4));
    assert_eq!(way_back(&mut editor), ["a|", "ab|", "ab\n|", "ab\ncd|"]);
}

#[test]
fn typing_over_a_selection_comes_back_with_the_selection() {
    let mut editor = picture("a^b\nc\nd|e");
    all(&mut editor, typed("xyz"));
    assert_eq!(way_back(&mut editor), ["axyz|e", "a^b\nc\nd|e"]);
}

#[test]
fn undo_goes_to_where_the_step_was_made() {
    let mut editor = picture("a|\nb\nc");
    all(&mut editor, typed("x"));
    all(&mut editor, [Command::Move(Motion::Bottom), Command::Undo]);
    assert_eq!(drawn(&editor), "a|\nb\nc");
    all(&mut editor, [Command::Move(Motion::Bottom), Command::Redo]);
    assert_eq!(drawn(&editor), "ax|\nb\nc");
}

#[test]
fn undo_and_redo_tell_their_splices() {
    let mut editor = picture("a\nb|\nc");
    editor.apply(paste("1\n2\n3").into());
    let back = Change {
        splices: vec![splice(1, 3, 1)],
        moved: true,
        copied: None,
    };
    assert_eq!(editor.apply(Command::Undo), back);
    let again = Change {
        splices: vec![splice(1, 1, 3)],
        moved: true,
        copied: None,
    };
    assert_eq!(editor.apply(Command::Redo), again);
}

#[test]
fn with_no_step_left_nothing_happens() {
    idle("a|", Command::Undo);
    idle("a|", Command::Redo);
}

#[test]
fn a_new_edit_forgets_what_was_undone() {
    let mut editor = picture("|");
    all(&mut editor, typed("a"));
    editor.apply(Command::Undo);
    all(&mut editor, typed("b"));
    assert_eq!(
        (editor.can_redo(), editor.apply(Command::Redo)),
        (false, Change::default())
    );
    assert_eq!(way_back(&mut editor), ["b|", "|"]);
}

#[test]
fn a_text_that_was_saved_is_modified_until_undo_leads_back_to_it() {
    let mut editor = picture("|");
    all(&mut editor, typed("a"));
    let saved = editor.revision();
    editor.apply(Command::Move(Motion::Top));
    assert!(!editor.is_modified_since(saved));
    all(&mut editor, typed("b"));
    assert!(editor.is_modified_since(saved));
    editor.apply(Command::Undo);
    assert!(!editor.is_modified_since(saved));
    editor.apply(Command::Undo);
    assert!(editor.is_modified_since(saved));
    editor.apply(Command::Redo);
    assert!(!editor.is_modified_since(saved));
    all(&mut editor, [Command::Undo, Edit::InsertChar('c').into()]);
    assert!(editor.is_modified_since(saved));
}

#[test]
fn a_revision_within_a_run_is_never_taken_for_its_end() {
    let mut editor = picture("|");
    all(&mut editor, typed("a"));
    let within = editor.revision();
    all(&mut editor, typed("b"));
    all(&mut editor, [Command::Undo, Command::Redo]);
    assert!(editor.is_modified_since(within));
}
