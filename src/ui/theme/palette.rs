//! The colors of the themes, one per meaning.

use ratatui::style::Color;

use super::depth::{Depth, reduced};
use crate::settings::{self, ThemeName};

/// A color for each meaning; [`Color::Reset`] is the terminal's own color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Palette {
    pub(super) background: Color,
    pub(super) text: Color,
    /// The color of secondary text; if it is the terminal's own, the text is dim.
    pub(super) dim: Color,
    pub(super) accent: Color,
    pub(super) done: Color,
    pub(super) under_way: Color,
    pub(super) wrong: Color,
    pub(super) production: Color,
    pub(super) selected: Color,
    /// The color of work in progress in the selected row.
    pub(super) selected_under_way: Color,
    /// The background of the selected row; if it is the terminal's own, the row is reversed.
    pub(super) selected_background: Color,
}

/// The terminal's own sixteen colors, with a few exceptions from the part of the palette that users do not change. Dim
/// text and yellow are hard to read on many backgrounds; this gray and this amber are readable on dark and light ones.
/// The two colors of the selected row go together on any background.
const DEFAULT: Palette = Palette {
    background: Color::Reset,
    text: Color::Reset,
    dim: Color::Indexed(244),
    accent: Color::Cyan,
    done: Color::Green,
    under_way: Color::Indexed(136),
    wrong: Color::Red,
    production: Color::Red,
    selected: Color::Indexed(231),
    selected_under_way: Color::Indexed(221),
    selected_background: Color::Indexed(24),
};

/// The default theme on a terminal that has only the sixteen colors.
const SIXTEEN: Palette = Palette {
    dim: Color::Reset,
    under_way: Color::Yellow,
    ..DEFAULT
};

const LIGHT: Palette = Palette {
    background: Color::Rgb(0xfa, 0xfa, 0xfa),
    text: Color::Rgb(0x24, 0x29, 0x2f),
    dim: Color::Rgb(0x5f, 0x67, 0x70),
    accent: Color::Rgb(0x05, 0x50, 0xae),
    done: Color::Rgb(0x1a, 0x6f, 0x32),
    under_way: Color::Rgb(0x8a, 0x5a, 0x00),
    wrong: Color::Rgb(0xc4, 0x1c, 0x2a),
    production: Color::Rgb(0xc4, 0x1c, 0x2a),
    selected: Color::Rgb(0x0a, 0x30, 0x69),
    selected_under_way: Color::Rgb(0x6e, 0x44, 0x00),
    selected_background: Color::Rgb(0xc8, 0xe1, 0xff),
};

const CONTRAST: Palette = Palette {
    background: Color::Rgb(0x00, 0x00, 0x00),
    text: Color::Rgb(0xff, 0xff, 0xff),
    dim: Color::Rgb(0xd0, 0xd0, 0xd0),
    accent: Color::Rgb(0x00, 0xff, 0xff),
    done: Color::Rgb(0x00, 0xff, 0x00),
    under_way: Color::Rgb(0xff, 0xff, 0x00),
    wrong: Color::Rgb(0xff, 0x87, 0x87),
    production: Color::Rgb(0xff, 0x87, 0x87),
    selected: Color::Rgb(0x00, 0x00, 0x00),
    selected_under_way: Color::Rgb(0x00, 0x00, 0x00),
    selected_background: Color::Rgb(0xff, 0xff, 0x00),
};

const NIGHT: Palette = Palette {
    background: Color::Rgb(0x1a, 0x1b, 0x26),
    text: Color::Rgb(0xc0, 0xca, 0xf5),
    dim: Color::Rgb(0x83, 0x8b, 0xb5),
    accent: Color::Rgb(0x7d, 0xcf, 0xff),
    done: Color::Rgb(0x9e, 0xce, 0x6a),
    under_way: Color::Rgb(0xe0, 0xaf, 0x68),
    wrong: Color::Rgb(0xf7, 0x76, 0x8e),
    production: Color::Rgb(0xf7, 0x76, 0x8e),
    selected: Color::Rgb(0xff, 0xff, 0xff),
    selected_under_way: Color::Rgb(0xe0, 0xaf, 0x68),
    selected_background: Color::Rgb(0x33, 0x46, 0x7c),
};

impl Palette {
    /// Returns a theme's colors with the user's replacements, for a terminal with this color depth; `None` for a theme
    /// without colors.
    pub(super) fn of(theme: &settings::Theme, depth: Depth) -> Option<Self> {
        let own = match theme.name {
            ThemeName::Default if depth == Depth::Sixteen => SIXTEEN,
            ThemeName::Default => DEFAULT,
            ThemeName::Light => LIGHT,
            ThemeName::Contrast => CONTRAST,
            ThemeName::Night => NIGHT,
            ThemeName::Mono => return None,
        };
        Some(own.with(theme).shown_in(depth))
    }

