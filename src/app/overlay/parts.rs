//! The interface that every overlay implements, so that other code need not distinguish between overlays.

use tui_input::Input;

use super::keys::Keys;

/// The parts of an overlay. An overlay that only displays text needs only keys; the other parts are optional.
pub trait Parts {
    /// Returns the actions that the overlay shows and accepts in its current state.
    fn keys(&self) -> Keys;

    /// Returns the text field that has the focus in this overlay, if any.
    fn field_mut(&mut self) -> Option<&mut Input> {
        None
    }

    /// Reacts to edited text: resets the selection and clears the error.
    fn edited(&mut self) {}

    /// Returns the index of the selected line if the overlay has choices; an overlay with text is scrolled by the view.
    fn selected_mut(&mut self) -> Option<&mut usize> {
        None
    }

    /// Returns whether this overlay belongs to the composer and makes no sense over any other page.
    fn is_of_composer(&self) -> bool {
        false
    }
}
