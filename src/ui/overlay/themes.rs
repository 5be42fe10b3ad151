//! The overlay for selecting a theme. The page behind the overlay is not dimmed, so that it shows what the theme looks
//! like.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::super::theme::{Theme, mark};
use super::super::widget::pen::{Pen, line_of};
use super::kit::{Opened, choice, open};

/// The preferred width, in columns.
const COLUMNS: usize = 58;

/// The width of the names, in columns.
const NAMES: usize = 10;

/// Draws the overlay, with a sample of the selected theme's styles.
pub(super) fn draw(look: ViewContext<'_>, selected: usize, buffer: &mut Buffer, room: Rect) {
    let theme = look.theme;
    let names = &look.model.themes.names;
    let Opened { body, .. } = open(look, buffer, room, "Themes", (COLUMNS, names.len() + 2));
    for (place, name) in names.iter().enumerate() {
        choice(look, (place, selected), buffer, line_of(body, place), |pen| {
            pen.skip(1)
                .text(&format!("{name:NAMES$}"), theme.text)
                .text(about(name), theme.dim);
        });
    }
    Pen::new(buffer, line_of(body, names.len() + 1))
        .skip(2)
        .spans(&sample(theme));
}

fn sample(theme: &Theme) -> [Span<'static>; 9] {
    let marked = |mark: &str, word: &str| format!("{mark} {word}");
    let gap = || Span::raw("  ");
    [
        Span::styled(marked(mark::DONE, "Completed"), theme.done),
        gap(),
        Span::styled(marked(mark::UNDER_WAY, "InProgress"), theme.under_way),
        gap(),
        Span::styled(marked(mark::WRONG, "Rejected"), theme.wrong),
        gap(),
        Span::styled("key", theme.accent),
        gap(),
        Span::styled(" PRODUCTION ", theme.danger),
    ]
}

/// Describes a theme in a few words.
fn about(name: &str) -> &'static str {
    match name {
        "default" => "the terminal's own colors",
        "light" => "dark text on a light background",
        "contrast" => "bright colors on black",
        "night" => "soft colors on a dark background",
        "mono" => "no colors: bold, dim, reverse and marks",
        _ => "",
    }
}
