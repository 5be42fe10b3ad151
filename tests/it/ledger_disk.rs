//! A failing disk: each read, write and fsync of a session with the ledger fails in turn, once or permanently. Whatever
//! was reported as stored is there, whatever was refused is not sent, and no intact ledger is moved aside.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use invalidash::domain::submission::State;
use invalidash::engine::effect::LedgerOperation;
use invalidash::runtime::ledger::Ledger;
use tempfile::TempDir;

use crate::support::journal::{at, claim, contents, plan, planned, progress};

type Test = Result<(), Box<dyn std::error::Error>>;

/// The folder that [`one_whose_disk_fails`] works in, when it is started as a process of its own.
const FOLDER: &str = "INVALIDASH_TEST_FAILING_DISK";

/// What the ledger holds before the disk fails.
fn before() -> [&'static str; 2] {
    ["before-1", "before-2"]
}

/// What is added while the disk fails.
fn during() -> [&'static str; 2] {
    ["during-1", "during-2"]
}

/// Started by the tests below alone, under something that lets its calls fail: a session that says how each step ended.
#[tokio::test]
#[ignore = "it is the other process of a test"]
async fn one_whose_disk_fails() -> Test {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return Ok(());
    };
    let ledger = match Ledger::open(Path::new(&folder)) {
        Ok(ledger) => ledger,
        Err(reason) => {
            println!("\nrefused {reason}");
            return Ok(());
        }
    };
    let read = contents(&ledger).await;
    println!(
        "\nopened {} {}",
        read.unfinished.len(),
        read.warning.unwrap_or_default()
    );
    for name in during() {
        let Some(submission) = planned(name, &["/a", "/b/*"]) else {
            continue;
        };
        match plan(&ledger, vec![submission.clone()]).await {
            Ok(_) => println!("planned {name}"),
            Err(reason) => println!("unplanned {name} {reason}"),
        }
        let sending = invalidash::domain::submission::Submission {
            state: State::Sending,
            attempts: 1,
            ..submission
        };
        match progress(&ledger, &sending).await {
            Ok(_) => println!("sent {name}"),
            Err(reason) => println!("unsent {name} {reason}"),
        }
    }
    let _ = ledger.carry_out(LedgerOperation::Changes(Some(claim())), at(3)).await;
    Ok(())
}

/// A ledger that holds two submissions: closed in peace, or as a crash leaves it.
async fn seed(crashed: bool) -> Result<TempDir, Box<dyn std::error::Error>> {
    let folder = TempDir::new()?;
    let ledger = Ledger::open(folder.path())?;
    let job = before()
        .into_iter()
        .filter_map(|name| planned(name, &["/x", "/y/*"]))
        .collect();
    plan(&ledger, job).await?;
    let image = TempDir::new()?;
    if !crashed {
        drop(ledger);
    }
    for name in ["ledger.db", "ledger.db-wal"] {
        let from = folder.path().join(name);
        if from.exists() {
            fs::copy(from, image.path().join(name))?;
        }
    }
    Ok(image)
}

fn copy_of(seed: &Path) -> std::io::Result<TempDir> {
    let copy = TempDir::new()?;
    for entry in fs::read_dir(seed)? {
        let entry = entry?;
        fs::copy(entry.path(), copy.path().join(entry.file_name()))?;
    }
    Ok(copy)
}

