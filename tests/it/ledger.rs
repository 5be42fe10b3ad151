//! The ledger returns exactly what was planned, to one process at a time, whatever its folder contains.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use chrono::{DateTime, Utc};
use invalidash::domain::batch::{Batch, CallerReference, Learned, Sizes};
use invalidash::domain::distribution::{AccountId, Target};
use invalidash::domain::draft::{DraftId, DraftVersion, DraftWrite, KeptDraft};
use invalidash::domain::failure::{Failure, Refusal};
use invalidash::domain::invalidation::{Invalidation, InvalidationId, Status};
use invalidash::domain::submission::{JobId, Scope, State, Submission, SubmissionId};
use invalidash::domain::trail::{Event, Wanted};
use invalidash::engine::effect::{LedgerContents, LedgerOperation};
use invalidash::runtime::ledger::Ledger;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::support::journal::{TARGET, accepted, at, contents, contents_at, draft, plan, planned, progress, refusal};

type Test = Result<(), Box<dyn std::error::Error>>;

fn states() -> Vec<State> {
    let refusal = Refusal {
        code: "InvalidArgument".to_owned(),
        message: "Your request contains one or more invalid invalidation paths.".to_owned(),
        http_status: 400,
        request_id: Some("22820705".to_owned()),
    };
    let (id, create_time) = (InvalidationId::new("I1"), at(3));
    vec![
        State::Planned,
        State::Counting { until: at(5) },
        State::Queued,
        State::Sending,
        State::Retrying {
            reason: "Throttling".to_owned(),
            until: at(9),
        },
        State::Unknown {
            reason: "no response within 30 seconds".to_owned(),
            until: None,
            reference_used: false,
        },
        State::Unknown {
            reason: "no response within 30 seconds".to_owned(),
            until: Some(at(9)),
            reference_used: false,
        },
        State::Reconciling { refused: None },
        State::Reconciling {
            refused: Some(Box::new(refusal.clone())),
        },
        State::NeedsLogin {
            reason: "log in".to_owned(),
        },
        State::InProgress {
            id: id.clone(),
            status: Status::new("Brewing"),
            create_time,
            last_in_progress: Some(at(4)),
        },
        State::Completed {
            id: id.clone(),
            create_time,
            last_in_progress: Some(at(28)),
            seen: Some(at(30)),
        },
        State::Completed {
            id,
            create_time,
            last_in_progress: None,
            seen: None,
        },
        State::Rejected {
            failure: Failure::Refused(refusal),
        },
        State::Rejected {
            failure: Failure::Setup("the disk is full".to_owned()),
        },
        State::Split { into: 3 },
        State::Cancelled,
    ]
}

#[tokio::test]
async fn every_state_is_read_back_as_it_was_written() -> Test {
    let folder = TempDir::new()?;
    for (number, state) in states().into_iter().enumerate() {
        let first = planned(&format!("s-{number}"), &["/a", "#tag", "/caf%C3%A9/*"]).ok_or("no items")?;
        let ledger = Ledger::open(folder.path())?;
        plan(&ledger, vec![first.clone()]).await?;
        let later = Submission {
            state,
            maybe_sent: true,
            attempts: 3,
            first_sent: Some(at(2)),
            request_id: Some("22820705".to_owned()),
            ..first
        };
        progress(&ledger, &later).await?;
        drop(ledger);
        let read = contents(&Ledger::open(folder.path())?).await;
        let there = if later.state.is_final() {
            read.finished.first()
        } else {
            read.unfinished.last()
        };
        assert_eq!(there, Some(&later.held()), "{:?}", read.warning);
    }
    Ok(())
}

#[tokio::test]
async fn a_job_is_written_whole_or_not_at_all() -> Test {
    let ledger = Ledger::in_memory()?;
    let first = planned("s-1", &["/a"]).ok_or("no items")?;
    let clash = Submission {
        reference: first.reference.clone(),
        ..planned("s-2", &["/b"]).ok_or("no items")?
    };
    let third = planned("s-3", &["/c"]).ok_or("no items")?;
    plan(&ledger, vec![first.clone()]).await?;
    let refused = plan(&ledger, vec![third, clash]).await;
    assert!(refused.is_err_and(|failure| failure.sentence.contains("its CallerReference")));
    let changed = Submission {
        batch: Batch::new(vec!["/z".to_owned()]).ok_or("no items")?,
        ..first.clone()
    };
    assert!(
        plan(&ledger, vec![changed.clone()]).await.is_err(),
        "other items under the same name"
    );
    assert!(progress(&ledger, &changed).await.is_err(), "items never change");
    assert_eq!(contents(&ledger).await.unfinished, [first]);
    Ok(())
}

