//! Tests of a page's cost, measured by the work that `SQLite` does for it.

use rusqlite::{Connection, StatementStatus, params};

use super::*;
use crate::runtime::ledger::open;

type Test = Result<(), Box<dyn std::error::Error>>;

const ROWS: i64 = 10_000;
const PAGE: usize = 200;

/// Creates a ledger with ten thousand submissions: seven targets, three words, and sizes in random order.
fn ledger() -> Result<Connection, Box<dyn std::error::Error>> {
    let mut connection = Connection::open_in_memory()?;
    open::prepare(&mut connection)?;
    connection.execute(
        "INSERT INTO job (id, created) VALUES ('job', '2026-11-22T10:00:00Z')",
        [],
    )?;
    let transaction = connection.transaction()?;
    for number in 1..=ROWS {
        transaction.execute(
            "INSERT INTO submission (id, job, endpoint, profile, target_kind, target, label, items, items_sha256, item_count,
                reference, created, version, word, state, final, maybe_sent, attempts, changed)
             VALUES (?1, 'job', 'CloudFront', 'prod', 'distribution', 'E1', ?2, ?3, '', ?4, ?1, '2026-11-22T10:00:00Z',
                '1', ?5, '{}', 1, 0, 1, '2026-11-22T10:00:00Z')",
            params![
                format!("s-{number}"),
                format!("www{}.example", number % 7),
                format!("[\"/page/{number}\"]"),
                1 + number * 37 % 50,
                ["Completed", "Rejected", "Cancelled"][usize::try_from(number % 3)?],
            ],
        )?;
    }
    transaction.commit()?;
    Ok(connection)
}

/// Returns every sort order in both directions.
fn orders() -> impl Iterator<Item = (Order, bool)> {
    let all = [Order::Newest, Order::Target, Order::Result, Order::Price];
    all.into_iter().flat_map(|order| [(order, false), (order, true)])
}

fn query((order, reversed): (Order, bool), from: PageFrom) -> Query {
    Query {
        filter: String::new(),
        order,
        reversed,
        from,
        limit: PAGE,
    }
}

fn numbers(page: &RecordPage) -> Vec<i64> {
    page.records.iter().map(|record| record.cursor.number).collect()
}

#[test]
fn pages_in_either_direction_hold_every_row_once_and_in_the_same_order() -> Test {
    let connection = ledger()?;
    let now = DateTime::UNIX_EPOCH;
    for order in orders() {
        let mut down: Vec<Cursor> = Vec::new();
        let mut from = PageFrom::Start;
        loop {
            let page = page(&connection, &query(order, from), now)?;
            assert_eq!((page.counts.total, page.counts.found), (10_000, 10_000));
            down.extend(page.records.iter().map(|record| record.cursor.clone()));
            match down.last().cloned().filter(|_| page.more) {
                Some(cursor) => from = PageFrom::After(cursor),
                None => break,
            }
        }
        assert_eq!(down.len(), 10_000, "{order:?}");
        let place = |at: &Cursor| {
            let newest = -at.number;
            match order.0 {
                Order::Newest => (String::new(), newest),
                Order::Target => (at.label.clone(), newest),
                Order::Result => (at.word.clone(), newest),
                Order::Price => (format!("{:05}", 9_999 - at.items), newest),
            }
        };
        assert!(
            down.is_sorted_by(|one, two| (place(one) < place(two)) != order.1),
            "{order:?}"
        );
        let down: Vec<i64> = down.iter().map(|cursor| cursor.number).collect();
        let mut up: Vec<i64> = Vec::new();
        let mut from = PageFrom::End;
        loop {
            let page = page(&connection, &query(order, from), now)?;
            up.splice(0..0, numbers(&page));
            match page
                .records
                .first()
                .map(|record| record.cursor.clone())
                .filter(|_| page.more)
            {
                Some(cursor) => from = PageFrom::Before(cursor),
                None => break,
            }
        }
        assert!(up == down, "{order:?}: up is not down turned over");
    }
    Ok(())
}

/// Checks that a page is found through an index however deep it is: nothing is sorted, and no more rows are visited
/// than the page contains.
#[test]
fn a_page_reads_its_own_rows_and_no_others() -> Test {
    let connection = ledger()?;
    let middle = Cursor {
        number: 5_000,
        label: "www3.example".to_owned(),
        word: "Completed".to_owned(),
        items: 25,
    };
    for order in orders() {
        let places = [
            PageFrom::Start,
            PageFrom::End,
            PageFrom::After(middle.clone()),
            PageFrom::Before(middle.clone()),
        ];
        for from in places {
            let query = query(order, from);
            let (sql, parameters) = statement("number", &query);
            let mut prepared = connection.prepare(&sql)?;
            let rows = prepared.query_map(params_from_iter(parameters), |row| row.get::<_, i64>(0))?;
            assert_eq!(rows.count(), PAGE + 1, "{query:?}");
            assert_eq!(prepared.get_status(StatementStatus::Sort), 0, "{query:?}");
            // A row takes about a dozen virtual machine steps; all ten thousand would take a hundred thousand or more.
            let steps = prepared.get_status(StatementStatus::VmStep);
            assert!(steps < 12_000, "{query:?}: {steps} steps");
        }
    }
    Ok(())
}

#[test]
fn a_row_that_cannot_be_understood_is_still_a_row() -> Test {
    let connection = ledger()?;
    connection.execute("UPDATE submission SET state = 'x', items = 'y', created = 'z'", [])?;
    let page = page(
        &connection,
        &query((Order::Newest, false), PageFrom::Start),
        DateTime::UNIX_EPOCH,
    )?;
    assert_eq!(page.records.len(), PAGE);
    assert_eq!((&page.records[0].state, &page.records[0].head), (&None, &Vec::new()));
    let whole = whole(&connection, &query((Order::Newest, false), PageFrom::Start))?;
    assert_eq!((whole.whole.len(), whole.next.is_some()), (0, true));
    Ok(())
}
