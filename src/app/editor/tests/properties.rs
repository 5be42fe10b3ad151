//! Compares the editor with its naive implementation for arbitrary commands on arbitrary text.

use std::collections::HashMap;
use std::ops::Range;

use proptest::prelude::*;

use super::super::history::Run;
use super::super::{Revision, grapheme};
use super::model::{Model, State};
use super::*;

/// Pieces of text that combine, break lines, or have no width.
const PIECES: [&str; 31] = [
    "a",
    "B",
    "x",
    "/",
    "/",
    " ",
    "#",
    "# ",
    "%20",
    "_",
    "-",
    "\t",
    "\u{7}",
    "\u{1b}",
    "\u{301}",
    "é",
    "日",
    "👩‍🚀",
    "\u{200d}",
    "🇩",
    "🇪",
    "\u{fe0f}",
    "\u{200b}",
    "\u{202e}",
    "\u{1100}",
    "\u{1161}",
    "क",
    "\u{94d}",
    "\u{600}",
    "\u{2028}",
    "İ",
];

fn line() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..6).prop_map(|pieces| pieces.concat())
}

fn text() -> impl Strategy<Value = String> {
    let end = proptest::sample::select(&["\n", "\r\n", "\r"][..]);
    proptest::collection::vec((line(), end), 0..5).prop_map(|lines| {
        let joined: String = lines.into_iter().map(|(line, end)| line + end).collect();
        joined.strip_suffix('\n').unwrap_or(&joined).to_owned()
    })
}

fn position() -> impl Strategy<Value = Position> {
    (0..9_usize, 0..30_usize).prop_map(|(line, byte)| Position::new(line, byte))
}

