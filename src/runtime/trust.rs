//! Checks who owns a file or folder and who may write to it. Contents that other users own or can change may not
//! reflect the user's intent, so they are not sent.

use std::fmt;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::process::geteuid;

/// The write permissions of the group and of all other users.
pub(super) const WRITABLE_BY_OTHERS: u32 = 0o022;
/// The write permission of all other users.
pub(super) const WRITABLE_BY_ALL: u32 = 0o002;

/// The reason why a file or folder is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Distrust {
    /// The file or folder belongs to the user with this id.
    #[error("belongs to user {0}, but you are user {user}", user = geteuid().as_raw())]
    Owner(u32),
    /// The file or folder belongs to the user, but has these permissions, which let others write to it.
    #[error("is writable by other users (mode {0:o})")]
    Rights(u32),
}

/// Checks that the user owns the file or folder, and that it grants none of the write permissions in `rights`.
pub(super) fn check(metadata: &Metadata, rights: u32) -> Result<(), Distrust> {
    if metadata.uid() != geteuid().as_raw() {
        return Err(Distrust::Owner(metadata.uid()));
    }
    if metadata.mode() & rights != 0 {
        return Err(Distrust::Rights(metadata.mode() & 0o777));
    }
    Ok(())
}

impl Distrust {
    /// Returns a sentence with the cause and the next step, for a state file or folder at this path.
    pub(super) fn sentence(self, path: &Path) -> String {
        let what_then = match self {
            Self::Owner(_) => "Set XDG_STATE_HOME to a folder that you own, or run invalidash as that user".to_owned(),
            Self::Rights(_) => format!("Check its contents, then run: chmod go-w {}", Quoted(path)),
        };
        format!(
            "{} {self}, so nothing in it is read or sent. {what_then}",
            path.display()
        )
    }
}

/// A path quoted for a shell.
struct Quoted<'a>(&'a Path);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.to_string_lossy();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%".contains(c);
        if path.chars().all(is_plain) {
            f.write_str(&path)
        } else {
            write!(f, "'{}'", path.replace('\'', r"'\''"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_where_a_shell_would_read_more_into_it() {
        let quoted = |path: &str| Quoted(Path::new(path)).to_string();
        assert_eq!(
            quoted("/home/ada/.local/state/invalidash"),
            "/home/ada/.local/state/invalidash"
        );
        assert_eq!(quoted("/tmp/a b;it's"), r"'/tmp/a b;it'\''s'");
    }
}
