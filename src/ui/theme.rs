//! The look of the view: one style per meaning, in the colors of a theme, and a mark for each.

mod depth;
mod palette;

use chrono::{DateTime, FixedOffset, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

pub use self::depth::Depth;
use self::palette::Palette;
use crate::settings::{self, Settings, ThemeName};

/// A function that converts a time to the user's local time. The view has neither a clock nor a time zone, so the
/// runtime passes the machine's time zone, and tests pass a fixed one.
pub type LocalTime = fn(DateTime<Utc>) -> DateTime<FixedOffset>;

/// The styles for all meanings. The default theme uses foregrounds from the terminal's own sixteen colors, so that
/// dark and light backgrounds remain as the user chose them; only the selected row sets both colors.
#[derive(Clone, Debug)]
pub struct Theme {
    /// The theme's name in the configuration.
    pub name: &'static str,
    /// The base style: background and text, unless they are the terminal's.
    pub base: Style,
    /// The style of ordinary text, which is what the user looks for.
    pub text: Style,
    /// The style of the most important text on a line.
    pub strong: Style,
    /// The style of secondary text: headings, ages, rules.
    pub dim: Style,
    /// The style of keys, the selection's mark and text being typed.
    pub accent: Style,
    /// The style of completed things.
    pub done: Style,
    /// The style of things in progress.
    pub under_way: Style,
    /// The style of failed or dangerous things.
    pub wrong: Style,
    /// The style of a production account's label, which is shown all the time.
    pub danger: Style,
    /// The style applied to the selected row.
    pub selected: Style,
    /// The style of things in progress in the selected row.
    pub selected_under_way: Style,
    /// The style applied briefly to rows that have just changed.
    pub changed: Style,
    /// The style applied to the page behind an overlay.
    pub behind: Style,
    /// The style of a QR code: dark on light, whatever the terminal's colors are.
    pub scanned: Style,
    /// The mark next to the selected row.
    pub selected_mark: &'static str,
    /// The sort marks, ascending and descending.
    pub sort_marks: [&'static str; 2],
    /// The conversion to local time.
    pub local: LocalTime,
}

/// The marks that accompany the styles, so that every meaning is visible without color.
pub(crate) mod mark {
    /// The mark for completed or valid things.
    pub(crate) const DONE: &str = "✓";
    /// The mark for work in progress.
    pub(crate) const UNDER_WAY: &str = "▸";
    /// The mark for things that are waiting or no longer relevant.
    pub(crate) const QUIET: &str = "·";
    /// The mark for things that need attention.
    pub(crate) const WARNING: &str = "!";
    /// The mark for failures.
    pub(crate) const WRONG: &str = "✗";
    /// The mark for favorites, which are pinned to the top.
    pub(crate) const FAVORITE: &str = "★";
    /// The mark for rows that are marked for an action on several rows.
    pub(crate) const MARKED: &str = "●";
    /// The mark for data that is loading.
    pub(crate) const LOADING: &str = "…";
}

/// The themes that the user can choose from in this terminal.
#[derive(Clone, Debug)]
pub struct Themes {
    /// The configured theme.
    first: Theme,
    others: Vec<Theme>,
}

impl Themes {
    /// Returns the configured theme, and the others as shipped.
    #[must_use]
    pub fn of(settings: &Settings, depth: Depth, local: LocalTime) -> Self {
        let others = settings.themes.iter().filter(|name| **name != settings.theme.name);
        Self {
            first: Theme::of(&settings.theme, depth, local),
            others: others.map(|name| Theme::of(&(*name).into(), depth, local)).collect(),
        }
    }

    /// Returns the theme with this name, or the configured one.
    #[must_use]
    pub fn get(&self, name: &str) -> &Theme {
        let mut others = self.others.iter();
        others.find(|theme| theme.name == name).unwrap_or(&self.first)
    }
}

impl Theme {
    /// Returns a configured theme for a terminal with this color depth.
    #[must_use]
    pub fn of(theme: &settings::Theme, depth: Depth, local: LocalTime) -> Self {
        match Palette::of(theme, depth) {
            Some(palette) => Self::in_colors(theme.name.name(), &palette, local),
            None => Self::mono(local),
        }
    }

    /// Returns the theme with this name as shipped, for a terminal with 24-bit colors.
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
            selected_under_way: match palette.selected_background {
                Color::Reset => selected(palette),
                _ => selected(palette).fg(palette.selected_under_way),
            },
            changed: plain.add_modifier(Modifier::REVERSED),
            behind: receding(dim),
            scanned: Style::new().fg(Color::Black).bg(Color::White),
            selected_mark: "▌",
            sort_marks: ["▲", "▼"],
            local,
        }
    }

    /// Paints the background, if the theme defines one.
    pub(crate) fn lay(&self, buffer: &mut Buffer) {
        if self.base != Style::new() {
            buffer.set_style(buffer.area, self.base);
        }
    }

    /// Paints the selected row of a list after it has been drawn. Nothing else defines what selected rows look like.
    /// Things in progress keep a color of their own.
    pub(crate) fn select(&self, buffer: &mut Buffer, row: Rect) {
        let row = row.intersection(buffer.area);
        for position in row.positions() {
            if let Some(cell) = buffer.cell_mut(position) {
                // The rest of a progress bar must not be louder than its filled part.
                let moves = self.under_way.fg.is_some_and(|color| cell.fg == color) || cell.symbol() == "▱";
                cell.set_style(if moves { self.selected_under_way } else { self.selected });
            }
        }
        let start = (row.width > 0).then(|| row.as_position());
        if let (Some(color), Some(position)) = (self.accent.fg, start)
            && let Some(cell) = buffer.cell_mut(position)
            && cell.symbol() == self.selected_mark
        {
            cell.set_style(Style::new().fg(color).remove_modifier(Modifier::REVERSED));
        }
    }

    /// Returns the text and background colors of cells that have no colors of their own.
    fn plain(&self) -> (Color, Color) {
        let of = |color: Option<Color>| color.unwrap_or(Color::Reset);
        (of(self.base.fg), of(self.base.bg))
    }

    /// Returns the style of secondary text on a line that already has another color.
    pub(crate) fn dim_over(&self) -> Style {
        self.dim.fg(self.dim.fg.unwrap_or(self.plain().0))
    }

    /// Dims the page behind an overlay; the page's selected row then looks like the others.
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

    /// Returns the theme without colors: bold, dim, reverse, underline, and marks. For `NO_COLOR`.
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
            selected_under_way: bold.add_modifier(Modifier::REVERSED),
            changed: plain.add_modifier(Modifier::UNDERLINED),
            behind: receding(plain),
            scanned: plain,
            selected_mark: ">",
            sort_marks: ["^", "v"],
            local,
        }
    }
}

/// Returns the style of a page behind an overlay: fainter than secondary text in the overlay, with or without colors.
fn receding(quiet: Style) -> Style {
    let faint = quiet.add_modifier(Modifier::DIM);
    faint.remove_modifier(Modifier::BOLD | Modifier::REVERSED)
}

/// Returns the style of the selected row: with a separate background or reversed, and uniform across the row.
fn selected(palette: &Palette) -> Style {
    let picked = Style::new().add_modifier(Modifier::BOLD).remove_modifier(Modifier::DIM);
    match palette.selected_background {
        Color::Reset => picked.fg(palette.text).add_modifier(Modifier::REVERSED),
        background => picked.fg(palette.selected).bg(background),
    }
}
