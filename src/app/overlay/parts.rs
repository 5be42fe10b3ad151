//! The properties that every overlay has, so that no code has to distinguish between overlays.

use tui_input::Input;

use super::keys::Keys;

/// The parts of an overlay. An overlay with text has only a title and keys; the rest is optional.
pub trait Parts {
    /// Returns its name, for the heading above its keys in the help.
    fn title(&self) -> &'static str;

    /// Returns the actions that it shows and accepts in its current state.
    fn keys(&self) -> Keys;

    /// Returns whether letters are text input in it.
    fn is_field(&self) -> bool {
        false
    }

    /// Returns the text field being edited in it, if there is one.
    fn field_mut(&mut self) -> Option<&mut Input> {
        None
    }

    /// Handles a changed text: resets the selection and clears the error.
    fn edited(&mut self) {}

    /// Returns the index of the selected line, in an overlay with choices; the view scrolls one with text.
    fn selected_mut(&mut self) -> Option<&mut usize> {
        None
    }

    /// Whether it has a key that sends: that acts only once the overlay was seen.
    fn sends(&self) -> bool {
        false
    }

    /// Whether something has to be typed in it before it sends.
    fn is_confirmation(&self) -> bool {
        false
    }

    /// Returns whether it concerns the list being composed, and has no meaning above another page.
    fn is_of_composer(&self) -> bool {
        false
    }
}
