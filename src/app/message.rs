//! The messages: everything that may change the model.

use chrono::TimeDelta;

use super::key::Key;
use super::pointer::Hit;
use crate::domain::login::BrowserLogin;
use crate::domain::profile::Profile;
use crate::engine::effect::{CopiedBy, Reply, RequestId, TimerId};
use crate::engine::script::Ask;

/// A message to the core.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// The program starts; the first frame is already on screen.
    Start,
    /// Records that a key was pressed.
    Key(Key),
    /// The mouse was clicked on this, or on nothing.
    Click(Option<Hit>),
    /// The mouse wheel was turned this many steps down; negative: up.
    Wheel(isize),
    /// The overlay on top was drawn, and no key was waiting then.
    Seen,
    /// Text was pasted as one piece (bracketed paste).
    Paste(String),
    /// The terminal now has this many columns and rows.
    Resize(u16, u16),
    /// The terminal gained or lost the focus.
    Focus(bool),
    /// The program has to end with this exit code, because it was told to or the terminal is gone.
    End(u8),
    /// The program was stopped and continues.
    Resumed,
    /// A headless command makes a request.
    Ask(Box<Ask>),
    /// A timer fired.
    Timer(TimerId),
    /// A reply arrived.
    Reply(Box<Reply>),
    /// The profiles were read, with what is wrong with their files outside of any profile.
    Profiles(Vec<Profile>, Option<String>),
    /// A text was copied or not: its name for the user, and its receiver or a sentence why not.
    Copied(String, Result<CopiedBy, String>),
    /// What is asked or run for the credentials now, or that nothing is any more.
    Waits(Option<String>),
    /// A login with a browser, by its request, waits for a person.
    BrowserLogin(RequestId, BrowserLogin),
    /// This machine's clock was found to be this far behind the service's, which is used for all times from now on;
    /// negative: ahead.
    Clock(TimeDelta),
    /// Something went wrong outside a request; a sentence for the user.
    Warning(String),
}
