//! How the dashboard looks in this terminal and in this zone.

use chrono::{DateTime, FixedOffset, Local, Utc};

use crate::settings::{Settings, Theme};
use crate::ui;

/// Parts of the names of terminals that have more than sixteen colours.
const COLOURFUL: [&str; 7] = ["256color", "direct", "kitty", "alacritty", "foot", "ghostty", "wezterm"];

/// The theme that was chosen, with as many colours as the terminal says that it has.
pub(super) fn of(settings: &Settings) -> ui::Theme {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    match settings.theme {
        Theme::Default if has_256_colours(&variable("TERM"), &variable("COLORTERM")) => ui::Theme::colour(local),
        Theme::Default => ui::Theme::colour(local).in_sixteen(),
        Theme::Mono => ui::Theme::mono(local),
    }
}

fn has_256_colours(term: &str, colorterm: &str) -> bool {
    !colorterm.is_empty() || COLOURFUL.iter().any(|part| term.contains(part))
}

/// The time of this machine's zone, summer and winter.
fn local(time: DateTime<Utc>) -> DateTime<FixedOffset> {
    time.with_timezone(&Local).fixed_offset()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_says_how_many_colours_it_has() {
        let table = [
            ("xterm-256color", "", true),
            ("xterm-kitty", "", true),
            ("xterm", "truecolor", true),
            ("xterm", "", false),
            ("linux", "", false),
            ("", "", false),
        ];
        for (term, colorterm, has) in table {
            assert_eq!(has_256_colours(term, colorterm), has, "{term} {colorterm}");
        }
    }
}
