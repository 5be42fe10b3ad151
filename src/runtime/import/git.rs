//! git as a child process, without a shell.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::domain::import::{self, CommitRange, Import, MAX_BYTES, PrefixMap, Renames};
use crate::runtime::child::{self, command};

/// The beginning of what git complains about; the sentence is in it.
const COMPLAINT: u64 = 16 * 1024;

/// The paths of the files that differ between two commits.
pub(super) async fn changed(start: &Path, range: CommitRange, map: PrefixMap) -> Result<Import, String> {
    let answer = match answer(start, &range, Renames::Found).await {
        Ok(answer) => answer,
        // Files that are missing here are not fetched; which paths changed is known without them.
        Err(_) => answer(start, &range, Renames::Ignored).await?,
    };
    super::blocking(move |_| import::changed_files(&answer, &range, &map).map_err(|error| error.to_string())).await
}

/// What git tells of the range.
async fn answer(start: &Path, range: &CommitRange, renames: Renames) -> Result<Vec<u8>, String> {
    let child = begin(start, range, renames).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "git is not installed here, or not on the PATH".to_owned(),
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

/// Ends the child when nobody waits for it any more.
struct Kill(Arc<Mutex<Child>>);

impl Drop for Kill {
    fn drop(&mut self) {
        // While it is being waited for it has closed its output and ends by itself.
        if let Ok(mut child) = self.0.try_lock() {
            child::end(&mut child);
        }
    }
}

/// What the child says on standard output, when it ends well; else its complaint.
fn ended(child: &Mutex<Child>) -> Result<Vec<u8>, String> {
    let (stdout, stderr) = {
        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
        (child.stdout.take(), child.stderr.take())
    };
    // Both are read at once: a full pipe would stop the child.
    let complaint = thread::spawn(move || stderr.map(|stderr| some(stderr, COMPLAINT)).unwrap_or_default());
    let answer = stdout.map(|stdout| some(stdout, MAX_BYTES)).unwrap_or_default();
    let complaint = complaint.join().unwrap_or_default();
    let status = child.lock().unwrap_or_else(PoisonError::into_inner).wait();
    match status {
        Ok(status) if status.success() => Ok(answer),
        Ok(_) => Err(format!("git: {}", import::complaint(&complaint))),
        Err(error) => Err(format!("git could not be waited for: {error}")),
    }
}

/// The beginning; the rest is read and forgotten.
fn some(mut content: impl Read, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What was read before an error is as good as what git would say of it.
    let _ = content.by_ref().take(limit).read_to_end(&mut bytes);
    let _ = io::copy(&mut content, &mut io::sink());
    bytes
}