#[tokio::test]
async fn unfinished_work_comes_in_the_order_of_its_planning_and_the_past_newest_first() -> Test {
    let ledger = Ledger::in_memory()?;
    let names: Vec<String> = (0..30).map(|number| format!("s-{number}")).collect();
    let all: Vec<Submission> = names.iter().filter_map(|name| planned(name, &["/a"])).collect();
    plan(&ledger, all.clone()).await?;
    for submission in all.iter().skip(20) {
        progress(
            &ledger,
            &Submission {
                state: State::Cancelled,
                ..submission.clone()
            },
        )
        .await?;
    }
    let read = contents(&ledger).await;
    let ids = |submissions: &[Submission]| submissions.iter().map(|one| one.id.to_string()).collect::<Vec<_>>();
    let newest_first: Vec<String> = names.iter().skip(20).rev().cloned().collect();
    assert_eq!(
        (ids(&read.unfinished), ids(&read.finished)),
        (names[..20].to_vec(), newest_first)
    );
    Ok(())
}

#[tokio::test]
async fn two_that_run_at_once_never_carry_on_the_same_submission() -> Test {
    let folder = TempDir::new()?;
    let (one, other) = (Ledger::open(folder.path())?, Ledger::open(folder.path())?);
    let submission = planned("s-1", &["/a"]).ok_or("no items")?;
    plan(&one, vec![submission.clone()]).await?;
    assert_eq!(contents(&other).await.unfinished, []);
    let taken = progress(&other, &accepted(&submission, at(1))).await;
    assert!(taken.is_err_and(|failure| failure.sentence.contains("another invalidash is handling it")));
    assert_eq!(
        contents(&one).await.unfinished.as_slice(),
        std::slice::from_ref(&submission)
    );
    drop(one);
    let (third, fourth) = (Ledger::open(folder.path())?, Ledger::open(folder.path())?);
    let (a, b, c) = tokio::join!(contents(&other), contents(&third), contents(&fourth));
    let taken: Vec<_> = [a, b, c].into_iter().flat_map(|contents| contents.unfinished).collect();
    assert_eq!(taken, [submission]);
    Ok(())
}

#[tokio::test]
async fn what_ended_is_nobodys_and_is_seen_by_all() -> Test {
    let folder = TempDir::new()?;
    let (one, other) = (Ledger::open(folder.path())?, Ledger::open(folder.path())?);
    let submission = planned("s-1", &["/a"]).ok_or("no items")?;
    plan(&one, vec![submission.clone()]).await?;
    let cancelled = Submission {
        state: State::Cancelled,
        ..submission
    };
    progress(&one, &cancelled).await?;
    assert_eq!(contents(&other).await.finished, [cancelled]);
    Ok(())
}

#[tokio::test]
async fn drafts_favorites_and_what_is_remembered() -> Test {
    let folder = TempDir::new()?;
    let ledger = Ledger::open(folder.path())?;
    let draft = |targets: &str, text: &str| {
        LedgerOperation::Draft(DraftWrite {
            targets: targets.to_owned(),
            ..draft(targets, text, &["v"], "v")
        })
    };
    let favorite = |id: &str, on| LedgerOperation::Favorite {
        target: Target::from_id(id),
        on,
    };
    let invalidation = |id: &str, status: &str, seconds| Invalidation {
        id: InvalidationId::new(id),
        status: Status::new(status),
        create_time: at(seconds),
        items: vec!["/b".to_owned(), "/a".to_owned()],
        caller_reference: "r-1".to_owned(),
    };
    let remember = |invalidation| LedgerOperation::Remember {
        target: Target::from_id("dt_1"),
        invalidation,
    };
    for operation in [
        draft("E1 E2", "/first"),
        draft("E1", "/a\n# a comment\n\u{1f980}\0"),
        draft("E1 E2", "/second"),
        draft("E3", "/gone"),
        draft("E3", ""),
        favorite("E2", true),
        favorite("dt_1", true),
        favorite("E2", true),
        favorite("E1", true),
        favorite("E1", false),
        remember(invalidation("I1", "InProgress", 1)),
        remember(invalidation("I2", "Completed", 2)),
        remember(invalidation("I1", "Completed", 1)),
    ] {
        assert_eq!(ledger.carry_out(operation, at(0)).await, Ok(None));
    }
    drop(ledger);
    let drafts = [("E1", "/a\n# a comment\n\u{1f980}\0"), ("E1 E2", "/second")];
    let expected = LedgerContents {
        drafts: drafts.map(|(targets, text)| kept(targets, text)).to_vec(),
        favorites: vec![Target::from_id("E2"), Target::from_id("dt_1")],
        remembered: [("I2", 2), ("I1", 1)]
            .map(|(id, seconds)| (Target::from_id("dt_1"), invalidation(id, "Completed", seconds)))
            .to_vec(),
        ..LedgerContents::default()
    };
    assert_eq!(contents(&Ledger::open(folder.path())?).await, expected);
    Ok(())
}

