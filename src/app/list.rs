//! The rows of a table as the user sees them: filtered, sorted, and with one row selected. Rows are identified by
//! key, so that nothing jumps when data arrives.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::Input;

use super::table::{Arrangements, Table, Value, sort_rows};
use crate::domain::filter::Filter;

/// The state of a table: its rows in order, and the selection.
#[derive(Clone, Debug)]
pub struct List<K> {
    rows: Vec<K>,
    total: usize,
    selected: usize,
    /// The total number of lines scrolled by the wheel.
    turned: isize,
    /// The row to select as soon as it exists.
    wanted: Option<K>,
    /// The filter.
    pub view: View,
}

/// The filter of a table, independent of its rows.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The text typed after `/`.
    pub filter: Input,
    /// Whether the filter field has the keyboard focus.
    pub filtering: bool,
}

impl View {
    /// Returns whether a filter hides rows.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.filter.value().is_empty()
    }
}

/// The data that a page builds its rows from, used to filter and sort them.
pub(super) trait Source<R> {
    /// Returns the searchable text of a row.
    fn whole(&self, row: &R) -> String;
    /// Returns the value of a column.
    fn value(&self, row: &R, column: usize) -> Value;
    /// Returns whether the user pinned the row.
    fn is_pinned(&self, _row: &R) -> bool {
        false
    }
}

/// Filters and sorts rows according to the user's arrangement of the table.
pub(super) fn arranged<R>(
    mut rows: Vec<R>,
    (table, arrangements): (Table, &Arrangements),
    filter: &str,
    source: &impl Source<R>,
) -> Vec<R> {
    let typed = Filter::parse(filter, &table.names());
    if typed.plain().is_some() {
        // No fuzzy matching: the next key acts on a row, so a guess could invalidate the wrong target.
        rows = holding(rows, filter, |row| source.whole(row));
    } else {
        rows.retain(|row| typed.finds(&source.whole(row), |column| source.value(row, column).words()));
    }
    let sort = arrangements.of(table).sort;
    sort_rows(
        &mut rows,
        sort,
        |row| source.is_pinned(row),
        |row, column| source.value(row, column),
    );
    rows
}

impl<K> Default for List<K> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            total: 0,
            selected: 0,
            turned: 0,
            wanted: None,
            view: View::default(),
        }
    }
}

/// A movement of the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// By this many rows, up if negative.
    By(isize),
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
}

impl<K: Clone + Ord> List<K> {
    /// Replaces the visible rows, in order; `total` is the number of rows without the filter. The selection stays on
    /// its row, or else at its index.
    pub fn show(&mut self, rows: Vec<K>, total: usize) {
        let place_of = |key: &K| rows.iter().position(|row| row == key);
        let wanted = self.wanted.as_ref().and_then(place_of);
        if wanted.is_some() {
            self.wanted = None;
        }
        let place = wanted.or_else(|| self.selected_key().and_then(place_of));
        self.selected = place.unwrap_or(self.selected).min(rows.len().saturating_sub(1));
        self.rows = rows;
        self.total = total;
    }

    /// Returns the visible rows, in order.
    #[must_use]
    pub fn rows(&self) -> &[K] {
        &self.rows
    }

    /// Returns the number of rows without the filter.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// Returns the index of the selected row.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Records that the wheel scrolled by this many lines, up to the first or last row.
    pub(super) fn turn(&mut self, lines: isize) {
        let last = self.rows.len().saturating_sub(1);
        let to = self.selected.saturating_add_signed(lines).min(last);
        let (to, from) = (isize::try_from(to), isize::try_from(self.selected));
        self.turned += to.unwrap_or(0) - from.unwrap_or(0);
    }

    /// Returns the total number of lines scrolled by the wheel; the view scrolls by the same amount.
    #[must_use]
    pub fn turned(&self) -> isize {
        self.turned
    }

