//! The ledger as history: pages, searches, notes, and deleted submissions.

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::domain::draft::{DraftId, KeptDraft};
use invalidash::domain::failure::{Failure, Refusal};
use invalidash::domain::invalidation::{InvalidationId, Status};
use invalidash::domain::record::{Order, PageFrom, Query, RecordPage};
use invalidash::domain::submission::{JobId, State, Submission, SubmissionId};
use invalidash::engine::effect::{LedgerContents, LedgerOperation, PRUNED_AT_ONCE};
use invalidash::runtime::ledger::Ledger;
use tempfile::TempDir;

use crate::support::journal::{TARGET, accepted, at, contents, contents_at, draft, plan, planned, progress};

type Test = Result<(), Box<dyn std::error::Error>>;

async fn ask(ledger: &Ledger, operation: LedgerOperation, now: DateTime<Utc>) -> Result<LedgerContents, String> {
    Ok(ledger
        .carry_out(operation, now)
        .await?
        .map_or_else(Default::default, |contents| *contents))
}

async fn find(ledger: &Ledger, words: &str) -> Result<RecordPage, String> {
    let query = Query {
        filter: words.to_owned(),
        order: Order::Newest,
        reversed: false,
        from: PageFrom::Start,
        limit: 100,
    };
    let contents = ask(ledger, LedgerOperation::History(query), at(2)).await?;
    contents.page.ok_or_else(|| "no page".to_owned())
}

async fn found(ledger: &Ledger, words: &str) -> Result<Vec<String>, String> {
    let page = find(ledger, words).await?;
    assert_eq!(page.counts.found, page.records.len());
    Ok(page.records.iter().map(|record| record.id.to_string()).collect())
}

fn noted(name: &str, items: &[&str], note: &str) -> Option<Submission> {
    Some(Submission {
        note: Some(note.to_owned()),
        ..planned(name, items)?
    })
}

fn rejected(submission: &Submission, code: &str) -> Submission {
    let refusal = Refusal {
        code: code.to_owned(),
        message: "no".to_owned(),
        http_status: 403,
        request_id: None,
    };
    Submission {
        state: State::Rejected {
            failure: Failure::Refused(refusal),
        },
        attempts: 1,
        ..submission.clone()
    }
}

#[tokio::test]
async fn rows_are_found_by_what_was_sent_where_why_and_what_became_of_it() -> Test {
    let ledger = Ledger::in_memory()?;
    let one = noted("s-1", &["/de/100%", "/a\"b"], "Relaunch of the shop").ok_or("no items")?;
    let two = planned("s-2", &["/en/*", "/late"]).ok_or("no items")?;
    let three = planned("s-3", &["#tv"]).ok_or("no items")?;
    plan(&ledger, vec![one, two.clone(), three.clone()]).await?;
    progress(&ledger, &accepted(&two, at(1))).await?;
    progress(&ledger, &rejected(&three, "AccessDenied")).await?;
    let cases: &[(&str, &[&str])] = &[
        ("", &["s-3", "s-2", "s-1"]),
        ("lumen-shop", &["s-3", "s-2", "s-1"]),
        ("LUMEN e1a2", &["s-3", "s-2", "s-1"]),
        ("relaunch shop", &["s-1"]),
        ("late", &["s-2"]),
        ("accessdenied", &["s-3"]),
        ("inprogress", &["s-2"]),
        ("i1 /en/*", &["s-2"]),
        ("100%", &["s-1"]),
        ("a\"b", &["s-1"]),
        ("10_%", &[]),
        ("s-3", &["s-3"]),
        ("relaunch late", &[]),
    ];
    for (words, ids) in cases {
        assert_eq!(found(&ledger, words).await?, *ids, "{words:?}");
    }
    let page = find(&ledger, "late").await?;
    let record = page.records.first().ok_or("no row")?;
    assert_eq!((record.head.as_slice(), record.cursor.items), (two.batch.items(), 2));
    assert_eq!((page.counts.total, page.counts.found), (3, 1));
    Ok(())
}

#[tokio::test]
async fn a_note_is_kept_with_the_plan_and_changed_afterwards_whoever_sends() -> Test {
    let folder = TempDir::new()?;
    let (one, other) = (Ledger::open(folder.path())?, Ledger::open(folder.path())?);
    let first = noted("s-1", &["/a"], "why").ok_or("no items")?;
    plan(&one, vec![first.clone()]).await?;
    let note = |note: Option<&str>, id: &str| LedgerOperation::Note {
        submission: SubmissionId::new(id),
        note: note.map(str::to_owned),
    };
    let whole = || ask(&other, LedgerOperation::Submission(first.id.clone()), at(2));
    assert_eq!(
        whole().await?.whole.into_iter().map(|(_, s)| s).collect::<Vec<_>>(),
        std::slice::from_ref(&first)
    );
    ask(&other, note(Some("because"), "s-1"), at(2)).await?;
    progress(&one, &accepted(&first, at(1))).await?;
    assert_eq!(whole().await?.whole[0].1.note.as_deref(), Some("because"));
    ask(&one, note(None, "s-1"), at(2)).await?;
    assert_eq!(whole().await?.whole[0].1.note, None);
    let gone = ask(&one, note(Some("x"), "s-9"), at(2)).await.err().unwrap_or_default();
    assert_eq!(
        gone,
        "the submission s-9 is no longer in the ledger; the note was not saved"
    );
    Ok(())
}

