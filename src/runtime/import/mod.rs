//! Fetches the data to import: from the disk, with git, or from servers. The domain decides which parts of it are
//! used.

mod fetch;
mod file;
mod folder;
mod git;
mod trees;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::spawn_blocking;

use crate::domain::import::{self, Import, Location, PrefixMap, Since, Source, Walk};
use crate::domain::lint::Context;
use crate::runtime::credentials::trusted;
use fetch::Fetcher;

pub(super) use file::read as read_file;
pub(super) use folder::names_in;

/// The folders that relative names and `~` refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The folder where the program was started.
    pub start: PathBuf,
    /// The folder that `~` stands for, if there is one.
    pub home: Option<PathBuf>,
    /// The folder of the saved lists; it need not exist yet.
    pub lists: PathBuf,
    /// The profile from the settings. The certificates it names are trusted as well.
    pub profile: Option<String>,
}

impl Places {
    /// Returns the path for a name that the user typed.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        match (&self.home, name.strip_prefix('~')) {
            (Some(home), Some("")) => home.clone(),
            (Some(home), Some(rest)) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
            _ => self.start.join(name),
        }
    }
}

/// A flag that tells a blocking task to stop early because its result is no longer needed.
#[derive(Clone, Debug, Default)]
struct Stop(Arc<AtomicBool>);

impl Stop {
    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A guard held by the waiting future; when it is dropped, the blocking task stops.
struct Waiting(Stop);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// Fetches a source. Dropping the future ends everything it started.
///
/// # Errors
/// A sentence explaining why nothing was imported.
pub(crate) async fn import(source: Source, context: Context, places: &Places) -> Result<Import, String> {
    match source {
        Source::File(name) => text_file(name, context, places).await,
        Source::Git { range, map } => git::changed(&places.start, range, map).await,
        Source::Sitemap { location, since } => sitemap(location, since, context, places).await,
        Source::Trees { old, new, map } => two_trees(old, new, map, places).await,
    }
}

async fn text_file(name: String, context: Context, places: &Places) -> Result<Import, String> {
    let path = places.path(&name);
    blocking(move |_| {
        let bytes = file::read(&path, &name)?;
        import::text(&bytes, &name, &context).map_err(|error| error.to_string())
    })
    .await
}

async fn sitemap(start: Location, since: Option<Since>, context: Context, places: &Places) -> Result<Import, String> {
    let mut walk = Walk::new(start, since, context);
    let mut fetcher = None;
    while let Some(location) = walk.next_location() {
        let bytes = content_of(&location, &mut fetcher, places).await;
        // Parsing a document may take a long time, and the screen must not wait for it.
        walk = blocking(move |_| {
            walk.take(bytes.and_then(|bytes| file::unpacked(bytes, &location.to_string())));
            Ok(walk)
        })
        .await?;
    }
    walk.finish()
}

async fn content_of(location: &Location, fetcher: &mut Option<Fetcher>, places: &Places) -> Result<Vec<u8>, String> {
    match location {
        Location::File(name) => {
            let (path, name) = (places.path(name), name.clone());
            blocking(move |_| file::read(&path, &name)).await
        }
        Location::Url(url) => {
            if fetcher.is_none() {
                let roots = trusted(places.profile.as_deref())
                    .await
                    .map_err(|failure| failure.to_string())?;
                *fetcher = Some(blocking(move |_| Ok(Fetcher::new(&roots))).await?);
            }
            match fetcher {
                Some(fetcher) => fetcher.get(url).await,
                None => Err("no HTTP client is available".to_owned()),
            }
        }
    }
}

async fn two_trees(old: String, new: String, map: PrefixMap, places: &Places) -> Result<Import, String> {
    let (old_path, new_path) = (places.path(&old), places.path(&new));
    blocking(move |stop| {
        let source = format!("{old} → {new}");
        let before = trees::read(&old_path, &old, stop)?;
        let after = trees::read(&new_path, &new, stop)?;
        import::compared(before, after, &source, &map).map_err(|error| error.to_string())
    })
    .await
}

/// Runs blocking work on another thread. The work is told to stop when the future is dropped.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce(&Stop) -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let stop = Stop::default();
    let _waiting = Waiting(stop.clone());
    let done = spawn_blocking(move || work(&stop)).await;
    done.unwrap_or_else(|_| Err("the import failed because of a bug; see the log".to_owned()))
}

/// Returns a folder's path for display.
fn told(path: &Path) -> String {
    path.display().to_string()
}
