//! The composer's tools by one letter each: what needs no Alt, which macOS types characters with, and no chord that a
//! terminal multiplexer keeps for itself.

use crate::app::act;
use crate::app::action::Action;
use crate::app::key::Key;
use crate::app::keys::is_available;
use crate::app::model::Model;
use crate::engine::notices::Level;

/// Letters and what they do, in the order of the list.
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

/// A key in the list: a letter runs its tool.
pub(in crate::app) fn on_key(model: &mut Model, key: Key) {
    let tool = key
        .typed()
        .and_then(|letter| TOOLS.iter().find(|(known, _)| *known == letter));
    if let Some((_, action)) = tool {
        run(model, *action);
    }
}

/// Closes the list and does what was chosen.
pub(in crate::app) fn run(model: &mut Model, action: Action) {
    model.overlays.pop();
    model.engine.touch();
    match is_available(model, action) {
        Ok(()) => act::act(model, action),
        Err(reason) if reason.is_empty() => model.engine.say(Level::Info, "Not available here"),
        Err(reason) => model.engine.say(Level::Info, reason),
    }
}
