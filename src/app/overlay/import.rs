//! The import overlay: the kind of source, one line of input, and a preview with the price. Nothing changes until
//! Enter is pressed on the preview.

pub mod earlier;
pub mod kind;
pub mod path;
pub mod preview;

use path::Completing;
use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::engine::effect::RequestId;
use earlier::Earlier;
use kind::Ask;
use preview::Preview;

/// The state of the import overlay.
#[derive(Clone, Debug)]
pub struct Importing {
    /// The current step.
    pub step: Step,
}

/// A step of the import; Esc returns to the previous one.
#[derive(Clone, Debug)]
pub enum Step {
    /// The menu of kinds, with the selected one.
    Menu(usize),
    /// The line of input that a kind requires.
    Ask(Ask),
    /// Waiting for a paste; one line can also be typed.
    Paste(Input),
    /// The list of earlier invalidations to choose from.
    Earlier(Earlier),
    /// The import is being fetched.
    Waiting(Ask, RequestId),
    /// The preview of the import.
    Preview(Box<Preview>),
}

impl Importing {
    /// Returns the list of earlier invalidations, if that is the current step.
    #[must_use]
    pub fn earlier(&self) -> Option<&Earlier> {
        match &self.step {
            Step::Earlier(earlier) => Some(earlier),
            Step::Menu(_) | Step::Ask(_) | Step::Paste(_) | Step::Waiting(..) | Step::Preview(_) => None,
        }
    }
}

impl Parts for Importing {
    fn keys(&self) -> Keys {
        match self.step {
            Step::Menu(_) => keys::IMPORT_MENU,
            Step::Ask(_) => keys::IMPORT_ASK,
            Step::Paste(_) => keys::IMPORT_PASTE,
            Step::Earlier(_) => keys::IMPORT_EARLIER,
            Step::Waiting(..) => keys::IMPORT_WAITING,
            Step::Preview(_) => keys::IMPORT_PREVIEW,
        }
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        match &mut self.step {
            Step::Ask(ask) => Some(&mut ask.input),
            Step::Paste(input) => Some(input),
            Step::Earlier(earlier) => Some(&mut earlier.filter),
            Step::Menu(_) | Step::Waiting(..) | Step::Preview(_) => None,
        }
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        match &mut self.step {
            Step::Menu(selected) => Some(selected),
            Step::Earlier(earlier) => Some(&mut earlier.selected),
            Step::Ask(_) | Step::Paste(_) | Step::Waiting(..) | Step::Preview(_) => None,
        }
    }

    fn edited(&mut self) {
        match &mut self.step {
            Step::Ask(ask) => {
                ask.mistake = None;
                ask.completing = Completing::default();
            }
            Step::Earlier(earlier) => earlier.selected = 0,
            Step::Menu(_) | Step::Paste(_) | Step::Waiting(..) | Step::Preview(_) => {}
        }
    }

    fn is_of_composer(&self) -> bool {
        true
    }
}
