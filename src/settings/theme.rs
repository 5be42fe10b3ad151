//! The settings for the dashboard's colors.

use std::fmt;

use ratatui::style::Color;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// A theme, by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeName {
    /// The terminal's own palette.
    #[default]
    Default,
    /// Dark text on a light background.
    Light,
    /// Maximum contrast.
    Contrast,
    /// Soft colors on a dark background.
    Night,
    /// No colors, only marks, bold and reverse video. Always used when `NO_COLOR` is set.
    Mono,
}

impl ThemeName {
    /// All themes, in the order offered.
    pub const ALL: [Self; 5] = [Self::Default, Self::Light, Self::Contrast, Self::Night, Self::Mono];

    /// Returns the theme's name in the configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Light => "light",
            Self::Contrast => "contrast",
            Self::Night => "night",
            Self::Mono => "mono",
        }
    }
}

/// A theme with the user's replacement colors, by meaning. `None` stands for the theme's own color, and
/// [`Color::Reset`] for the terminal's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Theme {
    /// The theme's name.
    pub name: ThemeName,
    /// The background color.
    #[serde(deserialize_with = "color")]
    pub background: Option<Color>,
    /// The color of ordinary text.
    #[serde(deserialize_with = "color")]
    pub text: Option<Color>,
    /// The color of secondary text: headings, ages, rules.
    #[serde(deserialize_with = "color")]
    pub dim: Option<Color>,
    /// The color of keys, and of text being typed.
    #[serde(deserialize_with = "color")]
    pub accent: Option<Color>,
    /// The color for completed things.
    #[serde(deserialize_with = "color")]
    pub done: Option<Color>,
    /// The color for things in progress.
    #[serde(deserialize_with = "color")]
    pub under_way: Option<Color>,
    /// The color for failed or dangerous things.
    #[serde(deserialize_with = "color")]
    pub wrong: Option<Color>,
    /// The color of a production account's label.
    #[serde(deserialize_with = "color")]
    pub production: Option<Color>,
    /// The text color of the selected row.
    #[serde(deserialize_with = "color")]
    pub selected: Option<Color>,
    /// The background color of the selected row.
    #[serde(deserialize_with = "color")]
    pub selected_background: Option<Color>,
}

impl From<ThemeName> for Theme {
    fn from(name: ThemeName) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }
}

/// Reads a theme from its name or from a table.
pub(super) fn name_or_table<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Theme, D::Error> {
    struct Written;
    impl<'de> Visitor<'de> for Written {
        type Value = Theme;

        fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
            formatter.write_str("the name of a theme, or a table of colors")
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<Theme, E> {
            ThemeName::deserialize(StrDeserializer::new(name)).map(Theme::from)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Theme, A::Error> {
            Theme::deserialize(MapAccessDeserializer::new(map))
        }
    }
    deserializer.deserialize_any(Written)
}

/// Reads a color from a name, `#rrggbb`, an index into the 256-color palette, or `terminal`.
fn color<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Color>, D::Error> {
    struct Written;
    impl Visitor<'_> for Written {
        type Value = Color;

        fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
            formatter.write_str(A_COLOR)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Color, E> {
            match text {
                "terminal" => Ok(Color::Reset),
                _ => text.parse().map_err(|_| E::custom(format!("expected {A_COLOR}"))),
            }
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Color, E> {
            let number = u8::try_from(number).map_err(|_| E::custom(format!("expected {A_COLOR}")))?;
            Ok(Color::Indexed(number))
        }
    }
    deserializer.deserialize_any(Written).map(Some)
}

/// The description of valid colors used in error messages.
const A_COLOR: &str = "a color: a name such as \"red\" or \"light-blue\", \"#rrggbb\", 0 to 255, or \"terminal\"";
