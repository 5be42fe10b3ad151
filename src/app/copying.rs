//! Copying: what is asked for, and what is said once it is known who took it.

use super::effect::{CopiedBy, Effect};
use super::model::{Level, Model};

/// Copies a text that a person knows by this name.
pub(super) fn copy(model: &mut Model, text: String, name: impl Into<String>) {
    let name = name.into();
    model.ask(Effect::Copy { text, name });
}

/// Somebody took the text, or nobody did.
pub(super) fn copied(model: &mut Model, name: &str, result: Result<CopiedBy, String>) {
    match result {
        Ok(CopiedBy::Program(program)) => model.say(Level::Info, format!("Copied {name} ({program})")),
        // No terminal tells whether it took a text.
        Ok(CopiedBy::Terminal) => model.say(Level::Info, format!("Sent {name} to the terminal's clipboard (OSC 52)")),
        Err(reason) => model.say(Level::Warning, format!("Nothing copied: {reason}")),
    }
}
