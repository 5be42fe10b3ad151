//! The cache of role credentials in the AWS CLI's format (`~/.aws/cli/cache`), so that one MFA code serves both
//! programs.

use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Read as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};

use super::check;
use crate::domain::text::hex;
use crate::runtime::whole_file;

/// The maximum size of a cache file, in bytes. Such a file is a document of a few KiB.
const LONGEST: u64 = 1024 * 1024;

/// The minimum remaining lifetime of stored credentials. It is better to prompt for a code now than to interrupt the
/// user a little later. The AWS CLI uses the same value.
const MARGIN: TimeDelta = TimeDelta::minutes(15);

/// The arguments for assuming a role, in STS's order and under STS's names.
pub(super) type Arguments<'a> = [(&'a str, Argument<'a>)];

/// The value of an argument.
#[derive(Clone, Copy, Debug)]
pub(super) enum Argument<'a> {
    /// Text.
    Text(&'a str),
    /// A number.
    Number(i32),
}

/// Returns the file in the home folder for the credentials of a role that is assumed with these arguments.
pub(super) fn place(home: &Path, arguments: &Arguments<'_>) -> PathBuf {
    let name = hex(&Sha1::digest(document(arguments)));
    home.join(".aws/cli/cache").join(name + ".json")
}

/// Formats the arguments as Python's `json.dumps` does.
fn document(arguments: &Arguments<'_>) -> String {
    let pairs = arguments.iter().map(|(name, value)| match value {
        Argument::Text(text) => format!("\"{name}\": {}", quoted(text)),
        Argument::Number(number) => format!("\"{name}\": {number}"),
    });
    format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            ' '..='~' => quoted.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            }
        }
    }
    quoted + "\""
}

/// Reads the stored credentials if they remain valid for long enough. A file in another format is ignored. Blocks the
/// thread.
pub(super) fn read(path: &Path, now: DateTime<Utc>) -> Option<Credentials> {
    let facts = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    if facts.len() > LONGEST {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    let keys = keys_of(&bytes)?;
    let end = DateTime::<Utc>::from(keys.expiry()?);
    (end - now >= MARGIN && check::keys(&keys).is_ok()).then_some(keys)
}

fn keys_of(bytes: &[u8]) -> Option<Credentials> {
    let document: Value = serde_json::from_slice(bytes).ok()?;
    let keys = document.get("Credentials")?;
    let text = |name: &str| keys.get(name).and_then(Value::as_str);
    let end = time(text("Expiration")?)?;
    let mut built = Credentials::builder()
        .access_key_id(text("AccessKeyId")?)
        .secret_access_key(text("SecretAccessKey")?)
        .expiry(end.into())
        .provider_name("AssumeRoleProvider");
    built.set_session_token(Some(text("SessionToken")?.to_owned()));
    built.set_account_id(text("AccountId").map(|id| AccountId::from(id.to_owned())));
    Some(built.build())
}

/// Parses a time. Older tools wrote `UTC` instead of `Z`.
pub(super) fn time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.replace("UTC", "Z");
    DateTime::parse_from_rfc3339(&text).ok().map(|time| time.to_utc())
}

/// Stores credentials in a file that only its owner can read. Blocks the thread.
///
/// # Errors
/// The system's error.
pub(super) fn write(path: &Path, keys: &Credentials) -> io::Result<()> {
    let end = keys.expiry().map(DateTime::<Utc>::from).unwrap_or_default();
    let document = json!({
        "Credentials": {
            "AccessKeyId": keys.access_key_id(),
            "SecretAccessKey": keys.secret_access_key(),
            "SessionToken": keys.session_token().unwrap_or_default(),
            "Expiration": end.to_rfc3339_opts(SecondsFormat::Secs, true),
            "AccountId": keys.account_id().map(AccountId::as_str),
        }
    });
    put(path, &document.to_string())
}

/// Writes a file that contains credentials, either completely or not at all. Only its owner can read it, from the first
/// byte on. Blocks the thread.
///
/// # Errors
/// The system's error.
pub(super) fn put(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut draft = whole_file::Draft::begin_secret(path)?;
    draft.write(text)?;
    draft.put().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_lies_where_botocore_looks_for_it() {
        let role = ("RoleArn", Argument::Text("arn:aws:iam::123456789012:role/deploy"));
        let device = ("SerialNumber", Argument::Text("arn:aws:iam::123456789012:mfa/ada"));
        let rows: [(Vec<(&str, Argument<'_>)>, &str); 3] = [
            (vec![role, device], "0aa1895b0f94fc0ca2f7ba50fb4e1fa84b9c9590.json"),
            (
                vec![
                    ("DurationSeconds", Argument::Number(7200)),
                    ("ExternalId", Argument::Text("größe \"x\"\u{7f}😀")),
                    role,
                    ("RoleSessionName", Argument::Text("ada")),
                    device,
                ],
                "c246f6f5ff5dd7f3cd7377519bb5a8660cd6c9a9.json",
            ),
            (vec![role], "6a9d9ba39800a1773d9a3bd50c4a0db301ff5832.json"),
        ];
        for (arguments, expected) in rows {
            let path = place(Path::new("/home/ada"), &arguments);
            assert_eq!(path, Path::new("/home/ada/.aws/cli/cache").join(expected));
        }
    }
}
