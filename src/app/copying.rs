//! Copies text to the clipboard, and says which clipboard took it.

use super::model::Model;
use crate::engine::effect::{CopiedBy, Effect};
use crate::engine::notices::Level;

/// Copies a text that a person knows by this name.
pub(super) fn copy(model: &mut Model, text: String, name: impl Into<String>) {
    let name = name.into();
    model.engine.ask(Effect::Copy { text, name });
}

/// Somebody took the text, or nobody did.
pub(super) fn copied(model: &mut Model, name: &str, result: Result<CopiedBy, String>) {
    match result {
        Ok(CopiedBy::Program(program)) => model.engine.say(Level::Info, format!("Copied {name} ({program})")),
        // No terminal tells whether it took a text.
        Ok(CopiedBy::Terminal) => model
            .engine
            .say(Level::Info, format!("Sent {name} to the terminal's clipboard (OSC 52)")),
        Err(reason) => model.engine.say(Level::Warning, format!("Nothing copied: {reason}")),
    }
}
