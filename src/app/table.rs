//! The tables as data: which columns each has, by which it is sorted, which of them a person chose to see.

use chrono::{DateTime, Utc};

use crate::domain::distribution::TENANT_COLUMNS;
use crate::domain::record;

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// The distributions.
    Distributions,
    /// The tenants of a distribution.
    Tenants,
    /// The invalidations of one target.
    Invalidations,
    /// The invalidations of all targets.
    AllInvalidations,
    /// What was ever sent from here.
    History,
}

/// Which way a sort goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From A to Z, from the oldest to the newest, from the smallest to the largest.
    Ascending,
    /// The other way.
    Descending,
}

use Direction::{Ascending, Descending};

impl Direction {
    /// The other way.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Ascending => Descending,
            Descending => Ascending,
        }
    }

    /// Its name, as it is said and remembered.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Ascending => "ascending",
            Descending => "descending",
        }
    }
}

/// Whether a column is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Always, if there is room.
    Always,
    /// Unless a person takes it away.
    Shown,
    /// Only if a person chooses it.
    Hidden,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading, by which it is also filtered and remembered.
    pub name: &'static str,
    /// The direction that a first sort by it takes; `None`: nothing is sorted by it.
    pub sorts: Option<Direction>,
    /// Whether it is seen.
    pub choice: Choice,
}

const fn column(name: &'static str, sorts: Option<Direction>, choice: Choice) -> Column {
    Column { name, sorts, choice }
}

use Choice::{Always, Hidden, Shown};

/// The columns of the distributions.
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

/// The columns of the tenants.
pub const TENANTS: [Column; 7] = [
    column(TENANT_COLUMNS[0], Some(Ascending), Always),
    column(TENANT_COLUMNS[1], Some(Ascending), Shown),
    column(TENANT_COLUMNS[2], Some(Ascending), Shown),
    column(TENANT_COLUMNS[3], Some(Ascending), Shown),
    column(TENANT_COLUMNS[4], Some(Ascending), Hidden),
    column(TENANT_COLUMNS[5], Some(Ascending), Hidden),
    column(TENANT_COLUMNS[6], None, Always),
];

/// The columns of the invalidations.
pub const INVALIDATIONS: [Column; 10] = [
    column("Status", Some(Ascending), Always),
    column("CreateTime", Some(Descending), Shown),
    column("", None, Always),
    column("Took", Some(Descending), Shown),
    column("Target", Some(Ascending), Always),
    column("Items", Some(Ascending), Shown),
    column("Id", Some(Ascending), Shown),
    column("Note", Some(Ascending), Shown),
    column("", None, Always),
    column("Job", Some(Descending), Hidden),
];

/// The columns of the history.
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

/// The place of the column by which invalidations are sorted at first.
const CREATE_TIME: usize = 1;
/// The place of the target among the columns of the invalidations.
const TARGET: usize = 4;

/// What a table is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The place of the column.
    pub column: usize,
    /// Which way.
    pub direction: Direction,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Distributions,
        Self::Tenants,
        Self::Invalidations,
        Self::AllInvalidations,
        Self::History,
    ];

    /// Its name, under which its arrangement is remembered.
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

    /// Its columns, from the left to the right.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Distributions => &DISTRIBUTIONS,
            Self::Tenants => &TENANTS,
            Self::Invalidations | Self::AllInvalidations => &INVALIDATIONS,
            Self::History => &HISTORY,
        }
    }

    /// The names of its columns.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        self.columns().iter().map(|column| column.name).collect()
    }

    /// Whether it has this column at all: of one target's invalidations nobody asks for the target.
    #[must_use]
    pub fn has(self, column: usize) -> bool {
        column < self.columns().len() && (self != Self::Invalidations || column != TARGET)
    }

    /// The columns that a person may choose, by their places.
    pub fn optional(self) -> impl Iterator<Item = usize> {
        let columns = self.columns().iter().enumerate();
        columns.filter_map(move |(place, column)| {
            (column.choice != Always && !column.name.is_empty() && self.has(place)).then_some(place)
        })
    }

    /// What it is sorted by at first; `None`: as CloudFront lists it.
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

/// How a person has arranged a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// What it is sorted by; `None`: as listed.
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

    /// Whether a column is seen, if there is room.
    #[must_use]
    pub fn shows(&self, column: usize) -> bool {
        self.seen.get(column).copied().unwrap_or(false)
    }

    /// Shows a column, or takes it away.
    pub fn toggle(&mut self, column: usize) {
        if let Some(seen) = self.seen.get_mut(column) {
            *seen = !*seen;
        }
    }

    /// Sorts by the next column that is seen; after the last one as at first.
    pub fn next_sort(&mut self, table: Table) {
        let sortable = |place: &usize| table.has(*place) && self.shows(*place) && sorts(table, *place).is_some();
        let places: Vec<usize> = (0..table.columns().len()).filter(sortable).collect();
        let next = match self.sort {
            None => places.first().copied(),
            Some(sort) => {
                // Around from the first sort, which stands anywhere among the columns.
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

    /// Sorts by this column; by the one that it is sorted by already the other way. Returns whether it has an order.
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

    /// Sorts the other way. Returns whether it is sorted by anything.
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
    /// The arrangement of a table.
    #[must_use]
    pub fn of(&self, table: Table) -> &Arrangement {
        &self.0[table as usize]
    }

    /// The arrangement of a table, to change it.
    pub fn of_mut(&mut self, table: Table) -> &mut Arrangement {
        &mut self.0[table as usize]
    }
}

/// What a cell holds, to sort and to filter by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A text.
    Text(String),
    /// A moment.
    Time(DateTime<Utc>),
    /// A number, and the words that stand for it.
    Number(i64, String),
    /// Nothing is known: it stands last, whichever way is sorted.
    Nothing,
}

impl Value {
    /// A text, or nothing where it is empty.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::Nothing
        } else {
            Self::Text(text)
        }
    }

    /// What is found by a filter.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(_, text) => text.clone(),
            Self::Time(time) => time.format("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Nothing => String::new(),
        }
    }

    /// Without capitals, to be compared.
    fn folded(self) -> Self {
        match self {
            Self::Text(text) => Self::Text(text.to_lowercase()),
            other => other,
        }
    }
}

/// Sorts rows; those that are pinned stay at the top, and equal ones keep their order.
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
                "At most descending",
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
