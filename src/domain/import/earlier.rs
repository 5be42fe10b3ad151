//! Imports the items of an earlier invalidation.

use super::basket::{Basket, Import};
use super::origin::At;

/// Imports the items of an invalidation as they were sent, in the order CloudFront returned them.
#[must_use]
pub fn invalidation(id: &str, items: &[String]) -> Import {
    let mut basket = Basket::new(&format!("invalidation {id}"));
    for item in items {
        basket.put(item.as_str(), At::Somewhere);
    }
    basket.finish()
}
