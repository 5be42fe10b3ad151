//! How things look: each meaning once, in the colors of a theme, and a mark beside each.

mod depth;
mod palette;

use chrono::{DateTime, FixedOffset, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

pub use self::depth::Depth;
use self::palette::Palette;
use crate::settings::{self, Settings, ThemeName};

/// Turns a time into the person's local time. The view has no clock and no time zone of its own: the runtime passes the
/// machine's, tests a fixed one.
pub type LocalTime = fn(DateTime<Utc>) -> DateTime<FixedOffset>;

/// The styles of all meanings. Those of the default theme have foregrounds from the terminal's own sixteen colors, so that
/// dark and light backgrounds both stay what the person chose; the selected row alone brings both its colors with it.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Its name in the configuration.
    pub name: &'static str,
    /// Below everything: background and text, where they are not the terminal's.
    pub base: Style,
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

/// The themes that a person can choose from in this terminal.
#[derive(Clone, Debug)]
pub struct Themes {
    /// The one of the configuration.
    first: Theme,
    others: Vec<Theme>,
}

impl Themes {
    /// The theme of the settings, and the others as they ship.
    #[must_use]
    pub fn of(settings: &Settings, depth: Depth, local: LocalTime) -> Self {
        let others = settings.themes.iter().filter(|name| **name != settings.theme.name);
        Self {
            first: Theme::of(&settings.theme, depth, local),
            others: others.map(|name| Theme::of(&(*name).into(), depth, local)).collect(),
        }
    }

    /// The theme with this name, or the one of the configuration.
    #[must_use]
    pub fn get(&self, name: &str) -> &Theme {
        let mut others = self.others.iter();
        others.find(|theme| theme.name == name).unwrap_or(&self.first)
    }
}

impl Theme {
    /// The theme of a configuration, in a terminal with so many colors.
    #[must_use]
    pub fn of(theme: &settings::Theme, depth: Depth, local: LocalTime) -> Self {
        match Palette::of(theme, depth) {
            Some(palette) => Self::in_colors(theme.name.name(), &palette, local),
            None => Self::mono(local),
        }
    }

    /// The theme with this name as it ships, in a terminal with all colors.
    #[must_use]
    pub fn named(name: &str, local: LocalTime) -> Option<Self> {
        let known = ThemeName::ALL.into_iter().find(|known| known.name() == name);
        known.map(|name| Self::of(&name.into(), Depth::Full, local))
    }

    fn in_colors(name: &'static str, palette: &Palette, local: LocalTime) -> Self {
        let plain = Style::new();
        let of = |color| if color == Color::Reset { plain } else { plain.fg(color) };
        let base = match palette.background {
            Color::Reset => of(palette.text),
            background => of(palette.text).bg(background),
        };
        let dim = match palette.dim {
            Color::Reset => plain.add_modifier(Modifier::DIM),
            dim => plain.fg(dim),
        };
        Self {
            name,
            base,
            text: plain,
            strong: plain.add_modifier(Modifier::BOLD),
            dim,
            accent: of(palette.accent),
            done: of(palette.done),
            under_way: of(palette.under_way),
            wrong: of(palette.wrong),
            danger: of(palette.production).add_modifier(Modifier::BOLD | Modifier::REVERSED),
            selected: selected(palette),
            changed: plain.add_modifier(Modifier::REVERSED),
            behind: dim.remove_modifier(Modifier::BOLD | Modifier::REVERSED),
            selected_mark: "▌",
            sort_marks: ["▲", "▼"],
            local,
        }
    }

    /// Paints what is below everything, where the theme has colors of its own for it.
    pub(crate) fn lay(&self, buffer: &mut Buffer) {
        if self.base != Style::new() {
            buffer.set_style(buffer.area, self.base);
        }
    }

    /// Paints the selected row of a list, after it was drawn: the one place that says how it looks.
    pub(crate) fn select(&self, buffer: &mut Buffer, row: Rect) {
        buffer.set_style(row.intersection(buffer.area), self.selected);
    }

    /// The colors of text and background where nothing else is said.
    fn plain(&self) -> (Color, Color) {
        let of = |color: Option<Color>| color.unwrap_or(Color::Reset);
        (of(self.base.fg), of(self.base.bg))
    }

    /// What is secondary on a line that something else has colored already.
    pub(crate) fn dim_over(&self) -> Style {
        self.dim.fg(self.dim.fg.unwrap_or(self.plain().0))
    }

    /// Lets a page step back while a layer lies above it: it is dim, and its selected row is a row like the others.
    pub(crate) fn recede(&self, buffer: &mut Buffer, page: Rect) {
        let page = page.intersection(buffer.area);
        for position in page.positions() {
            if let Some(cell) = buffer
                .cell_mut(position)
                .filter(|cell| Some(cell.bg) == self.selected.bg)
            {
                cell.set_fg(self.plain().0).set_bg(self.plain().1);
            }
        }
        buffer.set_style(page, self.behind);
    }

    /// No colors at all: bold, reverse and underline, and marks. For `NO_COLOR`.
    pub(crate) fn mono(local: LocalTime) -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        Self {
            name: ThemeName::Mono.name(),
            base: plain,
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

/// The selected row: on a background of its own, or reversed, all of it alike.
fn selected(palette: &Palette) -> Style {
    let picked = Style::new().add_modifier(Modifier::BOLD).remove_modifier(Modifier::DIM);
    match palette.selected_background {
        Color::Reset => picked.fg(palette.text).add_modifier(Modifier::REVERSED),
        background => picked.fg(palette.selected).bg(background),
    }
}
