//! The folder the ledger lives in, and files made in it: for the owner's eyes only, and never through a symbolic link.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

/// Makes the folder where it is missing, keeps others out of it, and gives its path without symbolic links.
pub(super) fn prepare(directory: &Path) -> Result<PathBuf, String> {
    let cannot = |error: &io::Error| {
        format!(
            "the state folder {} cannot be used: {error}. Make it writable, or set XDG_STATE_HOME to a folder that is",
            directory.display()
        )
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|error| cannot(&error))?;
    let real = directory.canonicalize().map_err(|error| cannot(&error))?;
    keep_private(&real, 0o700);
    Ok(real)
}

/// Opens a file for reading and writing, makes it where it is missing, and keeps others out of it.
pub(super) fn open_file(path: &Path) -> io::Result<File> {
    let file = options().create(true).truncate(false).open(path)?;
    keep_private(path, 0o600);
    Ok(file)
}

/// Makes a file that was not there.
pub(super) fn create_file(path: &Path) -> io::Result<File> {
    options().create_new(true).open(path)
}

/// Opens a file that is there.
pub(super) fn existing_file(path: &Path) -> io::Result<File> {
    options().open(path)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    // The flag's bits fit into a C int on every platform that has it.
    let no_follow = OFlags::NOFOLLOW.bits().cast_signed();
    options.read(true).write(true).mode(0o600).custom_flags(no_follow);
    options
}

/// Takes the rights of group and others away. A file system without rights refuses, and then there is nothing to take.
fn keep_private(path: &Path, mode: u32) {
    let open_to_others = path
        .symlink_metadata()
        .is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0);
    if open_to_others {
        let _ = std::fs::set_permissions(path, Permissions::from_mode(mode));
    }
}
