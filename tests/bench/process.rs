//! What the system knows of a process.

use std::fs;

use rustix::process::Pid;

/// What a process has used so far, over all its threads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// Processor time in milliseconds.
    pub(crate) cpu_ms: f64,
    /// How often a thread went to sleep, which is how often one was woken.
    pub(crate) wakeups: f64,
}

/// Reads it.
pub(crate) fn usage(pid: Pid) -> Result<Usage, String> {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).map_err(|error| format!("/proc: {error}"))?;
    let mut usage = Usage {
        cpu_ms: 0.0,
        wakeups: 0.0,
    };
    for thread in threads.flatten() {
        let path = thread.path();
        // Nanoseconds; `stat` counts in hundredths of a second.
        let times = fs::read_to_string(path.join("schedstat")).map_err(|error| format!("schedstat: {error}"))?;
        usage.cpu_ms += number(times.split(' ').next()) / 1e6;
        let status = fs::read_to_string(path.join("status")).map_err(|error| format!("status: {error}"))?;
        usage.wakeups += field(&status, "voluntary_ctxt_switches:");
    }
    Ok(usage)
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
