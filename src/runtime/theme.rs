//! The look of the dashboard for this terminal and time zone.

use chrono::{DateTime, FixedOffset, Local, Utc};

use crate::settings::Settings;
use crate::ui::{Depth, Themes};

/// Substrings of `TERM` that identify terminals with 24-bit colors, even if `COLORTERM` does not report them.
const FULL: [&str; 6] = ["direct", "kitty", "alacritty", "foot", "ghostty", "wezterm"];

/// Returns the available themes, adapted to the number of colors that the terminal reports.
pub(super) fn of(settings: &Settings) -> Themes {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let depth = depth(&variable("TERM"), &variable("COLORTERM"));
    Themes::of(settings, depth, local)
}

fn depth(term: &str, colorterm: &str) -> Depth {
    match colorterm {
        "truecolor" | "24bit" => Depth::Full,
        _ if FULL.iter().any(|part| term.contains(part)) => Depth::Full,
        "" if !term.contains("256color") => Depth::Sixteen,
        _ => Depth::Palette,
    }
}

/// Converts a time to this machine's time zone, including daylight saving time.
fn local(time: DateTime<Utc>) -> DateTime<FixedOffset> {
    time.with_timezone(&Local).fixed_offset()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_says_how_many_colors_it_has() {
        let table = [
            ("xterm-256color", "", Depth::Palette),
            ("screen-256color", "truecolor", Depth::Full),
            ("xterm-kitty", "", Depth::Full),
            ("xterm-direct", "", Depth::Full),
            ("xterm", "truecolor", Depth::Full),
            ("xterm", "24bit", Depth::Full),
            ("xterm", "yes", Depth::Palette),
            ("xterm", "", Depth::Sixteen),
            ("linux", "", Depth::Sixteen),
            ("", "", Depth::Sixteen),
        ];
        for (term, colorterm, has) in table {
            assert_eq!(depth(term, colorterm), has, "{term} {colorterm}");
        }
    }
}
