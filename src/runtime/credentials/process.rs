//! Credentials printed by a program (`credential_process`). The program is run as the SDK would run it, but with a
//! limit on its output. Its error output is only shown to the waiting user, and never stored.

use std::fmt;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result, future};
use serde_json::{Map, Value};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;

use super::loan::Loan;
use crate::domain::secret;
use crate::runtime::child::{self, Group, Terminal};
use crate::runtime::waits::Waits;

/// The maximum size of a program's output, in bytes. The credentials are a document of a few KiB.
const LONGEST: u64 = 64 * 1024;

/// The size of the error output, in bytes, above which a program is stopped.
const LONGEST_COMPLAINT: usize = 4 * 1024 * 1024;

/// The number of bytes kept from the end of the error output.
const KEPT: usize = 4 * 1024;

/// The number of characters shown from the end of the error output.
const SHOWN: usize = 200;

/// The timeout for a program that does not prompt.
const PATIENCE: Duration = Duration::from_mins(1);

/// A credentials provider that runs a command and reads the credentials that it prints.
pub(super) struct Process {
    command: String,
    /// The account to use if the program does not print it.
    account: Option<String>,
    /// The terminal access, and whether the program is known to prompt.
    loan: Loan,
    asks: bool,
    waits: Waits,
}

impl fmt::Debug for Process {
    /// Omits the command, because commands may contain passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process").finish_non_exhaustive()
    }
}

/// The reason why a program failed to provide credentials. `Display` and `Debug` omit the program's error output,
/// because the SDK logs both.
#[derive(thiserror::Error)]
#[error("{sentence}")]
pub(super) struct Ended {
    sentence: String,
    complaint: String,
}

impl Ended {
    /// Returns the full message, for the waiting user.
    pub(super) fn in_full(&self) -> String {
        if self.complaint.is_empty() {
            self.sentence.clone()
        } else {
            format!("{}: {}", self.sentence, self.complaint)
        }
    }
}

impl fmt::Debug for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Process {
    /// Creates a provider. `asks` is set if the program is known to prompt in the terminal.
    pub(super) fn new(command: &str, account: Option<&str>, loan: Loan, asks: bool) -> Self {
        Self {
            command: command.to_owned(),
            account: account.map(str::to_owned),
            loan,
            asks,
            waits: Waits::default(),
        }
    }

    /// Returns the same provider, but with its name displayed in `waits` while it runs.
    pub(super) fn named_by(self, waits: Waits) -> Self {
        Self { waits, ..self }
    }

    async fn run(&self) -> Result {
        let what = format!("running '{}'", self.name());
        self.waits.naming(&what, self.run_in_time()).await
    }

    async fn run_in_time(&self) -> Result {
        let terminal = match self.loan.terminal() {
            Terminal::Apart if self.asks => {
                return Err(self.failed(
                    "prompts for input; log in to run it in this \
                terminal",
                ));
            }
            Terminal::Shared if self.asks => Terminal::HandedOver,
            terminal => terminal,
        };
        if terminal == Terminal::HandedOver {
            return self.printed(terminal).await;
        }
        let printed = tokio::time::timeout(PATIENCE, self.printed(terminal)).await;
        printed.unwrap_or_else(|_| Err(self.failed(&format!("did not exit within {} seconds", PATIENCE.as_secs()))))
    }

    async fn printed(&self, terminal: Terminal) -> Result {
        let errors_to = match terminal {
            Terminal::HandedOver => Stdio::inherit(),
            Terminal::Apart | Terminal::Shared => Stdio::piped(),
        };
        let mut command = Command::from(child::for_credentials("sh", terminal));
        command
            .args(["-c", &self.command])
            .stdout(Stdio::piped())
            .stderr(errors_to)
            .kill_on_drop(true);
        let child = command.spawn();
        let mut child = Group(child.map_err(|error| self.failed(&format!("cannot be started: {error}")))?);
        let (keys, complaint) = (child.0.stdout.take(), child.0.stderr.take());
        let (printed, complaint) = tokio::try_join!(self.read(keys), self.end_of(complaint))?;
        let status = child.0.wait().await;
        let status = status.map_err(|error| self.failed(&format!("returned no exit status: {error}")))?;
        if status.success() {
            keys_of(&printed, self.account.as_deref()).map_err(|wrong| self.failed(&wrong))
        } else {
            Err(self.ended(status, &complaint))
        }
    }

