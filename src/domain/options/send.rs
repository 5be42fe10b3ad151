//! The settings for sending submissions.

use serde::Deserialize;

use crate::domain::batch::Sizes;
use crate::domain::pace::CREATES_PER_MINUTE;

/// The settings for sending submissions, from the table `[send]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SendOptions {
    /// How many seconds after confirmation a job can still be cancelled; at most 60.
    #[serde(deserialize_with = "up_to::<_, 60>")]
    pub countdown: u32,
    /// The maximum number of exact paths and tags in one request.
    #[serde(deserialize_with = "from_1_up_to::<_, 3_000>")]
    pub batch_items: u32,
    /// The maximum number of wildcards in one request.
    #[serde(deserialize_with = "from_1_up_to::<_, 15>")]
    pub batch_wildcards: u32,
    /// How many exact paths and tags of each distribution's in-progress quota are reserved for others.
    #[serde(deserialize_with = "up_to::<_, 2_999>")]
    pub reserve_items: u32,
    /// How many wildcards of each distribution's in-progress quota are reserved for others.
    #[serde(deserialize_with = "up_to::<_, 14>")]
    pub reserve_wildcards: u32,
    /// The maximum number of requests sent per minute, up to 3,000.
    #[serde(deserialize_with = "from_1_up_to::<_, 3_000>")]
    pub requests_per_minute: u32,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self {
            countdown: 0,
            batch_items: 1_000,
            batch_wildcards: 15,
            reserve_items: 0,
            reserve_wildcards: 0,
            requests_per_minute: CREATES_PER_MINUTE,
        }
    }
}

impl SendOptions {
    /// Returns the maximum size of one request.
    #[must_use]
    pub fn sizes(&self) -> Sizes {
        sizes(self.batch_items, self.batch_wildcards)
    }

    /// Returns the part of a distribution's in-progress quota that is reserved for others.
    #[must_use]
    pub fn reserve(&self) -> Sizes {
        sizes(self.reserve_items, self.reserve_wildcards)
    }
}

fn sizes(exact: u32, wildcards: u32) -> Sizes {
    Sizes {
        exact: exact as usize,
        wildcards: wildcards as usize,
    }
}

fn up_to<'de, D: serde::Deserializer<'de>, const MOST: u32>(deserializer: D) -> Result<u32, D::Error> {
    within(deserializer, 0, MOST)
}

fn from_1_up_to<'de, D: serde::Deserializer<'de>, const MOST: u32>(deserializer: D) -> Result<u32, D::Error> {
    within(deserializer, 1, MOST)
}

/// Reads a number from `least` to `most`.
pub(in crate::domain) fn within<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
    least: u32,
    most: u32,
) -> Result<u32, D::Error> {
    let number = i64::deserialize(deserializer)?;
    u32::try_from(number)
        .ok()
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| serde::de::Error::custom(format!("expected a number from {least} to {most}")))
}
