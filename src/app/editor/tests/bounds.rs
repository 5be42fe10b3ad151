//! Tests of the size limit of the history.

use super::*;

/// Repeatedly replaces the only line, which has a thousand bytes. Each step therefore contains the previous thousand
/// bytes.
fn replaced(editor: &mut Editor, times: std::ops::Range<usize>) {
    for time in times {
        editor.apply(Edit::SetText(thousand(time)).into());
    }
}

fn thousand(time: usize) -> String {
    format!("{time:>1000}")
}

fn undone(editor: &mut Editor) -> usize {
    let mut steps = 0;
    while editor.can_undo() {
        editor.apply(Command::Undo);
        steps += 1;
    }
    steps
}

#[test]
fn the_oldest_steps_are_forgotten() {
    let mut editor = Editor::default().with_history_bytes(10_000);
    replaced(&mut editor, 0..100);
    let steps = undone(&mut editor);
    assert!(
        (6..=10).contains(&steps),
        "{steps} steps of a good 1,000 bytes in 10,000, and the last one"
    );
    assert_eq!(editor.text(), thousand(99 - steps));
}

#[test]
fn a_line_counts_even_when_it_is_empty() {
    let mut editor = Editor::default().with_history_bytes(10_000);
    for time in 0..100 {
        editor.apply(Edit::SetText(format!("{time}{}{time}", "\n".repeat(101))).into());
    }
    let steps = undone(&mut editor);
    assert!(
        (2..=3).contains(&steps),
        "{steps} steps of a good 4,000 bytes in 10,000, and the last one"
    );
}

#[test]
fn the_last_step_is_kept_however_large() {
    let mut editor = Editor::default().with_history_bytes(0);
    replaced(&mut editor, 0..3);
    editor.apply(Command::Undo);
    assert_eq!((editor.text(), editor.can_undo()), (thousand(1), false));
    editor.apply(Command::Redo);
    assert_eq!((editor.text(), editor.can_redo()), (thousand(2), false));
}

#[test]
fn a_large_step_does_not_drive_out_small_ones() {
    let mut editor = Editor::default().with_history_bytes(4_000);
    all(
        &mut editor,
        [
            Edit::InsertChar('a').into(),
            Edit::Newline.into(),
            Edit::InsertChar('b').into(),
        ],
    );
    editor.apply(paste(&"/path\n".repeat(10_000)).into());
    assert_eq!(undone(&mut editor), 4);
    assert_eq!(editor.text(), "");
}

#[test]
fn what_was_undone_counts_too() {
    let mut editor = Editor::default().with_history_bytes(5_000);
    replaced(&mut editor, 0..4);
    assert_eq!(undone(&mut editor), 4);
    replaced(&mut editor, 0..1);
    assert!(!editor.can_redo());
    let mut lowered = Editor::default();
    replaced(&mut lowered, 0..4);
    lowered.apply(Command::Undo);
    let mut lowered = lowered.with_history_bytes(0);
    assert_eq!((undone(&mut lowered), lowered.can_redo()), (1, true));
}
