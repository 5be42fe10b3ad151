//! Writes long output that is created by two threads, in order.

use std::io::{self, Write};
use std::ops::Range;
use std::thread::{self, ScopedJoinHandle};

/// The number of rows that a thread creates at a time: large enough to make starting it worthwhile, small enough to
/// limit memory use.
const CHUNK: usize = 8_192;

/// Writes what `make` returns for each part of `0..len`, in order. Half of the parts are created on a second thread,
/// if one can be started; at most two parts are in memory at a time.
pub(super) fn write<M>(out: &mut dyn Write, len: usize, make: M) -> io::Result<()>
where
    M: Fn(Range<usize>) -> io::Result<Vec<u8>> + Sync,
{
    let part = |start: usize| start.min(len)..(start + CHUNK).min(len);
    for start in (0..len).step_by(2 * CHUNK) {
        let (first, second) = both(|| make(part(start)), &|| make(part(start + CHUNK)));
        out.write_all(&first?)?;
        out.write_all(&second?)?;
    }
    Ok(())
}

/// Returns the results of both functions. The second one runs on another thread, if one can be started.
fn both<T: Send>(first: impl FnOnce() -> T, second: &(impl Fn() -> T + Sync)) -> (T, T) {
    thread::scope(|scope| {
        let beside = thread::Builder::new().spawn_scoped(scope, second).ok();
        let first = first();
        let done = beside.map(ScopedJoinHandle::join).and_then(Result::ok);
        (first, done.unwrap_or_else(second))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_written_in_order_and_none_is_missing() {
        for len in [0, 1, CHUNK, CHUNK + 1, 2 * CHUNK, 5 * CHUNK + 3] {
            let mut out = Vec::new();
            let written = write(&mut out, len, |rows| {
                Ok(rows.flat_map(|row| format!("{row}\n").into_bytes()).collect())
            });
            assert!(written.is_ok());
            let expected: String = (0..len).flat_map(|row| [row.to_string(), "\n".to_owned()]).collect();
            assert_eq!(String::from_utf8_lossy(&out), expected, "{len}");
        }
    }

    #[test]
    fn what_cannot_be_made_is_no_success() {
        let failed = |rows: Range<usize>| {
            if rows.start > 0 {
                Err(io::ErrorKind::Other.into())
            } else {
                Ok(Vec::new())
            }
        };
        assert!(write(&mut Vec::new(), 3 * CHUNK, failed).is_err());
    }
}
