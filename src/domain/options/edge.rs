//! The settings of edge checks.

use serde::Deserialize;

use super::send::within;
use crate::domain::edge::Method;

/// The settings of edge checks, from the table `[edge]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EdgeOptions {
    /// The HTTP method of an edge check.
    pub method: Method,
    /// The maximum number of URLs that one check requests, from 1 to 50.
    #[serde(deserialize_with = "a_few")]
    pub requests: usize,
    /// Whether an edge check runs automatically when an invalidation created from this machine completes.
    pub after_completed: bool,
}

impl Default for EdgeOptions {
    fn default() -> Self {
        Self {
            method: Method::Get,
            requests: 5,
            after_completed: false,
        }
    }
}

/// Reads the number of requests, which is limited so that a check does not cause load.
fn a_few<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    within(deserializer, 1, 50).map(|requests| requests as usize)
}
