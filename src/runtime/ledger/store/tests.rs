//! Tests a situation that can only be caused from within the store: a full disk.

use super::*;
use crate::domain::batch::{Batch, CallerReference};
use crate::domain::distribution::{DistributionId, Target};
use crate::domain::submission::{JobId, Scope, State, Submission};

fn submission(name: &str, items: usize) -> Option<Submission> {
    let batch = Batch::new(
        (0..items)
            .map(|number| format!("/a/rather/long/path/{number}"))
            .collect(),
    )?;
    Some(Submission {
        id: SubmissionId::new(name),
        job: JobId::new("job"),
        scope: Scope {
            account: None,
            endpoint: "CloudFront".to_owned(),
            profile: "default".to_owned(),
        },
        target: Target::Distribution(DistributionId::new("E1")),
        label: "www.example.com".to_owned(),
        number: 1,
        reference: CallerReference::for_batch(name, 1, &batch),
        batch,
        created: DateTime::UNIX_EPOCH,
        version: "0.1.0".to_owned(),
        state: State::Planned,
        maybe_sent: false,
        attempts: 0,
        first_sent: None,
        request_id: None,
        note: None,
        when_deployed: false,
    })
}

fn plan(store: &mut Store, submissions: &[Option<Submission>]) -> LedgerResult {
    let submissions = submissions.iter().flatten().cloned().collect();
    store.carry_out(&LedgerOperation::Plan(submissions), DateTime::UNIX_EPOCH)
}

fn limit(store: &Store, pages: i64) -> rusqlite::Result<()> {
    // The pragma returns the limit that it set.
    store
        .connection
        .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
}

#[test]
fn a_full_disk_takes_nothing_of_a_job_and_what_was_there_stays() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::TempDir::new()?;
    let mut store = Store::open(folder.path())?;
    plan(&mut store, &[submission("before", 1)])?;
    let pages: i64 = store.connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
    limit(&store, pages)?;
    let refused = plan(&mut store, &[submission("small", 1), submission("large", 3_000)]);
    let sentence = refused.err().map(String::from).unwrap_or_default();
    assert!(
        sentence.ends_with("ledger.db cannot grow: the disk is full. Free some space and try again"),
        "{sentence}"
    );
    let ids = |store: &mut Store| match store.carry_out(&LedgerOperation::Open, DateTime::UNIX_EPOCH) {
        Ok(Some(contents)) => contents
            .unfinished
            .iter()
            .map(|one| one.id.to_string())
            .collect::<Vec<_>>(),
        Ok(None) | Err(_) => Vec::new(),
    };
    assert_eq!(ids(&mut store), ["before"]);
    limit(&store, 1_000_000)?;
    plan(&mut store, &[submission("large", 3_000)])?;
    assert_eq!(ids(&mut store), ["before", "large"]);
    Ok(())
}

#[test]
fn what_was_reported_as_lost_is_gone_with_the_next_commit() -> Result<(), Box<dyn std::error::Error>> {
    let mut store = Store::in_memory()?;
    plan(&mut store, &[submission("kept", 1), submission("lost", 1)])?;
    store.disowned.push(SubmissionId::new("lost"));
    let contents = store.carry_out(&LedgerOperation::Open, DateTime::UNIX_EPOCH)?;
    let ids: Vec<_> = contents
        .iter()
        .flat_map(|contents| &contents.unfinished)
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!((ids, store.disowned.len()), (vec!["kept"], 0));
    Ok(())
}
