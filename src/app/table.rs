//! The tables as data: their columns, their sort order, and the columns that the user has chosen to see.

use chrono::{DateTime, Utc};

use crate::domain::distribution::TENANT_COLUMNS;
use crate::domain::record;

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// The distributions table.
    Distributions,
    /// The tenants table of a distribution.
    Tenants,
    /// The invalidations table of one target.
    Invalidations,
    /// The invalidations table of all targets.
    AllInvalidations,
    /// The history table.
    History,
}

/// A sort direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From A to Z, oldest to newest, or smallest to largest.
    Ascending,
    /// The reverse.
    Descending,
}

use Direction::{Ascending, Descending};

impl Direction {
    /// Returns the reverse direction.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Ascending => Descending,
            Descending => Ascending,
        }
    }

    /// Returns the direction's name, as displayed and stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Ascending => "ascending",
            Descending => "descending",
        }
    }
}

/// Whether a column is visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The column is always visible if there is room.
    Always,
    /// The column is visible unless the user hides it.
    Shown,
    /// The column is visible only if the user chooses it.
    Hidden,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The heading, which is also its name in filters and in storage.
    pub name: &'static str,
    /// The initial direction when sorting by the column; `None` means not sortable.
    pub sorts: Option<Direction>,
    /// Whether the column is visible.
    pub choice: Choice,
}

const fn column(name: &'static str, sorts: Option<Direction>, choice: Choice) -> Column {
    Column { name, sorts, choice }
}

use Choice::{Always, Hidden, Shown};

/// The columns of the distributions table.
pub const DISTRIBUTIONS: [Column; 12] = [
    column("Aliases", Some(Ascending), Always),
    column("Last invalidation", Some(Descending), Shown),
    column("Id", Some(Ascending), Shown),
    column("Comment", Some(Ascending), Shown),
    column("DomainName", Some(Ascending), Hidden),
    column("Origin", Some(Ascending), Hidden),
    column("LastModified", Some(Descending), Hidden),
    column("Status", Some(Ascending), Hidden),
    column("PriceClass", Some(Ascending), Hidden),
    column("HttpVersion", Some(Ascending), Hidden),
    column("Cache tags", Some(Ascending), Hidden),
    column("", None, Always),
];

/// The columns of the tenants table.
pub const TENANTS: [Column; 7] = [
    column(TENANT_COLUMNS[0], Some(Ascending), Always),
    column(TENANT_COLUMNS[1], Some(Ascending), Shown),
    column(TENANT_COLUMNS[2], Some(Ascending), Shown),
    column(TENANT_COLUMNS[3], Some(Ascending), Shown),
    column(TENANT_COLUMNS[4], Some(Ascending), Hidden),
    column(TENANT_COLUMNS[5], Some(Ascending), Hidden),
    column(TENANT_COLUMNS[6], None, Always),
];

/// The columns of the invalidations tables.
pub const INVALIDATIONS: [Column; 9] = [
    column("Status", Some(Ascending), Always),
    column("CreateTime", Some(Descending), Shown),
    column("Took", Some(Descending), Shown),
    column("Target", Some(Ascending), Always),
    column("Items", Some(Ascending), Shown),
    column("Id", Some(Ascending), Shown),
    column("Note", Some(Ascending), Shown),
    column("", None, Always),
    column("Job", Some(Descending), Hidden),
];

/// The columns of the history table.
pub const HISTORY: [Column; 8] = [
    column(record::COLUMNS[0], Some(Ascending), Always),
    column(record::COLUMNS[1], Some(Descending), Shown),
    column(record::COLUMNS[2], Some(Ascending), Shown),
    column(record::COLUMNS[3], None, Shown),
    column(record::COLUMNS[4], Some(Descending), Shown),
    column(record::COLUMNS[5], None, Shown),
    column(record::COLUMNS[6], None, Shown),
    column(record::COLUMNS[7], None, Shown),
];

/// The index of the column that invalidations and the history are initially sorted by.
const CREATE_TIME: usize = 1;
/// The index of the target column in the invalidations tables.
const TARGET: usize = 3;