/// A draft that was written when the clock of these tests began.
fn kept(targets: &str, text: &str) -> KeptDraft {
    KeptDraft {
        id: DraftId::new(targets),
        targets: targets.to_owned(),
        version: DraftVersion::new("v"),
        text: text.to_owned(),
        changed: at(0),
    }
}

#[tokio::test]
async fn the_month_counts_what_cloudfront_accepted_in_it() -> Test {
    let ledger = Ledger::in_memory()?;
    let time = |text: &str| text.parse::<DateTime<Utc>>();
    let unknown = Scope {
        account: None,
        endpoint: "CloudFront".to_owned(),
        profile: "ci".to_owned(),
    };
    for (name, items, create_time) in [
        ("before", &["/a"][..], "2026-10-31T23:59:59.999999999Z"),
        ("first", &["/a", "/b"], "2026-11-01T00:00:00Z"),
        ("later", &["/a", "/b", "#c"], "2026-11-22T09:00:00Z"),
    ] {
        let submission = planned(name, items).ok_or("no items")?;
        plan(&ledger, vec![submission.clone()]).await?;
        progress(&ledger, &accepted(&submission, time(create_time)?)).await?;
    }
    plan(&ledger, vec![planned("never", &["/a"]).ok_or("no items")?]).await?;
    let scoped = Submission {
        scope: unknown.clone(),
        ..planned("unscoped", &["/*"]).ok_or("no items")?
    };
    plan(&ledger, vec![scoped.clone()]).await?;
    let done = State::Completed {
        id: InvalidationId::new("I1"),
        create_time: at(0),
        last_in_progress: None,
        seen: None,
    };
    progress(&ledger, &Submission { state: done, ..scoped }).await?;
    let used = contents_at(&ledger, time("2026-11-30T23:59:59Z")?)
        .await
        .used_this_month;
    let known = planned("any", &["/a"]).ok_or("no items")?.scope;
    assert_eq!(used, [(unknown, 1), (known, 5)]);
    assert_eq!(
        contents_at(&ledger, time("2026-12-01T00:00:00Z")?)
            .await
            .used_this_month,
        []
    );
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_paused_clock_waits_for_the_disk() -> Test {
    let folder = TempDir::new()?;
    let ledger = Ledger::open(folder.path())?;
    let before = tokio::time::Instant::now();
    let timer = tokio::spawn(tokio::time::sleep(std::time::Duration::from_hours(1)));
    plan(&ledger, vec![planned("s-1", &["/a"]).ok_or("no items")?]).await?;
    assert_eq!(
        (before.elapsed(), timer.is_finished()),
        (std::time::Duration::ZERO, false)
    );
    Ok(())
}

#[tokio::test]
async fn requests_are_carried_out_in_the_order_they_are_made() -> Test {
    let ledger = Ledger::in_memory()?;
    let draft = |number| LedgerOperation::Draft(draft(TARGET, &format!("/{number}"), &[], "v"));
    let waiting: Vec<_> = (0..100).map(|number| ledger.carry_out(draft(number), at(0))).collect();
    // Awaiting them in reverse order makes no difference.
    for answer in waiting.into_iter().rev() {
        assert_eq!(answer.await, Ok(None));
    }
    assert_eq!(contents(&ledger).await.drafts, [kept(TARGET, "/99")]);
    Ok(())
}

#[tokio::test]
async fn attempts_are_kept_with_their_times_and_answers() -> Test {
    let folder = TempDir::new()?;
    let ledger = Ledger::open(folder.path())?;
    let submission = planned("s-1", &["/a"]).ok_or("no items")?;
    plan(&ledger, vec![submission.clone()]).await?;
    let unknown = State::Unknown {
        reason: "no answer".to_owned(),
        until: Some(at(3)),
        reference_used: false,
    };
    for (seconds, attempts, state) in [(1, 1, State::Sending), (2, 1, unknown), (3, 2, State::Sending)] {
        let now = Submission {
            state,
            attempts,
            ..submission.clone()
        };
        ledger
            .carry_out(LedgerOperation::Progress(Box::new(now)), at(seconds))
            .await?;
    }
    let done = Submission {
        attempts: 2,
        ..accepted(&submission, at(4))
    };
    ledger
        .carry_out(LedgerOperation::Progress(Box::new(done.clone())), at(4))
        .await?;
    let later = State::Completed {
        id: InvalidationId::new("I1"),
        create_time: at(4),
        last_in_progress: Some(at(7)),
        seen: Some(at(9)),
    };
    ledger
        .carry_out(
            LedgerOperation::Progress(Box::new(Submission { state: later, ..done })),
            at(9),
        )
        .await?;
    drop(ledger);
    let database = rusqlite::Connection::open(folder.path().join("ledger.db"))?;
    let mut statement = database.prepare("SELECT number, sent, answered, answer FROM attempt ORDER BY number")?;
    let rows = statement.query_map([], |row| {
        Ok(format!(
            "{} {} {} {}",
            row.get::<_, i64>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, String>(2)?,
            row.get::<_, String>(3)?
        ))
    })?;
    let expected = [
        "1 2026-11-22T10:00:01.000000000Z 2026-11-22T10:00:02.000000000Z Unknown: no answer",
        "2 2026-11-22T10:00:03.000000000Z 2026-11-22T10:00:04.000000000Z InProgress: I1",
    ];
    assert_eq!(rows.collect::<Result<Vec<_>, _>>()?, expected);
    Ok(())
}

#[tokio::test]
async fn a_row_whose_items_were_altered_is_never_carried_on() -> Test {
    let folder = TempDir::new()?;
    let ledger = Ledger::open(folder.path())?;
    let all = [planned("s-1", &["/a"]), planned("s-2", &["/b"])];
    plan(&ledger, all.iter().flatten().cloned().collect()).await?;
    drop(ledger);
    let database = rusqlite::Connection::open(folder.path().join("ledger.db"))?;
    database.execute("UPDATE submission SET items = '[\"/*\"]' WHERE id = 's-1'", [])?;
    drop(database);
    let read = contents(&Ledger::open(folder.path())?).await;
    assert_eq!(
        read.unfinished.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(),
        ["s-2"]
    );
    let sentence = "1 record in the ledger cannot be read; it is kept, but not shown or sent";
    assert_eq!(read.warning.as_deref(), Some(sentence));
    Ok(())
}

#[tokio::test]
async fn one_unreadable_row_of_what_is_only_remembered_keeps_nothing_from_being_sent() -> Test {
    let folder = TempDir::new()?;
    let ledger = Ledger::open(folder.path())?;
    plan(&ledger, planned("s-1", &["/a"]).into_iter().collect()).await?;
    drop(ledger);
    let database = rusqlite::Connection::open(folder.path().join("ledger.db"))?;
    database.execute(
        "INSERT INTO invalidation (target_kind, target, id, status, create_time, items, caller_reference)
         VALUES ('distribution', 'E1', 'I1', 'Completed', '2026-11-22T10:00:00.000000000Z', '[', 'r')",
        [],
    )?;
    drop(database);
    let read = contents(&Ledger::open(folder.path())?).await;
    assert_eq!((read.unfinished.len(), read.remembered.len()), (1, 0));
    let sentence = "1 record in the ledger cannot be read; it is kept, but not shown or sent";
    assert_eq!(read.warning.as_deref(), Some(sentence));
    Ok(())
}

#[test]
fn folder_and_files_are_for_their_owner_alone() -> Test {
    let folder = TempDir::new()?;
    let state = folder.path().join("state/invalidash");
    let ledger = Ledger::open(&state)?;
    let mode = |path: &Path| fs::metadata(path).map(|metadata| metadata.permissions().mode() & 0o777);
    assert_eq!((mode(&state)?, mode(&state.join("processes"))?), (0o700, 0o700));
    for name in ["ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.lock"] {
        assert_eq!(mode(&state.join(name))?, 0o600, "{name}");
    }
    drop(ledger);
    fs::set_permissions(&state, fs::Permissions::from_mode(0o755))?;
    fs::set_permissions(state.join("ledger.db"), fs::Permissions::from_mode(0o644))?;
    let _ledger = Ledger::open(&state)?;
    assert_eq!((mode(&state)?, mode(&state.join("ledger.db"))?), (0o700, 0o600));
    Ok(())
}

#[test]
fn a_symbolic_link_is_not_followed() -> Test {
    let folder = TempDir::new()?;
    fs::write(folder.path().join("victim"), "precious")?;
    symlink(folder.path().join("victim"), folder.path().join("ledger.db"))?;
    let refused = refusal(Ledger::open(folder.path()));
    assert!(
        refused.contains("ledger.db cannot be used: it is not a regular file"),
        "{refused}"
    );
    assert_eq!(fs::read_to_string(folder.path().join("victim"))?, "precious");
    Ok(())
}

#[test]
fn a_folder_that_cannot_be_used_is_told_with_the_way_out() -> Test {
    let folder = TempDir::new()?;
    fs::write(folder.path().join("file"), "")?;
    let refused = refusal(Ledger::open(&folder.path().join("file/invalidash")));
    assert!(
        refused.starts_with("the state folder ") && refused.contains("cannot be used: "),
        "{refused}"
    );
    assert!(
        refused.ends_with("Make it writable, or set XDG_STATE_HOME to a folder that is"),
        "{refused}"
    );
    Ok(())
}

#[test]
fn a_folder_without_rights_is_refused_to_all_but_root() -> Test {
    let folder = TempDir::new()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500))?;
    let refused = Ledger::open(folder.path()).err();
    let root = rustix::process::geteuid().is_root();
    assert_eq!(refused.is_none(), root, "{refused:?}");
    assert!(root || refused.is_some_and(|failure| failure.sentence.contains("set XDG_STATE_HOME to a folder that is")));
    Ok(())
}

