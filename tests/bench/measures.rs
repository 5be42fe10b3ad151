//! The measures: what is done to the dashboard and to the sample, and what is expected of it.

use std::{path::Path, thread, time::Duration};

use crate::{
    Plan,
    history::history,
    job::job,
    process,
    program::{Program, Running, bytes},
    server::Server,
    statistics::{Row, Samples, Target},
    watched::{still, watched},
};

pub(crate) const ROWS: u16 = 50;
pub(crate) const COLS: u16 = 160;
/// So many distributions are seen in that many rows.
const ROWS_SHOWN: usize = 35;
/// Rows and columns of a terminal over a whole large screen.
const WIDE: (u16, u16) = (60, 200);
/// Rows enough for a hundred distributions at once.
const TALL: u16 = 130;
const STARTS: usize = 25;
const KEYS: usize = 200;
const BURST: usize = 500;
const IDLE: Duration = Duration::from_secs(10);
/// A little longer than tokio keeps a thread that has nothing to do.
const POOLED: Duration = Duration::from_secs(11);

/// Measures that share a program.
type Measure = fn(&Plan) -> Vec<Row>;

/// Every group of measures, by the name that asks for it.
pub(crate) const GROUPS: &[(&str, Measure)] = &[
    ("start", start),
    ("keys", |plan| keys(plan, false)),
    ("hang", |plan| keys(plan, true)),
    ("wide", wide),
    ("burst", burst),
    ("idle", idle),
    ("watched", watched),
    ("history", history),
    ("job", job),
    ("still", still),
    ("memory", memory),
    ("size", |plan| vec![size(&plan.binary)]),
];

impl Plan {
    /// The dashboard on a server with so many distributions.
    fn dashboard(&self, distributions: usize) -> Result<(Program, Server), String> {
        let server = Server::start(&self.binary, distributions)?;
        Ok((Program::dashboard(&self.binary, &server.url), server))
    }

    /// The dashboard, with its list shown and nothing left of its start.
    fn shown(&self, distributions: usize) -> Result<(Running, Server), String> {
        let (program, server) = self.dashboard(distributions)?;
        let running = program.start(ROWS, COLS);
        running.distributions_ms(20)?;
        running.settle();
        Ok((running, server))
    }
}

/// The sample, shown and settled.
fn bare_shown() -> Result<Running, String> {
    let running = Program::bare()?.start(ROWS, COLS);
    running.distributions_ms(20)?;
    running.settle();
    Ok(running)
}

pub(crate) fn row(name: &'static str, unit: &'static str, target: Target, outcome: Result<Samples, String>) -> Row {
    Row {
        name,
        unit,
        target,
        outcome,
        baseline: None,
    }
}

#[derive(Default)]
struct Starts {
    byte: Samples,
    frame: Samples,
    size: Samples,
    list: Samples,
    list_size: Samples,
}

impl Starts {
    fn add(&mut self, running: &Running) -> Result<(), String> {
        self.byte.add(running.first_byte_ms()?);
        let (ms, bytes) = running.first_frame()?;
        self.frame.add(ms);
        self.size.add(bytes);
        self.list_size.add(running.list_bytes(ROWS_SHOWN)?);
        Ok(())
    }
}

fn start(plan: &Plan) -> Vec<Row> {
    let mut bare = Starts::default();
    let outcome = starts(plan, &mut bare);
    let pick = |pick: fn(&Starts) -> &Samples| {
        outcome
            .as_ref()
            .map(|starts| pick(starts).clone())
            .map_err(Clone::clone)
    };
    let with = |row: Row, samples: Samples| Row {
        baseline: (samples.count() > 0).then_some(samples),
        ..row
    };
    vec![
        with(
            row("start: first byte", "ms", Target::Open, pick(|starts| &starts.byte)),
            bare.byte,
        ),
        with(
            row(
                "start: first frame",
                "ms",
                Target::Times(1.25),
                pick(|starts| &starts.frame),
            ),
            bare.frame,
        ),
        with(
            row(
                "start: first frame, size",
                "B",
                Target::AtMost(100, 10_000.0),
                pick(|starts| &starts.size),
            ),
            bare.size,
        ),
        with(
            row(
                "start: bytes until the list is shown",
                "B",
                Target::Open,
                pick(|starts| &starts.list_size),
            ),
            bare.list_size,
        ),
        row(
            "start: 100 distributions shown",
            "ms",
            Target::AtMost(50, 45.0),
            pick(|starts| &starts.list),
        ),
    ]
}

