//! A bare ratatui program on invalidash's terminal guard: a table of 1,000 rows and nothing behind it.
//!
//! It is the baseline that the dashboard is measured against, and the program whose endings the terminal tests try:
//! `p` panics, `P` panics in a thread, `t` in a task, `m` asks for more memory than there is, `o` overflows its stack,
//! `w` hangs the event loop, `T` sets title and progress.
//! `bare [DIRECTORY]` writes crash reports there.

use std::{env, io, path::PathBuf, process::ExitCode, thread};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use invalidash::runtime::{
    fatal,
    input::Input,
    notify::Progress,
    signals::{self, Signal, Signals},
    terminal::{self, Guard, crash},
};
use ratatui::{
    Frame,
    layout::{Constraint, Layout},
    style::{Modifier, Style, Stylize},
    text::Line,
    widgets::{Block, Cell, Row, Table, TableState},
};

/// Runs until `q`, Ctrl-C or a signal.
pub(crate) fn main() -> ExitCode {
    if let Err(refusal) = terminal::check() {
        eprintln!("bare: {refusal}");
        return ExitCode::from(2);
    }
    let directory = env::args_os().nth(1).map_or_else(env::temp_dir, PathBuf::from);
    crash::install(directory, env!("CARGO_PKG_VERSION"));
    crash::set_screen("bare");
    fatal::install();
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("bare: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut signals = signals::stream()?;
        let mut guard = Guard::enter()?;
        guard.set_mouse(true)?;
        let outcome = Bare::new().run(&mut guard, &mut signals).await;
        drop(guard);
        signals.tell_end();
        outcome
    })
}

enum Next {
    Draw,
    Exit(ExitCode),
}

struct Bare {
    rows: Vec<[String; 5]>,
    table: TableState,
    events: usize,
    last: String,
}

impl Bare {
    fn new() -> Self {
        let row = |n: usize| {
            [
                format!("E{n:013}"),
                format!("www{n}.example.com"),
                format!("d{n:012}.cloudfront.net"),
                (if n.is_multiple_of(7) { "InProgress" } else { "Deployed" }).to_owned(),
                format!("the comment of distribution {n}"),
            ]
        };
        let table = TableState::default().with_selected(0);
        Self {
            rows: (0..1_000).map(row).collect(),
            table,
            events: 0,
            last: String::new(),
        }
    }

    async fn run(&mut self, guard: &mut Guard, signals: &mut Signals) -> io::Result<ExitCode> {
        guard.draw(|frame| self.view(frame))?;
        let mut input = Input::open()?;
        loop {
            let next = tokio::select! {
                signal = signals.next() => self.on_signal(signal, guard)?,
                batch = input.next() => self.on_events(&batch?, guard)?,
            };
            match next {
                Next::Draw => guard.draw(|frame| self.view(frame))?,
                Next::Exit(code) => return Ok(code),
            }
        }
    }

    fn on_events(&mut self, batch: &[Event], guard: &mut Guard) -> io::Result<Next> {
        for event in batch {
            self.events += 1;
            match event {
                Event::Key(key) => {
                    if let Next::Exit(code) = self.on_key(*key, guard)? {
                        return Ok(Next::Exit(code));
                    }
                }
                Event::Paste(text) => self.last = format!("pasted {} bytes", text.len()),
                Event::FocusGained => self.last = "focus gained".into(),
                Event::FocusLost => self.last = "focus lost".into(),
                Event::Mouse(_) | Event::Resize(..) => {}
            }
        }
        Ok(Next::Draw)
    }

    fn on_key(&mut self, key: KeyEvent, guard: &mut Guard) -> io::Result<Next> {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('c') if control => return Ok(Next::Exit(ExitCode::SUCCESS)),
            KeyCode::Char('z') if control => guard.suspend()?,
            KeyCode::Char('q') => return Ok(Next::Exit(ExitCode::SUCCESS)),
            KeyCode::Char('j') => self.table.select_next(),
            KeyCode::Char('k') => self.table.select_previous(),
            KeyCode::Char('T') => {
                guard.set_title("bare, titled")?;
                guard.set_progress(Progress::Percent(40))?;
            }
            KeyCode::Char('w') => {
                self.last = "hangs".into();
                guard.draw(|frame| self.view(frame))?;
                hang();
            }
            KeyCode::Char(deed) => misbehave(deed),
            _ => {}
        }
        Ok(Next::Draw)
    }

    fn on_signal(&mut self, signal: Signal, guard: &mut Guard) -> io::Result<Next> {
        match signal {
            Signal::Suspend => guard.suspend()?,
            Signal::Continue => guard.resume()?,
            Signal::Resized => {
                let size = guard.terminal().size()?;
                self.last = format!("resized to {}x{}", size.width, size.height);
            }
            Signal::Terminate(_) | Signal::Hangup => {
                let code = signal.exit_code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
                return Ok(Next::Exit(ExitCode::from(code)));
            }
        }
        Ok(Next::Draw)
    }

    fn view(&mut self, frame: &mut Frame) {
        let [body, footer] = Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(frame.area());
        let selected = self.table.selected().unwrap_or_default().min(self.rows.len() - 1);
        let first = self.table.offset().min(selected);
        let shown = first..self.rows.len().min(selected.max(first + usize::from(body.height)) + 1);
        let mut window = TableState::default().with_selected(selected - first);
        let rows = self.rows.get(shown).unwrap_or_default().iter().map(row);
        let widths = [14, 22, 30, 12, 40].map(Constraint::Length);
        let header = Row::new(["Id", "Aliases", "DomainName", "Status", "Comment"]).bold();
        let table = Table::new(rows, widths)
            .header(header)
            .block(Block::bordered().title("Distributions"))
            .highlight_symbol("> ")
            .row_highlight_style(Style::new().add_modifier(Modifier::BOLD | Modifier::REVERSED).blue());
        frame.render_stateful_widget(table, body, &mut window);
        *self.table.offset_mut() = first + window.offset();
        let events = format!("{} events; {}", self.events, self.last);
        frame.render_widget(Line::from(events).dim(), footer);
    }
}

fn row(cells: &[String; 5]) -> Row<'_> {
    let [id, alias, domain, status, comment] = cells;
    let status = if status == "Deployed" {
        Cell::new(status.as_str()).green()
    } else {
        Cell::new(status.as_str()).yellow()
    };
    Row::new([
        Cell::new(id.as_str()).cyan(),
        Cell::new(alias.as_str()),
        Cell::new(domain.as_str()).dim(),
        status,
        Cell::new(comment.as_str()),
    ])
}

#[expect(clippy::panic, reason = "how a panic ends is what the tests look at")]
fn misbehave(deed: char) {
    match deed {
        'p' => panic!("asked to panic"),
        'P' => {
            let path = String::from("/customer");
            drop(
                thread::Builder::new()
                    .name("helper".to_owned())
                    .spawn(move || panic!("no such path: {path}")),
            );
        }
        't' => drop(tokio::spawn(async { panic!("in a task") })),
        'm' => drop(Vec::<u8>::with_capacity(isize::MAX.unsigned_abs())),
        'o' => drop(std::hint::black_box(deeper(0))),
        _ => {}
    }
}

/// Calls itself without an end.
fn deeper(depth: u64) -> u64 {
    let kept = std::hint::black_box([depth; 512]);
    let below = if depth == u64::MAX { 0 } else { deeper(depth + 1) };
    below.wrapping_add(std::hint::black_box(kept).iter().sum())
}

fn hang() -> ! {
    loop {
        thread::park();
    }
}
