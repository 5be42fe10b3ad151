//! Overlays that are read, and whose text comes from elsewhere: they hold nothing of it themselves.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::distribution::DistributionId;

/// All messages, the newest first.
#[derive(Clone, Copy, Debug)]
pub struct Messages;

/// What is known of a distribution.
#[derive(Clone, Debug)]
pub struct Facts(pub DistributionId);

/// What was confirmed is sent in a moment, and can be stopped.
#[derive(Clone, Copy, Debug)]
pub struct Countdown;

/// A person wants to quit, and the ledger cannot hold what they did: what that is, and what becomes of it.
#[derive(Clone, Copy, Debug)]
pub struct NotSaved;

impl Parts for Messages {
    fn title(&self) -> &'static str {
        "Messages"
    }

    fn keys(&self) -> Keys {
        keys::READING
    }
}

impl Parts for Facts {
    fn title(&self) -> &'static str {
        "Details of a distribution"
    }

    fn keys(&self) -> Keys {
        keys::READING
    }
}

impl Parts for Countdown {
    fn title(&self) -> &'static str {
        "Sending"
    }

    fn keys(&self) -> Keys {
        keys::COUNTDOWN
    }
}

impl Parts for NotSaved {
    fn title(&self) -> &'static str {
        "Quit without saving?"
    }

    fn keys(&self) -> Keys {
        keys::NOT_SAVED
    }
}