/// Sample, dashboard and tall dashboard in turn, so that a slow moment of the machine meets all of them.
fn starts(plan: &Plan, bare: &mut Starts) -> Result<Starts, String> {
    let sample = Program::bare()?;
    sample.start(ROWS, COLS).first_frame()?;
    for _ in 0..STARTS {
        bare.add(&sample.start(ROWS, COLS))?;
    }
    let (dashboard, _server) = plan.dashboard(100)?;
    dashboard.start(ROWS, COLS).distributions_ms(20)?;
    *bare = Starts::default();
    let mut starts = Starts::default();
    for _ in 0..STARTS {
        bare.add(&sample.start(ROWS, COLS))?;
        starts.add(&dashboard.start(ROWS, COLS))?;
        starts.list.add(dashboard.start(TALL, COLS).distributions_ms(100)?);
    }
    Ok(starts)
}

/// What many keys came to.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) first: Samples,
    pub(crate) paint: Samples,
    pub(crate) bytes: Samples,
}

/// The cursor down the list and up again.
pub(crate) fn answers(running: &Running) -> Result<Answers, String> {
    let mut answers = Answers::default();
    for press in 0..KEYS {
        // The cursor never goes past the last row of the first page, nor before the first.
        let answer = running.press(if (press / 20).is_multiple_of(2) { "j" } else { "k" })?;
        answers.first.add(answer.first_ms);
        answers.paint.add(answer.paint_ms);
        answers.bytes.add(answer.bytes);
    }
    Ok(answers)
}

fn keys(plan: &Plan, hang: bool) -> Vec<Row> {
    let bare = bare_shown().and_then(|bare| answers(&bare));
    let outcome = plan.shown(100).and_then(|(running, server)| {
        if hang {
            server.hang()?;
            // The key requests the list again; the response never arrives.
            running.pty.type_keys("r");
            running.settle();
        }
        answers(&running)
    });
    let pick = |of: &Result<Answers, String>, pick: fn(&Answers) -> &Samples| {
        of.as_ref().map(pick).cloned().map_err(Clone::clone)
    };
    let measured = |names: [&'static str; 2], unit, target, of: fn(&Answers) -> &Samples| {
        let [usual, hanging] = names;
        let name = if hang { hanging } else { usual };
        Row {
            baseline: pick(&bare, of).ok(),
            ..row(name, unit, target, pick(&outcome, of))
        }
    };
    vec![
        measured(
            ["key: first byte", "hanging request, key: first byte"],
            "ms",
            Target::AtMost(50, 1.5),
            |answers| &answers.first,
        ),
        measured(
            ["key: painted", "hanging request, key: painted"],
            "ms",
            Target::AtMost(95, 4.0),
            |answers| &answers.paint,
        ),
        measured(
            ["key: size", "hanging request, key: size"],
            "B",
            Target::AtMost(95, 3_000.0),
            |answers| &answers.bytes,
        ),
    ]
}

/// The cursor in a terminal as large as they get, with a long list, the selected target beside it and what is under way below.
fn wide(plan: &Plan) -> Vec<Row> {
    let outcome = plan.dashboard(1_000).and_then(|(program, _server)| {
        let running = program.start(WIDE.0, WIDE.1);
        running.distributions_ms(20)?;
        running.settle();
        answers(&running)
    });
    let names = [
        "200 × 60, 1,000 distributions: key painted",
        "200 × 60, 1,000 distributions: key size",
    ];
    answered(names, (4.0, 5_000.0), &outcome)
}

