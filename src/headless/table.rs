//! Tables with aligned columns.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::text::visible;

const GAP: &str = "  ";

/// The side of the column that a cell is aligned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// Rows under headings. Every cell is escaped for display, because it may contain external text.
#[derive(Debug)]
pub(super) struct Table {
    sides: Vec<Side>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Creates a table with these headings and no rows.
    pub(super) fn new(headings: &[&str]) -> Self {
        Self {
            rows: vec![headings.iter().map(|heading| (*heading).to_owned()).collect()],
            ..Self::bare(headings.len())
        }
    }

    /// Creates a table without headings.
    pub(super) fn bare(columns: usize) -> Self {
        Self {
            sides: vec![Side::Left; columns],
            rows: Vec::new(),
        }
    }

    /// Right-aligns the column with this heading.
    pub(super) fn right(mut self, heading: &str) -> Self {
        let headings = self.rows.first().into_iter().flatten();
        for (side, _) in self.sides.iter_mut().zip(headings).filter(|(_, name)| *name == heading) {
            *side = Side::Right;
        }
        self
    }

    /// Adds a row; it must have as many cells as there are columns.
    pub(super) fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows
            .push(cells.into_iter().map(|cell| visible(&cell).into_owned()).collect());
    }

    /// Returns the lines, truncated to the width if there is one, without trailing spaces.
    pub(super) fn render(&self, width: Option<usize>) -> String {
        let widths = self.widths();
        let lines = self.rows.iter().map(|row| self.line(row, &widths));
        lines.map(|line| cut(line.trim_end(), width) + "\n").collect()
    }

    /// Returns the rows with a tab between cells, for `cut` and `awk`.
    pub(super) fn tabbed(&self) -> String {
        self.rows.iter().map(|row| row.join("\t") + "\n").collect()
    }

    fn widths(&self) -> Vec<usize> {
        let widest = |column: usize| {
            self.rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.width())
                .max()
        };
        (0..self.sides.len())
            .map(|column| widest(column).unwrap_or_default())
            .collect()
    }

    fn line(&self, row: &[String], widths: &[usize]) -> String {
        let cells = row.iter().zip(widths).zip(&self.sides);
        cells
            .map(|((cell, width), side)| pad(cell, *width, *side))
            .collect::<Vec<_>>()
            .join(GAP)
    }
}

/// Pads a cell. `format!`'s own padding counts characters rather than the columns they occupy.
pub(super) fn pad(cell: &str, width: usize, side: Side) -> String {
    let mut padded = String::new();
    push_padded(&mut padded, cell, width.saturating_sub(cell.width()), side);
    padded
}

/// Appends a cell aligned to this side, padded with this many spaces.
pub(super) fn push_padded(text: &mut String, cell: &str, blanks: usize, side: Side) {
    if side == Side::Right {
        push_blanks(text, blanks);
    }
    text.push_str(cell);
    if side == Side::Left {
        push_blanks(text, blanks);
    }
}

/// Appends spaces in chunks, because a wide column needs many and a long list has many rows.
fn push_blanks(text: &mut String, count: usize) {
    const PIECE: &str = "                                ";
    for _ in 0..count / PIECE.len() {
        text.push_str(PIECE);
    }
    text.push_str(PIECE.get(..count % PIECE.len()).unwrap_or_default());
}

/// Truncates a line after the last whole character that leaves room for the ellipsis.
pub(super) fn cut(line: &str, width: Option<usize>) -> String {
    let Some(width) = width.filter(|width| line.width() > *width) else {
        return line.to_owned();
    };
    let mut kept = String::new();
    for grapheme in line.graphemes(true) {
        if kept.width() + grapheme.width() + 1 > width {
            break;
        }
        kept.push_str(grapheme);
    }
    kept.truncate(kept.trim_end().len());
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&["Line", "Name", "Comment"]).right("Line");
        table.push(["7", "日本", "wide"].map(String::from));
        table.push(["12", "plain", "esc\u{1b}[2J"].map(String::from));
        table
    }

    #[test]
    fn columns_align_by_what_is_seen() {
        let lines = table().render(None);
        let starts: Vec<usize> = ["Comment", "wide", "esc"]
            .iter()
            .zip(lines.lines())
            .filter_map(|(word, line)| Some(line[..line.find(word)?].width()))
            .collect();
        assert_eq!(starts, [13, 13, 13], "{lines}");
        assert!(!lines.contains('\u{1b}'), "{lines}");
    }

    #[test]
    fn a_line_is_cut_at_a_whole_character() {
        for (width, expected) in [
            (20, "ab日本cd"),
            (8, "ab日本cd"),
            (7, "ab日本…"),
            (6, "ab日…"),
            (5, "ab日…"),
            (4, "ab…"),
            (1, "…"),
        ] {
            assert_eq!(cut("ab日本cd", Some(width)), expected, "{width}");
        }
        assert!(table().render(Some(12)).lines().all(|line| line.width() <= 12));
    }
}