    /// Returns the program's name, without the arguments and variable assignments, which may contain a password.
    fn name(&self) -> &str {
        let mut words = self.command.split_whitespace();
        let program = words.find(|word| !word.contains('=')).unwrap_or("sh");
        let name = program.rsplit('/').next().unwrap_or(program);
        name.trim_matches(['"', '\''])
    }

    fn failed(&self, wrong: &str) -> CredentialsError {
        self.error(wrong, String::new())
    }

    fn error(&self, wrong: &str, complaint: String) -> CredentialsError {
        CredentialsError::provider_error(Ended {
            sentence: format!("the credential process '{}' {wrong}", self.name()),
            complaint,
        })
    }

    fn ended(&self, status: ExitStatus, complaint: &[u8]) -> CredentialsError {
        let complaint = last_words(&String::from_utf8_lossy(complaint));
        let complaint = secret::redacted(&complaint).into_owned();
        self.error(&format!("failed ({status})"), complaint)
    }

    /// Reads the credentials. If the output is too long, stops reading and ends the program.
    async fn read(&self, output: Option<impl AsyncRead + Unpin>) -> std::result::Result<Vec<u8>, CredentialsError> {
        let mut bytes = Vec::new();
        if let Some(output) = output {
            let read = output.take(LONGEST + 1).read_to_end(&mut bytes).await;
            read.map_err(|error| self.failed(&format!("cannot be read: {error}")))?;
        }
        if bytes.len() as u64 > LONGEST {
            return Err(self.failed(&format!("printed more than {} KiB", LONGEST / 1024)));
        }
        Ok(bytes)
    }

    /// Reads the error output to the end, but keeps only the last part.
    async fn end_of(&self, output: Option<impl AsyncRead + Unpin>) -> std::result::Result<Vec<u8>, CredentialsError> {
        let Some(mut output) = output else {
            return Ok(Vec::new());
        };
        let (mut kept, mut all, mut bytes) = (Vec::new(), 0, [0; KEPT]);
        while all <= LONGEST_COMPLAINT {
            // Output that was read before an error is still useful.
            let count = output.read(&mut bytes).await.unwrap_or(0);
            if count == 0 {
                return Ok(kept);
            }
            all += count;
            kept.extend_from_slice(bytes.get(..count).unwrap_or_default());
            kept.drain(..kept.len().saturating_sub(KEPT));
        }
        let wrong = format!(
            "wrote more than {} MiB to standard error",
            LONGEST_COMPLAINT / 1024 / 1024
        );
        Err(self.failed(&wrong))
    }
}

impl ProvideCredentials for Process {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.run())
    }
}

/// Joins as many of the last lines as fit on one displayed line, because programs print the reason last.
fn last_words(complaint: &str) -> String {
    let lines = complaint.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut words = String::new();
    for line in lines.rev() {
        if !words.is_empty() && words.chars().count() + line.chars().count() > SHOWN {
            break;
        }
        let gap = if words.is_empty() { "" } else { " " };
        words = format!("{line}{gap}{words}");
    }
    let over = words.chars().count().saturating_sub(SHOWN);
    words.chars().skip(over).collect()
}

