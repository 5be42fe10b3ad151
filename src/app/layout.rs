//! How the terminal's rows are shared out: the one place that both the core (page keys) and the view ask.

/// Rows of the header: the program and its account, the page's title, a blank line.
pub const HEADER: u16 = 3;
/// Rows of the panel under a table, with its rule, where there is room.
pub const PANEL: u16 = 3;
/// Rows of the footer.
pub const FOOTER: u16 = 1;
/// From how many rows of the terminal on the panel is shown.
pub const PANEL_FROM: u16 = 16;

/// The rows of a page's table, without its heading.
#[must_use]
pub fn table_rows((_, height): (u16, u16)) -> u16 {
    let panel = if height >= PANEL_FROM { PANEL } else { 0 };
    height.saturating_sub(HEADER + 1 + panel + FOOTER)
}

/// The rows of the composer's text.
#[must_use]
pub fn composer_rows((_, height): (u16, u16)) -> u16 {
    height.saturating_sub(HEADER + 1 + FOOTER)
}
