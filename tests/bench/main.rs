//! What it feels like: the release binary in a terminal, measured from outside.
//!
//! `cargo bench --bench felt [-- [--json] [--binary FILE] [FILTER…]]`. Every figure of the dashboard stands beside that
//! of `bare`, a sample with the same terminal guard and nothing behind it, taken in the same run and in turn with it.
//! Nothing fails on a missed target: a machine that is busy with something else is no reason to stop.

use std::{path::PathBuf, process::ExitCode};

mod bare;
mod history;
mod job;
#[expect(dead_code, reason = "the tests use this too, and each of them a part")]
#[path = "../it/support/journal.rs"]
mod journal;
mod measures;
mod process;
mod program;
#[expect(dead_code, reason = "the tests use this too, and each of them a part")]
#[path = "../it/support/pty.rs"]
mod pty;
mod server;
mod statistics;
mod watched;

use measures::GROUPS;
use serde_json::json;
use statistics::{Row, head};

/// The argument that makes this program the sample.
const BARE: &str = "--bare";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == BARE) {
        return bare::main();
    }
    match Plan::read(arguments) {
        Ok(Some(plan)) => plan.run(),
        Ok(None) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("felt: {error}");
            ExitCode::from(2)
        }
    }
}

/// What to measure, and how to tell it.
struct Plan {
    binary: PathBuf,
    filters: Vec<String>,
    json: bool,
}

impl Plan {
    /// Reads the arguments; nothing is to be done when cargo only tests that benchmarks run.
    fn read(arguments: Vec<String>) -> Result<Option<Self>, String> {
        let binary = PathBuf::from(env!("CARGO_BIN_EXE_invalidash"));
        let mut plan = Self {
            binary,
            filters: Vec::new(),
            json: false,
        };
        let mut asked = false;
        let mut rest = arguments.into_iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--bench" => asked = true,
                "--json" => plan.json = true,
                "--binary" => {
                    let file = rest.next().ok_or("--binary needs a file")?;
                    // The program is started in its own folder.
                    plan.binary = std::path::absolute(file).map_err(|error| error.to_string())?;
                }
                filter if GROUPS.iter().any(|(name, _)| name.contains(filter)) => plan.filters.push(argument),
                _ => {
                    return Err(format!(
                        "no measure is called {argument:?}; there are {}",
                        names().join(", ")
                    ));
                }
            }
        }
        Ok(asked.then_some(plan))
    }

    fn run(&self) -> ExitCode {
        let wanted = |name: &str| self.filters.is_empty() || self.filters.iter().any(|filter| name.contains(filter));
        let mut rows = Vec::new();
        if !self.json {
            println!("{}", head());
        }
        for (_, measure) in GROUPS.iter().filter(|(name, _)| wanted(name)) {
            for row in measure(self) {
                if !self.json {
                    println!("{}", row.line());
                }
                rows.push(row);
            }
        }
        if self.json {
            println!(
                "{}",
                json!({ "measures": rows.iter().map(Row::json).collect::<Vec<_>>() })
            );
        }
        ExitCode::SUCCESS
    }
}

fn names() -> Vec<&'static str> {
    GROUPS.iter().map(|(name, _)| *name).collect()
}
