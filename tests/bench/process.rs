//! What the system knows of a process.

use std::{collections::BTreeMap, ffi::OsString, fs, path::Path};

use rustix::process::Pid;

/// What each thread of a process has used so far.
#[derive(Debug)]
pub(crate) struct Usage(BTreeMap<OsString, Used>);

#[derive(Debug, Clone, Copy, Default)]
struct Used {
    cpu_ms: f64,
    sleeps: f64,
}

/// What a process has used in between.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    /// Processor time in milliseconds.
    pub(crate) cpu_ms: f64,
    /// How often a thread went to sleep, which is how often one was woken.
    pub(crate) wakeups: f64,
}

/// Reads it.
pub(crate) fn usage(pid: Pid) -> Result<Usage, String> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).map_err(|error| format!("/proc: {error}"))?;
    // A thread that ends while it is being read counts as ended.
    Ok(Usage(
        threads
            .flatten()
            .filter_map(|thread| Some((thread.file_name(), used(&thread.path())?)))
            .collect(),
    ))
}

fn used(thread: &Path) -> Option<Used> {
    // The values are in nanoseconds; `stat` counts in hundredths of a second.
    let times = fs::read_to_string(thread.join("schedstat")).ok()?;
    let status = fs::read_to_string(thread.join("status")).ok()?;
    Some(Used {
        cpu_ms: number(times.split(' ').next()) / 1e6,
        sleeps: field(&status, "voluntary_ctxt_switches:"),
    })
}

impl Usage {
    /// What was used since an earlier reading. Of a thread that has ended meanwhile, its waking up is all that is known.
    pub(crate) fn since(&self, earlier: &Self) -> Spent {
        let ended = earlier
            .0
            .keys()
            .filter(|thread| !self.0.contains_key(*thread))
            .map(|_| 1.0);
        let mut spent = Spent {
            cpu_ms: 0.0,
            wakeups: ended.sum(),
        };
        for (thread, now) in &self.0 {
            let before = earlier.0.get(thread).copied().unwrap_or_default();
            spent.cpu_ms += now.cpu_ms - before.cpu_ms;
            spent.wakeups += now.sleeps - before.sleeps;
        }
        spent
    }
}

/// Resident memory in megabytes.
pub(crate) fn resident_mb(pid: Pid) -> Result<f64, String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).map_err(|error| format!("/proc: {error}"))?;
    Ok(field(&status, "VmRSS:") * 1_024.0 / 1e6)
}

fn field(status: &str, name: &str) -> f64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    number(line.and_then(|rest| rest.split_whitespace().next()))
}

fn number(text: Option<&str>) -> f64 {
    text.and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)
}
