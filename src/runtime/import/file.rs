//! Reads regular files in full, within size limits.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use crate::domain::import::MAX_BYTES;

/// The maximum number of nested gzip layers. A server may compress an already compressed file.
const WRAPPINGS: usize = 2;

/// Reads a whole file.
pub(in crate::runtime) fn read(path: &Path, name: &str) -> Result<Vec<u8>, String> {
    let facts = fs::metadata(path).map_err(|error| sentence(path, name, &error))?;
    if facts.is_dir() {
        return Err(format!("{name} is a folder; enter the name of a file"));
    }
    // Reading a pipe or a device may never finish, and opening one may block forever.
    if !facts.is_file() {
        return Err(format!("{name} is not a regular file; copy its contents into one"));
    }
    let file = File::open(path).map_err(|error| sentence(path, name, &error))?;
    bounded(file).map_err(|error| match error {
        Unread::TooLarge => format!(
            "{name} is {}, but the limit is {}; split it and try again",
            size(facts.len()),
            size(MAX_BYTES)
        ),
        Unread::Io(error) => sentence(path, name, &error),
    })
}

/// Returns the decompressed contents of a gzip file; any other file is returned unchanged.
pub(super) fn unpacked(bytes: Vec<u8>, name: &str) -> Result<Vec<u8>, String> {
    let mut bytes = bytes;
    for _ in 0..WRAPPINGS {
        if !bytes.starts_with(&[0x1f, 0x8b]) {
            break;
        }
        bytes = bounded(MultiGzDecoder::new(bytes.as_slice())).map_err(|error| match error {
            Unread::TooLarge => format!(
                "{name} decompresses to more than {}; split it and try again",
                size(MAX_BYTES)
            ),
            Unread::Io(error) => format!("{name} is a corrupt gzip file: {error}"),
        })?;
    }
    Ok(bytes)
}

enum Unread {
    TooLarge,
    Io(io::Error),
}

fn bounded(content: impl Read) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    content
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(Unread::Io)?;
    if bytes.len() as u64 > MAX_BYTES {
        Err(Unread::TooLarge)
    } else {
        Ok(bytes)
    }
}

/// Explains why a path cannot be read and, if it does not exist, where the program looked for it.
pub(super) fn sentence(path: &Path, name: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => match path.parent() {
            Some(folder) => format!("{name} does not exist; looked in {}", super::told(folder)),
            None => format!("{name} does not exist"),
        },
        io::ErrorKind::PermissionDenied => format!("{name} cannot be read: permission denied"),
        _ => format!("{name} cannot be read: {error}"),
    }
}

/// Formats a size in the largest unit that fits, e.g. `200 MiB`.
fn size(bytes: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    if bytes < MIB {
        format!("{} KiB", bytes.div_ceil(1024))
    } else {
        format!("{} MiB", bytes / MIB)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn what_is_packed_once_or_twice_is_unpacked() {
        for bytes in [b"plain".to_vec(), packed(b"plain"), packed(&packed(b"plain"))] {
            assert_eq!(unpacked(bytes, "s.gz"), Ok(b"plain".to_vec()));
        }
        let two = [packed(b"pl"), packed(b"ain")].concat();
        assert_eq!(unpacked(two, "s.gz"), Ok(b"plain".to_vec()));
        let torn = unpacked(packed(&[b'x'; 1_000])[..20].to_vec(), "s.gz").unwrap_err();
        assert!(torn.starts_with("s.gz is a corrupt gzip file: "), "{torn}");
    }

    #[test]
    fn the_reason_is_in_words() {
        let told = |kind: io::ErrorKind| sentence(Path::new("/site/list.txt"), "list.txt", &kind.into());
        assert_eq!(
            told(io::ErrorKind::NotFound),
            "list.txt does not exist; looked in /site"
        );
        assert_eq!(
            told(io::ErrorKind::PermissionDenied),
            "list.txt cannot be read: permission denied"
        );
        assert_eq!(told(io::ErrorKind::TimedOut), "list.txt cannot be read: timed out");
    }

    #[test]
    fn sizes_are_told_in_the_largest_unit() {
        assert_eq!([1, 1024, 200 * 1024 * 1024].map(size), ["1 KiB", "1 KiB", "200 MiB"]);
    }
}
