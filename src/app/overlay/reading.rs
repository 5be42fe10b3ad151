//! Overlays that display text from the rest of the model and have no state of their own.

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::distribution::DistributionId;
use crate::engine::row::RowKey;

/// All notices, newest first.
#[derive(Clone, Copy, Debug)]
pub struct Messages;

/// This month's usage.
#[derive(Clone, Copy, Debug)]
pub struct Month;

/// The AWS identity, and which actions were allowed or denied.
#[derive(Clone, Copy, Debug)]
pub struct Who;

/// Who made an invalidation, according to CloudTrail.
#[derive(Clone, Debug)]
pub struct Maker(pub RowKey);

/// The details of a distribution.
#[derive(Clone, Debug)]
pub struct Facts(pub DistributionId);

/// The countdown overlay, shown while a confirmed job is about to be sent and can still be cancelled.
#[derive(Clone, Copy, Debug)]
pub struct Countdown;

/// The overlay that appears when the user quits and the ledger cannot store some changes: it lists these changes and
/// explains what will happen to them.
#[derive(Clone, Copy, Debug)]
pub struct NotSaved;

impl Parts for Messages {
    fn keys(&self) -> Keys {
        keys::READING
    }
}

impl Parts for Month {
    fn keys(&self) -> Keys {
        keys::MONTH
    }
}

impl Parts for Who {
    fn keys(&self) -> Keys {
        keys::WHO
    }
}

impl Parts for Maker {
    fn keys(&self) -> Keys {
        keys::MAKER
    }
}

impl Parts for Facts {
    fn keys(&self) -> Keys {
        keys::READING
    }
}

impl Parts for Countdown {
    fn keys(&self) -> Keys {
        keys::COUNTDOWN
    }
}

impl Parts for NotSaved {
    fn keys(&self) -> Keys {
        keys::NOT_SAVED
    }
}
