//! Starts other programs, and controls their environment and their access to the terminal.
//!
//! These programs inherit everything except credentials: an editor's plug-in, the user's own command or anything that a
//! repository makes git run does not need ours. Unless the terminal is handed over to them, they also have no access to
//! it, because the screen is drawn there.

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use rustix::fs::{Access, access};
use rustix::process::{Pid, Signal, kill_process_group, setsid};

/// The terminal access of a program that provides credentials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Terminal {
    /// The program has no access, because the dashboard uses the terminal to draw the screen and read keys.
    #[default]
    Apart,
    /// The program may prompt in the terminal, like any program started from a shell.
    Shared,
    /// The terminal is temporarily handed over to the program, so that it can prompt there.
    HandedOver,
}

/// Creates a command for a program, given by name or path, without the credentials in this environment and without
/// access to the terminal.
pub(super) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = with_terminal(program);
    apart(&mut command);
    command
}

/// Creates a command for a program that the user works with in this terminal, without the credentials in this
/// environment.
pub(super) fn with_terminal(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_credential) {
            command.env_remove(name);
        }
    }
    command
}

/// Creates a command for a program that provides or renews credentials. It inherits the whole environment, because it
/// needs the credentials in it.
pub(super) fn for_credentials(program: impl AsRef<OsStr>, terminal: Terminal) -> Command {
    let mut command = Command::new(program);
    command.stdin(match terminal {
        Terminal::Apart | Terminal::Shared => Stdio::null(),
        Terminal::HandedOver => File::open("/dev/tty").map_or_else(|_| Stdio::null(), Stdio::from),
    });
    if terminal == Terminal::Apart {
        apart(&mut command);
    }
    command
}

/// Replaces this process with the demo once the terminal has been released. Returns only if that fails.
pub(super) fn become_demo() -> std::io::Error {
    match std::env::current_exe() {
        Ok(program) => with_terminal(program).arg("--demo").exec(),
        Err(error) => error,
    }
}

/// Returns whether a program with this name is on the `PATH`.
pub(super) fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).map(|folder| folder.join(program));
    places.any(|place| place.is_file() && access(&place, Access::EXEC_OK).is_ok())
}

/// Makes a program start in its own session, so that it cannot access the terminal under any name, either to draw or to
/// read keys. The program also leads a process group, so that everything it starts can be ended together with it.
#[expect(unsafe_code, reason = "no safe interface begins a session between fork and exec")]
fn apart(command: &mut Command) {
    // SAFETY: the closure makes one system call, which is allowed between fork and exec, and allocates nothing.
    unsafe {
        command.pre_exec(|| setsid().map(drop).map_err(Into::into));
    }
}

/// Ends a program that was started in its own session, along with everything it started. A program that has exited and
/// been waited for is left alone, because its process id may have been reused.
pub(super) fn end(child: &mut Child) {
    if matches!(child.try_wait(), Ok(None)) {
        end_group(Some(child.id()));
        // The program cannot ignore this signal. Without the wait, it would remain as a zombie process.
        let _ = child.wait();
    }
}

/// An asynchronous child process in its own session. Dropping it ends the process and everything it started.
#[derive(Debug)]
pub(super) struct Group(pub(super) tokio::process::Child);

impl Drop for Group {
    fn drop(&mut self) {
        // A process that has been waited for no longer has an id.
        end_group(self.0.id());
    }
}

fn end_group(leader: Option<u32>) {
    let leader = leader.and_then(|id| Pid::from_raw(id.cast_signed()));
    if let Some(leader) = leader {
        // If the process has just exited, there is nothing to end.
        let _ = kill_process_group(leader, Signal::KILL);
    }
}

/// Returns whether a variable contains AWS credentials, or gives access to them without any interaction: keys, tokens,
/// and the URLs and files that provide them. Variables that only name a profile, region or settings file are kept.
fn is_credential(name: &str) -> bool {
    let words = ["KEY", "SECRET", "TOKEN", "CREDENTIALS", "PASSWORD"];
    let name = name.to_ascii_uppercase();
    let names_one = words.iter().any(|word| name.split('_').any(|part| part == *word));
    name.starts_with("AWS_") && names_one && name != "AWS_SHARED_CREDENTIALS_FILE"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_and_settings_stay() {
        let gone = [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_SECURITY_TOKEN",
            "AWS_SECRET_KEY",
            "aws_secret_access_key",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_BEARER_TOKEN_BEDROCK",
        ];
        let stay = [
            "AWS_PROFILE",
            "AWS_REGION",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_ENDPOINT_URL",
            "AWS_CREDENTIAL_EXPIRATION",
            "AWS_ROLE_ARN",
            "HOME",
            "SSH_AUTH_SOCK",
        ];
        assert!(gone.iter().all(|name| is_credential(name)));
        assert!(!stay.iter().any(|name| is_credential(name)));
    }
}
