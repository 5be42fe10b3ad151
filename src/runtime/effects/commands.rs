//! The user's own commands, which run when an invalidation completes.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Semaphore;

use crate::runtime::child;

/// The maximum number of the user's own commands that run at the same time.
const AT_ONCE: usize = 2;

/// The commands that are running or waiting.
pub(super) struct Commands {
    turns: Arc<Semaphore>,
    /// Whether the user has been warned that commands are waiting for others to exit.
    wait_is_told: Arc<AtomicBool>,
}

impl Default for Commands {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            wait_is_told: Arc::default(),
        }
    }
}

impl Commands {
    /// Runs a command and passes any problem to `warn`. The command has no access to the terminal, which belongs to the
    /// dashboard. Only a few commands run at once, so that commands that never exit cannot take up the threads that
    /// everything else needs.
    pub(super) fn run(
        &self,
        command: Vec<String>,
        facts: Vec<(&'static str, String)>,
        warn: impl Fn(String) + Send + 'static,
    ) {
        let turns = Arc::clone(&self.turns);
        let at_once = Arc::clone(&turns).try_acquire_owned();
        let wait_is_told = Arc::clone(&self.wait_is_told);
        // One warning covers all waiting commands.
        if at_once.is_err() && !wait_is_told.swap(true, Ordering::Relaxed) {
            warn(format!(
                "on_completed: {AT_ONCE} programs are still running; the next one starts when one exits"
            ));
        }
        tokio::spawn(async move {
            let turn = match at_once {
                Ok(turn) => Ok(turn),
                Err(_) => turns.acquire_owned().await,
            };
            wait_is_told.store(false, Ordering::Relaxed);
            let ended = tokio::task::spawn_blocking(move || run(&command, facts)).await;
            if let Ok(Err(reason)) = ended {
                warn(reason);
            }
            drop(turn);
        });
    }

    /// Waits until all commands have finished.
    pub(super) async fn ended(&self) {
        let all = u32::try_from(AT_ONCE).unwrap_or(u32::MAX);
        // This only fails if the semaphore is closed, in which case no command is running.
        let _ = self.turns.acquire_many(all).await;
    }
}

fn run(command: &[String], facts: Vec<(&'static str, String)>) -> Result<(), String> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(());
    };
    let ended = child::command(program)
        .args(arguments)
        .envs(facts)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("on_completed: {program} failed ({status})")),
        Err(error) => Err(format!("on_completed: {program} could not be run: {error}")),
    }
}
