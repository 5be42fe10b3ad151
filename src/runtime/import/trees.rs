//! Reads a folder's files, with a checksum of each file's contents, or a list of checksums.

use std::fs::{self, DirEntry, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Stop, file};
use crate::domain::import::{Reason, Tree, manifest};
use crate::domain::text::hex;

/// The maximum number of files. A larger tree is not a built site.
const MAX_FILES: usize = 200_000;

/// Reads a folder, or a list of checksums.
pub(super) fn read(path: &Path, name: &str, stop: &Stop) -> Result<Tree, String> {
    let facts = fs::metadata(path).map_err(|error| file::sentence(path, name, &error))?;
    if facts.is_dir() {
        return folder(path, name, stop);
    }
    let bytes = file::read(path, name)?;
    let tree = manifest(&bytes, name).map_err(|error| error.to_string())?;
    if tree.is_empty() && !bytes.is_empty() {
        return Err(format!(
            "{name} contains no checksums; create a list with sha256sum, or choose a folder"
        ));
    }
    Ok(tree)
}

fn folder(path: &Path, name: &str, stop: &Stop) -> Result<Tree, String> {
    let mut tree = Tree::default();
    let mut folders = vec![(path.to_owned(), Vec::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let entries = fs::read_dir(&folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) if prefix.is_empty() => return Err(file::sentence(path, name, &error)),
            Err(error) => {
                tree.leave(Reason::Unreadable(error.to_string()), &String::from_utf8_lossy(&prefix));
                continue;
            }
        };
        for entry in entries {
            if stop.is_set() {
                return Err("stopped".to_owned());
            }
            if tree.len() >= MAX_FILES {
                return Err(format!("{name} has more than {MAX_FILES} files; choose a subfolder"));
            }
            if let Some(below) = take(&mut tree, &entry, &prefix, stop) {
                folders.push(below);
            }
        }
    }
    Ok(tree)
}

/// Adds an entry of a folder to the tree. A subfolder is returned instead, with the prefix for the names in it.
fn take(tree: &mut Tree, entry: &DirEntry, prefix: &[u8], stop: &Stop) -> Option<(PathBuf, Vec<u8>)> {
    let path = entry.path();
    let name = [prefix, entry.file_name().as_encoded_bytes()].concat();
    let told = String::from_utf8_lossy(&name).into_owned();
    let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
    match fs::metadata(&path) {
        Ok(facts) if facts.is_dir() && is_link => tree.leave(Reason::FolderLink, &told),
        // A repository's `.git` folder is not part of the served site.
        Ok(facts) if facts.is_dir() && entry.file_name() == ".git" => {}
        Ok(facts) if facts.is_dir() => return Some((path, [&name, b"/".as_slice()].concat())),
        Ok(facts) if facts.is_file() => match checksum(&path, stop) {
            Ok(checksum) => tree.put(name, &checksum),
            Err(error) => tree.leave(Reason::Unreadable(error.to_string()), &told),
        },
        Ok(_) => tree.leave(Reason::Special, &told),
        Err(error) => tree.leave(Reason::Unreadable(error.to_string()), &told),
    }
    None
}

fn checksum(path: &Path, stop: &Stop) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 || stop.is_set() {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
    }
    Ok(hex(&hash.finalize()))
}