#[tokio::test]
async fn what_is_remembered_is_bounded() -> Test {
    let ledger = Ledger::in_memory()?;
    for number in 0..520 {
        let invalidation = Invalidation {
            id: InvalidationId::new(format!("I{number}")),
            status: Status::new("Completed"),
            create_time: at(number),
            items: vec!["/a".to_owned()],
            caller_reference: "r-1".to_owned(),
        };
        ledger
            .carry_out(
                LedgerOperation::Remember {
                    target: Target::from_id("E1"),
                    invalidation,
                },
                at(0),
            )
            .await?;
    }
    let remembered = contents(&ledger).await.remembered;
    let ends = [remembered.first(), remembered.last()].map(|one| one.map(|(_, found)| found.id.to_string()));
    assert_eq!(
        (remembered.len(), ends),
        (500, [Some("I519".to_owned()), Some("I20".to_owned())])
    );
    Ok(())
}

fn learned(exact: usize) -> Learned {
    Learned {
        account: AccountId::new("123456789012"),
        endpoint: "CloudFront".to_owned(),
        sizes: Sizes { exact, wildcards: 8 },
    }
}

#[tokio::test]
async fn the_sizes_an_account_takes_are_remembered_for_thirty_days() -> Test {
    let folder = TempDir::new()?;
    for exact in [500, 250] {
        let ledger = Ledger::open(folder.path())?;
        ledger
            .carry_out(LedgerOperation::BatchSizes(learned(exact)), at(0))
            .await?;
    }
    let ledger = Ledger::open(folder.path())?;
    let days = |days: i64| at(days * 24 * 3_600);
    assert_eq!(contents_at(&ledger, days(30)).await.batch_sizes, [learned(250)]);
    assert_eq!(contents_at(&ledger, days(31)).await.batch_sizes, []);
    Ok(())
}

