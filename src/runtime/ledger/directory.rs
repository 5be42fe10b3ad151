//! The ledger's folder and the files in it: accessible only to the owner, and never through a symbolic link. Files
//! that others own or may write to are not used, because they may contain planted submissions.

use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::trouble::{Trouble, io_sentence, kind_of_io};
use crate::domain::ledger_failure::LedgerFailure;
use crate::runtime::trust::{self, Distrust, WRITABLE_BY_OTHERS};

/// Creates the folder if it is missing, removes other users' access, and returns its path without symbolic links. A
/// folder that is not ours is rejected, and so is one that others could write to while it contained a ledger.
pub(super) fn prepare(directory: &Path) -> Result<PathBuf, LedgerFailure> {
    made_private(directory).map_err(|trouble| match trouble {
        Trouble::Unusable(error) => {
            let sentence = io_sentence(&format!("the state folder {}", directory.display()), &error);
            LedgerFailure::new(kind_of_io(&error), sentence)
        }
        other => other.failure(directory),
    })
}

fn made_private(directory: &Path) -> Result<PathBuf, Trouble> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    let real = directory.canonicalize()?;
    let metadata = real.metadata()?;
    match trust::check(&metadata, WRITABLE_BY_OTHERS) {
        Ok(()) => keep_private(&real, &metadata, 0o700),
        Err(Distrust::Rights(_)) if !holds_ledger(&real)? => close_to_others(&real)?,
        Err(distrust) => return Err(Trouble::Untrusted(distrust, real)),
    }
    Ok(real)
}

/// Removes other users' access to a folder, and rejects it if it contains a ledger that they could have planted.
fn close_to_others(folder: &Path) -> Result<(), Trouble> {
    std::fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    let metadata = folder.metadata()?;
    let closed = trust::check(&metadata, WRITABLE_BY_OTHERS);
    closed.map_err(|distrust| Trouble::Untrusted(distrust, folder.to_owned()))?;
    // Another user may have created a ledger first.
    if holds_ledger(folder)? {
        let distrust = Distrust::Rights(metadata.permissions().mode() & 0o777);
        return Err(Trouble::Untrusted(distrust, folder.to_owned()));
    }
    Ok(())
}

fn holds_ledger(folder: &Path) -> io::Result<bool> {
    for entry in folder.read_dir()? {
        if entry?.file_name().as_encoded_bytes().starts_with(b"ledger.db") {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Rejects anything that is not a regular file of ours, or that others may write to. A missing file is accepted.
pub(super) fn must_be_ours(path: &Path) -> Result<(), Trouble> {
    let metadata = match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        metadata => metadata?,
    };
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file").into());
    }
    trust::check(&metadata, WRITABLE_BY_OTHERS).map_err(|distrust| Trouble::Untrusted(distrust, path.to_owned()))
}

/// Opens a file for reading and writing, creating it if missing, and removes other users' access.
pub(super) fn open_file(path: &Path) -> io::Result<File> {
    let file = options().create(true).truncate(false).open(path)?;
    if is_open_to_others(&file.metadata()?) {
        // A file system without permissions rejects this, but then there is no access to remove.
        let _ = file.set_permissions(Permissions::from_mode(0o600));
    }
    Ok(file)
}

/// Creates a file that does not exist yet.
pub(super) fn create_file(path: &Path) -> io::Result<File> {
    options().create_new(true).open(path)
}

/// Opens an existing file.
pub(super) fn existing_file(path: &Path) -> io::Result<File> {
    options().open(path)
}

/// Creates an empty database if there is none. An existing one is not opened, because closing it again would release
/// the locks that `SQLite` holds on it in this process.
pub(super) fn ensure_database(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other("it is not a regular file")),
        Ok(metadata) => {
            keep_private(path, &metadata, 0o600);
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => match create_file(path) {
            // Another process created the database first.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            made => made.map(drop),
        },
        Err(error) => Err(error),
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    // The flag's bits fit into a C int on every supported platform.
    let no_follow = OFlags::NOFOLLOW.bits().cast_signed();
    options.read(true).write(true).mode(0o600).custom_flags(no_follow);
    options
}

/// Removes the permissions of group and others, if the file system has permissions.
fn keep_private(path: &Path, metadata: &Metadata, mode: u32) {
    if is_open_to_others(metadata) {
        let _ = std::fs::set_permissions(path, Permissions::from_mode(mode));
    }
}

fn is_open_to_others(metadata: &Metadata) -> bool {
    metadata.permissions().mode() & 0o077 != 0
}
