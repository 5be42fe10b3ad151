//! The overlay that searches for a target in all profiles. The results are in [`crate::engine::profile_search`].

use super::keys::{self, Keys};
use super::parts::Parts;

/// The state of the profile search overlay.
#[derive(Clone, Copy, Debug, Default)]
pub struct InProfiles {
    /// The index of the selected line.
    pub selected: usize,
}

impl Parts for InProfiles {
    fn keys(&self) -> Keys {
        keys::PROFILE_SEARCH
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }
}