/// Ended on that day of November 2026.
async fn ended(ledger: &Ledger, name: &str, job: &str, day: i64, billed: bool) -> Result<(), String> {
    let submission = Submission {
        job: JobId::new(job),
        ..planned(name, &["/a", "/b"]).ok_or("no items")?
    };
    plan(ledger, vec![submission.clone()]).await?;
    let time = at(0) + TimeDelta::days(day - 22);
    let state = if billed {
        State::Completed {
            id: InvalidationId::new("I1"),
            create_time: time,
            last_in_progress: None,
            seen: Some(time),
        }
    } else {
        State::Cancelled
    };
    let last = Submission {
        state,
        attempts: 1,
        ..submission
    };
    ask(ledger, LedgerOperation::Progress(Box::new(last)), time)
        .await
        .map(drop)
}

#[tokio::test]
async fn what_is_old_is_let_go_of_but_nothing_unfinished_and_nothing_of_this_month() -> Test {
    let folder = TempDir::new()?;
    let ledger = Ledger::open(folder.path())?;
    ended(&ledger, "october", "j-1", -20, true).await?;
    ended(&ledger, "never-sent", "j-2", 3, false).await?;
    ended(&ledger, "this-month", "j-3", 3, true).await?;
    ended(&ledger, "yesterday", "j-4", 21, true).await?;
    ended(&ledger, "of-a-job-under-way", "j-5", -20, true).await?;
    let unfinished = Submission {
        job: JobId::new("j-5"),
        ..planned("under-way", &["/a"]).ok_or("no items")?
    };
    plan(&ledger, vec![unfinished]).await?;
    let before = contents(&ledger).await.used_this_month;
    let pruned = ask(&ledger, LedgerOperation::Prune(at(0) - TimeDelta::days(10)), at(0)).await?;
    assert_eq!(pruned.pruned, 2);
    assert_eq!(
        found(&ledger, "").await?,
        ["under-way", "of-a-job-under-way", "yesterday", "this-month"]
    );
    assert_eq!(contents(&ledger).await.used_this_month, before);
    let database = rusqlite::Connection::open(folder.path().join("ledger.db"))?;
    let left =
        |table: &str| database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
    assert_eq!((left("job")?, left("attempt")?), (3, 3));
    // In December, November no longer counts.
    let december = at(0) + TimeDelta::days(20);
    assert_eq!(
        ask(
            &ledger,
            LedgerOperation::Prune(december - TimeDelta::days(10)),
            december
        )
        .await?
        .pruned,
        2
    );
    assert_eq!(contents_at(&ledger, december).await.used_this_month, []);
    Ok(())
}

#[tokio::test]
async fn no_more_is_let_go_of_at_once_than_nobody_notices() -> Test {
    let ledger = Ledger::in_memory()?;
    for number in 0..PRUNED_AT_ONCE + 5 {
        ended(&ledger, &format!("s-{number}"), &format!("j-{number}"), -20, false).await?;
    }
    for expected in [PRUNED_AT_ONCE, 5, 0] {
        assert_eq!(
            ask(&ledger, LedgerOperation::Prune(at(0)), at(0)).await?.pruned,
            expected
        );
    }
    Ok(())
}

/// A ledger as an earlier release left it.
fn earlier(folder: &TempDir, format: u32) -> Result<(), Box<dyn std::error::Error>> {
    let database = rusqlite::Connection::open(folder.path().join("ledger.db"))?;
    let batch = match format {
        9 => "DROP TABLE maker; PRAGMA user_version = 9",
        8 => "ALTER TABLE submission DROP COLUMN when_deployed; PRAGMA user_version = 8",
        7 => "DROP TABLE month; DROP TABLE month_list; DROP TABLE month_invalidation; PRAGMA user_version = 7",
        6 => "DROP TABLE listed; DROP TABLE list; DROP TABLE setting; PRAGMA user_version = 6",
        5 => {
            "CREATE TABLE plain (targets TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL, changed TEXT NOT NULL) STRICT;
         INSERT INTO plain SELECT targets, text, changed FROM draft;
         DROP TABLE draft; ALTER TABLE plain RENAME TO draft; PRAGMA user_version = 5"
        }
        4 => "UPDATE submission SET state = json_remove(state, '$.last_in_progress'); PRAGMA user_version = 4",
        3 => "DROP TABLE batch_size; PRAGMA user_version = 3",
        2 => {
            "DROP INDEX submission_by_label; DROP INDEX submission_by_word; DROP INDEX submission_by_size;
         DROP INDEX submission_ended; DROP INDEX submission_of_job;
         ALTER TABLE submission DROP COLUMN invalidation; ALTER TABLE submission DROP COLUMN refusal;
         PRAGMA user_version = 2"
        }
        _ => "ALTER TABLE submission DROP COLUMN batch_number; PRAGMA user_version = 1",
    };
    Ok(database.execute_batch(batch)?)
}

