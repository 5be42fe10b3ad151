//! Reads the two profile files as the AWS CLI does, and rewrites them in the form that the SDK accepts. A damaged part
//! is reported only when it is needed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use aws_runtime::env_config::file::EnvConfigFileKind;

use super::environment::Environment;
use super::ini::{self, Damage, Section};
use super::names;
use crate::domain::text::visible;

/// The maximum size of a profile file, in bytes. A thousand profiles need a hundredth of that.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The byte order marks that indicate a file's encoding.
const UTF_8: &[u8] = b"\xef\xbb\xbf";
const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// The files, each with the variable that overrides its path and its default name in `~/.aws`.
const CONFIG: (EnvConfigFileKind, &str, &str) = (EnvConfigFileKind::Config, "AWS_CONFIG_FILE", "config");
const CREDENTIALS: (EnvConfigFileKind, &str, &str) = (
    EnvConfigFileKind::Credentials,
    "AWS_SHARED_CREDENTIALS_FILE",
    "credentials",
);

/// The keys whose values are names of sections.
const REFERENCES: [&str; 3] = ["source_profile", "sso_session", "services"];

/// The keys that make the AWS CLI use IAM Identity Center for a profile. Any one of them is enough.
const OF_SSO: [&str; 2] = ["sso_account_id", "sso_role_name"];

/// The keys that make the SDK use IAM Identity Center for a profile. Any one of them is enough.
const NAMES_SSO: [&str; 3] = ["sso_session", "sso_start_url", "sso_region"];

/// The readable contents of one of the two files. They include credentials, so there is no `Debug`.
pub(super) struct ProfileFile {
    pub(super) kind: EnvConfigFileKind,
    pub(super) path: PathBuf,
    /// The text passed to the SDK.
    pub(super) text: String,
    /// A sentence describing a mistake that affects the whole file or is outside of every section.
    pub(super) trouble: Option<String>,
    /// The mistakes in individual profiles.
    pub(super) damaged: Vec<(String, Damage)>,
}

impl ProfileFile {
    /// Reads both files, blocking the thread. A missing file counts as empty.
    pub(super) fn read_all(environment: &Environment) -> Vec<Self> {
        let places = [CONFIG, CREDENTIALS].map(|(kind, variable, name)| (kind, place(environment, variable, name)));
        let read = places.map(|(kind, path)| Read::of(kind, path));
        let [config, credentials] = &read;
        let hidden = hidden(&config.written, &credentials.written);
        read.into_iter().map(|read| read.for_sdk(&hidden)).collect()
    }

    /// Returns a short description of a profile's mistake for a table, such as `config line 4 has no =`.
    pub(super) fn short_damage_of(&self, name: &str) -> Option<String> {
        let (_, damage) = self.damaged.iter().find(|(damaged, _)| damaged == name)?;
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        Some(format!("{file} line {} {}", damage.line, damage.what))
    }

    /// Returns a sentence describing this file's mistake in the named profile, if there is one.
    pub(super) fn damage_of(&self, name: &str) -> Option<String> {
        let (_, damage) = self.damaged.iter().find(|(damaged, _)| damaged == name)?;
        Some(sentence(&self.path, *damage))
    }
}

/// One of the two files, as read.
struct Read {
    kind: EnvConfigFileKind,
    path: PathBuf,
    trouble: Option<String>,
    written: Written,
}

impl Read {
    fn of(kind: EnvConfigFileKind, path: PathBuf) -> Self {
        let (text, unreadable) = match read_text(&path) {
            Ok(text) => (text, None),
            Err(trouble) => (String::new(), Some(format!("{} {trouble}", path.display()))),
        };
        let ini = ini::read(&text);
        let outside = ini.outside.map(|damage| sentence(&path, damage));
        let mut written = Written::default();
        for section in ini.sections {
            if let Some(title) = Title::of(kind, &section.header) {
                written.take(title, section);
            }
        }
        Self {
            kind,
            path,
            trouble: unreadable.or(outside),
            written,
        }
    }

    fn for_sdk(self, hidden: &Hidden) -> ProfileFile {
        ProfileFile {
            text: self.written.text(self.kind, hidden),
            damaged: self.written.damaged(),
            kind: self.kind,
            path: self.path,
            trouble: self.trouble,
        }
    }
}

/// The keys that are not passed to the SDK, by profile name.
type Hidden = BTreeMap<String, Vec<&'static str>>;

/// Determines the keys to hide so that the SDK uses the same source as the AWS CLI. The AWS CLI prefers sources in this
/// order: IAM Identity Center, the access keys in the credentials file, a login, a process, the access keys in the
/// configuration file. The SDK uses access keys last, so the keys of less preferred sources are not passed to it.
fn hidden(config: &Written, credentials: &Written) -> Hidden {
    let mut hidden = Hidden::new();
    for name in config.names().chain(credentials.names()) {
        let has = |key: &str| config.has(name, key) || credentials.has(name, key);
        let mut keys = Vec::new();
        if credentials.has(name, "aws_access_key_id") {
            keys.extend(["login_session", "credential_process"]);
        }
        let others = ["aws_access_key_id", "login_session", "credential_process"];
        if others.into_iter().any(has) && !OF_SSO.into_iter().any(has) {
            keys.extend(NAMES_SSO);
        }
        hidden.insert(name.to_owned(), keys);
    }
    hidden
}

fn sentence(path: &Path, damage: Damage) -> String {
    format!("line {} of {} {}. Correct it", damage.line, path.display(), damage.what)
}

/// The type and name of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Title {
    /// The prefix in the header, which is empty for a profile.
    prefix: &'static str,
    name: String,
}

