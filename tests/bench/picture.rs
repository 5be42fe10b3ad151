//! The pictures of the README, made from the real screen: `cargo run --release --locked --example picture`.
//!
//! It starts the demo in a terminal of its own, does the main job by keyboard, and writes what is then on the screen to
//! `assets/*.svg`, cell by cell; `assets/tour.svg` shows the whole job as moving frames. The binary is that of the same
//! profile, built before.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

#[expect(dead_code, reason = "the tests use this too, and each of them a part")]
#[path = "../it/support/pty.rs"]
mod pty;

use pty::Pty;

const ROWS: u16 = 26;
const COLS: u16 = 104;
/// Pixels of a cell.
const WIDTH: usize = 9;
const HEIGHT: usize = 20;
const PADDING: usize = 16;

const BACKGROUND: &str = "#1d1f21";
const FOREGROUND: &str = "#c5c8c6";
/// The terminal's sixteen colors.
const PALETTE: [&str; 16] = [
    "#282a2e", "#cc6666", "#8fa354", "#d9a03f", "#5f87af", "#a57fb5", "#5ba3a0", "#c5c8c6", "#75797c", "#e06c75",
    "#b5d17a", "#f0c674", "#81a2be", "#c3a0d0", "#8abeb7", "#ffffff",
];

fn main() -> std::io::Result<()> {
    let assets = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/assets"));
    let pty = Pty::spawn(binary(), &["--demo"], &[("TERM", "xterm-256color")], ROWS, COLS);
    let mut tour = Tour::default();
    pty.wait_for("Distributions 14");
    pty.wait_for("✓");
    std::thread::sleep(Duration::from_secs(8));
    tour.record(&pty, 3.0);
    pty.type_keys("i");
    pty.wait_for("Invalidate");
    tour.record(&pty, 1.5);
    let mut lines = [
        "/index.html",
        "/en/*",
        "/en/sitemap.xml",
        "/café menu.pdf",
        "images/*.jpg",
    ]
    .into_iter();
    for line in lines.by_ref() {
        pty.paste(&format!("{line}\n"));
        pty.wait_for(line);
        tour.record(&pty, 0.8);
    }
    pty.paste("/thumbs/%2A");
    pty.wait_for("encoded *");
    pty.type_keys("<up>");
    pty.wait_for("would be refused.");
    pty.wait_for("draft saved");
    tour.record(&pty, 2.5);
    std::fs::write(assets.join("composer.svg"), picture(&pty))?;
    pty.type_keys("<a-f>");
    std::thread::sleep(Duration::from_millis(400));
    tour.record(&pty, 1.5);
    pty.type_keys("<down><a-f><c-s>");
    pty.wait_for("will be sent");
    tour.record(&pty, 3.0);
    std::fs::write(assets.join("review.svg"), picture(&pty))?;
    // An overlay that has only just opened ignores a confirmation.
    std::thread::sleep(Duration::from_millis(500));
    pty.type_keys("<enter>");
    // Wait for the new row, because another one is already in progress.
    pty.wait_for("about ");
    // A row that has just changed is highlighted for a moment.
    std::thread::sleep(Duration::from_millis(1_500));
    std::fs::write(assets.join("invalidations.svg"), picture(&pty))?;
    // The demo's invalidations take some seconds.
    for _ in 0..4 {
        tour.record(&pty, 1.0);
        std::thread::sleep(Duration::from_secs(1));
    }
    pty.wait_for("Completed after");
    tour.record(&pty, 2.5);
    pty.type_keys("1");
    pty.wait_for("Distributions 14");
    tour.record(&pty, 3.0);
    let moving = tour.svg();
    assert!(moving.len() < LARGEST, "{} bytes are too many", moving.len());
    std::fs::write(assets.join("tour.svg"), moving)
}

/// Bytes of the moving picture at most: a page that shows it loads it first.
const LARGEST: usize = 400_000;

/// Frames, each shown for so many seconds.
#[derive(Default)]
struct Tour(Vec<(String, f64)>);

impl Tour {
    fn record(&mut self, pty: &Pty, seconds: f64) {
        // The rest of the frame may be on its way.
        std::thread::sleep(Duration::from_millis(400));
        self.0.push((cells(pty), seconds));
    }

    /// All of them as one picture: each frame is displayed in its part of the whole time, again and again.
    fn svg(&self) -> String {
        let whole: f64 = self.0.iter().map(|(_, seconds)| seconds).sum();
        let mut svg = frame_begin();
        let mut from = 0.0;
        let last = self.0.len().saturating_sub(1);
        for (number, (cells, seconds)) in self.0.iter().enumerate() {
            // Without animation, the last frame is shown.
            let still = if number == last { "inline" } else { "none" };
            let (begin, end) = (from / whole, (from + seconds) / whole);
            from += seconds;
            let _ = write!(
                svg,
                "<g display=\"{still}\"><animate attributeName=\"display\" calcMode=\"discrete\" dur=\"{whole}s\" \
                 repeatCount=\"indefinite\" values=\"none;inline;none\" keyTimes=\"0;{begin:.4};{end:.4}\"/>\n{cells}</g>\n"
            );
        }
        svg.push_str("</svg>\n");
        svg
    }
}

