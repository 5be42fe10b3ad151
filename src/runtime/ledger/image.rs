//! The ledger as bytes in memory. `SQLite` cannot tell a failed read from a damaged page, so this module checks only
//! data that the disk returned without an error, and does so in memory, where no disk can fail.

use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use rusqlite::Connection;

use super::directory;
use super::open::check_pages;
use super::trouble::Trouble;

/// The maximum number of bytes per read.
const CHUNK: usize = 1 << 16;
/// The sizes of a log's header and of each frame's header.
const LOG_HEAD: usize = 32;
const FRAME_HEAD: usize = 24;
/// The bytes of a database file that show whether it uses a log.
const FORMATS: std::ops::Range<usize> = 18..20;

/// Checks the file with its log applied. The caller ensures that nothing writes to either in the meantime, and that
/// this process has no connection to the file, because closing the file would release that connection's locks.
///
/// # Errors
/// [`Trouble::Unusable`] with the disk's error; otherwise a description of what is wrong with the bytes.
pub(super) fn check(file: &Path, log: &Path) -> Result<(), Trouble> {
    let mut pages = read(file)?;
    if pages.is_empty() {
        return Ok(());
    }
    let log = match read(log) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        read => read?,
    };
    apply(&mut pages, &log);
    // An in-memory database has no log.
    if let Some(formats) = pages.get_mut(FORMATS) {
        formats.fill(1);
    }
    let mut connection = Connection::open_in_memory()?;
    connection.deserialize_read_exact("main", &*pages, pages.len(), true)?;
    check_pages(&connection)
}

/// Reads a whole file by position, as `SQLite` does.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = directory::existing_file(path)?;
    let (mut bytes, mut chunk) = (Vec::new(), vec![0; CHUNK]);
    loop {
        match file.read_at(&mut chunk, bytes.len() as u64)? {
            0 => return Ok(bytes),
            count => bytes.extend_from_slice(chunk.get(..count).unwrap_or_default()),
        }
    }
}

/// Applies the committed pages of a log to the database. Pages that were not committed, or that belong to an older log
/// in the same file, are skipped.
fn apply(pages: &mut Vec<u8>, log: &[u8]) {
    let Some((head, frames)) = log.split_at_checked(LOG_HEAD) else {
        return;
    };
    let Some((mut sums, size)) = begin(head) else { return };
    let most = pages.len() + log.len();
    let mut written: Vec<(usize, &[u8])> = Vec::new();
    for frame in frames.chunks_exact(FRAME_HEAD + size) {
        let (frame_head, page) = frame.split_at(FRAME_HEAD);
        sums.add(frame_head.get(..8).unwrap_or_default());
        sums.add(page);
        let is_of_this_log = frame_head.get(8..16) == head.get(16..24);
        if !is_of_this_log || !sums.are(frame_head.get(16..24)) {
            return;
        }
        written.push((number(frame_head, 0), page));
        let database = number(frame_head, 4);
        if database > 0 {
            // There cannot be more pages than both files contain. If some are missing, SQLite detects that.
            pages.resize((database * size).min(most), 0);
            for (number, page) in written.drain(..) {
                put(pages, number, page);
            }
        }
    }
}

/// Returns the checksums after a log's header, and the page size.
fn begin(head: &[u8]) -> Option<(Sums, usize)> {
    /// The magic number of a log, whose last bit gives the byte order of the checksums.
    const MAGIC: usize = 0x377f_0682;
    let magic = number(head, 0);
    let size = number(head, 8);
    if magic & !1 != MAGIC || !(512..=65_536).contains(&size) || !size.is_power_of_two() {
        return None;
    }
    let mut sums = Sums {
        big_endian: magic & 1 == 1,
        first: 0,
        second: 0,
    };
    sums.add(head.get(..24)?);
    sums.are(head.get(24..32)).then_some((sums, size))
}

/// Writes a page; pages are counted from 1.
fn put(pages: &mut [u8], number: usize, page: &[u8]) {
    let place = number
        .checked_sub(1)
        .and_then(|before| pages.get_mut(before * page.len()..number * page.len()));
    if let Some(place) = place {
        place.copy_from_slice(page);
    }
}

/// Reads a big-endian 32-bit number; zero if there are too few bytes.
fn number(bytes: &[u8], at: usize) -> usize {
    let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u32::from_be_bytes) as usize
}

/// The checksums that link the frames of a log.
struct Sums {
    big_endian: bool,
    first: u32,
    second: u32,
}

impl Sums {
    fn add(&mut self, bytes: &[u8]) {
        for pair in bytes.as_chunks::<4>().0.as_chunks::<2>().0 {
            let [even, odd] = pair.map(|word| self.word(word));
            self.first = self.first.wrapping_add(even).wrapping_add(self.second);
            self.second = self.second.wrapping_add(odd).wrapping_add(self.first);
        }
    }

    fn word(&self, bytes: [u8; 4]) -> u32 {
        if self.big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        }
    }

    fn are(&self, written: Option<&[u8]>) -> bool {
        written == Some([self.first.to_be_bytes(), self.second.to_be_bytes()].as_flattened())
    }
}

#[cfg(test)]
mod tests;
