//! What every overlay says of itself, so that nobody has to ask which one it is.

use tui_input::Input;

use super::keys::Keys;

/// What an overlay is made of. An overlay that is only read has a title and keys; the rest is for those that have it.
pub trait Parts {
    /// Its name, above its keys in the help.
    fn title(&self) -> &'static str;

    /// The actions that it shows and accepts in its present state.
    fn keys(&self) -> Keys;

    /// Whether letters are text in it.
    fn is_field(&self) -> bool {
        false
    }

    /// The line of text being typed in it, if there is one.
    fn field_mut(&mut self) -> Option<&mut Input> {
        None
    }

    /// The text typed in it changed: the selection begins at the top again and the error is cleared.
    fn edited(&mut self) {}

    /// The place of the selected line, in an overlay that is chosen from; one that is read is scrolled by the view.
    fn selected_mut(&mut self) -> Option<&mut usize> {
        None
    }

    /// Whether it is about the list being composed, and means nothing above another page.
    fn is_of_composer(&self) -> bool {
        false
    }
}