/// The sort order of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The index of the column.
    pub column: usize,
    /// The direction.
    pub direction: Direction,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 5] = [
        Self::Distributions,
        Self::Tenants,
        Self::Invalidations,
        Self::AllInvalidations,
        Self::History,
    ];

    /// Returns the name under which the table's arrangement is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Distributions => "distributions",
            Self::Tenants => "tenants",
            Self::Invalidations => "invalidations",
            Self::AllInvalidations => "all-invalidations",
            Self::History => "history",
        }
    }

    /// Returns the table's columns, from left to right.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Distributions => &DISTRIBUTIONS,
            Self::Tenants => &TENANTS,
            Self::Invalidations | Self::AllInvalidations => &INVALIDATIONS,
            Self::History => &HISTORY,
        }
    }

    /// Returns the names of the table's columns.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        self.columns().iter().map(|column| column.name).collect()
    }

    /// Returns whether the table has this column at all: the invalidations table of one target has no target column.
    #[must_use]
    pub fn has(self, column: usize) -> bool {
        column < self.columns().len() && (self != Self::Invalidations || column != TARGET)
    }

    /// Returns the indexes of the columns that the user can show or hide.
    pub fn optional(self) -> impl Iterator<Item = usize> {
        let columns = self.columns().iter().enumerate();
        columns.filter_map(move |(place, column)| {
            (column.choice != Always && !column.name.is_empty() && self.has(place)).then_some(place)
        })
    }

    /// Returns the initial sort order; `None` means the order in which CloudFront lists the rows.
    #[must_use]
    pub fn first_sort(self) -> Option<Sort> {
        match self {
            Self::Distributions | Self::Tenants => None,
            Self::Invalidations | Self::AllInvalidations | Self::History => Some(Sort {
                column: CREATE_TIME,
                direction: Descending,
            }),
        }
    }
}

/// The user's arrangement of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// The sort order; `None` means the order in which the rows were loaded.
    pub sort: Option<Sort>,
    seen: Vec<bool>,
}

impl Arrangement {
    fn of(table: Table) -> Self {
        Self {
            sort: table.first_sort(),
            seen: table.columns().iter().map(|column| column.choice != Hidden).collect(),
        }
    }

    /// Returns whether a column is visible if there is room.
    #[must_use]
    pub fn shows(&self, column: usize) -> bool {
        self.seen.get(column).copied().unwrap_or(false)
    }

    /// Shows or hides a column.
    pub fn toggle(&mut self, column: usize) {
        if let Some(seen) = self.seen.get_mut(column) {
            *seen = !*seen;
        }
    }

    /// Sorts by the next visible column. After the last one, starts over, or restores the order of a table that is
    /// initially unsorted.
    pub fn next_sort(&mut self, table: Table) {
        let sortable = |place: &usize| table.has(*place) && self.shows(*place) && sorts(table, *place).is_some();
        let places: Vec<usize> = (0..table.columns().len()).filter(sortable).collect();
        let next = match self.sort {
            None => places.first().copied(),
            Some(sort) => {
                // A table that is initially sorted never becomes unsorted: the sort wraps around instead.
                let first = table.first_sort().map(|sort| sort.column);
                let after = places.iter().copied().find(|place| *place > sort.column);
                match first {
                    None => after,
                    Some(first) => Some(after.or(places.first().copied()).unwrap_or(first)),
                }
            }
        };
        self.sort = next.and_then(|column| sorts(table, column).map(|direction| Sort { column, direction }));
    }

    /// Sorts by this column, or reverses the order if the table is already sorted by it. Returns whether the column is
    /// sortable.
    pub fn sort_by(&mut self, table: Table, column: usize) -> bool {
        let Some(direction) = sorts(table, column).filter(|_| table.has(column)) else {
            return false;
        };
        self.sort = match self.sort {
            Some(sort) if sort.column == column => Some(Sort {
                column,
                direction: sort.direction.reversed(),
            }),
            _ => Some(Sort { column, direction }),
        };
        true
    }

    /// Reverses the sort order. Returns whether the table is sorted at all.
    pub fn reverse(&mut self) -> bool {
        self.sort = self.sort.map(|sort| Sort {
            direction: sort.direction.reversed(),
            ..sort
        });
        self.sort.is_some()
    }
}

