//! A job of thousands of targets: how long a key waits for its frame while the job is composed, planned, stored, sent and
//! completed.

use std::time::{Duration, Instant};

use crate::{
    Plan,
    measures::{COLS, ROWS, row},
    program::{Program, Running, grouped},
    server::Server,
    statistics::{Row, Samples, Target},
};

/// Targets of the job.
const TARGETS: usize = 3_000;
/// A frame that takes longer is felt.
const FELT: f64 = 50.0;
/// How long keys are pressed after the job was confirmed: in this time the first are sent and completed.
const WATCHED: Duration = Duration::from_secs(40);

/// The waits in each part of the job's life.
#[derive(Default)]
struct Waits {
    composing: Samples,
    planning: Samples,
    watching: Samples,
    matrix: Samples,
    pages: Samples,
}

/// Marks every distribution, composes one path for all of them, confirms, and presses keys all the while.
pub(crate) fn job(plan: &Plan) -> Vec<Row> {
    let outcome = waits(plan);
    let pick = |of: fn(&Waits) -> &Samples| outcome.as_ref().map(of).cloned().map_err(Clone::clone);
    let felt = Target::AtMost(100, FELT);
    vec![
        row("job of 3,000: frame while composed", "ms", felt, pick(|w| &w.composing)),
        row("job of 3,000: frame while planned", "ms", felt, pick(|w| &w.planning)),
        row(
            "job of 3,000: frame while sent, completed",
            "ms",
            felt,
            pick(|w| &w.watching),
        ),
        row("job of 3,000: frame of its table", "ms", felt, pick(|w| &w.matrix)),
        row("job of 3,000: frame of another page", "ms", felt, pick(|w| &w.pages)),
    ]
}

fn waits(plan: &Plan) -> Result<Waits, String> {
    let server = Server::start(&plan.binary, TARGETS)?;
    server.configure(r#"{"completion_delay_ms": 3000, "completion_spread_ms": 0}"#)?;
    let running = Program::dashboard(&plan.binary, &server.url).start(ROWS, COLS);
    running.distributions_ms(20)?;
    running.shows(&format!("Distributions {}", grouped(TARGETS)))?;
    mark_all(&running)?;
    let mut waits = Waits::default();
    for keys in ["i", "/index.html", "<enter>/a/*"] {
        waits.composing.add(running.wait_ms(keys)?);
    }
    running.settle();
    waits.composing.add(running.wait_ms("<c-s>")?);
    running.settle();
    // One of the generated distributions is multi-tenant, which requires a confirmation.
    for key in format!("{TARGETS} targets").chars() {
        waits.composing.add(running.wait_ms(&key.to_string())?);
    }
    waits.planning.add(running.wait_ms("<enter>")?);
    press(&running, &mut waits.planning, Duration::from_secs(5), "jk")?;
    press(&running, &mut waits.watching, WATCHED, "jk")?;
    waits.matrix.add(running.wait_ms("m")?);
    press(&running, &mut waits.matrix, Duration::from_secs(3), "jk")?;
    running.pty.type_keys("<esc>");
    running.settle();
    press(&running, &mut waits.pages, Duration::from_secs(5), "1232")?;
    Ok(waits)
}

/// In pieces, so that the program is never behind by more than it takes at once.
fn mark_all(running: &Running) -> Result<(), String> {
    const AT_ONCE: usize = 500;
    for marked in (0..TARGETS).step_by(AT_ONCE) {
        running.pty.type_keys(&" ".repeat(AT_ONCE.min(TARGETS - marked)));
        running.shows(&format!("{} marked", (marked + AT_ONCE).min(TARGETS)))?;
    }
    Ok(())
}

/// Presses these keys in turn for so long.
fn press(running: &Running, waits: &mut Samples, span: Duration, keys: &str) -> Result<(), String> {
    let end = Instant::now() + span;
    for key in keys.chars().cycle().take_while(|_| Instant::now() < end) {
        waits.add(running.wait_ms(&key.to_string())?);
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
