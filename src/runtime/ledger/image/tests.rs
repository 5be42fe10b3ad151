//! Tests that the image of a ledger matches what `SQLite` itself reads, wherever the log was truncated.

use super::*;

type Test = Result<(), Box<dyn std::error::Error>>;

/// Returns the image of a file with a log, and what `SQLite` reads from the same two files.
fn compared(file: &[u8], log: &[u8]) -> Result<(Vec<i64>, Vec<i64>), Box<dyn std::error::Error>> {
    let mut pages = file.to_vec();
    apply(&mut pages, log);
    if let Some(formats) = pages.get_mut(FORMATS) {
        formats.fill(1);
    }
    let mut image = Connection::open_in_memory()?;
    image.deserialize_read_exact("main", &*pages, pages.len(), true)?;
    let folder = tempfile::TempDir::new()?;
    let path = folder.path().join("a.db");
    std::fs::write(&path, file)?;
    std::fs::write(folder.path().join("a.db-wal"), log)?;
    Ok((numbers(&image)?, numbers(&Connection::open(path)?)?))
}

fn numbers(connection: &Connection) -> rusqlite::Result<Vec<i64>> {
    let mut statement = connection.prepare("SELECT length(text) FROM line ORDER BY rowid")?;
    let lengths = statement.query_map([], |row| row.get(0))?;
    lengths.collect()
}

#[test]
fn the_image_holds_what_the_log_committed_wherever_it_is_cut() -> Test {
    let folder = tempfile::TempDir::new()?;
    let path = folder.path().join("a.db");
    let connection = Connection::open(&path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.execute_batch("CREATE TABLE line (text TEXT); PRAGMA wal_checkpoint(TRUNCATE);")?;
    let add = |length: usize| connection.execute("INSERT INTO line VALUES (?1)", ["x".repeat(length)]);
    // A restarted log contains frames of the older log after its own.
    for length in [20_000, 30_000, 10] {
        add(length)?;
    }
    connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE);")?;
    for length in [1, 9_000, 2] {
        add(length)?;
    }
    let (file, log) = (std::fs::read(&path)?, std::fs::read(folder.path().join("a.db-wal"))?);
    let mut seen = std::collections::BTreeSet::new();
    for length in (0..=log.len()).step_by(1_013).chain([log.len()]) {
        let (image, real) = compared(&file, log.get(..length).unwrap_or_default())?;
        assert_eq!(image, real, "cut at {length}");
        seen.insert(image.len());
    }
    assert!(seen.len() > 2 && seen.contains(&6), "{seen:?}");
    Ok(())
}
