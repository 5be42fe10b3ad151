//! The tables, and the migrations that create them.

use rusqlite::Connection;

use super::trouble::Trouble;

/// The application id that marks the file as ours: `INVD` in ASCII.
const APPLICATION_ID: i32 = 0x494E_5644;

/// The migrations, one script per version; the file's `user_version` is the number of scripts applied. A script is
/// never edited after its release.
const MIGRATIONS: &[&str] = &[
    VERSION_1, VERSION_2, VERSION_3, VERSION_4, VERSION_5, VERSION_6, VERSION_7, VERSION_8, VERSION_9, VERSION_10,
];

/// The first version. Times are RFC 3339 in UTC with nine digits, so that they sort as text. Items and states are JSON.
const VERSION_1: &str = "
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    created TEXT NOT NULL
) STRICT;

CREATE TABLE submission (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    job TEXT NOT NULL REFERENCES job (id),
    account TEXT,
    endpoint TEXT NOT NULL,
    profile TEXT NOT NULL,
    target_kind TEXT NOT NULL CHECK (target_kind IN ('distribution', 'tenant')),
    target TEXT NOT NULL,
    label TEXT NOT NULL,
    items TEXT NOT NULL,
    items_sha256 TEXT NOT NULL,
    item_count INTEGER NOT NULL CHECK (item_count > 0),
    reference TEXT NOT NULL,
    created TEXT NOT NULL,
    version TEXT NOT NULL,
    note TEXT,
    word TEXT NOT NULL,
    state TEXT NOT NULL,
    final INTEGER NOT NULL,
    maybe_sent INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    first_sent TEXT,
    request_id TEXT,
    accepted TEXT,
    changed TEXT NOT NULL,
    claimed_by TEXT,
    UNIQUE (target, reference)
) STRICT;
CREATE INDEX submission_unfinished ON submission (number) WHERE final = 0;
CREATE INDEX submission_accepted ON submission (accepted) WHERE accepted IS NOT NULL;