/// The session under `strace` with these words; what it printed.
fn session(folder: &Path, words: &[&str]) -> std::io::Result<String> {
    let output = Command::new("strace")
        .args(["-f", "-qq"])
        .args(words)
        .arg(std::env::current_exe()?)
        .args([
            "--ignored",
            "--exact",
            "ledger_disk::one_whose_disk_fails",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FOLDER, folder)
        .output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How often the busiest thread of an undisturbed session makes this call.
fn calls(seed: &Path, call: &str) -> Result<usize, Box<dyn std::error::Error>> {
    let folder = copy_of(seed)?;
    let trace = folder.path().join("trace");
    let said = session(
        folder.path(),
        &["-e", &format!("trace={call}"), "-o", &trace.to_string_lossy()],
    )?;
    assert!(said.contains("sent during-2"), "{said}");
    let mut counts = BTreeMap::<String, usize>::new();
    for line in fs::read_to_string(trace)?.lines() {
        let thread = line.split_whitespace().next().unwrap_or_default();
        *counts.entry(thread.to_owned()).or_default() += 1;
    }
    Ok(counts.into_values().max().unwrap_or(0))
}

fn put_aside(folder: &Path) -> std::io::Result<bool> {
    let names = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    Ok(names
        .iter()
        .any(|entry| entry.file_name().to_string_lossy().contains("damaged")))
}

async fn holds_to_account(folder: &Path, said: &str, story: &str) -> Test {
    assert!(!put_aside(folder)?, "{story}: a sound ledger was put aside\n{said}");
    let read = contents(&Ledger::open(folder)?).await;
    assert_eq!(read.warning, None, "{story}: {said}");
    let names: Vec<_> = read.unfinished.iter().map(|one| one.id.as_str().to_owned()).collect();
    for name in before() {
        assert!(
            names.iter().any(|other| other == name),
            "{story}: {name} is lost\n{said}"
        );
    }
    for name in during() {
        let there = names.iter().any(|other| other == name);
        let planned = said.contains(&format!("\nplanned {name}"));
        assert!(there || !planned, "{story}: {name} is lost\n{said}");
    }
    Ok(())
}

/// One session whose calls fail at these numbers, such as `7` or `7+` or `7+3`, and what is left afterwards.
async fn fails(seed: &Path, call: &str, error: &str, when: &str) -> Result<String, Box<dyn std::error::Error>> {
    let folder = copy_of(seed)?;
    let (trace, inject) = (
        format!("trace={call}"),
        format!("inject={call}:error={error}:when={when}"),
    );
    let said = session(folder.path(), &["-o", "/dev/null", "-e", &trace, "-e", &inject])?;
    let is_told = said.contains("\nopened ") || said.contains("\nrefused ");
    // If no file can be opened, there is no session.
    assert!(is_told || call == "openat", "{inject}: no word\n{said}");
    holds_to_account(folder.path(), &said, &inject).await?;
    Ok(said)
}

/// The faults of a disk: which call ends how. Those of the ordinary run come first.
const FAULTS: [(&str, &str); 9] = [
    ("pread64", "EIO"),
    ("pwrite64", "EIO"),
    ("pwrite64", "ENOSPC"),
    ("fsync", "EIO"),
    ("fsync", "ENOSPC"),
    ("ftruncate", "EIO"),
    ("openat", "EIO"),
    ("openat", "ENOSPC"),
    ("fcntl", "EIO"),
];

/// How a disk fails from a call on: once, for good, at every second call, every third …
fn rhythm(number: usize, every: usize) -> String {
    match every {
        0 => number.to_string(),
        1 => format!("{number}+"),
        _ => format!("{number}+{every}"),
    }
}

/// Sessions with these faults, at so many of the calls and in these rhythms.
async fn sessions(faults: &[(&str, &str)], most: usize, rhythms: &[usize]) -> Test {
    for crashed in [false, true] {
        let seed = seed(crashed).await?;
        for (call, error) in faults {
            let count = calls(seed.path(), call)?;
            let (mut opened, mut all) = (0, 0);
            // The first two reads are those of the loader, the first two of fcntl those of tokio: without them there is no
            // session.
            let first = if ["pread64", "fcntl"].contains(call) { 3 } else { 1 };
            for number in (first..=count).step_by(count.div_ceil(most).max(1)) {
                for every in rhythms {
                    let said = fails(seed.path(), call, error, &rhythm(number, *every)).await?;
                    opened += usize::from(said.contains("\nopened "));
                    all += 1;
                }
            }
            eprintln!("crashed {crashed}, {count} {call} {error}: {opened} of {all} sessions opened the ledger");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_disk_that_fails_here_and_there_loses_nothing() -> Test {
    if Command::new("strace").arg("-V").output().is_err() {
        eprintln!("strace is not installed: no disk fails");
        return Ok(());
    }
    let (usual, _) = FAULTS.split_at(5);
    sessions(usual, 4, &[0, 1, 3]).await
}

#[tokio::test]
#[ignore = "an hour: a session for each call of a session, in each rhythm"]
async fn a_disk_that_fails_at_any_call_in_any_rhythm_loses_nothing() -> Test {
    sessions(&FAULTS, usize::MAX, &[0, 1, 2, 3, 5, 8, 13, 21, 34, 55]).await
}
