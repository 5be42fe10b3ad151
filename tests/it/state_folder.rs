//! A state folder that others own or may write to: its contents may not reflect the user's intent, so nothing in it is
//! sent.

#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;

use invalidash::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};
use invalidash::domain::submission::{Scope, State, Submission};
use invalidash::engine::effect::LedgerOperation;
use invalidash::runtime::ledger::Ledger;
use rustix::process::geteuid;
use tempfile::TempDir;

use crate::support::dashboard::Stage;
use crate::support::journal::{at, contents, plan, planned};

/// Somebody else.
const OTHER: u32 = 1001;

fn refused(folder: &Path) -> LedgerFailure {
    let failure = Ledger::open(folder).err().unwrap();
    assert_eq!(failure.kind, LedgerFailureKind::Untrusted, "{failure}");
    failure
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// A ledger that somebody planted: everything of the shop is to be cleared, for whoever comes along.
async fn plant(folder: &Path, scope: Scope) {
    let ledger = Ledger::open(folder).unwrap();
    let planted = Submission {
        scope,
        created: at(0),
        state: State::Queued,
        ..planned("planted", &["/*"]).unwrap()
    };
    plan(&ledger, vec![planted.clone()]).await.unwrap();
    let operation = LedgerOperation::Progress(Box::new(planted));
    ledger.carry_out(operation, at(0)).await.unwrap();
}

#[test]
fn a_folder_of_somebody_else_is_refused() {
    // Only root can give a folder away; for everyone else, there is a folder of root's.
    let given = TempDir::new().unwrap();
    let folder = if geteuid().is_root() {
        chown(given.path(), Some(OTHER), None).unwrap();
        given.path()
    } else {
        Path::new("/")
    };
    let sentence = refused(folder).sentence;
    assert!(
        sentence.contains(" belongs to user ") && sentence.contains("nothing in it is read or sent"),
        "{sentence}"
    );
    assert!(sentence.ends_with("Set XDG_STATE_HOME to a folder that you own, or run invalidash as that user"));
    assert!(!folder.join("ledger.lock").exists(), "nothing is made in it");
}

#[tokio::test]
async fn files_of_somebody_else_are_refused_one_by_one() {
    if !geteuid().is_root() {
        return;
    }
    for name in ["ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.lock"] {
        let folder = TempDir::new().unwrap();
        let ledger = Ledger::open(folder.path()).unwrap();
        contents(&ledger).await;
        let image = TempDir::new().unwrap();
        for name in ["ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.lock"] {
            fs::copy(folder.path().join(name), image.path().join(name)).unwrap();
        }
        let file = image.path().join(name);
        chown(&file, Some(OTHER), None).unwrap();
        let sentence = refused(image.path()).sentence;
        assert!(
            sentence.contains(&format!("{name} belongs to user {OTHER}")),
            "{sentence}"
        );
    }
}

#[tokio::test]
async fn what_others_could_write_to_is_refused_with_the_command_that_helps() {
    for (name, mode) in [("", 0o770), ("", 0o702), ("ledger.db", 0o660), ("ledger.db", 0o602)] {
        let folder = TempDir::new().unwrap();
        contents(&Ledger::open(folder.path()).unwrap()).await;
        let path = folder.path().join(name);
        let path = path.canonicalize().unwrap();
        set_mode(&path, mode);
        let sentence = refused(folder.path()).sentence;
        let command = format!("Check its contents, then run: chmod go-w {}", path.display());
        assert!(
            sentence.contains(&format!("(mode {mode:o})")) && sentence.ends_with(&command),
            "{sentence}"
        );
        let still = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(still, mode, "what a person has to look at stays as it is");
        set_mode(&path, mode & !0o022);
        contents(&Ledger::open(folder.path()).unwrap()).await;
    }
}

#[test]
fn a_folder_that_holds_no_ledger_yet_is_closed_to_others() {
    let folder = TempDir::new().unwrap();
    set_mode(folder.path(), 0o777);
    let _ledger = Ledger::open(folder.path()).unwrap();
    let mode = fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o700);
}

#[test]
fn a_link_to_a_folder_is_followed_and_the_folder_is_looked_at() {
    let folder = TempDir::new().unwrap();
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    fs::create_dir(&real).unwrap();
    symlink(&real, &link).unwrap();
    drop(Ledger::open(&link).unwrap());
    set_mode(&real, 0o777);
    refused(&link);
}

#[tokio::test(start_paused = true)]
async fn a_row_that_was_planted_is_not_sent() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/learn").await;
            person.sees("Completed after").await;
            person.waits(1).await;
        })
        .await;
    let ledger = Ledger::open(stage.ledger()).unwrap();
    let scope = contents(&ledger).await.finished[0].scope.clone();
    drop(ledger);
    plant(stage.ledger(), scope).await;
    // Other users may have changed the mode.
    set_mode(stage.ledger(), 0o777);
    stage
        .play(async |mut person| {
            person.sees("state not trusted").await;
            person.waits(120).await;
            assert_eq!(stage.emulator.received().creations.len(), 1, "nothing of it was sent");
            set_mode(stage.ledger(), 0o700);
            person.press("r");
            // The user has checked the folder and takes it over; then everything continues as usual.
            person.sees("Resuming 1 from an earlier run").await;
        })
        .await;
}