CREATE TABLE attempt (
    submission TEXT NOT NULL REFERENCES submission (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    sent TEXT,
    answered TEXT,
    answer TEXT,
    PRIMARY KEY (submission, number)
) STRICT;

CREATE TABLE draft (
    targets TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    changed TEXT NOT NULL
) STRICT;

CREATE TABLE favourite (
    target_kind TEXT NOT NULL CHECK (target_kind IN ('distribution', 'tenant')),
    target TEXT NOT NULL,
    PRIMARY KEY (target_kind, target)
) STRICT;

CREATE TABLE invalidation (
    target_kind TEXT NOT NULL CHECK (target_kind IN ('distribution', 'tenant')),
    target TEXT NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    create_time TEXT NOT NULL,
    items TEXT NOT NULL,
    caller_reference TEXT NOT NULL,
    PRIMARY KEY (target_kind, target, id)
) STRICT;
CREATE INDEX invalidation_newest ON invalidation (create_time);
";

/// The migration that adds the number of a batch within its job and target.
const VERSION_2: &str = "
ALTER TABLE submission ADD COLUMN batch_number INTEGER NOT NULL DEFAULT 1;
";

/// The migration that adds the history: columns for searching, an index for each sort order of its pages, and one for
/// deleting old submissions.
const VERSION_3: &str = "
ALTER TABLE submission ADD COLUMN invalidation TEXT;
ALTER TABLE submission ADD COLUMN refusal TEXT;
UPDATE submission SET
    invalidation = json_extract(state, '$.id'),
    refusal = json_extract(state, '$.failure.refused.code')
    WHERE json_valid(state);
CREATE INDEX submission_by_label ON submission (label, number DESC);
CREATE INDEX submission_by_word ON submission (word, number DESC);
CREATE INDEX submission_by_size ON submission (item_count, number);
CREATE INDEX submission_ended ON submission (changed) WHERE final = 1;
CREATE INDEX submission_of_job ON submission (job);
";

/// The migration that adds the batch sizes that work for an account after larger ones were refused.
const VERSION_4: &str = "
CREATE TABLE batch_size (
    account TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    exact INTEGER NOT NULL CHECK (exact > 0),
    wildcards INTEGER NOT NULL CHECK (wildcards > 0),
    learned TEXT NOT NULL,
    PRIMARY KEY (account, endpoint)
) STRICT;
";

/// The migration that adds the time at which CloudFront last reported an invalidation as in progress. Earlier formats
/// did not record it, so the script uses the time at which the attempt with that response was sent. Invalidations that
/// have not been polled since do not count toward typical times.
const VERSION_5: &str = "
UPDATE submission SET state = json_set(state, '$.last_in_progress',
        (SELECT sent FROM attempt WHERE attempt.submission = submission.id AND answer LIKE 'InProgress: %'
            ORDER BY attempt.number DESC LIMIT 1))
    WHERE accepted IS NOT NULL AND json_valid(state);
";

/// The migration that adds drafts with versions. There may be several for the same targets, each written by one window.
const VERSION_6: &str = "
CREATE TABLE versioned_draft (
    id TEXT NOT NULL PRIMARY KEY,
    targets TEXT NOT NULL,
    text TEXT NOT NULL,
    changed TEXT NOT NULL,
    version TEXT NOT NULL
) STRICT;
INSERT INTO versioned_draft SELECT hex(randomblob(13)), targets, text, changed, hex(randomblob(13)) FROM draft;
DROP TABLE draft;
ALTER TABLE versioned_draft RENAME TO draft;
";

/// The migration that adds the list of distributions that a profile last loaded, so that the next start shows it
/// immediately, and the values that pages store.
const VERSION_7: &str = "
CREATE TABLE list (
    endpoint TEXT NOT NULL,
    profile TEXT NOT NULL,
    account TEXT,
    as_of TEXT NOT NULL,
    PRIMARY KEY (endpoint, profile)
) STRICT;
CREATE TABLE listed (
    endpoint TEXT NOT NULL,
    profile TEXT NOT NULL,
    place INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (endpoint, profile, place),
    FOREIGN KEY (endpoint, profile) REFERENCES list (endpoint, profile) ON DELETE CASCADE
) STRICT;
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
";

/// The migration that adds the counts of a month: their progress by profile and by target, and the contents of each
/// invalidation.
const VERSION_8: &str = "
CREATE TABLE month (
    endpoint TEXT NOT NULL,
    profile TEXT NOT NULL,
    start TEXT NOT NULL,
    begun TEXT NOT NULL,
    ended TEXT,
    discovery TEXT NOT NULL,
    PRIMARY KEY (endpoint, profile, start)
) STRICT;
CREATE TABLE month_list (
    endpoint TEXT NOT NULL,
    start TEXT NOT NULL,
    target_kind TEXT NOT NULL CHECK (target_kind IN ('distribution', 'tenant')),
    target TEXT NOT NULL,
    listing TEXT NOT NULL,
    PRIMARY KEY (endpoint, start, target_kind, target)
) STRICT;
CREATE TABLE month_invalidation (
    endpoint TEXT NOT NULL,
    target_kind TEXT NOT NULL CHECK (target_kind IN ('distribution', 'tenant')),
    target TEXT NOT NULL,
    id TEXT NOT NULL,
    created TEXT NOT NULL,
    paths INTEGER,
    reference TEXT,
    refused TEXT,
    PRIMARY KEY (endpoint, target_kind, target, id)
) STRICT;
CREATE INDEX month_invalidation_newest ON month_invalidation (created);
";

/// The migration that adds a flag for whether a submission's first request waits until its target is deployed.
const VERSION_9: &str = "
ALTER TABLE submission ADD COLUMN when_deployed INTEGER NOT NULL DEFAULT 0;
";

/// The migration that adds who created invalidations, as recorded by CloudTrail. Each row is keyed by invalidation, or
/// else by reference.
const VERSION_10: &str = "
CREATE TABLE maker (
    endpoint TEXT NOT NULL,
    target_kind TEXT NOT NULL CHECK (target_kind IN ('distribution', 'tenant')),
    target TEXT NOT NULL,
    invalidation TEXT NOT NULL,
    reference TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (endpoint, target_kind, target, invalidation, reference)
) STRICT;
";

/// Configures a connection. Must run after the version check, because setting the journal mode writes to the file.
pub(super) fn configure(connection: &Connection) -> Result<(), Trouble> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Only macOS uses these two. Without them, its fsync may leave the data in the drive's own cache.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(())
}

/// Rejects a file that is not ours or is newer than this version, before anything is written to it.
pub(super) fn check(connection: &Connection) -> Result<(), Trouble> {
    // Uses one snapshot, because another process may create the tables of a new ledger between two reads.
    let snapshot = connection.unchecked_transaction()?;
    let version = pragma(&snapshot, "user_version")?;
    let application = pragma(&snapshot, "application_id")?;
    let tables: i64 = snapshot.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    drop(snapshot);
    if application != APPLICATION_ID && (tables > 0 || version > 0 || application != 0) {
        return Err(Trouble::Foreign);
    }
    match usize::try_from(version) {
        Ok(version) if version <= MIGRATIONS.len() => Ok(()),
        Ok(_) | Err(_) => Err(Trouble::Newer {
            theirs: version,
            ours: MIGRATIONS.len(),
        }),
    }
}

/// Migrates the file to this version, in a single transaction, however many processes try at once.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), Trouble> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let seen = usize::try_from(pragma(&transaction, "user_version")?).unwrap_or(usize::MAX);
    for script in MIGRATIONS.iter().skip(seen) {
        transaction.execute_batch(script)?;
    }
    if seen < MIGRATIONS.len() {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(
            None,
            "user_version",
            i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX),
        )?;
    }
    Ok(transaction.commit()?)
}

fn pragma(connection: &Connection, name: &str) -> Result<i32, Trouble> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}
