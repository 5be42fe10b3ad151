//! The ledger after a crash: a killed process, a damaged or missing file, a log without its last blocks.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use invalidash::domain::submission::{State, Submission};
use invalidash::runtime::ledger::Ledger;
use tempfile::TempDir;

use crate::support::journal::{contents, plan, planned, progress, refusal};

type Test = Result<(), Box<dyn std::error::Error>>;

/// What the disk held at this moment, in a folder of its own: the ledger as a start after a crash finds it.
fn crash_image(of: &Path) -> std::io::Result<TempDir> {
    let image = TempDir::new()?;
    for name in ["ledger.db", "ledger.db-wal"] {
        fs::copy(of.join(name), image.path().join(name))?;
    }
    Ok(image)
}

fn job() -> Vec<Submission> {
    ["s-1", "s-2", "s-3"]
        .into_iter()
        .filter_map(|name| planned(name, &["/a", "/b/*", "#tag"]))
        .collect()
}

#[tokio::test]
async fn what_was_answered_survives_a_crash_at_any_later_moment() -> Test {
    let folder = TempDir::new()?;
    let ledger = Ledger::open(folder.path())?;
    let before = crash_image(folder.path())?;
    plan(&ledger, job()).await?;
    let after = crash_image(folder.path())?;
    assert_eq!(contents(&Ledger::open(before.path())?).await.unfinished, []);
    assert_eq!(contents(&Ledger::open(after.path())?).await.unfinished, job());
    let sending = Submission {
        state: State::Sending,
        attempts: 1,
        ..job().swap_remove(0)
    };
    progress(&ledger, &sending).await?;
    let sent = crash_image(folder.path())?;
    assert_eq!(
        contents(&Ledger::open(sent.path())?).await.unfinished.first(),
        Some(&sending)
    );
    Ok(())
}

#[tokio::test]
async fn a_log_that_was_cut_anywhere_holds_the_whole_job_or_nothing_of_it() -> Test {
    let folder = TempDir::new()?;
    let ledger = Ledger::open(folder.path())?;
    plan(&ledger, job()).await?;
    let log = fs::metadata(folder.path().join("ledger.db-wal"))?.len();
    let (mut whole, mut empty) = (0, 0);
    for length in (0..=log).step_by(997).chain([log]) {
        let image = crash_image(folder.path())?;
        fs::OpenOptions::new()
            .write(true)
            .open(image.path().join("ledger.db-wal"))?
            .set_len(length)?;
        let read = contents(&Ledger::open(image.path())?).await;
        assert_eq!(read.warning, None, "cut at {length}");
        match read.unfinished {
            none if none.is_empty() => empty += 1,
            all => {
                assert_eq!(all, job(), "cut at {length}");
                whole += 1;
            }
        }
    }
    assert!(
        whole > 0 && empty > 0,
        "{whole} whole, {empty} empty: the cuts must meet both"
    );
    Ok(())
}

/// The folder that [`one_that_is_killed`] works in, when it is started as a process of its own.
const FOLDER: &str = "INVALIDASH_TEST_LEDGER";

/// Started by [`a_killed_process_gives_its_work_away_and_no_sooner`] alone: plans a job, says so, and waits to be killed.
#[tokio::test]
#[ignore = "it is the other process of a test"]
async fn one_that_is_killed() -> Test {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return Ok(());
    };
    let ledger = Ledger::open(Path::new(&folder))?;
    plan(&ledger, job()).await?;
    println!("\nplanned");
    // It ends with the test that started it, however that ends.
    std::io::stdin().read_line(&mut String::new())?;
    drop(ledger);
    Ok(())
}

struct Other(Child);

impl Other {
    fn start(folder: &OsStr) -> std::io::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args([
                "--ignored",
                "--exact",
                "ledger_crash::one_that_is_killed",
                "--nocapture",
            ])
            .env(FOLDER, folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let said = child
            .stdout
            .take()
            .map(BufReader::new)
            .into_iter()
            .flat_map(BufRead::lines);
        let planned = said.map_while(Result::ok).any(|line| line == "planned");
        if planned {
            Ok(Self(child))
        } else {
            Err(std::io::Error::other("the other process planned nothing"))
        }
    }

    /// Ends it as `kill -9` does.
    fn kill(mut self) -> std::io::Result<()> {
        self.0.kill()?;
        self.0.wait().map(|_| ())
    }
}

