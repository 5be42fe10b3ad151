//! The interface that every overlay implements, so that other code need not distinguish between overlays.

use tui_input::Input;

use super::keys::Keys;

/// The parts of an overlay. One that only displays text has a title and keys; the rest is optional.
pub trait Parts {
    /// Returns its name, for the heading above its keys in the help.
    fn title(&self) -> &'static str;

    /// Returns the actions that it shows and accepts in its current state.
    fn keys(&self) -> Keys;

    /// Returns whether letters are text input in this overlay.
    fn is_field(&self) -> bool {
        false
    }

    /// Returns the text field that has the focus in this overlay, if there is one.
    fn field_mut(&mut self) -> Option<&mut Input> {
        None
    }

    /// Handles a changed text: resets the selection and clears the error.
    fn edited(&mut self) {}

    /// Returns the index of the selected line, in an overlay with choices; the view scrolls one with text.
    fn selected_mut(&mut self) -> Option<&mut usize> {
        None
    }

    /// Returns whether one of its keys sends: such a key has an effect only once the user has seen the overlay.
    fn sends(&self) -> bool {
        false
    }

    /// Returns whether something must be typed in it before it sends.
    fn is_confirmation(&self) -> bool {
        false
    }

    /// Returns whether this overlay belongs to the composer and makes no sense over any other page.
    fn is_of_composer(&self) -> bool {
        false
    }
}
