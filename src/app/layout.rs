//! How the terminal's rows are shared out: the one place that both the core (page keys) and the view ask.

/// Rows of the header: the program and its account, the page's title, a blank line.
pub const HEADER: u16 = 3;
/// Rows of the panel under a table, with its rule, where there is room.
pub const PANEL: u16 = 3;
/// Rows of the keys.
pub const FOOTER: u16 = 1;
/// Rows of the notice above them.
pub const NOTICE: u16 = 1;
/// From how many rows of the terminal on the panel is shown.
pub const PANEL_FROM: u16 = 16;

/// The rows of a page's table, without its heading.
#[must_use]
pub fn table_rows((_, height): (u16, u16)) -> u16 {
    let panel = if height >= PANEL_FROM { PANEL } else { 0 };
    height.saturating_sub(HEADER + 1 + panel + NOTICE + FOOTER)
}

/// Columns of the panel beside the composer's text.
pub const COMPOSER_PANEL: u16 = 42;
/// From how many columns of the terminal on the panel stands beside the text.
pub const COMPOSER_PANEL_FROM: u16 = 100;
/// Rows of the panel below the composer's text, with its rule, where there is no room beside it.
pub const COMPOSER_PANEL_BELOW: u16 = 5;

/// The columns of the panel beside the composer's text; none where it stands below.
#[must_use]
pub fn composer_panel_columns((width, _): (u16, u16)) -> u16 {
    if width >= COMPOSER_PANEL_FROM {
        COMPOSER_PANEL
    } else {
        0
    }
}

/// The rows of the composer's text.
#[must_use]
pub fn composer_rows(size: (u16, u16)) -> u16 {
    let (_, height) = size;
    let below = if composer_panel_columns(size) == 0 && height >= PANEL_FROM {
        COMPOSER_PANEL_BELOW
    } else {
        0
    };
    height.saturating_sub(HEADER + NOTICE + FOOTER + below)
}
