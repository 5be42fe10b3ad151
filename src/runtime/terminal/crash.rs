//! The panic hook, for any thread or task: restores the terminal, writes a report, prints one sentence, and exits with
//! code 101.

use std::{
    backtrace::Backtrace,
    fs::{DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    panic::{self, PanicHookInfo},
    path::{Path, PathBuf},
    process,
    sync::Mutex,
    thread,
};

use chrono::{DateTime, Utc};

use crate::runtime::clock;

/// The exit code after a panic.
pub const EXIT_CODE: i32 = 101;

static SCREEN: Mutex<&str> = Mutex::new("none");

/// Records which page is shown, for the report. Only a static name is accepted.
pub fn set_screen(name: &'static str) {
    if let Ok(mut screen) = SCREEN.lock() {
        *screen = name;
    }
}

/// Installs the panic hook. Reports go to this directory, which is created when needed.
///
/// A report contains the version, time, page, thread, location and backtrace, but no arguments, no environment and no
/// formatted panic message, which might quote paths or worse. If `RUST_BACKTRACE` is set, Rust's own message is printed
/// to standard error as well.
pub fn install(directory: PathBuf, version: &'static str) {
    let standard = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        super::restore();
        let now = clock::now();
        let report = compose(info, version, now, &Backtrace::force_capture().to_string());
        let sentence = sentence(&write(&directory, now, &report));
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
            standard(info);
        }
        // `eprintln!` is not used, because it panics when standard error is closed.
        let _ = writeln!(io::stderr(), "{sentence}");
        process::exit(EXIT_CODE);
    }));
}

fn compose(info: &PanicHookInfo<'_>, version: &str, now: DateTime<Utc>, backtrace: &str) -> String {
    let screen = SCREEN.try_lock().map_or("unknown", |screen| *screen);
    let thread = thread::current();
    let thread = thread.name().unwrap_or("unnamed");
    let place = info
        .location()
        .map_or_else(|| "unknown".to_owned(), ToString::to_string);
    // Only a literal is certain not to contain data.
    let message = info
        .payload()
        .downcast_ref::<&'static str>()
        .unwrap_or(&"(omitted because it may contain data)");
    format!(
        "invalidash {version} stopped because of a bug\n\
         time: {}\nsystem: {} {}\nscreen: {screen}\nthread: {thread}\nlocation: {place}\nmessage: {message}\n\n{backtrace}",
        now.format("%Y-%m-%dT%H:%M:%SZ"),
        std::env::consts::OS,
        std::env::consts::ARCH,
    )
}

/// Writes the report to a new file that only its owner can read.
fn write(directory: &Path, now: DateTime<Utc>, report: &str) -> Result<PathBuf, (PathBuf, io::Error)> {
    let path = directory.join(format!(
        "crash-{}-{}.txt",
        now.format("%Y%m%dT%H%M%S%3fZ"),
        process::id()
    ));
    let written = DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .and_then(|()| {
            // `create_new` does not follow symbolic links.
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)?
                .write_all(report.as_bytes())
        });
    match written {
        Ok(()) => Ok(path),
        Err(error) => Err((path, error)),
    }
}

fn sentence(written: &Result<PathBuf, (PathBuf, io::Error)>) -> String {
    match written {
        Ok(path) => format!(
            "invalidash: stopped because of a bug; a report (without arguments, paths or credentials) was written to {}",
            path.display()
        ),
        Err((path, error)) => {
            format!(
                "invalidash: stopped because of a bug; the report {} could not be written: {error}",
                path.display()
            )
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 7_000_000).unwrap()
    }

    #[test]
    fn the_report_is_private_and_its_file_is_named() {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("state/invalidash");
        let path = write(&directory, noon(), "text").unwrap();

        assert_eq!(fs::read_to_string(&path).unwrap(), "text");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&directory).unwrap().permissions().mode() & 0o777, 0o700);
        let name = format!("crash-20270115T080000007Z-{}.txt", process::id());
        assert_eq!(path, directory.join(name));
        assert!(sentence(&Ok(path.clone())).ends_with(&format!("was written to {}", path.display())));
    }

    #[test]
    fn a_report_that_cannot_be_written_is_told_with_its_cause() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let failed = write(file.path(), noon(), "text");
        let told = sentence(&failed);
        assert!(failed.is_err());
        assert!(
            told.contains("could not be written: ") && told.contains(&file.path().display().to_string()),
            "{told}"
        );
    }
}