impl Title {
    /// Parses a header as the AWS CLI does. Returns `None` for a section that is not used.
    fn of(kind: EnvConfigFileKind, header: &str) -> Option<Self> {
        let profile = |name: &str| Self {
            prefix: "",
            name: name.to_owned(),
        };
        let trimmed = header.trim();
        if matches!(kind, EnvConfigFileKind::Credentials) || trimmed == "default" {
            return (!trimmed.is_empty()).then(|| profile(trimmed));
        }
        let words = names::words(trimmed)?;
        let [word, name] = words.as_slice() else { return None };
        let prefix = ["", "sso-session", "services"]
            .into_iter()
            .find(|prefix| *word == if prefix.is_empty() { "profile" } else { prefix })?;
        (!name.is_empty()).then(|| Self {
            prefix,
            name: name.clone(),
        })
    }

    fn header(&self, kind: EnvConfigFileKind) -> String {
        let name = names::encoded(&self.name);
        match (self.prefix, kind, self.name.as_str()) {
            ("", EnvConfigFileKind::Credentials, _) | ("", _, "default") => name,
            ("", ..) => format!("profile {name}"),
            (prefix, ..) => format!("{prefix} {name}"),
        }
    }
}

/// The relevant sections. As in the AWS CLI, only the last of `[default]` and `[profile default]` counts.
#[derive(Default)]
struct Written(Vec<(Title, Vec<Section>)>);

impl Written {
    fn take(&mut self, title: Title, section: Section) {
        let header = section.header.trim().to_owned();
        match self.0.iter_mut().find(|(other, _)| *other == title) {
            Some((_, sections)) => {
                sections.retain(|other| title.name != "default" || other.header.trim() == header);
                sections.push(section);
            }
            None => self.0.push((title, vec![section])),
        }
    }

    fn profiles(&self) -> impl Iterator<Item = (&str, &[Section])> {
        let profiles = self.0.iter().filter(|(title, _)| title.prefix.is_empty());
        profiles.map(|(title, sections)| (title.name.as_str(), sections.as_slice()))
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.profiles().map(|(name, _)| name)
    }

    fn has(&self, profile: &str, key: &str) -> bool {
        let mut sections = self.profiles().filter(|(name, _)| *name == profile);
        sections.any(|(_, sections)| {
            sections
                .iter()
                .flat_map(|section| &section.entries)
                .any(|entry| entry.key == key)
        })
    }

    fn text(&self, kind: EnvConfigFileKind, hidden: &Hidden) -> String {
        let mut lines = Vec::new();
        for (title, sections) in &self.0 {
            lines.push(format!("[{}]", title.header(kind)));
            let is_profile = title.prefix.is_empty();
            let hidden = hidden.get(&title.name).filter(|_| is_profile);
            let is_told = |entry: &&ini::Entry| hidden.is_none_or(|keys| !keys.contains(&entry.key.as_str()));
            let entries = sections.iter().flat_map(|section| &section.entries);
            lines.extend(entries.filter(is_told).flat_map(written));
        }
        lines.join("\n") + "\n"
    }

    fn damaged(&self) -> Vec<(String, Damage)> {
        let damaged = self.profiles().filter_map(|(name, sections)| {
            let damage = sections.iter().find_map(|section| section.damage)?;
            Some((name.to_owned(), damage))
        });
        damaged.collect()
    }
}

/// Returns a key and its value as lines in the SDK's form. Names in that form cannot contain spaces.
fn written(entry: &ini::Entry) -> Vec<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c);
    // The AWS CLI also reads the older name of a session token.
    let key = match entry.key.as_str() {
        "aws_security_token" => "aws_session_token",
        key => key,
    };
    if !key.chars().all(is_name) {
        return Vec::new();
    }
    let value = if REFERENCES.contains(&entry.key.as_str()) {
        names::encoded(&entry.value)
    } else {
        entry.value.clone()
    };
    let more = entry.more.iter().map(|more| format!("  {more}"));
    std::iter::once(format!("{key} = {value}")).chain(more).collect()
}

/// Returns the paths of the two files, whether or not they exist.
pub(super) fn places(environment: &Environment) -> [PathBuf; 2] {
    [CONFIG, CREDENTIALS].map(|(_, variable, name)| place(environment, variable, name))
}

fn place(environment: &Environment, variable: &str, name: &str) -> PathBuf {
    let home = environment.home().unwrap_or(Path::new(""));
    match environment.get(variable) {
        Some(path) => match path.strip_prefix("~/") {
            Some(below) => home.join(below),
            None => PathBuf::from(path),
        },
        None => home.join(".aws").join(name),
    }
}

/// Returns a file's text, or a phrase that explains why it cannot be read and follows the file's name in a sentence.
fn read_text(path: &Path) -> Result<String, String> {
    let bytes = match read_bounded(path) {
        Ok(bytes) => bytes,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Vec::new(),
        Err(error) => {
            let error = visible(&error.to_string()).into_owned();
            return Err(format!(
                "cannot be read: {error}. Make it readable, or use another file"
            ));
        }
    };
    if UTF_16.iter().any(|mark| bytes.starts_with(mark)) {
        return Err("is UTF-16 (it starts with a byte-order mark). Save it as UTF-8".to_owned());
    }
    let bytes = bytes.strip_prefix(UTF_8).unwrap_or(&bytes);
    // An invalid character affects only its own line, and does no harm in a comment.
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// Reads a file and rejects one that is unreasonably large, because a variable may name any file.
fn read_bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        let sentence = format!("it is larger than {} MiB", LONGEST / 1024 / 1024);
        return Err(std::io::Error::new(ErrorKind::FileTooLarge, sentence));
    }
    Ok(bytes)
}
