//! Reads the configuration file.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use serde::Deserialize;

use super::{Clipboard, CloudTrail, Distributions, Error, LogLevel, Profile, Theme};
use crate::domain::danger::GuardChanges;
use crate::domain::distribution::AccountId;
use crate::domain::options::{AccountOptions, Accounts, EdgeOptions, NotifyOptions, Retention, SendOptions};
use crate::domain::text::visible;

/// The maximum file size in bytes. No handwritten file is this large, so a larger one cannot be a configuration file.
const LIMIT: u64 = 1024 * 1024;

/// The contents of the configuration file; an empty string means "not set".
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) profile: String,
    pub(super) region: String,
    pub(super) endpoint_url: String,
    pub(super) read_only: bool,
    pub(super) log_level: LogLevel,
    #[serde(deserialize_with = "super::theme::name_or_table")]
    pub(super) theme: Theme,
    pub(super) ascii: bool,
    /// Whether the dashboard uses the mouse, which it does unless the user turns it off.
    pub(super) mouse: Option<bool>,
    pub(super) clipboard: Clipboard,
    pub(super) distributions: Distributions,
    pub(super) edge: EdgeOptions,
    pub(super) cloudtrail: CloudTrail,
    pub(super) notify: NotifyOptions,
    pub(super) history: Retention,
    pub(super) send: SendOptions,
    pub(super) guard: GuardChanges,
    keys: BTreeMap<String, Keys>,
    accounts: BTreeMap<Digits, AccountOptions>,
    pub(super) profiles: BTreeMap<String, Profile>,
}

/// One or more keys for an action.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a key such as \"ctrl-s\" or a list of keys")]
enum Keys {
    One(String),
    Several(Vec<String>),
}

/// An account id of twelve digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct Digits(String);

impl TryFrom<String> for Digits {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let right = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if right {
            Ok(Self(text))
        } else {
            Err(format!("`{text}` is not an account id; expected twelve digits"))
        }
    }
}

impl File {
    /// Reads the configuration file, which need not exist unless the user named it.
    pub(super) fn read(path: &Path, must_exist: bool) -> Result<Self, Error> {
        match content(path) {
            Ok(bytes) => Self::parse(path, &bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => Ok(Self::default()),
            Err(source) => Err(Error::Unreadable {
                path: path.to_owned(),
                source,
            }),
        }
    }

    fn parse(path: &Path, bytes: &[u8]) -> Result<Self, Error> {
        let wrong = |at: usize, reason: &str| {
            let line = bytes.get(..at).unwrap_or(bytes).split(|byte| *byte == b'\n').count();
            Error::Wrong {
                path: path.to_owned(),
                line,
                reason: with_key(bytes, line, reason),
            }
        };
        let text = std::str::from_utf8(bytes).map_err(|error| wrong(error.valid_up_to(), "invalid UTF-8"))?;
        toml::from_str(text).map_err(|error| wrong(error.span().map_or(0, |span| span.start), error.message()))
    }

    pub(super) fn keys(&self) -> BTreeMap<String, Vec<String>> {
        let listed = |keys: &Keys| match keys {
            Keys::One(key) => vec![key.clone()],
            Keys::Several(keys) => keys.clone(),
        };
        self.keys
            .iter()
            .map(|(action, keys)| (action.clone(), listed(keys)))
            .collect()
    }

    pub(super) fn accounts(&self) -> Accounts {
        self.accounts
            .iter()
            .map(|(digits, account)| (AccountId::new(&digits.0), account.clone()))
            .collect()
    }
}

fn content(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    Ok(bytes)
}

/// Adds the key on the affected line (counted from 1) to the reason, but not its value, which may be a secret.
fn with_key(bytes: &[u8], line: usize, reason: &str) -> String {
    let text = bytes.split(|byte| *byte == b'\n').nth(line - 1).unwrap_or_default();
    let text = String::from_utf8_lossy(text);
    let reason = visible(reason.trim_end());
    match key_of(text.trim()) {
        "" => reason.into_owned(),
        key => format!("`{}`: {reason}", visible(key)),
    }
}

/// Returns the subject of a line: its key, or the name of its table. The end of a key is determined from the key alone,
/// because the value follows immediately if the user forgot the `=`.
fn key_of(line: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some((name, rest)) = line.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
            let is_key = rest.trim_start().starts_with('=');
            return line.get(..name.len() + 2).filter(|_| is_key).unwrap_or_default();
        }
    }
    let is_bare = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']');
    let end = line.find(|c| !is_bare(c)).unwrap_or(line.len());
    line.get(..end).unwrap_or_default()
}
