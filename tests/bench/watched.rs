//! The watch with much to watch: a thousand invalidations in flight on one page, and a ledger of ten thousand.

use std::{thread, time::Duration};

use invalidash::domain::submission::{State, Submission};
use invalidash::engine::effect::LedgerOperation;
use invalidash::runtime::ledger::Ledger;
use tempfile::TempDir;

use crate::{
    Plan,
    journal::{accepted, at, planned},
    measures::{self, answered, answers, row},
    program::{Program, Running, bytes},
    server::Server,
    statistics::{Row, Samples, Target},
};

/// Invalidations of one distribution.
const WATCHED: usize = 1_000;
/// Submissions in the ledger.
const REMEMBERED: usize = 10_000;
/// As many are on a page of the list.
const PAGE: usize = 100;
/// Longer than two re-reads of the page one looks at.
const STILL: Duration = Duration::from_secs(45);

/// Keys on the page with all of them.
pub(crate) fn watched(plan: &Plan) -> Vec<Row> {
    let outcome = state_with_ledger().and_then(|state| {
        let server = Server::start(&plan.binary, 1)?;
        server.configure(r#"{"completion_delay_ms": 360000000, "completion_spread_ms": 0}"#)?;
        server.invalidate(WATCHED)?;
        let running = opened(plan, &server, &state)?;
        for _ in 0..=WATCHED / PAGE {
            running.pty.type_keys("G");
            thread::sleep(Duration::from_millis(900));
        }
        running.pty.type_keys("g");
        thread::sleep(Duration::from_secs(1));
        answers(&running)
    });
    let names = [
        "1,000 watched, 10,000 kept: key painted",
        "1,000 watched, 10,000 kept: key size",
    ];
    answered(names, (5.0, 3_000.0), &outcome)
}

/// A page that is read again and again, and stays the same.
pub(crate) fn still(plan: &Plan) -> Vec<Row> {
    let outcome = TempDir::new().map_err(|error| error.to_string()).and_then(|state| {
        let server = Server::start(&plan.binary, 1)?;
        server.configure(r#"{"completion_delay_ms": 0, "completion_spread_ms": 0}"#)?;
        server.invalidate(PAGE)?;
        let running = opened(plan, &server, &state)?;
        running.settle();
        thread::sleep(Duration::from_secs(8));
        let before = running.pty.written();
        let reads = server.received(&["ListInvalidations"])?;
        thread::sleep(STILL);
        if server.received(&["ListInvalidations"])? < reads + 2 {
            return Err("the page was not read again".to_owned());
        }
        Ok(Samples::from(bytes(running.pty.written() - before)))
    });
    vec![row(
        "poll that changes nothing: bytes written",
        "B",
        Target::AtMost(100, 0.0),
        outcome,
    )]
}

/// The dashboard on the invalidations of the only distribution.
fn opened(plan: &Plan, server: &Server, state: &TempDir) -> Result<Running, String> {
    let program = Program::dashboard(&plan.binary, &server.url).with("XDG_STATE_HOME", state.path());
    let running = program.start(measures::ROWS, measures::COLS);
    running.distributions_ms(1)?;
    running.settle();
    running.pty.type_keys("<enter>");
    running.settle();
    Ok(running)
}

/// A state directory whose ledger knows that many submissions, all completed.
pub(crate) fn state_with_ledger() -> Result<TempDir, String> {
    let state = TempDir::new().map_err(|error| error.to_string())?;
    let folder = state.path().join("invalidash");
    let submissions: Option<Vec<_>> = (0..REMEMBERED).map(completed).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let ledger = Ledger::open(&folder)?;
        let plan = LedgerOperation::Plan(submissions.unwrap_or_default());
        ledger.carry_out(plan, at(0)).await
    })?;
    Ok(state)
}

fn completed(number: usize) -> Option<Submission> {
    let path = format!("/articles/{number}.html");
    let under_way = accepted(&planned(&format!("s-{number:05}"), &[&path])?, at(0));
    let (id, create_time) = under_way.state.accepted()?;
    let state = State::Completed {
        id: id.clone(),
        create_time,
        last_in_progress: Some(at(i64::try_from(number % 20).ok()? - 2)),
        seen: Some(at(i64::try_from(number % 20).ok()?)),
    };
    Some(Submission { state, ..under_way })
}
