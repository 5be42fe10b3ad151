//! How things look: the terminal's own colours, each meaning once, and a mark beside each.

use chrono::{DateTime, FixedOffset, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// Turns a time into the person's local time. The view has no clock and no time zone of its own: the runtime passes the
/// machine's, tests a fixed one.
pub type LocalTime = fn(DateTime<Utc>) -> DateTime<FixedOffset>;

/// The styles of all meanings. Foregrounds from the terminal's own sixteen colours, so that dark and light backgrounds both
/// stay what the person chose; the selected row alone brings its background and the colour of its text with it.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Its name in the configuration.
    pub name: &'static str,
    /// What is being looked for: ordinary text.
    pub text: Style,
    /// What matters most on a line.
    pub strong: Style,
    /// What is secondary: headings, ages, rules.
    pub dim: Style,
    /// Keys, the selection's mark, what is being typed.
    pub accent: Style,
    /// Done.
    pub done: Style,
    /// Under way.
    pub under_way: Style,
    /// Wrong, or dangerous.
    pub wrong: Style,
    /// The label of an account in production: worn all the time.
    pub danger: Style,
    /// Put over the selected row.
    pub selected: Style,
    /// Put over what has just changed, for a moment.
    pub changed: Style,
    /// Put over the page while a layer lies above it.
    pub behind: Style,
    /// The mark beside the selected row.
    pub selected_mark: &'static str,
    /// The marks of a sort, upwards and downwards.
    pub sort_marks: [&'static str; 2],
    /// Local time.
    pub local: LocalTime,
}

/// The marks that go with the meanings, so that each one is read without colour, too.
pub(crate) mod mark {
    /// Done.
    pub(crate) const DONE: &str = "✓";
    /// Under way.
    pub(crate) const UNDER_WAY: &str = "▸";
    /// Waits, or does not matter any more.
    pub(crate) const QUIET: &str = "·";
    /// To look at.
    pub(crate) const WARNING: &str = "!";
    /// Wrong.
    pub(crate) const WRONG: &str = "✗";
    /// Kept at the top.
    pub(crate) const FAVOURITE: &str = "★";
    /// Marked, to do something with several.
    pub(crate) const MARKED: &str = "●";
    /// Something is being fetched.
    pub(crate) const LOADING: &str = "…";
}

impl Theme {
    /// The names of all themes.
    pub const NAMES: [&'static str; 2] = ["default", "mono"];

    /// The theme with this name.
    #[must_use]
    pub fn named(name: &str, local: LocalTime) -> Option<Self> {
        match name {
            "default" => Some(Self::colour(local)),
            "mono" => Some(Self::mono(local)),
            _ => None,
        }
    }

    /// The terminal's own colours.
    #[must_use]
    pub fn colour(local: LocalTime) -> Self {
        let plain = Style::new();
        let picked = plain.add_modifier(Modifier::BOLD).remove_modifier(Modifier::DIM);
        Self {
            name: "default",
            text: plain,
            strong: plain.add_modifier(Modifier::BOLD),
            dim: plain.add_modifier(Modifier::DIM),
            accent: plain.fg(Color::Cyan),
            done: plain.fg(Color::Green),
            under_way: plain.fg(Color::Yellow),
            wrong: plain.fg(Color::Red),
            danger: plain.fg(Color::Red).add_modifier(Modifier::BOLD | Modifier::REVERSED),
            // Both colours from the part of the palette that nobody changes: they go together on any background.
            selected: picked.fg(Color::Indexed(231)).bg(Color::Indexed(24)),
            changed: plain.add_modifier(Modifier::REVERSED),
            behind: plain
                .add_modifier(Modifier::DIM)
                .remove_modifier(Modifier::BOLD | Modifier::REVERSED),
            selected_mark: "▌",
            sort_marks: ["▲", "▼"],
            local,
        }
    }

    /// The same for a terminal that has no more than sixteen colours: the selected row is reversed, all of it alike.
    #[must_use]
    pub fn in_sixteen(self) -> Self {
        let reversed = Style::new().fg(Color::Reset);
        let reversed = reversed.add_modifier(Modifier::BOLD | Modifier::REVERSED);
        Self {
            selected: reversed.remove_modifier(Modifier::DIM),
            ..self
        }
    }

    /// Paints the selected row of a list, after it was drawn: the one place that says how it looks.
    pub(crate) fn select(&self, buffer: &mut Buffer, row: Rect) {
        buffer.set_style(row.intersection(buffer.area), self.selected);
    }

    /// Lets a page step back while a layer lies above it: it is dim, and its selected row is a row like the others.
    pub(crate) fn recede(&self, buffer: &mut Buffer, page: Rect) {
        let page = page.intersection(buffer.area);
        for position in page.positions() {
            if let Some(cell) = buffer
                .cell_mut(position)
                .filter(|cell| Some(cell.bg) == self.selected.bg)
            {
                cell.set_fg(Color::Reset).set_bg(Color::Reset);
            }
        }
        buffer.set_style(page, self.behind);
    }

    /// No colours at all: bold, reverse and underline, and marks. For `NO_COLOR`.
    #[must_use]
    pub fn mono(local: LocalTime) -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            name: "mono",
            text: plain,
            strong: bold,
            dim: plain,
            accent: bold,
            done: plain,
            under_way: plain,
            wrong: bold,
            danger: bold.add_modifier(Modifier::REVERSED),
            selected: bold.add_modifier(Modifier::REVERSED),
            changed: plain.add_modifier(Modifier::UNDERLINED),
            behind: plain.remove_modifier(Modifier::BOLD | Modifier::REVERSED),
            selected_mark: ">",
            sort_marks: ["^", "v"],
            local,
        }
    }
}