fn sorts(table: Table, column: usize) -> Option<Direction> {
    table.columns().get(column).and_then(|column| column.sorts)
}

/// The arrangements of all tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangements([Arrangement; 5]);

impl Default for Arrangements {
    fn default() -> Self {
        Self(Table::ALL.map(Arrangement::of))
    }
}

impl Arrangements {
    /// Returns the arrangement of a table.
    #[must_use]
    pub fn of(&self, table: Table) -> &Arrangement {
        &self.0[table as usize]
    }

    /// Returns a mutable reference to the arrangement of a table.
    pub fn of_mut(&mut self, table: Table) -> &mut Arrangement {
        &mut self.0[table as usize]
    }
}

/// The value of a cell, for sorting and filtering.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Text.
    Text(String),
    /// A time.
    Time(DateTime<Utc>),
    /// A number together with its displayed text.
    Number(i64, String),
    /// An unknown value, which is sorted last in both directions.
    Nothing,
}

impl Value {
    /// Creates a text value, or [`Self::Nothing`] if the text is empty.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::Nothing
        } else {
            Self::Text(text)
        }
    }

    /// Returns the text that filters search.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(_, text) => text.clone(),
            Self::Time(time) => time.format("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Nothing => String::new(),
        }
    }

    /// Returns the value in lower case, for comparison.
    fn folded(self) -> Self {
        match self {
            Self::Text(text) => Self::Text(text.to_lowercase()),
            other => other,
        }
    }
}

/// Sorts rows. Pinned rows stay at the top, and ties keep their order.
pub fn sort_rows<R>(
    rows: &mut Vec<R>,
    sort: Option<Sort>,
    pinned: impl Fn(&R) -> bool,
    value: impl Fn(&R, usize) -> Value,
) {
    let keyed = std::mem::take(rows).into_iter().map(|row| {
        let value = sort.map_or(Value::Nothing, |sort| value(&row, sort.column).folded());
        ((!pinned(&row), value == Value::Nothing, value), row)
    });
    let mut keyed: Vec<_> = keyed.collect();
    let down = sort.is_some_and(|sort| sort.direction == Descending);
    keyed.sort_by(|((pin, none, value), _), ((other_pin, other_none, other), _)| {
        let by_value = if down { other.cmp(value) } else { value.cmp(other) };
        pin.cmp(other_pin).then(none.cmp(other_none)).then(by_value)
    });
    rows.extend(keyed.into_iter().map(|(_, row)| row));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cycle(table: Table, presses: usize) -> Vec<String> {
        let mut arrangement = Arrangement::of(table);
        let mut names = Vec::new();
        for _ in 0..presses {
            arrangement.next_sort(table);
            names.push(arrangement.sort.map_or("as listed".to_owned(), |sort| {
                format!("{} {}", table.columns()[sort.column].name, sort.direction.name())
            }));
        }
        names
    }

    #[test]
    fn the_key_goes_through_the_columns_that_are_seen() {
        assert_eq!(
            cycle(Table::Tenants, 6),
            [
                "Domains ascending",
                "Name ascending",
                "Id ascending",
                "Status ascending",
                "as listed",
                "Domains ascending"
            ]
        );
        assert_eq!(
            cycle(Table::History, 4),
            [
                "Target ascending",
                "Max. cost descending",
                "Result ascending",
                "Confirmed descending"
            ]
        );
        let one = cycle(Table::Invalidations, 6);
        assert!(!one.contains(&"Target ascending".to_owned()), "{one:?}");
        assert!(cycle(Table::AllInvalidations, 6).contains(&"Target ascending".to_owned()));
    }

    #[test]
    fn pinned_rows_stay_first_and_nothing_last_both_ways() {
        let value = |row: &&str, _| Value::text(*row);
        for (direction, sorted) in [(Ascending, ["b", "A", "c", ""]), (Descending, ["b", "c", "A", ""])] {
            let mut rows = vec!["c", "", "b", "A"];
            sort_rows(&mut rows, Some(Sort { column: 0, direction }), |row| *row == "b", value);
            assert_eq!(rows, sorted);
        }
    }
}
