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
    /// The program has started, and the first frame is already on screen.
    Start,
    /// A key was pressed.
    Key(Key),
    /// The mouse was clicked on this element, or on nothing clickable.
    Click(Option<Hit>),
    /// The mouse wheel was turned down by this many steps; negative means up.
    Wheel(isize),
    /// The top overlay was drawn while no key was waiting to be handled.
    Seen,
    /// Text was pasted as one piece (bracketed paste).
    Paste(String),
    /// The terminal now has this many columns and rows.
    Resize(u16, u16),
    /// The terminal gained or lost focus.
    Focus(bool),
    /// The program must exit with this code, because a signal requested it or the terminal is gone.
    End(u8),
    /// The program was suspended and has resumed.
    Resumed,
    /// A headless command makes a request.
    Ask(Box<Ask>),
    /// A timer fired.
    Timer(TimerId),
    /// A reply arrived.
    Reply(Box<Reply>),
    /// The profiles were loaded. The text describes any mistakes in the profile files outside of the
    /// profiles themselves.
    Profiles(Vec<Profile>, Option<String>),
    /// Copying finished. The first field is the name that notices use for the text; the second is the clipboard that
    /// received it, or a sentence explaining why it was not copied.
    Copied(String, Result<CopiedBy, String>),
    /// A login is waiting for this service or program, or is no longer waiting if `None`.
    Waits(Option<String>),
    /// The browser login that this request started is waiting for the user.
    BrowserLogin(RequestId, BrowserLogin),
    /// How far the local clock is behind the service's clock; negative if it is ahead. From now on, all times are
    /// corrected by this amount.
    Clock(TimeDelta),
    /// A sentence telling the user about a problem that is not part of any request.
    Warning(String),
}
