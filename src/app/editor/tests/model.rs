//! A naive implementation of the same commands on a single string, searched from its start each time.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::*;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) text: String,
    pub(super) cursor: usize,
    pub(super) anchor: Option<usize>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) state: State,
    goal: Option<usize>,
}

impl State {
    pub(super) fn of(editor: &Editor) -> Self {
        let text = editor.lines().collect::<Vec<_>>().join("\n");
        let flat = |position: Position| {
            let above: usize = editor.lines().take(position.line).map(|line| line.len() + 1).sum();
            above + position.byte
        };
        let cursor = flat(editor.cursor());
        let other = |range: Range<Position>| {
            if flat(range.start) == cursor {
                range.end
            } else {
                range.start
            }
        };
        Self {
            text,
            cursor,
            anchor: editor.selection().map(other).map(flat),
        }
    }

    fn boundaries(&self) -> Vec<usize> {
        self.text
            .grapheme_indices(true)
            .map(|(byte, _)| byte)
            .chain([self.text.len()])
            .collect()
    }

    fn floor(&self, byte: usize) -> usize {
        self.boundaries()
            .into_iter()
            .rfind(|boundary| *boundary <= byte)
            .unwrap_or(0)
    }

    fn ceil(&self, byte: usize) -> usize {
        self.boundaries()
            .into_iter()
            .find(|boundary| *boundary >= byte)
            .unwrap_or(self.text.len())
    }

    fn lines(&self) -> Vec<String> {
        self.text.split('\n').map(str::to_owned).collect()
    }

    fn place(&self, byte: usize) -> (usize, usize) {
        let head = &self.text[..byte];
        (
            head.matches('\n').count(),
            head.len() - head.rfind('\n').map_or(0, |end| end + 1),
        )
    }

    fn flat(&self, (line, byte): (usize, usize)) -> usize {
        let lines = self.lines();
        if line >= lines.len() {
            return self.text.len();
        }
        let start: usize = lines[..line].iter().map(|line| line.len() + 1).sum();
        self.floor(start + byte.min(lines[line].len()))
    }

    fn range(&self) -> Range<usize> {
        let anchor = self.anchor.unwrap_or(self.cursor);
        anchor.min(self.cursor)..anchor.max(self.cursor)
    }

    fn block(&self) -> Range<usize> {
        let range = self.range();
        let ((first, _), (last, byte)) = (self.place(range.start), self.place(range.end));
        first..if byte == 0 && last > first { last } else { last + 1 }
    }

    fn replace(&mut self, range: Range<usize>, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        self.text.replace_range(range.clone(), &text);
        self.cursor = self.ceil(range.start + text.len());
        self.anchor = None;
    }

    /// Sets new lines, and maps the cursor and the anchor.
    fn set(&mut self, lines: &[String], place: impl Fn((usize, usize)) -> (usize, usize)) {
        let (cursor, anchor) = (
            place(self.place(self.cursor)),
            self.anchor.map(|anchor| place(self.place(anchor))),
        );
        self.text = lines.join("\n");
        self.cursor = self.flat(cursor);
        self.anchor = anchor
            .map(|anchor| self.flat(anchor))
            .filter(|anchor| *anchor != self.cursor);
    }
}

fn is_word(character: char) -> bool {
    match character {
        '_' | '%' => true,
        '\0'..='\x7f' => character.is_ascii_alphanumeric(),
        _ => !(character.is_whitespace() || character.is_control()),
    }
}

fn widths(line: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    line.grapheme_indices(true)
        .map(|(byte, grapheme)| (byte, grapheme.width().max(1)))
}

fn separate(text: &str) -> Vec<String> {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .split('\n')
        .map(str::to_owned)
        .collect()
}

impl Model {
    pub(super) fn new(state: State) -> Self {
        Self { state, goal: None }
    }

    pub(super) fn apply(&mut self, command: &Command) {
        let goal = self.goal.take();
        let state = &mut self.state;
        match command {
            Command::Edit(edit) => state.edit(edit),
            Command::Move(motion) => self.travel(*motion, goal, false),
            Command::Extend(motion) => self.travel(*motion, goal, true),
            Command::Select { anchor, cursor } => {
                let anchor = state.flat((anchor.line, anchor.byte));
                state.cursor = state.flat((cursor.line, cursor.byte));
                state.anchor = Some(anchor).filter(|anchor| *anchor != state.cursor);
            }
            Command::SelectAll => {
                state.cursor = state.text.len();
                state.anchor = Some(0).filter(|anchor| *anchor != state.cursor);
            }
            Command::Cut if state.anchor.is_some() => state.replace(state.range(), ""),
            Command::Cut => state.edit(&Edit::DeleteLines),
            Command::Copy | Command::Undo | Command::Redo => {}
        }
    }

