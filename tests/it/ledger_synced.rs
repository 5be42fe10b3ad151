//! The order on which everything depends, observed from outside: the intent is written, the disk confirms it, and only
//! then is the first byte of the request sent. A power cut is simulated: everything written but not synced is lost.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use invalidash::domain::submission::{State, Submission};
use invalidash::engine::effect::LedgerOperation;
use invalidash::runtime::ledger::Ledger;
use tempfile::TempDir;

use crate::cli::create::{DOCS, SHOP, made, served};
use crate::support::command::Home;
use crate::support::journal::at;

type Test = Result<(), Box<dyn std::error::Error>>;

/// The calls that write files, have them synced, and send.
const TRACED: &str = "trace=pwrite64,write,writev,sendto,sendmsg,ftruncate,fdatasync,fsync";

/// The same command under `strace`, which writes texts whole and every byte of them as `\x2f`.
fn traced(command: &Command, trace: &Path) -> Command {
    let mut wrapped = Command::new("strace");
    wrapped.args(["-f", "-qq", "-y", "-xx", "-s", "1000000", "-e", TRACED, "-o"]);
    wrapped.arg(trace).arg(command.get_program()).args(command.get_args());
    // The path is needed to find `strace` itself.
    wrapped
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            wrapped.env(name, value);
        }
    }
    wrapped
}

/// One call: its thread and what stands behind its name. One that another thread interrupts has two lines.
struct Call<'a> {
    thread: &'a str,
    name: &'a str,
    rest: &'a str,
    begins: bool,
    ends: bool,
}

impl<'a> Call<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (thread, rest) = line.split_once(char::is_whitespace)?;
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            let (name, rest) = resumed.split_once(" resumed>")?;
            return Some(Self {
                thread,
                name,
                rest,
                begins: false,
                ends: true,
            });
        }
        let (name, rest) = rest.split_once('(')?;
        let ends = !rest.contains("<unfinished ...>");
        Some(Self {
            thread,
            name,
            rest,
            begins: true,
            ends,
        })
    }

    /// The name of the file that the call is about.
    fn file(&self) -> Option<String> {
        let (_, rest) = self.rest.split_once('<')?;
        let (path, _) = rest.split_once('>')?;
        let path = String::from_utf8_lossy(&bytes(path)).into_owned();
        Some(Path::new(&path).file_name()?.to_string_lossy().into_owned())
    }

    /// Everything between quotes.
    fn data(&self) -> Vec<u8> {
        self.rest.split('"').skip(1).step_by(2).flat_map(bytes).collect()
    }

    /// The last argument.
    fn number(&self) -> Option<usize> {
        let (arguments, _) = self
            .rest
            .split_once(')')
            .or_else(|| self.rest.split_once(" <unfinished"))?;
        arguments.rsplit([',', ' ']).find(|word| !word.is_empty())?.parse().ok()
    }
}

/// `\x2f\x61` as bytes.
fn bytes(hex: &str) -> Vec<u8> {
    let each = hex.split("\\x").skip(1);
    each.filter_map(|byte| u8::from_str_radix(byte, 16).ok()).collect()
}

enum Change {
    Written(usize, Vec<u8>),
    Cut(usize),
}

/// A disk that forgets whatever was not synced.
#[derive(Default)]
struct Disk {
    safe: BTreeMap<String, Vec<u8>>,
    unsafe_yet: BTreeMap<String, Vec<Change>>,
    /// What each thread is waiting to have synced.
    syncing: BTreeMap<String, String>,
}

impl Disk {
    fn sees(&mut self, call: &Call) {
        match call.name {
            "pwrite64" if call.begins => self.changes(call, |at| Change::Written(at, call.data())),
            "ftruncate" if call.begins => self.changes(call, Change::Cut),
            "fdatasync" | "fsync" => {
                if let (true, Some(file)) = (call.begins, call.file()) {
                    self.syncing.insert(call.thread.to_owned(), file);
                }
                if call.ends
                    && let Some(file) = self.syncing.remove(call.thread)
                {
                    self.synced(file);
                }
            }
            _ => {}
        }
    }

    fn changes(&mut self, call: &Call, change: impl FnOnce(usize) -> Change) {
        if let (Some(file), Some(number)) = (call.file(), call.number()) {
            self.unsafe_yet.entry(file).or_default().push(change(number));
        }
    }

    fn synced(&mut self, file: String) {
        let changes = self.unsafe_yet.remove(&file).unwrap_or_default();
        let content = self.safe.entry(file).or_default();
        for change in changes {
            match change {
                Change::Cut(len) => content.resize(len, 0),
                Change::Written(at, data) => {
                    content.resize(content.len().max(at + data.len()), 0);
                    content[at..at + data.len()].copy_from_slice(&data);
                }
            }
        }
    }

    /// What a start after a power cut finds.
    fn image(&self) -> io::Result<TempDir> {
        let folder = TempDir::new()?;
        for name in ["ledger.db", "ledger.db-wal"] {
            if let Some(content) = self.safe.get(name) {
                fs::File::create(folder.path().join(name))?.write_all(content)?;
            }
        }
        Ok(folder)
    }
}

/// What the disk is sure of at the first byte of each request that creates, with that request.
fn at_each_request(trace: &str) -> io::Result<Vec<(TempDir, String)>> {
    let mut disk = Disk::default();
    let mut requests: Vec<(TempDir, String)> = Vec::new();
    for call in trace.lines().filter_map(Call::read) {
        disk.sees(&call);
        if call.begins && ["write", "writev", "sendto", "sendmsg"].contains(&call.name) {
            let text = String::from_utf8_lossy(&call.data()).into_owned();
            match requests.last_mut() {
                _ if text.starts_with("POST ") => requests.push((disk.image()?, text)),
                // The body may follow in a separate call.
                Some((_, request)) if !request.contains("</InvalidationBatch>") => request.push_str(&text),
                _ => {}
            }
        }
    }
    Ok(requests)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

#[test]
fn the_disk_has_confirmed_the_intent_before_the_first_byte_leaves() -> Test {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (home, served) = (Home::new()?, served()?);
    let arguments = [
        "--endpoint-url",
        &served.url,
        "create",
        "--yes",
        "--distribution",
        SHOP,
        "--distribution",
        DOCS,
        "/a",
        "/b",
    ];
    let trace = home.path().join("trace");
    let run = home.ended(traced(&home.command_with_keys(&arguments), &trace).output()?);
    assert_eq!((run.code, made(&served).len()), (Some(0), 2), "{}", run.err);
    let requests = at_each_request(&fs::read_to_string(trace)?)?;
    assert_eq!(requests.len(), 2);
    for (image, request) in requests {
        let reference = between(&request, "<CallerReference>", "</CallerReference>").ok_or(request.clone())?;
        let ledger = Ledger::open(image.path())?;
        let found = runtime
            .block_on(ledger.carry_out(LedgerOperation::Open, at(2)))?
            .ok_or("no contents")?;
        assert_eq!(found.warning, None);
        let is_it = |one: &&Submission| one.reference.as_str() == reference;
        let kept = found
            .elsewhere
            .iter()
            .find(is_it)
            .ok_or("the request was not on the disk")?;
        assert_eq!((&kept.state, kept.attempts), (&State::Sending, 1));
        assert_eq!(kept.batch.items(), ["/a", "/b"]);
    }
    Ok(())
}
