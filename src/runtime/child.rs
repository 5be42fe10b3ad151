//! The programs that this one starts: what they find in their environment, and how they stand to the terminal.
//!
//! They find everything but credentials: an editor's plug-in, a person's own command or whatever a repository makes git run
//! needs none of ours. And they have no terminal, but for those that it is lent to: it is a screen's.

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group, setsid};

/// How a program that gives credentials stands to the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Terminal {
    /// It has none: a screen is drawn there, and keys are read.
    #[default]
    Apart,
    /// It may ask there, as a program of the shell does.
    Shared,
    /// It is lent to it for this moment: it asks and is answered there.
    Lent,
}

/// A program to start, by its name or its path, without the credentials of this environment and without a terminal.
pub(super) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = with_terminal(program);
    apart(&mut command);
    command
}

/// A program that a person works with in this terminal, without the credentials of this environment.
pub(super) fn with_terminal(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_credential) {
            command.env_remove(name);
        }
    }
    command
}

/// A program that gives or renews credentials, which finds the whole environment: credentials are its trade.
pub(super) fn for_credentials(program: impl AsRef<OsStr>, terminal: Terminal) -> Command {
    let mut command = Command::new(program);
    command.stdin(match terminal {
        Terminal::Apart | Terminal::Shared => Stdio::null(),
        Terminal::Lent => File::open("/dev/tty").map_or_else(|_| Stdio::null(), Stdio::from),
    });
    if terminal == Terminal::Apart {
        apart(&mut command);
    }
    command
}

/// Puts a program into a session of its own. It cannot reach the terminal by any name then, neither to draw on it nor to
/// take its keys; and it leads a group, so that whatever it starts can be ended with it.
#[expect(unsafe_code, reason = "no safe interface begins a session between fork and exec")]
fn apart(command: &mut Command) {
    // SAFETY: the closure makes one system call, which may be made between fork and exec, and allocates nothing.
    unsafe {
        command.pre_exec(|| setsid().map(drop).map_err(Into::into));
    }
}

/// Ends a program that was started in a session of its own, with all that it started. One that has ended and was waited
/// for is left alone: its number may be somebody else's by now.
pub(super) fn end(child: &mut Child) {
    if matches!(child.try_wait(), Ok(None)) {
        end_group(Some(child.id()));
        // It cannot hold out against this; a zombie would stay otherwise.
        let _ = child.wait();
    }
}

/// A program of the asynchronous kind in a session of its own, which ends with this, and all that it started with it.
#[derive(Debug)]
pub(super) struct Group(pub(super) tokio::process::Child);

impl Drop for Group {
    fn drop(&mut self) {
        // There is no number once it was waited for.
        end_group(self.0.id());
    }
}

fn end_group(leader: Option<u32>) {
    let leader = leader.and_then(|id| Pid::from_raw(id.cast_signed()));
    if let Some(leader) = leader {
        // Where it has just ended there is nothing to end.
        let _ = kill_process_group(leader, Signal::KILL);
    }
}

/// Whether a variable holds credentials of AWS, or tells how to get them without asking anybody: keys, tokens, and the
/// addresses and files of those that hand them out. What only tells a profile, a region or a file of settings stays.
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
