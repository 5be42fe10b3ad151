//! Writes the history to a file, page by page, so that it neither fills the memory nor blocks the ledger.

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};

use super::ledger::LedgerResult;
use super::whole_file::{self, Draft};
use crate::domain::export::Format;
use crate::domain::record::{PageFrom, Query};
use crate::engine::effect::{Exported, LedgerContents, LedgerOperation, Unwritten};

/// The number of submissions per read. Each may have thousands of items.
const PAGE: usize = 100;

/// Writes the results of the query. `ask` sends an operation to the ledger.
///
/// # Errors
/// The reason the file was not written, in which case an existing file stays unchanged.
pub(crate) async fn export<F: Future<Output = LedgerResult>>(
    query: Query,
    format: Format,
    path: PathBuf,
    replace: bool,
    ask: impl Fn(LedgerOperation) -> F,
) -> Result<Exported, Unwritten> {
    let mut draft = begin(path.clone(), format, replace).await?;
    let (mut query, mut rows, mut unread) = (Query { limit: PAGE, ..query }, 0, false);
    loop {
        let contents = ask(LedgerOperation::Whole(query.clone()))
            .await
            .map_err(|failure| Unwritten::Failed(failure.into()))?;
        let page = contents.map_or_else(Default::default, |contents| *contents);
        unread |= page.warning.is_some();
        let next = page.next.clone();
        let written;
        (draft, written) = write(draft, format, page, rows, &path).await?;
        rows += written;
        match next {
            Some(cursor) => query.from = PageFrom::After(cursor),
            None => break,
        }
    }
    let told = path.clone();
    let put = blocking(move || {
        draft.write(format.foot())?;
        if replace { draft.put() } else { draft.put_new() }
    });
    let file = put.await.map_err(|error| unwritten(&told, &error))?;
    Ok(Exported {
        file: file.display().to_string(),
        rows,
        warning: unread.then(|| "some ledger records cannot be read and were skipped".to_owned()),
    })
}

async fn begin(path: PathBuf, format: Format, replace: bool) -> Result<Draft, Unwritten> {
    let told = path.clone();
    let begun = blocking(move || {
        if path.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        // This check comes before the user is asked whether to replace the file.
        whole_file::check(&path)?;
        if !replace && path.symlink_metadata().is_ok() {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists));
        }
        let mut draft = Draft::begin(&path)?;
        draft.write(&format.head())?;
        Ok(draft)
    });
    begun.await.map_err(|error| unwritten(&told, &error))
}

async fn write(
    mut draft: Draft,
    format: Format,
    page: LedgerContents,
    before: usize,
    path: &Path,
) -> Result<(Draft, usize), Unwritten> {
    let rows = page.whole.len();
    let written = blocking(move || {
        for (number, (_, submission)) in page.whole.iter().enumerate() {
            draft.write(&format.row(submission, before + number == 0))?;
        }
        Ok(draft)
    });
    let draft = written.await.map_err(|error| unwritten(path, &error))?;
    Ok((draft, rows))
}

fn unwritten(path: &Path, error: &io::Error) -> Unwritten {
    let file = path.display();
    match error.kind() {
        io::ErrorKind::AlreadyExists => Unwritten::Exists(file.to_string()),
        io::ErrorKind::IsADirectory => Unwritten::Failed(format!("{file} is a folder; enter the name of a file")),
        io::ErrorKind::NotFound => Unwritten::Failed(format!(
            "{file} cannot be written: its folder does not exist. Create it, or choose another name"
        )),
        _ => Unwritten::Failed(format!("{file} could not be written: {error}")),
    }
}

/// Runs blocking work on another thread, because the disk may be slow and the screen must not wait.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(io::Error::other("the background task failed")))
}