/// The rows of what many keys came to: within so many milliseconds, with so many bytes.
pub(crate) fn answered(
    [painted, size]: [&'static str; 2],
    (ms, bytes): (f64, f64),
    outcome: &Result<Answers, String>,
) -> Vec<Row> {
    let pick = |of: fn(&Answers) -> &Samples| outcome.as_ref().map(of).cloned().map_err(Clone::clone);
    vec![
        row(painted, "ms", Target::AtMost(95, ms), pick(|answers| &answers.paint)),
        row(size, "B", Target::AtMost(95, bytes), pick(|answers| &answers.bytes)),
    ]
}

/// Many keys at once, as from a paste or a held key: they should cost few frames.
fn burst(plan: &Plan) -> Vec<Row> {
    let press = |running: Running| running.press(&"j".repeat(BURST));
    let bare = bare_shown().and_then(press);
    let outcome = plan.shown(100).and_then(|(running, _server)| press(running));
    let ms = outcome.clone().map(|answer| Samples::from(answer.paint_ms));
    let size = outcome.map(|answer| Samples::from(answer.bytes));
    vec![
        Row {
            baseline: bare.as_ref().ok().map(|answer| answer.paint_ms.into()),
            ..row("burst of 500 keys: painted", "ms", Target::Open, ms)
        },
        Row {
            baseline: bare.ok().map(|answer| answer.bytes.into()),
            ..row("burst of 500 keys: size", "B", Target::Open, size)
        },
    ]
}

fn idle(plan: &Plan) -> Vec<Row> {
    let watch = |running: &Running| {
        // Threads that only the start needed end first.
        thread::sleep(POOLED);
        let before = process::usage(running.pty.pid())?;
        thread::sleep(IDLE);
        let spent = process::usage(running.pty.pid())?.since(&before);
        let per_second = |spent: f64| Samples::from(spent / IDLE.as_secs_f64());
        Ok((per_second(spent.cpu_ms), per_second(spent.wakeups)))
    };
    let bare = bare_shown().and_then(|bare| watch(&bare));
    let outcome: Result<_, String> = plan.shown(100).and_then(|(running, server)| {
        until_read(&server)?;
        watch(&running)
    });
    let cpu = outcome.clone().map(|(cpu, _)| cpu);
    let wakeups = outcome.map(|(_, wakeups)| wakeups);
    vec![
        Row {
            baseline: bare.as_ref().ok().map(|(cpu, _)| cpu.clone()),
            ..row("idle: CPU time per second", "ms", Target::AtMost(50, 1.0), cpu)
        },
        Row {
            baseline: bare.ok().map(|(_, wakeups)| wakeups),
            ..row("idle: wake-ups per second", "", Target::AtMost(50, 0.0), wakeups)
        },
    ]
}

/// Waits until the first page has read the last invalidations of what is in sight: one a second, and then no more.
fn until_read(server: &Server) -> Result<(), String> {
    const QUIET: Duration = Duration::from_secs(5);
    let reads = || server.received(&["ListInvalidations", "GetInvalidation"]);
    let (mut before, mut after) = (u64::MAX, reads()?);
    while before != after {
        thread::sleep(QUIET);
        (before, after) = (after, reads()?);
    }
    Ok(())
}

fn memory(plan: &Plan) -> Vec<Row> {
    let resident = |running: &Running| process::resident_mb(running.pty.pid()).map(Samples::from);
    let bare = bare_shown().and_then(|bare| resident(&bare));
    let outcome = plan.shown(1_000).and_then(|(running, _server)| resident(&running));
    vec![Row {
        baseline: bare.ok(),
        ..row(
            "memory with 1,000 distributions",
            "MB",
            Target::AtMost(50, 25.0),
            outcome,
        )
    }]
}

fn size(binary: &Path) -> Row {
    let length = std::fs::metadata(binary).map_err(|error| format!("{}: {error}", binary.display()));
    let megabytes = length.map(|data| bytes(usize::try_from(data.len()).unwrap_or(usize::MAX)) / 1e6);
    row(
        "size of the binary",
        "MB",
        Target::AtMost(50, 10.0),
        megabytes.map(Samples::from),
    )
}
