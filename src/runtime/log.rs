//! The log file. It is never shown on screen, and only its owner can read it.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Mutex;

use rustix::fs::OFlags;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;

use super::trust::{self, Distrust};
use crate::domain::text::visible;
use crate::settings::{LogLevel, Settings};

/// The size, in bytes, above which the log is rotated at the next start, replacing the previously rotated one.
const LIMIT: u64 = 4 * 1024 * 1024;

/// Starts logging for the rest of the process. With [`LogLevel::Off`], nothing is written.
///
/// # Errors
/// A sentence for the user if logging cannot be started. Everything else works without the log.
pub fn begin(settings: &Settings) -> Result<(), String> {
    let Some(level) = level(settings.log_level) else {
        return Ok(());
    };
    let path = settings.log_file();
    let file = open(&path).map_err(|error| {
        let path = visible(&path.to_string_lossy()).into_owned();
        format!("logging is off: cannot open {path}: {error}; check the folder's permissions or set XDG_STATE_HOME")
    })?;
    tracing::subscriber::set_global_default(subscriber(file, level))
        .map_err(|_| "logging is off: this process already has a logger".to_owned())?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        level = settings.log_level.name(),
        "started"
    );
    Ok(())
}

fn level(level: LogLevel) -> Option<LevelFilter> {
    match level {
        LogLevel::Off => None,
        LogLevel::Error => Some(LevelFilter::ERROR),
        LogLevel::Warn => Some(LevelFilter::WARN),
        LogLevel::Info => Some(LevelFilter::INFO),
        LogLevel::Debug => Some(LevelFilter::DEBUG),
        LogLevel::Trace => Some(LevelFilter::TRACE),
    }
}

/// Logs our own messages at the requested level, and those of other crates from `warn` up, because the SDK's lower
/// levels may contain requests.
fn subscriber(file: File, ours: LevelFilter) -> impl Subscriber + Send + Sync {
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(Mutex::new(file))
        .with_ansi(false)
        // Otherwise a full disk would be reported on standard error, in the middle of the screen.
        .log_internal_errors(false);
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("invalidash", ours);
    tracing_subscriber::registry().with(filter).with(lines)
}

/// Opens the log for appending, without following a symbolic link or waiting for a pipe, because others may be able to
/// write to the folder.
fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    if fs::symlink_metadata(path).is_ok_and(|file| file.is_file() && file.len() > LIMIT) {
        fs::rename(path, path.with_extension("log.old"))?;
    }
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    let file = options
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(flags.bits().cast_signed())
        .open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    // The log's contents are private.
    if let Err(distrust @ Distrust::Owner(_)) = trust::check(&file.metadata()?, 0) {
        return Err(io::Error::other(format!("it {distrust}")));
    }
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    fn mode(path: &Path) -> io::Result<u32> {
        Ok(fs::metadata(path)?.permissions().mode() & 0o777)
    }

    #[test]
    fn only_the_owner_reads_it() -> Outcome {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("new/state/invalidash.log");
        open(&path)?;
        assert_eq!((mode(&path)?, mode(&folder.path().join("new"))?), (0o600, 0o700));
        fs::set_permissions(&path, Permissions::from_mode(0o644))?;
        open(&path)?;
        assert_eq!(mode(&path)?, 0o600);
        Ok(())
    }

    #[test]
    fn links_and_folders_are_refused() -> Outcome {
        let folder = tempfile::tempdir()?;
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "kept")?;
        std::os::unix::fs::symlink(&target, &link)?;
        assert!(open(&link).is_err());
        assert_eq!(fs::read_to_string(&target)?, "kept");
        assert!(open(folder.path()).is_err());
        assert!(open(&target.join("below a file")).is_err());
        Ok(())
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_pipe_is_not_waited_for() -> Outcome {
        let folder = tempfile::tempdir()?;
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RWXU,
            0,
        )?;
        assert!(open(&pipe).is_err());
        Ok(())
    }

    #[test]
    fn a_long_log_is_put_aside_once() -> Outcome {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("invalidash.log");
        File::create(&path)?.set_len(LIMIT + 1)?;
        assert_eq!(open(&path)?.metadata()?.len(), 0);
        assert_eq!(fs::metadata(folder.path().join("invalidash.log.old"))?.len(), LIMIT + 1);
        Ok(())
    }

    #[test]
    fn ours_at_the_level_asked_for_and_others_from_warn() -> Outcome {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("invalidash.log");
        tracing::subscriber::with_default(subscriber(open(&path)?, LevelFilter::DEBUG), || {
            tracing::debug!(target: "invalidash::x", path = "/a\u{1b}[2J", "ours");
            tracing::trace!(target: "invalidash::x", "too fine");
            tracing::info!(target: "aws_config", "theirs");
            tracing::warn!(target: "aws_config", "their trouble");
        });
        let log = fs::read_to_string(&path)?;
        let lines: Vec<&str> = log
            .lines()
            .map(|line| line.split_once("Z ").map_or(line, |(_, rest)| rest))
            .collect();
        assert_eq!(
            lines,
            [
                "DEBUG invalidash::x: ours path=\"/a\\u{1b}[2J\"",
                " WARN aws_config: their trouble"
            ]
        );
        Ok(())
    }
}
