//! The two files that profiles stand in: read as the AWS CLI reads them, and written down anew as the SDK does. What is
//! wrong with a part is told where somebody wants that part.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use aws_runtime::env_config::file::EnvConfigFileKind;

use super::ini::{self, Damage, Section};
use super::{Environment, names};
use crate::domain::text::visible;

/// Of a profile file, in bytes: a thousand profiles need a hundredth of it.
const LONGEST: u64 = 16 * 1024 * 1024;

/// What a file may begin with that tells its encoding.
const UTF_8: &[u8] = b"\xef\xbb\xbf";
const UTF_16: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// The files, the variables that name others, and their names in the person's own folder.
const CONFIG: (EnvConfigFileKind, &str, &str) = (EnvConfigFileKind::Config, "AWS_CONFIG_FILE", "config");
const CREDENTIALS: (EnvConfigFileKind, &str, &str) = (
    EnvConfigFileKind::Credentials,
    "AWS_SHARED_CREDENTIALS_FILE",
    "credentials",
);

/// Keys whose value is the name of a section.
const REFERENCES: [&str; 3] = ["source_profile", "sso_session", "services"];

/// One of the two files, as far as it can be read. It holds keys: there is no `Debug`.
pub(super) struct ProfileFile {
    pub(super) kind: EnvConfigFileKind,
    pub(super) path: PathBuf,
    /// What the SDK is given.
    pub(super) text: String,
    /// What is wrong with all of it, or outside of every section: a sentence.
    pub(super) trouble: Option<String>,
    /// What is wrong with single profiles.
    pub(super) damaged: Vec<(String, Damage)>,
}

impl ProfileFile {
    /// Reads both. One that is missing is empty. Blocks.
    pub(super) fn read_all(environment: &Environment) -> Vec<Self> {
        [CONFIG, CREDENTIALS]
            .map(|(kind, variable, name)| Self::read(kind, place(environment, variable, name)))
            .into()
    }

    fn read(kind: EnvConfigFileKind, path: PathBuf) -> Self {
        match read_text(&path) {
            Ok(text) => Self::of(kind, path, &text),
            Err(trouble) => {
                let trouble = Some(format!("{} {trouble}", path.display()));
                Self {
                    trouble,
                    ..Self::of(kind, path, "")
                }
            }
        }
    }

    fn of(kind: EnvConfigFileKind, path: PathBuf, text: &str) -> Self {
        let ini = ini::read(text);
        let mut written = Written::default();
        for section in &ini.sections {
            if let Some(title) = Title::of(kind, &section.header) {
                written.take(title, section);
            }
        }
        let trouble = ini.outside.map(|damage| sentence(&path, damage));
        Self {
            kind,
            text: written.text(kind),
            trouble,
            damaged: written.damaged(),
            path,
        }
    }

    /// The same for a table: `config line 4 has no =`.
    pub(super) fn short_damage_of(&self, name: &str) -> Option<String> {
        let (_, damage) = self.damaged.iter().find(|(damaged, _)| damaged == name)?;
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        Some(format!("{file} line {} {}", damage.line, damage.what))
    }

    /// What is wrong with the profile of this name here: a sentence.
    pub(super) fn damage_of(&self, name: &str) -> Option<String> {
        let (_, damage) = self.damaged.iter().find(|(damaged, _)| damaged == name)?;
        Some(sentence(&self.path, *damage))
    }
}

fn sentence(path: &Path, damage: Damage) -> String {
    format!("line {} of {} {}. Correct it", damage.line, path.display(), damage.what)
}

/// What a section is, and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Title {
    /// Nothing for a profile.
    prefix: &'static str,
    name: String,
}

impl Title {
    /// As the AWS CLI takes a header; `None` for one that is none of ours.
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

/// The sections that count. Of `[default]` and `[profile default]` that is the last one, as for the AWS CLI.
#[derive(Default)]
struct Written<'a>(Vec<(Title, Vec<&'a Section>)>);

impl<'a> Written<'a> {
    fn take(&mut self, title: Title, section: &'a Section) {
        let header = section.header.trim();
        match self.0.iter_mut().find(|(other, _)| *other == title) {
            Some((_, sections)) => {
                sections.retain(|other| title.name != "default" || other.header.trim() == header);
                sections.push(section);
            }
            None => self.0.push((title, vec![section])),
        }
    }

    fn text(&self, kind: EnvConfigFileKind) -> String {
        let mut lines = Vec::new();
        for (title, sections) in &self.0 {
            lines.push(format!("[{}]", title.header(kind)));
            lines.extend(sections.iter().flat_map(|section| &section.entries).flat_map(written));
        }
        lines.join("\n") + "\n"
    }

    fn damaged(&self) -> Vec<(String, Damage)> {
        let profiles = self.0.iter().filter(|(title, _)| title.prefix.is_empty());
        let damaged = profiles.filter_map(|(title, sections)| {
            let damage = sections.iter().find_map(|section| section.damage)?;
            Some((title.name.clone(), damage))
        });
        damaged.collect()
    }
}

/// The lines of a key and its value, for the SDK. It takes no name with a space in it.
fn written(entry: &ini::Entry) -> Vec<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c);
    if !entry.key.chars().all(is_name) {
        return Vec::new();
    }
    let value = if REFERENCES.contains(&entry.key.as_str()) {
        names::encoded(&entry.value)
    } else {
        entry.value.clone()
    };
    let more = entry.more.iter().map(|more| format!("  {more}"));
    std::iter::once(format!("{} = {value}", entry.key))
        .chain(more)
        .collect()
}

/// Where the two files are, whether or not they exist.
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

/// The text of a file, or why it cannot be had, to follow its name in a sentence.
fn read_text(path: &Path) -> Result<String, String> {
    let bytes = match read_bounded(path) {
        Ok(bytes) => bytes,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Vec::new(),
        Err(error) => {
            let error = visible(&error.to_string()).into_owned();
            return Err(format!(
                "cannot be read: {error}. Make it readable, or name another file"
            ));
        }
    };
    if UTF_16.iter().any(|mark| bytes.starts_with(mark)) {
        return Err("is UTF-16 (it begins with a byte-order mark). Save it as UTF-8".to_owned());
    }
    let bytes = bytes.strip_prefix(UTF_8).unwrap_or(&bytes);
    // A character that is none is its line's trouble, and a comment's nobody's.
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// The bytes of a file of a reasonable size; a variable may name anything.
fn read_bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        let sentence = format!("it has more than {} MiB", LONGEST / 1024 / 1024);
        return Err(std::io::Error::new(ErrorKind::FileTooLarge, sentence));
    }
    Ok(bytes)
}