#[tokio::test]
async fn a_killed_process_gives_its_work_away_and_no_sooner() -> Test {
    let folder = TempDir::new()?;
    let other = Other::start(folder.path().as_os_str())?;
    let ledger = Ledger::open(folder.path())?;
    assert_eq!(contents(&ledger).await.unfinished, []);
    other.kill()?;
    assert_eq!(contents(&ledger).await.unfinished, job());
    let left = fs::read_dir(folder.path().join("processes"))?.count();
    assert_eq!(left, 1, "the dead one's file is swept away");
    Ok(())
}

fn damaged_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().contains("ledger.db.damaged-") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

type Damage = fn(&mut Vec<u8>);

fn fill(bytes: &mut [u8], range: std::ops::Range<usize>, with: u8) {
    if let Some(part) = bytes.get_mut(range) {
        part.fill(with);
    }
}

#[tokio::test]
async fn a_damaged_ledger_is_kept_aside_and_a_new_one_begun() -> Test {
    let damages: [(&str, Damage); 4] = [
        ("no database at all", |bytes| *bytes = b"once upon a time".repeat(500)),
        ("pages overwritten", |bytes| fill(bytes, 4096..12_288, 0xff)),
        ("cut inside a page", |bytes| bytes.truncate(bytes.len() / 2 + 100)),
        ("header overwritten", |bytes| fill(bytes, 0..20, 0)),
    ];
    for (name, damage) in damages {
        let folder = TempDir::new()?;
        let file = folder.path().join("ledger.db");
        let ledger = Ledger::open(folder.path())?;
        plan(&ledger, job()).await?;
        drop(ledger);
        let mut bytes = fs::read(&file)?;
        damage(&mut bytes);
        fs::write(&file, &bytes)?;

        let ledger = Ledger::open(folder.path())?;
        let read = contents(&ledger).await;
        let warning = read.warning.unwrap_or_default();
        assert!(warning.starts_with("the ledger was damaged ("), "{name}: {warning}");
        assert_eq!(read.unfinished, [], "{name}");
        plan(&ledger, job()).await?;
        assert_eq!(contents(&ledger).await.warning, None, "{name}: it is said once");
        drop(ledger);
        assert_eq!(
            contents(&Ledger::open(folder.path())?).await.unfinished,
            job(),
            "{name}"
        );
        let aside = damaged_files(folder.path())?;
        assert_eq!(
            aside.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?,
            [bytes],
            "{name}"
        );
        assert!(
            aside.iter().all(|path| warning.contains(&*path.to_string_lossy())),
            "{name}: {warning}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_ledger_that_is_empty_or_gone_beside_its_log_is_kept_aside_with_a_word() -> Test {
    let empty = |file: &Path| fs::write(file, "");
    let gone = |file: &Path| fs::remove_file(file);
    for take in [&empty as &dyn Fn(&Path) -> std::io::Result<()>, &gone] {
        let folder = TempDir::new()?;
        let ledger = Ledger::open(folder.path())?;
        plan(&ledger, job()).await?;
        let image = crash_image(folder.path())?;
        let file = image.path().join("ledger.db");
        let log = fs::read(image.path().join("ledger.db-wal"))?;
        take(&file)?;
        let read = contents(&Ledger::open(image.path())?).await;
        let warning = read.warning.unwrap_or_default();
        assert!(
            warning.starts_with("the ledger was damaged (the file is empty or missing, although its log is not)"),
            "{warning}"
        );
        let logs = damaged_files(image.path())?
            .into_iter()
            .filter(|path| path.to_string_lossy().ends_with("-wal"));
        assert_eq!(logs.map(fs::read).collect::<Result<Vec<_>, _>>()?, [log]);
    }
    Ok(())
}

#[tokio::test]
async fn a_damaged_ledger_that_another_process_uses_is_left_where_it_is() -> Test {
    let folder = TempDir::new()?;
    let file = folder.path().join("ledger.db");
    // Pages in the other process's log would hide the damage, so they are written and closed first.
    plan(
        &Ledger::open(folder.path())?,
        planned("s-0", &["/a"]).into_iter().collect(),
    )
    .await?;
    let other = Other::start(folder.path().as_os_str())?;
    let garbage = b"once upon a time".repeat(500);
    fs::write(&file, &garbage)?;
    let refused = refusal(Ledger::open(folder.path()));
    assert!(
        refused.contains(
            "is damaged or its disk is failing, and another invalidash is using it. Check the disk, or \
            quit"
        ),
        "{refused}"
    );
    assert_eq!((fs::read(&file)?, damaged_files(folder.path())?), (garbage, Vec::new()));
    other.kill()?;
    let read = contents(&Ledger::open(folder.path())?).await;
    assert!(
        read.warning
            .is_some_and(|warning| warning.contains("a new one was created"))
    );
    Ok(())
}