    fn travel(&mut self, motion: Motion, goal: Option<usize>, extend: bool) {
        let state = &mut self.state;
        let range = state.range();
        let target = match motion {
            Motion::Left if !extend && state.anchor.is_some() => range.start,
            Motion::Right if !extend && state.anchor.is_some() => range.end,
            Motion::Up | Motion::Down | Motion::PageUp(_) | Motion::PageDown(_) => {
                let (line, byte) = state.place(state.cursor);
                let lines = state.lines();
                let goal = goal.unwrap_or_else(|| widths(&lines[line][..byte]).map(|(_, width)| width).sum());
                self.goal = Some(goal);
                state.vertical(motion, goal)
            }
            _ => state.target(motion),
        };
        state.anchor = if extend {
            state.anchor.or(Some(state.cursor))
        } else {
            None
        }
        .filter(|anchor| *anchor != target);
        state.cursor = target;
    }
}

impl State {
    fn target(&self, motion: Motion) -> usize {
        let (line, _) = self.place(self.cursor);
        let (head, tail) = self.text.split_at(self.cursor);
        match motion {
            Motion::Left => self.floor(self.cursor.saturating_sub(1)),
            Motion::Right => self.ceil((self.cursor + 1).min(self.text.len())),
            Motion::WordLeft if head.is_empty() || head.ends_with('\n') => self.cursor.saturating_sub(1),
            Motion::WordLeft => {
                let mut rest: Vec<char> = head.chars().collect();
                while rest.last().is_some_and(|c| *c != '\n' && !is_word(*c)) {
                    rest.pop();
                }
                while rest.last().is_some_and(|c| *c != '\n' && is_word(*c)) {
                    rest.pop();
                }
                self.floor(rest.iter().map(|c| c.len_utf8()).sum())
            }
            Motion::WordRight if tail.is_empty() || tail.starts_with('\n') => (self.cursor + 1).min(self.text.len()),
            Motion::WordRight => {
                let end = tail.find('\n').unwrap_or(tail.len());
                let word = tail[..end].find(is_word).unwrap_or(end);
                let behind = tail[word..end]
                    .find(|c| !is_word(c))
                    .map_or(end, |length| word + length);
                self.ceil(self.cursor + behind)
            }
            Motion::LineStart => self.flat((line, 0)),
            Motion::LineEnd => self.flat((line, usize::MAX / 2)),
            Motion::Top => 0,
            Motion::Bottom => self.text.len(),
            Motion::Line(line) => self.flat((line.min(self.lines().len() - 1), 0)),
            Motion::Position(position) => self.flat((position.line, position.byte)),
            Motion::Up | Motion::Down | Motion::PageUp(_) | Motion::PageDown(_) => self.cursor,
        }
    }

    fn vertical(&self, motion: Motion, goal: usize) -> usize {
        let (line, _) = self.place(self.cursor);
        let lines = self.lines();
        let to = match motion {
            Motion::Up => line.saturating_sub(1),
            Motion::PageUp(count) => line.saturating_sub(count),
            Motion::PageDown(count) => line.saturating_add(count),
            _ => line + 1,
        };
        let to = to.min(lines.len() - 1);
        if to == line {
            return self.cursor;
        }
        let mut column = 0;
        for (byte, width) in widths(&lines[to]) {
            column += width;
            if column > goal {
                return self.flat((to, byte));
            }
        }
        self.flat((to, lines[to].len()))
    }

    fn edit(&mut self, edit: &Edit) {
        match edit {
            Edit::InsertChar(character) => self.replace(self.range(), &character.to_string()),
            Edit::InsertText(text) if text.is_empty() => {}
            Edit::InsertText(text) => self.replace(self.range(), text),
            Edit::Newline => self.replace(self.range(), "\n"),
            Edit::Backspace => self.delete(Motion::Left),
            Edit::Delete => self.delete(Motion::Right),
            Edit::DeleteWordBack => self.delete(Motion::WordLeft),
            Edit::DeleteWordForward => self.delete(Motion::WordRight),
            Edit::DeleteToLineStart => self.delete(Motion::LineStart),
            Edit::DeleteToLineEnd => self.delete(Motion::LineEnd),
            _ => self.edit_lines(edit),
        }
    }