/// Parses the credentials in a document. Field names are case-insensitive, as in the SDK. No part of the document is
/// ever quoted.
fn keys_of(document: &[u8], account: Option<&str>) -> std::result::Result<Credentials, String> {
    let fields: Map<String, Value> = serde_json::from_slice(document).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("printed invalid JSON (line {line}, column {column})")
    })?;
    let field = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    };
    let text = |name: &str| field(name).and_then(Value::as_str);
    let needed = |name: &str| text(name).ok_or_else(|| format!("printed no {name}"));
    if field("Version").and_then(Value::as_i64) != Some(1) {
        return Err("did not print Version 1".to_owned());
    }
    let mut keys = Credentials::builder()
        .access_key_id(needed("AccessKeyId")?)
        .secret_access_key(needed("SecretAccessKey")?)
        .provider_name("CredentialProcess");
    keys.set_session_token(text("SessionToken").map(str::to_owned));
    keys.set_expiry(text("Expiration").map(expiry).transpose()?);
    keys.set_account_id(text("AccountId").or(account).map(|id| AccountId::from(id.to_owned())));
    Ok(keys.build())
}

fn expiry(text: &str) -> std::result::Result<SystemTime, String> {
    chrono::DateTime::parse_from_rfc3339(text)
        .map(SystemTime::from)
        .map_err(|_| "printed an Expiration that is not a valid time".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn printed(command: &str) -> String {
        let process = Process::new(command, Some("123456789012"), Loan::default(), false);
        match process.run().await {
            Ok(keys) => {
                let account = keys.account_id().map_or("none", |id| id.as_str()).to_owned();
                format!("{} {:?} {account}", keys.access_key_id(), keys.expiry().is_some())
            }
            Err(error) => super::super::advice::causes(&error)
                .find_map(|error| error.downcast_ref::<Ended>())
                .map(Ended::in_full)
                .unwrap_or_default(),
        }
    }

    #[tokio::test]
    async fn the_keys_that_a_program_prints_are_read() {
        let whole = r#"{"version":1,"accesskeyid":"AKIA","SecretAccessKey":"s","Expiration":"2099-01-01T00:00:00Z"}"#;
        assert_eq!(printed(&format!("echo '{whole}'")).await, "AKIA true 123456789012");
        let own = r#"{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s","AccountId":"999999999999"}"#;
        assert_eq!(printed(&format!("echo '{own}'")).await, "AKIA false 999999999999");
    }

    #[tokio::test]
    async fn a_program_that_prints_no_keys_is_told_without_what_it_printed() {
        for (command, told) in [
            ("echo CANARY", "'echo' printed invalid JSON (line 1, column 1)"),
            (
                "KEY=CANARY /bin/echo '{\"Version\":2}'",
                "'echo' did not print Version 1",
            ),
            (
                "echo '{\"Version\":1,\"AccessKeyId\":\"CANARY\"}'",
                "'echo' printed no SecretAccessKey",
            ),
            ("echo no luck >&2; exit 3", "'echo' failed (exit status: 3): no luck"),
            ("exit 3", "'exit' failed (exit status: 3)"),
        ] {
            assert_eq!(printed(command).await, format!("the credential process {told}"));
        }
    }

    #[tokio::test]
    async fn a_program_that_never_stops_printing_is_stopped() {
        for (command, told) in [
            ("yes", "printed more than 64 KiB"),
            ("yes >&2", "wrote more than 4 MiB to standard error"),
        ] {
            assert_eq!(printed(command).await, format!("the credential process 'yes' {told}"));
        }
    }

    #[tokio::test]
    async fn a_program_that_is_known_to_ask_is_not_run_without_a_terminal() {
        let process = Process::new("touch /nowhere/CANARY", None, Loan::default(), true);
        let error = process.run().await.err();
        let told = error
            .iter()
            .flat_map(|error| super::super::advice::causes(error))
            .last();
        let told = told.map(ToString::to_string).unwrap_or_default();
        assert_eq!(
            told,
            "the credential process 'touch' prompts for input; log in to run it in this terminal"
        );
    }

    #[test]
    fn of_a_complaint_the_end_is_shown() {
        assert_eq!(last_words("a\n\n  b \n"), "a b");
        let long = format!("first\n{}\nlast", "x".repeat(SHOWN));
        assert_eq!(last_words(&long), "last");
        assert_eq!(last_words(&"y".repeat(900)), "y".repeat(SHOWN));
    }
}