#[tokio::test]
async fn what_is_to_be_written_together_is_written_whole_or_not_at_all() -> Test {
    let ledger = Ledger::in_memory()?;
    let draft = |text: &str| LedgerOperation::Draft(draft("E1", text, &[], "v"));
    let first = planned("s-1", &["/a"]).ok_or("no items")?;
    let clash = Submission {
        reference: first.reference.clone(),
        ..planned("s-2", &["/b"]).ok_or("no items")?
    };
    ledger.carry_out(draft("/a"), at(0)).await?;
    let sent = |submissions| LedgerOperation::Together(vec![draft(""), LedgerOperation::Plan(submissions)]);
    assert!(ledger.carry_out(sent(vec![first.clone(), clash]), at(0)).await.is_err());
    let read = contents(&ledger).await;
    assert_eq!((read.drafts.len(), read.unfinished.len()), (1, 0));
    ledger.carry_out(sent(vec![first]), at(0)).await?;
    let read = contents(&ledger).await;
    assert_eq!((read.drafts.len(), read.unfinished.len()), (0, 1));
    Ok(())
}

#[test]
fn a_ledger_of_a_newer_release_or_another_program_is_left_alone() -> Test {
    for (make, told) in [
        (
            "PRAGMA application_id = 1229870660; PRAGMA user_version = 99; CREATE TABLE job (a)",
            "was written by a newer version of invalidash (format 99; this version supports 10)",
        ),
        ("CREATE TABLE something (a)", "is another program's database"),
        ("PRAGMA application_id = 7", "is another program's database"),
    ] {
        let folder = TempDir::new()?;
        let file = folder.path().join("ledger.db");
        rusqlite::Connection::open(&file)?.execute_batch(make)?;
        let before = fs::read(&file)?;
        let refused = refusal(Ledger::open(folder.path()));
        assert!(refused.contains(told), "{refused}");
        assert_eq!(fs::read(&file)?, before);
    }
    Ok(())
}