    /// Returns the key of the selected row.
    #[must_use]
    pub fn selected_key(&self) -> Option<&K> {
        self.rows.get(self.selected)
    }

    /// Selects this row, now or as soon as it exists.
    pub fn select(&mut self, key: &K) {
        match self.rows.iter().position(|row| row == key) {
            Some(place) => self.selected = place,
            None => self.wanted = Some(key.clone()),
        }
    }

    /// Moves the selection. Returns whether it moved.
    pub fn step(&mut self, step: Step) -> bool {
        let last = self.rows.len().saturating_sub(1);
        let before = self.selected;
        self.wanted = None;
        self.selected = match step {
            Step::By(rows) => self.selected.saturating_add_signed(rows).min(last),
            Step::Top => 0,
            Step::Bottom => last,
        };
        self.selected != before
    }
}

/// Returns the matching rows in order: those whose text contains every word or, if there are none, those whose text
/// contains the letters of each word in order. An empty pattern matches all rows.
pub fn matching<T>(rows: Vec<T>, pattern: &str, text: impl Fn(&T) -> String) -> Vec<T> {
    if pattern.trim().is_empty() {
        return rows;
    }
    let texts: Vec<String> = rows.iter().map(text).collect();
    let mut found = scored(&texts, pattern, AtomKind::Substring);
    if !found.contains(&true) {
        found = scored(&texts, pattern, AtomKind::Fuzzy);
    }
    rows.into_iter()
        .zip(found)
        .filter_map(|(row, found)| found.then_some(row))
        .collect()
}

/// Returns the rows whose text contains every word, in order. An empty pattern matches all rows.
pub(in crate::app) fn holding<T>(rows: Vec<T>, pattern: &str, text: impl Fn(&T) -> String) -> Vec<T> {
    if pattern.trim().is_empty() {
        return rows;
    }
    let texts: Vec<String> = rows.iter().map(text).collect();
    let found = scored(&texts, pattern, AtomKind::Substring);
    let rows = rows.into_iter().zip(found);
    rows.filter_map(|(row, found)| found.then_some(row)).collect()
}

fn scored(texts: &[String], pattern: &str, kind: AtomKind) -> Vec<bool> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::new(pattern, CaseMatching::Smart, Normalization::Smart, kind);
    let mut buffer = Vec::new();
    let mut is_found = |text: &String| pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher).is_some();
    texts.iter().map(&mut is_found).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(rows: &[&'static str]) -> List<&'static str> {
        let mut list = List::default();
        list.show(rows.to_vec(), rows.len());
        list
    }

    #[test]
    fn the_selection_follows_its_row_and_else_keeps_its_place() {
        let mut list = list(&["a", "b", "c"]);
        list.step(Step::By(1));
        list.show(vec!["x", "a", "b"], 3);
        assert_eq!(list.selected_key(), Some(&"b"));
        list.show(vec!["x", "y"], 2);
        assert_eq!(list.selected_key(), Some(&"y"));
        list.show(vec![], 0);
        assert_eq!(list.selected_key(), None);
    }

    #[test]
    fn moves_stop_at_the_ends() {
        let mut list = list(&["a", "b", "c"]);
        assert!(!list.step(Step::By(-1)));
        assert!(list.step(Step::By(99)));
        assert_eq!(list.selected(), 2);
        assert!(list.step(Step::Top));
    }

    #[test]
    fn words_match_in_any_order_and_fuzzily() {
        let rows = vec!["www.shop.example E1", "docs.example E2"];
        assert_eq!(
            matching(rows.clone(), "e1 shop", ToString::to_string),
            ["www.shop.example E1"]
        );
        assert_eq!(matching(rows.clone(), "dcs", ToString::to_string), ["docs.example E2"]);
        assert_eq!(
            matching(rows.clone(), "e1", ToString::to_string),
            ["www.shop.example E1"]
        );
        assert_eq!(matching(rows.clone(), " ", ToString::to_string), rows);
    }
}
