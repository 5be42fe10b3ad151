//! Files that are written whole or not at all.

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, OFlags};
use rustix::process::geteuid;
use tempfile::NamedTempFile;

/// What the name of an unfinished file begins with.
const UNFINISHED: &str = ".saving-";

/// How often an unfinished file is begun anew, since another process took it for one that nobody writes.
const ATTEMPTS: usize = 8;

/// A file under another name beside the one it will have. Dropped before it is put there, it leaves nothing behind.
pub(super) struct Draft {
    path: PathBuf,
    file: NamedTempFile,
}

impl Draft {
    /// Begins one for this path. A link stays one: the file it leads to is replaced. What a kill left unfinished in the
    /// folder is deleted.
    ///
    /// # Errors
    /// What is there may not be replaced ([`check`]), or the folder takes no file.
    pub(super) fn begin(path: &Path) -> io::Result<Self> {
        check(path)?;
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        delete_unfinished(folder);
        let file = begin_in(folder, &permissions(&path))?;
        Ok(Self { path, file })
    }

    /// Writes on.
    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        self.file.write_all(text.as_bytes())
    }

    /// Takes the place of what is there, so that no crash leaves half of it.
    pub(super) fn put(self) -> io::Result<PathBuf> {
        self.file.as_file().sync_all()?;
        // It may be another since: writing took its time.
        check(&self.path)?;
        self.file.persist(&self.path).map_err(|error| error.error)?;
        Ok(self.path)
    }

    /// The same where nothing is; something that is there stays, and that is the error.
    pub(super) fn put_new(self) -> io::Result<PathBuf> {
        self.file.as_file().sync_all()?;
        self.file.persist_noclobber(&self.path).map_err(|error| error.error)?;
        Ok(self.path)
    }
}

/// Whether a file may be written under this name: nothing is there, or a regular file that its owner lets be written. A
/// rename would replace anything else.
///
/// # Errors
/// What is there.
pub(super) fn check(path: &Path) -> io::Result<()> {
    let refused = |reason: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    let facts = match fs::metadata(path) {
        Ok(facts) => facts,
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
            return refused("it is a link to a file that does not exist");
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if let Some(kind) = special(facts.file_type()) {
        return refused(&format!("it is {kind}, not a regular file"));
    }
    // Root may write any file, and is told by the rights that one is not to be.
    if facts.permissions().readonly() || rustix::fs::access(path, Access::WRITE_OK).is_err() {
        return refused("it is read-only");
    }
    Ok(())
}

/// What it is, unless it is a regular file.
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

/// Those of the file that is replaced; of a new one, what the system gives to new files.
fn permissions(path: &Path) -> fs::Permissions {
    fs::metadata(path).map_or_else(|_| fs::Permissions::from_mode(0o666), |facts| facts.permissions())
}

/// An unfinished file, locked for as long as it is written.
fn begin_in(folder: &Path, permissions: &fs::Permissions) -> io::Result<NamedTempFile> {
    for _ in 0..ATTEMPTS {
        let file = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .permissions(permissions.clone())
            .tempfile_in(folder)?;
        // Not every file system has locks; where there are none, nobody else can lock it either.
        let _ = file.as_file().lock();
        if file.as_file().metadata()?.nlink() > 0 {
            return Ok(file);
        }
    }
    Err(io::Error::other("other processes keep deleting it"))
}

/// Deletes the unfinished files that nobody writes any more. One that cannot be deleted is in nobody's way.
fn delete_unfinished(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(is_unfinished) && entry.metadata().is_ok_and(|facts| is_ours(&facts))
        {
            delete_unowned(&entry.path());
        }
    }
}

/// Whether a file has such a name: other programs may begin theirs with the same word.
fn is_unfinished(name: &str) -> bool {
    let random = name.strip_prefix(UNFINISHED);
    random.is_some_and(|random| random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn is_ours(facts: &Metadata) -> bool {
    facts.is_file() && facts.nlink() == 1 && facts.uid() == geteuid().as_raw()
}

/// Deletes it unless its lock is held, so unless it is written now.
fn delete_unowned(path: &Path) {
    // Were it a pipe by now, opening it would wait for ever.
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
            (at("to-nowhere"), "it is a link to a file that does not exist"),
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