#[tokio::test]
async fn who_made_an_invalidation_is_kept_for_good() -> Test {
    let folder = TempDir::new()?;
    let wanted = |id: Option<&str>, reference: &str| Wanted {
        target: Target::from_id(TARGET),
        id: id.map(InvalidationId::new),
        reference: Some(reference.to_owned()),
        from: at(0),
        to: at(0),
    };
    let record = r#"{"eventID": "e-1", "eventTime": "2026-11-22T10:00:00Z", "userIdentity": {"userName": "anna"}}"#;
    let event = Event::read(record, None).ok_or("no event")?;
    let made = wanted(Some("I1"), "r-1").key("CloudFront");
    let refused = wanted(None, "r-1").key("CloudFront");
    let ask = async |operation| -> Result<_, Box<dyn std::error::Error>> {
        let ledger = Ledger::open(folder.path())?;
        let contents = ledger.carry_out(operation, at(1)).await?;
        Ok(contents.and_then(|contents| contents.maker))
    };
    assert_eq!(ask(LedgerOperation::Maker(made.clone())).await?, None);
    for _ in 0..2 {
        ask(LedgerOperation::KeepMaker(made.clone(), Box::new(event.clone()))).await?;
    }
    assert_eq!(ask(LedgerOperation::Maker(made)).await?, Some(Box::new(event)));
    assert_eq!(ask(LedgerOperation::Maker(refused)).await?, None);
    Ok(())
}

prop_compose! {
    fn any_target()(id in "(dt_)?[A-Za-z0-9]{1,26}") -> Target {
        Target::from_id(&id)
    }
}

prop_compose! {
    fn any_submission()(
        items in prop::collection::vec(any::<String>(), 1..8),
        texts in prop::collection::vec(any::<String>(), 6),
        target in any_target(),
        account in prop::option::of("[0-9]{12}"),
        state in prop::sample::select(states()),
        (seconds, nanos) in (-1_000_000_000_i64..4_000_000_000, 0_u32..1_000_000_000),
        (maybe_sent, attempts, sent) in (any::<bool>(), any::<u32>(), any::<bool>()),
    ) -> Submission {
        let text = |number: usize| texts.get(number).cloned().unwrap_or_default();
        let created = DateTime::from_timestamp(seconds, nanos).unwrap_or_default();
        Submission {
            id: SubmissionId::new(text(0)),
            job: JobId::new(text(1)),
            scope: Scope { account: account.map(AccountId::new), endpoint: text(2), profile: text(3) },
            target,
            label: text(4),
            number: attempts,
            batch: Batch::new(items).unwrap_or_else(|| unreachable!("there is at least one item")),
            reference: CallerReference::new(text(5)),
            created,
            version: "0.1.0".to_owned(),
            state,
            maybe_sent,
            when_deployed: sent,
            attempts,
            first_sent: sent.then_some(created),
            request_id: sent.then(|| text(4)),
            note: maybe_sent.then(|| text(3)),
        }
    }
}