fn motion() -> impl Strategy<Value = Motion> {
    use Motion::{Bottom, Down, Left, LineEnd, LineStart, Right, Top, Up, WordLeft, WordRight};
    let plain = proptest::sample::select(
        &[
            Left, Right, Up, Down, Up, Down, WordLeft, WordRight, LineStart, LineEnd, Top, Bottom,
        ][..],
    );
    let far = prop_oneof![0..4_usize, Just(usize::MAX)];
    prop_oneof![
        6 => plain,
        1 => far.clone().prop_map(Motion::PageUp),
        1 => far.clone().prop_map(Motion::PageDown),
        1 => far.prop_map(Motion::Line),
        2 => position().prop_map(Motion::Position),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    use Edit::{
        Backspace, Delete, DeleteLines, DeleteToLineEnd, DeleteToLineStart, DeleteWordBack, DeleteWordForward,
        MoveLinesDown, MoveLinesUp, Newline, SortLines, ToggleComment,
    };
    let keys = [
        Backspace,
        Backspace,
        Delete,
        Delete,
        Newline,
        DeleteWordBack,
        DeleteWordForward,
        DeleteToLineStart,
        DeleteToLineEnd,
    ];
    let lines = [DeleteLines, MoveLinesUp, MoveLinesDown, ToggleComment, SortLines];
    let typed: Vec<char> = PIECES
        .iter()
        .flat_map(|piece| piece.chars())
        .chain(['\n', '\r'])
        .collect();
    prop_oneof![
        6 => proptest::sample::select(typed).prop_map(Edit::InsertChar),
        5 => proptest::sample::select(keys.to_vec()),
        4 => proptest::sample::select(lines.to_vec()),
        2 => text().prop_map(Edit::InsertText),
        2 => proptest::collection::vec((0..8_usize, text()), 0..5).prop_map(Edit::ReplaceLines),
        1 => (0..8_usize, proptest::collection::vec(text(), 0..3)).prop_map(|(at, lines)| Edit::InsertLines { at, lines }),
        1 => text().prop_map(Edit::SetText),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let plain = [Command::SelectAll, Command::Copy, Command::Cut];
    prop_oneof![
        10 => edit().prop_map(Command::Edit),
        5 => motion().prop_map(Command::Move),
        4 => motion().prop_map(Command::Extend),
        1 => (position(), position()).prop_map(|(anchor, cursor)| Command::Select { anchor, cursor }),
        1 => proptest::sample::select(plain.to_vec()),
        3 => Just(Command::Undo),
        2 => Just(Command::Redo),
    ]
}

/// A change that was made, with the data needed to check undo.
#[derive(Clone, Debug)]
struct Made {
    before: State,
    after: State,
    /// Whether the change may be merged with the step before it.
    goes_on: bool,
}

/// An editor and its naive counterpart, the changes made, and a copy of the lines that is updated only from the
/// splices.
struct Pair {
    editor: Editor,
    model: Model,
    shadow: Vec<String>,
    made: Vec<Made>,
    unmade: Vec<Vec<Made>>,
    run: Option<Run>,
    texts: HashMap<Revision, String>,
}

impl Pair {
    fn new(editor: Editor) -> Self {
        let shadow = editor.lines().map(str::to_owned).collect();
        let model = Model::new(State::of(&editor));
        Self {
            editor,
            model,
            shadow,
            made: vec![],
            unmade: vec![],
            run: None,
            texts: HashMap::new(),
        }
    }

    fn apply(&mut self, command: &Command) {
        let (before, revision, caret) = (State::of(&self.editor), self.editor.revision(), self.caret());
        let change = self.editor.apply(command.clone());
        let after = State::of(&self.editor);
        assert_eq!(change.moved, caret != self.caret());
        self.check_change(&change, &before, &after, revision);
        self.check_text();
        match command {
            Command::Undo => self.check_undo(&change, &after),
            Command::Redo => self.check_redo(&change, &after),
            _ => {
                self.model.apply(command);
                assert_eq!(after, self.model.state, "{command:?} on {before:?}");
                self.remember(&change, before, after, command.run());
            }
        }
        self.run = command.run();
    }

    fn caret(&self) -> (Position, Option<Range<Position>>) {
        (self.editor.cursor(), self.editor.selection())
    }

    fn check_change(&mut self, change: &Change, before: &State, after: &State, revision: Revision) {
        assert_eq!(self.editor.is_modified_since(revision), !change.splices.is_empty());
        assert!(before.text == after.text || !change.splices.is_empty());
        for splice in &change.splices {
            let new: Vec<String> = (splice.start..splice.start + splice.inserted)
                .map(|line| self.editor.line(line).to_owned())
                .collect();
            self.shadow.splice(splice.start..splice.start + splice.removed, new);
        }
        assert!(
            self.editor.lines().eq(&self.shadow),
            "splices {:?} of {before:?} lead to {:?}",
            change.splices,
            self.shadow
        );
        let apart = |pair: &[Splice]| pair[0].start + pair[0].inserted <= pair[1].start;
        assert!(change.splices.windows(2).all(apart), "{:?} ascend", change.splices);
    }

    fn check_text(&mut self) {
        let editor = &self.editor;
        let text = editor.text();
        assert!(editor.len() > 0 && editor.lines().all(|line| !line.contains(['\n', '\r'])));
        let known = self.texts.entry(editor.revision()).or_insert_with(|| text.clone());
        assert_eq!(*known, text, "one revision, one text");
        let ends = editor
            .selection()
            .map_or([editor.cursor(); 2], |range| [range.start, range.end]);
        assert!(
            ends.iter()
                .all(|end| grapheme::floor(editor.line(end.line), end.byte) == end.byte && end.line < editor.len())
        );
        assert!(ends[0] <= ends[1]);
        let cursor = editor.cursor();
        assert_eq!(editor.position_at(cursor.line, editor.column_at(cursor)), cursor);
    }

    fn remember(&mut self, change: &Change, before: State, after: State, run: Option<Run>) {
        if !change.splices.is_empty() {
            self.made.push(Made {
                before,
                after,
                goes_on: run.is_some() && run == self.run,
            });
            self.unmade.clear();
        }
    }

    /// Checks that undo restores the state before the last change, or before the run that the change belongs to.
    fn check_undo(&mut self, change: &Change, after: &State) {
        let Some(last) = self.made.last() else {
            assert!(change.is_empty());
            return self.model.apply(&Command::Undo);
        };
        let mut first = self.made.len() - 1;
        while self.made[first].before != *after {
            assert!(self.made[first].goes_on, "undo of {last:?} leads to {after:?}");
            first -= 1;
        }
        self.unmade.push(self.made.split_off(first));
        self.model = Model::new(after.clone());
    }

    fn check_redo(&mut self, change: &Change, after: &State) {
        let Some(made) = self.unmade.pop() else {
            assert!(change.is_empty());
            return self.model.apply(&Command::Redo);
        };
        assert_eq!(*after, made.last().unwrap().after);
        self.made.extend(made);
        self.model = Model::new(after.clone());
    }
}

proptest! {
    #[test]
    fn any_commands_do_what_the_naive_reading_does(start in text(), commands in proptest::collection::vec(command(), 0..40)) {
        let mut pair = Pair::new(Editor::from_lines([start]));
        let origin = State::of(&pair.editor);
        for command in &commands {
            pair.apply(command);
        }
        let first = pair.made.first().map_or_else(|| State::of(&pair.editor), |made| made.before.clone());
        let unmade = pair.unmade.first().cloned();
        while pair.editor.can_undo() {
            pair.apply(&Command::Undo);
        }
        prop_assert_eq!(State::of(&pair.editor), first.clone());
        prop_assert_eq!(first.text, origin.text);
        while pair.editor.can_redo() {
            pair.apply(&Command::Redo);
        }
        let last = unmade.or_else(|| pair.made.last().map(|made| vec![made.clone()]));
        if let Some(last) = last.and_then(|made| made.last().cloned()) {
            prop_assert_eq!(State::of(&pair.editor), last.after);
        }
    }

    #[test]
    fn a_bounded_history_forgets_and_never_lies(bytes in 0..2_000_usize, commands in proptest::collection::vec(command(), 0..60)) {
        let mut editor = Editor::default().with_history_bytes(bytes);
        let mut texts = HashMap::from([(editor.revision(), String::new())]);
        for command in commands {
            editor.apply(command);
            let text = editor.text();
            prop_assert_eq!(texts.entry(editor.revision()).or_insert_with(|| text.clone()), &text);
        }
    }

    #[test]
    fn columns_of_any_line_are_those_of_its_graphemes(line in line(), columns in 0..12_usize) {
        use unicode_segmentation::UnicodeSegmentation as _;
        use super::super::columns::{Cell, cells, grapheme_width, width};
        let mut column = 0;
        let mut all = vec![];
        for (byte, text) in line.grapheme_indices(true) {
            all.push(Cell { text, byte, column, width: grapheme_width(text) });
            column += grapheme_width(text);
        }
        prop_assert_eq!(width(&line), column);
        let window = columns..columns + 3;
        all.retain(|cell| cell.column < window.end && cell.column + cell.width > window.start);
        prop_assert_eq!(cells(&line, window).collect::<Vec<_>>(), all);
    }

    #[test]
    fn a_query_finds_what_a_walk_over_all_places_finds(needle in line(), line in line()) {
        if let Some(query) = super::super::Query::new(&needle) {
            let exact = needle.chars().any(char::is_uppercase);
            let fold = |text: &str| if exact { text.to_owned() } else if needle.is_ascii() { text.to_ascii_lowercase() } else { text.to_lowercase() };
            let ends = |start: usize| line.char_indices().map(|(end, c)| end + c.len_utf8()).filter(move |end| *end > start);
            let mut from = 0;
            let mut expected = vec![];
            while let Some(found) = line[from..].char_indices().map(|(at, _)| from + at).find_map(|start| ends(start).find(|end| fold(&line[start..*end]) == fold(&needle)).map(|end| start..end)) {
                from = found.end;
                expected.push(found);
            }
            prop_assert_eq!(query.matches(&line).collect::<Vec<_>>(), expected);
        }
    }
}
