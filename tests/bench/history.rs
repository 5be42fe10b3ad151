//! The history with ten thousand submissions in the ledger.

use crate::{
    Plan,
    measures::{COLS, ROWS, answers, row},
    program::Program,
    server::Server,
    statistics::{Row, Samples, Target},
    watched::state_with_ledger,
};

/// Opens it, goes through it, and jumps to its end and back.
pub(crate) fn history(plan: &Plan) -> Vec<Row> {
    let outcome = state_with_ledger().and_then(|state| {
        let server = Server::start(&plan.binary, 1)?;
        let program = Program::dashboard(&plan.binary, &server.url).with("XDG_STATE_HOME", state.path());
        let running = program.start(ROWS, COLS);
        running.distributions_ms(1)?;
        running.settle();
        let opened = running.press("3")?.paint_ms;
        running.settle();
        let keys = answers(&running)?.paint;
        let mut jumps = Samples::default();
        for press in 0..40 {
            jumps.add(running.press(if press % 2 == 0 { "G" } else { "g" })?.paint_ms);
        }
        Ok([Samples::from(opened), keys, jumps])
    });
    let pick = |number: usize| {
        outcome
            .as_ref()
            .map(|found| found[number].clone())
            .map_err(Clone::clone)
    };
    vec![
        row("history of 10,000: opened", "ms", Target::Open, pick(0)),
        row("history of 10,000: key painted", "ms", Target::AtMost(95, 5.0), pick(1)),
        row("history of 10,000: to the end and back", "ms", Target::Open, pick(2)),
    ]
}
