//! The overlay that selects a theme.

use super::keys::{self, Keys};
use super::parts::Parts;

/// The themes to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Themes {
    /// The names, in the order of the list.
    pub names: Vec<&'static str>,
    /// The index of the theme in the configuration.
    pub configured: usize,
}

/// The state of the overlay.
#[derive(Clone, Copy, Debug)]
pub struct ThemeChooser {
    /// The index of the selected theme.
    pub selected: usize,
}

impl Parts for ThemeChooser {
    fn keys(&self) -> Keys {
        keys::THEMES
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }
}
