//! Keys that a program prints (`credential_process`): run as the SDK runs it, and read no further than keys are long.

use std::process::{ExitStatus, Stdio};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result, future};
use serde_json::{Map, Value};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;

use crate::runtime::child;

/// What a program may print, to either of its outputs; keys are a document of a few KiB.
const LONGEST: u64 = 64 * 1024;

/// Runs a command and reads the keys that it prints.
pub(super) struct Process {
    command: String,
    /// The account where the program tells none.
    account: Option<String>,
}

impl std::fmt::Debug for Process {
    /// Commands hold passwords.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Process").finish_non_exhaustive()
    }
}

impl Process {
    pub(super) fn new(command: &str, account: Option<&str>) -> Self {
        Self {
            command: command.to_owned(),
            account: account.map(str::to_owned),
        }
    }

    async fn run(&self) -> Result {
        let mut child = Command::from(child::for_credentials("sh"))
            .args(["-c", &self.command])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(format!("the credential process cannot be started: {error}")))?;
        let (said, complained) = tokio::try_join!(read(child.stdout.take()), read(child.stderr.take()))?;
        let status = child
            .wait()
            .await
            .map_err(|error| failed(format!("the credential process was lost: {error}")))?;
        if status.success() {
            keys(&said, self.account.as_deref()).map_err(failed)
        } else {
            Err(failed(ended(status, &complained)))
        }
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

fn failed(sentence: String) -> CredentialsError {
    CredentialsError::provider_error(sentence)
}

/// Reads an output to its end. One that is too long is not read any further, and its program ends with it.
async fn read(output: Option<impl AsyncRead + Unpin>) -> std::result::Result<Vec<u8>, CredentialsError> {
    let mut bytes = Vec::new();
    if let Some(output) = output {
        let read = output.take(LONGEST + 1).read_to_end(&mut bytes).await;
        read.map_err(|error| failed(format!("the credential process cannot be read: {error}")))?;
    }
    if bytes.len() as u64 > LONGEST {
        return Err(failed(format!(
            "the credential process printed more than {} KiB",
            LONGEST / 1024
        )));
    }
    Ok(bytes)
}

fn ended(status: ExitStatus, complained: &[u8]) -> String {
    let complaint = String::from_utf8_lossy(complained);
    let complaint = complaint.trim();
    if complaint.is_empty() {
        format!("the credential process ended with {status}")
    } else {
        format!("the credential process ended with {status}: {complaint}")
    }
}

/// The keys of a document. Its names are read in any case, as the SDK reads them; nothing of it is ever quoted.
fn keys(document: &[u8], account: Option<&str>) -> std::result::Result<Credentials, String> {
    let fields: Map<String, Value> = serde_json::from_slice(document).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("what the credential process printed is not JSON (line {line}, column {column})")
    })?;
    let field = |name: &str| {
        fields
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    };
    let text = |name: &str| field(name).and_then(Value::as_str);
    let needed = |name: &str| text(name).ok_or_else(|| format!("the credential process printed no {name}"));
    if field("Version").and_then(Value::as_i64) != Some(1) {
        return Err("the credential process printed no Version 1".to_owned());
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
        .map_err(|_| "the Expiration that the credential process printed is not a time".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn printed(command: &str) -> String {
        match Process::new(command, Some("123456789012")).run().await {
            Ok(keys) => {
                let account = keys.account_id().map_or("none", |id| id.as_str()).to_owned();
                format!("{} {:?} {account}", keys.access_key_id(), keys.expiry().is_some())
            }
            Err(error) => super::super::advice::causes(&error)
                .last()
                .map(ToString::to_string)
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
            (
                "echo CANARY",
                "what the credential process printed is not JSON (line 1, column 1)",
            ),
            ("echo '{\"Version\":2}'", "the credential process printed no Version 1"),
            (
                "echo '{\"Version\":1,\"AccessKeyId\":\"CANARY\"}'",
                "the credential process printed no SecretAccessKey",
            ),
            (
                "echo no luck >&2; exit 3",
                "the credential process ended with exit status: 3: no luck",
            ),
            ("exit 3", "the credential process ended with exit status: 3"),
        ] {
            assert_eq!(printed(command).await, told);
        }
    }

    #[tokio::test]
    async fn a_program_that_never_stops_printing_is_stopped() {
        for command in ["yes", "yes >&2"] {
            assert_eq!(
                printed(command).await,
                "the credential process printed more than 64 KiB"
            );
        }
    }
}
