//! The picture of the README, made from the real screen: `cargo run --release --locked --example picture`.
//!
//! It starts the demo in a terminal of its own, does the main job by keyboard, and writes what is then on the screen to
//! `assets/*.svg`, cell by cell. The binary is that of the same profile, built before.

use std::fmt::Write as _;
use std::path::PathBuf;

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
/// The terminal's sixteen colours.
const PALETTE: [&str; 16] = [
    "#282a2e", "#cc6666", "#8fa354", "#d9a03f", "#5f87af", "#a57fb5", "#5ba3a0", "#c5c8c6", "#75797c", "#e06c75",
    "#b5d17a", "#f0c674", "#81a2be", "#c3a0d0", "#8abeb7", "#ffffff",
];

fn main() -> std::io::Result<()> {
    let assets = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/assets"));
    let pty = Pty::spawn(binary(), &["--demo"], &[("TERM", "xterm-256color")], ROWS, COLS);
    pty.wait_for("Distributions 14");
    pty.type_keys("i");
    pty.wait_for("Invalidate");
    pty.paste("/index.html\n/en/*\n/en/sitemap.xml\n/café menu.pdf\nimages/*.jpg\n/thumbs/%2A");
    pty.wait_for("line 6");
    pty.type_keys("<up>");
    pty.wait_for("would be refused.");
    pty.wait_for("draft saved");
    std::fs::write(assets.join("composer.svg"), picture(&pty))?;
    pty.type_keys("<a-f><down><a-f><c-s>");
    pty.wait_for("will be sent");
    std::fs::write(assets.join("review.svg"), picture(&pty))?;
    pty.type_keys("<enter>");
    pty.wait_for("InProgress");
    pty.wait_for(" +2");
    std::fs::write(assets.join("invalidations.svg"), picture(&pty))
}

/// The dashboard beside this program: both are of one profile.
fn binary() -> PathBuf {
    let mut path = std::env::current_exe().unwrap_or_default();
    path.pop();
    path.pop();
    path.join("invalidash")
}

/// The screen as an SVG: a rectangle for each run of one background, a text for each run of one style.
fn picture(pty: &Pty) -> String {
    let (width, height) = (
        usize::from(COLS) * WIDTH + 2 * PADDING,
        usize::from(ROWS) * HEIGHT + 2 * PADDING,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"ui-monospace, 'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"15\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n"
    );
    for row in 0..ROWS {
        for run in runs(pty, row) {
            run.draw(&mut svg, usize::from(row));
        }
    }
    svg.push_str("</svg>\n");
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
    let (foreground, background) = (colour(cell.fgcolor()), colour(cell.bgcolor()));
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

fn colour(colour: vt100::Color) -> Option<String> {
    match colour {
        vt100::Color::Default => None,
        vt100::Color::Idx(index) => PALETTE.get(usize::from(index)).map(ToString::to_string),
        vt100::Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
    }
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
