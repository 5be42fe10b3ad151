//! Divides the terminal's rows and columns. This is the only layout code that both the core (for page keys) and the
//! view use.

/// The height of the header, in rows: the program and its account, the page's title, and a blank line.
pub const HEADER: u16 = 3;
/// The height of the panel below a table, in rows including its rule, if there is room.
pub const PANEL: u16 = 3;
/// The height of the footer with the keys, in rows.
pub const FOOTER: u16 = 1;
/// The height of the notice above the footer, in rows.
pub const NOTICE: u16 = 1;
/// The minimum number of terminal rows for showing the panel.
pub const PANEL_FROM: u16 = 16;

/// Returns the height of a page's table, without its heading.
#[must_use]
pub fn table_rows((_, height): (u16, u16)) -> u16 {
    height.saturating_sub(HEADER + 1 + panel_rows(height) + NOTICE + FOOTER)
}

/// Returns the height of the panel below a table.
#[must_use]
pub fn panel_rows(height: u16) -> u16 {
    if height >= PANEL_FROM { PANEL } else { 0 }
}

/// The minimum number of terminal columns for showing the selected distribution next to the list.
pub const WIDE_FROM: u16 = 140;
/// The minimum numbers of terminal rows for showing the activity strip below the distributions, and for making it
/// larger.
pub const TALL_FROM: [u16; 2] = [30, 40];

/// Returns the width of the panel next to the distributions; 0 if there is no room.
#[must_use]
pub fn beside_columns((width, height): (u16, u16)) -> u16 {
    let wide = width >= WIDE_FROM && height >= PANEL_FROM;
    if wide { (width * 2 / 5).clamp(60, 90) } else { 0 }
}

/// Returns the height of the activity strip, including its rule; 0 if there is no room. The strip takes the rows left
/// free by a list of `listed` distributions. That number does not depend on the filter, so that nothing moves while
/// the user types a filter.
#[must_use]
pub fn activity_rows(size: (u16, u16), listed: usize) -> u16 {
    let least = match size.1 {
        height if height < TALL_FROM[0] => return 0,
        height if height < TALL_FROM[1] => 4,
        _ => 6,
    };
    let Some(listed) = u16::try_from(listed).ok().filter(|listed| *listed > 0) else {
        return least;
    };
    let room = size.1.saturating_sub(HEADER + 1 + panel_below(size) + NOTICE + FOOTER);
    // A blank line separates the list from the strip.
    least.max(room.saturating_sub(listed.saturating_add(1)))
}

/// Returns the height of the panel below the distributions, which is not shown if there is a panel next to them.
fn panel_below(size: (u16, u16)) -> u16 {
    if beside_columns(size) > 0 {
        0
    } else {
        panel_rows(size.1)
    }
}

/// Returns the height of the distributions table, without its heading.
#[must_use]
pub fn dashboard_rows(size: (u16, u16), listed: usize) -> u16 {
    let below = panel_below(size) + activity_rows(size, listed) + NOTICE + FOOTER;
    size.1.saturating_sub(HEADER + 1 + below)
}

/// The width of the panel next to the composer's text, in columns.
pub const COMPOSER_PANEL: u16 = 42;
/// The minimum number of terminal columns for showing the panel next to the text.
pub const COMPOSER_PANEL_FROM: u16 = 100;
/// The height of the panel below the composer's text, in rows including its rule, if there is no room next to it.
pub const COMPOSER_PANEL_BELOW: u16 = 5;

/// Returns the width of the panel next to the composer's text; 0 if the panel is below it.
#[must_use]
pub fn composer_panel_columns((width, _): (u16, u16)) -> u16 {
    if width >= COMPOSER_PANEL_FROM {
        COMPOSER_PANEL
    } else {
        0
    }
}

/// Returns the height of the composer's text.
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