proptest! {
    #[test]
    fn what_was_planned_is_what_is_read_back(submission in any_submission()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| TestCaseError::fail(error.to_string()))?;
        let read = runtime.block_on(async {
            let ledger = Ledger::in_memory()?;
            plan(&ledger, vec![submission.clone()]).await?;
            Ok::<_, String>(contents(&ledger).await)
        });
        let read = read.map_err(TestCaseError::fail)?;
        let there: Vec<_> = read.unfinished.into_iter().chain(read.finished).collect();
        prop_assert_eq!(there, vec![submission.held()]);
    }
}

/// What the ledger holds of drafts, by name.
async fn drafts(ledger: &Ledger) -> Vec<(String, String)> {
    let kept = contents(ledger).await.drafts;
    let mut drafts: Vec<_> = kept
        .into_iter()
        .map(|draft| (draft.id.to_string(), draft.text))
        .collect();
    drafts.sort_unstable();
    drafts
}

#[tokio::test]
async fn a_draft_that_another_window_changed_is_never_replaced() -> Test {
    let ledger = Ledger::in_memory()?;
    let write = async |write: &DraftWrite| {
        let contents = ledger.carry_out(LedgerOperation::Draft(write.clone()), at(0)).await?;
        Ok::<_, Box<dyn std::error::Error>>(contents.map_or_else(Vec::new, |contents| contents.conflicts))
    };
    let names = |names: &[(&str, &str)]| -> Vec<_> {
        let names = names.iter();
        names
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    };
    write(&draft("d", "/stored", &[], "1")).await?;
    write(&draft("d", "/stored\n/theirs", &["1"], "2")).await?;
    let ours = draft("d", "/stored\n/ours", &["1"], "3");
    // A write that the disk reported as failed is repeated: the result is the same.
    for _ in 0..2 {
        let [conflict] = write(&ours).await?.try_into().map_err(|_| "not one conflict")?;
        assert_eq!(conflict.beside, ours.beside);
        assert_eq!(conflict.theirs.ok_or("theirs is gone")?.text, "/stored\n/theirs");
        let both = names(&[("d", "/stored\n/theirs"), ("d of 3", "/stored\n/ours")]);
        assert_eq!(drafts(&ledger).await, both);
    }
    // The next write was made before that result arrived.
    let next = DraftWrite {
        beside: ours.beside.clone(),
        ..draft("d", "/ours", &["1", "3"], "4")
    };
    assert_eq!(write(&next).await?.len(), 1);
    let both = names(&[("d", "/stored\n/theirs"), ("d of 3", "/ours")]);
    assert_eq!(drafts(&ledger).await, both);
    // Submitting does not delete what was not seen, either.
    assert_eq!(write(&draft("d", "", &["1"], "5")).await?.len(), 1);
    assert_eq!(drafts(&ledger).await, both);
    assert_eq!(write(&draft("d", "", &["2"], "6")).await?, []);
    assert_eq!(write(&draft("d of 3", "/ours", &["4"], "7")).await?, []);
    // A draft that was deleted elsewhere is written again; the same text in both windows is one draft.
    assert_eq!(write(&draft("d", "/again", &["2"], "8")).await?, []);
    assert_eq!(write(&draft("d", "/again", &["2"], "9")).await?, []);
    assert_eq!(drafts(&ledger).await, names(&[("d", "/again"), ("d of 3", "/ours")]));
    Ok(())
}

#[test]
fn first_starts_at_once_share_one_ledger() -> Test {
    for _ in 0..100 {
        let folder = tempfile::tempdir()?;
        let start = std::sync::Barrier::new(4);
        let opened = std::thread::scope(|scope| {
            let open = || {
                start.wait();
                Ledger::open(folder.path()).map(drop)
            };
            let starts: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
            starts
                .into_iter()
                .map(std::thread::ScopedJoinHandle::join)
                .collect::<Vec<_>>()
        });
        for one in opened {
            assert_eq!(one.map_err(|_| "a start panicked")?, Ok(()));
        }
    }
    Ok(())
}
