//! Runs of the binary, each with its own home folder: none of the machine's configuration, credentials or state reaches
//! them.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A home with empty configuration and state.
pub(crate) struct Home(TempDir);

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The exit code; `None` after a signal.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Home {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(tempfile::Builder::new().prefix("home").tempdir()?))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file below the home, with the folders that lead to it.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> io::Result<PathBuf> {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(self.path()))?;
        fs::write(&path, content)?;
        Ok(path)
    }

    /// The binary with these arguments. Without a terminal, and without a way to the metadata service of a cloud machine.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_invalidash"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .env("XDG_CONFIG_HOME", self.path().join("config"))
            .env("XDG_STATE_HOME", self.path().join("state"))
            .env("TMPDIR", self.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::null());
        command
    }

    /// The same with keys that any emulator takes.
    pub(crate) fn command_with_keys(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "CANARY-SECRET");
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> io::Result<Run> {
        Ok(self.ended(self.command(arguments).output()?))
    }

    /// Runs it with text on standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> io::Result<Run> {
        let mut command = self.command(arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input)?;
        }
        Ok(self.ended(child.wait_with_output()?))
    }

    /// The output with the home's path, which differs in each run, written as `HOME`.
    pub(crate) fn ended(&self, output: Output) -> Run {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).replace(&*self.path().to_string_lossy(), "HOME");
        Run {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

/// An emulator in a process of its own, which ends with this value.
pub(crate) struct Served {
    child: Child,
    first_line: String,
}

impl Served {
    /// Starts `invalidash emulator` and waits for the line that says where it listens.
    pub(crate) fn start(home: &Home, arguments: &[&str]) -> io::Result<Self> {
        let mut command = home.command(&["emulator", "--port", "0"]);
        let mut child = command
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut first_line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut first_line)?;
        }
        Ok(Self { child, first_line })
    }

    /// The first line on its standard output.
    pub(crate) fn first_line(&self) -> &str {
        &self.first_line
    }

    /// Where it listens.
    pub(crate) fn url(&self) -> &str {
        self.first_line
            .trim_end()
            .strip_prefix("listening on ")
            .unwrap_or_default()
    }

    /// Sends a signal and waits for the end: exit code and standard error.
    pub(crate) fn end(mut self, signal: Signal) -> io::Result<(Option<i32>, String)> {
        kill_process(Pid::from_child(&self.child), signal)?;
        let code = self.child.wait()?.code();
        let mut err = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            stderr.read_to_string(&mut err)?;
        }
        Ok((code, err))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may already have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
