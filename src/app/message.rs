//! Everything that may change the model.

use chrono::TimeDelta;

use super::key::Key;
use super::pointer::Hit;
use crate::domain::profile::Profile;
use crate::engine::effect::{CopiedBy, Reply, TimerId};
use crate::engine::script::Ask;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// The program starts; the first frame is already on the screen.
    Start,
    /// A key.
    Key(Key),
    /// A click of the mouse, and what it met.
    Click(Option<Hit>),
    /// The wheel of the mouse was turned, so often downwards; negative: upwards.
    Wheel(isize),
    /// Text pasted as one piece (bracketed paste).
    Paste(String),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// The terminal got or lost the focus.
    Focus(bool),
    /// The program has to end with this exit code: it was told to, or the terminal is gone.
    End(u8),
    /// The program was stopped and goes on.
    Resumed,
    /// A command without a screen asks for something.
    Ask(Box<Ask>),
    /// A timer is due.
    Timer(TimerId),
    /// An answer.
    Reply(Box<Reply>),
    /// The profiles there are, and what is wrong with their files outside of any of them.
    Profiles(Vec<Profile>, Option<String>),
    /// A text was copied, or was not: what the person calls it, and who took it or a sentence why nobody did.
    Copied(String, Result<CopiedBy, String>),
    /// This machine's clock is so far behind the service's, whose time all times are from now on; negative: ahead.
    Clock(TimeDelta),
    /// Something went wrong outside a request; a sentence for a person.
    Warning(String),
}
