//! Files that are written in full or not at all.

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, OFlags};
use rustix::process::geteuid;
use tempfile::NamedTempFile;

/// The prefix of an unfinished file's name.
const UNFINISHED: &str = ".saving-";

/// The maximum number of attempts to create an unfinished file, which another process may delete as abandoned.
const ATTEMPTS: usize = 8;

/// A file under a temporary name next to its final one. If it is dropped before being put in place, nothing is left
/// behind.
pub(super) struct Draft {
    path: PathBuf,
    file: NamedTempFile,
}

impl Draft {
    /// Starts a file for this path. A symbolic link is kept, and the file it points to is replaced. Unfinished files
    /// left in the folder by a killed process are deleted.
    ///
    /// # Errors
    /// If the existing file may not be replaced ([`check`]), or no file can be created in the folder.
    pub(super) fn begin(path: &Path) -> io::Result<Self> {
        check(path)?;
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let permissions = permissions(&path);
        Self::begin_at(path, &permissions)
    }

    /// Starts a file that only its owner may read, regardless of the existing file's permissions.
    ///
    /// # Errors
    /// The same as for [`Draft::begin`].
    pub(super) fn begin_secret(path: &Path) -> io::Result<Self> {
        check(path)?;
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Self::begin_at(path, &fs::Permissions::from_mode(0o600))
    }

    fn begin_at(path: PathBuf, permissions: &fs::Permissions) -> io::Result<Self> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        delete_unfinished(folder);
        let file = begin_in(folder, permissions)?;
        Ok(Self { path, file })
    }

    /// Appends text.
    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        self.file.write_all(text.as_bytes())
    }

    /// Replaces the existing file atomically, so that a crash cannot leave a partial file.
    pub(super) fn put(self) -> io::Result<PathBuf> {
        self.file.as_file().sync_all()?;
        // The file may have changed while this one was being written.
        check(&self.path)?;
        self.file.persist(&self.path).map_err(|error| error.error)?;
        Ok(self.path)
    }

    /// Puts the file in place only if no file exists there. Otherwise, keeps the existing file and returns an error.
    pub(super) fn put_new(self) -> io::Result<PathBuf> {
        self.file.as_file().sync_all()?;
        self.file.persist_noclobber(&self.path).map_err(|error| error.error)?;
        Ok(self.path)
    }
}

/// Checks that a file may be written under this name: either nothing exists there, or a writable regular file does. A
/// rename would replace anything else.
///
/// # Errors
/// The reason why the file may not be written.
pub(super) fn check(path: &Path) -> io::Result<()> {
    let refused = |reason: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    let facts = match fs::metadata(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
            return refused("it is a symlink to a file that does not exist");
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if let Some(kind) = special(facts.file_type()) {
        return refused(&format!("it is {kind}, not a regular file"));
    }
    // Root may write to any file, so the permissions are checked as well.
    if facts.permissions().readonly() || rustix::fs::access(path, Access::WRITE_OK).is_err() {
        return refused("it is read-only");
    }
    Ok(())
}

/// Returns the kind of the file, unless it is a regular file.
fn special(kind: FileType) -> Option<&'static str> {
    if kind.is_file() {
        None
    } else if kind.is_dir() {
        Some("a folder")
    } else if kind.is_fifo() {
        Some("a named pipe")
    } else if kind.is_socket() {
        Some("a socket")
    } else {
        Some("a device")
    }
}

/// Returns the permissions of the file to be replaced, or the system's default for a new file.
fn permissions(path: &Path) -> fs::Permissions {
    fs::metadata(path).map_or_else(|_| fs::Permissions::from_mode(0o666), |facts| facts.permissions())
}

/// Creates an unfinished file, which is locked while it is being written.
fn begin_in(folder: &Path, permissions: &fs::Permissions) -> io::Result<NamedTempFile> {
    for _ in 0..ATTEMPTS {
        let file = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .permissions(permissions.clone())
            .tempfile_in(folder)?;
        // Not every file system supports locks. Where one does not, no other process can lock the file either.
        let _ = file.as_file().lock();
        if file.as_file().metadata()?.nlink() > 0 {
            return Ok(file);
        }
    }
    Err(io::Error::other("other processes keep deleting it"))
}

/// Deletes the abandoned unfinished files. One that cannot be deleted does no harm.
fn delete_unfinished(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(is_unfinished) && entry.metadata().is_ok_and(|facts| is_ours(&facts))
        {
            delete_unowned(&entry.path());
        }
    }
}

/// Returns whether a file name is that of an unfinished file. Other programs may use the same prefix.
fn is_unfinished(name: &str) -> bool {
    let random = name.strip_prefix(UNFINISHED);
    random.is_some_and(|random| random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn is_ours(facts: &Metadata) -> bool {
    facts.is_file() && facts.nlink() == 1 && facts.uid() == geteuid().as_raw()
}

/// Deletes a file unless its lock is held, which means that a process is still writing it.
fn delete_unowned(path: &Path) {
    // If the file has become a pipe, opening it would block forever.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let opened: io::Result<File> = OpenOptions::new().read(true).custom_flags(flags).open(path);
    if let Ok(file) = opened
        && file.try_lock().is_ok()
    {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn only_a_regular_file_that_may_be_written_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let _socket = UnixListener::bind(at("socket")).unwrap();
        fs::create_dir(at("folder")).unwrap();
        fs::write(at("fixed"), "as it was").unwrap();
        fs::set_permissions(at("fixed"), fs::Permissions::from_mode(0o444)).unwrap();
        for name in ["socket", "folder", "fixed", "nowhere"] {
            symlink(at(name), at(&format!("to-{name}"))).unwrap();
        }
        let before = names(folder.path());
        for (path, reason) in [
            (at("socket"), "it is a socket, not a regular file"),
            (at("to-socket"), "it is a socket, not a regular file"),
            (at("folder"), "it is a folder, not a regular file"),
            (at("to-folder"), "it is a folder, not a regular file"),
            (PathBuf::from("/dev/null"), "it is a device, not a regular file"),
            (at("fixed"), "it is read-only"),
            (at("to-fixed"), "it is read-only"),
            (at("to-nowhere"), "it is a symlink to a file that does not exist"),
        ] {
            let refused = Draft::begin(&path).err().map(|error| error.to_string());
            assert_eq!(refused.as_deref(), Some(reason), "{}", path.display());
        }
        assert_eq!(names(folder.path()), before, "nothing is left behind");
        assert_eq!(fs::read_to_string(at("fixed")).unwrap(), "as it was");
    }

    #[test]
    fn what_becomes_a_socket_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let mut draft = Draft::begin(&path).unwrap();
        draft.write("text").unwrap();
        let _socket = UnixListener::bind(&path).unwrap();
        assert!(draft.put().is_err());
        assert_eq!(names(folder.path()), ["out"]);
    }

    #[test]
    fn what_a_kill_left_is_deleted_and_what_is_written_now_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in [".saving-aB3xYz", ".saving-notes.txt", ".saving-", "other"] {
            fs::write(at(name), "half").unwrap();
        }
        symlink(at("other"), at(".saving-LINKED")).unwrap();
        let mut first = Draft::begin(&at("first")).unwrap();
        first.write("one").unwrap();
        let mut second = Draft::begin(&at("second")).unwrap();
        second.write("two").unwrap();
        first.put().unwrap();
        second.put_new().unwrap();
        assert_eq!(
            names(folder.path()),
            [
                ".saving-",
                ".saving-LINKED",
                ".saving-notes.txt",
                "first",
                "other",
                "second"
            ]
        );
        assert_eq!(fs::read_to_string(at("first")).unwrap(), "one");
    }
}
