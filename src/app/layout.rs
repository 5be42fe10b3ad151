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
    height.saturating_sub(HEADER + 1 + panel_rows(height) + NOTICE + FOOTER)
}

/// The rows of the panel under a table.
#[must_use]
pub fn panel_rows(height: u16) -> u16 {
    if height >= PANEL_FROM { PANEL } else { 0 }
}

/// From how many columns of the terminal on the selected distribution stands beside the list.
pub const WIDE_FROM: u16 = 140;
/// From how many rows of the terminal on what is under way stands below the distributions, and more of it.
pub const TALL_FROM: [u16; 2] = [30, 40];

/// The columns of what stands beside the distributions; none where there is no room.
#[must_use]
pub fn beside_columns((width, height): (u16, u16)) -> u16 {
    let wide = width >= WIDE_FROM && height >= PANEL_FROM;
    if wide { (width * 2 / 5).clamp(60, 90) } else { 0 }
}

/// The rows of what is under way, with its rule; none where there is no room.
#[must_use]
pub fn activity_rows((_, height): (u16, u16)) -> u16 {
    match height {
        height if height < TALL_FROM[0] => 0,
        height if height < TALL_FROM[1] => 4,
        _ => 6,
    }
}

/// The rows of the table of distributions, without its heading: what stands beside it takes the place of the panel.
#[must_use]
pub fn dashboard_rows(size: (u16, u16)) -> u16 {
    let panel = if beside_columns(size) > 0 {
        0
    } else {
        panel_rows(size.1)
    };
    let below = panel + activity_rows(size) + NOTICE + FOOTER;
    size.1.saturating_sub(HEADER + 1 + below)
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
