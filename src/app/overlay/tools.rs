//! The overlay with the composer's tools, each on a single letter. Letters need neither Alt, which types special
//! characters on macOS, nor chords that a terminal multiplexer reserves.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::app::action::Action;

/// The letters with their actions, in display order.
pub const TOOLS: &[(char, Action)] = &[
    ('r', Action::Review),
    ('f', Action::FixSafe),
    ('t', Action::TakeOffer),
    ('n', Action::NextProblem),
    ('k', Action::KeepLine),
    ('i', Action::Import),
    ('l', Action::Lists),
    ('e', Action::ExternalEditor),
    ('p', Action::Collapse),
    ('o', Action::SwitchTarget),
    ('b', Action::AddTwin),
    ('d', Action::NextDraft),
    ('c', Action::ToggleComment),
    ('s', Action::SortLines),
    ('/', Action::Find),
    ('g', Action::FindNext),
    ('a', Action::SelectAll),
    ('y', Action::CopyText),
    ('x', Action::CutText),
    ('u', Action::Undo),
    ('U', Action::Redo),
    ('w', Action::ClearDraft),
    (':', Action::Palette),
];

/// The state of the tools overlay.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tools {
    /// The index of the selected line.
    pub selected: usize,
}

impl Parts for Tools {
    fn keys(&self) -> Keys {
        keys::TOOLS
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }

    fn is_of_composer(&self) -> bool {
        true
    }
}