#[tokio::test]
async fn a_ledger_of_every_earlier_format_is_brought_to_this_one() -> Test {
    for format in [9, 8, 7, 6, 5, 4, 3, 2, 1] {
        let folder = TempDir::new()?;
        let one = planned("s-1", &["/a"]).ok_or("no items")?;
        let two = planned("s-2", &["/b"]).ok_or("no items")?;
        let ledger = Ledger::open(folder.path())?;
        plan(&ledger, vec![one.clone(), two.clone()]).await?;
        progress(&ledger, &accepted(&one, at(1))).await?;
        progress(&ledger, &rejected(&two, "AccessDenied")).await?;
        ask(
            &ledger,
            LedgerOperation::Draft(draft("d-1", "/draft", &[], "v-1")),
            at(2),
        )
        .await?;
        drop(ledger);
        for format in (format..=9).rev() {
            earlier(&folder, format)?;
        }
        let ledger = Ledger::open(folder.path())?;
        assert_eq!(found(&ledger, "i1").await?, ["s-1"]);
        assert_eq!(found(&ledger, "accessdenied").await?, ["s-2"]);
        let read = contents(&ledger).await;
        assert_eq!(
            (read.unfinished, read.finished),
            (vec![accepted(&one, at(1))], vec![rejected(&two, "AccessDenied")])
        );
        let [kept] = read.drafts.as_slice() else {
            return Err("there is not one draft".into());
        };
        assert_eq!((&*kept.targets, &*kept.text, kept.changed), (TARGET, "/draft", at(2)));
        let beside = KeptDraft {
            id: DraftId::new("d-2"),
            ..kept.clone()
        };
        assert!(!kept.id.as_str().is_empty() && !kept.version.as_str().is_empty());
        // It can be replaced, and others can exist next to it.
        let version = kept.version.as_str();
        ask(
            &ledger,
            LedgerOperation::Draft(draft(kept.id.as_str(), "/more", &[version], "v-2")),
            at(3),
        )
        .await?;
        ask(
            &ledger,
            LedgerOperation::Draft(draft("d-2", "/draft", &[], version)),
            at(2),
        )
        .await?;
        assert_eq!(contents(&ledger).await.drafts.first(), Some(&beside));
    }
    Ok(())
}

/// One that was asked for at these times, in vain until the last, and was completed at this one. The first answer is
/// that of its creation.
async fn watched(ledger: &Ledger, name: &str, answers: &[(i64, &str)], seen: i64) -> Result<(), String> {
    let mut submission = planned(name, &["/a"]).ok_or("no items")?;
    plan(ledger, vec![submission.clone()]).await?;
    let mut write = async |state, attempts, second| {
        submission = Submission {
            state,
            attempts,
            ..submission.clone()
        };
        let operation = LedgerOperation::Progress(Box::new(submission.clone()));
        ask(ledger, operation, at(second)).await.map(drop)
    };
    let (id, create_time) = (InvalidationId::new("I1"), at(0));
    for (number, (sent, answer)) in (1..).zip(answers) {
        write(State::Sending, number, *sent).await?;
        let reason = || (*answer).to_owned();
        let state = match *answer {
            "InProgress" => State::InProgress {
                id: id.clone(),
                status: Status::new(*answer),
                create_time,
                last_in_progress: None,
            },
            "Reconciling" => State::Reconciling { refused: None },
            _ => State::Unknown {
                reason: reason(),
                until: None,
                reference_used: false,
            },
        };
        write(state, number, sent + 1).await?;
    }
    let completed = State::Completed {
        id,
        create_time,
        last_in_progress: None,
        seen: Some(at(seen)),
    };
    write(completed, u32::try_from(answers.len()).unwrap_or(1), seen).await
}

#[tokio::test]
async fn what_earlier_formats_did_not_measure_is_forgotten_as_a_measurement() -> Test {
    for format in [4, 3, 2, 1] {
        let folder = TempDir::new()?;
        let ledger = Ledger::open(folder.path())?;
        watched(&ledger, "measured", &[(0, "InProgress")], 3).await?;
        watched(&ledger, "measured-at-last", &[(0, "no answer"), (5, "InProgress")], 8).await?;
        watched(&ledger, "overnight", &[(0, "InProgress")], 28_800).await?;
        watched(&ledger, "restarted", &[(0, "InProgress")], 28).await?;
        watched(&ledger, "searched", &[(0, "no answer"), (1, "Reconciling")], 3).await?;
        drop(ledger);
        for format in (format..=9).rev() {
            earlier(&folder, format)?;
        }
        let read = contents(&Ledger::open(folder.path())?).await;
        let took = read.finished.iter().rev().map(|submission| {
            let took = submission.state.took().map(|took| took.to_string());
            format!("{} {}", submission.id, took.unwrap_or_default())
        });
        let expected = [
            "measured 3 s",
            "measured-at-last 8 s",
            "overnight ≤ 8 h",
            "restarted ≤ 28 s",
            "searched ≤ 3 s",
        ];
        assert_eq!(took.collect::<Vec<_>>(), expected, "format {format}");
    }
    Ok(())
}