/// The dashboard beside this program: both are of one profile.
fn binary() -> PathBuf {
    let mut path = std::env::current_exe().unwrap_or_default();
    path.pop();
    path.pop();
    path.join("invalidash")
}

/// The screen as an SVG.
fn picture(pty: &Pty) -> String {
    let mut svg = frame_begin();
    svg.push_str(&cells(pty));
    svg.push_str("</svg>\n");
    svg
}

fn frame_begin() -> String {
    let (width, height) = (
        usize::from(COLS) * WIDTH + 2 * PADDING,
        usize::from(ROWS) * HEIGHT + 2 * PADDING,
    );
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"ui-monospace, 'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"15\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n"
    )
}

/// The cells of the screen: a rectangle for each run of one background, a text for each run of one style.
fn cells(pty: &Pty) -> String {
    let mut svg = String::new();
    for row in 0..ROWS {
        for run in runs(pty, row) {
            run.draw(&mut svg, usize::from(row));
        }
    }
    svg
}

/// Cells of one row that share their style.
struct Run {
    column: usize,
    cells: usize,
    text: String,
    style: Style,
}

#[derive(Clone, PartialEq, Eq)]
struct Style {
    foreground: String,
    background: Option<String>,
    bold: bool,
    dim: bool,
    underline: bool,
}

fn runs(pty: &Pty, row: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for column in 0..COLS {
        let cell = pty.cell(row, column);
        if cell.is_wide_continuation() {
            continue;
        }
        let cells = if cell.is_wide() { 2 } else { 1 };
        let text = if cell.has_contents() {
            cell.contents().to_owned()
        } else {
            " ".to_owned()
        };
        let style = style(&cell);
        match runs.last_mut().filter(|run| run.style == style && !cell.is_wide()) {
            Some(run) => {
                run.text.push_str(&text);
                run.cells += cells;
            }
            None => runs.push(Run {
                column: usize::from(column),
                cells,
                text,
                style,
            }),
        }
    }
    runs
}

fn style(cell: &vt100::Cell) -> Style {
    let (foreground, background) = (color(cell.fgcolor()), color(cell.bgcolor()));
    let swapped = cell.inverse();
    let ink = foreground.clone().unwrap_or_else(|| FOREGROUND.to_owned());
    Style {
        foreground: if swapped {
            background.clone().unwrap_or_else(|| BACKGROUND.to_owned())
        } else {
            ink.clone()
        },
        background: if swapped { Some(ink) } else { background },
        bold: cell.bold(),
        dim: cell.dim(),
        underline: cell.underline(),
    }
}

fn color(color: vt100::Color) -> Option<String> {
    match color {
        vt100::Color::Default => None,
        vt100::Color::Idx(index) => Some(indexed(index)),
        vt100::Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
    }
}

/// A color of the 256: the terminal's own sixteen, the cube, the grays.
fn indexed(index: u8) -> String {
    if let Some(own) = PALETTE.get(usize::from(index)) {
        return (*own).to_owned();
    }
    let cube = index.saturating_sub(16);
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    let gray = 8_u8.saturating_add(index.saturating_sub(232).saturating_mul(10));
    let (r, g, b) = if index < 232 {
        (level(cube / 36), level(cube / 6 % 6), level(cube % 6))
    } else {
        (gray, gray, gray)
    };
    format!("#{r:02x}{g:02x}{b:02x}")
}

impl Run {
    fn draw(&self, svg: &mut String, row: usize) {
        let (x, y) = (PADDING + self.column * WIDTH, PADDING + row * HEIGHT);
        if let Some(background) = &self.style.background {
            let width = self.cells * WIDTH;
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\" fill=\"{background}\"/>"
            );
        }
        if self.text.trim().is_empty() {
            return;
        }
        let text = self
            .text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        let weight = if self.style.bold { " font-weight=\"bold\"" } else { "" };
        let opacity = if self.style.dim { " opacity=\"0.6\"" } else { "" };
        let line = if self.style.underline {
            " text-decoration=\"underline\""
        } else {
            ""
        };
        let _ = writeln!(
            svg,
            "<text x=\"{x}\" y=\"{}\" textLength=\"{}\" xml:space=\"preserve\" fill=\"{}\"{weight}{opacity}{line}>{text}</text>",
            y + 15,
            self.cells * WIDTH,
            self.style.foreground,
        );
    }
}
