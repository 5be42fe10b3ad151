//! The overlay for choosing a theme.

use super::keys::{self, Keys};
use super::parts::Parts;

/// The themes to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Themes {
    /// The names of the themes, in display order.
    pub names: Vec<&'static str>,
    /// The index of the configured theme.
    pub configured: usize,
}

/// The state of the theme overlay.
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
