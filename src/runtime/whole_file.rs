//! Files that are written whole or not at all.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file under another name beside the one it will have. Dropped before it is put there, it leaves nothing behind.
pub(super) struct Draft {
    path: PathBuf,
    file: NamedTempFile,
}

impl Draft {
    /// Begins one for this path. A link stays one: the file it leads to is replaced.
    pub(super) fn begin(path: &Path) -> io::Result<Self> {
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        let file = tempfile::Builder::new()
            .prefix(".saving-")
            .permissions(permissions(&path))
            .tempfile_in(folder)?;
        Ok(Self { path, file })
    }

    /// Writes on.
    pub(super) fn write(&mut self, text: &str) -> io::Result<()> {
        self.file.write_all(text.as_bytes())
    }

    /// Takes the place of what is there, so that no crash leaves half of it.
    pub(super) fn put(self) -> io::Result<PathBuf> {
        self.file.as_file().sync_all()?;
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

/// Those of the file that is replaced; of a new one, what the system gives to new files.
fn permissions(path: &Path) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).map_or_else(|_| fs::Permissions::from_mode(0o666), |facts| facts.permissions())
}
