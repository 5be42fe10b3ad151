//! Runs git as a child process, without a shell.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::domain::import::{self, CommitRange, Import, MAX_BYTES, PrefixMap, Renames};
use crate::runtime::child::{self, command};
use crate::runtime::held::lock;

/// How many bytes of git's error output are kept. The message comes first.
const COMPLAINT: u64 = 16 * 1024;

/// Returns the paths of the files that differ between two commits.
pub(super) async fn changed(start: &Path, range: CommitRange, map: PrefixMap) -> Result<Import, String> {
    let answer = match answer(start, &range, Renames::Found).await {
        Ok(answer) => answer,
        // Objects missing from a partial clone are not fetched. Without rename detection, they are not needed.
        Err(_) => answer(start, &range, Renames::Ignored).await?,
    };
    super::blocking(move |_| import::changed_files(&answer, &range, &map).map_err(|error| error.to_string())).await
}

/// Returns git's output for the range.
async fn answer(start: &Path, range: &CommitRange, renames: Renames) -> Result<Vec<u8>, String> {
    let child = begin(start, range, renames).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "git is not installed, or not on the PATH".to_owned(),
        _ => format!("git could not be started: {error}"),
    })?;
    let child = Arc::new(Mutex::new(child));
    let _kill = Kill(Arc::clone(&child));
    super::blocking(move |_| ended(&child)).await
}

fn begin(start: &Path, range: &CommitRange, renames: Renames) -> io::Result<Child> {
    command("git")
        .args(range.arguments(renames))
        .current_dir(start)
        .envs(CommitRange::ENVIRONMENT)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

/// A guard that ends the child process when dropped.
struct Kill(Arc<Mutex<Child>>);

impl Drop for Kill {
    fn drop(&mut self) {
        // If the lock is held, another thread is waiting for the child, which has closed its output and will exit.
        if let Ok(mut child) = self.0.try_lock() {
            child::end(&mut child);
        }
    }
}

/// Returns the child's standard output if it succeeds, otherwise its error message.
fn ended(child: &Mutex<Child>) -> Result<Vec<u8>, String> {
    let (stdout, stderr) = {
        let mut child = lock(child);
        (child.stdout.take(), child.stderr.take())
    };
    // Both outputs are read at the same time, because a full pipe would block the child.
    let complaint = thread::spawn(move || stderr.map(|stderr| some(stderr, COMPLAINT)).unwrap_or_default());
    let answer = stdout.map(|stdout| some(stdout, MAX_BYTES)).unwrap_or_default();
    let complaint = complaint.join().unwrap_or_default();
    let status = lock(child).wait();
    match status {
        Ok(status) if status.success() => Ok(answer),
        Ok(_) => Err(format!("git: {}", import::complaint(&complaint))),
        Err(error) => Err(format!("waiting for git failed: {error}")),
    }
}

/// Returns up to `limit` bytes. The rest is read and discarded.
fn some(mut content: impl Read, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Bytes that were read before an error are still useful.
    let _ = content.by_ref().take(limit).read_to_end(&mut bytes);
    let _ = io::copy(&mut content, &mut io::sink());
    bytes
}
