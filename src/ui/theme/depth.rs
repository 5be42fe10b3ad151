//! The number of colors that a terminal has, and the available color nearest to a given one.

use ratatui::style::Color;

/// The number of colors that a terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Sixteen colors, which the user may have changed.
    Sixteen,
    /// The 256-color palette.
    Palette,
    /// 24-bit colors.
    Full,
}

/// The sixteen colors with xterm's values, used to find the nearest one.
const SIXTEEN: [(Color, (u8, u8, u8)); 16] = [
    (Color::Black, (0, 0, 0)),
    (Color::Red, (205, 0, 0)),
    (Color::Green, (0, 205, 0)),
    (Color::Yellow, (205, 205, 0)),
    (Color::Blue, (0, 0, 238)),
    (Color::Magenta, (205, 0, 205)),
    (Color::Cyan, (0, 205, 205)),
    (Color::Gray, (229, 229, 229)),
    (Color::DarkGray, (127, 127, 127)),
    (Color::LightRed, (255, 0, 0)),
    (Color::LightGreen, (0, 255, 0)),
    (Color::LightYellow, (255, 255, 0)),
    (Color::LightBlue, (92, 92, 255)),
    (Color::LightMagenta, (255, 0, 255)),
    (Color::LightCyan, (0, 255, 255)),
    (Color::White, (255, 255, 255)),
];

/// The levels of red, green and blue in the 256-color palette.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// Returns the color itself, or the nearest one that the terminal has.
pub(super) fn reduced(color: Color, depth: Depth) -> Color {
    match (color, depth) {
        (Color::Rgb(red, green, blue), Depth::Palette) => nearest_of_palette((red, green, blue)),
        (Color::Rgb(..) | Color::Indexed(_), Depth::Sixteen) => rgb(color).map_or(color, nearest_of_sixteen),
        _ => color,
    }
}

/// Returns the red, green and blue of a color; `None` for the terminal's own color, which is unknown.
pub(super) fn rgb(color: Color) -> Option<(u8, u8, u8)> {
    match color {
        Color::Rgb(red, green, blue) => Some((red, green, blue)),
        Color::Indexed(number) => Some(of_number(number)),
        _ => SIXTEEN.iter().find(|(named, _)| *named == color).map(|(_, rgb)| *rgb),
    }
}

fn of_number(number: u8) -> (u8, u8, u8) {
    match number {
        0..=15 => SIXTEEN[usize::from(number)].1,
        16..=231 => {
            let step = |by: u8| STEPS[usize::from((number - 16) / by % 6)];
            (step(36), step(6), step(1))
        }
        232..=255 => {
            let gray = 8 + 10 * (number - 232);
            (gray, gray, gray)
        }
    }
}

/// Returns the nearest color in the palette, excluding the first sixteen, which the user may have changed.
fn nearest_of_palette(wanted: (u8, u8, u8)) -> Color {
    let nearest = (16..=255).min_by_key(|number| distance(of_number(*number), wanted));
    Color::Indexed(nearest.unwrap_or_default())
}

fn nearest_of_sixteen(wanted: (u8, u8, u8)) -> Color {
    let nearest = SIXTEEN.iter().min_by_key(|(_, rgb)| distance(*rgb, wanted));
    nearest.map_or(Color::Reset, |(color, _)| *color)
}

/// Returns the perceived difference between two colors. The eye distinguishes green best and blue least.
fn distance(one: (u8, u8, u8), other: (u8, u8, u8)) -> u32 {
    let square = |one: u8, other: u8| u32::from(one.abs_diff(other)).pow(2);
    3 * square(one.0, other.0) + 6 * square(one.1, other.1) + square(one.2, other.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_the_nearest_of_its_colors() {
        let night = Color::Rgb(0x1a, 0x1b, 0x26);
        assert_eq!(reduced(night, Depth::Full), night);
        assert_eq!(reduced(night, Depth::Palette), Color::Indexed(234));
        assert_eq!(reduced(night, Depth::Sixteen), Color::Black);
        assert_eq!(reduced(Color::Rgb(255, 135, 0), Depth::Palette), Color::Indexed(208));
        assert_eq!(reduced(Color::Indexed(231), Depth::Sixteen), Color::White);
        assert_eq!(reduced(Color::Cyan, Depth::Sixteen), Color::Cyan);
        assert_eq!(reduced(Color::Reset, Depth::Sixteen), Color::Reset);
    }
}
