//! How the edge is looked at.

use serde::Deserialize;

use crate::domain::edge::Method;

/// How a look at the edge is taken.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Edge {
    /// The HTTP method of an edge check.
    pub method: Method,
    /// Addresses that one look asks for at most, from 1 to 50.
    #[serde(deserialize_with = "a_few")]
    pub requests: usize,
    /// Whether a look is taken by itself when an invalidation made here is completed.
    pub after_completed: bool,
}

impl Default for Edge {
    fn default() -> Self {
        Self {
            method: Method::Get,
            requests: 5,
            after_completed: false,
        }
    }
}

/// A look is meant to see, not to load.
fn a_few<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let requests = usize::deserialize(deserializer)?;
    if (1..=50).contains(&requests) {
        Ok(requests)
    } else {
        Err(serde::de::Error::custom("expected a number from 1 to 50"))
    }
}