    fn delete(&mut self, motion: Motion) {
        let target = self.target(motion);
        let range = if self.anchor.is_some() {
            self.range()
        } else {
            self.cursor.min(target)..self.cursor.max(target)
        };
        self.replace(range, "");
    }

    fn edit_lines(&mut self, edit: &Edit) {
        let mut lines = self.lines();
        let (block, count) = (self.block(), lines.len());
        match edit {
            Edit::DeleteLines => {
                lines.drain(block.clone());
                let start = block.start.min(lines.len().saturating_sub(1));
                self.anchor = None;
                self.set(&lines, |_| (start, 0));
            }
            Edit::MoveLinesUp if block.start > 0 => {
                lines[block.start - 1..block.end].rotate_left(1);
                self.set(&lines, |(line, byte)| (line - 1, byte));
            }
            Edit::MoveLinesDown if block.end < count => {
                lines[block.start..=block.end].rotate_right(1);
                self.set(&lines, |(line, byte)| (line + 1, byte));
            }
            Edit::ToggleComment => self.toggle(lines, &block),
            Edit::SortLines => self.sort(lines, &block),
            Edit::ReplaceLines(replacements) => self.replace_lines(&lines, replacements),
            Edit::InsertLines { at, lines: new } => self.insert_lines(lines, *at, new),
            Edit::SetText(text) => {
                self.anchor = None;
                self.set(&separate(text), |place| place);
            }
            _ => {}
        }
    }

    fn toggle(&mut self, mut lines: Vec<String>, block: &Range<usize>) {
        let filled: Vec<usize> = block.clone().filter(|line| !lines[*line].trim().is_empty()).collect();
        let off = filled.iter().all(|line| lines[*line].starts_with("# "));
        for line in &filled {
            lines[*line] = if off {
                lines[*line][2..].to_owned()
            } else {
                format!("# {}", lines[*line])
            };
        }
        self.set(&lines, |(line, byte)| match (filled.contains(&line), off) {
            (false, _) => (line, byte),
            (true, true) => (line, byte.saturating_sub(2)),
            (true, false) => (line, byte + 2),
        });
    }

    fn sort(&mut self, mut lines: Vec<String>, block: &Range<usize>) {
        let block = if block.len() > 1 { block.clone() } else { 0..lines.len() };
        let (cursor, _) = self.place(self.cursor);
        let mut numbered: Vec<(bool, String, usize)> = block
            .clone()
            .map(|line| (lines[line].trim().is_empty(), lines[line].clone(), line))
            .collect();
        numbered.sort();
        let rank = numbered
            .iter()
            .position(|(_, _, line)| *line == cursor)
            .map(|rank| block.start + rank);
        lines.splice(block, numbered.into_iter().map(|(_, line, _)| line));
        let follow = self.anchor.is_none();
        self.set(&lines, |(line, byte)| {
            (if follow { rank.unwrap_or(line) } else { line }, byte)
        });
    }

    fn replace_lines(&mut self, lines: &[String], replacements: &[(usize, String)]) {
        let mut parts: Vec<Vec<String>> = lines.iter().map(|line| vec![line.clone()]).collect();
        for (line, text) in replacements {
            if let Some(part) = parts.get_mut(*line) {
                *part = separate(text);
            }
        }
        let above = |line: usize| parts[..line].iter().map(Vec::len).sum();
        // A position at the end of a line moves to the end of the first line that replaces it.
        let end = |line: usize, byte| {
            if byte == lines[line].len() {
                parts[line][0].len()
            } else {
                byte
            }
        };
        self.set(&parts.concat(), |(line, byte)| (above(line), end(line, byte)));
        // A position at the end of a line's first part stays on that part; `flat` has already limited it to its length.
    }

    fn insert_lines(&mut self, mut lines: Vec<String>, at: usize, new: &[String]) {
        let new: Vec<String> = new.iter().flat_map(|line| separate(line)).collect();
        if new.is_empty() {
            return;
        }
        if lines == [""] {
            return self.set(&new, |place| place);
        }
        let at = at.min(lines.len());
        let count = new.len();
        lines.splice(at..at, new);
        self.set(&lines, |(line, byte)| {
            (if line < at { line } else { line + count }, byte)
        });
    }
}