    fn with(self, theme: &settings::Theme) -> Self {
        // The user's own colors for the selected row go together; another one might be unreadable on them.
        let own_row = theme.selected.or(theme.selected_background).is_some();
        Self {
            selected_under_way: if own_row {
                theme.selected.unwrap_or(self.selected)
            } else {
                self.selected_under_way
            },
            background: theme.background.unwrap_or(self.background),
            text: theme.text.unwrap_or(self.text),
            dim: theme.dim.unwrap_or(self.dim),
            accent: theme.accent.unwrap_or(self.accent),
            done: theme.done.unwrap_or(self.done),
            under_way: theme.under_way.unwrap_or(self.under_way),
            wrong: theme.wrong.unwrap_or(self.wrong),
            production: theme.production.unwrap_or(self.production),
            selected: theme.selected.unwrap_or(self.selected),
            selected_background: theme.selected_background.unwrap_or(self.selected_background),
        }
    }

    /// Reduces the colors to the terminal's depth. With sixteen colors there is no subtle background, so the selected
    /// row is reversed.
    fn shown_in(self, depth: Depth) -> Self {
        let shown = |color| reduced(color, depth);
        Self {
            background: shown(self.background),
            text: shown(self.text),
            dim: shown(self.dim),
            accent: shown(self.accent),
            done: shown(self.done),
            under_way: shown(self.under_way),
            wrong: shown(self.wrong),
            production: shown(self.production),
            selected: shown(self.selected),
            selected_under_way: shown(self.selected_under_way),
            selected_background: match depth {
                Depth::Sixteen => Color::Reset,
                Depth::Palette | Depth::Full => shown(self.selected_background),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::depth::rgb;
    use super::*;

    /// Returns the contrast ratio of two colors, from 1 to 21, as defined by the Web Content Accessibility Guidelines.
    fn contrast(one: Color, other: Color) -> f64 {
        let lightness = |color| {
            let (red, green, blue) = rgb(color).unwrap_or_default();
            let linear = |part: u8| {
                let part = f64::from(part) / 255.0;
                if part <= 0.04045 {
                    part / 12.92
                } else {
                    ((part + 0.055) / 1.055).powf(2.4)
                }
            };
            0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
        };
        let (one, other) = (lightness(one), lightness(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn every_meaning_can_be_read_on_its_background_in_every_terminal() {
        for (name, least) in [
            (ThemeName::Light, 4.5),
            (ThemeName::Night, 4.5),
            (ThemeName::Contrast, 7.0),
        ] {
            for depth in [Depth::Full, Depth::Palette, Depth::Sixteen] {
                // The user may have changed the sixteen colors. With xterm's values, dark gray limits the contrast.
                let least = if depth == Depth::Sixteen {
                    f64::min(least, 4.0)
                } else {
                    least
                };
                let Some(palette) = Palette::of(&name.into(), depth) else {
                    continue;
                };
                for (meaning, color) in [
                    ("text", palette.text),
                    ("dim", palette.dim),
                    ("accent", palette.accent),
                    ("done", palette.done),
                    ("under way", palette.under_way),
                    ("wrong", palette.wrong),
                    ("production", palette.production),
                ] {
                    let seen = contrast(color, palette.background);
                    assert!(seen >= least, "{name:?} in {depth:?}: {meaning} {color} has {seen:.1}");
                }
                if depth != Depth::Sixteen {
                    for color in [palette.selected, palette.selected_under_way] {
                        let seen = contrast(color, palette.selected_background);
                        assert!(seen >= least, "{name:?} in {depth:?}: the selected row has {seen:.1}");
                    }
                }
            }
        }
    }

    /// White, black, and backgrounds of popular terminals.
    const BACKGROUNDS: [Color; 6] = [
        Color::Rgb(0xff, 0xff, 0xff),
        Color::Rgb(0xfa, 0xfa, 0xfa),
        Color::Rgb(0xfd, 0xf6, 0xe3),
        Color::Rgb(0x00, 0x00, 0x00),
        Color::Rgb(0x1d, 0x1f, 0x21),
        Color::Rgb(0x1e, 0x1e, 0x2e),
    ];

    #[test]
    fn the_default_theme_can_be_read_on_dark_and_light_backgrounds() {
        for depth in [Depth::Full, Depth::Palette] {
            let palette = Palette::of(&ThemeName::Default.into(), depth).unwrap_or(NIGHT);
            for background in BACKGROUNDS {
                for (meaning, color, least) in [("dim", palette.dim, 3.6), ("under way", palette.under_way, 3.0)] {
                    let seen = contrast(color, background);
                    assert!(seen >= least, "{meaning} on {background} has {seen:.1}");
                }
            }
        }
        let sixteen = Palette::of(&ThemeName::Default.into(), Depth::Sixteen).unwrap_or(NIGHT);
        assert_eq!((sixteen.dim, sixteen.under_way), (Color::Reset, Color::Yellow));
    }

    #[test]
    fn a_replaced_color_is_in_its_place_alone() {
        let theme = settings::Theme {
            accent: Some(Color::Rgb(1, 2, 3)),
            background: Some(Color::Reset),
            ..ThemeName::Night.into()
        };
        let expected = Palette {
            accent: Color::Rgb(1, 2, 3),
            background: Color::Reset,
            ..NIGHT
        };
        assert_eq!(Palette::of(&theme, Depth::Full), Some(expected));
    }
}
